"""vrp-cli (reinterpretcat/vrp, Rust) on our arrays: the problem as its "pragmatic" JSON, and back.

The same matrix, hard windows, eligibility as skills, capacity, shifts, limits of routes and
prices; overtime is part of the vehicle's hours, access time part of the legs. Breaks are its
optional breaks: weighted, not guaranteed. It serves as many visits as it can before it looks at
costs, so a visit that may be left out for its prize cannot be stated. The longest duration of a
route is what it knows as such, but while inserting it counts from the earliest departure: stricter
than ours, so plans on instances with limits may leave visits out.

The package writes its faults as ``OSError`` and wants objectives nested: a list of levels, each a
list of objectives of one level.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scenarios.bench.peers.vroom_peer import (
    Order,
    PeerPlan,
    fold_rows,
    group_visits,
    hard_windows,
    row_of_bases,
)
from scenarios.errors import DataUnavailable, UnsupportedRule
from solver.routing.features import UNLIMITED
from solver.routing.problem import RoutingProblem

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Second 0 of a problem, for an engine that wants dates."""

TRACK: Final = 5
"""The engine notes its best plan once in so many generations."""

MAX_ROWS: Final = 4_000
"""Matrices go in as text: beyond this they take gigabytes."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class VrpCliRun:
    """What vrp-cli found.

    Attributes
    ----------
    plan
        Visits in order on each used vehicle.
    generations
        Generations done.
    trace
        (seconds, cost) whenever a whole plan had become cheaper, as far as noted (`TRACK`).
    """

    plan: PeerPlan
    generations: int | None
    trace: tuple[tuple[float, float], ...]


def solve_with_vrp_cli(
    problem: RoutingProblem, *, time_limit_s: float, threads: int = 1
) -> VrpCliRun:
    """Let vrp-cli plan ``problem``; its chance cannot be seeded, its limit is whole seconds.

    Raises
    ------
    DataUnavailable
        If vrp-cli is not installed.
    UnsupportedRule
        If the matrix is too large to be given to it as text.
    """
    rows = problem.n_visits + len(row_of_bases(problem))
    if rows > MAX_ROWS:
        raise UnsupportedRule(f"vrp-cli takes matrices as text; {rows} rows are too many.")
    try:
        engine: Any = importlib.import_module("vrp_cli")
    except ImportError as error:
        raise DataUnavailable("vrp-cli is not installed; pip install 'servicenet[bench]'.") from (
            error
        )
    written = json.dumps(write_problem(problem))
    matrices = [json.dumps(matrix) for matrix in write_matrices(problem)]
    config = _config(time_limit_s, threads)
    try:
        answer = engine.solve_pragmatic(written, matrices, json.dumps(config))
    except BaseException as error:
        # Its default choice of operators panics where two plans are equal (rosomaxa,
        # dynamic_selective.rs:418), mostly on tiny problems; the fixed choice does not.
        if type(error).__name__ != "PanicException":
            raise
        config["hyper"] = {"type": "static-selective"}
        answer = engine.solve_pragmatic(written, matrices, json.dumps(config))
    return read_run(problem, json.loads(answer))


def _config(time_limit_s: float, threads: int) -> Json:
    return {
        "termination": {"maxTime": max(1, round(time_limit_s))},
        "environment": {
            "parallelism": {"numThreadPools": 1, "threadsPerPool": threads},
            "logging": {"enabled": False},
        },
        "telemetry": {
            "progress": {"enabled": False},
            "metrics": {"enabled": True, "trackPopulation": TRACK},
        },
    }


def write_problem(problem: RoutingProblem) -> Json:
    """Return the problem without its matrices; job and vehicle ids are our indices."""
    group, patterns = group_visits(problem)
    has_breaks = len(problem.break_duration_s) > 0
    unassigned: Json = {"type": "minimize-unassigned"}
    if has_breaks:
        unassigned["breaks"] = 1.0
    return {
        "plan": {"jobs": [_job(problem, v, int(group[v])) for v in range(problem.n_visits)]},
        "fleet": {
            "vehicles": _vehicles(problem, patterns),
            "profiles": [{"name": str(number)} for number in range(len(problem.durations_s))],
        },
        "objectives": [[unassigned], [{"type": "minimize-cost"}]],
    }


def write_matrices(problem: RoutingProblem) -> Iterator[Json]:
    """Yield one routing matrix per profile: visits, then distinct start and end places."""
    for number, (seconds, meters, blocked) in enumerate(fold_rows(problem)):
        matrix: Json = {
            "profile": str(number),
            "travelTimes": np.where(blocked, 0, seconds).reshape(-1).tolist(),
            "distances": np.where(blocked, 0, meters).reshape(-1).tolist(),
        }
        if blocked.any():
            matrix["errorCodes"] = blocked.reshape(-1).astype(np.int64).tolist()
        yield matrix


def _job(problem: RoutingProblem, visit: int, group: int) -> Json:
    windows = hard_windows(problem, visit)
    place = {
        "location": {"index": visit},
        "duration": float(problem.visit_service_s[visit]),
        "times": [[_stamp(early), _stamp(late)] for early, late, _ in windows],
    }
    job: Json = {"id": str(visit), "skills": {"allOf": [f"g{group}"]}}
    demand = [int(x) for x in problem.visit_demand[visit]]
    if demand:
        return {**job, "deliveries": [{"places": [place], "demand": demand}]}
    return {**job, "services": [{"places": [place]}]}


def _stamp(second: int) -> str:
    """Return a second of the problem as a date."""
    return (EPOCH + timedelta(seconds=int(second))).strftime("%Y-%m-%dT%H:%M:%SZ")


def _second(stamp: str) -> int:
    return round((datetime.fromisoformat(stamp) - EPOCH).total_seconds())


def _vehicles(problem: RoutingProblem, patterns: NDArray[np.bool_]) -> list[Json]:
    """Return vehicle types: vehicles that are the same but for their number go together."""
    row = row_of_bases(problem)
    types: dict[str, Json] = {}
    for vehicle in range(problem.n_vehicles):
        kind = _vehicle(problem, vehicle, row, patterns)
        known = types.setdefault(json.dumps(kind), kind)
        known.setdefault("vehicleIds", []).append(str(vehicle))
    for number, kind in enumerate(types.values()):
        kind["typeId"] = f"t{number}"
    return list(types.values())


def _vehicle(
    problem: RoutingProblem, vehicle: int, row: Mapping[int, int], patterns: NDArray[np.bool_]
) -> Json:
    until = int(problem.vehicle_latest[vehicle]) + int(problem.vehicle_overtime_s[vehicle])
    shift: Json = {
        "start": {
            "earliest": _stamp(int(problem.vehicle_earliest[vehicle])),
            "location": {"index": row[int(problem.vehicle_start[vehicle])]},
        },
        "end": {
            "latest": _stamp(until),
            "location": {"index": row[int(problem.vehicle_end[vehicle])]},
        },
    }
    breaks = [_break(problem, number) for number in problem.breaks_of(vehicle)]
    if breaks:
        shift["breaks"] = breaks
    kind: Json = {
        "profile": {"matrix": str(int(problem.vehicle_profile[vehicle]))},
        "costs": {
            "fixed": float(problem.vehicle_fixed_cost[vehicle]),
            "distance": float(problem.cost_per_meter[vehicle]),
            "time": float(problem.cost_per_second[vehicle]),
        },
        "shifts": [shift],
        "capacity": [int(x) for x in problem.vehicle_capacity[vehicle]] or [1],
        "skills": [f"g{number}" for number in np.flatnonzero(patterns[:, vehicle])],
    }
    limits = _limits(problem, vehicle)
    return {**kind, "limits": limits} if limits else kind


def _break(problem: RoutingProblem, number: int) -> Json:
    return {
        "time": [
            _stamp(int(problem.break_earliest[number])),
            _stamp(int(problem.break_latest[number])),
        ],
        "places": [{"duration": float(problem.break_duration_s[number])}],
    }


def _limits(problem: RoutingProblem, vehicle: int) -> Json:
    limits = problem.limits
    if limits is None:
        return {}
    named = (
        ("tourSize", limits.visits, int),
        ("maxDistance", limits.distance_m, float),
        ("maxDuration", limits.duration_s, float),
    )
    return {
        name: cast(values[vehicle])
        for name, values, cast in named
        if int(values[vehicle]) != UNLIMITED
    }


def read_run(problem: RoutingProblem, answer: Json) -> VrpCliRun:
    """Return the plan in an answer of the engine, with what it noted on the way."""
    routes = {
        int(tour["vehicleId"]): order
        for tour in answer.get("tours", [])
        if (order := _read_order(problem, tour["stops"]))
    }
    metrics = answer.get("extras", {}).get("metrics", {})
    generations = metrics.get("generations")
    return VrpCliRun(PeerPlan(routes), generations, _read_trace(metrics.get("evolution", [])))


def _read_order(problem: RoutingProblem, stops: Sequence[Json]) -> Order:
    order: list[tuple[int, int]] = []
    for stop in stops:
        for activity in stop["activities"]:
            if not activity["jobId"].isdecimal():
                continue  # departure, arrival, break
            visit = int(activity["jobId"])
            stamp = activity["time"]["start"] if "time" in activity else stop["time"]["arrival"]
            at = _second(stamp)
            # the first window that is still open when the vehicle gets there
            window = next(w for _, late, w in hard_windows(problem, visit) if at <= late)
            order.append((visit, window))
    return tuple(order)


def _read_trace(evolution: Sequence[Json]) -> tuple[tuple[float, float], ...]:
    """Return when the best whole plan became cheaper; fitness is (visits left out, cost)."""
    found: list[tuple[float, float]] = []
    for note in evolution:
        left_out, cost = note["population"]["individuals"][0]["fitness"][:2]
        if left_out == 0 and (not found or cost < found[-1][1]):
            found.append((float(note["timestamp"]), float(cost)))
    return tuple(found)
