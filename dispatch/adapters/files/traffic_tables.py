"""Traffic of a day: rows of its tables to the header, the header to a model, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np

from dispatch.adapters.files import cells, columns
from dispatch.adapters.files.columns import Column, Table
from dispatch.adapters.files.moments import MomentReader, UnreadableMoment
from dispatch.adapters.files.raw import HEADER, RawDay
from dispatch.adapters.files.shape import build
from dispatch.adapters.files.tables import TableReader
from dispatch.domain.base import Model
from dispatch.domain.checks import FaultList, show
from dispatch.domain.checks.report import Path
from dispatch.domain.traffic import AreaFactor, SpeedRow, Traffic
from geo.datum import gcj02_to_wgs84

MAX_ROWS: Final = 10_000
"""Rows of a table of traffic."""


def read_traffic_tables(
    raw: RawDay, open_table: Callable[[Table, int], TableReader | None]
) -> None:
    """Join the rows of ``traffic_speeds`` and ``traffic_areas`` to the header.

    Rows of speeds without a stated profile mean the profile ``custom``.

    Parameters
    ----------
    raw
        The day; its header is changed.
    open_table
        A table and its most rows to its reader; None where it is missing.
    """
    places: dict[Path, tuple[TableReader, int]] = {}
    for table in columns.TRAFFIC_TABLES:
        reader = open_table(table, MAX_ROWS)
        for row in reader.rows() if reader is not None else ():
            traffic = raw.header.setdefault("traffic", {})
            found = traffic.setdefault(table.kind, []) if isinstance(traffic, dict) else None
            if reader is None or not isinstance(found, list):
                continue  # what stands there instead is reported with the header
            if table is columns.TRAFFIC_SPEEDS:
                traffic.setdefault("profile", "custom")
            place: Path = ("traffic", table.kind, len(found))
            found.append({str(column.path[0]): value for column, value in row.values})
            places[place] = (reader, row.number)
            for column in row.bad:
                raw.faulty[HEADER].add((*place, *column.path))
    raw.header_where = _where(places, raw.header_where)


def _where(
    places: dict[Path, tuple[TableReader, int]], others: Callable[[Path], str]
) -> Callable[[Path], str]:
    def words(path: Path) -> str:
        found = places.get(path[:3])
        if found is None:
            return others(path)
        return _name(*found, path[3:])

    return words


def _name(reader: TableReader, number: int, path: Path) -> str:
    column = next((c for c in reader.table.columns if path and c.path == path[:1]), None)
    return f"{reader.title} row {number}" if column is None else reader.name(number, column)


def build_traffic(
    raw: RawDay, reader: MomentReader, faults: FaultList, datum: str
) -> tuple[Traffic | None, bool]:
    """Take the traffic out of a raw header.

    Parameters
    ----------
    raw
        The day.
    reader
        Reads the times of areas.
    faults
        Gets what is wrong.
    datum
        What the outlines of areas are in: ``wgs84`` or ``gcj02``.

    Returns
    -------
    The traffic, None without one or where it is broken; and whether it is sound.
    """
    data = raw.header.pop("traffic", None)
    if data is None:
        return None, True
    faulty = {path[1:] for path in raw.faulty[HEADER] if path[0] == "traffic"}
    areas = data.get("areas") if isinstance(data, dict) else None
    for number, area in enumerate(areas if isinstance(areas, list) else ()):
        for field in ("start", "end"):
            if isinstance(area, dict) and area.get(field) is not None:
                _read_moment(raw, area, ("areas", number, field), reader,
                             faults=faults, faulty=faulty)  # fmt: skip

    def where(path: Path) -> str:
        return raw.header_where(("traffic", *path))

    found = build(Traffic, data, where, faults, faulty, quoted=raw.quoted)
    if found is not None and datum == "gcj02":
        found = found.model_copy(update={"areas": tuple(map(_convert, found.areas))})
    return found, found is not None


def _read_moment(
    raw: RawDay,
    area: dict[str, Any],
    path: Path,
    reader: MomentReader,
    *,
    faults: FaultList,
    faulty: set[Path],
) -> None:
    field = str(path[-1])
    try:
        area[field] = reader.read(area[field])
    except UnreadableMoment as error:
        where = raw.header_where(("traffic", *path))
        faults.add(error.code, where, show(area[field]), error.expected, error.hint)
        faulty.add(path)


def _convert(area: AreaFactor) -> AreaFactor:
    points = np.array(area.ring, dtype=np.float64)
    lon, lat = gcj02_to_wgs84(points[:, 0], points[:, 1])
    ring = tuple(zip(lon.tolist(), lat.tolist(), strict=True))
    return area.model_copy(update={"ring": ring})


def traffic_rows(
    traffic: Traffic, cell: Callable[[Model, Column], str]
) -> Iterator[tuple[Table, list[Column], list[list[str]]]]:
    """Yield the tables of a day's traffic that have rows: table, columns, rows of text.

    Parameters
    ----------
    traffic
        What is written.
    cell
        Text of a value that needs no form of its own.
    """
    for table, items in (
        (columns.TRAFFIC_SPEEDS, traffic.speeds),
        (columns.TRAFFIC_AREAS, traffic.areas),
    ):
        used = list(table.columns)
        if items:
            yield table, used, [[_text(item, column, cell) for column in used] for item in items]


def _text(item: SpeedRow | AreaFactor, column: Column, cell: Callable[[Model, Column], str]) -> str:
    if column.cell is cells.DAY_MINUTE:
        return cells.show_day_minute(getattr(item, str(column.path[0])))
    if column.cell is cells.RING and isinstance(item, AreaFactor):
        return ";".join(f"{lon!r} {lat!r}" for lon, lat in item.ring)
    return cell(item, column)
