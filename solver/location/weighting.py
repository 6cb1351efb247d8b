"""Local search for set covering with learned row weights.

Drop sites until a row is open, then exchange: one site leaves, one that covers a random open row
enters, and every row that stays open gains weight, so hard rows are learned (Gao, Weise & Li 2015,
"An efficient local search heuristic with row weighting for the unicost set covering problem";
scores per unit of cost as in Gao et al. 2014 for the weighted problem). A site that has just moved
waits (tabu of one step and configuration checking).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from solver.location.clock import Clock

Int64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

_BLOCK: Final = 16
"""Steps between two looks at the clock."""


class WeightingSearch:
    """One search over a set covering problem without conflicts.

    Parameters
    ----------
    rows_of
        Rows each site covers.
    sites_of
        Sites that cover each row.
    need
        Shape (n,): how often each row wants cover, ``>= 1``.
    cost
        Shape (m,), int64, ``>= 1``.
    opened
        Shape (m,): a complete cover to start from.
    keep
        Shape (m,): sites that must stay open.
    rng
        Source of every random choice.
    """

    def __init__(
        self,
        rows_of: list[Int64],
        sites_of: list[Int64],
        need: Int64,
        cost: Int64,
        *,
        opened: Bools,
        keep: Bools,
        rng: np.random.Generator,
    ) -> None:
        self._rows_of, self._sites_of = rows_of, sites_of
        self._need, self._cost, self._keep = need, cost, keep
        self._offset = np.zeros(len(sites_of) + 1, dtype=np.int64)
        np.cumsum([len(sites) for sites in sites_of], out=self._offset[1:])
        self._flat = np.concatenate(sites_of) if sites_of else np.zeros(0, dtype=np.int64)
        self._inverse = 1.0 / cost
        self._rng = rng
        self._count = np.zeros(need.shape[0], dtype=np.int64)
        self._weight = np.ones(need.shape[0])
        self._open = np.zeros(cost.shape[0], dtype=np.bool_)
        self._score = np.zeros(cost.shape[0])
        for site, rows in enumerate(rows_of):
            self._score[site] = self._weight[rows].sum()
        self._moved = np.zeros(cost.shape[0], dtype=np.int64)
        self._may_enter = np.ones(cost.shape[0], dtype=np.bool_)
        self._lacking: set[int] = set(range(need.shape[0]))
        self._total = 0
        for site in np.flatnonzero(opened).tolist():
            self._enter(site)
        self.best, self.best_cost = self._open.copy(), self._total

    def run(self, clock: Clock, *, share: float = 1.0, target: int = 0) -> None:
        """Search until this share of the limits is used or a cover costs no more than ``target``.

        The result is ``best`` and ``best_cost``.
        """
        tabu, step = -1, 0
        while self.best_cost > target:
            step += 1
            if step % _BLOCK == 0:
                clock.count(_BLOCK)
                if clock.is_over(share):
                    return
            while not self._lacking:
                if self._total < self.best_cost:
                    self.best, self.best_cost = self._open.copy(), self._total
                site = self._pick_leaving(-1)
                if site < 0:
                    return
                self._leave(site, step)
            site = self._pick_leaving(tabu)
            if site >= 0:
                self._leave(site, step)
            tabu = self._fill(step, tabu)

    def _fill(self, step: int, tabu: int) -> int:
        """Cover open rows as long as the total stays below the best; return the last entrant."""
        while self._lacking:
            rows = sorted(self._lacking)
            row = rows[int(self._rng.integers(len(rows)))]
            options = self._sites_of[row]
            options = options[self._may_enter[options] & ~self._open[options]]
            if not options.size:
                break
            rate = self._score[options] * self._inverse[options]
            top = options[rate >= rate.max() - 1e-12]
            site = int(top[np.argmin(self._moved[top])])
            if self._total + int(self._cost[site]) >= self.best_cost:
                break
            self._enter(site)
            self._moved[site] = step
            tabu = site
            for other in self._lacking:
                self._weight[other] += 1.0
                sites = self._sites_of[other]
                self._score[sites] += np.where(self._open[sites], -1.0, 1.0)
        return tabu

    def _pick_leaving(self, tabu: int) -> int:
        sites = np.flatnonzero(self._open & ~self._keep)
        if tabu >= 0:
            sites = sites[sites != tabu]
        if not sites.size:
            return -1
        rate = self._score[sites] * self._inverse[sites]
        top = sites[rate >= rate.max() - 1e-12]
        return int(top[np.argmin(self._moved[top])])

    def _enter(self, site: int) -> None:
        rows = self._rows_of[site]
        short = self._need[rows] - self._count[rows]
        self._count[rows] += 1
        self._open[site] = True
        own = -self._score[site]
        done = rows[short == 1]  # covered from now on: nobody else gains there
        self._add(done, -1.0, to_open=False)
        self._lacking.difference_update(done.tolist())
        self._add(rows[short == 0], 1.0, to_open=True)  # nobody is needed there any more
        self._score[site] = own
        self._total += int(self._cost[site])
        self._wake(rows)

    def _leave(self, site: int, step: int) -> None:
        rows = self._rows_of[site]
        spare = self._count[rows] - self._need[rows]
        self._count[rows] -= 1
        self._open[site] = False
        own = -self._score[site]
        lost = rows[spare == 0]  # open from now on: whoever enters gains
        self._add(lost, 1.0, to_open=False)
        self._lacking.update(lost.tolist())
        self._add(rows[spare == 1], -1.0, to_open=True)  # everybody is needed there now
        self._score[site] = own
        self._total -= int(self._cost[site])
        self._moved[site] = step
        self._wake(rows)
        self._may_enter[site] = False

    def _add(self, rows: Int64, sign: float, *, to_open: bool) -> None:
        """Add the weights of rows to the scores of their open (or closed) sites."""
        if rows.size:
            sites, length = self._gather(rows)
            values = np.repeat(sign * self._weight[rows], length)
            kept = self._open[sites] == to_open
            np.add.at(self._score, sites[kept], values[kept])

    def _gather(self, rows: Int64) -> tuple[Int64, Int64]:
        """Return the sites of some rows one after the other, and how many each row has."""
        length = self._offset[rows + 1] - self._offset[rows]
        end = np.cumsum(length)
        inside = np.arange(int(end[-1])) - np.repeat(end - length, length)
        return self._flat[inside + np.repeat(self._offset[rows], length)], length

    def _wake(self, rows: Int64) -> None:
        """Let the sites that share a row with a moved one enter again."""
        if rows.size:
            self._may_enter[self._gather(rows)[0]] = True
