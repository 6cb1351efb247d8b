"""Where places meet the road network, and how much of it cannot be reached."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.network import RoadNetwork
from geo.sphere import great_circle_m
from geo.travel_matrix import Snaps
from geo.waypoints import NO_STOPPING

DEFAULT_LIMIT_M = 1000.0
"""A place farther from any road than this is in the sea or has wrong coordinates."""


class Snapper:
    """Finds the nearest node of the largest strongly connected component.

    Only that component is used: from a node on an island no other place could be reached, and a
    mapping slip beside the right street must not cut a customer off. Nodes where only motorways
    meet are left out, because nobody may stop there, unless there is nothing else.

    Parameters
    ----------
    network
        Network to snap to.
    limit_m
        A place farther away than this is refused.

    Raises
    ------
    ValueError
        If the limit is not a positive number.
    """

    def __init__(self, network: RoadNetwork, limit_m: float = DEFAULT_LIMIT_M) -> None:
        if not limit_m > 0.0:
            raise ValueError(f"limit_m is {limit_m}; expected a positive number of meters.")
        self._network = network
        self._limit_m = float(limit_m)
        self._nodes = _find_stops(network)
        self._tree = cKDTree(
            _on_unit_sphere(network.node_lon[self._nodes], network.node_lat[self._nodes])
        )

    @property
    def limit_m(self) -> float:
        """A place farther away than this is refused."""
        return self._limit_m

    def snap(self, lonlat: NDArray[np.float64]) -> Snaps:
        """Return the nearest node of each place and its great-circle distance.

        Parameters
        ----------
        lonlat
            Shape (m, 2), float64, WGS 84, longitude first; m may be 0.

        Raises
        ------
        ValueError
            If the shape is another one or a coordinate is not on the globe; the text names the
            first such row.
        """
        places = _check_places(lonlat)
        _, nearest = self._tree.query(_on_unit_sphere(places[:, 0], places[:, 1]))
        node = self._nodes[np.asarray(nearest, dtype=np.int64)]
        lon, lat = self._network.node_lon[node], self._network.node_lat[node]
        return Snaps(
            node=node,
            lon=lon,
            lat=lat,
            distance_m=great_circle_m(places[:, 0], places[:, 1], lon, lat),
            limit_m=self._limit_m,
        )


def _find_stops(network: RoadNetwork) -> NDArray[np.int64]:
    """Return the nodes of the largest component where one may stop."""
    main = network.component == 0
    barred = np.array([word in NO_STOPPING for word in network.classes], dtype=np.bool_)
    motorway = barred[network.road_class]
    shut, open_ = np.zeros((2, network.n_nodes), dtype=np.bool_)
    for ends in (network.tail, network.head):
        shut[ends[motorway]] = True
        open_[ends[~motorway]] = True
    chosen = main & ~(shut & ~open_)
    if not bool(chosen.any()):
        chosen = main
    return np.flatnonzero(chosen).astype(np.int64)


def _check_places(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    places = np.asarray(lonlat, dtype=np.float64)
    if places.ndim != 2 or places.shape[1] != 2:
        raise ValueError(f"lonlat has shape {places.shape}; expected (m, 2), longitude first.")
    bad = ~((np.abs(places[:, 0]) <= 180.0) & (np.abs(places[:, 1]) <= 90.0))  # NaN is bad, too
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise ValueError(
            f"lonlat row {row} is {places[row].tolist()}; expected longitude within ±180 and "
            "latitude within ±90."
        )
    return places


def _on_unit_sphere(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return shape (m, 3): chords order as great circles do, also across the date line."""
    x, y = np.radians(lon), np.radians(lat)
    return np.column_stack((np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)))


@dataclass(frozen=True, slots=True)
class Islands:
    """What lies outside the largest strongly connected component.

    Parameters
    ----------
    count
        Number of other components.
    nodes
        Nodes in them.
    arcs
        Arcs that do not run inside the largest component.
    arc_km
        Length of those arcs, kilometers; a two-way street counts twice.
    largest_nodes
        Nodes of the largest island, 0 without islands.
    """

    count: int
    nodes: int
    arcs: int
    arc_km: float
    largest_nodes: int


def islands(network: RoadNetwork) -> Islands:
    """Report the parts of the network from or to which there is no way.

    Parameters
    ----------
    network
        Any network.
    """
    size = np.bincount(network.component)[1:]
    outside = (network.component[network.tail] != 0) | (network.component[network.head] != 0)
    return Islands(
        count=len(size),
        nodes=int(size.sum()),
        arcs=int(outside.sum()),
        arc_km=float(network.length_mm[outside].sum() / 1e6),
        largest_nodes=int(size.max(initial=0)),
    )
