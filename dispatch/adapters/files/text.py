"""Bytes of a file to text: size, encoding, emptiness; streamed."""

from __future__ import annotations

import codecs
from pathlib import Path

from dispatch.domain.checks import Code, FaultList

MAX_FILE_BYTES = 200_000_000
"""Largest input file."""
_CHUNK = 1 << 20
_BROKEN_SHARE = 0.1
"""Below this share of undecodable places a file is damaged UTF-8, not another encoding."""


def find_encoding(path: Path, faults: FaultList) -> str | None:
    """Return the encoding of a text file, or None after reporting why it cannot be read.

    Strict UTF-8 (with or without BOM) first, then GB18030. A file that is UTF-8 but for a few
    bytes is damaged: it is refused, for GB18030 would read it as other characters.

    Parameters
    ----------
    path
        The file.
    faults
        Gets ``FILE_MISSING``, ``FILE_UNREADABLE``, ``FILE_EMPTY``, ``FILE_TOO_LARGE`` or
        ``ENCODING``.
    """
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            faults.add(
                Code.FILE_TOO_LARGE,
                path.name,
                f"{size:,} bytes",
                f"at most {MAX_FILE_BYTES:,} bytes",
                "Split the file: one day, one network.",
            )
            return None
        return _detect(path, faults)
    except FileNotFoundError:
        faults.add(Code.FILE_MISSING, path.name, "no such file", "a file", f"Looked at {path}.")
    except OSError as error:
        faults.add(
            Code.FILE_UNREADABLE,
            path.name,
            error.strerror or type(error).__name__,
            "a readable file",
            "Check what it is and who may read it.",
        )
    return None


def _detect(path: Path, faults: FaultList) -> str | None:
    with path.open("rb") as file:
        head = file.read(4)
        blank = not head.strip() and not file.read(1)
    if blank or (head == codecs.BOM_UTF8 and path.stat().st_size == len(head)):
        faults.add(Code.FILE_EMPTY, path.name, "an empty file", "some content")
        return None
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        _report_encoding(path, faults, "UTF-16")
        return None
    if _decodes(path, "utf-8"):
        return "utf-8-sig"
    if not _damaged_utf8(path) and _decodes(path, "gb18030"):
        return "gb18030"
    _report_encoding(path, faults, f"bytes that are neither UTF-8 nor GB18030{_bad_byte(path)}")
    return None


def _report_encoding(path: Path, faults: FaultList, found: str) -> None:
    hint = "Save the file as UTF-8 (in a spreadsheet: CSV UTF-8)."
    faults.add(Code.ENCODING, path.name, found, "UTF-8, UTF-8 with BOM or GB18030", hint)


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _damaged_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    foreign = broken = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            text = decoder.decode(chunk)
            broken += text.count("\N{REPLACEMENT CHARACTER}")
            foreign += len(text) - len(text.encode("ascii", errors="ignore"))
    return broken < _BROKEN_SHARE * foreign


def _bad_byte(path: Path) -> str:
    """Return the line of the first byte that is not UTF-8."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                return f" (line {number}, byte 0x{line[error.start]:02x})"
    return ""
