"""A day of the largest size is read; within its time."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from dispatch.adapters.files import read_day
from dispatch.domain.day import MAX_VISITS
from tests.dispatch.adapters.broken_inputs import BASE, HEADER, VISIT, write_files

BOUND_S = 30.0
"""Seconds of processor time; the wall clock of a shared machine says nothing."""


def _rows(count: int) -> str:
    lines = ["id,lon,lat,address,earliest,latest,service_min,skills,priority,required"]
    lines += [
        f"V{n},{121.3 + n % 300 / 1000},{31.1 + n % 400 / 1000},,"
        f"{8 + n % 8:02d}:{n % 60:02d},{9 + n % 8:02d}:{n % 60:02d},{20 + n % 40},ac:1,general,"
        for n in range(count)
    ]
    return "\n".join(lines) + "\n"


@pytest.mark.soak
def test_a_csv_day_of_100_000_visits_is_read(tmp_path: Path) -> None:
    folder = write_files(tmp_path, {**BASE, "visits.csv": _rows(MAX_VISITS)})
    start = time.process_time()
    found = read_day(folder)
    assert time.process_time() - start < BOUND_S
    assert len(found.day.visits) == MAX_VISITS


@pytest.mark.soak
def test_a_json_day_of_100_000_visits_is_read(tmp_path: Path) -> None:
    visits = [
        {
            **VISIT,
            "id": f"V{n}",
            "promises": [{"earliest": f"{8 + n % 8:02d}:{n % 60:02d}", "latest": "17:00"}],
        }
        for n in range(MAX_VISITS)
    ]
    path = (
        write_files(tmp_path, {"day.json": json.dumps({**HEADER, "visits": visits})}) / "day.json"
    )
    start = time.process_time()
    found = read_day(path)
    assert time.process_time() - start < BOUND_S
    assert len(found.day.visits) == MAX_VISITS
