"""A plan as a GeoPackage that opens in QGIS with our styles; WGS 84, no customer (CSQ-2.4)."""

from __future__ import annotations

import colorsys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pandas as pd
import shapely

from dispatch.adapters import qgis_styles as qml
from dispatch.adapters.geopackage import write_geopackage
from dispatch.adapters.route_lines import RouteLine
from dispatch.domain import Day, DayPlan, PlanStop

if TYPE_CHECKING:
    import geopandas as gpd

Placed = tuple[dict[str, Any], shapely.Geometry]
"""A row of a layer and its place."""
AMBER, INK = "181,71,8,255", "16,24,40,255"
STATES = {
    "on_time": ("in time · 准时", qml.GREEN, "circle"),
    "late": ("late · 迟到", qml.RED, "circle"),
    "pickup": ("pick-up · 取件", INK, "square"),
    "break": ("break · 休息", qml.GRAY, "cross"),
    "start": ("start · 出发", qml.TEAL, "triangle"),
    "end": ("end · 返回", qml.TEAL, "diamond"),
}
"""State of a stop: its words, color and shape."""


def write_plan_geopackage(
    path: Path, day: Day, plan: DayPlan, lines: tuple[RouteLine, ...]
) -> None:
    """Write the layers of a plan: routes, outlets, stops, contracted and unassigned visits.

    Parameters
    ----------
    path
        The .gpkg file; one that is there is replaced.
    day, plan
        The day and its plan.
    lines
        From ``trace_routes``, in the plan's order.
    """
    layers = plan_layers(day, plan, lines)
    styles = plan_styles(day)
    write_geopackage(path, layers, {name: styles[name] for name in layers})


def plan_layers(
    day: Day, plan: DayPlan, lines: tuple[RouteLine, ...]
) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers that have anything in them, from the ground up."""
    import geopandas as gpd

    visits = {visit.id: visit for visit in day.visits}
    contracted = [(one.outlet, visits[name]) for one in plan.contracted for name in one.visits]
    left = [(entry, visits[entry.visit]) for entry in plan.unassigned]
    routes = _routes(day, plan, lines)
    stops = _stops(day, plan, lines)
    found: dict[str, tuple[list[dict[str, Any]], list[Any]]] = {
        "routes": ([row for row, _ in routes], [shape for _, shape in routes]),
        "stops": ([row for row, _ in stops], [shape for _, shape in stops]),
        "contracted": (
            [{"visit": v.id, "outlet": outlet} for outlet, v in contracted],
            [shapely.Point(v.place.lon, v.place.lat) for _, v in contracted],
        ),
        "outlets": (
            [{"outlet": one.id, "name": one.name, "kind": one.kind} for one in day.outlets],
            [shapely.Point(one.place.lon, one.place.lat) for one in day.outlets],
        ),
        "unassigned": (
            [
                {
                    "visit": v.id,
                    "priority": v.priority.value,
                    "reason": entry.summary,
                    "reason_zh": entry.summary_zh,
                    "earliest": str(entry.earliest_date or ""),
                }
                for entry, v in left
            ],
            [shapely.Point(v.place.lon, v.place.lat) for _, v in left],
        ),
    }
    return {
        name: gpd.GeoDataFrame(pd.DataFrame(rows), geometry=shapes, crs=4326)
        for name, (rows, shapes) in found.items()
        if rows
    }


def plan_styles(day: Day) -> dict[str, str]:
    """Return the QML of every layer."""
    people = sorted(technician.id for technician in day.technicians)
    return {
        "routes": qml.categorized_style(
            "technician",
            [(name, name, qml.line(_hue(i), 0.7)) for i, name in enumerate(people)],
        ),
        "stops": qml.categorized_style(
            "state",
            [
                (state, words, qml.marker(color, 3.0 if state != "break" else 2.2, shape))
                for state, (words, color, shape) in STATES.items()
            ],
            label="label",
        ),
        "contracted": qml.single_style(qml.marker(AMBER, 2.8, "square"), "visit"),
        "outlets": qml.single_style(qml.marker(qml.TEAL, 4.4, "star"), "name"),
        "unassigned": qml.single_style(qml.marker(qml.RED, 4.0, "cross2"), "visit"),
    }


def _hue(index: int) -> str:
    """Return the color of a technician; the golden ratio spreads hues however many there are."""
    red, green, blue = colorsys.hls_to_rgb((0.52 + index * 0.61803) % 1, 0.4, 0.65)
    return f"{round(255 * red)},{round(255 * green)},{round(255 * blue)},255"


def _routes(day: Day, plan: DayPlan, lines: tuple[RouteLine, ...]) -> list[Placed]:
    names = {technician.id: technician.name for technician in day.technicians}
    zone = ZoneInfo(day.zone)
    found: list[Placed] = []
    for route, line in zip(plan.routes, lines, strict=True):
        ways = [leg for leg in line.legs if leg is not None and len(leg) > 1]
        if not ways:
            continue
        row = {
            "technician": route.technician,
            "name": names[route.technician],
            "shift": route.shift + 1,
            "start": route.start.astimezone(zone).isoformat(),
            "end": route.end.astimezone(zone).isoformat(),
            "visits": sum(stop.visit is not None for stop in route.stops),
            "meters": sum(stop.leg_m for stop in route.stops),
            "estimated": plan.estimated_travel,
        }
        found.append((row, shapely.MultiLineString([way.tolist() for way in ways])))
    return found


def _stops(day: Day, plan: DayPlan, lines: tuple[RouteLine, ...]) -> list[Placed]:
    zone = ZoneInfo(day.zone)
    found: list[Placed] = []
    for route, line in zip(plan.routes, lines, strict=True):
        number = 0
        for stop, place in zip(route.stops, line.places, strict=True):
            number += stop.visit is not None
            row = {
                "technician": route.technician,
                "shift": route.shift + 1,
                "state": _state(stop),
                "label": f"{number} {stop.visit}" if stop.visit is not None else "",
                "visit": stop.visit or "",
                "outlet": stop.outlet or "",
                "arrival": stop.arrival.astimezone(zone).isoformat(),
                "start": stop.start.astimezone(zone).isoformat(),
                "end": stop.end.astimezone(zone).isoformat(),
                "late_s": stop.lateness_s,
                "parts": "; ".join(f"{need.part} x {need.quantity}" for need in stop.parts),
                "crew": stop.crew,
            }
            found.append((row, shapely.Point(*place)))
    return found


def _state(stop: PlanStop) -> str:
    if stop.kind != "visit":
        return stop.kind
    return "late" if stop.lateness_s else "on_time"
