"""Plans written by hand for the referee of arrays, and single changes that break them.

Places lie on a line: 1 m is 1 s of free driving; work costs 1 per second and nothing else does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from solver.routing.problem import RoutingProblem
from solver.routing.referee import ViolationCode, referee
from solver.routing.solution import Route, RouteCost, RoutingSolution, Step, StepKind, Stop
from solver.status import SolveStatus, StoppedBy

Case = tuple[RoutingProblem, RoutingSolution]


def stop(  # noqa: PLR0917 - the columns of a timetable, in their order
    step: Step, leg: int, reached: int, arrival: int, start: int, end: int, **more: Any
) -> Stop:
    """A stop after ``leg`` meters at free flow."""
    figures: dict[str, Any] = {"leg_s": leg, "leg_m": leg, "lateness_s": 0, **more}
    return Stop(step, reached=reached, arrival=arrival, start=start, end=end, **figures)


def visit(index: int, window: int | None = None) -> Step:
    return Step(StepKind.VISIT, index, index if window is None else window)


def route(  # noqa: PLR0917 - the columns of a timetable, in their order
    vehicle: int, stops: list[Stop], departure: int, end: int, home: int, meters: int, **more: Any
) -> Route:
    """A route of one unit per second of work and nothing else to pay."""
    figures: dict[str, Any] = {"last_leg_s": home, "last_leg_m": home, "rest": 0, **more}
    work = end - departure - figures.pop("rest")
    return Route(
        vehicle, tuple(stops), departure, end, distance_m=meters, work_s=work, overtime_s=0,
        cost=RouteCost(work=work), **figures,
    )  # fmt: skip


def plan(*routes: Route, pools: Any = (), unassigned: Any = (), shared: int = 0) -> RoutingSolution:
    """A plan of hand-made routes; nothing in a pool or left out costs anything here."""
    return RoutingSolution(
        routes, pools, unassigned, sum(r.cost.total for r in routes) + shared,
        SolveStatus.HAS_UNASSIGNED if unassigned else SolveStatus.FEASIBLE,
        "hand", 0, 0, 0.0, StoppedBy.EXHAUSTED, (), shared,
    )  # fmt: skip


def codes(case: Case) -> set[ViolationCode]:
    return {violation.code for violation in referee(*case)}


def on_stop(case: Case, position: int, vehicle: int = 0, **changes: Any) -> Case:
    problem, solution = case
    routes = list(solution.routes)
    stops = list(routes[vehicle].stops)
    stops[position] = replace(stops[position], **changes)
    routes[vehicle] = replace(routes[vehicle], stops=tuple(stops))
    return problem, replace(solution, routes=tuple(routes))


def change(case: Case, feature: str, name: str, index: Any, value: int) -> Case:
    """The same plan for a problem with one other entry in one array of a feature."""
    problem, solution = case
    whole = getattr(problem, feature)
    array = getattr(whole, name).copy()
    array[index] = value
    return replace(problem, **{feature: replace(whole, **{name: array})}), solution
