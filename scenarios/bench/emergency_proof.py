"""Proof that no plan keeps every promise of a day and reaches an emergency in time."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from solver.routing.problem import RoutingProblem


def is_impossible(problem: RoutingProblem, visits: Collection[int]) -> bool:
    """Return whether no plan serves these visits within their limits; False proves nothing.

    Take those that have to begin before anybody could have finished one of them: everybody serves
    one at the most. If they cannot all be matched with vehicles that would be in time for them, had
    they nothing else to do, there is no plan (Hall 1935). Visits a pool may serve are left out.

    Parameters
    ----------
    problem
        With hard limits; without travel that depends on the hour nor service times by group, which
        nothing is proved of.
    visits
        To be served.
    """
    if problem.rush_hours is not None or problem.service_times is not None:
        return False
    due = {
        v: int(problem.window_limit[list(problem.windows_of(v))].max())
        for v in visits
        if not (problem.pool_cost[v] >= 0).any()
    }
    opening = int(problem.vehicle_earliest.min())
    for moment in sorted(set(due.values())):
        urgent = [v for v in due if due[v] <= moment]
        if moment >= opening + min(int(problem.visit_service_s[v]) for v in urgent):
            return False
        in_time = _in_time(problem, urgent, [due[v] for v in urgent])
        matched = maximum_bipartite_matching(csr_array(in_time), perm_type="column")
        if (matched < 0).any():
            return True
    return False


def _in_time(
    problem: RoutingProblem, visits: Sequence[int], due: Sequence[int]
) -> NDArray[np.bool_]:
    """Return which vehicle (column) that goes there first is in time for which visit (row)."""
    places = problem.visit_location[list(visits)]
    way = np.stack(
        [
            problem.durations_s[profile][start, places]
            for profile, start in zip(problem.vehicle_profile, problem.vehicle_start, strict=True)
        ],
        axis=1,
    )
    access = problem.visit_access_s[list(visits)][:, None]
    arrival = problem.vehicle_earliest[None, :].astype(np.int64) + way + access
    allowed = problem.assignment_cost[list(visits)] >= 0
    found: NDArray[np.bool_] = allowed & (way >= 0) & (arrival <= np.asarray(due)[:, None])
    return found
