"""``servicenet solve``: one benchmark instance, one JSON line, one file with the plan."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TypedDict

from dispatch.cli.exit_codes import Exit
from dispatch.cli.parser import natural_int, positive_int, positive_seconds
from scenarios.console import run_guarded
from scenarios.instances import (
    AnyInstance,
    Evaluation,
    FleetVrptw,
    Hhcrsp,
    Objective,
    Rounding,
    Trsp,
    Vrptw,
    build_fleet_problem,
    build_problem,
    evaluate,
    evaluate_fleet,
    instance_name,
    read_any,
    write_care_plan,
    write_sol,
    write_trsp_plan,
)
from scenarios.solve_people import solve_care, solve_trsp
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


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run on an instance of any type.

    Attributes
    ----------
    cost
        What our evaluator says: the figure published for the type.
    routes, unassigned
        Counts.
    faults
        Rules that are broken, in words.
    solution
        What the engine returned.
    write
        Writes the plan in the form of the type.
    """

    cost: float
    routes: int
    unassigned: int
    faults: tuple[str, ...]
    solution: RoutingSolution
    write: Callable[[Path], None]


class SearchSettings(TypedDict):
    """What every way to solve takes."""

    stop: Stop
    seed: int
    threads: int
    engine: Engine


def solve_any(
    instance: AnyInstance,
    search: SearchSettings,
    objective: Objective = Objective.DISTANCE,
    rounding: Rounding | None = None,
) -> Outcome:
    """Solve an instance of any type; objective and rounding are those of `solve_instance`.

    Raises
    ------
    InvalidParameter
        If an objective or a rounding is asked for that the type does not have.
    """
    if isinstance(instance, Vrptw):
        return _fleet_outcome(
            solve_instance(instance, objective=objective, rounding=rounding, **search)
        )
    if isinstance(instance, FleetVrptw):
        return _fleet_outcome(
            solve_fleet(instance, objective=objective, rounding=rounding, **search)
        )
    if objective is not Objective.DISTANCE or rounding is not None:
        raise InvalidParameter(f"{instance.name}: this type has one objective and no rounding.")
    return _people_outcome(instance, search)


def _fleet_outcome(solved: Solved) -> Outcome:
    judged = solved.judged
    return Outcome(
        judged.cost,
        judged.vehicles,
        len(judged.unserved),
        judged.faults,
        solved.solution,
        partial(write_sol, routes=solved.routes, cost=judged.cost),
    )


def _people_outcome(instance: Hhcrsp | Trsp, search: SearchSettings) -> Outcome:
    if isinstance(instance, Hhcrsp):
        care = solve_care(instance, **search)
        return Outcome(
            float(care.judged.cost),
            sum(1 for _, stops in care.plan.routes if stops),
            len(care.solution.unassigned),
            care.judged.faults,
            care.solution,
            partial(write_care_plan, plan=care.plan),
        )
    trsp = solve_trsp(instance, **search)
    return Outcome(
        trsp.judged.duration,
        len(trsp.routes),
        len(trsp.judged.unserved),
        trsp.judged.faults,
        trsp.solution,
        partial(write_trsp_plan, routes=trsp.routes),
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what ``servicenet solve`` takes."""
    parser.add_argument(
        "instance",
        type=Path,
        help="Solomon text, .vrp (VRPTW, MDVRPTW, …), home care JSON or technician text; also .gz",
    )
    parser.add_argument("--out", type=Path, required=True, help="file to write: .sol or JSON")
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


def _run(arguments: argparse.Namespace) -> int:
    search = SearchSettings(
        stop=make_stop(arguments.time_limit, arguments.iterations),
        seed=arguments.seed,
        threads=arguments.threads,
        engine=arguments.engine,
    )
    instance = read_any(arguments.instance)
    outcome = solve_any(instance, search, arguments.objective, arguments.rounding)
    outcome.write(arguments.out)
    line = Line(
        instance=instance_name(arguments.instance),
        cost=round(outcome.cost, 4),
        routes=outcome.routes,
        unassigned=outcome.unassigned,
        iterations=outcome.solution.iterations,
        runtime_s=round(outcome.solution.runtime_s, 3),
        seed=arguments.seed,
    )
    print(json.dumps(asdict(line)))
    for fault in outcome.faults:
        print(fault, file=sys.stderr)
    return Exit.VIOLATIONS if outcome.faults else Exit.OK
