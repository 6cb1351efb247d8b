"""A speed profile as a CSV table of its own: ``road_class,from,to,percent``."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date
from pathlib import Path

from dispatch.adapters.files import columns
from dispatch.adapters.files.atomic import write_text_atomically
from dispatch.adapters.files.columns import Column, Table
from dispatch.adapters.files.moments import MomentReader
from dispatch.adapters.files.raw import KINDS, RawDay, json_header_where
from dispatch.adapters.files.tables import TableReader
from dispatch.adapters.files.traffic_tables import build_traffic, read_traffic_tables, traffic_rows
from dispatch.domain.base import Model
from dispatch.domain.checks import Code, DayParts, FaultList, plain_where
from dispatch.domain.checks.traffic import check_traffic
from dispatch.domain.traffic import Traffic
from dispatch.errors import InvalidRequest

_ANY_DAY = date(2000, 1, 1)
"""A profile has times of day only."""


def read_speed_table(path: Path) -> Traffic:
    """Return the custom profile of a CSV table.

    Parameters
    ----------
    path
        Columns ``road_class``, ``from``, ``to`` (HH:MM, ``24:00`` = end of the day) and
        ``percent`` of free flow, or their Chinese names; UTF-8 or GB18030. Hours and classes
        without a row are at free flow.

    Raises
    ------
    InvalidRequest
        With every fault of the table.
    """
    faults = FaultList()

    def open_table(table: Table, limit: int) -> TableReader | None:
        mine = table is columns.TRAFFIC_SPEEDS
        return TableReader(path, table, faults, limit) if mine else None

    raw = RawDay({}, {kind: [] for kind in KINDS}, plain_where, json_header_where(path.name))
    read_traffic_tables(raw, open_table)
    if "traffic" not in raw.header and not faults.faults:
        faults.add(Code.TRAFFIC_WITHOUT_ROWS, path.name, "a heading alone", "rows of speeds")
    found, _ = build_traffic(raw, MomentReader(_ANY_DAY, UTC), faults, "wgs84")
    if found is not None:
        check_traffic(_parts(found, raw, faults))
    if found is None or faults.faults:
        raise InvalidRequest(faults.faults)
    return found


def _parts(traffic: Traffic, raw: RawDay, faults: FaultList) -> DayParts:
    return DayParts(
        date=None,
        horizon_start=None,
        horizon_end=None,
        outlets=(),
        technicians=(),
        visits=(),
        ids={},
        traffic=traffic,
        header_where=raw.header_where,
        faults=faults,
    )


def _text(item: Model, column: Column) -> str:
    return str(getattr(item, str(column.path[0])))


def write_speed_table(traffic: Traffic, path: Path) -> None:
    """Write the rows of a custom profile so that ``read_speed_table`` returns an equal one.

    Parameters
    ----------
    traffic
        Its ``speeds`` are written; areas have no place in such a table.
    path
        CSV, UTF-8 with BOM as spreadsheets want it; replaced in one step.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([column.name for column in columns.TRAFFIC_SPEEDS.columns])
    speeds_only = traffic.model_copy(update={"areas": ()})
    for _, _, rows in traffic_rows(speeds_only, _text):
        writer.writerows(rows)
    write_text_atomically(path, "\ufeff" + file.getvalue())
