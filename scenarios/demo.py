"""``servicenet demo``: a generated day on a real city, offline, planned and written like any."""

from __future__ import annotations

import argparse
import webbrowser
from dataclasses import dataclass
from pathlib import Path

from dispatch.adapters.files import read_day, write_day
from dispatch.domain import Day
from dispatch.planning.daily import Progress
from dispatch.service import REPORT_FILE, PlannedDay, plan_read_day, write_planned_day
from geo.matrix_provider import RoadTravel
from geo.network import RoadNetwork
from scenarios.arguments import positive_int, positive_seconds, whole_int
from scenarios.console import Exit, run_guarded
from scenarios.coquimbo import ZONE, read_demand, unpack_project
from scenarios.generate import generate_day
from scenarios.solve import make_stop
from scenarios.summary import summarize

DAY_FILE = "day.json"
DEFAULT_TIME_LIMIT_S = 20.0


@dataclass(frozen=True)
class City:
    """The twin cities, ready to plan on."""

    network: RoadNetwork
    travel: RoadTravel
    database: Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``servicenet demo`` takes."""
    parser.add_argument("--out", type=Path, default=Path("demo-out"), help="folder to write")
    parser.add_argument("--seed", type=whole_int, default=1, help="another seed, another day")
    parser.add_argument("--time-limit", type=positive_seconds, metavar="S", help="default 20")
    parser.add_argument("--iterations", type=whole_int, metavar="N", help="repeatable limit")
    parser.add_argument("--threads", type=positive_int, default=1)
    parser.add_argument("--visits", type=positive_int, default=200)
    parser.add_argument("--technicians", type=positive_int, default=25)
    parser.add_argument("--language", choices=("en", "zh"), default="en", help="of the report")
    parser.add_argument("--open", action="store_true", help="open the report in a browser")


def run(arguments: argparse.Namespace) -> int:
    """Run ``servicenet demo``; exit code 2 if the city is not installed."""
    return run_guarded(lambda: _run(arguments))


def prepare_city() -> City:
    """Unpack the city and read its roads.

    Raises
    ------
    DataUnavailable
        If ``aequilibrae`` is not installed.
    """
    database = unpack_project()
    travel = RoadTravel.from_file(database)
    return City(travel.get_network("car"), travel, database)


def make_demo_day(city: City, *, seed: int, visits: int = 200, technicians: int = 25) -> Day:
    """Return the day of a seed: six outlets, three emergencies."""
    return generate_day(
        read_demand(city.database, city.network),
        seed=seed,
        visits=visits,
        technicians=technicians,
        zone=ZONE,
        name=f"la-serena-{seed}",
    )


def _run(arguments: argparse.Namespace) -> Exit:
    print("Reading the streets of La Serena and Coquimbo …", flush=True)
    city = prepare_city()
    print(f"  {city.network.n_nodes:,} junctions, {city.network.n_arcs:,} one-way pieces of street")
    day = make_demo_day(
        city, seed=arguments.seed, visits=arguments.visits, technicians=arguments.technicians
    )
    print(
        f"Planning {len(day.visits)} visits, {len(day.technicians)} technicians, "
        f"{len(day.outlets)} outlets …",
        flush=True,
    )
    planned = _plan(day, city, arguments)
    files = write_planned_day(
        planned,
        arguments.out,
        city.travel,
        network=city.network,
        language=arguments.language,
    )
    print(summarize(planned))
    report = files[REPORT_FILE].resolve()
    print(f"\nThe report: {report}")
    if arguments.open:
        webbrowser.open(report.as_uri())
    return Exit.OK


def _plan(day: Day, city: City, arguments: argparse.Namespace) -> PlannedDay:
    """Plan the day as read back from its file, the way a user's day comes in."""
    path = arguments.out / DAY_FILE
    arguments.out.mkdir(parents=True, exist_ok=True)
    write_day(day, path)
    limited = arguments.time_limit is not None or arguments.iterations is not None
    time_limit_s = arguments.time_limit if limited else DEFAULT_TIME_LIMIT_S
    return plan_read_day(
        read_day(path),
        city.travel,
        stop=make_stop(time_limit_s, arguments.iterations),
        seed=arguments.seed,
        threads=arguments.threads,
        on_progress=_Ticker(),
    )


class _Ticker:
    """Prints how the search stands, about once in two seconds."""

    def __init__(self) -> None:
        self._told_s = 0.0

    def __call__(self, state: Progress) -> None:
        if state.runtime_s - self._told_s >= 2:
            self._told_s = state.runtime_s
            print(
                f"  {state.runtime_s:5.1f} s  {state.iteration:>9,} iterations  "
                f"{state.unassigned} unassigned",
                flush=True,
            )
