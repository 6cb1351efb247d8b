"""Siting: answers and proven bounds on public and generated instances, beside spopt with CBC.

``gap_percent`` is the proven gap between our answer and our bound; ``to_best_percent`` compares the
answer with the published value (positive is worse). A peer's bound is not counted: spopt reports
none, and calls an answer "Optimal" when CBC ran out of time.
"""

from __future__ import annotations

import argparse
import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from dispatch.cli.parser import positive_int, positive_seconds
from scenarios.bench.location_cases import KINDS, Case, list_cases
from scenarios.bench.peers.spopt_peer import find_spopt, solve_with_spopt
from scenarios.bench.report import BenchReport, Row, Stopwatch
from scenarios.errors import DataUnavailable, UnknownInstance
from scenarios.location_models import Model
from solver.stop import Stop

OURS: Final = "servicenet"
PEER: Final = "spopt + CBC"

BARS: Final = {
    "pmed": "bound within 0.1 % on all, optimal on at least 90 %, each <= 60 s",
    "spopt_sf": "optimal and equal to the published value on all, each <= 30 s",
    "sjc": "optimal and equal to the published value on all, each <= 30 s",
    "scp": "best known on at least 90 %, mean gap <= 0.5 %",
    "cpmp": "at most 1 % above the best known, each <= 60 s",
    "small 10 s": "proven <= 0.3 %",
    "small 60 s": "proven <= 0.05 %",
    "large 30 s": "proven <= 0.6 %",
    "large 120 s": "proven <= 0.2 %",
    "huge 60 s": "proven <= 0.01 %",
}
"""What each class is judged by."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``servicenet bench location`` takes."""
    parser.add_argument("--data", type=Path, help="folder with pmed, spopt_sf, mclp, scp, cpmp")
    parser.add_argument("--classes", default=",".join(KINDS), help="default: all")
    parser.add_argument("--pattern", default="", help="only instances whose name contains this")
    parser.add_argument("--budget", type=positive_seconds, metavar="S", help="default: the class's")
    parser.add_argument("--seeds", type=positive_int, default=3, help="generated, per pattern")
    parser.add_argument("--against", choices=["", "spopt"], default="")


def bench(arguments: argparse.Namespace) -> BenchReport:
    """Solve every case of the classes; with ``--against spopt`` beside spopt where it fits.

    Raises
    ------
    UnknownInstance
        If a class is not known.
    DataUnavailable
        If data, or the peer asked for, is missing.
    """
    kinds = [kind for kind in arguments.classes.split(",") if kind]
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise UnknownInstance(f"class {unknown[0]!r}; expected some of {', '.join(KINDS)}.")
    if arguments.against and not find_spopt():
        raise DataUnavailable("spopt is not installed; install the extra [bench].")
    rows: list[Row] = []
    for case in list_cases(arguments.data, kinds, arguments.seeds):
        if arguments.pattern not in case.name:
            continue
        budget_s = arguments.budget or case.budget_s
        rows.append(run_ours(case, budget_s))
        if arguments.against:
            rows += run_peer(case, budget_s)
    return BenchReport(rows, summarize(rows))


def run_ours(case: Case, budget_s: float) -> Row:
    """Return the row of our engine."""
    watch = Stopwatch()
    outcome = case.solve(Stop(max_runtime_s=budget_s), 1)
    wall_s, cpu_s = watch.read()
    return _make_row(case, OURS, outcome.objective, outcome.bound, outcome.status, wall_s, cpu_s)


def run_peer(case: Case, budget_s: float) -> list[Row]:
    """Return the row of spopt with CBC; nothing where it has no such model or no room."""
    watch, before = Stopwatch(), os.times()
    found = solve_with_spopt(case, budget_s)
    if found is None:
        return []
    wall_s, cpu_s = watch.read()
    after = os.times()  # CBC runs as a child
    children_s = after.children_user + after.children_system
    cpu_s = round(cpu_s + children_s - before.children_user - before.children_system, 3)
    return [_make_row(case, PEER, found.objective, None, found.status, wall_s, cpu_s)]


def _make_row(  # noqa: PLR0917 - one value per column
    case: Case,
    engine: str,
    objective: float | None,
    bound: float | None,
    status: str,
    wall_s: float,
    cpu_s: float,
) -> Row:
    sign = -1.0 if case.question.model is Model.MCLP else 1.0
    gap = to_best = None
    if objective is not None and bound is not None:
        gap = round(100 * abs(bound - objective) / max(1.0, abs(objective)), 5)
    if objective is not None and case.best_known:
        to_best = round(100 * sign * (objective / case.best_known - 1), 4) + 0.0
    return {
        "class": case.kind,
        "instance": case.name,
        "model": case.question.model.value,
        "p": case.question.p,
        "engine": engine,
        "objective": objective,
        "best_known": case.best_known,
        "bound": bound,
        "gap_percent": gap,
        "to_best_percent": to_best,
        "status": status,
        "wall_s": wall_s,
        "cpu_s": cpu_s,
    }


SAME_PERCENT: Final = 1e-4
"""Published values of the tables are rounded; less than this is the same value."""


def summarize(rows: Sequence[Row]) -> dict[str, object]:
    """Return per class and engine the figures its bar speaks about."""
    groups: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[str(row["class"]), str(row["engine"])].append(row)
    summary: dict[str, object] = {}
    for (kind, engine), members in groups.items():
        gaps = _get_numbers(members, "gap_percent")
        best = _get_numbers(members, "to_best_percent")
        walls = _get_numbers(members, "wall_s")
        summary[f"{kind}: {engine}"] = {
            "runs": len(members),
            "optimal": sum(str(row["status"]).lower() == "optimal" for row in members),
            "worst_gap_percent": max(gaps, default=None),
            "mean_gap_percent": _get_mean(gaps),
            "best_known_hit": sum(value <= SAME_PERCENT for value in best) if best else None,
            "worst_to_best_percent": max(best, default=None),
            "mean_to_best_percent": _get_mean(best),
            "worst_wall_s": max(walls, default=None),
            "wall_s": round(sum(walls), 1),
            "cpu_s": round(sum(_get_numbers(members, "cpu_s")), 1),
            "bar": BARS.get(kind) if engine == OURS else None,
        }
    return summary


def _get_numbers(rows: Sequence[Row], column: str) -> list[float]:
    values = (row[column] for row in rows)
    return [float(value) for value in values if isinstance(value, int | float)]


def _get_mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 5) if values else None
