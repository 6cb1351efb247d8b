# Compiled shortest-path core (solver/cpp/bindings/graph.cpp). Call it through solver.graph.
from typing import Final

import numpy as np
from numpy.typing import NDArray

UNREACHABLE: Final[int]
LENGTH_BITS: Final[int]
TIME_LIMIT_MS: Final[int]
LENGTH_LIMIT_MM: Final[int]

def dissect(
    n_nodes: int,
    tail: NDArray[np.int32],
    head: NDArray[np.int32],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
) -> NDArray[np.int32]: ...

class Hierarchy:
    def __init__(
        self, tail: NDArray[np.int32], head: NDArray[np.int32], order: NDArray[np.int32]
    ) -> None: ...
    @property
    def n_nodes(self) -> int: ...
    @property
    def n_edges(self) -> int: ...
    @property
    def height(self) -> int: ...

class Metric:
    def __init__(
        self, hierarchy: Hierarchy, time_ms: NDArray[np.int64], length_mm: NDArray[np.int64]
    ) -> None: ...
    def matrix(
        self, sources: NDArray[np.int32], targets: NDArray[np.int32], threads: int
    ) -> NDArray[np.uint64]: ...
    def path(self, source: int, target: int) -> tuple[int, NDArray[np.int32]]: ...
