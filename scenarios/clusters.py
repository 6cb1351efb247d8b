"""Deterministic clustering of places, without a seed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

EARTH_KM = 6371.0088
MAX_ROUNDS = 100


def to_plane_km(
    lonlat: NDArray[np.float64], origin: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Return places in kilometers east and north of ``origin`` (equirectangular; a city is flat).

    Parameters
    ----------
    lonlat
        Shape (m, 2), WGS 84, longitude first.
    origin
        Shape (2,); None takes the mean of the places.
    """
    center = lonlat.mean(axis=0) if origin is None else origin
    scale = np.array([np.cos(np.radians(center[1])), 1.0]) * np.radians(1.0) * EARTH_KM
    plane: NDArray[np.float64] = (lonlat - center) * scale
    return plane


def cluster_places(
    points: NDArray[np.float64], count: int, weights: NDArray[np.float64] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Cluster points by weighted k-means (Lloyd 1982), started from spread-out points.

    The first center is the point nearest to the mean; each next one is the point with the largest
    weight times squared distance from the centers so far (ties: lowest index). So the same points
    in the same order always give the same clusters.

    Parameters
    ----------
    points
        Shape (m, 2), in a plane.
    count
        Clusters wanted; fewer come back where there are fewer distinct points.
    weights
        Shape (m,), > 0; None weighs all alike.

    Returns
    -------
    tuple of ndarray
        Centers, shape (c, 2), and the cluster of each point, shape (m,).
    """
    weight = np.ones(len(points)) if weights is None else weights
    centers = _spread(points, weight, count)
    label = _nearest(points, centers)
    for _ in range(MAX_ROUNDS):
        size = len(centers)
        mass = np.bincount(label, weights=weight, minlength=size)
        moved = np.column_stack(
            [np.bincount(label, weight * points[:, axis], minlength=size) for axis in (0, 1)]
        )
        occupied = mass > 0
        centers = np.where(
            occupied[:, None], moved / np.where(occupied, mass, 1.0)[:, None], centers
        )
        updated = _nearest(points, centers)
        if np.array_equal(updated, label):
            break
        label = updated
    return centers, label


def nearest_index(points: NDArray[np.float64], centers: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return for each point, shape (m, 2), the nearest of the centers (ties: lowest index)."""
    return _nearest(points, centers)


def _spread(
    points: NDArray[np.float64], weight: NDArray[np.float64], count: int
) -> NDArray[np.float64]:
    mean = np.average(points, axis=0, weights=weight)
    chosen = [int(np.argmin(((points - mean) ** 2).sum(axis=1)))]
    away = ((points - points[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < count and float(away.max()) > 0:
        chosen.append(int(np.argmax(away * weight)))
        away = np.minimum(away, ((points - points[chosen[-1]]) ** 2).sum(axis=1))
    return points[chosen]


def _nearest(points: NDArray[np.float64], centers: NDArray[np.float64]) -> NDArray[np.intp]:
    squared = ((points[:, None, :] - centers[None, :, :]) ** 2).sum(axis=2)
    index: NDArray[np.intp] = np.argmin(squared, axis=1)
    return index
