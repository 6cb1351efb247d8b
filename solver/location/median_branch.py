"""Branch and bound on the Lagrangian bound of p-median; every step leaves a checkable record.

Best bound first. A node raises its parent's prices a little, closes and opens sites by reduced
costs, and splits on one site: open or closed. Nodes keep the integer prices that prove them, so
the whole tree can be recomputed by addition (see ``checker``). Source of the scheme: Christofides &
Beasley 1982.
"""

from __future__ import annotations

import heapq
import math
import time
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from solver.location.interchange import Neighborhood
from solver.location.median_dual import (
    Ascent,
    Cases,
    ExactBound,
    ascend,
    pick_scale,
    prove,
    round_prices,
)
from solver.location.median_problem import Float64, Int64, MedianProblem, ProofNode, ProofTree

ROOT_STEPS: Final = 800
NODE_STEPS: Final = 60
NODE_STEP_LENGTH: Final = 0.3


@dataclass(slots=True)
class _Draft:
    """A node of the proof while it may still grow."""

    multiplier: Int64
    closed: tuple[int, ...] = ()
    opened: tuple[int, ...] = ()
    branch: int = -1
    opened_child: int = -1
    closed_child: int = -1

    def freeze(self) -> ProofNode:
        return ProofNode(
            self.multiplier,
            self.closed,
            self.opened,
            self.branch,
            self.opened_child,
            self.closed_child,
        )


@dataclass(order=True, slots=True)
class _Open:
    """A node that waits; the lowest bound goes first, then the oldest."""

    bound: int
    number: int
    cases: Cases = field(compare=False)
    price: Float64 = field(compare=False)
    site: int = field(compare=False)


@dataclass(slots=True)
class Search:
    """Incumbent, proof and waiting nodes of one problem.

    Parameters
    ----------
    problem
        What is solved.
    sites, objective
        Best answer so far.
    deadline
        Moment of ``time.perf_counter()`` to stop at.
    """

    problem: MedianProblem
    sites: Int64
    objective: int
    deadline: float = math.inf
    scale: int = field(init=False)
    drafts: list[_Draft] = field(default_factory=list, init=False)
    waiting: list[_Open] = field(default_factory=list, init=False)
    processed: int = field(default=0, init=False)
    _float: Float64 = field(init=False)

    def __post_init__(self) -> None:
        self.scale = pick_scale(self.problem)
        self._float = self.problem.cost.astype(np.float64)

    @property
    def bound(self) -> int:
        """The proven bound: the lowest of the waiting nodes, else the objective."""
        if not self.drafts:
            return 0
        return min(self.objective, self.waiting[0].bound) if self.waiting else self.objective

    def open_root(self) -> None:
        """Bound the whole problem and improve the incumbent by what its prices choose."""
        fixed = self.problem.fixed
        opened, free = np.flatnonzero(fixed == 1), np.flatnonzero(fixed == 0)
        cases = Cases(opened, free, self.problem.p - len(opened))
        least = self.problem.cost.min(axis=1)
        if int(least.sum()) >= self.objective:
            self.drafts.append(_Draft(least * self.scale))  # every row has its best site
            return
        sub = np.sort(self.problem.cost[:, self.sites], axis=1)
        # optimal prices lie between the nearest and the second-nearest site where there is no gap
        price = (sub[:, 0] + sub[:, min(1, sub.shape[1] - 1)]) / 2.0
        self._add(cases, price, steps=ROOT_STEPS, length=1.0)

    def run(self, max_nodes: int | None = None) -> None:
        """Split the waiting node with the lowest bound until none is left or a limit is reached."""
        while self.waiting and time.perf_counter() < self.deadline:
            if max_nodes is not None and self.processed >= max_nodes:
                return
            node = heapq.heappop(self.waiting)
            if node.bound >= self.objective:
                # its prices, which prove that bound, are in its draft
                continue
            self._split(node)

    def get_tree(self) -> ProofTree:
        """Return the proof as it stands."""
        return ProofTree(self.objective, self.scale, tuple(draft.freeze() for draft in self.drafts))

    def get_free_sites(self) -> Int64:
        """Return the sites some waiting node leaves open-able; with none, the incumbent's."""
        kept = [node.cases.columns for node in self.waiting]
        return np.unique(np.concatenate([*kept, self.sites]))

    def offer(self, sites: Int64, objective: int) -> bool:
        """Take an answer if it is better; return whether it was."""
        if objective >= self.objective:
            return False
        self.sites, self.objective = np.sort(sites), objective
        return True

    def _split(self, node: _Open) -> None:
        cases, site = node.cases, node.site
        rest = cases.free[cases.free != site]
        draft = self.drafts[node.number]
        draft.branch = site
        opened = Cases(np.append(cases.opened, site), rest, cases.room - 1)
        closed = Cases(cases.opened, rest, cases.room)
        draft.opened_child = self._add(opened, node.price)
        draft.closed_child = self._add(closed, node.price)

    def _add(
        self,
        cases: Cases,
        price: Float64,
        *,
        steps: int = NODE_STEPS,
        length: float = NODE_STEP_LENGTH,
    ) -> int:
        """Bound a node, fix by reduced costs, let it wait if not proven; return its number."""
        number = len(self.drafts)
        self.processed += 1
        columns = cases.columns
        if cases.room in {0, len(cases.free)}:
            chosen = cases.opened if cases.room == 0 else columns
            self._close(chosen)
            return number
        ascent = ascend(
            self._float[:, columns],
            cases,
            price,
            target=self.objective,
            iterations=steps,
            step=length,
            deadline=self.deadline,
        )
        self._consider(columns[ascent.chosen], polish=number == 0)
        exact, draft = self._prove(cases, ascent)
        self.drafts.append(draft)
        if exact.bound < self.objective:
            free = np.setdiff1d(cases.free, np.concatenate([exact.closed, exact.opened]))
            room = cases.room - len(exact.opened)
            inner = Cases(np.concatenate([cases.opened, exact.opened]), free, room)
            if room in {0, len(free)}:
                self._take_last(inner)
                return number
            site = self._pick(cases, ascent, free)
            heapq.heappush(self.waiting, _Open(exact.bound, number, inner, ascent.multiplier, site))
        return number

    def _prove(self, cases: Cases, ascent: Ascent) -> tuple[ExactBound, _Draft]:
        price = round_prices(self.problem, ascent.multiplier, self.scale)
        cost = self.problem.cost[:, cases.columns]
        exact = prove(cost, cases, price, self.scale, self.objective)
        closed = tuple(int(j) for j in exact.closed)
        return exact, _Draft(price, closed, tuple(int(j) for j in exact.opened))

    def _close(self, sites: Int64) -> None:
        """Record a node that holds one answer only; the prices are what its rows pay."""
        paid = self.problem.cost[:, sites].min(axis=1)
        self.offer(sites, int(paid.sum()))
        self.drafts.append(_Draft(paid * self.scale))

    def _take_last(self, inner: Cases) -> None:
        """One answer is left after fixing; what it costs is the bound of the node."""
        sites = inner.opened if inner.room == 0 else inner.columns
        self.offer(sites, self.problem.get_objective(sites))

    def _consider(self, sites: Int64, *, polish: bool) -> None:
        if polish:
            everywhere = np.flatnonzero(self.problem.fixed >= 0)
            sites, value = Neighborhood(self.problem, everywhere).improve(sites, self.deadline)
        else:
            value = self.problem.get_objective(sites)
        self.offer(sites, value)

    def _pick(self, cases: Cases, ascent: Ascent, free: Int64) -> int:
        """Return the free site whose share is nearest to a half, a little above preferred."""
        share = ascent.share[len(cases.opened) :][np.isin(cases.free, free)]
        return int(free[np.abs(share - 0.6).argmin()])
