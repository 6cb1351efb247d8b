"""A planned day on one screen of a terminal."""

from __future__ import annotations

from dispatch.domain import Priority
from dispatch.referee import judge
from dispatch.service import PlannedDay


def summarize(planned: PlannedDay) -> str:
    """Return figures, late visits, emergencies, price by component and the unassigned."""
    return "\n".join(
        [
            "",
            *_heading(planned),
            "",
            *_promises(planned),
            "",
            *_emergencies(planned),
            *_price(planned),
            *_unassigned(planned),
            *_clauses(planned),
        ]
    )


def _heading(planned: PlannedDay) -> list[str]:
    day, plan = planned.day, planned.plan
    contracted = sum(len(service.visits) for service in plan.contracted)
    served = contracted + sum(
        1 for route in plan.routes for stop in route.stops if stop.kind == "visit"
    )
    kilometers = sum(stop.leg_m for route in plan.routes for stop in route.stops) / 1000
    how = f"{plan.engine}, seed {plan.seed}, stopped by {plan.stopped_by}"
    title = f"{day.id} · {day.date:%A %d %B %Y} · {plan.status.value}"
    return [
        title,
        "─" * len(title),
        f"served       {served} of {len(day.visits)} visits, {contracted} by contracted outlets",
        f"technicians  {len(plan.routes)} of {len(day.technicians)} out, {kilometers:,.0f} km",
        f"search       {plan.iterations:,} iterations in {plan.runtime_s:.1f} s, {how}",
        f"travel       {plan.travel}",
    ]


def _promises(planned: PlannedDay) -> list[str]:
    stops = [s for route in planned.plan.routes for s in route.stops if s.kind == "visit"]
    emergencies = {v.id for v in planned.day.visits if v.priority is Priority.EMERGENCY}
    promised = [s for s in stops if s.promise is not None and s.visit not in emergencies]
    late = sorted((s for s in promised if s.lateness_s), key=lambda s: -s.lateness_s)
    lines = [f"promises     {len(promised) - len(late)} of {len(promised)} kept"]
    lines += [
        f"  late       {stop.visit}: {_minutes(stop.lateness_s)} at {stop.arrival:%H:%M}"
        for stop in late[:5]
    ]
    return lines + ([f"  late       … and {len(late) - 5} more"] if len(late) > 5 else [])


def _emergencies(planned: PlannedDay) -> list[str]:
    stops = {s.visit: (r, s) for r in planned.plan.routes for s in r.stops if s.kind == "visit"}
    names = {technician.id: technician.name for technician in planned.day.technicians}
    lines = []
    for visit in planned.day.visits:
        if visit.priority is not Priority.EMERGENCY or visit.received_at is None:
            continue
        if visit.id not in stops:
            lines.append(f"emergency    {visit.id}: not served by a technician")
            continue
        route, stop = stops[visit.id]
        after = (stop.arrival - visit.received_at).total_seconds()
        lines.append(
            f"emergency    {visit.id}: called {visit.received_at:%H:%M}, "
            f"{names[route.technician] or route.technician} at the door {stop.arrival:%H:%M} "
            f"(after {_minutes(after)})"
        )
    return [*lines, ""] if lines else []


def _price(planned: PlannedDay) -> list[str]:
    cost = planned.plan.cost
    parts = [
        f"  {name.replace('_', ' '):<20}{value / 100:>12,.2f}"
        for name, value in cost.model_dump().items()
        if value and name != "total"
    ]
    return ["price in yuan", *parts, f"  {'total':<20}{cost.total / 100:>12,.2f}", ""]


def _unassigned(planned: PlannedDay) -> list[str]:
    left = planned.plan.unassigned
    if not left:
        return ["unassigned   none"]
    lines = [f"unassigned   {len(left)}"]
    lines += [f"  {visit.visit}: {visit.summary or 'no reason given'}" for visit in left[:8]]
    return lines + ([f"  … and {len(left) - 8} more"] if len(left) > 8 else [])


def _clauses(planned: PlannedDay) -> list[str]:
    verdict = judge(planned.day, planned.plan, planned.travel_table)
    lines = [f"referee      {'clean' if verdict.ok else f'{len(verdict.violations)} violations'}"]
    judged = [f for f in planned.findings if f.met is not None]
    met = sum(1 for finding in judged if finding.met)
    return [*lines, f"standard     {met} of {len(judged)} clauses with cases are met"]


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} min"
