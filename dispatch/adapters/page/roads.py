"""The roads behind the map: the network of the day's area, simplified to what a screen can show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from dispatch.adapters.page.frame import Frame, delta_code
from dispatch.adapters.route_lines import Float64
from geo.network import RoadNetwork

GROUPS = ("motorway", "primary", "secondary", "tertiary", "minor")
"""Drawn from last to first; the page gives each its width and color."""

_GROUP_OF = {
    "motorway": 0,
    "trunk": 0,
    "primary": 1,
    "secondary": 2,
    "tertiary": 3,
}

TOLERANCES_M = (4.0, 10.0, 25.0)
"""How far a drawn road may run beside the real one; the first that fits the budget is taken."""

MAX_POINTS = 90_000
"""Points of all roads together: about half a megabyte of page and one frame to draw."""

MARGIN = 0.08
"""Share of the day's extent shown around it."""


@dataclass(frozen=True, slots=True)
class RoadBackground:
    """Roads by group, delta-coded in the report's frame.

    Parameters
    ----------
    groups
        ``{group: [polyline, ...]}``; a polyline is ``[x0, y0, dx1, dy1, ...]`` in meters.
    left_out
        Groups dropped because the area has too many roads to draw.
    """

    groups: dict[str, list[list[int]]]
    left_out: tuple[str, ...]


def draw_roads(
    network: RoadNetwork, lonlat: Float64, frame: Frame, *, max_points: int = MAX_POINTS
) -> RoadBackground:
    """Return the roads around a day's places.

    Parameters
    ----------
    network
        The road network.
    lonlat
        Shape (m, 2), the places and ways to be shown.
    frame
        The report's frame.
    max_points
        Upper limit of points; minor roads are left out, and named, where it does not suffice.
    """
    arcs = np.flatnonzero(_inside(network, lonlat) & _one_of_each_pair(network))
    group = np.array([_group(name) for name in network.classes], dtype=np.int64)[
        network.road_class[arcs]
    ]
    merged = [_merge(network, arcs[group == g]) for g in range(len(GROUPS))]
    coded: dict[tuple[int, float], list[list[int]]] = {}
    left_out: list[str] = []
    for last in range(len(GROUPS), 0, -1):
        # A line has two points at least: what is too much even so need not be simplified.
        if 2 * sum(len(lines) for lines in merged[:last]) > max_points:
            left_out.append(GROUPS[last - 1])
            continue
        for tolerance_m in TOLERANCES_M:
            for g in range(last):
                if (g, tolerance_m) not in coded:
                    coded[g, tolerance_m] = _code(merged[g], frame, tolerance_m)
            drawn = [coded[g, tolerance_m] for g in range(last)]
            if sum(len(line) // 2 for lines in drawn for line in lines) <= max_points:
                groups = dict(zip(GROUPS, drawn, strict=False))
                return RoadBackground(groups, tuple(left_out))
        left_out.append(GROUPS[last - 1])
    return RoadBackground({}, tuple(left_out))


def _group(name: str) -> int:
    return _GROUP_OF.get(name.removesuffix("_link"), len(GROUPS) - 1)


def _inside(network: RoadNetwork, lonlat: Float64) -> NDArray[np.bool_]:
    low, high = lonlat.min(axis=0), lonlat.max(axis=0)
    margin = np.maximum((high - low) * MARGIN, 0.004)
    low, high = low - margin, high + margin
    inside = (
        (network.geometry_lon >= low[0])
        & (network.geometry_lon <= high[0])
        & (network.geometry_lat >= low[1])
        & (network.geometry_lat <= high[1])
    )
    if network.n_arcs == 0:
        return np.zeros(0, dtype=bool)
    return np.logical_or.reduceat(inside, network.geometry_offset[:-1])


def _one_of_each_pair(network: RoadNetwork) -> NDArray[np.bool_]:
    """Keep one direction of each two-way street."""
    keys = np.stack(
        [
            np.minimum(network.tail, network.head).astype(np.int64),
            np.maximum(network.tail, network.head).astype(np.int64),
            network.length_mm,
        ],
        axis=1,
    )
    _, first = np.unique(keys, axis=0, return_index=True)
    keep = np.zeros(network.n_arcs, dtype=bool)
    keep[first] = True
    return keep


def _merge(network: RoadNetwork, arcs: NDArray[np.int64]) -> NDArray[np.object_]:
    """Join the arcs of one group into lines as long as possible, in degrees."""
    if len(arcs) == 0:
        return np.empty(0, dtype=object)
    counts = np.diff(network.geometry_offset)[arcs]
    starts = np.repeat(network.geometry_offset[arcs], counts)
    within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    points = starts + within
    coordinates = np.stack([network.geometry_lon[points], network.geometry_lat[points]], axis=1)
    indices = np.repeat(np.arange(len(arcs)), counts)
    lines = np.asarray(shapely.linestrings(coordinates, indices=indices), dtype=object)
    merged = shapely.line_merge(shapely.multilinestrings(lines))
    return np.asarray(shapely.get_parts(merged), dtype=object)


def _code(lines: NDArray[np.object_], frame: Frame, tolerance_m: float) -> list[list[int]]:
    flat = [
        shapely.linestrings(frame.to_xy(shapely.get_coordinates(line)).astype(np.float64))
        for line in lines
    ]
    simple = shapely.simplify(np.array(flat, dtype=object), tolerance_m, preserve_topology=False)
    coded = [delta_code(np.rint(shapely.get_coordinates(line)).astype(np.int64)) for line in simple]
    return [line for line in coded if len(line) >= 4]


def simplify_way(xy: NDArray[np.int64], tolerance_m: float = 3.0) -> NDArray[np.int64]:
    """Return a way with the points left out that a screen cannot show, shape (g', 2)."""
    if len(xy) < 3:
        return xy
    line = shapely.simplify(shapely.linestrings(xy.astype(np.float64)), tolerance_m)
    return np.rint(shapely.get_coordinates(line)).astype(np.int64)
