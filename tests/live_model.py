"""A simple model of a live day, beside a day with a crew."""

from __future__ import annotations

from typing import Any

from dispatch.domain import PlanStop
from tests.live_days import live_day, live_plan


def crew_day() -> tuple[Any, Any]:
    """The day of tests/live_days.py, with V1 served by T1 and T2 together."""
    day, plan = live_day(), live_plan()
    first = day.visits[0].model_copy(update={"crew_size": 2})
    stops = list(plan.routes[1].stops)
    own: PlanStop = plan.routes[0].stops[1]
    stops.insert(1, own.model_copy(update={"crew": 2}))
    routes = plan.routes[0], plan.routes[1].model_copy(update={"stops": tuple(stops)})
    return (
        day.model_copy(update={"visits": (first, *day.visits[1:])}),
        plan.model_copy(update={"routes": routes}),
    )


class Model:
    """What a dispatcher would keep on a sheet of paper: who has what, and what is over."""

    def __init__(self) -> None:
        self.has = {"V1": {"T1", "T2"}, "V2": {"T1"}, "V3": {"T1"}, "V4": {"T2"}, "V5": {"T2"}}
        self.works: dict[str, str] = {}
        self.open = {"V7"}
        self.contracted = {"V6"}
        self.over: dict[str, str] = {}
        self.done: set[tuple[str, str]] = set()
        self.away: set[str] = set()
        self.known = {f"V{number}" for number in range(1, 8)}

    def is_started(self, name: str) -> bool:
        return name in self.works.values()

    def can_change(self, name: str) -> bool:
        return name in self.known and name not in self.over and not self.is_started(name)

    def can_report(self, technician: str, name: str) -> bool:
        busy = self.works.get(technician)
        here = technician in self.has.get(name, set()) and technician not in self.away
        return here and busy in {None, name}

    def drop(self, name: str) -> None:
        workers = {t for t, n in self.works.items() if n == name}
        self.has[name] = self.has.get(name, set()) & workers
        if not self.has[name]:
            del self.has[name]

    def free(self, name: str) -> None:
        self.drop(name)
        if name not in self.has and name not in self.over:
            self.open.add(name)
