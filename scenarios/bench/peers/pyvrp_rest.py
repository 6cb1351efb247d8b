"""PyVRP on the rest of a day: technicians where they are, hard windows, whoever may serve what."""

from __future__ import annotations

import importlib
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenarios.bench.peers.vroom_peer import Order, PeerPlan
from scenarios.errors import DataUnavailable
from solver.routing.problem import FORBIDDEN, UNREACHABLE, RoutingProblem

CLOSED = 1 << 40
"""Length of a leg nobody may drive."""

MISSED = 1 << 31
"""Price of a visit left out; more than all legs of a day."""


def solve_rest_with_pyvrp(problem: RoutingProblem, *, time_limit_s: float, seed: int) -> PeerPlan:
    """Let PyVRP plan a problem with one window per visit and one profile, without breaks.

    It minimizes the price of time and distance; access time is part of the legs.

    Raises
    ------
    DataUnavailable
        If PyVRP is not installed.
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
    """Locations: start and end of each vehicle, then visits; one profile per vehicle."""
    k, n = problem.n_vehicles, problem.n_visits
    rows = np.concatenate(
        [problem.vehicle_start, problem.vehicle_end, problem.visit_location]
    ).astype(np.int64)
    access = np.concatenate([np.zeros(2 * k), problem.visit_access_s]).astype(np.int64)
    durations = problem.durations_s[0][np.ix_(rows, rows)].astype(np.int64)
    distances = problem.distances_m[0][np.ix_(rows, rows)].astype(np.int64)
    blocked = durations == UNREACHABLE
    durations = np.where(blocked, CLOSED, durations + access[None, :])
    np.fill_diagonal(durations, 0)
    distances = np.where(blocked, CLOSED, distances)
    scale = int(np.gcd(int(problem.cost_per_second[0]), int(problem.cost_per_meter[0]))) or 1
    types = [
        pyvrp.VehicleType(
            start_depot=v, end_depot=k + v, profile=v,
            tw_early=int(problem.vehicle_earliest[v]),
            tw_late=int(problem.vehicle_latest[v] + problem.vehicle_overtime_s[v]),
            unit_distance_cost=int(problem.cost_per_meter[v]) // scale,
            unit_duration_cost=int(problem.cost_per_second[v]) // scale,
        )
        for v in range(k)
    ]  # fmt: skip
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in rows],
        clients=[_client(pyvrp, problem, visit, 2 * k + visit) for visit in range(n)],
        depots=[pyvrp.Depot(location=i) for i in range(2 * k)],
        vehicle_types=types,
        distance_matrices=[_own(problem, distances, v) for v in range(k)],
        duration_matrices=[durations] * k,
    )


def _client(pyvrp: Any, problem: RoutingProblem, visit: int, row: int) -> Any:  # noqa: ANN401 - above
    window = problem.windows_of(visit)[0]
    return pyvrp.Client(
        location=row, service_duration=int(problem.visit_service_s[visit]),
        tw_early=int(problem.window_earliest[window]), tw_late=int(problem.window_latest[window]),
        prize=MISSED, required=False,
    )  # fmt: skip


def _own(problem: RoutingProblem, distances: NDArray[np.int64], vehicle: int) -> NDArray[np.int64]:
    """Return the distances of a vehicle: what it may not serve is out of its reach."""
    banned = np.flatnonzero(problem.assignment_cost[:, vehicle] == FORBIDDEN)
    own = distances.copy()
    rows = 2 * problem.n_vehicles + banned
    own[rows, :] = CLOSED
    own[:, rows] = CLOSED
    np.fill_diagonal(own, 0)
    return own


def _read(problem: RoutingProblem, result: Any) -> dict[int, Order]:  # noqa: ANN401 - above
    routes: dict[int, Order] = {}
    for route in result.best.routes():
        visits = [int(activity.idx) for activity in route if activity.is_client()]
        if visits:
            order = tuple((v, problem.windows_of(v)[0]) for v in visits)
            routes[int(route.vehicle_type())] = order
    return routes
