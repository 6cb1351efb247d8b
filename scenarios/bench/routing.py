"""Routing instances of every type: ours beside PyVRP, VROOM, OR-Tools and vrp-cli, judged by ours.

Every engine gets the same rounded matrices, windows and fleet, and runs only where it has words
for every rule; every answer is judged from the raw instance. The gap is to the better of the
published value and any run of the bench.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from dispatch.cli.parser import positive_int, positive_seconds
from scenarios.bench.progress import run_all
from scenarios.bench.report import BenchReport, Stopwatch
from scenarios.bench.routing_cases import Case, find_files, get_class, read_case
from scenarios.bench.routing_chart import draw_chart
from scenarios.bench.routing_engines import OURS, PEERS, Task, can_state, run_engine
from scenarios.bench.routing_gaps import Run, list_rows, summarize
from scenarios.errors import UnknownInstance
from scenarios.instances import Objective

__all__ = ["add_arguments", "bench", "get_class"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``servicenet bench routing`` takes."""
    parser.add_argument("--set", type=Path, required=True, help="folder of instances")
    parser.add_argument("--pattern", default="*", help="file names to take, such as 'R1*'")
    parser.add_argument("--budget", type=positive_seconds, default=10.0, metavar="S")
    parser.add_argument("--threads", type=positive_int, default=1)
    parser.add_argument("--seeds", type=positive_int, default=1, help="runs per instance")
    parser.add_argument("--against", default="", help="comma-separated: " + ",".join(PEERS))
    parser.add_argument("--chart", type=Path, help="convergence as a picture (.png, .svg, .pdf)")
    parser.add_argument(
        "--objective", type=Objective, choices=list(Objective), default=Objective.DISTANCE
    )


def bench(arguments: argparse.Namespace) -> BenchReport:
    """Run all engines on all instances of a folder, in alternation."""
    engines = [OURS, *(name for name in arguments.against.split(",") if name)]
    unknown = [name for name in engines[1:] if name not in PEERS]
    if unknown:
        raise UnknownInstance(f"engine {unknown[0]!r}; expected one of {', '.join(PEERS)}.")
    silent: Counter[str] = Counter()
    runs, is_cut = run_all(
        (partial(_run, *each) for each in _tasks(arguments, engines, silent)), _describe
    )
    rows = list_rows(runs, arguments.objective, arguments.budget)
    summary = summarize(rows)
    for engine, count in silent.items():
        summary[f"instances {engine} has no words for"] = count
    if is_cut:
        summary["interrupted after runs"] = len(runs)
    if arguments.chart:
        drawn = len({run.case.name for run in runs})
        title = f"{arguments.set.name}, {drawn} instance{'' if drawn == 1 else 's'}"
        draw_chart(runs, arguments.objective, arguments.budget, title, arguments.chart)
    return BenchReport(rows, summary)


def _tasks(
    arguments: argparse.Namespace, engines: Sequence[str], silent: Counter[str]
) -> Iterator[tuple[Case, Task, str]]:
    """Yield every run, engines in alternation; count in ``silent`` what an engine cannot state."""
    for file in find_files(arguments.set, arguments.pattern):
        case = read_case(file, arguments.objective)
        able = [engine for engine in engines if can_state(engine, case.instance)]
        silent.update(engine for engine in engines if engine not in able)
        for seed in range(1, arguments.seeds + 1):
            task = Task(
                case.instance, arguments.objective, arguments.budget, arguments.threads, seed
            )
            yield from ((case, task, engine) for engine in able)


def _describe(run: Run) -> str:
    published = run.case.published.cost
    beside = "" if published is None else f", published {published:g}"
    faults = f", {run.answer.faults} faults" if run.answer.faults else ""
    return f"{run.case.name} {run.engine} seed {run.seed}: {run.answer.cost:g}{beside}{faults}"


def _run(case: Case, task: Task, engine: str) -> Run:
    watch = Stopwatch()
    answer = run_engine(engine, task)
    wall_s, cpu_s = watch.read()
    return Run(case, engine, task.seed, answer, wall_s, cpu_s)
