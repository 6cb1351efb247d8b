"""Inputs of VROOM become days, or are refused by the name of the rule."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from dispatch.adapters.files import read_day
from dispatch.cli.exit_codes import Exit
from dispatch.domain import Priority
from dispatch.errors import InvalidRequest
from scenarios import convert
from scenarios.convert_vroom import read_vroom_day
from scenarios.errors import InstanceFormatError, UnsupportedRule

MONDAY = date(2026, 3, 2)
HOUR = 3600


def sample() -> dict[str, Any]:
    pause = {"id": 1, "time_windows": [[12 * HOUR, 13 * HOUR]], "service": 1800}
    return {
        "vehicles": [
            {
                "id": 1,
                "description": "Wei",
                "start": [121.47, 31.23],
                "end": [121.48, 31.24],
                "skills": [1, 3],
                "time_window": [8 * HOUR, 17 * HOUR],
                "breaks": [pause],
            }
        ],
        "jobs": [
            {
                "id": 7,
                "location": [121.45, 31.22],
                "setup": 300,
                "service": 1200,
                "skills": [3],
                "priority": 80,
                "time_windows": [[9 * HOUR, 10 * HOUR], [14 * HOUR, 15 * HOUR]],
            },
            {"id": 8, "location": [121.46, 31.21], "service": 600},
        ],
    }


def written(folder: Path, data: object) -> Path:
    path = folder / "trips.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_vehicles_and_jobs_become_technicians_and_visits(tmp_path: Path) -> None:
    day = read_vroom_day(written(tmp_path, sample()), on=MONDAY)
    (wei,) = day.technicians
    assert (wei.id, wei.name, wei.max_overtime_s) == ("1", "Wei", 0)
    assert [skill.skill for skill in wei.skills] == ["skill-1", "skill-3"]
    assert wei.shifts[0].breaks[0].duration_s == 1800
    first, second = day.visits
    # Setup 300 and service 1200 are one piece of work of 1500 seconds.
    assert (first.service_s, first.priority) == (1500, Priority.URGENT)
    assert [p.earliest.hour for p in first.promises if p.earliest] == [9, 14]
    assert second.promises == ()
    assert second.priority is Priority.GENERAL


def test_timestamps_bring_their_own_date(tmp_path: Path) -> None:
    data = sample()
    noon = int(datetime(2026, 5, 6, 4, tzinfo=UTC).timestamp())  # 12:00 in Shanghai
    data["vehicles"][0]["time_window"] = [noon, noon + 4 * HOUR]
    data["vehicles"][0]["breaks"] = []
    data["jobs"][0]["time_windows"] = [[noon + HOUR, noon + 2 * HOUR]]
    day = read_vroom_day(written(tmp_path, data), on=MONDAY)
    assert day.date == date(2026, 5, 6)
    assert day.visits[0].promises[0].earliest == datetime(2026, 5, 6, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("where", "field", "value"),
    [
        ("", "shipments", []),
        ("", "matrices", {}),
        ("jobs", "delivery", [1]),
        ("jobs", "location_index", 3),
        ("vehicles", "capacity", [4]),
        ("vehicles", "max_tasks", 2),
        ("vehicles", "profile", "truck"),
    ],
)
def test_a_rule_a_day_has_no_word_for_is_refused_by_name(
    where: str, field: str, value: object, tmp_path: Path
) -> None:
    data = sample()
    (data[where][0] if where else data)[field] = value
    with pytest.raises(UnsupportedRule, match=field):
        read_vroom_day(written(tmp_path, data), on=MONDAY)


def test_an_open_route_is_refused(tmp_path: Path) -> None:
    data = sample()
    del data["vehicles"][0]["end"]
    with pytest.raises(UnsupportedRule, match="without end"):
        read_vroom_day(written(tmp_path, data), on=MONDAY)


def test_every_fault_of_a_file_comes_at_once(tmp_path: Path) -> None:
    data = sample()
    data["jobs"][0]["location"] = [421.0, 31.0]
    data["jobs"][1]["service"] = "long"
    data["jobs"][1]["windows"] = []
    with pytest.raises(InvalidRequest) as caught:
        read_vroom_day(written(tmp_path, data), on=MONDAY)
    assert len(caught.value.faults) == 3


def test_a_window_that_ends_before_it_starts_is_refused(tmp_path: Path) -> None:
    data = sample()
    data["jobs"][0]["time_windows"] = [[10 * HOUR, 9 * HOUR]]
    with pytest.raises(InstanceFormatError, match="ends later"):
        read_vroom_day(written(tmp_path, data), on=MONDAY)


@pytest.mark.parametrize("name", ["day.json", "day.xlsx", "day"])
def test_the_command_writes_a_day_that_reads_back(name: str, tmp_path: Path) -> None:
    path = written(tmp_path, sample())
    parser = argparse.ArgumentParser()
    convert.add_arguments(parser)
    words = ["vroom", str(path), "--out", str(tmp_path / name)]
    assert convert.run(parser.parse_args(words)) == Exit.OK
    found = read_day(tmp_path / name)
    assert found.day == read_vroom_day(path, on=MONDAY)
    assert found.quarantined == ()
