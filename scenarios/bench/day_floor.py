"""What no plan of a city-day avoids: a lower bound, so that prices can be compared above it.

Each visit pays at least the cheapest of its technicians: the lateness of a way straight from where
the shift begins, access and work by the hour, the surcharge of this technician, and the way from
the nearest place of the day. Or it pays what a contracted outlet takes. No plan that serves all
visits costs less than the sum, but for seconds that were rounded: every visit has one stop and one
way there, and ways are fastest, so no detour is there sooner. Breaks, waiting, ways home, and that
nobody can be in two places are left out.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from dispatch.planning.objective import COST_SCALE
from scenarios.errors import UnsupportedRule
from solver.routing.problem import FORBIDDEN, UNREACHABLE, RoutingProblem

Int64 = NDArray[np.int64]


def find_floor_yuan(problem: RoutingProblem) -> float:
    """Return yuan that every plan costs which serves all visits of a generated city-day.

    Raises
    ------
    UnsupportedRule
        If something else decides how long travel or work takes (travel by hour, service times by
        technician) or who has left already; generated days have none of it.
    """
    others = (problem.rush_hours, problem.service_times, problem.agreed)
    if any(other is not None for other in others):
        raise UnsupportedRule("the floor knows days of one travel table and one time of work only.")
    total = sum(min(_ways(problem, visit), default=0) for visit in range(problem.n_visits))
    return round(total / COST_SCALE / 100, 2)


def _ways(problem: RoutingProblem, visit: int) -> Iterator[int]:
    """Yield the least a visit costs with each vehicle and in each pool that may take it."""
    nearest = [_nearest(problem, visit, profile) for profile in range(len(problem.durations_s))]
    work_s = int(problem.visit_service_s[visit]) + int(problem.visit_access_s[visit])
    for vehicle in range(problem.n_vehicles):
        late = _least_lateness(problem, visit, vehicle)
        surcharge = int(problem.assignment_cost[visit, vehicle])
        if late is None or surcharge == FORBIDDEN:
            continue
        seconds, meters = nearest[int(problem.vehicle_profile[vehicle])]
        way = int(problem.cost_per_meter[vehicle]) * meters
        yield late + surcharge + way + int(problem.cost_per_second[vehicle]) * (work_s + seconds)
    yield from (int(cost) for cost in problem.pool_cost[visit] if cost != FORBIDDEN)


def _least_lateness(problem: RoutingProblem, visit: int, vehicle: int) -> int | None:
    """Return the price of coming straight from the start of the shift; None if never in time."""
    profile, place = int(problem.vehicle_profile[vehicle]), problem.visit_location[visit]
    way = int(problem.durations_s[profile][problem.vehicle_start[vehicle], place])
    if way == UNREACHABLE:
        return None
    reached = int(problem.vehicle_earliest[vehicle]) + way + int(problem.visit_access_s[visit])
    prices = [
        _late_price(problem, visit, reached - int(problem.window_latest[window]))
        for window in problem.windows_of(visit)
        if reached <= problem.window_limit[window]
    ]
    return min(prices, default=None)


def _late_price(problem: RoutingProblem, visit: int, late_s: int) -> int:
    first = max(0, min(late_s, int(problem.late_knee_s[visit])))
    rest = max(0, late_s - first)
    return int(problem.late_rate[visit]) * first + int(problem.late_rate_after[visit]) * rest


def _nearest(problem: RoutingProblem, visit: int, profile: int) -> tuple[int, int]:
    """Return the fewest seconds and the fewest meters to a visit from any other place in use."""
    place = problem.visit_location[visit]
    used = np.concatenate([np.delete(problem.visit_location, visit), problem.vehicle_start])
    seconds: Int64 = problem.durations_s[profile][used, place].astype(np.int64)
    ways = seconds != UNREACHABLE
    if not ways.any():
        return 0, 0
    meters: Int64 = problem.distances_m[profile][used, place].astype(np.int64)
    return int(seconds[ways].min()), int(meters[ways].min())
