"""Zone targets, the worst zone, gradual cover and the curve against trying everything."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.errors import InvalidParameter, InvalidProblem
from solver.location import targets
from solver.location.cover import solve_mclp
from solver.location.frontier import coverage_frontier
from solver.location.gradual import spread_gradual
from solver.location.problem import make_cover_problem
from solver.location.targets import PER_MILLION, solve_maxmin
from solver.status import SolveStatus
from solver.stop import MaxIterations
from tests.cover_problems import (
    choices_within,
    group_cover_by_hand,
    random_cover,
    worth_by_hand,
)

PLENTY = MaxIterations(100_000)
seeds = st.integers(0, 10**6)


@settings(max_examples=60, deadline=None)
@given(seed=seeds, p=st.integers(1, 4), conflicts=st.booleans())
def test_targets_are_kept_or_missed_by_as_little_as_possible(seed, p, conflicts) -> None:
    problem = random_cover(seed, groups=3, conflicts=conflicts)
    answer = solve_mclp(problem, p=p, stop=PLENTY)
    target = problem.group_target.tolist()

    def rate(sites):
        cover = group_cover_by_hand(problem, sites)
        missed = sum(max(0, t - c) for t, c in zip(target, cover, strict=True))
        return -missed, worth_by_hand(problem, sites)

    best = max(rate(sites) for sites in choices_within(problem, p=p))
    assert rate(answer.sites) == best
    assert answer.bound >= answer.objective
    expected = SolveStatus.INFEASIBLE if best[0] else SolveStatus.OPTIMAL
    assert answer.status is expected
    assert sum(miss.wanted - miss.found for miss in answer.unmet) == -best[0]


@settings(max_examples=60, deadline=None)
@given(seed=seeds, p=st.integers(1, 4))
def test_the_worst_group_is_as_good_as_can_be(seed, p) -> None:
    problem = random_cover(seed, groups=3, density=0.5)
    everyone = [int(problem.weight[problem.group == g].sum()) for g in range(problem.groups)]
    if not any(everyone):
        return

    def worst(sites):
        cover = group_cover_by_hand(problem, sites)
        return min(PER_MILLION * c // w for c, w in zip(cover, everyone, strict=True) if w)

    answer = solve_maxmin(problem, p=p, stop=PLENTY)
    best = max(worst(sites) for sites in choices_within(problem, p=p))
    assert answer.objective == worst(answer.sites) == best
    # The solver's last digits may leave the bound one part in a million above.
    assert best <= answer.bound <= best + 1
    assert (answer.status is SolveStatus.OPTIMAL) == (answer.bound == best)


@settings(max_examples=60, deadline=None)
@given(seed=seeds, p=st.integers(1, 4))
def test_problems_too_large_for_a_proof_keep_honest_bounds(seed, p) -> None:
    problem = random_cover(seed, groups=3, density=0.5)
    choices = choices_within(problem, p=p)
    target = problem.group_target.tolist()
    total = [int(problem.weight[problem.group == g].sum()) for g in range(problem.groups)]

    def keeps(sites):
        cover = group_cover_by_hand(problem, sites)
        return all(c >= t for c, t in zip(cover, target, strict=True))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(targets, "_MAX_EXACT_ENTRIES", 0)
        answer = solve_mclp(problem, p=p, stop=PLENTY)
        fair = solve_maxmin(problem, p=p, stop=PLENTY) if any(total) else None
    best = max((worth_by_hand(problem, s) for s in choices if keeps(s)), default=None)
    assert answer.sites in choices
    if answer.status in {SolveStatus.OPTIMAL, SolveStatus.FEASIBLE}:
        assert keeps(answer.sites)
        assert best is not None
        assert answer.objective <= best <= answer.bound
    else:
        assert answer.unmet
    if fair is not None:
        worst = max(
            min(
                PER_MILLION * c // w
                for c, w in zip(group_cover_by_hand(problem, s), total, strict=True)
                if w
            )
            for s in choices
        )
        assert fair.objective <= worst <= fair.bound


def test_without_groups_there_is_no_worst_one() -> None:
    with pytest.raises(InvalidParameter, match="no group"):
        solve_maxmin(random_cover(1), p=2, stop=PLENTY)


@settings(max_examples=60, deadline=None)
@given(seed=seeds, p=st.integers(1, 4))
def test_layers_of_gradual_cover_add_up_to_the_best_open_share(seed, p) -> None:
    plain = random_cover(seed)
    share = np.random.default_rng(seed).integers(1, 5, plain.site_index.shape[0]) * 250
    rows = spread_gradual(plain.weight, plain.site_offset, plain.site_index, share)
    layered = make_cover_problem(rows.weight, rows.site_offset, rows.site_index, sites=plain.sites)

    def served(sites):
        total = 0
        for i in range(plain.rows):
            part = range(int(plain.site_offset[i]), int(plain.site_offset[i + 1]))
            best = max((int(share[k]) for k in part if plain.site_index[k] in sites), default=0)
            total += int(plain.weight[i]) * best
        return total

    answer = solve_mclp(layered, p=p, stop=PLENTY)
    assert answer.objective == served(answer.sites)
    assert answer.objective == max(served(s) for s in choices_within(layered, p=p))


def test_a_share_of_nothing_is_refused() -> None:
    plain = random_cover(1)
    share = np.zeros(plain.site_index.shape[0], dtype=np.int64)
    with pytest.raises(InvalidProblem, match="share_permille"):
        spread_gradual(plain.weight, plain.site_offset, plain.site_index, share)


@settings(max_examples=40, deadline=None)
@given(seed=seeds, iterations=st.sampled_from([0, 3, 30, 100_000]), existing=st.booleans())
def test_the_curve_and_its_band_never_fall(seed, iterations, existing) -> None:
    problem = random_cover(seed, rows=20, existing=existing)
    budgets = [0, 4, 8, 12, 16, 24, 12]
    points = coverage_frontier(problem, budgets, stop=MaxIterations(iterations))
    assert [point.limit for point in points] == sorted(set(budgets))
    kept = [point for point in points if point.answer.status is not SolveStatus.INFEASIBLE]
    for point in kept:
        choices = choices_within(problem, budget=point.limit)
        best = max(worth_by_hand(problem, sites) for sites in choices)
        assert point.answer.sites in choices
        assert point.answer.objective <= best <= point.answer.bound
    for left, right in pairwise(kept):
        assert left.answer.objective <= right.answer.objective
        assert left.answer.bound <= right.answer.bound
    for point in points:
        if point.answer.status is SolveStatus.INFEASIBLE:
            assert not choices_within(problem, budget=point.limit)


def test_the_curve_over_the_number_of_sites_ends_at_all_weight() -> None:
    problem = random_cover(2, density=0.6)
    points = coverage_frontier(problem, range(1, 8), by_sites=True, stop=PLENTY)
    assert points[-1].answer.objective == worth_by_hand(problem, tuple(range(problem.sites)))
    assert all(point.answer.status is SolveStatus.OPTIMAL for point in points)


def test_a_curve_needs_a_limit() -> None:
    with pytest.raises(InvalidParameter, match="empty"):
        coverage_frontier(random_cover(1), [], stop=PLENTY)
