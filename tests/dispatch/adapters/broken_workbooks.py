"""Broken inputs: workbooks."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dispatch.domain.checks import Code
from tests.dispatch.adapters.broken_inputs import BASE, Case, write_files
from tests.workbooks import Change, edit_package, write_workbook

VISITS_PART = "xl/worksheets/sheet4.xml"


def book(
    title: str, code: Code, example: str, change: Change, where: str = "day.xlsx sheet visits"
) -> Case:
    """Change the sound workbook."""

    def make(folder: Path) -> Path:
        return write_workbook(folder / "day.xlsx", BASE, change)

    return Case(title, code, f"# day.xlsx\n{example}", make, where=where)


def package(
    title: str,
    code: Code,
    example: str,
    edit: Callable[[dict[str, bytes]], None],
    where: str = "day.xlsx",
) -> Case:
    """Change the parts of the sound workbook."""

    def make(folder: Path) -> Path:
        return edit_package(write_workbook(folder / "day.xlsx", BASE), edit)

    return Case(title, code, f"# day.xlsx\n{example}", make, where=where)


def raw_book(title: str, code: Code, example: str, data: bytes) -> Case:
    """Write other bytes under the name of a workbook."""

    def make(folder: Path) -> Path:
        return write_files(folder, {"day.xlsx": data}) / "day.xlsx"

    return Case(title, code, f"# day.xlsx\n{example}", make, where="day.xlsx")


def cell(row: int, column: int, value: object, form: str = "General") -> Change:
    """Return a change of one cell of ``visits``, both positions from 0."""

    def change(workbook: Any, sheets: dict[str, Any]) -> None:
        sheets["visits"].write(row, column, value, workbook.add_format({"num_format": form}))

    return change


def formula(text: str, value: object) -> Change:
    """Return a change of V1's ``service_min`` to a formula."""
    return lambda _, sheets: sheets["visits"].write_formula(1, 6, text, None, value)


def _without_visits(folder: Path) -> Path:
    tables = {name: text for name, text in BASE.items() if name != "visits.csv"}
    return write_workbook(folder / "day.xlsx", tables)


def _bomb(folder: Path) -> Path:
    path = write_workbook(folder / "day.xlsx", BASE)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as bomb,
        bomb.open("xl/worksheets/sheet9.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(201):
            part.write(bytes(1_000_000))
    return path


def _stretch(parts: dict[str, bytes]) -> None:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    parts[VISITS_PART] = parts[VISITS_PART].replace(b"</sheetData>", far)


def _entity(parts: dict[str, bytes]) -> None:
    head = b'<!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///somewhere">]><worksheet'
    parts[VISITS_PART] = parts[VISITS_PART].replace(b"<worksheet", head, 1)


def _uncalculated(parts: dict[str, bytes]) -> None:
    """Leave the value of V1's formula out, as programs do that only write."""
    found = b'<c r="G2"><f>20+10</f><v>30</v></c>'
    plain = b'<c r="G2"><f>20+10</f></c>'
    parts[VISITS_PART] = parts[VISITS_PART].replace(found, plain)


def _formula_without_value(folder: Path) -> Path:
    path = write_workbook(folder / "day.xlsx", BASE, formula("=20+10", 30))
    return edit_package(path, _uncalculated)


WORKBOOKS: tuple[Case, ...] = (
    raw_book("a text called .xlsx", Code.WORKBOOK_BROKEN, "id,lon,lat", b"id,lon,lat\n"),
    raw_book(
        "a workbook with a password",
        Code.WORKBOOK_BROKEN,
        "(encrypted)",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504),
    ),
    raw_book(
        "a workbook cut off", Code.WORKBOOK_BROKEN, "(half a file)", b"PK\x03\x04" + bytes(99)
    ),
    package(
        "a zip that is no workbook",
        Code.WORKBOOK_BROKEN,
        "(xl/workbook.xml is missing)",
        lambda parts: parts.pop("xl/workbook.xml") and None,
    ),
    package(
        "a sheet of damaged XML",
        Code.WORKBOOK_BROKEN,
        "(a tag that is not closed)",
        lambda parts: parts.update({VISITS_PART: parts[VISITS_PART][:-300]}),
    ),
    raw_book("an empty workbook file", Code.FILE_EMPTY, "(0 bytes)", b""),
    Case(
        "a bomb: 201 MB packed into a few kB",
        Code.WORKBOOK_BOMB,
        "# day.xlsx\n(a sheet of 201 000 000 zeros)",
        _bomb,
        where="day.xlsx",
    ),
    package(
        "a bomb: 3 000 parts",
        Code.WORKBOOK_BOMB,
        "(3 000 parts)",
        lambda parts: parts.update({f"xl/media/{n}.xml": b"<a/>" for n in range(3000)}),
    ),
    package("a stray cell at XFD1048576", Code.WORKBOOK_BOMB, "visits!XFD1048576: 1", _stretch),
    package("an external entity", Code.WORKBOOK_ENTITY, "<!DOCTYPE worksheet […]>", _entity),
    Case(
        "a workbook without the sheet visits",
        Code.SHEET_MISSING,
        "# day.xlsx\nsheets: day, outlets, technicians",
        _without_visits,
        where="day.xlsx",
    ),
    book(
        "a misspelled sheet",
        Code.SHEET_UNKNOWN,
        "a sheet called promise",
        lambda workbook, _: workbook.add_worksheet("promise"),
        "sheet promise",
    ),
    book(
        "a table on two sheets",
        Code.SHEET_TWICE,
        "sheets visits and 工单",
        lambda workbook, _: workbook.add_worksheet("工单"),
        "sheet 工单",
    ),
    book(
        "an error in a cell",
        Code.CELL_WITHOUT_VALUE,
        "visits!G2: #N/A",
        formula("=X", "#N/A"),
        "G2",
    ),
    Case(
        "a formula that was never calculated",
        Code.CELL_WITHOUT_VALUE,
        "# day.xlsx\nvisits!G2: =20+10, without a value",
        _formula_without_value,
        where="row 2 column service_min (G2)",
    ),
    book(
        "merged cells",
        Code.CELLS_MERGED,
        "visits!I3:I4 merged",
        lambda _, sheets: sheets["visits"].merge_range(2, 8, 3, 8, "urgent"),
    ),
    book(
        "a heading nobody knows on a sheet",
        Code.COLUMN_UNKNOWN,
        "visits!K1: notes",
        cell(0, 10, "notes"),
    ),
    book(
        "a column without a heading",
        Code.COLUMN_UNKNOWN,
        "visits!K3: call first",
        cell(2, 10, "call first"),
    ),
    book(
        "an id that became a date",
        Code.WRONG_TYPE,
        "visits!A2: 3-2, kept as 2026-03-02",
        cell(1, 0, dt.date(2026, 3, 2), "yyyy-mm-dd"),
        "row 2 column id (A2)",
    ),
    book(
        "an id of 18 digits kept as a number",
        Code.WRONG_TYPE,
        "visits!A2: 202603020000012345",
        cell(1, 0, 202603020000012345),
        "(A2)",
    ),
    book("half a minute", Code.WRONG_TYPE, "visits!G2: 30.5", cell(1, 6, 30.5), "(G2)"),
    book("a time as a number", Code.MOMENT_FORM, "visits!E2: 0.375", cell(1, 4, 0.375), "(E2)"),
    book(
        "a word where a number belongs",
        Code.WRONG_TYPE,
        "visits!B3: east",
        cell(2, 1, "east"),
        "row 3 column lon (B3)",
    ),
)
