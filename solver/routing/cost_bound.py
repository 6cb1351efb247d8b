"""An upper bound of what any plan of a problem can cost, in exact integers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from solver.routing.problem import RoutingProblem

MAX_TOTAL_COST: Final = 2**62
"""Costs stay below this, so that sums and differences of two plans fit into int64."""


def bound_total_cost(problem: RoutingProblem) -> int:
    """Return a number no plan of ``problem`` costs more than.

    Each visit pays the dearest of its penalty, assignments and pools, plus the lateness of its
    worst window; each vehicle its fixed cost and its whole shift with overtime; and there are at
    most n + k legs, each as long and as dear as the worst one.

    Parameters
    ----------
    problem
        A problem whose arrays are sound in form and range.

    Returns
    -------
    int
        Cost units, computed without any fixed width.
    """
    return _bound_visits(problem) + _bound_lateness(problem) + _bound_vehicles(problem)


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
    if problem.n_visits == 0:
        return 0
    late = problem.window_limit.astype(np.int64) - problem.window_latest
    worst = np.maximum.reduceat(late, problem.window_offset[:-1]).tolist()
    knees = problem.late_knee_s.tolist()
    rates, rates_after = problem.late_rate.tolist(), problem.late_rate_after.tolist()
    return sum(
        rate * min(s, knee) + after * max(0, s - knee)
        for s, knee, rate, after in zip(worst, knees, rates, rates_after, strict=True)
    )


def _bound_vehicles(problem: RoutingProblem) -> int:
    if problem.n_vehicles == 0:
        return 0
    back = problem.vehicle_latest.astype(np.int64) + problem.vehicle_overtime_s
    span = np.maximum(back - problem.vehicle_earliest, 0).tolist()
    total = sum(problem.vehicle_fixed_cost.tolist())
    for seconds, work, extra, rate in zip(
        span,
        problem.vehicle_overtime_s.tolist(),
        problem.cost_per_overtime_second.tolist(),
        problem.cost_per_second.tolist(),
        strict=True,
    ):
        total += rate * seconds + extra * work
    farthest = max(int(matrix.max()) for matrix in problem.distances_m)
    dearest = int(problem.cost_per_meter.max())
    legs = problem.n_visits + problem.n_vehicles
    return int(total + legs * max(farthest, 0) * dearest)
