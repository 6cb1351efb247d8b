"""Single visits of a live day: masked for the office, opened with a reason."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from dispatch.adapters.secrets_access import AuditLine
from dispatch.adapters.secrets_vault import Contact
from dispatch.api.answers import Body
from dispatch.api.context import Service
from dispatch.api.entry import Running, Sent, Who
from dispatch.api.faults import ApiCode, Refused
from dispatch.api.free_texts import seal_reason
from dispatch.api.guard import Guard
from dispatch.api.regions import OwnPart, Part
from dispatch.api.rights import Caller, Right, needs
from dispatch.api.routes_live import DoneOut, once
from dispatch.api.views import present_visit
from dispatch.domain import Reason, Visit
from dispatch.domain.base import Id
from dispatch.domain.remedy import RemedyKind
from dispatch.errors import UnknownVisit
from dispatch.live.store import Request
from dispatch.service.live_days import Recorded
from dispatch.service.remedying import OfferedRemedy, OpenVisit

router = APIRouter(tags=["live"])


class Why(Body):
    """Why a customer has to be known; it is written down."""

    reason: str = Field(min_length=3, max_length=500)


class ContactOut(BaseModel):
    """Who is visited and where."""

    visit: str
    name: str
    phone: str
    address: str


class Words(BaseModel):
    """One sentence."""

    en: str
    zh: str


class RemedyOut(BaseModel):
    """A change that lets somebody serve the visit; each was tried out.

    ``price`` is fen, all together. ``by_hand``: people have to make the change themselves.
    """

    id: str
    kind: RemedyKind
    technician: Id
    text: Words
    price: int
    by_hand: bool


class OpenVisitOut(BaseModel):
    """Why nobody has a visit, technician by technician, and what would help, cheapest first."""

    visit: Id
    summary: Words
    reasons: tuple[Reason, ...]
    remedies: tuple[RemedyOut, ...]


class RemedyAsk(Body):
    """Which remedy."""

    remedy: str = Field(min_length=1, max_length=64)


@router.get("/days/{day}/visits/{visit}")
@needs(Right.DECIDE)
def read_visit(day: str, visit: str, service: Running, who: Who) -> Visit:
    """Return a visit as it stands, its customer masked."""
    service.regions.part(who, day).check(visits=[visit])
    found = find_visit(service, day, visit)
    return present_visit(found, service.vault.contacts([found]).get(visit))


@router.post("/days/{day}/visits/{visit}/contact")
@needs(Right.DECIDE)
def read_contact(day: str, visit: str, body: Why, service: Running, who: Who) -> ContactOut:
    """Return the customer of a visit unmasked; who asked, when and why stands in the audit."""
    service.regions.part(who, day).check(visits=[visit])
    return unmask(service, who, day, visit, body.reason)


@router.get("/days/{day}/visits/{visit}/remedies")
@needs(Right.DECIDE)
def read_remedies(day: str, visit: str, service: Running, who: Who) -> OpenVisitOut:
    """Say why nobody has a visit and what would help; nothing is changed."""
    part = service.regions.part(who, day)
    part.check(visits=[visit])
    find_visit(service, day, visit)
    found = service.desk.remedies(day, visit)
    name = service.remedies.put(day, found, service.now())
    return OpenVisitOut(
        visit=visit,
        summary=Words(en=found.why.summary, zh=found.why.summary_zh),
        reasons=tuple(r for r in found.why.reasons if part.has_technician(r.technician)),
        remedies=tuple(
            RemedyOut(
                id=f"{name}.{number}",
                kind=one.remedy.kind,
                technician=one.remedy.server,
                text=Words(en=one.remedy.text, zh=one.remedy.text_zh),
                price=one.remedy.price_fen,
                by_hand=one.facts is None,
            )
            for number, one in enumerate(found.offered)
            if _is_own(one, part, found)
        ),
    )


def _is_own(one: OfferedRemedy, part: Part, found: OpenVisit) -> bool:
    """Say whether a remedy asks nothing of other regions."""
    if one.facts is None:
        return part.has_technician(one.remedy.technician or one.remedy.server)
    return not isinstance(part, OwnPart) or Guard(part, found.view).lets_pass(one.facts)


@router.post("/days/{day}/visits/{visit}/remedies", status_code=201)
@needs(Right.DECIDE)
def take_remedy(day: str, visit: str, body: RemedyAsk, service: Running, sent: Sent) -> DoneOut:
    """Take a remedy; 409 says who decided about its routes or the visit meanwhile."""

    def work(request: Request) -> Recorded:
        name, _, number = body.remedy.partition(".")
        found = service.remedies.get(day, name, service.now())
        if found.visit != visit or not (number.isascii() and number.isdecimal()):
            raise Refused(ApiCode.GONE, "remedy", "no such remedy", "one offered for this visit")
        return service.desk.apply_remedy(found, int(number[:4]), request)

    return once(service, sent, day, work)


def find_visit(service: Service, day: str, visit: str) -> Visit:
    """Return a visit of a live day.

    Raises
    ------
    UnknownVisit
        The day has no such visit.
    """
    for found in service.desk.view(day).state.day.visits:
        if found.id == visit:
            return found
    raise UnknownVisit(visit)


def unmask(service: Service, who: Caller, day: str, visit: str, reason: str) -> ContactOut:
    """Write the audit, then return the customer.

    Raises
    ------
    UnknownVisit
        The day has no such visit.
    """
    found = find_visit(service, day, visit)
    subject = f"day {day} visit {visit}"
    # The audit first: what could not be written down is not shown.
    words = seal_reason(service, subject, reason)
    service.access.note(AuditLine(service.now(), who.actor, "unmasked", subject, words))
    contact = service.vault.contacts([found]).get(visit, Contact())
    return ContactOut(visit=visit, name=contact.name, phone=contact.phone, address=contact.address)
