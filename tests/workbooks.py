"""Workbooks for tests: tables as sheets, and packages no spreadsheet program would write."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import xlsxwriter

Change = Callable[[Any, dict[str, Any]], None]
"""Gets the workbook and its sheets by name before they are closed."""


def write_workbook(path: Path, tables: Mapping[str, str], change: Change | None = None) -> Path:
    """Write CSV texts as sheets called like the files without ``.csv``; every cell is text."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    sheets = {}
    for name, text in tables.items():
        sheet = sheets[name.removesuffix(".csv")] = book.add_worksheet(name.removesuffix(".csv"))
        for number, row in enumerate(csv.reader(io.StringIO(text))):
            for at, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, at, cell)
    if change is not None:
        change(book, sheets)
    book.close()
    return path


def edit_package(path: Path, edit: Callable[[dict[str, bytes]], None]) -> Path:
    """Change the parts of a package in place."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    edit(parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return path
