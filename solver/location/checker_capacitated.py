"""Recomputes the bound of capacitated p-median answers from prices; see ``checker``.

The knapsack of every site is solved again, by a table over the capacity in whole numbers and one
site at a time: another way than the one that made the prices.
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
    read_ints,
    read_sites,
    refuse,
)


def check_capacitated(
    cost: Int64, p: int, load: Int64, capacity: Int64, claim: Mapping[str, Any]
) -> Verdict:
    """Recompute objective and bound of a capacitated p-median answer.

    Parameters
    ----------
    cost
        Shape (n, m), int64.
    p
        Sites to open.
    load, capacity
        Shapes (n,) and (m,), int64.
    claim
        ``sites``, ``assignment``, ``objective``, ``bound``, ``status`` and ``proof`` with
        ``scale``, ``nodes`` (the prices are those of the first) and ``solver`` (who vouches for
        more than the prices prove).
    """
    verdict = Verdict()
    try:
        sites = read_sites(claim, cost.shape[1])
        check_choice(sites, p, {})
        assignment = read_ints(claim, "assignment")
        if len(assignment) != len(cost) or not set(assignment) <= set(sites):
            refuse("the assignment does not give every row one of the sites")
        used = np.zeros(cost.shape[1], dtype=np.int64)
        np.add.at(used, assignment, load)
        if (used > capacity).any():
            site = int(np.flatnonzero(used > capacity)[0])
            refuse(f"site {site} serves {used[site]}; it can serve {capacity[site]}")
        verdict.objective = int(cost[np.arange(len(cost)), assignment].sum())
        compare("objective", claim.get("objective"), verdict.objective)
        verdict.bound = min(verdict.objective, _bound(cost, p, load, capacity, claim))
        check_solver_claim(claim, verdict, is_maximum=False)
    except Refused as refusal:
        verdict.faults.append(str(refusal))
    return verdict


def _bound(cost: Int64, p: int, load: Int64, capacity: Int64, claim: Mapping[str, Any]) -> int:
    proof = claim.get("proof")
    nodes = proof.get("nodes") if isinstance(proof, Mapping) else None
    if not isinstance(proof, Mapping) or not isinstance(nodes, Sequence) or not nodes:
        raise Refused("there is no proof")
    if not isinstance(nodes[0], Mapping):
        raise Refused("node 0 is not an object")
    scale = read_int(proof, "scale")
    price = read_array(nodes[0], "multiplier", len(cost), "node 0")
    largest = max(int(cost.max()) * scale, int(np.abs(price).max()))
    if scale < 1 or largest > MAX_VALUE // (2 * len(cost) + 2):
        raise Refused("prices leave the range of exact sums")
    worth = sorted(
        _fill(price - cost[:, site] * scale, load, int(capacity[site]))
        for site in range(cost.shape[1])
    )
    return -(-(int(price.sum()) - sum(worth[-p:])) // scale)


def _fill(gain: Int64, load: Int64, capacity: int) -> int:
    """Return the largest gain of rows whose loads fit together."""
    table = np.zeros(capacity + 1, dtype=np.int64)
    for row in np.flatnonzero((gain > 0) & (load <= capacity)):
        size = int(load[row])
        table[size:] = np.maximum(table[size:], table[: capacity + 1 - size] + gain[row])
    return int(table[-1])
