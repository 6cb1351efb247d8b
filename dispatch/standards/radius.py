"""Responsible outlet, service radius and straight-line distance (docs/semantics.md)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dispatch.domain import Day, Outlet, Place, Visit
from dispatch.standards.profile import get_profile

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the earth (IUGG), meters."""


def great_circle_m(a: Place, b: Place) -> float:
    """Return the great-circle distance in meters, not rounded (haversine)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat, half_lon = (lat_b - lat_a) / 2, math.radians(b.lon - a.lon) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))


def straight_m(a: Place, b: Place) -> int:
    """Return the great-circle distance, whole meters, half a meter rounded up."""
    return math.floor(great_circle_m(a, b) + 0.5)


def nearest_outlet(outlets: Sequence[Outlet], place: Place) -> Outlet | None:
    """Return the nearest outlet by straight line, the first id on ties; None without outlets."""
    return min(outlets, key=lambda o: (great_circle_m(o.place, place), o.id), default=None)


def find_fixed_outlet(outlets: Sequence[Outlet], visit: Visit) -> str | None:
    """Return the responsible outlet that does not depend on who comes, by id.

    The visit's own, else the first (by id) whose territory names its district; None where the
    technician's outlet decides.
    """
    if visit.outlet is not None:
        return visit.outlet
    if visit.district is None:
        return None
    return min((o.id for o in outlets if visit.district in o.territory), default=None)


def radius_zone(day: Day, outlet: Outlet, visit: Visit) -> str:
    """Return ``urban`` or ``suburban``: whose radius holds for a visit of an outlet."""
    zone = outlet.zone if day.settings.radius_by == "outlet" else visit.zone
    zone = zone or day.settings.default_zone
    return day.settings.rural_counts_as if zone == "rural" else zone


def service_radius_m(day: Day, outlet: Outlet, visit: Visit) -> int:
    """Return the radius of an outlet for a visit, meters.

    The outlet's own, else the day's setting for the zone, else the profile's (T259-7.2-a).
    """
    if outlet.radius_m is not None:
        return outlet.radius_m
    profile, settings = get_profile(day.standards), day.settings
    if radius_zone(day, outlet, visit) == "urban":
        own, standard = settings.urban_radius_m, profile.urban_radius_m
    else:
        own, standard = settings.suburban_radius_m, profile.suburban_radius_m
    return standard if own is None else own
