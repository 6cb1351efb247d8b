"""The day as it stands, as a decision of the rest day's routing problem."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dispatch.live.projection import Eta, Projection, RouteKey
from dispatch.live.rest import RestDay
from dispatch.live.rest_shifts import RestRoute
from dispatch.live.state import LiveState, Stop
from dispatch.planning.translate import Translation
from solver.errors import InvalidParameter
from solver.routing.solution import Route, RoutingSolution, Step, StepKind
from solver.routing.timetable import (
    Infeasible,
    TimetableData,
    build_solution,
    place_breaks,
    timetable,
)
from solver.status import StoppedBy

HERE, THERE = 0, 1


@dataclass(frozen=True, eq=False)
class Current:
    """What is to be done as things stand.

    Attributes
    ----------
    solution
        Every route that may stay as it is by the rules, and what contracted outlets have.
    illegal
        Routes whose order breaks a rule as things stand (back too late, a part that is missing);
        visits that do not fit are unassigned in ``solution``.
    legal
        Whether all of it may stay as it is, contracted outlets' visits too.
    """

    solution: RoutingSolution
    illegal: frozenset[RouteKey]
    legal: bool


def current_plan(
    state: LiveState, projection: Projection, rest: RestDay, t: Translation
) -> Current:
    """Return the order as it stands, as a solution of ``t.problem``."""
    return _Current(state, projection, rest, t).found()


class _Current:
    def __init__(
        self, state: LiveState, projection: Projection, rest: RestDay, t: Translation
    ) -> None:
        self._state, self._rest, self._t = state, rest, t
        self._data = TimetableData(t.problem)
        self._seats = {(seat.visit.id, seat.member): i for i, seat in enumerate(t.seats)}
        self._vehicles = {(x.technician.id, x.shift): j for j, x in enumerate(t.lines)}
        self._etas: dict[tuple[RouteKey, str | None, str], Eta] = {}
        for eta in projection.etas:
            key = (eta.technician, eta.shift), eta.visit, eta.kind
            self._etas.setdefault(key, eta)

    def found(self) -> Current:
        """Return it."""
        routes: dict[int, tuple[Step, ...]] = {}
        illegal: set[RouteKey] = set()
        for route in self._rest.routes:
            if any(stop.visit is not None for stop in route.rest):
                steps = self._legal(route)
                if steps is None:
                    illegal.add(route.key)
                    steps = self._what_fits(route)
                if steps:
                    routes[self._vehicles[route.key]] = steps
        pools = self._pools()
        illegal |= self._drop_half_crews(routes)
        try:
            solution = self._built(routes, pools)
            return Current(solution, frozenset(illegal), legal=not illegal)
        except InvalidParameter:
            # What routes share does not fit: crews and links, vans, stocks. Taken one by one.
            kept: dict[int, tuple[Step, ...]] = {}
            given = self._given(pools)
            for vehicle in sorted(routes):
                try:
                    self._built({**kept, vehicle: routes[vehicle]}, given)
                except InvalidParameter:
                    illegal.add(self._key(vehicle))
                else:
                    kept[vehicle] = routes[vehicle]
            illegal |= self._drop_half_crews(kept)
            return Current(self._built(kept, given), frozenset(illegal), legal=False)

    def _given(self, pools: Sequence[Sequence[int]]) -> list[list[int]]:
        """Return what contracted outlets have parts for, visit by visit."""
        given: list[list[int]] = [[] for _ in pools]
        for q, members in enumerate(pools):
            for index in members:
                given[q].append(index)
                try:
                    self._built({}, given)
                except InvalidParameter:
                    given[q].pop()
        return given

    def _key(self, vehicle: int) -> RouteKey:
        line = self._t.lines[vehicle]
        return line.technician.id, line.shift

    def _built(
        self, routes: dict[int, tuple[Step, ...]], pools: Sequence[Sequence[int]]
    ) -> RoutingSolution:
        return build_solution(
            self._t.problem,
            routes,
            pools,
            engine="none",
            seed=0,
            iterations=0,
            runtime_s=0.0,
            stopped_by=StoppedBy.EXHAUSTED,
            data=self._data,
        )

    def _pools(self) -> list[list[int]]:
        """Return what contracted outlets have that may still be given to somebody else."""
        t = self._t
        pools: list[list[int]] = [[] for _ in range(t.problem.n_pools)]
        for visit, outlet in self._state.contracted:
            index = self._seats.get((visit, 0))
            if index is None:
                continue
            for q, one in enumerate(t.contracted):
                room = int(t.problem.pool_capacity[q])
                if one.id == outlet and t.pool_rules[index, q] == 0 and len(pools[q]) < room:
                    pools[q].append(index)
                    break
        return pools

    def _drop_half_crews(self, routes: dict[int, tuple[Step, ...]]) -> set[RouteKey]:
        """Take away routes that leave a crew or a linked visit without the others."""
        dropped: set[RouteKey] = set()
        while True:
            there = {
                s.index for steps in routes.values() for s in steps if s.kind is StepKind.VISIT
            }
            names = {self._t.seats[i].visit.id for i in there}
            broken = [
                vehicle
                for vehicle, steps in routes.items()
                if any(
                    self._misses(s.index, there, names) for s in steps if s.kind is StepKind.VISIT
                )
            ]
            if not broken:
                return dropped
            for vehicle in broken:
                del routes[vehicle]
                dropped.add(self._key(vehicle))

    def _misses(self, index: int, there: set[int], names: set[str]) -> bool:
        visit = self._t.seats[index].visit
        crew = range(visit.crew_size)
        if any(self._seats[visit.id, member] not in there for member in crew):
            return True
        return any(link.after not in names for link in visit.links)

    def _legal(self, route: RestRoute) -> tuple[Step, ...] | None:
        vehicle, problem = self._vehicles[route.key], self._t.problem
        steps = tuple(self._steps(route, vehicle))
        bare = [step for step in steps if step.kind is not StepKind.BREAK]
        wanted = list(problem.breaks_of(vehicle))
        if [s.index for s in steps if s.kind is StepKind.BREAK] == wanted:
            try:
                made = timetable(problem, vehicle, steps, data=self._data)
            except InvalidParameter:
                return None
            if isinstance(made, Route):
                return steps
        return self._placed(vehicle, bare)

    def _what_fits(self, route: RestRoute) -> tuple[Step, ...]:
        """Return a route with every visit, in order, that the rules allow beside those before."""
        vehicle = self._vehicles[route.key]
        kept: list[Step] = []
        placed: tuple[Step, ...] = ()
        for step in self._steps(route, vehicle):
            if step.kind is StepKind.BREAK:
                continue
            if step.kind is StepKind.PICKUP:
                kept.append(step)
                continue
            more = self._placed(vehicle, [*kept, step])
            if more is not None:
                kept.append(step)
                placed = more
        return placed

    def _placed(self, vehicle: int, bare: Sequence[Step]) -> tuple[Step, ...] | None:
        try:
            placed = place_breaks(self._t.problem, vehicle, bare, data=self._data)
        except InvalidParameter:
            return None
        return None if isinstance(placed, Infeasible) else placed

    def _steps(self, route: RestRoute, vehicle: int) -> Iterator[Step]:
        breaks = list(self._t.problem.breaks_of(vehicle))
        mine = [stop for stop in route.rest if stop.kind == "break"]
        number = dict(zip(map(id, mine), breaks[len(breaks) - len(mine) :], strict=False))
        is_home = False
        for stop in route.rest:
            if stop.kind == "end":
                is_home = True
            elif stop.kind == "break":
                if id(stop) in number:
                    there = is_home or stop.at_next
                    yield Step(StepKind.BREAK, number[id(stop)], THERE if there else HERE)
            elif stop.kind == "pickup":
                yield Step(StepKind.PICKUP, self._point(route.key, stop), 0)
            else:
                yield self._visit(route.key, stop)

    def _visit(self, key: RouteKey, stop: Stop) -> Step:
        index = self._seats[stop.visit or "", max(0, stop.crew - 1)]
        eta = self._etas[key, stop.visit, "visit"]
        arrival = self._t.clock.ceil(eta.arrival)
        windows = self._t.problem.windows_of(index)
        name = stop.promise or eta.promise
        named = [w for w in windows if self._t.windows[w].name == name] or list(windows)
        line = self._t.windows
        best = min(
            named,
            key=lambda w: (
                max(0, max(arrival, line[w].earliest) - line[w].latest),
                line[w].earliest,
            ),
        )
        return Step(StepKind.VISIT, index, best)

    def _point(self, key: RouteKey, stop: Stop) -> int:
        """Return the pick-up point of a stop: the opening it falls in."""
        points = [] if self._t.parts is None else list(enumerate(self._t.parts.points))
        mine = [(i, one) for i, one in points if one.outlet.id == stop.outlet]
        eta = self._etas.get((key, None, "pickup"))
        start = 0 if eta is None else self._t.clock.ceil(eta.start)
        fits = [i for i, one in mine if one.earliest <= start <= one.latest]
        fits += [i for i, one in mine if one.latest >= start] + [i for i, _ in mine]
        return fits[0] if fits else -1


def _visits(steps: Sequence[Step]) -> list[int]:
    return [step.index for step in steps if step.kind is StepKind.VISIT]
