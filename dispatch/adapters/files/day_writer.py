"""A day to JSON, a workbook or a folder of CSV tables; reading it back gives the same day."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from dispatch.adapters.files import cells, columns
from dispatch.adapters.files.atomic import replace_folder, write_text_atomically
from dispatch.adapters.files.columns import Column, Table
from dispatch.adapters.files.header import HEADER_TABLE
from dispatch.adapters.files.traffic_tables import traffic_rows
from dispatch.adapters.files.xlsx_write import write_day_workbook
from dispatch.domain.checks import Code, show
from dispatch.domain.checks.report import Path as ItemPath
from dispatch.domain.day import Day
from dispatch.domain.technician import Technician
from dispatch.errors import Fault, InvalidRequest

_LIST_FORMS = {
    "skills": ("skill", "level", "certificate_expires"),
    "crew_skills": ("skill", "level", None),
    "parts": ("part", "quantity", None),
    "stock": ("part", "quantity", "available_on"),
    "van_stock": ("part", "quantity", "available_on"),
}


def write_day(day: Day, path: Path) -> None:
    """Write a day so that ``read_day`` returns an equal one.

    Parameters
    ----------
    day
        The day.
    path
        ``*.json`` for one JSON document, ``*.xlsx`` for a workbook, anything else for a folder of
        CSV tables. What is there is replaced in one step; a folder with other files in it is
        refused.

    Raises
    ------
    InvalidRequest
        The folder is not ours to replace, or a value cannot be kept in a cell (text with
        blanks at its ends, an empty text where nothing is something else): use JSON.
    """
    if path.suffix.lower() == ".json":
        write_text_atomically(path, day.model_dump_json(indent=1, exclude_none=True) + "\n")
        return
    if path.suffix.lower() == ".xlsx":
        write_day_workbook(path, list(tables_of(day)), day.zone)
        return
    replace_folder(path, columns.KNOWN_FILES, lambda folder: _write_tables(day, folder))


def _write_tables(day: Day, folder: Path) -> None:
    for table, used, rows in tables_of(day):
        _write_csv(folder / table.file, [column.name for column in used], rows)


Filled = tuple[Table, list[Column], list[list[str]]]
"""A table, the columns that are used, and its rows as cells of text."""


def tables_of(day: Day) -> Iterator[Filled]:
    """Yield the tables of a day.

    Raises
    ------
    InvalidRequest
        A value cannot be kept in a cell.
    """
    _check_shifts(day)
    header = [(".".join(map(str, path)), value) for path, value in _header_values(day)]
    yield HEADER_TABLE, list(HEADER_TABLE.columns), [[k, _text(v, k)] for k, v in header]
    for table in columns.MAIN_TABLES:
        items = getattr(day, table.kind)
        if items or table is not columns.OUTLETS:
            yield _main(table, items)
    yield from _children(day)
    if day.traffic is not None:
        yield from traffic_rows(day.traffic, _cell)


def _check_shifts(day: Day) -> None:
    """Refuse what a day under way knows about its shifts: tables have no columns for it."""
    for technician in day.technicians:
        for shift in technician.shifts:
            own = shift.model_dump(exclude={"start", "end", "breaks"}, exclude_none=True)
            if own:
                raise _refused(f"{', '.join(own)} of a shift of {technician.id}", "shifts")


def _header_values(day: Day) -> Iterable[tuple[ItemPath, Any]]:
    for name in Day.model_fields:
        value = getattr(day, name)
        if value is None or name in {"outlets", "technicians", "visits"}:
            continue
        if isinstance(value, BaseModel):
            for key, inner in value:
                if inner is not None and not isinstance(inner, tuple):
                    yield (name, key), inner
        else:
            yield (name,), value


def _main(table: Table, items: Sequence[BaseModel]) -> Filled:
    used = [column for column in table.columns if column.cell is not cells.MINUTES]
    rows = [[_cell(item, column) for column in used] for item in items]
    usual = [_usual(items[0], column) if items else "" for column in used]
    kept = [
        number
        for number, column in enumerate(used)
        if column.required
        or not items
        or any(row[number] not in {"", usual[number]} for row in rows)
    ]
    return table, [used[number] for number in kept], [[row[n] for n in kept] for row in rows]


def _usual(item: BaseModel, column: Column) -> str:
    """Return what a missing cell of a column means, as text; empty where it means nothing."""
    info = type(item).model_fields[str(column.path[0])]
    plain = len(column.path) == 1 and isinstance(info.default, int | str)
    return _text(info.default, column.name) if plain and info.default != "" else ""


def _cell(item: BaseModel, column: Column) -> str:
    value: Any = item
    for step in column.path:
        if isinstance(step, int):
            value = value[step] if len(value) > step else None
        else:
            value = getattr(value, step)
        if value is None:
            return ""
        if isinstance(value, BaseModel) and not value.model_dump(exclude_defaults=True):
            raise _refused(f"an empty {step}", column.name)
    if column.path == ("opening_hours",):
        return ";".join(
            f"{hours.day} {hours.opens.isoformat()}-{hours.closes.isoformat()}" for hours in value
        )
    if isinstance(value, tuple):
        if column.path == ("skills",) and isinstance(item, Technician) and _needs_rows(item):
            return ""
        return ";".join(_element(entry, column) for entry in value)
    if value == "" and column.path in {("name",), ("customer", "name"), ("customer", "phone")}:
        return ""  # empty is what a missing cell means there
    return _text(value, column.name)


def _needs_rows(technician: Technician) -> bool:
    """Say whether the skills need rows of their own: a cell has no word for how long they take."""
    return any(skill.service_percent is not None for skill in technician.skills)


def _element(entry: object, column: Column) -> str:
    if not isinstance(entry, BaseModel):
        return cells.escape(_text(entry, column.name))
    name, count, day = _LIST_FORMS[str(column.path[-1])]
    text = f"{cells.escape(_text(getattr(entry, name), column.name))}:{getattr(entry, count)}"
    when = getattr(entry, day, None) if day is not None else None
    return f"{text}@{when.isoformat()}" if when is not None else text


def _text(value: object, name: str) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    text = repr(value) if isinstance(value, float) else str(value)
    if not text or text != text.strip():
        raise _refused(show(text), name)
    return text


def _refused(found: str, name: str) -> InvalidRequest:
    return InvalidRequest(
        [
            Fault(
                Code.NOT_WRITABLE.value,
                f"column {name}",
                found,
                "text that is not empty and has no blanks at its ends",
                "A cell cannot keep it; write the day as JSON. Nothing was written.",
            )
        ]
    )


def _children(day: Day) -> Iterator[Filled]:
    """Yield what does not fit into one row: everything after the first of its kind."""
    shifts: list[tuple[Any, ...]] = []
    breaks: list[tuple[Any, ...]] = []
    promises: list[tuple[Any, ...]] = []
    links: list[tuple[Any, ...]] = []
    skills: list[tuple[Any, ...]] = []
    for technician in day.technicians:
        if _needs_rows(technician):
            skills.extend((technician.id, skill) for skill in technician.skills)
        for number, shift in enumerate(technician.shifts):
            if number:
                shifts.append((technician.id, shift))
            later = shift.breaks if number else shift.breaks[1:]
            breaks.extend((technician.id, number + 1, pause) for pause in later)
    for visit in day.visits:
        promises.extend((visit.id, promise) for promise in visit.promises[1:])
        links.extend((visit.id, link) for link in visit.links)
    found = (columns.SHIFTS, shifts), (columns.BREAKS, breaks), (columns.SKILLS, skills)
    for table, rows in (*found, (columns.PROMISES, promises), (columns.LINKS, links)):
        if rows:
            yield _child(table, rows)


def _child(table: Table, rows: Sequence[tuple[Any, ...]]) -> Filled:
    used = [column for column in table.columns if column.cell is not cells.MINUTES]

    def cell(row: tuple[Any, ...], column: Column) -> str:
        if column is used[0]:
            return _text(row[0], column.name)
        if column.name == "shift":
            return _text(row[1], column.name)
        return _cell(row[-1], column)

    return table, used, [[cell(row, column) for column in used] for row in rows]


def _write_csv(path: Path, headings: list[str], rows: Iterable[list[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows(rows)
