"""What a technician plan costs and which rules it breaks, from the raw instance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from scenarios.instances.trsp import DEPOT, Request, Technician, Trsp, TrspRoute

TOLERANCE: Final = 1e-6
"""Time that double precision may lose along a route, in units of the file."""


@dataclass(frozen=True, slots=True)
class TrspEvaluation:
    """What a plan is worth; unserved requests count first, then the duration.

    Attributes
    ----------
    duration
        Sum over routes of return minus departure; the departure is the latest that reaches the
        first node when its service starts.
    distance
        Home to home, all routes.
    unserved
        Requests on no route, sorted; not a fault here: some days cannot serve all.
    faults
        Every rule that is broken, in words; empty = feasible.
    """

    duration: float
    distance: float
    unserved: tuple[int, ...]
    faults: tuple[str, ...]


def evaluate_trsp(instance: Trsp, routes: Sequence[TrspRoute]) -> TrspEvaluation:
    """Judge a plan with its stated times.

    Checked: every request once at most; skills always, tools and parts from the technician's own
    stock until she has been at the depot, where she takes whatever is needed (once a route); no
    start before its window, before she can be there, or after its window; hours of technicians
    and depot.
    """
    counts = Counter(node for route in routes for node in route.nodes if node != DEPOT)
    crew = Counter(route.technician for route in routes)
    faults = [f"request {n}: unknown" for n in sorted(counts) if n not in instance.requests]
    faults += [f"request {n}: served {c} times" for n, c in sorted(counts.items()) if c > 1]
    faults += [f"technician {k}: {c} routes" for k, c in sorted(crew.items()) if c > 1]
    duration = distance = 0.0
    for route in routes:
        known = all(node == DEPOT or node in instance.requests for node in route.nodes)
        if not 1 <= route.technician <= len(instance.technicians):
            faults.append(f"technician {route.technician}: unknown")
        elif len(route.starts) != len(route.nodes):
            faults.append(f"technician {route.technician}: starts do not match nodes")
        elif route.nodes and known:
            technician = instance.technicians[route.technician - 1]
            path = (technician.start, *route.nodes, technician.end)
            distance += sum(instance.distances[a][b] for a, b in pairwise(path))
            lasts, found = _check_times(instance, technician, route)
            duration += lasts
            found += _check_stock(instance, technician, route.nodes)
            faults += [f"technician {route.technician}: {fault}" for fault in found]
    unserved = tuple(sorted(set(instance.requests) - set(counts)))
    return TrspEvaluation(duration, distance, unserved, tuple(faults))


def _window(instance: Trsp, node: int) -> tuple[float, float, float]:
    """Return ready, due and service of a node on a route."""
    if node == DEPOT:
        return instance.depot_ready, instance.depot_due, 0.0
    request = instance.requests[node]
    return request.ready, request.due, request.service


def _name(node: int) -> str:
    return "the depot" if node == DEPOT else f"request {node}"


def _check_times(
    instance: Trsp, technician: Technician, route: TrspRoute
) -> tuple[float, list[str]]:
    """Return how long the route lasts and the times it breaks."""
    faults: list[str] = []
    departure = route.starts[0] - instance.times[technician.start][route.nodes[0]]
    if departure < technician.ready - TOLERANCE:
        faults.append(f"leaves at {departure:.4f} before {technician.ready:g}")
    here, clock = technician.start, departure
    for node, start in zip(route.nodes, route.starts, strict=True):
        ready, due, service = _window(instance, node)
        there = clock + instance.times[here][node]
        if start < there - TOLERANCE:
            faults.append(f"{_name(node)} starts at {start:.4f}, reached at {there:.4f}")
        if start < ready - TOLERANCE:
            faults.append(f"{_name(node)} starts at {start:.4f} before {ready:g}")
        if start > due + TOLERANCE:
            faults.append(f"{_name(node)} starts at {start:.4f} after {due:g}")
        here, clock = node, start + service
    back = clock + instance.times[here][technician.end]
    if back > technician.due + TOLERANCE:
        faults.append(f"is back at {back:.4f} after {technician.due:g}")
    return back - departure, faults


def _check_stock(instance: Trsp, technician: Technician, nodes: Sequence[int]) -> list[str]:
    """Return missing skills, tools and parts, and visits to the depot beyond the first."""
    faults: list[str] = []
    stock = list(technician.parts)
    visits = 0
    for node in nodes:
        if node == DEPOT:
            visits += 1
            continue
        request = instance.requests[node]
        missing = sorted(request.skills - technician.skills)
        faults += [f"request {node} needs skill {skill}" for skill in missing]
        if not visits:
            faults += _take(technician, request, stock)
    if visits > 1:
        faults.append(f"{visits} visits to the depot")
    return faults


def _take(technician: Technician, request: Request, stock: list[int]) -> list[str]:
    """Take the parts of a request from the van; return what is not there."""
    missing = sorted(request.tools - technician.tools)
    faults = [f"request {request.node} needs tool {tool}" for tool in missing]
    for part, count in enumerate(request.parts):
        stock[part] -= count
        if count and stock[part] < 0:
            faults.append(f"request {request.node} needs {-stock[part]} more of part {part}")
    return faults


def time_trsp(instance: Trsp, technician: int, nodes: Sequence[int]) -> TrspRoute | None:
    """Return the shortest route in this order: departure as late as possible, then no delay.

    Leaving later never makes a route longer: each unit of delay at the start moves the return by
    one unit at most.

    Parameters
    ----------
    instance
        The instance.
    technician
        Number, from 1.
    nodes
        Requests in order, 0 for the visit to the depot.

    Returns
    -------
    TrspRoute or None
        None if no times keep the windows. Skills, tools and parts are not looked at.
    """
    who = instance.technicians[technician - 1]
    latest, there = who.due, who.end
    for node in reversed(nodes):
        _, due, service = _window(instance, node)
        latest = min(due, latest - instance.times[node][there] - service)
        if latest < _window(instance, node)[0] - TOLERANCE:
            return None
        there = node
    clock, here = latest - instance.times[who.start][there], who.start
    if clock < who.ready - TOLERANCE:
        return None
    starts: list[float] = []
    for node in nodes:
        ready, _, service = _window(instance, node)
        starts.append(max(clock + instance.times[here][node], ready))
        clock, here = starts[-1] + service, node
    return TrspRoute(technician, tuple(nodes), tuple(starts))
