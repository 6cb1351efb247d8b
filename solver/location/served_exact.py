"""The exact stage of capacitated covering: SCIP over the sites that are left, flows continuous.

For whole capacities and loads the best division of the demand is whole (a flow), so only sites are
binary. ``x_ij <= w_i y_j`` keeps the relaxation as tight as the prices' bound.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from solver.location.aggregate import restrict_sites
from solver.location.clock import Clock
from solver.location.exact import ExactResult, SiteModel, make_site_model, run_model
from solver.location.prices import Rules
from solver.location.problem import CoverProblem

Int64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

_MAX_ENTRIES: Final = 8_000
"""Cover entries beyond which the relaxation alone takes minutes."""


def is_in_reach(problem: CoverProblem, clock: Clock) -> bool:
    """Whether the exact stage could take the whole problem in the time that is left."""
    entries = problem.site_index.shape[0]
    return entries <= _MAX_ENTRIES and clock.has_room_for(4 * entries)


def solve_served_exactly(
    problem: CoverProblem,
    capacity: Int64,
    rules: Rules,
    sites: Int64,
    start: Bools | None,
    *,
    clock: Clock,
    needed: int | None,
) -> ExactResult:
    """Serve most, or serve ``needed`` units at least money, with ``sites`` alone.

    Parameters
    ----------
    sites
        Sites that may open, ascending; sites that must open are among them.
    start
        Shape (m,), an answer within the rules; None without one.
    """
    from ortools.math_opt.python import mathopt

    small = restrict_sites(problem, sites).problem
    if not is_in_reach(small, clock):
        return ExactResult(None, None, is_complete=False)
    kept = make_site_model(problem, rules, sites)
    flows = _add_flows(kept, small, capacity[sites])
    if needed is None:
        kept.model.maximize(mathopt.LinearSum(flows))
        return run_model(kept, start, clock, is_maximum=True, size=problem.sites)
    kept.model.add_linear_constraint(mathopt.LinearSum(flows) >= float(needed))
    price = (problem.cost - problem.closing_cost)[sites].tolist()
    kept.model.minimize(mathopt.LinearSum([c * y for c, y in zip(price, kept.y, strict=True)]))
    return run_model(kept, start, clock, is_maximum=False, size=problem.sites)


def _add_flows(kept: SiteModel, small: CoverProblem, capacity: Int64) -> list[Any]:
    """Add a flow for every pair within reach; return the variables."""
    from ortools.math_opt.python import mathopt

    offset, index = small.site_offset.tolist(), small.site_index.tolist()
    weight, room = small.weight.tolist(), capacity.tolist()
    load: list[list[Any]] = [[] for _ in room]
    flows: list[Any] = []
    for row, units in enumerate(weight):
        pairs = [j for j in index[offset[row] : offset[row + 1]] if units and room[j]]
        here = []
        for site in pairs:
            flow = kept.model.add_variable(lb=0.0, ub=float(min(units, room[site])))
            if units < room[site]:
                kept.model.add_linear_constraint(flow <= float(units) * kept.y[site])
            load[site].append(flow)
            here.append(flow)
        if len(here) > 1:
            kept.model.add_linear_constraint(mathopt.LinearSum(here) <= float(units))
        flows += here
    for site, units in enumerate(load):
        if units:
            used = mathopt.LinearSum(units)
            kept.model.add_linear_constraint(used <= float(room[site]) * kept.y[site])
    return flows
