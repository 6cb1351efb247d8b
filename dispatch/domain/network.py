"""The service network as the planner sees it: outlets, candidates, money, settings.

Demand is not here: millions of points are arrays (``geo.demand.Demand``), not models.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from dispatch.domain.base import Id, Latitude, Longitude, Meters, Model
from dispatch.domain.outlet import OpeningHours, OutletKind, ZoneKind

Money = int
Status = Literal["open", "candidate", "closed"]
ClassifierName = Literal["polygons", "village_codes", "degree_of_urbanization", "road_density"]

MAX_OUTLETS = 100_000
"""Outlets and candidates of one network together."""


class NetworkCode(StrEnum):
    """Stable codes of what can be wrong with a network beyond its files (D1xxx) and outlets."""

    NO_DEMAND = "D8001"
    NO_OPEN_OUTLET = "D8003"
    TOO_MANY_POINTS = "D8004"
    GEOMETRY = "D8005"
    GRID = "D8006"
    VALUES = "D8007"
    GEODATA = "D8008"
    VILLAGE_CODE = "D8009"
    CLASSIFIER_WITHOUT_DATA = "D8010"
    PLACE = "D8011"
    FAR_FROM_DEMAND = "D8012"
    NO_ROADS = "D8013"
    GROWTH = "D8014"


class NetworkOutlet(Model):
    """An outlet, or a place where one could open.

    Attributes
    ----------
    status
        ``open`` serves today; ``candidate`` could open; ``closed`` is kept for the record.
    level
        Word of the network's own ranking, such as ``A``.
    capacity_per_day
        Units of demand weight it serves on a day; None = not known.
    opening_hours
        Empty = not stated, which T259-7.2-b counts as always open.
    fixed_cost, running_cost_per_year, closing_cost
        Whole units of the network's currency.
    radius_m
        Overrides the radius of the standard.
    zone
        Matters where the outlet's zone sets the radius; None = as the demand around it.
    technicians
        How many work from here; None = not known.
    """

    id: Id
    name: str = ""
    kind: OutletKind = "own"
    lon: Longitude
    lat: Latitude
    status: Status = "open"
    level: str = ""
    capacity_per_day: int | None = Field(default=None, ge=0, le=10**12)
    opening_hours: tuple[OpeningHours, ...] = ()
    fixed_cost: Money = Field(default=0, ge=0, le=10**12)
    running_cost_per_year: Money = Field(default=0, ge=0, le=10**12)
    closing_cost: Money = Field(default=0, ge=0, le=10**12)
    radius_m: Meters | None = None
    zone: ZoneKind | None = None
    technicians: int | None = Field(default=None, ge=0, le=100_000)


class ZonePolygon(Model):
    """An area whose zone the user knows.

    Attributes
    ----------
    kind
        Its zone.
    geometry
        GeoJSON Polygon or MultiPolygon.
    """

    id: Id
    kind: ZoneKind
    geometry: dict[str, Any]


class Growth(Model):
    """How demand may grow until a changed network stands.

    Attributes
    ----------
    name
        Word for people.
    factor
        Growth of everything; 1.1 = ten percent more.
    by_zone, by_district
        Factors on top, by zone or by name of a district.
    """

    name: str = Field(min_length=1, max_length=60)
    factor: float = Field(default=1, ge=0, le=100)
    by_zone: dict[ZoneKind, Annotated[float, Field(ge=0, le=100)]] = Field(default={})
    by_district: dict[str, Annotated[float, Field(ge=0, le=100)]] = Field(default={})


class NetworkSettings(Model):
    """How the network is judged.

    Attributes
    ----------
    urban_radius_m, suburban_radius_m
        None = the standard's (T259-7.2-a).
    rural_radius_m
        None counts rural points as suburban; they are never left out.
    radius_measure
        Which distance decides; both are always reported.
    radius_by
        Whose zone sets the radius.
    default_zone
        For points that no classifier knows.
    classifiers
        Which ones are asked, in order; None = all there is data for.
    count_access
        Whether the straight line between a place and its road counts in road distances.
    visits_per_1000
        With a population grid: visits of the period per 1 000 inhabitants; None weighs by people.
    weight_days
        Days that the demand weights stand for; load per day is weight through this.
    emergency_minutes
        Drive time within which an emergency is to be reached (CARD-E15).
    growth
        Scenarios that the audit weighs the demand by, and proposals are tried on.
    """

    urban_radius_m: Meters | None = None
    suburban_radius_m: Meters | None = None
    rural_radius_m: Meters | None = None
    radius_measure: Literal["straight", "road"] = "straight"
    radius_by: Literal["demand", "outlet"] = "demand"
    default_zone: ZoneKind = "urban"
    classifiers: tuple[ClassifierName, ...] | None = None
    count_access: bool = True
    visits_per_1000: float | None = Field(default=None, gt=0, le=1e6)
    weight_days: float = Field(default=1, gt=0, le=36_600)
    emergency_minutes: float = Field(default=15, gt=0, le=600)
    growth: tuple[Growth, ...] = Field(default=(), max_length=20)


class Network(Model):
    """A service network without its demand.

    Attributes
    ----------
    outlets
        Open and closed outlets; candidates may stand here with their status.
    candidates
        More places where an outlet could open.
    zones
        Polygons of the user.
    budget
        Money for changes, whole units of ``currency``; None = not limited.
    period
        Years that running costs are counted for.
    """

    format: Literal["servicenet-network/1"] = "servicenet-network/1"
    id: Id
    name: str = ""
    standards: Literal["t259", "csq", "csp25", "asq25"] = "t259"
    outlets: tuple[NetworkOutlet, ...] = ()
    candidates: tuple[NetworkOutlet, ...] = ()
    zones: tuple[ZonePolygon, ...] = ()
    budget: Money | None = Field(default=None, ge=0, le=10**15)
    currency: str = Field(default="CNY", min_length=1, max_length=8)
    period: int = Field(default=1, ge=1, le=50)
    settings: NetworkSettings = NetworkSettings()

    @property
    def open_outlets(self) -> tuple[NetworkOutlet, ...]:
        """Outlets that serve today, in the order of the file."""
        return tuple(outlet for outlet in self.outlets if outlet.status == "open")

    @property
    def possible_outlets(self) -> tuple[NetworkOutlet, ...]:
        """Candidates, from either list, in the order of the file."""
        listed = tuple(outlet for outlet in self.outlets if outlet.status == "candidate")
        return listed + self.candidates
