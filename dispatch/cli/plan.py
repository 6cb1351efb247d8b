"""Plan a service day on real roads.

Reads the day (a JSON document, a workbook or a folder of CSV tables), plans it, has the referee
judge the plan, and writes plan.json, plan.xlsx, plan.gpkg, travel.npz, routes.geojson, report.html
and a calendar per technician into the output folder.
Ctrl-C keeps the best plan found so far and writes it. Without --roads or --place, travel is
estimated, and every output says so.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from dispatch.cli.exit_codes import Exit, exit_code_table
from dispatch.cli.parser import natural_int, positive_int, positive_seconds
from dispatch.cli.traffic_option import add_traffic_argument, with_traffic

if TYPE_CHECKING:
    from dispatch.adapters.files import DayFile
    from dispatch.domain import Day, DayPlan
    from dispatch.service import PlannedDay
    from geo.network import RoadNetwork
    from geo.travel_matrix import TravelProvider

DEFAULT_TIME_LIMIT_S = 10.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = f"exit codes:\n{exit_code_table()}"
    parser.add_argument(
        "day", type=Path, metavar="DAY", help="day.json, day.xlsx, or a folder of CSV tables"
    )
    roads = parser.add_mutually_exclusive_group()
    roads.add_argument(
        "--roads",
        type=Path,
        metavar="FILE",
        help="map: .osm.pbf, .osm, .graphml, or .sqlite of an AequilibraE project",
    )
    roads.add_argument("--place", metavar="NAME", help="fetch a place's roads from OpenStreetMap")
    add_traffic_argument(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="output folder")
    limits = parser.add_mutually_exclusive_group()
    limits.add_argument(
        "--time-limit",
        type=positive_seconds,
        metavar="S",
        help=f"seconds of search (default {DEFAULT_TIME_LIMIT_S:g})",
    )
    limits.add_argument(
        "--iterations",
        type=natural_int,
        metavar="N",
        help="iterations of search; the same input then gives the same plan",
    )
    parser.add_argument("--seed", type=natural_int, default=0, metavar="K", help="default 0")
    parser.add_argument("--threads", type=positive_int, default=1, metavar="N", help="default 1")
    parser.add_argument("--engine", choices=("auto", "core", "ortools"), default="auto")
    parser.add_argument("--gazetteer", type=Path, metavar="FILE", help="CSV of places by name")
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="of report and summary")
    parser.add_argument(
        "--datum",
        choices=("wgs84", "gcj02"),
        default="wgs84",
        help="of coordinates in routes.geojson and plan.xlsx; gcj02 for Chinese map programs",
    )
    parser.add_argument(
        "--remedies", action="store_true", help="say what would help each unassigned visit"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Plan the day and return the exit code."""
    from dispatch.cli.guard import run_guarded

    return run_guarded(lambda: _plan(arguments), as_json=arguments.json)


def _plan(arguments: argparse.Namespace) -> int:
    from dispatch.adapters.files import read_day, read_gazetteer
    from dispatch.cli.guard import print_faults
    from dispatch.cli.roads import make_travel
    from dispatch.service import write_planned_day

    gazetteer = read_gazetteer(arguments.gazetteer) if arguments.gazetteer else None
    found = with_traffic(read_day(arguments.day, geocoder=gazetteer), arguments.traffic)
    print_faults((*found.quarantine_faults, *found.warnings))
    travel = make_travel(arguments.roads, arguments.place, arguments.threads)
    _make_folder(arguments.out)
    planned = _search(arguments, found, travel)
    network = _network(found.day, travel)
    files = write_planned_day(
        planned, arguments.out, travel, network=network, language=arguments.lang,
        datum=arguments.datum,
    )  # fmt: skip
    code = _exit_code(planned.plan)
    _tell(arguments, planned, files, code)
    return code


def _search(arguments: argparse.Namespace, found: DayFile, travel: TravelProvider) -> PlannedDay:
    from dispatch.cli.progress import ProgressLine, keep_best_on_interrupt
    from dispatch.planning.daily import Progress
    from dispatch.service import plan_read_day
    from solver.stop import MaxIterations, MaxRuntime

    line = ProgressLine()
    if arguments.iterations is not None:
        stop = MaxIterations(arguments.iterations)
    else:
        stop = MaxRuntime(arguments.time_limit or DEFAULT_TIME_LIMIT_S)
    with keep_best_on_interrupt() as interrupt:

        def told(state: Progress) -> bool:
            line.show(state)
            return not interrupt.asked

        try:
            return plan_read_day(
                found,
                travel,
                stop=stop,
                seed=arguments.seed,
                threads=arguments.threads,
                on_progress=told,
                engine=arguments.engine,
                remedies=arguments.remedies,
            )
        finally:
            line.close()


def _make_folder(folder: Path) -> None:
    """Make the output folder and try it: better to fail now than after the search.

    Raises
    ------
    OSError
        If files cannot be written there.
    """
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(f"{folder}: a file stands where the output folder should be")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass


def _network(day: Day, travel: TravelProvider) -> RoadNetwork | None:
    """Return roads to draw: those of the first technician's profile, usually the car."""
    from geo.matrix_provider import RoadTravel

    if not isinstance(travel, RoadTravel) or not day.technicians:
        return None
    profiles = [technician.profile for technician in day.technicians]
    return travel.get_network("car" if "car" in profiles else profiles[0])


def _exit_code(plan: DayPlan) -> Exit:
    return {
        "emergency_unserved": Exit.EMERGENCY,
        "infeasible_input": Exit.INPUT,
    }.get(plan.status.value, Exit.OK)


def _tell(
    arguments: argparse.Namespace, planned: PlannedDay, files: dict[str, Path], code: Exit
) -> None:
    from dispatch.cli.guard import print_json
    from dispatch.cli.summary import summarize, summary_lines
    from dispatch.service import REPORT_FILE

    summary = summarize(planned)
    if not arguments.json:
        print("\n".join(summary_lines(summary, files[REPORT_FILE], arguments.lang)))
        return
    print_json(
        {
            "ok": code is Exit.OK,
            "exit_code": int(code),
            **summary,
            "files": {name: str(path) for name, path in files.items()},
            "warnings": [fault.as_dict() for fault in planned.warnings],
            "quarantined": [entry.model_dump() for entry in planned.plan.quarantined],
        }
    )
