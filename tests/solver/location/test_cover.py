"""Maximal covering against trying every choice of sites."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.generate_cover import DemandPattern, generate_cover
from solver.errors import InvalidParameter, InvalidProblem
from solver.location.answer import LocationAnswer, ProofKind
from solver.location.clock import Clock
from solver.location.cover import solve_mclp
from solver.location.limits import make_limits
from solver.location.maximal import maximize_cover
from solver.location.prices import Prices, make_rules, prove_bound
from solver.location.problem import CoverProblem, make_cover_problem
from solver.status import SolveStatus, StoppedBy
from solver.stop import MaxIterations
from tests.cover_problems import (
    changes_by_hand,
    choices_within,
    cost_by_hand,
    random_cover,
    worth_by_hand,
)

PLENTY = MaxIterations(100_000)

seeds = st.integers(0, 10**6)
limits = st.fixed_dictionaries(
    {
        "p": st.none() | st.integers(0, 5),
        "budget": st.none() | st.integers(0, 30),
        "max_changes": st.none() | st.integers(0, 4),
    }
)
kinds = st.fixed_dictionaries(
    {
        "backup": st.booleans(),
        "conflicts": st.booleans(),
        "existing": st.booleans(),
        "fixed": st.booleans(),
    }
)


@settings(max_examples=300, deadline=None)
@given(seed=seeds, limit=limits, kind=kinds)
def test_the_answer_is_the_best_of_all_choices_or_none_exists(seed, limit, kind) -> None:
    problem = random_cover(seed, **kind)
    answer = solve_mclp(problem, **limit, stop=PLENTY)
    choices = choices_within(problem, **limit)
    if not choices:
        assert answer.status is SolveStatus.INFEASIBLE
        assert answer.unmet
        return
    best = max(worth_by_hand(problem, sites) for sites in choices)
    assert answer.status is SolveStatus.OPTIMAL
    assert answer.sites in choices
    assert answer.objective == worth_by_hand(problem, answer.sites) == best == answer.bound
    assert answer.cost == cost_by_hand(problem, answer.sites)


@settings(max_examples=150, deadline=None)
@given(seed=seeds, limit=limits, kind=kinds, iterations=st.integers(0, 40))
def test_a_limit_leaves_a_valid_answer_and_a_bound_above_the_best(
    seed, limit, kind, iterations
) -> None:
    problem = random_cover(seed, rows=25, **kind)
    choices = choices_within(problem, **limit)
    if not choices:
        return
    answer = solve_mclp(problem, **limit, stop=MaxIterations(iterations))
    best = max(worth_by_hand(problem, sites) for sites in choices)
    assert answer.sites in choices
    assert answer.objective <= best <= answer.bound
    assert (answer.status is SolveStatus.OPTIMAL) == (answer.objective == answer.bound)


@settings(max_examples=300, deadline=None)
@given(seed=seeds, limit=limits, kind=kinds, numbers=seeds)
def test_any_prices_prove_a_bound_above_the_best(seed, limit, kind, numbers) -> None:
    problem = random_cover(seed, **kind)
    choices = choices_within(problem, **limit)
    if not choices:
        return
    rules = make_rules(make_limits(problem, **limit))
    rng = np.random.default_rng(numbers)
    prices = Prices(rng.random(problem.rows) * 20, rng.random(rules.room.shape[0]) * 15)
    bound = prove_bound(problem, rules, prices)
    values = {sites: worth_by_hand(problem, sites) for sites in choices}
    best = max(values.values())
    assert bound.value >= best
    closed, opened = bound.find_fixed(rules, best - 1)
    # Every answer better than best - 1 keeps what was fixed.
    for sites, value in values.items():
        if value == best:
            assert not set(sites) & set(closed.tolist())
            assert set(opened.tolist()) <= set(sites)


def test_prices_of_nothing_bound_by_everything() -> None:
    problem = random_cover(3)
    rules = make_rules(make_limits(problem, p=2))
    zero = Prices(np.zeros(problem.rows), np.zeros(1))
    # Without prices nothing links rows to sites: all weight counts.
    assert prove_bound(problem, rules, zero).value == problem.total_weight


def same(left: LocationAnswer, right: LocationAnswer) -> bool:
    return (left.sites, left.objective, left.bound, left.status, left.iterations) == (
        right.sites,
        right.objective,
        right.bound,
        right.status,
        right.iterations,
    )


@pytest.mark.parametrize("iterations", [5, 60, 250])
def test_the_same_iterations_give_the_same_answer(iterations) -> None:
    problem = generate_cover(3000, 120, pattern=DemandPattern.CLUSTERED, seed=4)
    stop = MaxIterations(iterations)
    first, second = (solve_mclp(problem, p=8, stop=stop) for _ in range(2))
    assert same(first, second)


def test_an_answer_cut_short_says_so() -> None:
    problem = generate_cover(3000, 120, pattern=DemandPattern.CLUSTERED, seed=4)
    answer = solve_mclp(problem, p=8, stop=MaxIterations(5))
    assert answer.status is SolveStatus.FEASIBLE
    assert answer.stopped_by is StoppedBy.ITERATIONS
    assert answer.bound > answer.objective
    assert answer.gap == (answer.bound - answer.objective) / answer.objective


@pytest.mark.parametrize("pattern", list(DemandPattern))
def test_generated_problems_are_solved_to_proof(pattern) -> None:
    problem = generate_cover(4000, 150, pattern=pattern, seed=2)
    answer = solve_mclp(problem, p=10, stop=PLENTY)
    assert answer.status is SolveStatus.OPTIMAL
    assert len(answer.sites) <= 10
    assert answer.objective == worth_by_hand(problem, answer.sites)
    assert answer.certificate is not None
    assert answer.certificate.lagrangian_bound >= answer.objective


def test_everything_coverable_covered_needs_no_search() -> None:
    problem = random_cover(5)
    answer = solve_mclp(problem, p=problem.sites, stop=PLENTY)
    assert answer.status is SolveStatus.OPTIMAL
    assert answer.certificate is not None
    assert answer.certificate.kind is ProofKind.TRIVIAL


def hand_made(**more) -> CoverProblem:
    """Three rows of weight 5, 3, 2; site 0 covers rows 0, 1; site 1 row 1; site 2 row 2."""
    return make_cover_problem(
        np.array([5, 3, 2], dtype=np.int64),
        np.array([0, 1, 3, 4], dtype=np.int64),
        np.array([0, 0, 1, 2], dtype=np.int32),
        sites=3,
        **more,
    )


def test_a_conflict_keeps_the_worse_site_closed() -> None:
    # Sites 0 and 2 together would cover all 10; site 0 alone covers 5 + 3 = 8.
    answer = solve_mclp(hand_made(conflict=np.array([[0, 2]], dtype=np.int32)), p=2, stop=PLENTY)
    assert answer.objective == 8
    assert 2 not in answer.sites


def test_closing_pays_only_when_money_allows() -> None:
    # Site 1 exists: keeping costs 2, closing 1. Site 0 costs 4, site 2 costs 9.
    problem = hand_made(
        existing=np.array([False, True, False]),
        cost=np.array([4, 2, 9], dtype=np.int64),
        closing_cost=np.array([0, 1, 0], dtype=np.int64),
    )
    # Money 5: close site 1 (1) and open site 0 (4) covers 8; keeping it (2) leaves 3: not enough.
    answer = solve_mclp(problem, budget=5, stop=PLENTY)
    assert (answer.sites, answer.objective, answer.cost) == ((0,), 8, 5)
    # At most one change: closing and opening are two.
    one = solve_mclp(problem, budget=5, max_changes=1, stop=PLENTY)
    assert one.objective == 3
    assert changes_by_hand(problem, one.sites) <= 1


def test_too_little_money_is_infeasible_and_says_how_much() -> None:
    problem = hand_made(
        fixed=np.array([1, 0, 0], dtype=np.int8), cost=np.array([4, 2, 9], dtype=np.int64)
    )
    answer = solve_mclp(problem, budget=3, stop=PLENTY)
    assert answer.status is SolveStatus.INFEASIBLE
    assert answer.sites == (0,)
    assert [(miss.kind.value, miss.found, miss.wanted) for miss in answer.unmet] == [
        ("budget", 4, 3)
    ]


def test_a_known_start_is_never_made_worse() -> None:
    problem = generate_cover(3000, 120, pattern=DemandPattern.CLUSTERED, seed=4)
    best = solve_mclp(problem, p=8, stop=PLENTY)
    again = solve_mclp(problem, p=8, stop=MaxIterations(1), start=best.sites)
    assert again.objective == best.objective


def test_a_negative_limit_is_refused() -> None:
    with pytest.raises(InvalidParameter, match="p is -1"):
        solve_mclp(hand_made(), p=-1, stop=PLENTY)


def test_all_faults_of_the_arrays_come_together() -> None:
    with pytest.raises(InvalidProblem) as caught:
        make_cover_problem(
            np.array([5, -3], dtype=np.int64),
            np.array([0, 1, 2], dtype=np.int64),
            np.array([0, 7], dtype=np.int32),
            sites=3,
            cost=np.array([1, -1, 1], dtype=np.int64),
            closing_cost=np.array([0, 0, 4], dtype=np.int64),
        )
    where = {fault.where for fault in caught.value.faults}
    assert where >= {"weight[1]", "site_index[1]", "cost[1]", "closing_cost[2]"}


def test_descending_sites_in_a_row_are_refused() -> None:
    with pytest.raises(InvalidProblem, match="ascending inside a row"):
        make_cover_problem(
            np.array([5], dtype=np.int64),
            np.array([0, 2], dtype=np.int64),
            np.array([1, 0], dtype=np.int32),
            sites=2,
        )


def test_the_bound_without_the_exact_stage_is_proven_too() -> None:
    problem = generate_cover(3000, 120, pattern=DemandPattern.CLUSTERED, seed=4)
    limit = make_limits(problem, p=8)
    start = np.zeros(problem.sites, dtype=np.bool_)
    plain = maximize_cover(problem, limit, start, Clock(PLENTY), exact=False)
    full = solve_mclp(problem, p=8, stop=PLENTY)
    assert plain.value <= full.objective <= plain.bound
    assert plain.certificate.kind is ProofKind.LAGRANGIAN
