"""Prices of rows for set covering, the bound they prove, and greedy answers from them.

The problem: ``min Σ c_j y_j`` with ``Σ_{j in N_i} y_j >= q_i`` for every row. Every ``u >= 0``
gives the bound (Beasley 1990; Caprara, Fischetti & Toth 1999)::

    L(u) = Σ q_i u_i + Σ_j min(0, c_j - Σ_{i: j in N_i} u_i)

where a site that must be open counts its whole reduced cost. Prices become whole numbers over a
power of two before the bound counts, and the bound is rounded up: costs are whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from solver.location.clock import Clock

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Int64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

_SCALE_BITS: Final = 20
_SAFE_BITS: Final = 61
_PATIENCE: Final = 20
_GREEDY_EVERY: Final = 10


@dataclass(frozen=True, eq=False)
class SetProblem:
    """A set covering problem with merged rows, all of which can be covered.

    Attributes
    ----------
    by_row, by_site
        Incidence, shape (n, m) and (m, n).
    need
        Shape (n,), ``>= 1``.
    cost
        Shape (m,), int64; may be negative (closing an existing site can cost more than keeping).
    fixed
        Shape (m,), int8.
    """

    by_row: csr_array
    by_site: csr_array
    need: Int64
    cost: Int64
    fixed: NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class SetBound:
    """A bound in whole numbers.

    Attributes
    ----------
    value
        No cover costs less.
    exact
        The bound over ``scale`` before rounding up.
    reduced
        Shape (m,), reduced cost of each site over ``scale``.
    row
        Shape (n,), prices over ``scale``.
    scale
        A power of two.
    """

    value: int
    exact: int
    reduced: Int64
    row: Int64
    scale: int

    def find_fixed(self, fixed: NDArray[np.int8], incumbent: int) -> tuple[Int64, Int64]:
        """Return the sites every cover cheaper than ``incumbent`` keeps (closed, open)."""
        spare = (incumbent - 1) * self.scale - self.exact
        free = fixed == 0
        closed = np.flatnonzero((fixed < 0) | (free & (self.reduced > spare)))
        opened = np.flatnonzero((fixed > 0) | (free & (-self.reduced > spare)))
        return closed, opened


def prove_set_bound(problem: SetProblem, row: Floats) -> SetBound:
    """Return the bound of the prices ``row``, shape (n,), computed in integers."""
    usable = np.maximum(row, 0.0)
    largest = float(usable @ np.asarray(problem.by_row.sum(axis=1))) + float(usable @ problem.need)
    largest += float(np.abs(problem.cost).sum()) + 2.0
    bits = min(_SCALE_BITS, _SAFE_BITS - int(np.ceil(np.log2(largest))))
    scale = 2 ** max(0, bits)
    price = np.rint(usable * scale).astype(np.int64) if bits >= 0 else np.zeros_like(problem.need)
    running = np.zeros(problem.by_site.indices.shape[0] + 1, dtype=np.int64)
    np.cumsum(price[problem.by_site.indices], out=running[1:])
    paid = running[problem.by_site.indptr[1:]] - running[problem.by_site.indptr[:-1]]
    reduced = problem.cost * scale - paid
    exact = int((problem.need * price).sum()) + int(reduced[problem.fixed > 0].sum())
    exact += int(np.minimum(reduced[problem.fixed == 0], 0).sum())
    return SetBound(-((-exact) // scale), exact, reduced, price, scale)


@dataclass(eq=False)
class SetSearch:
    """Best prices and best cover so far; ``cost`` is that of ``opened``."""

    row: Floats
    bound: float
    opened: Bools
    cost: int


def search_set_prices(
    problem: SetProblem, search: SetSearch, *, steps: int, clock: Clock
) -> SetSearch:
    """Raise the bound by subgradient steps; every tenth prices make a greedy cover."""
    row, factor, idle = search.row, 1.0, 0
    direction = np.zeros_like(row)
    for step in range(steps):
        if clock.is_over() or factor < 1e-4:
            break
        clock.count()
        reduced = problem.cost - problem.by_site @ row
        chosen = ((problem.fixed == 0) & (reduced < 0)) | (problem.fixed > 0)
        bound = float(problem.need @ row) + float(reduced[chosen].sum())
        idle = 0 if bound > search.bound + 1e-4 * abs(search.cost - search.bound) else idle + 1
        if bound > search.bound:
            search.bound, search.row = bound, row
        if step % _GREEDY_EVERY == _GREEDY_EVERY - 1:
            keep_better(problem, search, make_greedy(problem, row))
        if bound > search.cost - 1:
            break
        if idle >= _PATIENCE:
            factor, idle, row = factor * 0.6, 0, search.row
            direction[:] = 0.0
            continue
        slope = problem.need - problem.by_row @ chosen.astype(np.float64)
        direction = 0.6 * direction + 0.4 * slope if direction.any() else slope
        useful = np.where((row <= 0) & (direction < 0), 0.0, direction)
        length = float(useful @ useful)
        if length > 0:
            distance = factor * (1.02 * search.cost - bound) / length
            row = np.maximum(row + distance * useful, 0.0)
    return search


def keep_better(problem: SetProblem, search: SetSearch, opened: Bools) -> None:
    """Keep a cover if it is the cheapest so far."""
    cost = int(problem.cost[opened].sum())
    if cost < search.cost:
        search.opened, search.cost = opened, cost


def make_greedy(problem: SetProblem, row: Floats) -> Bools:
    """Return a cover: the least reduced cost per newly covered row first, then without spares.

    Sites of negative reduced cost score ``reduced * fresh`` instead (Caprara, Fischetti & Toth).

    Parameters
    ----------
    row
        Shape (n,), prices of the rows; all 0 makes the plain greedy by cost per row.
    """
    opened = problem.fixed > 0
    lacking = problem.need - (problem.by_row @ opened.astype(np.float64)).astype(np.int64)
    usable = problem.fixed >= 0
    open_rows = (lacking > 0).astype(np.float64)
    fresh = problem.by_site @ open_rows
    merit = problem.cost - problem.by_site @ (row * open_rows)
    indptr, indices = problem.by_site.indptr, problem.by_site.indices
    while (lacking > 0).any():
        rate = np.where(merit > 0, merit / np.maximum(fresh, 1e-9), merit * fresh)
        rate[opened | ~usable | (fresh <= 0)] = np.inf
        site = int(np.argmin(rate))
        opened[site] = True
        rows = indices[indptr[site] : indptr[site + 1]]
        done = rows[lacking[rows] == 1]
        lacking[rows] -= 1
        if done.size:
            touched = problem.by_row[done]
            entry = touched.indices
            np.subtract.at(fresh, entry, 1.0)
            np.add.at(merit, entry, np.repeat(row[done], np.diff(touched.indptr)))
    return drop_spares(problem, opened)


def drop_spares(problem: SetProblem, opened: Bools) -> Bools:
    """Close sites whose rows are all covered without them, the dearest first."""
    opened = opened.copy()
    spare = (problem.by_row @ opened.astype(np.float64)).astype(np.int64) - problem.need
    indptr, indices = problem.by_site.indptr, problem.by_site.indices
    sites = np.flatnonzero(opened & (problem.fixed <= 0) & (problem.cost > 0))
    for site in sites[np.argsort(-problem.cost[sites], kind="stable")].tolist():
        rows = indices[indptr[site] : indptr[site + 1]]
        if (spare[rows] > 0).all():
            opened[site] = False
            spare[rows] -= 1
    return opened
