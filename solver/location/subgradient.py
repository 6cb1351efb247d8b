"""Row prices by subgradient steps.

Steps after Held, Wolfe & Crowder (1974), deflected after Camerini, Fratta & Maffioli (1975): the
direction remembers the last ones, the step is Polyak's with the incumbent as target. One rule, the
first, is kept inside the subproblem, which then is a continuous knapsack solved by sorting
(Dantzig 1957); other rules have price 0 here and get theirs from the linear program.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solver.location.clock import Clock
from solver.location.exchange import Exchange
from solver.location.limits import SiteLimits
from solver.location.prices import Prices
from solver.location.problem import CoverProblem

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_MEMORY: Final = 0.7
_SHRINK: Final = 0.7
_PATIENCE: Final = 12
_TRY_EVERY: Final = 20


@dataclass(eq=False)
class PriceSearch:
    """Best prices and best answer so far.

    Attributes
    ----------
    row
        Shape (n,), prices of the best bound.
    bound
        That bound, as a float: a guide, not a proof.
    opened, value
        Best answer and its worth.
    """

    row: Floats
    bound: float
    opened: Bools
    value: int


@dataclass(frozen=True)
class Choice:
    """Solution of the subproblem: price of the first rule, value, share of each site open."""

    price: float
    value: float
    share: Floats


def choose_sites(worth: Floats, limits: SiteLimits) -> Choice:
    """Choose sites of the largest worth under the first rule, the last one in part.

    Parameters
    ----------
    worth
        Shape (m,), ``>= 0``.
    """
    share = (limits.fixed > 0).astype(np.float64)
    free = (limits.fixed == 0) & (worth > 0)
    if not limits.kinds:
        share[free] = 1.0
        return Choice(0.0, float(share @ worth), share)
    load = limits.load[0].astype(np.float64)
    share[free & (load <= 0)] = 1.0
    room = float(limits.room[0]) - float(share @ load)
    sites = np.flatnonzero(free & (load > 0))
    order = sites[np.argsort(-(worth[sites] / load[sites]), kind="stable")]
    filled = np.cumsum(load[order])
    whole = int(np.searchsorted(filled, room, side="right")) if room >= 0 else 0
    share[order[:whole]] = 1.0
    if whole == order.shape[0]:
        return Choice(0.0, float(share @ worth), share)
    last = order[whole]
    price = float(worth[last] / load[last])
    before = float(filled[whole - 1]) if whole else 0.0
    share[last] = max(0.0, room - before) / load[last]
    return Choice(price, float(share @ worth), share)


def to_prices(row: Floats, problem: CoverProblem, limits: SiteLimits) -> Prices:
    """Return row prices with the best price of the first rule beside them."""
    rule = np.zeros(len(limits.kinds) + limits.conflict.shape[0])
    if limits.kinds:
        rule[0] = choose_sites(problem.by_site @ row, limits).price
    return Prices(row, rule)


def search_prices(
    problem: CoverProblem,
    limits: SiteLimits,
    search: PriceSearch,
    *,
    steps: int,
    clock: Clock,
    exchange: Exchange,
) -> PriceSearch:
    """Lower the bound by ``steps`` steps; every 20th choice is improved to an answer.

    Parameters
    ----------
    search
        Where to begin; it is updated and returned.
    """
    first, second = problem.weight.astype(np.float64), problem.backup_weight.astype(np.float64)
    row, direction = search.row, np.zeros(problem.rows)
    factor, idle = 1.0, 0
    for step in range(steps):
        if clock.is_over():
            break
        clock.count()
        choice = choose_sites(problem.by_site @ row, limits)
        bound = choice.value + float(np.maximum(first - row, 0.0).sum())
        bound += float(np.maximum(second - row, 0.0).sum())
        idle = 0 if bound < search.bound - 1e-4 * abs(search.bound - search.value) else idle + 1
        if bound < search.bound:
            search.bound, search.row = bound, row
        if step % _TRY_EVERY == _TRY_EVERY // 2:
            try_choice(choice.share, search, exchange, clock)
        if bound < search.value + 1:
            break
        if idle >= _PATIENCE:
            factor, idle, row = factor * _SHRINK, 0, search.row
            direction[:] = 0.0
            continue
        slope = _get_slope(problem, choice.share, row, first, second)
        direction = _MEMORY * direction + (1.0 - _MEMORY) * slope if direction.any() else slope
        row = _take_step(row, direction, first, factor * (bound - search.value))
    return search


def try_choice(share: Floats, search: PriceSearch, exchange: Exchange, clock: Clock) -> None:
    """Turn a choice of the subproblem into an answer and keep it if it is the best."""
    # A small preference for what is covered twice cannot matter: shares of 1 come first.
    start = exchange.complete(exchange.make_start(), share)
    answer = exchange.improve(start, clock)
    value = exchange.get_value(answer)
    if value > search.value:
        search.opened, search.value = answer, value


def _get_slope(
    problem: CoverProblem, share: Floats, row: Floats, first: Floats, second: Floats
) -> Floats:
    """Return the subgradient: cover supplied minus cover used, shape (n,)."""
    used = np.flatnonzero(share)
    matrix = problem.by_site
    parts = [matrix.indices[matrix.indptr[j] : matrix.indptr[j + 1]] for j in used]
    rows = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
    weights = np.repeat(share[used], [part.shape[0] for part in parts])
    supply = np.bincount(rows, weights=weights, minlength=problem.rows).astype(np.float64)
    return supply - (row < first) - (row < second)


def _take_step(row: Floats, direction: Floats, first: Floats, distance: float) -> Floats:
    blocked = ((row <= 0) & (direction > 0)) | ((row >= first) & (direction < 0))
    useful = np.where(blocked, 0.0, direction)
    length = float(useful @ useful)
    if length <= 0:
        return row
    return np.clip(row - (distance / length) * useful, 0.0, first)
