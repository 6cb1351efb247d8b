"""Local search for p-median: greedy, fast interchange, perturbation.

Sources: greedy addition (Kuehn & Hamburger 1963); interchange that prices all swaps of one site in
for one site out from the two nearest open sites (Whitaker 1983; Resende & Werneck 2007), here as
whole-array operations; perturbation by random swaps (iterated local search).
"""

from __future__ import annotations

import math
import time

import numpy as np

from solver.location.median_problem import Int64, MedianProblem


class Neighborhood:
    """Swaps among the sites that may be open.

    Parameters
    ----------
    problem
        What is solved.
    allowed
        Sites that may come in, ascending; sites fixed open included.
    """

    def __init__(self, problem: MedianProblem, allowed: Int64) -> None:
        self.problem = problem
        self.allowed = allowed
        self.cost = np.ascontiguousarray(problem.cost[:, allowed])
        self.movable = problem.fixed[allowed] != 1

    def improve(self, sites: Int64, deadline: float = math.inf) -> tuple[Int64, int]:
        """Swap as long as the best swap pays; return sites (ascending) and objective.

        Stops early, with the sites it has, when ``time.perf_counter()`` passes ``deadline``.
        """
        # positions in `allowed`
        places = np.searchsorted(self.allowed, sites)
        first, second, nearest = self._find_nearest(places)
        while time.perf_counter() < deadline:
            leave, enter, change = self._find_best_swap(places, first, second, nearest)
            if change >= 0:
                break
            places[leave] = enter
            first, second, nearest = self._find_nearest(places)
        return np.sort(self.allowed[places]), int(first.sum())

    def _find_nearest(self, places: Int64) -> tuple[Int64, Int64, Int64]:
        """Return each row's cost to the nearest and second-nearest site, and which is nearest."""
        sub = self.cost[:, places]
        nearest = sub.argmin(axis=1)
        rows = np.arange(sub.shape[0])
        first = sub[rows, nearest]
        if len(places) == 1:
            return first, np.full_like(first, np.iinfo(np.int64).max), nearest
        sub[rows, nearest] = np.iinfo(np.int64).max
        return first, sub.min(axis=1), nearest

    def _find_best_swap(
        self, places: Int64, first: Int64, second: Int64, nearest: Int64
    ) -> tuple[int, int, int]:
        """Return (position that leaves, site that enters, change of the objective)."""
        with_new = np.minimum(self.cost, first[:, None])
        gain = with_new.sum(axis=0) - first.sum()
        # what losing the nearest site adds, row by row, once the new site is there
        loss = np.minimum(self.cost, second[:, None]) - with_new
        order = np.argsort(nearest, kind="stable")
        starts = np.searchsorted(nearest[order], np.arange(len(places) + 1))
        total = np.zeros((len(places), self.cost.shape[1]), dtype=np.int64)
        busy = np.flatnonzero(np.diff(starts))
        total[busy] = np.add.reduceat(loss[order], starts[busy], axis=0)
        total += gain
        total[~self.movable[places]] = np.iinfo(np.int64).max
        total[:, places] = np.iinfo(np.int64).max
        leave, enter = divmod(int(total.argmin()), total.shape[1])
        return leave, enter, int(total[leave, enter])


def build_greedily(problem: MedianProblem) -> Int64:
    """Open one site after the other, each time the one that lowers the objective most."""
    chosen = [int(j) for j in np.flatnonzero(problem.fixed == 1)]
    reach = problem.cost.max(axis=1)
    for site in chosen:
        reach = np.minimum(reach, problem.cost[:, site])
    barred = problem.fixed != 0
    while len(chosen) < problem.p:
        total = np.minimum(problem.cost, reach[:, None]).sum(axis=0)
        total[barred] = np.iinfo(np.int64).max
        site = int(total.argmin())
        barred[site] = True
        chosen.append(site)
        reach = np.minimum(reach, problem.cost[:, site])
    return np.sort(np.array(chosen, dtype=np.int64))


def perturb(sites: Int64, neighborhood: Neighborhood, rng: np.random.Generator) -> Int64:
    """Swap one to four random sites; those fixed open stay."""
    fixed = neighborhood.problem.fixed
    movable = np.flatnonzero(fixed[sites] != 1)
    outside = np.setdiff1d(neighborhood.allowed, sites, assume_unique=True)
    size = min(1 + int(rng.integers(4)), len(movable), len(outside))
    if size == 0:
        return sites
    changed = sites.copy()
    changed[rng.choice(movable, size, replace=False)] = rng.choice(outside, size, replace=False)
    return changed


def iterate(
    neighborhood: Neighborhood,
    sites: Int64,
    *,
    rounds: int,
    rng: np.random.Generator,
    deadline: float = math.inf,
) -> tuple[Int64, int]:
    """Perturb and improve ``rounds`` times; return the best sites and their objective."""
    best, best_value = neighborhood.improve(sites, deadline)
    here = best
    for _ in range(rounds):
        if time.perf_counter() >= deadline:
            break
        found, value = neighborhood.improve(perturb(here, neighborhood, rng), deadline)
        if value <= best_value:
            best, best_value, here = found, value, found
        else:
            here = best
    return best, best_value
