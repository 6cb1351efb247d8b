"""The bench of travel matrices: what it compares, what it says about peers that are not there."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pytest

import scenarios.bench.matrix as bench_module
from geo.network import RoadNetwork
from scenarios.bench.matrix import add_arguments, bench, bench_matrix, count_differences, find_maps
from scenarios.bench.peers import matrix_peers
from scenarios.bench.peers.matrix_peers import measure_scipy
from scenarios.bench.peers.osrm_peer import HOME_VARIABLE, find_osrm, measure_osrm
from scenarios.errors import DataUnavailable
from solver.graph import Hierarchy, Ways
from tests.data_root import data_or_skip
from tests.networks import make_town

PLACES = np.arange(0, 81, 2)


@pytest.fixture(autouse=True)
def no_osrm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)


@pytest.fixture
def town(monkeypatch: pytest.MonkeyPatch) -> RoadNetwork:
    town = make_town(9, seed=2)
    monkeypatch.setattr(bench_module, "read_network", lambda _path: town)
    return town


def compute(town: RoadNetwork) -> Ways:
    hierarchy = Hierarchy.build(
        town.n_nodes, town.tail, town.head, town.node_lon, town.node_lat, engine="scipy"
    )
    return hierarchy.customize(town.free_flow_ms, town.length_mm).matrix(PLACES, PLACES)


@pytest.mark.core
@pytest.mark.usefixtures("town")
def test_every_engine_gets_a_row_and_ours_is_exact() -> None:
    report = bench_matrix(Path("town.osm.pbf"), size=50, seed=3)
    assert [row["engine"] for row in report.rows] == [
        "servicenet",
        "scipy dijkstra",
        "routingkit cch",
        "osrm mld",
    ]
    ours, scipy = report.rows[0], report.rows[1]
    assert (ours["compared"], ours["different"]) == (1000, 0)
    assert (scipy["compared"], scipy["different"], scipy["scaled"]) == (2500, 0, False)
    assert all(list(row) == list(ours) for row in report.rows)
    assert report.summary["town.osm.pbf"]["pairs_different"] == 0  # type: ignore[index]
    json.dumps([dict(row) for row in report.rows])


@pytest.mark.core
@pytest.mark.usefixtures("town")
def test_the_command_measures_every_map_it_is_given() -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    arguments = parser.parse_args(["--roads", "a.osm.pbf", "b.osm.pbf", "--size", "9"])
    report = bench(arguments)
    assert len(report.rows) == 8
    assert list(report.summary) == ["a.osm.pbf", "b.osm.pbf"]


@pytest.mark.parametrize("field", ["time_ms", "length_mm"])
def test_one_wrong_millisecond_or_millimeter_everywhere_is_counted(
    town: RoadNetwork, field: str
) -> None:
    ways = compute(town)
    rng = np.random.default_rng(1)
    assert count_differences(town, PLACES, ways, rng) == (1000, 0)
    getattr(ways, field)[:] += 1
    assert count_differences(town, PLACES, ways, rng) == (1000, 1000)


def test_scipy_is_scaled_up_when_its_time_is_over(
    town: RoadNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Hourglass:
        """Says one second more at every look."""

        def __init__(self) -> None:
            self.looks = 0.0

        def read(self) -> tuple[float, float]:
            self.looks += 1.0
            return self.looks, self.looks

    monkeypatch.setattr(matrix_peers, "BUDGET_S", 1.5)
    monkeypatch.setattr(matrix_peers, "Stopwatch", Hourglass)
    peer = measure_scipy(town, PLACES)
    # Looks: 1 s (on), 2 s (over, after 20 sources), 3 s at the end; 41 places: 3 x 41 / 20 = 6.15
    assert (peer.rows, peer.scaled, peer.matrix_wall_s) == (20, True, 6.15)
    assert peer.note == "20 of 41 sources, scaled"
    assert peer.time_ms is not None
    assert np.array_equal(peer.time_ms, compute(town).time_ms[:20])


def test_osrm_that_is_not_installed_is_said(town: RoadNetwork) -> None:
    peer = measure_osrm(Path("town.osm.pbf"), town, PLACES)
    assert peer.note.startswith("not installed")
    assert peer.matrix_wall_s is None


def test_osrm_that_fails_is_said(
    town: RoadNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("bin/osrm-routed", "bin/osrm-extract", "share/profiles/car.lua"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#!/bin/sh\nexit 3\n")
        path.chmod(0o755)
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    assert find_osrm() == (tmp_path / "bin", tmp_path / "share" / "profiles" / "car.lua")
    roads = tmp_path / "town.osm.pbf"
    roads.write_bytes(b"")
    assert measure_osrm(roads, town, PLACES).note == "osrm-extract ended with code 3"


def test_a_data_folder_without_maps_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVICENET_DATA", str(tmp_path))
    with pytest.raises(DataUnavailable, match=r"no \.osm\.pbf here"):
        find_maps()
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "b.osm.pbf").touch()
    (tmp_path / "maps" / "a.osm.pbf").touch()
    assert [path.name for path in find_maps()] == ["a.osm.pbf", "b.osm.pbf"]


@pytest.mark.core
@pytest.mark.soak
def test_a_thousand_sampled_pairs_are_exact_on_every_map(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix_peers, "BUDGET_S", 1.0)
    monkeypatch.setenv("SERVICENET_DATA", str(data_or_skip()))
    for roads in find_maps():
        report = bench_matrix(roads, size=1000, seed=7)
        ours, scipy, routingkit, _ = report.rows
        assert (ours["compared"], ours["different"]) == (1000, 0)
        assert scipy["different"] == 0
        assert routingkit["different"] in (0, None)
