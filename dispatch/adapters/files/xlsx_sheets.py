"""Sheets of a workbook, and the cells in them that hold no value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from dispatch.adapters.files import columns
from dispatch.adapters.files.columns import Table
from dispatch.adapters.files.gazetteer import GAZETTEER_TABLE
from dispatch.adapters.files.header import HEADER_TABLE
from dispatch.adapters.files.xlsx_package import Package, column_number, open_package
from dispatch.domain.checks import Code, FaultList, show, suggest

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

NOTE_SHEETS: Final = frozenset({"dictionary", "字段说明"})
"""Sheets for people, as the template has them; "_anything" is not read either."""
_BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_NO_VALUE = re.compile(
    rb"""<c\s(?P<of>[^>]*)>\s*(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>"""
)
_ERROR = re.compile(
    rb"""<c\s(?P<of>[^>]*\bt="e"[^>]*)>\s*(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)?\s*<v>(?P<v>[^<]*)"""
)
_AT = re.compile(rb"""\br="([A-Z]+)(\d+)""")
NO_VALUE: Final = "a formula without a stored value"

SHEETS: Final[Mapping[str, Table]] = {
    name.lower(): table
    for table, names in (
        (HEADER_TABLE, ("day", "日程", "服务日")),
        (columns.OUTLETS, ("outlets", "网点")),
        (columns.TECHNICIANS, ("technicians", "工程师")),
        (columns.VISITS, ("visits", "工单")),
        (columns.OPENING_HOURS, ("opening_hours", "营业时间")),
        (columns.SHIFTS, ("shifts", "班次")),
        (columns.BREAKS, ("breaks", "休息")),
        (columns.SKILLS, ("skills", "技能")),
        (columns.PROMISES, ("promises", "预约")),
        (columns.LINKS, ("links", "关联")),
        (columns.STOCK, ("stock", "库存")),
        (columns.VAN_STOCK, ("van_stock", "车载备件")),
        (columns.PARTS, ("parts", "备件")),
        (columns.TRAFFIC_SPEEDS, ("traffic_speeds", "路况速度")),
        (columns.TRAFFIC_AREAS, ("traffic_areas", "路况区域")),
        (GAZETTEER_TABLE, ("gazetteer", "地名表")),
    )
    for name in names
}
"""Tables by every name their sheet may have, lower case."""


@dataclass(frozen=True)
class Sheets:
    """The sheets of a workbook that are tables of a day.

    Parameters
    ----------
    path
        The workbook.
    names
        By table, the sheet as it is called.
    hollow
        By sheet, what stands at (row, column), both from 1, in place of a value.
    """

    path: Path
    book: CalamineWorkbook
    names: dict[Table, str] = field(default_factory=dict)
    hollow: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)

    def get(self, table: Table) -> CalamineSheet:
        """Return the sheet of a table that is there."""
        return self.book.get_sheet_by_name(self.names[table])


def open_sheets(path: Path, faults: FaultList) -> Sheets | None:
    """Return the sheets of a workbook, or None after reporting why it cannot be read.

    Parameters
    ----------
    path
        An ``.xlsx``.
    faults
        Gets what ``open_package`` reports, ``SHEET_UNKNOWN`` and ``SHEET_TWICE``.
    """
    package = open_package(path, faults)
    if package is None or not _has_parts(package, path, faults):
        return None
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(package.as_file())
        sheets = Sheets(path, book, hollow=_hollow_cells(package))
    except (CalamineError, OSError, ET.ParseError) as error:
        faults.add(
            Code.WORKBOOK_BROKEN,
            path.name,
            f"a workbook that cannot be read ({error})",
            "an .xlsx workbook",
            "Open it in a spreadsheet program and save it as .xlsx (Excel workbook).",
        )
        return None
    _name_sheets(sheets, faults)
    return sheets


def _has_parts(package: Package, path: Path, faults: FaultList) -> bool:
    lost = [part for part in (_BOOK, _LINKS) if part not in package.parts]
    for part in lost:
        hint = "Open it in a spreadsheet program and save it as .xlsx (Excel workbook)."
        found = f"a package without {part}"
        faults.add(Code.WORKBOOK_BROKEN, path.name, found, "an .xlsx workbook", hint)
    return not lost


def _name_sheets(sheets: Sheets, faults: FaultList) -> None:
    from python_calamine import SheetTypeEnum

    for entry in sheets.book.sheets_metadata:
        word = entry.name.strip().lower()
        if entry.typ != SheetTypeEnum.WorkSheet or word in NOTE_SHEETS or word.startswith("_"):
            continue
        table, where = SHEETS.get(word), f"{sheets.path.name} sheet {entry.name}"
        if table is None:
            names = ", ".join(name for name in SHEETS if name.isascii())
            hint = suggest(entry.name, list(SHEETS))
            hint = hint or 'Remove the sheet, or put "_" in front of its name: it is not read then.'
            faults.add(Code.SHEET_UNKNOWN, where, "a sheet nobody knows", f"one of {names}", hint)
        elif table in sheets.names:
            found = f"sheets {show(sheets.names[table])} and {show(entry.name)}"
            faults.add(Code.SHEET_TWICE, where, found, "one sheet for the same table")
        else:
            sheets.names[table] = entry.name


def _hollow_cells(package: Package) -> dict[str, dict[tuple[int, int], str]]:
    """Return by sheet the cells that look empty to the reader but are errors or formulas."""
    found: dict[str, dict[tuple[int, int], str]] = {}
    for name, part in _sheet_parts(package):
        data = package.parts.get(part, b"")
        cells: dict[tuple[int, int], str] = {}
        if b"<f" in data or b't="e"' in data:
            for match in _NO_VALUE.finditer(data):
                if b't="str"' not in match["of"]:  # an empty text is a value
                    _note(cells, match["of"], NO_VALUE)
            for match in _ERROR.finditer(data):
                _note(cells, match["of"], f"the error {match['v'].decode(errors='replace')}")
        found[name] = cells
    return found


def _note(cells: dict[tuple[int, int], str], attributes: bytes, words: str) -> None:
    at = _AT.search(attributes)
    if at is not None:
        cells[int(at[2]), column_number(at[1].decode())] = words


def _sheet_parts(package: Package) -> list[tuple[str, str]]:
    """Return (sheet, part) as the workbook lists them."""
    book = ET.fromstring(package.parts[_BOOK])  # noqa: S314 - no entities in it
    links = ET.fromstring(package.parts[_LINKS])  # noqa: S314 - as above
    parts = {link.get("Id"): link.get("Target", "") for link in links}
    found = []
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet"):
            target = parts.get(sheet.get(_RELATED), "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            found.append((sheet.get("name", ""), part))
    return found
