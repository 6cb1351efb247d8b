"""Straight-line distances on the sphere between many demand points and many sites."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.sphere import EARTH_RADIUS_M, great_circle_m

Float64 = NDArray[np.float64]
Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]

NOBODY = -1
"""Site index, or distance, of a demand point that no site can reach. A mask, never a number."""

METERS_PER_DEGREE = EARTH_RADIUS_M * np.pi / 180.0


@dataclass(frozen=True, eq=False)
class Nearest:
    """The nearest and the second-nearest site of every demand point.

    Parameters
    ----------
    site
        Shape (n, 2), int32, site index; ``NOBODY`` where there is none.
    distance_m
        Shape (n, 2), int32, meters rounded half up; ``NOBODY`` where there is none.
    """

    site: Int32
    distance_m: Int32


def to_unit_sphere(lonlat: Float64) -> Float64:
    """Return shape (m, 3): chords order as great circles do, also across the date line."""
    x, y = np.radians(lonlat[:, 0]), np.radians(lonlat[:, 1])
    return np.column_stack((np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)))


def to_local_m(lonlat: Float64, lon: float, lat: float) -> Float64:
    """Return meters east and north of a center (equirectangular), shape of ``lonlat``."""
    scale = np.array([np.cos(np.radians(lat)), 1.0]) * METERS_PER_DEGREE
    return np.asarray((lonlat - np.array([lon, lat])) * scale)


def from_local_m(xy: Float64, lon: float, lat: float) -> Float64:
    """Undo ``to_local_m``; shape of ``xy``."""
    scale = np.array([np.cos(np.radians(lat)), 1.0]) * METERS_PER_DEGREE
    return np.asarray(xy / scale + np.array([lon, lat]))


def round_m(meters: Float64) -> Int32:
    """Return whole meters, rounded half up as everywhere (docs/semantics.md)."""
    return np.floor(meters + 0.5).astype(np.int32)


def find_nearest_straight(demand: Float64, sites: Float64) -> Nearest:
    """Return the two nearest sites by great circle; of equally far ones the lower index first.

    Parameters
    ----------
    demand
        Shape (n, 2), degrees, longitude first.
    sites
        Shape (m, 2), degrees.
    """
    found = np.full((len(demand), 2), NOBODY, dtype=np.int32)
    meters = np.full((len(demand), 2), NOBODY, dtype=np.int32)
    k = min(2, len(sites))
    if k == 0 or len(demand) == 0:
        return Nearest(found, meters)
    _, hits = cKDTree(to_unit_sphere(sites)).query(to_unit_sphere(demand), k=k)
    near = np.asarray(hits, dtype=np.int32).reshape(len(demand), k)
    for rank in range(k):
        at = sites[near[:, rank]]
        meters[:, rank] = round_m(great_circle_m(demand[:, 0], demand[:, 1], at[:, 0], at[:, 1]))
    found[:, :k] = near
    if k == 2:
        # Equal after rounding: the order of rows must not decide.
        turn = (meters[:, 0] > meters[:, 1]) | (
            (meters[:, 0] == meters[:, 1]) & (found[:, 0] > found[:, 1])
        )
        found[turn], meters[turn] = found[turn, ::-1], meters[turn, ::-1]
    return Nearest(found, meters)


def iterate_within(
    demand: Float64, sites: Float64, limit_m: Float64
) -> Iterator[tuple[int, Int64, Int32]]:
    """Yield (site, rows, meters): the demand points within their own limit of each site.

    Points are sorted by latitude once; a site then looks at one band only, so that millions of
    points against thousands of sites need no table of all pairs.

    Parameters
    ----------
    demand
        Shape (n, 2), degrees.
    sites
        Shape (m, 2), degrees.
    limit_m
        Shape (n,), the limit of every point, meters.
    """
    order = np.argsort(demand[:, 1], kind="stable")
    lon, lat, limit = demand[order, 0], demand[order, 1], limit_m[order]
    reach = float(limit.max(initial=0.0)) + 1.0  # a meter more than rounding can give
    band = reach / METERS_PER_DEGREE
    for site, (x, y) in enumerate(sites.tolist()):
        first, last = np.searchsorted(lat, (y - band, y + band))
        rows = np.arange(first, last)
        narrow = np.cos(np.radians(min(abs(y) + band, 89.0)))
        east = np.abs((lon[rows] - x + 180.0) % 360.0 - 180.0)
        if abs(y) + band < 89.0:  # near a pole every longitude is near
            rows = rows[east <= 1.01 * band / narrow]
        meters = round_m(great_circle_m(np.full(rows.size, x), np.full(rows.size, y),
                                        lon[rows], lat[rows]))  # fmt: skip
        near = meters <= limit[rows]
        yield site, order[rows[near]].astype(np.int64), meters[near]
