"""Whether an outline encloses an area without crossing itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]
Bool = NDArray[np.bool_]
LEAST_CORNERS = 3
FLAT = 1e-9
"""Share of its box below which an outline is a line; coordinates have some 16 digits."""


def find_outline_fault(ring: Sequence[tuple[float, float]]) -> str | None:
    """Return what is wrong with an outline in words, None if nothing is.

    Parameters
    ----------
    ring
        Corners (longitude, latitude) in degrees, the first one repeated at the end or not.

    Notes
    -----
    Every pair of edges is tried by the signs of areas (Sedgewick, *Algorithms*, geometric
    primitives); edges that are neighbors may share their corner and nothing else.
    """
    corners = _corners(ring)
    if len({tuple(corner) for corner in corners.tolist()}) < LEAST_CORNERS:
        return f"{len(corners)} corner(s), fewer than {LEAST_CORNERS} of them different"
    extent = np.ptp(corners, axis=0)
    if abs(_twice_area(corners - corners[0])) <= FLAT * extent[0] * extent[1]:
        return "an outline that encloses nothing"
    crossing = _find_crossing(corners)
    if crossing is None:
        return None
    first, second = crossing
    return f"sides {first + 1} and {second + 1} that cross or touch"


def _corners(ring: Sequence[tuple[float, float]]) -> Float64:
    """Return the corners, repetitions of one after another left out."""
    points = np.array(ring, dtype=np.float64)
    return points[np.any(points != np.roll(points, 1, axis=0), axis=1)]


def _twice_area(corners: Float64) -> float:
    after = np.roll(corners, -1, axis=0)
    return float(np.sum(corners[:, 0] * after[:, 1] - corners[:, 1] * after[:, 0]))


def _turn(a: Float64, b: Float64, c: Float64) -> Float64:
    """Return the sign of twice the area of triangles a, b, c (positive = to the left)."""
    found: Float64 = np.sign(
        (b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1])
        - (b[..., 1] - a[..., 1]) * (c[..., 0] - a[..., 0])
    )
    return found


def _in_box(a: Float64, b: Float64, c: Float64) -> Bool:
    """Say whether c lies in the box that a and b span; on a line with them, between them."""
    inside: Bool = np.all((np.minimum(a, b) <= c) & (c <= np.maximum(a, b)), axis=-1)
    return inside


def _find_crossing(corners: Float64) -> tuple[int, int] | None:
    """Return two sides that cross or touch where they should not, None if there are none."""
    count = len(corners)
    after = np.roll(corners, -1, axis=0)
    for first in range(count - 1):
        a, b = corners[first], after[first]
        others = np.arange(first + 1, count)
        c, d = corners[others], after[others]
        turns = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
        met = (turns[0] * turns[1] < 0) & (turns[2] * turns[3] < 0)
        touched = [
            (turns[0] == 0) & _in_box(a, b, c),
            (turns[1] == 0) & _in_box(a, b, d),
            (turns[2] == 0) & _in_box(c, d, a),
            (turns[3] == 0) & _in_box(c, d, b),
        ]
        # The next side begins where this one ends, the last one ends where the first begins.
        touched[0][others == first + 1] = False
        touched[3][others == first + 1] = False
        if first == 0:
            touched[1][others == count - 1] = False
            touched[2][others == count - 1] = False
        bad = met | np.logical_or.reduce(touched)
        if np.any(bad):
            return first, int(others[np.argmax(bad)])
    return None
