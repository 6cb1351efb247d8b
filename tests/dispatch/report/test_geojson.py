"""The plan as GeoJSON, RFC 7946."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from dispatch.adapters.geojson import build_geojson, write_geojson
from dispatch.adapters.map_links import find_shifted
from dispatch.adapters.route_lines import trace_routes
from tests.days import GridTown, spot
from tests.report_days import SECRET, reported
from tests.whole_days import DAY, PLAN


def collection() -> dict[str, Any]:
    made = reported()
    lines = trace_routes(made.day, made.plan, GridTown())
    return build_geojson(made.day, made.plan, lines, attribution="nobody")


def of_kind(kind: str) -> list[dict[str, Any]]:
    return [f for f in collection()["features"] if f["properties"]["kind"] == kind]


def positions(coordinates: Any) -> list[list[float]]:
    if isinstance(coordinates[0], float):
        return [coordinates]
    return [position for part in coordinates for position in positions(part)]


def test_every_feature_has_the_members_of_the_standard() -> None:
    found = collection()
    assert found["type"] == "FeatureCollection"
    # RFC 7946 section 4: no other reference system may be named.
    assert "crs" not in found
    for feature in found["features"]:
        assert set(feature) == {"type", "geometry", "properties"}
        assert feature["type"] == "Feature"
        assert feature["geometry"]["type"] in {"Point", "MultiLineString"}
        for lon, lat in positions(feature["geometry"]["coordinates"]):
            assert 121.0 <= lon <= 121.1
            assert 31.0 <= lat <= 31.1


def test_lines_have_two_positions_and_meet_leg_after_leg() -> None:
    (route,) = of_kind("route")
    legs = route["geometry"]["coordinates"]
    # To V1, to V2, to E1, home.
    assert len(legs) == 4
    assert all(len(leg) >= 2 for leg in legs)
    assert [leg[0] for leg in legs[1:]] == [leg[-1] for leg in legs[:-1]]
    assert legs[0][0] == [spot().lon, spot().lat]


def test_estimated_travel_is_said_of_straight_lines() -> None:
    assert collection()["estimated_travel"] is True
    assert of_kind("route")[0]["properties"]["geometry"] == "straight lines, travel is estimated"


def test_stops_state_local_times_lateness_and_promise() -> None:
    late = next(f["properties"] for f in of_kind("stop") if f["properties"]["visit"] == "V2")
    assert late["arrival"] == "2026-03-02T09:00:00+08:00"
    assert late["promise_latest"] == "2026-03-02T08:30:00+08:00"
    assert late["lateness_s"] == 1800
    assert late["number"] == 2
    emergency = next(f["properties"] for f in of_kind("stop") if f["properties"]["visit"] == "E1")
    received = datetime.fromisoformat(emergency["promise_earliest"])
    latest = datetime.fromisoformat(emergency["promise_latest"])
    assert latest - received == timedelta(minutes=15)


def test_unassigned_contracted_and_outlets_are_there() -> None:
    (unassigned,) = of_kind("unassigned")
    assert unassigned["properties"]["reasons"][0]["code"] == "skill_missing"
    assert [f["properties"]["outlet"] for f in of_kind("contracted")] == ["C1"]
    assert {f["properties"]["outlet"] for f in of_kind("outlet")} == {"O1", "C1"}


def test_the_file_is_strict_json_without_customer_data(tmp_path: Path) -> None:
    path = tmp_path / "routes.geojson"
    write_geojson(path, collection())
    text = path.read_text(encoding="utf-8")
    assert json.loads(text) == collection()
    assert all(secret not in text for secret in SECRET)


def test_gcj02_moves_every_position_and_is_named() -> None:
    made = reported()
    lines = trace_routes(made.day, made.plan, GridTown())
    plain = build_geojson(made.day, made.plan, lines)
    moved = build_geojson(made.day, made.plan, lines, datum="gcj02")
    assert "datum" not in plain
    assert moved["datum"] == "GCJ-02"
    for before, after in zip(plain["features"], moved["features"], strict=True):
        assert before["properties"] == after["properties"]
        pairs = zip(
            positions(before["geometry"]["coordinates"]),
            positions(after["geometry"]["coordinates"]),
            strict=True,
        )
        for old, new in pairs:
            assert tuple(new) == find_shifted(*old)
            assert old != new


def test_pick_ups_parts_and_crews_are_properties_of_stops() -> None:
    lines = trace_routes(DAY, PLAN, GridTown())
    found = build_geojson(DAY, PLAN, lines)["features"]
    stops = [f["properties"] for f in found if f["properties"]["kind"] == "stop"]
    (pickup,) = [stop for stop in stops if stop["stop"] == "pickup"]
    assert (pickup["outlet"], pickup["parts"]) == ("O2", [{"part": "valve", "quantity": 2}])
    assert [stop["crew"] for stop in stops if stop["visit"] == "V3"] == [1, 2]
