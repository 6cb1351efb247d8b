"""The ways that a plan's technicians travel, leg by leg, for maps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dispatch.domain import Day, DayPlan, Outlet, Place, PlanRoute, PlanStop, Technician
from geo.travel_matrix import TravelProvider

Float64 = NDArray[np.float64]
LonLat = tuple[float, float]


@dataclass(frozen=True, eq=False)
class RouteLine:
    """Where one route runs.

    Parameters
    ----------
    technician
        Id of the technician.
    places
        One (longitude, latitude) per stop of the route.
    legs
        One entry per stop: the way that ends there, shape (g, 2), longitude first; None where
        nobody traveled.
    """

    technician: str
    places: tuple[LonLat, ...]
    legs: tuple[Float64 | None, ...]


def trace_routes(day: Day, plan: DayPlan, travel: TravelProvider) -> tuple[RouteLine, ...]:
    """Return the way of every route of ``plan``, in the plan's order.

    Parameters
    ----------
    day
        The day the plan was made for; gives places and profiles.
    plan
        The plan.
    travel
        Knows the ways; straight lines where it only estimates.

    Raises
    ------
    KeyError
        If the plan names a technician or visit that the day does not have.
    """
    technicians = {technician.id: technician for technician in day.technicians}
    outlets = {outlet.id: outlet for outlet in day.outlets}
    visits = {visit.id: visit.place for visit in day.visits}
    lines = []
    for route in plan.routes:
        technician = technicians[route.technician]
        places = stop_places(route, technician, outlets, visits)
        lines.append(_trace(route, technician, places, travel))
    return tuple(lines)


def stop_places(
    route: PlanRoute,
    technician: Technician,
    outlets: dict[str, Outlet],
    visits: dict[str, Place],
) -> tuple[LonLat, ...]:
    """Return one (longitude, latitude) per stop: stated in the plan, else found by its kind.

    A break that ends a leg is taken at the place of the next stop, any other where the
    technician stands (docs/semantics.md).

    Raises
    ------
    KeyError
        If a visit or the outlet is unknown, or a start or end place is given by neither.
    """
    start, end = _home(technician, technician.start, outlets), None
    known: list[LonLat | None] = []
    for stop in route.stops:
        if stop.lon is not None and stop.lat is not None:
            known.append((stop.lon, stop.lat))
        elif stop.visit is not None:
            known.append(_lonlat(visits[stop.visit]))
        elif stop.kind == "end":
            end = end or _home(technician, technician.end, outlets)
            known.append(end)
        else:
            known.append(start if stop.kind == "start" else None)
    return _fill_breaks(route.stops, known, start)


def _fill_breaks(
    stops: tuple[PlanStop, ...], known: list[LonLat | None], start: LonLat
) -> tuple[LonLat, ...]:
    here = start
    filled = []
    for i, (stop, place) in enumerate(zip(stops, known, strict=True)):
        if place is not None:
            here = place
        elif stop.leg_s > 0:
            here = next((later for later in known[i + 1 :] if later is not None), here)
        filled.append(here)
    return tuple(filled)


def _home(technician: Technician, own: Place | None, outlets: dict[str, Outlet]) -> LonLat:
    if own is not None:
        return _lonlat(own)
    if technician.outlet is None:
        raise KeyError(f"technician {technician.id} has neither an own place nor an outlet")
    return _lonlat(outlets[technician.outlet].place)


def _lonlat(place: Place) -> LonLat:
    return place.lon, place.lat


def _trace(
    route: PlanRoute,
    technician: Technician,
    places: tuple[LonLat, ...],
    travel: TravelProvider,
) -> RouteLine:
    legs: list[Float64 | None] = []
    for i, place in enumerate(places):
        moved = i > 0 and places[i - 1] != place
        legs.append(
            travel.leg_geometry(places[i - 1], place, technician.profile) if moved else None
        )
    return RouteLine(route.technician, places, tuple(legs))
