"""A workbook to a raw day: the tables of a CSV folder as sheets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dispatch.adapters.files import columns
from dispatch.adapters.files.cells import UnreadableCell
from dispatch.adapters.files.columns import Column, Table
from dispatch.adapters.files.csv_day import OPTIONAL_FILES, read_tables
from dispatch.adapters.files.gazetteer import GAZETTEER_TABLE, MAX_ENTRIES, gazetteer_of
from dispatch.adapters.files.header import HEADER_TABLE, read_header_table
from dispatch.adapters.files.raw import RawDay
from dispatch.adapters.files.tables import MAX_ROWS, Row, TableReader
from dispatch.adapters.files.xlsx_cells import NUMBERS, CellValue, text_of
from dispatch.adapters.files.xlsx_package import column_letters
from dispatch.adapters.files.xlsx_sheets import NO_VALUE, SHEETS, Sheets, open_sheets
from dispatch.adapters.geocoder import Geocoder
from dispatch.domain.checks import Code, FaultList, show

NEEDED = frozenset(
    {HEADER_TABLE, *(table for table in columns.MAIN_TABLES if table.file not in OPTIONAL_FILES)}
)


@dataclass
class SheetReader(TableReader):
    """Reads one sheet as the table of the same name; parameters as for ``TableReader``.

    Parameters
    ----------
    sheets
        The workbook.
    """

    sheets: Sheets | None = None
    _positions: list[int] = field(default_factory=list)
    """Column of the sheet, from 0, of every column of the table."""

    @property
    def title(self) -> str:
        """Workbook and sheet."""
        return f"{self.path.name} sheet {self._sheet_name()}"

    def _sheet_name(self) -> str:
        found = self.sheets.names.get(self.table) if self.sheets is not None else None
        return found or next(name for name, table in SHEETS.items() if table is self.table)

    def name(self, number: int, column: Column) -> str:
        """Return ``day.xlsx sheet visits row 12 column service_min (F12)``."""
        written = list(self.headings)
        if column not in written or len(written) != len(self._positions):
            return super().name(number, column)
        letters = column_letters(self._positions[written.index(column)] + 1)
        return f"{super().name(number, column)} ({letters}{number})"

    def rows(self) -> Iterator[Row]:
        """Yield the rows; faults are reported on the way."""
        if self.sheets is None or self.table not in self.sheets.names:
            self.faults.add(
                Code.SHEET_MISSING,
                self.path.name,
                f"no sheet {self._sheet_name()}",
                f"a sheet {self._sheet_name()}",
                "servicenet template day.xlsx writes a workbook with every sheet.",
            )
            return
        rows = self._cells(self.sheets)
        if rows is None:
            return
        if not any(any(cell != "" for cell in row) for row in rows[:1]):
            self.faults.add(Code.FILE_EMPTY, self.title, "no heading in row 1", "a heading")
            return
        found = self._heading(rows)
        if found is not None:
            yield from self._body(rows, found)

    def _cells(self, sheets: Sheets) -> list[list[CellValue]] | None:
        from python_calamine import CalamineError

        try:
            sheet = sheets.get(self.table)
            rows = sheet.to_python(skip_empty_area=False)
        except CalamineError as error:
            found = f"a damaged sheet ({error})"
            hint = "Open it in a spreadsheet program and save it again."
            self.faults.add(Code.WORKBOOK_BROKEN, self.title, found, "a sheet of cells", hint)
            return None
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
            self._report_merged(top, left, bottom, right)
        return rows

    def _heading(self, rows: list[list[CellValue]]) -> list[Column] | None:
        """Return the columns; a column without a heading may be there if it is empty."""
        used = [
            at
            for at, cell in enumerate(rows[0])
            if _one_line(cell) or any(row[at] != "" for row in rows)
        ]
        known = self.table.headings()
        found = self.columns_of([_known_part(_one_line(rows[0][at]), known) for at in used])
        self._positions = used
        return found

    def _body(self, rows: list[list[CellValue]], found: list[Column]) -> Iterator[Row]:
        hollow = self.sheets.hollow.get(self._sheet_name(), {}) if self.sheets else {}
        holed = {row for row, _ in hollow}
        readers = [NUMBERS.get(column.cell) for column in found]
        count = 0
        for number, row in enumerate(rows[1:], start=2):
            values = [row[at] for at in self._positions]
            if number not in holed and not any(v.strip() if isinstance(v, str) else True
                                               for v in values):  # fmt: skip
                continue
            count += 1
            if count > self.limit:
                self.report_limit(number)
                return
            bad = self._holes(number, found, hollow) if number in holed else []
            plain: list[tuple[Column, Any]] = []
            texts: list[str] = []
            for column, value, direct in zip(found, values, readers, strict=True):
                known = direct(value) if direct and value.__class__ is float else None
                if known is not None:
                    plain.append((column, known))
                    texts.append("")
                else:
                    text = value if isinstance(value, str) else None
                    texts.append(self._text(number, column, value, bad) if text is None else text)
            made = self.row_of(number, texts, found)
            made.values.extend(plain)
            made.bad.extend(bad)
            yield made

    def _text(self, number: int, column: Column, value: CellValue, bad: list[Column]) -> str:
        try:
            return text_of(value, column, free=self.table is HEADER_TABLE)
        except UnreadableCell as error:
            bad.append(column)
            where = self.name(number, column)
            self.faults.add(error.code, where, show(value), error.expected, error.hint)
            return ""

    def _holes(
        self, number: int, found: list[Column], hollow: dict[tuple[int, int], str]
    ) -> list[Column]:
        bad = []
        for column, at in zip(found, self._positions, strict=True):
            words = hollow.get((number, at + 1))
            if words is not None:
                bad.append(column)
                hint = (
                    "Open and save it in a spreadsheet program, so that it is calculated."
                    if words == NO_VALUE
                    else "Repair the formula, or paste its values."
                )
                where = self.name(number, column)
                self.faults.add(Code.CELL_WITHOUT_VALUE, where, words, "a value", hint)
        return bad

    def _report_merged(self, top: int, left: int, bottom: int, right: int) -> None:
        first = f"{column_letters(left + 1)}{top + 1}"
        last = f"{column_letters(right + 1)}{bottom + 1}"
        self.faults.add(
            Code.CELLS_MERGED,
            f"{self.title} row {top + 1}",
            f"merged cells {first}:{last}",
            "one value in every cell",
            "Only the first of them has a value: unmerge them and fill in the others.",
        )


def _one_line(cell: CellValue) -> str:
    return str(cell).strip()


def _known_part(heading: str, known: dict[str, Column]) -> str:
    """Return the first line of a heading in two languages if all its lines mean one column."""
    lines = [line.strip() for line in heading.splitlines() if line.strip()]
    same = {known.get(line.lower()) for line in lines}
    return lines[0] if len(same) == 1 and None not in same else heading


def read_workbook(path: Path, faults: FaultList) -> tuple[RawDay | None, Geocoder | None]:
    """Read the sheets of a workbook.

    Parameters
    ----------
    path
        An ``.xlsx`` with the sheets ``day``, ``technicians``, ``visits`` and, where needed,
        ``outlets``, sheets of details and ``gazetteer``.
    faults
        Gets everything that is wrong with package, sheets, rows and cells.

    Returns
    -------
    The raw day, None if the workbook cannot be read, and its gazetteer, None without one.
    """
    sheets = open_sheets(path, faults)
    if sheets is None:
        return None, None

    def open_table(table: Table, limit: int = MAX_ROWS) -> TableReader | None:
        if table not in NEEDED and table not in sheets.names:
            return None
        return SheetReader(path, table, faults, limit, sheets=sheets)

    head = SheetReader(path, HEADER_TABLE, faults, sheets=sheets)
    raw = read_tables(read_header_table(head, faults), open_table)
    places = open_table(GAZETTEER_TABLE, MAX_ENTRIES)
    return raw, None if places is None else gazetteer_of(places, faults)
