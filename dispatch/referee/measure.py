"""Measure a plan: the figures of a verdict."""

from __future__ import annotations

from dispatch.domain import DayPlan
from dispatch.domain.travel_table import TravelTable
from dispatch.referee.eligibility import is_first
from dispatch.referee.facts import Facts
from dispatch.referee.figures import Figures
from dispatch.referee.legs import travel_s
from dispatch.referee.pricing import work_s
from dispatch.referee.promises import chosen, is_emergency
from dispatch.referee.radius import beyond_m, find_responsible
from dispatch.referee.reading import ReadRoute
from dispatch.referee.shift import distance_m, overtime_s


def measure(
    facts: Facts, travel: TravelTable, plan: DayPlan, routes: tuple[ReadRoute, ...]
) -> Figures:
    """Return the figures of a plan from its moments and the travel table."""
    lates: list[tuple[bool, bool, int]] = []
    waiting = beyond = 0
    for read in routes:
        home = facts.home(read.technician) if read.technician else None
        for segment in read.served:
            stop, visit = segment.stop, segment.visit
            if stop is None or visit is None:
                continue
            arrival = facts.floor_second(stop.arrival)
            choice = chosen(facts, visit, stop.promise, arrival)
            waiting += max(0, arrival - facts.floor_second(stop.reached))
            if not is_first(stop.crew):
                continue
            owes = bool(visit.promises) or is_emergency(visit)
            lates.append((owes, is_emergency(visit), choice.lateness_s(arrival)))
            beyond += beyond_m(facts, travel, visit, find_responsible(facts, visit, home)) > 0
    return Figures(
        visits=len(facts.visits),
        served=len(lates),
        contracted=sum(len(service.visits) for service in plan.contracted),
        unassigned=len(plan.unassigned),
        quarantined=len(plan.quarantined),
        routes=len(routes),
        promised_visits=sum(owes for owes, _, _ in lates),
        inside_promise=sum(owes and late == 0 for owes, _, late in lates),
        late_visits=sum(late > 0 for _, _, late in lates),
        lateness_s=sum(late for _, _, late in lates),
        max_lateness_s=max((late for _, _, late in lates), default=0),
        emergencies=sum(emergency for _, emergency, _ in lates),
        emergencies_in_time=sum(emergency and late == 0 for _, emergency, late in lates),
        beyond_radius_visits=beyond,
        work_s=sum(work_s(facts, read) for read in routes),
        overtime_s=sum(overtime_s(facts, read) for read in routes),
        travel_s=sum(travel_s(facts, travel, read) for read in routes),
        waiting_s=waiting,
        distance_m=sum(distance_m(travel, read) for read in routes),
    )
