"""Siting by trying every choice of sites; small instances only."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

Int64 = NDArray[np.int64]


def best_median(cost: Int64, p: int, fixed: Int64 | None = None) -> int:
    """Least sum of the cheapest open site of each row."""
    return min(int(cost[:, s].min(axis=1).sum()) for s in choices(cost.shape[1], p, fixed))


def best_center(distance: Int64, p: int) -> int:
    """Least distance of the farthest row to its nearest open site."""
    return min(int(distance[:, s].min(axis=1).max()) for s in choices(distance.shape[1], p))


def best_capacitated(cost: Int64, p: int, load: Int64, capacity: Int64) -> int | None:
    """Least cost of giving every row to one of p sites within capacities; None if impossible."""
    best = None
    for sites in choices(cost.shape[1], p):
        for place in product(sites, repeat=len(cost)):
            used = np.bincount(place, weights=load, minlength=cost.shape[1])
            value = int(cost[np.arange(len(cost)), place].sum())
            if (used <= capacity).all() and (best is None or value < best):
                best = value
    return best


def choices(count: int, p: int, fixed: Int64 | None = None) -> list[list[int]]:
    """Every choice of p sites that keeps the fixed ones open or closed."""
    return [
        list(sites)
        for sites in combinations(range(count), p)
        if fixed is None or all((fixed[j] != 1 or j in sites) for j in range(count))
        if fixed is None or all(fixed[j] != -1 for j in sites)
    ]
