"""Short words over plans for tests: plan a tiny day in the grid town, look at what came out."""

from __future__ import annotations

from typing import Any

from dispatch.domain import Day, DayPlan, PlanRoute, PlanStop, UnassignedVisit
from dispatch.planning.daily import plan_day_with_travel
from solver.stop import MaxIterations
from tests.days import GridTown


def plan(day: Day, town: GridTown | None = None, **settings: Any) -> DayPlan:
    """Plan a day in the town; the iteration limit makes it repeat. The referee has passed it."""
    settings.setdefault("stop", MaxIterations(300))
    return plan_day_with_travel(day, town or GridTown(), **settings).plan


def route_of(plan: DayPlan, technician: str) -> PlanRoute:
    """Return the route of a technician."""
    return next(route for route in plan.routes if route.technician == technician)


def stop_of(plan: DayPlan, visit: str) -> PlanStop:
    """Return the stop of a visit."""
    return next(stop for route in plan.routes for stop in route.stops if stop.visit == visit)


def who(plan: DayPlan, visit: str) -> str | None:
    """Return who serves a visit: a technician, a contracted outlet, or None."""
    for route in plan.routes:
        if any(stop.visit == visit for stop in route.stops):
            return route.technician
    return next((c.outlet for c in plan.contracted if visit in c.visits), None)


def clocks(plan: DayPlan, technician: str) -> list[str]:
    """Return the route in words: ``["start 09:20", "V1 09:30", "end 10:10"]``."""
    return [
        f"{stop.visit or stop.kind} {stop.arrival:%H:%M}"
        for stop in route_of(plan, technician).stops
    ]


def unserved(plan: DayPlan, visit: str) -> UnassignedVisit:
    """Return the entry of an unassigned visit."""
    return next(entry for entry in plan.unassigned if entry.visit == visit)


def codes(plan: DayPlan, visit: str) -> dict[str, str]:
    """Return the first blocking rule by technician or contracted outlet."""
    return {reason.technician: reason.code for reason in unserved(plan, visit).reasons}
