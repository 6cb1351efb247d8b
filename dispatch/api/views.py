"""What each role sees of a day: customers masked for the office, left out for everybody else."""

from __future__ import annotations

from dispatch.adapters.secrets_vault import REF, Contact, Vault
from dispatch.api.rights import Caller, Role
from dispatch.domain import Customer, Day, Place, Shift, Technician, Visit

OFFICE = frozenset({Role.DISPATCHER, Role.ADMIN})


def present_day(day: Day, caller: Caller, vault: Vault) -> Day:
    """Return the day as the caller may see it; no reference into the vault leaves."""
    contacts = vault.contacts(day.visits) if caller.role in OFFICE else {}
    visits = tuple(present_visit(one, contacts.get(one.id)) for one in day.visits)
    technicians = tuple(_technician(one) for one in day.technicians)
    return day.model_copy(update={"visits": visits, "technicians": technicians})


def present_visit(visit: Visit, contact: Contact | None) -> Visit:
    """Return the visit with its contact masked; without one nothing of the customer."""
    masked = (contact or Contact()).masked()
    place = visit.place.model_copy(update={"address": masked.address or None})
    known = masked.name or masked.phone
    customer = Customer(name=masked.name, phone=masked.phone) if known else None
    return visit.model_copy(update={"place": place, "customer": customer})


def _technician(technician: Technician) -> Technician:
    # Where somebody lives is nobody's business; the place stays, the plan begins there.
    ends = {"start": technician.start, "end": technician.end}
    plain = {name: _plain(place) for name, place in ends.items() if place is not None}
    shifts = tuple(_shift(one) for one in technician.shifts)
    return technician.model_copy(update={**plain, "shifts": shifts})


def _shift(shift: Shift) -> Shift:
    if shift.out_at is None:
        return shift
    return shift.model_copy(update={"out_at": _plain(shift.out_at)})


def _plain(place: Place) -> Place:
    return place.model_copy(update={"address": None}) if place.address else place


def without_references(text: str) -> str:
    """Return free text, empty where it is a reference."""
    return "" if text.startswith(REF) else text
