"""p-center with proof: the smallest radius within which ``p`` sites reach every row.

The radius is one of the distances, so a binary search over them decides (Minieka 1970). Whether
``p`` sites cover everything within a radius is the p-median problem with the cost of a row 0
within the radius and 1 beyond: radius *r* is too small exactly if that costs at least 1. Its proof
tree for the largest distance below the answer is the certificate.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from solver.errors import InvalidParameter
from solver.location.answer import get_gap
from solver.location.median import solve_pmedian
from solver.location.median_problem import (
    Int8,
    Int64,
    MedianAnswer,
    MedianProblem,
    make_median_problem,
)
from solver.status import SolveStatus, StoppedBy
from solver.stop import Stop

PROBES: Final = 4
"""One radius may take this part of the time that is left."""


@dataclass(frozen=True, slots=True)
class CenterAnswer(MedianAnswer):
    """Sites, the radius they reach (``objective``) and the radius nobody beats (``bound``).

    Attributes
    ----------
    too_small
        Largest distance proven to be too small a radius; the ``tree`` is about the covering
        problem of this radius. -1 where none is.
    """

    too_small: int = -1


def solve_pcenter(
    distance: Int64, p: int, *, stop: Stop, fixed: Int8 | None = None, seed: int = 1
) -> CenterAnswer:
    """Open ``p`` sites so that the farthest row is as near as can be.

    Parameters
    ----------
    distance
        Shape (n, m), int64, ``>= 0``.
    p
        Sites to open, ``1 <= p <= m``.
    stop
        As `solve_pmedian` takes it; ``max_iterations`` holds for each radius.
    fixed
        Shape (m,), int8: 1 must be open, -1 must be closed; None leaves all free.
    seed
        Seed of the perturbations.

    Raises
    ------
    InvalidProblem
        With every fault of the arrays.
    """
    search = _Search(make_median_problem(distance, p, fixed), stop, seed)
    undecided = search.climb()
    search.descend(undecided)
    return search.make_answer()


class _Search:
    """Two ends of the radius that draw together: found (``high``) and proven (``low``)."""

    def __init__(self, problem: MedianProblem, stop: Stop, seed: int) -> None:
        self.began = time.perf_counter()
        self.problem, self.stop, self.seed = problem, stop, seed
        self.radii = np.unique(problem.cost)
        self.best = _start(problem)
        self.low = _get_lowest(problem, self.radii)
        self.high = self._find_rank(self.best)
        self.proof: tuple[int, MedianAnswer] | None = None
        self.iterations = 0

    def climb(self) -> int:
        """Bisect for a radius that can be had, taking what is not decided in time as too small.

        Returns the lowest position that was not decided, ``high`` if all were.
        """
        floor, undecided = self.low, self.high
        while floor < self.high and self.left_s > 0:
            middle = (floor + self.high) // 2
            if not self._probe(middle):
                undecided = min(undecided, middle)
            floor = max(self.low, floor if self.high <= middle else middle + 1)
        return min(undecided, self.high)

    def descend(self, ceiling: int) -> None:
        """Bisect below ``ceiling`` for a radius proven too small, taking the rest as large enough.

        The proven end is raised only by proofs.
        """
        while self.low < ceiling and self.left_s > 0:
            middle = (self.low + ceiling) // 2
            before = self.low
            self._probe(middle)
            if self.low == before:
                ceiling = middle

    @property
    def left_s(self) -> float:
        """Seconds left."""
        return self.stop.max_runtime_s - (time.perf_counter() - self.began)

    def _probe(self, middle: int) -> bool:
        """Try one radius; move the end it decides and return whether it decided one."""
        share_s = self.left_s / PROBES
        stop = replace(self.stop, max_runtime_s=max(share_s, 0.01))
        answer = cover_within(self.problem, int(self.radii[middle]), stop, self.seed)
        self.iterations += answer.iterations
        if answer.objective == 0:
            self.best = np.array(answer.sites, dtype=np.int64)
            self.high = self._find_rank(self.best)
        elif answer.bound >= 1:
            self.low, self.proof = middle + 1, (int(self.radii[middle]), answer)
        return answer.objective == 0 or answer.bound >= 1

    def _find_rank(self, sites: Int64) -> int:
        return int(np.searchsorted(self.radii, _reach(self.problem, sites)))

    def make_answer(self) -> CenterAnswer:
        """Return what was found and proven."""
        timed = math.isfinite(self.stop.max_runtime_s)
        limit = StoppedBy.RUNTIME if timed else StoppedBy.ITERATIONS
        run = _Run(self.seed, self.iterations, time.perf_counter() - self.began, limit)
        between = (self.radii[self.low], self.radii[self.high])
        return _make_answer(self.problem, self.best, between, self.proof, run)


@dataclass(frozen=True, slots=True)
class _Run:
    seed: int
    iterations: int
    runtime_s: float
    limit: StoppedBy


def _make_answer(
    problem: MedianProblem,
    sites: Int64,
    between: tuple[int, int],
    proof: tuple[int, MedianAnswer] | None,
    run: _Run,
) -> CenterAnswer:
    bound, objective = int(between[0]), int(between[1])
    known = bound == objective
    return CenterAnswer(
        sites=tuple(int(j) for j in sites),
        objective=objective,
        bound=bound,
        gap=get_gap(objective, bound),
        status=SolveStatus.OPTIMAL if known else SolveStatus.FEASIBLE,
        stopped_by=StoppedBy.EXHAUSTED if known else run.limit,
        seed=run.seed,
        iterations=run.iterations,
        runtime_s=run.runtime_s,
        assignment=problem.get_assignment(sites),
        tree=proof[1].tree if proof is not None else None,
        too_small=proof[0] if proof is not None else -1,
    )


def cover_within(problem: MedianProblem, radius: int, stop: Stop, seed: int) -> MedianAnswer:
    """Leave as few rows as possible beyond ``radius``; objective 0 means that all are reached.

    Raises
    ------
    InvalidParameter
        If ``radius`` is negative.
    """
    if radius < 0:
        raise InvalidParameter(f"radius is {radius}; expected >= 0.")
    beyond = (problem.cost > radius).astype(np.int64)
    return solve_pmedian(MedianProblem(beyond, problem.p, problem.fixed), stop=stop, seed=seed)


def _start(problem: MedianProblem) -> Int64:
    """Farthest-first sites (Gonzalez 1985): the nearest site of the row that is worst off."""
    chosen = [int(j) for j in np.flatnonzero(problem.fixed == 1)]
    barred = problem.fixed != 0
    reach = np.full(problem.rows, np.iinfo(np.int64).max)
    if chosen:
        reach = problem.cost[:, chosen].min(axis=1)
    while len(chosen) < problem.p:
        row = np.where(barred, np.iinfo(np.int64).max, problem.cost[int(reach.argmax())])
        site = int(row.argmin())
        barred[site] = True
        chosen.append(site)
        reach = np.minimum(reach, problem.cost[:, site])
    return np.sort(np.array(chosen, dtype=np.int64))


def _reach(problem: MedianProblem, sites: Int64) -> int:
    return int(problem.cost[:, sites].min(axis=1).max())


def _get_lowest(problem: MedianProblem, radii: Int64) -> int:
    """Return the position of the distance that some row has to its nearest site at best."""
    nearest = problem.cost[:, problem.fixed >= 0].min(axis=1).max()
    return int(np.searchsorted(radii, nearest))
