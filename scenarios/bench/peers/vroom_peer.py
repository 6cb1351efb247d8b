"""VROOM (pyvroom) on our arrays, and the greedy repair of its plans.

The same matrix, hard windows, eligibility, breaks and shifts. What VROOM does not have is given to
it generously: overtime is part of the vehicle's hours, access time part of the legs, and
contracted outlets take visits afterwards.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenarios.errors import DataUnavailable
from solver.routing.problem import FORBIDDEN, UNREACHABLE, RoutingProblem
from solver.routing.timetable import Infeasible, TimetableData, place_breaks

EXPLORATION = 5
"""The most thorough of VROOM's levels."""

NO_WAY_S = 10_000_000
"""A leg longer than any horizon stands for a pair without a way."""

Order = tuple[tuple[int, int], ...]
"""(visit, window) in order."""


@dataclass(frozen=True, slots=True)
class PeerPlan:
    """Decisions of a peer: the order of visits on each used vehicle, with their windows."""

    routes: Mapping[int, Order]


def solve_with_vroom(
    problem: RoutingProblem,
    *,
    time_limit_s: float | None = None,
    threads: int = 1,
    start: Mapping[int, Sequence[int]] | None = None,
    exploration: int = EXPLORATION,
) -> PeerPlan:
    """Let VROOM plan ``problem``; without a limit until it is done.

    Parameters
    ----------
    start
        Visits in order by vehicle, for a warm start; None = a cold one.
    exploration
        VROOM's level, 0 to 5.

    Raises
    ------
    DataUnavailable
        If pyvroom is not installed.
    """
    try:
        vroom: Any = importlib.import_module("vroom")
    except ImportError as error:
        raise DataUnavailable("pyvroom is not installed; pip install 'servicenet[bench]'.") from (
            error
        )
    model = vroom.Input()
    _add_matrices(model, problem)
    _add_jobs(vroom, model, problem)
    _add_vehicles(vroom, model, problem, start or {})
    limit = None if time_limit_s is None else timedelta(seconds=time_limit_s)
    solution = model.solve(exploration_level=exploration, nb_threads=threads, timeout=limit)
    return PeerPlan(_read_routes(problem, solution))


def _add_matrices(model: Any, problem: RoutingProblem) -> None:  # noqa: ANN401 - untyped peer
    """Add one square matrix per profile: visits, then distinct start and end places."""
    for number, (seconds, meters, blocked) in enumerate(fold_rows(problem)):
        model.set_durations_matrix(
            str(number), np.where(blocked, NO_WAY_S, seconds).astype(np.uint32)
        )
        model.set_distances_matrix(
            str(number), np.where(blocked, NO_WAY_S, meters).astype(np.uint32)
        )


def fold_rows(
    problem: RoutingProblem,
) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.bool_]]]:
    """Yield per profile seconds, meters and what has no way, between the rows of `_rows`.

    Access time is part of the seconds of every leg to a visit.
    """
    rows = _rows(problem)
    access = np.zeros(len(rows), dtype=np.int32)
    access[: problem.n_visits] = problem.visit_access_s
    for durations, distances in zip(problem.durations_s, problem.distances_m, strict=True):
        seconds = durations[np.ix_(rows, rows)]
        blocked = seconds == UNREACHABLE
        seconds += access[None, :]
        np.fill_diagonal(seconds, 0)
        yield seconds, distances[np.ix_(rows, rows)], blocked


def _bases(problem: RoutingProblem) -> NDArray[np.int32]:
    return np.unique(np.concatenate([problem.vehicle_start, problem.vehicle_end]))


def _rows(problem: RoutingProblem) -> NDArray[np.int32]:
    """Return the location behind each row of VROOM's matrix; every visit has its own row."""
    return np.concatenate([problem.visit_location, _bases(problem)])


def row_of_bases(problem: RoutingProblem) -> dict[int, int]:
    """Return the row of each start or end place: they come after the visits."""
    return {int(place): problem.n_visits + i for i, place in enumerate(_bases(problem))}


def group_visits(problem: RoutingProblem) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the group of each visit and, per group, which vehicles may serve it (g, k).

    Visits of one group may be served by the same vehicles: a group is a skill.
    """
    allowed = problem.assignment_cost != FORBIDDEN
    # rows as bytes: sorting those is much faster than sorting rows of a table
    packed = np.ascontiguousarray(np.packbits(allowed, axis=1))
    keys = packed.view(np.dtype((np.void, packed.shape[1]))).reshape(-1)
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    return group.reshape(-1).astype(np.int64), allowed[first]


def _add_jobs(vroom: Any, model: Any, problem: RoutingProblem) -> None:  # noqa: ANN401 - as above
    """Add visits; the set of vehicles that may serve a visit becomes one skill."""
    group, _ = group_visits(problem)
    priority = _priorities(problem.visit_penalty)
    for visit in range(problem.n_visits):
        windows = hard_windows(problem, visit)
        model.add_job(
            vroom.Job(
                id=visit,
                location=visit,
                default_service=int(problem.visit_service_s[visit]),
                delivery=[int(x) for x in problem.visit_demand[visit]],
                skills={int(group[visit])},
                priority=int(priority[visit]),
                time_windows=[(early, late) for early, late, _ in windows],
            )
        )


def hard_windows(problem: RoutingProblem, visit: int) -> list[tuple[int, int, int]]:
    """Return (earliest, latest, window) without overlaps, by time."""
    windows = sorted(
        (int(problem.window_earliest[w]), int(problem.window_latest[w]), w)
        for w in problem.windows_of(visit)
    )
    apart: list[tuple[int, int, int]] = []
    for early, late, window in windows:
        start = max(early, apart[-1][1] + 1) if apart else early
        if start <= late:
            apart.append((start, late, window))
    return apart


def _priorities(penalty: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return 1 … 100 by rank of the penalty: what is dearer to leave out goes first."""
    levels, rank = np.unique(penalty, return_inverse=True)
    ranks: NDArray[np.int64] = 1 + (rank * 99) // max(1, len(levels) - 1)
    return ranks


def _add_vehicles(
    vroom: Any,  # noqa: ANN401 - as above
    model: Any,  # noqa: ANN401 - as above
    problem: RoutingProblem,
    start: Mapping[int, Sequence[int]],
) -> None:
    _, patterns = group_visits(problem)
    row = row_of_bases(problem)
    rates = _rates(problem)
    for k in range(problem.n_vehicles):
        breaks = [
            vroom.Break(
                id=int(b),
                time_windows=[(int(problem.break_earliest[b]), int(problem.break_latest[b]))],
                service=int(problem.break_duration_s[b]),
            )
            for b in problem.breaks_of(k)
        ]
        until = int(problem.vehicle_latest[k]) + int(problem.vehicle_overtime_s[k])
        fixed, per_hour, per_km = (int(rate[k]) for rate in rates)
        model.add_vehicle(
            vroom.Vehicle(
                id=k,
                start=row[int(problem.vehicle_start[k])],
                end=row[int(problem.vehicle_end[k])],
                profile=str(int(problem.vehicle_profile[k])),
                capacity=[int(x) for x in problem.vehicle_capacity[k]],
                skills={int(g) for g in np.flatnonzero(patterns[:, k])},
                time_window=(int(problem.vehicle_earliest[k]), until),
                breaks=breaks,
                costs=vroom.VehicleCosts(fixed=fixed, per_hour=per_hour, per_km=per_km),
                steps=_steps(vroom, start.get(k, ())),
            )
        )


def _steps(vroom: Any, visits: Sequence[int]) -> list[Any]:  # noqa: ANN401 - as above
    if not visits:
        return []
    jobs = (vroom.VehicleStepSingle(id=visit) for visit in visits)
    return [vroom.VehicleStepStart(), *jobs, vroom.VehicleStepEnd()]


def _rates(problem: RoutingProblem) -> tuple[NDArray[np.int64], ...]:
    """Return fixed, per hour and per kilometer, divided by their common divisor."""
    rates = (
        problem.vehicle_fixed_cost,
        problem.cost_per_second * 3600,
        problem.cost_per_meter * 1000,
    )
    common = math.gcd(*(int(value) for rate in rates for value in rate)) or 1
    return tuple(rate // common for rate in rates)


def _read_routes(problem: RoutingProblem, solution: Any) -> dict[int, Order]:  # noqa: ANN401 - above
    routes: dict[int, list[tuple[int, int]]] = {}
    frame = solution.routes
    jobs = frame[frame["type"] == "job"]
    if jobs.empty:  # the frame of an empty plan has no column "id"
        return {}
    for vehicle, visit, arrival in zip(
        jobs["vehicle_id"], jobs["id"], jobs["arrival"], strict=True
    ):
        # the first window that is still open when the vehicle gets there
        windows = hard_windows(problem, int(visit))
        window = next(w for _, late, w in windows if int(arrival) <= late)
        routes.setdefault(int(vehicle), []).append((int(visit), window))
    return {vehicle: tuple(order) for vehicle, order in routes.items()}


def repair(problem: RoutingProblem, plan: PeerPlan) -> tuple[dict[int, Order], list[list[int]]]:
    """Return routes that keep every rule, and what contracted outlets take.

    VROOM interrupts travel for a break, we do not. A route without room for its breaks loses
    visits, the last one first, until it fits. Then what nobody serves goes to the cheapest
    contracted outlet with room, dearest visits first.
    """
    data = TimetableData(problem)
    routes: dict[int, Order] = {}
    for vehicle, order in plan.routes.items():
        kept = order
        while kept and isinstance(place_breaks(problem, vehicle, kept, data=data), Infeasible):
            kept = kept[:-1]
        if kept:
            routes[vehicle] = kept
    served = {visit for order in routes.values() for visit, _ in order}
    return routes, fill_pools(problem, [v for v in range(problem.n_visits) if v not in served])


def fill_pools(problem: RoutingProblem, unserved: Sequence[int]) -> list[list[int]]:
    """Give unserved visits to pools, dearest first, each to the cheapest one with room."""
    pools: list[list[int]] = [[] for _ in range(problem.n_pools)]
    for visit in sorted(unserved, key=lambda v: (-int(problem.visit_penalty[v]), v)):
        offers = [
            (int(problem.pool_cost[visit, q]), q)
            for q in range(problem.n_pools)
            if problem.pool_cost[visit, q] != FORBIDDEN
            and len(pools[q]) < int(problem.pool_capacity[q])
        ]
        if offers and min(offers)[0] < int(problem.visit_penalty[visit]):
            pools[min(offers)[1]].append(visit)
    return pools
