"""A service day (or a few in a row): everything a plan is made from."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from dispatch.domain.base import Id, Meters, Model, Moment, Seconds
from dispatch.domain.outlet import Outlet
from dispatch.domain.prices import Prices
from dispatch.domain.technician import Technician
from dispatch.domain.traffic import Traffic
from dispatch.domain.visit import Visit

MAX_VISITS = 100_000
"""Limit of one day (docs/formats.md)."""


class Settings(Model):
    """How the day is judged and planned, where people differ.

    Attributes
    ----------
    radius_by
        Whose zone sets the service radius: the visit's (``demand``) or the outlet's.
    radius_measure
        Which distance decides: straight line (服务半径) or road.
    rural_counts_as
        Zone whose radius a rural place gets.
    default_zone
        Zone of a visit that states none.
    mandatory
        ``first``: a mandatory visit stays unassigned only if nobody can take it, whatever
        lateness costs. ``by_price``: the price table alone decides. Emergencies always come first.
    crew_tolerance_s
        How far apart the technicians of one crew may start work.
    pickup_s
        How long it takes to pick up parts at an outlet.
    fair_work_s, fair_distance_m
        A person's fair share over the horizon, earlier days (``carried_…``) included; what lies
        beyond is priced. None = not priced.
    disturbed_free_s
        By how much an arrival may differ from what the customer was told: later costs, earlier is
        waited for.
    """

    radius_by: Literal["demand", "outlet"] = "demand"
    radius_measure: Literal["straight", "road"] = "straight"
    rural_counts_as: Literal["urban", "suburban"] = "suburban"
    default_zone: Literal["urban", "suburban", "rural"] = "urban"
    mandatory: Literal["first", "by_price"] = "first"
    urban_radius_m: Meters | None = None
    suburban_radius_m: Meters | None = None
    crew_tolerance_s: Seconds = 0
    pickup_s: Seconds = 300
    fair_work_s: int | None = Field(default=None, ge=0, le=10_000_000)
    fair_distance_m: int | None = Field(default=None, ge=0, le=100_000_000)
    disturbed_free_s: Seconds = 900


class Day(Model):
    """One service day, complete and consistent; a horizon may span several days.

    Attributes
    ----------
    date
        The first day.
    traffic
        Travel by hour; None = free flow at all hours.
    zone
        IANA time zone; dates and naive times of the input are read in it.
    horizon_start, horizon_end
        Everything that happens lies between them; second 0 of the solver is the start.
    standards
        Service-standard profile (``dispatch.standards``).
    """

    format: Literal["servicenet-day/1"] = "servicenet-day/1"
    id: Id
    date: date
    zone: str = "Asia/Shanghai"
    horizon_start: Moment
    horizon_end: Moment
    standards: Literal["t259", "csq", "csp25", "asq25"] = "t259"
    prices: Prices = Prices()
    settings: Settings = Settings()
    traffic: Traffic | None = None
    outlets: tuple[Outlet, ...] = ()
    technicians: tuple[Technician, ...] = ()
    visits: tuple[Visit, ...] = Field(default=(), max_length=MAX_VISITS)
