"""Builders of small routing problems: every default is the most permissive choice."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from solver.routing.problem import FORBIDDEN, RoutingProblem

DAY_S = 36_000
"""Ten hours; the horizon of the small problems."""


@dataclass(frozen=True)
class V:
    """A visit; ``windows`` are (earliest, latest, limit)."""

    at: int
    windows: Sequence[tuple[int, int, int]] = ((0, DAY_S, DAY_S),)
    service: int = 600
    access: int = 0
    penalty: int = 1_000_000
    demand: Sequence[int] = (0,)
    late: tuple[int, int, int] = (1800, 10, 30)
    """Knee in seconds, rate before, rate after."""


def strict(at: int, earliest: int, latest: int, **others: Any) -> V:
    """Return a visit that nobody may be late for; ``others`` as for ``V``."""
    return V(at=at, windows=((earliest, latest, latest),), late=(1800, 0, 0), **others)


@dataclass(frozen=True)
class K:
    """A vehicle; ``breaks`` are (earliest, latest, duration)."""

    start: int = 0
    end: int = 0
    shift: tuple[int, int] = (0, DAY_S)
    overtime: int = 0
    fixed: int = 0
    per_second: int = 1
    per_overtime_second: int = 2
    per_meter: int = 0
    profile: int = 0
    capacity: Sequence[int] = (1000,)
    breaks: Sequence[tuple[int, int, int]] = ()


@dataclass(frozen=True)
class P:
    """A pool: how many visits, and the price of each visit index (absent = forbidden)."""

    capacity: int
    prices: Mapping[int, int] = field(default_factory=dict)


def line(positions: Sequence[int], seconds_per_meter: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Travel between points on a line at ``positions`` meters: (durations_s, distances_m)."""
    at = np.array(positions, dtype=np.int32)
    distances = np.abs(at[:, None] - at[None, :]).astype(np.int32)
    return (distances * np.int32(seconds_per_meter)).astype(np.int32), distances


def make_problem(
    visits: Sequence[V],
    vehicles: Sequence[K],
    travel: Sequence[tuple[np.ndarray, np.ndarray]],
    *,
    assignment: Mapping[tuple[int, int], int] | None = None,
    pools: Sequence[P] = (),
) -> RoutingProblem:
    """Build the arrays; ``assignment`` gives extra costs by (visit, vehicle), 0 elsewhere."""
    return RoutingProblem(
        **make_arrays(visits, vehicles, travel, assignment=assignment, pools=pools)
    )


def make_arrays(
    visits: Sequence[V],
    vehicles: Sequence[K],
    travel: Sequence[tuple[np.ndarray, np.ndarray]],
    *,
    assignment: Mapping[tuple[int, int], int] | None = None,
    pools: Sequence[P] = (),
) -> dict[str, Any]:
    """Build the arguments of ``RoutingProblem`` without checking them."""
    costs = np.zeros((len(visits), len(vehicles)), dtype=np.int64)
    for (visit, vehicle), cost in (assignment or {}).items():
        costs[visit, vehicle] = cost
    prices = np.full((len(visits), len(pools)), FORBIDDEN, dtype=np.int64)
    for q, pool in enumerate(pools):
        for visit, price in pool.prices.items():
            prices[visit, q] = price
    return {
        "durations_s": tuple(durations for durations, _ in travel),
        "distances_m": tuple(distances for _, distances in travel),
        **_visit_arrays(visits),
        **_vehicle_arrays(vehicles),
        "assignment_cost": costs,
        "pool_capacity": _i32(pool.capacity for pool in pools),
        "pool_cost": prices,
    }


def _visit_arrays(visits: Sequence[V]) -> dict[str, Any]:
    windows = [window for v in visits for window in v.windows]
    return {
        "visit_location": _i32(v.at for v in visits),
        "visit_service_s": _i32(v.service for v in visits),
        "visit_access_s": _i32(v.access for v in visits),
        "visit_penalty": _i64(v.penalty for v in visits),
        "visit_demand": _table(v.demand for v in visits),
        "late_knee_s": _i32(v.late[0] for v in visits),
        "late_rate": _i64(v.late[1] for v in visits),
        "late_rate_after": _i64(v.late[2] for v in visits),
        "window_offset": _offsets(len(v.windows) for v in visits),
        "window_earliest": _i32(w[0] for w in windows),
        "window_latest": _i32(w[1] for w in windows),
        "window_limit": _i32(w[2] for w in windows),
    }


def _vehicle_arrays(vehicles: Sequence[K]) -> dict[str, Any]:
    breaks = [b for k in vehicles for b in k.breaks]
    return {
        "vehicle_start": _i32(k.start for k in vehicles),
        "vehicle_end": _i32(k.end for k in vehicles),
        "vehicle_profile": _i32(k.profile for k in vehicles),
        "vehicle_earliest": _i32(k.shift[0] for k in vehicles),
        "vehicle_latest": _i32(k.shift[1] for k in vehicles),
        "vehicle_overtime_s": _i32(k.overtime for k in vehicles),
        "vehicle_fixed_cost": _i64(k.fixed for k in vehicles),
        "cost_per_second": _i64(k.per_second for k in vehicles),
        "cost_per_overtime_second": _i64(k.per_overtime_second for k in vehicles),
        "cost_per_meter": _i64(k.per_meter for k in vehicles),
        "vehicle_capacity": _table(k.capacity for k in vehicles),
        "break_offset": _offsets(len(k.breaks) for k in vehicles),
        "break_earliest": _i32(b[0] for b in breaks),
        "break_latest": _i32(b[1] for b in breaks),
        "break_duration_s": _i32(b[2] for b in breaks),
    }


def random_problem(seed: int, n_visits: int = 5, n_vehicles: int = 2) -> RoutingProblem:
    """Draw a problem in which every rule may bind: one-way travel, unreachable pairs, breaks.

    Costs are small and odd, so that ties are rare and a wrong component shows.
    """
    draw = random.Random(seed)  # noqa: S311 - a repeatable sample, no secret
    n_locations = n_visits + 2
    travel = [_random_travel(draw, n_locations) for _ in range(draw.choice((1, 1, 2)))]
    visits = [_random_visit(draw, 2 + i) for i in range(n_visits)]
    vehicles = [_random_vehicle(draw, len(travel)) for _ in range(n_vehicles)]
    pairs = [(v, k) for v in range(n_visits) for k in range(n_vehicles)]
    assignment = {
        pair: FORBIDDEN if draw.random() < 0.15 else draw.choice((0, 0, draw.randrange(3000)))
        for pair in pairs
    }
    pools = []
    if draw.random() < 0.4:
        served = [v for v in range(n_visits) if draw.random() < 0.6]
        pools.append(P(draw.randrange(1, 3), {v: draw.randrange(500, 9000) for v in served}))
    return make_problem(visits, vehicles, travel, assignment=assignment, pools=pools)


def _random_travel(draw: random.Random, size: int) -> tuple[np.ndarray, np.ndarray]:
    points = [(draw.randrange(2400), draw.randrange(2400)) for _ in range(size)]
    durations = np.zeros((size, size), dtype=np.int32)
    distances = np.zeros((size, size), dtype=np.int32)
    for i, (x, y) in enumerate(points):
        for j, (u, w) in enumerate(points):
            if i == j:
                continue
            if draw.random() < 0.04:
                durations[i, j] = distances[i, j] = -1
                continue
            way = abs(x - u) + abs(y - w) + draw.randrange(200)
            durations[i, j], distances[i, j] = way, way * draw.randrange(5, 9)
    return durations, distances


def _random_visit(draw: random.Random, location: int) -> V:
    windows = []
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        earliest = draw.randrange(0, 14_000)
        latest = earliest + draw.randrange(0, 5400)
        if draw.random() < 0.15:  # pinned: the promise may have ended long before
            windows.append((earliest, draw.randrange(0, earliest + 1), earliest))
        else:
            windows.append((earliest, latest, latest + draw.choice((0, 900, 9000))))
    return V(
        at=location if draw.random() < 0.85 else 0,
        windows=windows,
        service=draw.randrange(60, 2400),
        access=draw.choice((0, 0, 120)),
        penalty=draw.choice((draw.randrange(0, 4000), 50_000, 1_000_000)),
        demand=(draw.randrange(0, 4),),
        late=(draw.choice((0, 300, 1800)), draw.randrange(0, 8), 8 + draw.randrange(0, 20)),
    )


def _random_vehicle(draw: random.Random, profiles: int) -> K:
    earliest = draw.randrange(0, 4000)
    latest = earliest + draw.randrange(9000, 18_000)
    breaks: list[tuple[int, int, int]] = []
    moment = earliest - 600
    for _ in range(draw.choice((0, 1, 1, 2))):
        moment += draw.randrange(0, 6000)
        until = moment + draw.randrange(0, 3600)
        breaks.append((moment, until, draw.choice((600, 1800, 2700))))
        moment = until
    breaks = [b for b in breaks if b[1] >= earliest]
    return K(
        start=0,
        end=draw.choice((0, 1)),
        shift=(earliest, latest),
        overtime=draw.choice((0, 1800)),
        fixed=draw.choice((0, draw.randrange(2000))),
        per_second=draw.choice((0, 1, 2)),
        per_overtime_second=draw.randrange(0, 5),
        per_meter=draw.choice((0, 1)),
        profile=draw.randrange(profiles),
        capacity=(draw.choice((5, 100)),),
        breaks=breaks,
    )


def _i32(values: Any) -> np.ndarray:
    return np.array(list(values), dtype=np.int32)


def _i64(values: Any) -> np.ndarray:
    return np.array(list(values), dtype=np.int64)


def _table(rows: Any) -> np.ndarray:
    table = [list(row) for row in rows]
    return np.array(table, dtype=np.int32).reshape(len(table), -1 if table else 1)


def _offsets(lengths: Any) -> np.ndarray:
    return np.array(np.cumsum([0, *lengths]), dtype=np.int32)
