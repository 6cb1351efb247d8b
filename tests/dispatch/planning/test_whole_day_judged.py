"""Plans with everything on, made greedily over the arrays, pass the referee of days."""

from __future__ import annotations

from collections import Counter

import pytest

from dispatch.planning.explain import explain
from dispatch.planning.publish_plan import publish_plan
from dispatch.planning.translate import translate
from dispatch.planning.travel import travel_digest
from dispatch.referee import judge
from solver.routing.solution import RoutingSolution, StepKind
from tests.greedy import greedy
from tests.random_whole_days import whole_small_day


def features_of(t, solution: RoutingSolution) -> Counter[str]:
    """Count what a solution uses, so that a test can say that it tested something."""
    stops = [stop for route in solution.routes for stop in route.stops]
    seats = [i for route in solution.routes for i in route.visits]
    return Counter(
        pickups=sum(stop.step.kind is StepKind.PICKUP for stop in stops),
        waits=sum(stop.start > stop.arrival for stop in stops),
        crews=sum(t.seats[i].member for i in seats),
        links=sum(bool(t.visits[i].links) for i in seats),
        second_days=sum(t.lines[r.vehicle].date != t.day.date for r in solution.routes),
        unfair=int(solution.shared_cost > 0),
        rush=int(t.problem.rush_hours is not None),
    )


def check(seed: int) -> Counter[str]:
    day, table = whole_small_day(seed)
    t = translate(day, table)
    solution = greedy(t, seed)
    plan = publish_plan(t, solution, explain(t, solution, what=True))
    verdict = judge(day, plan, table, travel_hash=travel_digest(table))
    assert verdict.ok, (seed, [str(violation) for violation in verdict.violations])
    people = len(day.technicians) + sum(o.capacity is not None for o in day.outlets)
    for entry in plan.unassigned:
        assert len(entry.reasons) == people
    return features_of(t, solution)


def test_greedy_plans_of_random_whole_days_pass_the_referee():
    used = sum((check(seed) for seed in range(100)), Counter[str]())
    assert min(used.values()) > 0, used


@pytest.mark.soak
@pytest.mark.parametrize("first", range(100, 2100, 100))
def test_greedy_plans_of_two_thousand_whole_days_pass_the_referee(first):
    for seed in range(first, first + 100):
        check(seed)
