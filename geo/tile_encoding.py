"""Lines as a layer of a Mapbox Vector Tile 2.1, encoded with arrays instead of a loop a point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

_MOVE_TO: Final = 9
"""Command 1, once."""
_LINE_TO: Final = 2
_LINES: Final = 2
"""Geometry type of lines."""


@dataclass(frozen=True, eq=False)
class Feature:
    """Lines that share their tags.

    Parameters
    ----------
    tags
        Words by key.
    points
        Shape (n, 2), int64, tile units, x to the east and y to the south.
    line
        Shape (n,), ascending: which line a point belongs to.
    """

    tags: Mapping[str, str]
    points: NDArray[np.int64]
    line: NDArray[np.int64]


def encode_layer(name: str, features: Sequence[Feature], extent: int) -> bytes:
    """Return a tile of one layer; empty bytes if no feature has a line of two distinct points.

    Parameters
    ----------
    name
        Of the layer.
    features
        In the order in which they are to be drawn.
    extent
        Units of a side.
    """
    keys: dict[str, int] = {}
    values: dict[str, int] = {}
    body = bytearray()
    for feature in features:
        commands = _commands(feature.points, feature.line)
        if len(commands) == 0:
            continue
        tags: list[int] = []
        for key, value in feature.tags.items():
            tags += [keys.setdefault(key, len(keys)), values.setdefault(value, len(values))]
        packed = _field(2, encode_varints(np.array(tags, dtype=np.uint64)))
        packed += b"\x18" + bytes([_LINES]) + _field(4, encode_varints(commands))
        body += _field(2, packed)
    if not body:
        return b""
    layer = _field(1, name.encode()) + bytes(body)
    layer += b"".join(_field(3, key.encode()) for key in keys)
    layer += b"".join(_field(4, _field(1, value.encode())) for value in values)
    layer += b"\x28" + encode_varints(np.array([extent], dtype=np.uint64)) + b"\x78\x02"
    return _field(3, layer)


def _commands(points: NDArray[np.int64], line: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return MoveTo and LineTo commands with zigzag steps; the cursor runs on between lines."""
    if len(points) == 0:
        return np.zeros(0, dtype=np.uint64)
    same = np.zeros(len(points), dtype=bool)
    same[1:] = (line[1:] == line[:-1]) & (points[1:] == points[:-1]).all(axis=1)
    points, line = points[~same], line[~same]
    _, place, count = np.unique(line, return_inverse=True, return_counts=True)
    long_enough = count[place] >= 2
    points, line = points[long_enough], line[long_enough]
    if len(points) == 0:
        return np.zeros(0, dtype=np.uint64)
    steps = np.diff(points, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    zigzag = ((steps << 1) ^ (steps >> 63)).reshape(-1)
    _, first, count = np.unique(line, return_index=True, return_counts=True)
    line_to = ((count - 1) << 3) | _LINE_TO
    where = np.concatenate([2 * first, 2 * first + 2])
    what = np.concatenate([np.full(len(first), _MOVE_TO), line_to])
    return np.insert(zigzag, where, what).astype(np.uint64)


def encode_varints(values: NDArray[np.uint64]) -> bytes:
    """Return integers below 2**35 as protobuf varints, one after the other."""
    if len(values) == 0:
        return b""
    septets = np.stack([(values >> np.uint64(7 * i)) & np.uint64(127) for i in range(5)], axis=1)
    width = np.maximum(1, 5 - np.argmax(septets[:, ::-1] != 0, axis=1))
    width[values == 0] = 1
    column = np.arange(5)
    septets[column < (width - 1)[:, None]] |= np.uint64(128)
    encoded: bytes = septets[column < width[:, None]].astype(np.uint8).tobytes()
    return encoded


def _field(number: int, content: bytes) -> bytes:
    """Return a length-delimited field."""
    head = bytes([number << 3 | 2])
    return head + encode_varints(np.array([len(content)], dtype=np.uint64)) + content
