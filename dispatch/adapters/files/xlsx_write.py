"""The tables of a day to a workbook, with typed cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from dispatch.adapters.files import cells
from dispatch.adapters.files.cells import Cell
from dispatch.adapters.files.columns import Column, Table
from dispatch.adapters.workbook import fits_cell, write_cell, write_workbook
from dispatch.domain.checks import Code, show
from dispatch.errors import Fault, InvalidRequest

if TYPE_CHECKING:
    from xlsxwriter import Workbook

FORMS: Final = {
    cells.DATE: "yyyy-mm-dd",
    cells.MOMENT: "yyyy-mm-dd hh:mm:ss",
    cells.CLOCK: "hh:mm",
}
"""Formats of cells."""
_FIRST = date(1900, 3, 1)
"""Spreadsheets believe that 1900 was a leap year; earlier dates are written as text."""


def write_day_workbook(
    path: Path, tables: Sequence[tuple[Table, list[Column], list[list[str]]]], zone: str
) -> None:
    """Write tables as sheets.

    Parameters
    ----------
    path
        The workbook; replaced in one step.
    tables
        Table, used columns, rows of text as a CSV would have them.
    zone
        IANA zone of the day; moments are written as local dates and times, as text with offset
        where those happen twice.

    Raises
    ------
    InvalidRequest
        A text cannot be kept in a cell. Nothing is written then.
    """
    local = ZoneInfo(zone)

    def fill(book: Workbook) -> None:
        bold = book.add_format({"bold": True, "bottom": 1})
        forms = {cell: book.add_format({"num_format": form}) for cell, form in FORMS.items()}
        for table, used, rows in tables:
            sheet = book.add_worksheet(table.file.removesuffix(".csv"))
            sheet.freeze_panes(1, 1)
            for at, column in enumerate(used):
                sheet.set_column(at, at, max(10, len(column.name) + 2))
                write_cell(sheet, 0, at, column.name, bold)
            for number, row in enumerate(rows, start=1):
                for at, (column, text) in enumerate(zip(used, row, strict=True)):
                    value = _value(text, column, local)
                    write_cell(sheet, number, at, value, forms.get(column.cell))

    write_workbook(path, fill)


def _value(text: str, column: Column, zone: ZoneInfo) -> object:
    if not text:
        return None
    if not fits_cell(text):
        raise InvalidRequest([
            Fault(
                Code.NOT_WRITABLE.value,
                f"column {column.name}",
                show(text),
                "text of at most 32,767 characters that XML knows",
                "A cell cannot keep it; write the day as JSON. Nothing was written.",
            )
        ])  # fmt: skip
    typed = _TYPED.get(column.cell)
    if column.cell is cells.MOMENT:
        return _moment(text, zone)
    return text if typed is None else typed(text)


def _date(text: str) -> object:
    day = date.fromisoformat(text)
    return day if day >= _FIRST else text


_TYPED: Final[dict[Cell, Callable[[str], object]]] = {
    cells.INTEGER: int,
    cells.NUMBER: float,
    cells.BOOLEAN: lambda text: text == "true",
    cells.DATE: _date,
}
"""Text of a sound cell to its value."""


def _moment(text: str, zone: ZoneInfo) -> object:
    """Return the local date and time that reads back as the same moment, else the text."""
    moment = datetime.fromisoformat(text).astimezone(zone)
    local = moment.replace(tzinfo=None)
    offsets = {local.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)}
    exact = len(offsets) == 1 and not local.microsecond and local.date() >= _FIRST
    return local if exact else text
