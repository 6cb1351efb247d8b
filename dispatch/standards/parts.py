"""Parts of a planned day as clauses count them (T259-7.3, T259-8.4)."""

from __future__ import annotations

from datetime import date, timedelta

from dispatch.domain import Day, DayPlan, UnassignedVisit

_SATURDAY = 5


def count_units(day: Day, plan: DayPlan) -> tuple[int, int]:
    """Return units at hand for the visits technicians serve, and units that could not be had.

    Units of visits left out for another reason count as neither: nobody asked a shelf for them.
    """
    visits = {visit.id: visit for visit in day.visits}

    def units(names: set[str]) -> int:
        return sum(need.quantity for name in names for need in visits[name].parts)

    served = {stop.visit for route in plan.routes for stop in route.stops if stop.visit}
    return units(served), units({entry.visit for entry in plan.unassigned if waits(entry)})


def waits(entry: UnassignedVisit) -> bool:
    """Say whether a visit is left out because its parts are not there."""
    missing = any(reason.code == "part_missing" for reason in entry.reasons)
    return missing or entry.earliest_date is not None


def find_sent_without(day: Day, plan: DayPlan) -> tuple[list[str], list[str]]:
    """Return visits served that need parts, and those of them sent without (T259-8.4).

    A visit is sent with its parts where the stop of the technician who brings them states all.
    """
    brought = {
        stop.visit: {need.part: need.quantity for need in stop.parts}
        for route in plan.routes
        for stop in route.stops
        if stop.visit is not None and stop.crew <= 1
    }
    cases = [visit for visit in day.visits if visit.parts and visit.id in brought]
    failing = []
    for visit in cases:
        needed: dict[str, int] = {}
        for need in visit.parts:
            needed[need.part] = needed.get(need.part, 0) + need.quantity
        if brought[visit.id] != needed:
            failing.append(visit.id)
    return [visit.id for visit in cases], failing


def workdays_until(first: date, last: date) -> int:
    """Return how many of the days after ``first`` up to ``last`` are Monday to Friday.

    Public holidays are not known here and count as working days.
    """
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(one.weekday() < _SATURDAY for one in days)
