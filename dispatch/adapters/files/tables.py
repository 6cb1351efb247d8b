"""One CSV table, streamed row by row; every fault names file, row and column."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from dispatch.adapters.files.cells import UnreadableCell
from dispatch.adapters.files.columns import Column, Table
from dispatch.adapters.files.text import find_encoding
from dispatch.domain.checks import Code, FaultList, show, suggest

MAX_ROWS = 100_000
"""Rows of one main table (docs/semantics.md: a day has at most 100 000 visits)."""
_DELIMITERS = (",", ";", "\t")


@dataclass(slots=True)
class Row:
    """One row of a table.

    Parameters
    ----------
    number
        Row as a spreadsheet counts: the heading is row 1.
    values
        (column, value) of every filled cell that could be read.
    bad
        Columns whose cell could not be read; already reported.
    """

    number: int
    values: list[tuple[Column, Any]]
    bad: list[Column] = field(default_factory=list)


@dataclass
class TableReader:
    """Reads one table of a CSV day.

    Parameters
    ----------
    path
        The file.
    table
        Its columns.
    faults
        Gets everything that is wrong.
    limit
        Most rows below the heading; reading stops there.
    """

    path: Path
    table: Table
    faults: FaultList
    limit: int = MAX_ROWS
    headings: dict[Column, str] = field(default_factory=dict)
    """The headings as written, filled by ``rows``."""

    @property
    def title(self) -> str:
        """What faults call the table."""
        return self.path.name

    def rows(self) -> Iterator[Row]:
        """Yield the rows; faults are reported on the way, unreadable files yield nothing."""
        encoding = find_encoding(self.path, self.faults)
        if encoding is None:
            return
        with self.path.open(encoding=encoding, newline="") as file:
            reader = csv.reader(file, delimiter=_delimiter(file), strict=True)
            try:
                yield from self._rows_of(reader)
            except csv.Error as error:
                self.faults.add(
                    Code.CSV_SYNTAX,
                    f"{self.title} line {reader.line_num}",
                    f"a cell that cannot be read ({error})",
                    'cells separated by commas; text with commas in "quotes"',
                    "Look for a quote that is not closed.",
                )

    def _rows_of(self, reader: Iterator[list[str]]) -> Iterator[Row]:
        columns = self.columns_of(next(reader, []))
        if columns is None:
            return
        count = 0
        for number, cells in enumerate(reader, start=2):
            if not any(cell.strip() for cell in cells):
                continue
            count += 1
            if count > self.limit:
                self.report_limit(number)
                return
            if len(cells) != len(columns):
                self._report_cells(number, len(cells), len(columns))
                continue
            yield self.row_of(number, cells, columns)

    def row_of(self, number: int, cells: list[str], columns: list[Column]) -> Row:
        """Return one row, its faulty cells reported."""
        row = Row(number, [])
        for column, cell in zip(columns, cells, strict=True):
            text = cell.strip()
            if not text:
                continue
            try:
                row.values.append((column, column.cell.read(text)))
            except UnreadableCell as error:
                row.bad.append(column)
                where = self.name(number, column)
                self.faults.add(error.code, where, show(text), error.expected, error.hint)
        return row

    def name(self, number: int, column: Column) -> str:
        """Return ``visits.csv row 12 column service_s``."""
        return f"{self.title} row {number} column {self.headings.get(column, column.name)}"

    def columns_of(self, headings: list[str]) -> list[Column] | None:
        """Return the columns of a heading row, or None after reporting what is wrong with it."""
        known = self.table.headings()
        found: list[Column] = []
        written: dict[tuple[str | int, ...] | str, str] = {}
        sound = True
        for heading in headings:
            column = known.get(heading.strip().lower())
            if column is None:
                sound = self._report_unknown(heading)
                continue
            target = column.path or column.name
            if target in written:
                sound = self._report_twice(heading, written[target])
            written[target] = heading.strip()
            self.headings[column] = heading.strip()
            found.append(column)
        for column in self.table.columns:
            if column.required and (column.path or column.name) not in written:
                written[column.path or column.name] = column.name
                sound = self._report_missing(column)
        return found if sound else None

    def _report_unknown(self, heading: str) -> bool:
        names = [column.name for column in self.table.columns]
        self.faults.add(
            Code.COLUMN_UNKNOWN,
            f"{self.title} row 1",
            f"column {show(heading)}" if heading.strip() else "a column without a heading",
            f"one of {', '.join(names)}",
            suggest(heading.strip(), list(self.table.headings())) or "Remove or rename the column.",
        )
        return False

    def _report_twice(self, heading: str, other: str) -> bool:
        self.faults.add(
            Code.COLUMN_TWICE,
            f"{self.title} row 1",
            f"columns {show(other)} and {show(heading.strip())}",
            "one column for the same thing",
            "Remove one of them.",
        )
        return False

    def _report_missing(self, column: Column) -> bool:
        same = [other.name for other in self.table.columns if other.path == column.path]
        names = " or ".join(same if column.path else [column.name])
        self.faults.add(
            Code.COLUMN_MISSING,
            f"{self.title} row 1",
            f"no column {names}",
            f"a column {names}",
        )
        return False

    def report_limit(self, number: int) -> None:
        """Report that reading stops at a row."""
        self.faults.add(
            Code.ROWS_TOO_MANY,
            f"{self.title} row {number}",
            f"more than {self.limit:,} rows",
            f"at most {self.limit:,} rows",
            "Reading stopped here. Plan the day region by region.",
        )

    def _report_cells(self, number: int, found: int, expected: int) -> None:
        self.faults.add(
            Code.ROW_CELLS,
            f"{self.title} row {number}",
            f"{found} cells",
            f"{expected} cells, as in the heading",
            "Put text that contains a comma in quotes."
            if found > expected
            else "Is the row cut off?",
        )


def _delimiter(file: TextIO) -> str:
    """Return the separator of the heading: comma, semicolon or tab."""
    heading = file.readline()
    file.seek(0)
    return max(_DELIMITERS, key=heading.count)
