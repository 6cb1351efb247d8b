"""The OR-Tools twin never finds a better plan than the engine."""

from __future__ import annotations

import pytest

from dispatch.planning.objective import COST_SCALE
from dispatch.planning.translate import translate
from solver.routing.problem import RoutingProblem
from solver.routing.referee import referee
from solver.routing.solve import solve
from solver.stop import MaxIterations, MaxRuntime, Stop
from tests.random_days import medium_day

pytestmark = pytest.mark.core

DAYS = 50
SAMPLE = range(0, DAYS, 10)
SECONDS = 10
"""Of each, in the full figures; the sample counts iterations, so that it repeats."""


def problem_of(seed: int) -> RoutingProblem:
    day, table = medium_day(seed)
    return translate(day, table).problem


def lead(seed: int, ours: Stop, theirs: Stop) -> int:
    """Return by how many cost units the twin's plan is better than the engine's; both judged."""
    problem = problem_of(seed)
    core = solve(problem, stop=ours, seed=seed, engine="core")
    twin = solve(problem, stop=theirs, seed=seed, engine="ortools")
    assert referee(problem, core) == ()
    assert referee(problem, twin) == ()
    return core.cost - twin.cost


@pytest.mark.parametrize("seed", SAMPLE)
def test_the_twin_is_never_better_on_a_sample_of_days(seed):
    assert lead(seed, MaxIterations(4_000), MaxIterations(15)) <= 0


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_the_twin_is_never_better_on_fifty_days_of_thirty_visits():
    limit = MaxRuntime(SECONDS)
    leads = {seed: lead(seed, limit, limit) for seed in range(DAYS)}
    better = {seed: units / COST_SCALE for seed, units in leads.items() if units > 0}
    assert not better, f"the twin is better by fen on days {better}"
