"""Vehicles that start at different places equally far from everywhere are interchangeable."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from solver.routing.core import copy_problem, load_engine
from solver.routing.features import RushHours
from solver.routing.problem import RoutingProblem
from solver.routing.referee import referee
from solver.routing.solve import solve
from solver.stop import MaxIterations
from tests.problems import K, V, line, make_problem

pytestmark = pytest.mark.core

ADDRESSES = [0, 0, 0, 500, 900, 1_400, 1_900]
"""Meters along a line: three technicians live next door to each other, numbers 0 to 2."""


def types_of(problem: RoutingProblem) -> list[int]:
    engine = load_engine().Engine(
        copy_problem(problem),
        seed=1, threads=1, max_iterations=1, max_idle=-1, max_runtime_s=-1.0,
    )  # fmt: skip
    return list(engine.vehicle_types)


def neighbors(*, start: int = 2, end: int = 2, per_second: int = 1) -> RoutingProblem:
    return make_problem(
        [V(at, windows=[(600 * at, 600 * at + 1200, 600 * at + 1200)]) for at in (3, 4, 5, 6)],
        [K(0, 0), K(1, 1), K(start, end, per_second=per_second)],
        [line(ADDRESSES)],
    )


def test_neighbors_are_of_one_type_whatever_the_numbers_of_their_places():
    assert types_of(neighbors()) == [0, 0, 0]


def test_who_costs_more_or_lives_elsewhere_is_of_another_type():
    assert types_of(neighbors(per_second=3)) == [0, 0, 1]
    assert types_of(neighbors(start=3)) == [0, 0, 1]
    assert types_of(neighbors(end=3)) == [0, 0, 1]


@pytest.mark.parametrize("there", [True, False])
def test_one_way_that_differs_makes_another_type(there: bool):
    problem = neighbors()
    slower = problem.durations_s[0].copy()
    slower[(2, 6) if there else (6, 2)] += 1
    assert types_of(replace(problem, durations_s=(slower,))) == [0, 0, 1]


def test_a_way_that_differs_at_one_hour_makes_another_type():
    problem = neighbors()
    free = problem.durations_s[0]
    jam = free.copy()
    jam[2, 6] += 60
    rush = RushHours(
        bucket_start=np.array([0, 7200], dtype=np.int32),
        bucket_regime=np.array([0, 1], dtype=np.int32),
        durations_s=((free, jam),),
    )
    assert types_of(replace(problem, rush_hours=rush)) == [0, 0, 1]


def test_plans_with_interchangeable_neighbors_keep_all_rules():
    problem = neighbors()
    found = solve(problem, stop=MaxIterations(2_000), seed=1, engine="core")
    assert referee(problem, found) == ()
    assert found.unassigned == ()
