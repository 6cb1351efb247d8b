"""A visit: one piece of work at one customer."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import Field

from dispatch.domain.base import Fen, Id, Model, Moment, Seconds
from dispatch.domain.outlet import ZoneKind
from dispatch.domain.part import PartNeed
from dispatch.domain.place import Place
from dispatch.domain.promise import Promise

CustomerClass = Literal["standard", "vip"]


class Priority(StrEnum):
    """Class of the request, most urgent first (``standards/clauses``: T259 chapter 8, CSQ-3.2)."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    IMPORTANT = "important"
    GENERAL = "general"


class SkillNeed(Model):
    """A skill and the least level that will do."""

    skill: str = Field(min_length=1, max_length=64)
    level: int = Field(default=1, ge=1, le=9)


class Pin(Model):
    """What must not change: the technician, the arrival, or both."""

    technician: Id | None = None
    arrival: Moment | None = None


class Told(Model):
    """What the customer was told of a plan that was published before.

    ``order`` is the rank of the visit among what this technician was told, ascending.
    """

    technician: Id
    arrival: Moment
    order: int = Field(default=0, ge=0, le=1_000_000)


class Link(Model):
    """Order and gap between two visits: the other one ends, then this one starts.

    This visit is served only if the other one is.
    """

    after: Id
    min_gap_s: Seconds = 0
    max_gap_s: Seconds | None = None
    same_technician: bool | None = None


class Customer(Model):
    """Who is visited; masked wherever it leaves the house."""

    name: str = ""
    phone: str = ""


class Visit(Model):
    """One piece of work.

    Attributes
    ----------
    promises
        Alternatives: the plan keeps, and names, one of them. Empty for an emergency, which is
        owed an arrival within 15 minutes of ``received_at`` (CARD-E15).
    service_s, access_s
        Work at the door; walking from the parked vehicle to it.
    mandatory, value_fen
        An optional visit is left out where it costs more than its value.
    preferred, required, excluded
        Technician ids: wished for, only these, never these.
    last_technician
        Who came last time.
    outlet
        Responsible outlet, where it is set by hand.
    received_at, released_at
        When the request came in; when the plan may know of it.
    parts
        What the visit cannot be done without; the first technician brings it.
    crew_size, crew_skills
        How many technicians work at it together, all or none: the first has ``skills``, each of
        the others ``crew_skills``.
    links
        Visits this one comes after.
    days
        The days it may fall on; empty = any day of the horizon.
    told
        What the customer was told already; what changes is priced (component ``disturbed``).
    """

    id: Id
    place: Place
    promises: tuple[Promise, ...] = ()
    service_s: Seconds
    access_s: Seconds = 0
    skills: tuple[SkillNeed, ...] = ()
    priority: Priority = Priority.GENERAL
    customer_class: CustomerClass = "standard"
    customer: Customer | None = None
    preferred: tuple[Id, ...] = ()
    required: tuple[Id, ...] = ()
    excluded: tuple[Id, ...] = ()
    last_technician: Id | None = None
    mandatory: bool = True
    value_fen: Fen | None = None
    received_at: Moment | None = None
    released_at: Moment | None = None
    pin: Pin | None = None
    district: str | None = None
    zone: ZoneKind | None = None
    outlet: Id | None = None
    parts: tuple[PartNeed, ...] = ()
    crew_size: int = Field(default=1, ge=1, le=8)
    crew_skills: tuple[SkillNeed, ...] = ()
    links: tuple[Link, ...] = ()
    days: tuple[date, ...] = ()
    told: Told | None = None
