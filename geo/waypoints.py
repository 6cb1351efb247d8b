"""Extra nodes along long streets, so that a place in mid-block is near a node.

Places are snapped to nodes. Without these nodes somebody who lives on a street, but a kilometer
from its next junction, would be told that there is no road near the house.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from geo.roads import Roads
from geo.simplify import Chains

NODE_SPACING_M = 500.0
"""Arcs longer than this are divided into even parts, at bends if there are any.

So on a street the next node is hardly ever more than 250 m away, half a minute by car. That adds
3 to 26 % of nodes; a spacing of 250 m would add 16 to 87 % (on the maps that the tests use).
"""

NO_STOPPING = frozenset({"motorway", "motorway_link"})
"""Classes where nobody may stop: they need no such nodes, and no place is snapped to them."""

Int64 = NDArray[np.int64]


def cut_long_segments(
    roads: Roads, ways: NDArray[np.bool_], length_m: NDArray[np.float64]
) -> Roads:
    """Put points into straight segments that are longer than ``NODE_SPACING_M``.

    Parameters
    ----------
    roads
        Roads with s segments.
    ways
        Shape (w,), bool, ways to treat; the others stay as they are.
    length_m
        Shape (s,), float64, length of each segment.

    Returns
    -------
    Roads
        The same roads; new points have negative identifiers of their own.
    """
    pieces = np.ceil(length_m / NODE_SPACING_M).astype(np.int64)
    long = np.flatnonzero(ways[roads.way] & (pieces > 1))
    if long.size == 0:
        return roads
    # Ordered by what is cut, not by its place in the file, so that identifiers are stable.
    long = long[np.lexsort((roads.way[long], roads.head[long], roads.tail[long]))]
    inner = pieces[long] - 1
    owner = np.repeat(long, inner)
    rank = np.arange(len(owner)) - np.repeat(np.cumsum(inner) - inner, inner)  # 0, 1, ...
    share = (rank + 1) / np.repeat(pieces[long], inner)
    lon, lat = _interpolate(roads, owner, share)
    n_points = len(roads.lon)
    new = n_points + np.arange(len(owner), dtype=np.int64)
    head = roads.head.copy()
    head[long] = new[np.cumsum(inner) - inner]  # the segment now ends at its first new point
    final = rank == np.repeat(inner, inner) - 1
    below = min(0, int(roads.point_id.min()))
    return replace(
        roads,
        point_id=np.r_[roads.point_id, below - 1 - np.arange(len(owner), dtype=np.int64)],
        lon=np.r_[roads.lon, lon],
        lat=np.r_[roads.lat, lat],
        tail=np.r_[roads.tail, new],
        head=np.r_[head, np.where(final, roads.head[owner], new + 1)],
        way=np.r_[roads.way, roads.way[owner]],
    )


def _interpolate(
    roads: Roads, segment: Int64, share: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return points on segments, the short way around the globe."""
    tail, head = roads.tail[segment], roads.head[segment]
    east = (roads.lon[head] - roads.lon[tail] + 180.0) % 360.0 - 180.0
    lon = (roads.lon[tail] + share * east + 180.0) % 360.0 - 180.0
    return lon, roads.lat[tail] + share * (roads.lat[head] - roads.lat[tail])


def find_waypoints(
    chains: Chains, tail: Int64, length_um: Int64, treat: NDArray[np.bool_]
) -> Int64:
    """Return the points that divide long chains evenly.

    Parameters
    ----------
    chains
        Chains of directed segments.
    tail
        Shape (s,), int64, first point of each segment.
    length_um
        Shape (s,), int64, length of each segment, micrometers.
    treat
        Shape (s,), bool; a chain is divided if its segments are to be treated.

    Returns
    -------
    ndarray
        Points, int64; the same ones for both directions of a street, but for ties.
    """
    step = length_um[chains.segment]
    total = np.add.reduceat(step, chains.offset[:-1])
    count = np.diff(chains.offset)
    parts = np.ceil(total / (NODE_SPACING_M * 1e6)).astype(np.int64)
    parts[~treat[chains.segment[chains.offset[:-1]]]] = 1
    until = np.cumsum(step)
    before_chain = np.repeat(until[chains.offset[1:] - 1] - total, count)
    # Twice the middle of a segment, counted from the start of its chain: symmetric in direction.
    middle = 2 * (until - before_chain) - step
    part = middle * np.repeat(parts, count) // np.maximum(np.repeat(2 * total, count), 1)
    changes = np.r_[False, part[1:] != part[:-1]]
    changes[chains.offset[:-1]] = False
    return np.unique(tail[chains.segment[changes]])
