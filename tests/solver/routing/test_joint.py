"""Trials are left out where legs alone say that they gain nothing: never one that would gain. The
debug core carries out each of them, and stops where one gains."""

from __future__ import annotations

import random

import pytest

from solver.routing.core import copy_problem, load_engine
from solver.routing.problem import RoutingProblem
from tests.loose_judge import judge
from tests.problems import DAY_S, K, line, make_problem, strict

pytestmark = pytest.mark.core

N_VISITS = 48


def fleet_problem(seed: int) -> RoutingProblem:
    """Two kinds of vehicles, some with ways and prices of their own, from other places, some with
    fixed costs; windows and loads bind."""
    draw = random.Random(seed)  # noqa: S311 - made-up problems
    at = [draw.randrange(-3000, 3000) for _ in range(N_VISITS + 2)]
    visits = []
    for i in range(N_VISITS):
        earliest = draw.randrange(0, 10_000)
        latest = earliest + draw.randrange(6000, 20_000)
        visits.append(
            strict(
                2 + i,
                earliest,
                latest,
                service=draw.randrange(0, 300),
                demand=(draw.randrange(1, 5),),
            )
        )
    kinds = [
        K(
            start=0, end=k * (seed % 2), shift=(0, DAY_S), per_second=0, per_overtime_second=0,
            per_meter=1 + k * (seed % 3), fixed=500 * k * (seed % 2), capacity=(60,),
            profile=k,
        )
        for k in range(2)
    ]  # fmt: skip
    detours = [line(at), line([place if i % 3 else place + 200 for i, place in enumerate(at)])]
    return make_problem(visits, [kinds[k % 2] for k in range(8)], detours)


@pytest.mark.parametrize("seed", range(6))
def test_search_of_long_tours_ends_legal_and_priced_right(seed: int) -> None:
    problem = fleet_problem(seed)
    search = load_engine().LooseSearch(copy_problem(problem), 1)
    search.iterate(2000)
    assert search.best_cost == judge(problem, search).cost
    assert search.best_cost < 1_000_000
