"""A technician: where from, when, able to do what, at what price."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from dispatch.domain.base import Fen, Id, Meters, Model, Moment, Seconds
from dispatch.domain.part import Stock
from dispatch.domain.place import Place

Profile = Literal["car", "ebike", "walk"]


class Break(Model):
    """A break that *starts* between ``earliest`` and ``latest`` and is taken whole."""

    earliest: Moment
    latest: Moment
    duration_s: Seconds


class Shift(Model):
    """Working time; breaks of one shift do not overlap.

    Attributes
    ----------
    out_at
        The technician is out already, and free at ``start`` at this place: sets out then, not
        later, and is on the way (and paid for it) even without a visit. ``end`` may lie before
        ``start`` then: all of it is overtime.
    max_overtime_s, max_visits, max_distance_m, max_driving_s
        Limits of this shift alone; the technician's where None.
    """

    start: Moment
    end: Moment
    breaks: tuple[Break, ...] = ()
    out_at: Place | None = None
    max_overtime_s: Seconds | None = None
    max_visits: int | None = Field(default=None, ge=0, le=1000)
    max_distance_m: Meters | None = None
    max_driving_s: Seconds | None = None


class Skill(Model):
    """A skill with its level; after ``certificate_expires`` it does not count.

    ``service_percent`` says how long this technician takes for work of this skill, as a share of
    the visit's ``service_s``; None = as long as the technician takes for anything.
    """

    skill: str = Field(min_length=1, max_length=64)
    level: int = Field(default=1, ge=1, le=9)
    certificate_expires: date | None = None
    service_percent: int | None = Field(default=None, ge=10, le=1000)


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
    service_percent
        How long the technician takes, as a share of a visit's ``service_s``.
    max_visits, max_distance_m, max_driving_s
        Most of each per shift; None = no limit.
    carried_work_s, carried_distance_m
        Worked and driven on earlier days, for the fair share (``settings.fair_work_s``).
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
    service_percent: int = Field(default=100, ge=10, le=1000)
    max_visits: int | None = Field(default=None, ge=0, le=1000)
    max_distance_m: Meters | None = None
    max_driving_s: Seconds | None = None
    carried_work_s: int = Field(default=0, ge=0, le=10_000_000)
    carried_distance_m: int = Field(default=0, ge=0, le=100_000_000)
