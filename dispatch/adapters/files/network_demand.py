"""Rows of demand to arrays: from JSON, CSV, GeoPackage or GeoJSON; every fault with its row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dispatch.adapters.files.columns import ZONES as ZONE_WORDS
from dispatch.adapters.files.text import MAX_FILE_BYTES, find_encoding
from dispatch.domain.checks import Code, FaultList, show, suggest
from dispatch.domain.network import NetworkCode
from geo.datum import gcj02_to_wgs84
from geo.demand import (
    MAX_POINTS,
    MAX_WEIGHT,
    UNKNOWN,
    ZONES,
    Demand,
    aggregate_visits,
    make_demand,
)

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("编号",),
    "lon": ("longitude", "经度"),
    "lat": ("latitude", "纬度"),
    "weight": ("visits", "revenue", "权重", "工单数"),
    "people": ("population", "人口"),
    "zone": ("区域类型",),
    "zone_source": ("区域来源",),
    "district": ("区县", "行政区"),
}
"""Columns of a demand table and their other headings."""

_NEEDED = ("lon", "lat")
_SHOWN_ROWS = 20
"""Faults named one by one per column; the rest is counted."""


@dataclass(frozen=True)
class DemandSource:
    """Where demand is written.

    Parameters
    ----------
    file
        Path of a .csv, .gpkg, .geojson or .json file.
    layer
        Layer of a GeoPackage; None = the first.
    columns
        Our column to the file's heading, where they differ.
    visits_m
        Rows are single visits, to be joined to squares of so many meters; None = demand points.
    """

    file: Path
    layer: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    visits_m: float | None = None


def read_demand_file(source: DemandSource, faults: FaultList, *, datum: str) -> Demand | None:
    """Return the demand of a file, None after reporting why there is none."""
    suffix = source.file.suffix.lower()
    if suffix == ".csv":
        frame = _read_csv(source.file, faults)
        first_row = 2
    elif suffix in {".gpkg", ".geojson", ".json"}:
        frame = _read_geodata(source, faults)
        first_row = 1
    else:
        faults.add(
            Code.FILE_KIND, source.file.name, f"a file {show(suffix)}",
            ".csv, .gpkg or .geojson",
        )  # fmt: skip
        return None
    if frame is None:
        return None

    def where(row: int, column: str) -> str:
        return f"{source.file.name} row {row + first_row} column {column}"

    renamed = _rename(frame, source.columns, source.file.name, faults)
    if renamed is None:
        return None
    demand = frame_to_demand(renamed, where, faults, datum=datum)
    if demand is None or source.visits_m is None:
        return demand
    return aggregate_visits(demand.lonlat, demand.weight, cell_m=source.visits_m)


def read_demand_rows(rows: list[Any], file: str, faults: FaultList, *, datum: str) -> Demand | None:
    """Return the demand of a list of JSON objects."""
    wrong = next((i for i, row in enumerate(rows) if not isinstance(row, dict)), None)
    if wrong is not None:
        faults.add(Code.WRONG_TYPE, f"{file} demand[{wrong}]", show(rows[wrong]), "an object { … }")
        return None

    def where(row: int, column: str) -> str:
        name = rows[row].get("id")
        return f"{file} demand[{row}].{column}" + (f" ({name})" if name else "")

    frame = _rename(pd.DataFrame(rows), {}, f"{file} demand", faults)
    return None if frame is None else frame_to_demand(frame, where, faults, datum=datum)


def _read_csv(path: Path, faults: FaultList) -> pd.DataFrame | None:
    encoding = find_encoding(path, faults)
    if encoding is None:
        return None
    with path.open(encoding=encoding) as file:
        head = file.readline()
    separator = max(",;\t", key=head.count)
    names = [name.strip() for name in head.rstrip("\r\n").split(separator)]
    texts = {n: str for n in names if _ours(n) in {"id", "zone", "zone_source", "district"}}
    try:
        return pd.read_csv(
            path, encoding=encoding, sep=separator, dtype=texts, skipinitialspace=True,
            nrows=MAX_POINTS + 1, keep_default_na=True, low_memory=False,
        )  # fmt: skip
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        faults.add(
            Code.CSV_SYNTAX, path.name, f"a table that cannot be read ({error})",
            'cells separated by commas; text with commas in "quotes"',
            "Look for a quote that is not closed or a row with too many cells.",
        )  # fmt: skip
        return None


def _read_geodata(source: DemandSource, faults: FaultList) -> pd.DataFrame | None:
    """Return attributes with lon and lat of points, or of a point inside each area."""
    import geopandas as gpd

    path = source.file
    if not path.is_file():
        faults.add(Code.FILE_MISSING, path.name, "no such file", "a file", f"Looked at {path}.")
        return None
    if path.stat().st_size > 10 * MAX_FILE_BYTES:
        faults.add(
            Code.FILE_TOO_LARGE, path.name, f"{path.stat().st_size:,} bytes",
            f"at most {10 * MAX_FILE_BYTES:,} bytes",
        )  # fmt: skip
        return None
    try:
        table = gpd.read_file(path, layer=source.layer)
        if table.crs is None:
            table = table.set_crs(4326)
        # The point of an area is its centroid in the file's own projection.
        points = table.geometry.map(lambda shape: None if shape is None else shape.centroid)
        points = gpd.GeoSeries(points, crs=table.crs).to_crs(4326)
    except (ValueError, OSError, RuntimeError) as error:
        faults.add(
            NetworkCode.GEODATA, path.name, f"geodata that cannot be read ({error})",
            "a GeoPackage or GeoJSON with a geometry for every row",
        )  # fmt: skip
        return None
    frame = pd.DataFrame(table.drop(columns=table.geometry.name))
    own = {_ours(str(name)) for name in frame.columns}
    if not own & {"lon", "lat"}:
        frame["lon"], frame["lat"] = points.x, points.y
    return frame


def _ours(heading: str) -> str | None:
    word = heading.strip().lower()
    return next((name for name, other in COLUMNS.items() if word == name or word in other), None)


def _rename(
    frame: pd.DataFrame, chosen: Mapping[str, str], where: str, faults: FaultList
) -> pd.DataFrame | None:
    """Return the frame with our column names only; others are left out, missing ones reported."""
    theirs = {heading: name for name, heading in chosen.items()}
    unknown = [name for name in chosen if name not in COLUMNS]
    missing = [heading for heading in chosen.values() if heading not in frame.columns]
    for name in [*unknown, *missing]:
        known = list(COLUMNS) if name in unknown else [str(c) for c in frame.columns]
        faults.add(Code.COLUMN_UNKNOWN, where, f"column {show(name)}",
                   f"one of {', '.join(known)}", suggest(name, known))  # fmt: skip
    names = {c: theirs.get(str(c)) or _ours(str(c)) for c in frame.columns}
    taken = [name for name in names.values() if name]
    for name in sorted({name for name in taken if taken.count(name) > 1}):
        faults.add(Code.COLUMN_TWICE, where, f"two columns for {name}",
                   "one column for the same thing", "Remove one of them.")  # fmt: skip
    for name in _NEEDED:
        if name not in taken:
            words = ", ".join((name, *COLUMNS[name]))
            faults.add(Code.COLUMN_MISSING, where, f"no column {name}", f"a column {words}")
    sound = not unknown and not missing and len(set(taken)) == len(taken)
    if not sound or not set(_NEEDED) <= set(taken):
        return None
    kept = [c for c, name in names.items() if name]
    return frame[kept].rename(columns={c: names[c] for c in kept})


def frame_to_demand(
    frame: pd.DataFrame, where: Callable[[int, str], str], faults: FaultList, *, datum: str
) -> Demand | None:
    """Check the values of a table and return them as arrays.

    Parameters
    ----------
    frame
        Columns as in ``COLUMNS``.
    where
        Words for (row from 0, column).
    faults
        Gets every fault; of one column the first twenty rows and the number of the others.
    datum
        ``wgs84`` or ``gcj02``.
    """
    if len(frame) > MAX_POINTS:
        faults.add(NetworkCode.TOO_MANY_POINTS, where(MAX_POINTS, "lon"),
                   f"more than {MAX_POINTS:,} demand points",
                   f"at most {MAX_POINTS:,} demand points",
                   "Join points, for instance by square.")  # fmt: skip
        return None
    before = len(faults.faults)
    check = _Checker(frame, where, faults)
    lon = check.numbers("lon", (-180.0, 180.0), whole=False)
    lat = check.numbers("lat", (-90.0, 90.0), whole=False)
    weight = check.numbers("weight", (0, MAX_WEIGHT), whole=True)
    people = check.numbers("people", (0, MAX_WEIGHT), whole=True)
    zone = check.zones()
    ids = check.names()
    if lon is None or lat is None or len(faults.faults) > before:
        return None
    zero = np.flatnonzero((lon == 0.0) & (lat == 0.0))
    if zero.size:
        faults.add(NetworkCode.PLACE, where(int(zero[0]), "lon"), f"0, 0 ({zero.size} such rows)",
                   "a place on land", "An address not found often becomes 0, 0.")  # fmt: skip
        return None
    if datum == "gcj02":
        lon, lat = gcj02_to_wgs84(lon, lat)
    return make_demand(
        np.column_stack((lon, lat)),
        None if weight is None else weight.astype(np.int64),
        people=None if people is None else people.astype(np.int64),
        zone=zone,
        district=check.texts("district"),
        ids=ids,
    )


class _Checker:
    def __init__(
        self, frame: pd.DataFrame, where: Callable[[int, str], str], faults: FaultList
    ) -> None:
        self._frame, self._where, self._faults = frame, where, faults

    def numbers(
        self, name: str, bounds: tuple[float, float], *, whole: bool
    ) -> NDArray[np.float64] | None:
        """Return a column as floats (whole ones are exact below 2^53), None where it is absent."""
        if name not in self._frame:
            return None
        raw = self._frame[name]
        values = pd.to_numeric(raw, errors="coerce").to_numpy(dtype=np.float64)
        low, high = bounds
        with np.errstate(invalid="ignore"):
            bad = ~((values >= low) & (values <= high))
            if whole:
                bad |= values != np.floor(values)
        kind = "a whole number" if whole else "a number"
        self._report(name, bad, raw, f"{kind} from {low:,} to {high:,}", NetworkCode.VALUES)
        return values

    def zones(self) -> NDArray[np.int8] | None:
        """Return the zones as codes; empty cells are unknown."""
        texts = self.texts("zone")
        if texts is None:
            return None
        words = {word: i for i, word in enumerate(ZONES)}
        words |= {other: words[word] for other, word in ZONE_WORDS.items()}
        codes = {text: words.get(text.lower(), -2) for text in set(texts) if text}
        found = np.array([codes[t] if t else UNKNOWN for t in texts], dtype=np.int8)
        expected = f"one of {', '.join(ZONES)} ({', '.join(ZONE_WORDS)})"
        self._report("zone", found == -2, self._frame["zone"], expected, Code.WRONG_CHOICE)
        return found

    def names(self) -> NDArray[np.str_] | None:
        """Return the ids; each must be there once."""
        texts = self.texts("id")
        if texts is None:
            return None
        column = pd.Series(texts, dtype=object)
        self._report("id", column.isna().to_numpy(), self._frame["id"], "an id", Code.FIELD_MISSING)
        twice = (column.duplicated() & column.notna()).to_numpy()
        self._report("id", twice, self._frame["id"], "every id once", Code.DUPLICATE_ID)
        return np.array([text or "" for text in texts], dtype=np.str_)

    def texts(self, name: str) -> list[str | None] | None:
        """Return a column as text without blanks around it, None where a cell is empty."""
        if name not in self._frame:
            return None
        column = self._frame[name]
        return [
            None if missing or not str(value).strip() else str(value).strip()
            for value, missing in zip(column.tolist(), column.isna().tolist(), strict=True)
        ]

    def _report(
        self, name: str, bad: NDArray[np.bool_], raw: pd.Series, expected: str, code: StrEnum
    ) -> None:
        rows = np.flatnonzero(bad)
        for row in rows[:_SHOWN_ROWS].tolist():
            value = raw.iloc[row]
            blank = value is None or (isinstance(value, float) and np.isnan(value))
            self._faults.add(code, self._where(row, name), "nothing" if blank else show(value),
                             expected)  # fmt: skip
        if rows.size > _SHOWN_ROWS:
            self._faults.add(
                code, self._where(int(rows[_SHOWN_ROWS]), name),
                f"{rows.size - _SHOWN_ROWS:,} more rows like these", expected,
            )  # fmt: skip
