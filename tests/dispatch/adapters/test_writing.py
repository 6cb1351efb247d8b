"""Plans, travel tables and what happens when writing fails."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest

from dispatch.adapters.files import (
    read_plan,
    read_travel,
    write_day,
    write_plan,
    write_travel,
)
from dispatch.adapters.files.atomic import write_atomically
from dispatch.domain import (
    Choice,
    CostBreakdown,
    DayPlan,
    PlanRoute,
    PlanStatus,
    PlanStop,
    QuarantinedVisit,
    Reason,
    UnassignedVisit,
    Waiver,
)
from dispatch.domain.checks import Code
from dispatch.domain.travel_table import NO_WAY, TravelTable
from dispatch.errors import InvalidRequest
from tests.dispatch.adapters.broken_inputs import sound_day, write_files

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))


def small_plan() -> DayPlan:
    stop = PlanStop(
        kind="visit",
        visit="V1",
        promise="1",
        reached=NINE,
        arrival=NINE,
        start=NINE,
        end=NINE + timedelta(minutes=30),
        waivers=(Waiver(who="李", rule="territory", why="近"),),
        lon=121.4,
        lat=31.2,
    )
    return DayPlan(
        status=PlanStatus.HAS_UNASSIGNED,
        day="D1",
        seed=7,
        iterations=100,
        runtime_s=0.125,
        engine="core",
        stopped_by="iterations",
        estimated_travel=True,
        cost=CostBreakdown(unassigned=80_000, total=80_000),
        routes=(PlanRoute(technician="T1", start=NINE, end=NINE, stops=(stop,)),),
        unassigned=(
            UnassignedVisit(
                visit="V2",
                reasons=(Reason(technician="T1", code="shift", found="a", expected="b"),),
            ),
        ),
        quarantined=(QuarantinedVisit(visit="V3", code="D4104", reason="(0, 0)"),),
        choices=(Choice(visit="V1", technician="T1", cost_share=5),),
    )


def small_table(m: int = 3) -> TravelTable:
    seconds = np.arange(m * m, dtype=np.int32).reshape(m, m)
    seconds[0, 1] = NO_WAY
    return TravelTable(
        lonlat=np.array([[121.0 + i / 7, 31.0] for i in range(m)]),
        durations_s={"car": seconds, "walk": seconds.copy()},
        distances_m={"car": seconds.copy(), "walk": seconds.copy()},
        estimated=True,
        description="大圆距离",
        attribution="© nobody",
    )


def test_a_plan_survives_its_file(tmp_path: Path) -> None:
    write_plan(small_plan(), tmp_path / "out" / "plan.json")
    assert read_plan(tmp_path / "out" / "plan.json") == small_plan()


def test_every_fault_of_a_broken_plan_is_named(tmp_path: Path) -> None:
    text = small_plan().model_dump_json().replace('"kind":"visit"', '"kind":"visti"')
    text = text.replace('"seed":7', '"seed":"7"')
    path = write_files(tmp_path, {"plan.json": text}) / "plan.json"
    with pytest.raises(InvalidRequest) as caught:
        read_plan(path)
    found = {(fault.code, fault.where) for fault in caught.value.faults}
    assert found == {
        (Code.WRONG_TYPE, "plan.json seed"),
        (Code.WRONG_CHOICE, "plan.json routes[0].stops[0].kind"),
    }


def test_a_travel_table_survives_its_file(tmp_path: Path) -> None:
    table = small_table()
    write_travel(table, tmp_path / "travel.npz")
    found = read_travel(tmp_path / "travel.npz")
    assert np.array_equal(found.lonlat, table.lonlat)
    for profile in ("car", "walk"):
        assert np.array_equal(found.durations_s[profile], table.durations_s[profile])
        assert np.array_equal(found.distances_m[profile], table.distances_m[profile])
    assert (found.estimated, found.description, found.attribution) == (True, "大圆距离", "© nobody")


def test_a_travel_table_with_pickled_objects_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "travel.npz"
    np.savez(path, lonlat=np.array([{"a": 1}], dtype=object))
    with pytest.raises(InvalidRequest) as caught:
        read_travel(path)
    assert [fault.code for fault in caught.value.faults] == [Code.TRAVEL_FILE]


def test_a_travel_table_below_the_mask_is_refused(tmp_path: Path) -> None:
    table = small_table()
    table.durations_s["car"][1, 2] = -2
    write_travel(table, tmp_path / "travel.npz")
    with pytest.raises(InvalidRequest) as caught:
        read_travel(tmp_path / "travel.npz")
    assert [fault.code for fault in caught.value.faults] == [Code.TRAVEL_SHAPE]


def test_a_write_that_fails_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    path = write_files(tmp_path, {"plan.json": "old"}) / "plan.json"

    def fail(file: object) -> None:
        file.write(b"half")  # type: ignore[attr-defined] # a binary file
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_atomically(path, fail)
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["plan.json"]


def test_a_folder_that_cannot_be_written_whole_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    day = sound_day(tmp_path / "in")
    write_day(day, tmp_path / "out")
    before = {entry.name: entry.read_bytes() for entry in (tmp_path / "out").iterdir()}
    visit = day.visits[0].model_copy(update={"district": " blank ends "})
    with pytest.raises(InvalidRequest):
        write_day(day.model_copy(update={"visits": (visit,)}), tmp_path / "out")
    assert {e.name: e.read_bytes() for e in (tmp_path / "out").iterdir()} == before
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["in", "out"]


def test_writing_a_day_again_leaves_no_table_of_the_old_one(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    day = sound_day(tmp_path / "in")
    write_files(tmp_path / "in", {"promises.csv": "visit,appointment\nV3,10:00\n"})
    write_day(day, tmp_path / "in")
    names = {entry.name for entry in (tmp_path / "in").iterdir()}
    assert names == {"day.csv", "outlets.csv", "technicians.csv", "visits.csv"}
