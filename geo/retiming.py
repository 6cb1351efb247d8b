"""Seconds and meters of single legs by plain shortest paths; what a referee checks a matrix with.

Nothing here knows the hierarchy: NetworkX searches the OSMnx graph of the roads.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import networkx as nx
import numpy as np
import shapely

from geo.network import RoadNetwork
from geo.osm import to_osmnx
from geo.regimes import TrafficArea, TrafficState
from geo.road_classes import find_class
from geo.snapping import DEFAULT_LIMIT_M, Snapper
from geo.traffic import LEAST_SHARE, MOST_SHARE

LonLat = tuple[float, float]

_TIME_UNIT = 2**64
"""More thousandths than any way has: time first, then the rest, in one whole number."""


class Retimer:
    """Re-times legs on one network; converting it takes seconds, so keep the object.

    Parameters
    ----------
    network
        Roads of one profile.
    snap_limit_m
        A place farther than this from any road has no way to anywhere.
    """

    def __init__(self, network: RoadNetwork, snap_limit_m: float = DEFAULT_LIMIT_M) -> None:
        self._snapper = Snapper(network, snap_limit_m)
        self._node_id = network.node_id
        self._graph = to_osmnx(network)

    def retime(self, origin_lonlat: LonLat, destination_lonlat: LonLat) -> tuple[int, int] | None:
        """Return seconds and meters of the fastest way, or None without a way.

        Parameters
        ----------
        origin_lonlat, destination_lonlat
            WGS 84, longitude first.

        Returns
        -------
        tuple or None
            Free-flow seconds and meters, rounded half up; of equally fast ways the shortest.

        Raises
        ------
        ValueError
            If a coordinate is not on the globe.
        """
        return self._search(origin_lonlat, destination_lonlat, lambda edge: edge["length"])

    def retime_in(
        self,
        origin_lonlat: LonLat,
        destination_lonlat: LonLat,
        state: TrafficState,
        areas: Sequence[TrafficArea] = (),
    ) -> int | None:
        """Return the seconds that the free-flow fastest way takes in a state of traffic.

        Parameters
        ----------
        origin_lonlat, destination_lonlat
            WGS 84, longitude first.
        state, areas
            How fast roads are; areas of the state.

        Returns
        -------
        int or None
            Rounded half up, None without a way; of equally fast ways the one that takes least.

        Raises
        ------
        ValueError
            If a coordinate is not on the globe.
        """
        outlines = [shapely.make_valid(shapely.Polygon(area.ring)) for area in areas]

        def slow_s(edge: dict[str, Any]) -> float:
            share: float = state.class_share[find_class(edge["highway"])]
            if outlines:
                middle = edge["geometry"].interpolate(0.5, normalized=True)
                for outline, inside in zip(outlines, state.area_share, strict=True):
                    share *= inside if outline.contains(middle) else 1.0
            share = min(max(share, LEAST_SHARE), MOST_SHARE)
            time_ms: int = round(edge["travel_time"] * 1000)
            return max(math.floor(time_ms / share + 0.5), 1) / 1000

        found = self._search(origin_lonlat, destination_lonlat, slow_s)
        return None if found is None else found[1]

    def _search(
        self, origin: LonLat, destination: LonLat, along: Callable[[dict[str, Any]], float]
    ) -> tuple[int, int] | None:
        """Return seconds of the fastest way and the least of what is summed up along it."""
        snaps = self._snapper.snap(np.array([origin, destination], dtype=np.float64))
        if snaps.refused.any():
            return None
        source, target = self._node_id[snaps.node].tolist()

        def weigh(_tail: int, _head: int, parallel: dict[Any, Any]) -> int:
            """Return the least weight of parallel edges."""
            weights: list[int] = [
                round(edge["travel_time"] * 1000) * _TIME_UNIT + round(along(edge) * 1000)
                for edge in parallel.values()
            ]
            return min(weights)

        try:
            weight, _ = nx.bidirectional_dijkstra(self._graph, source, target, weight=weigh)
        except nx.NetworkXNoPath:
            return None
        time_ms, thousandths = divmod(int(weight), _TIME_UNIT)
        return (time_ms + 500) // 1000, (thousandths + 500) // 1000


def retime(
    network: RoadNetwork, origin_lonlat: LonLat, destination_lonlat: LonLat
) -> tuple[int, int] | None:
    """Return seconds and meters of one fastest way; see ``Retimer.retime``.

    Parameters
    ----------
    network
        Roads of one profile.
    origin_lonlat, destination_lonlat
        WGS 84, longitude first.
    """
    return Retimer(network).retime(origin_lonlat, destination_lonlat)
