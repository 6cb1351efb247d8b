"""Prices as exact integers."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain import Prices, Priority
from dispatch.planning.objective import (
    COST_SCALE,
    PER_HOUR,
    PER_KM,
    PER_MINUTE,
    LateRate,
    beyond_radius_units,
    late_rate,
    round_fen,
    search_penalty,
    unassigned_fen,
)
from tests.days import appointment, visit


def test_one_fen_per_hour_minute_and_kilometer_are_whole_units():
    assert PER_HOUR * 3600 == PER_MINUTE * 60 == PER_KM * 1000 == COST_SCALE


@given(st.integers(0, 10**15))
def test_rounding_is_half_up_and_exact(units):
    exact = Fraction(units, COST_SCALE)
    assert round_fen(units) == (exact + Fraction(1, 2)).__floor__()


def test_half_a_fen_is_rounded_up_and_a_unit_less_is_not():
    assert round_fen(COST_SCALE // 2) == 1
    assert round_fen(COST_SCALE // 2 - 1) == 0


@given(st.integers(0, 100_000))
def test_lateness_follows_the_table_exactly(seconds):
    rate = late_rate(Prices(), visit(promises=(appointment("10:00"),)))
    weighed = min(seconds, 1800) + 3 * max(0, seconds - 1800)
    assert Fraction(rate.cost(seconds), COST_SCALE) == Fraction(1000 * weighed, 60)


def test_rates_differ_by_class_and_by_what_is_owed():
    promised = (appointment("10:00"),)
    per_minute = {
        (Priority.EMERGENCY, True): 20_000,
        (Priority.EMERGENCY, False): 20_000,
        (Priority.URGENT, True): 5_000,
        (Priority.IMPORTANT, True): 2_000,
        (Priority.GENERAL, True): 1_000,
        (Priority.GENERAL, False): 0,
    }
    prices = Prices(emergency_arrival_per_min=20_000)
    for (priority, has_promise), price in per_minute.items():
        job = visit(priority=priority, promises=promised if has_promise else ())
        assert late_rate(prices, job) == LateRate(1800, price * 300, price * 900)


def test_the_vip_factor_does_not_touch_the_emergency_arrival():
    prices = Prices(emergency_arrival_per_min=7)
    job = visit(priority=Priority.EMERGENCY, customer_class="vip")
    assert late_rate(prices, job).before == 7 * PER_MINUTE


@pytest.mark.parametrize(
    ("fields", "fen"),
    [
        ({"priority": Priority.EMERGENCY, "mandatory": False, "value_fen": 1}, 10_000_000),
        ({"priority": Priority.URGENT}, 500_000),
        ({"priority": Priority.IMPORTANT}, 200_000),
        ({}, 80_000),
        ({"mandatory": False, "value_fen": 123}, 123),
        ({"mandatory": False}, 0),
    ],
)
def test_leaving_a_visit_out_costs_its_class_or_its_value(fields, fen):
    assert unassigned_fen(Prices(), visit(**fields)) == fen


def test_the_search_weighs_mandatory_visits_and_always_emergencies():
    prices = Prices()
    general, optional = visit(), visit(mandatory=False, value_fen=100)
    emergency = visit(priority=Priority.EMERGENCY)
    assert search_penalty(prices, general, "first") == 80_000 * COST_SCALE * 10_000
    assert search_penalty(prices, general, "by_price") == 80_000 * COST_SCALE
    assert search_penalty(prices, optional, "first") == 100 * COST_SCALE
    for mandatory in ("first", "by_price"):
        assert search_penalty(prices, emergency, mandatory) == 10**7 * COST_SCALE * 10_000


def test_beyond_the_radius_the_first_meter_costs_the_base_price():
    assert beyond_radius_units(Prices(), 0) == 0
    # 2000 fen + 0.5 fen
    assert Fraction(beyond_radius_units(Prices(), 1), COST_SCALE) == Fraction(4001, 2)
