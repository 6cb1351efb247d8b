"""Decisions on a live day as facts of its log: who does what from now on.

A decision says the stops ahead of the routes it changes, and nothing about all others.
"""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from dispatch.domain.base import Id, Model, Seconds
from dispatch.domain.disruption import Happening
from dispatch.domain.event import EventKinds, UtcMoment, Words
from dispatch.domain.part import PartNeed
from dispatch.domain.plan import Waiver
from dispatch.domain.visit import Pin, Told

Origin = Literal["emergency", "replan", "move", "remedy", "slot", "lock", "plan"]
"""What the decision came from."""


class GivenStop(Model):
    """One stop ahead, without what was reported of it; fields as in `dispatch.live.state.Stop`."""

    kind: Literal["visit", "break", "pickup", "end"]
    visit: Id | None = None
    promise: str | None = None
    outlet: Id | None = None
    parts: tuple[PartNeed, ...] = ()
    crew: int = 0
    at_next: bool = False
    opens: UtcMoment | None = None
    closes: UtcMoment | None = None
    duration_s: Seconds = 0
    earliest: UtcMoment | None = None


class GivenRoute(Model):
    """All stops ahead of one shift, what is under way included.

    ``turned``: who is on the way to the first stop ahead is called back and sent elsewhere.
    """

    technician: Id
    shift: int = Field(default=0, ge=0)
    stops: tuple[GivenStop, ...] = ()
    turned: bool = False


class GivenContract(Model):
    """A visit a contracted outlet has from now on, or (``outlet`` None) has no more."""

    visit: Id
    outlet: Id | None = None


class ToldVisit(Model):
    """What a customer is told of a decision; None = nobody comes any more."""

    visit: Id
    told: Told | None = None


class PinnedVisit(Model):
    """What must not change of a visit from now on; None = nothing."""

    visit: Id
    pin: Pin | None = None


class Decided(Happening):
    """Somebody decided who does what from now on.

    Attributes
    ----------
    routes
        The routes that change.
    contracted
        What changes with contracted outlets.
    told
        Customers who are told, and what.
    pins
        Locks set and lifted.
    waivers
        Soft rules broken on purpose.
    why
        In words.
    """

    kind: Literal["decided"] = "decided"
    origin: Origin
    routes: tuple[GivenRoute, ...] = ()
    contracted: tuple[GivenContract, ...] = ()
    told: tuple[ToldVisit, ...] = ()
    pins: tuple[PinnedVisit, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    why: Words = ""


class SlotHeld(Happening):
    """An appointment is kept free for a customer until a moment.

    Attributes
    ----------
    hold
        Id of the hold.
    visit
        Which visit of the day; a decision in the same command put it on its route.
    expires_at
        From then on the appointment is free again.
    """

    kind: Literal["slot_held"] = "slot_held"
    hold: Id
    visit: Id
    expires_at: UtcMoment


class SlotReleased(Happening):
    """A held appointment is not wanted any more, or was booked."""

    kind: Literal["slot_released"] = "slot_released"
    hold: Id
    booked: bool = False


DECISION_KINDS: Final = EventKinds.of(Decided, SlotHeld, SlotReleased)
"""What a log says about decisions."""
