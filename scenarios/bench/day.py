"""Generated city-days on real maps, beside PyVRP, VROOM, OR-Tools and vrp-cli.

Common rules first: one problem and one cost for everybody (``day_common``). Full rules second:
every peer's plan is repaired by a greedy step and judged by the same referee and price table
(``day_duel``).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from dispatch.cli.parser import positive_int, positive_seconds
from dispatch.domain import Day
from geo.estimated import EstimatedTravel
from geo.matrix_provider import RoadTravel
from scenarios.bench.day_duel import Duel, sum_up
from scenarios.bench.day_engines import OURS, PEERS, check_engines
from scenarios.bench.day_rows import Budget, prepare_case
from scenarios.bench.progress import run_all
from scenarios.bench.report import BenchReport, Row, read_peak_mb
from scenarios.coquimbo import ZONE, read_city, read_demand
from scenarios.demand import Demand, build_network_demand
from scenarios.errors import DataUnavailable, UnknownInstance
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
    parser.add_argument("--visits", type=sizes, default=(200,), metavar="N,N", help="sizes of days")
    parser.add_argument("--technicians", type=positive_int, help="default: 15 for every 100 visits")
    parser.add_argument("--budget", type=positive_seconds, default=10.0, metavar="S")
    parser.add_argument(
        "--reference", type=positive_seconds, default=0.0, metavar="S",
        help="common rules: ours with this budget too, for the gaps",
    )  # fmt: skip
    parser.add_argument("--threads", type=positive_int, default=1)
    parser.add_argument("--seeds", type=positive_int, default=1, help="days per map and size")
    parser.add_argument("--against", default="vroom", help="comma-separated: " + ",".join(PEERS))
    parser.add_argument("--rules", default="common,full", help="common, full or both")
    parser.add_argument(
        "--estimated", action="store_true", help="travel from straight lines, not from roads"
    )


def sizes(word: str) -> tuple[int, ...]:
    """Read ``200,1000``.

    Raises
    ------
    argparse.ArgumentTypeError
        If one is no positive whole number.
    """
    return tuple(positive_int(part) for part in word.split(","))


def count_technicians(visits: int) -> int:
    """Return how many technicians a day of so many visits gets: 15 for every 100, at least 5."""
    return max(5, -(-15 * visits // 100))


def bench(arguments: argparse.Namespace) -> BenchReport:
    """Plan generated days on every map; the seed makes the day and steers the search.

    Raises
    ------
    DataUnavailable
        If no map is found, or the demonstration city or a peer is not installed.
    UnknownInstance
        If an engine or a kind of rules is not known.
    """
    engines = (OURS, *check_engines(arguments.against))
    rules = tuple(arguments.rules.split(","))
    if not set(rules) <= {"common", "full"}:
        raise UnknownInstance(f"rules {arguments.rules!r}; expected common, full or both.")
    duels = (partial(duel.run, rules) for duel in _duels(arguments, engines))
    days, is_cut = run_all(duels, _describe)
    rows = [row for day in days for row in day]
    summary = sum_up(rows)
    summary["peak memory, MB"] = read_peak_mb()
    if is_cut:
        summary["interrupted after days"] = len(days)
    return BenchReport(rows, summary)


def _duels(arguments: argparse.Namespace, engines: Sequence[str]) -> Iterator[Duel]:
    """Yield every day with those who plan it."""
    for place in find_places(arguments.maps, arguments.pattern):
        travel = EstimatedTravel() if arguments.estimated else place.travel
        for visits in arguments.visits:
            technicians = arguments.technicians or count_technicians(visits)
            for seed in range(1, arguments.seeds + 1):
                day = place.make_day(seed, visits, technicians)
                budget = Budget(arguments.budget, arguments.threads, seed)
                yield Duel(prepare_case(day, travel), engines, budget, arguments.reference)


def _describe(rows: Sequence[Row]) -> str:
    prices = (f"{row['rules']} {row['engine']} {row['price_yuan']}" for row in rows)
    return f"{rows[0]['day']}: {', '.join(prices)}" if rows else "no rows"


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
