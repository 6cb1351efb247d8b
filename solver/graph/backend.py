"""What a shortest-path core offers; the compiled one and the SciPy one look alike."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from solver.graph.ways import Ways

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]


class Weighted(Protocol):
    """A graph with weights."""

    def matrix(self, sources: Int32, targets: Int32, threads: int) -> Ways:
        """Return the fastest ways from every source to every target."""
        ...

    def find_path(self, source: int, target: int) -> Int32 | None:
        """Return the arcs of one fastest way, or None without a way."""
        ...


class Topology(Protocol):
    """A prepared graph without weights."""

    @property
    def order(self) -> Int32:
        """Nodes in order of elimination, shape (n,)."""
        ...

    @property
    def description(self) -> str:
        """One line for people."""
        ...

    def customize(self, time_ms: Int64, length_mm: Int64) -> Weighted:
        """Return the graph with these weights, one per arc."""
        ...
