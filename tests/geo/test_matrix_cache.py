"""What is kept on disk: found again, made again when broken, never half written."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

from geo.cache import ArrayCache, compute_key
from geo.matrix_provider import RoadTravel
from geo.network import RoadNetwork
from solver.graph import Hierarchy
from tests.networks import make_town

pytestmark = pytest.mark.core


def ask(network: RoadNetwork, folder: Path, **factors: float) -> list[list[int]]:
    travel = RoadTravel({"car": network}, cache_dir=folder).with_factors(factors)
    places = np.column_stack((network.node_lon, network.node_lat))[::3]
    durations_s: list[list[int]] = travel.matrix(places, "car").durations_s.tolist()
    return durations_s


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_the_second_time_nothing_is_prepared_or_computed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = make_town(8, seed=1)
    first = ask(town, tmp_path)
    assert [path.parent.name for path in files(tmp_path)] == ["matrices", "orders"]
    monkeypatch.setattr(Hierarchy, "build", None)
    monkeypatch.setattr(Hierarchy, "from_order", None)
    assert ask(town, tmp_path) == first


def test_the_order_is_found_again_under_other_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = make_town(8, seed=1)
    ask(town, tmp_path)
    expected = ask(town, tmp_path / "elsewhere", primary=0.5)
    monkeypatch.setattr(Hierarchy, "build", None)
    assert ask(town, tmp_path, primary=0.5) == expected


def test_other_roads_weights_or_places_are_other_files(tmp_path: Path) -> None:
    ask(make_town(8, seed=1), tmp_path)
    ask(make_town(8, seed=1), tmp_path, primary=0.5)
    ask(make_town(8, seed=2), tmp_path)
    names = [path.parent.name for path in files(tmp_path)]
    assert (names.count("matrices"), names.count("orders")) == (3, 2)


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 not an archive", b"\x00" * 4000])
def test_broken_files_are_said_and_made_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: bytes
) -> None:
    town = make_town(6, seed=3)
    first = ask(town, tmp_path)
    kept = {path: path.read_bytes() for path in files(tmp_path)}
    for path in kept:
        path.write_bytes(damage)
    with caplog.at_level(logging.WARNING):
        assert ask(town, tmp_path) == first
    assert caplog.text.count("is broken") == 2
    assert set(files(tmp_path)) == set(kept)
    caplog.clear()
    assert ask(town, tmp_path) == first
    assert caplog.text == ""


def test_every_flipped_byte_is_noticed_or_harmless(tmp_path: Path) -> None:
    town = make_town(4, seed=3)
    first = ask(town, tmp_path)
    for path in files(tmp_path):
        good = path.read_bytes()
        for place in range(0, len(good), 13):
            path.write_bytes(good[:place] + bytes([good[place] ^ 0xFF]) + good[place + 1 :])
            assert ask(town, tmp_path) == first
        path.write_bytes(good)


def test_arrays_of_a_wrong_kind_are_made_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    town = make_town(6, seed=3)
    first = ask(town, tmp_path)
    matrix, order = files(tmp_path)
    ArrayCache(matrix.parent).keep(matrix.stem, {"durations_s": np.zeros((2, 2))})
    ArrayCache(order.parent).keep(order.stem, {"order": np.zeros(36, np.int32)})
    with caplog.at_level(logging.WARNING):
        assert ask(town, tmp_path) == first
    assert "no two int32 arrays" in caplog.text
    assert "every node exactly once" in caplog.text


def test_a_folder_that_cannot_be_written_only_costs_time(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    town = make_town(5, seed=3)
    occupied = tmp_path / "a file, no folder"
    occupied.write_text("")
    with caplog.at_level(logging.WARNING):
        assert ask(town, occupied) == ask(town, tmp_path / "good")
    assert "Nothing is cached in" in caplog.text


def test_the_oldest_files_go_when_the_folder_is_full(tmp_path: Path) -> None:
    cache = ArrayCache(tmp_path, limit_bytes=25_000)
    arrays = {"numbers": np.zeros(1000)}  # 8 kB each, so three fit
    for name in "abcd":
        cache.keep(name, arrays)
    assert len(files(tmp_path)) == 3
    assert cache.find("d") is not None


def test_keys_tell_where_a_part_ends() -> None:
    assert compute_key("ab", "c") != compute_key("a", "bc")
    assert compute_key("ab", b"c") == compute_key("ab", "c")
