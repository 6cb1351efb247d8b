"""What the comparison page knows: plain data, and no customer's name, phone or address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from dispatch.adapters.page.frame import Frame
from dispatch.adapters.page.roads import draw_roads
from dispatch.adapters.promised import named_windows
from dispatch.adapters.report.figures import compute_figures, work_s
from dispatch.adapters.report.rows import Clock
from dispatch.adapters.report.whole_day import day_list
from dispatch.adapters.route_lines import stop_places
from dispatch.domain import Day, DayPlan, Visit
from dispatch.domain.plan import CostBreakdown
from dispatch.planning.compare import (
    TELL_AFTER_S,
    PersonDifference,
    PlanDifference,
    Service,
    VisitDifference,
    compare_plans,
)
from dispatch.standards import Profile, audit_day, get_profile
from geo.network import RoadNetwork


@dataclass(frozen=True, eq=False)
class ComparedPlan:
    """One of the two plans.

    Parameters
    ----------
    label
        What people call it: the name of its folder or file.
    plan
        The plan; a hand-made order is timed first.
    cost
        Its price as the referee counts it.
    violations
        Texts of the rules it breaks; empty if it keeps all.
    travel
        Where its travel times come from.
    travel_hash
        Digest of the travel table it was judged by.
    """

    label: str
    plan: DayPlan
    cost: CostBreakdown
    violations: tuple[str, ...]
    travel: str
    travel_hash: str


@dataclass(frozen=True, eq=False)
class CompareSource:
    """Everything a comparison is made from.

    Parameters
    ----------
    day
        The day of both plans.
    plans
        The plan people know, and the one that would take its place.
    tell_after_s
        A customer is told when the arrival moves by at least this much.
    network
        Roads to draw behind; None draws a grid.
    attribution
        Notice of the map's source.
    """

    day: Day
    plans: tuple[ComparedPlan, ComparedPlan]
    tell_after_s: int = TELL_AFTER_S
    network: RoadNetwork | None = None
    attribution: str = ""

    def differences(self) -> PlanDifference:
        """Return what differs, visit by visit and person by person."""
        before, after = self.plans
        return compare_plans(self.day, before.plan, after.plan, tell_after_s=self.tell_after_s)


def build_payload(source: CompareSource) -> dict[str, Any]:
    """Return the data of the page; times are seconds after local midnight of the day's date."""
    day = source.day
    clock = Clock(datetime.combine(day.date, time(0)), ZoneInfo(day.zone))
    every = [*(one.place for one in day.outlets), *(one.place for one in day.visits)]
    places = np.array([(p.lon, p.lat) for p in every], dtype=np.float64).reshape(-1, 2)
    frame = Frame.around(places)
    found = source.differences()
    visits = {visit.id: visit for visit in day.visits}
    profile = get_profile(day.standards)
    roads = None
    if source.network is not None and len(places):
        drawn = draw_roads(source.network, places, frame)
        roads = {"groups": drawn.groups, "left_out": list(drawn.left_out)}
    return {
        "day": {"id": day.id, "date": day.date.isoformat(), "zone": day.zone},
        "days": day_list(day),
        "plans": [_plan(day, one) for one in source.plans],
        "same_travel": source.plans[0].travel_hash == source.plans[1].travel_hash,
        "tell_after_s": source.tell_after_s,
        "visits": [_visit(one, visits[one.visit], frame, clock, profile) for one in found.visits],
        "people": [_person(source, one, frame, clock) for one in found.people],
        "outlets": [
            {"id": o.id, "name": o.name, "at": _xy(frame, o.place.lon, o.place.lat)}
            for o in day.outlets
        ],
        "roads": roads,
        "attribution": source.attribution,
    }


def summarize_comparison(source: CompareSource) -> dict[str, Any]:
    """Return figures, prices and differences, ready for JSON; moments as ISO 8601."""
    found, zone = source.differences(), ZoneInfo(source.day.zone)
    before, after = (_plan(source.day, one) for one in source.plans)
    changed = [one for one in found.visits if one.changes]
    return {
        "day": source.day.id,
        "same_travel": source.plans[0].travel_hash == source.plans[1].travel_hash,
        "plans": [before, after],
        "difference": {name: after["cost"][name] - fen for name, fen in before["cost"].items()},
        "tell_after_s": source.tell_after_s,
        "changed": len(changed),
        "tell_customers": [one.visit for one in found.visits if one.tell],
        "tell_technicians": [one.technician for one in found.people if one.tell],
        "visits": [
            {
                "visit": one.visit,
                "changes": [change.value for change in one.changes],
                "tell": one.tell,
                "before": _service_words(one.before, zone),
                "after": _service_words(one.after, zone),
            }
            for one in changed
        ],
        "technicians": [
            {
                "technician": one.technician,
                "gains": list(one.gains),
                "loses": list(one.loses),
                "moved": list(one.moved),
            }
            for one in found.people
            if one.tell
        ],
    }


def _service_words(service: Service | None, zone: ZoneInfo) -> dict[str, Any] | None:
    if service is None:
        return None
    return {
        "who": list(service.who),
        "contracted": service.contracted,
        "day": service.day.isoformat() if service.day else None,
        "number": service.number,
        "arrival": service.eta.astimezone(zone).isoformat() if service.eta else None,
        "lateness_s": service.lateness_s,
        "promise": service.promise,
    }


def _plan(day: Day, one: ComparedPlan) -> dict[str, Any]:
    plan = one.plan
    return {
        "label": one.label,
        "status": plan.status.value,
        "violations": list(one.violations),
        "engine": plan.engine,
        "travel": one.travel,
        "estimated": plan.estimated_travel,
        "figures": compute_figures(day, plan, audit_day(day, plan)),
        "parts": plan.part_fill.model_dump() if plan.part_fill else None,
        "cost": one.cost.model_dump(),
    }


def _visit(
    one: VisitDifference, visit: Visit, frame: Frame, clock: Clock, profile: Profile
) -> dict[str, Any]:
    return {
        "id": one.visit,
        "at": _xy(frame, visit.place.lon, visit.place.lat),
        "priority": visit.priority.value,
        "vip": visit.customer_class == "vip",
        "windows": {
            name: [clock.seconds(earliest), clock.seconds(latest)]
            for name, (earliest, latest) in named_windows(visit, profile).items()
        },
        "sides": [_service(one.before, clock), _service(one.after, clock)],
        "changes": [change.value for change in one.changes],
        "tell": one.tell,
    }


def _service(service: Service | None, clock: Clock) -> dict[str, Any] | None:
    if service is None:
        return None
    return {
        "who": list(service.who),
        "contracted": service.contracted,
        "number": service.number,
        "eta": clock.seconds(service.eta) if service.eta else None,
        "late": service.lateness_s,
        "promise": service.promise,
    }


def _person(
    source: CompareSource, one: PersonDifference, frame: Frame, clock: Clock
) -> dict[str, Any]:
    name = next(t.name for t in source.day.technicians if t.id == one.technician)
    return {
        "id": one.technician,
        "name": name,
        "gains": list(one.gains),
        "loses": list(one.loses),
        "moved": list(one.moved),
        "sides": [_shifts(source.day, p.plan, one.technician, frame, clock) for p in source.plans],
    }


def _shifts(day: Day, plan: DayPlan, technician: str, frame: Frame, clock: Clock) -> dict[str, Any]:
    """Return what a technician does in a plan, and the places in order for the map."""
    person = next(one for one in day.technicians if one.id == technician)
    outlets = {outlet.id: outlet for outlet in day.outlets}
    visits = {visit.id: visit.place for visit in day.visits}
    routes = [route for route in plan.routes if route.technician == technician]
    return {
        "visits": sum(stop.visit is not None for route in routes for stop in route.stops),
        "m": sum(stop.leg_m for route in routes for stop in route.stops),
        "work_s": sum(work_s(route) for route in routes),
        "hours": [[clock.seconds(route.start), clock.seconds(route.end)] for route in routes],
        "ways": [
            [_xy(frame, *place) for place in stop_places(route, person, outlets, visits)]
            for route in routes
        ],
    }


def _xy(frame: Frame, lon: float, lat: float) -> list[int]:
    return [int(value) for value in frame.to_xy(np.array([lon, lat]))]
