"""The same answers without the compiled core, from SciPy's Dijkstra; far slower."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from solver.graph.backend import Int32, Int64
from solver.graph.ways import TIME_LIMIT_MS, UNREACHABLE, Ways


class DijkstraMetric:
    """See ``backend.Weighted``. Two searches per source, both exact in double precision.

    The first finds the times. An arc is *tight* if it lies on some fastest way from the source;
    the second finds the shortest way over tight arcs only.
    """

    def __init__(
        self, n_nodes: int, tail: Int32, head: Int32, weights: tuple[Int64, Int64]
    ) -> None:
        time_ms, length_mm = weights
        # Of parallel arcs the fastest, then the shortest, then the first; loops lead nowhere.
        ranked = np.lexsort((np.arange(tail.size), length_mm, time_ms, head, tail))
        ranked = ranked[tail[ranked] != head[ranked]]
        pair = tail[ranked].astype(np.int64) * n_nodes + head[ranked]
        self._arc = ranked[np.unique(pair, return_index=True)[1]]
        self._n_nodes = n_nodes
        self._tail = tail[self._arc]
        self._head = head[self._arc]
        self._time_ms = time_ms[self._arc].astype(np.float64)
        self._length_mm = length_mm[self._arc].astype(np.float64)

    def matrix(self, sources: Int32, targets: Int32, threads: int) -> Ways:  # noqa: ARG002 - protocol
        """Return the fastest ways; ``threads`` is not used."""
        shape = (sources.size, targets.size)
        ways = Ways(np.full(shape, UNREACHABLE, np.int64), np.full(shape, UNREACHABLE, np.int64))
        for row, source in enumerate(sources.tolist()):
            time_ms, length_mm, _ = self._search(source)
            reached = time_ms[targets] < TIME_LIMIT_MS
            ways.time_ms[row, reached] = time_ms[targets[reached]].astype(np.int64)
            ways.length_mm[row, reached] = length_mm[targets[reached]].astype(np.int64)
        return ways

    def find_path(self, source: int, target: int) -> Int32 | None:
        """Return the arcs of one fastest way, or None without a way."""
        time_ms, _, before = self._search(source)
        if not time_ms[target] < TIME_LIMIT_MS:
            return None
        arcs: list[int] = []
        node = target
        while node != source:
            previous = int(before[node])
            arcs.append(self._arc_between(previous, node))
            node = previous
        return np.array(arcs[::-1], dtype=np.int32)

    def _arc_between(self, tail: int, head: int) -> int:
        first, last = np.searchsorted(self._tail, (tail, tail + 1))
        return int(self._arc[first + np.searchsorted(self._head[first:last], head)])

    def _search(
        self, source: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int32]]:
        graph = self._graph(self._time_ms, np.ones(self._tail.size, np.bool_))
        time_ms = dijkstra(graph, indices=[source])[0]
        tight = time_ms[self._tail] + self._time_ms == time_ms[self._head]
        tight &= np.isfinite(time_ms[self._tail])
        length_mm, before = dijkstra(
            self._graph(self._length_mm, tight), indices=[source], return_predecessors=True
        )
        return time_ms, length_mm[0], before[0]

    def _graph(
        self, weights: NDArray[np.float64], arcs: NDArray[np.bool_]
    ) -> csr_array[np.float64, tuple[int, int]]:
        # Built by hand: the arcs are sorted by tail, and an explicit zero is an arc of weight 0.
        tail = self._tail[arcs]
        first = np.searchsorted(tail, np.arange(self._n_nodes + 1))
        shape = (self._n_nodes, self._n_nodes)
        return csr_array((weights[arcs], self._head[arcs], first), shape=shape)


class DijkstraTopology:
    """See ``backend.Topology``."""

    def __init__(self, n_nodes: int, tail: Int32, head: Int32) -> None:
        self.order: Int32 = np.arange(n_nodes, dtype=np.int32)
        self._tail = tail
        self._head = head

    @property
    def description(self) -> str:
        """Say that this is the slow way."""
        return "slower: compiled core missing, SciPy Dijkstra instead"

    def customize(self, time_ms: Int64, length_mm: Int64) -> DijkstraMetric:
        """Return the graph with these weights, one per arc."""
        return DijkstraMetric(self.order.size, self._tail, self._head, (time_ms, length_mm))
