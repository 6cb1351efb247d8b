"""Visits that must not be left out weigh 10 000 times their price, or what 64 bits allow."""

from __future__ import annotations

import pytest

from dispatch.domain import Day, Prices, Priority
from dispatch.planning.daily import plan_day
from dispatch.planning.objective import COST_SCALE, MANDATORY_WEIGHT
from dispatch.planning.translate import Translation, translate
from dispatch.referee import judge
from solver.routing.cost_bound import MAX_TOTAL_COST, bound_total_cost
from solver.stop import MaxIterations
from tests.days import at, grid_table, technician, tiny_day, visit

DEAREST = 1_000_000_000


def crowd(emergencies: int, ordinary: int, prices: Prices) -> Day:
    """Return a day of many visits at few places, so that its travel table stays small."""
    urgent = [
        visit(f"E{i}", i % 5, priority=Priority.EMERGENCY, received_at=at("08:00"), service_s=60)
        for i in range(emergencies)
    ]
    others = [visit(f"V{i}", i % 7, i % 3, service_s=60) for i in range(ordinary)]
    people = [technician(f"T{i}") for i in range(10)]
    return tiny_day([*urgent, *others], people, prices=prices)


def read(day: Day) -> Translation:
    return translate(day, grid_table(day))


def test_a_large_day_with_many_emergencies_keeps_the_full_weight():
    # 500 * 1e7 + 10 000 * 8e4 = 5.8e9 fen; * 18 000 * 10 000 = 1.0e18 < 2**62 = 4.6e18
    t = read(crowd(500, 10_000, Prices()))
    assert t.weight == MANDATORY_WEIGHT
    assert bound_total_cost(t.problem) < MAX_TOTAL_COST


def test_the_dearest_emergencies_lower_the_weight_to_what_64_bits_hold():
    # (500 * 1e9 + 10 000 * 8e4) fen * 18 000 = 9.0144e15 units; 2**62 / 9.0144e15 = 511.6
    t = read(crowd(500, 10_000, Prices(unassigned_emergency=DEAREST)))
    assert t.weight == 511
    penalty = t.problem.visit_penalty
    assert penalty.max() == DEAREST * COST_SCALE * 511
    assert penalty.min() == 80_000 * COST_SCALE * 511
    one_more = bound_total_cost(t.problem) + (500 * DEAREST + 10_000 * 80_000) * COST_SCALE
    assert bound_total_cost(t.problem) < MAX_TOTAL_COST <= one_more


def test_the_penalty_of_a_crew_lowers_the_weight_once():
    # the same 500 emergencies, each for a crew of two; their penalty is still paid once:
    # 500 * 1e9 fen * 18 000 = 9e15 units; 2**62 / 9e15 = 512.4
    alone = crowd(500, 0, Prices(unassigned_emergency=DEAREST))
    pairs = [job.model_copy(update={"crew_size": 2}) for job in alone.visits]
    t = read(alone.model_copy(update={"visits": tuple(pairs)}))
    assert t.problem.n_visits == 1000
    assert t.weight == read(alone).weight == 512
    assert sum(t.problem.visit_penalty.tolist()) == 500 * DEAREST * COST_SCALE * 512


@pytest.mark.core
def test_a_day_with_a_lower_weight_is_planned_and_says_so():
    # 40 * 1e9 fen * 18 000 * 10 000 = 7.2e18 > 2**62
    day = crowd(40, 60, Prices(unassigned_emergency=DEAREST))
    table = grid_table(day)
    plan = plan_day(day, table, stop=MaxIterations(200), explain=False)
    assert not plan.unassigned
    assert judge(day, plan, table).ok
    # 2**62 / (40 * 1e9 * 18 000) = 6405.1, less a little for everything else
    (note,) = plan.notes
    assert "weigh 6404 times their price in the search, not 10000" in note
