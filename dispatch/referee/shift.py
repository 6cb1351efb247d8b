"""Shift, outlet hours and overtime of one route."""

from __future__ import annotations

from dispatch.domain import Shift, Technician
from dispatch.domain.travel_table import TravelTable
from dispatch.referee.facts import Facts, WorkingTime
from dispatch.referee.legs import find_road, travel_s
from dispatch.referee.out import way_back
from dispatch.referee.reading import ReadRoute
from dispatch.referee.verdict import Violation


def overtime_s(facts: Facts, read: ReadRoute) -> int:
    """Return seconds between the end of the shift (or the outlet's closing) and the return."""
    if read.time is None:
        return 0
    return max(0, facts.floor_second(read.route.end) - read.time.ends_by)


def distance_m(travel: TravelTable, read: ReadRoute) -> int:
    """Return the meters of a route by the travel table; legs without a way count nothing."""
    if read.technician is None:
        return 0
    legs = [find_road(travel, read.technician.profile, segment) for segment in read.segments]
    return sum(leg.meters for leg in legs if leg is not None)


def check_shift(facts: Facts, read: ReadRoute) -> list[Violation]:
    """Return every bound of the shift that a route breaks."""
    if read.time is None or read.technician is None:
        return []
    found: list[Violation] = []
    leaves = facts.floor_second(read.route.start)
    if not read.time.works:
        found.append(read.broken("off_shift", "a route", "no route on a day without hours"))
    if leaves < read.time.shift_start:
        begins = facts.clock(read.time.shift_start)
        found.append(read.broken("before_shift", facts.clock(leaves), begins))
    elif leaves < read.time.leaves_from:
        opens = facts.clock(read.time.leaves_from)
        found.append(read.broken("outlet_hours", facts.clock(leaves), opens))
    over, most = (
        overtime_s(facts, read),
        max_overtime_s(facts, read.technician, read.shift, read.time),
    )
    if over > most:
        found.append(read.broken("overtime_limit", f"{over} s", f"{most} s"))
    return found


def max_overtime_s(facts: Facts, person: Technician, shift: Shift | None, time: WorkingTime) -> int:
    """Return the most overtime of a shift; what cannot be helped is always allowed."""
    own = shift.max_overtime_s if shift is not None else None
    most = person.max_overtime_s if own is None else own
    return max(most, way_back(facts, person, shift).back - time.ends_by)


def check_limits(facts: Facts, travel: TravelTable, read: ReadRoute) -> list[Violation]:
    """Return every limit of visits, meters and driving that one shift exceeds."""
    if read.technician is None:
        return []
    least = way_back(facts, read.technician, read.shift)
    meters, seconds = least.meters, least.seconds
    figures = (
        ("visits_limit", len(read.served), _limit(read, "max_visits", 0), "visits"),
        ("distance_limit", distance_m(travel, read), _limit(read, "max_distance_m", meters), "m"),
        (
            "driving_limit",
            travel_s(facts, travel, read),
            _limit(read, "max_driving_s", seconds),
            "s",
        ),
    )
    return [
        read.broken(code, f"{found} {unit}", f"{limit} {unit}")
        for code, found, limit, unit in figures
        if limit is not None and found > limit
    ]


def _limit(read: ReadRoute, name: str, least: int) -> int | None:
    """Return a limit of the shift, the technician's where it has none; never below ``least``."""
    own: int | None = getattr(read.shift, name, None)
    limit: int | None = getattr(read.technician, name, None) if own is None else own
    return None if limit is None else max(limit, least)
