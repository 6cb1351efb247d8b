"""The text format of Solomon (1987), also used by Gehring and Homberger (1999)."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from scenarios.errors import InstanceFormatError
from scenarios.instances.text import Line, read_text, split_lines, to_number, to_whole
from scenarios.instances.vrptw import Vrptw

COLUMNS = ("number", "x", "y", "demand", "ready time", "due date", "service time")


class Row(NamedTuple):
    """One line of the customer table."""

    x: float
    y: float
    demand: int
    ready: int
    due: int
    service: int


def read_solomon(path: Path) -> Vrptw:
    """Read an instance from a file; errors are those of `parse_solomon` and of opening it."""
    return parse_solomon(read_text(path), path.name)


def parse_solomon(text: str, where: str = "text") -> Vrptw:
    """Parse an instance.

    Parameters
    ----------
    text
        Name; ``VEHICLE`` with number and capacity; ``CUSTOMER`` with a table of seven columns
        whose first row, number 0, is the depot.
    where
        What errors call the text.

    Raises
    ------
    InstanceFormatError
        At the first line that breaks the format.
    """
    lines = split_lines(text)
    if not lines:
        raise InstanceFormatError(where, 0, "nothing", "a Solomon instance")
    vehicles, capacity = _fleet(lines, where)
    rows = [_row(line, index, where) for index, line in enumerate(_table(lines, where))]
    if len(rows) < 2:
        raise InstanceFormatError(
            where, lines[-1].number, f"{len(rows)} rows", "a depot and at least one customer"
        )
    columns = Row(*zip(*rows, strict=True))  # type: ignore[arg-type]  # a row of columns
    return Vrptw(lines[0].text, vehicles, capacity, *columns)  # type: ignore[arg-type]  # as above


def _after(lines: list[Line], word: str, where: str) -> int:
    """Return the index of the line after the heading ``word``."""
    for index, line in enumerate(lines):
        if line.text.upper() == word:
            return index + 1
    raise InstanceFormatError(where, lines[-1].number, "the end of the file", f"a line {word!r}")


def _fleet(lines: list[Line], where: str) -> tuple[int, int]:
    index = _after(lines, "VEHICLE", where) + 1  # the line between holds the headings
    if index >= len(lines):
        raise InstanceFormatError(where, lines[-1].number, "the end of the file", "the fleet")
    number, text = lines[index]
    words = text.split()
    if len(words) != 2:
        raise InstanceFormatError(where, number, repr(text), "number of vehicles and capacity")
    vehicles = to_whole(words[0], where, number, "number of vehicles")
    capacity = to_whole(words[1], where, number, "capacity")
    if vehicles < 1:
        raise InstanceFormatError(where, number, "0 vehicles", "at least one vehicle")
    return vehicles, capacity


def _table(lines: list[Line], where: str) -> list[Line]:
    start = _after(lines, "CUSTOMER", where)
    rows = lines[start:]
    if rows and not rows[0].text[0].isdigit():
        rows = rows[1:]  # the headings of the table
    return rows


def _row(line: Line, index: int, where: str) -> Row:
    words = line.text.split()
    if len(words) != len(COLUMNS):
        raise InstanceFormatError(
            where, line.number, f"{len(words)} values", "7 values: " + ", ".join(COLUMNS)
        )
    if to_whole(words[0], where, line.number, "number") != index:
        raise InstanceFormatError(where, line.number, f"number {words[0]}", f"number {index}")
    x, y = (to_number(w, where, line.number, c) for w, c in zip(words[1:3], "xy", strict=True))
    demand, ready, due, service = (
        to_whole(word, where, line.number, column)
        for word, column in zip(words[3:], COLUMNS[3:], strict=True)
    )
    if due < ready:
        raise InstanceFormatError(
            where, line.number, f"due date {due}", f"at least the ready time {ready}"
        )
    return Row(x, y, demand, ready, due, service)
