"""``servicenet check``: plans and hand-made orders, judged."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dispatch.adapters.files import read_travel, write_day, write_plan, write_travel
from dispatch.cli.exit_codes import Exit
from dispatch.planning.daily import plan_day_with_travel
from solver.stop import MaxIterations
from tests.command_line import run_here
from tests.days import GridTown, shift, technician, tiny_day, visit, window
from tests.osm_files import write_osm


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A day, its plan and its travel table, in the town whose steps take 10 minutes."""
    day = tiny_day([visit("V1", promises=(window("09:00", "11:00"),)), visit("V2", 0, 2)])
    result = plan_day_with_travel(day, GridTown(), stop=MaxIterations(50))
    write_day(day, tmp_path / "day.json")
    write_plan(result.plan, tmp_path / "plan.json")
    write_travel(result.travel_table, tmp_path / "travel.npz")
    return tmp_path


def test_our_own_plan_keeps_every_rule(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    ran = run_here(capsys, "check", folder / "day.json", folder / "plan.json")
    assert ran.code == Exit.OK
    assert "keeps every rule" in ran.out
    assert f"travel from {folder / 'travel.npz'}" in ran.out


def test_json_states_ok_violations_cost_and_where_travel_came_from(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    found = run_here(capsys, "check", folder / "day.json", folder / "plan.json", "--json").json
    assert found["ok"] is True
    assert found["violations"] == []
    assert found["cost"]["total"] > 0
    assert found["travel"]["estimated"] is True
    assert found["travel"]["retimed_on"] is None


def test_a_changed_plan_is_found_out(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    data: dict[str, Any] = json.loads((folder / "plan.json").read_text("utf-8"))
    data["cost"]["work"] += 1
    (folder / "plan.json").write_text(json.dumps(data), encoding="utf-8")
    ran = run_here(capsys, "check", folder / "day.json", folder / "plan.json", "--json")
    assert ran.code == Exit.VIOLATIONS
    assert ran.json["ok"] is False
    assert ran.json["violations"]


def test_a_travel_table_the_plan_was_not_made_with_is_found_out(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    # All figures stay as they are; only the words "estimated" on both sides are turned.
    table = read_travel(folder / "travel.npz")
    write_travel(replace(table, estimated=False), folder / "travel.npz")
    data: dict[str, Any] = json.loads((folder / "plan.json").read_text("utf-8"))
    data["estimated_travel"] = False
    (folder / "plan.json").write_text(json.dumps(data), encoding="utf-8")
    ran = run_here(capsys, "check", folder / "day.json", folder / "plan.json", "--json")
    assert ran.code == Exit.VIOLATIONS
    assert [violation["code"] for violation in ran.json["violations"]] == ["wrong_travel"]


def test_a_plan_without_its_travel_table_is_a_fault(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    (folder / "travel.npz").unlink()
    ran = run_here(capsys, "check", folder / "day.json", folder / "plan.json")
    assert ran.code == Exit.INPUT
    assert "travel.npz" in ran.err


@pytest.mark.parametrize("form", [{"T1": ["V2", "V1"]}, {"routes": {"T1": ["V2", "V1"]}}])
def test_an_order_is_timed_and_judged(
    capsys: pytest.CaptureFixture[str], folder: Path, form: dict[str, Any]
) -> None:
    order = folder / "order.json"
    order.write_text(json.dumps(form), encoding="utf-8")
    ran = run_here(capsys, "check", folder / "day.json", order, "--json")
    assert ran.code == Exit.OK
    stops = [s for s in ran.json["plan"]["routes"][0]["stops"] if s["kind"] == "visit"]
    assert [stop["visit"] for stop in stops] == ["V2", "V1"]
    # Leaves at 8:00, two steps to V2: 8:20 to 8:50; two steps down and one east: 9:20.
    assert [stop["arrival"][11:16] for stop in stops] == ["08:20", "09:20"]
    text = run_here(capsys, "check", folder / "day.json", order).out
    assert "08:20:00  V2" in text
    assert "09:20:00  V1" in text


def test_an_order_that_names_nobody_known_breaks_rules(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    order = folder / "order.json"
    order.write_text('{"T1": ["V1"], "T9": ["V2"]}', encoding="utf-8")
    ran = run_here(capsys, "check", folder / "day.json", order, "--json")
    assert ran.code == Exit.VIOLATIONS
    assert "unknown_technician" in {v["code"] for v in ran.json["violations"]}


def test_an_order_gives_each_shift_its_own_list(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    twice = technician(shifts=(shift("08:00", "11:00"), shift("14:00", "18:00")))
    jobs = [visit("V1", promises=(window("09:00", "10:00"),)), visit("V2"), visit("V3")]
    write_day(tiny_day(jobs, [twice]), tmp_path / "day.json")
    order = tmp_path / "order.json"
    order.write_text('{"T1": [["V1"], ["V2"]]}', encoding="utf-8")
    ran = run_here(capsys, "check", tmp_path / "day.json", order)
    assert ran.code == Exit.OK, ran.out
    assert ran.out.count("T1: leaves") == 2
    assert "unassigned: V3" in ran.out
    order.write_text('{"T1": [["V1"], [], ["V2"]]}', encoding="utf-8")
    assert "unknown_shift" in run_here(capsys, "check", tmp_path / "day.json", order).out


def test_a_file_that_is_no_plan_is_named_before_the_travel_beside_it_is_missed(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    (folder / "travel.npz").unlink()
    ran = run_here(capsys, "check", folder / "day.json", folder / "day.json")
    assert ran.code == Exit.INPUT
    assert "travel.npz" not in ran.err


@pytest.mark.parametrize(
    "text",
    [
        '{"T1": [["V1"], "V2"]}',
        '{"T1": [["V1"], [2]]}',
        '{"T1": "V1"}',
        '{"routes": [1]}',
        '{"routes": {}, "x": {}}',
    ],
)
def test_a_broken_order_is_a_fault(
    capsys: pytest.CaptureFixture[str], folder: Path, text: str
) -> None:
    order = folder / "order.json"
    order.write_text(text, encoding="utf-8")
    ran = run_here(capsys, "check", folder / "day.json", order)
    assert ran.code == Exit.INPUT
    assert "order.json" in ran.err


def test_an_order_without_a_table_is_judged_by_estimates_that_say_so(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    (folder / "travel.npz").unlink()
    order = folder / "order.json"
    order.write_text('{"T1": ["V1", "V2"]}', encoding="utf-8")
    found = run_here(capsys, "check", folder / "day.json", order, "--json").json
    assert found["travel"]["estimated"] is True
    assert "estimated" in found["travel"]["source"]
    assert "travel is estimated, not measured on roads" in found["notes"]


# Three crossings in a row, one step of 0.01 degrees apart, and one off to the north.
CROSSINGS = {
    n: (121.0 + 0.01 * x, 31.0 + 0.01 * y) for n, x, y in ((1, 0, 0), (2, 1, 0), (3, 1, 1))
}
STREETS = [([1, 2], {"highway": "primary"}), ([2, 3], {"highway": "residential"})]


@pytest.fixture
def on_roads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a map, a day on it, and its plan made on that map."""
    monkeypatch.setenv("SERVICENET_CACHE", str(tmp_path / "cache"))
    write_osm(tmp_path / "town.osm", CROSSINGS, STREETS)
    write_day(tiny_day([visit("V1", 1), visit("V2", 1, 1)]), tmp_path / "day.json")
    return tmp_path


def test_legs_are_timed_again_on_the_map(
    capsys: pytest.CaptureFixture[str], on_roads: Path
) -> None:
    town, day, out = on_roads / "town.osm", on_roads / "day.json", on_roads / "out"
    words = ("plan", day, "--roads", town, "--out", out, "--iterations", 20, "--json")
    assert run_here(capsys, *words).json["estimated_travel"] is False
    ran = run_here(capsys, "check", day, out / "plan.json", "--roads", town, "--json")
    assert ran.code == Exit.OK
    assert ran.json["travel"]["retimed_on"] == str(town)
    assert "roads" in ran.json["travel"]["description"]
    routes = json.loads((out / "routes.geojson").read_text("utf-8"))
    (route,) = [f for f in routes["features"] if f["properties"]["kind"] == "route"]
    assert route["properties"]["geometry"] == "roads"


def test_a_travel_table_that_is_not_the_maps_is_found_out(
    capsys: pytest.CaptureFixture[str], on_roads: Path
) -> None:
    town, day, out = on_roads / "town.osm", on_roads / "day.json", on_roads / "out"
    assert run_here(capsys, "plan", day, "--out", out, "--iterations", 20).code == Exit.OK
    ran = run_here(capsys, "check", day, out / "plan.json", "--roads", town, "--json")
    assert ran.code == Exit.VIOLATIONS
    assert {violation["code"] for violation in ran.json["violations"]} == {"leg_retimed"}
