"""Travel matrices on real maps: ours beside SciPy, RoutingKit and OSRM; ours checked for exactness.

Every engine but OSRM gets the same arcs and the same places. Our figures are seconds *and* meters;
SciPy and RoutingKit give durations only. OSRM reads the map file by its own rules, so its figures
are not compared, only its time.
"""

from __future__ import annotations

import argparse
import heapq
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dispatch.cli.parser import natural_int, positive_int
from geo.matrix_provider import compute_times
from geo.network import RoadNetwork
from geo.osm import read_network
from scenarios.bench.peers.matrix_peers import (
    PeerMatrix,
    measure_routingkit,
    measure_scipy,
)
from scenarios.bench.peers.osrm_peer import measure_osrm
from scenarios.bench.report import BenchReport, Row, Stopwatch, Value
from scenarios.errors import DataUnavailable
from solver.graph import UNREACHABLE, Hierarchy, Ways

OURS: Final = "servicenet"

CHECKED_PAIRS: Final = 1000
"""Pairs compared with a plain Dijkstra, milliseconds and millimeters."""

CHECKED_SOURCES: Final = 40
"""The checked pairs start at this many of the places."""

RUSH_HOUR: Final = {"motorway": 0.6, "trunk": 0.6, "primary": 0.5, "secondary": 0.7}
"""Speeds of the other hour whose customization is timed."""

Int64 = NDArray[np.int64]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``servicenet bench matrix`` takes."""
    parser.add_argument(
        "--roads",
        type=Path,
        nargs="+",
        help="map files; by default every .osm.pbf of SERVICENET_DATA/maps",
    )
    parser.add_argument("--size", type=positive_int, default=1000, help="places (1000)")
    parser.add_argument("--seed", type=natural_int, default=1)
    parser.add_argument("--threads", type=positive_int, default=1, help="threads of ours (1)")


def bench(arguments: argparse.Namespace) -> BenchReport:
    """Measure every map; see ``bench_matrix``."""
    rows: list[Row] = []
    summary: dict[str, object] = {}
    for roads in arguments.roads or find_maps():
        one = bench_matrix(roads, arguments.size, arguments.seed, threads=arguments.threads)
        rows.extend(one.rows)
        summary.update(one.summary)
    return BenchReport(rows, summary)


def find_maps() -> Sequence[Path]:
    """Return the map files of the data folder.

    Raises
    ------
    DataUnavailable
        If there is none.
    """
    folder = Path(os.environ.get("SERVICENET_DATA", "../shared/data")) / "maps"
    maps = sorted(folder.glob("*.osm.pbf"))
    if not maps:
        raise DataUnavailable(f"{folder}: no .osm.pbf here; pass --roads or set SERVICENET_DATA.")
    return maps


def bench_matrix(roads: Path, size: int, seed: int, *, threads: int = 1) -> BenchReport:
    """Measure one map.

    Parameters
    ----------
    roads
        Map file, see ``geo.osm.read_network``.
    size
        Places: random nodes of the largest strong component (all of them if it has fewer).
    seed
        Chooses places and checked pairs.
    threads
        Threads of our matrix.

    Returns
    -------
    BenchReport
        A row per engine; a summary of one entry, by file name, with the pairs checked and those
        that differ.
    """
    reading = Stopwatch()
    network = read_network(roads)
    read_s, _ = reading.read()
    rng = np.random.default_rng(seed)
    connected = np.flatnonzero(network.component == 0)
    places = rng.choice(connected, min(size, connected.size), replace=False)
    row, ways = _measure_ours(network, places, threads)
    checked, different = count_differences(network, places, ways, rng)
    peers = (
        measure_scipy(network, places),
        measure_routingkit(network, places),
        measure_osrm(roads, network, places),
    )
    rows = [
        {**row, "compared": checked, "different": different},
        *(_peer_row(peer, ways) for peer in peers),
    ]
    summary = {
        roads.name: {
            "nodes": network.n_nodes,
            "arcs": network.n_arcs,
            "places": int(places.size),
            "read_s": read_s,
            "pairs_checked": checked,
            "pairs_different": different,
        }
    }
    return BenchReport([{"map": roads.name, **row} for row in rows], summary)


def _measure_ours(
    network: RoadNetwork, places: Int64, threads: int
) -> tuple[dict[str, Value], Ways]:
    watch = Stopwatch()
    built = Hierarchy.build(
        network.n_nodes, network.tail, network.head, network.node_lon, network.node_lat
    )
    prepare_s, prepare_cpu_s = watch.read()
    watch = Stopwatch()
    hierarchy = Hierarchy.from_order(network.tail, network.head, built.order)
    load_s, _ = watch.read()
    watch = Stopwatch()
    hierarchy.customize(compute_times(network, RUSH_HOUR), network.length_mm)
    reweight_s, _ = watch.read()
    metric = hierarchy.customize(network.free_flow_ms, network.length_mm)
    watch = Stopwatch()
    ways = metric.matrix(places, places, threads)
    seconds = (ways.durations_s, ways.distances_m)
    wall_s, cpu_s = watch.read()
    row: dict[str, Value] = {
        "engine": OURS,
        "gives": "seconds, meters",
        "prepare_s": prepare_s,
        "prepare_cpu_s": prepare_cpu_s,
        "load_s": load_s,
        "reweight_s": reweight_s,
        "matrix_wall_s": wall_s,
        "matrix_cpu_s": cpu_s,
        "scaled": False,
        "note": f"{hierarchy.description}; {threads} thread(s); {seconds[0].size} entries",
    }
    return row, ways


def _peer_row(peer: PeerMatrix, ways: Ways) -> dict[str, Value]:
    compared = different = None
    if peer.time_ms is not None:
        compared = int(peer.time_ms.size)
        different = int((peer.time_ms != ways.time_ms[: peer.rows]).sum())
    return {
        "engine": peer.engine,
        "gives": peer.gives,
        "prepare_s": peer.prepare_s,
        "prepare_cpu_s": peer.prepare_cpu_s,
        "load_s": None,
        "reweight_s": peer.reweight_s,
        "matrix_wall_s": peer.matrix_wall_s,
        "matrix_cpu_s": peer.matrix_cpu_s,
        "scaled": peer.scaled,
        "note": peer.note,
        "compared": compared,
        "different": different,
    }


def count_differences(
    network: RoadNetwork, places: Int64, ways: Ways, rng: np.random.Generator
) -> tuple[int, int]:
    """Compare sampled pairs with a plain Dijkstra; both milliseconds and millimeters count.

    Parameters
    ----------
    network
        Roads.
    places
        Shape (m,), nodes.
    ways
        Shape (m, m), what is to be checked.
    rng
        Chooses the pairs.

    Returns
    -------
    tuple
        Pairs checked, pairs that differ.
    """
    sources = rng.choice(places.size, min(CHECKED_SOURCES, places.size), replace=False)
    per_source = -(-CHECKED_PAIRS // sources.size)
    arcs = _list_arcs(network)
    different = 0
    for source in sources.tolist():
        targets = rng.integers(0, places.size, per_source)
        found = search(arcs, int(places[source]), places[targets].tolist())
        ours = zip(ways.time_ms[source, targets], ways.length_mm[source, targets], strict=True)
        different += sum(one != other for one, other in zip(found, ours, strict=True))
    return per_source * int(sources.size), different


def search(
    arcs: list[list[tuple[int, int, int]]], source: int, targets: list[int]
) -> list[tuple[int, int]]:
    """Return the least (time, length) of each target: Dijkstra with a heap of pairs.

    Parameters
    ----------
    arcs
        Per node its (head, milliseconds, millimeters).
    source, targets
        Nodes.
    """
    best: dict[int, tuple[int, int]] = {}
    missing = set(targets)
    heap = [(0, 0, source)]
    while heap and missing:
        time_ms, length_mm, node = heapq.heappop(heap)
        if node in best:
            continue
        best[node] = (time_ms, length_mm)
        missing.discard(node)
        for head, more_ms, more_mm in arcs[node]:
            if head not in best:
                heapq.heappush(heap, (time_ms + more_ms, length_mm + more_mm, head))
    return [best.get(target, (UNREACHABLE, UNREACHABLE)) for target in targets]


def _list_arcs(network: RoadNetwork) -> list[list[tuple[int, int, int]]]:
    arcs: list[list[tuple[int, int, int]]] = [[] for _ in range(network.n_nodes)]
    columns = (network.tail, network.head, network.free_flow_ms, network.length_mm)
    for tail, head, time_ms, length_mm in zip(*(c.tolist() for c in columns), strict=True):
        arcs[tail].append((head, time_ms, length_mm))
    return arcs
