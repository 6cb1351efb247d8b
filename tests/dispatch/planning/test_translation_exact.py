"""The routing problem is the day: the exhaustive optimum costs the same in both, to the unit."""

from __future__ import annotations

from fractions import Fraction

import pytest

from dispatch.domain import Day, DayPlan
from dispatch.planning.objective import COST_SCALE
from dispatch.planning.price import price
from dispatch.planning.publish import publish_contracted
from dispatch.planning.translate import Translation, translate
from solver.routing.solution import RoutingSolution
from solver.routing.solve import solve
from solver.routing.timetable import build_solution, place_breaks
from solver.status import StoppedBy
from solver.stop import MaxIterations
from tests.brute_force import optimum
from tests.random_days import small_day

SAMPLE = range(0, 400, 8)


def as_solution(t: Translation, plan: DayPlan) -> RoutingSolution:
    """Put a plan into the problem: orders of visits and promises; breaks are placed anew."""
    number = {visit.id: i for i, visit in enumerate(t.visits)}
    routes = {}
    for route in plan.routes:
        vehicle = next(
            j
            for j, line in enumerate(t.lines)
            if (line.technician.id, line.shift) == (route.technician, route.shift)
        )
        order = []
        for stop in route.stops:
            if stop.visit is not None:
                index = number[stop.visit]
                windows = t.problem.windows_of(index)
                order.append((index, next(w for w in windows if t.windows[w].name == stop.promise)))
        steps = place_breaks(t.problem, vehicle, order)
        assert isinstance(steps, tuple), steps
        routes[vehicle] = steps
    pools = [
        [number[v] for service in plan.contracted if service.outlet == o.id for v in service.visits]
        for o in t.contracted
    ]
    return build_solution(
        t.problem,
        routes,
        pools,
        engine="exhaustive",
        seed=0,
        iterations=0,
        runtime_s=0.0,
        stopped_by=StoppedBy.EXHAUSTED,
    )


def check(day: Day, table) -> None:
    best = optimum(day, table)
    t = translate(day, table)
    solution = as_solution(t, best.plan)
    assert Fraction(solution.cost, COST_SCALE) == best.weighted
    assert price(t, solution) == best.plan.cost
    assert publish_contracted(t, solution) == tuple(
        sorted(best.plan.contracted, key=lambda service: service.outlet)
    )
    found = solve(t.problem, stop=MaxIterations(300))
    assert Fraction(found.cost, COST_SCALE) >= best.weighted


@pytest.mark.parametrize("seed", SAMPLE)
def test_the_exhaustive_optimum_costs_the_same_in_the_problem_and_nothing_beats_it(seed):
    check(*small_day(seed))


@pytest.mark.soak
@pytest.mark.parametrize("first", range(0, 1000, 50))
def test_the_exhaustive_optimum_costs_the_same_on_a_thousand_days(first):
    for seed in range(first, first + 50):
        check(*small_day(seed))
