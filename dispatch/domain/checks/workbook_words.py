"""What can be wrong with a workbook as such: (code, meaning, repair) for ``docs/errors.md``."""

from __future__ import annotations

from typing import Final

from dispatch.domain.checks.codes import Code

WORKBOOK: Final[tuple[tuple[Code, str, str], ...]] = (
    (
        Code.WORKBOOK_BROKEN,
        "The file is no workbook, is damaged, or has a password.",
        "Open it in a spreadsheet program and save it as .xlsx (Excel workbook).",
    ),
    (
        Code.WORKBOOK_BOMB,
        (
            "The workbook would unpack to more than 200 MB, to far more than its packed size, "
            "into too many parts, or into a sheet of millions of empty cells."
        ),
        "Copy the rows of the day into a new workbook.",
    ),
    (
        Code.WORKBOOK_ENTITY,
        "A part of the workbook has a document type or entities; no spreadsheet writes them.",
        "Do not trust the file. Save it again with a spreadsheet program.",
    ),
    (
        Code.SHEET_MISSING,
        "A sheet that is needed is not there: day, technicians and visits.",
        "Add it; `servicenet template day.xlsx` writes a workbook with every sheet.",
    ),
    (
        Code.SHEET_UNKNOWN,
        "A sheet is none of the tables of a day.",
        'Correct its name, remove it, or put "_" in front of its name.',
    ),
    (
        Code.SHEET_TWICE,
        "Two sheets hold the same table, one under its English and one under its Chinese name.",
        "Remove one of the two.",
    ),
    (
        Code.CELL_WITHOUT_VALUE,
        "A cell holds an error such as #N/A, or a formula that was never calculated.",
        "Repair the formula or paste its values.",
    ),
    (
        Code.CELLS_MERGED,
        "Cells of a table are merged; only the first of them has a value.",
        "Unmerge them and fill in every cell.",
    ),
)
