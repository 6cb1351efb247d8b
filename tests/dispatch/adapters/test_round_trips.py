"""What is written is read back equal, or refused before anything is written."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from dispatch.adapters.files import read_day, write_day
from dispatch.domain import Day
from tests.dispatch.adapters.day_strategies import days

calm = settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@calm
@given(days())
def test_a_day_survives_json(day: Day) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "day.json"
        write_day(day, path)
        found = read_day(path)
    assert found.day == day
    assert found.quarantined == ()


@calm
@given(days())
def test_a_day_survives_csv(day: Day) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "day"
        write_day(day, path)
        found = read_day(path)
    assert found.day == day
    assert found.quarantined == ()


@calm
@given(days())
def test_a_day_survives_a_workbook(day: Day) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "day.xlsx"
        write_day(day, path)
        found = read_day(path)
    assert found.day == day
    assert found.quarantined == ()


@pytest.mark.soak
@settings(calm, max_examples=1_000)
@given(days())
def test_a_thousand_days_survive_a_workbook(day: Day) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "day.xlsx"
        write_day(day, path)
        assert read_day(path).day == day
