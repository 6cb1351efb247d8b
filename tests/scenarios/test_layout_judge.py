"""The judge of proposals agrees with the planner, and finds what was tampered with."""

import copy
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.layout_judge import measure_straight
from tests.layouts import document_of, judge, plan_small, random_goal, random_question


def _check(seed: int, budget: int, most: int | None, apart: float, kind: str | None) -> None:
    question = random_question(seed, budget=budget, max_changes=most, min_distance_m=apart)
    if kind is not None:
        question = replace(question, goal=random_goal(seed, question.demand, kind))
    document = document_of(question, plan_small(question))
    assert judge(document, question.demand) == ()


RULES = (
    st.integers(0, 10**6), st.integers(0, 4000), st.sampled_from([None, None, 0, 1, 3]),
    st.sampled_from([0.0, 0.0, 3000.0, 8000.0]),
    st.sampled_from([None, None, "covered", "worst", "served"]),
)  # fmt: skip


@given(*RULES)
@settings(max_examples=25, deadline=None, derandomize=True)
def test_the_judge_agrees_with_random_proposals(seed, budget, most, apart, kind) -> None:
    _check(seed, budget, most, apart, kind)


@pytest.mark.soak
@given(*RULES)
@settings(max_examples=500, deadline=None)
def test_the_judge_agrees_with_five_hundred_random_proposals(
    seed, budget, most, apart, kind
) -> None:
    _check(seed, budget, most, apart, kind)


@pytest.fixture(scope="module")
def proposal():
    question = random_question(5, points=60, budget=1500)
    document = document_of(question, plan_small(question))
    assert document["actions"], "a proposal without actions tests nothing"
    return question, document


def _found(proposal, change) -> set[str]:
    question, document = proposal
    changed = copy.deepcopy(document)
    change(changed)
    return {violation.where for violation in judge(changed, question.demand)}


def test_one_person_more_than_there_is_comes_to_light(proposal) -> None:
    def boast(document):
        document["proposal"]["covered"] += 1

    assert "proposal.covered" in _found(proposal, boast)


def test_a_bound_below_the_answer_comes_to_light(proposal) -> None:
    def lower(document):
        document["curve"][1]["bound"] = document["curve"][1]["covered"] - 1

    assert "curve[1].bound" in _found(proposal, lower)


def test_a_falling_curve_comes_to_light(proposal) -> None:
    def swap(document):
        document["curve"][-1] = {**document["curve"][0], "budget": 10**6}

    assert any(where.startswith("curve at budget") for where in _found(proposal, swap))


def test_money_beyond_the_budget_comes_to_light(proposal) -> None:
    def pinch(document):
        document["proposal"]["budget"] = document["proposal"]["spent"] - 1

    assert "proposal" in _found(proposal, pinch)


def test_an_outlet_moved_on_paper_comes_to_light(proposal) -> None:
    def shift(document):
        for site in document["sites"]:
            site["lon"] += 0.05

    assert "today.covered" in _found(proposal, shift)


@pytest.mark.parametrize("field", ["newly_covered", "only_it", "covers", "loss_with_replacement"])
def test_every_figure_of_a_reason_is_looked_at(proposal, field) -> None:
    def invent(document):
        document["actions"][0]["reason"][field] += 7

    assert f"actions[0].{field}" in _found(proposal, invent)


def test_a_step_that_gains_more_on_paper_comes_to_light(proposal) -> None:
    def flatter(document):
        document["steps"][0]["gain"] += 1

    assert "steps[0].gain" in _found(proposal, flatter)


def test_a_forgotten_action_comes_to_light(proposal) -> None:
    def forget(document):
        document["actions"].pop()
        document["steps"] = [s for s in document["steps"] if s["action"] < len(document["actions"])]

    assert "actions" in _found(proposal, forget)


def test_straight_lines_of_the_judge_are_meridian_degrees_where_those_are_known() -> None:
    # one degree of a meridian: 6 371 008.8 m · π / 180 = 111 195.08 m
    north = measure_straight(np.array([[112.0, 31.0], [112.0, 29.5]]), 112.0, 30.0)
    assert north.tolist() == [111_195, 55_598]  # half: 55 597.54
