"""Recomputes the bounds that answers claim, from the raw numbers and a certificate.

Independent on purpose: it imports nothing of the solver, uses whole numbers only, and shares no
code with what made the certificate. A certificate is data from outside; whatever it says is
checked, and what cannot be checked (a solver's word) is named in ``relies_on``.
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
    check_bound,
    check_choice,
    compare,
    read_array,
    read_int,
    read_ints,
    read_sites,
    refuse,
)


def check_median(
    cost: Int64, p: int, claim: Mapping[str, Any], fixed: Mapping[int, int] | None = None
) -> Verdict:
    """Recompute objective and bound of a p-median answer.

    Parameters
    ----------
    cost
        Shape (n, m), int64, from the raw file.
    p
        Sites to open, from the question asked and not from the certificate.
    claim
        ``sites``, ``objective``, ``bound`` and ``proof``: ``cutoff``, ``scale``, ``nodes`` with
        ``multiplier``, ``closed``, ``opened``, ``branch``, ``opened_child``, ``closed_child``.
    fixed
        Sites that must be open (1) or closed (-1); None for none.

    Returns
    -------
    Verdict
        ``bound`` is the smaller of the objective and what the tree proves.
    """
    verdict = Verdict()
    rules = dict(fixed or {})
    try:
        sites = read_sites(claim, cost.shape[1])
        check_choice(sites, p, rules)
        verdict.objective = int(cost[:, sites].min(axis=1).sum())
        compare("objective", claim.get("objective"), verdict.objective)
        verdict.bound = min(verdict.objective, _Tree(cost, p, claim).prove(rules))
        check_bound(claim, verdict.objective, verdict.bound)
    except Refused as refusal:
        verdict.faults.append(str(refusal))
    return verdict


def check_center(rank: Int64, p: int, claim: Mapping[str, Any]) -> Verdict:
    """Recompute objective and bound of a p-center answer.

    Parameters
    ----------
    rank
        Shape (n, m), int64: rank of each distance among the distinct ones, from 0.
    p
        Sites to open.
    claim
        As for `check_median`, in ranks; ``proof`` says that ``p`` sites leave a row beyond the
        distance of rank ``too_small``. Without one (``too_small`` -1) the bound is the rank of the
        farthest nearest site.
    """
    verdict = Verdict()
    try:
        sites = read_sites(claim, rank.shape[1])
        check_choice(sites, p, {})
        verdict.objective = int(rank[:, sites].min(axis=1).max())
        compare("objective", claim.get("objective"), verdict.objective)
        verdict.bound = int(rank.min(axis=1).max())
        too_small = read_int(claim, "too_small")
        if too_small >= 0:
            beyond = (rank > too_small).astype(np.int64)
            if _Tree(beyond, p, claim).prove({}) < 1:
                refuse(f"rank {too_small} is not proven to be too small")
            verdict.bound = max(verdict.bound, too_small + 1)
        check_bound(claim, verdict.objective, verdict.bound)
    except Refused as refusal:
        verdict.faults.append(str(refusal))
    return verdict


class _Tree:
    """The cases of a proof, walked from the root without recursion."""

    def __init__(self, cost: Int64, p: int, claim: Mapping[str, Any]) -> None:
        proof = claim.get("proof")
        if not isinstance(proof, Mapping):
            raise Refused("there is no proof")
        self.cost, self.p = cost, p
        self.cutoff, self.scale = read_int(proof, "cutoff"), read_int(proof, "scale")
        nodes = proof.get("nodes")
        if not isinstance(nodes, Sequence) or not nodes:
            raise Refused("the proof has no nodes")
        self.nodes: Sequence[Any] = nodes
        if self.scale < 1 or int(cost.max()) * self.scale > MAX_VALUE // (2 * len(cost) + 2):
            raise Refused(f"scale {self.scale} leaves the range of exact sums")

    def prove(self, rules: Mapping[int, int]) -> int:
        """Return what every choice of ``p`` sites costs at least."""
        opened = frozenset(j for j, rule in rules.items() if rule == 1)
        barred = frozenset(j for j, rule in rules.items() if rule == -1)
        free = frozenset(range(self.cost.shape[1])) - opened - barred
        waiting: list[tuple[int, frozenset[int], frozenset[int]]] = [(0, opened, free)]
        visited: set[int] = set()
        # whatever the fixings leave out costs at least the cutoff
        bound = self.cutoff
        while waiting:
            number, opened, free = waiting.pop()
            if not 0 <= number < len(self.nodes) or number in visited:
                raise Refused(f"node {number} does not exist or is used twice")
            visited.add(number)
            node = self.nodes[number]
            if not isinstance(node, Mapping):
                raise Refused(f"node {number} is not an object")
            proven, opened, free = self._bound(number, node, opened, free)
            branch = read_int(node, "branch")
            if proven >= self.cutoff or branch < 0:
                bound = min(bound, proven)
                continue
            if branch not in free:
                raise Refused(f"node {number} splits on site {branch}, which is not free there")
            rest = free - {branch}
            waiting.append((read_int(node, "opened_child"), opened | {branch}, rest))
            waiting.append((read_int(node, "closed_child"), opened, rest))
        return bound

    def _bound(
        self,
        number: int,
        node: Mapping[str, Any],
        opened: frozenset[int],
        free: frozenset[int],
    ) -> tuple[int, frozenset[int], frozenset[int]]:
        """Return the node's bound and what is open and free after its fixings."""
        room = self.p - len(opened)
        if not 0 <= room <= len(free):
            return self.cutoff, opened, free  # no answer fits these cases
        total, worth, order = self._sum_up(number, node, opened, free, room)
        cutoff = self.cutoff * self.scale
        last = worth[order[room - 1]] if room else None
        following = worth[order[room]] if room < len(order) else None
        for site in read_ints(node, "closed"):
            position = order.index(site) if site in free else -1
            # with the site in place of the worst chosen one; with no room it is closed anyway
            if position < room or (
                last is not None and not _reaches(total - last + worth[site], cutoff, self.scale)
            ):
                raise Refused(f"node {number} closes site {site} without proof")
        for site in read_ints(node, "opened"):
            position = order.index(site) if site in free else len(order)
            # with the best site left out in its place; with none left out it is open anyway
            if position >= room or (
                following is not None
                and not _reaches(total - worth[site] + following, cutoff, self.scale)
            ):
                raise Refused(f"node {number} opens site {site} without proof")
        won = frozenset(read_ints(node, "opened"))
        free = free - won - frozenset(read_ints(node, "closed"))
        opened = opened | won
        bound = -(-total // self.scale)
        if self.p - len(opened) in {0, len(free)}:
            last_answer = sorted(opened if self.p == len(opened) else opened | free)
            bound = max(bound, int(self.cost[:, last_answer].min(axis=1).sum()))
        return bound, opened, free

    def _sum_up(
        self,
        number: int,
        node: Mapping[str, Any],
        opened: frozenset[int],
        free: frozenset[int],
        room: int,
    ) -> tuple[int, dict[int, int], list[int]]:
        """Return (bound x scale, worth of each site, free sites from best to worst)."""
        price = read_array(node, "multiplier", self.cost.shape[0], f"node {number}")
        if np.abs(price).max() > MAX_VALUE // (2 * len(self.cost) + 2):
            raise Refused(f"node {number} has prices beyond the range of exact sums")
        columns = sorted(opened | free)
        margin = np.minimum(self.cost[:, columns] * self.scale - price[:, None], 0).sum(axis=0)
        worth = {site: int(value) for site, value in zip(columns, margin, strict=True)}
        order = sorted(free, key=lambda site: (worth[site], site))
        total = int(price.sum()) + sum(worth[site] for site in opened)
        return total + sum(worth[site] for site in order[:room]), worth, order


def _reaches(total: int, cutoff: int, scale: int) -> bool:
    """Whether a cost of at least ``total / scale``, a whole number, is at least the cutoff."""
    return -(-total // scale) * scale >= cutoff
