"""Stops for parts, priced together with the visit they are for: the engine against the optimum."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from solver.routing.features import UNLIMITED, ScheduleRules
from solver.routing.problem import RoutingProblem
from solver.routing.solution import StepKind
from solver.routing.solve import solve
from solver.stop import MaxIterations
from tests.feature_builders import add, make_parts
from tests.feature_optima import find_missed
from tests.feature_problems import random_feature_problem
from tests.problems import K, V, line, make_problem

pytestmark = pytest.mark.core

SAMPLE = range(40)
FULL = range(40, 440)
ITERATIONS = 1500
MISSED_OF = 20
"""The engine may miss one optimum in that many: its search is no proof."""


def random_errands(seed: int) -> RoutingProblem:
    """Return a problem where routes last as short as their order allows and outlets have all."""
    problem = random_feature_problem(seed, features=["parts"])
    assert problem.parts is not None
    k = problem.n_vehicles
    return replace(
        problem,
        parts=replace(
            problem.parts,
            vehicle_van=np.arange(k, dtype=np.int32),
            van_stock=np.resize(problem.parts.van_stock, (k, 2)).astype(np.int32),
            stock=np.full_like(problem.parts.stock, UNLIMITED),
        ),
        rules=ScheduleRules(leaves_for_end=True),
        window_latest=problem.window_limit.copy(),
        break_offset=np.zeros_like(problem.break_offset),
        break_earliest=problem.break_earliest[:0],
        break_latest=problem.break_latest[:0],
        break_duration_s=problem.break_duration_s[:0],
        cost_per_overtime_second=np.zeros_like(problem.cost_per_overtime_second),
    )


def test_engine_finds_the_optimum_with_errands() -> None:
    missed = find_missed(SAMPLE, random_errands, ITERATIONS)
    assert len(missed) <= len(SAMPLE) // MISSED_OF, missed


@pytest.mark.soak
def test_engine_finds_the_optimum_with_many_errands() -> None:
    missed = find_missed(FULL, random_errands, ITERATIONS)
    assert len(missed) <= len(FULL) // MISSED_OF, missed


def test_stop_moves_forward_for_a_visit_in_front_of_it() -> None:
    # Home at 0, outlet at 1000, visits at 2000 and 3000 in need of a part each; the van has none.
    problem = make_problem(
        [V(2, windows=[(0, 9000, 9000)]), V(3, windows=[(0, 9000, 9000)])],
        [K(shift=(0, 20_000))],
        [line([0, 1000, 2000, 3000])],
    )
    parts = make_parts(
        [{0: 1}, {0: 1}], used_up=[1], vans=[[0]], vehicle_van=[0],
        points=[(1, 0, 20_000, 100, 0)], stock=[[UNLIMITED]],
    )  # fmt: skip
    problem = add(problem, parts=parts, rules=ScheduleRules(leaves_for_end=True))
    found = solve(problem, stop=MaxIterations(50), seed=1, engine="core")
    # Out to 3000 and back, 100 s at the outlet, two services of 600 s.
    assert found.cost == 2 * 3000 + 100 + 2 * 600
    (route,) = found.routes
    assert [stop.step.kind for stop in route.stops].count(StepKind.PICKUP) == 1
