"""Typed cells of a sheet to the text that a CSV of it would hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from dispatch.adapters.files import cells
from dispatch.adapters.files.cells import Cell, UnreadableCell
from dispatch.adapters.files.columns import Column
from dispatch.domain.checks import Code

CellValue = int | float | str | bool | time | date | datetime | timedelta
"""What the reader of workbooks gives; an empty cell is the empty text."""

_EXACT: Final = 10**15
"""Whole numbers a spreadsheet keeps; of longer ones it loses the last digits."""
_ROUNDING: Final = timedelta(milliseconds=2)
"""Serial dates are fractions of a day; a whole second comes back this close."""
_ZERO_DAYS: Final = (date(1899, 12, 31), date(1900, 1, 1))
"""What a bare 24:00 becomes: the serial number 1."""
_ANY_DAY: Final = date(2000, 1, 1)
_TIMES = (cells.MOMENT, cells.CLOCK, cells.DAY_MINUTE)
_AS_TEXT = "Format the column as text and type the value again."


def _whole_number(value: float) -> int | None:
    return int(value) if value.is_integer() else None


def _minutes(value: float) -> int | None:
    return 60 * int(value) if value.is_integer() and value >= 0 else None


def _decimal(value: float) -> float:
    return value


NUMBERS: Final[Mapping[Cell, Callable[[float], float | None]]] = {
    cells.NUMBER: _decimal,
    cells.INTEGER: _whole_number,
    cells.MINUTES: _minutes,
}
"""Numbers of a sheet to values without the way over a text; None: the text says what is wrong."""


def text_of(value: CellValue, column: Column, *, free: bool = False) -> str:
    """Return a cell as text, empty for an empty cell.

    Parameters
    ----------
    value
        What stands there.
    column
        Its column; a date is written as the column wants it.
    free
        Whether the column takes values of any kind (the header's).

    Raises
    ------
    UnreadableCell
        If the spreadsheet has made something else of a text: a date, or a number of so many
        digits that some are lost.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value, column)
    if not free and column.cell is cells.TEXT:
        raise UnreadableCell(
            Code.WRONG_TYPE, "text", f"The spreadsheet took it for a date. {_AS_TEXT}"
        )
    return _when(value, column)


def _when(value: time | date | timedelta, column: Column) -> str:
    if isinstance(value, datetime):
        return _whole(value).isoformat(sep=" ")
    if isinstance(value, date):
        return _date(value, column)
    if isinstance(value, time):
        if not value.microsecond:
            return value.isoformat("seconds")
        # Any day will do: a time of day is the time since its midnight.
        return _clock(datetime.combine(_ANY_DAY, value) - datetime.combine(_ANY_DAY, time()))
    return _clock(value)


def _number(value: float, column: Column) -> str:
    if value != int(value):
        return repr(value)
    if abs(value) >= _EXACT and column.cell is cells.TEXT:
        raise UnreadableCell(
            Code.WRONG_TYPE, "text", f"A spreadsheet keeps 15 digits of a number. {_AS_TEXT}"
        )
    return str(int(value))


def _date(value: date, column: Column) -> str:
    if column.cell in _TIMES:
        # The reader of workbooks gives midnight as a bare date, and a bare 24:00 as day one.
        return "24:00" if value in _ZERO_DAYS else f"{value.isoformat()} 00:00"
    return value.isoformat()


def _whole(value: datetime) -> datetime:
    """Return the whole second a serial date means, or the value itself if it means none."""
    near = (value + timedelta(milliseconds=500)).replace(microsecond=0)
    return near if abs(near - value) <= _ROUNDING else value


def _clock(value: timedelta) -> str:
    near = timedelta(seconds=round(value.total_seconds()))
    whole = near if abs(near - value) <= _ROUNDING else value
    minutes, seconds = divmod(whole.seconds, 60)
    fraction = f".{whole.microseconds:06d}" if whole.microseconds else ""
    return f"{whole.days * 24 + minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}{fraction}"
