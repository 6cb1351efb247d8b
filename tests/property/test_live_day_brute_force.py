"""The referee and an exhaustive search read alike what was told and who is out already."""

from __future__ import annotations

import functools

import pytest
from hypothesis import HealthCheck, given, settings

from tests.brute_whole import optimum
from tests.brute_whole_plan import write
from tests.brute_whole_rules import WholeRules
from tests.judged_days import check_day, check_order_by_hand, check_written
from tests.live_random import live_day, live_days

SAMPLE = range(100, 150)
FULL = 600
CHUNK = 50


@functools.cache
def solved(seed):
    """The day, its table, its optimum as a plan."""
    day, table = live_day(seed)
    return day, table, write(WholeRules(day, table), optimum(day, table))


@pytest.mark.parametrize("seed", SAMPLE)
def test_the_optimum_of_a_tiny_day_under_way_passes_the_referee_to_the_fen(seed):
    day, table, plan = solved(seed)
    check_written(day, table, plan)


@pytest.mark.soak
@pytest.mark.parametrize("first", range(0, FULL, CHUNK))
def test_every_optimum_of_a_day_under_way_passes_the_referee_to_the_fen(first):
    for seed in range(first, first + CHUNK):
        check_day(*live_day(seed))


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(live_days())
def test_any_tiny_day_under_way_is_read_alike_by_both(drawn):
    check_day(*drawn)


@pytest.mark.parametrize("seed", SAMPLE)
def test_timing_the_order_of_an_optimal_rest_by_hand_finds_its_price_again(seed):
    day, table, plan = solved(seed)
    check_order_by_hand(
        day,
        table,
        plan,
        components={"lateness", "emergency_arrival", "work", "overtime", "travel", "disturbed"},
        contracted_too={"emergency_arrival", "disturbed"},
    )


def test_the_sampled_days_are_under_way_in_every_way():
    seen = set()
    for seed in SAMPLE:
        day, _, plan = solved(seed)
        people = {person.id: person for person in day.technicians}
        told = {visit.id: visit.told for visit in day.visits if visit.told}
        for route in plan.routes:
            shift = people[route.technician].shifts[route.shift]
            visits = [stop for stop in route.stops if stop.kind == "visit"]
            if shift.out_at is not None:
                seen.add("out" if visits else "straight back")
                seen |= {"overtime only"} if shift.end < shift.start else set()
                seen |= {"a break after all"} if route.stops[-1].kind == "break" else set()
            for stop in visits:
                if stop.visit in told:
                    same = told[stop.visit].technician == route.technician
                    seen.add("as told" if same else "somebody else")
        seen |= {"priced"} if plan.cost.disturbed else set()
    assert seen >= {"out", "straight back", "overtime only", "as told", "somebody else", "priced"}
