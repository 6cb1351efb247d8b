"""A home care instance as the arrays the solver takes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scenarios.errors import InstanceFormatError
from scenarios.instances.hhcrsp import Hhcrsp, Need, Number, Patient
from solver.routing.features import Links, ScheduleRules
from solver.routing.problem import FORBIDDEN, RoutingProblem

MAX_TIME: Final = 2**28
"""Latest moment of a problem: sums of a moment, a leg and a service stay inside 32 bits."""


def list_services(instance: Hhcrsp) -> tuple[tuple[int, Patient, Need], ...]:
    """Return (node, patient, need) of every visit of the problem, in its order."""
    return tuple(
        (node, patient, need)
        for node, patient in enumerate(instance.patients, start=1)
        for need in patient.needs
    )


def care_scale(instance: Hhcrsp) -> int:
    """Return the problem units in one unit of the file: all its numbers become whole."""
    cells = (cell.denominator for row in instance.distances for cell in row)
    times = (time.denominator for patient in instance.patients for time in _times(patient))
    return math.lcm(*set(cells), *set(times))


def build_care_problem(instance: Hhcrsp) -> RoutingProblem:
    """Return the problem: one visit per service, in the order of `list_services`.

    A unit of cost is a third of a unit of the file's cost, divided by `care_scale`: distance plus
    lateness of every start plus the greatest lateness. Nothing is rounded. Windows open where the
    file's do and never close; two services of a patient are linked start to start, by two
    caregivers, both or none. Leaving a service out costs more than any plan without waiting.

    Parameters
    ----------
    instance
        The instance.

    Raises
    ------
    InstanceFormatError
        If its numbers have so many decimals, or it is so large, that times do not fit.
    """
    scale = care_scale(instance)
    distances = [[int(cell * scale) for cell in row] for row in instance.distances]
    horizon = _horizon(instance, max(map(max, distances)), scale)
    table = np.array(distances, dtype=np.int32)
    np.fill_diagonal(table, 0)
    n = len(list_services(instance))
    longest = (n + len(instance.caregivers)) * int(table.max())
    return RoutingProblem(
        durations_s=(table,),
        distances_m=(table.copy(),),
        **_visits(instance, scale, horizon),  # type: ignore[arg-type]  # arrays by name
        visit_penalty=np.full(n, longest + (n + 1) * horizon, dtype=np.int64),
        **_vehicles(len(instance.caregivers), horizon),  # type: ignore[arg-type]  # as above
        assignment_cost=_assignments(instance),
        pool_capacity=np.zeros(0, dtype=np.int32),
        pool_cost=np.zeros((n, 0), dtype=np.int64),
        links=_links(instance, scale),
        rules=ScheduleRules(late_at_start=True, worst_late_rate=1),
    )


def _times(patient: Patient) -> Iterable[Number]:
    yield from (patient.ready, patient.due, patient.min_gap, patient.max_gap)
    yield from (need.duration for need in patient.needs)


def _horizon(instance: Hhcrsp, farthest: int, scale: int) -> int:
    """Return a moment by which any plan that never idles without need is over.

    It is the last window to open, then one service after the other, each behind the longest leg
    and the longest gap.
    """
    services = list_services(instance)
    last = max(max(patient.ready, patient.due) for patient in instance.patients)
    busy = sum((need.duration + patient.max_gap for _, patient, need in services), start=Number(0))
    horizon = int((last + busy) * scale) + (len(services) + 1) * farthest + 1
    if horizon > MAX_TIME:
        raise InstanceFormatError(
            instance.name,
            0,
            f"times up to {horizon} in units of 1/{scale}",
            f"at most {MAX_TIME}: fewer decimals",
        )
    return horizon


def _visits(instance: Hhcrsp, scale: int, horizon: int) -> dict[str, NDArray[np.generic]]:
    services = list_services(instance)
    n = len(services)
    nothing = np.zeros(n, dtype=np.int32)
    return {
        "visit_location": np.array([node for node, _, _ in services], dtype=np.int32),
        "visit_service_s": _scaled((need.duration for _, _, need in services), scale),
        "visit_access_s": nothing,
        "visit_demand": np.zeros((n, 0), dtype=np.int32),
        "late_knee_s": nothing.copy(),
        # no knee: every second costs the same
        "late_rate": np.ones(n, dtype=np.int64),
        "late_rate_after": np.ones(n, dtype=np.int64),
        "window_offset": np.arange(n + 1, dtype=np.int32),
        "window_earliest": _scaled((patient.ready for _, patient, _ in services), scale),
        "window_latest": _scaled((patient.due for _, patient, _ in services), scale),
        "window_limit": np.full(n, horizon, dtype=np.int32),
    }


def _scaled(times: Iterable[Number], scale: int) -> NDArray[np.int32]:
    return np.array([int(time * scale) for time in times], dtype=np.int32)


def _vehicles(k: int, horizon: int) -> dict[str, NDArray[np.generic]]:
    """Return caregivers: they start and end at the office and have no hours."""
    nothing = np.zeros(0, dtype=np.int32)
    return {
        "vehicle_start": np.zeros(k, dtype=np.int32),
        "vehicle_end": np.zeros(k, dtype=np.int32),
        "vehicle_profile": np.zeros(k, dtype=np.int32),
        "vehicle_earliest": np.zeros(k, dtype=np.int32),
        "vehicle_latest": np.full(k, horizon, dtype=np.int32),
        "vehicle_overtime_s": np.zeros(k, dtype=np.int32),
        "vehicle_fixed_cost": np.zeros(k, dtype=np.int64),
        "cost_per_second": np.zeros(k, dtype=np.int64),
        "cost_per_overtime_second": np.zeros(k, dtype=np.int64),
        "cost_per_meter": np.ones(k, dtype=np.int64),
        "vehicle_capacity": np.zeros((k, 0), dtype=np.int32),
        "break_offset": np.zeros(k + 1, dtype=np.int32),
        "break_earliest": nothing,
        "break_latest": nothing.copy(),
        "break_duration_s": nothing.copy(),
    }


def _assignments(instance: Hhcrsp) -> NDArray[np.int64]:
    return np.array(
        [
            [0 if need.service in who.abilities else FORBIDDEN for who in instance.caregivers]
            for _, _, need in list_services(instance)
        ],
        dtype=np.int64,
    )


def _links(instance: Hhcrsp, scale: int) -> Links | None:
    """Return the pairs of services of one patient; None if nobody needs two."""
    first: list[int] = []
    gaps: list[tuple[Number, Number]] = []
    visit = 0
    for patient in instance.patients:
        if len(patient.needs) == 2:
            first.append(visit)
            gaps.append((patient.min_gap, patient.max_gap))
        visit += len(patient.needs)
    if not first:
        return None
    count = len(first)
    return Links(
        first=np.array(first, dtype=np.int32),
        second=np.array(first, dtype=np.int32) + np.int32(1),
        least_s=_scaled((least for least, _ in gaps), scale),
        most_s=_scaled((most for _, most in gaps), scale),
        from_end=np.zeros(count, dtype=np.int32),
        person=np.full(count, 2, dtype=np.int32),
        demands=np.full(count, 2, dtype=np.int32),
        vehicle_person=np.arange(len(instance.caregivers), dtype=np.int32),
    )
