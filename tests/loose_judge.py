"""The best plan of a search through plans that break rules, as the referee sees it."""

from __future__ import annotations

from typing import Any

from solver.routing.problem import RoutingProblem
from solver.routing.referee import referee
from solver.routing.solution import RoutingSolution, Step, StepKind
from solver.routing.timetable import build_solution
from solver.status import StoppedBy


def judge(problem: RoutingProblem, search: Any) -> RoutingSolution:
    """Return the best plan as the referee sees it."""
    routes = {
        k: [Step(StepKind(kind), index, choice) for kind, index, choice in route]
        for k, route in enumerate(search.best())
    }
    plan = build_solution(
        problem, routes, [], engine="test", seed=0, iterations=0, runtime_s=0.0,
        stopped_by=StoppedBy.ITERATIONS,
    )  # fmt: skip
    assert referee(problem, plan) == ()
    return plan
