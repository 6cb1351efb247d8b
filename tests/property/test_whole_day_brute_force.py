"""The referee and an exhaustive search of whole days read docs/semantics.md alike."""

from __future__ import annotations

import functools

import pytest
from hypothesis import HealthCheck, given, settings

from tests.brute_whole import optimum
from tests.brute_whole_plan import write
from tests.brute_whole_rules import WholeRules
from tests.brute_whole_shift import Act, drive, route_of
from tests.judged_days import check_day, check_order_by_hand, check_written
from tests.whole_random import whole_day, whole_days

SAMPLE = range(100, 150)
FULL = 600
CHUNK = 50


@functools.cache
def solved(seed):
    """The day, its table, its optimum, and that as a plan."""
    day, table = whole_day(seed)
    best = optimum(day, table)
    return day, table, best, write(WholeRules(day, table), best)


@pytest.mark.parametrize("seed", SAMPLE)
def test_the_optimum_of_a_tiny_day_with_everything_passes_the_referee_to_the_fen(seed):
    day, table, _, plan = solved(seed)
    check_written(day, table, plan)


@pytest.mark.soak
@pytest.mark.parametrize("first", range(0, FULL, CHUNK))
def test_every_optimum_passes_the_referee_to_the_fen(first):
    for seed in range(first, first + CHUNK):
        check_day(*whole_day(seed))


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(whole_days())
def test_any_tiny_day_with_everything_is_read_alike_by_both(drawn):
    check_day(*drawn)


@pytest.mark.parametrize("seed", SAMPLE)
def test_timing_the_order_of_an_optimal_plan_by_hand_finds_its_price_again(seed):
    day, table, _, plan = solved(seed)
    check_order_by_hand(
        day,
        table,
        plan,
        components={"lateness", "emergency_arrival", "work", "overtime", "travel"},
        contracted_too={"emergency_arrival"},
    )


def test_the_latest_departure_is_the_last_second_that_keeps_the_first_arrival():
    seen = 0
    for seed in SAMPLE:
        _, _, best, _ = solved(seed)
        for _, own in best.routes:
            for route in own:
                acts = _acts(route)
                if acts is None:
                    continue
                seen += 1
                late = drive(route.shift, acts, route.leaves + 1, {})
                first = _first(route.done)
                assert late is None or _first(late[1]) > first
                assert route_of(route.shift, acts, {}) is not None
    assert seen > 12


def test_the_sampled_days_exercise_every_feature():
    seen = set()
    for seed in SAMPLE:
        day, table, _, plan = solved(seed)
        stops = [stop for route in plan.routes for stop in route.stops]
        seen |= {stop.kind for stop in stops} | {f"crew {stop.crew}" for stop in stops}
        seen |= {"waits" for stop in stops if stop.visit and stop.start > stop.arrival}
        seen |= {"unfair"} if plan.cost.unfair else set()
        seen |= {"traffic"} if table.regimes is not None else set()
        seen |= {f"shift {route.shift}" for route in plan.routes}
        linked = {visit.id for visit in day.visits if visit.links}
        seen |= {"link" for stop in stops if stop.visit in linked}
        seen |= {"later" for entry in plan.unassigned if entry.earliest_date}
        seen |= {"van"} if plan.part_fill and plan.part_fill.from_van else set()
    wanted = {"pickup", "break", "crew 1", "crew 2", "waits", "unfair", "traffic", "shift 1"}
    assert seen >= wanted | {"link", "later", "van"}


def _first(done):
    return next(one.arrival for one in done if one.act.kind == "visit")


def _acts(route):
    """The acts of a route again, travel included; None where people waited for others."""
    acts = []
    for one in route.done:
        if one.act.kind == "visit" and one.start > one.arrival:
            return None
        acts.append(one.act)
    places = [
        one.act.what[0].place if one.act.kind == "pick" else one.act.what.place
        for one in route.done
        if one.act.kind in {"pick", "visit"}
    ]
    places.append(route.shift.end_place)
    if any(act.kind == "rest" for act in acts):
        return None
    made = []
    for act in acts:
        if act.kind in {"pick", "visit", "home"}:
            made.append(Act("go", places.pop(0)))
        made.append(act)
    return made
