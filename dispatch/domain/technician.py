"""A technician: where from, when, able to do what, at what price."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from dispatch.domain.base import Fen, Id, Model, Moment, Seconds
from dispatch.domain.part import Stock
from dispatch.domain.place import Place

Profile = Literal["car", "ebike", "walk"]


class Break(Model):
    """A break that *starts* between ``earliest`` and ``latest`` and is taken whole."""

    earliest: Moment
    latest: Moment
    duration_s: Seconds


class Shift(Model):
    """Working time; breaks of one shift do not overlap."""

    start: Moment
    end: Moment
    breaks: tuple[Break, ...] = ()


class Skill(Model):
    """A skill with its level; after ``certificate_expires`` it does not count."""

    skill: str = Field(min_length=1, max_length=64)
    level: int = Field(default=1, ge=1, le=9)
    certificate_expires: date | None = None


class Technician(Model):
    """One person with a vehicle.

    Attributes
    ----------
    outlet
        Home outlet; also start and end place where no own ones are given.
    start, end
        Own start and end place.
    territory
        Districts the technician may be sent to; empty = everywhere.
    hour_fen, km_fen, overtime_hour_fen
        Own prices; the day's price table where None. Overtime is on top of the hour.
    max_overtime_s
        How long after the end of the shift the technician may be back.
    van_stock
        Parts on the van.
    """

    id: Id
    name: str = ""
    outlet: Id | None = None
    start: Place | None = None
    end: Place | None = None
    shifts: tuple[Shift, ...] = Field(min_length=1)
    skills: tuple[Skill, ...] = ()
    profile: Profile = "car"
    territory: tuple[str, ...] = ()
    hour_fen: Fen | None = None
    km_fen: Fen | None = None
    overtime_hour_fen: Fen | None = None
    max_overtime_s: Seconds = 7200
    van_stock: tuple[Stock, ...] = ()
