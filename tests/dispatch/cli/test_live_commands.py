"""`servicenet emergency`, `replan` and `slots` on the day of tests/live_days.py, from files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dispatch.adapters.files import write_day, write_plan, write_travel
from dispatch.adapters.store import migrate_store
from dispatch.cli.exit_codes import Exit
from dispatch.planning.daily import plan_day_with_travel
from geo.estimated import EstimatedTravel
from solver.stop import MaxIterations
from tests.command_line import run_here
from tests.desks import stocked_day

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.core


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A day and its plan, with the travel both were made with."""
    day = stocked_day()
    found = plan_day_with_travel(day, EstimatedTravel(), stop=MaxIterations(200))
    folder = tmp_path / "out"
    folder.mkdir()
    write_day(day, tmp_path / "day.json")
    write_plan(found.plan, folder / "plan.json")
    write_travel(found.travel_table, folder / "travel.npz")
    return tmp_path / "day.json", folder


def test_an_emergency_gets_its_ways_as_a_table_and_as_json(
    capsys: Capture, tmp_path: Path, files: tuple[Path, Path]
) -> None:
    where = ("--at", "121.01,31.01", "--service-min", "30", "--at-time", "10:00")
    ran = run_here(capsys, "emergency", *files, *where)
    assert ran.code == Exit.OK, ran.err
    head, columns, first, *_ = ran.out.splitlines()
    assert head == "E1 at 10:00, soonest"
    assert columns.split()[:3] == ["who", "arrives", "clock"]
    assert first.startswith("0  ")
    out = tmp_path / "ways"
    found = run_here(capsys, "emergency", *files, *where, "--json", "--out", out).json
    assert (found["ok"], found["visit"], found["chosen"]) == (True, "E1", None)
    assert found["as_planned_reports"] > 0
    options = found["options"]
    assert 2 <= len(options) <= 5
    assert [one["index"] for one in options] == list(range(len(options)))
    assert all(one["price"]["total"] > 0 for one in options)
    assert json.loads((out / "emergency.json").read_text()) == found
    # Work under way is done first in both modes; who is on the way may go on first.
    after = run_here(capsys, "emergency", *files, *where, "--json", "--mode", "after_current").json
    assert after["mode"] == "after_current"


def test_a_visit_from_a_file_is_searched_for_a_better_way(
    capsys: Capture, tmp_path: Path, files: tuple[Path, Path]
) -> None:
    file = tmp_path / "visit.json"
    file.write_text('{"id": "N1", "place": {"lon": 121.02, "lat": 31.0}, "service_s": 1800}')
    words = ("--visit", file, "--improve", "0.2", "--top", "3")
    found = run_here(capsys, "emergency", *files, *words, "--json").json
    assert found["visit"] == "N1"
    assert 1 <= len(found["options"]) <= 3
    file.write_text('{"id": "N1", "place": {"lon": 121.02, "lat": 31.0}, "service": 1800}')
    ran = run_here(capsys, "emergency", *files, "--visit", file)
    assert ran.code == Exit.INPUT
    assert "visit.json" in ran.err


def test_a_way_is_put_in_force_in_a_store_once(
    capsys: Capture, tmp_path: Path, files: tuple[Path, Path]
) -> None:
    store = tmp_path / "live.db"
    migrate_store(str(store))
    words = (*files, "--at", "121.01,31.01", "--store", store)
    assert run_here(capsys, "emergency", *words, "--choose", "9").code == Exit.INPUT
    done = run_here(capsys, "emergency", *words, "--choose", "0", "--json").json
    assert done["chosen"] == 0
    again = run_here(capsys, "emergency", *words, "--choose", "0")
    assert again.code == Exit.INPUT
    assert "D9504" in again.err
    assert run_here(capsys, "store", "check", store).code == Exit.OK
    ran = run_here(capsys, "emergency", *files, "--at", "121,31", "--id", "E2", "--store", store)
    assert ran.code == Exit.OK
    ran = run_here(capsys, "emergency", *files, "--at", "121,31", "--choose", "0")
    assert ran.code == Exit.USAGE
    assert "--choose needs --store" in ran.err


@pytest.mark.parametrize("mode", ["fill_gaps", "keep_technicians", "all"])
def test_the_rest_of_a_day_is_a_day_of_its_own_that_check_accepts(
    capsys: Capture, tmp_path: Path, files: tuple[Path, Path], mode: str
) -> None:
    out = tmp_path / mode
    freeze = ("--freeze-minutes", "30", "--freeze-next", "1", "--freeze-technician", "T1")
    words = ("--at-time", "09:10", "--mode", mode, "--iterations", "100", *freeze)
    found = run_here(capsys, "replan", *files, *words, "--out", out, "--json").json
    assert (found["ok"], found["mode"]) == (True, mode)
    assert {one.name for one in out.iterdir()} == set(found["files"])
    assert json.loads((out / "diff.json").read_text())["price"] == found["diff"]["price"]
    assert (out / "diff.txt").read_text().splitlines()[-1].startswith("price ")
    checked = run_here(capsys, "check", out / "day.json", out / "plan.json", "--json").json
    assert checked["violations"] == []
    assert checked["ok"]


def test_a_moment_that_is_none_is_told(
    capsys: Capture, tmp_path: Path, files: tuple[Path, Path]
) -> None:
    for moment in ("25:00", "noon", "2030-01-01T00:00+08:00", "2026-03-02T10:00"):
        words = ("--at-time", moment, "--out", tmp_path / "o")
        ran = run_here(capsys, "replan", *files, *words)
        assert ran.code == Exit.INPUT
        assert "D9512" in ran.err


def test_customers_get_windows_over_the_days(
    capsys: Capture, tmp_path: Path, files: tuple[Path, Path]
) -> None:
    asked = [
        {"id": f"N{n}", "place": {"lon": 121 + n / 100, "lat": 31.0}, "service_s": 1800}
        for n in range(3)
    ]
    file = tmp_path / "customers.json"
    file.write_text(json.dumps({"customers": asked}))
    found = run_here(capsys, "slots", *files, "--customers", file, "--top", "2", "--json").json
    assert set(found["slots"]) == {"N0", "N1", "N2"}
    for slots in found["slots"].values():
        assert 1 <= len(slots) <= 2
        assert [one["cost_fen"] for one in slots] == sorted(one["cost_fen"] for one in slots)
    ran = run_here(capsys, "slots", *files, "--customers", file)
    assert ran.out.splitlines()[0] == "N0"
    assert run_here(capsys, "slots", files[0], "--customers", file).code == Exit.USAGE
    file.write_text(json.dumps({"customers": [asked[0], asked[0]]}))
    assert "an id of its own" in run_here(capsys, "slots", *files, "--customers", file).err
