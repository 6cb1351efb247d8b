"""A plan as GeoJSON (RFC 7946), for any map program; on demand in GCJ-02, and then it says so.

Customers' names, phones and addresses are never written (CSQ-2.4).
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from dispatch.adapters.datum import NAMES, Datum, shift_lonlat
from dispatch.adapters.files.atomic import write_text_atomically
from dispatch.adapters.promised import find_window
from dispatch.adapters.route_lines import Float64, RouteLine
from dispatch.domain import Day, DayPlan, Outlet, PlanRoute, PlanStop, UnassignedVisit, Visit
from dispatch.standards import Profile, get_profile

COORDINATE_DECIMALS = 6
"""About 0.1 m; RFC 7946 section 11.2 advises not to state more."""

Feature = dict[str, Any]


def build_geojson(
    day: Day,
    plan: DayPlan,
    lines: tuple[RouteLine, ...],
    *,
    attribution: str = "",
    datum: Datum = "wgs84",
) -> dict[str, Any]:
    """Return routes, stops, outlets and unassigned visits as one FeatureCollection.

    Parameters
    ----------
    day, plan
        The day and its plan.
    lines
        From ``trace_routes``, in the plan's order.
    attribution
        Notice to show beside the data; a foreign member of the collection.
    datum
        Of all positions. RFC 7946 knows WGS 84 only; ``gcj02`` is named in the foreign member
        ``datum``, so that nobody takes it for what the standard means.

    Returns
    -------
    dict
        Features with property ``kind``: ``route`` (MultiLineString, one line per leg), ``stop``,
        ``outlet``, ``unassigned``, ``contracted``. Times are ISO 8601 in the day's zone.
    """
    zone = ZoneInfo(day.zone)
    features: list[Feature] = [_outlet(outlet) for outlet in day.outlets]
    for route, line in zip(plan.routes, lines, strict=True):
        features.extend(_route(route, line, plan, zone))
        features.extend(_stops(day, route, line, zone))
    visits = {visit.id: visit for visit in day.visits}
    features.extend(_unassigned(entry, visits[entry.visit]) for entry in plan.unassigned)
    for service in plan.contracted:
        features.extend(_contracted(service.outlet, visits[visit]) for visit in service.visits)
    if datum != "wgs84":
        features = [_shifted(feature, datum) for feature in features]
    return {
        "type": "FeatureCollection",
        **({} if datum == "wgs84" else {"datum": NAMES[datum]}),
        "day": plan.day,
        "status": plan.status.value,
        "estimated_travel": plan.estimated_travel,
        "travel": plan.travel,
        "attribution": attribution,
        "features": features,
    }


def _shifted(feature: Feature, datum: Datum) -> Feature:
    """Return a feature with all positions in another datum."""

    def move(coordinates: list[Any]) -> list[Any]:
        if coordinates and isinstance(coordinates[0], list):
            if isinstance(coordinates[0][0], list):
                return [move(part) for part in coordinates]
            return _positions(shift_lonlat(np.array(coordinates), datum))
        (moved,) = _positions(shift_lonlat(np.array([coordinates]), datum))
        return moved

    geometry = feature["geometry"]
    return {**feature, "geometry": {**geometry, "coordinates": move(geometry["coordinates"])}}


def write_geojson(path: Path, collection: dict[str, Any]) -> None:
    """Write a FeatureCollection as UTF-8 JSON, in one step."""
    text = json.dumps(collection, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    write_text_atomically(path, text + "\n")


def _feature(geometry: dict[str, Any] | None, properties: dict[str, Any]) -> Feature:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _point(lon: float, lat: float) -> dict[str, Any]:
    return {
        "type": "Point",
        "coordinates": [round(lon, COORDINATE_DECIMALS), round(lat, COORDINATE_DECIMALS)],
    }


def _positions(leg: Float64) -> list[list[float]]:
    rounded = np.round(leg, COORDINATE_DECIMALS)
    return [[float(lon), float(lat)] for lon, lat in rounded]


def _iso(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat()


def _route(route: PlanRoute, line: RouteLine, plan: DayPlan, zone: ZoneInfo) -> list[Feature]:
    parts = [_positions(leg) for leg in line.legs if leg is not None]
    if not parts:
        return []
    properties = {
        "kind": "route",
        "technician": route.technician,
        "shift": route.shift,
        "outlet": route.outlet,
        "start": _iso(route.start, zone),
        "end": _iso(route.end, zone),
        "distance_m": sum(stop.leg_m for stop in route.stops),
        "visits": sum(stop.kind == "visit" for stop in route.stops),
        "geometry": "straight lines, travel is estimated" if plan.estimated_travel else "roads",
    }
    return [_feature({"type": "MultiLineString", "coordinates": parts}, properties)]


def _stops(day: Day, route: PlanRoute, line: RouteLine, zone: ZoneInfo) -> list[Feature]:
    visits = {visit.id: visit for visit in day.visits}
    profile = get_profile(day.standards)
    features = []
    number = 0
    for stop, (lon, lat) in zip(route.stops, line.places, strict=True):
        if stop.kind == "visit":
            number += 1
        shown = number if stop.kind == "visit" else None
        properties = {
            "kind": "stop",
            "stop": stop.kind,
            "technician": route.technician,
            "number": shown,
            "visit": stop.visit,
            "reached": _iso(stop.reached, zone),
            "arrival": _iso(stop.arrival, zone),
            "start": _iso(stop.start, zone),
            "end": _iso(stop.end, zone),
            "lateness_s": stop.lateness_s,
            "leg_s": stop.leg_s,
            "leg_m": stop.leg_m,
            **_extras(stop),
            **_promise(stop, visits.get(stop.visit or ""), zone, profile),
        }
        features.append(_feature(_point(lon, lat), properties))
    return features


def _extras(stop: PlanStop) -> dict[str, Any]:
    """Return outlet of a pick-up, parts and place in a crew, each only where there is any."""
    found: dict[str, Any] = {}
    if stop.kind == "pickup":
        found["outlet"] = stop.outlet
    if stop.parts:
        found["parts"] = [need.model_dump() for need in stop.parts]
    if stop.crew:
        found["crew"] = stop.crew
    return found


def _promise(
    stop: PlanStop, visit: Visit | None, zone: ZoneInfo, profile: Profile
) -> dict[str, Any]:
    if visit is None:
        return {}
    window = find_window(visit, stop.promise, profile)
    return {
        "priority": visit.priority.value,
        "promise": stop.promise,
        "promise_earliest": _iso(window[0], zone) if window else None,
        "promise_latest": _iso(window[1], zone) if window else None,
        "outlet": stop.outlet,
        "beyond_radius_m": stop.beyond_radius_m,
    }


def _outlet(outlet: Outlet) -> Feature:
    properties = {
        "kind": "outlet",
        "outlet": outlet.id,
        "name": outlet.name,
        "outlet_kind": outlet.kind,
    }
    return _feature(_point(outlet.place.lon, outlet.place.lat), properties)


def _unassigned(entry: UnassignedVisit, visit: Visit) -> Feature:
    properties = {
        "kind": "unassigned",
        "visit": entry.visit,
        "priority": visit.priority.value,
        "summary": entry.summary,
        "summary_zh": entry.summary_zh,
        "reasons": [reason.model_dump(mode="json") for reason in entry.reasons],
        "remedies": list(entry.remedies),
        "remedies_zh": list(entry.remedies_zh),
        "earliest_date": entry.earliest_date.isoformat() if entry.earliest_date else None,
    }
    return _feature(_point(visit.place.lon, visit.place.lat), properties)


def _contracted(outlet: str, visit: Visit) -> Feature:
    properties = {
        "kind": "contracted",
        "visit": visit.id,
        "outlet": outlet,
        "priority": visit.priority.value,
    }
    return _feature(_point(visit.place.lon, visit.place.lat), properties)
