"""Costs of a plan that belong to no single route, by the referee's own sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from solver.routing.problem import RoutingProblem
from solver.routing.referee_drive import Course


def price_shared(problem: RoutingProblem, courses: Iterable[tuple[int, Course]]) -> int:
    """Return what unfair shares and the worst lateness of a plan cost, in cost units.

    Parameters
    ----------
    problem
        The problem.
    courses
        (vehicle, course) of every used vehicle. A person without any has done nothing, which may
        still be more than a negative share.
    """
    work: Counter[int] = Counter()
    meters: Counter[int] = Counter()
    worst = 0
    shares = problem.fair_shares
    for vehicle, course in courses:
        worst = max([worst, *(moment.lateness_s for moment in course.moments)])
        if shares is not None:
            work[int(shares.vehicle_person[vehicle])] += course.work_s
            meters[int(shares.vehicle_person[vehicle])] += course.meters
    total = worst * problem.rules.worst_late_rate
    if shares is None:
        return total
    for person in range(shares.work_s.shape[0]):
        too_long = max(0, work[person] - int(shares.work_s[person]))
        too_far = max(0, meters[person] - int(shares.distance_m[person]))
        total += too_long * int(shares.cost_per_second[person])
        total += too_far * int(shares.cost_per_meter[person])
    return total
