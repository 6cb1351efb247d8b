"""Prices (Lagrange multipliers) of rows and rules, and the bound they prove.

The problem, with ``x`` for rows covered once, ``z`` for rows covered twice and ``y`` for sites::

    max  Σ w_i x_i + Σ b_i z_i    x_i + z_i <= Σ_{j in N_i} y_j    R y <= r    x, z, y in {0, 1}

(Church & ReVelle 1974; backup cover after Hogan & ReVelle 1986). Every price ``u_i >= 0`` per row
and ``l_s >= 0`` per rule gives a bound (Galvão & ReVelle 1996)::

    L(u, l) = Σ_i (w_i - u_i)⁺ + Σ_i (b_i - u_i)⁺ + Σ_s l_s r_s
              + Σ_j (Σ_{i: j in N_i} u_i - Σ_s l_s R_sj)⁺

where a site that must be open counts in full and one that must be closed not at all. Prices are
made whole numbers over a power of two first, so the sum is exact and the bound is proven, not
merely computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from solver.location.limits import SiteLimits
from solver.location.problem import CoverProblem

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Int64 = NDArray[np.int64]

_MAX_SCALE_BITS: Final = 20
_SAFE_BITS: Final = 61


@dataclass(frozen=True, eq=False)
class Rules:
    """Every rule about sites as one sparse system ``matrix @ y <= room``.

    Attributes
    ----------
    matrix
        Shape (s + c, m): the rules of ``SiteLimits``, then one row per conflict.
    room
        Shape (s + c,), int64.
    fixed
        Shape (m,), int8.
    """

    matrix: csr_array
    room: Int64
    fixed: NDArray[np.int8]

    @cached_property
    def by_site(self) -> csr_array:
        """The matrix transposed, shape (m, s + c)."""
        return self.matrix.T.tocsr()


def make_rules(limits: SiteLimits) -> Rules:
    """Return limits and conflicts as one system."""
    from scipy.sparse import coo_array, csr_array, vstack

    count = limits.conflict.shape[0]
    place = (np.repeat(np.arange(count), 2), limits.conflict.ravel())
    pairs = coo_array((np.ones(2 * count), place), shape=(count, limits.sites)).tocsr()
    top = csr_array(limits.load.astype(np.float64))
    matrix = csr_array(vstack([top, pairs]))
    return Rules(matrix, np.concatenate([limits.room, np.ones(count, np.int64)]), limits.fixed)


@dataclass(frozen=True, eq=False)
class Prices:
    """Prices in units of weight.

    Attributes
    ----------
    row
        Shape (n,), ``>= 0``.
    rule
        Shape (s + c,), ``>= 0``.
    """

    row: Floats
    rule: Floats


@dataclass(frozen=True, eq=False)
class ProvenBound:
    """A bound in whole numbers, with the prices that prove it.

    Attributes
    ----------
    value
        No choice of sites covers more.
    worth
        Shape (m,), int64, over ``scale``: worth of each site after rule prices.
    exact
        The bound over ``scale`` before rounding down.
    row, rule
        Prices over ``scale``, int64.
    scale
        A power of two.
    """

    value: int
    worth: Int64
    exact: int
    row: Int64
    rule: Int64
    scale: int

    def find_fixed(self, rules: Rules, incumbent: int) -> tuple[Int64, Int64]:
        """Return the sites every answer better than ``incumbent`` keeps (closed, open).

        Opening a site of negative worth, or closing one of positive worth, lowers the bound by
        that worth; if less than ``incumbent + 1`` remains, no better answer does it (reduced-cost
        fixing).
        """
        spare = self.exact - (incumbent + 1) * self.scale
        free = rules.fixed == 0
        closed = np.flatnonzero((rules.fixed < 0) | (free & (-self.worth > spare)))
        opened = np.flatnonzero((rules.fixed > 0) | (free & (self.worth > spare)))
        return closed, opened


def prove_bound(problem: CoverProblem, rules: Rules, prices: Prices) -> ProvenBound:
    """Return the bound of the prices, computed in integers throughout.

    Parameters
    ----------
    problem
        ``n`` rows, ``m`` sites.
    rules
        Rules about the same sites.
    prices
        Negative prices count as 0, a row's price above its weight as its weight.
    """
    scale, rule_price = _choose_scale(problem, rules, np.maximum(prices.rule, 0.0))
    # Beyond the weight a higher price only makes sites dearer.
    row = np.clip(np.rint(prices.row * scale).astype(np.int64), 0, problem.weight * scale)
    rule = np.rint(rule_price * scale).astype(np.int64)
    worth = sum_sites(problem, row) - sum_rules(rules, rule)
    exact = int((problem.weight * scale - row).sum())
    exact += int(np.maximum(problem.backup_weight * scale - row, 0).sum())
    exact += sum(int(p) * int(r) for p, r in zip(rule, rules.room, strict=True) if p)
    exact += int(worth[rules.fixed > 0].sum())
    exact += int(np.maximum(worth[rules.fixed == 0], 0).sum())
    return ProvenBound(exact // scale, worth, exact, row, rule, scale)


def sum_sites(problem: CoverProblem, row: Int64) -> Int64:
    """Return the sum of row values per site, shape (m,), exactly."""
    matrix = problem.by_site
    running = np.zeros(matrix.indices.shape[0] + 1, dtype=np.int64)
    # Wrap-around of the running sum cancels in the difference; each site's own sum fits.
    np.cumsum(row[matrix.indices], out=running[1:])
    return running[matrix.indptr[1:]] - running[matrix.indptr[:-1]]


def sum_rules(rules: Rules, rule: Int64) -> Int64:
    """Return what the prices of the rules take from each site, shape (m,), exactly."""
    matrix = rules.matrix
    worth = np.zeros(matrix.shape[1], dtype=np.int64)
    for s in np.flatnonzero(rule).tolist():
        part = slice(matrix.indptr[s], matrix.indptr[s + 1])
        load = matrix.data[part].astype(np.int64)
        np.add.at(worth, matrix.indices[part], load * int(rule[s]))
    return worth


def _choose_scale(problem: CoverProblem, rules: Rules, rule: Floats) -> tuple[int, Floats]:
    """Return the largest power of two that keeps every sum inside 64 bits, and usable prices."""
    total = 2.0 * problem.total_weight * max(1, problem.sites) + 2.0
    loads = float((abs(rules.matrix).T @ rule).sum()) + float(rule @ np.abs(rules.room))
    if total + loads >= 2.0**_SAFE_BITS:  # absurd prices prove nothing anyway
        rule, loads = np.zeros_like(rule), 0.0
    bits = _SAFE_BITS - int(np.ceil(np.log2(total + loads)))
    return int(2 ** max(0, min(_MAX_SCALE_BITS, bits))), rule
