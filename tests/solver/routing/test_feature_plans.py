"""Random plans with features: timetable, search and referee agree, and any wrong figure is seen."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import fields, replace
from typing import Any

import pytest

from solver.errors import InvalidParameter
from solver.routing.problem import RoutingProblem
from solver.routing.referee import referee
from solver.routing.solution import Route, RoutingSolution
from solver.routing.timetable import build_solution
from solver.status import StoppedBy
from tests.feature_brute_force import PlanSearch, Visits, minus
from tests.feature_problems import random_feature_problem
from tests.route_words import Found

SAMPLE = range(40)
FULL = range(40, 700)
PLANS = 8


def draw_plan(
    problem: RoutingProblem, search: PlanSearch, draw: random.Random
) -> tuple[Visits, list[Found], bool]:
    """Return visits left, routes that fit one by one, and whether the stocks hold enough."""
    left = frozenset(range(problem.n_visits))
    vans = [] if problem.parts is None else [tuple(u) for u in problem.parts.van_stock.tolist()]
    given: Counter[tuple[int, int]] = Counter()
    chosen: list[Found] = []
    for k in range(problem.n_vehicles):
        load = vans[search.van_of(k)] if vans else ()
        fitting = [
            route
            for visits, routes in search.routes(k, load).items()
            if visits <= left
            for route in routes
        ]
        idle = [route for route in fitting if not route.visits]
        if not fitting or (draw.random() < 0.15 and not idle):
            continue
        route = idle[0] if idle and draw.random() < 0.3 else draw.choice(fitting)
        chosen.append(route)
        left -= route.visits
        given += Counter(dict(route.taken))
        if vans:
            vans[search.van_of(k)] = minus(load, route.used)
    return left, chosen, search.in_stock(given)


def build(problem: RoutingProblem, chosen: list[Found]) -> RoutingSolution | None:
    """Let the timetable make the plan; None if it refuses."""
    try:
        return build_solution(
            problem, {route.vehicle: route.steps for route in chosen},
            [()] * problem.n_pools, engine="hand", seed=0, iterations=0, runtime_s=0.0,
            stopped_by=StoppedBy.EXHAUSTED,
        )  # fmt: skip
    except InvalidParameter:
        return None


def check_agreement(seed: int) -> int:
    """Return the number of sound plans of which all three say the same."""
    problem = random_feature_problem(seed)
    search = PlanSearch(problem)
    draw = random.Random(seed)  # noqa: S311 - a repeatable sample, no secret
    sound = 0
    for _ in range(PLANS):
        left, chosen, in_stock = draw_plan(problem, search, draw)
        cost = search.price(left, chosen) if in_stock else None
        solution = build(problem, chosen)
        assert (solution is None) == (cost is None), f"seed {seed}"
        if solution is not None:
            assert referee(problem, solution) == (), f"seed {seed}"
            if not problem.n_pools:  # the search may use pools, this plan does not
                assert solution.cost == cost, f"seed {seed}"
            sound += 1
    return sound


def test_timetable_search_and_referee_agree() -> None:
    # Most plans fit; those that do not are refused by both.
    assert sum(check_agreement(seed) for seed in SAMPLE) > len(SAMPLE) * PLANS // 2


@pytest.mark.soak
def test_timetable_search_and_referee_agree_on_every_problem() -> None:
    assert sum(check_agreement(seed) for seed in FULL) > len(FULL) * PLANS // 2


def spoil(solution: RoutingSolution, draw: random.Random) -> tuple[str, RoutingSolution]:
    """Move one figure of the plan by one."""
    by = draw.choice((-1, 1))

    def move(item: Any, name: str) -> Any:
        return replace(item, **{name: getattr(item, name) + by})

    number = draw.randrange(len(solution.routes))
    route: Route = solution.routes[number]
    names = [f.name for f in fields(route) if isinstance(getattr(route, f.name), int)]
    names = [name for name in names if name != "vehicle"]
    place = draw.choice(("plan", "route", "stop" if route.stops else "route", "cost"))
    if place == "plan":
        name = draw.choice(("cost", "shared_cost"))
        return name, move(solution, name)
    if place == "cost":
        name = draw.choice([f.name for f in fields(route.cost)])
        changed = replace(route, cost=move(route.cost, name))
    elif place == "route":
        name = draw.choice(names)
        changed = move(route, name)
    else:
        position = draw.randrange(len(route.stops))
        name = draw.choice(("leg_s", "leg_m", "reached", "arrival", "start", "end", "lateness_s"))
        stops = list(route.stops)
        stops[position] = move(stops[position], name)
        changed = replace(route, stops=tuple(stops))
    routes = (*solution.routes[:number], changed, *solution.routes[number + 1 :])
    return f"{place} {name}", replace(solution, routes=routes)


def test_any_figure_off_by_one_is_noticed() -> None:
    for seed in SAMPLE:
        problem = random_feature_problem(seed)
        draw = random.Random(seed)  # noqa: S311 - a repeatable sample, no secret
        _, chosen, _ = draw_plan(problem, PlanSearch(problem), draw)
        solution = build(problem, chosen)
        if solution is None or not solution.routes:
            continue
        for _ in range(10):
            what, spoiled = spoil(solution, draw)
            assert referee(problem, spoiled) != (), f"seed {seed} {what}"
