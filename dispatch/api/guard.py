"""Whether a caller of some regions may record a fact: by what it touches, whichever route it is of.

What is recorded is looked at, not what was asked for: an emergency that moves somebody of another
region out of the way is refused, and so is undoing what another region decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from dispatch.api.context import Service
from dispatch.api.faults import Refused
from dispatch.api.regions import OwnPart
from dispatch.api.rights import Caller
from dispatch.domain import Visit
from dispatch.domain.decision import Decided, GivenRoute, SlotReleased
from dispatch.domain.disruption import TrafficChanged
from dispatch.domain.event import Fact
from dispatch.domain.work_facts import WorkOrderOpened, WorkStepTaken
from dispatch.service.view import DayView


def guard_of(service: Service, caller: Caller, day: str) -> Callable[[Fact], None] | None:
    """Return what looks at the facts of a caller; None where all of the day is the caller's."""
    part = service.regions.part(caller, day)
    return Guard(part, service.desk.view(day)) if isinstance(part, OwnPart) else None


class Guard:
    """Refuses facts that touch anything of another region.

    Parameters
    ----------
    part
        What is the caller's.
    view
        The day before the command.
    """

    def __init__(self, part: OwnPart, view: DayView) -> None:
        self._part = part
        self._routes = {(r.technician, r.shift): r for r in view.state.routes}
        self._orders: dict[str, str | None] = {
            name: order.request.visit for name, order in view.orders.items()
        }
        self._holds: Mapping[str, str] = {one.id: one.visit for one in view.holds}
        self._new: dict[str, Visit] = {}

    def __call__(self, fact: Fact) -> None:
        """Let a fact pass.

        Raises
        ------
        Refused
            A1006.
        """
        if isinstance(fact, Decided):
            self._check_decided(fact)
        elif isinstance(fact, WorkOrderOpened):
            self._orders[fact.request.order] = fact.request.visit
            self._check_order(fact.request.order)
        elif isinstance(fact, WorkStepTaken):
            self._check_order(fact.order)
        elif isinstance(fact, SlotReleased):
            self._check_visits([self._holds.get(fact.hold, "")])
        else:
            self._check_named(fact)

    def lets_pass(self, facts: Iterable[Fact]) -> bool:
        """Say whether all of some facts pass."""
        try:
            for fact in facts:
                self(fact)
        except Refused:
            return False
        return True

    def _check_named(self, fact: Fact) -> None:
        """Check what a fact names; one that names nothing is about the whole day."""
        visit = getattr(fact, "visit", None)
        technician, outlet = getattr(fact, "technician", None), getattr(fact, "outlet", None)
        if isinstance(visit, Visit):
            self._new[visit.id] = visit
            visit = visit.id
        if isinstance(fact, TrafficChanged) or not (visit or technician or outlet):
            self._part.check_all()
        self._check_visits([visit] if visit else [])
        self._part.check(
            technicians=[technician] if technician else [], outlets=[outlet] if outlet else []
        )

    def _check_order(self, order: str) -> None:
        visit = self._orders.get(order, "")  # an unknown order is nobody's
        if visit in self._new:
            self._check_visits([visit])
        else:
            self._part.check_order(visit)

    def _check_decided(self, fact: Decided) -> None:
        self._part.check(
            technicians=[route.technician for route in fact.routes],
            outlets=[one.outlet for one in fact.contracted if one.outlet is not None],
        )
        self._check_visits([one.visit for one in fact.contracted])
        self._check_visits([one.visit for one in fact.pins])
        for route in fact.routes:
            self._check_visits(self._given_and_taken(route))

    def _given_and_taken(self, route: GivenRoute) -> list[str]:
        """Return the visits a route gets or loses; those that stay may be of other regions."""
        now = self._routes.get((route.technician, route.shift))
        before = Counter(stop.visit for stop in now.ahead if stop.visit) if now else Counter[str]()
        after = Counter(stop.visit for stop in route.stops if stop.visit)
        return [*(before - after), *(after - before)]

    def _check_visits(self, names: list[str]) -> None:
        new = [self._new[name] for name in names if name in self._new]
        self._part.check(visits=[name for name in names if name not in self._new], new=new)
