"""How far it is by road from the nearest sites, and who is within reach: searches, no matrix.

The road distance of a site and a demand point is the length of the *shortest* way over the roads of
the profile, from the site to the point, plus the straight line from either to its road node
(``count_access``), so that it is never shorter than the straight line between them. Drive time is
that of the *fastest* way between the road nodes, free flow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.network import RoadNetwork
from geo.network_store import get_cache_dir
from geo.road_index import RoadIndex
from geo.straight import NOBODY, Float64, Int32, Int64, Nearest, iterate_within

DEFAULT_ACCESS_LIMIT_M: Final = 5000.0
"""A place farther than this from any road has no way by road; nearer ones pay for the distance."""

_SITES_AT_ONCE: Final = 32
_BLOCK_CELLS: Final = 4_000_000


@dataclass(frozen=True, eq=False)
class Placed:
    """Places on the road network.

    Parameters
    ----------
    lonlat
        Shape (m, 2), degrees.
    node
        Shape (m,), int64, nearest node.
    access_mm
        Shape (m,), int64, straight line to it, millimeters; 0 where access does not count.
    refused
        Shape (m,), bool: too far from any road.
    """

    lonlat: Float64
    node: Int64
    access_mm: Int64
    refused: NDArray[np.bool_]


class RoadReach:
    """Distance-limited searches over one road network.

    Parameters
    ----------
    network
        Roads of one profile, usually the car.
    access_limit_m
        A place farther than this from any road counts as unreachable.
    count_access
        Whether the straight line between a place and its road node is part of the distance.
    cache_dir
        Where prepared orders of the hierarchy are kept; by default the user's cache folder.
    """

    def __init__(
        self,
        network: RoadNetwork,
        *,
        access_limit_m: float = DEFAULT_ACCESS_LIMIT_M,
        count_access: bool = True,
        cache_dir: Path | None = None,
    ) -> None:
        self.network = network
        self._count_access = count_access
        self._index = RoadIndex(network, access_limit_m, cache_dir or get_cache_dir(), 1)
        self._length = _Graph(network, network.length_mm)
        self._time = _Graph(network, network.free_flow_ms)

    def place(self, lonlat: Float64) -> Placed:
        """Put places, shape (m, 2), on the roads.

        Raises
        ------
        ValueError
            If a coordinate is not on the globe.
        """
        snaps = self._index.snapper.snap(lonlat)
        access = np.rint(snaps.distance_m * 1000.0).astype(np.int64)
        access = access if self._count_access else np.zeros_like(access)
        return Placed(np.asarray(lonlat, dtype=np.float64), snaps.node, access, snaps.refused)

    def find_nearest(self, sites: Placed, demand: Placed) -> Nearest:
        """Return the two nearest sites of every demand point by road; exact, two searches."""
        first, second = self._length.find_two_nearest(sites)
        n = len(demand.node)
        found = np.full((n, 2), NOBODY, dtype=np.int32)
        meters = np.full((n, 2), NOBODY, dtype=np.int32)
        for rank, (label, cost) in enumerate((first, second)):
            there = cost[demand.node]
            ok = np.isfinite(there) & ~demand.refused
            found[ok, rank] = label[demand.node[ok]]
            meters[ok, rank] = _meters(there[ok] + demand.access_mm[ok])
        return Nearest(found, meters)

    def find_best_slack(
        self, sites: Placed, demand: Placed, radius_m: Int64
    ) -> tuple[Int32, Int32]:
        """Return, of sites with radii of their own, which one leaves the most slack, and how much.

        One search in which a site starts late by what its radius is smaller than the largest.

        Parameters
        ----------
        sites, demand
            Places on the roads.
        radius_m
            Shape (m,), radius of each site.

        Returns
        -------
        site, slack_m
            Shape (n,), int32; site ``NOBODY`` without a way, slack then 0.
        """
        largest = int(radius_m.max(initial=0))
        late = Placed(
            sites.lonlat, sites.node, sites.access_mm + (largest - radius_m) * 1000, sites.refused
        )
        label, cost = self._length.find_nearest(late)
        there = cost[demand.node]
        ok = np.isfinite(there) & ~demand.refused
        site = np.where(ok, label[demand.node], NOBODY).astype(np.int32)
        slack = np.zeros(len(there), dtype=np.int32)
        slack[ok] = largest - _meters(there[ok] + demand.access_mm[ok])
        return site, slack

    def compute_node_times_ms(self, sites: Placed, limit_ms: float = np.inf) -> Float64:
        """Return shape (nodes,): milliseconds from the nearest site in time, inf beyond reach."""
        free = Placed(sites.lonlat, sites.node, np.zeros_like(sites.access_mm), sites.refused)
        return self._time.find_nearest(free, limit_ms)[1]

    def compute_drive_times_s(self, sites: Placed, demand: Placed) -> Int32:
        """Return shape (n,), seconds of the fastest way from any site; ``NOBODY`` without one."""
        there = self.compute_node_times_ms(sites)[demand.node]
        ok = np.isfinite(there) & ~demand.refused
        seconds = np.full(len(there), NOBODY, dtype=np.int32)
        seconds[ok] = np.floor(there[ok] / 1000.0 + 0.5).astype(np.int32)
        return seconds

    def iterate_within(
        self, demand: Placed, sites: Placed, limit_m: Float64
    ) -> Iterator[tuple[int, Int64, Int32]]:
        """Yield (site, rows, meters): the demand points within their own limit of a site by road.

        Sites come in an order of their own. Only points within that limit by straight line are
        looked at; their distances come from the contraction hierarchy, block by block.

        Parameters
        ----------
        demand, sites
            Places on the roads.
        limit_m
            Shape (n,), meters.
        """
        metric = self._index.hierarchy.customize(self.network.length_mm, self.network.free_flow_ms)
        slack = demand.access_mm / 1000.0 if not self._count_access else 0.0
        # Without access legs a place may be nearer by road than by straight line: look farther.
        wide = limit_m + (0.0 if self._count_access else 2.0 * self._index.snapper.limit_m) + slack
        for block in _blocks(sites, demand, wide):
            nodes, where = np.unique(
                np.concatenate([demand.node[rows] for _, rows in block]), return_inverse=True
            )
            numbers = np.array([site for site, _ in block])
            # The metric takes lengths for times: the shortest way, not the fastest.
            ways = metric.matrix(sites.node[numbers], nodes).time_ms
            stop = np.cumsum([len(rows) for _, rows in block])
            for row, (site, rows) in enumerate(block):
                total = ways[row, where[stop[row] - len(rows) : stop[row]]]
                ok = (total >= 0) & ~demand.refused[rows]
                meters = _meters(total + demand.access_mm[rows] + sites.access_mm[site])
                ok &= meters <= limit_m[rows]
                yield site, rows[ok], meters[ok]


def _meters(mm: Float64 | Int64) -> Int32:
    return np.asarray(np.floor(np.asarray(mm) / 1000.0 + 0.5), dtype=np.int32)


def _blocks(sites: Placed, demand: Placed, limit_m: Float64) -> Iterator[list[tuple[int, Int64]]]:
    """Yield neighboring sites together with the rows that may be within reach of each."""
    usable = np.flatnonzero(~sites.refused)
    cell = np.floor(sites.lonlat[usable] / 0.05)
    usable = usable[np.lexsort((sites.lonlat[usable, 0], cell[:, 0], cell[:, 1]))]
    block: list[tuple[int, Int64]] = []
    size = 0
    for rank, rows, _ in iterate_within(demand.lonlat, sites.lonlat[usable], limit_m):
        if rows.size == 0:
            continue
        block.append((int(usable[rank]), rows))
        size += rows.size
        if len(block) == _SITES_AT_ONCE or size > _BLOCK_CELLS:
            yield block
            block, size = [], 0
    if block:
        yield block


class _Graph:
    """A network under one weight, ready for searches from many sources at once."""

    def __init__(self, network: RoadNetwork, weight: Int64) -> None:
        self._n = network.n_nodes
        tail, head = network.tail.astype(np.int64), network.head.astype(np.int64)
        # SciPy adds parallel arcs up: keep the cheapest of them.
        order = np.lexsort((weight, head, tail))
        order = order[tail[order] != head[order]]
        pair = tail[order] * self._n + head[order]
        order = order[np.unique(pair, return_index=True)[1]]
        self._tail, self._head = tail[order], head[order]
        self._weight = weight[order].astype(np.float64)

    def find_nearest(self, sites: Placed, limit: float = np.inf) -> tuple[Int32, Float64]:
        """Return, per node, the nearest site (``NOBODY``) and its cost (inf)."""
        usable = np.flatnonzero(~sites.refused)
        entry, label, cost = _cheapest(
            sites.node[usable], usable.astype(np.int64), sites.access_mm[usable].astype(np.float64)
        )
        everywhere = np.ones(self._tail.size, dtype=np.bool_)
        return self._search(everywhere, (entry, label, cost), limit)

    def find_two_nearest(
        self, sites: Placed
    ) -> tuple[tuple[Int32, Float64], tuple[Int32, Float64]]:
        """Return nearest and second-nearest site per node.

        If ``s`` is second nearest at ``v``, then on its shortest way to ``v`` it is second nearest
        from the moment the way enters the cell (nodes with the same nearest site) of ``v``:
        otherwise the nearest site of the node before would be at least as near at ``v``. So the
        second search starts at the rims of the cells and never crosses one.
        """
        label, cost = self.find_nearest(sites)
        known = label != NOBODY
        rim = known[self._tail] & (label[self._tail] != label[self._head])
        usable = np.flatnonzero(~sites.refused)
        other = usable[label[sites.node[usable]] != usable]  # sites whose own node is another's
        entry, name, start = _cheapest(
            np.concatenate((self._head[rim], sites.node[other])),
            np.concatenate((label[self._tail[rim]].astype(np.int64), other.astype(np.int64))),
            np.concatenate((
                cost[self._tail[rim]] + self._weight[rim], sites.access_mm[other].astype(np.float64)
            )),
        )  # fmt: skip
        inside = label[self._tail] == label[self._head]
        return (label, cost), self._search(inside, (entry, name, start), np.inf)

    def _search(
        self,
        arcs: NDArray[np.bool_],
        start: tuple[Int64, Int64, Float64],
        limit: float,
    ) -> tuple[Int32, Float64]:
        """Search from a node of its own that leads to every entry at its starting cost."""
        entry, name, cost = start
        n = self._n
        tail = self._tail[arcs]
        first = np.append(np.searchsorted(tail, np.arange(n + 1)), tail.size + entry.size)
        graph = csr_array(
            (np.append(self._weight[arcs], cost), np.append(self._head[arcs], entry), first),
            shape=(n + 1, n + 1),
        )
        found, trees = dijkstra(graph, indices=[n], return_predecessors=True, limit=limit)
        reached, before = found[0], trees[0]
        label = np.full(n, NOBODY, dtype=np.int32)
        own = np.full(n, NOBODY, dtype=np.int64)
        own[entry] = name
        root = np.where((before[:n] == n) | (before[:n] < 0), np.arange(n), before[:n])
        while True:  # every round doubles how far a node looks back
            farther = root[root]
            if np.array_equal(farther, root):
                break
            root = farther
        ok = np.isfinite(reached[:n])
        label[ok] = own[root[ok]]
        return label, reached[:n]


def _cheapest(node: Int64, label: Int64, cost: Float64) -> tuple[Int64, Int64, Float64]:
    """Keep one entry per node: the cheapest, of equal ones the lowest label."""
    order = np.lexsort((label, cost, node))
    node = node[order]
    keep = order[np.r_[True, node[1:] != node[:-1]][: node.size]]
    return (
        np.asarray(node[np.r_[True, node[1:] != node[:-1]][: node.size]]),
        label[keep],
        cost[keep],
    )
