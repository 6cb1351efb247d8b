"""Technician routing and scheduling: skills, tools, spare parts, one visit to the depot.

Problem and files: Pillac, Guéret & Medaglia 2013.
"""

from __future__ import annotations

from dataclasses import dataclass

DEPOT = 0
"""The node where tools and parts lie."""


@dataclass(frozen=True, slots=True)
class Technician:
    """One technician, numbered from 1.

    Parameters
    ----------
    start, end
        Nodes where a route begins and ends: home.
    ready, due
        Leaves home no earlier, is back no later.
    skills, tools
        Numbers of what she can do and has along.
    parts
        Stock on the van, per kind of part.
    """

    start: int
    end: int
    ready: float
    due: float
    skills: frozenset[int]
    tools: frozenset[int]
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    Parameters
    ----------
    node
        Its node, which is its name too.
    ready, due
        Service starts inside, both inclusive.
    service
        Duration of the service.
    skills, tools
        All of them are needed.
    parts
        Used up, per kind of part.
    """

    node: int
    ready: float
    due: float
    service: float
    skills: frozenset[int]
    tools: frozenset[int]
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Trsp:
    """Depot, technicians and requests, in the units of the file.

    Parameters
    ----------
    name
        Name in the file.
    depot_ready, depot_due
        The depot is reached inside.
    technicians
        Technician k is at place k - 1.
    requests
        By node.
    times, distances
        Travel time and distance from row to column, every node of the file.
    """

    name: str
    depot_ready: float
    depot_due: float
    technicians: tuple[Technician, ...]
    requests: dict[int, Request]
    times: tuple[tuple[float, ...], ...]
    distances: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class TrspRoute:
    """What one technician does.

    Attributes
    ----------
    technician
        Number, from 1.
    nodes
        Requests in order, home left out; 0 is the visit to the depot.
    starts
        Start of service at each node, at the depot the arrival.
    """

    technician: int
    nodes: tuple[int, ...]
    starts: tuple[float, ...]
