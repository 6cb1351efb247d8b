"""Single visits of a live day: masked for the office, opened with a reason."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from dispatch.adapters.secrets_access import AuditLine
from dispatch.adapters.secrets_vault import Contact
from dispatch.api.answers import Body
from dispatch.api.context import Service
from dispatch.api.entry import Running, Who
from dispatch.api.rights import Caller, Right, needs
from dispatch.api.views import present_visit
from dispatch.domain import Visit
from dispatch.errors import UnknownVisit

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


@router.get("/days/{day}/visits/{visit}")
@needs(Right.DECIDE)
def read_visit(day: str, visit: str, service: Running) -> Visit:
    """Return a visit as it stands, its customer masked."""
    found = find_visit(service, day, visit)
    return present_visit(found, service.vault.contacts([found]).get(visit))


@router.post("/days/{day}/visits/{visit}/contact")
@needs(Right.DECIDE)
def read_contact(day: str, visit: str, body: Why, service: Running, who: Who) -> ContactOut:
    """Return the customer of a visit unmasked; who asked, when and why stands in the audit."""
    return unmask(service, who, day, visit, body.reason)


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
    service.access.note(AuditLine(service.now(), who.actor, "unmasked", subject, reason))
    contact = service.vault.contacts([found]).get(visit, Contact())
    return ContactOut(visit=visit, name=contact.name, phone=contact.phone, address=contact.address)
