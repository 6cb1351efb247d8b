"""Where one can be within so many minutes: areas around the roads that are reached in time.

From the sites a search over fastest ways gives every road node its time; a road is driven until
the time is up, so the area ends on the road and not at the last crossing. The reached stretches
mark the squares of a fine grid, and the squares are joined.

What the area promises: every reached node lies inside; every point inside lies within ``buffer_m``
of a stretch of road that is reached in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.network import RoadNetwork
from geo.straight import Float64, Int64, from_local_m, to_local_m

DEFAULT_BUFFER_M = 250.0
_MOST_SQUARES = 150_000
_SAMPLING = 0.9
_SIDES = 2.0**0.5
"""A point of a square is at most √2 sides from the sample of a road, or the node, in it."""


@dataclass(frozen=True)
class Isochrone:
    """The area reached within a time.

    Parameters
    ----------
    minutes
        The time.
    area
        Valid shapely polygon or multipolygon, WGS 84 degrees; empty if nothing is reached.
    buffer_m
        How far a point of the area may lie from a reached road.
    """

    minutes: float
    area: shapely.Geometry
    buffer_m: float


def compute_isochrones(
    network: RoadNetwork,
    node_ms: Float64,
    minutes: Sequence[float] = (5, 10, 15, 30),
    *,
    buffer_m: float = DEFAULT_BUFFER_M,
) -> list[Isochrone]:
    """Return the area of each time; a longer time's area contains a shorter one's roads.

    Parameters
    ----------
    network
        Roads.
    node_ms
        Shape (nodes,), milliseconds from the nearest site, inf where unreached
        (``RoadReach.compute_node_times_ms``).
    minutes
        Times, > 0.
    buffer_m
        Promise of closeness; made larger, and stated, where the area is too wide for it.
    """
    reached = np.isfinite(node_ms) & (node_ms <= max(minutes, default=0.0) * 60_000.0)
    if not reached.any():
        return [Isochrone(m, shapely.MultiPolygon(), buffer_m) for m in minutes]
    lonlat = np.column_stack((network.node_lon[reached], network.node_lat[reached]))
    low, high = lonlat.min(axis=0), lonlat.max(axis=0)
    center = (low + high) / 2.0
    wide, tall = to_local_m(high[None, :], *center)[0] * 2.0
    side = max(buffer_m / _SIDES, float(np.sqrt(wide * tall / _MOST_SQUARES)))
    made = []
    for limit in minutes:
        squares = _find_squares(network, node_ms, limit * 60_000.0, center, side)
        made.append(Isochrone(limit, _join(squares, center, side), side * _SIDES))
    return made


def _find_squares(
    network: RoadNetwork, node_ms: Float64, limit_ms: float, center: Float64, side: float
) -> Int64:
    """Return the squares, shape (s, 2), that the reached stretches run through."""
    arcs = np.flatnonzero(node_ms[network.tail] <= limit_ms)
    left = limit_ms - node_ms[network.tail[arcs]]
    share = np.minimum(left / network.free_flow_ms[arcs], 1.0)
    points, reached = _cut(network, arcs, share, center)
    samples = _sample(points, reached, side * _SAMPLING)
    inside = node_ms <= limit_ms
    nodes = np.column_stack((network.node_lon[inside], network.node_lat[inside]))
    every = np.concatenate((samples, to_local_m(nodes, *center)))
    square = np.floor(every / side).astype(np.int64)
    low, high = square.min(axis=0, initial=0), square.max(axis=0, initial=0)
    key = np.unique((square[:, 0] - low[0]) * (high[1] - low[1] + 1) + square[:, 1] - low[1])
    found: Int64 = np.column_stack(np.divmod(key, high[1] - low[1] + 1)) + low
    return found


def _cut(
    network: RoadNetwork, arcs: NDArray[np.intp], share: Float64, center: Float64
) -> tuple[Float64, Float64]:
    """Return the segments of the arcs' shapes, shape (k, 4) in meters, and how much of each counts.

    Parameters
    ----------
    share
        Of each arc, the part that is reached, from its tail.
    """
    count = np.diff(network.geometry_offset)[arcs] - 1
    owner = np.repeat(np.arange(len(arcs)), count)
    within = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    start = np.repeat(network.geometry_offset[:-1][arcs], count) + within
    lonlat = np.column_stack((network.geometry_lon, network.geometry_lat))
    a, b = to_local_m(lonlat[start], *center), to_local_m(lonlat[start + 1], *center)
    length = np.hypot(*(b - a).T)
    total = np.bincount(owner, weights=length, minlength=len(arcs))
    before = np.cumsum(length) - length
    before -= np.repeat((np.cumsum(total) - total), count)
    driven = (share * total)[owner] - before
    part = np.clip(np.divide(driven, length, out=np.ones_like(length), where=length > 0), 0.0, 1.0)
    kept = driven > 0
    return np.column_stack((a, b))[kept], part[kept]


def _sample(segments: Float64, part: Float64, step_m: float) -> Float64:
    """Return points along segments, at most ``step_m`` apart, both ends included."""
    a = segments[:, :2]
    b = a + (segments[:, 2:] - a) * part[:, None]
    count = np.ceil(np.hypot(*(b - a).T) / step_m).astype(np.int64) + 1
    owner = np.repeat(np.arange(len(a)), count)
    rank = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    along = rank / np.maximum(count - 1, 1)[owner]
    return np.asarray(a[owner] + (b - a)[owner] * along[:, None])


def _join(squares: Int64, center: Float64, side: float) -> shapely.Geometry:
    """Join squares to one valid area: the sides between a marked and an unmarked square."""
    low = squares.min(axis=0, initial=0) - 1
    marked = np.zeros(squares.max(axis=0, initial=0) - low + 2, dtype=np.bool_)
    marked[tuple((squares - low).T)] = True
    x, y = np.nonzero(marked[1:] != marked[:-1])
    upright = np.stack((np.column_stack((x + 1, y)), np.column_stack((x + 1, y + 1))), axis=1)
    x, y = np.nonzero(marked[:, 1:] != marked[:, :-1])
    level = np.stack((np.column_stack((x, y + 1)), np.column_stack((x + 1, y + 1))), axis=1)
    sides = shapely.linestrings((np.concatenate((upright, level)) + low) * side)
    area = shapely.build_area(shapely.line_merge(shapely.multilinestrings(sides)))
    lon, lat = center.tolist()
    plain: shapely.Geometry = shapely.simplify(area, 0.0)
    return shapely.transform(plain, lambda xy: from_local_m(xy, lon, lat))
