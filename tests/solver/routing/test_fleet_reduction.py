"""Fewer vehicles, where each costs more than any detour."""

from __future__ import annotations

import numpy as np
import pytest

from solver.routing.problem import RoutingProblem
from solver.routing.referee import referee
from solver.routing.solve import solve
from solver.stop import MaxIterations
from tests.problems import DAY_S, K, make_problem, strict

pytestmark = pytest.mark.core

ROUTES = 8
STOPS = 12
VEHICLES = 14
SERVICE_S = 600
HALF_WINDOW_S = 2700


def planted(fixed: int) -> RoutingProblem:
    """Return visits of eight routes drawn at random, with windows around when these arrive."""
    draw = np.random.default_rng(5)
    places = [(500, 500)]
    windows = []
    for _ in range(ROUTES):
        now, here = 0, places[0]
        for _ in range(STOPS):
            there = (int(draw.integers(0, 1000)), int(draw.integers(0, 1000)))
            now += _way(here, there)
            windows.append((max(0, now - HALF_WINDOW_S), now + HALF_WINDOW_S))
            now, here = now + SERVICE_S, there
            places.append(there)
    ways = np.array([[_way(a, b) for b in places] for a in places], dtype=np.int32)
    visits = [
        strict(1 + i, first, last, service=SERVICE_S, penalty=10_000_000)
        for i, (first, last) in enumerate(windows)
    ]
    van = K(
        start=0, end=0, shift=(0, DAY_S), fixed=fixed, per_second=0, per_overtime_second=0,
        per_meter=1,
    )  # fmt: skip
    return make_problem(visits, [van] * VEHICLES, [(ways, ways)])


def _way(a: tuple[int, int], b: tuple[int, int]) -> int:
    return int(np.hypot(a[0] - b[0], a[1] - b[1]))


def count_vehicles(problem: RoutingProblem, iterations: int, threads: int = 1) -> int:
    plan = solve(problem, stop=MaxIterations(iterations), seed=1, threads=threads)
    assert not plan.unassigned
    assert referee(problem, plan) == ()
    return sum(bool(route.stops) for route in plan.routes)


@pytest.mark.parametrize("threads", [1, 2])
def test_dear_vehicles_become_fewer_than_by_ruin_and_recreate_alone(threads: int) -> None:
    # By price alone the search stays at six for 100 000 iterations: each step to five is dear.
    assert count_vehicles(planted(1_000_000), 6_000, threads) <= 5


def test_where_vehicles_cost_nothing_the_way_decides() -> None:
    assert count_vehicles(planted(0), 3_000) > 5
