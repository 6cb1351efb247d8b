"""What reaching everybody costs, and who is out of reach and how far."""

from dataclasses import replace

import numpy as np
import pytest

from geo.siting import get_running_total
from geo.siting_complete import plan_complete
from geo.siting_goal import SitingGoal
from solver.status import SolveStatus
from solver.stop import MaxIterations
from tests.layouts import plan_small, random_question

STOP = MaxIterations(2000)


@pytest.mark.parametrize("seed", range(4))
def test_the_cheapest_complete_network_is_that_of_trying_all_sets(seed: int) -> None:
    question = random_question(seed, points=12, outlets=2, given=4, budget=700)
    plan = plan_small(question)
    problem = plan.problem
    assert problem.sites <= 16, "too many sites to try all sets"
    sets = (np.arange(2**problem.sites)[:, None] >> np.arange(problem.sites)) & 1
    reached = (sets @ problem.by_row.toarray().T.astype(np.int64)) > 0
    most = reached @ problem.weight
    money = sets @ problem.cost + (1 - sets) @ problem.closing_cost
    least = int(money[most == most.max()].min()) - get_running_total(problem)
    found = plan_complete(plan, question.demand, stop=STOP)
    assert (found.extra_cost, found.extra_bound) == (least, least)
    out = int(question.demand.weight.sum() - most.max())
    assert int(found.left.sum()) == out
    assert (found.answer.status is SolveStatus.INFEASIBLE) == (out > 0)


def test_points_out_of_reach_are_named_with_the_nearest_place() -> None:
    for seed in range(20):
        question = random_question(seed, points=30, outlets=2, given=0)
        plan = plan_small(question)
        found = plan_complete(plan, question.demand, stop=STOP)
        if len(found.rows):
            break
    radius = question.rule.of_zone(question.demand.zone)[found.rows]
    assert (found.distance_m > radius).all()
    assert (np.diff(found.left) <= 0).all()
    assert (found.left == question.demand.weight[found.rows]).all()


def test_with_capacities_what_is_left_adds_up_to_what_is_not_served() -> None:
    question = random_question(3, points=40)
    goal = SitingGoal("served", outlet_capacity=[100] * 3, candidate_capacity=[100] * 3,
                      new_capacity=100)  # fmt: skip
    plan = plan_small(replace(question, goal=goal))
    found = plan_complete(plan, question.demand, stop=STOP)
    served = question.demand.total_weight - int(found.left.sum())
    assert served == found.answer.served
    assert served <= 100 * len(found.answer.sites)
