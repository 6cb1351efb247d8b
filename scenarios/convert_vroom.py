"""VROOM's JSON input as a day of after-sales service.

Source of the format: the API page of VROOM-Project/vroom, version 1.14. What a
day cannot say is refused by name, never left out: shipments, loads, limits of tasks and travel,
matrices of travel, open routes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from pydantic import Field

from dispatch.adapters.files.json_text import read_json_object
from dispatch.adapters.files.raw import json_header_where
from dispatch.adapters.files.shape import build
from dispatch.domain import (
    Break,
    Day,
    Place,
    Priority,
    Promise,
    Shift,
    Skill,
    SkillNeed,
    Technician,
    Visit,
)
from dispatch.domain.base import Latitude, Longitude, Model
from dispatch.domain.checks import FaultList
from dispatch.domain.technician import Profile
from dispatch.errors import InvalidRequest
from scenarios.errors import InstanceFormatError, UnsupportedRule

TIMESTAMPS_FROM: Final = 1_000_000_000
"""Times from here on are seconds since 1970, smaller ones since midnight of the day's date."""
DAY_S: Final = 24 * 3600
LONGEST_S: Final = 7 * DAY_S
PROFILES: Final[dict[str, Profile]] = {
    "car": "car",
    "driving-car": "car",
    "bike": "ebike",
    "cycling-regular": "ebike",
    "cycling-electric": "ebike",
    "foot": "walk",
    "foot-walking": "walk",
}
_REFUSED: Final = {
    "input": ("shipments", "matrices", "distance_matrix", "matrix"),
    "job": ("location_index", "amount", "delivery", "pickup", "service_per_type",
            "setup_per_type"),
    "vehicle": ("start_index", "end_index", "capacity", "max_tasks", "max_travel_time",
                "max_distance", "speed_factor", "costs", "steps", "type"),
    "break": ("max_load",),
}  # fmt: skip
"""Fields with a meaning a day has no word for."""

Lonlat = tuple[Longitude, Latitude]
Whole = Annotated[int, Field(ge=0)]
Window = tuple[Whole, Whole]


class _Break(Model):
    id: int
    time_windows: tuple[Window, ...] = ()
    service: Whole = 0
    description: str = ""


class _Vehicle(Model):
    id: int
    profile: str = "car"
    description: str = ""
    start: Lonlat
    end: Lonlat
    skills: tuple[Whole, ...] = ()
    time_window: Window | None = None
    breaks: tuple[_Break, ...] = ()


class _Job(Model):
    id: int
    location: Lonlat
    description: str = ""
    setup: Whole = 0
    service: Whole = 0
    skills: tuple[Whole, ...] = ()
    priority: int = Field(default=0, ge=0, le=100)
    time_windows: tuple[Window, ...] = ()


class _Input(Model):
    vehicles: tuple[_Vehicle, ...] = Field(min_length=1)
    jobs: tuple[_Job, ...] = ()


def read_vroom_day(path: Path, *, on: date, zone: str = "Asia/Shanghai") -> Day:
    """Return the day of a VROOM input.

    A job is a mandatory visit, its setup part of its service (VROOM leaves it out where two jobs
    at one place follow each other; a day has no such rule). Time windows bound the start of work
    there and the arrival here, which are the same moment in both. Priorities 0-33, 34-66 and
    67-100 become general, important and urgent; skill 3 becomes ``skill-3``. Nobody works
    overtime, as vehicles' time windows are hard.

    Parameters
    ----------
    path
        JSON with ``vehicles`` and ``jobs``, places as ``[longitude, latitude]``.
    on
        The day's date where times are relative; timestamps bring their own.
    zone
        IANA zone of the day.

    Raises
    ------
    InvalidRequest
        With every fault of the file.
    UnsupportedRule
        With every rule of the file that a day has no word for.
    InstanceFormatError
        If a window ends before it starts, or times span more than seven days.
    """
    faults = FaultList()
    data = read_json_object(path, faults)
    if data is None:
        raise InvalidRequest(faults.faults)
    _refuse(data, path.name)
    found = build(_Input, data, json_header_where(path.name), faults, quoted=True)
    if found is None:
        raise InvalidRequest(faults.faults)
    return _day(found, path, on, ZoneInfo(zone))


def _refuse(data: dict[str, Any], name: str) -> None:
    rules = list(_rules("input", data, ""))
    for kind, items in (("job", data.get("jobs")), ("vehicle", data.get("vehicles"))):
        for number, item in enumerate(items if isinstance(items, list) else ()):
            rules += _rules(kind, item, f"{kind}s[{number}].")
            breaks = item.get("breaks") if isinstance(item, dict) else None
            for at, pause in enumerate(breaks if isinstance(breaks, list) else ()):
                rules += _rules("break", pause, f"vehicles[{number}].breaks[{at}].")
            if kind == "vehicle" and isinstance(item, dict):
                rules += [f"vehicles[{number}] without {end}" for end in ("start", "end")
                          if end not in item]  # fmt: skip
            if kind == "vehicle" and isinstance(item, dict) and _unknown_profile(item):
                rules.append(f"vehicles[{number}].profile {item['profile']!r}")
    if rules:
        shown = ", ".join(rules[:20]) + (f" and {len(rules) - 20} more" if len(rules) > 20 else "")
        raise UnsupportedRule(f"{name}: a day has no word for {shown}.")


def _unknown_profile(item: dict[str, Any]) -> bool:
    profile = item.get("profile", "car")
    return isinstance(profile, str) and profile not in PROFILES


def _rules(kind: str, item: object, where: str) -> Iterator[str]:
    if isinstance(item, dict):
        yield from (f"{where}{name}" for name in _REFUSED[kind] if name in item)


@dataclass(frozen=True)
class _Times:
    """Seconds of a file as moments.

    Parameters
    ----------
    base
        Moment of second 0.
    zone
        Zone of the day.
    on
        Its date.
    first, last
        Seconds between which everything happens.
    """

    base: datetime
    zone: ZoneInfo
    on: date
    first: int
    last: int

    def at(self, second: int) -> datetime:
        return (self.base + timedelta(seconds=second)).astimezone(self.zone)


def _day(found: _Input, path: Path, on: date, zone: ZoneInfo) -> Day:
    times = _times(found, path.name, on, zone)
    return Day(
        id=path.stem[:64].strip() or "vroom",
        date=times.on,
        zone=zone.key,
        horizon_start=times.at(times.first),
        horizon_end=times.at(times.last),
        technicians=tuple(_technician(one, times, path.name) for one in found.vehicles),
        visits=tuple(_visit(job, times) for job in found.jobs),
    )


def _times(found: _Input, name: str, on: date, zone: ZoneInfo) -> _Times:
    windows = [window for job in found.jobs for window in job.time_windows]
    windows += [v.time_window for v in found.vehicles if v.time_window is not None]
    windows += [w for v in found.vehicles for pause in v.breaks for w in pause.time_windows]
    for start, end in windows:
        if end < start:
            raise InstanceFormatError(name, 0, f"[{start}, {end}]", "a window that ends later")
    first = min((start for start, _ in windows), default=0)
    last = max((end for _, end in windows), default=0)
    if last - (first if first >= TIMESTAMPS_FROM else 0) > LONGEST_S:
        spanned = f"times from {first} to {last}"
        raise InstanceFormatError(name, 0, spanned, "at most seven days, in seconds")
    epoch = datetime.fromtimestamp(0, UTC)
    if first < TIMESTAMPS_FROM:
        base = datetime.combine(on, time(), zone).astimezone(UTC)
        return _Times(base, zone, on, 0, max(last, DAY_S))
    on = datetime.fromtimestamp(first, UTC).astimezone(zone).date()
    midnight = int((datetime.combine(on, time(), zone) - epoch).total_seconds())
    return _Times(epoch, zone, on, midnight, max(last, midnight + DAY_S))


def _technician(vehicle: _Vehicle, times: _Times, name: str) -> Technician:
    start, end = vehicle.time_window or (times.first, times.last)
    breaks = []
    for pause in vehicle.breaks:
        if len(pause.time_windows) > 1:
            many = f"several windows of break {pause.id} of vehicle {vehicle.id}"
            raise UnsupportedRule(f"{name}: a day has no word for {many}.")
        earliest, latest = pause.time_windows[0] if pause.time_windows else (start, end)
        breaks.append(
            Break(earliest=times.at(earliest), latest=times.at(latest), duration_s=pause.service)
        )
    breaks.sort(key=lambda one: (one.earliest, one.latest))
    return Technician(
        id=str(vehicle.id),
        name=vehicle.description.strip(),
        start=Place(lon=vehicle.start[0], lat=vehicle.start[1]),
        end=Place(lon=vehicle.end[0], lat=vehicle.end[1]),
        shifts=(Shift(start=times.at(start), end=times.at(end), breaks=tuple(breaks)),),
        skills=tuple(Skill(skill=f"skill-{number}") for number in vehicle.skills),
        profile=PROFILES[vehicle.profile],
        max_overtime_s=0,
    )


def _visit(job: _Job, times: _Times) -> Visit:
    windows = ((times.at(start), times.at(end)) for start, end in job.time_windows)
    return Visit(
        id=str(job.id),
        place=Place(lon=job.location[0], lat=job.location[1]),
        promises=tuple(Promise(earliest=start, latest=end) for start, end in windows),
        service_s=job.setup + job.service,
        skills=tuple(SkillNeed(skill=f"skill-{number}") for number in job.skills),
        priority=_priority(job.priority),
    )


def _priority(number: int) -> Priority:
    if number <= 33:
        return Priority.GENERAL
    return Priority.IMPORTANT if number <= 66 else Priority.URGENT
