"""Calendars (RFC 5545), one per technician; moments in UTC, so that no phone mistakes the zone.

Like every output they carry no customer's name, phone or address (CSQ-2.4); the place is a
coordinate.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from dispatch.adapters.files.atomic import write_text_atomically
from dispatch.adapters.promised import find_window
from dispatch.domain import Day, DayPlan, PlanRoute, PlanStop, Visit
from dispatch.standards import get_profile

PRODUCER: Final = "PRODID:-//servicenet//plan//EN"
MAX_OCTETS: Final = 75
"""Of a line, its end not counted (RFC 5545, 3.1)."""
_WORDS: Final = {
    "en": {"break": "Break", "promised": "promised", "skills": "skills", "late": "minutes late",
           "pickup": "Pick up parts"},
    "zh": {"break": "休息", "promised": "约定到达", "skills": "技能", "late": "分钟迟到",
           "pickup": "取件"},
}  # fmt: skip


def write_calendars(
    folder: Path, day: Day, plan: DayPlan, *, language: str = "en"
) -> dict[str, Path]:
    """Write one ``.ics`` for every technician who works; return them by technician.

    Parameters
    ----------
    folder
        Made if missing. Calendars of an earlier plan are removed; other files stay.
    day, plan
        A day and its plan.
    language
        ``en`` or ``zh``.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    texts = calendar_texts(day, plan, language=language)
    written: dict[str, Path] = {}
    taken: set[str] = set()
    for technician, text in texts.items():
        name = quote(technician, safe=" ").strip(". ") or "_"
        while name.lower() in taken:  # ids may differ in case only; file systems may not care
            name += "_"
        taken.add(name.lower())
        written[technician] = folder / f"{name}.ics"
        write_text_atomically(written[technician], text)
    for old in set(folder.glob("*.ics")) - set(written.values()):
        if PRODUCER.encode() in old.read_bytes():
            old.unlink()
    return written


def calendar_texts(day: Day, plan: DayPlan, *, language: str = "en") -> dict[str, str]:
    """Return the calendars by technician."""
    found: dict[str, list[str]] = {}
    for route in plan.routes:
        found.setdefault(route.technician, []).extend(_events(day, route, language))
    return {
        technician: "".join(f"{fold(line)}\r\n" for line in (*_HEAD, *lines, "END:VCALENDAR"))
        for technician, lines in found.items()
    }


_HEAD: Final = ("BEGIN:VCALENDAR", "VERSION:2.0", PRODUCER, "CALSCALE:GREGORIAN")


def _events(day: Day, route: PlanRoute, language: str) -> Iterator[str]:
    visits = {visit.id: visit for visit in day.visits}
    words = _WORDS[language]
    count = 0
    for stop in route.stops:
        if stop.kind in {"start", "end"}:
            continue
        count += 1
        visit = visits.get(stop.visit) if stop.visit is not None else None
        about = stop.visit or f"{stop.kind}-{route.shift}-{count}"
        name = hashlib.sha256(f"{day.id}\n{route.technician}\n{about}".encode()).hexdigest()
        yield "BEGIN:VEVENT"
        yield f"UID:{name[:32]}@servicenet"
        # When the plan was made is not in the plan; the day's own start is the same every time.
        yield f"DTSTAMP:{_utc(day.horizon_start)}"
        yield f"DTSTART:{_utc(stop.arrival if visit else stop.start)}"
        yield f"DTEND:{_utc(stop.end)}"
        yield f"SUMMARY:{escape(words.get(stop.kind, '') if visit is None else visit.id)}"
        if visit is not None:
            yield f"GEO:{visit.place.lat:.6f};{visit.place.lon:.6f}"
            yield f"DESCRIPTION:{escape(_description(day, visit, stop, words))}"
        yield "END:VEVENT"


def _description(day: Day, visit: Visit, stop: PlanStop, words: dict[str, str]) -> str:
    lines = []
    window = find_window(visit, stop.promise, get_profile(day.standards))
    if window is not None:
        zone = ZoneInfo(day.zone)
        earliest, latest = (moment.astimezone(zone).strftime("%H:%M") for moment in window)
        lines.append(f"{words['promised']} {earliest}-{latest}")
    if stop.lateness_s:
        lines.append(f"{stop.lateness_s / 60:.0f} {words['late']}")
    if visit.skills:
        needs = ", ".join(f"{need.skill} {need.level}" for need in visit.skills)
        lines.append(f"{words['skills']} {needs}")
    lines += [f"{need.part} x {need.quantity}" for need in stop.parts]
    return "\n".join(lines) or visit.priority.value


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def escape(text: str) -> str:
    """Return a text as a value (RFC 5545, 3.3.11); control characters become blanks."""
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(sign if sign >= " " and sign != "\x7f" else " " for sign in text)


def fold(line: str) -> str:
    """Return a line folded at 75 octets, never inside a character (RFC 5545, 3.1)."""
    parts, size = [""], 0
    for sign in line:
        width = len(sign.encode())
        if size + width > MAX_OCTETS:
            parts.append(" ")
            size = 1
        parts[-1] += sign
        size += width
    return "\r\n".join(parts)
