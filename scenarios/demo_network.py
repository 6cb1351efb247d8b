"""The network half of the demonstration: audit a city, propose outlets, write both reports.

Without a map it is the city that arrives with aequilibrae, offline; with a map and a population
grid it is any city. The people are real, the outlets are made up by the seed.
"""

from __future__ import annotations

import argparse
import webbrowser
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dispatch.adapters.coverage_files import write_coverage
from dispatch.adapters.files.network_file import read_network_file
from dispatch.cli.exit_codes import Exit
from dispatch.planning.network_audit import audit_network
from geo.network import RoadNetwork
from geo.osm import read_network
from geo.reach import RoadReach
from geo.zones import RoadDensity
from scenarios.coquimbo import read_city, read_demand
from scenarios.errors import DataUnavailable
from scenarios.layout import make_layout, summary_lines, write_all
from scenarios.layout_question import LayoutWishes
from scenarios.network_city import (
    PESO,
    CityPeople,
    grow_outlets,
    make_grid_city,
    write_city,
)
from solver.stop import MaxIterations, MaxRuntime, Stop

DEMO_OUTLETS = 3


@dataclass(frozen=True, eq=False)
class CityNetwork:
    """A network on disk and its roads."""

    path: Path
    roads: RoadNetwork


def run_network_demo(arguments: argparse.Namespace) -> int:
    """Audit and plan the network; writes ``audit`` and ``layout`` below the output folder."""
    print("Reading the city …", flush=True)
    city = _make_city(arguments)
    found = read_network_file(city.path)
    people = f"{found.demand.total_weight:,} people at {len(found.demand):,} points"
    print(f"  {people}, {len(found.network.open_outlets)} outlets")
    print("Auditing …", flush=True)
    chain = found.chain(road_density=RoadDensity(city.roads))
    reach = RoadReach(city.roads, count_access=found.network.settings.count_access)
    audit = audit_network(found.network, found.demand, chain, reach)
    out: Path = arguments.out
    files = write_coverage(audit, out / "audit", roads=city.roads, language=arguments.lang)
    print(f"  → {files['coverage.html']}")
    print("Looking for outlets …", flush=True)
    stop: Stop = MaxRuntime(arguments.time_limit)
    if arguments.iterations is not None:
        stop = MaxIterations(arguments.iterations)
    layout = make_layout(found, city.roads, LayoutWishes(), stop=stop, seed=arguments.seed)
    report = write_all(layout, out / "layout", language=arguments.lang).resolve()
    print("\n".join(["", *summary_lines(layout.document), "", f"→ {report}"]))
    if arguments.open:
        webbrowser.open(report.as_uri())
    return Exit.OK


def _make_city(arguments: argparse.Namespace) -> CityNetwork:
    if (arguments.roads is None) != (arguments.population is None):
        raise DataUnavailable("--roads and --population belong together; give both or neither.")
    if arguments.roads is None:
        return make_demo_city(arguments.out, arguments.seed, arguments.outlets or DEMO_OUTLETS)
    roads = read_network(arguments.roads)
    name = arguments.name or arguments.roads.name.split(".")[0].replace("_", " ")
    path = make_grid_city(
        arguments.out,
        name,
        roads,
        arguments.population,
        outlets=arguments.outlets or 20,
        seed=arguments.seed,
    )
    return CityNetwork(path, roads)


def make_demo_city(folder: Path, seed: int, outlets: int = DEMO_OUTLETS) -> CityNetwork:
    """Write the network of La Serena and Coquimbo, whose zones carry population.

    Parameters
    ----------
    folder
        Where network.json and demand.csv go.
    seed
        Seed of the made-up outlets.
    outlets
        How many.

    Raises
    ------
    DataUnavailable
        If the city is not installed.
    """
    city = read_city()
    demand = read_demand(city.database, city.network)
    sums = np.r_[0, np.floor(np.cumsum(demand.weight) + 0.5).astype(np.int64)]
    people = (sums[1:] - sums[:-1]).astype(np.int64)
    some = people > 0
    district = [str(word) for word in demand.district[some]]
    zones: list[str] = [str(demand.zone[word]) for word in district]
    living = CityPeople(demand.lonlat[some], people[some], zones, district)
    name = "La Serena and Coquimbo"
    path = write_city(folder, name, living, grow_outlets(living, outlets, seed), PESO)
    return CityNetwork(path, city.network)
