"""The exact stage of set covering: SCIP over the sites that are left."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.location.aggregate import merge_equal
from solver.location.clock import Clock
from solver.location.cover_prices import SetProblem
from solver.location.exact import ExactResult, SiteModel, run_model

Int64 = NDArray[np.int64]
Bools = NDArray[np.bool_]


def solve_set_exactly(problem: SetProblem, sites: Int64, start: Bools, clock: Clock) -> ExactResult:
    """Minimize the cost of a cover that opens only ``sites``.

    Parameters
    ----------
    sites
        Sites that may open, ascending; sites that must be open are among them.
    start
        Shape (m,), a cover.
    """
    from ortools.math_opt.python import mathopt

    part = problem.by_row[:, sites].tocsr()
    if not clock.has_room_for(part.nnz):
        return ExactResult(None, None, is_complete=False)
    part.sort_indices()
    offset = part.indptr.astype(np.int64)
    label = problem.need.astype(np.int32)
    _, first = merge_equal(offset, part.indices.astype(np.int32), label)
    model = mathopt.Model()
    y: list[Any] = []
    for fixed in problem.fixed[sites].tolist():
        variable = model.add_binary_variable()
        variable.lower_bound = 1.0 if fixed > 0 else 0.0
        y.append(variable)
    entries, need = part.indices.tolist(), problem.need.tolist()
    for row in first.tolist():
        chosen = [y[j] for j in entries[offset[row] : offset[row + 1]]]
        model.add_linear_constraint(mathopt.LinearSum(chosen) >= float(need[row]))
    cost = problem.cost[sites].tolist()
    model.minimize(mathopt.LinearSum([c * v for c, v in zip(cost, y, strict=True)]))
    kept = SiteModel(model, sites, y)
    hint = start if not np.setdiff1d(np.flatnonzero(start), sites).size else None
    return run_model(kept, hint, clock, is_maximum=False, size=problem.cost.shape[0])
