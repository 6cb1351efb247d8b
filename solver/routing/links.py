"""Visits that depend on each other: who may serve them, and the least starts of a whole plan.

Bounds only ever push starts later and routes pass every delay on, so raising starts until all
links hold ends at the least solution of the whole plan (Kleene's iteration from below), or finds
that there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from solver.errors import InvalidParameter
from solver.routing.solution import BlockCode, Route, StepKind, Stop
from solver.routing.timetable_data import Infeasible, Link, TimetableData

SECOND_NEEDS_FIRST: Final = 1
"""``demands``: the second visit only if the first is served."""

BOTH_OR_NONE: Final = 2
"""``demands``: both visits or none of them."""

SAME_PERSON: Final = 1
"""``person``: both visits by one person."""

TWO_PERSONS: Final = 2
"""``person``: the visits by different persons."""

TimeRoute = Callable[[int, Mapping[int, int]], Route | Infeasible]
"""Times the route of a vehicle, given moments before which visits may not start."""


def check_links(data: TimetableData, routes: Mapping[int, Route]) -> None:
    """Check what links say about who is served and by whom.

    Parameters
    ----------
    data
        The problem's plain numbers.
    routes
        All routes of the plan, by vehicle.

    Raises
    ------
    InvalidParameter
        Naming the first link that is broken.
    """
    links = data.problem.links
    if links is None:
        return
    person: list[int] = links.vehicle_person.tolist()
    by = {visit: vehicle for vehicle, route in routes.items() for visit in route.visits}
    for number, link in enumerate(data.links):
        first, second = by.get(link.first), by.get(link.second)
        alone = (second is not None and first is None and link.demands != 0) or (
            first is not None and second is None and link.demands == BOTH_OR_NONE
        )
        if alone:
            served = link.first if second is None else link.second
            raise InvalidParameter(
                f"Link {number} ({link}) is broken: visit {served} is served alone."
            )
        if first is None or second is None or link.person == 0:
            continue
        if (person[first] == person[second]) != (link.person == SAME_PERSON):
            wanted = "one person" if link.person == SAME_PERSON else "two persons"
            raise InvalidParameter(
                f"Link {number} ({link}) is broken: vehicles {first} and {second}; "
                f"expected {wanted}."
            )


def settle_links(
    data: TimetableData, routes: Mapping[int, Route], time_route: TimeRoute
) -> dict[int, Route] | Infeasible:
    """Return the routes with the least starts that keep all links.

    Parameters
    ----------
    data
        The problem's plain numbers.
    routes
        All routes, timed alone.
    time_route
        Times one of them again.

    Returns
    -------
    dict or Infeasible
        Routes by vehicle, or ``BlockCode.LINK``: a start would be pushed beyond what its route
        allows, or without end.
    """
    return _Settling(data, routes, time_route).run()


class _Settling:
    """Raises starts until every link holds."""

    def __init__(
        self, data: TimetableData, routes: Mapping[int, Route], time_route: TimeRoute
    ) -> None:
        self._data = data
        self._routes = dict(routes)
        self._time_route = time_route
        self._by = {visit: vehicle for vehicle, route in routes.items() for visit in route.visits}
        self._links = [x for x in data.links if x.first in self._by and x.second in self._by]
        self._stops: dict[int, Stop] = {}
        self._not_before: dict[int, int] = {}
        for vehicle in routes:
            self._read(vehicle)

    def run(self) -> dict[int, Route] | Infeasible:
        # Without travel by hour every bound is a sum or a constant: who is still pushed after as
        # many rounds as there are linked visits is pushed around a circle (Bellman & Ford).
        most = None if self._data.problem.rush_hours is not None else len(self._data.linked) + 1
        rounds = 0
        while dirty := self._push():
            rounds += 1
            if most is not None and rounds > most:
                return Infeasible(BlockCode.LINK, self._stops[min(dirty)].step, 0)
            for vehicle in sorted({self._by[visit] for visit in dirty}):
                route = self._time_route(vehicle, self._not_before)
                if isinstance(route, Infeasible):
                    return Infeasible(BlockCode.LINK, route.step, route.excess_s)
                self._routes[vehicle] = route
                self._read(vehicle)
        return self._routes

    def _read(self, vehicle: int) -> None:
        for stop in self._routes[vehicle].stops:
            if stop.step.kind is StepKind.VISIT:
                self._stops[stop.step.index] = stop

    def _push(self) -> set[int]:
        """Raise the bounds that links ask for; return the visits that start too early."""
        early: set[int] = set()
        for link in self._links:
            for visit, bound in self._bounds(link):
                if self._stops[visit].start < bound:
                    self._not_before[visit] = max(bound, self._not_before.get(visit, bound))
                    early.add(visit)
        return early

    def _bounds(self, link: Link) -> list[tuple[int, int]]:
        """Return (visit, earliest start) for both sides of a link."""
        first, second = self._stops[link.first], self._stops[link.second]
        lasts = first.end - first.start if link.from_end else 0
        bounds = [(link.second, first.start + lasts + link.least_s)]
        if link.most_s is not None:
            bounds.append((link.first, second.start - link.most_s - lasts))
        return bounds
