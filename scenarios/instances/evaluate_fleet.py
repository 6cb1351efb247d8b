"""The cost and the faults of routes with depots, site rules and prizes, from the raw instance.

Shares nothing with the problem arrays: distances are recomputed in whole numbers, one leg at a
time, and the length of a route from its latest departure.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction

from scenarios.instances.evaluate import Evaluation
from scenarios.instances.fleet import FleetVrptw
from scenarios.instances.rounding import Rounding
from solver.errors import InvalidParameter

Leg = Callable[[int, int], int]


def evaluate_fleet(
    instance: FleetVrptw, routes: Sequence[Sequence[int]], rounding: Rounding | None = None
) -> Evaluation:
    """Judge routes given as nodes, depots left out; route k belongs to vehicle k.

    The cost is the whole number ``.sol`` files state: distance plus prizes left behind, times
    the scale of the rounding (1000, or 10 where legs are cut to one decimal). A client without a
    prize has to be served; one with a prize may be left out.

    Parameters
    ----------
    instance
        The raw instance.
    routes
        At most one per vehicle; empty ones cost nothing.
    rounding
        Rule for distances and times; None takes the type's own.

    Raises
    ------
    InvalidParameter
        For ``Rounding.NONE``: these types are published in whole numbers only.
    """
    rule = rounding or instance.kind.rounding
    leg = _legs(instance, rule)
    counts = Counter(node for route in routes for node in route)
    faults = [f"client {c}: unknown" for c in sorted(counts) if c not in instance.clients]
    faults += [f"client {c}: served {counts[c]} times" for c in instance.clients if counts[c] > 1]
    unserved = tuple(node for node in instance.clients if not counts[node])
    if instance.prizes is None:
        faults += [f"client {c}: not served" for c in unserved]
    if len(routes) > instance.vehicles:
        faults.append(f"{len(routes)} routes; the instance has {instance.vehicles} vehicles")
    total = 0
    for vehicle, route in enumerate(routes[: instance.vehicles]):
        if not route or not all(node in instance.clients for node in route):
            continue
        depot = instance.vehicle_depot[vehicle]
        path = (depot, *route, depot)
        total += sum(leg(a, b) for a, b in itertools.pairwise(path))
        found = _check_load(instance, vehicle, route) + _check_times(instance, path, leg, rule)
        faults += [f"route {vehicle + 1}: {fault}" for fault in found]
    if instance.prizes is not None:
        total += rule.scale * sum(instance.prizes[node] for node in unserved)
    return Evaluation(float(total), sum(1 for route in routes if route), unserved, tuple(faults))


def _legs(instance: FleetVrptw, rule: Rounding) -> Leg:
    """Return the function that measures one leg in units of the problem."""
    if rule is Rounding.NONE:
        raise InvalidParameter(
            f"rounding {rule.value!r}: {instance.kind} is published with trunc1 or exact1000."
        )
    x, y = [Fraction(v) for v in instance.x], [Fraction(v) for v in instance.y]

    def leg(a: int, b: int) -> int:
        square = (x[a] - x[b]) ** 2 + (y[a] - y[b]) ** 2
        if rule is Rounding.TRUNC1:
            return math.isqrt(math.floor(100 * square))  # floor(10 sqrt(s))
        # floor(1000 sqrt(s) + 1/2) = (floor(2000 sqrt(s)) + 1) // 2
        return (math.isqrt(math.floor(4_000_000 * square)) + 1) // 2

    return leg


def _check_load(instance: FleetVrptw, vehicle: int, route: Sequence[int]) -> list[str]:
    load, room = sum(instance.demand[c] for c in route), instance.vehicle_capacity[vehicle]
    faults = [f"load {load} exceeds {room}"] if load > room else []
    banned = [node for node in route if not instance.may_serve(vehicle, node)]
    return faults + [f"client {c}: not allowed on vehicle {vehicle + 1}" for c in banned]


def _check_times(instance: FleetVrptw, path: Sequence[int], leg: Leg, rule: Rounding) -> list[str]:
    """Return windows missed; if none is, whether the route lasts too long."""
    scale, depot = rule.scale, path[0]
    clock = instance.ready[depot] * scale
    faults: list[str] = []
    for here, there in itertools.pairwise(path):
        clock += leg(here, there)
        due = instance.due[there] * scale
        if clock > due:
            who = "the depot" if there == depot else f"client {there}"
            faults.append(f"{who} reached at {clock / scale:g} after {instance.due[there]}")
        clock = max(clock, instance.ready[there] * scale) + instance.service[there] * scale
    if faults or instance.max_duration is None:
        return faults
    lasts = _shortest_duration(instance, path, leg, scale)
    if lasts > instance.max_duration * scale:
        return [f"lasts {lasts / scale:g}, longer than {instance.max_duration}"]
    return []


def _shortest_duration(instance: FleetVrptw, path: Sequence[int], leg: Leg, scale: int) -> int:
    """Return the time from the latest departure that keeps every window to the return.

    Leaving later never makes a route longer: each unit of delay at the start moves the return by
    one unit at most.
    """
    latest = instance.due[path[-1]] * scale
    for here, there in zip(path[-2::-1], path[:0:-1], strict=True):
        service = 0 if here == path[0] else instance.service[here]
        latest = min(instance.due[here] * scale, latest - leg(here, there) - service * scale)
    clock = latest
    for here, there in itertools.pairwise(path):
        service = 0 if there == path[-1] else instance.service[there]
        clock = max(clock + leg(here, there), instance.ready[there] * scale) + service * scale
    return clock - latest
