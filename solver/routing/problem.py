"""A routing problem as frozen arrays, validated once.

Time is integer seconds since the start of the planning horizon, distance integer meters, cost
integer cost units (the caller chooses the unit; prices per second and meter must be integers in
it). ``n`` visits, ``k`` vehicles, ``m`` locations, ``p`` travel profiles, ``d`` load dimensions,
``q`` pools.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.routing.features import (
    DAY_RULES,
    Agreed,
    FairShares,
    Links,
    Parts,
    RouteLimits,
    RushHours,
    ScheduleRules,
    ServiceTimes,
    freeze,
)
from solver.routing.validation import check_problem

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]

UNREACHABLE = -1
"""Duration and distance of a pair without a way; a mask, never a number to add."""

FORBIDDEN = -1
"""Assignment or pool cost of a pair that must not be formed."""


@dataclass(frozen=True, eq=False)
class RoutingProblem:
    """Visits, vehicles, travel and prices.

    Parameters
    ----------
    durations_s
        One matrix per profile, each shape (m, m): seconds from row to column, ``UNREACHABLE``
        where there is no way, 0 on the diagonal.
    distances_m
        Same shapes: meters along the fastest way, ``UNREACHABLE`` exactly where durations are.
    visit_location
        Shape (n,), location of each visit.
    visit_service_s
        Shape (n,), work at the visit, seconds.
    visit_access_s
        Shape (n,), seconds between the vehicle standing at the place and ``reached``.
    visit_penalty
        Shape (n,), cost of leaving the visit unassigned.
    visit_demand
        Shape (n, d), load each visit puts on its vehicle.
    late_knee_s, late_rate, late_rate_after
        Shape (n,): a visit that is late by L seconds costs
        ``late_rate * min(L, knee) + late_rate_after * max(0, L - knee)``.
    window_offset
        Shape (n + 1,): visit v may choose one of the windows ``window_offset[v]`` up to, not
        including, ``window_offset[v + 1]``; at least one.
    window_earliest, window_latest, window_limit
        Shape (w,): arrival is never before ``earliest`` (the technician waits), is late after
        ``latest`` and is impossible after ``limit``; all inclusive.
    vehicle_start, vehicle_end
        Shape (k,), locations where a used vehicle leaves and returns.
    vehicle_profile
        Shape (k,), travel profile.
    vehicle_earliest, vehicle_latest
        Shape (k,): a used vehicle leaves no earlier than the first and, without overtime, is at
        its end place by the second.
    vehicle_overtime_s
        Shape (k,), seconds it may come back after ``vehicle_latest``.
    vehicle_fixed_cost, cost_per_second, cost_per_overtime_second, cost_per_meter
        Shape (k,). Seconds are paid from departure to the end place, breaks excluded; overtime on
        top.
    vehicle_capacity
        Shape (k, d), load limits.
    break_offset
        Shape (k + 1,): breaks of vehicle v, as ``window_offset`` does for windows. Within one
        vehicle they are ordered and their windows do not overlap.
    break_earliest, break_latest, break_duration_s
        Shape (b,): a break of a used vehicle *starts* inside [earliest, latest] and is taken
        whole. One taken before leaving the start place or after reaching the end place is free.
    assignment_cost
        Shape (n, k), extra cost of visit on vehicle, ``FORBIDDEN`` where it must not go.
    pool_capacity
        Shape (q,), visits a pool can take. A pool serves without a route (a contracted outlet).
    pool_cost
        Shape (n, q), cost of giving a visit to a pool, ``FORBIDDEN`` where it must not go.
    rush_hours, parts, links, limits, fair_shares, service_times, agreed
        Optional features (``solver.routing.features``).
    rules
        Rules of time that public problems state differently.

    Raises
    ------
    InvalidProblem
        With every fault found: shapes, dtypes, ranges, unreachable masks that disagree.
    """

    durations_s: tuple[Int32, ...]
    distances_m: tuple[Int32, ...]
    visit_location: Int32
    visit_service_s: Int32
    visit_access_s: Int32
    visit_penalty: Int64
    visit_demand: Int32
    late_knee_s: Int32
    late_rate: Int64
    late_rate_after: Int64
    window_offset: Int32
    window_earliest: Int32
    window_latest: Int32
    window_limit: Int32
    vehicle_start: Int32
    vehicle_end: Int32
    vehicle_profile: Int32
    vehicle_earliest: Int32
    vehicle_latest: Int32
    vehicle_overtime_s: Int32
    vehicle_fixed_cost: Int64
    cost_per_second: Int64
    cost_per_overtime_second: Int64
    cost_per_meter: Int64
    vehicle_capacity: Int32
    break_offset: Int32
    break_earliest: Int32
    break_latest: Int32
    break_duration_s: Int32
    assignment_cost: Int64
    pool_capacity: Int32
    pool_cost: Int64
    rush_hours: RushHours | None = None
    parts: Parts | None = None
    links: Links | None = None
    limits: RouteLimits | None = None
    fair_shares: FairShares | None = None
    service_times: ServiceTimes | None = None
    agreed: Agreed | None = None
    rules: ScheduleRules = DAY_RULES

    def __post_init__(self) -> None:
        check_problem(self)
        freeze(self)

    @property
    def n_visits(self) -> int:
        """Number of visits, n."""
        return int(self.visit_location.shape[0])

    @property
    def n_vehicles(self) -> int:
        """Number of vehicles, k."""
        return int(self.vehicle_start.shape[0])

    @property
    def n_locations(self) -> int:
        """Number of locations, m."""
        return int(self.durations_s[0].shape[0])

    @property
    def n_pools(self) -> int:
        """Number of pools, q."""
        return int(self.pool_capacity.shape[0])

    def windows_of(self, visit: int) -> range:
        """Return the indices of the windows ``visit`` may choose from."""
        return range(int(self.window_offset[visit]), int(self.window_offset[visit + 1]))

    def breaks_of(self, vehicle: int) -> range:
        """Return the indices of the breaks of ``vehicle``, in order of time."""
        return range(int(self.break_offset[vehicle]), int(self.break_offset[vehicle + 1]))
