"""How the referee judges what customers were told, and vehicles that are out already.

Written from the meaning stated at ``solver.routing.features.Agreed``.
"""

from __future__ import annotations

from solver.routing.features import UNLIMITED
from solver.routing.problem import RoutingProblem
from solver.routing.referee_drive import Course, RouteDrive
from solver.routing.solution import Step, StepKind


def is_out(problem: RoutingProblem, vehicle: int) -> bool:
    """Tell whether ``vehicle`` is out already."""
    return problem.agreed is not None and int(problem.agreed.vehicle_out[vehicle]) == 1


def price_disturbed(problem: RoutingProblem, vehicle: int, course: Course) -> int:
    """Return the price of arrivals and of an order that customers were told otherwise."""
    agreed = problem.agreed
    if agreed is None:
        return 0
    total = 0
    last: int | None = None  # the visit before, if it was told to who drives
    for moment in course.moments:
        if moment.step.kind is not StepKind.VISIT:
            continue
        visit = moment.step.index
        told = int(agreed.told_latest[visit])
        if told != UNLIMITED and moment.arrival > told:
            total += (moment.arrival - told) * int(agreed.told_rate[visit])
        driver = int(agreed.vehicle_person[vehicle])
        if int(agreed.told_person[visit]) != driver:
            last = None
            continue
        if last is not None and int(agreed.told_order[last]) > int(agreed.told_order[visit]):
            total += int(agreed.order_cost[visit])
        last = visit
    return total


def find_way_home(problem: RoutingProblem, vehicle: int) -> list[Step]:
    """Return the steps that a vehicle takes that is out and has no visits."""
    breaks = list(problem.breaks_of(vehicle))
    ways = [
        [Step(StepKind.BREAK, b, 0 if n < first else 1) for n, b in enumerate(breaks)]
        for first in range(len(breaks) + 1)
    ]
    return next((way for way in ways if _is_kept(problem, vehicle, way)), ways[0])


def _is_kept(problem: RoutingProblem, vehicle: int, steps: list[Step]) -> bool:
    course = RouteDrive(problem, vehicle, steps).drive({})
    if any(moment.overrun_s for moment in course.moments):
        return False
    if course.end > int(problem.vehicle_latest[vehicle]) + int(problem.vehicle_overtime_s[vehicle]):
        return False
    limits = problem.limits
    return limits is None or all(
        int(most[vehicle]) == UNLIMITED or found <= int(most[vehicle])
        for found, most in (
            (course.meters, limits.distance_m),
            (course.driving_s, limits.driving_s),
            (course.end - course.departure, limits.duration_s),
        )
    )
