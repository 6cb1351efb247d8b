"""An outlet of the service network."""

from __future__ import annotations

from datetime import time
from typing import Literal

from pydantic import Field

from dispatch.domain.base import Fen, Id, Meters, Model, Region, Seconds
from dispatch.domain.part import Stock
from dispatch.domain.place import Place

OutletKind = Literal["own", "authorized", "contracted"]
ZoneKind = Literal["urban", "suburban", "rural"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class OpeningHours(Model):
    """Hours on one weekday, local time of the outlet's zone; ``closes`` is later than ``opens``."""

    day: Weekday
    opens: time
    closes: time


class ContractedCapacity(Model):
    """A contracted outlet that serves visits itself, without technicians we know by name.

    Attributes
    ----------
    visits_per_day
        How many visits it takes.
    price_fen
        Price of one visit.
    skills
        Skills it has, by name, at every level.
    response_s
        For emergencies: seconds from the request to the start of travel from the outlet.
    """

    visits_per_day: int = Field(ge=0, le=100_000)
    price_fen: Fen
    skills: tuple[str, ...] = ()
    response_s: Seconds = 0


class Outlet(Model):
    """A place the network serves from.

    Attributes
    ----------
    radius_m
        Overrides the service radius of the standard.
    zone
        Zone of the outlet; decides its radius where ``radius_by`` is ``outlet``.
    territory
        Districts whose visits this outlet is responsible for.
    region
        Whose dispatchers decide about it, its technicians and the visits it is responsible for;
        None = those of the day. Planning does not look at it.
    capacity
        Only for a contracted outlet that is a capacity resource.
    opening_hours
        Empty = always open.
    """

    id: Id
    name: str = ""
    kind: OutletKind = "own"
    place: Place
    opening_hours: tuple[OpeningHours, ...] = ()
    radius_m: Meters | None = None
    zone: ZoneKind = "urban"
    territory: tuple[str, ...] = ()
    region: Region | None = None
    capacity: ContractedCapacity | None = None
    stock: tuple[Stock, ...] = ()
