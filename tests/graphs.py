"""Small random graphs, and a shortest-path search too plain to be wrong."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

Pair = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Graph:
    n_nodes: int
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    time_ms: NDArray[np.int64]
    length_mm: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]


def make_graph(n_nodes: int, arcs: list[tuple[int, int, int, int]]) -> Graph:
    """Arcs are (tail, head, time_ms, length_mm); nodes stand on a spiral."""
    table = np.array(arcs, dtype=np.int64).reshape(-1, 4)
    turn = np.arange(n_nodes, dtype=np.float64)
    return Graph(
        n_nodes=n_nodes,
        tail=table[:, 0].astype(np.int32),
        head=table[:, 1].astype(np.int32),
        time_ms=table[:, 2].copy(),
        length_mm=table[:, 3].copy(),
        lon=turn * np.cos(turn) / 1000,
        lat=turn * np.sin(turn) / 1000,
    )


@st.composite
def graphs(draw: st.DrawFn, max_nodes: int = 12, max_weight: int = 6) -> Graph:
    """Loops, parallel arcs, weights of zero and unreachable parts included; many ties."""
    n_nodes = draw(st.integers(1, max_nodes))
    node = st.integers(0, n_nodes - 1)
    weight = st.integers(0, max_weight)
    arcs = draw(st.lists(st.tuples(node, node, weight, weight), max_size=4 * n_nodes))
    return make_graph(n_nodes, arcs)


def make_grid(side: int, seed: int) -> Graph:
    """A town of side x side crossings with two-way streets, a tenth of them one-way."""
    rng = np.random.default_rng(seed)
    arcs: list[tuple[int, int, int, int]] = []
    for row in range(side):
        for column in range(side):
            here = row * side + column
            for there in (here + 1,) * (column + 1 < side) + (here + side,) * (row + 1 < side):
                time_ms, length_mm = rng.integers(1, 50, 2).tolist()
                arcs.append((here, there, time_ms, length_mm))
                if rng.random() > 0.1:
                    arcs.append((there, here, time_ms, length_mm))
    graph = make_graph(side * side, arcs)
    graph.lon[:] = np.arange(side * side) % side / 100
    graph.lat[:] = np.arange(side * side) // side / 100
    return graph


def search(graph: Graph, source: int) -> list[Pair | None]:
    """Dijkstra with a heap of (time, length) tuples: the least pair of every node."""
    arcs: list[list[tuple[int, int, int]]] = [[] for _ in range(graph.n_nodes)]
    columns = (graph.tail, graph.head, graph.time_ms, graph.length_mm)
    for tail, head, time_ms, length_mm in zip(*(c.tolist() for c in columns), strict=True):
        arcs[tail].append((head, time_ms, length_mm))
    best: list[Pair | None] = [None] * graph.n_nodes
    heap: list[tuple[Pair, int]] = [((0, 0), source)]
    while heap:
        pair, node = heapq.heappop(heap)
        if best[node] is not None:
            continue
        best[node] = pair
        for head, time_ms, length_mm in arcs[node]:
            if best[head] is None:
                heapq.heappush(heap, ((pair[0] + time_ms, pair[1] + length_mm), head))
    return best
