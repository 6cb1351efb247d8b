"""Row prices from a linear program over a few sites, extended until no site is missing.

The program over *all* sites has a row per distinct cover set. Over a few sites most of those
become equal and merge, so the program is small whatever the number of demand points. Its duals
price the merged rows; shared out in proportion to weight they price the original ones, prove a
bound for all sites, and name the sites worth adding (column generation, Dantzig & Wolfe 1960). When
none is worth adding, the bound is that of the full linear program.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from solver.location.aggregate import restrict_sites
from solver.location.clock import Clock
from solver.location.prices import Prices, ProvenBound, Rules, prove_bound
from solver.location.problem import CoverProblem

Floats = NDArray[np.float64]
Int64 = NDArray[np.int64]

_ADDED: Final = 80
_ADDED_SHARE: Final = 0.05
"""Sites added per round at most: so many, or this share of all if that is more."""

_BLENDS: Final = (0.3, 0.6, 0.85)

_MAX_CELLS: Final = 60_000
"""Merged rows beyond which a linear program is not tried."""


@dataclass(frozen=True, eq=False)
class SmallProgram:
    """Solution of the linear program over some sites.

    Attributes
    ----------
    prices
        For the rows and rules of the whole problem.
    share
        Shape (m,), share of each site open.
    value
        Optimum over the chosen sites.
    """

    prices: Prices
    share: Floats
    value: float


def solve_small_program(
    problem: CoverProblem, rules: Rules, sites: Int64, clock: Clock
) -> SmallProgram | None:
    """Solve the linear program over ``sites``; None if the clock ends it or it has no solution."""
    from ortools.linear_solver import pywraplp

    merged = restrict_sites(problem, sites)
    small = merged.problem
    if small.rows > _MAX_CELLS:
        return None
    solver = pywraplp.Solver.CreateSolver("GLOP")
    if clock.left_s != np.inf:
        solver.SetTimeLimit(max(1, int(1000 * clock.left_s)))
    goal = solver.Objective()
    goal.SetMaximization()
    y = [
        solver.NumVar(1.0 if fixed > 0 else 0.0, 0.0 if fixed < 0 else 1.0, "")
        for fixed in small.fixed.tolist()
    ]
    covers = _add_rows(solver, small, y)
    kept = []
    part = rules.matrix[:, sites].tocsr()
    for s, room in enumerate(rules.room.tolist()):
        rule = solver.Constraint(-solver.infinity(), float(room))
        for k in range(part.indptr[s], part.indptr[s + 1]):
            rule.SetCoefficient(y[int(part.indices[k])], float(part.data[k]))
        kept.append(rule)
    clock.count()
    if solver.Solve() != pywraplp.Solver.OPTIMAL:
        return None
    cell = small.weight.astype(np.float64)  # rows without a site are priced at their weight
    for row, cover in covers:
        cell[row] = min(cell[row], max(0.0, -cover.dual_value()))
    ratio = cell / np.maximum(small.weight, 1)
    share = np.zeros(problem.sites)
    share[sites] = [variable.solution_value() for variable in y]
    prices = Prices(
        row=ratio[merged.member] * problem.weight,
        rule=np.asarray([max(0.0, rule.dual_value()) for rule in kept], dtype=np.float64),
    )
    return SmallProgram(prices, share, float(goal.Value()))


def _add_rows(
    solver: Any,  # noqa: ANN401 - ortools has no types
    small: CoverProblem,
    y: list[Any],
) -> list[tuple[int, Any]]:
    """Add ``x + z <= sum of y`` per row with sites; return (row, constraint)."""
    goal = solver.Objective()
    covers = []
    offset, index = small.site_offset.tolist(), small.site_index.tolist()
    weight, backup = small.weight.tolist(), small.backup_weight.tolist()
    for row in range(small.rows):
        if offset[row] == offset[row + 1] or weight[row] == 0:
            continue
        cover = solver.Constraint(0.0, solver.infinity())
        for value in (weight[row], backup[row]):
            if value:
                x = solver.NumVar(0.0, 1.0, "")
                cover.SetCoefficient(x, -1.0)
                goal.SetCoefficient(x, float(value))
        for site in index[offset[row] : offset[row + 1]]:
            cover.SetCoefficient(y[site], 1.0)
        covers.append((row, cover))
    return covers


def find_missing(bound: ProvenBound, known: Int64, spare: int) -> Int64:
    """Return sites outside ``known`` that a better answer might open, the best first.

    Parameters
    ----------
    spare
        Worth below which a site is out of the question, as a positive number over the scale.
    """
    worth = bound.worth.copy()
    worth[known] = -np.iinfo(np.int64).max
    most = max(_ADDED, int(_ADDED_SHARE * worth.shape[0]))
    order = np.argsort(-worth, kind="stable")[:most]
    return order[worth[order] > -spare]


def improve_bound(
    problem: CoverProblem, rules: Rules, best: ProvenBound, prices: Prices
) -> ProvenBound:
    """Return the best of ``best``, the bound of ``prices``, and some between the two.

    The bound is convex in the prices, so a blend is never worse than the worse of its ends and
    often better than both (stabilization after Wentges 1997).
    """
    known = Prices(best.row / best.scale, best.rule / best.scale)
    options = [prices]
    for part in _BLENDS:
        row = part * known.row + (1.0 - part) * prices.row
        options.append(Prices(row, part * known.rule + (1.0 - part) * prices.rule))
    for option in options:
        bound = prove_bound(problem, rules, option)
        if bound.exact * best.scale < best.exact * bound.scale:
            best = bound
    return best
