"""A proposal as a GeoPackage that opens in QGIS with our styles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from dispatch.adapters import qgis_styles as qml
from dispatch.adapters.geopackage import write_geopackage
from dispatch.adapters.layout_report.payload import LayoutSource
from geo.straight import from_local_m, to_local_m

if TYPE_CHECKING:
    import geopandas as gpd

BLUE, AMBER = "29,78,216,255", "181,71,8,255"
STATES = ("covered", "newly_covered", "uncovered", "no_longer_covered")


def write_layout_geopackage(path: Path, source: LayoutSource) -> None:
    """Write the layers of a proposal: reach of the outlets, demand, outlets.

    Parameters
    ----------
    path
        The .gpkg file; one that is there is replaced.
    source
        The proposal and its demand.
    """
    layers = layout_layers(source)
    styles = layout_styles()
    write_geopackage(path, layers, {name: styles[name] for name in layers})


def layout_layers(source: LayoutSource) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers that have anything in them, from the ground up."""
    import geopandas as gpd

    state = np.where(source.today, np.where(source.after, 0, 3), np.where(source.after, 1, 2))
    demand = pd.DataFrame({"weight": source.weight, "state": np.array(STATES)[state]})
    sites = _site_table(source)
    places = [shapely.Point(*row) for row in sites[["lon", "lat"]].itertuples(index=False)]
    after = sites[sites["role"] != "closes"]
    found = {
        "reach": (after, [_circle(*row) for row in
                          after[["lon", "lat", "radius_m"]].itertuples(index=False)]),
        "demand": (demand, [shapely.Point(*row) for row in source.lonlat.tolist()]),
        "outlets": (sites, places),
    }  # fmt: skip
    return {
        name: gpd.GeoDataFrame(table.reset_index(drop=True), geometry=shapes, crs=4326)
        for name, (table, shapes) in found.items()
        if len(table)
    }


def layout_styles() -> dict[str, str]:
    """Return the QML of every layer."""
    return {
        "reach": qml.categorized_style(
            "role",
            [
                ("stays", "stays · 保留", qml.area(qml.GRAY, opacity=0, outline=0.3)),
                ("opens", "opens · 新开", qml.area(BLUE, opacity=18, outline=0.5)),
            ],
        ),
        "demand": qml.categorized_style(
            "state",
            [
                ("covered", "covered · 已覆盖", qml.marker(qml.GREEN, 1.2)),
                ("newly_covered", "newly covered · 新增覆盖", qml.marker(BLUE, 1.4)),
                ("uncovered", "uncovered · 未覆盖", qml.marker(qml.RED, 1.6)),
                ("no_longer_covered", "no longer covered · 不再覆盖", qml.marker(AMBER, 1.6)),
            ],
        ),
        "outlets": qml.categorized_style(
            "role",
            [
                ("stays", "stays · 保留", qml.marker(qml.TEAL, 3.6, "square")),
                ("opens", "opens · 新开", qml.marker(BLUE, 5.0, "star")),
                ("closes", "closes · 关闭", qml.marker(qml.GRAY, 3.4, "cross")),
            ],
            label="id",
        ),
    }


def _site_table(source: LayoutSource) -> pd.DataFrame:
    layout = source.layout
    today, after = set(layout["today"]["sites"]), set(layout["proposal"]["sites"])
    rows = []
    for site in layout["sites"]:
        if site["id"] not in today | after:
            continue
        role = "opens" if site["id"] not in today else "stays"
        radius = site["radius_m"] or layout["radius"]["urban_m"]
        rows.append(
            {
                "id": site["id"], "name": site["name"], "street": site["street"],
                "role": role if site["id"] in after else "closes", "covers": site["covers"],
                "opening": site["opening"], "running": site["running"], "radius_m": radius,
                "lon": site["lon"], "lat": site["lat"],
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _circle(lon: float, lat: float, radius_m: float) -> shapely.Geometry:
    """Return the circle of a radius around a place, in degrees."""
    circle = shapely.Point(*to_local_m(np.array([[lon, lat]]), lon, lat)[0]).buffer(radius_m)
    return shapely.transform(circle, lambda xy: from_local_m(xy, lon, lat))
