"""Set covering against trying every choice of sites."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.errors import InvalidParameter
from solver.location.cover_prices import prove_set_bound
from solver.location.setcover import reduce_rows, solve_lscp
from solver.status import SolveStatus
from solver.stop import MaxIterations
from tests.cover_problems import cost_by_hand, covered_by_hand, every_choice, random_cover

PLENTY = MaxIterations(100_000)
seeds = st.integers(0, 10**6)
kinds = st.fixed_dictionaries(
    {"conflicts": st.booleans(), "existing": st.booleans(), "fixed": st.booleans()}
)


def missing_by_hand(problem, sites, need) -> int:
    """Cover that merged rows miss, against what they can have at all."""
    available = covered_by_hand(problem, tuple(np.flatnonzero(problem.fixed >= 0).tolist()))
    seen: dict[tuple, int] = {}
    for i, count in enumerate(covered_by_hand(problem, sites)):
        part = problem.site_index[problem.site_offset[i] : problem.site_offset[i + 1]]
        cut = min(int(need[i]), available[i])
        seen[(tuple(part.tolist()), cut)] = max(0, cut - count)
    return sum(seen.values())


@settings(max_examples=120, deadline=None)
@given(seed=seeds, kind=kinds, twice=st.booleans())
def test_the_cover_is_the_cheapest_of_those_that_miss_least(seed, kind, twice) -> None:
    problem = random_cover(seed, rows=12, density=0.35, **kind)
    need = np.random.default_rng(seed).integers(0, 3 if twice else 2, size=12).astype(np.int64)
    answer = solve_lscp(problem, need=need, stop=PLENTY)
    choices = every_choice(problem)
    if not choices:
        assert answer.status is SolveStatus.INFEASIBLE
        return
    best = min(
        (missing_by_hand(problem, sites, need), cost_by_hand(problem, sites)) for sites in choices
    )
    assert answer.sites in choices
    assert (missing_by_hand(problem, answer.sites, need), answer.objective) == best
    assert answer.bound == answer.objective == cost_by_hand(problem, answer.sites)
    count = covered_by_hand(problem, answer.sites)
    open_rows = {i for i in range(12) if count[i] < need[i]}
    assert {miss.where for miss in answer.unmet} == open_rows
    expected = SolveStatus.INFEASIBLE if open_rows else SolveStatus.OPTIMAL
    assert answer.status is expected


@settings(max_examples=300, deadline=None)
@given(seed=seeds, numbers=seeds, existing=st.booleans(), fixed=st.booleans())
def test_any_prices_prove_a_bound_below_the_best(seed, numbers, existing, fixed) -> None:
    problem = random_cover(seed, rows=12, density=0.35, existing=existing, fixed=fixed)
    need = np.ones(problem.rows, dtype=np.int64)
    small = reduce_rows(problem, need).problem
    covers = [s for s in every_choice(problem) if not missing_by_hand(problem, s, need)]
    closing = int(problem.closing_cost.sum())
    values = {sites: cost_by_hand(problem, sites) - closing for sites in covers}
    best = min(values.values())
    bound = prove_set_bound(
        small, np.random.default_rng(numbers).random(small.need.shape[0]) * 6 - 1
    )
    assert bound.value <= best
    closed, _ = bound.find_fixed(problem.fixed, best + 1)
    for sites, value in values.items():
        if value == best:
            assert not set(sites) & set(closed.tolist())


@pytest.mark.parametrize("iterations", [0, 10, 700, 2000])
def test_a_limit_leaves_a_cover_and_a_bound_below_it(iterations) -> None:
    problem = random_cover(8, rows=150, sites=80, density=0.06)
    stop = MaxIterations(iterations)
    first, second = (solve_lscp(problem, stop=stop, seed=3) for _ in range(2))
    best = solve_lscp(problem, stop=PLENTY)
    assert (first.sites, first.bound, first.iterations) == (
        second.sites,
        second.bound,
        second.iterations,
    )
    assert first.bound <= best.objective <= first.objective
    assert missing_by_hand(problem, first.sites, np.ones(150, dtype=np.int64)) == 0
    assert (first.status is SolveStatus.OPTIMAL) <= (first.bound == first.objective)


def test_rows_without_a_site_are_named() -> None:
    problem = random_cover(8, rows=10, sites=4, density=0.2)
    lonely = {i for i in range(10) if problem.site_offset[i] == problem.site_offset[i + 1]}
    assert lonely
    answer = solve_lscp(problem, stop=PLENTY)
    assert answer.status is SolveStatus.INFEASIBLE
    assert {miss.where for miss in answer.unmet} == lonely


def test_a_need_of_the_wrong_form_is_refused() -> None:
    problem = random_cover(1)
    with pytest.raises(InvalidParameter, match="need has shape"):
        solve_lscp(problem, need=np.ones(3, dtype=np.int64), stop=PLENTY)
