"""A gazetteer from a CSV table."""

from __future__ import annotations

from pathlib import Path

from dispatch.adapters.files import cells
from dispatch.adapters.files.columns import GAZETTEER_CSV, Column, Table
from dispatch.adapters.files.shape import build
from dispatch.adapters.files.tables import Row, TableReader
from dispatch.adapters.geocoder import Candidate, Gazetteer
from dispatch.domain.checks import FaultList
from dispatch.domain.checks.report import Path as ItemPath
from dispatch.domain.place import Place
from dispatch.errors import InvalidRequest

MAX_ENTRIES = 1_000_000
"""Rows of a gazetteer."""

GAZETTEER_TABLE = Table(
    GAZETTEER_CSV,
    "gazetteer",
    (
        Column("name", ("address",), aliases=("address", "名称", "地址"), required=True),
        Column("lon", ("lon",), cells.NUMBER, ("longitude", "经度"), required=True),
        Column("lat", ("lat",), cells.NUMBER, ("latitude", "纬度"), required=True),
        Column("district", ("district",), aliases=("区县", "行政区")),
    ),
)


def read_gazetteer(path: Path) -> Gazetteer:
    """Return the gazetteer of a CSV table ``name,lon,lat[,district]``, WGS 84.

    Parameters
    ----------
    path
        UTF-8, UTF-8 with BOM or GB18030.

    Raises
    ------
    InvalidRequest
        With every fault of the table.
    """
    faults = FaultList()
    reader = TableReader(path, GAZETTEER_TABLE, faults, MAX_ENTRIES)
    found = gazetteer_of(reader, faults)
    if faults.faults:
        raise InvalidRequest(faults.faults)
    return found


def gazetteer_of(reader: TableReader, faults: FaultList) -> Gazetteer:
    """Return the gazetteer of a table's sound rows; the others are reported."""
    return Gazetteer([e for row in reader.rows() if (e := _entry(row, reader, faults))])


def _entry(row: Row, reader: TableReader, faults: FaultList) -> Candidate | None:
    values = {str(column.path[0]): value for column, value in row.values}
    district = values.pop("district", None)

    def where(path: ItemPath) -> str:
        column = next(c for c in GAZETTEER_TABLE.columns if c.path == path)
        return reader.name(row.number, column)

    place = build(Place, values, where, faults, [column.path for column in row.bad])
    if place is None:
        return None
    return Candidate(place.address or "", place.lon, place.lat, district)
