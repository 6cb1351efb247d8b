"""Plan a generated day on a real city, offline, and write it as ``servicenet plan`` does.

The city is La Serena and Coquimbo in Chile; it arrives with the package aequilibrae (extra
``demo``). Ctrl-C keeps the best plan found so far.
"""

from __future__ import annotations

import argparse
import webbrowser
from datetime import time
from pathlib import Path

from dispatch.adapters.files import read_day, write_day
from dispatch.cli.exit_codes import Exit
from dispatch.cli.parser import natural_int, positive_int, positive_seconds
from dispatch.cli.progress import ProgressLine, keep_best_on_interrupt
from dispatch.cli.summary import summarize, summary_lines
from dispatch.domain import Day
from dispatch.planning.daily import Progress
from dispatch.service import REPORT_FILE, PlannedDay, plan_read_day, write_planned_day
from geo.travel_matrix import TravelProvider
from scenarios.console import run_guarded
from scenarios.coquimbo import ZONE, City, read_city, read_demand
from scenarios.demo_live_clock import RATES
from scenarios.details import detail_lines
from scenarios.generate import generate_day
from solver.stop import MaxIterations, MaxRuntime, Stop

DAY_FILE = "day.json"
DEFAULT_TIME_LIMIT_S = 20.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``servicenet demo`` takes."""
    parser.add_argument("--out", type=Path, default=Path("demo-out"), help="folder to write")
    parser.add_argument("--seed", type=natural_int, default=1, help="another seed, another day")
    limits = parser.add_mutually_exclusive_group()
    limits.add_argument(
        "--time-limit",
        type=positive_seconds,
        default=DEFAULT_TIME_LIMIT_S,
        metavar="S",
        help=f"seconds of search (default {DEFAULT_TIME_LIMIT_S:g})",
    )
    limits.add_argument("--iterations", type=natural_int, metavar="N", help="repeatable limit")
    parser.add_argument("--threads", type=positive_int, default=1, metavar="N")
    parser.add_argument("--visits", type=positive_int, default=200, metavar="N")
    parser.add_argument("--technicians", type=positive_int, default=25, metavar="K")
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="of the report")
    parser.add_argument("--open", action="store_true", help="open the report in a browser")
    _add_live_arguments(parser)
    network = parser.add_argument_group("the network instead of a day")
    network.add_argument("--network", action="store_true", help="audit outlets and propose new")
    network.add_argument("--roads", type=Path, metavar="FILE", help="another city: its map …")
    network.add_argument("--population", type=Path, metavar="FILE", help="… and people, GeoTIFF")
    network.add_argument("--name", help="name of that city")
    network.add_argument("--outlets", type=positive_int, metavar="N", help="outlets of today")


def _add_live_arguments(parser: argparse.ArgumentParser) -> None:
    live = parser.add_argument_group("the day lived on the dispatcher's board")
    live.add_argument("--serve", action="store_true", help="serve it, simulated time running")
    live.add_argument("--port", type=natural_int, default=8080, help="port (8080); 0 = any")
    live.add_argument("--store", type=Path, metavar="FOLDER", help="keep it; runs on next time")
    live.add_argument(
        "--start", type=time.fromisoformat, default=time(9, 30), metavar="HH:MM",
        help="when you take over (09:30)",
    )  # fmt: skip
    live.add_argument(
        "--speed", type=float, default=10.0, choices=RATES, metavar="N",
        help="seconds of the day per second (10): 0, 1, 10, 60 or 300",
    )  # fmt: skip
    live.add_argument("--autopilot", action="store_true", help="our policy decides, too")
    live.add_argument("--phone", metavar="ID", help="a technician whom you play, on /me")


def run(arguments: argparse.Namespace) -> int:
    """Run ``servicenet demo``; exit code 2 if the city is not installed."""
    if arguments.serve:
        return run_guarded(lambda: _run_live(arguments))
    if arguments.network or arguments.roads or arguments.population:
        from scenarios.demo_network import run_network_demo

        return run_guarded(lambda: run_network_demo(arguments))
    return run_guarded(lambda: _run(arguments))


def _run_live(arguments: argparse.Namespace) -> int:
    from dispatch.cli.serve import require_extra

    require_extra()
    from scenarios.demo_live_serve import run_live_demo

    return run_live_demo(arguments)


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


def _run(arguments: argparse.Namespace) -> int:
    print("Reading the streets of La Serena and Coquimbo …", flush=True)
    city = read_city()
    print(f"  {city.network.n_nodes:,} junctions, {city.network.n_arcs:,} one-way pieces of street")
    day = make_demo_day(
        city, seed=arguments.seed, visits=arguments.visits, technicians=arguments.technicians
    )
    counts = f"{len(day.visits)} visits, {len(day.technicians)} technicians"
    print(f"Planning {counts}, {len(day.outlets)} outlets …", flush=True)
    path = arguments.out / DAY_FILE
    arguments.out.mkdir(parents=True, exist_ok=True)
    write_day(day, path)
    stop = MaxRuntime(arguments.time_limit)
    if arguments.iterations is not None:
        stop = MaxIterations(arguments.iterations)
    planned = _search(path, city.travel, stop, arguments)
    files = write_planned_day(
        planned, arguments.out, city.travel, network=city.network, language=arguments.lang
    )
    report = files[REPORT_FILE].resolve()
    *lines, where = summary_lines(summarize(planned), report, arguments.lang)
    print("\n".join(["", *lines, *detail_lines(planned), "", where]))
    if arguments.open:
        webbrowser.open(report.as_uri())
    return Exit.OK


def _search(
    path: Path, travel: TravelProvider, stop: Stop, arguments: argparse.Namespace
) -> PlannedDay:
    """Plan the day as read back from its file, the way a user's day comes in."""
    line = ProgressLine()
    with keep_best_on_interrupt() as interrupt:

        def told(state: Progress) -> bool:
            line.show(state)
            return not interrupt.asked

        try:
            return plan_read_day(
                read_day(path),
                travel,
                stop=stop,
                seed=arguments.seed,
                threads=arguments.threads,
                on_progress=told,
            )
        finally:
            line.close()
