"""Greedy and exchange: good answers, no proof.

Greedy adds the site with the most new worth (per unit of the scarcest rule), within ``1 - 1/e`` of
the best for a plain number of sites (Nemhauser, Wolsey & Fisher 1978). Exchange replaces one open
site by a closed one as long as that pays (Teitz & Bart 1968), all pairs priced in one sparse pass
as Resende & Werneck (2007) do for p-median: ``gain(in) - loss(out) + extra(out, in)``, where
*extra* is what ``in`` takes over from ``out``.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from solver.location.clock import Clock
from solver.location.limits import SiteLimits
from solver.location.problem import CoverProblem

Floats = NDArray[np.float64]
Int64 = NDArray[np.int64]
Bools = NDArray[np.bool_]
_Known = dict[int, tuple[float, Floats]]
"""Loss of closing a site, and per other site what it takes over of that."""

_MAX_PAIRS: Final = 2**23
"""Largest table of exchanges, entries; beyond it only the weakest open sites are tried."""


class Exchange:
    """Greedy and exchange for one problem; keeps nothing between calls.

    Parameters
    ----------
    problem
        ``n`` rows, ``m`` sites; best with merged rows.
    limits
        Rules about the sites.
    """

    def __init__(self, problem: CoverProblem, limits: SiteLimits) -> None:
        self._problem = problem
        self._limits = limits
        self._first = problem.weight.astype(np.float64)
        self._second = problem.backup_weight.astype(np.float64)
        self._is_rated = bool(limits.conflict.shape[0])

    def count(self, opened: Bools) -> Int64:
        """Return how many open sites cover each row, shape (n,); time grows with open sites."""
        matrix = self._problem.by_site
        parts = [
            matrix.indices[matrix.indptr[j] : matrix.indptr[j + 1]] for j in np.flatnonzero(opened)
        ]
        rows = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
        return np.bincount(rows, minlength=self._problem.rows)

    def get_value(self, opened: Bools) -> int:
        """Return the covered worth, exactly."""
        count = self.count(opened)
        problem = self._problem
        value = int(problem.weight[count >= 1].sum())
        return value + int(problem.backup_weight[count >= 2].sum())

    def make_start(self) -> Bools:
        """Return the state before any choice: fixed sites open, and existing ones if rules ask.

        Existing sites stay open at first only where closing them breaks a rule (it costs money or
        counts as a change).
        """
        opened = self._limits.fixed > 0
        if self._limits.is_kept(opened):
            return opened
        kept = (opened | self._problem.existing) & (self._limits.fixed >= 0)
        return kept if self._limits.is_kept(kept) else opened

    def complete(self, opened: Bools, worth: Floats | None = None) -> Bools:
        """Add sites while the rules allow and something is gained.

        Parameters
        ----------
        opened
            Shape (m,): where to start.
        worth
            Shape (m,): fixed order of merit; None rates by new worth each time (greedy).
        """
        opened = opened.copy()
        if worth is not None:
            for site in np.argsort(-worth, kind="stable").tolist():
                if worth[site] <= 0:
                    break
                if not opened[site] and self.find_addable(opened)[site]:
                    opened[site] = True
            return opened
        while True:
            gain = self.rate_gain(self.count(opened))
            addable = self.find_addable(opened) & (gain > 0)
            if not addable.any():
                return opened
            merit = np.where(addable, gain / self.rate_burden(opened), -np.inf)
            opened[int(np.argmax(merit))] = True

    def find_addable(self, opened: Bools) -> Bools:
        """Return the closed sites that may be opened as things stand, shape (m,)."""
        limits = self._limits
        room = limits.room - limits.get_use(opened)
        fits = ((limits.load <= room[:, None]) | (limits.load <= 0)).all(axis=0)
        fits &= ~opened & (limits.fixed >= 0)
        if self._is_rated:
            fits &= (limits.neighbors @ opened.astype(np.float64)) == 0
        return np.asarray(fits)

    def improve(self, opened: Bools, clock: Clock) -> Bools:
        """Exchange and add until nothing pays or the clock is over; a valid start stays valid."""
        opened = opened.copy()
        known: _Known = {}
        while not clock.is_over():
            clock.count()
            best = self._find_exchange(opened, known)
            if best is None:
                return opened
            moved = [site for site in best if site >= 0]
            opened[moved] = ~opened[moved]
            self._forget(known, moved)
        return opened

    def _find_exchange(self, opened: Bools, known: _Known) -> tuple[int, int] | None:
        count = self.count(opened)
        gain = self.rate_gain(count)
        addable = self.find_addable(opened) & (gain > 0)
        if addable.any():
            return -1, int(np.argmax(np.where(addable, gain, -np.inf)))
        sites = np.flatnonzero(opened & (self._limits.fixed <= 0))
        if not sites.size:
            return None
        if sites.shape[0] * self._problem.sites > _MAX_PAIRS:
            sites = self._find_weakest(count, sites)
        self._price_pairs(count, sites, known)
        change = np.stack([known[site][1] - known[site][0] for site in sites.tolist()])
        change += gain[None, :]
        change[~self._allowed_pairs(opened, sites)] = -np.inf
        place = int(np.argmax(change))
        out, enter = divmod(place, self._problem.sites)
        return (int(sites[out]), enter) if change[out, enter] > 0 else None

    def _forget(self, known: _Known, moved: list[int]) -> None:
        """Drop what was known of sites that share a row with a moved one."""
        matrix = self._problem.by_site
        changed = np.zeros(self._problem.rows, dtype=np.bool_)
        for site in moved:
            changed[matrix.indices[matrix.indptr[site] : matrix.indptr[site + 1]]] = True
        for site in list(known):
            rows = matrix.indices[matrix.indptr[site] : matrix.indptr[site + 1]]
            if site in moved or changed[rows].any():
                del known[site]

    def _find_weakest(self, count: Int64, sites: Int64) -> Int64:
        """Return the open sites of the smallest loss, as many as the table has room for."""
        loss = (self._problem.by_site @ self._rate_loss(count))[sites]
        room = max(1, _MAX_PAIRS // self._problem.sites)
        return np.sort(sites[np.argsort(loss, kind="stable")[:room]])

    def _rate_loss(self, count: Int64) -> Floats:
        """Return what each row loses with one of its sites: w if the only one, b if of two."""
        return np.where(count == 1, self._first, np.where(count == 2, self._second, 0.0))

    def rate_gain(self, count: Int64) -> Floats:
        """Return the worth each site would add, shape (m,)."""
        value = np.where(count == 0, self._first, np.where(count == 1, self._second, 0.0))
        return np.asarray(self._problem.by_site @ value)

    def _price_pairs(self, count: Int64, sites: Int64, known: _Known) -> None:
        """Add to ``known`` each site's loss and what every other site takes over of it."""
        lost = self._rate_loss(count)
        # A newcomer then is worth w (or b) instead of b (or 0) there: the difference.
        taken = np.where(count == 1, self._first - self._second, lost)
        by_site, by_row = self._problem.by_site, self._problem.by_row
        for site in sites.tolist():
            if site in known:
                continue
            rows = by_site.indices[by_site.indptr[site] : by_site.indptr[site + 1]]
            loss = float(lost[rows].sum())
            rows = rows[taken[rows] > 0]
            length = by_row.indptr[rows + 1] - by_row.indptr[rows]
            end = np.cumsum(length)
            inside = np.arange(int(end[-1]) if end.size else 0) - np.repeat(end - length, length)
            entry = by_row.indices[inside + np.repeat(by_row.indptr[rows], length)]
            values = np.repeat(taken[rows], length)
            extra = np.bincount(entry, weights=values, minlength=self._problem.sites)
            known[site] = (loss, extra.astype(np.float64, copy=False))

    def _allowed_pairs(self, opened: Bools, sites: Int64) -> Bools:
        limits = self._limits
        room = limits.room - limits.get_use(opened)
        allowed = np.ones((sites.shape[0], limits.sites), dtype=np.bool_)
        for load, left in zip(limits.load, room, strict=True):
            allowed &= load[None, :] - load[sites][:, None] <= left
        if self._is_rated:
            hits = limits.neighbors @ opened.astype(np.float64)
            own = limits.neighbors[sites].toarray()
            allowed &= (hits[None, :] - own) == 0
        allowed[:, opened | (limits.fixed < 0)] = False
        return allowed

    def rate_burden(self, opened: Bools) -> Floats:
        """Return the largest share of a rule's room each site would take, shape (m,)."""
        limits = self._limits
        if not limits.kinds:
            return np.ones(limits.sites)
        room = np.maximum(limits.room - limits.get_use(opened), 1)
        share = np.maximum(limits.load, 0) / room[:, None]
        return np.asarray(np.maximum(share.max(axis=0), 1e-9))
