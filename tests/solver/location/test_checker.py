"""The checker of certificates: it accepts what holds and refuses what was tampered with."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import solver.location.checker as checker_module
from solver.location.certificate import describe_prices, describe_tree, pack_array
from solver.location.checker import check_median
from solver.location.checker_cover import check_maximal, check_set_cover
from solver.location.cover import solve_mclp
from solver.location.median import solve_pmedian
from solver.location.median_problem import make_median_problem
from solver.location.problem import make_cover_problem
from solver.location.setcover import solve_lscp
from solver.stop import Stop

COST = np.random.default_rng(3).integers(0, 1000, (60, 40))
P = 6
Claim = dict[str, Any]


@pytest.fixture(scope="module")
def proof() -> Claim:
    answer = solve_pmedian(make_median_problem(COST, P), stop=Stop(max_iterations=100_000))
    assert answer.tree is not None
    return {
        "sites": list(answer.sites),
        "objective": answer.objective,
        "bound": int(answer.bound),
        "status": "optimal",
        "proof": describe_tree(answer.tree),
    }


def test_the_untouched_certificate_is_accepted(proof: Claim) -> None:
    verdict = check_median(COST, P, proof)
    assert verdict.ok
    assert (verdict.objective, verdict.bound) == (proof["objective"], proof["objective"])


def raise_bound(claim: Claim) -> None:
    claim["bound"] += 1


def lower_objective(claim: Claim) -> None:
    claim["objective"] -= 1


def swap_a_site(claim: Claim) -> None:
    claim["sites"][0] = next(j for j in range(40) if j not in claim["sites"])


def repeat_a_site(claim: Claim) -> None:
    claim["sites"][0] = claim["sites"][1]


def open_too_few(claim: Claim) -> None:
    claim["sites"].pop()


def lower_cutoff(claim: Claim) -> None:
    # nodes would count as proven at a lower cost than they are
    claim["proof"]["cutoff"] -= 50


def drop_multipliers_of_leaves(claim: Claim) -> None:
    for node in claim["proof"]["nodes"]:
        node["multiplier"] = pack_array(np.zeros(60, dtype=np.int64))


def shorten_multipliers(claim: Claim) -> None:
    claim["proof"]["nodes"][0]["multiplier"] = pack_array(np.zeros(59, dtype=np.int64))


def garble_multipliers(claim: Claim) -> None:
    claim["proof"]["nodes"][0]["multiplier"] = {"int64": "not base 64!"}


def enlarge_multipliers(claim: Claim) -> None:
    # sums would wrap around
    huge = np.full(60, 2**62, dtype=np.int64)
    claim["proof"]["nodes"][0]["multiplier"] = pack_array(huge)


def close_every_site(claim: Claim) -> None:
    claim["proof"]["nodes"][0]["closed"] = list(range(40))


def open_an_unproven_site(claim: Claim) -> None:
    claim["proof"]["nodes"][0]["opened"] = [0]


def point_back_to_the_root(claim: Claim) -> None:
    node = next(node for node in claim["proof"]["nodes"] if node["branch"] >= 0)
    node["closed_child"] = 0


def forget_a_case(claim: Claim) -> None:
    node = next(node for node in claim["proof"]["nodes"] if node["branch"] >= 0)
    node["opened_child"] = node["closed_child"]


def enlarge_scale(claim: Claim) -> None:
    claim["proof"]["scale"] *= 2


def remove_proof(claim: Claim) -> None:
    claim["proof"] = None


@pytest.mark.parametrize(
    "tamper",
    [
        raise_bound,
        lower_objective,
        swap_a_site,
        repeat_a_site,
        open_too_few,
        lower_cutoff,
        drop_multipliers_of_leaves,
        shorten_multipliers,
        garble_multipliers,
        enlarge_multipliers,
        close_every_site,
        open_an_unproven_site,
        point_back_to_the_root,
        forget_a_case,
        enlarge_scale,
        remove_proof,
    ],
)
def test_a_tampered_certificate_is_refused(proof: Claim, tamper: Callable[[Claim], None]) -> None:
    claim = copy.deepcopy(proof)
    tamper(claim)
    assert not check_median(COST, P, claim).ok


def test_a_certificate_of_another_instance_is_refused(proof: Claim) -> None:
    other = COST.copy()
    other[:, proof["sites"][0]] += 5
    assert not check_median(other, P, proof).ok


def make_cover(seed: int) -> tuple[np.ndarray, list[list[int]]]:
    rng = np.random.default_rng(seed)
    hits = rng.random((40, 15)) < 0.15
    hits[np.arange(40), rng.integers(0, 15, 40)] = True
    return rng.integers(1, 30, 40), [np.flatnonzero(row).tolist() for row in hits]


def to_problem(weight: np.ndarray, cover: list[list[int]], cost: np.ndarray | None = None):
    offset = np.concatenate([[0], np.cumsum([len(row) for row in cover])]).astype(np.int64)
    index = np.concatenate(cover).astype(np.int32)
    return make_cover_problem(weight, offset, index, sites=15, cost=cost)


def claim_of(answer) -> Claim:
    return {
        "sites": list(answer.sites),
        "objective": answer.objective,
        "bound": int(answer.bound),
        "status": answer.status.value,
        "proof": describe_prices(answer.certificate),
    }


@pytest.mark.parametrize("seed", range(5))
def test_prices_of_maximal_covering_are_recomputed(seed: int) -> None:
    weight, cover = make_cover(seed)
    answer = solve_mclp(to_problem(weight, cover), p=4, stop=Stop(max_iterations=2000))
    claim = claim_of(answer)
    verdict = check_maximal(weight, cover, 15, 4, claim)
    assert verdict.faults == []
    assert verdict.bound == answer.certificate.lagrangian_bound
    # a bound below the objective, and one nobody vouches for
    assert not check_maximal(weight, cover, 15, 4, claim | {"bound": answer.objective - 1}).ok
    silent = claim | {"proof": claim["proof"] | {"solver": ""}, "bound": verdict.bound - 1}
    assert not check_maximal(weight, cover, 15, 4, silent | {"status": "feasible"}).ok
    assert not check_maximal(weight, cover, 15, 3, claim).ok


@pytest.mark.parametrize("seed", range(5))
def test_prices_of_set_covering_are_recomputed(seed: int) -> None:
    weight, cover = make_cover(50 + seed)
    cost = np.random.default_rng(seed).integers(1, 20, 15)
    answer = solve_lscp(to_problem(weight, cover, cost), stop=Stop(max_iterations=2000))
    claim = claim_of(answer)
    verdict = check_set_cover(cost, cover, claim)
    assert verdict.faults == []
    assert verdict.bound == answer.certificate.lagrangian_bound
    assert not check_set_cover(cost, cover, claim | {"sites": list(answer.sites)[1:]}).ok
    silent = claim | {"proof": claim["proof"] | {"solver": ""}, "bound": verdict.bound + 1}
    assert not check_set_cover(cost, cover, silent | {"status": "feasible"}).ok


@pytest.mark.parametrize("path", sorted(Path(checker_module.__file__).parent.glob("checker*.py")))
def test_the_checker_imports_nothing_of_the_solver_but_itself(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        for name in names:
            own = name.startswith("solver.location.checker")
            assert own or name.split(".")[0] not in {"solver", "geo", "dispatch", "scenarios"}
