"""Lagrangian bound of p-median: prices of the rows instead of the rule that each is served once.

For prices *v*, a site *j* is worth ``rho_j = sum_i min(0, cost_ij - v_i)`` and every choice of
sites costs at least ``sum_i v_i + sum of rho over the chosen sites`` (Cornuejols, Fisher &
Nemhauser 1977; Narula, Ogbu & Samuelsson 1977). Prices are raised by ``solver.location.climb``. The
search runs in doubles; what is *claimed* is recomputed in integers.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Final

import numpy as np

from solver.location.climb import Climb
from solver.location.median_problem import Float64, Int64, MedianProblem

IDLE_LIMIT: Final = 20
SMALLEST_STEP: Final = 1e-3


@dataclass(frozen=True, eq=False, slots=True)
class Cases:
    """The answers a node speaks about: ``opened`` are open, of ``free`` exactly ``room`` are.

    Attributes
    ----------
    opened, free
        Sites, ascending.
    room
        How many of ``free`` are open, ``0 <= room <= len(free)``.
    """

    opened: Int64
    free: Int64
    room: int

    @property
    def columns(self) -> Int64:
        """Sites that may be open: ``opened`` first."""
        return np.concatenate([self.opened, self.free])


@dataclass(slots=True)
class Ascent:
    """State of a subgradient search.

    Attributes
    ----------
    value
        Best bound so far (double).
    multiplier
        Its prices, shape (n,).
    chosen
        Positions in ``Cases.columns`` that were best for those prices.
    share
        How often each position was chosen, smoothed: a guess at the fractional answer.
    """

    value: float
    multiplier: Float64
    chosen: Int64
    share: Float64


def ascend(
    cost: Float64,
    cases: Cases,
    multiplier: Float64,
    *,
    target: int,
    iterations: int,
    step: float = 1.0,
    deadline: float = math.inf,
) -> Ascent:
    """Raise the bound until it rounds up to ``target`` or the limits end it.

    Parameters
    ----------
    cost
        Shape (n, k): columns of the cases, in their order.
    cases
        What the bound is for.
    multiplier
        Shape (n,): prices to begin with.
    target
        Value to reach; also steers the length of the steps.
    iterations
        Most subgradient steps.
    step
        First factor of the step length (Held, Wolfe & Crowder 1974); halved when idle.
    deadline
        Moment of ``time.perf_counter()`` to stop at.
    """
    forced = len(cases.opened)
    climb = Climb(multiplier, IDLE_LIMIT, SMALLEST_STEP, 1e-7, step)
    chosen, share = np.arange(forced), np.zeros(cost.shape[1])
    for _ in range(iterations):
        margin = np.minimum(cost - climb.price[:, None], 0.0)
        worth = margin.sum(axis=0)
        here = choose(worth, forced, cases.room)
        value = float(climb.price.sum() + worth[here].sum())
        share *= 0.9
        share[here] += 0.1
        if climb.note(value):
            chosen = here
        if climb.value > target - 1 + 1e-3 or time.perf_counter() >= deadline:
            break
        slope = 1.0 - (margin[:, here] < 0.0).sum(axis=1)
        if not climb.move(slope, target - value):
            break
    return Ascent(climb.value, climb.best, chosen, share)


def choose(worth: Float64, forced: int, room: int) -> Int64:
    """Return the first ``forced`` positions and the ``room`` lowest of the others."""
    rest = worth[forced:]
    if room == 0:
        return np.arange(forced)
    best = np.argpartition(rest, room - 1)[:room] if room < len(rest) else np.arange(len(rest))
    return np.concatenate([np.arange(forced), best + forced])


@dataclass(frozen=True, eq=False, slots=True)
class ExactBound:
    """What integer prices prove.

    Attributes
    ----------
    bound
        Every answer of the cases costs at least this (rounded up: costs are integers).
    closed, opened
        Free sites that no answer below the cutoff has open, or closed.
    """

    bound: int
    closed: Int64
    opened: Int64


def prove(cost: Int64, cases: Cases, multiplier: Int64, scale: int, cutoff: int) -> ExactBound:
    """Return the bound of integer prices and the sites it fixes, in integer arithmetic.

    A free site that is not among the ``room`` best cannot be open below the cutoff if the bound
    with it in place of the worst chosen one reaches the cutoff; a chosen one must be open if the
    bound with the best site left out in its place does.

    Parameters
    ----------
    cost
        Shape (n, k), int64: columns of the cases.
    cases, cutoff
        What is bounded; the objective to beat.
    multiplier, scale
        Prices are ``multiplier / scale``.
    """
    worth = np.minimum(cost * scale - multiplier[:, None], 0).sum(axis=0)
    return fix_by_worth(worth, int(multiplier.sum()), cases, scale, cutoff)


def fix_by_worth(worth: Int64, prices: int, cases: Cases, scale: int, cutoff: int) -> ExactBound:
    """Return bound and fixings from what each site is worth; see ``prove``.

    Parameters
    ----------
    worth
        Shape (k,), int64 over ``scale``: worth of the columns of the cases.
    prices
        Sum of the prices, over ``scale``.
    """
    forced, room = len(cases.opened), cases.room
    rest = worth[forced:]
    order = np.argsort(rest, kind="stable")
    total = prices + int(worth[:forced].sum()) + int(rest[order[:room]].sum())
    bound = -(-total // scale)
    wall = (cutoff - 1) * scale - total  # a rise beyond it reaches the cutoff
    closed = opened = np.empty(0, dtype=np.int64)
    if room > 0:
        outside = order[room:]
        closed = outside[rest[outside] - rest[order[room - 1]] > wall]
    else:
        closed = order
    if room < len(rest):
        inside = order[:room]
        opened = inside[rest[order[room]] - rest[inside] > wall]
    else:
        opened = order
    return ExactBound(bound, np.sort(cases.free[closed]), np.sort(cases.free[opened]))


def round_prices(problem: MedianProblem, multiplier: Float64, scale: int) -> Int64:
    """Return prices as integers over ``scale``, inside the range of their row's costs.

    Outside that range a price only lowers the bound.
    """
    low, high = problem.cost.min(axis=1), problem.cost.max(axis=1)
    return np.clip(np.rint(multiplier * scale).astype(np.int64), low * scale, high * scale)


def pick_scale(problem: MedianProblem) -> int:
    """Return the power of two by which prices are multiplied before they are rounded.

    Prices lie between the smallest and the largest cost of their row, so every sum of the proof
    stays below ``2**62``.
    """
    total = (int(problem.cost.max(axis=1).sum()) + 1) * (problem.p + 1)
    widest = int(problem.cost.max()) * (2 * problem.rows + 2)
    scale = 256
    while scale > 1 and max(total, widest) * scale > 2**62:
        scale //= 2
    return scale
