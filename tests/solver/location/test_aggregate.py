"""Merged rows are the same problem; the generator is the same problem again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.generate_cover import DemandPattern, generate_cover
from solver.location import aggregate
from solver.location.aggregate import aggregate_rows, restrict_sites
from tests.cover_problems import every_choice, random_cover, worth_by_hand

seeds = st.integers(0, 10**6)


def cover_sets(problem) -> list[tuple]:
    return [
        (tuple(problem.site_index[a:b].tolist()), int(g))
        for a, b, g in zip(
            problem.site_offset, problem.site_offset[1:], problem.group, strict=False
        )
    ]


@settings(max_examples=150, deadline=None)
@given(seed=seeds, groups=st.integers(0, 2), backup=st.booleans())
def test_merged_rows_are_the_distinct_cover_sets_in_order_of_appearance(
    seed, groups, backup
) -> None:
    problem = random_cover(seed, rows=40, sites=4, groups=groups, backup=backup)
    merged = aggregate_rows(problem)
    sets = cover_sets(problem)
    assert cover_sets(merged.problem) == list(dict.fromkeys(sets))
    assert [cover_sets(merged.problem)[k] for k in merged.member] == sets
    assert merged.problem.total_weight == problem.total_weight
    for sites in every_choice(problem):
        assert worth_by_hand(merged.problem, sites) == worth_by_hand(problem, sites)


@settings(max_examples=100, deadline=None)
@given(seed=seeds)
def test_fewer_sites_keep_the_worth_of_their_choices(seed) -> None:
    problem = random_cover(seed, conflicts=True, backup=True)
    kept = np.array([0, 2, 3, 6])
    small = restrict_sites(problem, kept).problem
    for choice in every_choice(small):
        whole = tuple(int(kept[j]) for j in choice)
        assert worth_by_hand(small, choice) == worth_by_hand(problem, whole)


def test_equal_hashes_of_different_rows_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def same_for_all(offset, index, label):
        return np.zeros(offset.shape[0] - 1, dtype=np.uint64)

    monkeypatch.setattr(aggregate, "_hash_rows", same_for_all)
    problem = random_cover(11, rows=40, sites=4, groups=2)
    merged = aggregate_rows(problem)
    assert cover_sets(merged.problem) == list(dict.fromkeys(cover_sets(problem)))


@pytest.mark.parametrize("pattern", list(DemandPattern))
def test_a_seed_makes_one_problem_with_the_share_asked_for(pattern) -> None:
    first, second = (generate_cover(5000, 300, pattern=pattern, seed=9) for _ in range(2))
    assert np.array_equal(first.site_index, second.site_index)
    assert np.array_equal(first.weight, second.weight)
    share = first.site_index.shape[0] / (5000 * 300)
    assert share == pytest.approx(0.02, rel=0.15)
    assert (first.weight.min(), first.weight.max()) == (1, 100)
