"""Routing instances: ours beside PyVRP, VROOM and OR-Tools, judged by our evaluator.

Every engine gets the same rounded matrices, windows and fleet; every answer is judged from the
raw instance. The gap is to the better of the published value and any run of the bench.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from dispatch.cli.parser import positive_int, positive_seconds
from scenarios.bench.peers.pyvrp_peer import solve_with_pyvrp
from scenarios.bench.peers.vroom_peer import solve_with_vroom
from scenarios.bench.report import BenchReport, Row, Stopwatch
from scenarios.errors import DataUnavailable, UnknownInstance
from scenarios.instances import (
    Objective,
    Rounding,
    Vrptw,
    build_problem,
    evaluate,
    read_instance,
)
from scenarios.instances.best_known import find_best_known
from scenarios.solve import solve_instance
from solver.stop import Stop

OURS = "servicenet"
PEERS = ("pyvrp", "vroom", "ortools")

Routes = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Task:
    """One run: an instance under an objective and a budget."""

    instance: Vrptw
    objective: Objective
    budget_s: float
    threads: int
    seed: int

    @property
    def rounding(self) -> Rounding:
        """The objective's own rule."""
        return self.objective.rounding


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``servicenet bench routing`` takes."""
    parser.add_argument("--set", type=Path, required=True, help="folder of instances")
    parser.add_argument("--pattern", default="*", help="file names to take, such as 'R1*'")
    parser.add_argument("--budget", type=positive_seconds, default=10.0, metavar="S")
    parser.add_argument("--threads", type=positive_int, default=1)
    parser.add_argument("--seeds", type=positive_int, default=1, help="runs per instance")
    parser.add_argument("--against", default="", help="comma-separated: " + ",".join(PEERS))
    parser.add_argument(
        "--objective", type=Objective, choices=list(Objective), default=Objective.DISTANCE
    )


def bench(arguments: argparse.Namespace) -> BenchReport:
    """Run all engines on all instances of a folder."""
    engines = [OURS, *(name for name in arguments.against.split(",") if name)]
    unknown = [name for name in engines[1:] if name not in PEERS]
    if unknown:
        raise UnknownInstance(f"engine {unknown[0]!r}; expected one of {', '.join(PEERS)}.")
    files = sorted(
        file for file in arguments.set.glob(arguments.pattern) if file.suffix in {".txt", ".vrp"}
    )
    if not files:
        raise DataUnavailable(f"{arguments.set}: no .txt or .vrp file matches.")
    rows: list[dict[str, str | int | float | None]] = []
    for file in files:
        instance = read_instance(file)
        for seed in range(1, arguments.seeds + 1):
            task = Task(instance, arguments.objective, arguments.budget, arguments.threads, seed)
            rows += [_run(file, task, engine) for engine in engines]
    _add_gaps(rows, files, arguments.objective)
    return BenchReport(rows, _summarize(rows))


def _run(file: Path, task: Task, engine: str) -> dict[str, str | int | float | None]:
    watch = Stopwatch()
    routes = SOLVERS[engine](task)
    wall_s, cpu_s = watch.read()
    judged = evaluate(task.instance, routes, task.rounding)
    return {
        "instance": file.stem,
        "class": get_class(file.stem),
        "engine": engine,
        "seed": task.seed,
        "cost": round(judged.cost, 4),
        "vehicles": judged.vehicles,
        "unserved": len(judged.unserved),
        "faults": len(judged.faults),
        "wall_s": wall_s,
        "cpu_s": cpu_s,
    }


def get_class(name: str) -> str:
    """Return the class of an instance: letters and series, such as ``RC2`` of ``RC2_10_4``."""
    match = re.match(r"([A-Z]+\d)", name.upper())
    return match.group(1) if match else name


def _solve_ours(task: Task, *, ortools: bool = False) -> Routes:
    return solve_instance(
        task.instance,
        stop=Stop(max_runtime_s=task.budget_s),
        seed=task.seed,
        threads=task.threads,
        objective=task.objective,
        engine="ortools" if ortools else "auto",
    ).routes


def _solve_vroom(task: Task) -> Routes:
    problem = build_problem(task.instance, task.objective)
    plan = solve_with_vroom(problem, time_limit_s=task.budget_s, threads=task.threads)
    return tuple(tuple(visit + 1 for visit, _ in order) for order in plan.routes.values())


def _solve_pyvrp(task: Task) -> Routes:
    return solve_with_pyvrp(
        task.instance, task.objective, task.rounding, time_limit_s=task.budget_s, seed=task.seed
    )


SOLVERS: dict[str, Callable[[Task], Routes]] = {
    OURS: _solve_ours,
    "pyvrp": _solve_pyvrp,
    "vroom": _solve_vroom,
    "ortools": partial(_solve_ours, ortools=True),
}


def _add_gaps(
    rows: list[dict[str, str | int | float | None]], files: Sequence[Path], objective: Objective
) -> None:
    """Add the published value, the reference (better of it and any whole run) and the gap."""
    for file in files:
        own = [row for row in rows if row["instance"] == file.stem]
        known = find_best_known(file)
        published, vehicles = known.distance, None
        if objective is Objective.HIERARCHICAL:
            published, vehicles = known.hierarchical_distance, known.vehicles
        whole = [row for row in own if not row["faults"]]
        if vehicles is not None:
            # with more vehicles than the best known there is no gap in distance to speak of
            whole = [row for row in whole if int(row["vehicles"] or 0) <= vehicles]
        values = [float(row["cost"] or 0) for row in whole]
        reference = min([*values, *([published] if published is not None else [])], default=None)
        for row in own:
            row["published"] = published
            row["reference"] = reference
            comparable = reference is not None and any(row is other for other in whole)
            row["gap_percent"] = (
                round(100 * (float(row["cost"] or 0) / reference - 1), 3)
                if comparable and reference
                else None
            )


def _summarize(rows: Sequence[Row]) -> dict[str, object]:
    """Return per engine and class: runs, whole runs, mean gap, ratio of sums, seconds."""
    groups: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        for kind in (str(row["class"]), "all"):
            groups[str(row["engine"]), kind].append(row)
    summary: dict[str, object] = {}
    for (engine, kind), members in sorted(groups.items()):
        whole = [row for row in members if row["gap_percent"] is not None]
        gaps = [float(row["gap_percent"] or 0) for row in whole]
        reference = sum(float(row["reference"] or 0) for row in whole)
        summary[f"{engine} {kind}"] = {
            "runs": len(members),
            "comparable": len(whole),
            "mean_gap_percent": round(sum(gaps) / len(gaps), 3) if gaps else None,
            "worst_gap_percent": max(gaps, default=None),
            "cost_over_reference": (
                round(sum(float(row["cost"] or 0) for row in whole) / reference, 5)
                if reference
                else None
            ),
            "wall_s": round(sum(float(row["wall_s"] or 0) for row in members), 1),
            "cpu_s": round(sum(float(row["cpu_s"] or 0) for row in members), 1),
        }
    return summary
