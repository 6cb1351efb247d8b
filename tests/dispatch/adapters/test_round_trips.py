"""What is written is read back equal, or refused before anything is written."""

from __future__ import annotations

import tempfile
from pathlib import Path

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
