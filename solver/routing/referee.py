"""The judge over the arrays: recomputes schedule and cost of a solution from its steps.

Written from ``docs/semantics.md`` alone; shares no code with the engine, the OR-Tools model or
the timetable. Where those go backward for the latest departure, it searches for it.
"""

from __future__ import annotations

from collections import Counter

from solver.routing.problem import FORBIDDEN, RoutingProblem
from solver.routing.referee_agreed import is_out
from solver.routing.referee_drive import Course, RouteDrive
from solver.routing.referee_links import judge_links, settle_starts
from solver.routing.referee_parts import judge_parts
from solver.routing.referee_route import RouteJudge
from solver.routing.referee_shares import price_shared
from solver.routing.solution import RoutingSolution
from solver.routing.violation import Violation, ViolationCode
from solver.status import SolveStatus

__all__ = ["Violation", "ViolationCode", "referee"]


def referee(problem: RoutingProblem, solution: RoutingSolution) -> tuple[Violation, ...]:
    """Find everything that is wrong with ``solution``.

    Parameters
    ----------
    problem
        The problem it answers.
    solution
        Any solution, also one made by hand; it is never changed.

    Returns
    -------
    tuple
        All violations; empty if every rule is kept and every stated figure is exact. Where the
        steps of a route make no sense, its times are not judged.
    """
    found: list[Violation] = []
    found.extend(_judge_visits(problem, solution))
    found.extend(_judge_vehicles(problem, solution))
    found.extend(_judge_pools(problem, solution))
    found.extend(judge_links(problem, solution))
    violations, total = _judge_routes(problem, solution)
    found.extend(violations)
    others = _price_others(problem, solution)
    if total is not None and others is not None and solution.cost != total + others:
        found.append(
            Violation(ViolationCode.COST, "total", str(solution.cost), str(total + others))
        )
    found.extend(_judge_status(solution))
    return tuple(found)


def _judge_routes(
    problem: RoutingProblem, solution: RoutingSolution
) -> tuple[list[Violation], int | None]:
    """Judge all routes; the cost of all, shared cost included, is None where it is unknowable."""
    found: list[Violation] = []
    sound: list[int] = []
    driven: dict[int, tuple[RouteJudge, RouteDrive]] = {}
    for position, route in enumerate(solution.routes):
        if not 0 <= route.vehicle < problem.n_vehicles:
            continue
        judge = RouteJudge(problem, route)
        if judge.judge_steps():
            sound.append(position)
            judge.judge_admission()
            drive = judge.find_drive()
            if drive is not None:
                driven[position] = judge, drive
        found.extend(judge.found)
        judge.found.clear()
    found.extend(judge_parts(problem, solution, sound))
    drives = {solution.routes[position].vehicle: drive for position, (_, drive) in driven.items()}
    starts = settle_starts(problem, drives)
    if isinstance(starts, int):
        where, expected = f"visit {starts}", "gaps that some starts keep"
        found.append(Violation(ViolationCode.LINK, where, "starts later and later", expected))
        return found, None
    courses: list[tuple[int, Course]] = []
    total = 0
    for judge, drive in driven.values():
        course, cost = judge.judge_times(drive, starts)
        found.extend(judge.found)
        courses.append((drive.vehicle, course))
        total += cost
    if len(driven) < len(solution.routes):
        return found, None
    shared = price_shared(problem, courses)
    if solution.shared_cost != shared:
        code = ViolationCode.COST
        found.append(Violation(code, "shared_cost", str(solution.shared_cost), str(shared)))
    return found, total + shared


def _judge_visits(problem: RoutingProblem, solution: RoutingSolution) -> list[Violation]:
    places = Counter(visit for route in solution.routes for visit in route.visits)
    places.update(visit for members in solution.pools for visit in members)
    places.update(solution.unassigned)
    code = ViolationCode.VISIT
    found = [
        Violation(code, f"visit {visit}", "no such visit", f"0 to {problem.n_visits - 1}")
        for visit in sorted(places)
        if not 0 <= visit < problem.n_visits
    ]
    found += [
        Violation(code, f"visit {visit}", f"in {places[visit]} places", "in exactly one place")
        for visit in range(problem.n_visits)
        if places[visit] != 1
    ]
    if list(solution.unassigned) != sorted(solution.unassigned):
        found.append(Violation(code, "unassigned", str(solution.unassigned), "sorted"))
    return found


def _judge_vehicles(problem: RoutingProblem, solution: RoutingSolution) -> list[Violation]:
    found: list[Violation] = []
    used = [route.vehicle for route in solution.routes]
    code = ViolationCode.VEHICLE
    if used != sorted(set(used)):
        found.append(Violation(code, "routes", str(used), "each vehicle once, ascending"))
    for route in solution.routes:
        where = f"vehicle {route.vehicle}"
        if not 0 <= route.vehicle < problem.n_vehicles:
            found.append(Violation(code, where, "no such one", f"0 to {problem.n_vehicles - 1}"))
        elif not route.visits and not is_out(problem, route.vehicle):
            found.append(Violation(code, where, "no visits", "no route for an unused vehicle"))
    found += [
        Violation(code, f"vehicle {vehicle}", "no route", "a route, as it is out already")
        for vehicle in range(problem.n_vehicles)
        if is_out(problem, vehicle) and vehicle not in used
    ]
    return found


def _judge_pools(problem: RoutingProblem, solution: RoutingSolution) -> list[Violation]:
    code = ViolationCode.POOL
    if len(solution.pools) != problem.n_pools:
        return [Violation(code, "pools", str(len(solution.pools)), str(problem.n_pools))]
    found: list[Violation] = []
    for q, members in enumerate(solution.pools):
        where = f"pool {q}"
        limit = int(problem.pool_capacity[q])
        if len(members) > limit:
            found.append(Violation(code, where, f"{len(members)} visits", f"at most {limit}"))
        if list(members) != sorted(members):
            found.append(Violation(code, where, str(members), "sorted"))
        for visit in members:
            known = 0 <= visit < problem.n_visits
            if known and int(problem.pool_cost[visit, q]) == FORBIDDEN:
                found.append(Violation(code, where, f"visit {visit}", "only visits allowed there"))
    return found


def _price_others(problem: RoutingProblem, solution: RoutingSolution) -> int | None:
    """Return pool prices and penalties; None where some visit or pool is unknown."""
    if len(solution.pools) != problem.n_pools:
        return None
    total = 0
    for q, members in enumerate(solution.pools):
        for visit in members:
            if not 0 <= visit < problem.n_visits:
                return None
            total += int(problem.pool_cost[visit, q])
    for visit in solution.unassigned:
        if not 0 <= visit < problem.n_visits:
            return None
        total += int(problem.visit_penalty[visit])
    return total


def _judge_status(solution: RoutingSolution) -> list[Violation]:
    if solution.unassigned:
        fitting = {SolveStatus.HAS_UNASSIGNED, SolveStatus.OPTIMAL}
    else:
        fitting = {SolveStatus.FEASIBLE, SolveStatus.OPTIMAL}
    if solution.status in fitting:
        return []
    expected = " or ".join(sorted(fitting))
    return [Violation(ViolationCode.STATUS, "status", str(solution.status), expected)]
