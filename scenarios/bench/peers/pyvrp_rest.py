"""PyVRP on a day: technicians where they are, hard windows, whoever may serve what."""

from __future__ import annotations

import importlib
import warnings
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scenarios.bench.peers.vroom_peer import Order, PeerPlan, fold_rows, row_of_bases
from scenarios.errors import DataUnavailable, UnsupportedRule
from solver.routing.problem import FORBIDDEN, RoutingProblem

CLOSED: Final = 1 << 40
"""Length of a leg nobody may drive."""

MISSED: Final = 1 << 31
"""Price of a visit left out; more than all legs of a day."""

MAX_BYTES: Final = 8_000_000_000
"""Its matrices are 64 bits wide, two per group of technicians that may serve the same."""


def solve_rest_with_pyvrp(problem: RoutingProblem, *, time_limit_s: float, seed: int) -> PeerPlan:
    """Let PyVRP plan a problem with one window per visit and one profile, without breaks.

    It minimizes the price of time and distance; access time is part of the legs.

    Raises
    ------
    DataUnavailable
        If PyVRP is not installed.
    UnsupportedRule
        If its matrices would take too much memory.
    """
    try:
        pyvrp: Any = importlib.import_module("pyvrp")
    except ImportError as error:
        raise DataUnavailable("PyVRP is not installed; pip install 'servicenet[bench]'.") from error
    stop: Any = importlib.import_module("pyvrp.stop")
    with warnings.catch_warnings():
        # Said of emergencies that cannot be answered in the window asked for: that is the question.
        warnings.filterwarnings("ignore", message=r"\s*A penalty parameter has reached")
        result = pyvrp.solve(
            _data(pyvrp, problem), stop=stop.MaxRuntime(time_limit_s), seed=seed, display=False
        )
    return PeerPlan(_read(problem, result))


def _data(pyvrp: Any, problem: RoutingProblem) -> Any:  # noqa: ANN401 - untyped peer
    """Locations: visits, then start and end places; one profile per set of forbidden visits."""
    n = problem.n_visits
    seconds, meters, blocked = next(fold_rows(problem))
    groups = _group_vehicles(problem)
    allowed = problem.assignment_cost != FORBIDDEN
    banned = {allowed[:, vehicles[0]].tobytes(): vehicles[0] for vehicles in groups}
    if 16 * len(banned) * len(seconds) ** 2 > MAX_BYTES:
        raise UnsupportedRule(f"PyVRP wants {len(banned)} tables of {len(seconds)} rows.")
    profiles = {key: number for number, key in enumerate(banned)}
    durations = np.where(blocked, CLOSED, seconds.astype(np.int64))
    distances = np.where(blocked, CLOSED, meters.astype(np.int64))
    scale = int(np.gcd(int(problem.cost_per_second[0]), int(problem.cost_per_meter[0]))) or 1
    types = [
        _vehicle_type(pyvrp, problem, vehicles, profiles[allowed[:, vehicles[0]].tobytes()], scale)
        for vehicles in groups
    ]
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in seconds],
        clients=[_client(pyvrp, problem, visit) for visit in range(n)],
        depots=[pyvrp.Depot(location=n + i) for i in range(len(seconds) - n)],
        vehicle_types=types,
        distance_matrices=[_own(distances, allowed[:, v]) for v in banned.values()],
        duration_matrices=[durations] * len(banned),
    )


def _group_vehicles(problem: RoutingProblem) -> list[list[int]]:
    """Return vehicles that are the same in all PyVRP is told, in order of the first of each."""
    groups: dict[tuple[int | bytes, ...], list[int]] = {}
    allowed = problem.assignment_cost != FORBIDDEN
    told = np.column_stack(
        [
            problem.vehicle_start,
            problem.vehicle_end,
            problem.vehicle_earliest,
            problem.vehicle_latest + problem.vehicle_overtime_s,
            problem.cost_per_meter,
            problem.cost_per_second,
        ]
    )
    for vehicle, row in enumerate(told):
        key = (*(int(value) for value in row), allowed[:, vehicle].tobytes())
        groups.setdefault(key, []).append(vehicle)
    return list(groups.values())


def _vehicle_type(
    pyvrp: Any,  # noqa: ANN401 - untyped peer
    problem: RoutingProblem,
    vehicles: list[int],
    profile: int,
    scale: int,
) -> Any:  # noqa: ANN401 - untyped peer
    v, n, row = vehicles[0], problem.n_visits, row_of_bases(problem)
    return pyvrp.VehicleType(
        num_available=len(vehicles),
        start_depot=row[int(problem.vehicle_start[v])] - n,
        end_depot=row[int(problem.vehicle_end[v])] - n,
        profile=profile,
        tw_early=int(problem.vehicle_earliest[v]),
        tw_late=int(problem.vehicle_latest[v] + problem.vehicle_overtime_s[v]),
        unit_distance_cost=int(problem.cost_per_meter[v]) // scale,
        unit_duration_cost=int(problem.cost_per_second[v]) // scale,
    )


def _client(pyvrp: Any, problem: RoutingProblem, visit: int) -> Any:  # noqa: ANN401 - as above
    window = problem.windows_of(visit)[0]
    return pyvrp.Client(
        location=visit, service_duration=int(problem.visit_service_s[visit]),
        tw_early=int(problem.window_earliest[window]), tw_late=int(problem.window_latest[window]),
        prize=MISSED, required=False,
    )  # fmt: skip


def _own(distances: NDArray[np.int64], allowed: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the distances of a profile: what it may not serve is out of its reach."""
    own = distances.copy()
    banned = np.flatnonzero(~allowed)
    own[banned, :] = CLOSED
    own[:, banned] = CLOSED
    np.fill_diagonal(own, 0)
    return own


def _read(problem: RoutingProblem, result: Any) -> dict[int, Order]:  # noqa: ANN401 - above
    routes: dict[int, Order] = {}
    free = [list(vehicles) for vehicles in _group_vehicles(problem)]
    for route in result.best.routes():
        visits = [int(activity.idx) for activity in route if activity.is_client()]
        if visits:
            vehicle = free[int(route.vehicle_type())].pop(0)
            routes[vehicle] = tuple((v, problem.windows_of(v)[0]) for v in visits)
    return routes
