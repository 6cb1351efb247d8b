"""MDVRPTW, SDVRPTW and PCVRPTW as the arrays the solver takes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenarios.errors import InstanceFormatError
from scenarios.instances.fleet import FleetVrptw
from scenarios.instances.rounding import Rounding, scale_distances
from solver.errors import InvalidParameter
from solver.routing.features import DAY_RULES, UNLIMITED, RouteLimits, ScheduleRules
from solver.routing.problem import FORBIDDEN, RoutingProblem


def build_fleet_problem(instance: FleetVrptw, rounding: Rounding | None = None) -> RoutingProblem:
    """Return the problem; visit v is node ``depots + v``, vehicle k is vehicle k of the file.

    Site rules are forbidden assignments. Where routes may last less than their depot is open, a
    route leaves as late as its windows allow and is limited from then on. Leaving a client out
    costs its prize, in units of the problem; a client without a prize costs ten times the longest
    way there and back.

    Parameters
    ----------
    instance
        The instance.
    rounding
        Rule for distances and times; None takes the type's own.

    Raises
    ------
    InstanceFormatError
        If scaled times do not fit 32 bits.
    InvalidParameter
        For ``Rounding.NONE``: these types are published in whole numbers only.
    """
    rule = rounding or instance.kind.rounding
    if rule is Rounding.NONE:
        raise InvalidParameter(
            f"rounding {rule.value!r}: {instance.kind} is published with trunc1 or exact1000."
        )
    times, distances = scale_distances(instance, rule)
    horizon = max(instance.due[depot] for depot in range(instance.depots)) * rule.scale
    # Three horizons keep every sum of arrival, leg and service inside 32 bits.
    if max(horizon, int(times.max())) > np.iinfo(np.int32).max // 3:
        raise InstanceFormatError(
            instance.name, 0, f"times up to {horizon} at {rule}", "scaled times below 2^31 / 3"
        )
    n = len(instance.clients)
    limits = _limits(instance, rule.scale)
    return RoutingProblem(
        durations_s=(times.astype(np.int32),),
        distances_m=(distances.astype(np.int32),),
        **_visits(instance, rule.scale, horizon),  # type: ignore[arg-type]  # arrays by name
        visit_penalty=_penalties(instance, rule.scale, 20 * int(distances.max()) + 10),
        **_vehicles(instance, rule.scale),  # type: ignore[arg-type]  # arrays by name
        assignment_cost=_assignments(instance),
        pool_capacity=np.zeros(0, dtype=np.int32),
        pool_cost=np.zeros((n, 0), dtype=np.int64),
        limits=limits,
        rules=DAY_RULES if limits is None else ScheduleRules(leaves_for_end=True),
    )


def _limits(instance: FleetVrptw, scale: int) -> RouteLimits | None:
    """Return the longest duration; None where every route that keeps its depot's hours has it."""
    limit, k = instance.max_duration, instance.vehicles
    hours = max(instance.due[depot] - instance.ready[depot] for depot in range(instance.depots))
    if limit is None or limit >= hours:
        return None
    free = np.full(k, UNLIMITED, dtype=np.int32)
    return RouteLimits(
        visits=free,
        distance_m=free.copy(),
        driving_s=free.copy(),
        duration_s=np.full(k, limit * scale, dtype=np.int32),
    )


def _penalties(instance: FleetVrptw, scale: int, required: int) -> NDArray[np.int64]:
    if instance.prizes is None:
        return np.full(len(instance.clients), required, dtype=np.int64)
    return np.array(instance.prizes[instance.depots :], dtype=np.int64) * scale


def _assignments(instance: FleetVrptw) -> NDArray[np.int64]:
    costs = np.zeros((len(instance.clients), instance.vehicles), dtype=np.int64)
    for vehicle in range(instance.vehicles):
        banned = [not instance.may_serve(vehicle, node) for node in instance.clients]
        costs[np.array(banned), vehicle] = FORBIDDEN
    return costs


def _visits(instance: FleetVrptw, scale: int, horizon: int) -> dict[str, NDArray[np.generic]]:
    clients = slice(instance.depots, instance.nodes)
    n = len(instance.clients)
    due = np.array(instance.due[clients], dtype=np.int64) * scale
    limit = np.minimum(due, horizon).astype(np.int32)
    return {
        "visit_location": np.arange(instance.depots, instance.nodes, dtype=np.int32),
        "visit_service_s": _scaled(instance.service[clients], scale),
        "visit_access_s": np.zeros(n, dtype=np.int32),
        "visit_demand": np.array(instance.demand[clients], dtype=np.int32).reshape(n, 1),
        "late_knee_s": np.zeros(n, dtype=np.int32),
        "late_rate": np.zeros(n, dtype=np.int64),
        "late_rate_after": np.zeros(n, dtype=np.int64),
        "window_offset": np.arange(n + 1, dtype=np.int32),
        "window_earliest": _scaled(instance.ready[clients], scale),
        "window_latest": limit,
        "window_limit": limit.copy(),
    }


def _scaled(values: tuple[int, ...], scale: int) -> NDArray[np.int32]:
    return (np.array(values, dtype=np.int64) * scale).astype(np.int32)


def _vehicles(instance: FleetVrptw, scale: int) -> dict[str, NDArray[np.generic]]:
    k = instance.vehicles
    depots = np.array(instance.vehicle_depot, dtype=np.int32)
    opens = tuple(instance.ready[depot] for depot in instance.vehicle_depot)
    closes = tuple(instance.due[depot] for depot in instance.vehicle_depot)
    return {
        "vehicle_start": depots,
        "vehicle_end": depots.copy(),
        "vehicle_profile": np.zeros(k, dtype=np.int32),
        "vehicle_earliest": _scaled(opens, scale),
        "vehicle_latest": _scaled(closes, scale),
        "vehicle_overtime_s": np.zeros(k, dtype=np.int32),
        "vehicle_fixed_cost": np.zeros(k, dtype=np.int64),
        "cost_per_second": np.zeros(k, dtype=np.int64),
        "cost_per_overtime_second": np.zeros(k, dtype=np.int64),
        "cost_per_meter": np.ones(k, dtype=np.int64),
        "vehicle_capacity": np.array(instance.vehicle_capacity, dtype=np.int32).reshape(k, 1),
        "break_offset": np.zeros(k + 1, dtype=np.int32),
        "break_earliest": np.zeros(0, dtype=np.int32),
        "break_latest": np.zeros(0, dtype=np.int32),
        "break_duration_s": np.zeros(0, dtype=np.int32),
    }
