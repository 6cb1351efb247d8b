"""Goals of a proposal: targets of zones and districts, the worst district, capacities."""

import argparse
import copy
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from dispatch.domain.network import Network, NetworkOutlet
from geo.demand import make_demand
from geo.siting_goal import get_worst_share
from scenarios.errors import DataUnavailable
from scenarios.layout_goal import Target, make_goal, read_target
from scenarios.layout_judge_goal import serve_most
from tests.layouts import document_of, judge, plan_small, random_goal, random_question


def _demand():
    lonlat = np.array([[112.0, 30.0], [112.1, 30.0], [112.2, 30.0], [112.3, 30.0]])
    return make_demand(lonlat, np.array([10, 20, 30, 7]), zone=np.array([0, 0, 1, 2], np.int8),
                       district=["East", "West", "East", None])  # fmt: skip


def test_a_target_is_a_name_and_a_percentage() -> None:
    assert read_target("rural=62.5") == Target("rural", Fraction(125, 2))
    assert read_target("a=b=10").name == "a=b"
    for word in ("rural", "=5", "rural=101", "rural=x"):
        with pytest.raises(argparse.ArgumentTypeError, match="NAME=PERCENT"):
            read_target(word)


def test_a_target_is_demand_rounded_up() -> None:
    goal = make_goal(Network(id="n"), _demand(), targets=[Target("urban", Fraction(95))])
    # 95 % of 30 is 28.5: 29 units
    assert dict(zip(goal.names, goal.target.tolist(), strict=True)) == {
        "urban": 29, "suburban": 0, "rural": 0,
    }  # fmt: skip


def test_a_target_of_every_district_leaves_out_points_without_one() -> None:
    goal = make_goal(Network(id="n"), _demand(), targets=[Target("district", Fraction(50))])
    assert dict(zip(goal.names, goal.target.tolist(), strict=True)) == {"East": 20, "West": 10}
    assert goal.group.tolist() == [0, 1, 0, -1]


def test_what_cannot_be_a_goal_is_said_in_words() -> None:
    network, demand = Network(id="n"), _demand()
    with pytest.raises(DataUnavailable, match="no such district"):
        make_goal(network, demand, targets=[Target("Nowhere", Fraction(5))])
    mixed = [Target("urban", Fraction(5)), Target("East", Fraction(5))]
    with pytest.raises(DataUnavailable, match="one of the two"):
        make_goal(network, demand, targets=mixed)
    with pytest.raises(DataUnavailable, match="--new-capacity"):
        make_goal(network, demand, "served")
    with pytest.raises(DataUnavailable, match="takes no --target"):
        make_goal(network, demand, "served", [Target("urban", Fraction(5))])
    nameless = make_demand(demand.lonlat, demand.weight)
    with pytest.raises(DataUnavailable, match="with a district"):
        make_goal(network, nameless, "worst-district")


def test_capacities_are_those_of_a_day_times_the_days_of_the_weights() -> None:
    outlets = (
        NetworkOutlet(id="a", lon=112.0, lat=30.0, capacity_per_day=4),
        NetworkOutlet(id="b", lon=112.1, lat=30.0),
        NetworkOutlet(id="c", lon=112.2, lat=30.0, status="candidate", capacity_per_day=8),
    )
    network = Network(id="n", outlets=outlets)
    settings = network.settings.model_copy(update={"weight_days": 5.0})
    goal = make_goal(network.model_copy(update={"settings": settings}), _demand(), "served")
    # the middle of 4 and 8 is 6; times 5 days; b states none: all demand, here 67
    capacity = goal.get_capacity(np.array([-1, -1, 0, -1]), outlets=2, total=67)
    assert capacity.tolist() == [20, 67, 40, 30]


def _plan(seed: int, kind: str, **rules):
    question = random_question(seed, points=60, budget=1500, **rules)
    question = replace(question, goal=random_goal(seed, question.demand, kind))
    plan = plan_small(question)
    return question, plan, document_of(question, plan)


def test_the_worst_group_is_never_worse_than_without_the_goal() -> None:
    for seed in range(4):
        question, fair, document = _plan(seed, "worst")
        plain = plan_small(replace(question, goal=replace(question.goal, kind="covered")))
        for at, mark in enumerate(fair.marks):
            assert mark.value == get_worst_share(fair.problem, fair.curve[at].sites)
            assert get_worst_share(plain.problem, plain.curve[at].sites) <= mark.bound
        values = [mark.value for mark in fair.marks]
        assert values == sorted(values)
        assert judge(document, question.demand) == ()


def test_a_target_that_is_missed_is_never_called_feasible() -> None:
    statuses = set()
    for seed in range(6):
        question, _, document = _plan(seed, "covered", max_changes=1)
        for point in document["curve"]:
            statuses.add(point["status"])
            short = [t for t in point.get("targets", ()) if t["covered"] < t["needed"]]
            assert bool(short) == (point["status"] in {"infeasible", "has_unassigned"})
        assert judge(document, question.demand) == ()
    assert {"optimal", "infeasible"} <= statuses, "seeds that show both"


def test_a_missed_target_called_optimal_and_a_boasted_service_come_to_light() -> None:
    question, _, document = _plan(1, "served")
    boast = copy.deepcopy(document)
    boast["proposal"]["goal"]["value"] += 1
    assert "proposal.goal.value" in {v.where for v in judge(boast, question.demand)}
    for seed in range(6):
        question, _, document = _plan(seed, "covered", max_changes=1)
        if document["curve"][0]["status"] == "infeasible":
            break
    document["curve"][0]["status"] = "feasible"
    assert "L4110" in {v.code for v in judge(document, question.demand)}


def test_service_is_the_smallest_cut() -> None:
    # site 0 reaches rows of 5 and 8 and serves 6; site 1 reaches the 8 alone and serves 4
    reach = np.array([[True, True, False], [False, True, False]])
    assert serve_most(np.array([5, 8, 9]), reach, np.array([6.0, 4.0])) == 10
    assert serve_most(np.array([5, 8, 9]), reach, np.array([6.0, 40.0])) == 13
