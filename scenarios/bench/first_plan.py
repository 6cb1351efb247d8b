"""Seconds to the first feasible plan (docs/scenarios.md).

The first feasible plan is the first that serves at least 95 % of what the plan of a long run
serves; the clock starts at the validated problem with its matrix in memory. Measured as whole
runs from the call to the return: first the greedy construction alone (``solver.routing.repair``
of an empty plan, what every search begins with), then searches stopped after 1, 10, 100 …
iterations; the first that serves enough counts, timetable included.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from dispatch.cli.parser import positive_int, positive_seconds
from dispatch.planning.translate import translate
from geo.estimated import EstimatedTravel
from scenarios.bench.day import count_technicians, find_places, sizes
from scenarios.bench.day_engines import as_start
from scenarios.bench.day_rows import prepare_case
from scenarios.bench.report import BenchReport, Row, Stopwatch, read_peak_mb
from solver.routing.problem import RoutingProblem
from solver.routing.repair import repair_plan
from solver.routing.solution import RoutingSolution
from solver.routing.solve import solve
from solver.stop import Stop

ENOUGH: Final = 0.95
STEPS: Final = (0, 1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)

BARS: Final = {200: 0.2, 1_000: 1.0, 10_000: 10.0}
"""Seconds the first plan of a day of so many visits may take."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``servicenet bench first-plan`` takes."""
    parser.add_argument("--maps", type=Path, help="folder of maps; default: the demo city")
    parser.add_argument("--pattern", default="*.osm.pbf", help="maps to take from the folder")
    parser.add_argument("--visits", type=sizes, default=(200,), metavar="N,N", help="sizes of days")
    parser.add_argument("--technicians", type=positive_int, help="default: 15 for every 100 visits")
    parser.add_argument("--budget", type=positive_seconds, default=60.0, metavar="S")
    parser.add_argument("--seeds", type=positive_int, default=3, help="days per map and size")
    parser.add_argument(
        "--estimated", action="store_true", help="travel from straight lines, not from roads"
    )


def bench(arguments: argparse.Namespace) -> BenchReport:
    """Measure generated days on every map."""
    rows: list[Row] = []
    for place in find_places(arguments.maps, arguments.pattern):
        travel = EstimatedTravel() if arguments.estimated else place.travel
        for visits in arguments.visits:
            technicians = arguments.technicians or count_technicians(visits)
            for seed in range(1, arguments.seeds + 1):
                day = place.make_day(seed, visits, technicians)
                case = prepare_case(day, travel)
                problem = translate(case.day, case.table).problem
                found = measure(problem, seed, arguments.budget)
                rows.append({"day": day.id, "seed": seed, "bar_s": BARS.get(visits), **found})
    summary: dict[str, object] = {"enough": ENOUGH, "peak memory, MB": read_peak_mb()}
    for visits in sorted({int(row["visits"] or 0) for row in rows}):
        slowest = max(float(row["first_plan_s"] or 0) for row in rows if row["visits"] == visits)
        summary[f"slowest first plan of {visits} visits, s"] = slowest
    return BenchReport(rows, summary)


def measure(
    problem: RoutingProblem, seed: int, budget_s: float
) -> dict[str, str | int | float | bool | None]:
    """Return when the first feasible plan is there, beside the plan of the whole budget."""
    long_run = solve(problem, stop=Stop(max_runtime_s=budget_s), seed=seed)
    wanted = ENOUGH * count_served(problem, long_run)
    for iterations in STEPS:
        watch = Stopwatch()
        solution = _run(problem, iterations, seed)
        wall_s, cpu_s = watch.read()
        if count_served(problem, solution) >= wanted:
            break
    return {
        "visits": problem.n_visits,
        "vehicles": problem.n_vehicles,
        "first_plan_s": wall_s,
        "first_plan_cpu_s": cpu_s,
        "first_plan_iterations": iterations,
        "first_plan_served": count_served(problem, solution),
        "first_plan_cost": solution.cost,
        "long_run_s": round(long_run.runtime_s, 3),
        "long_run_served": count_served(problem, long_run),
        "long_run_cost": long_run.cost,
        "long_run_iterations": long_run.iterations,
        "engine": long_run.engine,
    }


def _run(problem: RoutingProblem, iterations: int, seed: int) -> RoutingSolution:
    if iterations == 0:
        return repair_plan(problem, as_start(problem, {}), seed=seed)
    return solve(problem, stop=Stop(max_iterations=iterations), seed=seed)


def count_served(problem: RoutingProblem, solution: RoutingSolution) -> int:
    """Return how many visits somebody serves."""
    return problem.n_visits - len(solution.unassigned)
