"""The package of a workbook: judged before anything is unpacked, handed on only as judged.

A workbook is a zip of XML parts (ECMA-376-2). Bombs are refused by what the directory of the zip
states; what is unpacked afterwards is counted byte by byte and copied into a fresh package, so
that the reader of cells sees exactly the bytes that were looked at, whatever the first package
says elsewhere about sizes and names.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dispatch.adapters.files.text import MAX_FILE_BYTES
from dispatch.domain.checks import Code, FaultList, show

MAX_UNPACKED_BYTES: Final = 200_000_000
"""All parts together."""
MAX_PARTS: Final = 2_000
MAX_RATIO: Final = 200
"""Unpacked to packed; spreadsheets have 5 to 50."""
RATIO_COUNTS_FROM: Final = 10_000_000
"""Unpacked bytes below which a large ratio does no harm."""
MAX_CELLS: Final = 20_000_000
"""Cells of the rectangle a sheet spans: the reader makes all of them, empty ones too."""

_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK"
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)(\d{1,9})["']""")
_FAR = re.compile(rb"""r\s*=\s*["'](?:[A-Za-z]{2}|[A-Za-z]?\d{6})""")
"""Other attributes that end in r may match, too: then every cell is looked at. Without ``\\b`` the
search jumps from one r to the next."""
_NEAR: Final = (99_999, 26)
"""Where no reference is far; then the cells need not be looked at one by one."""
_ENTITY = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


@dataclass(frozen=True)
class Package:
    """The parts of a workbook that was found harmless.

    Parameters
    ----------
    parts
        XML by name in the package; pictures, macros and the like are left out.
    """

    parts: dict[str, bytes]

    def as_file(self) -> io.BytesIO:
        """Return a fresh package of these parts, not compressed."""
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as fresh:
            for name, data in self.parts.items():
                fresh.writestr(name, data)
        file.seek(0)
        return file


def open_package(path: Path, faults: FaultList) -> Package | None:
    """Return the parts of a workbook, or None after reporting why it is not opened.

    Parameters
    ----------
    path
        A file that should be an ``.xlsx``.
    faults
        Gets ``FILE_MISSING``, ``FILE_UNREADABLE``, ``FILE_EMPTY``, ``FILE_TOO_LARGE``,
        ``WORKBOOK_BROKEN``, ``WORKBOOK_BOMB`` or ``WORKBOOK_ENTITY``.
    """
    try:
        if not _is_zip(path, faults):
            return None
        with zipfile.ZipFile(path) as package:
            if not _is_small(path, package.infolist(), faults):
                return None
            return _unpack(path, package, faults)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        # RuntimeError: a part is encrypted; NotImplementedError: packed in an unusual way.
        _report_broken(path, f"a package that cannot be unpacked ({error})", faults)
    except OSError as error:
        found = error.strerror or type(error).__name__
        hint = "Check what it is and who may read it; close it in the spreadsheet program."
        faults.add(Code.FILE_UNREADABLE, path.name, found, "a readable file", hint)
    return None


def _is_zip(path: Path, faults: FaultList) -> bool:
    if not path.exists():
        faults.add(Code.FILE_MISSING, path.name, "no such file", "a file", f"Looked at {path}.")
        return False
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(4)
    if size > MAX_FILE_BYTES:
        limit = f"at most {MAX_FILE_BYTES:,} bytes"
        faults.add(Code.FILE_TOO_LARGE, path.name, f"{size:,} bytes", limit)
    elif not size:
        faults.add(Code.FILE_EMPTY, path.name, "an empty file", "some content")
    elif head == _OLE:
        hint = "Remove the password and save as .xlsx (Excel workbook)."
        _report_broken(path, "a workbook with a password, or of the old .xls kind", faults, hint)
    elif not head.startswith(_ZIP):
        _report_broken(path, "a file that is no workbook, whatever its name says", faults)
    else:
        return True
    return False


def _is_small(path: Path, entries: list[zipfile.ZipInfo], faults: FaultList) -> bool:
    """Judge by the directory of the zip alone; nothing is unpacked yet."""
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if len(entries) > MAX_PARTS:
        found, expected = f"{len(entries):,} parts", f"at most {MAX_PARTS:,} parts"
    elif unpacked > MAX_UNPACKED_BYTES:
        found = f"{unpacked:,} bytes unpacked"
        expected = f"at most {MAX_UNPACKED_BYTES:,} bytes"
    elif unpacked > RATIO_COUNTS_FROM and unpacked > MAX_RATIO * packed:
        found = f"{unpacked:,} bytes packed into {packed:,}"
        expected = f"at most {MAX_RATIO} times the packed size"
    else:
        return True
    hint = "Nothing was unpacked. Save the day's own rows into a new workbook."
    faults.add(Code.WORKBOOK_BOMB, path.name, found, expected, hint)
    return False


def _unpack(path: Path, package: zipfile.ZipFile, faults: FaultList) -> Package | None:
    parts: dict[str, bytes] = {}
    for entry in package.infolist():
        name = entry.filename.lstrip("/")
        if not name.lower().endswith((".xml", ".rels")):
            continue
        if name in parts:
            _report_broken(path, f"the part {show(name)} twice", faults)
            return None
        with package.open(entry) as file:
            # Never more than stated: the sum of what is stated was checked.
            data = file.read(entry.file_size + 1)
        if not _is_harmless(path, name, data, faults):
            return None
        parts[name] = data
    return Package(parts)


def _is_harmless(path: Path, name: str, data: bytes, faults: FaultList) -> bool:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or _ENTITY.search(data):
        faults.add(
            Code.WORKBOOK_ENTITY,
            f"{path.name} part {name}",
            "a document type, an entity or UTF-16",
            "plain XML in UTF-8, as spreadsheet programs write it",
            "Open it in a spreadsheet program you trust and save it as a new .xlsx.",
        )
        return False
    if b"<sheetData" not in data and b":sheetData" not in data:
        return True
    rows, columns = _extent(data)
    if rows * columns <= MAX_CELLS:
        return True
    faults.add(
        Code.WORKBOOK_BOMB,
        f"{path.name} part {name}",
        f"a sheet that spans {rows:,} rows and {columns:,} columns",
        f"at most {MAX_CELLS:,} cells, empty ones between included",
        "Delete the stray cell far below or far to the right.",
    )
    return False


def _extent(data: bytes) -> tuple[int, int]:
    """Return the last row and the last column that any cell of a sheet names, both from 1."""
    if _FAR.search(data) is None:
        return _NEAR
    rows, letters = 1, set()
    for match in _REFERENCE.finditer(data):
        rows = max(rows, int(match[2]))
        letters.add(match[1])
    return rows, max((column_number(word.decode()) for word in letters), default=1)


def column_number(letters: str) -> int:
    """Return 1 for A, 27 for AA."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def column_letters(number: int) -> str:
    """Return A for 1, AA for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _report_broken(path: Path, found: str, faults: FaultList, hint: str = "") -> None:
    faults.add(
        Code.WORKBOOK_BROKEN,
        path.name,
        found,
        "an .xlsx workbook",
        hint or "Open it in a spreadsheet program and save it as .xlsx (Excel workbook).",
    )
