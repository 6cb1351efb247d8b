"""What would be reported of a day that goes exactly as planned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from dispatch.domain import DayPlan, PlanRoute, PlanStop
from dispatch.domain.disruption import (
    Happening,
    Progress,
    TechnicianArrived,
    TechnicianDeparted,
    WorkFinished,
    WorkStarted,
)

_Report = tuple[datetime, int, Happening]


def reports_as_planned(plan: DayPlan, until: datetime) -> tuple[Happening, ...]:
    """Return all that technicians report up to a moment, in order, if all goes as planned.

    Recorded one after the other they leave the rest of the plan as it is.

    Parameters
    ----------
    plan
        A plan the referee has passed.
    until
        The last moment.
    """
    found = [one for route in plan.routes for one in _reports(route)]
    found.sort(key=lambda one: one[:2])
    return tuple(fact for moment, _, fact in found if moment <= until)


def _reports(route: PlanRoute) -> Iterator[_Report]:
    """Yield moment, rank among those of the same moment, and report."""
    free, going = route.start, None
    ahead = [stop for stop in route.stops if stop.kind != "start"]
    leading = next(i for i, stop in enumerate(route.stops) if stop.kind == "start")
    for place, stop in enumerate(ahead):
        rank = 3 * place
        target = next((one for one in ahead[place:] if one.kind != "break"), None)
        # A break at the next place is reported there: who takes one has set out before it.
        driven = place > 0 and ahead[place - 1].kind == "break" and stop.leg_s == 0
        leaves = stop.kind != "break" or stop.leg_s > 0
        if leaves and target is not None and not (driven and going is target):
            going = target
            yield _report(TechnicianDeparted, route, target, (free, rank))
        if stop.kind == "end":
            yield _report(TechnicianArrived, route, stop, (stop.end, rank))
        else:
            if stop.kind == "visit":
                yield _report(TechnicianArrived, route, stop, (stop.reached, rank))
            yield _report(WorkStarted, route, stop, (stop.start, rank + 1))
            yield _report(WorkFinished, route, stop, (stop.end, rank + 2))
        free = stop.end if place >= leading else max(stop.end, route.start)


def _report(
    kind: type[Progress], route: PlanRoute, stop: PlanStop, when: tuple[datetime, int]
) -> _Report:
    moment, rank = when
    about = {"technician": route.technician, "what": stop.kind, "visit": stop.visit}
    return moment, rank, kind.model_validate({"happened_at": moment, **about})
