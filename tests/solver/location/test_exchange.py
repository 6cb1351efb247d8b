"""Greedy and exchange: valid, never worse, and no single exchange left that pays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.location import exchange as module
from solver.location.clock import Clock
from solver.location.exchange import Exchange
from solver.location.limits import make_limits
from solver.stop import MaxIterations
from tests.cover_problems import choices_within, random_cover, worth_by_hand

seeds = st.integers(0, 10**6)


def to_sites(opened) -> tuple[int, ...]:
    return tuple(np.flatnonzero(opened).tolist())


@settings(max_examples=200, deadline=None)
@given(seed=seeds, p=st.integers(1, 4), backup=st.booleans(), conflicts=st.booleans())
def test_no_single_exchange_pays_at_the_end(seed, p, backup, conflicts) -> None:
    problem = random_cover(seed, rows=20, sites=8, backup=backup, conflicts=conflicts)
    search = Exchange(problem, make_limits(problem, p=p))
    greedy = search.complete(search.make_start())
    best = search.improve(greedy, Clock(MaxIterations(1000)))
    valid = choices_within(problem, p=p)
    assert to_sites(greedy) in valid
    assert to_sites(best) in valid
    value = worth_by_hand(problem, to_sites(best))
    assert search.get_value(best) == value >= worth_by_hand(problem, to_sites(greedy))
    for sites in valid:
        if len(set(sites) ^ set(to_sites(best))) <= 2 and len(sites) == len(to_sites(best)):
            assert worth_by_hand(problem, sites) <= value


def test_a_small_table_tries_the_weakest_sites_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MAX_PAIRS", 1)
    problem = random_cover(4, rows=40, sites=12, density=0.2)
    search = Exchange(problem, make_limits(problem, p=4))
    start = np.zeros(12, dtype=np.bool_)
    start[[0, 1, 2, 3]] = True
    better = search.improve(start, Clock(MaxIterations(1000)))
    assert np.count_nonzero(better) == 4
    assert search.get_value(better) >= search.get_value(start)


def test_existing_sites_stay_where_closing_them_breaks_a_rule() -> None:
    problem = random_cover(6, existing=True)
    search = Exchange(problem, make_limits(problem, max_changes=0))
    assert np.array_equal(search.make_start(), problem.existing)
