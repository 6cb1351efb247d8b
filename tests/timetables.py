"""Short words for steps, routes and whole plans in tests of the timetable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from solver.routing.problem import RoutingProblem
from solver.routing.solution import Route, RoutingSolution, Step, StepKind
from solver.routing.timetable import Infeasible, build_solution, timetable
from solver.status import StoppedBy


def visit(index: int, window: int | None = None) -> Step:
    """A visit that keeps the window of its own number unless told otherwise."""
    return Step(StepKind.VISIT, index, index if window is None else window)


def rest(index: int, choice: int) -> Step:
    """A break."""
    return Step(StepKind.BREAK, index, choice)


def pickup(point: int) -> Step:
    """A stop to pick up parts."""
    return Step(StepKind.PICKUP, point, 0)


def route_of(problem: RoutingProblem, *steps: Step, vehicle: int = 0) -> Route:
    """The route of one vehicle, which has to fit."""
    route = timetable(problem, vehicle, steps)
    assert isinstance(route, Route), route
    return route


def block_of(problem: RoutingProblem, *steps: Step, vehicle: int = 0) -> Infeasible:
    """Why the route of one vehicle does not fit."""
    route = timetable(problem, vehicle, steps)
    assert isinstance(route, Infeasible), route
    return route


def plan_of(
    problem: RoutingProblem,
    routes: Mapping[int, Sequence[Step]],
    pools: Sequence[Sequence[int]] = (),
) -> RoutingSolution:
    """The whole plan, which has to be one."""
    return build_solution(
        problem, routes, pools, engine="hand", seed=0, iterations=0, runtime_s=0.0,
        stopped_by=StoppedBy.EXHAUSTED,
    )  # fmt: skip
