"""``servicenet coverage`` from end to end."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from dispatch.cli import coverage
from tests.network_files import write_network
from tests.osm_files import make_network


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    coverage.add_arguments(parser)
    return coverage.run(parser.parse_args(list(words)))


def test_one_json_object_and_every_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_network(tmp_path)
    assert run(str(path), "--out", str(tmp_path / "out"), "--json") == 0
    (line,) = capsys.readouterr().out.splitlines()
    found = json.loads(line)
    assert (found["ok"], found["decides"]) == (True, "straight")
    assert found["shares"][0]["straight"]["weight"] == 55
    assert found["shares"][0]["road"] is None
    assert all(Path(name).is_file() for name in found["files"].values())


def test_broken_input_ends_with_its_code_and_all_faults(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_network(tmp_path, demand=None, budget=-1)
    assert run(str(path), "--out", str(tmp_path / "out"), "--json") == 2
    found = json.loads(capsys.readouterr().out)
    assert {fault["code"] for fault in found["faults"]} == {"D8001", "D1304"}
    assert not (tmp_path / "out").exists()


def test_road_without_roads_is_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = {"radius_measure": "road", "classifiers": ["road_density"]}
    path = write_network(tmp_path, settings=settings)
    assert run(str(path), "--out", str(tmp_path / "out")) == 2
    assert capsys.readouterr().err.count("D8013") == 2


def test_the_summary_speaks_chinese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(write_network(tmp_path)), "--out", str(tmp_path / "o"), "--lang", "zh") == 0
    assert "覆盖率" in capsys.readouterr().out


def test_roads_are_read_from_a_map_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SERVICENET_CACHE", str(tmp_path / "cache"))
    places = {i: (8.60 + i / 100, 49.41) for i in range(20)}
    make_network(tmp_path, places, [(list(places), {"highway": "primary", "name": "Main St"})])
    (roads,) = [p for p in tmp_path.iterdir() if p.suffix in {".osm", ".pbf", ".xml"}]
    path = write_network(tmp_path, settings={"classifiers": ["polygons"]})
    assert run(str(path), "--roads", str(roads), "--out", str(tmp_path / "o"), "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["shares"][0]["road"]["weight"] <= found["shares"][0]["straight"]["weight"]
    assert found["emergency"]["share"] == 1.0
    assert found["pockets"][0]["street"] == "Main St"
