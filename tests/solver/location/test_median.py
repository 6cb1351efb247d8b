"""p-median, p-center and capacitated p-median: answers, proofs, limits."""

from __future__ import annotations

import numpy as np
import pytest

from solver.errors import InvalidProblem
from solver.location.capacitated import solve_cpmp
from solver.location.capacitated_dual import pack
from solver.location.capacitated_problem import make_capacitated_problem
from solver.location.center import solve_pcenter
from solver.location.certificate import describe_tree
from solver.location.checker import check_center, check_median
from solver.location.checker_capacitated import check_capacitated
from solver.location.checker_reading import Verdict
from solver.location.median import solve_pmedian
from solver.location.median_problem import MedianAnswer, make_median_problem
from solver.status import SolveStatus, StoppedBy
from solver.stop import Stop
from tests.siting_brute_force import best_capacitated, best_center, best_median

PATIENT = Stop(max_iterations=100_000)


def make_cost(seed: int, rows: int = 12, sites: int = 9, top: int = 60) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, top, (rows, sites))


def make_plane(seed: int, count: int) -> np.ndarray:
    places = np.random.default_rng(seed).integers(0, 1000, (count, 2))
    apart = np.linalg.norm(places[:, None] - places[None, :], axis=2)
    return np.rint(apart).astype(np.int64)


def claim_of(answer: MedianAnswer) -> dict[str, object]:
    assert answer.tree is not None
    return {
        "sites": list(answer.sites),
        "assignment": list(answer.assignment),
        "objective": answer.objective,
        "bound": int(answer.bound),
        "status": answer.status.value,
        "proof": describe_tree(answer.tree, answer.solver_name),
    }


@pytest.mark.parametrize("seed", range(25))
def test_pmedian_agrees_with_trying_every_choice_and_its_proof_is_accepted(seed: int) -> None:
    cost, p = make_cost(seed), 1 + seed % 5
    answer = solve_pmedian(make_median_problem(cost, p), stop=PATIENT)
    assert answer.objective == best_median(cost, p)
    assert (answer.status, answer.bound) == (SolveStatus.OPTIMAL, answer.objective)
    assert len(answer.sites) == p
    assert answer.objective == int(cost[np.arange(len(cost)), answer.assignment].sum())
    verdict = check_median(cost, p, claim_of(answer))
    assert verdict.faults == []
    assert verdict.bound == answer.objective


@pytest.mark.parametrize("seed", range(10))
def test_pmedian_keeps_fixed_sites(seed: int) -> None:
    cost = make_cost(100 + seed)
    fixed = np.zeros(9, dtype=np.int8)
    fixed[[1, 4]], fixed[6] = 1, -1
    answer = solve_pmedian(make_median_problem(cost, 4, fixed), stop=PATIENT)
    assert answer.objective == best_median(cost, 4, fixed)
    assert {1, 4} <= set(answer.sites)
    assert 6 not in answer.sites
    rules = {1: 1, 4: 1, 6: -1}
    assert check_median(cost, 4, claim_of(answer), rules).faults == []
    # a choice without a site that must be open is refused
    assert check_median(cost, 4, claim_of(answer), {6: 1}).faults


def test_a_branched_proof_is_accepted() -> None:
    # random costs leave a duality gap, so the root alone cannot prove it
    cost = make_cost(3, rows=60, sites=40, top=1000)
    answer = solve_pmedian(make_median_problem(cost, 6), stop=PATIENT)
    assert answer.tree is not None
    assert len(answer.tree.nodes) > 3
    assert answer.status is SolveStatus.OPTIMAL
    assert check_median(cost, 6, claim_of(answer)).faults == []


def test_a_search_cut_short_is_never_optimal_but_its_bound_holds() -> None:
    cost = make_cost(3, rows=60, sites=40, top=1000)
    whole = solve_pmedian(make_median_problem(cost, 6), stop=PATIENT)
    short = solve_pmedian(make_median_problem(cost, 6), stop=Stop(max_iterations=2))
    assert (short.status, short.stopped_by) == (SolveStatus.FEASIBLE, StoppedBy.ITERATIONS)
    assert short.bound < whole.objective <= short.objective
    assert short.gap > 0
    verdict = check_median(cost, 6, claim_of(short))
    assert (verdict.faults, verdict.bound) == ([], short.bound)


def test_the_same_limits_and_seed_give_the_same_answer_and_proof() -> None:
    problem = make_median_problem(make_plane(5, 80), 7)
    one, other = (solve_pmedian(problem, stop=PATIENT, seed=4) for _ in range(2))
    assert claim_of(one) == claim_of(other)


def test_p_equal_to_all_sites_and_one_site_are_proven() -> None:
    cost = make_cost(8)
    every = solve_pmedian(make_median_problem(cost, 9), stop=PATIENT)
    assert (every.objective, every.status) == (int(cost.min(axis=1).sum()), "optimal")
    one = solve_pmedian(make_median_problem(cost, 1), stop=PATIENT)
    assert (one.objective, one.status) == (int(cost.sum(axis=0).min()), "optimal")


def test_a_broken_problem_names_every_fault() -> None:
    with pytest.raises(InvalidProblem) as caught:
        make_median_problem(np.array([[1, -2], [3, 4]]), 3)
    assert {fault.where for fault in caught.value.faults} >= {"cost[0, 1]", "p"}
    with pytest.raises(InvalidProblem, match="fixed"):
        make_median_problem(make_cost(1), 1, np.ones(9, dtype=np.int8))


@pytest.mark.parametrize("seed", range(15))
def test_pcenter_agrees_with_trying_every_choice_and_its_proof_is_accepted(seed: int) -> None:
    distance, p = make_cost(200 + seed, top=40), 1 + seed % 5
    values, rank = np.unique(distance, return_inverse=True)
    rank = rank.reshape(distance.shape).astype(np.int64)
    answer = solve_pcenter(rank, p, stop=PATIENT)
    assert int(values[answer.objective]) == best_center(distance, p)
    assert answer.status is SolveStatus.OPTIMAL
    claim = {
        "sites": list(answer.sites),
        "objective": answer.objective,
        "bound": int(answer.bound),
        "status": "optimal",
        "too_small": answer.too_small,
        "proof": None if answer.tree is None else describe_tree(answer.tree),
    }
    assert check_center(rank, p, claim).faults == []
    claim["too_small"] = answer.objective
    assert check_center(rank, p, claim).faults


def test_pcenter_cut_short_keeps_what_it_found_and_what_it_proved() -> None:
    distance = make_plane(9, 60)
    whole = solve_pcenter(distance, 6, stop=PATIENT)
    short = solve_pcenter(distance, 6, stop=Stop(max_iterations=1))
    assert whole.status is SolveStatus.OPTIMAL
    assert short.bound <= whole.objective <= short.objective
    assert (short.status is SolveStatus.OPTIMAL) == (short.bound == short.objective)


def solve_capacitated(seed: int, room: int) -> tuple[MedianAnswer, int | None, Verdict]:
    rng = np.random.default_rng(seed)
    cost, load = rng.integers(1, 50, (7, 5)), rng.integers(1, 9, 7)
    capacity = rng.integers(room, room + 6, 5)
    answer = solve_cpmp(
        make_capacitated_problem(cost, 2, load, capacity), stop=Stop(max_runtime_s=200)
    )
    verdict = Verdict()
    if answer.sites:
        verdict = check_capacitated(cost, 2, load, capacity, claim_of(answer))
    return answer, best_capacitated(cost, 2, load, capacity), verdict


@pytest.mark.parametrize("seed", range(10))
def test_capacitated_agrees_with_trying_every_assignment(seed: int) -> None:
    answer, best, verdict = solve_capacitated(seed, room=18)
    if best is None:
        assert (answer.status, answer.sites) == (SolveStatus.INFEASIBLE, ())
        return
    assert (answer.objective, answer.status) == (best, SolveStatus.OPTIMAL)
    assert verdict.faults == []
    assert verdict.bound == best or verdict.relies_on == answer.solver_name != ""


def test_capacities_that_cannot_hold_the_load_are_infeasible_not_an_exception() -> None:
    answer, best, _ = solve_capacitated(1, room=1)
    assert best is None
    assert answer.status is SolveStatus.INFEASIBLE
    assert answer.unmet


def test_knapsacks_of_all_sites_are_exact() -> None:
    rng = np.random.default_rng(5)
    margin, load = rng.integers(-20, 10, (9, 4)), rng.integers(1, 8, 9)
    capacity = np.array([0, 9, 14, 60])
    problem = make_capacitated_problem(rng.integers(0, 9, (9, 4)), 2, load, capacity)
    packed = pack(problem, np.arange(4), margin)
    for site in range(4):
        best = min(
            int(margin[list(rows), site].sum())
            for rows in ([k for k in range(9) if bits >> k & 1] for bits in range(2**9))
            if int(load[list(rows)].sum()) <= capacity[site]
        )
        assert packed.worth[site] == best
        taken = packed.taken[:, site]
        assert int(margin[taken, site].sum()) == best
        assert int(load[taken].sum()) <= capacity[site]
