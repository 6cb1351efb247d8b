"""A technician's own day: stops, news, contacts; nothing of others' customers."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from dispatch.api.answers import JSON, Body
from dispatch.api.context import Service
from dispatch.api.entry import Running, Sent, Who, target_of
from dispatch.api.faults import ApiCode, Refused
from dispatch.api.free_texts import seal_words
from dispatch.api.rights import Caller, Right, authorize, needs
from dispatch.api.routes_live import DoneOut, NewsAsk, once, sealed
from dispatch.api.routes_visits import ContactOut, unmask
from dispatch.domain.disruption import (
    CustomerAbsent,
    PartMissing,
    Progress,
    TechnicianLate,
    TechnicianSeen,
    VisitOverran,
)
from dispatch.domain.event import Fact
from dispatch.domain.part import PartNeed
from dispatch.domain.work_facts import WorkOrderOpened, WorkStepTaken
from dispatch.domain.work_order import Request as CustomerRequest
from dispatch.domain.work_order import StepDetails, StepKind
from dispatch.domain.work_report import ServiceReport, TestResult
from dispatch.errors import UnknownTechnician
from dispatch.live.state import LiveState
from dispatch.live.store import Request
from dispatch.service.live_days import Recorded
from dispatch.web.me_view import MyDay, me_json, me_view

router = APIRouter(tags=["me"])
OWN_NEWS = (
    Progress, VisitOverran, CustomerAbsent, TechnicianLate, TechnicianSeen, PartMissing,
)  # fmt: skip
"""What technicians report themselves."""
DayName = Annotated[str, Field(min_length=1, max_length=64)]


class MyNews(NewsAsk):
    """News of the caller."""

    day: DayName


class MyWhy(Body):
    """Whose customer, and why."""

    day: DayName
    visit: str = Field(min_length=1, max_length=64)
    reason: str = Field(min_length=3, max_length=500)


@router.get("/me/day", response_model=MyDay)
@needs(Right.OWN)
def read_mine(
    service: Running,
    who: Who,
    day: Annotated[str | None, Query(min_length=1, max_length=64)] = None,
) -> Response:
    """Return the caller's own stops, customers masked; by default of the day that runs now."""
    name = find_day(service, who) if day is None else day
    authorize(who, Right.OWN, target_of(service, who, name))
    view = service.desk.view(name)
    try:
        mine = me_view(view, str(who.technician))
    except KeyError:
        raise UnknownTechnician(who.technician) from None
    return Response(me_json(_with_contacts(service, mine, view.state)), media_type=JSON)


def find_day(service: Service, who: Caller) -> str:
    """Return the day of the caller that runs now, else the next one, else the last.

    Raises
    ------
    Refused
        A1015: there is none.
    """
    now, found = service.day_now(), []
    with service.store.read() as reader:
        for row in reader.days():
            document = reader.get_document(row.id)
            mine = any(one.id == who.technician for one in document.technicians)
            if mine and reader.get_version(row.id).revision.plan is not None:
                found.append(
                    (document.horizon_end < now, abs(document.horizon_start - now), row.id)
                )
    allowed = [
        one
        for one in sorted(found)
        if not who.regions or who.may_enter(service.regions.of(one[2]).every)
    ]
    if not allowed:
        raise Refused(ApiCode.GONE, "day", "no day with you in it", "a planned day")
    return allowed[0][2]


def _with_contacts(service: Service, mine: MyDay, state: LiveState) -> MyDay:
    """Return the day with masked contacts of own visits that are still ahead."""
    ahead = {one.stop.job.visit for one in mine.stops if one.stop.job and one.stop.phase != "past"}
    contacts = service.vault.contacts(one for one in state.day.visits if one.id in ahead)
    stops = []
    for one in mine.stops:
        contact = contacts.get(one.stop.job.visit) if one.stop.job else None
        if contact is not None:
            seen = contact.masked()
            fields = {"customer": seen.name, "phone": seen.phone, "address": seen.address}
            stops.append(one.model_copy(update=fields))
        else:
            stops.append(one)
    return mine.model_copy(update={"stops": tuple(stops)})


@router.post("/me/events", status_code=201)
@needs(Right.OWN)
def record_mine(body: MyNews, service: Running, sent: Sent) -> DoneOut:
    """Record news of the caller about own stops; may be sent again and late."""
    check_own(service, sent.caller, body.day, body.what)

    def work(request: Request) -> Recorded:
        fact = sealed(service, body.day, body.what)
        return service.desk.record(body.day, fact, request)

    return once(service, sent, body.day, work)


class MyReport(Body):
    """The report of an own visit, item by item of T259-8.3-b; what is not said was not done.

    ``signature`` is a PNG as a data URL.
    """

    day: DayName
    visit: str = Field(min_length=1, max_length=64)
    text: str = Field(min_length=1, max_length=2000)
    parts: tuple[PartNeed, ...] = Field(default=(), max_length=100)
    signed_by: str = Field(default="", max_length=100)
    signature: str = Field(
        default="", max_length=400_000, pattern=r"^(data:image/png;base64,[A-Za-z0-9+/=]*)?$"
    )
    test: TestResult = "not_possible"
    cause: str = Field(default="", max_length=2000)
    price_fen: int = Field(default=0, ge=0, le=100_000_000)
    id_shown: bool = False
    content_explained: bool = False
    price_explained: bool = False
    site_clean: bool = False
    waste_handled: bool = False


@router.post("/me/reports", status_code=201)
@needs(Right.OWN)
def report_mine(body: MyReport, service: Running, sent: Sent) -> DoneOut:
    """Keep the report of an own visit with its work order; name and signature are sealed.

    A visit without a work order gets one. A report that comes before steps it follows waits.
    """
    check_own_visit(service, sent.caller, body.day, body.visit)
    return once(service, sent, body.day, lambda request: _report(service, body, request))


def _report(service: Service, body: MyReport, sent: Request) -> Recorded:
    now, orders = service.day_now(), service.desk.view(body.day).orders.values()
    known = next((one.id for one in orders if one.request.visit == body.visit), None)
    name = None
    if body.signed_by or body.signature:
        signed = json.dumps([body.signed_by, body.signature])
        name = service.vault.seal_text(signed, body.day, service.now())
    report = ServiceReport(
        id_shown=body.id_shown, content_explained=body.content_explained,
        price_explained=body.price_explained, work=body.text, price_fen=body.price_fen,
        cause=body.cause, test=body.test, parts=body.parts, signed_by=name,
        signed_at=now if name else None, site_clean=body.site_clean,
        waste_handled=body.waste_handled,
    )  # fmt: skip
    report = report.model_copy(
        update={
            "work": seal_words(service, body.day, report.work),
            "cause": seal_words(service, body.day, report.cause),
        }
    )
    facts: list[Fact] = []
    if known is None:
        known = body.visit
        request = CustomerRequest(order=known, visit=body.visit)
        facts.append(WorkOrderOpened(request=request, happened_at=now))
    step = WorkStepTaken(order=known, step=StepKind.FINISH, happened_at=now, offline=True,
                         details=StepDetails(report=report))  # fmt: skip
    return service.desk.record_all(body.day, [*facts, step], sent)


@router.post("/me/contact")
@needs(Right.OWN)
def read_my_contact(body: MyWhy, service: Running, who: Who) -> ContactOut:
    """Return the customer of an own visit unmasked; it stands in the audit."""
    check_own_visit(service, who, body.day, body.visit)
    return unmask(service, who, body.day, body.visit, body.reason)


def check_own(service: Service, who: Caller, day: str, fact: Fact) -> None:
    """Refuse news that are not a technician's, or about somebody else's job.

    Raises
    ------
    Refused
        A1006.
    """
    if not isinstance(fact, OWN_NEWS):
        expected = "news of a technician"
        raise Refused(ApiCode.FORBIDDEN, "rights", fact.kind, expected, "Call the office.")
    named = getattr(fact, "technician", who.technician)
    authorize(who, Right.OWN, target_of(service, who, day, frozenset({str(named)})))
    visit = getattr(fact, "visit", None)
    if visit is not None:
        check_own_visit(service, who, day, visit)


def check_own_visit(service: Service, who: Caller, day: str, visit: str) -> None:
    """Refuse a visit that is not, and was not, the caller's.

    Raises
    ------
    Refused
        A1006.
    """
    # First whether the day may be entered at all: what it holds is nobody else's business.
    authorize(who, Right.OWN, target_of(service, who, day))
    holders = holders_of(service.desk.view(day).state, visit)
    authorize(who, Right.OWN, target_of(service, who, day, holders))


def holders_of(state: LiveState, visit: str) -> frozenset[str]:
    """Return the technicians who have or had a visit."""
    return frozenset(
        route.technician
        for route in state.routes
        if any(stop.visit == visit for stop in route.ahead)
        or any(one.stop.visit == visit for one in route.past)
    )
