"""A live day made ready for questions: its rest as a routing problem, and the plan as it stands.

Made once after an event. A visit that comes in later is one row more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

import numpy as np

from dispatch.domain import Place, Visit
from dispatch.domain.base import Id
from dispatch.domain.travel_table import TravelTable
from dispatch.live.bounds import kept_promises, left_alone, with_promises
from dispatch.live.current import current_plan
from dispatch.live.freeze import NOTHING, Freeze, freeze_stops
from dispatch.live.projection import Projection, RouteKey, places_of
from dispatch.live.rest import RestDay, rest_day
from dispatch.live.roads import Roads
from dispatch.live.state import LiveState
from dispatch.planning.row import add_visit
from dispatch.planning.translate import Translation, translate
from solver.routing.problem import FORBIDDEN, RoutingProblem
from solver.routing.solution import RoutingSolution, Step, StepKind, Stop
from solver.routing.visit_row import VisitRow
from solver.routing.ways import Way, WayFinder

_Key = tuple[frozenset[Id], frozenset[Id], frozenset[Id], bool]


@dataclass(frozen=True, eq=False)
class Prepared:
    """The rest of a day as a problem with its plan.

    Attributes
    ----------
    state, projection, rest
        What it was made of; ``state`` has the visit that was added.
    t, solution
        The problem, and the plan as it stands as a solution of it.
    illegal
        Routes that break a rule as they stand. In ``solution`` they are empty and their visits
        unassigned; nothing is to be read from that.
    guest
        Where the last visit was added as a row: the day without it, and the row.
    """

    state: LiveState
    projection: Projection
    table: TravelTable
    rest: RestDay
    t: Translation
    solution: RoutingSolution
    illegal: frozenset[RouteKey]
    guest: tuple[Prepared, VisitRow] | None = None
    _finders: dict[_Key, WayFinder] = field(default_factory=dict, init=False)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every place of the day."""
        return places_of(self.state)

    @cached_property
    def promised(self) -> RoutingProblem:
        """The problem in which every promise that is kept as things stand has to be kept."""
        kept = kept_promises(self.rest, self.projection)
        return with_promises(self.t, self.rest, kept, self.table)

    def finder(self, freeze: Freeze = NOTHING, *, strict: bool = False) -> WayFinder:
        """Return what finds ways into the plan as it stands; made once, safe between threads.

        Routes that break a rule as they stand are left alone.

        Parameters
        ----------
        freeze
            Technicians, outlets and visits that are left alone, too; of visits, who has them.
        strict
            Every promise that is kept as things stand has to be kept.
        """
        names = (freeze.technicians, freeze.outlets, freeze.visits)
        technicians, outlets, visits = map(frozenset, names)
        key = technicians, outlets, visits, strict
        if key not in self._finders:
            kept = {self.vehicle_of(one) for one in self.illegal}
            kept |= {j for j, line in enumerate(self.t.lines) if line.technician.id in technicians}
            own = self.t.problem
            problem = self.promised if strict else own
            self._finders[key] = WayFinder(
                left_alone(self.t, problem, self.solution, outlets, visits),
                self.solution,
                kept=sorted(kept),
                lenient=own.window_limit if strict else None,
            )
        return self._finders[key]

    def make_ready(self) -> None:
        """Make what the first question would make."""
        _ = self.places, self.finder(), self.finder(strict=True)

    def find_ways(self, seat: int, top: int, freeze: Freeze = NOTHING) -> tuple[Way, ...]:
        """Return the cheapest ways to serve a visit nobody has; see `WayFinder.find_ways`.

        Parameters
        ----------
        freeze
            Technicians, outlets and visits that are left alone.
        """
        base = self if self.guest is None else self.guest[0]
        finder = base.finder(freeze)
        if self.guest is None:
            return finder.find_ways(seat, top=top)
        return finder.find_ways_for(self._without(self.guest[1], freeze), top=top)

    def find_kept(
        self, seat: int, top: int, by: datetime | None, freeze: Freeze = NOTHING
    ) -> tuple[Way, ...]:
        """Return the cheapest ways that break no promise, over more technicians if need be.

        Where there is none, the cheapest that break one.

        Parameters
        ----------
        by
            The last moment to reach the visit; None = any that the rules allow.
        freeze
            Technicians, outlets and visits that are left alone.
        """
        base = self if self.guest is None else self.guest[0]
        finder = base.finder(freeze, strict=True)
        last = None if by is None else self.t.clock.floor(by)
        if self.guest is None:
            found = finder.find_ways(seat, top=top, chain=True, by=last)
        else:
            found = finder.find_ways_for(
                self._without(self.guest[1], freeze), top=top, chain=True, by=last
            )
        return tuple(way for way in found if not way.dropped)

    def _without(self, row: VisitRow, freeze: Freeze) -> VisitRow:
        """Return a visit to add, which no outlet takes that is left alone."""
        alone = [one.id in freeze.outlets for one in self.t.contracted]
        if not any(alone):
            return row
        return replace(row, pool_cost=np.where(alone, FORBIDDEN, row.pool_cost))

    def vehicle_of(self, key: RouteKey) -> int:
        """Return the vehicle of a shift."""
        pairs = ((line.technician.id, line.shift) for line in self.t.lines)
        return next(j for j, own in enumerate(pairs) if own == key)

    def key_of(self, vehicle: int) -> RouteKey:
        """Return the shift of a vehicle."""
        line = self.t.lines[vehicle]
        return line.technician.id, line.shift


def prepare(
    state: LiveState,
    projection: Projection,
    table: TravelTable,
    *,
    freeze: Freeze = NOTHING,
    divert: bool = False,
) -> Prepared:
    """Make a day ready.

    Parameters
    ----------
    projection, table
        Of the state.
    freeze
        What is not to be changed beside what is under way.
    divert
        Who is on the way may be sent elsewhere.
    """
    frozen = freeze_stops(state, projection, freeze, divert=divert)
    rest = rest_day(state, projection, frozen, table)
    t = translate(rest.day, table)
    current = current_plan(state, projection, rest, t)
    return Prepared(state, projection, table, rest, t, current.solution, current.illegal)


def with_visit(prepared: Prepared, visit: Visit, roads: Roads) -> Prepared:
    """Return the same with one visit more, which nobody has.

    Where the visit is a row more (``dispatch.planning.row``), only that is translated.

    Parameters
    ----------
    visit
        Not of the day; without links, by one technician.
    roads
        Travel to its place.
    """
    table = roads.table(prepared.state.day, [*prepared.places, visit.place])
    found = add_visit(prepared.t, visit, table)
    if found is None:
        return with_visits(prepared, [visit], roads)
    t, row = found
    state, rest = _with_open(prepared, [visit])
    left = (*prepared.solution.unassigned, len(prepared.t.seats))
    solution = replace(prepared.solution, unassigned=left)
    return replace(
        prepared, state=state, table=table, rest=rest, t=t, solution=solution, guest=(prepared, row)
    )


def with_visits(prepared: Prepared, visits: Sequence[Visit], roads: Roads) -> Prepared:
    """Return the same with some visits more, which nobody has.

    Parameters
    ----------
    visits
        Not of the day; without links, each by one technician.
    roads
        Travel to their places.
    """
    state, rest = _with_open(prepared, visits)
    table = roads.table(prepared.state.day, places_of(state))
    t = translate(rest.day, table)
    solution = _moved(prepared, t)
    return replace(
        prepared, state=state, table=table, rest=rest, t=t, solution=solution, guest=None
    )


def _with_open(prepared: Prepared, visits: Sequence[Visit]) -> tuple[LiveState, RestDay]:
    """Return state and rest day with visits nobody has."""
    day, rest = prepared.state.day, prepared.rest
    state = prepared.state.model_copy(
        update={
            "day": day.model_copy(update={"visits": (*day.visits, *visits)}),
            "open": (*prepared.state.open, *(visit.id for visit in visits)),
        }
    )
    left = rest.day.model_copy(update={"visits": (*rest.day.visits, *visits)})
    return state, replace(rest, day=left)


class _Numbers:
    """How the numbers of a problem change when a visit is added."""

    def __init__(self, old: Translation, new: Translation) -> None:
        names = {(seat.visit.id, seat.member): i for i, seat in enumerate(new.seats)}
        self.seat = [names[seat.visit.id, seat.member] for seat in old.seats]
        self._old, self._new = old.problem, new.problem
        self._points: dict[int, int] = {}
        if old.parts is not None and new.parts is not None:
            there = {(p.outlet.id, p.earliest, p.latest): i for i, p in enumerate(new.parts.points)}
            self._points = {
                i: there[p.outlet.id, p.earliest, p.latest] for i, p in enumerate(old.parts.points)
            }

    def step(self, step: Step) -> Step:
        """Return a step in the new numbers."""
        if step.kind is StepKind.PICKUP:
            return Step(step.kind, self._points[step.index], step.choice)
        if step.kind is StepKind.BREAK:
            return step
        index = self.seat[step.index]
        first, begin = self._old.windows_of(step.index)[0], self._new.windows_of(index)[0]
        return Step(step.kind, index, step.choice - first + begin)

    def stop(self, stop: Stop) -> Stop:
        """Return a stop in the new numbers; its times are the same."""
        return replace(stop, step=self.step(stop.step))


def _moved(prepared: Prepared, t: Translation) -> RoutingSolution:
    numbers = _Numbers(prepared.t, t)
    old = prepared.solution
    routes = tuple(
        replace(route, stops=tuple(map(numbers.stop, route.stops))) for route in old.routes
    )
    added = set(range(len(t.seats))) - set(numbers.seat)
    left = sorted({numbers.seat[i] for i in old.unassigned} | added)
    pools = tuple(tuple(numbers.seat[i] for i in members) for members in old.pools)
    return replace(old, routes=routes, unassigned=tuple(left), pools=pools)
