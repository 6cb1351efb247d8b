"""The compiled core: a customizable contraction hierarchy (Dibbelt, Strasser, Wagner 2016)."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from solver import _graph
from solver.errors import InvalidParameter
from solver.graph.backend import Int32, Int64
from solver.graph.ways import UNREACHABLE, Ways

_LENGTH_MASK: Final = np.uint64(2**_graph.LENGTH_BITS - 1)
_LENGTH_BITS: Final = np.uint64(_graph.LENGTH_BITS)


class CompiledMetric:
    """See ``backend.Weighted``."""

    def __init__(self, core: _graph.Metric) -> None:
        self._core = core

    def matrix(self, sources: Int32, targets: Int32, threads: int) -> Ways:
        """Return the fastest ways; bit for bit the same for any number of threads."""
        try:
            return _unpack(self._core.matrix(sources, targets, threads))
        except OverflowError as error:
            raise InvalidParameter(str(error)) from error

    def find_path(self, source: int, target: int) -> Int32 | None:
        """Return the arcs of one fastest way, or None without a way."""
        try:
            weight, arcs = self._core.path(source, target)
        except OverflowError as error:
            raise InvalidParameter(str(error)) from error
        return None if weight == _graph.UNREACHABLE else arcs


class CompiledTopology:
    """See ``backend.Topology``.

    Contraction takes a hundredth of the time of the dissection, so the order is all that is worth
    keeping on disk; and any permutation is a valid order, so a wrong one can only be slow.
    """

    def __init__(self, tail: Int32, head: Int32, order: Int32) -> None:
        self.order = order
        self._core = _graph.Hierarchy(tail, head, order)

    @property
    def description(self) -> str:
        """Kind of core and size of the hierarchy."""
        return f"contraction hierarchy of {self._core.n_edges} edges"

    def customize(self, time_ms: Int64, length_mm: Int64) -> CompiledMetric:
        """Return the graph with these weights, one per arc."""
        return CompiledMetric(_graph.Metric(self._core, time_ms, length_mm))


def find_order(
    n_nodes: int,
    tail: Int32,
    head: Int32,
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
) -> Int32:
    """Return the order of elimination by nested dissection (inertial flow)."""
    return _graph.dissect(n_nodes, tail, head, lon, lat)


def _unpack(packed: NDArray[np.uint64]) -> Ways:
    time_ms = (packed >> _LENGTH_BITS).astype(np.int64)
    length_mm = (packed & _LENGTH_MASK).astype(np.int64)
    blocked = packed == np.uint64(_graph.UNREACHABLE)
    time_ms[blocked] = UNREACHABLE
    length_mm[blocked] = UNREACHABLE
    return Ways(time_ms=time_ms, length_mm=length_mm)
