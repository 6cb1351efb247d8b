"""From one visit to the next: legs with breaks and pick-ups between, forward and backward."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dispatch.domain import Outlet
from dispatch.referee.breaks import BreakRule
from dispatch.referee.roads import Road
from dispatch.referee.together import Start, Together

MAX_ROUNDS = 1000
"""Of moving starts; crews and links that can be kept settle in a few."""


@dataclass(frozen=True, slots=True)
class TimedBreak:
    """A break with the window it may start in; ``at_next`` if it is taken after traveling."""

    rule: BreakRule
    at_next: bool


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg with the breaks taken before and after it.

    Attributes
    ----------
    opening
        First and last second a pick-up at the end of the leg may begin; None without one.
    lasts
        Seconds of that pick-up.
    point
        Where it is made.
    """

    road: Road
    breaks: tuple[TimedBreak, ...] = ()
    opening: tuple[int, int] | None = None
    lasts: int = 0
    point: Outlet | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A break or pick-up of a leg with its moments; ``leg_s`` where the travel stands.

    Attributes
    ----------
    illegal
        Whether it begins after the last moment it may.
    """

    kind: Literal["break", "pickup"]
    leg_s: int
    leg_m: int
    reached: int
    start: int
    end: int
    illegal: bool
    point: Outlet | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """The legs to one visit as they are driven.

    Attributes
    ----------
    reached
        At the last place, before the access time.
    leg_s, leg_m
        Travel that stands on the last stop.
    """

    events: tuple[Event, ...]
    reached: int
    leg_s: int
    leg_m: int

    @property
    def illegal(self) -> int:
        """How many breaks and pick-ups begin too late."""
        return sum(event.illegal for event in self.events)

    @property
    def rest_s(self) -> int:
        """Seconds of break."""
        return sum(one.end - one.start for one in self.events if one.kind == "break")


def trace(start: int, legs: Sequence[Leg]) -> Trace:
    """Drive the legs as early as possible, leaving at ``start``."""
    free, way, events = start, (0, 0), list[Event]()
    for leg in legs:
        traveled = False
        way = (0, 0)
        for taken in leg.breaks:
            way = (0, 0)
            if taken.at_next and not traveled:
                way, traveled = (leg.road.lasts(free), leg.road.meters), True
            reached = free + way[0]
            begins = max(reached, taken.rule.earliest)
            free = begins + taken.rule.duration_s
            late = begins > taken.rule.latest
            events.append(Event("break", *way, reached, begins, free, late))
        way = (0, 0) if traveled else (leg.road.lasts(free), leg.road.meters)
        free += way[0]
        if leg.opening is not None:
            begins, late = max(free, leg.opening[0]), free > leg.opening[1]
            end = begins + leg.lasts
            events.append(Event("pickup", *way, free, begins, end, late, leg.point))
            free, way = end, (0, 0)
    return Trace(tuple(events), free, *way)


def run(start: int, legs: Sequence[Leg]) -> int:
    """Return the earliest moment all legs, breaks and pick-ups are done, leaving from ``start``."""
    return trace(start, legs).reached


def latest_departure(limit: int, legs: Sequence[Leg]) -> int:
    """Return the latest departure after which everything is done by ``limit``."""
    free = limit
    for leg in reversed(legs):
        if leg.opening is not None:
            free = min(leg.opening[1], free - leg.lasts)
        traveled = False
        for taken in reversed(leg.breaks):
            if not taken.at_next and not traveled:
                free, traveled = leg.road.leave(free), True
            free = min(taken.rule.latest, free - taken.rule.duration_s)
        free = free if traveled else leg.road.leave(free)
    return free


@dataclass(frozen=True, slots=True)
class Stretch:
    """The way to one visit and the visit.

    Attributes
    ----------
    key
        The visit and the technician.
    earliest
        The arrival is never before it.
    """

    legs: tuple[Leg, ...]
    key: Start
    access_s: int
    earliest: int
    lasts: int


@dataclass(frozen=True, slots=True)
class Course:
    """One route as far as order, breaks and promises go; ``begin`` is the earliest departure."""

    begin: int
    stretches: tuple[Stretch, ...]

    def starts(self, least: Mapping[Start, int]) -> dict[Start, int]:
        """Return the earliest start of every visit that is none earlier than ``least``."""
        free, starts = self.begin, dict[Start, int]()
        for stretch in self.stretches:
            arrival = max(run(free, stretch.legs) + stretch.access_s, stretch.earliest)
            starts[stretch.key] = max(arrival, least.get(stretch.key, arrival))
            free = starts[stretch.key] + stretch.lasts
        return starts


def settle(courses: Iterable[Course], together: Together) -> dict[Start, int] | None:
    """Return the least starts that keep all crews and links; None if nothing does.

    All starts begin as early as their own route allows and move up until nobody has to wait for
    anybody any more: the least solution, as all bounds only ever push up.
    """
    every, starts = tuple(courses), dict[Start, int]()
    least: dict[Start, int] = {}
    for _ in range(MAX_ROUNDS):
        moved: dict[Start, int] = {}
        for course in every:
            moved.update(course.starts(least))
        if moved == starts:
            return starts
        starts = moved
        least = together.least(starts)
    return None
