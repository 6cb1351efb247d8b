"""Insertions are ranked exactly also where customers were told something and vehicles are out."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import pytest

from solver.errors import InvalidParameter
from solver.routing.insertion import InsertionOption, InsertionRanker
from solver.routing.problem import RoutingProblem
from solver.routing.solution import RoutingSolution, Step, StepKind
from solver.routing.timetable import Infeasible, place_breaks
from tests.feature_problems import Size, random_feature_problem
from tests.timetables import plan_of

pytestmark = pytest.mark.core

SEEDS = range(60)
OTHERS = ("rush", "limits", "times", "rules")


def least(
    problem: RoutingProblem, orders: dict[int, list[Step]], way: tuple[int, int]
) -> int | None:
    """Return the cost of the cheapest plan with one visit more on one vehicle, or None."""
    visit, vehicle = way
    bare = orders.get(vehicle, [])
    costs = []
    for window, place in itertools.product(problem.windows_of(visit), range(len(bare) + 1)):
        step = Step(StepKind.VISIT, visit, window)
        made = build(problem, {**orders, vehicle: [*bare[:place], step, *bare[place:]]})
        if made is not None:
            costs.append(made.cost)
    return min(costs, default=None)


def build(problem: RoutingProblem, orders: dict[int, list[Step]]) -> RoutingSolution | None:
    """Return the plan of these visits in order, breaks at their best; None if there is none."""
    routes: dict[int, tuple[Step, ...]] = {}
    for vehicle, order in orders.items():
        steps = place_breaks(problem, vehicle, order)
        if isinstance(steps, Infeasible):
            return None
        routes[vehicle] = steps
    try:
        return plan_of(problem, routes, [()] * problem.n_pools)
    except InvalidParameter:
        return None


def draw_orders(problem: RoutingProblem, draw: random.Random) -> dict[int, list[Step]]:
    """Draw routes for about half of the visits."""
    orders: dict[int, list[Step]] = {}
    for visit in draw.sample(range(problem.n_visits), problem.n_visits // 2 + 1):
        vehicle = draw.randrange(problem.n_vehicles)
        bare = orders.get(vehicle, [])
        place = draw.randrange(len(bare) + 1)
        step = Step(StepKind.VISIT, visit, draw.choice(problem.windows_of(visit)))
        grown = {**orders, vehicle: [*bare[:place], step, *bare[place:]]}
        if build(problem, grown) is not None:
            orders = grown
    return orders


def compare(seed: int) -> list[InsertionOption]:
    """Return the options of one random problem, each of them compared."""
    draw = random.Random(seed)  # noqa: S311 - a repeatable sample, no secret
    others = [name for name in OTHERS if draw.random() < 0.3]
    problem = random_feature_problem(seed, Size(6, 3), ["agreed", *others])
    # What all routes share is not ranked exactly.
    problem = replace(problem, rules=replace(problem.rules, worst_late_rate=0))
    orders = draw_orders(problem, draw)
    solution = build(problem, orders)
    assert solution is not None
    ranker = InsertionRanker(problem, solution)
    compared = []
    for visit in solution.unassigned:
        for option in ranker.rank(visit):
            cost = least(problem, orders, (visit, option.vehicle))
            penalty = int(problem.visit_penalty[visit])
            expected = None if cost is None else cost - solution.cost + penalty
            assert option.cost == expected, (seed, visit, option)
            compared.append(option)
    return compared


def test_insertions_cost_what_the_best_of_all_places_costs() -> None:
    options = [option for seed in SEEDS for option in compare(seed)]
    possible = [option.cost for option in options if option.cost is not None]
    assert len(possible) > len(SEEDS)
    assert len(options) - len(possible) > len(SEEDS)
