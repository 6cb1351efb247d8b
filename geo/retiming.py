"""Seconds and meters of single legs by plain shortest paths; what a referee checks a matrix with.

Nothing here knows the hierarchy: NetworkX searches the OSMnx graph of the roads.
"""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np

from geo.network import RoadNetwork
from geo.osm import to_osmnx
from geo.snapping import DEFAULT_LIMIT_M, Snapper

LonLat = tuple[float, float]

_TIME_UNIT = 2**64
"""More millimeters than any way has: time first, then length, in one whole number."""


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
        places = np.array([origin_lonlat, destination_lonlat], dtype=np.float64)
        snaps = self._snapper.snap(places)
        if snaps.refused.any():
            return None
        source, target = self._node_id[snaps.node].tolist()
        try:
            weight, _ = nx.bidirectional_dijkstra(self._graph, source, target, weight=_weigh)
        except nx.NetworkXNoPath:
            return None
        time_ms, length_mm = divmod(int(weight), _TIME_UNIT)
        return (time_ms + 500) // 1000, (length_mm + 500) // 1000


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


def _weigh(_tail: int, _head: int, parallel: dict[Any, Any]) -> int:
    """Return the least weight of parallel edges."""
    return min(
        int(round(edge["travel_time"] * 1000) * _TIME_UNIT + round(edge["length"] * 1000))
        for edge in parallel.values()
    )
