"""Which outlet is responsible for a visit, and how far beyond its radius the visit lies."""

from __future__ import annotations

from math import asin, cos, floor, radians, sin, sqrt

from dispatch.domain import Outlet, Place, Visit
from dispatch.domain.travel_table import TravelTable
from dispatch.referee.eligibility import is_first
from dispatch.referee.facts import Facts
from dispatch.referee.legs import find_way
from dispatch.referee.reading import ReadRoute
from dispatch.referee.verdict import Violation

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius, docs/semantics.md."""

URBAN_M, SUBURBAN_M = 5_000, 20_000
"""T259-7.2-a."""


def great_circle_m(origin: Place, destination: Place) -> float:
    """Return the haversine distance in meters, not rounded."""
    north, south = radians(origin.lat), radians(destination.lat)
    half_lat, half_lon = (south - north) / 2, radians(destination.lon - origin.lon) / 2
    chord = sin(half_lat) ** 2 + cos(north) * cos(south) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))


def find_responsible(facts: Facts, visit: Visit, server: Outlet | None) -> Outlet | None:
    """Return the responsible outlet, None where the day has no outlets.

    Parameters
    ----------
    server
        The technician's outlet or the contracted outlet that serves.
    """
    if visit.outlet is not None and visit.outlet in facts.outlets:
        return facts.outlets[visit.outlet]
    if visit.district is not None:
        for outlet in facts.outlets.values():
            if visit.district in outlet.territory:
                return outlet
    if server is not None:
        return server
    return min(
        facts.outlets.values(),
        key=lambda outlet: (great_circle_m(outlet.place, visit.place), outlet.id),
        default=None,
    )


def radius_m(facts: Facts, visit: Visit, outlet: Outlet) -> int:
    """Return the service radius that counts for the visit."""
    settings = facts.day.settings
    if outlet.radius_m is not None:
        return outlet.radius_m
    demand = visit.zone or settings.default_zone
    zone = outlet.zone if settings.radius_by == "outlet" else demand
    if zone == "rural":
        zone = settings.rural_counts_as
    if zone == "urban":
        return URBAN_M if settings.urban_radius_m is None else settings.urban_radius_m
    return SUBURBAN_M if settings.suburban_radius_m is None else settings.suburban_radius_m


def beyond_m(facts: Facts, travel: TravelTable, visit: Visit, outlet: Outlet | None) -> int:
    """Return whole meters beyond the radius of the responsible outlet; 0 inside."""
    if outlet is None:
        return 0
    distance = floor(great_circle_m(outlet.place, visit.place) + 0.5)
    if facts.day.settings.radius_measure == "road":
        leg = find_way(travel, "car", outlet.place, visit.place).leg
        distance = distance if leg is None else leg[1]
    return max(0, distance - radius_m(facts, visit, outlet))


def check_radius(facts: Facts, travel: TravelTable, read: ReadRoute) -> list[Violation]:
    """Return every stop whose outlet or distance beyond the radius is wrong.

    Each of a crew names the outlet that is responsible where they serve; the meters stand with the
    first.
    """
    found: list[Violation] = []
    if read.technician is None:
        return found
    home = facts.home(read.technician)
    for segment in read.served:
        stop, visit = segment.stop, segment.visit
        if stop is None or visit is None:
            continue
        outlet = find_responsible(facts, visit, home)
        name = outlet.id if outlet else None
        if stop.outlet != name:
            found.append(read.broken("responsible_outlet", stop.outlet, name, visit.id))
        beyond = beyond_m(facts, travel, visit, outlet) if is_first(stop.crew) else 0
        if stop.beyond_radius_m != beyond:
            found.append(read.broken("beyond_radius", stop.beyond_radius_m, beyond, visit.id))
    return found
