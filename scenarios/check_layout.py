"""Check a proposal from its files alone; ``servicenet check-layout``."""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from dispatch.cli.exit_codes import Exit
from geo.network import RoadNetwork
from geo.osm import read_network
from scenarios.console import run_guarded
from scenarios.errors import InstanceFormatError
from scenarios.layout_judge import JudgedDemand, judge_layout
from scenarios.layout_violation import Violation

LAYOUT_FILE, DEMAND_FILE = "layout.json", "demand.csv"
NO_STOPPING = ("motorway", "motorway_link")
ACCESS_LIMIT_MM = 5_000_000
"""A place farther than 5 km from any road has no way by road."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``servicenet check-layout`` takes."""
    parser.add_argument("layout", type=Path, metavar="DIR", help="folder that layout wrote")
    parser.add_argument("--network", type=Path, help="network.json the proposal was made for")
    parser.add_argument("--roads", type=Path, help="map, where the road distance decides")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Run ``servicenet check-layout``; exit code 1 if anything is not as the files say."""
    return run_guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    violations = check_layout(arguments.layout, arguments.network, arguments.roads)
    if arguments.json:
        print(json.dumps({"ok": not violations, "violations": [v.as_dict() for v in violations]}))
    else:
        for v in violations:
            print(f"{v.code} {v.where}: found {v.found}; expected {v.expected}.")
        print("layout is not as it says" if violations else "layout is as it says")
    return Exit.VIOLATIONS if violations else Exit.OK


def check_layout(
    folder: Path, network: Path | None = None, roads: Path | None = None
) -> tuple[Violation, ...]:
    """Return everything that is wrong with the proposal in a folder.

    Parameters
    ----------
    folder
        What ``servicenet layout`` wrote: layout.json and demand.csv.
    network
        The network it was made for; its outlets and money are compared.
    roads
        Map; needed where the road distance decides.

    Raises
    ------
    InstanceFormatError
        If the files are not a layout, or roads are needed and not given.
    """
    layout = _read_layout(folder / LAYOUT_FILE)
    demand = read_demand(folder / DEMAND_FILE, layout)
    distances = None
    if layout["measure"] == "road":
        if roads is None:
            raise InstanceFormatError(LAYOUT_FILE, 0, "the road decides", "--roads FILE")
        distances = measure_roads(read_network(roads), layout["sites"], demand.lonlat)
    violations = judge_layout(layout, demand, distances)
    if network is None:
        return violations
    return (*violations, *compare_outlets(layout, json.loads(network.read_text("utf-8"))))


def _read_layout(path: Path) -> dict[str, Any]:
    try:
        layout = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InstanceFormatError(path.name, 0, str(error), "a JSON object") from error
    if not isinstance(layout, dict) or layout.get("format") != "servicenet-layout/1":
        raise InstanceFormatError(path.name, 0, "no layout", '"format": "servicenet-layout/1"')
    return layout


def read_demand(path: Path, layout: Mapping[str, Any]) -> JudgedDemand:
    """Return the demand of a proposal; the zone of a point gives its radius.

    Raises
    ------
    InstanceFormatError
        If a column is missing or a value is no number.
    """
    radius = layout["radius"]
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [
                (float(row["lon"]), float(row["lat"]), int(row["weight"]),
                 int(radius[f"{row['zone']}_m"]), row["zone"], row.get("district") or "")
                for row in csv.DictReader(file)
            ]  # fmt: skip
    except (OSError, KeyError, ValueError, TypeError) as error:
        expected = "columns lon, lat, weight, zone"
        raise InstanceFormatError(path.name, 0, str(error), expected) from error
    table = np.array([row[:2] for row in rows], dtype=np.float64).reshape(-1, 2)
    return JudgedDemand(
        table,
        np.array([row[2] for row in rows], dtype=np.int64),
        np.array([row[3] for row in rows], dtype=np.int64),
        np.array([row[4] for row in rows], dtype=np.str_),
        np.array([row[5] for row in rows], dtype=np.str_),
    )


def compare_outlets(layout: Mapping[str, Any], network: Mapping[str, Any]) -> tuple[Violation, ...]:
    """Return where outlets of the proposal differ from those of the network file."""
    years = int(network.get("period", 1))
    written = {o["id"]: o for o in (*network.get("outlets", ()), *network.get("candidates", ()))}
    today = {o["id"] for o in network.get("outlets", ()) if o.get("status", "open") == "open"}
    found = {site["id"] for site in layout["sites"] if site["source"] == "existing"}
    violations = []
    if found != today:
        violations.append(Violation("L4108", "sites", f"{sorted(found)}", f"{sorted(today)}"))
    for site in layout["sites"]:
        outlet = written.get(site["id"])
        if outlet is None or site["source"] not in {"existing", "given"}:
            continue
        expected = {
            "lon": outlet["lon"], "lat": outlet["lat"],
            "running": outlet.get("running_cost_per_year", 0) * years,
        }  # fmt: skip
        if site["source"] == "existing":
            expected["closing"] = outlet.get("closing_cost", 0)
        else:
            expected["opening"] = outlet.get("fixed_cost", 0)
        for key, value in expected.items():
            if site[key] != value and network.get("datum", "wgs84") == "wgs84":
                where = f"site {site['id']} {key}"
                violations.append(Violation("L4109", where, f"{site[key]}", f"{value}"))
    return tuple(violations)


def measure_roads(
    network: RoadNetwork, sites: list[dict[str, Any]], demand: NDArray[np.float64]
) -> dict[str, NDArray[np.int64]]:
    """Return meters by road from every site to every demand point; -1 without a way.

    The straight line from a place to its road node counts on both ends (docs/layout.md).

    Parameters
    ----------
    network
        Roads of the car.
    sites
        Sites of layout.json.
    demand
        Shape (n, 2), degrees.
    """
    nodes, access = _snap(network, demand)
    places = np.array([[site["lon"], site["lat"]] for site in sites]).reshape(-1, 2)
    starts, ahead = _snap(network, places)
    n = network.n_nodes
    order = np.lexsort((-network.length_mm, network.head, network.tail))
    # Assignment keeps the last of equal places: the shortest of parallel arcs.
    best: dict[tuple[int, int], int] = {}
    for arc in order.tolist():
        best[int(network.tail[arc]), int(network.head[arc])] = int(network.length_mm[arc])
    pairs = np.array(list(best), dtype=np.int64)
    graph = csr_array((np.array(list(best.values()), float), pairs.T), shape=(n, n))
    result: dict[str, NDArray[np.int64]] = {}
    for row, site in enumerate(sites):
        reached = dijkstra(graph, indices=[int(starts[row])])[0]
        mm = reached[nodes] + access + ahead[row]
        there = np.isfinite(mm) & (access <= ACCESS_LIMIT_MM) & (ahead[row] <= ACCESS_LIMIT_MM)
        meters = np.where(there, np.floor(np.where(there, mm, 0.0) / 1000 + 0.5), -1)
        result[str(site["id"])] = meters.astype(np.int64)
    return result


def _snap(
    network: RoadNetwork, lonlat: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the nearest node of the main network where one may stop, and millimeters to it."""
    barred = np.array([word in NO_STOPPING for word in network.classes])[network.road_class]
    free = np.zeros(network.n_nodes, dtype=np.bool_)
    for ends in (network.tail, network.head):
        free[ends[~barred]] = True
    usable = np.flatnonzero(free & (network.component == 0))
    places = np.column_stack([network.node_lon, network.node_lat])

    def on_ball(points: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = np.radians(points.T)
        return np.column_stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)])

    chord, near = cKDTree(on_ball(places[usable])).query(on_ball(lonlat))
    arc_mm = 2 * np.arcsin(np.minimum(chord / 2, 1.0)) * 6_371_008.8 * 1000
    return usable[near].astype(np.int64), np.rint(arc_mm).astype(np.int64)
