"""Real call days: one row per pick-up call with its two-hour window and its courier.

Columns are those of LaDe-P (Wu et al. 2023, arXiv 2306.10675). The file states month and day but
no year; `YEAR` stands in for it. Times are local, Asia/Shanghai; coordinates WGS 84.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from scenarios.errors import InstanceFormatError
from scenarios.instances.text import read_text, to_number, to_whole

YEAR = 2023
"""Stands in for the year, which the publishers left out; that of the publication."""

ZONE = "Asia/Shanghai"

COLUMNS = (
    "order_id",
    "region_id",
    "city",
    "courier_id",
    "accept_time",
    "time_window_start",
    "time_window_end",
    "lng",
    "lat",
    "aoi_type",
    "ds",
)


@dataclass(frozen=True, slots=True)
class Call:
    """One call.

    Attributes
    ----------
    accepted
        When the call came in.
    earliest, latest
        Window promised.
    day
        (month, day) the row belongs to.
    """

    order: int
    region: int
    city: str
    courier: int
    accepted: datetime
    earliest: datetime
    latest: datetime
    lon: float
    lat: float
    aoi_type: int
    day: tuple[int, int]


def read_calls(path: Path) -> tuple[Call, ...]:
    """Read a call day from a file; errors are those of `parse_calls` and of opening it."""
    return parse_calls(read_text(path), path.name)


def parse_calls(text: str, where: str = "text") -> tuple[Call, ...]:
    """Parse the calls of a file, sorted by order id.

    Raises
    ------
    InstanceFormatError
        At the first row that breaks the format.
    """
    rows = csv.DictReader(text.splitlines())
    missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        raise InstanceFormatError(where, 1, f"no column {missing[0]!r}", ", ".join(COLUMNS))
    calls = [_call(row, where, rows.line_num) for row in rows]
    if not calls:
        raise InstanceFormatError(where, 1, "no calls", "at least one row")
    seen: set[int] = set()
    for call in calls:
        if call.order in seen:
            raise InstanceFormatError(where, 0, f"order_id {call.order} twice", "each id once")
        seen.add(call.order)
    return tuple(sorted(calls, key=lambda call: call.order))


def keep_windows_of_day(calls: tuple[Call, ...]) -> tuple[Call, ...]:
    """Return the calls whose whole window lies on the day the file is about."""
    return tuple(
        call
        for call in calls
        if call.day
        == (call.earliest.month, call.earliest.day)
        == (call.latest.month, call.latest.day)
    )


def _call(row: Mapping[str, str | None], where: str, line: int) -> Call:
    values = {column: row[column] for column in COLUMNS}
    for column, value in values.items():
        if not value:
            raise InstanceFormatError(where, line, f"no {column}", f"a value for {column}")
    text = {column: value or "" for column, value in values.items()}
    lon, lat = (to_number(text[column], where, line, column) for column in ("lng", "lat"))
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InstanceFormatError(where, line, f"lng {lon}, lat {lat}", "WGS 84 degrees")
    order, region, courier, aoi_type, ds = (
        to_whole(text[column], where, line, column)
        for column in ("order_id", "region_id", "courier_id", "aoi_type", "ds")
    )
    accepted, earliest, latest = (
        _moment(text[column], where, line, column)
        for column in ("accept_time", "time_window_start", "time_window_end")
    )
    if latest < earliest:
        raise InstanceFormatError(where, line, "a window that ends before it starts", "a window")
    return Call(
        order, region, text["city"], courier, accepted, earliest, latest, lon, lat, aoi_type,
        divmod(ds, 100),
    )  # fmt: skip


def _moment(word: str, where: str, line: int, column: str) -> datetime:
    try:
        naive = datetime.strptime(f"{YEAR}-{word}", "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - next line
    except ValueError:
        raise InstanceFormatError(
            where, line, repr(word), f"{column}: MM-DD HH:MM:SS of {YEAR}"
        ) from None
    return naive.replace(tzinfo=ZoneInfo(ZONE))
