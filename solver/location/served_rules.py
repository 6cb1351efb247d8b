"""The price bound of capacitated covering with all rules about sites kept in full.

Under a budget the continuous knapsack opens a part of a site, which is most of the gap where few
sites fit. Here the sites are chosen by SCIP instead, for the same prices of the demand: a small
model without rows. Its bound is never worse, its choices become answers, and the prices go on
climbing along them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from solver.location.climb import Climb
from solver.location.clock import Clock
from solver.location.exact import SiteModel, make_site_model, run_model
from solver.location.prices import Rules
from solver.location.problem import CoverProblem
from solver.location.served_prices import Filler, add_by_site
from solver.location.served_search import ServedSearch

Int64 = NDArray[np.int64]

_STEPS: Final = 60
_PATIENCE: Final = 4
_SMALLEST: Final = 0.02
_SCALE: Final = 2**10


def bound_with_rules(
    problem: CoverProblem,
    filler: Filler,
    rules: Rules,
    search: ServedSearch,
    *,
    row: NDArray[np.float64],
    closed: Int64,
    clock: Clock,
) -> int | None:
    """Return the lowest bound on service found; None if the clock was over before there was one.

    Parameters
    ----------
    row
        Shape (n,), prices to begin with.
    closed
        Sites no better answer opens.
    """
    weight = problem.weight.astype(np.float64)
    sites = np.setdiff1d(np.arange(problem.sites), closed)
    kept = make_site_model(problem, rules, sites)
    climb = Climb(row, _PATIENCE, _SMALLEST, 1e-7, 0.3)
    best: int | None = None
    for _ in range(_STEPS):
        if clock.is_over():
            break
        order, taken, worth, paid = _price(problem, filler, climb.price)
        _set_goal(kept, worth, paid)
        result = run_model(kept, search.opened, clock, is_maximum=True, size=problem.sites)
        if result.bound is None or result.opened is None:
            break
        best = result.bound if best is None else min(best, result.bound)
        search.offer(*search.complete(result.opened, clock))
        used = np.bincount(
            filler.row[order],
            weights=taken * result.opened[filler.site[order]],
            minlength=problem.rows,
        )
        climb.note(-float(result.bound))
        rise = float(result.bound - search.value)
        if best <= search.value or not climb.move(used - weight, rise):
            break
        climb.price = np.clip(climb.price, 0.0, 1.0)
    return best


def _price(
    problem: CoverProblem, filler: Filler, row: NDArray[np.float64]
) -> tuple[Int64, Int64, NDArray[np.float64], float]:
    """Return the order of filling, what is taken, what sites are worth, what the prices pay."""
    price = np.clip(np.rint(row * _SCALE), 0, _SCALE).astype(np.int64)
    gain = _SCALE - price
    order, taken = filler.fill(gain)
    worth = add_by_site(filler, order, taken, gain) / _SCALE
    return order, taken, worth, float((price * problem.weight).sum()) / _SCALE


def _set_goal(kept: SiteModel, worth: NDArray[np.float64], paid: float) -> None:
    from ortools.math_opt.python import mathopt

    values = worth[kept.sites].tolist()
    terms = [value * y for value, y in zip(values, kept.y, strict=True)]
    kept.model.maximize(mathopt.LinearSum([paid, *terms]))
