"""``plan.gpkg``: layers of a plan with styles that know every value."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import pytest

from dispatch.adapters.plan_geopackage import plan_layers, plan_styles, write_plan_geopackage
from dispatch.adapters.route_lines import trace_routes
from dispatch.domain import Day, DayPlan
from tests.days import GridTown
from tests.report_days import SECRET, reported
from tests.whole_days import DAY, PLAN


def written(folder: Path, day: Day, plan: DayPlan) -> Path:
    path = folder / "plan.gpkg"
    write_plan_geopackage(path, day, plan, trace_routes(day, plan, GridTown()))
    return path


def test_routes_stops_outlets_and_what_is_left_out_are_layers(tmp_path: Path) -> None:
    path = written(tmp_path, DAY, PLAN)
    found = {name: gpd.read_file(path, layer=name) for name in
             ("routes", "stops", "contracted", "outlets", "unassigned")}  # fmt: skip
    assert found["routes"]["technician"].tolist() == ["T1", "T2", "T1"]
    assert len(found["stops"]) == sum(len(route.stops) for route in PLAN.routes)
    pickup = found["stops"][found["stops"]["state"] == "pickup"].iloc[0]
    assert (pickup["outlet"], pickup["parts"]) == ("O2", "valve x 2")
    # O2 lies one step east and one north.
    assert (pickup.geometry.x, pickup.geometry.y) == pytest.approx((121.01, 31.01))
    assert found["unassigned"]["earliest"].tolist() == ["2026-03-04"]
    assert all(layer.crs.to_epsg() == 4326 for layer in found.values())


def test_every_layer_has_its_style_and_every_value_its_symbol(tmp_path: Path) -> None:
    for day, plan in ((DAY, PLAN), (reported().day, reported().plan)):
        with sqlite3.connect(written(tmp_path, day, plan)) as file:
            rows = file.execute("SELECT f_table_name, styleQML FROM layer_styles").fetchall()
        layers = plan_layers(day, plan, trace_routes(day, plan, GridTown()))
        assert {name for name, _ in rows} == set(layers)
        for name, text in rows:
            renderer = ET.fromstring(text.split("\n", 1)[1]).find("renderer-v2")  # noqa: S314 - our own
            assert renderer is not None
            values = {one.get("value") for one in renderer.iter("category")}
            if renderer.get("attr"):
                assert set(layers[name][renderer.get("attr")]) <= values
        assert set(layers) <= set(plan_styles(day))


def test_no_customer_is_in_the_file(tmp_path: Path) -> None:
    made = reported()
    raw = written(tmp_path, made.day, made.plan).read_bytes()
    assert b"V1" in raw
    assert not [word for word in SECRET if word.encode() in raw]
