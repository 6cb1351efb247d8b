"""Seconds to the first feasible plan (docs/scenarios.md).

The first feasible plan is the first that serves at least 95 % of what the plan of a long run
serves; the clock starts at the validated problem with its matrix in memory. Measured as whole
runs: the search is stopped after 0, 1, 10, 100 … iterations, and the first run that serves enough
counts with everything from the call of ``solve`` to its return, timetable included.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from dispatch.cli.parser import positive_int, positive_seconds
from dispatch.planning.translate import translate
from scenarios.bench.day import find_places
from scenarios.bench.day_rows import prepare_case
from scenarios.bench.report import BenchReport, Row, Stopwatch
from solver.routing.problem import RoutingProblem
from solver.routing.solution import RoutingSolution
from solver.routing.solve import solve
from solver.stop import Stop

ENOUGH = 0.95
STEPS = (0, 1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``servicenet bench first-plan`` takes."""
    parser.add_argument("--maps", type=Path, help="folder of maps; default: the demo city")
    parser.add_argument("--pattern", default="*.osm.pbf", help="maps to take from the folder")
    parser.add_argument("--visits", type=positive_int, default=200)
    parser.add_argument("--technicians", type=positive_int, default=30)
    parser.add_argument("--budget", type=positive_seconds, default=60.0, metavar="S")
    parser.add_argument("--seeds", type=positive_int, default=3, help="days per map")


def bench(arguments: argparse.Namespace) -> BenchReport:
    """Measure generated days on every map."""
    rows: list[Row] = []
    for place in find_places(arguments.maps, arguments.pattern):
        for seed in range(1, arguments.seeds + 1):
            day = place.make_day(seed, arguments.visits, arguments.technicians)
            case = prepare_case(day, place.travel)
            problem = translate(case.day, case.table).problem
            rows.append({"day": day.id, "seed": seed, **measure(problem, seed, arguments.budget)})
    slowest = max(float(row["first_plan_s"] or 0) for row in rows)
    return BenchReport(rows, {"slowest first plan, s": slowest, "enough": ENOUGH})


def measure(
    problem: RoutingProblem, seed: int, budget_s: float
) -> dict[str, str | int | float | bool | None]:
    """Return when the first feasible plan is there, beside the plan of the whole budget."""
    long_run = solve(problem, stop=Stop(max_runtime_s=budget_s), seed=seed)
    wanted = ENOUGH * count_served(problem, long_run)
    for iterations in STEPS:
        watch = Stopwatch()
        solution = solve(problem, stop=Stop(max_iterations=iterations), seed=seed)
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
        "engine": long_run.engine,
    }


def count_served(problem: RoutingProblem, solution: RoutingSolution) -> int:
    """Return how many visits somebody serves."""
    return problem.n_visits - len(solution.unassigned)
