"""Files of the technician problem: instances (text, packed too), plans (JSON), best known."""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from scenarios.errors import InstanceFormatError
from scenarios.instances.json_text import parse_json
from scenarios.instances.orlib import read_packed
from scenarios.instances.text import Line, read_text, split_lines, to_number, to_whole
from scenarios.instances.trsp import Request, Technician, Trsp, TrspRoute

Matrix = tuple[tuple[float, ...], ...]

_ROW: Final = re.compile(r"([^\[\]]*)\[([^\[\]]*)\]\s*\[([^\[\]]*)\]\s*\[([^\[\]]*)\]")
_HEADINGS: Final = ("INFO", "DEPOT TECHNICIANS AND REQUESTS", "DISTANCES", "TRAVEL TIMES")


class _Sizes(NamedTuple):
    """The line under INFO."""

    technicians: int
    skills: int
    tools: int
    parts: int


class _Row(NamedTuple):
    """One line of the table of nodes."""

    x: float
    y: float
    ready: float
    due: float
    service: float
    skills: frozenset[int]
    tools: frozenset[int]
    parts: tuple[int, ...]


def read_trsp(path: Path) -> Trsp:
    """Read an instance, plain or packed; errors are those of `parse_trsp` and of opening it."""
    return parse_trsp(read_packed(path), path.name)


def parse_trsp(text: str, where: str = "text") -> Trsp:
    """Parse an instance.

    Parameters
    ----------
    text
        Name; ``INFO`` with the number of technicians, skills, tools and kinds of parts; the table
        of depot (0), technicians (1 … K) and requests; perhaps ``DISTANCES`` and ``TRAVEL TIMES``.
        Without matrices a way is as long as the straight line and takes as much time.
    where
        What errors call the text.

    Raises
    ------
    InstanceFormatError
        At the first line that breaks the format.
    """
    lines = split_lines(text)
    if not lines:
        raise InstanceFormatError(where, 0, "nothing", "a TRSP instance")
    blocks = _blocks(lines, where)
    sizes = _sizes(blocks["INFO"], where)
    table = blocks["DEPOT TECHNICIANS AND REQUESTS"][1:]  # the first line holds the headings
    rows = [_row(line, node, sizes, where) for node, line in enumerate(table)]
    if len(rows) < sizes.technicians + 2:
        raise InstanceFormatError(
            where,
            lines[-1].number,
            f"{len(rows)} nodes",
            f"a depot, {sizes.technicians} technicians and a request",
        )
    if "TRAVEL TIMES" in blocks:
        distances = _matrix(blocks.get("DISTANCES", []), len(rows), where)
        times = _matrix(blocks["TRAVEL TIMES"], len(rows), where)
    else:
        distances = times = tuple(
            tuple(math.hypot(a.x - b.x, a.y - b.y) for b in rows) for a in rows
        )
    ends = _ends(times, distances, len(rows), sizes.technicians, where)
    return _assemble(lines[0].text, rows, ends, times, distances)


def _assemble(
    name: str, rows: Sequence[_Row], ends: Sequence[int], times: Matrix, distances: Matrix
) -> Trsp:
    crew = len(ends)
    return Trsp(
        name=name,
        depot_ready=rows[0].ready,
        depot_due=rows[0].due,
        technicians=tuple(
            Technician(node, end, row.ready, row.due, row.skills, row.tools, row.parts)
            for node, (row, end) in enumerate(zip(rows[1 : crew + 1], ends, strict=True), start=1)
        ),
        requests={node: Request(node, *row[2:]) for node, row in enumerate(rows) if node > crew},
        times=times,
        distances=distances,
    )


def _blocks(lines: list[Line], where: str) -> dict[str, list[Line]]:
    """Return the lines under each heading."""
    blocks: dict[str, list[Line]] = {}
    current: list[Line] | None = None
    for line in lines[1:]:
        if line.text in _HEADINGS:
            current = blocks.setdefault(line.text, [])
        elif current is None:
            raise InstanceFormatError(where, line.number, repr(line.text), "the heading INFO")
        else:
            current.append(line)
    for heading in _HEADINGS[:2]:
        if not blocks.get(heading):
            raise InstanceFormatError(where, lines[-1].number, f"no {heading}", f"a {heading}")
    return blocks


def _sizes(block: list[Line], where: str) -> _Sizes:
    line = block[-1]
    words = line.text.split()
    if len(words) != 4:
        raise InstanceFormatError(
            where, line.number, repr(line.text), "technicians, skills, tools, spare parts"
        )
    sizes = _Sizes(*(to_whole(word, where, line.number, "count") for word in words))
    if sizes.technicians < 1:
        raise InstanceFormatError(where, line.number, "0 technicians", "at least one technician")
    return sizes


def _row(line: Line, node: int, sizes: _Sizes, where: str) -> _Row:
    match = _ROW.fullmatch(line.text)
    words = match.group(1).split() if match else []
    if match is None or len(words) != 6 or words[0] != str(node):
        raise InstanceFormatError(
            where, line.number, repr(line.text), f"node {node}, 5 figures and three lists in []"
        )
    x, y, ready, due, service = (to_number(w, where, line.number, "figure") for w in words[1:])
    if due < ready or service < 0:
        raise InstanceFormatError(
            where, line.number, f"{ready:g} {due:g} {service:g}", "a window and a service time >= 0"
        )
    skills, tools, parts = (
        [to_whole(word, where, line.number, "list") for word in group.split(",") if word.strip()]
        for group in match.groups()[1:]
    )
    if any(n >= sizes.skills for n in skills) or any(n >= sizes.tools for n in tools):
        raise InstanceFormatError(
            where,
            line.number,
            f"skills {skills} and tools {tools}",
            f"skills below {sizes.skills}, tools below {sizes.tools}",
        )
    if len(parts) not in (sizes.parts, 0):
        raise InstanceFormatError(
            where, line.number, f"{len(parts)} parts", f"a number for each of {sizes.parts} parts"
        )
    stock = tuple(parts) or (0,) * sizes.parts
    return _Row(x, y, ready, due, service, frozenset(skills), frozenset(tools), stock)


def _matrix(block: list[Line], least: int, where: str) -> Matrix:
    """Return a square matrix of at least ``least`` rows, each headed by its number."""
    size = len(block)
    if size < least:
        last = block[-1].number if block else 0
        raise InstanceFormatError(where, last, f"{size} rows of a matrix", f"at least {least}")
    rows: list[tuple[float, ...]] = []
    for node, (number, text) in enumerate(block):
        words = text.split(";")
        if len(words) != size + 1 or words[0] != str(node):
            raise InstanceFormatError(
                where, number, f"{len(words)} cells in row {words[0]}", f"{node} and {size} figures"
            )
        row = tuple(to_number(word, where, number, "matrix") for word in words[1:])
        if min(row) < 0:
            raise InstanceFormatError(where, number, f"{min(row):g}", "figures >= 0")
        rows.append(row)
    return tuple(rows)


def _ends(times: Matrix, distances: Matrix, rows: int, crew: int, where: str) -> tuple[int, ...]:
    """Return the end node of each technician.

    Behind the requests the matrices repeat the technicians' homes once or more. The repeats must
    agree, for nothing says which of them is the end.
    """
    extra = len(times) - rows
    if len(distances) != len(times) or extra % crew:
        raise InstanceFormatError(
            where,
            0,
            f"matrices of {len(distances)} and {len(times)} rows for {rows} nodes",
            f"{rows} rows and {crew} more for the ends of routes",
        )
    if extra == 0:
        return tuple(range(1, crew + 1))
    for repeat in range(crew, extra):
        first, other = rows + repeat % crew, rows + repeat
        for matrix in (times, distances):
            if matrix[first] != matrix[other] or any(r[first] != r[other] for r in matrix):
                raise InstanceFormatError(
                    where, 0, f"node {other} unlike node {first}", "the same end of a route"
                )
    return tuple(range(rows, rows + crew))


def read_trsp_plan(path: Path) -> tuple[TrspRoute, ...]:
    """Read a plan; errors are those of `parse_trsp_plan` and of opening it."""
    return parse_trsp_plan(read_packed(path), path.name)


def parse_trsp_plan(text: str, where: str = "text") -> tuple[TrspRoute, ...]:
    """Parse a JSON list of ``technician``, ``nodes`` and ``start_times``.

    Raises
    ------
    InstanceFormatError
        At the first value that breaks the format, with its path.
    """
    routes: list[TrspRoute] = []
    for route in parse_json(text, where).items():
        nodes = tuple(node.whole() for node in route.get("nodes").items())
        starts = route.get("start_times")
        times = tuple(float(start.number()) for start in starts.items())
        if len(times) != len(nodes):
            raise starts.fault(f"a start for each of {len(nodes)} nodes")
        routes.append(TrspRoute(route.get("technician").whole(), nodes, times))
    return tuple(routes)


def format_trsp_plan(routes: Sequence[TrspRoute]) -> str:
    """Return a plan as JSON, a line per route."""
    lines = [
        json.dumps(
            {
                "technician": route.technician,
                "nodes": list(route.nodes),
                "start_times": list(route.starts),
            }
        )
        for route in routes
    ]
    return "[\n" + ",\n".join(lines) + "\n]\n"


def write_trsp_plan(path: Path, routes: Sequence[TrspRoute]) -> None:
    """Write a plan; the folder is made if it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(format_trsp_plan(routes), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class TrspBest:
    """Best known figures of one instance: unserved first, then total duration."""

    duration: float
    unserved: int = 0


DURATIONS: Final = ("bks_duration_dissertation", "duration_minwt_sol_2012", "working_time_minutes")
"""Columns that hold a total duration; the least one counts."""


def read_trsp_best(path: Path) -> dict[str, TrspBest]:
    """Return best known figures by instance name, from ``bks.csv`` or ``reference_2012.csv``.

    Raises
    ------
    InstanceFormatError
        If a column is missing or a value is not a number.
    """
    table = csv.DictReader(read_text(path).splitlines())
    columns = [name for name in DURATIONS if name in (table.fieldnames or ())]
    if "instance" not in (table.fieldnames or ()) or not columns:
        raise InstanceFormatError(
            path.name, 1, str(table.fieldnames), "columns 'instance' and a duration"
        )
    best: dict[str, TrspBest] = {}
    for row in table:
        line = table.line_num
        figures = [to_number(row[name], path.name, line, name) for name in columns if row[name]]
        if not figures:
            raise InstanceFormatError(path.name, line, "no duration", "a figure")
        unserved = to_whole(row.get("unserved") or "0", path.name, line, "unserved")
        best[row["instance"]] = TrspBest(min(figures), unserved)
    return best
