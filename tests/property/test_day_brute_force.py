"""The referee, the exhaustive search and the planner read docs/semantics.md alike."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from dispatch.referee import judge, judge_order
from tests.brute_force import GRAIN, Line, best_routes, literal_route, optimum
from tests.brute_rules import Rules
from tests.random_days import TORN, medium_day, small_day, small_days

SAMPLE = range(0, 1000, 25)
CHUNK = 50


def check_day(day, table):
    best = optimum(day, table)
    verdict = judge(day, best.plan, table)
    assert verdict.ok, [violation.text for violation in verdict.violations]
    assert verdict.cost == best.plan.cost
    assert sum(verdict.exact.values()) == best.price


@pytest.mark.parametrize("seed", SAMPLE)
def test_the_exhaustive_optimum_of_a_small_day_passes_the_referee_to_the_fen(seed):
    check_day(*small_day(seed))


@pytest.mark.soak
@pytest.mark.parametrize("first", range(0, 1000, CHUNK))
def test_every_exhaustive_optimum_passes_the_referee_to_the_fen(first):
    for seed in range(first, first + CHUNK):
        check_day(*small_day(seed))
        check_day(*small_day(seed, TORN))


@pytest.mark.parametrize("seed", range(0, 200, 10))
def test_the_optimum_on_torn_roads_passes_the_referee_to_the_fen(seed):
    check_day(*small_day(seed, TORN))


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(small_days())
def test_any_small_day_is_read_alike_by_both(drawn):
    check_day(*drawn)


@pytest.mark.parametrize("seed", range(0, 60, 4))
def test_dropping_dominated_routes_loses_nothing_against_trying_everything(seed):
    day, table = small_day(seed)
    rules = Rules(day, table)
    visits = list(day.visits)[:3]
    for technician in day.technicians:
        line = Line(rules, technician, 0)
        best = best_routes(line, visits)
        for mask in range(1, 1 << len(visits)):
            chosen = [visit for i, visit in enumerate(visits) if mask >> i & 1]
            quick = best[mask].grains if mask in best else None
            assert quick == literal_route(line, chosen)


@pytest.mark.parametrize("seed", SAMPLE)
def test_timing_the_order_of_an_optimal_plan_finds_its_price_again(seed):
    day, table = small_day(seed)
    best = optimum(day, table)
    order = {
        route.technician: [stop.visit for stop in route.stops if stop.kind == "visit"]
        for route in best.plan.routes
    }
    contracted = {service.outlet: service.visits for service in best.plan.contracted}
    verdict, plan = judge_order(day, order, table, contracted=contracted)
    assert verdict.ok, [violation.text for violation in verdict.violations]
    assert sum(verdict.exact.values()) == best.price
    assert plan.status == best.plan.status


def test_the_sampled_days_exercise_every_rule():
    used = set()
    for seed in SAMPLE:
        day, table = small_day(seed)
        plan = optimum(day, table).plan
        cost = plan.cost.model_dump()
        used |= {name for name, fen in cost.items() if fen}
        stops = [stop for route in plan.routes for stop in route.stops]
        used |= {stop.kind for stop in stops} | {stop.promise for stop in stops}
    assert used >= {"lateness", "work", "travel", "break", "visit", "arrival", "contracted"}
    assert used >= {"beyond_radius", "over_qualified", "not_preferred", "unassigned", "2"}


def test_a_grain_divides_hours_minutes_and_kilometers():
    assert [GRAIN % unit for unit in (3600, 60, 1000)] == [0, 0, 0]


def test_a_medium_day_has_thirty_visits_and_every_place_in_its_table():
    day, table = medium_day(7)
    assert (len(day.visits), len(day.technicians)) == (30, 6)
    assert all(table.leg("car", visit.place, visit.place) == (0, 0) for visit in day.visits)
