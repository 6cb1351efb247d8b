"""Lagrangian bound of capacitated p-median: prices of the rows, an exact knapsack per site.

For prices *v* a site is worth the best knapsack of ``min(0, cost_ij - v_i)`` within its capacity;
every answer costs at least ``sum_i v_i`` plus the ``p`` lowest worths (Pirkul 1987; Lorena & Senne
2004). The knapsacks of all sites are one table, filled row by row.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.location.capacitated_problem import CapacitatedProblem
from solver.location.climb import Climb
from solver.location.median_dual import (
    Cases,
    ExactBound,
    choose,
    fix_by_worth,
)
from solver.location.median_problem import Float64, Int64

IDLE_LIMIT: Final = 15
SMALLEST_STEP: Final = 2e-3

PRICE_FACTOR: Final = 8
"""Largest price over the largest cost; beyond, sums might not be exact."""


class Packed(NamedTuple):
    """Knapsacks of some sites.

    Attributes
    ----------
    worth
        Best value of each site, shape (k,), ``<= 0``.
    taken
        Whether the row is in the site's knapsack, shape (n, k).
    """

    worth: NDArray[Any]
    taken: NDArray[np.bool_]


def pack(problem: CapacitatedProblem, columns: Int64, margin: Float64 | Int64) -> Packed:
    """Solve the knapsack of every column exactly by dynamic programming.

    Parameters
    ----------
    columns
        Sites, shape (k,).
    margin
        Shape (n, k): what taking the row changes; entries ``>= 0`` are never taken.
    """
    size = problem.load // problem.divisor
    room = problem.capacity[columns] // problem.divisor
    width = int(room.max(initial=0)) + 1
    # states count the room that is left over, so that all sites share one table
    table = np.zeros((len(columns), width), dtype=margin.dtype)
    useful = np.flatnonzero((margin < 0).any(axis=1) & (size < width))
    gains = np.zeros((len(useful), len(columns), width), dtype=np.bool_)
    for k, row in enumerate(useful):
        step = int(size[row])
        with_row = table[:, : width - step] + np.minimum(margin[row], 0)[:, None]
        without = table[:, step:]
        better = with_row < without
        gains[k, :, step:] = better
        table[:, step:] = np.where(better, with_row, without)
    sites = np.arange(len(columns))
    left = room.copy()
    taken = np.zeros((len(size), len(columns)), dtype=np.bool_)
    for k in range(len(useful) - 1, -1, -1):
        hit = gains[k, sites, left]
        taken[useful[k]] = hit
        left = left - hit * int(size[useful[k]])
    return Packed(table[sites, room], taken)


@dataclass(slots=True)
class CapacitatedAscent:
    """Best prices found, their bound (double) and what they chose.

    Attributes
    ----------
    value
        Bound.
    multiplier
        Prices, shape (n,).
    iterations
        Steps done.
    """

    value: float
    multiplier: Float64
    iterations: int


def ascend_capacitated(
    problem: CapacitatedProblem,
    cases: Cases,
    multiplier: Float64,
    *,
    target: Callable[[], int],
    iterations: int,
    offer: Callable[[Int64], None],
    deadline: float = math.inf,
) -> CapacitatedAscent:
    """Raise the bound by deflected subgradient steps.

    Parameters
    ----------
    cases
        Sites the bound is for.
    target
        Returns the objective to reach.
    offer
        Called with the chosen sites whenever the bound improves: a primal heuristic.
    """
    columns = cases.columns
    cost = problem.cost[:, columns].astype(np.float64)
    climb, steps = Climb(multiplier, IDLE_LIMIT, SMALLEST_STEP, 1e-6), 0
    for count in range(iterations):
        steps = count + 1
        packed = pack(problem, columns, cost - climb.price[:, None])
        worth = np.asarray(packed.worth, dtype=np.float64)
        chosen = choose(worth, len(cases.opened), cases.room)
        value = float(climb.price.sum() + worth[chosen].sum())
        if climb.note(value):
            offer(np.sort(columns[chosen]))
        if climb.value > target() - 1 + 1e-3 or time.perf_counter() >= deadline:
            break
        slope = 1.0 - packed.taken[:, chosen].sum(axis=1)
        if not climb.move(slope, target() - value):
            break
    return CapacitatedAscent(climb.value, climb.best, steps)


def prove_capacitated(
    problem: CapacitatedProblem, cases: Cases, multiplier: Float64, scale: int, cutoff: int
) -> tuple[ExactBound, Int64]:
    """Return the bound of the rounded prices in integer arithmetic, and those prices."""
    top = PRICE_FACTOR * (int(problem.cost.max()) + 1)
    price = np.clip(np.rint(multiplier * scale), 0, top * scale).astype(np.int64)
    margin = problem.cost[:, cases.columns] * scale - price[:, None]
    worth = np.asarray(pack(problem, cases.columns, margin).worth, dtype=np.int64)
    return fix_by_worth(worth, int(price.sum()), cases, scale, cutoff), price


def pick_capacitated_scale(problem: CapacitatedProblem) -> int:
    """Return the power of two by which prices are multiplied before they are rounded."""
    highest = PRICE_FACTOR * (int(problem.cost.max()) + 1)
    total = highest * (problem.median.rows + 1) * (problem.median.p + 1)
    scale = 256
    while scale > 1 and total * scale > 2**62:
        scale //= 2
    return scale
