"""The search through plans that break rules for a fine: its best is legal and priced right."""

from __future__ import annotations

import random
from typing import Any

import pytest

from solver.routing.core import copy_problem, load_engine
from solver.routing.features import ScheduleRules
from solver.routing.problem import FORBIDDEN, RoutingProblem
from solver.routing.referee import referee
from solver.routing.solve import solve
from solver.stop import MaxIterations
from tests.feature_brute_force import feature_brute_force
from tests.feature_builders import add, make_limits
from tests.loose_judge import judge
from tests.problems import DAY_S, K, V, line, make_problem, strict
from tests.solver_brute_force import brute_force

pytestmark = pytest.mark.core

SAMPLE = range(60)


def plain_problem(seed: int, n_visits: int, n_vehicles: int) -> RoutingProblem:
    """Distance, fixed costs, assignment and missed visits cost; two kinds of load bind, some
    vehicles start elsewhere, some may not do some visits."""
    draw = random.Random(seed)  # noqa: S311 - made-up problems
    at = [draw.randrange(-3000, 3000) for _ in range(n_visits + 2)]
    visits = []
    for i in range(n_visits):
        earliest = draw.randrange(0, 12_000)
        latest = earliest + draw.randrange(600, 9000)
        visits.append(
            strict(
                2 + i,
                earliest,
                latest,
                service=draw.randrange(0, 900),
                penalty=draw.choice((2000, 5000, 1_000_000)),
                demand=(draw.randrange(1, 5), draw.randrange(0, 3)),
            )
        )
    kinds = [
        K(
            start=draw.randrange(2), end=draw.randrange(2), shift=(0, DAY_S // 2),
            fixed=draw.choice((0, 300)), per_second=0, per_overtime_second=0, per_meter=1,
            capacity=(draw.randrange(5, 12), draw.randrange(2, 8)),
        )
        for _ in range(2)
    ]  # fmt: skip
    assignment = {
        (v, k): draw.choice((0, 50, FORBIDDEN))
        for v in range(n_visits)
        for k in range(n_vehicles)
        if seed % 2 and draw.random() < 0.3
    }
    vehicles = [kinds[k % 2] for k in range(n_vehicles)]
    return make_problem(visits, vehicles, [line(at)], assignment=assignment)


def loose(problem: RoutingProblem, seed: int, iterations: int) -> Any:
    search = load_engine().LooseSearch(copy_problem(problem), seed)
    search.iterate(iterations)
    return search


def finds(problem: RoutingProblem, iterations: int, optimum: int, about: str) -> bool:
    """Say whether a search finds the optimum; it is priced right and never below it."""
    search = loose(problem, seed=1, iterations=iterations)
    assert search.best_cost == judge(problem, search).cost
    assert search.best_cost >= optimum, about
    return bool(search.best_cost == optimum)


def test_loose_search_of_tiny_problems_is_never_too_cheap_and_mostly_finds_the_optimum() -> None:
    found = 0
    for seed in SAMPLE:
        problem = plain_problem(seed, n_visits=2 + seed % 4, n_vehicles=1 + seed % 3)
        found += finds(problem, 1500, brute_force(problem), f"seed {seed}")
    # It gives up no visit whose penalty is far above the fines before these have grown; in a solve
    # such plans come from ruin and recreate. 56 of 60 when it was written.
    assert found >= 0.9 * len(SAMPLE)


def lean_problem(seed: int, n_visits: int, n_vehicles: int) -> RoutingProblem:
    """The same with a longest duration of a route that leaves as late as it can."""
    limits = make_limits(n_vehicles, duration_s=[3000 + 1500 * (k % 3) for k in range(n_vehicles)])
    problem = plain_problem(seed, n_visits, n_vehicles)
    return add(problem, limits=limits, rules=ScheduleRules(leaves_for_end=True))


def test_no_route_of_the_best_plan_lasts_longer_than_it_may() -> None:
    found = bound = 0
    for seed in SAMPLE:
        problem = lean_problem(seed, n_visits=2 + seed % 4, n_vehicles=1 + seed % 3)
        optimum = feature_brute_force(problem)
        found += finds(problem, 8000, optimum, f"seed {seed}")
        bound += optimum > brute_force(plain_problem(seed, 2 + seed % 4, 1 + seed % 3))
    assert found >= 0.9 * len(SAMPLE)
    assert bound > 0.2 * len(SAMPLE)


def test_loose_search_refuses_durations_from_a_departure_that_is_not_the_latest() -> None:
    problem = add(plain_problem(1, 3, 2), limits=make_limits(2, duration_s=[5000, 5000]))
    assert not load_engine().suits_loose_search(copy_problem(problem))


@pytest.mark.parametrize("seed", range(6))
def test_best_plan_of_a_larger_problem_is_legal_and_costs_what_the_search_says(seed: int) -> None:
    kind = lean_problem if seed % 2 else plain_problem
    problem = kind(seed, n_visits=60, n_vehicles=9)
    search = loose(problem, seed=1, iterations=400)
    assert search.best_cost == judge(problem, search).cost


def test_hot_search_of_long_tours_by_equal_vehicles_ends_legal_and_below_its_first_plan() -> None:
    draw = random.Random(4)  # noqa: S311 - made-up problem
    at = [draw.randrange(-3000, 3000) for _ in range(321)]
    visits = []
    for i in range(320):
        earliest = draw.randrange(0, 30_000)
        visits.append(strict(1 + i, earliest, earliest + 6000, service=60, demand=(1,)))
    van = K(
        start=0, end=0, shift=(0, DAY_S), per_second=0, per_overtime_second=0, per_meter=1,
        capacity=(80,),
    )  # fmt: skip
    # 320 visits on 16 tours at most: 20 each.
    problem = make_problem(visits, [van] * 16, [line(at)])
    search = loose(problem, seed=1, iterations=60)
    first = search.best_cost
    search.iterate(400)
    assert search.best_cost == judge(problem, search).cost < first


def test_loose_search_begins_with_a_plan_it_is_given_and_never_ends_with_a_dearer_one() -> None:
    problem = plain_problem(3, n_visits=60, n_vehicles=9)
    good = loose(problem, seed=1, iterations=400)
    other = load_engine().LooseSearch(copy_problem(problem), 2)
    other.adopt(good.best())
    assert other.best_cost == good.best_cost
    other.iterate(50)
    assert other.best_cost <= good.best_cost


def test_loose_search_of_a_seed_repeats() -> None:
    problem = plain_problem(4, n_visits=60, n_vehicles=9)
    first, second = (loose(problem, seed=5, iterations=200) for _ in range(2))
    assert first.best() == second.best()


def test_loose_search_refuses_a_problem_in_which_time_has_a_price() -> None:
    problem = make_problem([V(1)], [K(per_second=1)], [line([0, 1000])])
    assert not load_engine().suits_loose_search(copy_problem(problem))
    with pytest.raises(ValueError, match="only distance"):
        load_engine().LooseSearch(copy_problem(problem), 1)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("kind", [8, 9])  # odd: vehicles that may not do all visits
def test_whole_solve_with_both_searches_repeats_under_an_iteration_limit(
    threads: int, kind: int
) -> None:
    problem = plain_problem(kind, n_visits=160, n_vehicles=40)
    assert load_engine().suits_loose_search(copy_problem(problem))
    first, second = (
        solve(problem, stop=MaxIterations(6000), seed=3, threads=threads, engine="core")
        for _ in range(2)
    )
    assert referee(problem, first) == ()
    assert first.cost == second.cost
    assert [r.stops for r in first.routes] == [r.stops for r in second.routes]
    assert first.iterations == 6000
