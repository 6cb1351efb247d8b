"""Covering problems by seed: uniform or clustered demand, for benches and teaching."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from solver.location.problem import CoverProblem, make_cover_problem

_SAMPLE = 4000
_ROWS_PER_CLUSTER = 1000
_MAX_CLUSTERS = 60


class DemandPattern(StrEnum):
    """How demand lies in the square."""

    UNIFORM = "uniform"
    CLUSTERED = "clustered"


def generate_cover(
    rows: int,
    sites: int,
    *,
    pattern: DemandPattern = DemandPattern.UNIFORM,
    mean_share: float = 0.02,
    seed: int = 0,
) -> CoverProblem:
    """Return a covering problem of demand points and sites in the unit square.

    A site covers the points within one radius, the same for all; the radius is chosen so that a
    site covers ``mean_share`` of the points on average. Weights are whole numbers from 1 to 100,
    each site costs 1. Sites lie as demand does.

    Parameters
    ----------
    rows, sites
        Number of demand points and of sites, ``>= 1``.
    pattern
        ``CLUSTERED``: normal clouds of different width around up to 60 centers.
    mean_share
        Mean share of the points one site covers, in ``(0, 1)``.
    seed
        Same seed, same arrays.
    """
    rng = np.random.default_rng(seed)
    places = _draw_places(rows + sites, rows, pattern, rng)
    points, centers = places[:rows], places[rows:]
    weight = rng.integers(1, 101, size=rows).astype(np.int64)
    radius = _find_radius(points, centers, mean_share, rng)
    offset, index = _cover_within(points, centers, radius)
    return make_cover_problem(weight, offset, index, sites=sites)


def _draw_places(
    count: int, rows: int, pattern: DemandPattern, rng: np.random.Generator
) -> NDArray[np.float64]:
    if pattern is DemandPattern.UNIFORM:
        return rng.random((count, 2))
    clusters = int(np.clip(rows // _ROWS_PER_CLUSTER, 5, _MAX_CLUSTERS))
    middle = rng.random((clusters, 2))
    width = rng.uniform(0.01, 0.06, clusters)
    share = rng.dirichlet(np.ones(clusters))
    member = rng.choice(clusters, size=count, p=share)
    return middle[member] + rng.normal(size=(count, 2)) * width[member, None]


def _find_radius(
    points: NDArray[np.float64],
    centers: NDArray[np.float64],
    mean_share: float,
    rng: np.random.Generator,
) -> float:
    """Return the ``mean_share`` quantile of the distances between sampled points and sites."""
    chosen = rng.choice(points.shape[0], size=min(_SAMPLE, points.shape[0]), replace=False)
    sites = centers[:_SAMPLE]
    apart = points[chosen, None, :] - sites[None, :, :]
    return float(np.quantile(np.hypot(apart[..., 0], apart[..., 1]), mean_share))


def _cover_within(
    points: NDArray[np.float64], centers: NDArray[np.float64], radius: float
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return, as offsets and indices, the sites within ``radius`` of each point."""
    tree = cKDTree(points)
    covered = [
        np.asarray(tree.query_ball_point(center, radius), dtype=np.int32) for center in centers
    ]
    row = np.concatenate(covered)
    site = np.repeat(np.arange(len(covered), dtype=np.int32), [c.shape[0] for c in covered])
    # Sites are ascending already, so a stable sort by row keeps them so inside each row.
    order = np.argsort(row, kind="stable")
    offset = np.zeros(points.shape[0] + 1, dtype=np.int64)
    np.cumsum(np.bincount(row, minlength=points.shape[0]), out=offset[1:])
    return offset, site[order]
