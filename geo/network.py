"""A directed road network of one travel profile, as frozen arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NO_NAME = -1
"""Index into ``RoadNetwork.names`` of an arc without a street name."""


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """Nodes and directed arcs that one profile may use.

    Parameters
    ----------
    profile
        Travel profile: ``"car"``, ``"ebike"`` or ``"walk"``.
    node_id
        Shape (n,), int64, identifier in the source (OSM node id).
    node_lon, node_lat
        Shape (n,), float64, WGS 84 degrees.
    tail, head
        Shape (a,), int32, node indices; a two-way street is two arcs.
    length_mm
        Shape (a,), int64, length in millimeters.
    free_flow_ms
        Shape (a,), int64, free-flow travel time in milliseconds, > 0.
    road_class
        Shape (a,), int16, index into ``classes``.
    name
        Shape (a,), int32, index into ``names``, ``NO_NAME`` where unnamed.
    geometry_offset
        Shape (a + 1,), int64: arc i runs through the points ``geometry_offset[i]`` up to, not
        including, ``geometry_offset[i + 1]``, from tail to head, both included.
    geometry_lon, geometry_lat
        Shape (g,), float64, WGS 84 degrees.
    component
        Shape (n,), int32, strongly connected component; 0 is the largest.
    classes
        Highway classes, OSM words.
    names
        Street names.
    source
        Where the network came from, for people.
    attribution
        Notice that has to be shown with it.
    content_hash
        Hexadecimal digest of everything above that travel depends on; key of caches.
    """

    profile: str
    node_id: NDArray[np.int64]
    node_lon: NDArray[np.float64]
    node_lat: NDArray[np.float64]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    length_mm: NDArray[np.int64]
    free_flow_ms: NDArray[np.int64]
    road_class: NDArray[np.int16]
    name: NDArray[np.int32]
    geometry_offset: NDArray[np.int64]
    geometry_lon: NDArray[np.float64]
    geometry_lat: NDArray[np.float64]
    component: NDArray[np.int32]
    classes: tuple[str, ...]
    names: tuple[str, ...]
    source: str
    attribution: str
    content_hash: str

    @property
    def n_nodes(self) -> int:
        """Number of nodes, n."""
        return int(self.node_lon.shape[0])

    @property
    def n_arcs(self) -> int:
        """Number of directed arcs, a."""
        return int(self.tail.shape[0])
