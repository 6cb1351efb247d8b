"""Shift, outlet hours and overtime of one route."""

from __future__ import annotations

from dispatch.domain.travel_table import TravelTable
from dispatch.referee.facts import Facts
from dispatch.referee.legs import find_road, travel_s
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
    over = overtime_s(facts, read)
    if over > read.technician.max_overtime_s:
        found.append(
            read.broken("overtime_limit", f"{over} s", f"{read.technician.max_overtime_s} s")
        )
    return found


def check_limits(facts: Facts, travel: TravelTable, read: ReadRoute) -> list[Violation]:
    """Return every limit of visits, meters and driving that one shift exceeds."""
    person = read.technician
    if person is None:
        return []
    figures = (
        ("visits_limit", len(read.served), person.max_visits, "visits"),
        ("distance_limit", distance_m(travel, read), person.max_distance_m, "m"),
        ("driving_limit", travel_s(facts, travel, read), person.max_driving_s, "s"),
    )
    return [
        read.broken(code, f"{found} {unit}", f"{limit} {unit}")
        for code, found, limit, unit in figures
        if limit is not None and found > limit
    ]
