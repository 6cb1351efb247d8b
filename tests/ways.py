"""Ways into a plan, for tests: plans that lack a visit, ways carried out by hand, rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from solver.routing.problem import FORBIDDEN, RoutingProblem
from solver.routing.solution import RoutingSolution, Step, StepKind
from solver.routing.solve import solve
from solver.routing.timetable import build_solution
from solver.routing.visit_row import VisitRow
from solver.routing.ways import Way
from solver.status import StoppedBy
from solver.stop import MaxIterations


def plan_of(
    problem: RoutingProblem,
    routes: Mapping[int, Sequence[Step]],
    pools: Sequence[Sequence[int]] = (),
) -> RoutingSolution:
    """Return the plan with these steps by vehicle."""
    return build_solution(
        problem,
        routes,
        pools or [() for _ in range(problem.n_pools)],
        engine="by hand",
        seed=0,
        iterations=0,
        runtime_s=0.0,
        stopped_by=StoppedBy.ITERATIONS,
    )


def plan_without(problem: RoutingProblem, visit: int, iterations: int) -> RoutingSolution:
    """Return a plan of the problem that leaves a visit out."""
    assignment, pools = problem.assignment_cost.copy(), problem.pool_cost.copy()
    assignment[visit] = FORBIDDEN
    pools[visit] = FORBIDDEN
    lacking = replace(problem, assignment_cost=assignment, pool_cost=pools)
    solution = solve(lacking, stop=MaxIterations(iterations), seed=1, engine="core")
    return plan_of(problem, steps_of(solution), solution.pools)


def steps_of(solution: RoutingSolution) -> dict[int, tuple[Step, ...]]:
    """Return the steps of every route with a visit."""
    return {
        route.vehicle: tuple(stop.step for stop in route.stops)
        for route in solution.routes
        if route.visits
    }


def carry_out(
    problem: RoutingProblem, solution: RoutingSolution, visit: int, way: Way
) -> RoutingSolution:
    """Return the plan after a way."""
    pools = [list(members) for members in solution.pools]
    given = way.pooled if way.pool is None else ((visit, way.pool),)
    for member, pool in given:
        pools[pool] = sorted([*pools[pool], member])
    return plan_of(problem, steps_of(solution) | dict(way.changed), pools)


def moved_between(before: RoutingSolution, after: RoutingSolution) -> set[int]:
    """Return the visits that have left their vehicle, for another one or a pool."""
    now = {v: route.vehicle for route in after.routes for v in route.visits}
    return {v for route in before.routes for v in route.visits if now.get(v) != route.vehicle}


def price_of(problem: RoutingProblem, before: RoutingSolution, after: RoutingSolution) -> int:
    """Return what a plan costs more, penalties of visits it serves in addition aside."""
    served = sorted(set(before.unassigned) - set(after.unassigned))
    return after.cost - before.cost + int(problem.visit_penalty[served].sum())


def lateness_of(problem: RoutingProblem, solution: RoutingSolution) -> dict[int, int]:
    """Return seconds after the promise, and after what was told, added up, by visit."""
    late: dict[int, int] = {}
    for route in solution.routes:
        for stop in route.stops:
            if stop.step.kind is not StepKind.VISIT:
                continue
            visit, told = stop.step.index, -1
            if problem.agreed is not None:
                told = int(problem.agreed.told_latest[visit])
            beyond = max(0, stop.arrival - told) if told >= 0 else 0
            late[visit] = stop.lateness_s + beyond
    return late


def row_of(problem: RoutingProblem, visit: int) -> VisitRow:
    """Return a visit of a problem as a row for the same problem: a twin of it, told nothing."""
    p, at = problem, int(problem.visit_location[visit])
    line = np.ascontiguousarray
    rush = () if p.rush_hours is None else p.rush_hours.durations_s
    needs: list[tuple[int, int]] = []
    if p.parts is not None:
        first, last = (int(n) for n in p.parts.need_offset[visit : visit + 2])
        needs = [(int(p.parts.need_part[e]), int(p.parts.need_quantity[e]))
                 for e in range(first, last)]  # fmt: skip
    groups: list[int] = []
    if p.service_times is not None:
        groups = [int(seconds) for seconds in p.service_times.service_s[visit]]
    return VisitRow(
        to_s=tuple(line(matrix[:, at]) for matrix in p.durations_s),
        to_m=tuple(line(matrix[:, at]) for matrix in p.distances_m),
        from_s=tuple(line(matrix[at]) for matrix in p.durations_s),
        from_m=tuple(line(matrix[at]) for matrix in p.distances_m),
        windows=tuple(
            (int(p.window_earliest[w]), int(p.window_latest[w]), int(p.window_limit[w]))
            for w in p.windows_of(visit)
        ),
        assignment_cost=p.assignment_cost[visit].copy(),
        pool_cost=p.pool_cost[visit].copy(),
        service_s=int(p.visit_service_s[visit]),
        access_s=int(p.visit_access_s[visit]),
        penalty=int(p.visit_penalty[visit]),
        late_knee_s=int(p.late_knee_s[visit]),
        late_rate=int(p.late_rate[visit]),
        late_rate_after=int(p.late_rate_after[visit]),
        demand=tuple(int(load) for load in p.visit_demand[visit]),
        to_by_regime_s=tuple(tuple(line(m[:, at]) for m in own) for own in rush),
        from_by_regime_s=tuple(tuple(line(m[at]) for m in own) for own in rush),
        needs=tuple(needs),
        group_service_s=tuple(groups),
    )
