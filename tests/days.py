"""Small days for tests: builders with defaults, and a town whose travel times fit in the head.

The town is a grid: ``spot(x, y)`` lies x steps east and y steps north; one step takes 10 minutes
by car and 1000 m. Clock words are minutes or ``"10:30"`` on Monday 2026-03-02, Shanghai time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dispatch.domain import (
    Break,
    ContractedCapacity,
    Day,
    OpeningHours,
    Outlet,
    Place,
    Promise,
    Shift,
    Skill,
    SkillNeed,
    Technician,
    Told,
    Visit,
)
from dispatch.domain.travel_table import TravelTable
from geo.travel_matrix import Snaps, TravelMatrix

SHANGHAI = timezone(timedelta(hours=8))
MONDAY = date(2026, 3, 2)
STEP_DEG = 0.01
STEP_M = 1000
STEP_S: Mapping[str, int] = {"car": 600, "ebike": 900, "walk": 1800}
ORIGIN = (121.0, 31.0)
_CAPACITY = ("visits_per_day", "price_fen", "skills", "response_s")


def at(clock: str) -> datetime:
    """``at("10:30")`` is that time on the Monday."""
    hour, minute, *rest = (int(part) for part in clock.split(":"))
    second = rest[0] if rest else 0
    return datetime(2026, 3, 2, hour, minute, second, tzinfo=SHANGHAI)


def spot(x: float = 0, y: float = 0) -> Place:
    """Return the place x steps east and y steps north of the outlet."""
    return Place(lon=round(ORIGIN[0] + x * STEP_DEG, 6), lat=round(ORIGIN[1] + y * STEP_DEG, 6))


def appointment(clock: str, tolerance_min: int | None = None, name: str | None = None) -> Promise:
    """Promise an arrival at the time, with the profile's tolerance unless given."""
    return Promise(id=name, appointment=at(clock), tolerance_min=tolerance_min)


def window(earliest: str, latest: str, name: str | None = None) -> Promise:
    """Promise an arrival between two times."""
    return Promise(id=name, earliest=at(earliest), latest=at(latest))


def shift(start: str = "08:00", end: str = "18:00", *breaks: tuple[str, str, int]) -> Shift:
    """Shift with breaks given as (earliest, latest, minutes)."""
    pauses = tuple(
        Break(earliest=at(earliest), latest=at(latest), duration_s=minutes * 60)
        for earliest, latest, minutes in breaks
    )
    return Shift(start=at(start), end=at(end), breaks=pauses)


def out(clock: str, x: float, end: str = "18:00", *breaks: Any, **fields: Any) -> Shift:
    """Shift of who is out already: free at the time, x steps east of the outlet."""
    return shift(clock, end, *breaks).model_copy(update={"out_at": spot(x), **fields})


def told(clock: str, technician: str = "T1", order: int = 0) -> Told:
    """What the customer was told."""
    return Told(technician=technician, arrival=at(clock), order=order)


def outlet(name: str = "O1", x: float = 0, y: float = 0, **fields: Any) -> Outlet:
    """Outlet at a spot, always open."""
    return Outlet(**{"id": name, "place": spot(x, y), **fields})


def hours(opens: str = "08:00", closes: str = "18:00", days: str = "mon") -> tuple[Any, ...]:
    """Return the same opening hours on each of the weekdays, words separated by blanks."""
    return tuple(
        OpeningHours(day=day, opens=at(opens).time(), closes=at(closes).time())
        for day in days.split()
    )


def contracted(name: str = "C1", x: float = 0, y: float = 0, **fields: Any) -> Outlet:
    """Contracted outlet: 5 visits a day, 100 yuan each, unless said otherwise."""
    capacity: dict[str, Any] = {"visits_per_day": 5, "price_fen": 10_000}
    capacity.update({word: fields.pop(word) for word in _CAPACITY if word in fields})
    made = ContractedCapacity(**capacity)
    return outlet(name, x, y, kind="contracted", capacity=made, **fields)


def technician(name: str = "T1", **fields: Any) -> Technician:
    """Technician of outlet O1, on shift from 8 to 18, without breaks and skills."""
    return Technician(**{"id": name, "outlet": "O1", "shifts": (shift(),), **fields})


def skills(**levels: int) -> tuple[Skill, ...]:
    """``skills(gas=2)``: what a technician can do."""
    return tuple(Skill(skill=name, level=level) for name, level in levels.items())


def needs(**levels: int) -> tuple[SkillNeed, ...]:
    """``needs(gas=2)``: what a visit asks for."""
    return tuple(SkillNeed(skill=name, level=level) for name, level in levels.items())


def visit(name: str = "V1", x: float = 1, y: float = 0, **fields: Any) -> Visit:
    """Visit of half an hour, at any time of the day, at a spot."""
    return Visit(**{"id": name, "place": spot(x, y), "service_s": 1800, **fields})


def tiny_day(
    visits: Sequence[Visit] = (),
    technicians: Sequence[Technician] | None = None,
    outlets: Sequence[Outlet] | None = None,
    **fields: Any,
) -> Day:
    """Return a day from 6 to 22 with outlet O1 at ``spot(0, 0)`` and technician T1 unless given."""
    return Day(
        **{
            "id": "tiny",
            "date": MONDAY,
            "horizon_start": at("06:00"),
            "horizon_end": at("22:00"),
            "outlets": tuple(outlets) if outlets is not None else (outlet(),),
            "technicians": tuple(technicians) if technicians is not None else (technician(),),
            "visits": tuple(visits),
            **fields,
        }
    )


def places_of(day: Day) -> tuple[Place, ...]:
    """Every place of a day: visits, outlets, own starts and ends, where people are out."""
    own = [p for t in day.technicians for p in (t.start, t.end) if p is not None]
    own += [s.out_at for t in day.technicians for s in t.shifts if s.out_at is not None]
    return (*(v.place for v in day.visits), *(o.place for o in day.outlets), *own)


def _grid(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    gaps = np.abs(lonlat[:, None, :] - lonlat[None, :, :]).sum(axis=2)
    steps: NDArray[np.float64] = gaps / STEP_DEG
    return steps


class GridTown:
    """Travel provider of the town; ``cut`` lists spots no road leads to, ``far`` those refused."""

    estimated = True
    description = "grid town of the tests"
    attribution = ""

    def __init__(self, cut: Sequence[Place] = (), far: Sequence[Place] = ()) -> None:
        self.cut = {(p.lon, p.lat) for p in cut}
        self.far = {(p.lon, p.lat) for p in far}

    def snap(self, lonlat: NDArray[np.float64], profile: str) -> Snaps:
        """Snap on the spot; those of ``far`` are 900 m from any road."""
        far = np.array([(float(x), float(y)) in self.far for x, y in lonlat], dtype=bool)
        node = np.arange(len(lonlat), dtype=np.int64)
        distance = np.where(far, 900.0, 0.0)
        return Snaps(node, lonlat[:, 0], lonlat[:, 1], distance, limit_m=500.0)

    def matrix(self, lonlat: NDArray[np.float64], profile: str) -> TravelMatrix:
        """Return steps times the profile's seconds, 1000 m a step."""
        steps = _grid(lonlat)
        seconds = np.rint(steps * STEP_S[profile]).astype(np.int32)
        meters = np.rint(steps * STEP_M).astype(np.int32)
        cut = np.array([(float(x), float(y)) in self.cut for x, y in lonlat], dtype=bool)
        blocked = (cut[:, None] | cut[None, :]) & ~np.eye(len(lonlat), dtype=bool)
        seconds[blocked] = -1
        meters[blocked] = -1
        return TravelMatrix(profile, seconds, meters, estimated=True)

    def leg_geometry(
        self, origin: tuple[float, float], destination: tuple[float, float], profile: str
    ) -> NDArray[np.float64]:
        """Return the straight line."""
        return np.array([origin, destination], dtype=np.float64)


def grid_table(day: Day, town: GridTown | None = None) -> TravelTable:
    """Travel table of the town for every place of the day, all three profiles."""
    spots = sorted({(p.lon, p.lat) for p in places_of(day)})
    lonlat = np.array(spots, dtype=np.float64).reshape(-1, 2)
    matrices = {p: (town or GridTown()).matrix(lonlat, p) for p in STEP_S}
    return TravelTable(
        lonlat=lonlat,
        durations_s={p: m.durations_s for p, m in matrices.items()},
        distances_m={p: m.distances_m for p, m in matrices.items()},
        estimated=True,
        description=GridTown.description,
    )
