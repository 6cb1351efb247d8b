"""A technician's own day: stops, news, contacts; nothing of others' customers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from dispatch.api.answers import Body
from dispatch.api.context import Service
from dispatch.api.entry import Running, Sent, Who, day_target
from dispatch.api.faults import ApiCode, Refused
from dispatch.api.rights import Caller, Right, authorize, needs
from dispatch.api.routes_live import DoneOut, NewsAsk, done_out
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
from dispatch.live.state import LiveState

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


@router.post("/me/events", status_code=201)
@needs(Right.OWN)
def record_mine(body: MyNews, service: Running, sent: Sent) -> DoneOut:
    """Record news of the caller about own stops; may be sent again and late."""
    check_own(service, sent.caller, body.day, body.what)
    return done_out(service.desk.record(body.day, body.what, sent.request(service)))


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
    authorize(who, Right.OWN, day_target(service, day, frozenset({str(named)})))
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
    authorize(who, Right.OWN, day_target(service, day))
    holders = holders_of(service.desk.view(day).state, visit)
    authorize(who, Right.OWN, day_target(service, day, holders))


def holders_of(state: LiveState, visit: str) -> frozenset[str]:
    """Return the technicians who have or had a visit."""
    return frozenset(
        route.technician
        for route in state.routes
        if any(stop.visit == visit for stop in route.ahead)
        or any(one.stop.visit == visit for one in route.past)
    )
