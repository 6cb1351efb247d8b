"""Change one thing in a frozen plan, so that a test can see whether it is noticed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from dispatch.domain import DayPlan, PlanStop


def later(moment: Any, seconds: int) -> Any:
    """Return the moment that many seconds later."""
    return moment + timedelta(seconds=seconds)


def change_route(plan: DayPlan, route: int = 0, **fields: Any) -> DayPlan:
    """Return the plan with other fields on one route."""
    routes = list(plan.routes)
    routes[route] = routes[route].model_copy(update=fields)
    return plan.model_copy(update={"routes": tuple(routes)})


def change_stop(plan: DayPlan, kind: str, nth: int = 0, **fields: Any) -> DayPlan:
    """Return the plan with other fields on the nth stop of a kind; callables get the stop."""
    stops = list(plan.routes[0].stops)
    index = [i for i, stop in enumerate(stops) if stop.kind == kind][nth]
    values = {n: v(stops[index]) if callable(v) else v for n, v in fields.items()}
    stops[index] = stops[index].model_copy(update=values)
    return change_route(plan, stops=tuple(stops))


def rearrange(plan: DayPlan, edit: Callable[[list[PlanStop]], list[PlanStop]]) -> DayPlan:
    """Return the plan with the stops of the first route edited as a list."""
    return change_route(plan, stops=tuple(edit(list(plan.routes[0].stops))))


def shift_stop(plan: DayPlan, kind: str, seconds: int, nth: int = 0) -> DayPlan:
    """Return the plan with one stop moved in time as a whole."""
    names = ("reached", "arrival", "start", "end")
    moved = {name: lambda stop, n=name: later(getattr(stop, n), seconds) for name in names}
    return change_stop(plan, kind, nth, **moved)


def change_cost(plan: DayPlan, **fields: int) -> DayPlan:
    """Return the plan with other cost components."""
    return plan.model_copy(update={"cost": plan.cost.model_copy(update=fields)})
