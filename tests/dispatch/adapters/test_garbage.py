"""Whatever stands in a file, the answer is a day or faults, never another exception."""

from __future__ import annotations

import copy
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.adapters.files import read_day, read_plan
from dispatch.errors import InvalidRequest
from tests.dispatch.adapters.broken_inputs import (
    BASE,
    HEADER,
    PLACE,
    TECHNICIAN,
    VISIT,
    write_files,
)
from tests.dispatch.adapters.test_broken_inputs import FOREIGN
from tests.dispatch.adapters.test_writing import small_plan

calm = settings(
    max_examples=250, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
FULL_DAY: dict[str, Any] = {
    **HEADER,
    "datum": "gcj02",
    "prices": {"travel_per_km": 100},
    "settings": {"radius_by": "outlet"},
    "outlets": [
        {
            "id": "O1",
            "kind": "contracted",
            "place": PLACE,
            "opening_hours": [{"day": "mon", "opens": "08:00", "closes": "18:00"}],
            "capacity": {"visits_per_day": 3, "price_fen": 5, "skills": ["ac"]},
        }
    ],
    "technicians": [
        {
            **TECHNICIAN,
            "skills": [{"skill": "ac", "level": 2, "certificate_expires": "2026-12-31"}],
            "shifts": [
                {
                    "start": "08:00",
                    "end": "17:00",
                    "breaks": [{"earliest": "11:00", "latest": "12:00", "duration_s": 900}],
                }
            ],
        }
    ],
    "visits": [
        {
            **VISIT,
            "promises": [{"appointment": "09:00", "tolerance_min": 15}],
            "skills": [{"skill": "ac"}],
            "pin": {"technician": "T1", "arrival": "09:00"},
            "required": ["T1"],
            "customer": {"name": "n"},
        }
    ],
}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.text(max_size=6),
    st.sampled_from(["", " ", "24:00", "99:99", "2026-02-30", "1e400", "T1", "x" * 300, "\ud800"]),
    st.lists(st.integers(0, 3), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(0, 3), max_size=2),
)


def paths_of(node: object, done: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of every value inside a document."""
    if done:
        yield done
    if isinstance(node, dict):
        for key, value in node.items():
            yield from paths_of(value, (*done, key))
    elif isinstance(node, list):
        for position, value in enumerate(node):
            yield from paths_of(value, (*done, position))


def replaced(document: dict[str, Any], path: tuple[str | int, ...], value: object) -> object:
    """Return the document with one value replaced."""
    changed = copy.deepcopy(document)
    node: Any = changed
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return changed


def check_answer(faults: InvalidRequest) -> None:
    """Faults are complete, printable and in our own words."""
    assert faults.faults
    text = str(faults)
    text.encode("utf-8")
    assert not [word for word in FOREIGN if word in text]


@calm
@given(st.sampled_from(list(paths_of(FULL_DAY))), ODD)
def test_any_value_anywhere_in_a_day_is_a_day_or_faults(
    path: tuple[str | int, ...], value: object
) -> None:
    text = json.dumps(replaced(FULL_DAY, path, value))
    with tempfile.TemporaryDirectory() as folder:
        try:
            read_day(write_files(Path(folder), {"day.json": text}) / "day.json")
        except InvalidRequest as error:
            check_answer(error)


PLAN = json.loads(small_plan().model_dump_json())


@calm
@given(st.sampled_from(list(paths_of(PLAN))), ODD)
def test_any_value_anywhere_in_a_plan_is_a_plan_or_faults(
    path: tuple[str | int, ...], value: object
) -> None:
    text = json.dumps(replaced(PLAN, path, value))
    with tempfile.TemporaryDirectory() as folder:
        try:
            read_plan(write_files(Path(folder), {"plan.json": text}) / "plan.json")
        except InvalidRequest as error:
            check_answer(error)


@calm
@given(
    st.sampled_from(sorted(BASE)),
    st.integers(0, 400),
    st.integers(0, 12),
    st.one_of(
        st.binary(max_size=4), st.sampled_from([b'"', b",", b"\n", b";", b":", b"\\", b"\r"])
    ),
)
def test_any_bytes_anywhere_in_a_table_are_a_day_or_faults(
    name: str, start: int, length: int, new: bytes
) -> None:
    content = BASE[name].encode()
    at = start % len(content)
    broken = content[:at] + new + content[at + length :]
    with tempfile.TemporaryDirectory() as folder:
        try:
            read_day(write_files(Path(folder), {**BASE, name: broken}))
        except InvalidRequest as error:
            check_answer(error)


def test_half_a_character_in_an_id_is_printed_as_its_code() -> None:
    day = replaced(FULL_DAY, ("visits", 0, "id"), "\ud800")
    with tempfile.TemporaryDirectory() as folder, pytest.raises(InvalidRequest) as caught:
        read_day(write_files(Path(folder), {"day.json": json.dumps(day)}) / "day.json")
    check_answer(caught.value)


def test_the_full_day_itself_is_sound() -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = read_day(write_files(Path(folder), {"day.json": json.dumps(FULL_DAY)}) / "day.json")
    assert found.warnings == ()
    assert found.quarantined == ()
