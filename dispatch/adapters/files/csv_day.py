"""A folder of CSV tables to a raw day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from dispatch.adapters.files import columns
from dispatch.adapters.files.columns import Column, Table
from dispatch.adapters.files.header import read_header
from dispatch.adapters.files.raw import KINDS, RawDay
from dispatch.adapters.files.tables import MAX_ROWS, Row, TableReader
from dispatch.adapters.files.traffic_tables import read_traffic_tables
from dispatch.domain.checks import Code, FaultList, show, suggest
from dispatch.domain.checks.report import Path as ItemPath

CHILD_ROWS = 10 * MAX_ROWS
"""Rows of a table of details."""
OPTIONAL_FILES = frozenset({"outlets.csv"})


@dataclass
class _Places:
    """Where the rows of every item are."""

    readers: dict[str, TableReader] = field(default_factory=dict)
    main: dict[str, list[int]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    children: dict[tuple[str, int, ItemPath], tuple[TableReader, int]] = field(default_factory=dict)

    def where(self, kind: str, index: int, path: ItemPath) -> str:
        """Return file, row and column of a value."""
        for length in range(len(path), 0, -1):
            child = self.children.get((kind, index, path[:length]))
            if child is not None:
                return _name(child[0], child[1], path[length:])
        return _name(self.readers[kind], self.main[kind][index], path)


def _name(reader: TableReader, number: int, path: ItemPath) -> str:
    written = {column.path: column for column in reader.headings}
    known = {column.path: column for column in reversed(reader.table.columns)}
    for length in range(len(path), 0, -1):
        column = written.get(path[:length]) or known.get(path[:length])
        if column is not None:
            return reader.name(number, column)
    return f"{reader.title} row {number}"


def read_csv_folder(folder: Path, faults: FaultList) -> RawDay:
    """Read the tables of a folder.

    Parameters
    ----------
    folder
        Holds ``day.csv`` or ``day.json`` (the header), ``technicians.csv``, ``visits.csv`` and,
        where needed, ``outlets.csv`` and tables of details.
    faults
        Gets everything that is wrong with files, rows and cells.
    """
    _check_names(folder, faults)

    def open_table(table: Table, limit: int) -> TableReader | None:
        path = folder / table.file
        needed = table in columns.MAIN_TABLES and table.file not in OPTIONAL_FILES
        return TableReader(path, table, faults, limit) if needed or path.exists() else None

    return read_tables(read_header(folder, faults), open_table)


Header = tuple[dict[str, Any], Callable[[ItemPath], str]]
OpenTable = Callable[[Table, int], TableReader | None]
"""A table and its most rows to its reader; None where the table may be missing and is."""


def read_tables(header: Header, open_table: OpenTable) -> RawDay:
    """Read the tables of a day, wherever they stand.

    Parameters
    ----------
    header
        The header, and words for where its values stand.
    open_table
        Gives the readers; they report what is wrong with rows and cells.
    """
    places = _Places()
    raw = RawDay(header[0], {kind: [] for kind in KINDS}, places.where, header[1])
    for table in columns.MAIN_TABLES:
        reader = open_table(table, MAX_ROWS)
        if reader is not None:
            _read_main(reader, raw, places)
    read_traffic_tables(raw, open_table)
    owners = {kind: _owners(raw.items[kind]) for kind in KINDS}
    for table in columns.CHILD_TABLES:
        reader = open_table(table, CHILD_ROWS)
        if reader is not None:
            _read_child(reader, raw, places, owners=owners[table.kind])
    return raw


def _check_names(folder: Path, faults: FaultList) -> None:
    for path in sorted(folder.glob("*.csv")):
        if path.name not in columns.KNOWN_FILES and not path.name.startswith("."):
            faults.add(
                Code.FILE_UNKNOWN,
                path.name,
                "a table nobody knows",
                f"one of {', '.join(name for name in columns.KNOWN_FILES)}",
                suggest(path.name, columns.KNOWN_FILES) or "Remove it from the folder.",
            )


def _read_main(reader: TableReader, raw: RawDay, places: _Places) -> None:
    table = reader.table
    places.readers[table.kind] = reader
    for row in reader.rows():
        index = len(raw.items[table.kind])
        item: dict[str, Any] = {}
        for column, value in row.values:
            _put(item, column.path, value)
        for column in row.bad:
            raw.faulty[table.kind, index].add(column.path)
        raw.items[table.kind].append(item)
        places.main[table.kind].append(row.number)


def _put(item: dict[str, Any], path: ItemPath, value: object) -> None:
    node: Any = item
    for step, following in pairwise(path):
        empty: Any = [] if isinstance(following, int) else {}
        if isinstance(step, int):
            if len(node) == step:
                node.append(empty)
            node = node[step]
        else:
            node = node.setdefault(step, empty)
    node[path[-1]] = value


def _owners(items: list[Any]) -> dict[str, int]:
    owners: dict[str, int] = {}
    for index, item in enumerate(items):
        owners.setdefault(item.get("id", ""), index)
    return owners


_UNKNOWN_OWNER = {
    "outlets": Code.UNKNOWN_OUTLET,
    "technicians": Code.UNKNOWN_TECHNICIAN,
    "visits": Code.UNKNOWN_VISIT,
}


def _read_child(
    reader: TableReader, raw: RawDay, places: _Places, *, owners: dict[str, int]
) -> None:
    table, faults = reader.table, reader.faults
    owner_column = table.columns[0]
    for row in reader.rows():
        name = next((value for column, value in row.values if column is owner_column), "")
        index = owners.get(name)
        if index is None:
            faults.add(
                _UNKNOWN_OWNER[table.kind],
                reader.name(row.number, owner_column),
                show(name) if name else "nothing",
                f"the id of a row of {_title_of(table.kind, places)}",
                faults.suggest(name, owners),
            )
            continue
        _attach(table, raw, places, reader, index=index, row=row)


def _title_of(kind: str, places: _Places) -> str:
    reader = places.readers.get(kind)
    return f"{kind}.csv" if reader is None else reader.title


def _attach(
    table: Table, raw: RawDay, places: _Places, reader: TableReader, *, index: int, row: Row
) -> None:
    detail = {column.path[0]: value for column, value in row.values if column.path}
    owner, path = raw.items[table.kind][index], _field_of(table)
    if table is columns.BREAKS:
        number = detail.pop("shift", 1)
        if not 1 <= number <= len(owner.get("shifts", ())):
            reader.faults.add(
                Code.OUT_OF_RANGE,
                reader.name(row.number, _column(table, "shift")),
                str(number),
                f"a shift of this technician, 1 to {len(owner.get('shifts', ()))}",
            )
            return
        owner, path = owner["shifts"][number - 1], ("shifts", number - 1, "breaks")
    details = owner.setdefault(path[-1], [])
    if not isinstance(details, list):
        return
    place: ItemPath = (*path, len(details))
    details.append(detail)
    places.children[table.kind, index, place] = (reader, row.number)
    for column in row.bad:
        raw.faulty[table.kind, index].add((*place, *column.path))


def _field_of(table: Table) -> ItemPath:
    if table.child is None:
        raise ValueError(f"{table.file} is no table of details")
    return (table.child[1],)


def _column(table: Table, name: str) -> Column:
    return next(column for column in table.columns if column.name == name)
