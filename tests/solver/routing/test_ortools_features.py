"""What the OR-Tools twin makes of features: those it knows, and those it refuses by name."""

from __future__ import annotations

from typing import Any

import pytest

from solver.errors import UnsupportedFeature
from solver.routing import solve as solving
from solver.routing.features import ScheduleRules
from solver.routing.ortools_model import solve_with_ortools
from solver.routing.ortools_support import find_unsupported
from solver.routing.problem import RoutingProblem
from solver.routing.referee import referee
from solver.routing.solve import solve
from solver.stop import MaxIterations
from tests.feature_brute_force import feature_brute_force
from tests.feature_builders import (
    add,
    make_agreed,
    make_limits,
    make_links,
    make_parts,
    make_rush,
    make_shares,
    make_times,
)
from tests.feature_problems import Size, random_feature_problem
from tests.problems import DAY_S, K, P, V, line, make_problem

FEW = MaxIterations(15)


def base(vehicles: int = 1) -> RoutingProblem:
    return make_problem([V(1), V(2)], [K() for _ in range(vehicles)], [line([0, 1000, 3000])])


@pytest.mark.parametrize(
    ("name", "most", "unassigned"),
    # Both visits: 6000 m, 6000 s of driving, 7200 s in all. The first alone: 2000, 2000, 2600.
    [
        ("visits", 1, 1),
        ("visits", 2, 0),
        ("distance_m", 5999, 1),
        ("distance_m", 6000, 0),
        ("driving_s", 5999, 1),
        ("driving_s", 6000, 0),
        ("duration_s", 7199, 1),
        ("duration_s", 7200, 0),
        ("duration_s", 2599, 2),
    ],
)
def test_limits_are_kept_and_used_to_the_last(name: str, most: int, unassigned: int) -> None:
    problem = add(base(), limits=make_limits(1, **{name: [most]}))
    solution = solve_with_ortools(problem, stop=FEW, seed=1)
    assert len(solution.unassigned) == unassigned
    assert referee(problem, solution) == ()


def test_limits_of_vehicles_do_not_bind_pools() -> None:
    problem = make_problem([V(1), V(1)], [K()], [line([0, 1000])], pools=[P(2, {0: 5, 1: 5})])
    problem = add(problem, limits=make_limits(1, visits=[0], distance_m=[0], driving_s=[0]))
    assert solve_with_ortools(problem, stop=FEW, seed=1).pools == ((0, 1),)


def test_whoever_is_faster_at_a_visit_gets_it() -> None:
    times = make_times([0, 1], [[600, 60], [60, 600]])
    problem = make_problem([V(1), V(1)], [K(), K()], [line([0, 10])])
    problem = add(problem, service_times=times)
    solution = solve_with_ortools(problem, stop=MaxIterations(40), seed=1)
    assert [route.visits for route in solution.routes] == [(1,), (0,)]
    # Twice 10 + 60 + 10.
    assert solution.cost == 160
    assert referee(problem, solution) == ()


def test_a_departure_for_the_end_is_stated_as_the_rule_says() -> None:
    visits = [V(1, windows=[(0, 3000, 3000)]), V(2, windows=[(9000, DAY_S, DAY_S)])]
    problem = make_problem(visits, [K()], [line([0, 1000, 3000])])
    problem = add(problem, rules=ScheduleRules(leaves_for_end=True, late_at_start=True))
    solution = solve_with_ortools(problem, stop=FEW, seed=1)
    # The first one at 3000 at the latest: from 2000 to 12 600.
    assert (solution.cost, solution.routes[0].departure) == (10_600, 2000)
    assert referee(problem, solution) == ()


@pytest.mark.parametrize("seed", range(6))
def test_plans_with_known_features_are_sound_and_near_the_optimum(seed: int) -> None:
    problem = random_feature_problem(seed, Size(4, 2), ["limits", "times"])
    solution = solve_with_ortools(problem, stop=MaxIterations(40), seed=1)
    assert referee(problem, solution) == ()
    optimum = feature_brute_force(problem)
    assert optimum <= solution.cost <= 1.2 * optimum + 3000


UNKNOWN: dict[str, dict[str, Any]] = {
    "travel by hour": {"rush_hours": make_rush(base(), [(0, 0)], [1])},
    "parts": {"parts": make_parts([{0: 1}, {}], used_up=[1], vans=[[1]], vehicle_van=[0])},
    "links between visits": {"links": make_links([{"first": 0, "second": 1}], [0])},
    "fair shares": {"fair_shares": make_shares([0], [0], [0])},
    "a price on the worst lateness": {"rules": ScheduleRules(worst_late_rate=1)},
    "what customers were told": {"agreed": make_agreed([{"latest": 9, "rate": 1}, {}], [0], [0])},
    "vehicles that are out already": {"agreed": make_agreed([{}, {}], [0], [1])},
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_it_does_not_know_it_refuses(name: str) -> None:
    problem = add(base(), **UNKNOWN[name])
    with pytest.raises(UnsupportedFeature, match=f"'ortools' does not know {name}; only") as caught:
        solve(problem, stop=FEW, engine="ortools")
    assert (caught.value.engine, caught.value.features) == ("ortools", (name,))


def test_all_unknown_features_are_named_together() -> None:
    features = {k: v for f in UNKNOWN.values() for k, v in f.items()}
    both = make_agreed([{"person": 0, "cost": 1}, {}], [0], [1])
    problem = add(base(), **{**features, "agreed": both})
    assert find_unsupported(problem) == tuple(UNKNOWN)


def test_features_that_bind_nothing_are_no_obstacle() -> None:
    problem = add(
        base(),
        parts=make_parts([{}, {}], used_up=[1], vans=[[1]], vehicle_van=[0]),
        links=make_links([], [0]),
        fair_shares=make_shares([0], [0], [0], per_second=0, per_meter=0),
        limits=make_limits(1),
        agreed=make_agreed([{"latest": 9}, {"rate": 9, "cost": 9}], [0], [0]),
    )
    assert solve_with_ortools(problem, stop=FEW, seed=1).cost == 7200


def test_without_the_core_a_problem_with_features_is_refused_not_simplified(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(solving, "is_available", lambda: False)
    problem = add(base(), **UNKNOWN["links between visits"])
    with pytest.raises(UnsupportedFeature, match="only the compiled core does"):
        solve(problem, stop=FEW)
    assert solve(base(), stop=FEW).engine == "ortools"
