"""Live through a day many times: events, decisions, figures with intervals.

Requests come in over the day, customers call off or do not open, work overruns, technicians fall
ill, traffic gets slow in places. Every policy lives through the same days (common random numbers).
Writes one row per visit, one per day, summary.json and report.html.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dispatch.cli.exit_codes import Exit
from dispatch.cli.parser import natural_int, positive_int
from scenarios.console import run_guarded

if TYPE_CHECKING:
    from scenarios.simulation.chances import Chances

DEFAULT_REPLICATIONS: Final = 10

CHANCES: Final = {
    "requests": "share of visits without released_at that are asked for during the day",
    "emergencies": "expected per 100 visits",
    "cancellations": "share of visits the customer calls off",
    "absences": "share of visits at which nobody opens",
    "overruns": "share of visits that take twice as long",
    "sickness": "share of technicians who fall ill",
    "shocks": "expected slow areas a day",
    "service-spread": "spread of the work's duration (of its logarithm)",
    "travel-spread": "spread of travel times (of their logarithm)",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``servicenet simulate`` takes."""
    parser.add_argument(
        "day", type=Path, metavar="DAY", help="day.json, day.xlsx, or a folder of CSV tables"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="output folder")
    parser.add_argument(
        "--replications", type=positive_int, default=DEFAULT_REPLICATIONS, metavar="N"
    )
    parser.add_argument("--seed", type=natural_int, default=1, metavar="K", help="of all chance")
    parser.add_argument(
        "--policy", metavar="NAMES", help="comma-separated; default: all, one beside the other"
    )
    parser.add_argument("--roads", type=Path, metavar="FILE", help="map; default: estimates")
    parser.add_argument("--parquet", action="store_true", help="visits as Parquet, not CSV")
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")
    chances = parser.add_argument_group("what may happen")
    for name, text in CHANCES.items():
        chances.add_argument(f"--{name}", type=float, metavar="X", help=text)


def run(arguments: argparse.Namespace) -> int:
    """Run ``servicenet simulate``; exit code 2 for broken input."""
    return run_guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    from dispatch.adapters.files import read_day
    from dispatch.cli.roads import make_travel
    from scenarios.bench.day_rows import prepare_case
    from scenarios.simulation.figures import summarize
    from scenarios.simulation.files import check_parquet, write_simulation
    from scenarios.simulation.policies import find_policies
    from scenarios.simulation.runner import Simulator

    policies = find_policies(arguments.policy)
    chances = _chances(arguments)
    if arguments.parquet:
        check_parquet()
    found = read_day(arguments.day)
    case = prepare_case(found.day, make_travel(arguments.roads, None))
    simulator = Simulator(case.day, case.table, chances, arguments.seed)
    simulation = simulator.run(policies, arguments.replications, _tell)
    summary = {
        "day": case.day.id,
        "visits": len(case.day.visits),
        "technicians": len(case.day.technicians),
        "seed": arguments.seed,
        "replications": arguments.replications,
        **summarize(simulation.days),
    }
    files = write_simulation(simulation, summary, arguments.out, parquet=arguments.parquet)
    if arguments.json:
        print(json.dumps({**summary, "files": {k: str(v) for k, v in files.items()}}))
    else:
        print(_text(summary))
        print("\n".join(f"→ {path}" for path in files.values()))
    return Exit.OK


def _chances(arguments: argparse.Namespace) -> Chances:
    from scenarios.simulation.chances import Chances

    names = [name.replace("-", "_") for name in CHANCES]
    given = {name: getattr(arguments, name) for name in names}
    return Chances(**{name: value for name, value in given.items() if value is not None})


def _tell(row: dict[str, Any]) -> None:
    kept = f"{100 * row['kept_share']:.1f} % kept"
    words = f"replication {row['replication']} {row['policy']}: {kept}, {row['cpu_s']:.1f} s"
    print(words, file=sys.stderr, flush=True)


def _text(summary: dict[str, Any]) -> str:
    from scenarios.bench.report import Row, format_table
    from scenarios.simulation.page import COLUMNS

    rows: list[Row] = []
    for policy, figures in summary["policies"].items():
        cells: dict[str, str | None] = {"policy": policy}
        for measure, (heading, factor, digits) in COLUMNS.items():
            one = figures[measure]
            cells[heading] = None if one is None else _cell(one, factor, digits)
        rows.append(cells)
    return format_table(rows)


def _cell(one: dict[str, float], factor: float, digits: int) -> str:
    half = (one["high"] - one["low"]) / 2 * factor
    return f"{one['mean'] * factor:.{digits}f} ±{half:.{digits}f}"
