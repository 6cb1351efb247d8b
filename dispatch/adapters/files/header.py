"""The header of a CSV day: ``day.csv`` with rows key, value, or ``day.json``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, get_args

from dispatch.adapters.files import cells, columns
from dispatch.adapters.files.cells import UnreadableCell
from dispatch.adapters.files.columns import Column, Table
from dispatch.adapters.files.json_text import read_json_object
from dispatch.adapters.files.raw import json_header_where
from dispatch.adapters.files.tables import TableReader
from dispatch.domain.base import Model
from dispatch.domain.checks import Code, FaultList, show
from dispatch.domain.checks.report import Path as ItemPath
from dispatch.domain.day import Settings
from dispatch.domain.prices import Prices

HEADER_TABLE = Table(
    columns.DAY_CSV,
    "header",
    (
        Column("key", ("key",), aliases=("字段", "项目", "键"), required=True),
        Column("value", ("value",), aliases=("值", "内容"), required=True),
    ),
)
_LISTS = ("outlets", "technicians", "visits")


def _whole(model: type[Model]) -> frozenset[str]:
    """Return the fields of a model that hold whole numbers."""
    return frozenset(name for name, info in model.model_fields.items() if _is_int(info.annotation))


def _is_int(annotation: object) -> bool:
    return annotation is int or any(_is_int(part) for part in get_args(annotation))


_WHOLE: Mapping[str, frozenset[str]] = {"prices": _whole(Prices), "settings": _whole(Settings)}


def read_header(
    folder: Path, faults: FaultList
) -> tuple[dict[str, Any], Callable[[ItemPath], str]]:
    """Return the header as JSON values, and words for where each of them stands.

    Parameters
    ----------
    folder
        Holds ``day.csv`` or ``day.json``, not both.
    faults
        Gets what is wrong.
    """
    table, document = folder / columns.DAY_CSV, folder / columns.DAY_JSON
    if table.exists() and document.exists():
        faults.add(
            Code.TWO_HEADERS,
            columns.DAY_CSV,
            "day.csv and day.json in one folder",
            "one of the two",
            "Remove one.",
        )
    if not document.exists():
        return read_header_table(TableReader(table, HEADER_TABLE, faults), faults)
    header = read_json_object(document, faults) or {}
    for name in _LISTS:
        if name in header:
            faults.add(
                Code.FIELD_UNKNOWN,
                f"{document.name} {name}",
                f"{name} in the header of a folder",
                f"{name} in {name}.csv",
                "Read day.json itself as the day, or keep the header only.",
            )
            del header[name]
    return header, json_header_where(document.name)


def read_header_table(
    reader: TableReader, faults: FaultList
) -> tuple[dict[str, Any], Callable[[ItemPath], str]]:
    """Return the header that stands in rows key, value; as ``read_header``."""
    header: dict[str, Any] = {}
    rows: dict[ItemPath, int] = {}
    for row in reader.rows():
        cell = {column.name: value for column, value in row.values}
        key = columns.HEADER_ALIASES.get(cell.get("key", ""), cell.get("key", ""))
        steps: ItemPath = tuple(key.split(".", 1))
        where = f"{reader.title} row {row.number} {key}"
        if steps in rows:
            expected = "every key once"
            faults.add(Code.COLUMN_TWICE, where, f"{show(key)} again", expected, "Remove one.")
        rows[steps] = row.number
        if "value" in cell:
            _store(header, steps, cell["value"], where, faults)

    def words(found: ItemPath) -> str:
        number = rows.get(found)
        row_words = f" row {number}" if number is not None else ""
        return f"{reader.title}{row_words} {'.'.join(map(str, found))}".rstrip()

    return header, words


def _store(
    header: dict[str, Any], steps: ItemPath, text: str, where: str, faults: FaultList
) -> None:
    value: object = text
    node = header
    if len(steps) == 2:
        node = header.setdefault(str(steps[0]), {})
        name = str(steps[1])
        if name in _WHOLE.get(str(steps[0]), ()):
            try:
                value = cells.read_integer(text)
            except UnreadableCell as error:
                faults.add(error.code, where, show(text), error.expected, error.hint)
                return
    if isinstance(node, dict):
        node[str(steps[-1])] = value
