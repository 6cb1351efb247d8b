"""Small problems with traffic, parts, links, limits and shares: the engine against the optimum.

The optimum comes from ``tests/feature_brute_force.py``; every plan passes the referee. On larger
problems the referee alone judges: links and stock are never violated.
"""

from __future__ import annotations

import functools

import pytest

from solver.routing.problem import RoutingProblem
from solver.routing.referee import referee
from solver.routing.solution import RoutingSolution
from solver.routing.solve import solve
from solver.stop import MaxIterations
from tests.feature_optima import find_missed
from tests.feature_problems import FEATURES, large, random_feature_problem

pytestmark = pytest.mark.core

SAMPLE = range(30)
FULL = range(30, 630)
LARGE_SAMPLE = range(3)
LARGE_FULL = range(3, 2000)
ITERATIONS = 2000
LARGE_ITERATIONS = 200
MISSED_OF = 10
"""The engine may miss one optimum in that many: its search is no proof. Rules are never broken."""


def plan(problem: RoutingProblem) -> RoutingSolution:
    return solve(problem, stop=MaxIterations(LARGE_ITERATIONS), seed=1, engine="core")


def test_engine_finds_the_optimum_with_features() -> None:
    missed = find_missed(SAMPLE, random_feature_problem, ITERATIONS)
    assert len(missed) <= len(SAMPLE) // MISSED_OF, missed


@pytest.mark.parametrize("feature", FEATURES)
def test_engine_finds_the_optimum_with_one_feature(feature: str) -> None:
    seeds = range(1000, 1010)
    make = functools.partial(random_feature_problem, features=[feature])
    missed = find_missed(seeds, make, ITERATIONS)
    assert len(missed) <= len(seeds) // MISSED_OF, missed


@pytest.mark.soak
def test_engine_finds_the_optimum_of_nearly_every_small_problem() -> None:
    missed = find_missed(FULL, random_feature_problem, ITERATIONS)
    assert len(missed) <= len(FULL) // MISSED_OF, missed


@pytest.mark.parametrize("seed", LARGE_SAMPLE)
def test_larger_plans_keep_every_rule(seed: int) -> None:
    problem = random_feature_problem(seed, large(seed))
    assert referee(problem, plan(problem)) == ()


@pytest.mark.soak
def test_many_larger_plans_keep_every_rule() -> None:
    for seed in LARGE_FULL:
        problem = random_feature_problem(seed, large(seed))
        assert referee(problem, plan(problem)) == (), f"seed {seed}"
