"""The price of what belongs to no single route."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from solver.routing.solution import Route
from solver.routing.timetable_data import TimetableData


def price_shared(data: TimetableData, routes: Sequence[Route]) -> int:
    """Return the price of unfair shares and of the worst lateness, cost units.

    Parameters
    ----------
    data
        The problem's plain numbers.
    routes
        All routes of the plan. A person without any has done nothing, which may still be more
        than a negative share.
    """
    return _price_shares(data, routes) + _price_worst_lateness(data, routes)


def _price_shares(data: TimetableData, routes: Sequence[Route]) -> int:
    fair = data.problem.fair_shares
    if fair is None:
        return 0
    work: Counter[int] = Counter()
    meters: Counter[int] = Counter()
    for route in routes:
        person = fair.vehicle_person.item(route.vehicle)
        work[person] += route.work_s
        meters[person] += route.distance_m
    total = 0
    for person, (work_s, distance_m, per_second, per_meter) in enumerate(
        zip(
            fair.work_s.tolist(),
            fair.distance_m.tolist(),
            fair.cost_per_second.tolist(),
            fair.cost_per_meter.tolist(),
            strict=True,
        )
    ):
        total += per_second * max(0, work[person] - work_s)
        total += per_meter * max(0, meters[person] - distance_m)
    return total


def _price_worst_lateness(data: TimetableData, routes: Sequence[Route]) -> int:
    rate = data.problem.rules.worst_late_rate
    if rate == 0:
        return 0
    return rate * max((stop.lateness_s for route in routes for stop in route.stops), default=0)
