"""Work orders of a live day: opened, advanced step by step, with the clocks that run on them."""

from __future__ import annotations

from datetime import datetime

from dispatch.domain.base import Model
from dispatch.domain.work_facts import WorkOrderOpened, WorkStepTaken
from dispatch.domain.work_order import Request as CustomerRequest
from dispatch.domain.work_order import StepDetails, StepKind, WorkOrder
from dispatch.domain.work_steps import next_steps
from dispatch.live.store import Request
from dispatch.service.codes import DeskCode, refuse
from dispatch.service.live_days import LiveDays, Recorded
from dispatch.service.view import DayView
from dispatch.standards import Clock, clocks_of, get_profile


class OrderView(Model):
    """A work order as it stands: what may come next, and its clocks at this moment."""

    order: WorkOrder
    next_steps: tuple[StepKind, ...]
    clocks: tuple[Clock, ...]


class Orders:
    """Work orders of the days of a store.

    Parameters
    ----------
    days
        The days.
    """

    def __init__(self, days: LiveDays) -> None:
        self._days = days

    def open(
        self, day: str, asked: CustomerRequest, request: Request, at: datetime | None
    ) -> Recorded:
        """Open an order; see `dispatch.service.desk.Desk.open_order`."""
        fact = WorkOrderOpened(request=asked, happened_at=at or request.at)
        return self._days.command(day, lambda *_: [fact], request)

    def advance(
        self,
        day: str,
        order: str,
        step: StepKind,
        request: Request,
        *,
        details: StepDetails,
        at: datetime | None,
        offline: bool,
    ) -> Recorded:
        """Take a step; see `dispatch.service.desk.Desk.advance`."""
        fact = WorkStepTaken(
            order=order,
            step=step,
            happened_at=at or request.at,
            offline=offline,
            details=details,
        )
        return self._days.command(day, lambda *_: [fact], request)

    def find(self, day: str, order: str) -> OrderView:
        """Return an order; see `dispatch.service.desk.Desk.order`."""
        view = self._days.view(day)
        found = view.orders.get(order)
        if found is None:
            words = "no such work order", "one that was opened on this day"
            raise refuse(DeskCode.ORDER_UNKNOWN, f"work order {order}", *words)
        return self._shown(view, found)

    def every(self, day: str) -> tuple[OrderView, ...]:
        """Return all orders of a day, by id."""
        view = self._days.view(day)
        return tuple(self._shown(view, view.orders[name]) for name in sorted(view.orders))

    def _shown(self, view: DayView, order: WorkOrder) -> OrderView:
        profile = get_profile(view.state.day.standards)
        now = max(self._days.now(), view.state.now)
        return OrderView(
            order=order, next_steps=next_steps(order), clocks=clocks_of(order, profile, now)
        )
