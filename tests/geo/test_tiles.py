"""Tiles of a road network, read back by a decoder written from the specification."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from geo.tile_encoding import Feature, encode_layer, encode_varints
from geo.tiles import CLASSES, EXTENT, RoadTiles, to_mercator
from tests.networks import make_network

Fields = list[tuple[int, Any]]


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def fields(data: bytes) -> Fields:
    found, at = [], 0
    while at < len(data):
        head, at = read_varint(data, at)
        if head & 7 == 0:
            value, at = read_varint(data, at)
            found.append((head >> 3, value))
        else:
            assert head & 7 == 2
            size, at = read_varint(data, at)
            found.append((head >> 3, data[at : at + size]))
            at += size
    return found


def numbers(data: bytes) -> list[int]:
    found, at = [], 0
    while at < len(data):
        value, at = read_varint(data, at)
        found.append(value)
    return found


def lines_of(commands: list[int]) -> list[list[tuple[int, int]]]:
    x = y = at = 0
    lines: list[list[tuple[int, int]]] = []
    while at < len(commands):
        command, count = commands[at] & 7, commands[at] >> 3
        at += 1
        for _ in range(count):
            x += (commands[at] >> 1) ^ -(commands[at] & 1)
            y += (commands[at + 1] >> 1) ^ -(commands[at + 1] & 1)
            at += 2
            if command == 1:
                lines.append([])
            lines[-1].append((x, y))
    return lines


def decode(tile: bytes) -> list[tuple[dict[str, str], list[list[tuple[int, int]]]]]:
    layers = [value for number, value in fields(tile) if number == 3]
    assert len(layers) == 1
    layer = fields(layers[0])
    only = {number: value for number, value in layer if number in {1, 5, 15}}
    assert (only[1], only[5], only[15]) == (b"roads", EXTENT, 2)
    keys = [value.decode() for number, value in layer if number == 3]
    values = [fields(value)[0][1].decode() for number, value in layer if number == 4]
    found = []
    for number, value in layer:
        if number == 2:
            feature = dict(fields(value))
            assert feature[3] == 2
            tags = numbers(feature[2])
            pairs = zip(tags[::2], tags[1::2], strict=True)
            words = {keys[k]: values[v] for k, v in pairs}
            found.append((words, lines_of(numbers(feature[4]))))
    return found


def tile_of(lon: float, lat: float, z: int) -> tuple[int, int]:
    x, y = to_mercator(np.array([lon]), np.array([lat]))[0] * 2**z
    return int(x), int(y)


def test_the_middle_of_the_world_is_the_middle_of_the_square() -> None:
    assert np.allclose(to_mercator(np.array([0.0]), np.array([0.0])), [[0.5, 0.5]])
    # The square ends at 85.0511 degrees; further north lies on its edge.
    assert to_mercator(np.array([0.0]), np.array([89.0]))[0, 1] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("value", [0, 1, 127, 128, 16383, 16384, 2**28, 2**32 - 1])
def test_varints_are_those_of_the_specification(value: int) -> None:
    encoded = encode_varints(np.array([value], dtype=np.uint64))
    assert read_varint(encoded, 0) == (value, len(encoded))


def test_steps_and_commands_are_those_of_the_example_of_the_specification() -> None:
    # Section 4.3.5.4: lines (2,2) (2,10) (10,10) and (1,1) (3,5).
    points = np.array([(2, 2), (2, 10), (10, 10), (1, 1), (3, 5)])
    tile = encode_layer("roads", [Feature({}, points, np.array([0, 0, 0, 1, 1]))], EXTENT)
    feature = dict(fields(dict(fields(dict(fields(tile))[3]))[2]))
    assert numbers(feature[4]) == [9, 4, 4, 18, 0, 16, 16, 0, 9, 17, 17, 10, 4, 8]


def street() -> RoadTiles:
    places = [(8.60 + i / 1000, 49.41) for i in range(4)]
    there = [(i, i + 1, 5_000, 72_400, "primary") for i in range(2)] + [
        (2, 3, 5_000, 72_400, "residential")
    ]
    back = [(b, a, t, m, k) for a, b, t, m, k in there]
    return RoadTiles(make_network(places, there + back))


def test_a_street_is_one_line_of_its_class_where_it_is_on_earth() -> None:
    tiles = street()
    x, y = tile_of(8.6015, 49.41, 14)
    found = {tags["class"]: lines for tags, lines in decode(tiles.cut(14, x, y))}
    assert set(found) == {"primary", "minor"}
    # Both directions and both pieces are one line; each piece has a bend of its own: 2 * 3 - 1.
    assert [len(line) for line in found["primary"]] == [5]
    scale = 2**14 * EXTENT
    ends = to_mercator(np.array([8.600, 8.602]), np.array([49.41, 49.41])) * scale
    expected = np.rint(ends - np.array([x, y]) * EXTENT)
    line = found["primary"][0]
    assert sorted([line[0], line[-1]]) == [tuple(point) for point in expected.astype(int).tolist()]


def test_small_streets_are_left_out_of_distant_views() -> None:
    x, y = tile_of(8.6015, 49.41, 10)
    assert [tags["class"] for tags, _ in decode(street().cut(10, x, y))] == ["primary"]


def test_a_tile_without_roads_is_empty_and_one_that_does_not_exist_is_refused() -> None:
    assert street().cut(14, 0, 0) == b""
    with pytest.raises(ValueError, match="tile 15/0/0"):
        street().cut(15, 0, 0)
    with pytest.raises(ValueError, match="tile 3/8/0"):
        street().cut(3, 8, 0)


def test_the_summary_says_where_the_roads_are() -> None:
    west, south, east, north = street().summary().bounds
    assert (west, south, east, north) == pytest.approx((8.600, 49.41, 8.603, 49.411))
    assert len(CLASSES) == 5
