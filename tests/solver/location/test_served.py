"""Covering with capacities against trying everything; flows, bounds and limits."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.errors import InvalidProblem
from solver.location.cover import solve_mclp
from solver.location.problem import CoverProblem
from solver.location.served import solve_capacitated_lscp, solve_capacitated_mclp
from solver.location.served_problem import ServedAnswer, ServedProblem
from solver.status import SolveStatus, StoppedBy
from solver.stop import MaxIterations
from tests.cover_problems import choices_within, every_choice, random_cover

PLENTY = MaxIterations(100_000)
seeds = st.integers(0, 10**6)


def random_served(seed: int, *, top: int = 120, **shape: object) -> ServedProblem:
    cover = random_cover(seed, **shape)  # type: ignore[arg-type]  # as the test asks
    rng = np.random.default_rng(seed + 1)
    return ServedProblem(cover, rng.integers(0, top, cover.sites).astype(np.int64))


def reach_of(cover: CoverProblem) -> list[set[int]]:
    return [
        {int(j) for j in cover.site_index[cover.site_offset[i] : cover.site_offset[i + 1]]}
        for i in range(cover.rows)
    ]


def served_by_hand(problem: ServedProblem, sites: tuple[int, ...]) -> int:
    """Smallest cut: some sites at their capacity, and all the demand the others reach."""
    reach = reach_of(problem.cover)
    weight = problem.cover.weight.tolist()
    cuts = []
    for size in range(len(sites) + 1):
        for full in combinations(sites, size):
            others = set(sites) - set(full)
            demand = sum(w for w, near in zip(weight, reach, strict=True) if near & others)
            cuts.append(sum(int(problem.capacity[j]) for j in full) + demand)
    return min(cuts)


def check_flow(problem: ServedProblem, answer: ServedAnswer) -> None:
    assert answer.row is not None
    assert answer.site is not None
    assert answer.amount is not None
    reach = reach_of(problem.cover)
    rows = np.zeros(problem.cover.rows, dtype=np.int64)
    loads = np.zeros(problem.cover.sites, dtype=np.int64)
    for row, site, amount in zip(answer.row, answer.site, answer.amount, strict=True):
        assert amount > 0
        assert int(site) in reach[int(row)]
        assert int(site) in answer.sites
        rows[row] += amount
        loads[site] += amount
    assert (rows <= problem.cover.weight).all()
    assert (loads <= problem.capacity).all()
    assert answer.served == served_by_hand(problem, answer.sites)


def bound_by_hand(problem: ServedProblem, answer: ServedAnswer, room: int | None) -> int:
    """Recompute the bound of the prices, site by site and unit by unit."""
    proof = answer.certificate
    assert proof is not None
    merged = problem.merged.problem
    scale, price = proof.scale, proof.multiplier.tolist()
    rule = proof.limit_multiplier.get("sites", 0)
    total = sum(p * int(w) for p, w in zip(price, merged.weight, strict=True))
    total += 0 if room is None else rule * room
    for site in range(merged.sites):
        rows = [i for i, near in enumerate(reach_of(merged)) if site in near]
        left, worth = int(problem.capacity[site]), -rule
        for row in sorted(rows, key=lambda i: price[i]):
            taken = min(left, int(merged.weight[row]))
            left, worth = left - taken, worth + taken * (scale - price[row])
        if merged.fixed[site] > 0 or (merged.fixed[site] == 0 and worth > 0):
            total += worth
    return total // scale


@settings(max_examples=80, deadline=None)
@given(seed=seeds, p=st.integers(0, 5), conflicts=st.booleans(), fixed=st.booleans())
def test_p_sites_serve_as_much_as_any_p_sites_can(seed, p, conflicts, fixed) -> None:
    problem = random_served(seed, conflicts=conflicts, fixed=fixed)
    answer = solve_capacitated_mclp(problem, p=p, stop=PLENTY)
    choices = choices_within(problem.cover, p=p)
    if not choices:
        assert answer.status is SolveStatus.INFEASIBLE
        assert answer.unmet
        return
    best = max(served_by_hand(problem, sites) for sites in choices)
    assert (answer.objective, answer.bound) == (best, best)
    assert answer.status is SolveStatus.OPTIMAL
    assert answer.sites in choices
    check_flow(problem, answer)


@settings(max_examples=60, deadline=None)
@given(seed=seeds, budget=st.integers(0, 40), changes=st.integers(0, 4))
def test_money_and_changes_hold_where_capacities_count(seed, budget, changes) -> None:
    problem = random_served(seed, existing=True)
    limits = {"budget": budget, "max_changes": changes}
    answer = solve_capacitated_mclp(problem, **limits, stop=PLENTY)
    choices = choices_within(problem.cover, **limits)
    if not choices:
        assert answer.status is SolveStatus.INFEASIBLE
        return
    assert answer.sites in choices
    assert answer.objective == max(served_by_hand(problem, sites) for sites in choices)
    assert answer.status is SolveStatus.OPTIMAL


@settings(max_examples=60, deadline=None)
@given(seed=seeds, p=st.integers(1, 4), iterations=st.integers(0, 40))
def test_a_search_cut_short_keeps_an_honest_bound(seed, p, iterations) -> None:
    problem = random_served(seed, top=60)
    answer = solve_capacitated_mclp(problem, p=p, stop=MaxIterations(iterations))
    best = max(served_by_hand(problem, sites) for sites in choices_within(problem.cover, p=p))
    assert answer.objective <= best <= answer.bound
    assert answer.certificate is not None
    assert answer.certificate.lagrangian_bound == bound_by_hand(problem, answer, p)
    if answer.bound > answer.objective:
        assert answer.status is SolveStatus.FEASIBLE
        assert answer.stopped_by is StoppedBy.ITERATIONS
    check_flow(problem, answer)


@settings(max_examples=80, deadline=None)
@given(seed=seeds, top=st.sampled_from([30, 150, 600]), conflicts=st.booleans(),
       existing=st.booleans(), fixed=st.booleans())  # fmt: skip
def test_everything_that_can_be_served_is_served_for_the_least_money(
    seed, top, conflicts, existing, fixed
) -> None:
    problem = random_served(
        seed, top=top, density=0.5, conflicts=conflicts, existing=existing, fixed=fixed
    )
    answer = solve_capacitated_lscp(problem, stop=PLENTY)
    choices = every_choice(problem.cover)
    if not choices:
        assert answer.status is SolveStatus.INFEASIBLE
        return
    served = {sites: served_by_hand(problem, sites) for sites in choices}
    most = max(served.values())
    least = min(problem.cover.get_cost(sites) for sites, units in served.items() if units == most)
    assert (answer.served, answer.objective, answer.bound) == (most, least, least)
    total = int(problem.cover.weight.sum())
    assert answer.status is (SolveStatus.OPTIMAL if most == total else SolveStatus.INFEASIBLE)
    assert sum(miss.wanted - miss.found for miss in answer.unmet) == total - most
    check_flow(problem, answer)


@settings(max_examples=40, deadline=None)
@given(seed=seeds, iterations=st.integers(0, 30))
def test_least_money_cut_short_keeps_an_honest_bound(seed, iterations) -> None:
    problem = random_served(seed, top=150, density=0.5)
    answer = solve_capacitated_lscp(problem, stop=MaxIterations(iterations))
    served = {sites: served_by_hand(problem, sites) for sites in every_choice(problem.cover)}
    most = max(served.values())
    least = min(problem.cover.get_cost(sites) for sites, units in served.items() if units == most)
    assert answer.bound <= least <= answer.objective
    assert answer.served == most


@settings(max_examples=30, deadline=None)
@given(seed=seeds, p=st.integers(1, 4))
def test_with_room_for_everybody_it_is_plain_covering(seed, p) -> None:
    cover = random_cover(seed)
    room = np.full(cover.sites, int(cover.weight.sum()), dtype=np.int64)
    answer = solve_capacitated_mclp(ServedProblem(cover, room), p=p, stop=PLENTY)
    assert answer.objective == solve_mclp(cover, p=p, stop=PLENTY).objective


def test_what_has_no_meaning_with_capacities_is_refused() -> None:
    plain = random_cover(1)
    with pytest.raises(InvalidProblem, match="capacity"):
        ServedProblem(plain, np.zeros(3, dtype=np.int64))
    with pytest.raises(InvalidProblem, match="backup_weight"):
        ServedProblem(random_cover(1, backup=True), np.zeros(plain.sites, dtype=np.int64))
    with pytest.raises(InvalidProblem, match=r"capacity\[2\]"):
        ServedProblem(plain, np.array([1, 1, -1, 1, 1, 1, 1], dtype=np.int64))
