"""Merge chains of plain bends into arcs between real junctions, keeping every point and meter.

A node is a plain bend if traffic through it has no choice: one way in and one way out, or one
street that continues in both directions; and if the highway class stays the same, because speed
by hour depends on it. (The rule of OSMnx ``simplify_graph``, plus the class.) All steps are whole
array operations; sums are integers, so a street is exactly as long in both directions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

Int64 = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Chains:
    """Maximal runs of directed segments between kept points.

    Parameters
    ----------
    segment
        Shape (k,), int64, segments in order of travel, chain by chain.
    offset
        Shape (c + 1,), int64: chain i is ``segment[offset[i]:offset[i + 1]]``.
    """

    segment: Int64
    offset: Int64


def find_chains(
    n_points: int, tail: Int64, head: Int64, kind: Int64, forced: Int64 | None = None
) -> Chains:
    """Cut directed segments into chains.

    Loops are broken in the middle and rings without a junction at two points, so that no chain
    ends where it started.

    Parameters
    ----------
    n_points
        Number of points.
    tail, head
        Shape (s,), int64, segments without self-loops and without duplicates.
    kind
        Shape (s,), int64; chains never mix kinds.
    forced
        Points that are kept in any case.
    """
    keep = ~_find_bends(n_points, tail, head, kind)
    if forced is not None:
        keep[forced] = True
    _anchor_rings(keep, tail, head)
    follow = _find_next(n_points, tail, head)
    chains = _walk(keep, tail, head, follow)
    first, last = chains.segment[chains.offset[:-1]], chains.segment[chains.offset[1:] - 1]
    loop = np.flatnonzero(tail[first] == head[last])
    if loop.size == 0:
        return chains
    middle = (chains.offset[loop] + chains.offset[loop + 1]) // 2
    keep[tail[chains.segment[middle]]] = True
    return _walk(keep, tail, head, follow)


def _find_bends(n_points: int, tail: Int64, head: Int64, kind: Int64) -> NDArray[np.bool_]:
    """Return shape (p,): True where traffic has no choice and the kind does not change."""
    n_out = np.bincount(tail, minlength=n_points)
    n_in = np.bincount(head, minlength=n_points)
    # Distinct neighbors: of the sorted pairs (point, neighbor), both ways, without repetition.
    pairs = np.unique(np.r_[tail * n_points + head, head * n_points + tail])
    n_neighbors = np.bincount(pairs // n_points, minlength=n_points)
    low = np.full(n_points, np.iinfo(np.int64).max)
    high = np.full(n_points, -1, dtype=np.int64)
    for end in (tail, head):
        np.minimum.at(low, end, kind)
        np.maximum.at(high, end, kind)
    same_street = (n_out == n_in) & ((n_out == 1) | (n_out == 2)) & (n_neighbors == 2)
    return np.asarray(same_street & (low == high), dtype=np.bool_)


def _anchor_rings(keep: NDArray[np.bool_], tail: Int64, head: Int64) -> None:
    """Keep the first point of every connected part that has no kept point."""
    n_points = len(keep)
    links = coo_matrix((np.ones(len(tail), dtype=np.int8), (tail, head)), (n_points, n_points))
    _, part = connected_components(links, directed=False)
    anchored = np.zeros(int(part.max()) + 1, dtype=np.bool_)
    anchored[part[keep]] = True
    _, first = np.unique(part, return_index=True)
    keep[first[~anchored]] = True


def _find_next(n_points: int, tail: Int64, head: Int64) -> Int64:
    """Return shape (s,): the segment that follows where its head is a bend (else arbitrary)."""
    order = np.argsort(tail, kind="stable")
    start = np.searchsorted(tail[order], np.arange(n_points + 1))
    has_out = start[1:] > start[:-1]
    one = np.full(n_points, -1, dtype=np.int64)
    one[has_out] = order[start[:-1][has_out]]
    two = one.copy()
    has_two = start[1:] > start[:-1] + 1
    two[has_two] = order[start[:-1][has_two] + 1]
    ahead = one[head]
    turns_back = head[ahead] == tail  # a U-turn: the other way out goes on
    return np.where(turns_back, two[head], ahead)


def _walk(keep: NDArray[np.bool_], tail: Int64, head: Int64, follow: Int64) -> Chains:
    """Walk all chains at once, one segment per round, from every segment with a kept tail."""
    current = np.flatnonzero(keep[tail])
    chain = np.arange(len(current), dtype=np.int64)
    n_chains = len(current)
    segments, owners = [current], [chain]
    while True:
        going = ~keep[head[current]]
        current, chain = follow[current[going]], chain[going]
        if current.size == 0:
            break
        segments.append(current)
        owners.append(chain)
    owner = np.concatenate(owners)
    order = np.argsort(owner, kind="stable")  # rounds are in order of travel already
    count = np.bincount(owner, minlength=n_chains)
    return Chains(
        segment=np.concatenate(segments)[order], offset=np.r_[0, np.cumsum(count)].astype(np.int64)
    )
