"""Generated city-days on real maps, beside VROOM."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dispatch.cli.parser import positive_int, positive_seconds
from dispatch.domain import Day
from geo.matrix_provider import RoadTravel
from scenarios.bench.day_rows import Budget, check_peers, compare, prepare_case, report
from scenarios.bench.report import BenchReport, Row
from scenarios.coquimbo import ZONE, read_city, read_demand
from scenarios.demand import Demand, build_network_demand
from scenarios.errors import DataUnavailable
from scenarios.generate import generate_day, get_nautical_zone


@dataclass(frozen=True, eq=False)
class Place:
    """A map to make days on."""

    name: str
    zone: str
    demand: Demand
    travel: RoadTravel

    def make_day(self, seed: int, visits: int, technicians: int) -> Day:
        """Return the day of a seed."""
        return generate_day(
            self.demand,
            seed=seed,
            visits=visits,
            technicians=technicians,
            zone=self.zone,
            name=f"{self.name}-{seed}",
        )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``servicenet bench day`` takes."""
    parser.add_argument("--maps", type=Path, help="folder of maps; default: the demo city")
    parser.add_argument("--pattern", default="*.osm.pbf", help="maps to take from the folder")
    parser.add_argument("--visits", type=positive_int, default=200)
    parser.add_argument("--technicians", type=positive_int, default=25)
    parser.add_argument("--budget", type=positive_seconds, default=10.0, metavar="S")
    parser.add_argument("--threads", type=positive_int, default=1)
    parser.add_argument("--seeds", type=positive_int, default=1, help="days per map")
    parser.add_argument("--against", default="vroom", help="comma-separated: vroom,ortools")


def bench(arguments: argparse.Namespace) -> BenchReport:
    """Plan generated days on every map; the seed makes the day and steers the search.

    Raises
    ------
    DataUnavailable
        If no map is found, or the demonstration city is not installed.
    """
    peers = check_peers(arguments.against)
    rows: list[Row] = []
    for place in find_places(arguments.maps, arguments.pattern):
        for seed in range(1, arguments.seeds + 1):
            day = place.make_day(seed, arguments.visits, arguments.technicians)
            budget = Budget(arguments.budget, arguments.threads, seed)
            rows += compare(prepare_case(day, place.travel), budget, peers)
    return report(rows)


def find_places(folder: Path | None, pattern: str) -> Iterator[Place]:
    """Yield every map of a folder, or the demonstration city where no folder is given.

    Raises
    ------
    DataUnavailable
        If the folder has no such map.
    """
    if folder is None:
        city = read_city()
        yield Place("la-serena", ZONE, read_demand(city.database, city.network), city.travel)
        return
    maps = sorted(folder.glob(pattern))
    if not maps:
        raise DataUnavailable(f"{folder}: no map matches {pattern}.")
    for path in maps:
        travel = RoadTravel.from_file(path)
        demand = build_network_demand(travel.get_network("car"))
        zone = get_nautical_zone(float(demand.lonlat[:, 0].mean()))
        yield Place(path.name.split(".")[0].replace("_", "-"), zone, demand, travel)
