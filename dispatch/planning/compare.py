"""Two plans of one day side by side: what becomes of every visit, and who must be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from dispatch.domain import Day, DayPlan, PlanRoute, Visit

TELL_AFTER_S = 900
"""A customer who knows a time is told when it moves by this much, seconds."""
MOVED_S = 60
"""Below this an arrival has not moved, seconds."""


class Change(StrEnum):
    """What differs for a visit between the first and the second plan."""

    DROPPED = "dropped"
    """Served in the first only."""
    ADDED = "added"
    """Served in the second only."""
    DAY = "day"
    TECHNICIAN = "technician"
    """Other people come, or a contracted outlet instead of people."""
    PROMISE = "promise"
    """Another of its promises is kept."""
    LATE = "late"
    """Late in the second, in time in the first."""
    ETA = "eta"
    """Arrival moved by a minute or more."""
    ORDER = "order"
    """The same technician comes, but in another order."""


TOLD_OF = frozenset({Change.DROPPED, Change.ADDED, Change.DAY, Change.PROMISE, Change.LATE})
"""Changes of which a customer is told however small they are (CSQ-3.4)."""


@dataclass(frozen=True, slots=True)
class Service:
    """How a plan serves a visit.

    Parameters
    ----------
    who
        Technicians, the first of a crew first; or the contracted outlet alone.
    contracted
        Whether ``who`` is an outlet.
    day
        Of the shift; None where a contracted outlet states none.
    number
        Position among the visits of the shift, from 1; 0 for a contracted outlet.
    eta
        Arrival of the first technician; None for a contracted outlet.
    lateness_s
        Of whoever of the crew is latest.
    promise
        Name of the promise kept.
    """

    who: tuple[str, ...]
    contracted: bool
    day: date | None
    number: int = 0
    eta: datetime | None = None
    lateness_s: int = 0
    promise: str | None = None


@dataclass(frozen=True, slots=True)
class VisitDifference:
    """One visit in both plans; ``tell`` says whether its customer must hear of it."""

    visit: str
    before: Service | None
    after: Service | None
    changes: tuple[Change, ...]
    tell: bool


@dataclass(frozen=True, slots=True)
class PersonDifference:
    """What changes for a technician, over all shifts.

    Parameters
    ----------
    gains, loses
        Visits that come and go.
    moved
        Visits that stay but move in time or order.
    """

    technician: str
    gains: tuple[str, ...]
    loses: tuple[str, ...]
    moved: tuple[str, ...]

    @property
    def tell(self) -> bool:
        """Whether the technician must hear of it: anything at all differs."""
        return bool(self.gains or self.loses or self.moved)


@dataclass(frozen=True, slots=True)
class PlanDifference:
    """All visits of the day and all technicians, by id."""

    visits: tuple[VisitDifference, ...]
    people: tuple[PersonDifference, ...]


def compare_plans(
    day: Day, before: DayPlan, after: DayPlan, *, tell_after_s: int = TELL_AFTER_S
) -> PlanDifference:
    """Compare two plans of the same day.

    Parameters
    ----------
    day
        The day of both.
    before, after
        The plan people know, and the one that would take its place.
    tell_after_s
        A customer is told when the arrival moves by at least this much.
    """
    old, new = services(day, before), services(day, after)
    reordered = _reordered(before, after)
    visits = tuple(
        _difference(visit, old.get(visit.id), new.get(visit.id), reordered, tell_after_s)
        for visit in sorted(day.visits, key=lambda one: one.id)
    )
    people = tuple(
        _person(technician.id, visits)
        for technician in sorted(day.technicians, key=lambda one: one.id)
    )
    return PlanDifference(visits, people)


def services(day: Day, plan: DayPlan) -> dict[str, Service]:
    """Return how a plan serves each visit that it serves."""
    zone = ZoneInfo(day.zone)
    found: dict[str, list[tuple[int, str, Service]]] = {}
    for route in plan.routes:
        when = max(day.date, route.start.astimezone(zone).date())
        served = [stop for stop in route.stops if stop.visit is not None]
        for number, stop in enumerate(served, start=1):
            one = Service(
                (route.technician,), contracted=False, day=when, number=number, eta=stop.arrival,
                lateness_s=stop.lateness_s, promise=stop.promise,
            )  # fmt: skip
            found.setdefault(stop.visit or "", []).append((stop.crew, route.technician, one))
    made = {visit: _together(crew) for visit, crew in found.items()}
    for entry in plan.contracted:
        there = Service((entry.outlet,), contracted=True, day=entry.day)
        made |= dict.fromkeys(entry.visits, there)
    return made


def _together(crew: list[tuple[int, str, Service]]) -> Service:
    ordered = sorted(crew, key=lambda one: one[:2])
    late = max(one.lateness_s for _, _, one in ordered)
    return replace(ordered[0][2], who=tuple(name for _, name, _ in ordered), lateness_s=late)


def _difference(
    visit: Visit,
    before: Service | None,
    after: Service | None,
    reordered: frozenset[str],
    tell_after_s: int,
) -> VisitDifference:
    changes = tuple(_changes(visit.id, before, after, reordered))
    moved_s = _moved_s(before, after)
    instead = before and after and before.contracted != after.contracted
    tell = bool(TOLD_OF & set(changes)) or bool(instead) or abs(moved_s) >= tell_after_s
    return VisitDifference(visit.id, before, after, changes, tell)


def _moved_s(before: Service | None, after: Service | None) -> int:
    if before is None or after is None or before.eta is None or after.eta is None:
        return 0
    return round((after.eta - before.eta).total_seconds())


def _changes(
    name: str, before: Service | None, after: Service | None, reordered: frozenset[str]
) -> list[Change]:
    if before is None or after is None:
        if before is after:
            return []
        return [Change.ADDED if before is None else Change.DROPPED]
    told = {
        Change.DAY: None not in {before.day, after.day} and before.day != after.day,
        Change.TECHNICIAN: before.who != after.who,
        Change.PROMISE: before.promise != after.promise
        and not (before.contracted or after.contracted),
        Change.LATE: after.lateness_s > 0 and before.lateness_s == 0,
        Change.ETA: abs(_moved_s(before, after)) >= MOVED_S,
        Change.ORDER: before.who == after.who and name in reordered,
    }
    return [change for change, holds in told.items() if holds]


def _person(technician: str, visits: Sequence[VisitDifference]) -> PersonDifference:
    gains, loses, moved = [], [], []
    for one in visits:
        was = one.before is not None and technician in one.before.who
        comes = one.after is not None and technician in one.after.who
        if was and not comes:
            loses.append(one.visit)
        elif comes and not was:
            gains.append(one.visit)
        elif was and comes and one.changes:
            moved.append(one.visit)
    return PersonDifference(technician, tuple(gains), tuple(loses), tuple(moved))


def _reordered(before: DayPlan, after: DayPlan) -> frozenset[str]:
    """Return visits that a shift serves in both plans, but not in the order of the first.

    What is in the longest common subsequence of the two orders stayed; the others moved.
    """
    old, new = _orders(before), _orders(after)
    moved: set[str] = set()
    for shift in old.keys() & new.keys():
        both = set(old[shift]) & set(new[shift])
        first = [one for one in old[shift] if one in both]
        second = [one for one in new[shift] if one in both]
        moved |= both - _common_order(first, second)
    return frozenset(moved)


def _orders(plan: DayPlan) -> dict[tuple[str, int], list[str]]:
    def of(route: PlanRoute) -> list[str]:
        return [stop.visit for stop in route.stops if stop.visit is not None]

    return {(route.technician, route.shift): of(route) for route in plan.routes}


def _common_order(first: list[str], second: list[str]) -> set[str]:
    """Return the longest increasing run of ``first``'s positions along ``second``."""
    at = {name: position for position, name in enumerate(first)}
    best: list[list[str]] = []
    for i, name in enumerate(second):
        longest: list[str] = []
        for j in range(i):
            if at[best[j][-1]] < at[name] and len(best[j]) > len(longest):
                longest = best[j]
        best.append([*longest, name])
    longest = []
    for run in best:
        longest = run if len(run) > len(longest) else longest
    return set(longest)
