"""PyVRP on a VRPTW instance, with the same rounded matrices."""

from __future__ import annotations

import importlib
from typing import Any

from scenarios.errors import DataUnavailable
from scenarios.instances import Objective, Rounding, Vrptw
from scenarios.instances.problem import build_problem
from scenarios.instances.rounding import scale_distances


def solve_with_pyvrp(
    instance: Vrptw, objective: Objective, rounding: Rounding, *, time_limit_s: float, seed: int
) -> tuple[tuple[int, ...], ...]:
    """Return routes of customer numbers.

    Raises
    ------
    DataUnavailable
        If PyVRP is not installed.
    """
    try:
        pyvrp: Any = importlib.import_module("pyvrp")
        stop: Any = importlib.import_module("pyvrp.stop")
    except ImportError as error:
        raise DataUnavailable("PyVRP is not installed; pip install 'servicenet[bench]'.") from error
    data = _problem_data(pyvrp, instance, objective, rounding)
    result = pyvrp.solve(
        data, stop=stop.MaxRuntime(time_limit_s), seed=seed, collect_stats=False, display=False
    )
    # client c of the data is customer c + 1
    return tuple(
        tuple(activity.idx + 1 for activity in route if activity.is_client())
        for route in result.best.routes()
    )


def _problem_data(
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
    places = [pyvrp.Location(x, y) for x, y in zip(instance.x, instance.y, strict=True)]
    return pyvrp.ProblemData(
        locations=places,
        clients=clients,
        depots=[pyvrp.Depot(location=0)],
        vehicle_types=[fleet],
        distance_matrices=[distances],
        duration_matrices=[times],
    )
