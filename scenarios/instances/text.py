"""Lines and numbers of a text file, with a fault that names file and line."""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple

from scenarios.errors import DataUnavailable, InstanceFormatError

MAX_BYTES = 200_000_000
"""A file larger than this is refused (docs/formats.md)."""

MAX_NUMBER = 10**8
"""Largest magnitude of a coordinate, window or load; scaled values must fit 32 bits later."""


class Line(NamedTuple):
    """One line that holds something: its number, counted from 1, and its text, trimmed."""

    number: int
    text: str


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 (or ASCII) file.

    Raises
    ------
    DataUnavailable
        If the file cannot be opened.
    InstanceFormatError
        If it is too large or not text.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InstanceFormatError(
                path.name, 0, f"{path.stat().st_size} bytes", f"at most {MAX_BYTES} bytes"
            )
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InstanceFormatError(path.name, 0, f"byte {error.start}", "UTF-8 text") from error
    except OSError as error:
        raise DataUnavailable(f"{path}: {error.strerror}.") from error


def split_lines(text: str) -> list[Line]:
    """Return the lines that are not blank."""
    lines = (Line(number, raw.strip()) for number, raw in enumerate(text.splitlines(), start=1))
    return [line for line in lines if line.text]


def to_whole(word: str, where: str, line: int, what: str) -> int:
    """Return ``word`` as a whole number >= 0.

    Raises
    ------
    InstanceFormatError
        If it is anything else.
    """
    value = to_number(word, where, line, what)
    if value != int(value) or value < 0:
        raise InstanceFormatError(where, line, repr(word), f"{what}: a whole number >= 0")
    return int(value)


def to_number(word: str, where: str, line: int, what: str) -> float:
    """Return ``word`` as a finite number of bearable size.

    Raises
    ------
    InstanceFormatError
        If it is anything else.
    """
    try:
        value = float(word)
    except ValueError:
        raise InstanceFormatError(where, line, repr(word), f"{what}: a number") from None
    if not math.isfinite(value) or abs(value) > MAX_NUMBER:
        raise InstanceFormatError(
            where, line, repr(word), f"{what}: between -{MAX_NUMBER} and {MAX_NUMBER}"
        )
    return value
