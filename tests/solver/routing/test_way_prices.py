"""Ways into random plans with all features: prices, and what a rung says, hold to the unit."""

from __future__ import annotations

import pytest

from solver.routing.problem import RoutingProblem
from solver.routing.referee import referee
from solver.routing.solution import RoutingSolution, StepKind
from solver.routing.visit_row import extend_problem
from solver.routing.ways import Rung, Way, WayFinder
from tests.feature_problems import large, random_feature_problem, small
from tests.ways import carry_out, lateness_of, plan_of, plan_without, price_of, row_of, steps_of

pytestmark = pytest.mark.core

LARGE_SAMPLE, LARGE_FULL = range(12), range(12, 400)
SMALL_SAMPLE, SMALL_FULL = range(40), range(40, 2000)
LARGE_ITERATIONS, SMALL_ITERATIONS = 200, 50


def check_ways(problem: RoutingProblem, before: RoutingSolution, visit: int) -> list[Way]:
    finder = WayFinder(problem, before)
    assert finder.barred == ()
    ways = finder.find_ways(visit, top=6)
    for way in ways:
        after = carry_out(problem, before, visit, way)
        assert referee(problem, after) == ()
        assert price_of(problem, before, after) == way.cost
        check_words(problem, before, after, visit, way)
    servers = [(way.vehicle, way.pool) for way in ways]
    different = len(set(servers))
    assert len(set(servers[:different])) == different
    # The last may be dearer and there for disturbing nobody.
    costs = [way.cost for way in ways[: different - 1]]
    assert costs == sorted(costs)
    return list(ways)


def check_words(
    problem: RoutingProblem,
    before: RoutingSolution,
    after: RoutingSolution,
    visit: int,
    way: Way,
) -> None:
    """Whether the plan changed as the way says."""
    assert visit not in after.unassigned
    assert set(after.unassigned) - set(before.unassigned) == set(way.dropped)
    vehicles = {v: r.vehicle for r in before.routes for v in r.visits}
    now = {v: r.vehicle for r in after.routes for v in r.visits}
    moved = {v for v in vehicles if v in now and now[v] != vehicles[v]}
    assert moved == set(way.displaced)
    if way.vehicle is not None:
        assert now[visit] == way.vehicle
        if not problem.rules.leaves_for_end:  # else arrivals move to the right
            assert arrival_of(after, visit) == way.arrival_s
    late_before, late = lateness_of(problem, before), lateness_of(problem, after)
    worse = {v for v, seconds in late_before.items() if late.get(v, 0) > seconds}
    if not problem.rules.leaves_for_end and not way.displaced and way.rung is not Rung.REORDER:
        assert (way.rung is Rung.SLIDE) == bool(worse - set(way.dropped)) or way.dropped
    if way.displaced:
        assert len(way.changed) <= 2


def arrival_of(solution: RoutingSolution, visit: int) -> int:
    return next(
        stop.arrival
        for route in solution.routes
        for stop in route.stops
        if stop.step.kind is StepKind.VISIT and stop.step.index == visit
    )


def test_ways_into_large_plans_cost_what_they_say() -> None:
    rungs = {way.rung for seed in LARGE_SAMPLE for way in check_large(seed)}
    assert rungs >= {Rung.INSERTION, Rung.SLIDE, Rung.REORDER, Rung.SWAP, Rung.EJECT}


@pytest.mark.soak
def test_ways_into_many_large_plans_cost_what_they_say() -> None:
    assert sum(len(check_large(seed)) for seed in LARGE_FULL) > len(LARGE_FULL)


def check_large(seed: int) -> list[Way]:
    problem = random_feature_problem(seed, large(seed))
    visit = seed % problem.n_visits
    return check_ways(problem, plan_without(problem, visit, LARGE_ITERATIONS), visit)


def test_ways_into_small_plans_cost_what_they_say() -> None:
    assert sum(len(check_small(seed)) for seed in SMALL_SAMPLE) > len(SMALL_SAMPLE)


@pytest.mark.soak
def test_ways_into_many_small_plans_cost_what_they_say() -> None:
    assert sum(len(check_small(seed)) for seed in SMALL_FULL) > len(SMALL_FULL)


def check_small(seed: int) -> list[Way]:
    problem = random_feature_problem(seed, small(seed))
    visit = seed % problem.n_visits
    return check_ways(problem, plan_without(problem, visit, SMALL_ITERATIONS), visit)


def test_a_visit_added_on_the_spot_has_the_ways_of_one_that_was_always_there() -> None:
    some = 0
    for seed in LARGE_SAMPLE:
        problem = random_feature_problem(seed, large(seed))
        before = plan_without(problem, 0, LARGE_ITERATIONS)
        finder = WayFinder(problem, before)
        for visit in (1, 2, 1):  # who sat there before leaves no trace
            row = row_of(problem, visit)
            wider = extend_problem(problem, row)
            same = plan_of(wider, steps_of(before), before.pools)
            expected = WayFinder(wider, same).find_ways(problem.n_visits)
            assert finder.find_ways_for(row) == expected
            some += len(expected)
        assert finder.find_ways(0) == WayFinder(problem, before).find_ways(0)
    assert some > len(LARGE_SAMPLE)
