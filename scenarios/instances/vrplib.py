"""The VRPLIB dialect of VRPTW: ``KEY : value`` lines, then numbered sections.

Nodes are numbered from 1, the depot first. Format: https://github.com/PyVRP/VRPLIB (read as a
description of the format only).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from scenarios.errors import InstanceFormatError
from scenarios.instances.text import Line, read_text, split_lines, to_number, to_whole
from scenarios.instances.vrptw import Vrptw

WIDTHS = {
    "NODE_COORD_SECTION": 2,
    "DEMAND_SECTION": 1,
    "TIME_WINDOW_SECTION": 2,
    "SERVICE_TIME_SECTION": 1,
}
"""Values per node, after its number, in the sections this reader knows."""


@dataclass
class _Parts:
    """The file, taken apart but not yet understood."""

    where: str
    keys: dict[str, tuple[int, str]] = field(default_factory=dict)
    sections: dict[str, list[Line]] = field(default_factory=dict)
    last: int = 0

    def key(self, name: str) -> tuple[int, str]:
        if name not in self.keys:
            raise InstanceFormatError(self.where, 0, f"no {name}", f"a line '{name} : …'")
        return self.keys[name]

    def whole(self, name: str) -> int:
        line, value = self.key(name)
        return to_whole(value, self.where, line, name)


def read_vrplib(path: Path) -> Vrptw:
    """Read an instance from a file; errors are those of `parse_vrplib` and of opening it."""
    return parse_vrplib(read_text(path), path.name)


def parse_vrplib(text: str, where: str = "text") -> Vrptw:
    """Parse an instance.

    Parameters
    ----------
    text
        ``TYPE : VRPTW``, ``EDGE_WEIGHT_TYPE : EUC_2D``, ``DIMENSION``, ``VEHICLES``,
        ``CAPACITY``; coordinates, demands and windows in sections; service times in a section or
        one ``SERVICE_TIME`` for all customers.
    where
        What errors call the text.

    Raises
    ------
    InstanceFormatError
        At the first part that breaks the format or asks for what VRPTW does not have.
    """
    parts = _take_apart(text, where)
    for name, only in (("TYPE", "VRPTW"), ("EDGE_WEIGHT_TYPE", "EUC_2D")):
        line, value = parts.key(name)
        if value.upper() != only:
            raise InstanceFormatError(where, line, f"{name} {value}", f"{name} {only}")
    size = parts.whole("DIMENSION")
    if size < 2:
        raise InstanceFormatError(where, parts.key("DIMENSION")[0], str(size), "at least 2 nodes")
    _check_depot(parts)
    coordinates = _section(parts, "NODE_COORD_SECTION", size)
    ready, due = _windows(parts, size)
    return Vrptw(
        name=parts.keys.get("NAME", (0, where))[1],
        vehicles=max(1, parts.whole("VEHICLES")) if "VEHICLES" in parts.keys else size - 1,
        capacity=parts.whole("CAPACITY"),
        x=tuple(row[0] for row in coordinates),
        y=tuple(row[1] for row in coordinates),
        demand=tuple(int(row[0]) for row in _section(parts, "DEMAND_SECTION", size, whole=True)),
        ready=ready,
        due=due,
        service=_service(parts, size),
    )


def _take_apart(text: str, where: str) -> _Parts:
    parts = _Parts(where)
    current: list[Line] | None = None
    for line in split_lines(text):
        parts.last = line.number
        if line.text == "EOF":
            return parts
        head, colon, value = line.text.partition(":")
        head = head.strip()
        if head.endswith("_SECTION"):
            current = parts.sections.setdefault(head, [])
        elif colon:
            parts.keys[head] = (line.number, value.strip().strip('"'))
            current = None
        elif current is None:
            raise InstanceFormatError(
                where, line.number, repr(line.text), "'KEY : value' or the name of a section"
            )
        else:
            current.append(line)
    raise InstanceFormatError(where, parts.last, "the end of the file", "a last line EOF")


def _section(
    parts: _Parts, name: str, size: int, *, whole: bool = False
) -> list[tuple[float, ...]]:
    """Return the values of a numbered section, node by node."""
    lines = parts.sections.get(name)
    if lines is None:
        raise InstanceFormatError(parts.where, parts.last, f"no {name}", f"a {name}")
    if len(lines) != size:
        last = lines[-1].number if lines else parts.last
        raise InstanceFormatError(parts.where, last, f"{len(lines)} rows in {name}", f"{size} rows")
    convert = to_whole if whole else to_number
    rows: list[tuple[float, ...]] = []
    for node, (number, text) in enumerate(lines, start=1):
        words = text.split()
        if len(words) != WIDTHS[name] + 1 or words[0] != str(node):
            raise InstanceFormatError(
                parts.where, number, repr(text), f"{node} and {WIDTHS[name]} values in {name}"
            )
        rows.append(tuple(convert(word, parts.where, number, name) for word in words[1:]))
    return rows


def _windows(parts: _Parts, size: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    rows = _section(parts, "TIME_WINDOW_SECTION", size, whole=True)
    for (ready, due), line in zip(rows, parts.sections["TIME_WINDOW_SECTION"], strict=True):
        if due < ready:
            raise InstanceFormatError(
                parts.where, line.number, f"due date {due:g}", f"at least the ready time {ready:g}"
            )
    return tuple(int(row[0]) for row in rows), tuple(int(row[1]) for row in rows)


def _service(parts: _Parts, size: int) -> tuple[int, ...]:
    if "SERVICE_TIME_SECTION" in parts.sections:
        rows = _section(parts, "SERVICE_TIME_SECTION", size, whole=True)
        return tuple(int(row[0]) for row in rows)
    return (0, *([parts.whole("SERVICE_TIME")] * (size - 1)))


def _check_depot(parts: _Parts) -> None:
    words = [line.text for line in parts.sections.get("DEPOT_SECTION", [])]
    if words != ["1", "-1"]:
        found = " ".join(words) or "nothing"
        raise InstanceFormatError(parts.where, 0, f"DEPOT_SECTION {found}", "the depot 1, then -1")
