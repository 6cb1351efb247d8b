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
ITERATIONS = 6000


@cache
def large_day(bases: int = 5, late_s: int = 4800) -> RoutingProblem:
    """A town of 20 by 20 km, some bases, lunch breaks, two trades, a pool that is soon full."""
    rng = np.random.default_rng(5)
    places = rng.integers(0, 20_000, size=(VISITS + bases, 2))
    meters = np.abs(places[:, None, :] - places[None, :, :]).sum(axis=2).astype(np.int32)
    seconds = (meters // 10).astype(np.int32)
    begins = rng.integers(0, 24_000, size=VISITS)
    visits = [
        V(
            at=visit,
            windows=((int(begin), int(begin) + 7200, int(begin) + 7200 + late_s),),
            service=int(rng.integers(600, 2400)),
            penalty=int(rng.integers(20_000, 100_000)),
        )
        for visit, begin in enumerate(begins)
    ]
    starts = VISITS + rng.integers(0, bases, size=TECHNICIANS)
    vehicles = [
        K(start=int(base), end=int(base), overtime=3600, breaks=((14_000, 18_000, 1800),))
        for base in starts
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
    plan = planned(ITERATIONS, threads)
    assert referee(large_day(), plan) == ()
    assert plan.trace[-1][2] == plan.cost
    assert plan.iterations == ITERATIONS
    assert plan.stopped_by is StoppedBy.ITERATIONS
    # 410 visits may go to the pool for far less than any way there costs; it takes nine
    assert len(plan.pools[0]) == POOL_ROOM


def test_regions_better_the_plan_they_are_cut_from() -> None:
    assert planned(ITERATIONS).cost < planned(1).cost


def test_two_threads_find_the_same_plan_every_time() -> None:
    again = solve(large_day(), stop=MaxIterations(ITERATIONS), seed=3, threads=2)
    assert decision_of(again) == decision_of(planned(ITERATIONS, 2))


def test_a_start_is_never_made_dearer() -> None:
    start = planned(ITERATIONS)
    limit = MaxIterations(3000)
    assert solve(large_day(), stop=limit, seed=4, start=start).cost <= start.cost


@pytest.mark.parametrize(("bases", "late_s"), [(1, 0), (5, 0), (5, 4800)])
def test_first_plans_are_legal_made_as_a_whole_or_region_by_region(bases: int, late_s: int) -> None:
    # with one base all technicians would be in one region, so the day is begun as a whole; and so
    # is one on which visits may be late
    day = large_day(bases, late_s)
    plan = solve(day, stop=MaxIterations(0), seed=3)
    assert referee(day, plan) == ()
    assert plan.trace[-1][2] == plan.cost
    # what regions leave out, and rooms of the pool they leave, are offered to the whole day
    assert len(plan.pools[0]) == POOL_ROOM


def test_a_start_takes_the_place_of_a_first_plan() -> None:
    start = planned(ITERATIONS)
    plan = solve(large_day(), stop=MaxIterations(0), seed=4, start=start)
    assert plan.cost <= start.cost
