"""What a day may have beyond visits, shifts and windows, as the solver's optional features.

A feature the day does not use is None, so that a plain day stays the problem it is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dispatch.domain import Day, Link
from dispatch.domain.travel_table import TravelTable
from dispatch.planning.objective import PER_HOUR, PER_KM
from dispatch.planning.seats import Seat
from dispatch.planning.shifts import ShiftLine
from solver.routing.features import (
    UNLIMITED,
    FairShares,
    Links,
    RouteLimits,
    RushHours,
    ServiceTimes,
)

ANYBODY, SAME, DIFFERENT = 0, 1, 2
ALONE, ONLY_AFTER, BOTH = 0, 1, 2

_Pair = tuple[int, int, int, int, int, int, int]


def rush_hours(table: TravelTable) -> RushHours | None:
    """Return travel by hour, profiles in alphabetical order; None if all travel is free flow."""
    regimes = table.regimes
    profiles = sorted(table.durations_s)
    if regimes is None or not any(regimes.durations_s.get(p, ()) for p in profiles):
        return None
    return RushHours(
        bucket_start=regimes.bucket_start_s.astype(np.int32),
        bucket_regime=regimes.bucket_regime.astype(np.int32),
        durations_s=tuple(
            tuple(matrix.copy(order="C") for matrix in regimes.durations_s.get(p, ()))
            for p in profiles
        ),
    )


def links(day: Day, seats: Sequence[Seat], lines: Sequence[ShiftLine]) -> Links | None:
    """Return crews and links between visits as pairs of seats; None if there are none.

    The starts of a crew lie within ``crew_tolerance_s`` of each other, by different persons, all
    or none. A linked visit counts from the end of every seat of the visit before it, and is served
    only if that one is.
    """
    number = {(seat.visit.id, seat.member): i for i, seat in enumerate(seats)}
    size = {seat.visit.id: seat.visit.crew_size for seat in seats}
    within = day.settings.crew_tolerance_s
    pairs: list[_Pair] = []
    for i, (visit, member) in enumerate(seats):
        for mate in range(member + 1, visit.crew_size):
            other = number[visit.id, mate]
            pairs.append((i, other, -within, within, 0, DIFFERENT, BOTH))
        for link in visit.links:
            longest = UNLIMITED if link.max_gap_s is None else link.max_gap_s
            for before in range(size.get(link.after, 0)):
                who = _person(link, before, member)
                other = number[link.after, before]
                pairs.append((other, i, link.min_gap_s, longest, 1, who, ONLY_AFTER))
    if not pairs:
        return None
    first, second, least, most, from_end, person, demands = (
        np.array(column, dtype=np.int32) for column in zip(*pairs, strict=True)
    )
    return Links(first, second, least, most, from_end, person, demands, _persons(lines))


def _person(link: Link, before: int, member: int) -> int:
    if link.same_technician is None:
        return ANYBODY
    if not link.same_technician:
        return DIFFERENT
    return SAME if before == member == 0 else ANYBODY


def _persons(lines: Sequence[ShiftLine]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.array([line.number for line in lines], dtype=np.int32)


def route_limits(lines: Sequence[ShiftLine]) -> RouteLimits | None:
    """Return the most of each a shift may do; None if no shift has a limit."""
    columns = [
        [UNLIMITED if limit is None else limit for limit in limits]
        for limits in (
            [line.max_visits for line in lines],
            [line.max_distance_m for line in lines],
            [line.max_driving_s for line in lines],
        )
    ]
    if all(limit == UNLIMITED for column in columns for limit in column):
        return None
    visits, distance, driving = (np.array(column, dtype=np.int32) for column in columns)
    return RouteLimits(visits, distance, driving, np.full(len(lines), UNLIMITED, dtype=np.int32))


def fair_shares(day: Day, lines: Sequence[ShiftLine]) -> FairShares | None:
    """Return each person's fair share less what was carried over; None if none is set."""
    work, meters, prices = day.settings.fair_work_s, day.settings.fair_distance_m, day.prices
    if (work is None and meters is None) or not lines:
        return None
    people = {line.number: line.technician for line in lines}
    ordered = [people[number] for number in sorted(people)]
    per_second = 0 if work is None else prices.unfair_work_per_hour * PER_HOUR
    per_meter = 0 if meters is None else prices.unfair_distance_per_km * PER_KM
    return FairShares(
        vehicle_person=_persons(lines),
        work_s=np.array([(work or 0) - t.carried_work_s for t in ordered], dtype=np.int64),
        distance_m=np.array([(meters or 0) - t.carried_distance_m for t in ordered], np.int64),
        cost_per_second=np.full(len(ordered), per_second, dtype=np.int64),
        cost_per_meter=np.full(len(ordered), per_meter, dtype=np.int64),
    )


def first_skills(day: Day, seats: Sequence[Seat]) -> list[str]:
    """Return the skill each seat's visit names first, empty without one.

    The same for all of a crew; from a day as it was written.
    """
    named = {visit.id: visit.skills[0].skill for visit in day.visits if visit.skills}
    return [named.get(seat.visit.id, "") for seat in seats]


def own_percents(day: Day) -> dict[str, dict[str, int]]:
    """Return what technicians state for single skills, by technician id and skill.

    Where a skill is listed more than once the first entry that states a share counts; from a day
    as it was written.
    """
    stated: dict[str, dict[str, int]] = {}
    for technician in day.technicians:
        for skill in technician.skills:
            if skill.service_percent is not None:
                of = stated.setdefault(technician.id, {})
                of.setdefault(skill.skill, skill.service_percent)
    return stated


def service_times(
    day: Day, seats: Sequence[Seat], lines: Sequence[ShiftLine]
) -> ServiceTimes | None:
    """Return service times by group of technicians; None if all take the visit's own time.

    Parameters
    ----------
    day
        As it was written: the order of a visit's skills counts.
    """
    first, stated = first_skills(day, seats), own_percents(day)
    base = np.array([seat.visit.service_s for seat in seats], dtype=np.int64)
    columns: dict[bytes, int] = {}
    kept: list[np.ndarray[tuple[int], np.dtype[np.int32]]] = []
    group: list[int] = []
    known: dict[tuple[int, tuple[tuple[str, int], ...]], int] = {}
    for line in lines:
        own = stated.get(line.technician.id, {})
        key = line.technician.service_percent, tuple(sorted(own.items()))
        if key not in known:
            percent = line.technician.service_percent
            shares = np.array([own.get(skill, percent) for skill in first], dtype=np.int64)
            column = ((base * shares + 50) // 100).astype(np.int32)
            known[key] = columns.setdefault(column.tobytes(), len(columns))
            if len(columns) > len(kept):
                kept.append(column)
        group.append(known[key])
    if all((column == base).all() for column in kept):
        return None
    return ServiceTimes(np.array(group, dtype=np.int32), np.column_stack(kept).copy(order="C"))
