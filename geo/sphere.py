"""Distances on the globe."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of WGS 84 (IUGG); the same figure as in ``docs/semantics.md``."""

Float64 = NDArray[np.float64]


def great_circle_m(lon_a: Float64, lat_a: Float64, lon_b: Float64, lat_b: Float64) -> Float64:
    """Return great-circle distances (haversine) in meters; arguments in degrees, any one shape."""
    a, b = np.radians(lat_a), np.radians(lat_b)
    half = np.sin((b - a) / 2.0) ** 2
    half += np.cos(a) * np.cos(b) * np.sin(np.radians(lon_b - lon_a) / 2.0) ** 2
    return np.asarray(2.0 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(half, 1.0))))
