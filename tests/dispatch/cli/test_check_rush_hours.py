"""``servicenet plan`` and ``check`` on a day with travel by hour, over real roads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dispatch.adapters.files import read_day, read_travel, write_day, write_plan, write_travel
from dispatch.cli.exit_codes import Exit
from dispatch.domain import Day, Outlet, Place
from dispatch.domain.traffic import AreaFactor, Traffic
from dispatch.planning.daily import plan_day_with_travel
from dispatch.planning.travel import travel_digest
from geo.matrix_provider import RoadTravel
from solver.stop import MaxIterations
from tests.command_line import run_here
from tests.data_root import data_or_skip
from tests.days import at, technician, tiny_day, visit, window


def monaco_day(travel: RoadTravel) -> Day:
    network = travel.get_network("car")
    nodes = np.flatnonzero(network.component == 0)[:: network.n_nodes // 7][:6]
    places = [
        Place(lon=round(float(network.node_lon[n]), 6), lat=round(float(network.node_lat[n]), 6))
        for n in nodes
    ]
    west = min(place.lon for place in places) - 0.01
    middle = float(np.median([place.lon for place in places]))
    area = AreaFactor(
        name="race track", ring=((west, 43.0), (middle, 43.0), (middle, 44.0), (west, 44.0)),
        start=at("08:30"), end=at("11:00"), percent=30,
    )  # fmt: skip
    visits = [
        visit(f"V{i}", place=place, promises=(window(f"{8 + i:02}:30", f"{9 + i:02}:00"),))
        for i, place in enumerate(places[1:])
    ]
    traffic = Traffic(areas=(area,))
    return tiny_day(visits, [technician()], [Outlet(id="O1", place=places[0])], traffic=traffic)


@pytest.fixture(scope="module")
def roads() -> Path:
    return data_or_skip("maps", "monaco.osm.pbf")


@pytest.fixture(scope="module")
def planned(roads: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("monaco")
    travel = RoadTravel.from_file(roads, cache_dir=folder / "cache")
    day = monaco_day(travel)
    result = plan_day_with_travel(day, travel, stop=MaxIterations(100))
    write_day(day, folder / "day.json")
    write_plan(result.plan, folder / "plan.json")
    write_travel(result.travel_table, folder / "travel.npz")
    return folder


def test_a_plan_by_hour_is_read_back_and_keeps_every_rule_on_the_roads(
    capsys: pytest.CaptureFixture[str], planned: Path, roads: Path
) -> None:
    table = read_travel(planned / "travel.npz")
    assert table.regimes is not None
    assert len(table.regimes.durations_s["car"]) == 6
    assert "6 states of traffic, 1 area with a live factor (the closest of 7 merged)" in (
        table.description
    )
    day, plan = planned / "day.json", planned / "plan.json"
    ran = run_here(capsys, "check", day, plan, "--roads", roads, "--samples", "12")
    assert ran.code == Exit.OK, ran.out


def test_a_state_that_the_roads_do_not_know_is_found_out(
    capsys: pytest.CaptureFixture[str], planned: Path, roads: Path, tmp_path: Path
) -> None:
    table = read_travel(planned / "travel.npz")
    assert table.regimes is not None
    tables = table.regimes.durations_s["car"]
    faster = {"car": (*tables[:-1], np.where(tables[-1] > 0, tables[-1] - 5, tables[-1]))}
    changed = replace(table, regimes=replace(table.regimes, durations_s=faster))
    assert travel_digest(changed) != travel_digest(table)
    day = read_day(planned / "day.json").day
    result = plan_day_with_travel(day, changed, stop=MaxIterations(100))
    write_plan(result.plan, tmp_path / "plan.json")
    write_travel(changed, tmp_path / "travel.npz")
    ran = run_here(
        capsys, "check", planned / "day.json", tmp_path / "plan.json", "--roads", roads,
        "--samples", "60",
    )  # fmt: skip
    assert ran.code == Exit.VIOLATIONS
    assert "in state 5 of traffic" in ran.out


def test_a_table_without_the_hours_of_the_day_is_refused(
    capsys: pytest.CaptureFixture[str], planned: Path, tmp_path: Path
) -> None:
    table = read_travel(planned / "travel.npz")
    write_travel(replace(table, regimes=None), tmp_path / "travel.npz")
    (tmp_path / "plan.json").write_bytes((planned / "plan.json").read_bytes())
    ran = run_here(capsys, "check", planned / "day.json", tmp_path / "plan.json")
    assert ran.code == Exit.INPUT
    assert "D7203" in ran.out + ran.err
