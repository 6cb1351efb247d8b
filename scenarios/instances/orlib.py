"""OR-Library and its neighbors: pmed, cpmp, scp, coordinates with demand, spopt's network table.

Formats: Beasley 1990 (pmed, scp), Osman & Christofides 1994 (cpmp), Lorena's SJC coordinate files,
pysal/spopt's San Francisco table. Which one a file follows is told by its content.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scenarios.errors import DataUnavailable, InstanceFormatError
from scenarios.instances.siting import SetCoverInstance, SitingInstance
from scenarios.instances.text import MAX_BYTES, Line, read_text, split_lines, to_number, to_whole

MAX_PAIRS: Final = 50_000_000
"""Largest number of row-site pairs that is written out."""

NETWORK_COLUMNS: Final = ("distance", "name", "DestinationName", "demand")

Float64 = NDArray[np.float64]


def read_siting(path: Path) -> SitingInstance | SetCoverInstance:
    """Read a siting instance of any of the formats.

    Parameters
    ----------
    path
        Text file, ``.gz`` of one, ``.csv`` of network distances or a folder with such a table.

    Raises
    ------
    InstanceFormatError
        If the file follows none of the formats.
    DataUnavailable
        If the file cannot be opened, or a folder has no table.
    """
    if path.is_dir():
        path = _find_table(path)
    text = read_packed(path)
    name = path.name.removesuffix(".gz").rsplit(".", 1)[0]
    if path.suffix.lower() == ".csv":
        return parse_network_table(text, name)
    lines = split_lines(text)
    first = [line.text.split() for line in lines[:2]]
    if len(first) < 2:
        raise InstanceFormatError(path.name, 0, f"{len(lines)} lines", "at least two lines")
    if len(first[0]) == 2 and len(first[1]) == 3:
        return parse_cpmp(lines, name)
    if len(first[0]) == 2:
        return parse_scp(text, name)
    if _is_coordinates(first[0], lines):
        return parse_coordinates(lines, name)
    return parse_pmed(lines, name)


def read_packed(path: Path) -> str:
    """Return the text of a file, unpacked if its name ends in ``.gz``."""
    if path.suffix.lower() != ".gz":
        return read_text(path)
    try:
        with gzip.open(path) as packed:
            data = packed.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise InstanceFormatError(path.name, 0, "a larger file", f"at most {MAX_BYTES} bytes")
        return data.decode("utf-8-sig")
    except (EOFError, gzip.BadGzipFile, zlib.error, UnicodeDecodeError) as error:
        raise InstanceFormatError(path.name, 0, str(error), "text packed by gzip") from error
    except OSError as error:
        raise DataUnavailable(f"{path}: {error.strerror}.") from error


def parse_pmed(lines: list[Line], name: str) -> SitingInstance:
    """Read ``n edges p`` and the edges; distances are shortest ways, the later edge wins."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    head = _get_whole(lines[0], 3, name)
    nodes, edges, p = head
    _check_pairs(name, nodes, nodes)
    if len(lines) - 1 != edges:
        raise InstanceFormatError(name, 0, f"{len(lines) - 1} edges", f"{edges} edges")
    length: dict[tuple[int, int], int] = {}
    for line in lines[1:]:
        tail, end, value = _get_whole(line, 3, name)
        if not (1 <= tail <= nodes and 1 <= end <= nodes):
            raise InstanceFormatError(name, line.number, line.text, f"nodes from 1 to {nodes}")
        length[min(tail, end) - 1, max(tail, end) - 1] = value
    ends = np.array(list(length), dtype=np.int64).reshape(-1, 2)
    # an edge of length 0 would vanish from a sparse table: it stands for almost nothing instead
    values = np.maximum(np.array(list(length.values()), dtype=np.float64), 1e-9)
    graph = csr_array((values, (ends[:, 0], ends[:, 1])), shape=(nodes, nodes))
    distance = np.rint(dijkstra(graph, directed=False))
    if not np.isfinite(distance).all():
        raise InstanceFormatError(name, 0, "a graph in pieces", "a connected graph")
    ones = np.ones(nodes, dtype=np.int64)
    return SitingInstance(name, distance, ones, _number(nodes), p=p)


def parse_cpmp(lines: list[Line], name: str) -> SitingInstance:
    """Read ``number best``, ``n p capacity``, rows ``i x y load``; distances are rounded down."""
    best = to_number(lines[0].text.split()[1], name, lines[0].number, "best known")
    nodes, p, capacity = _get_whole(lines[1], 3, name)
    if len(lines) - 2 != nodes:
        raise InstanceFormatError(name, 0, f"{len(lines) - 2} customers", f"{nodes} customers")
    table = np.array([_get_numbers(line, 4, name) for line in lines[2:]])
    load = np.array(
        [to_whole(line.text.split()[3], name, line.number, "load") for line in lines[2:]],
        dtype=np.int64,
    )
    distance = np.floor(_measure(table[:, 1:3], name))
    return SitingInstance(
        name, distance, load, _number(nodes), p=p, capacity=capacity, best_known=best
    )


def parse_coordinates(lines: list[Line], name: str) -> SitingInstance:
    """Read a line that begins with ``n``, then ``x y demand``; distances are straight lines."""
    nodes = to_whole(lines[0].text.split()[0], name, lines[0].number, "n")
    if len(lines) - 1 != nodes:
        raise InstanceFormatError(name, 0, f"{len(lines) - 1} points", f"{nodes} points")
    table = np.array([_get_numbers(line, 3, name) for line in lines[1:]])
    weight = np.array(
        [to_whole(line.text.split()[2], name, line.number, "demand") for line in lines[1:]],
        dtype=np.int64,
    )
    return SitingInstance(name, _measure(table[:, :2], name), weight, _number(nodes))


def parse_scp(text: str, name: str) -> SetCoverInstance:
    """Read ``rows columns``, the columns' costs, then per row how many columns and which."""
    from solver.location.problem import make_cover_problem

    words = text.split()
    values = np.array([to_whole(word, name, 0, "entry") for word in words], dtype=np.int64)
    rows, columns = int(values[0]), int(values[1])
    at, offset, parts = 2 + columns, [0], []
    for row in range(rows):
        count = int(values[at]) if at < len(values) else 0
        part = np.sort(values[at + 1 : at + 1 + count]) - 1
        wrong = len(part) != count or (count > 0 and not 0 <= part[0] <= part[-1] < columns)
        if at >= len(values) or wrong:
            raise InstanceFormatError(name, 0, f"row {row + 1}", f"columns from 1 to {columns}")
        parts.append(np.unique(part))
        offset.append(offset[-1] + len(parts[-1]))
        at += 1 + count
    if at != len(values):
        raise InstanceFormatError(name, 0, f"{len(values) - at} more numbers", "the end")
    problem = make_cover_problem(
        np.ones(rows, dtype=np.int64),
        np.array(offset, dtype=np.int64),
        np.concatenate([*parts, np.empty(0, dtype=np.int64)]).astype(np.int32),
        sites=columns,
        cost=values[2 : 2 + columns].copy(),
    )
    return SetCoverInstance(name, problem)


def parse_network_table(text: str, name: str) -> SitingInstance:
    """Read ``distance,name,DestinationName,demand``: one line per site and place of demand."""
    reader = csv.DictReader(io.StringIO(text))
    if not set(NETWORK_COLUMNS) <= set(reader.fieldnames or ()):
        expected = "columns " + ", ".join(NETWORK_COLUMNS)
        raise InstanceFormatError(name, 1, str(reader.fieldnames), expected)
    rows: dict[str, int] = {}
    sites: dict[str, int] = {}
    weight: list[int] = []
    entries: dict[tuple[int, int], float] = {}
    for record in reader:
        line = reader.line_num
        site = sites.setdefault(record["name"], len(sites))
        row = rows.setdefault(record["DestinationName"], len(rows))
        demand = to_whole(record["demand"], name, line, "demand")
        if row == len(weight):
            weight.append(demand)
        if weight[row] != demand or (row, site) in entries:
            raise InstanceFormatError(name, line, str(record), "one demand and distance per pair")
        entries[row, site] = to_number(record["distance"], name, line, "distance")
    _check_pairs(name, len(rows), len(sites))
    if not entries or len(entries) != len(rows) * len(sites):
        expected = f"{len(rows)} x {len(sites)} distances"
        raise InstanceFormatError(name, 0, f"{len(entries)} distances", expected)
    distance = np.empty((len(rows), len(sites)))
    for (row, site), value in entries.items():
        distance[row, site] = value
    return SitingInstance(name, distance, np.array(weight, dtype=np.int64), tuple(sites))


def _find_table(folder: Path) -> Path:
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig") as file:
            if set(NETWORK_COLUMNS) <= set(file.readline().strip().split(",")):
                return path
    raise DataUnavailable(f"{folder}: no table with columns {', '.join(NETWORK_COLUMNS)}.")


def _is_coordinates(head: list[str], lines: list[Line]) -> bool:
    """``n 9999 p S`` or ``n n 0``: a count and as many points (a graph would say p >= 1)."""
    graph = len(head) == 3 and head[2].isdigit() and int(head[2]) >= 1
    return not graph and head[0] == str(len(lines) - 1)


def _measure(places: Float64, name: str) -> Float64:
    _check_pairs(name, len(places), len(places))
    across = places[:, None, 0] - places[None, :, 0]
    return np.hypot(across, places[:, None, 1] - places[None, :, 1])


def _check_pairs(name: str, rows: int, sites: int) -> None:
    if rows * sites > MAX_PAIRS:
        raise InstanceFormatError(name, 0, f"{rows} x {sites} pairs", f"at most {MAX_PAIRS}")


def _number(count: int) -> tuple[str, ...]:
    return tuple(str(k + 1) for k in range(count))


def _get_numbers(line: Line, count: int, name: str) -> list[float]:
    words = line.text.split()
    if len(words) != count:
        raise InstanceFormatError(name, line.number, line.text, f"{count} numbers")
    return [to_number(word, name, line.number, "entry") for word in words]


def _get_whole(line: Line, count: int, name: str) -> list[int]:
    words = line.text.split()
    if len(words) != count:
        raise InstanceFormatError(name, line.number, line.text, f"{count} whole numbers")
    return [to_whole(word, name, line.number, "entry") for word in words]
