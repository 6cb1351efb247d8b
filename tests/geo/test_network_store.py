"""A map is read once; afterwards its arrays come from the cache, or are built again."""

from __future__ import annotations

import dataclasses
import logging
from pathlib import Path

import numpy as np
import pytest

from geo import osm
from geo.errors import InvalidNetwork
from geo.network import RoadNetwork
from geo.network_store import (
    compute_cache_key,
    get_cache_dir,
    keep_network,
    read_stored_network,
    write_network,
)
from geo.osm import read_network
from tests.osm_files import make_network, write_osm

PLACES = {1: (0.0, 0.0), 2: (0.001, 0.0), 3: (0.002, 0.0), 4: (0.001, 0.001)}
WAYS = [
    ([1, 2, 3], {"highway": "residential", "name": "Straße “8” 路"}),
    ([2, 4], {"highway": "service"}),
]


def assert_same(left: RoadNetwork, right: RoadNetwork) -> None:
    for field in dataclasses.fields(RoadNetwork):
        a, b = getattr(left, field.name), getattr(right, field.name)
        if isinstance(a, np.ndarray):
            assert a.dtype == b.dtype, field.name
            assert np.array_equal(a, b), field.name
        else:
            assert a == b, field.name


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    network = make_network(tmp_path, PLACES, WAYS)
    write_network(network, tmp_path / "deep" / "kept.npz")
    assert_same(read_stored_network(tmp_path / "deep" / "kept.npz"), network)
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["kept.npz"]


def test_the_second_reading_does_not_touch_the_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_osm(tmp_path / "town.osm", PLACES, WAYS)
    first = read_network(path, cache_dir=tmp_path / "cache")

    def refuse(_path: Path) -> None:
        raise AssertionError("the map was read again")

    monkeypatch.setattr(osm, "READERS", {".osm": refuse})
    assert_same(read_network(path, cache_dir=tmp_path / "cache"), first)
    with pytest.raises(AssertionError, match="read again"):  # another profile is another network
        read_network(path, "walk", cache_dir=tmp_path / "cache")


def test_a_changed_map_is_read_again(tmp_path: Path) -> None:
    path = write_osm(tmp_path / "town.osm", PLACES, WAYS)
    before = compute_cache_key(path, "car")
    assert read_network(path, cache_dir=tmp_path / "cache").n_nodes == 4
    write_osm(path, PLACES, WAYS[:1])
    assert compute_cache_key(path, "car") != before
    assert read_network(path, cache_dir=tmp_path / "cache").n_nodes == 2


@pytest.mark.parametrize("damage", ["cut", "text", "flipped"])
def test_a_damaged_cache_is_reported_and_replaced(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    path = write_osm(tmp_path / "town.osm", PLACES, WAYS)
    first = read_network(path, cache_dir=tmp_path / "cache")
    (kept,) = (tmp_path / "cache").iterdir()
    if damage == "cut":
        kept.write_bytes(kept.read_bytes()[:100])
    elif damage == "text":
        kept.write_text("not an archive")
    else:
        write_network(dataclasses.replace(first, free_flow_ms=first.free_flow_ms + 1), kept)
    with caplog.at_level(logging.WARNING, logger="geo.network_store"):
        assert_same(read_network(path, cache_dir=tmp_path / "cache"), first)
    assert "cache not used" in caplog.text
    assert_same(read_stored_network(kept), first)


def test_a_stored_object_is_refused_not_unpickled(tmp_path: Path) -> None:
    path = tmp_path / "evil.npz"
    np.savez(path, texts=np.array([{"a": 1}], dtype=object))
    with pytest.raises(InvalidNetwork, match="not a stored network"):
        read_stored_network(path)


def test_a_cache_that_cannot_be_written_does_not_stop_the_reading(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    path = write_osm(tmp_path / "town.osm", PLACES, WAYS)
    with caplog.at_level(logging.WARNING, logger="geo.network_store"):
        network = read_network(path, cache_dir=tmp_path / "cache")
    assert network.n_nodes == 4
    assert "not cached" in caplog.text
    assert keep_network(network, tmp_path / "cache" / "x.npz") is False


def test_the_cache_folder_can_be_named_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVICENET_CACHE", str(tmp_path / "here"))
    assert get_cache_dir() == tmp_path / "here"
    path = write_osm(tmp_path / "town.osm", PLACES, WAYS)
    read_network(path)
    assert len(list((tmp_path / "here" / "networks").iterdir())) == 1
    monkeypatch.delenv("SERVICENET_CACHE")
    assert get_cache_dir().name == "servicenet"
