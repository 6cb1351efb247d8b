"""PyVRP on VRPTW, MDVRPTW, SDVRPTW and PCVRPTW instances, with the same rounded matrices."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scenarios.errors import DataUnavailable
from scenarios.instances import FleetVrptw, Objective, Rounding, Vrptw
from scenarios.instances.problem import build_problem
from scenarios.instances.rounding import scale_distances

CLOSED: Final = 1 << 44
"""Length of a leg to a client a vehicle may not serve: PyVRP's own largest value."""


@dataclass(frozen=True, slots=True)
class PyvrpRun:
    """What PyVRP found.

    Attributes
    ----------
    routes
        Clients of each route; for a fleet one route per vehicle, empty ones too.
    cost
        In units of the problem, as PyVRP counts it.
    iterations
        Iterations done.
    trace
        (seconds, cost) at each new best feasible solution, oldest first.
    """

    routes: tuple[tuple[int, ...], ...]
    cost: int
    iterations: int
    trace: tuple[tuple[float, int], ...]


def solve_with_pyvrp(
    instance: Vrptw, objective: Objective, rounding: Rounding, *, time_limit_s: float, seed: int
) -> PyvrpRun:
    """Solve a VRPTW; routes hold customer numbers.

    Raises
    ------
    DataUnavailable
        If PyVRP is not installed.
    """
    pyvrp = _import_pyvrp()
    data = _vrptw_data(pyvrp, instance, objective, rounding)
    result = _solve(pyvrp, data, time_limit_s, seed)
    # client c of the data is customer c + 1
    routes = tuple(tuple(c + 1 for c in _clients(route)) for route in result.best.routes())
    return PyvrpRun(routes, int(result.cost()), result.num_iterations, _trace(result))


def solve_fleet_with_pyvrp(
    instance: FleetVrptw, rounding: Rounding, *, time_limit_s: float, seed: int
) -> PyvrpRun:
    """Solve an instance with depots, site rules or prizes; routes hold nodes.

    Raises
    ------
    DataUnavailable
        If PyVRP is not installed.
    """
    pyvrp = _import_pyvrp()
    types = _group_vehicles(instance)
    data = _fleet_data(pyvrp, instance, rounding, types)
    result = _solve(pyvrp, data, time_limit_s, seed)
    free = [list(vehicles) for vehicles in types]
    routes: list[tuple[int, ...]] = [()] * instance.vehicles
    for route in result.best.routes():
        vehicle = free[route.vehicle_type()].pop(0)
        # client c of the data is node depots + c
        routes[vehicle] = tuple(c + instance.depots for c in _clients(route))
    return PyvrpRun(tuple(routes), int(result.cost()), result.num_iterations, _trace(result))


def _import_pyvrp() -> Any:  # noqa: ANN401 - untyped peer
    try:
        return importlib.import_module("pyvrp")
    except ImportError as error:
        raise DataUnavailable("PyVRP is not installed; pip install 'servicenet[bench]'.") from error


def _solve(pyvrp: Any, data: Any, time_limit_s: float, seed: int) -> Any:  # noqa: ANN401 - as above
    stop: Any = importlib.import_module("pyvrp.stop")
    return pyvrp.solve(data, stop=stop.MaxRuntime(time_limit_s), seed=seed, display=False)


def _clients(route: Any) -> tuple[int, ...]:  # noqa: ANN401 - as above
    return tuple(int(activity.idx) for activity in route if activity.is_client())


def _trace(result: Any) -> tuple[tuple[float, int], ...]:  # noqa: ANN401 - as above
    """Return when the best feasible solution became better, from the statistics per iteration."""
    found: list[tuple[float, int]] = []
    for seconds, datum in zip(accumulate(result.stats.runtimes), result.stats, strict=True):
        if datum.best_feas and (not found or datum.best_cost < found[-1][1]):
            found.append((float(seconds), int(datum.best_cost)))
    return tuple(found)


def _vrptw_data(
    pyvrp: Any,  # noqa: ANN401 - untyped peer
    instance: Vrptw,
    objective: Objective,
    rounding: Rounding,
) -> Any:  # noqa: ANN401 - untyped peer
    scale = rounding.scale
    times, distances = scale_distances(instance, rounding)
    fixed = int(build_problem(instance, objective, rounding).vehicle_fixed_cost[0])
    clients = [
        pyvrp.Client(
            location=c,
            delivery=[instance.demand[c]],
            service_duration=instance.service[c] * scale,
            tw_early=instance.ready[c] * scale,
            tw_late=min(instance.due[c], instance.due[0]) * scale,
        )
        for c in range(1, instance.customers + 1)
    ]
    fleet = pyvrp.VehicleType(
        num_available=instance.vehicles,
        capacity=[instance.capacity],
        fixed_cost=fixed,
        tw_early=instance.ready[0] * scale,
        tw_late=instance.due[0] * scale,
    )
    return pyvrp.ProblemData(
        locations=_places(pyvrp, instance),
        clients=clients,
        depots=[pyvrp.Depot(location=0)],
        vehicle_types=[fleet],
        distance_matrices=[distances],
        duration_matrices=[times],
    )


def _places(pyvrp: Any, instance: Vrptw | FleetVrptw) -> list[Any]:  # noqa: ANN401 - untyped peer
    return [pyvrp.Location(x, y) for x, y in zip(instance.x, instance.y, strict=True)]


def _group_vehicles(instance: FleetVrptw) -> tuple[tuple[int, ...], ...]:
    """Return the vehicles of each type: same depot, load and clients."""
    types: dict[tuple[int, int, frozenset[int]], list[int]] = {}
    for vehicle in range(instance.vehicles):
        allowed = frozenset() if instance.allowed is None else instance.allowed[vehicle]
        key = (instance.vehicle_depot[vehicle], instance.vehicle_capacity[vehicle], allowed)
        types.setdefault(key, []).append(vehicle)
    return tuple(tuple(vehicles) for vehicles in types.values())


def _fleet_data(
    pyvrp: Any,  # noqa: ANN401 - untyped peer
    instance: FleetVrptw,
    rounding: Rounding,
    types: Sequence[Sequence[int]],
) -> Any:  # noqa: ANN401 - untyped peer
    times, distances = scale_distances(instance, rounding)
    profiles = [0] * len(types)
    tables = [distances]
    if instance.allowed is not None:
        profiles = list(range(len(types)))
        tables = [_close(instance, distances, vehicles[0]) for vehicles in types]
    return pyvrp.ProblemData(
        locations=_places(pyvrp, instance),
        clients=[_client(pyvrp, instance, node, rounding.scale) for node in instance.clients],
        depots=[pyvrp.Depot(location=depot) for depot in range(instance.depots)],
        vehicle_types=[
            _vehicle_type(pyvrp, instance, vehicles, profile, rounding.scale)
            for vehicles, profile in zip(types, profiles, strict=True)
        ],
        distance_matrices=tables,
        duration_matrices=[times] * len(tables),
    )


def _close(instance: FleetVrptw, distances: NDArray[np.int64], vehicle: int) -> NDArray[np.int64]:
    """Return the distances of a vehicle: what it may not serve is out of its reach."""
    banned = np.array([n >= instance.depots for n in range(instance.nodes)])
    banned &= np.array([not instance.may_serve(vehicle, n) for n in range(instance.nodes)])
    own = distances.copy()
    own[banned, :] = CLOSED
    own[:, banned] = CLOSED
    np.fill_diagonal(own, 0)
    return own


def _client(pyvrp: Any, instance: FleetVrptw, node: int, scale: int) -> Any:  # noqa: ANN401 - as above
    return pyvrp.Client(
        location=node,
        delivery=[instance.demand[node]],
        service_duration=instance.service[node] * scale,
        tw_early=instance.ready[node] * scale,
        tw_late=instance.due[node] * scale,
        prize=0 if instance.prizes is None else instance.prizes[node] * scale,
        required=instance.prizes is None,
    )


def _vehicle_type(
    pyvrp: Any,  # noqa: ANN401 - untyped peer
    instance: FleetVrptw,
    vehicles: Sequence[int],
    profile: int,
    scale: int,
) -> Any:  # noqa: ANN401 - untyped peer
    depot = instance.vehicle_depot[vehicles[0]]
    hours = instance.due[depot] - instance.ready[depot]
    lasts = hours if instance.max_duration is None else min(hours, instance.max_duration)
    return pyvrp.VehicleType(
        num_available=len(vehicles),
        capacity=[instance.vehicle_capacity[vehicles[0]]],
        start_depot=depot,
        end_depot=depot,
        tw_early=instance.ready[depot] * scale,
        tw_late=instance.due[depot] * scale,
        shift_duration=lasts * scale,
        profile=profile,
    )
