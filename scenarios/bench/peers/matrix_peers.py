"""SciPy and RoutingKit on our arcs; durations only."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.network import RoadNetwork
from scenarios.bench.report import Stopwatch
from solver.graph import UNREACHABLE

BUDGET_S: Final = 20.0
"""SciPy stops after this; the rest of its matrix is extrapolated and the row says so."""

_SOURCES_AT_ONCE: Final = 20

Int64 = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class PeerMatrix:
    """What a peer took, and what it found where that can be compared.

    Parameters
    ----------
    engine, gives, note
        For people.
    prepare_s, prepare_cpu_s, reweight_s, matrix_wall_s, matrix_cpu_s
        Seconds, wall clock unless CPU is said; None where there is no such step or the peer is
        not installed.
    scaled
        True if the matrix was computed for some sources and the time scaled up.
    rows
        How many of the places were computed as sources, from the first on.
    time_ms
        Shape (rows, places), int64, milliseconds; ``UNREACHABLE`` without a way; None if not
        comparable.
    """

    engine: str
    gives: str
    note: str
    prepare_s: float | None = None
    prepare_cpu_s: float | None = None
    reweight_s: float | None = None
    matrix_wall_s: float | None = None
    matrix_cpu_s: float | None = None
    scaled: bool = False
    rows: int = 0
    time_ms: Int64 | None = None


def measure_scipy(network: RoadNetwork, places: Int64) -> PeerMatrix:
    """Measure ``scipy.sparse.csgraph.dijkstra``.

    Parameters
    ----------
    network
        Roads.
    places
        Shape (m,), nodes.
    """
    watch = Stopwatch()
    graph = _make_matrix(network)
    reweight_s, _ = watch.read()
    found: list[NDArray[np.float64]] = []
    watch = Stopwatch()
    done = 0
    while done < places.size and watch.read()[0] < BUDGET_S:
        sources = places[done : done + _SOURCES_AT_ONCE]
        found.append(dijkstra(graph, indices=sources)[:, places])
        done += sources.size
    wall_s, cpu_s = watch.read()
    time_ms = np.vstack(found)
    time_ms[np.isinf(time_ms)] = UNREACHABLE
    scale = places.size / done
    return PeerMatrix(
        engine="scipy dijkstra",
        gives="seconds",
        note=f"{done} of {places.size} sources" + (", scaled" if scale > 1 else ""),
        reweight_s=reweight_s,
        matrix_wall_s=round(wall_s * scale, 3),
        matrix_cpu_s=round(cpu_s * scale, 3),
        scaled=scale > 1,
        rows=done,
        time_ms=time_ms.astype(np.int64),
    )


def _make_matrix(network: RoadNetwork) -> csr_array[np.float64, tuple[int, int]]:
    # SciPy adds parallel arcs up, so only the fastest of them goes in.
    order = np.lexsort((network.free_flow_ms, network.head, network.tail))
    tail, head = network.tail[order], network.head[order]
    first = np.ones(order.size, np.bool_)
    first[1:] = (np.diff(tail) != 0) | (np.diff(head) != 0)
    weights = network.free_flow_ms[order][first].astype(np.float64)
    begins = np.searchsorted(tail[first], np.arange(network.n_nodes + 1))
    shape = (network.n_nodes, network.n_nodes)
    return csr_array((weights, head[first], begins), shape=shape)


def measure_routingkit(network: RoadNetwork, places: Int64) -> PeerMatrix:
    """Measure RoutingKit's customizable contraction hierarchy (pyroutingkit), if installed.

    Parameters
    ----------
    network
        Roads.
    places
        Shape (m,), nodes.
    """
    engine = "routingkit cch"
    try:
        kit: Any = importlib.import_module("pyroutingkit")
    except ImportError as error:
        return PeerMatrix(engine=engine, gives="seconds", note=f"not installed ({error})")
    watch = Stopwatch()
    topology = kit.CCHTopology()
    topology.build(
        network.tail.astype(np.uint32),
        network.head.astype(np.uint32),
        network.node_lat.astype(np.float32),
        network.node_lon.astype(np.float32),
        network.n_nodes,
    )
    prepare_s, prepare_cpu_s = watch.read()
    watch = Stopwatch()
    metric = kit.CCHMetric(topology)
    metric.customize(network.free_flow_ms.astype(np.uint32))
    reweight_s, _ = watch.read()
    nodes = places.astype(np.uint32)
    watch = Stopwatch()
    found = np.asarray(metric.distances_many_to_many(nodes, nodes))
    wall_s, cpu_s = watch.read()
    time_ms = found.astype(np.int64).reshape(places.size, places.size)
    time_ms[time_ms >= int(kit.INF_WEIGHT)] = UNREACHABLE
    return PeerMatrix(
        engine=engine,
        gives="seconds",
        note="",
        prepare_s=prepare_s,
        prepare_cpu_s=prepare_cpu_s,
        reweight_s=reweight_s,
        matrix_wall_s=wall_s,
        matrix_cpu_s=cpu_s,
        rows=int(places.size),
        time_ms=time_ms,
    )
