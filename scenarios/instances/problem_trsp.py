"""A technician instance as the arrays the solver takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scenarios.errors import InstanceFormatError
from scenarios.instances.rounding import NOISE
from scenarios.instances.trsp import DEPOT, Request, Technician, Trsp
from solver.routing.features import UNLIMITED, Parts, ScheduleRules
from solver.routing.problem import FORBIDDEN, RoutingProblem

SCALE: Final = 10_000
"""Problem units in one unit of the file."""

MAX_TIME: Final = 2**28
"""Latest moment of a problem: sums of a moment, a leg and a service stay inside 32 bits."""


def list_requests(instance: Trsp) -> tuple[Request, ...]:
    """Return the request of every visit of the problem, in its order: by node."""
    return tuple(instance.requests[node] for node in sorted(instance.requests))


def build_trsp_problem(instance: Trsp) -> RoutingProblem:
    """Return the problem: visits as `list_requests`, vehicle k is technician k + 1.

    A unit of cost is 1 / `SCALE` of a unit of time from the latest departure to the return. Times
    are rounded so that a plan in whole numbers keeps the file's windows: legs, services and
    openings up, closings down. Skills are forbidden assignments, tools are parts that stay, the
    depot is a pick-up point with everything. Leaving a request out costs more than all hours of
    all technicians.

    Parameters
    ----------
    instance
        The instance.

    Raises
    ------
    InstanceFormatError
        If scaled times do not fit.
    """
    times, distances = _whole(instance.times), _whole(instance.distances)
    latest = max(who.due for who in instance.technicians)
    if max(latest * SCALE, int(times.max())) > MAX_TIME:
        raise InstanceFormatError(
            instance.name, 0, f"times up to {latest:g}", f"times below {MAX_TIME / SCALE:g}"
        )
    requests, k = list_requests(instance), len(instance.technicians)
    hours = sum(int(_down([who.due])[0] - _up([who.ready])[0]) for who in instance.technicians)
    return RoutingProblem(
        durations_s=(times.astype(np.int32),),
        distances_m=(distances.astype(np.int32),),
        **_visits(requests),  # type: ignore[arg-type]  # arrays by name
        visit_penalty=np.full(len(requests), hours + 1, dtype=np.int64),
        **_vehicles(instance.technicians),  # type: ignore[arg-type]  # arrays by name
        assignment_cost=_assignments(requests, instance.technicians),
        pool_capacity=np.zeros(0, dtype=np.int32),
        pool_cost=np.zeros((len(requests), 0), dtype=np.int64),
        parts=_parts(instance, requests, k),
        rules=ScheduleRules(leaves_for_end=True),
    )


def _whole(matrix: Iterable[Iterable[float]]) -> NDArray[np.int64]:
    """Return a matrix in problem units, rounded up."""
    scaled = np.ceil(np.array(list(map(list, matrix))) * SCALE - NOISE).astype(np.int64)
    np.fill_diagonal(scaled, 0)
    return scaled


def _up(times: Iterable[float]) -> NDArray[np.int32]:
    return np.ceil(np.array(list(times)) * SCALE - NOISE).astype(np.int32)


def _down(times: Iterable[float]) -> NDArray[np.int32]:
    return np.floor(np.array(list(times)) * SCALE + NOISE).astype(np.int32)


def _visits(requests: tuple[Request, ...]) -> dict[str, NDArray[np.generic]]:
    n = len(requests)
    nothing = np.zeros(n, dtype=np.int32)
    due = _down(request.due for request in requests)
    return {
        "visit_location": np.array([request.node for request in requests], dtype=np.int32),
        "visit_service_s": _up(request.service for request in requests),
        "visit_access_s": nothing,
        "visit_demand": np.zeros((n, 0), dtype=np.int32),
        "late_knee_s": nothing.copy(),
        "late_rate": np.zeros(n, dtype=np.int64),
        "late_rate_after": np.zeros(n, dtype=np.int64),
        "window_offset": np.arange(n + 1, dtype=np.int32),
        # a window between two units of the problem is narrowed to its end
        "window_earliest": np.minimum(_up(request.ready for request in requests), due),
        "window_latest": due,
        "window_limit": due.copy(),
    }


def _vehicles(technicians: tuple[Technician, ...]) -> dict[str, NDArray[np.generic]]:
    k = len(technicians)
    nothing = np.zeros(0, dtype=np.int32)
    return {
        "vehicle_start": np.array([who.start for who in technicians], dtype=np.int32),
        "vehicle_end": np.array([who.end for who in technicians], dtype=np.int32),
        "vehicle_profile": np.zeros(k, dtype=np.int32),
        "vehicle_earliest": _up(who.ready for who in technicians),
        "vehicle_latest": _down(who.due for who in technicians),
        "vehicle_overtime_s": np.zeros(k, dtype=np.int32),
        "vehicle_fixed_cost": np.zeros(k, dtype=np.int64),
        "cost_per_second": np.ones(k, dtype=np.int64),
        "cost_per_overtime_second": np.zeros(k, dtype=np.int64),
        "cost_per_meter": np.zeros(k, dtype=np.int64),
        "vehicle_capacity": np.zeros((k, 0), dtype=np.int32),
        "break_offset": np.zeros(k + 1, dtype=np.int32),
        "break_earliest": nothing,
        "break_latest": nothing.copy(),
        "break_duration_s": nothing.copy(),
    }


def _assignments(
    requests: tuple[Request, ...], technicians: tuple[Technician, ...]
) -> NDArray[np.int64]:
    return np.array(
        [
            [0 if request.skills <= who.skills else FORBIDDEN for who in technicians]
            for request in requests
        ],
        dtype=np.int64,
    )


def _parts(instance: Trsp, requests: tuple[Request, ...], k: int) -> Parts | None:
    """Return tools, then kinds of parts; None if no request needs any."""
    named = [who.tools for who in instance.technicians] + [one.tools for one in requests]
    tools = 1 + max((tool for some in named for tool in some), default=-1)
    kinds = tools + len(instance.technicians[0].parts)
    needs = [
        [(tool, 1) for tool in sorted(request.tools)]
        + [(tools + part, units) for part, units in enumerate(request.parts) if units]
        for request in requests
    ]
    if not any(needs):
        return None
    vans = [
        [int(tool in who.tools) for tool in range(tools)] + list(who.parts)
        for who in instance.technicians
    ]
    return Parts(
        need_offset=np.cumsum([0, *map(len, needs)]).astype(np.int32),
        need_part=np.array([kind for row in needs for kind, _ in row], dtype=np.int32),
        need_quantity=np.array([units for row in needs for _, units in row], dtype=np.int32),
        is_used_up=(np.arange(kinds) >= tools).astype(np.int32),
        vehicle_van=np.arange(k, dtype=np.int32),
        van_stock=np.array(vans, dtype=np.int32).reshape(k, kinds),
        point_location=np.array([DEPOT], dtype=np.int32),
        point_earliest=_up([instance.depot_ready]),
        point_latest=_down([instance.depot_due]),
        point_service_s=np.zeros(1, dtype=np.int32),
        point_stock=np.zeros(1, dtype=np.int32),
        stock=np.full((1, kinds), UNLIMITED, dtype=np.int32),
        pool_stock=np.zeros((0, kinds), dtype=np.int32),
    )
