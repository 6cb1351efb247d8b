"""Prices of demand where sites have capacities, and the bounds they prove.

With a price ``u_i`` on every unit of row *i* the sites fall apart, and each fills its capacity with
the units that pay best (a continuous knapsack, Dantzig 1957; relaxation after Pirkul & Schilling
1991). Most service, with prices from 0 to 1 and ``l_s`` on the rules::

    L(u, l) = Σ u_i w_i + Σ l_s r_s + Σ_j (fill_j(1 - u) - Σ l_s R_sj)⁺

Least money for ``Σ w_i - t`` units, with prices from 0 on and the highest of them on the ``t``
units that may be missing::

    L(u) = Σ u_i w_i - t max u + Σ_j min(0, c_j - fill_j(u))

Prices are whole numbers over a power of two before they count, so the sums are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solver.location.cover_prices import SetBound
from solver.location.prices import ProvenBound, Rules, sum_rules
from solver.location.problem import CoverProblem
from solver.location.served_flow import list_pairs

Floats = NDArray[np.float64]
Int64 = NDArray[np.int64]

_SCALE_BITS: Final = 20
_SAFE_BITS: Final = 61


@dataclass(frozen=True, eq=False)
class Filler:
    """Fills the capacity of every site with the units that pay best.

    Attributes
    ----------
    row, site
        Shape (e,): every pair within reach, site by site.
    weight
        Shape (e,), units of the row.
    capacity
        Shape (m,).
    """

    row: Int64
    site: Int64
    weight: Int64
    capacity: Int64

    def fill(self, gain: Floats | Int64) -> tuple[Int64, Int64]:
        """Return the pairs in the order of filling and the units taken of each, shapes (e,).

        Parameters
        ----------
        gain
            Shape (n,), ``>= 0``: what a unit of the row pays.
        """
        order = np.lexsort((-gain[self.row], self.site))
        weight = self.weight[order]
        upto = np.cumsum(weight)
        start = np.searchsorted(self.site, self.site[order])  # pairs stay within their site
        before = upto - weight
        before = before - before[start]
        taken = np.clip(self.capacity[self.site[order]] - before, 0, weight)
        return order, taken


def make_filler(problem: CoverProblem, capacity: Int64) -> Filler:
    """Return the filler of a problem with merged rows."""
    row, site = list_pairs(problem, np.arange(problem.sites))
    return Filler(row, site, problem.weight[row], capacity)


def add_by_site(filler: Filler, order: Int64, taken: Int64, gain: Int64) -> Int64:
    """Return what each site earns, shape (m,), exactly."""
    earned = np.zeros(filler.capacity.shape[0], dtype=np.int64)
    np.add.at(earned, filler.site[order], taken * gain[filler.row[order]])
    return earned


def prove_most_served(
    problem: CoverProblem, filler: Filler, rules: Rules, row: Floats, rule: Floats
) -> ProvenBound:
    """Return the bound on service of prices ``row`` (n,) and ``rule`` (s + c,), in integers."""
    rule = np.maximum(rule, 0.0)
    total = 2.0 * problem.total_weight * max(1, problem.sites) + 2.0
    loads = float((abs(rules.matrix).T @ rule).sum()) + float(rule @ np.abs(rules.room))
    if total + loads >= 2.0**_SAFE_BITS:
        rule, loads = np.zeros_like(rule), 0.0
    bits = _SAFE_BITS - int(np.ceil(np.log2(total + loads)))
    scale = int(2 ** max(0, min(_SCALE_BITS, bits)))
    price = np.clip(np.rint(row * scale), 0, scale).astype(np.int64)
    rule_price = np.rint(rule * scale).astype(np.int64)
    gain = scale - price
    worth = add_by_site(filler, *filler.fill(gain), gain) - sum_rules(rules, rule_price)
    exact = int((price * problem.weight).sum())
    exact += sum(int(p) * int(r) for p, r in zip(rule_price, rules.room, strict=True) if p)
    exact += int(worth[rules.fixed > 0].sum()) + int(np.maximum(worth[rules.fixed == 0], 0).sum())
    return ProvenBound(exact // scale, worth, exact, price, rule_price, scale)


def prove_least_money(
    problem: CoverProblem, filler: Filler, row: Floats, *, missing: int
) -> SetBound:
    """Return the bound on money of prices ``row`` (n,), closing costs left out, in integers.

    Parameters
    ----------
    missing
        Units that may stay unserved.
    """
    cost = problem.cost - problem.closing_cost
    usable = np.maximum(row, 0.0)
    largest = 2.0 * float(usable.max(initial=0.0)) * problem.total_weight * max(1, problem.sites)
    largest += float(np.abs(cost).sum()) + 2.0
    bits = min(_SCALE_BITS, _SAFE_BITS - int(np.ceil(np.log2(largest))))
    scale = 2 ** max(0, bits)
    price = np.rint(usable * scale).astype(np.int64) if bits >= 0 else np.zeros_like(problem.weight)
    reduced = cost * scale - add_by_site(filler, *filler.fill(price), price)
    exact = int((price * problem.weight).sum()) - missing * int(price.max(initial=0))
    exact += int(reduced[problem.fixed > 0].sum())
    exact += int(np.minimum(reduced[problem.fixed == 0], 0).sum())
    return SetBound(-((-exact) // scale), exact, reduced, price, scale)
