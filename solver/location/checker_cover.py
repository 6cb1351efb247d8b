"""Recomputes the bounds of covering answers from cover sets and prices; see ``checker``.

Maximal covering, prices ``u >= 0`` of rows and ``l >= 0`` of a site (Galvão & ReVelle 1996)::

    covered <= sum_i max(0, w_i - u_i) + l p + sum_j max(0, sum_{i in j} u_i - l)

Set covering (Beasley 1990)::

    cost >= sum_i u_i + sum_j min(0, c_j - sum_{i in j} u_i)

with rows of equal cover set merged: the k-th price is that of the k-th distinct set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from solver.location.checker_reading import (
    MAX_VALUE,
    Int64,
    Refused,
    Verdict,
    check_choice,
    check_solver_claim,
    compare,
    read_array,
    read_int,
    read_sites,
    refuse,
)

CoverSets = Sequence[Sequence[int]]
"""Sites that cover each row."""


def check_maximal(
    weight: Int64, cover: CoverSets, count: int, p: int, claim: Mapping[str, Any]
) -> Verdict:
    """Recompute covered weight and bound of a maximal covering answer with ``p`` sites.

    Parameters
    ----------
    weight
        Shape (n,), int64.
    cover
        Sites that cover each row.
    count
        Number of sites.
    p
        Most sites to open, from the question asked.
    claim
        ``sites``, ``objective``, ``bound``, ``status``, ``proof``.
    """
    verdict = Verdict()
    try:
        sites = read_sites(claim, count)
        if len(sites) > p:
            check_choice(sites, p, {})
        opened = set(sites)
        reached = [not opened.isdisjoint(row) for row in cover]
        verdict.objective = int(weight[np.array(reached, dtype=np.bool_)].sum())
        compare("objective", claim.get("objective"), verdict.objective)
        verdict.bound = max(verdict.objective, _bound_maximal(weight, cover, count, p, claim))
        check_solver_claim(claim, verdict, is_maximum=True)
    except Refused as refusal:
        verdict.faults.append(str(refusal))
    return verdict


def check_set_cover(cost: Int64, cover: CoverSets, claim: Mapping[str, Any]) -> Verdict:
    """Recompute cost and bound of a set covering answer; every row must be covered.

    Parameters
    ----------
    cost
        Shape (m,), int64: cost of each site.
    cover
        Sites that cover each row.
    claim
        As for `check_maximal`.
    """
    verdict = Verdict()
    try:
        sites = read_sites(claim, len(cost))
        opened = set(sites)
        bare = [row for row, by in enumerate(cover) if opened.isdisjoint(by)]
        if bare:
            refuse(f"{len(bare)} rows are not covered, row {bare[0]} first")
        verdict.objective = int(cost[sites].sum())
        compare("objective", claim.get("objective"), verdict.objective)
        verdict.bound = min(verdict.objective, _bound_set(cost, cover, claim))
        check_solver_claim(claim, verdict, is_maximum=False)
    except Refused as refusal:
        verdict.faults.append(str(refusal))
    return verdict


def _merge(cover: CoverSets) -> dict[tuple[int, ...], list[int]]:
    """Return the rows of every distinct cover set, in order of first appearance."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for row, by in enumerate(cover):
        groups.setdefault(tuple(sorted(by)), []).append(row)
    return groups


def _read_prices(
    claim: Mapping[str, Any], size: int, largest: int
) -> tuple[Int64, int, Mapping[str, Any]]:
    proof = claim.get("proof")
    if not isinstance(proof, Mapping):
        raise Refused("there is no proof")
    scale = read_int(proof, "scale")
    price = read_array(proof, "multiplier", size, "proof")
    if scale < 1 or (largest + 1) * scale > MAX_VALUE // (size + 1):
        raise Refused(f"scale {scale} leaves the range of exact sums")
    if price.size and (int(price.min()) < 0 or int(price.max()) > MAX_VALUE // (size + 1)):
        raise Refused("a price is negative or leaves the range of exact sums")
    return price, scale, proof


def _add_per_site(
    groups: Mapping[tuple[int, ...], list[int]], price: Int64, count: int
) -> list[int]:
    """Return the sum of prices of the sets that hold each site."""
    total = [0] * count
    for by, value in zip(groups, price.tolist(), strict=True):
        for site in by:
            total[site] += value
    return total


def _bound_maximal(
    weight: Int64, cover: CoverSets, count: int, p: int, claim: Mapping[str, Any]
) -> int:
    groups = _merge(cover)
    price, scale, proof = _read_prices(claim, len(groups), int(weight.sum()))
    site_price = read_int(proof, "site_price")
    if site_price < 0:
        raise Refused("the price of a site is negative")
    worth = [int(weight[rows].sum()) * scale for rows in groups.values()]
    rows = sum(max(0, w - u) for w, u in zip(worth, price.tolist(), strict=True))
    sites = sum(max(0, v - site_price) for v in _add_per_site(groups, price, count))
    coverable = sum(w for w, by in zip(worth, groups, strict=True) if by)
    return int(min(rows + site_price * p + sites, coverable) // scale)


def _bound_set(cost: Int64, cover: CoverSets, claim: Mapping[str, Any]) -> int:
    groups = _merge(cover)
    price, scale, _ = _read_prices(claim, len(groups), int(cost.max()))
    per_site = _add_per_site(groups, price, len(cost))
    sites = sum(min(0, c * scale - v) for c, v in zip(cost.tolist(), per_site, strict=True))
    return -int(-(int(price.sum()) + sites) // scale)
