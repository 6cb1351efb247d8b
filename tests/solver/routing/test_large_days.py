"""Large days: their plans are cut into regions that are searched one by one or side by side."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from solver.routing.problem import RoutingProblem
from solver.routing.referee import referee
from solver.routing.solution import RoutingSolution, Step
from solver.routing.solve import solve
from solver.status import StoppedBy
from solver.stop import MaxIterations
from tests.problems import K, P, V, make_problem

pytestmark = pytest.mark.core

VISITS = 820  # from 800 on a day is large
TECHNICIANS = 130  # so routes are short
POOL_ROOM = 9
TOGETHER = 3 * VISITS  # iterations before the plan is cut


@cache
def large_day() -> RoutingProblem:
    """A town of 20 by 20 km, five bases, lunch breaks, two trades, a pool that is soon full."""
    rng = np.random.default_rng(5)
    places = rng.integers(0, 20_000, size=(VISITS + 5, 2))
    meters = np.abs(places[:, None, :] - places[None, :, :]).sum(axis=2).astype(np.int32)
    seconds = (meters // 10).astype(np.int32)
    begins = rng.integers(0, 24_000, size=VISITS)
    visits = [
        V(
            at=visit,
            windows=((int(begin), int(begin) + 7200, int(begin) + 12_000),),
            service=int(rng.integers(600, 2400)),
            penalty=int(rng.integers(20_000, 100_000)),
        )
        for visit, begin in enumerate(begins)
    ]
    bases = VISITS + rng.integers(0, 5, size=TECHNICIANS)
    vehicles = [
        K(start=int(base), end=int(base), overtime=3600, breaks=((14_000, 18_000, 1800),))
        for base in bases
    ]
    banned = {(v, k): -1 for v in range(0, VISITS, 4) for k in range(0, TECHNICIANS, 3)}
    pool = P(POOL_ROOM, dict.fromkeys(range(0, VISITS, 2), 900))
    return make_problem(visits, vehicles, [(seconds, meters)], assignment=banned, pools=[pool])


@cache
def planned(iterations: int, threads: int = 1) -> RoutingSolution:
    return solve(large_day(), stop=MaxIterations(iterations), seed=3, threads=threads)


def decision_of(solution: RoutingSolution) -> list[tuple[int, list[Step]]]:
    return [(route.vehicle, [stop.step for stop in route.stops]) for route in solution.routes]


@pytest.mark.parametrize("threads", [1, 2])
def test_a_plan_put_together_from_regions_is_legal_and_costs_what_the_search_says(
    threads: int,
) -> None:
    plan = planned(TOGETHER + 4000, threads)
    assert referee(large_day(), plan) == ()
    assert plan.trace[-1][2] == plan.cost
    assert plan.iterations == TOGETHER + 4000
    assert plan.stopped_by is StoppedBy.ITERATIONS
    # 410 visits may go to the pool for far less than any way there costs; it takes nine
    assert len(plan.pools[0]) == POOL_ROOM


def test_regions_better_the_plan_they_are_cut_from() -> None:
    assert planned(TOGETHER + 4000).cost < planned(TOGETHER).cost


def test_two_threads_find_the_same_plan_every_time() -> None:
    again = solve(large_day(), stop=MaxIterations(TOGETHER + 4000), seed=3, threads=2)
    assert decision_of(again) == decision_of(planned(TOGETHER + 4000, 2))


def test_a_start_is_never_made_dearer() -> None:
    start = planned(TOGETHER + 4000)
    limit = MaxIterations(TOGETHER + 500)
    assert solve(large_day(), stop=limit, seed=4, start=start).cost <= start.cost
