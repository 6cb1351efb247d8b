"""The use cases over files: what is written is read again and judged the same."""

from __future__ import annotations

import json

import pytest

from dispatch.adapters.files import read_plan, read_travel, write_day
from dispatch.errors import InvalidRequest
from dispatch.service import check_plan_file, plan_file, plan_files, write_planned_day
from solver.stop import MaxIterations
from tests.days import (
    GridTown,
    appointment,
    needs,
    outlet,
    skills,
    spot,
    technician,
    tiny_day,
    visit,
)

FEW = MaxIterations(100)


@pytest.fixture
def day_file(tmp_path):
    jobs = [
        visit("V1", promises=(appointment("10:00"),), skills=needs(gas=1)),
        visit("V2", 2),
        visit("V3", 0, 2, skills=needs(tv=1)),
        visit("V4", 9, 9),
    ]
    path = tmp_path / "day.json"
    write_day(tiny_day(jobs, [technician(skills=skills(gas=2))], [outlet()]), path)
    return path


def test_a_day_from_a_file_is_planned_written_and_passes_the_check(day_file, tmp_path):
    town = GridTown(far=[spot(9, 9)])
    planned = plan_file(day_file, town, stop=FEW)
    files = write_planned_day(planned, tmp_path / "out", town)
    assert sorted(files) == [
        "calendars",
        "plan.gpkg",
        "plan.json",
        "plan.xlsx",
        "report.html",
        "routes.geojson",
        "travel.npz",
    ]
    assert all(path.stat().st_size > 0 for path in files.values())
    assert read_plan(files["plan.json"]) == planned.plan
    assert read_travel(files["travel.npz"]).durations_s.keys() == {"car"}
    checked = check_plan_file(day_file, files["plan.json"])
    assert checked.verdict.ok, checked.verdict.violations
    assert checked.verdict.cost == planned.plan.cost
    assert [q.visit for q in planned.plan.quarantined] == ["V4"]
    assert {f.clause.id for f in planned.findings} >= {"T259-9-d", "T259-8.3-a", "CARD-E15"}


def test_a_plan_that_was_tampered_with_is_caught(day_file, tmp_path):
    town = GridTown()
    planned = plan_file(day_file, town, stop=FEW)
    files = write_planned_day(planned, tmp_path / "out", town)
    data = json.loads(files["plan.json"].read_text(encoding="utf-8"))
    data["cost"]["travel"] += 1
    files["plan.json"].write_text(json.dumps(data), encoding="utf-8")
    checked = check_plan_file(day_file, files["plan.json"], travel=planned.travel_table)
    assert checked.verdict.codes == {"cost_component", "cost_total"}


def test_a_plan_is_judged_by_other_roads_if_asked(day_file, tmp_path):
    planned = plan_file(day_file, GridTown(), stop=FEW)
    files = write_planned_day(planned, tmp_path / "out", GridTown())
    blocked = check_plan_file(day_file, files["plan.json"], travel=GridTown(cut=[spot(2, 0)]))
    assert {"wrong_travel", "no_way"} <= blocked.verdict.codes


def test_many_days_are_read_before_the_first_is_planned(day_file, tmp_path):
    told = []
    town = GridTown()
    town.matrix = lambda *_: told.append("matrix")  # type: ignore[method-assign]  # a spy
    with pytest.raises(InvalidRequest):
        plan_files([day_file, tmp_path / "missing.json"], town, stop=FEW)
    assert told == []
    both = plan_files([day_file, day_file], GridTown(), stop=FEW)
    assert both[0].plan.cost == both[1].plan.cost
