"""Who plans in ``servicenet bench day``, and the greedy step that makes a peer's plan whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from scenarios.bench.day_rows import Budget, harden
from scenarios.bench.peers.pyvrp_rest import solve_rest_with_pyvrp
from scenarios.bench.peers.vroom_peer import Order, solve_with_vroom
from scenarios.bench.peers.vrp_cli_peer import solve_with_vrp_cli
from scenarios.errors import UnknownInstance
from solver.routing.problem import RoutingProblem
from solver.routing.repair import repair_plan
from solver.routing.solution import Route, RouteCost, RoutingSolution, Step, StepKind, Stop
from solver.routing.solve import Engine, solve
from solver.status import SolveStatus, StoppedBy
from solver.stop import Stop as Limit

OURS: Final = "servicenet"
PEERS: Final = ("pyvrp", "vroom", "ortools", "vrp-cli")

Routes = Mapping[int, Order]


@dataclass(frozen=True, slots=True)
class Repaired:
    """A peer's plan after the greedy step.

    Attributes
    ----------
    solution
        The plan: it keeps every rule.
    moved
        Visits that are not where the peer put them: taken out, put in anew, or served by nobody
        although the peer served them.
    """

    solution: RoutingSolution
    moved: int


def check_engines(words: str) -> tuple[str, ...]:
    """Return the peers named in a comma-separated list.

    Raises
    ------
    UnknownInstance
        If one is not known.
    """
    names = tuple(word for word in words.split(",") if word)
    for name in names:
        if name not in PEERS:
            raise UnknownInstance(f"engine {name!r}; expected one of {', '.join(PEERS)}.")
    return names


def run_on_arrays(engine: str, problem: RoutingProblem, budget: Budget) -> Routes:
    """Let an engine plan arrays it has words for; routes by vehicle.

    Raises
    ------
    DataUnavailable
        If the engine is not installed.
    UnsupportedRule
        If the day is too large for it.
    """
    return _SOLVERS[engine](problem, budget)


def state_for_peers(problem: RoutingProblem) -> RoutingProblem:
    """Return what peers are told of the full rules.

    Windows are hard, hours are the shift without overtime (peers cannot price it), contracted
    outlets are left to the repair, and what no peer has words for is left out: travel by hour,
    parts, links, fair shares, service times by technician, what customers were told. Each engine
    then takes what it knows: PyVRP the first window and no breaks.
    """
    hard = harden(problem)
    return replace(
        hard,
        vehicle_overtime_s=hard.vehicle_overtime_s * 0,
        pool_capacity=hard.pool_capacity[:0],
        pool_cost=hard.pool_cost[:, :0],
        rush_hours=None,
        parts=None,
        links=None,
        fair_shares=None,
        service_times=None,
        agreed=None,
    )


def repair_greedily(problem: RoutingProblem, routes: Routes, seed: int) -> Repaired:
    """Return a peer's plan with every rule kept.

    The greedy step is ``solver.routing.repair``: visits stay on their technicians in their order
    as far as rules allow, breaks and pick-ups are put in, what breaks a rule is taken out, and all
    visits without a place are inserted one by one where the price table says it is cheapest,
    contracted outlets among them. No search follows.
    """
    solution = repair_plan(problem, as_start(problem, routes), seed=seed)
    before = _places(routes)
    after = _places(order_of(solution))
    moved = sum(1 for visit, vehicle in before.items() if after.get(visit) != vehicle)
    return Repaired(solution, moved + sum(1 for visit in after if visit not in before))


def order_of(solution: RoutingSolution) -> dict[int, Order]:
    """Return the visits of each route with their windows, in order."""
    return {
        route.vehicle: tuple(
            (stop.step.index, stop.step.choice)
            for stop in route.stops
            if stop.step.kind is StepKind.VISIT
        )
        for route in solution.routes
    }


def _places(routes: Routes) -> dict[int, int]:
    return {visit: vehicle for vehicle, order in routes.items() for visit, _ in order}


def as_start(problem: RoutingProblem, routes: Routes) -> RoutingSolution:
    """Return routes as a start: its times do not count, only who goes where in which order."""
    timed = tuple(
        Route(
            vehicle=vehicle,
            stops=tuple(
                Stop(Step(StepKind.VISIT, visit, window), 0, 0, 0, 0, 0, 0, 0)
                for visit, window in order
            ),
            departure=0,
            end=0,
            last_leg_s=0,
            last_leg_m=0,
            distance_m=0,
            work_s=0,
            overtime_s=0,
            cost=RouteCost(),
        )
        for vehicle, order in sorted(routes.items())
    )
    return RoutingSolution(
        routes=timed,
        pools=((),) * problem.n_pools,
        unassigned=(),
        cost=0,
        status=SolveStatus.FEASIBLE,
        engine="start",
        seed=0,
        iterations=0,
        runtime_s=0.0,
        stopped_by=StoppedBy.EXHAUSTED,
    )


def _run_solver(engine: Engine) -> Callable[[RoutingProblem, Budget], Routes]:
    def run(problem: RoutingProblem, budget: Budget) -> Routes:
        limit = Limit(max_runtime_s=budget.seconds)
        return order_of(
            solve(
                problem,
                stop=limit,
                seed=budget.seed,
                threads=budget.threads,
                engine=engine,
            )
        )

    return run


def _run_pyvrp(problem: RoutingProblem, budget: Budget) -> Routes:
    return solve_rest_with_pyvrp(problem, time_limit_s=budget.seconds, seed=budget.seed).routes


def _run_vroom(problem: RoutingProblem, budget: Budget) -> Routes:
    return solve_with_vroom(problem, time_limit_s=budget.seconds, threads=budget.threads).routes


def _run_vrp_cli(problem: RoutingProblem, budget: Budget) -> Routes:
    run = solve_with_vrp_cli(problem, time_limit_s=budget.seconds, threads=budget.threads)
    return run.plan.routes


_SOLVERS: dict[str, Callable[[RoutingProblem, Budget], Routes]] = {
    OURS: _run_solver("auto"),
    "pyvrp": _run_pyvrp,
    "vroom": _run_vroom,
    "ortools": _run_solver("ortools"),
    "vrp-cli": _run_vrp_cli,
}
