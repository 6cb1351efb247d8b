"""``servicenet bench NAME``: side-by-side benchmarks; a JSON file and a table."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from dispatch.cli.exit_codes import Exit
from scenarios.bench.report import BenchReport, Row, format_table, write_report
from scenarios.console import run_guarded

BENCHES = {
    "routing": ("scenarios.bench.routing", "public instances beside four other engines"),
    "day": ("scenarios.bench.day", "generated city-days on maps beside four other engines"),
    "calls": ("scenarios.bench.calls", "the real call days beside VROOM"),
    "first-plan": ("scenarios.bench.first_plan", "seconds to the first feasible plan"),
    "emergency": ("scenarios.bench.emergency", "the best ways to serve emergencies, and how fast"),
    "rush-hour": ("scenarios.bench.rush_hour", "plans made with and without travel by hour"),
    "matrix": ("scenarios.bench.matrix", "travel matrices on the maps"),
    "policies": ("scenarios.bench.policies", "policies on simulated days, real and generated"),
    "service": ("scenarios.bench.service", "the service under load beside a search"),
    "board": ("scenarios.bench.board", "the board in a real browser: first frame, drag, map"),
    "disturbance": ("scenarios.bench.disturbance", "one emergency on an agreed day beside peers"),
    "location": ("scenarios.bench.location", "siting with proven bounds beside spopt and CBC"),
}
"""Module and one line of help by name; a module has ``add_arguments`` and ``bench``."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``servicenet bench`` takes."""
    names = parser.add_subparsers(dest="bench", required=True, metavar="NAME")
    for name, (module, summary) in BENCHES.items():
        own = names.add_parser(name, help=summary)
        own.add_argument("--out", type=Path, required=True, help="JSON file to write")
        importlib.import_module(module).add_arguments(own)


def run(arguments: argparse.Namespace) -> int:
    """Run ``servicenet bench``; exit code 2 for broken input."""
    return run_guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    module = importlib.import_module(BENCHES[arguments.bench][0])
    report: BenchReport = module.bench(arguments)
    command = f"servicenet bench {' '.join(sys.argv[2:])}".rstrip()
    write_report(arguments.bench, report, command, arguments.out)
    print(f"$ {command}")
    print(format_table(report.rows))
    print(format_summary(report))
    print(f"Written to {arguments.out}")
    return Exit.OK


def format_summary(report: BenchReport) -> str:
    """Return the summary: a table where its values are mappings, else one line per figure."""
    tables: list[Row] = []
    lines: list[str] = []
    for name, value in report.summary.items():
        if isinstance(value, dict):
            tables.append({"summary": name, **value})
        else:
            lines.append(f"{name}: {value}")
    table = [format_table(tables)] if tables else []
    return "\n".join(["", *table, *lines, ""])
