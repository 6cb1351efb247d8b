"""``servicenet solve``: one benchmark instance, one JSON line, one ``.sol`` file."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypedDict

from dispatch.cli.exit_codes import Exit
from dispatch.cli.parser import natural_int, positive_int, positive_seconds
from scenarios.console import run_guarded
from scenarios.instances import (
    Evaluation,
    FleetVrptw,
    Objective,
    Rounding,
    Vrptw,
    build_fleet_problem,
    build_problem,
    evaluate,
    evaluate_fleet,
    read_any,
    write_sol,
)
from solver.errors import InvalidParameter
from solver.routing.solution import RoutingSolution
from solver.routing.solve import Engine, solve
from solver.stop import Stop

ENGINES: tuple[Engine, ...] = ("auto", "core", "ortools")


@dataclass(frozen=True, slots=True)
class Solved:
    """One run on one instance.

    Attributes
    ----------
    routes
        Customer numbers per route, depot left out.
    judged
        What our evaluator says about them, from the raw instance.
    solution
        What the engine returned.
    """

    routes: tuple[tuple[int, ...], ...]
    judged: Evaluation
    solution: RoutingSolution


@dataclass(frozen=True, slots=True)
class Line:
    """The JSON line. ``routes`` and ``unassigned`` are counts."""

    instance: str
    cost: float
    routes: int
    unassigned: int
    iterations: int
    runtime_s: float
    seed: int


def solve_instance(
    instance: Vrptw,
    *,
    stop: Stop,
    seed: int = 1,
    threads: int = 1,
    objective: Objective = Objective.DISTANCE,
    rounding: Rounding | None = None,
    engine: Engine = "auto",
) -> Solved:
    """Solve an instance and judge the answer by the raw file.

    Parameters
    ----------
    instance
        What to solve.
    stop
        Limits of the search.
    seed, threads, engine
        As `solver.routing.solve.solve` takes them.
    objective
        What is minimized.
    rounding
        Rule for distances; None takes the objective's own.
    """
    problem = build_problem(instance, objective, rounding)
    solution = solve(problem, stop=stop, seed=seed, threads=threads, engine=engine)
    # visit v is customer v + 1
    routes = tuple(tuple(visit + 1 for visit in route.visits) for route in solution.routes)
    return Solved(routes, evaluate(instance, routes, rounding or objective.rounding), solution)


def solve_fleet(
    instance: FleetVrptw,
    *,
    stop: Stop,
    seed: int = 1,
    threads: int = 1,
    objective: Objective = Objective.DISTANCE,
    rounding: Rounding | None = None,
    engine: Engine = "auto",
) -> Solved:
    """Solve an instance with depots, site rules or prizes; route k is that of vehicle k.

    Parameters are those of `solve_instance`.

    Raises
    ------
    UnsupportedRule
        If the instance has a rule the engine cannot express.
    InvalidParameter
        For the hierarchical objective: nobody publishes these types with it.
    """
    if objective is not Objective.DISTANCE:
        raise InvalidParameter(f"objective {objective.value!r}: {instance.kind} has distance only.")
    problem = build_fleet_problem(instance, rounding)
    solution = solve(problem, stop=stop, seed=seed, threads=threads, engine=engine)
    found = {route.vehicle: route.visits for route in solution.routes}
    # visit v is node depots + v
    routes = tuple(
        tuple(visit + instance.depots for visit in found.get(vehicle, ()))
        for vehicle in range(instance.vehicles)
    )
    return Solved(routes, evaluate_fleet(instance, routes, rounding), solution)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``servicenet solve`` takes."""
    parser.add_argument(
        "instance", type=Path, help="Solomon text or .vrp (VRPTW, SDVRPTW, PCVRPTW, …)"
    )
    parser.add_argument("--out", type=Path, required=True, help=".sol file to write")
    parser.add_argument("--time-limit", type=positive_seconds, metavar="S", help="seconds")
    parser.add_argument("--iterations", type=natural_int, metavar="N", help="repeatable limit")
    parser.add_argument("--seed", type=natural_int, default=1)
    parser.add_argument("--threads", type=positive_int, default=1)
    parser.add_argument(
        "--objective", type=Objective, choices=list(Objective), default=Objective.DISTANCE
    )
    parser.add_argument(
        "--rounding",
        type=Rounding,
        choices=list(Rounding),
        help="default: the rule the best known values of the type are published with",
    )
    parser.add_argument("--engine", choices=ENGINES, default="auto")


def run(arguments: argparse.Namespace) -> int:
    """Run ``servicenet solve``; exit code 1 if customers stay unserved, 2 for broken input."""
    return run_guarded(lambda: _run(arguments))


DEFAULT_TIME_LIMIT_S = 10.0
"""Used when neither a time limit nor an iteration limit is given."""


def make_stop(time_limit_s: float | None, iterations: int | None) -> Stop:
    """Return the limits a person asked for; ten seconds if none."""
    if time_limit_s is None and iterations is None:
        return Stop(max_runtime_s=DEFAULT_TIME_LIMIT_S)
    if time_limit_s is None:
        return Stop(max_iterations=iterations)
    return Stop(max_runtime_s=time_limit_s, max_iterations=iterations)


class _Settings(TypedDict):
    """What both ways to solve take."""

    stop: Stop
    seed: int
    threads: int
    objective: Objective
    rounding: Rounding | None
    engine: Engine


def _settings(arguments: argparse.Namespace) -> _Settings:
    return _Settings(
        stop=make_stop(arguments.time_limit, arguments.iterations),
        seed=arguments.seed,
        threads=arguments.threads,
        objective=arguments.objective,
        rounding=arguments.rounding,
        engine=arguments.engine,
    )


def _run(arguments: argparse.Namespace) -> int:
    instance = read_any(arguments.instance)
    settings = _settings(arguments)
    if isinstance(instance, FleetVrptw):
        solved = solve_fleet(instance, **settings)
    else:
        solved = solve_instance(instance, **settings)
    write_sol(arguments.out, solved.routes, solved.judged.cost)
    line = Line(
        instance=arguments.instance.stem,
        cost=round(solved.judged.cost, 4),
        routes=solved.judged.vehicles,
        unassigned=len(solved.judged.unserved),
        iterations=solved.solution.iterations,
        runtime_s=round(solved.solution.runtime_s, 3),
        seed=arguments.seed,
    )
    print(json.dumps(asdict(line)))
    for fault in solved.judged.faults:
        print(fault, file=sys.stderr)
    return Exit.VIOLATIONS if solved.judged.faults else Exit.OK
