"""Trials without one of the tours: how a search gets from two tours to one."""

from __future__ import annotations

import pytest

from solver.routing.core import copy_problem, load_engine
from solver.routing.problem import RoutingProblem
from solver.routing.solution import StepKind
from tests.problems import DAY_S, K, V, line, make_problem

pytestmark = pytest.mark.core

N_VISITS = 30
STEP_M = 100


def street() -> RoutingProblem:
    """Return visits every 100 m along a street that one vehicle can serve in one go."""
    at = [0, *(STEP_M * (i + 1) for i in range(N_VISITS))]
    visits = [
        V(at=1 + i, windows=((0, DAY_S, DAY_S),), penalty=1_000_000, late=(1800, 0, 0))
        for i in range(N_VISITS)
    ]
    shift = K(
        start=0, end=0, shift=(0, DAY_S), fixed=0, per_second=0, per_overtime_second=0, per_meter=1
    )
    return make_problem(visits, [shift] * 3, [line(at)])


def test_search_given_two_long_tours_of_one_street_closes_one_of_them() -> None:
    problem = street()
    search = load_engine().LooseSearch(copy_problem(problem), 1)
    visit = int(StepKind.VISIT)
    even, odd = ([(visit, v, v) for v in range(first, N_VISITS, 2)] for first in (0, 1))
    search.adopt([even, odd, []])
    # To the last house of each tour and back: 2 x (2900 + 3000).
    assert search.best_cost == 11_800
    search.iterate(400)
    assert search.best_cost == 2 * N_VISITS * STEP_M
    assert sorted(len(route) for route in search.best()) == [0, 0, N_VISITS]
