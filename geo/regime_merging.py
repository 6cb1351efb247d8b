"""Few states of traffic from many: the two closest neighbors in time become one, again and again.

Agglomerative clustering with a constraint: only states that follow each other somewhere in time
may merge, so that a bucket never gets the traffic of an hour it has nothing to do with.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]


def merge_closest(
    bucket: Sequence[int], shares: Float64, spans: Sequence[int], most: int
) -> tuple[list[int], Float64]:
    """Merge states until at most ``most`` are left.

    How close two states are: the sum of the logarithms of the ratios of their speeds, times the
    seconds of the one that holds for less time. The merged state's slowness (seconds per meter) is
    the mean of both by their seconds. Of equally close pairs the first numbers win.

    Parameters
    ----------
    bucket
        State of every bucket, in order of time.
    shares
        Shape (s, v), speeds of every state, shares of free flow, > 0.
    spans
        Seconds of every bucket.
    most
        States wanted, at least 1.

    Returns
    -------
    tuple
        State of every bucket, and the speeds by state; those no bucket has mean nothing.
    """
    slowness = 1.0 / shares
    if len(shares) <= most:
        return list(bucket), shares
    seconds = np.zeros(len(shares), dtype=np.int64)
    np.add.at(seconds, np.asarray(bucket), np.asarray(spans))
    parent = list(range(len(shares)))
    merging = _Merging(slowness, seconds, bucket)
    for _ in range(len(shares) - most):
        kept, gone = merging.merge_next()
        parent[gone] = kept
    for i in range(len(parent)):  # parents have lower numbers, so they are final already
        parent[i] = parent[parent[i]]
    mixed = np.where(merging.slowness == slowness, shares, 1.0 / merging.slowness)
    return [parent[i] for i in bucket], mixed


class _Merging:
    """States with their neighbors in time, and a heap of the pairs; stale entries are skipped."""

    def __init__(
        self, slowness: Float64, seconds: NDArray[np.int64], bucket: Sequence[int]
    ) -> None:
        self.slowness = slowness.copy()
        self._seconds = seconds
        self._version = [0] * len(slowness)
        self._neighbors: list[set[int]] = [set() for _ in slowness]
        for a, b in pairwise(bucket):
            if a != b:
                self._neighbors[a].add(b)
                self._neighbors[b].add(a)
        self._heap: list[tuple[float, int, int, int, int]] = []
        for state, neighbors in enumerate(self._neighbors):
            self._push(state, [other for other in neighbors if other > state])

    def merge_next(self) -> tuple[int, int]:
        """Merge the closest pair; return who stays (the lower number) and who goes."""
        while True:
            _, a, b, version_a, version_b = heapq.heappop(self._heap)
            if (self._version[a], self._version[b]) == (version_a, version_b):
                break
        ours, theirs = int(self._seconds[a]), int(self._seconds[b])
        same = self.slowness[a] == self.slowness[b]
        mean = (ours * self.slowness[a] + theirs * self.slowness[b]) / (ours + theirs)
        self.slowness[a] = np.where(same, self.slowness[a], mean)
        self._seconds[a] += theirs
        for other in self._neighbors[b] - {a}:
            self._neighbors[other].discard(b)
            self._neighbors[other].add(a)
        self._neighbors[a] = (self._neighbors[a] | self._neighbors[b]) - {a, b}
        self._version[a] += 1
        self._version[b] = -1
        self._push(a, list(self._neighbors[a]))
        return a, b

    def _push(self, state: int, others: list[int]) -> None:
        if not others:
            return
        others = sorted(others)
        ratios = np.abs(np.log(self.slowness[others] / self.slowness[state]))
        weight = np.minimum(self._seconds[others], self._seconds[state])
        # Rounded, so that equal pairs stay equal whatever the order of summation.
        costs = np.round(ratios.sum(axis=1) * weight, 6)
        for other, cost in zip(others, costs.tolist(), strict=True):
            a, b = min(state, other), max(state, other)
            heapq.heappush(self._heap, (cost, a, b, self._version[a], self._version[b]))
