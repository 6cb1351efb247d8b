"""Threads that work on regions of one plan from half of the way on."""

from __future__ import annotations

import pytest

from solver.routing.problem import RoutingProblem
from solver.routing.referee import referee
from solver.routing.solution import RoutingSolution, Step
from solver.routing.solve import solve
from solver.status import StoppedBy
from solver.stop import MaxIterations, NoImprovement
from tests.problems import DAY_S, K, line, make_problem, random_problem, strict

pytestmark = pytest.mark.core

ITERATIONS = 4000


def distance_only(visits: int) -> RoutingProblem:
    """Two kinds of vehicles on a line, more than it takes; from 150 visits on rules are broken on
    the way."""
    at = [0, 500] + [(7919 * i) % 4001 - 2000 for i in range(visits)]
    begins = [(613 * i) % 20_000 for i in range(visits)]
    served = [
        strict(2 + i, begin, begin + 4000, service=200, penalty=100_000, demand=(1 + i % 3,))
        for i, begin in enumerate(begins)
    ]
    kinds = [
        K(start=k, end=k, shift=(0, DAY_S), fixed=300, per_second=0, per_overtime_second=0,
          per_meter=1, capacity=(20 + 5 * k,))
        for k in range(2)
    ]  # fmt: skip
    return make_problem(served, [kinds[k % 2] for k in range(visits // 4)], [line(at)])


PROBLEMS = {
    "through plans that break rules": distance_only(160),
    "by ruin and recreate": random_problem(11, n_visits=125, n_vehicles=30),
}
"""Enough visits for two threads together, too few for a large day."""


def planned(about: str, threads: int = 2, start: RoutingSolution | None = None) -> RoutingSolution:
    return solve(
        PROBLEMS[about], stop=MaxIterations(ITERATIONS), seed=3, threads=threads, start=start
    )


def decision_of(solution: RoutingSolution) -> list[tuple[int, list[Step]]]:
    return [(route.vehicle, [stop.step for stop in route.stops]) for route in solution.routes]


@pytest.mark.parametrize("about", PROBLEMS)
def test_a_plan_made_together_is_legal_repeats_and_costs_what_the_search_says(about: str) -> None:
    plan = planned(about)
    assert referee(PROBLEMS[about], plan) == ()
    assert plan.trace[-1][2] == plan.cost
    assert plan.iterations == ITERATIONS
    assert plan.stopped_by is StoppedBy.ITERATIONS
    again = planned(about)
    assert decision_of(again) == decision_of(plan)


@pytest.mark.parametrize("about", PROBLEMS)
def test_threads_together_never_make_a_start_dearer(about: str) -> None:
    start = planned(about)
    assert planned(about, threads=2, start=start).cost <= start.cost


def test_three_threads_have_a_region_each_and_leave_nobody_out() -> None:
    problem = distance_only(190)
    plan = solve(problem, stop=MaxIterations(ITERATIONS), seed=3, threads=3)
    assert referee(problem, plan) == ()
    assert plan.unassigned == ()  # a quarter as many vehicles as visits, each takes eight and more


def test_threads_together_stop_where_nothing_better_is_found() -> None:
    problem = distance_only(160)
    plan = solve(problem, stop=NoImprovement(2500), seed=3, threads=2)
    assert plan.stopped_by is StoppedBy.NO_IMPROVEMENT
    assert referee(problem, plan) == ()


@pytest.mark.parametrize("visits", [40, 110])  # from 100 on each thread has two searches in turns
@pytest.mark.parametrize("seed", range(3))
def test_a_second_thread_only_adds_where_there_is_no_plan_to_share(visits: int, seed: int) -> None:
    # Too few visits for regions: one of both threads does what one does with half the iterations.
    problem = distance_only(visits)
    one = solve(problem, stop=MaxIterations(1500), seed=seed, threads=1)
    two = solve(problem, stop=MaxIterations(3000), seed=seed, threads=2)
    assert two.cost <= one.cost
