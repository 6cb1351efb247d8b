"""What customers ask for: appointment windows, holds, work orders."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, BaseModel, Field

from dispatch.api.answers import Body, Limit, Page, page_of
from dispatch.api.context import Service
from dispatch.api.entry import Running, Sent, Who, target_of
from dispatch.api.free_texts import seal_details, show_orders
from dispatch.api.regions import Part
from dispatch.api.rights import Right, authorize, needs
from dispatch.api.routes_live import DoneOut, once
from dispatch.domain import Visit
from dispatch.domain.base import Id
from dispatch.domain.work_order import Request as CustomerRequest
from dispatch.domain.work_order import StepDetails, StepKind
from dispatch.live.store import Request as StoreRequest
from dispatch.planning.slots import Slot, SlotRequest
from dispatch.service.live_days import Recorded
from dispatch.service.orders import OrderView

router = APIRouter(tags=["customers"])


class SlotsAsk(Body):
    """Customers who ask for an appointment, and the days that may be offered."""

    days: tuple[Id, ...] = Field(min_length=1, max_length=14)
    customers: tuple[SlotRequest, ...] = Field(min_length=1, max_length=20)
    top: int = Field(default=5, ge=1, le=20)


class HoldAsk(Body):
    """A window that was offered, and what it was offered for."""

    slot: Slot
    customer: SlotRequest


class HoldOut(DoneOut):
    """A window kept free for a while."""

    hold: str


class HoldState(BaseModel):
    """A window kept free until a moment."""

    id: str
    visit: str
    expires_at: datetime


class OrderAsk(Body):
    """A request of a customer; ``at`` is when it was made, by default now."""

    request: CustomerRequest
    at: AwareDatetime | None = None


class StepAsk(Body):
    """A step of a work order; ``offline`` was kept on a phone and may come late."""

    step: StepKind
    details: StepDetails = StepDetails()
    at: AwareDatetime | None = None
    offline: bool = False


@router.post("/slots")
@needs(Right.DECIDE)
def ask_slots(body: SlotsAsk, service: Running, who: Who) -> dict[str, tuple[Slot, ...]]:
    """Return the cheapest windows of each customer over some days; nothing is kept free."""
    among = {}
    for day in body.days:
        authorize(who, Right.DECIDE, target_of(service, who, day))
        part = service.regions.part(who, day)
        part.check(new=[_visit(one) for one in body.customers])
        if not part.whole:
            among[day] = _people(service, day, part)
    bare = [_bare(one) for one in body.customers]
    return service.desk.slots(body.days, bare, body.top, among=among)


def _people(service: Service, day: str, part: Part) -> list[str]:
    people = service.desk.view(day).state.day.technicians
    return [one.id for one in people if part.has_technician(one.id)]


@router.post("/days/{day}/holds", status_code=201)
@needs(Right.DECIDE)
def hold_slot(day: str, body: HoldAsk, service: Running, sent: Sent) -> HoldOut:
    """Keep a window free for ten minutes."""
    part = service.regions.part(sent.caller, day)
    among = None if part.whole else _people(service, day, part)
    service.desk.view(day)
    slot = body.slot.model_copy(update={"day": day})
    name = f"hold-{service.sealer.sign(sent.key.encode())[:24]}"

    def work(request: StoreRequest) -> Recorded:
        place = service.vault.seal_place(body.customer.place, day, service.now())
        asked = body.customer.model_copy(update={"place": place})
        return service.desk.hold(slot, asked, name, request, among=among)

    return HoldOut(**once(service, sent, day, work).model_dump(), hold=name)


@router.get("/days/{day}/holds")
@needs(Right.DECIDE)
def list_holds(day: str, service: Running, who: Who) -> tuple[HoldState, ...]:
    """List the windows that are kept free now."""
    holds, part = service.desk.view(day).holds, service.regions.part(who, day)
    return tuple(
        HoldState(id=one.id, visit=one.visit, expires_at=one.expires_at)
        for one in holds
        if part.has_visit(one.visit)
    )


@router.post("/days/{day}/holds/{hold}/book", status_code=201)
@needs(Right.DECIDE)
def book_hold(day: str, hold: str, service: Running, sent: Sent) -> DoneOut:
    """Make a held window an appointment."""
    return once(service, sent, day, lambda request: service.desk.book(day, hold, request))


@router.post("/days/{day}/holds/{hold}/release", status_code=201)
@needs(Right.DECIDE)
def release_hold(day: str, hold: str, service: Running, sent: Sent) -> DoneOut:
    """Give a held window back."""
    return once(service, sent, day, lambda request: service.desk.release(day, hold, request))


@router.post("/days/{day}/orders", status_code=201)
@needs(Right.DECIDE)
def open_order(day: str, body: OrderAsk, service: Running, sent: Sent) -> DoneOut:
    """Open a work order: a customer asked for something."""
    asked = body.request
    return once(
        service, sent, day, lambda request: service.desk.open_order(day, asked, request, body.at)
    )


@router.get("/days/{day}/orders")
@needs(Right.DECIDE)
def list_orders(  # noqa: PLR0917 - parameters of a route
    day: str,
    request: Request,
    service: Running,
    who: Who,
    limit: Limit = 100,
    after: Annotated[str, Query(max_length=64)] = "",
) -> Page[OrderView]:
    """List the work orders of a day with their clocks, by id."""
    part = service.regions.part(who, day)
    every = [
        one
        for one in service.desk.orders(day)
        if one.order.id > after and part.has_order(one.order.request.visit)
    ]
    found = show_orders(service, who, every[: limit + 1])
    last = found[:limit][-1].order.id if found else ""
    return Page[OrderView](**page_of(request, found, limit, last))


@router.get("/days/{day}/orders/{order}")
@needs(Right.DECIDE)
def read_order(day: str, order: str, service: Running, who: Who) -> OrderView:
    """Return a work order, what may come next, and its clocks."""
    found, part = service.desk.order(day, order), service.regions.part(who, day)
    part.check_order(found.order.request.visit)
    return show_orders(service, who, [found])[0]


@router.post("/days/{day}/orders/{order}/steps", status_code=201)
@needs(Right.DECIDE)
def take_step(day: str, order: str, body: StepAsk, service: Running, sent: Sent) -> DoneOut:
    """Take a step of a work order; its texts and the name below a report are sealed."""

    def work(request: StoreRequest) -> Recorded:
        details = seal_details(service, day, body.details)
        return service.desk.advance(
            day, order, body.step, request, details=details, at=body.at, offline=body.offline
        )

    return once(service, sent, day, work)


def _visit(asked: SlotRequest) -> Visit:
    """Return the visit of a request, for its region."""
    return Visit(id=asked.id, place=asked.place, service_s=asked.service_s, district=asked.district)


def _bare(asked: SlotRequest) -> SlotRequest:
    """Return the request without its address: a window needs the place alone."""
    return asked.model_copy(update={"place": asked.place.model_copy(update={"address": None})})
