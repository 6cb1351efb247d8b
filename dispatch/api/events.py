"""Events of the log as everybody of a day may see them."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from dispatch.domain.decision import Decided
from dispatch.domain.event import Event


class EventOut(BaseModel):
    """An event of the log; what it says about a customer is left out.

    ``technicians``: whose routes a decision changes; None where it is no decision.
    """

    sequence: int
    at: datetime
    by: str
    day: str
    kind: str
    visit: str | None = None
    technician: str | None = None
    version: int | None = None
    undoes: int | None = None
    technicians: tuple[str, ...] | None = None


def event_out(event: Event) -> EventOut:
    """Return an event as everybody of the day may see it: what happened to which job, by whom."""
    fact = event.what
    visit, technician = getattr(fact, "visit", None), getattr(fact, "technician", None)
    revision = getattr(fact, "revision", None)
    technicians = None
    if isinstance(fact, Decided):
        technicians = tuple(dict.fromkeys(route.technician for route in fact.routes))
    return EventOut(
        sequence=event.sequence,
        at=event.at,
        by=event.by,
        day=event.day,
        kind=fact.kind,
        visit=visit if isinstance(visit, str) else getattr(visit, "id", None),
        technician=technician if isinstance(technician, str) else None,
        version=None if revision is None else revision.version,
        undoes=getattr(fact, "undoes", None),
        technicians=technicians,
    )
