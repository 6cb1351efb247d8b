"""A simple model of a live day, beside a day with a crew."""

from __future__ import annotations

from typing import Any

from dispatch.domain import PlanStop
from dispatch.live.freeze import Freeze
from dispatch.live.projection import Projection
from dispatch.live.replan import Proposal
from dispatch.live.state import LiveState
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


def follow(model: Model, proposal: Proposal) -> None:
    """Write on the sheet what the diff says, and nothing else."""
    for change in proposal.diff.changes:
        if change.kind in {"eta", "order"}:
            continue
        model.has.pop(change.visit, None)
        model.open.discard(change.visit)
        model.contracted.discard(change.visit)
        after = change.after
        if after is None:
            model.open.add(change.visit)
        elif after.arrival is None:
            model.contracted.add(change.visit)
        else:
            model.has[change.visit] = set(after.crew or (after.technician,))


def frozen_stops_stand(
    before: LiveState, found: Projection, freeze: Freeze, after: LiveState, *, divert: bool
) -> None:
    """What was asked to stay is where it was, and what was before it too."""
    etas = iter(found.etas)
    for old, new in zip(before.routes, after.routes, strict=True):
        own = [next(etas) for _ in old.ahead]
        going = [stop for stop in old.ahead if stop.is_under_way]
        if not divert:
            assert [stop for stop in new.ahead if stop.is_under_way] == going
        if old.technician in freeze.technicians:
            assert new.ahead == old.ahead
        count = 0
        for number, eta in enumerate(own, start=1):
            begins = eta.start if eta.leaves is None else eta.leaves
            if freeze.until is not None and begins < freeze.until:
                count = number
        if divert and all(s.arrived_at is None and s.started_at is None for s in going):
            going = []  # on the way only: may be turned, and counts as what is next
        visits = [n for n, s in enumerate(old.ahead, start=1) if s.visit and s not in going]
        if freeze.next_visits and visits:
            count = max(count, visits[: freeze.next_visits][-1])
        assert new.ahead[:count] == old.ahead[:count]
