"""Prices for capacitated covering by subgradient steps; what they choose becomes answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solver.location.climb import Climb
from solver.location.clock import Clock
from solver.location.limits import SiteLimits
from solver.location.problem import CoverProblem
from solver.location.served_prices import Filler
from solver.location.served_search import ServedSearch
from solver.location.subgradient import choose_sites

Floats = NDArray[np.float64]

_STEPS: Final = 1000
_PATIENCE: Final = 15
_SMALLEST: Final = 1e-3
_TRY_EVERY: Final = 25


@dataclass(frozen=True, eq=False)
class ServedPrices:
    """Best prices of the rows, shape (n,), and of the first rule."""

    row: Floats
    rule: float


def climb_most_served(
    problem: CoverProblem,
    filler: Filler,
    limits: SiteLimits,
    search: ServedSearch,
    *,
    clock: Clock,
    share: float,
) -> ServedPrices:
    """Return prices from 0 to 1 that bound the units any allowed choice serves."""
    weight = problem.weight.astype(np.float64)
    climb = Climb(np.full(problem.rows, 0.5), _PATIENCE, _SMALLEST, 1e-7)
    rule = 0.0
    for step in range(_STEPS):
        if clock.is_over(share):
            break
        clock.count()
        gain = 1.0 - climb.price
        order, taken = filler.fill(gain)
        worth = _earn(filler, order, taken * gain[filler.row[order]])
        choice = choose_sites(worth, limits)
        bound = choice.value + float(climb.price @ weight)
        if climb.note(-bound):
            rule = choice.price
        if step % _TRY_EVERY == _TRY_EVERY // 2:
            start = search.exchange.complete(search.exchange.make_start(), choice.share)
            search.offer(*search.complete(start, clock))
        used = _use(problem, filler, order, taken * choice.share[filler.site[order]])
        if bound < search.value + 1 or not climb.move(used - weight, bound - search.value):
            break
        climb.price = np.clip(climb.price, 0.0, 1.0)
    return ServedPrices(climb.best, rule)


def climb_least_money(
    problem: CoverProblem,
    filler: Filler,
    search: ServedSearch,
    *,
    clock: Clock,
    share: float,
    missing: int,
) -> ServedPrices:
    """Return prices that bound the money it takes to serve all but ``missing`` units."""
    weight = problem.weight.astype(np.float64)
    price = (problem.cost - problem.closing_cost).astype(np.float64)
    free, must = problem.fixed == 0, problem.fixed > 0
    start = float(np.abs(price).sum()) / max(1.0, float(np.minimum(filler.capacity, 2**48).sum()))
    climb = Climb(np.full(problem.rows, start), _PATIENCE, _SMALLEST, 1e-7)
    for _ in range(_STEPS):
        if clock.is_over(share):
            break
        clock.count()
        order, taken = filler.fill(climb.price)
        reduced = price - _earn(filler, order, taken * climb.price[filler.row[order]])
        chosen = (free & (reduced < 0)) | must
        top = int(np.argmax(climb.price)) if problem.rows else 0
        bound = float(climb.price @ weight) + float(reduced[chosen].sum())
        bound -= missing * float(climb.price.max(initial=0.0))
        climb.note(bound)
        slope = weight - _use(problem, filler, order, taken * chosen[filler.site[order]])
        if problem.rows:
            slope[top] -= missing
        if bound > search.value - 1 or not climb.move(slope, search.value - bound):
            break
        climb.price = np.maximum(climb.price, 0.0)
    return ServedPrices(climb.best, 0.0)


def _earn(filler: Filler, order: NDArray[np.int64], values: Floats) -> Floats:
    sites = filler.capacity.shape[0]
    return np.bincount(filler.site[order], weights=values, minlength=sites).astype(np.float64)


def _use(problem: CoverProblem, filler: Filler, order: NDArray[np.int64], values: Floats) -> Floats:
    return np.bincount(filler.row[order], weights=values, minlength=problem.rows).astype(np.float64)
