"""The door to fastest ways: prepare a graph once, weight it often, ask many-to-many."""

from __future__ import annotations

import logging
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from solver.errors import InvalidParameter, SolverUnavailable
from solver.graph.arrays import ArrayChecker, to_int32, to_int64
from solver.graph.backend import Int32, Topology, Weighted
from solver.graph.fallback import DijkstraTopology
from solver.graph.ways import LENGTH_LIMIT_MM, TIME_LIMIT_MS, Ways

try:
    from solver.graph.compiled import CompiledTopology, find_order
except ImportError as error:  # not built for this platform: ``build`` says so
    _MISSING: str | None = str(error)
else:
    _MISSING = None

Engine = Literal["auto", "compiled", "scipy"]

MAX_NODES = 2**28 - 1
"""Most nodes, and most arcs, of a graph."""

_logger = logging.getLogger(__name__)


class Metric:
    """A graph with weights; made by ``Hierarchy.customize``, immutable, usable from threads."""

    def __init__(self, weighted: Weighted, n_nodes: int) -> None:
        self._weighted = weighted
        self._n_nodes = n_nodes

    def matrix(self, sources: NDArray[Any], targets: NDArray[Any], threads: int = 1) -> Ways:
        """Return the fastest ways from every source to every target.

        Parameters
        ----------
        sources, targets
            Shapes (s,) and (t,), integers, nodes; repetitions are allowed.
        threads
            Threads to use, ``>= 1``; the answer does not depend on it.

        Returns
        -------
        Ways
            Arrays of shape (s, t).

        Raises
        ------
        InvalidProblem
            If an entry is not a node.
        InvalidParameter
            If ``threads`` is out of range, or a way may be longer than ``LENGTH_LIMIT_MM``.
        """
        if threads < 1:
            raise InvalidParameter(f"threads is {threads}; expected >= 1.")
        checker = ArrayChecker()
        checker.check_integers("sources", sources, None, 0, self._n_nodes)
        checker.check_integers("targets", targets, None, 0, self._n_nodes)
        checker.finish()
        return self._weighted.matrix(to_int32(sources), to_int32(targets), threads)

    def find_path(self, source: int, target: int) -> Int32 | None:
        """Return the arcs of one fastest way in driving order, or None without a way.

        Parameters
        ----------
        source, target
            Nodes. The way from a node to itself has no arcs.

        Returns
        -------
        NDArray or None
            Shape (k,), int32, indices into the arcs given to ``Hierarchy.build``. Their times and
            lengths add up to the entry of ``matrix``.

        Raises
        ------
        InvalidParameter
            If one of them is not a node.
        """
        for name, node in (("source", source), ("target", target)):
            if not 0 <= node < self._n_nodes:
                raise InvalidParameter(f"{name} is {node}; expected 0 to {self._n_nodes - 1}.")
        return self._weighted.find_path(int(source), int(target))


class Hierarchy:
    """A directed graph prepared for fast queries under any weights; made by ``build``."""

    def __init__(self, topology: Topology, n_arcs: int) -> None:
        self._topology = topology
        self.n_arcs = n_arcs

    @classmethod
    def build(
        cls,
        n_nodes: int,
        tail: NDArray[Any],
        head: NDArray[Any],
        lon: NDArray[np.float64],
        lat: NDArray[np.float64],
        *,
        engine: Engine = "auto",
    ) -> Hierarchy:
        """Find an order of elimination and contract along it; seconds on a large city.

        Parameters
        ----------
        n_nodes
            Number of nodes, n.
        tail, head
            Shape (a,), integers; arc i leads from ``tail[i]`` to ``head[i]``. Parallel arcs and
            loops are allowed.
        lon, lat
            Shape (n,), floats, degrees; only speed depends on them.
        engine
            ``compiled``, ``scipy`` (slower), or the better one there is.

        Raises
        ------
        InvalidProblem
            With every fault of the arrays.
        SolverUnavailable
            If ``engine`` is ``compiled`` and the core was not built.
        """
        checker = _check_graph(n_nodes, tail, head)
        checker.check_degrees("lon", lon, n_nodes)
        checker.check_degrees("lat", lat, n_nodes)
        checker.finish()
        tail32, head32 = to_int32(tail), to_int32(head)
        if not _use_compiled(engine):
            return cls(DijkstraTopology(n_nodes, tail32, head32), tail.size)
        degrees = (np.ascontiguousarray(side, dtype=np.float64) for side in (lon, lat))
        order = find_order(n_nodes, tail32, head32, *degrees)
        return cls(CompiledTopology(tail32, head32, order), tail.size)

    @classmethod
    def from_order(
        cls,
        tail: NDArray[Any],
        head: NDArray[Any],
        order: NDArray[Any],
        *,
        engine: Engine = "auto",
    ) -> Hierarchy:
        """Contract along a known order (``Hierarchy.order``); a tenth of a second.

        Parameters
        ----------
        tail, head
            As for ``build``.
        order
            Shape (n,), integers, every node once; a foreign order is slow, never wrong.
        engine
            As for ``build``.

        Raises
        ------
        InvalidProblem
            With every fault of the arrays.
        SolverUnavailable
            As for ``build``.
        """
        n_nodes = int(order.size)
        checker = _check_graph(n_nodes, tail, head)
        checker.check_integers("order", order, n_nodes, 0, max(n_nodes, 1))
        checker.finish()
        checker.check_permutation("order", order)
        checker.finish()
        tail32, head32 = to_int32(tail), to_int32(head)
        if not _use_compiled(engine):
            return cls(DijkstraTopology(n_nodes, tail32, head32), tail.size)
        return cls(CompiledTopology(tail32, head32, to_int32(order)), tail.size)

    @property
    def order(self) -> Int32:
        """Shape (n,), int32: nodes from the least to the most important; what a cache keeps."""
        return self._topology.order

    @property
    def compiled(self) -> bool:
        """False if SciPy does the work; its ``order`` is not worth keeping."""
        return not isinstance(self._topology, DijkstraTopology)

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return int(self._topology.order.size)

    @property
    def description(self) -> str:
        """One line for people; says "slower" if the compiled core is missing."""
        return self._topology.description

    def customize(self, time_ms: NDArray[Any], length_mm: NDArray[Any]) -> Metric:
        """Weight the graph; a tenth of a second on a large city.

        Parameters
        ----------
        time_ms
            Shape (a,), integers in ``[0, TIME_LIMIT_MS)``, milliseconds per arc.
        length_mm
            Shape (a,), integers in ``[0, LENGTH_LIMIT_MM)``, millimeters per arc.

        Raises
        ------
        InvalidProblem
            With every fault of the arrays.
        """
        checker = ArrayChecker()
        checker.check_integers("time_ms", time_ms, self.n_arcs, 0, TIME_LIMIT_MS)
        checker.check_integers("length_mm", length_mm, self.n_arcs, 0, LENGTH_LIMIT_MM)
        checker.finish()
        weighted = self._topology.customize(to_int64(time_ms), to_int64(length_mm))
        return Metric(weighted, self.n_nodes)


def describe_core() -> str:
    """Return what ``engine="auto"`` stands for here, for people."""
    if _MISSING is None:
        return "contraction hierarchy"
    return "slower: compiled core missing, SciPy Dijkstra instead"


def _check_graph(n_nodes: int, tail: NDArray[Any], head: NDArray[Any]) -> ArrayChecker:
    if not 0 <= n_nodes <= MAX_NODES:
        raise InvalidParameter(f"n_nodes is {n_nodes}; expected 0 to {MAX_NODES}.")
    checker = ArrayChecker()
    checker.check_integers("tail", tail, None, 0, n_nodes)
    checker.check_integers("head", head, tail.size, 0, n_nodes)
    return checker


def _use_compiled(engine: Engine) -> bool:
    if engine == "scipy":
        return False
    if _MISSING is None:
        return True
    if engine == "compiled":
        raise SolverUnavailable(f"The shortest-path core is missing: {_MISSING}.")
    _logger.warning("The shortest-path core is missing (%s); SciPy is slower.", _MISSING)
    return False
