"""The audit as one GeoPackage that opens in QGIS with our styles."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from dispatch.adapters import coverage_tables as tables
from dispatch.adapters import qgis_styles as qml
from dispatch.adapters.files.atomic import write_atomically
from dispatch.planning.network_audit import NetworkAudit
from geo.straight import from_local_m, to_local_m

if TYPE_CHECKING:
    import geopandas as gpd

_ATTRIBUTES = """
INSERT INTO gpkg_contents (table_name, data_type, identifier, description)
VALUES ('layer_styles', 'attributes', 'layer_styles', 'styles for QGIS')
"""
_STYLES = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
  f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
  styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
  owner TEXT(30), ui TEXT(30), update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
)
"""
_STYLE = """
INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column,
  styleName, styleQML, styleSLD, useAsDefault, description, owner, ui)
VALUES ('', '', ?, 'geom', ?, ?, '', 1, ?, '', NULL)
"""


def write_geopackage(
    path: Path, layers: Mapping[str, gpd.GeoDataFrame], styles: Mapping[str, str]
) -> None:
    """Write layers and their QGIS styles in one step.

    Parameters
    ----------
    path
        The .gpkg file; one that is there is replaced.
    layers
        Tables with geometries, WGS 84, by layer name; drawn from last to first in QGIS.
    styles
        QML text by layer name.
    """
    # SQLite needs a file of its own name: write there, then move it over in one step.
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / "draft.gpkg"
        for name, layer in layers.items():
            # Version 1.2 is read without a warning by the GDAL of every QGIS since 3.0.
            layer.to_file(draft, layer=name, driver="GPKG", geometry_name="geom", index=False,
                          VERSION="1.2")  # fmt: skip
        with sqlite3.connect(draft) as connection:
            connection.execute(_STYLES)
            connection.execute(_ATTRIBUTES)
            for name, text in styles.items():
                connection.execute(_STYLE, (name, f"servicenet {name}", text, f"servicenet {name}"))
        connection.close()

        def copy(file: IO[bytes]) -> None:
            with draft.open("rb") as source:
                shutil.copyfileobj(source, file)

        write_atomically(path, copy)


def write_coverage_geopackage(path: Path, audit: NetworkAudit) -> None:
    """Write the layers of an audit: catchments, isochrones, pockets, demand, outlets."""
    layers = coverage_layers(audit)
    styles = coverage_styles()
    write_geopackage(path, layers, {name: styles[name] for name in layers})


def coverage_layers(audit: NetworkAudit) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers that have anything in them, from the ground up."""
    import geopandas as gpd

    points, outlets = tables.demand_table(audit), tables.outlet_table(audit)
    pockets = tables.pocket_table(audit)
    found = {
        "catchments": (outlets, _catchments(audit)),
        "isochrones": (
            pd.DataFrame({"minutes": [f"{one.minutes:g}" for one in audit.isochrones][::-1]}),
            [one.area for one in audit.isochrones][::-1],
        ),
        "pockets": (pockets, [pocket.area for pocket in audit.pockets]),
        "demand": (points, [shapely.Point(xy) for xy in audit.demand.lonlat]),
        "outlets": (outlets, [shapely.Point(o.lon, o.lat) for o in audit.network.open_outlets]),
    }
    return {
        name: gpd.GeoDataFrame(table, geometry=shapes, crs=4326)
        for name, (table, shapes) in found.items()
        if len(table)
    }


def coverage_styles() -> dict[str, str]:
    """Return the QML of every layer of an audit."""
    minutes = {"5": "6,118,71,255", "10": "14,116,144,255", "15": "247,144,9,255",
               "30": "102,112,133,255"}  # fmt: skip
    return {
        "demand": qml.categorized_style(
            "verdict",
            [
                ("covered", "covered · 已覆盖", qml.marker(qml.GREEN, 1.4)),
                ("uncovered", "uncovered · 未覆盖", qml.marker(qml.RED, 1.8)),
            ],
        ),
        "outlets": qml.single_style(qml.marker(qml.TEAL, 4.0, "square"), "id"),
        "pockets": qml.single_style(qml.area(qml.RED, opacity=70, outline=0.6), "rank"),
        "isochrones": qml.categorized_style(
            "minutes",
            [
                (m, f"{m} min · {m} 分钟", qml.area(color, opacity=45))
                for m, color in minutes.items()
            ],
        ),
        "catchments": qml.single_style(qml.area(qml.GRAY, opacity=12, outline=0.3)),
    }


def _catchments(audit: NetworkAudit) -> list[shapely.Geometry]:
    """Return the area nearest to each open outlet by straight line, inside the demand's extent."""
    lonlat = np.array([(o.lon, o.lat) for o in audit.network.open_outlets]).reshape(-1, 2)
    if len(lonlat) == 0:
        return []
    every = np.concatenate((lonlat, audit.demand.lonlat))
    lon, lat = every.mean(axis=0).tolist()
    xy = to_local_m(lonlat, lon, lat)
    extent = shapely.MultiPoint(to_local_m(every, lon, lat)).convex_hull.buffer(500.0)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.MultiPoint(xy), extend_to=extent.envelope)
    )
    tree = shapely.STRtree(cells)
    # Outlets at one place share one cell.
    cell = tree.nearest(shapely.points(xy)) if len(cells) else np.zeros(len(xy), dtype=np.int64)
    areas = shapely.intersection(cells[cell], extent) if len(cells) else [extent] * len(xy)
    return [shapely.transform(one, lambda p: from_local_m(p, lon, lat)) for one in areas]
