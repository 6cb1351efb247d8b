"""Writing workbooks: texts stay texts, whatever they begin with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

MAX_CELL_TEXT: Final = 32_767
"""Characters of a cell."""
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - files of this kind know no zones
"""Stated as the time of making, so that the same content is the same file."""
_NOT_XML = frozenset("\ufffe\uffff")


def write_workbook(path: Path, fill: Callable[[Workbook], None]) -> None:
    """Write a workbook in one step.

    Parameters
    ----------
    path
        Where it will be; what is there is replaced.
    fill
        Gets the ``xlsxwriter.Workbook`` and fills it; if it raises, nothing at ``path`` changes.
        No text becomes a formula, a link or a number.
    """
    # The package of files writes days as workbooks with this module: imported only when it is used.
    from dispatch.adapters.files.atomic import write_atomically

    write_atomically(path, lambda file: _write(file, fill))


def _write(file: IO[bytes], fill: Callable[[Workbook], None]) -> None:
    import xlsxwriter

    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,
    }
    book = xlsxwriter.Workbook(file, options)
    book.set_properties({"created": _MADE, "title": "servicenet"})
    fill(book)
    book.close()


def fits_cell(text: str) -> bool:
    """Say whether a cell can keep a text as it is."""
    if len(text) > MAX_CELL_TEXT:
        return False
    return not any(sign in _NOT_XML or "\ud800" <= sign <= "\udfff" for sign in text)


def write_cell(sheet: Worksheet, row: int, column: int, value: object, form: object = None) -> None:
    """Write one cell, by the type of its value.

    Parameters
    ----------
    sheet
        An ``xlsxwriter`` worksheet.
    row, column
        Both from 0.
    value
        Text, whole number, float, bool, date, datetime without offset, time; None leaves the cell
        empty. A float that a cell would round is written as text, a text too long is cut.
    form
        Its format, from ``book.add_format``; dates and times need one.
    """
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, form)
    elif isinstance(value, int | float) and float(f"{value:.16G}") == value:
        sheet.write_number(row, column, value, form)
    elif isinstance(value, date | time):
        sheet.write_datetime(row, column, value, form)
    else:
        text = repr(value) if isinstance(value, float) else str(value)
        safe = "".join(sign if fits_cell(sign) else "\N{REPLACEMENT CHARACTER}" for sign in text)
        sheet.write_string(row, column, safe[:MAX_CELL_TEXT], form)
