"""Random plans with all features: what the timetable states, the referee finds no fault with."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from solver.errors import InvalidParameter
from solver.routing.features import ScheduleRules
from solver.routing.problem import RoutingProblem
from solver.routing.referee import referee
from solver.routing.solution import RoutingSolution, Step, StepKind
from solver.routing.timetable import Infeasible, TimetableData, place_breaks
from tests.feature_problems import FEATURES, Size, random_feature_problem
from tests.timetables import pickup, plan_of, visit

SAMPLE = range(40)
FULL = range(40, 3000)
TRIES = 6


def draw_plan(draw: random.Random, problem: RoutingProblem) -> RoutingSolution:
    """Throw visits onto vehicles and take them off again until they form a plan."""
    data = TimetableData(problem)
    points = 0 if problem.parts is None else len(problem.parts.point_location)
    orders: dict[int, list[Step]] = {k: [] for k in range(problem.n_vehicles)}
    for v in draw.sample(range(problem.n_visits), problem.n_visits):
        step = visit(v, draw.choice(problem.windows_of(v)))
        vehicles = draw.sample(range(problem.n_vehicles), problem.n_vehicles)
        for vehicle in vehicles:
            order = orders[vehicle]
            at = draw.randrange(len(order) + 1)
            fetched = [pickup(draw.randrange(points))] if points and draw.random() < 0.7 else []
            longer = [*order[:at], *fetched, step, *order[at:]]
            if not isinstance(place_breaks(problem, vehicle, longer, data=data), Infeasible):
                orders[vehicle] = longer
                break
    while True:
        try:
            return plan_of(problem, place_all(problem, data, orders), [()] * problem.n_pools)
        except InvalidParameter:
            drop_one(draw, problem, data, orders)


def place_all(
    problem: RoutingProblem, data: TimetableData, orders: dict[int, list[Step]]
) -> dict[int, tuple[Step, ...]]:
    routes = {}
    for vehicle, order in orders.items():
        if any(step.kind is StepKind.VISIT for step in order):
            steps = place_breaks(problem, vehicle, order, data=data)
            assert not isinstance(steps, Infeasible)
            routes[vehicle] = steps
    return routes


def drop_one(
    draw: random.Random,
    problem: RoutingProblem,
    data: TimetableData,
    orders: dict[int, list[Step]],
) -> None:
    """Take one visit off, with its whole route if the others do not fit without it."""
    vehicle, step = draw.choice(
        [(k, s) for k, order in orders.items() for s in order if s.kind is StepKind.VISIT]
    )
    rest = [other for other in orders[vehicle] if other != step]
    visits = any(other.kind is StepKind.VISIT for other in rest)
    fits = visits and not isinstance(place_breaks(problem, vehicle, rest, data=data), Infeasible)
    orders[vehicle] = rest if fits else []


def find_faults(seed: int) -> tuple[int, object]:
    """Return (visits served in all, faults found in the plans of one problem)."""
    draw = random.Random(seed)  # noqa: S311 - a repeatable sample, no secret
    names = [name for name in FEATURES if draw.random() < 0.6]
    size = Size(draw.randrange(2, 9), draw.randrange(1, 4))
    problem = random_feature_problem(seed, size, names)
    if "links" in names and draw.random() < 0.5:
        problem = replace(problem, rules=ScheduleRules(leaves_for_end=True, worst_late_rate=3))
    served = 0
    for _ in range(TRIES):
        plan = draw_plan(draw, problem)
        served += sum(len(route.visits) for route in plan.routes)
        faults = referee(problem, plan)
        if faults:
            return served, (seed, names, faults)
    return served, None


def test_stated_plans_pass_the_referee() -> None:
    results = [find_faults(seed) for seed in SAMPLE]
    assert [fault for _, fault in results if fault] == []
    # Enough visits are served for that to say something.
    assert sum(served for served, _ in results) > len(SAMPLE) * TRIES


@pytest.mark.soak
def test_every_stated_plan_passes_the_referee() -> None:
    assert [fault for seed in FULL if (fault := find_faults(seed)[1])] == []
