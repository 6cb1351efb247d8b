"""What the page knows: plain data in a flat frame of whole meters."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from dispatch.adapters.coverage_report.cells import build_cells
from dispatch.adapters.page.frame import METERS_PER_DEGREE, Frame, delta_code
from dispatch.adapters.page.roads import draw_roads
from dispatch.planning.network_audit import Amount, NetworkAudit, OutletRow
from dispatch.standards import get_profile
from geo.demand import SOURCES, ZONES
from geo.network import RoadNetwork
from geo.pockets import Pocket

_CLOSED_M = 400.0
_CLAUSES = ("urban_radius", "suburban_radius", "outlet_days", "outlet_hours", "emergency_arrival")


def build_payload(audit: NetworkAudit, roads: RoadNetwork | None) -> dict[str, Any]:
    """Return the data of the page.

    Parameters
    ----------
    audit
        What was found.
    roads
        Roads to draw; None without.
    """
    places = [[o.lon, o.lat] for o in audit.network.open_outlets]
    shown = np.concatenate((audit.demand.lonlat, np.array(places).reshape(-1, 2)))
    frame = Frame.around(shown)
    return {
        "network": {
            "id": audit.network.id,
            "name": audit.network.name,
            "standards": audit.network.standards,
            "decides": audit.coverage.decides,
            "by": audit.rule.by,
            "radius": [audit.rule.urban_m, audit.rule.suburban_m, audit.rule.rural_m],
            "emergency_min": audit.network.settings.emergency_minutes,
            "points": len(audit.demand),
            "access": audit.network.settings.count_access,
        },
        "attribution": audit.attribution,
        "shares": [
            [row.part, row.name, *(_amount(a) for a in (row.total, row.straight, row.road))]
            for row in audit.shares
        ],
        "emergency": _amount(audit.emergency),
        "outlets": [_outlet(audit, row, frame) for row in audit.outlets],
        "candidates": [
            {"id": o.id, "name": o.name, "at": _xy(frame, o.lon, o.lat)}
            for o in audit.network.possible_outlets
        ],
        "pockets": [_pocket(pocket, frame) for pocket in audit.pockets],
        "isochrones": [
            [one.minutes, _rings(_rounded(one.area), frame)] for one in audit.isochrones
        ],
        **build_cells(audit, frame),
        "sources": list(SOURCES),
        "districts": list(audit.demand.districts),
        "zone_sources": _zone_sources(audit),
        "reach": [[minutes, _amount(amount)] for minutes, amount in audit.reach],
        "clauses": _clauses(audit),
        "comparison": _comparison(audit),
        "roads": _roads(roads, shown, frame),
    }


def _amount(amount: Amount | None) -> list[int | None] | None:
    return None if amount is None else [amount.points, amount.weight, amount.people]


def _xy(frame: Frame, lon: float, lat: float) -> list[int]:
    return [int(v) for v in frame.to_xy(np.array([[lon, lat]]))[0]]


def _outlet(audit: NetworkAudit, row: OutletRow, frame: Frame) -> dict[str, Any]:
    outlet, rule = row.outlet, audit.rule
    by_zone = {"urban": rule.urban_m, "suburban": rule.suburban_m}
    rural = rule.suburban_m if rule.rural_m is None else rule.rural_m
    # Where the demand point decides, the circle shows the urban radius, the one that binds.
    of_outlet = by_zone.get(row.zone, rural) if rule.by == "outlet" else rule.urban_m
    return {
        "id": outlet.id,
        "name": outlet.name,
        "kind": outlet.kind,
        "level": outlet.level,
        "zone": row.zone,
        "at": _xy(frame, outlet.lon, outlet.lat),
        "radius": of_outlet if outlet.radius_m is None else outlet.radius_m,
        "catchment": _amount(row.catchment),
        "covered": _amount(row.covered),
        "farthest": row.farthest_m,
        "load": [row.load_per_day, outlet.capacity_per_day, row.load_share],
        "open": [row.days, row.hours, row.days_ok, row.hours_ok],
    }


def _pocket(pocket: Pocket, frame: Frame) -> dict[str, Any]:
    return {
        "points": pocket.points,
        "weight": pocket.weight,
        "people": pocket.people,
        "at": _xy(frame, pocket.lon, pocket.lat),
        "lonlat": [round(pocket.lon, 5), round(pocket.lat, 5)],
        "district": pocket.district,
        "street": pocket.street,
        "outlet": pocket.outlet,
        "outlet_m": pocket.outlet_m,
        "direction": pocket.direction,
        "farthest": pocket.farthest_m,
        "area": _rings(pocket.area, frame),
    }


def _rounded(area: shapely.Geometry) -> shapely.Geometry:
    """Return an area for the eye: gaps between reached streets closed up to twice ``_CLOSED_M``.

    The GeoPackage keeps the area as it was computed.
    """
    closed = _CLOSED_M / METERS_PER_DEGREE
    coarse = shapely.simplify(area, closed / 6.0)
    wide = shapely.buffer(coarse, closed, quad_segs=2)
    return shapely.MultiPolygon(
        [
            shapely.Polygon(
                part.exterior,
                [hole for hole in part.interiors if shapely.Polygon(hole).area > closed**2],
            )
            for part in shapely.get_parts(shapely.buffer(wide, -closed, quad_segs=2))
        ]
    )


def _rings(area: shapely.Geometry, frame: Frame) -> list[list[int]]:
    """Return outer and inner rings, drawn by the even-odd rule, as finely as a screen shows."""
    west, south, east, north = shapely.bounds(area).tolist()
    if not west < east:
        return []
    step = max(east - west, north - south) / 1200.0
    rings = []
    for polygon in shapely.get_parts(shapely.simplify(area, step)):
        for ring in shapely.get_rings(polygon):
            speck = float(shapely.area(shapely.Polygon(ring))) < (4 * step) ** 2
            coded = delta_code(frame.to_xy(shapely.get_coordinates(ring)))
            if len(coded) >= 6 and not speck:
                rings.append(coded)
    return rings


def _clauses(audit: NetworkAudit) -> list[dict[str, Any]]:
    """Return how the network stands to the clauses it is judged by: good of all."""
    profile = get_profile(audit.network.standards)
    by_name = {row.name: row for row in audit.shares if row.part == "zone"}
    deciding = audit.coverage.decides

    def covered(*zones: str) -> tuple[int, int]:
        rows = [by_name[zone] for zone in zones if zone in by_name]
        amounts = [row.road if deciding == "road" else row.straight for row in rows]
        good = sum(amount.weight for amount in amounts if amount is not None)
        return good, sum(row.total.weight for row in rows)

    # An outlet that states no hours is no case: nobody knows whether it meets the clause.
    outlets = [row for row in audit.outlets if row.days is not None]
    total = audit.shares[0].total.weight
    cases = {
        "urban_radius": covered("urban"),
        "suburban_radius": covered("suburban", "rural"),
        "outlet_days": (sum(row.days_ok for row in outlets), len(outlets)),
        "outlet_hours": (sum(row.hours_ok for row in outlets), len(outlets)),
        "emergency_arrival": (0, 0) if audit.emergency is None else (audit.emergency.weight, total),
    }
    found = []
    for key in _CLAUSES:
        clause = profile.clause(key)
        good, of = cases[key]
        found.append(
            {
                "key": key,
                "clause": clause.id,
                "force": clause.force.value,
                "zh": clause.zh,
                "en": clause.en,
                "good": good,
                "of": of,
                "share": not key.startswith("outlet"),
            }
        )
    return found


def _zone_sources(audit: NetworkAudit) -> list[list[int]]:
    """Return the weight of each zone by the classifier that gave it, ``ZONES`` by ``SOURCES``."""
    demand = audit.demand
    found = np.zeros((len(ZONES), len(SOURCES)), dtype=np.int64)
    known = demand.zone >= 0
    np.add.at(found, (demand.zone[known], demand.zone_source[known]), demand.weight[known])
    return [[int(weight) for weight in row] for row in found]


def _comparison(audit: NetworkAudit) -> dict[str, Any] | None:
    found = audit.comparison
    if found is None:
        return None
    return {
        "sources": list(found.sources),
        "weight": [list(row) for row in found.weight],
        "agreement": found.agreement,
    }


def _roads(
    roads: RoadNetwork | None, shown: NDArray[np.float64], frame: Frame
) -> dict[str, Any] | None:
    if roads is None:
        return None
    drawn = draw_roads(roads, shown, frame)
    return {"groups": drawn.groups, "left_out": list(drawn.left_out)}
