"""Answers of capacitated covering: greedy with rerouting, taking one site out and filling up again.

Every choice of sites is judged by its maximum flow. A closed site is worth what it could serve of
the demand left over; where that is nothing, it may still take over demand from a full site that
others wait for, which the residual graph tells (Ford & Fulkerson 1956).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solver.location.clock import Clock
from solver.location.exchange import Exchange
from solver.location.limits import SiteLimits
from solver.location.problem import CoverProblem
from solver.location.served_flow import Flow, find_flow

Floats = NDArray[np.float64]
Int64 = NDArray[np.int64]
Bools = NDArray[np.bool_]


class ServedSearch:
    """Finds choices of sites and remembers the best.

    Parameters
    ----------
    problem
        Merged rows.
    capacity
        Shape (m,).
    limits
        Rules about the sites.
    needed
        Units that have to be served, at least money; None: as many units as the rules allow.
    """

    def __init__(
        self, problem: CoverProblem, capacity: Int64, limits: SiteLimits, needed: int | None = None
    ) -> None:
        self._problem, self._capacity, self._limits = problem, capacity, limits
        self._needed = needed
        self._price = problem.cost - problem.closing_cost
        self.exchange = Exchange(problem, limits)
        self.opened: Bools | None = None
        self.flow: Flow | None = None

    @property
    def value(self) -> int:
        """Units the best choice serves, or the money it takes without closing; 0 without one."""
        if self.opened is None or self.flow is None:
            return 0
        return self.flow.total if self._needed is None else int(self._price[self.opened].sum())

    def offer(self, opened: Bools, flow: Flow | None = None) -> bool:
        """Keep a choice that is better than the best; return whether it was."""
        flow = flow or find_flow(self._problem, self._capacity, opened)
        if self._needed is not None and flow.total < self._needed:
            return False
        if self.opened is not None and self.flow is not None:
            if self._needed is None and flow.total <= self.flow.total:
                return False
            if self._needed is not None and int(self._price[opened].sum()) >= self.value:
                return False
        self.opened, self.flow = opened.copy(), flow
        return True

    def complete(self, opened: Bools, clock: Clock, *, barred: int = -1) -> tuple[Bools, Flow]:
        """Open sites while the rules allow and something is gained; return them and their flow.

        Parameters
        ----------
        barred
            A site that stays closed.
        """
        opened = opened.copy()
        while True:
            flow = find_flow(self._problem, self._capacity, opened)
            full = self._needed is not None and flow.total >= self._needed
            if full or clock.is_over():
                return opened, flow
            addable = self.exchange.find_addable(opened)
            if barred >= 0:
                addable[barred] = False
            gain = np.where(addable, self._rate(opened, flow), 0.0)
            if not (gain > 0).any():
                return opened, flow
            if self._needed is None:
                burden = self.exchange.rate_burden(opened)
            else:
                burden = np.maximum(self._price, 1e-6)
            opened[int(np.argmax(gain / burden))] = True

    def make_whole(self, clock: Clock) -> None:
        """Offer a choice that serves all that is needed, if it takes every site."""
        start = self._limits.fixed > 0
        if not self._limits.conflict.shape[0]:
            start = start | ((self._price <= 0) & (self._limits.fixed >= 0))
        opened, flow = self.complete(start, clock)
        if self._needed is not None and flow.total < self._needed and clock.is_over():
            opened = self._limits.fixed >= 0
        if self._limits.is_kept(opened):
            self.offer(self.drop_spares(opened, clock))

    def drop_spares(self, opened: Bools, clock: Clock) -> Bools:
        """Close sites that are not needed, the dearest first."""
        opened = opened.copy()
        sites = np.flatnonzero(opened & (self._limits.fixed <= 0) & (self._price > 0))
        for site in sites[np.argsort(-self._price[sites], kind="stable")].tolist():
            if clock.is_over() or self._needed is None:
                break
            opened[site] = False
            if find_flow(self._problem, self._capacity, opened).total < self._needed:
                opened[site] = True
        return opened

    def improve(self, clock: Clock, share: float) -> None:
        """Take one site out and fill up again, the least used first, while that pays."""
        again = self.opened is not None
        while again and self.opened is not None and self.flow is not None:
            again = False
            load = self.flow.get_load(self._problem.sites)
            sites = np.flatnonzero(self.opened & (self._limits.fixed <= 0))
            base = self.opened.copy()
            for site in sites[np.argsort(load[sites], kind="stable")].tolist():
                if clock.is_over(share):
                    return
                clock.count()
                trial = base.copy()
                trial[site] = False
                trial, flow = self.complete(trial, clock, barred=site)
                if self._needed is not None and flow.total >= self._needed:
                    trial = self.drop_spares(trial, clock)
                    flow = find_flow(self._problem, self._capacity, trial)
                if self._limits.is_kept(trial) and self.offer(trial, flow):
                    again = True
                    break

    def _rate(self, opened: Bools, flow: Flow) -> Floats:
        """Return the units each site would serve at least; with rerouting where it is nothing."""
        problem = self._problem
        rest = flow.get_rest(problem.weight)
        room = np.where(opened, 0, self._capacity)
        direct = np.minimum(room, np.asarray(problem.by_site @ rest.astype(np.float64)))
        if (np.where(self.exchange.find_addable(opened), direct, 0.0) > 0).any():
            return np.asarray(direct)
        hungry = rest > 0
        while True:  # rows whose units could make room for a row that waits
            asked = np.asarray(problem.by_site @ hungry.astype(np.float64)) > 0
            grown = hungry.copy()
            grown[flow.row[asked[flow.site]]] = True
            if (grown == hungry).all():
                break
            hungry = grown
        movable = np.where(hungry, problem.weight, 0).astype(np.float64)
        most = float(rest.sum())
        return np.asarray(np.minimum(np.minimum(room, problem.by_site @ movable), most))
