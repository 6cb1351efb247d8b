"""Home care and technician instances: solve, time the orders found, judge by the raw file."""

from __future__ import annotations

from dataclasses import dataclass

from scenarios.instances import (
    CareEvaluation,
    CarePlan,
    Hhcrsp,
    Trsp,
    TrspEvaluation,
    TrspRoute,
    evaluate_care,
    evaluate_trsp,
    time_care,
    time_trsp,
)
from scenarios.instances.problem_care import build_care_problem, list_services
from scenarios.instances.problem_trsp import build_trsp_problem, list_requests
from scenarios.instances.trsp import DEPOT
from solver.errors import InvalidParameter
from solver.routing.solution import Route, RoutingSolution, StepKind
from solver.routing.solve import Engine, solve
from solver.stop import Stop


@dataclass(frozen=True, slots=True)
class CareSolved:
    """One run on one home care instance.

    Attributes
    ----------
    plan
        Every caregiver, also those who stay at home; starts as early as the orders permit.
    judged
        What our evaluator says about it, from the raw instance.
    solution
        What the engine returned.
    """

    plan: CarePlan
    judged: CareEvaluation
    solution: RoutingSolution


@dataclass(frozen=True, slots=True)
class TrspSolved:
    """One run on one technician instance.

    Attributes
    ----------
    routes
        One per technician who leaves home; each the shortest in its order.
    judged
        What our evaluator says about them, from the raw instance.
    solution
        What the engine returned.
    """

    routes: tuple[TrspRoute, ...]
    judged: TrspEvaluation
    solution: RoutingSolution


def solve_care(
    instance: Hhcrsp, *, stop: Stop, seed: int = 1, threads: int = 1, engine: Engine = "auto"
) -> CareSolved:
    """Solve a home care instance; parameters are those of `solver.routing.solve.solve`.

    Raises
    ------
    InstanceFormatError
        If its numbers do not fit the arrays of the solver.
    """
    problem = build_care_problem(instance)
    solution = solve(problem, stop=stop, seed=seed, threads=threads, engine=engine)
    plan = read_care_solution(instance, solution)
    return CareSolved(plan, evaluate_care(instance, plan), solution)


def read_care_solution(instance: Hhcrsp, solution: RoutingSolution) -> CarePlan:
    """Return the plan a solution of `build_care_problem` stands for.

    Raises
    ------
    InvalidParameter
        If caregivers wait for each other: no solution of that problem does.
    """
    services = list_services(instance)
    found = {route.vehicle: route.visits for route in solution.routes}
    orders = [
        (
            who.name,
            [(services[v][1].name, services[v][2].service) for v in found.get(vehicle, ())],
        )
        for vehicle, who in enumerate(instance.caregivers)
    ]
    plan = time_care(instance, orders)
    if plan is None:
        raise InvalidParameter(f"{instance.name}: caregivers of the solution wait for each other.")
    return plan


def solve_trsp(
    instance: Trsp, *, stop: Stop, seed: int = 1, threads: int = 1, engine: Engine = "auto"
) -> TrspSolved:
    """Solve a technician instance; parameters are those of `solver.routing.solve.solve`.

    Raises
    ------
    InstanceFormatError
        If its numbers do not fit the arrays of the solver.
    """
    problem = build_trsp_problem(instance)
    solution = solve(problem, stop=stop, seed=seed, threads=threads, engine=engine)
    routes = read_trsp_solution(instance, solution)
    return TrspSolved(routes, evaluate_trsp(instance, routes), solution)


def read_trsp_solution(instance: Trsp, solution: RoutingSolution) -> tuple[TrspRoute, ...]:
    """Return the routes a solution of `build_trsp_problem` stands for.

    Raises
    ------
    InvalidParameter
        If a route cannot keep its windows: no solution of that problem has one.
    """
    routes: list[TrspRoute] = []
    for route in solution.routes:
        timed = time_trsp(instance, route.vehicle + 1, _nodes(instance, route))
        if timed is None:
            raise InvalidParameter(
                f"{instance.name}: technician {route.vehicle + 1} of the solution comes too late."
            )
        routes.append(timed)
    return tuple(routes)


def _nodes(instance: Trsp, route: Route) -> tuple[int, ...]:
    requests = list_requests(instance)
    return tuple(
        DEPOT if stop.step.kind is StepKind.PICKUP else requests[stop.step.index].node
        for stop in route.stops
    )
