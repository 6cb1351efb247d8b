"""Who runs in ``servicenet bench routing``: what each engine can state, and what it found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, TypeGuard

from scenarios.bench.peers.pyvrp_peer import solve_fleet_with_pyvrp, solve_with_pyvrp
from scenarios.bench.peers.vroom_peer import PeerPlan, solve_with_vroom
from scenarios.bench.peers.vrp_cli_peer import solve_with_vrp_cli
from scenarios.errors import UnsupportedRule
from scenarios.instances import (
    AnyInstance,
    FleetVrptw,
    Hhcrsp,
    Objective,
    Trsp,
    Vrptw,
    build_care_problem,
    build_fleet_problem,
    build_problem,
    build_trsp_problem,
    evaluate,
    evaluate_fleet,
)
from scenarios.instances.problem_care import care_scale
from scenarios.instances.problem_trsp import SCALE
from scenarios.solve import SearchSettings, solve_any
from solver.routing.ortools_support import find_unsupported
from solver.routing.problem import RoutingProblem
from solver.stop import Stop

OURS: Final = "servicenet"
PEERS: Final = ("pyvrp", "vroom", "ortools", "vrp-cli")

Curve = tuple[tuple[float, float], ...]
"""(seconds, cost) at each new best plan, oldest first."""


@dataclass(frozen=True, slots=True)
class Task:
    """One run: an instance under an objective and a budget."""

    instance: AnyInstance
    objective: Objective
    budget_s: float
    threads: int
    seed: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine found, as our evaluator judges it.

    Attributes
    ----------
    cost
        The figure published for the type.
    vehicles, unserved, faults
        Counts.
    iterations
        None where the engine does not say.
    curve
        Costs in the unit of ``cost``; a plan that leaves visits out has their penalties in it
        (beyond those the final plan leaves out). Empty where the engine does not say.
    """

    cost: float
    vehicles: int
    unserved: int
    faults: int
    iterations: int | None
    curve: Curve


def can_state(engine: str, instance: AnyInstance) -> bool:
    """Return whether an engine has words for every rule of an instance."""
    if engine == "pyvrp":
        return isinstance(instance, Vrptw | FleetVrptw)
    if engine == "vroom":  # no limit on how long a route lasts, no prizes
        return isinstance(instance, Vrptw) or (
            _is_whole_fleet(instance) and build_fleet_problem(instance).limits is None
        )
    if engine == "vrp-cli":  # prizes would come before distances, not be weighed against them
        return isinstance(instance, Vrptw) or _is_whole_fleet(instance)
    if engine == "ortools" and isinstance(instance, Hhcrsp):
        return not find_unsupported(build_care_problem(instance))
    if engine == "ortools" and isinstance(instance, Trsp):
        return not find_unsupported(build_trsp_problem(instance))
    return True


def run_engine(engine: str, task: Task) -> Answer:
    """Let an engine solve a task it can state.

    Raises
    ------
    UnsupportedRule
        If it cannot (`can_state`).
    DataUnavailable
        If the engine is not installed.
    """
    return SOLVERS[engine](task)


def _run_ours(task: Task, *, ortools: bool = False) -> Answer:
    search = SearchSettings(
        stop=Stop(max_runtime_s=task.budget_s),
        seed=task.seed,
        threads=task.threads,
        engine="ortools" if ortools else "auto",
    )
    found = solve_any(task.instance, search, task.objective)
    trace = tuple((seconds, cost) for seconds, _, cost in found.solution.trace)
    return Answer(
        found.cost,
        found.routes,
        found.unassigned,
        len(found.faults),
        found.solution.iterations,
        _curve(task, trace, found.solution.cost, found.cost),
    )


def _units(task: Task) -> int:
    """Return the problem units of cost in one unit of the published figure."""
    if isinstance(task.instance, Vrptw):
        return task.objective.rounding.scale
    if isinstance(task.instance, FleetVrptw):
        return 1  # .sol files state the whole number
    return 3 * care_scale(task.instance) if isinstance(task.instance, Hhcrsp) else SCALE


def _curve(task: Task, trace: tuple[tuple[float, int], ...], last: int, cost: float) -> Curve:
    """Return a trace in published units; what the last plan pays besides its cost is taken off."""
    units = _units(task)
    besides = last - cost * units
    return tuple((seconds, (value - besides) / units) for seconds, value in trace)


def _run_pyvrp(task: Task) -> Answer:
    instance, seed = task.instance, task.seed
    if isinstance(instance, FleetVrptw):
        rounding = instance.kind.rounding
        run = solve_fleet_with_pyvrp(instance, rounding, time_limit_s=task.budget_s, seed=seed)
        judged = evaluate_fleet(instance, run.routes)
    elif isinstance(instance, Vrptw):
        rounding = task.objective.rounding
        run = solve_with_pyvrp(
            instance, task.objective, rounding, time_limit_s=task.budget_s, seed=seed
        )
        judged = evaluate(instance, run.routes, rounding)
    else:
        raise UnsupportedRule(f"{instance.name}: PyVRP has no words for it.")
    return Answer(
        judged.cost,
        judged.vehicles,
        len(judged.unserved),
        len(judged.faults),
        run.iterations,
        _curve(task, run.trace, run.cost, judged.cost),
    )


def _run_vroom(task: Task) -> Answer:
    problem = _build(task)
    plan = solve_with_vroom(problem, time_limit_s=task.budget_s, threads=task.threads)
    return _judge(task, plan, problem)


def _run_vrp_cli(task: Task) -> Answer:
    problem = _build(task)
    run = solve_with_vrp_cli(problem, time_limit_s=task.budget_s, threads=task.threads)
    judged = _judge(task, run.plan, problem)
    units = _units(task)
    curve = tuple((seconds, cost / units) for seconds, cost in run.trace)
    return replace(judged, iterations=run.generations, curve=curve)


def _is_whole_fleet(instance: AnyInstance) -> TypeGuard[FleetVrptw]:
    """Say whether it is a fleet that has to serve everybody."""
    return isinstance(instance, FleetVrptw) and instance.prizes is None


def _build(task: Task) -> RoutingProblem:
    """Return the arrays of a VRPTW or of a fleet."""
    if isinstance(task.instance, Vrptw):
        return build_problem(task.instance, task.objective)
    if isinstance(task.instance, FleetVrptw):
        return build_fleet_problem(task.instance)
    raise UnsupportedRule(f"{task.instance.name}: the peer has no words for it.")


def _judge(task: Task, plan: PeerPlan, problem: RoutingProblem) -> Answer:
    """Judge visits by vehicle; visit v is customer v + 1, or node depots + v of a fleet."""
    instance = task.instance
    first = instance.depots if isinstance(instance, FleetVrptw) else 1
    routes = [
        tuple(first + visit for visit, _ in plan.routes.get(vehicle, ()))
        for vehicle in range(problem.n_vehicles)
    ]
    if isinstance(instance, FleetVrptw):
        judged = evaluate_fleet(instance, routes)
    elif isinstance(instance, Vrptw):
        judged = evaluate(instance, [r for r in routes if r], task.objective.rounding)
    else:
        raise UnsupportedRule(f"{instance.name}: the peer has no words for it.")
    return Answer(judged.cost, judged.vehicles, len(judged.unserved), len(judged.faults), None, ())


SOLVERS: dict[str, Callable[[Task], Answer]] = {
    OURS: _run_ours,
    "pyvrp": _run_pyvrp,
    "vroom": _run_vroom,
    "vrp-cli": _run_vrp_cli,
    "ortools": partial(_run_ours, ortools=True),
}
