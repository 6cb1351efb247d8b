"""Builders of the optional features of small routing problems, from plain rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from solver.routing.features import (
    UNLIMITED,
    Agreed,
    FairShares,
    Links,
    Parts,
    RouteLimits,
    RushHours,
    ServiceTimes,
)
from solver.routing.problem import UNREACHABLE, RoutingProblem

LINK = {"least": 0, "most": UNLIMITED, "from_end": 0, "person": 0, "demands": 0}
"""A link that only asks for the order of two starts."""

TOLD = {"latest": UNLIMITED, "rate": 0, "person": UNLIMITED, "order": 0, "cost": 0}
"""A visit whose customer was told nothing."""


def i32(values: Any) -> np.ndarray:
    """Return ``values`` as the contract wants them."""
    return np.array(values, dtype=np.int32)


def i64(values: Any) -> np.ndarray:
    """Return ``values`` as the contract wants prices."""
    return np.array(values, dtype=np.int64)


def table(rows: Sequence[Sequence[int]], width: int) -> np.ndarray:
    """Return ``rows`` as an array of shape (len(rows), width), also without any row."""
    return i32(list(rows)).reshape(len(rows), width)


def slow_down(durations: np.ndarray, factor: Any) -> np.ndarray:
    """Return seconds ``factor`` times as long, rounded, with the same mask."""
    longer = np.rint(durations * factor).astype(np.int32)
    return np.where(durations == UNREACHABLE, np.int32(UNREACHABLE), longer).astype(np.int32)


def make_rush(
    problem: RoutingProblem, buckets: Sequence[tuple[int, int]], factors: Sequence[float]
) -> RushHours:
    """Build traffic for all profiles: buckets are (start, regime), one factor per regime."""
    return RushHours(
        bucket_start=i32([start for start, _ in buckets]),
        bucket_regime=i32([regime for _, regime in buckets]),
        durations_s=tuple(
            tuple(slow_down(durations, factor) for factor in factors)
            for durations in problem.durations_s
        ),
    )


def make_parts(
    needs: Sequence[Mapping[int, int]],
    *,
    used_up: Sequence[int],
    vans: Sequence[Sequence[int]],
    vehicle_van: Sequence[int],
    points: Sequence[tuple[int, int, int, int, int]] = (),
    stock: Sequence[Sequence[int]] = (),
    pools: Sequence[Sequence[int]] = (),
) -> Parts:
    """Build parts: ``needs`` by visit, points as (location, earliest, latest, seconds, stock)."""
    columns = list(zip(*points, strict=True)) if points else [()] * 5
    rows = [(part, units) for need in needs for part, units in sorted(need.items())]
    return Parts(
        need_offset=i32(np.cumsum([0, *(len(need) for need in needs)])),
        need_part=i32([part for part, _ in rows]),
        need_quantity=i32([units for _, units in rows]),
        is_used_up=i32(used_up),
        vehicle_van=i32(vehicle_van),
        van_stock=table(vans, len(used_up)),
        point_location=i32(columns[0]),
        point_earliest=i32(columns[1]),
        point_latest=i32(columns[2]),
        point_service_s=i32(columns[3]),
        point_stock=i32(columns[4]),
        stock=table(stock, len(used_up)),
        pool_stock=table(pools, len(used_up)),
    )


def make_links(links: Sequence[Mapping[str, int]], persons: Sequence[int]) -> Links:
    """Build links from rows with ``first``, ``second`` and what differs from ``LINK``."""
    rows = [{**LINK, **link} for link in links]
    return Links(
        first=i32([row["first"] for row in rows]),
        second=i32([row["second"] for row in rows]),
        least_s=i32([row["least"] for row in rows]),
        most_s=i32([row["most"] for row in rows]),
        from_end=i32([row["from_end"] for row in rows]),
        person=i32([row["person"] for row in rows]),
        demands=i32([row["demands"] for row in rows]),
        vehicle_person=i32(persons),
    )


def make_limits(vehicles: int, **limits: Sequence[int]) -> RouteLimits:
    """Build limits by vehicle; what is not named does not bind."""
    free = [UNLIMITED] * vehicles
    names = ("visits", "distance_m", "driving_s", "duration_s")
    return RouteLimits(**{name: i32(limits.get(name, free)) for name in names})


def make_shares(
    persons: Sequence[int],
    work: Sequence[int],
    meters: Sequence[int],
    per_second: int = 1,
    per_meter: int = 1,
) -> FairShares:
    """Build fair shares: the person of each vehicle, then one share per person."""
    return FairShares(
        vehicle_person=i32(persons),
        work_s=i64(work),
        distance_m=i64(meters),
        cost_per_second=i64([per_second] * len(work)),
        cost_per_meter=i64([per_meter] * len(work)),
    )


def make_times(groups: Sequence[int], service: Sequence[Sequence[int]]) -> ServiceTimes:
    """Build service times: the group of each vehicle, then (visit, group) seconds."""
    return ServiceTimes(vehicle_group=i32(groups), service_s=i32(service))


def make_agreed(
    told: Sequence[Mapping[str, int]], persons: Sequence[int], out: Sequence[int]
) -> Agreed:
    """Build what was told, by visit rows that name what differs from ``TOLD``, and who is out."""
    rows = [{**TOLD, **row} for row in told]
    return Agreed(
        told_latest=i32([row["latest"] for row in rows]),
        told_rate=i64([row["rate"] for row in rows]),
        told_person=i32([row["person"] for row in rows]),
        told_order=i32([row["order"] for row in rows]),
        order_cost=i64([row["cost"] for row in rows]),
        vehicle_person=i32(persons),
        vehicle_out=i32(out),
    )


def add(problem: RoutingProblem, **features: Any) -> RoutingProblem:
    """Return ``problem`` with more features."""
    return replace(problem, **features)
