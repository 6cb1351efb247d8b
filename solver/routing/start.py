"""Any plan as a start: what of it does not even exist is left out before anybody times it.

A start may have been made by hand, for another day, or for a problem that has changed since. It is
repaired, never refused: here goes what no engine could read (unknown visits, vehicles and points,
windows of other visits, visits that stand twice, pools that must not have them); the engine then
keeps the visits of each route in order as far as rules allow and inserts the others anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from solver.errors import InvalidParameter
from solver.routing.plan_build import build_solution
from solver.routing.problem import FORBIDDEN, RoutingProblem
from solver.routing.solution import RoutingSolution, Step, StepKind
from solver.status import StoppedBy


@dataclass(frozen=True, slots=True)
class Start:
    """Steps that exist, by vehicle, and pools that may have their visits; each visit once."""

    routes: dict[int, list[Step]]
    pools: tuple[tuple[int, ...], ...]


def read_start(problem: RoutingProblem, plan: RoutingSolution) -> Start:
    """Return what can be read of ``plan``.

    Parameters
    ----------
    problem
        The problem to be solved.
    plan
        Any plan at all. Of two routes of one vehicle the second continues the first; a visit that
        stands twice stays where it stands first, routes before pools. A window of another visit is
        replaced by the first one of its own; breaks that are not exactly those of the vehicle, in
        order, are left out as a whole, for the engine to place them.
    """
    reader = _Reader(problem)
    routes: dict[int, list[Step]] = {}
    for route in plan.routes:
        if 0 <= route.vehicle < problem.n_vehicles:
            steps = [stop.step for stop in route.stops]
            routes.setdefault(route.vehicle, []).extend(reader.read_steps(steps))
    for vehicle, steps in routes.items():
        breaks = [step.index for step in steps if step.kind is StepKind.BREAK]
        if breaks != list(problem.breaks_of(vehicle)):
            routes[vehicle] = [step for step in steps if step.kind is not StepKind.BREAK]
    pools = [*plan.pools, *((),) * problem.n_pools][: problem.n_pools]
    return Start(routes, tuple(tuple(reader.read_pool(q, who)) for q, who in enumerate(pools)))


def find_legal(problem: RoutingProblem, start: Start) -> RoutingSolution | None:
    """Return the start as a plan of its own, None where it breaks a rule."""
    try:
        return build_solution(
            problem, start.routes, start.pools, engine="start", seed=0, iterations=0,
            runtime_s=0.0, stopped_by=StoppedBy.EXHAUSTED,
        )  # fmt: skip
    except InvalidParameter:
        return None


def keep_better(
    problem: RoutingProblem, start: Start, stated_cost: int, found: RoutingSolution
) -> RoutingSolution:
    """Return ``found``, with the routes of a legal start that is cheaper.

    Parameters
    ----------
    problem, start
        The problem and what could be read of the start.
    stated_cost
        What the start says that it costs; a legal plan says the truth.
    found
        The plan of the engine.
    """
    if stated_cost >= found.cost:
        return found
    legal = find_legal(problem, start)
    if legal is None or legal.cost >= found.cost:
        return found
    return replace(
        found,
        routes=legal.routes,
        pools=legal.pools,
        unassigned=legal.unassigned,
        cost=legal.cost,
        shared_cost=legal.shared_cost,
        status=legal.status,
    )


class _Reader:
    """Reads steps and pools; remembers which visits have their place."""

    def __init__(self, problem: RoutingProblem) -> None:
        self._problem = problem
        self._placed: set[int] = set()
        parts = problem.parts
        self._points = 0 if parts is None else len(parts.point_location)

    def read_steps(self, steps: Sequence[Step]) -> Iterator[Step]:
        """Yield the steps that exist."""
        for kind, index, choice in steps:
            if kind == StepKind.VISIT and self._place(index):
                windows = self._problem.windows_of(index)
                yield Step(StepKind.VISIT, index, choice if choice in windows else windows[0])
            elif kind == StepKind.PICKUP and 0 <= index < self._points:
                yield Step(StepKind.PICKUP, index, 0)
            elif kind == StepKind.BREAK and choice in {0, 1}:
                yield Step(StepKind.BREAK, index, choice)

    def read_pool(self, pool: int, members: Sequence[int]) -> Iterator[int]:
        """Yield the visits the pool may have, as many as it can take."""
        room = int(self._problem.pool_capacity[pool])
        for visit in members:
            if room and 0 <= visit < self._problem.n_visits:
                allowed = int(self._problem.pool_cost[visit, pool]) != FORBIDDEN
                if allowed and self._place(visit):
                    room -= 1
                    yield visit

    def _place(self, visit: int) -> bool:
        """Say whether there is such a visit, not yet placed; from now on it is."""
        fresh = 0 <= visit < self._problem.n_visits and visit not in self._placed
        if fresh:
            self._placed.add(visit)
        return fresh
