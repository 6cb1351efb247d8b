"""Where a new outlet could stand because of the people, not because of the streets.

Works in a flat frame around the demand (equirectangular, a city or province is flat enough for
*proposing* a place); whether a place covers a demand point is decided elsewhere, on the sphere.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.sphere import EARTH_RADIUS_M

Float64 = NDArray[np.float64]

CELLS_PER_RADIUS: Final = 8
"""Demand is gathered in squares of an eighth of its radius before places are proposed."""

INSIDE_M: Final = 1.0
"""Circles are drawn this much smaller, so that a crossing point surely covers both centers."""


class Plane:
    """Meters east and north of the middle of some places.

    Parameters
    ----------
    lonlat
        Shape (n, 2), WGS 84 degrees, longitude first.
    """

    def __init__(self, lonlat: Float64) -> None:
        self._middle = (lonlat.min(axis=0) + lonlat.max(axis=0)) / 2 if len(lonlat) else np.zeros(2)
        shrink = float(np.cos(np.radians(self._middle[1])))
        self._scale = np.radians(1.0) * EARTH_RADIUS_M * np.array([shrink, 1.0])

    def to_xy(self, lonlat: Float64) -> Float64:
        """Return meters, shape (n, 2)."""
        return np.asarray((lonlat - self._middle) * self._scale)

    def to_lonlat(self, xy: Float64) -> Float64:
        """Return degrees, shape (n, 2)."""
        return np.asarray(xy / self._scale + self._middle)


def gather_demand(
    xy: Float64, weight: NDArray[np.int64], radius_m: Float64
) -> tuple[Float64, Float64, Float64]:
    """Gather demand points of one radius that share a square; returns centers, weights, radii.

    Parameters
    ----------
    xy
        Shape (n, 2), meters.
    weight
        Shape (n,), demand of each point; points without demand are left out.
    radius_m
        Shape (n,), service radius of each point.
    """
    some = weight > 0
    xy, mass, radius_m = xy[some], weight[some].astype(np.float64), radius_m[some]
    cell = np.floor(xy / (radius_m / CELLS_PER_RADIUS)[:, None]).astype(np.int64)
    keys = np.column_stack([radius_m.astype(np.int64), cell])
    groups, label = np.unique(keys, axis=0, return_inverse=True)
    total: Float64 = np.bincount(label.ravel(), mass, minlength=len(groups)).astype(np.float64)
    center = np.column_stack(
        [np.bincount(label.ravel(), mass * xy[:, k], minlength=len(groups)) for k in (0, 1)]
    )
    return center / np.maximum(total, 1e-9)[:, None], total, groups[:, 0].astype(np.float64)


def find_gap_centers(xy: Float64, weight: Float64, radius_m: Float64, limit: int) -> Float64:
    """Return places in the middle of uncovered demand, the heaviest first.

    One after another: the point with the most uncovered demand within its radius, moved to the
    mean of what it would cover (location-allocation, Cooper 1964, one step).

    Parameters
    ----------
    xy, weight, radius_m
        Gathered uncovered demand, shapes (g, 2), (g,), (g,).
    limit
        At most this many places.

    Returns
    -------
    ndarray
        Shape (c, 2), c <= limit, meters.
    """
    if len(xy) == 0:
        return np.zeros((0, 2))
    near = cKDTree(xy).query_ball_point(xy, radius_m)
    left = weight.copy()
    centers = []
    for _ in range(limit):
        mass = np.array([left[rows].sum() for rows in near])
        best = int(np.argmax(mass))
        if mass[best] <= 0:
            break
        rows = np.asarray(near[best], dtype=np.int64)
        centers.append((xy[rows] * left[rows, None]).sum(axis=0) / mass[best])
        left[rows] = 0
    return np.array(centers).reshape(-1, 2)


def intersect_circles(xy: Float64, weight: Float64, radius_m: Float64, limit: int) -> Float64:
    """Return the best circle intersection points of uncovered demand.

    In the plane some optimal site of a maximal covering problem lies on a demand point or where
    two service circles cross (Church, "The planar maximal covering location problem", Journal of
    Regional Science 24, 1984: CIPS). All crossings of all circles are too many to keep; those
    that cover the most uncovered demand are.

    Parameters
    ----------
    xy, weight, radius_m
        Gathered uncovered demand, shapes (g, 2), (g,), (g,).
    limit
        At most this many places.

    Returns
    -------
    ndarray
        Shape (c, 2), c <= limit, meters, most demand first.
    """
    if len(xy) < 2:
        return np.zeros((0, 2))
    tree = cKDTree(xy)
    pairs = tree.query_pairs(2 * float(radius_m.max()), output_type="ndarray")
    crossings = _cross(xy, radius_m - INSIDE_M, _heaviest(pairs, weight, 40 * limit))
    covered = np.zeros(len(crossings))
    for radius in np.unique(radius_m):
        same = radius_m == radius
        rows = cKDTree(xy[same]).query_ball_point(crossings, radius)
        mass = weight[same]
        covered += np.array([mass[row].sum() for row in rows])
    order = np.argsort(-covered, kind="stable")[:limit]
    return crossings[order]


def _heaviest(pairs: NDArray[np.int64], weight: Float64, limit: int) -> NDArray[np.int64]:
    """Return the pairs with the most demand at both ends."""
    mass = weight[pairs].min(axis=1) if len(pairs) else np.zeros(0)
    return pairs[np.argsort(-mass, kind="stable")[:limit]]


def _cross(xy: Float64, radius_m: Float64, pairs: NDArray[np.int64]) -> Float64:
    """Return both crossing points of each pair of circles that cross, shape (c, 2)."""
    first, second = xy[pairs[:, 0]], xy[pairs[:, 1]]
    r1, r2 = radius_m[pairs[:, 0]], radius_m[pairs[:, 1]]
    way = second - first
    distance = np.hypot(way[:, 0], way[:, 1])
    crossing = (distance > np.abs(r1 - r2)) & (distance <= r1 + r2) & (distance > 0)
    first, way, distance = first[crossing], way[crossing], distance[crossing]
    r1, r2 = r1[crossing], r2[crossing]
    along = (r1**2 - r2**2 + distance**2) / (2 * distance)
    aside = np.sqrt(np.maximum(r1**2 - along**2, 0.0))
    unit = way / distance[:, None]
    normal = np.column_stack([-unit[:, 1], unit[:, 0]])
    foot = first + unit * along[:, None]
    return np.vstack([foot + normal * aside[:, None], foot - normal * aside[:, None]])
