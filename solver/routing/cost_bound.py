"""An upper bound of what any plan of a problem can cost, in exact integers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from solver.routing.features import UNLIMITED

if TYPE_CHECKING:
    from solver.routing.problem import RoutingProblem

MAX_TOTAL_COST: Final = 2**62
"""Costs stay below this, so that sums and differences of two plans fit into int64."""


def bound_total_cost(problem: RoutingProblem) -> int:
    """Return a number no plan of ``problem`` costs more than.

    Each visit pays the dearest of its penalty, assignments and pools, plus the lateness of its
    worst window; each vehicle its fixed cost and its whole shift with overtime; and there are at
    most n + k legs, and one more for each need of a part (a pick-up at which something is taken),
    each as long and as dear as the worst one. A vehicle that is out goes home, however long it
    takes. Each visit comes as late as it may after what was told, and out of order. Each person
    pays for the whole of these shifts and legs beyond the share, and the worst lateness is that of
    the worst window of all.

    Parameters
    ----------
    problem
        A problem whose arrays are sound in form and range.

    Returns
    -------
    int
        Cost units, computed without any fixed width.
    """
    return (
        _bound_visits(problem)
        + _bound_lateness(problem)
        + _bound_vehicles(problem)
        + _bound_shares(problem)
        + _bound_told(problem)
    )


def _worst_lateness(problem: RoutingProblem) -> list[int]:
    """Return the greatest lateness of each visit, seconds."""
    if problem.n_visits == 0:
        return []
    late = problem.window_limit.astype(np.int64) - problem.window_latest
    worst: list[int] = np.maximum.reduceat(late, problem.window_offset[:-1]).tolist()
    return worst


def _spans(problem: RoutingProblem) -> list[int]:
    """Return the seconds of each shift with overtime, or of the way home if that takes longer."""
    back = problem.vehicle_latest.astype(np.int64) + problem.vehicle_overtime_s
    spans: list[int] = np.maximum(back - problem.vehicle_earliest, _homeward(problem)).tolist()
    return spans


def _homeward(problem: RoutingProblem) -> NDArray[np.int64]:
    """Return the most seconds each vehicle that is out may need to its end place, else 0."""
    ways = np.zeros(problem.n_vehicles, dtype=np.int64)
    if problem.agreed is None:
        return ways
    rush = problem.rush_hours
    for k in np.flatnonzero(problem.agreed.vehicle_out):
        profile = int(problem.vehicle_profile[k])
        pair = int(problem.vehicle_start[k]), int(problem.vehicle_end[k])
        regimes = () if rush is None else rush.durations_s[profile]
        rounded = 0 if rush is None else len(rush.bucket_start)  # at most a second per bucket
        matrices = (problem.durations_s[profile], *regimes)
        ways[k] = max(int(matrix[pair]) for matrix in matrices) + rounded
    return ways


def _meters(problem: RoutingProblem) -> int:
    """Return the meters of all legs of a plan, each as long as the longest."""
    needs = 0 if problem.parts is None else len(problem.parts.need_part)
    farthest = max(int(matrix.max()) for matrix in problem.distances_m)
    return (problem.n_visits + problem.n_vehicles + needs) * max(farthest, 0)


def _row_max(matrix: NDArray[Any]) -> NDArray[Any]:
    if matrix.shape[1] == 0:
        return np.zeros(matrix.shape[0], dtype=np.int64)
    largest: NDArray[Any] = matrix.max(axis=1)
    return largest


def _bound_visits(problem: RoutingProblem) -> int:
    dearest = np.maximum(problem.visit_penalty, _row_max(problem.assignment_cost))
    dearest = np.maximum(dearest, _row_max(problem.pool_cost))
    return sum(dearest.tolist())


def _bound_lateness(problem: RoutingProblem) -> int:
    worst = _worst_lateness(problem)
    knees = problem.late_knee_s.tolist()
    rates, rates_after = problem.late_rate.tolist(), problem.late_rate_after.tolist()
    worst_of_all: int = problem.rules.worst_late_rate * max(worst, default=0)
    lateness: int = sum(
        rate * min(s, knee) + after * max(0, s - knee)
        for s, knee, rate, after in zip(worst, knees, rates, rates_after, strict=True)
    )
    return worst_of_all + lateness


def _bound_vehicles(problem: RoutingProblem) -> int:
    if problem.n_vehicles == 0:
        return 0
    total = sum(problem.vehicle_fixed_cost.tolist())
    home = problem.vehicle_earliest.astype(np.int64) + _homeward(problem)
    for seconds, work, extra, rate in zip(
        _spans(problem),
        np.maximum(
            problem.vehicle_overtime_s, home - problem.vehicle_latest.astype(np.int64)
        ).tolist(),
        problem.cost_per_overtime_second.tolist(),
        problem.cost_per_second.tolist(),
        strict=True,
    ):
        total += rate * seconds + extra * work
    dearest = int(problem.cost_per_meter.max())
    return int(total + _meters(problem) * dearest)


def _bound_told(problem: RoutingProblem) -> int:
    agreed = problem.agreed
    if agreed is None or problem.n_visits == 0:
        return 0
    last = np.maximum.reduceat(problem.window_limit.astype(np.int64), problem.window_offset[:-1])
    late = np.maximum(last - agreed.told_latest, 0)
    late[agreed.told_latest == UNLIMITED] = 0
    prices: int = sum(
        s * rate for s, rate in zip(late.tolist(), agreed.told_rate.tolist(), strict=True)
    )
    orders: int = sum(agreed.order_cost.tolist())
    return prices + orders


def _bound_shares(problem: RoutingProblem) -> int:
    fair = problem.fair_shares
    if fair is None:
        return 0
    work = [0] * len(fair.work_s)
    for person, seconds in zip(fair.vehicle_person.tolist(), _spans(problem), strict=True):
        work[person] += seconds
    meters = _meters(problem)
    columns = (fair.work_s, fair.distance_m, fair.cost_per_second, fair.cost_per_meter)
    rows = zip(work, *(column.tolist() for column in columns), strict=True)
    total: int = sum(
        per_second * max(0, seconds - share) + per_meter * max(0, meters - share_m)
        for seconds, share, share_m, per_second, per_meter in rows
    )
    return total
