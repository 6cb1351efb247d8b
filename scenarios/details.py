"""What stands out in a planned day, below the figures: late, emergencies, price, unassigned."""

from __future__ import annotations

import textwrap

from dispatch.domain import PlanStop, Priority
from dispatch.service import PlannedDay

MOST = 6
"""Lines of one kind; the report has them all."""

WIDTH = 100


def detail_lines(planned: PlannedDay) -> list[str]:
    """Return the details as lines for a terminal."""
    judged = [finding for finding in planned.findings if finding.met is not None]
    met = sum(1 for finding in judged if finding.met)
    return [
        *_emergencies(planned),
        *_late(planned),
        *_price(planned),
        *_unassigned(planned),
        f"  standard {planned.day.standards}: {met} of {len(judged)} clauses with cases are met",
    ]


def _stops(planned: PlannedDay) -> dict[str, tuple[str, PlanStop]]:
    """Return technician and stop by visit."""
    return {
        stop.visit: (route.technician, stop)
        for route in planned.plan.routes
        for stop in route.stops
        if stop.visit is not None
    }


def _emergencies(planned: PlannedDay) -> list[str]:
    stops = _stops(planned)
    names = {technician.id: technician.name for technician in planned.day.technicians}
    told_by_outlet = {
        visit: f"with the contracted outlet {service.outlet}"
        for service in planned.plan.contracted
        for visit in service.visits
    }
    lines = []
    for visit in planned.day.visits:
        if visit.priority is not Priority.EMERGENCY or visit.received_at is None:
            continue
        told = told_by_outlet.get(visit.id, "unassigned")
        if visit.id in stops:
            technician, stop = stops[visit.id]
            after = (stop.arrival - visit.received_at).total_seconds()
            who = names[technician] or technician
            told = f"{who} at the door {stop.arrival:%H:%M}, after {_minutes(after)}"
        lines.append(f"    {visit.id}  called {visit.received_at:%H:%M}, {told}")
    return ["  emergencies:", *lines] if lines else []


def _late(planned: PlannedDay) -> list[str]:
    late = [(who, stop) for who, stop in _stops(planned).values() if stop.lateness_s]
    late.sort(key=lambda pair: (-pair[1].lateness_s, pair[1].visit))
    lines = [
        f"    {stop.visit}  {_minutes(stop.lateness_s)} late, {who} at {stop.arrival:%H:%M}"
        for who, stop in late
    ]
    return ["  late:", *_shorten(lines)] if lines else ["  late: nobody"]


def _price(planned: PlannedDay) -> list[str]:
    parts = planned.plan.cost.model_dump()
    lines = [
        f"    {name.replace('_', ' '):<20}{value / 100:>12,.2f}"
        for name, value in parts.items()
        if value and name != "total"
    ]
    return ["  price in yuan:", *lines]


def _unassigned(planned: PlannedDay) -> list[str]:
    left = planned.plan.unassigned
    lines = [
        textwrap.shorten(f"{visit.visit}  {visit.summary}", WIDTH, placeholder=" …")
        for visit in left
    ]
    return ["  unassigned:", *_shorten([f"    {line}" for line in lines])] if left else []


def _shorten(lines: list[str]) -> list[str]:
    if len(lines) <= MOST:
        return lines
    return [*lines[:MOST], f"    … and {len(lines) - MOST} more"]


def _minutes(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min"
