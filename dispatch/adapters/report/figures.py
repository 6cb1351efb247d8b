"""The key figures at the head of the report."""

from __future__ import annotations

from typing import Any

from dispatch.domain import Day, DayPlan, PlanRoute, PlanStop, Priority, Visit
from dispatch.standards import ClauseFinding, get_profile


def compute_figures(day: Day, plan: DayPlan, findings: tuple[ClauseFinding, ...]) -> dict[str, Any]:
    """Return the day's key figures as plain data.

    Parameters
    ----------
    day, plan
        The day and its plan.
    findings
        From ``audit_day``: the share of arrivals inside the promise is the audit's, so that page
        and audit never disagree. Emergencies are reported apart (CARD-E15).
    """
    profile = get_profile(day.standards)
    visits = {visit.id: visit for visit in day.visits}
    stops = [stop for route in plan.routes for stop in route.stops if stop.kind == "visit"]
    ordinary = [s for s in stops if s.visit and visits[s.visit].promises]
    on_time = next(found for found in findings if found.clause.key == "on_time_arrivals")
    worst: dict[str | None, int] = {}
    for stop in ordinary:
        worst[stop.visit] = max(stop.lateness_s, worst.get(stop.visit, 0))
    late = [seconds for seconds in worst.values() if seconds > 0]
    contracted = sum(len(service.visits) for service in plan.contracted)
    return {
        # A visit set aside while the day was read is no longer among its visits.
        "visits": len(visits.keys() | {entry.visit for entry in plan.quarantined}),
        # A crew has several stops at one visit.
        "served": len({stop.visit for stop in stops}) + contracted,
        "contracted": contracted,
        "unassigned": len(plan.unassigned),
        "quarantined": len(plan.quarantined),
        "promised": on_time.of,
        "kept": on_time.good,
        "target": on_time.clause.figure,
        "late": len(late),
        "crews": sum(stop.crew == 1 for stop in stops),
        "pickups": sum(s.kind == "pickup" for route in plan.routes for s in route.stops),
        "late_max_s": max(late, default=0),
        "late_mean_s": round(sum(late) / len(late)) if late else 0,
        "beyond_radius": sum(stop.beyond_radius_m > 0 for stop in stops),
        "technicians": len(day.technicians),
        "technicians_used": len({route.technician for route in plan.routes}),
        "routes": len(plan.routes),
        **_emergencies(visits, stops, plan, profile.emergency_arrival_s),
        **_effort(day, plan),
    }


def _emergencies(
    visits: dict[str, Visit], stops: list[PlanStop], plan: DayPlan, owed_s: int
) -> dict[str, Any]:
    emergencies = {v.id: v for v in visits.values() if v.priority is Priority.EMERGENCY}
    in_time: dict[str, bool] = {}
    for stop in stops:
        visit = emergencies.get(stop.visit or "")
        if visit is not None and visit.received_at is not None:
            kept = (stop.arrival - visit.received_at).total_seconds() <= owed_s
            in_time[visit.id] = kept and in_time.get(visit.id, True)
    unserved = sum(entry.visit in emergencies for entry in plan.unassigned)
    return {
        "emergencies": len(emergencies),
        "emergencies_served": len(emergencies) - unserved,
        "emergencies_in_time": sum(in_time.values()),
        "emergencies_contracted": sum(
            name in emergencies for service in plan.contracted for name in service.visits
        ),
        "emergencies_reachable": plan.reachable_emergencies,
        "emergency_arrival_s": owed_s,
    }


def _effort(day: Day, plan: DayPlan) -> dict[str, int]:
    technicians = {technician.id: technician for technician in day.technicians}
    total = {"m": 0, "travel_s": 0, "wait_s": 0, "service_s": 0, "work_s": 0, "overtime_s": 0}
    for route in plan.routes:
        shift = technicians[route.technician].shifts[route.shift]
        overtime = (route.end - shift.end).total_seconds()
        total["overtime_s"] += max(0, round(overtime))
        total["work_s"] += work_s(route)
        for stop in route.stops:
            total["m"] += stop.leg_m
            total["travel_s"] += stop.leg_s
            if stop.kind == "visit":
                total["wait_s"] += round((stop.start - stop.reached).total_seconds())
                total["service_s"] += round((stop.end - stop.start).total_seconds())
    return total


def work_s(route: PlanRoute) -> int:
    """Return paid seconds: end - departure without the breaks between (docs/semantics.md)."""
    paid = (route.end - route.start).total_seconds()
    for stop in route.stops:
        if stop.kind == "break" and stop.start >= route.start and stop.end <= route.end:
            paid -= (stop.end - stop.start).total_seconds()
    return round(paid)
