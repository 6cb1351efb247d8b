"""The desk towards customers: work orders and appointments."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from dispatch.domain.work_order import Request as CustomerRequest
from dispatch.domain.work_order import StepDetails, StepKind
from dispatch.live.roads import Roads
from dispatch.live.store import Request, Store
from dispatch.planning.slots import Slot, SlotRequest
from dispatch.service.bookings import Bookings
from dispatch.service.live_days import Recorded
from dispatch.service.live_desk import LiveDesk
from dispatch.service.orders import Orders, OrderView

HOLD = timedelta(minutes=10)
"""How long an appointment is kept free for a customer who is still on the phone."""


class CustomerDesk(LiveDesk):
    """Days of a store: what customers ask for.

    Parameters
    ----------
    store, roads, now
        As for `dispatch.service.desk.Desk`.
    """

    def __init__(self, store: Store, roads: Roads, *, now: Callable[[], datetime]) -> None:
        super().__init__(store, roads, now=now)
        self._bookings = Bookings(self._days)
        self._orders = Orders(self._days)

    def slots(
        self,
        days: Sequence[str],
        asked: Sequence[SlotRequest],
        top: int = 5,
        *,
        among: Mapping[str, Collection[str]] = MappingProxyType({}),
    ) -> dict[str, tuple[Slot, ...]]:
        """Return the best appointment windows of customers over some days, cheapest first.

        A window is offered only if it and every promise that is kept now can be kept together.
        Each customer is looked at alone, as if the others took nothing.

        Parameters
        ----------
        days
            Ids of live days with a plan.
        asked
            Customers, each with an id of its own.
        top
            Windows for each.
        among
            Technicians who may come, by day; all on days it does not name.
        """
        return self._bookings.slots(days, asked, top, among)

    def hold(
        self,
        slot: Slot,
        asked: SlotRequest,
        hold: str,
        request: Request,
        *,
        lasts: timedelta = HOLD,
        among: Collection[str] | None = None,
    ) -> Recorded:
        """Keep a window free for a customer: the visit is on a route until the hold expires.

        Parameters
        ----------
        slot, asked
            From `slots`, and what it was asked for.
        hold
            An id for the hold.
        among
            Technicians whose routes may change; None = all.

        Raises
        ------
        InvalidRequest
            D9502: the window cannot be kept any more.
        Conflict
            D9503.
        """
        return self._bookings.hold(slot, asked, hold, lasts, request, among=among)

    def book(self, day: str, hold: str, request: Request) -> Recorded:
        """Make a held window an appointment.

        Raises
        ------
        InvalidRequest
            D9507: no such hold; D9508: it has expired.
        """
        return self._bookings.book(day, hold, request)

    def release(self, day: str, hold: str, request: Request) -> Recorded:
        """Give a held window back; D9507 if there is no such hold."""
        return self._bookings.release(day, hold, request)

    def expire(self, day: str) -> int:
        """Give back every window whose hold has expired; `slots` and `hold` do it first."""
        return self._bookings.expire(day)

    def open_order(
        self, day: str, asked: CustomerRequest, request: Request, at: datetime | None = None
    ) -> Recorded:
        """Open a work order: a customer asked for something at a moment, by default now.

        Raises
        ------
        InvalidRequest
            The faults of `dispatch.domain.work_record.open_order`.
        """
        return self._orders.open(day, asked, request, at)

    def advance(
        self,
        day: str,
        order: str,
        step: StepKind,
        request: Request,
        *,
        details: StepDetails | None = None,
        at: datetime | None = None,
        offline: bool = False,
    ) -> Recorded:
        """Take a step of a work order.

        Parameters
        ----------
        at
            When it was taken, by default now.
        offline
            Sent late by a technician's phone.

        Raises
        ------
        InvalidRequest
            The faults of `dispatch.domain.work_record.record_step`.
        """
        what = details or StepDetails()
        return self._orders.advance(day, order, step, request, details=what, at=at, offline=offline)

    def order(self, day: str, order: str) -> OrderView:
        """Return a work order, the steps that may come next, and its clocks; D9509 if unknown."""
        return self._orders.find(day, order)

    def orders(self, day: str) -> tuple[OrderView, ...]:
        """Return every work order of a day with its clocks, by id."""
        return self._orders.every(day)
