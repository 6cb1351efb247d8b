"""What the zones of a network are judged by: polygons, village codes; and its districts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.errors import ShapelyError

from dispatch.adapters.files.json_text import read_json_object
from dispatch.adapters.files.text import find_encoding
from dispatch.domain.checks import Code, FaultList, show
from dispatch.domain.network import NetworkCode
from geo.datum import gcj02_to_wgs84
from geo.demand import Demand, encode_names
from geo.zones import ZONE_OF_CODE, VillageCodes, locate

Named = tuple[str, shapely.Geometry]


def to_polygon(
    geometry: object, where: str, faults: FaultList, *, datum: str
) -> shapely.Geometry | None:
    """Return a valid polygon in WGS 84, None after reporting what is wrong with the GeoJSON."""
    try:
        shape = shapely.from_geojson(json.dumps(geometry))
    except (ShapelyError, TypeError, ValueError) as error:
        faults.add(NetworkCode.GEOMETRY, where, f"no geometry ({error})", "a GeoJSON Polygon")
        return None
    if shape.geom_type not in {"Polygon", "MultiPolygon"} or shape.is_empty:
        faults.add(NetworkCode.GEOMETRY, where, f"a {shape.geom_type}", "a GeoJSON Polygon")
        return None
    if datum == "gcj02":
        shape = shapely.transform(
            shape, lambda xy: np.column_stack(gcj02_to_wgs84(xy[:, 0], xy[:, 1]))
        )
    if not shape.is_valid:
        # Fences of map services touch themselves here and there; the area is what is meant.
        shape = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    if shape.is_empty or float(shapely.area(shape)) == 0.0:
        faults.add(NetworkCode.GEOMETRY, where, "a polygon without area", "a GeoJSON Polygon")
        return None
    return shape


def read_features(path: Path, faults: FaultList) -> list[dict[str, Any]]:
    """Return the features of a GeoJSON file, none after reporting why."""
    data = read_json_object(path, faults)
    if data is None:
        return []
    features = data.get("features")
    if not isinstance(features, list) or not all(isinstance(f, dict) for f in features):
        faults.add(Code.WRONG_TYPE, f"{path.name} features", show(features), "a list of features")
        return []
    return features


def read_districts(path: Path, faults: FaultList, *, datum: str) -> list[Named]:
    """Return the districts of a GeoJSON file: (property ``name``, polygon)."""
    found: list[Named] = []
    for number, feature in enumerate(read_features(path, faults)):
        where = f"{path.name} features[{number}]"
        name = (feature.get("properties") or {}).get("name")
        if not isinstance(name, str) or not name.strip():
            faults.add(Code.FIELD_MISSING, f"{where}.properties.name", show(name), "a name")
            continue
        shape = to_polygon(feature.get("geometry"), f"{where} ({name})", faults, datum=datum)
        if shape is not None:
            found.append((name.strip(), shape))
    return found


def put_in_districts(demand: Demand, districts: list[Named]) -> Demand:
    """Return the demand with the smallest district around each point that names none."""
    if not districts:
        return demand
    from dataclasses import replace

    # Counties lie inside cities and provinces: the smallest area is the district.
    small_first = sorted(districts, key=lambda named: (float(shapely.area(named[1])), named[0]))
    row, polygon = locate(demand.lonlat, [shape for _, shape in small_first])
    names: list[str | None] = [
        demand.districts[code] if code >= 0 else None for code in demand.district.tolist()
    ]
    for at, which in zip(row.tolist(), polygon.tolist(), strict=True):
        names[at] = names[at] or small_first[which][0]
    codes, distinct = encode_names(names, len(demand))
    return replace(demand, district=codes, districts=distinct)


def read_village_codes(path: Path, faults: FaultList, *, datum: str) -> VillageCodes | None:
    """Return the units of a CSV with columns lon, lat and ur_code.

    ``longitude`` and ``latitude`` are understood, too. Where the table has ``code`` and ``parent``,
    a village without a place stands where its town stands, and of several villages at one place
    the most frequent code counts, of equally frequent ones the most urban. Other units without
    place or code are left out.
    """
    import pandas as pd

    encoding = find_encoding(path, faults)
    if encoding is None:
        return None
    frame = pd.read_csv(path, encoding=encoding, dtype=str)
    frame = frame.rename(columns={"longitude": "lon", "latitude": "lat"})
    missing = [name for name in ("lon", "lat", "ur_code") if name not in frame]
    for name in missing:
        faults.add(Code.COLUMN_MISSING, f"{path.name} row 1", f"no column {name}",
                   f"a column {name}")  # fmt: skip
    if missing:
        return None
    values = frame[["lon", "lat", "ur_code"]].apply(pd.to_numeric, errors="coerce")
    if {"code", "parent"} <= set(frame):
        places = values.set_index(frame["code"])[["lon", "lat"]]
        places = places[~places.index.duplicated()]
        of_town = places.reindex(frame["parent"]).set_index(values.index)
        values[["lon", "lat"]] = values[["lon", "lat"]].fillna(of_town)
    values = values.dropna()
    strange = values[~values["ur_code"].isin(list(ZONE_OF_CODE))]
    for row, code in strange["ur_code"].head(20).items():
        faults.add(NetworkCode.VILLAGE_CODE, f"{path.name} row {int(str(row)) + 2} column ur_code",
                   f"{code:g}", f"one of {', '.join(map(str, ZONE_OF_CODE))}")  # fmt: skip
    if len(strange):
        return None
    # Groups come in the order of their keys, so the first of the most frequent codes is the lowest.
    count = values.groupby(["lon", "lat", "ur_code"], as_index=False).size()
    most = count.groupby(["lon", "lat"])["size"].idxmax()
    values = count.loc[most]
    lon, lat = values["lon"].to_numpy(np.float64), values["lat"].to_numpy(np.float64)
    if datum == "gcj02":
        lon, lat = gcj02_to_wgs84(lon, lat)
    return VillageCodes(np.column_stack((lon, lat)), values["ur_code"].to_numpy(np.int64))
