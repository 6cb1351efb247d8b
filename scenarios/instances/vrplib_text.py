"""A VRPLIB file taken apart: ``KEY : value`` lines, then sections, checked line by line."""

from __future__ import annotations

from dataclasses import dataclass, field

from scenarios.errors import InstanceFormatError
from scenarios.instances.text import Line, split_lines, to_number, to_whole

WIDTHS = {
    "NODE_COORD_SECTION": 2,
    "DEMAND_SECTION": 1,
    "TIME_WINDOW_SECTION": 2,
    "SERVICE_TIME_SECTION": 1,
    "PRIZE_SECTION": 1,
    "CAPACITY_SECTION": 1,
    "VEHICLES_DEPOT_SECTION": 1,
}
"""Values per node or vehicle, after its number, in the numbered sections."""


@dataclass
class Parts:
    """The file, taken apart but not yet understood."""

    where: str
    keys: dict[str, tuple[int, str]] = field(default_factory=dict)
    sections: dict[str, list[Line]] = field(default_factory=dict)
    last: int = 0

    def key(self, name: str) -> tuple[int, str]:
        """Return line and value of a key; a fault if it is missing."""
        if name not in self.keys:
            raise InstanceFormatError(self.where, 0, f"no {name}", f"a line '{name} : …'")
        return self.keys[name]

    def whole(self, name: str) -> int:
        """Return the value of a key as a whole number >= 0."""
        line, value = self.key(name)
        return to_whole(value, self.where, line, name)

    def section(self, name: str) -> list[Line]:
        """Return the lines of a section; a fault if it is missing."""
        lines = self.sections.get(name)
        if lines is None:
            raise InstanceFormatError(self.where, self.last, f"no {name}", f"a {name}")
        return lines

    def rows(self, name: str, size: int, *, whole: bool = False) -> list[tuple[float, ...]]:
        """Return the values of a section whose rows are numbered 1 … size."""
        lines = self.section(name)
        if len(lines) != size:
            last = lines[-1].number if lines else self.last
            raise InstanceFormatError(
                self.where, last, f"{len(lines)} rows in {name}", f"{size} rows"
            )
        convert = to_whole if whole else to_number
        rows: list[tuple[float, ...]] = []
        for node, (number, text) in enumerate(lines, start=1):
            words = text.split()
            if len(words) != WIDTHS[name] + 1 or words[0] != str(node):
                raise InstanceFormatError(
                    self.where, number, repr(text), f"{node} and {WIDTHS[name]} values in {name}"
                )
            rows.append(tuple(convert(word, self.where, number, name) for word in words[1:]))
        return rows

    def wholes(self, name: str, size: int) -> tuple[int, ...]:
        """Return a numbered section of one whole number per row."""
        return tuple(int(row[0]) for row in self.rows(name, size, whole=True))

    def windows(self, size: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return ready times and due dates."""
        rows = self.rows("TIME_WINDOW_SECTION", size, whole=True)
        for (ready, due), line in zip(rows, self.sections["TIME_WINDOW_SECTION"], strict=True):
            if due < ready:
                raise InstanceFormatError(
                    self.where,
                    line.number,
                    f"due date {due:g}",
                    f"at least the ready time {ready:g}",
                )
        return tuple(int(row[0]) for row in rows), tuple(int(row[1]) for row in rows)

    def service(self, size: int, depots: int = 1) -> tuple[int, ...]:
        """Return service times: a section, or one key for every client."""
        if "SERVICE_TIME_SECTION" in self.sections:
            return self.wholes("SERVICE_TIME_SECTION", size)
        return (*([0] * depots), *([self.whole("SERVICE_TIME")] * (size - depots)))

    def check_one_depot(self) -> None:
        """Raise unless node 1 is the only depot."""
        words = [line.text for line in self.sections.get("DEPOT_SECTION", [])]
        if words != ["1", "-1"]:
            found = " ".join(words) or "nothing"
            raise InstanceFormatError(
                self.where, 0, f"DEPOT_SECTION {found}", "the depot 1, then -1"
            )


def take_apart(text: str, where: str) -> Parts:
    """Return keys and sections of a VRPLIB text.

    Raises
    ------
    InstanceFormatError
        At a line that is neither, or if the last line is not ``EOF``.
    """
    parts = Parts(where)
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
