"""A VRPTW as the arrays the solver takes."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from scenarios.errors import InstanceFormatError
from scenarios.instances.rounding import Rounding, scale_distances
from scenarios.instances.vrptw import Vrptw
from solver.routing.problem import RoutingProblem


class Objective(StrEnum):
    """What is minimized."""

    DISTANCE = "distance"
    HIERARCHICAL = "hierarchical"
    """Vehicles first, then distance."""

    @property
    def rounding(self) -> Rounding:
        """The rule this objective is published with."""
        return Rounding.TRUNC1 if self is Objective.DISTANCE else Rounding.NONE


def build_problem(
    instance: Vrptw, objective: Objective, rounding: Rounding | None = None
) -> RoutingProblem:
    """Return the problem; visit v is customer v + 1, all vehicles are alike.

    A window bounds the start of service, which is the arrival of our problem, and is hard
    (``window_latest`` = ``window_limit``). Every customer has to be served: leaving one out
    costs more than any plan that serves it. Under ``hierarchical`` a vehicle costs more than
    all distance a plan can have.

    Parameters
    ----------
    instance
        The instance.
    objective
        What is minimized.
    rounding
        Rule for distances; None takes the objective's own.

    Raises
    ------
    InstanceFormatError
        If scaled times do not fit 32 bits.
    """
    rule = rounding or objective.rounding
    times, distances = scale_distances(instance, rule)
    horizon = instance.due[0] * rule.scale
    # Three horizons keep every sum of arrival, leg and service inside 32 bits.
    if max(horizon, int(times.max())) > np.iinfo(np.int32).max // 3:
        raise InstanceFormatError(
            instance.name, 0, f"times up to {horizon} at {rule}", "scaled times below 2^31 / 3"
        )
    fixed, penalty = _dominating_prices(objective, distances)
    return RoutingProblem(
        durations_s=(times.astype(np.int32),),
        distances_m=(distances.astype(np.int32),),
        **_visits(instance, rule.scale, penalty),  # type: ignore[arg-type]  # arrays by name
        **_vehicles(instance, rule.scale, fixed),  # type: ignore[arg-type]  # arrays by name
        assignment_cost=np.zeros((instance.customers, instance.vehicles), dtype=np.int64),
        pool_capacity=np.zeros(0, dtype=np.int32),
        pool_cost=np.zeros((instance.customers, 0), dtype=np.int64),
    )


def _dominating_prices(objective: Objective, distances: NDArray[np.int64]) -> tuple[int, int]:
    """Return the fixed cost of a vehicle and the penalty of a customer left out."""
    # A plan of one route per customer is the longest any sensible plan can be.
    longest = int(distances[0].sum() + distances[:, 0].sum()) + 1
    fixed = longest if objective is Objective.HIERARCHICAL else 0
    out_and_back = 2 * int(distances.max()) + 1
    return fixed, 10 * (fixed + out_and_back)


def _visits(instance: Vrptw, scale: int, penalty: int) -> dict[str, NDArray[np.generic]]:
    n = instance.customers
    due = np.array(instance.due[1:], dtype=np.int64) * scale
    limit = np.minimum(due, instance.due[0] * scale).astype(np.int32)
    earliest = (np.array(instance.ready[1:], dtype=np.int64) * scale).astype(np.int32)
    service = (np.array(instance.service[1:], dtype=np.int64) * scale).astype(np.int32)
    return {
        "visit_location": np.arange(1, n + 1, dtype=np.int32),
        "visit_service_s": service,
        "visit_access_s": np.zeros(n, dtype=np.int32),
        "visit_penalty": np.full(n, penalty, dtype=np.int64),
        "visit_demand": np.array(instance.demand[1:], dtype=np.int32).reshape(n, 1),
        "late_knee_s": np.zeros(n, dtype=np.int32),
        "late_rate": np.zeros(n, dtype=np.int64),
        "late_rate_after": np.zeros(n, dtype=np.int64),
        "window_offset": np.arange(n + 1, dtype=np.int32),
        "window_earliest": earliest,
        "window_latest": limit,
        "window_limit": limit.copy(),
    }


def _vehicles(instance: Vrptw, scale: int, fixed: int) -> dict[str, NDArray[np.generic]]:
    k = instance.vehicles
    nothing = np.zeros(0, dtype=np.int32)
    zeros = np.zeros(k, dtype=np.int32)
    free = np.zeros(k, dtype=np.int64)
    return {
        "vehicle_start": zeros,
        "vehicle_end": zeros.copy(),
        "vehicle_profile": zeros.copy(),
        "vehicle_earliest": np.full(k, instance.ready[0] * scale, dtype=np.int32),
        "vehicle_latest": np.full(k, instance.due[0] * scale, dtype=np.int32),
        "vehicle_overtime_s": zeros.copy(),
        "vehicle_fixed_cost": np.full(k, fixed, dtype=np.int64),
        "cost_per_second": free,
        "cost_per_overtime_second": free.copy(),
        "cost_per_meter": np.ones(k, dtype=np.int64),
        "vehicle_capacity": np.full((k, 1), instance.capacity, dtype=np.int32),
        "break_offset": np.zeros(k + 1, dtype=np.int32),
        "break_earliest": nothing,
        "break_latest": nothing.copy(),
        "break_duration_s": nothing.copy(),
    }
