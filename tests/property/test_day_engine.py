"""The planner finds the exhaustive optimum of small days, and every plan passes the referee."""

from __future__ import annotations

import pytest

from dispatch.planning.daily import plan_day
from dispatch.referee import judge
from solver.stop import MaxIterations
from tests.brute_force import optimum, weighted_price
from tests.random_days import TORN, medium_day, small_day

pytestmark = pytest.mark.core
ITERATIONS = 1500
FULL = 350
SAMPLE = range(0, FULL, 8)


def find_fault(seed: int) -> str | None:
    """Return how the plan of one day differs from the optimum, None if it does not."""
    day, table = small_day(seed)
    plan = plan_day(day, table, stop=MaxIterations(ITERATIONS), seed=seed)
    verdict = judge(day, plan, table)
    if not verdict.ok:
        return f"day {seed}: {verdict.violations[0].text}"
    best = optimum(day, table)
    paid = weighted_price(day, table, plan, sum(verdict.exact.values()))
    if paid != best.weighted:
        return f"day {seed}: engine {float(paid):.2f}, optimum {float(best.weighted):.2f} fen"
    return None


@pytest.mark.parametrize("seed", SAMPLE)
def test_the_engine_finds_the_optimum_of_a_small_day(seed):
    assert find_fault(seed) is None


@pytest.mark.soak
def test_the_engine_finds_the_optimum_of_every_small_day():
    faults = [fault for seed in range(FULL) if (fault := find_fault(seed))]
    assert not faults, f"{len(faults)} of {FULL} days differ:\n" + "\n".join(faults)


@pytest.mark.parametrize("seed", range(5))
def test_plans_on_torn_roads_pass_the_referee_and_never_beat_the_optimum(seed):
    day, table = small_day(seed, TORN)
    plan = plan_day(day, table, stop=MaxIterations(200), seed=seed)
    verdict = judge(day, plan, table)
    assert verdict.ok, [violation.text for violation in verdict.violations]
    paid = weighted_price(day, table, plan, sum(verdict.exact.values()))
    assert paid >= optimum(day, table).weighted


@pytest.mark.parametrize("seed", range(3))
def test_plans_of_medium_days_pass_the_referee(seed):
    day, table = medium_day(seed)
    plan = plan_day(day, table, stop=MaxIterations(300), seed=seed)
    verdict = judge(day, plan, table)
    assert verdict.ok, [violation.text for violation in verdict.violations]
