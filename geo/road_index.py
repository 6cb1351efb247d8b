"""One profile's roads made ready for questions: snapping, hierarchy, many-to-many ways."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.cache import ArrayCache, compute_key
from geo.network import RoadNetwork
from geo.osm import read_network
from geo.profiles import PROFILES
from geo.snapping import Snapper
from geo.travel_matrix import UNREACHABLE
from solver.errors import InvalidProblem
from solver.graph import Hierarchy, Metric

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]

_VERSION: Final = "1"
"""Raise it whenever the meaning of a cached file changes."""

_ROWS_AT_ONCE: Final = 1024
"""Rows of a matrix computed in one call; bounds memory, and lets Ctrl-C through."""

_logger = logging.getLogger(__name__)


class MapFile(Mapping[str, RoadNetwork]):
    """The networks of one map file by profile, each read when first asked for.

    Parameters
    ----------
    path
        Map file, see ``geo.osm.read_network``.
    cache_dir
        Folder of cached networks.
    """

    def __init__(self, path: Path, cache_dir: Path) -> None:
        self._path = path
        self._cache_dir = cache_dir
        self._read: dict[str, RoadNetwork] = {}

    def __getitem__(self, profile: str) -> RoadNetwork:
        if profile not in PROFILES:
            raise KeyError(profile)
        if profile not in self._read:
            network = read_network(self._path, profile, cache_dir=self._cache_dir)
            self._read[profile] = network
        return self._read[profile]

    def __iter__(self) -> Iterator[str]:
        return iter(PROFILES)

    def __len__(self) -> int:
        return len(PROFILES)


class RoadIndex:
    """A network, its snapper and its hierarchy; the hierarchy is built or loaded on first use.

    Parameters
    ----------
    network
        Roads of one profile.
    snap_limit_m
        A place farther than this from any road is refused.
    cache_dir
        Folder for orders and matrices.
    threads
        Threads for a matrix.
    """

    def __init__(
        self, network: RoadNetwork, snap_limit_m: float, cache_dir: Path, threads: int
    ) -> None:
        self.network = network
        self.snapper = Snapper(network, snap_limit_m)
        self._orders = ArrayCache(cache_dir / "orders")
        self._matrices = ArrayCache(cache_dir / "matrices")
        self._threads = threads
        self._hierarchy: Hierarchy | None = None

    @property
    def hierarchy(self) -> Hierarchy:
        """The contraction hierarchy of the roads."""
        if self._hierarchy is None:
            self._hierarchy = self._find_hierarchy() or self._build_hierarchy()
        return self._hierarchy

    def compute_ways(
        self, nodes: NDArray[np.int64], weighted: WeightedRoads
    ) -> tuple[Int32, Int32]:
        """Return seconds and meters between ``nodes``, from disk if they were asked before.

        Under roads weighted with ``along`` the second table holds that, in thousands, along the
        fastest ways instead of meters.

        Parameters
        ----------
        nodes
            Shape (k,), nodes of the network.
        weighted
            The roads under some weights.

        Returns
        -------
        tuple
            Two arrays of shape (k, k), int32; ``UNREACHABLE`` without a way.
        """
        key = compute_key("matrix", _VERSION, weighted.key, nodes.astype("<i8").tobytes())
        kept = self._find_matrix(key, nodes.size)
        if kept is not None:
            return kept
        durations_s = np.empty((nodes.size, nodes.size), np.int32)
        distances_m = np.empty_like(durations_s)
        for first in range(0, nodes.size, _ROWS_AT_ONCE):
            rows = slice(first, first + _ROWS_AT_ONCE)
            ways = weighted.metric.matrix(nodes[rows], nodes, self._threads)
            durations_s[rows] = ways.durations_s
            distances_m[rows] = ways.distances_m
        self._matrices.keep(key, {"durations_s": durations_s, "distances_m": distances_m})
        return durations_s, distances_m

    def _find_matrix(self, key: str, size: int) -> tuple[Int32, Int32] | None:
        kept = self._matrices.find(key)
        if kept is None:
            return None
        arrays = [kept.get("durations_s"), kept.get("distances_m")]
        for array in arrays:
            if array is None or array.shape != (size, size) or array.dtype != np.int32:
                self._matrices.report_broken(key, f"no two int32 arrays of shape {(size, size)}")
                return None
            if array.min(initial=0) < UNREACHABLE:
                self._matrices.report_broken(key, f"holds {array.min()}")
                return None
        return kept["durations_s"], kept["distances_m"]

    @property
    def _order_key(self) -> str:
        return compute_key("order", _VERSION, self.network.content_hash)

    def _find_hierarchy(self) -> Hierarchy | None:
        kept = self._orders.find(self._order_key)
        if kept is None:
            return None
        order = kept.get("order")
        if order is None or order.size != self.network.n_nodes:
            self._orders.report_broken(self._order_key, "another number of nodes")
            return None
        try:
            return Hierarchy.from_order(self.network.tail, self.network.head, order)
        except InvalidProblem as error:
            self._orders.report_broken(self._order_key, str(error))
            return None

    def _build_hierarchy(self) -> Hierarchy:
        network = self.network
        _logger.info("Preparing %s nodes of %s once.", network.n_nodes, network.source)
        hierarchy = Hierarchy.build(
            network.n_nodes, network.tail, network.head, network.node_lon, network.node_lat
        )
        if hierarchy.compiled:
            self._orders.keep(self._order_key, {"order": hierarchy.order})
        return hierarchy


class WeightedRoads:
    """The roads of an index under one set of travel times; customized on first use.

    Parameters
    ----------
    index
        Roads.
    time_ms
        Shape (a,), int64, milliseconds per arc.
    along
        Shape (a,), int64, what is summed up along the fastest ways; of equally fast ways the one
        with the least. Millimeters of the network unless given.
    """

    def __init__(self, index: RoadIndex, time_ms: Int64, along: Int64 | None = None) -> None:
        self._index = index
        self._time_ms = time_ms
        self._along = index.network.length_mm if along is None else along
        self._metric: Metric | None = None
        network = index.network
        # What is carried is no part of the key unless given: keys of older caches stay good.
        carried = () if along is None else ("along", along.astype("<i8").tobytes())
        self.key = compute_key(
            network.content_hash, network.profile, time_ms.astype("<i8").tobytes(), *carried
        )

    @property
    def metric(self) -> Metric:
        """The customized hierarchy."""
        if self._metric is None:
            hierarchy = self._index.hierarchy
            self._metric = hierarchy.customize(self._time_ms, self._along)
        return self._metric
