"""The real call days beside VROOM, for several crews; travel is estimated (there is no map)."""

from __future__ import annotations

import argparse
from pathlib import Path

from dispatch.cli.parser import positive_int, positive_seconds
from geo.estimated import EstimatedTravel
from scenarios.bench.day_rows import Budget, check_peers, compare, prepare_case, report
from scenarios.bench.report import BenchReport, Row
from scenarios.call_day import build_call_day
from scenarios.calls import read_calls
from scenarios.errors import DataUnavailable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``servicenet bench calls`` takes."""
    parser.add_argument("--data", type=Path, required=True, help="folder of call days (CSV)")
    parser.add_argument(
        "--technicians", type=positive_int, nargs="+", default=[25, 40, 60], metavar="K"
    )
    parser.add_argument("--budget", type=positive_seconds, default=10.0, metavar="S")
    parser.add_argument("--threads", type=positive_int, default=1)
    parser.add_argument("--seeds", type=positive_int, default=1)
    parser.add_argument("--against", default="vroom", help="comma-separated: vroom,ortools")


def bench(arguments: argparse.Namespace) -> BenchReport:
    """Plan every call day of a folder with every crew.

    Raises
    ------
    DataUnavailable
        If the folder holds no CSV file.
    """
    peers = check_peers(arguments.against)
    files = sorted(arguments.data.glob("*.csv"))
    if not files:
        raise DataUnavailable(f"{arguments.data}: no .csv file.")
    travel = EstimatedTravel()
    rows: list[Row] = []
    for file in files:
        calls = read_calls(file)
        for technicians in arguments.technicians:
            case = prepare_case(build_call_day(calls, technicians=technicians), travel)
            for seed in range(1, arguments.seeds + 1):
                rows += compare(case, Budget(arguments.budget, arguments.threads, seed), peers)
    return report(rows)
