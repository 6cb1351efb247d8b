"""Calendars (RFC 5545), one per technician; moments in UTC, so that no phone mistakes the zone.

Like every output they carry no customer's name, phone or address (CSQ-2.4); the place is a
coordinate, with links that open it in the map programs of China.
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
from dispatch.adapters.map_links import build_links
from dispatch.adapters.promised import find_window
from dispatch.domain import Day, DayPlan, Place, PlanRoute, PlanStop, Visit
from dispatch.standards import get_profile

PRODUCER: Final = "PRODID:-//servicenet//plan//EN"
MAX_OCTETS: Final = 75
"""Of a line, its end not counted (RFC 5545, 3.1)."""
_WORDS: Final = {
    "en": {"break": "Break", "promised": "promised", "skills": "skills", "late": "minutes late",
           "pickup": "Pick up parts", "with": "together with", "begins": "work begins",
           "parts": "parts", "after": "after", "amap": "Amap", "baidu": "Baidu",
           "tencent": "Tencent", "emergency": "emergency", "urgent": "urgent",
           "important": "important", "general": "general"},
    "zh": {"break": "休息", "promised": "约定到达", "skills": "技能", "late": "分钟迟到",
           "pickup": "取件", "with": "同行", "begins": "开始作业", "parts": "备件",
           "after": "前置工单", "amap": "高德", "baidu": "百度", "tencent": "腾讯",
           "emergency": "应急", "urgent": "紧急", "important": "重要", "general": "一般"},
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
    """Return the calendars by technician; of those alone whom the day has."""
    found: dict[str, list[str]] = {}
    crews, people = _crews(plan), {technician.id for technician in day.technicians}
    for route in plan.routes:
        if route.technician not in people:  # of another region: their day is not known here
            continue
        found.setdefault(route.technician, []).extend(_events(day, route, crews, language))
    return {
        technician: "".join(f"{fold(line)}\r\n" for line in (*_HEAD, *lines, "END:VCALENDAR"))
        for technician, lines in found.items()
    }


_HEAD: Final = ("BEGIN:VCALENDAR", "VERSION:2.0", PRODUCER, "CALSCALE:GREGORIAN")


def _crews(plan: DayPlan) -> dict[str, list[str]]:
    """Return the technicians at each visit, the first of a crew first."""
    found: dict[str, list[tuple[int, str]]] = {}
    for route in plan.routes:
        for stop in route.stops:
            if stop.visit is not None:
                found.setdefault(stop.visit, []).append((stop.crew, route.technician))
    return {visit: [who for _, who in sorted(crew)] for visit, crew in found.items()}


def _events(
    day: Day, route: PlanRoute, crews: dict[str, list[str]], language: str
) -> Iterator[str]:
    visits = {visit.id: visit for visit in day.visits}
    outlets = {outlet.id: outlet for outlet in day.outlets}
    names = {technician.id: technician.name for technician in day.technicians}
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
        outlet = outlets.get(stop.outlet or "") if stop.kind == "pickup" else None
        title = words.get(stop.kind, "") if visit is None else visit.id
        if outlet is not None:
            title = f"{title}: {outlet.name or outlet.id}"
        yield f"SUMMARY:{escape(title)}"
        if visit is not None:
            others = [names.get(who) or who for who in crews[visit.id] if who != route.technician]
            lines = _description(day, visit, stop, others, words)
            yield from _where(visit.place, visit.id, lines, words)
        elif outlet is not None:
            lines = [f"{need.part} x {need.quantity}" for need in stop.parts]
            yield from _where(outlet.place, outlet.name or outlet.id, lines, words)
        yield "END:VEVENT"


def _where(place: Place, name: str, lines: list[str], words: dict[str, str]) -> Iterator[str]:
    """Yield place and description; links come last, each on a line of its own."""
    links = build_links(place.lon, place.lat, name)
    shown = [*lines, *(f"{words[service]} {link}" for service, link in links.items())]
    yield f"GEO:{place.lat:.6f};{place.lon:.6f}"
    if links:
        yield f"URL:{links['amap']}"
    yield f"DESCRIPTION:{escape(chr(10).join(shown))}"


def _description(
    day: Day, visit: Visit, stop: PlanStop, others: list[str], words: dict[str, str]
) -> list[str]:
    lines = []
    zone = ZoneInfo(day.zone)
    if others:
        lines.append(f"{words['with']} {', '.join(others)}")
    if stop.start > stop.arrival:
        lines.append(f"{words['begins']} {stop.start.astimezone(zone):%H:%M}")
    lines += [f"{words['after']} {link.after}" for link in visit.links]
    window = find_window(visit, stop.promise, get_profile(day.standards))
    if window is not None:
        earliest, latest = (moment.astimezone(zone).strftime("%H:%M") for moment in window)
        lines.append(f"{words['promised']} {earliest}-{latest}")
    if stop.lateness_s:
        lines.append(f"{stop.lateness_s / 60:.0f} {words['late']}")
    if visit.skills:
        needs = ", ".join(f"{need.skill} {need.level}" for need in visit.skills)
        lines.append(f"{words['skills']} {needs}")
    lines += [f"{words['parts']} {need.part} x {need.quantity}" for need in stop.parts]
    return lines or [words[visit.priority.value]]


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
