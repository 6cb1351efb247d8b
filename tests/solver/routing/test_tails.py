"""Exchanges of tails: long routes that cross are uncrossed."""

from __future__ import annotations

import pytest

from solver.routing.problem import RoutingProblem
from solver.routing.referee import referee
from solver.routing.solution import RoutingSolution, Step, StepKind
from solver.routing.solve import solve
from solver.routing.timetable import build_solution
from solver.status import StoppedBy
from solver.stop import MaxIterations
from tests.problems import K, V, line, make_problem

pytestmark = pytest.mark.core

HALF = 50
"""Visits on each side of the depot."""

STEP_M = 100
BETWEEN_S = 300


def two_arms() -> RoutingProblem:
    """Fifty visits to the east, fifty to the west, the n-th of each due at the same time."""
    east = [STEP_M * (i + 1) for i in range(HALF)]
    ends = [BETWEEN_S * (i + 1) for i in range(HALF)]
    travel = line([0, *east, *(-at for at in east)])
    windows = [(end - BETWEEN_S, end, end) for end in ends]
    visits = [
        V(at=1 + i, windows=(windows[i % HALF],), service=60, late=(1800, 0, 0))
        for i in range(2 * HALF)
    ]
    vehicles = [K(per_second=0, per_meter=1, shift=(0, 2 * BETWEEN_S * HALF)) for _ in range(2)]
    return make_problem(visits, vehicles, [travel])


def crossed(problem: RoutingProblem, cut: int) -> RoutingSolution:
    """Each vehicle changes sides after ``cut`` visits: 2 x 2 x 100 x cut meters too many."""
    east = [Step(StepKind.VISIT, i, i) for i in range(HALF)]
    west = [Step(StepKind.VISIT, HALF + i, HALF + i) for i in range(HALF)]
    routes = {0: east[:cut] + west[cut:], 1: west[:cut] + east[cut:]}
    return build_solution(
        problem, routes, [], engine="test", seed=0, iterations=0, runtime_s=0.0,
        stopped_by=StoppedBy.EXHAUSTED,
    )  # fmt: skip


def test_two_routes_that_cross_are_uncrossed() -> None:
    problem = two_arms()
    best = 2 * 2 * STEP_M * HALF  # each vehicle out and back on its own side
    start = crossed(problem, 2)
    # Out to 200 m, back over the depot to 300 m on the other side: 2 x 200 m more each.
    assert start.cost == best + 2 * 2 * STEP_M * 2
    found = solve(problem, stop=MaxIterations(300), seed=1, start=start, engine="core")
    assert referee(problem, found) == ()
    assert found.cost == best
