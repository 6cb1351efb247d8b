"""WGS 84 and GCJ-02, the shifted datum of Chinese map services.

GCJ-02 ("Mars coordinates") moves every point of mainland China by up to about 700 m, mostly 300
to 600 m, with a smooth, unpublished function. The formula here is the one the public knows (first
circulated as ``transform.cs`` / *EvilTransform*; described on Wikipedia, *Restrictions on
geographic data in China*): a polynomial with sine terms around 105° E, 35° N, in meters on the
Krasovsky 1940 ellipsoid. Outside the box 72.004-137.8347° E, 0.8293-55.8271° N nothing is shifted.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

KRASOVSKY_AXIS_M = 6_378_245.0
KRASOVSKY_ECCENTRICITY_2 = 0.006_693_421_622_965_943_23
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271

_ROUNDS = 30
_TOLERANCE_DEG = 1e-11
_RIM_DEG = 0.05  # wider than any shift
_ROUND_OFF_DEG = 1e-9

Float64 = NDArray[np.float64]


def is_in_china_box(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Say where the formula shifts; the box is the formula's own and larger than China."""
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    return np.asarray((x >= WEST) & (x <= EAST) & (y >= SOUTH) & (y <= NORTH))


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Float64, Float64]:
    """Shift WGS 84 coordinates to GCJ-02.

    Parameters
    ----------
    lon, lat
        Degrees, any one shape.

    Returns
    -------
    lon, lat
        Degrees, same shape; unchanged outside the box. NaN stays NaN.
    """
    x, y = _as_arrays(lon, lat)
    inside = is_in_china_box(x, y)
    shift_x, shift_y = _shift_deg(x[inside], y[inside])
    x[inside] += shift_x
    y[inside] += shift_y
    return x, y


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> tuple[Float64, Float64]:
    """Undo ``wgs84_to_gcj02`` by fixed-point iteration.

    The shift changes by less than 1 part in 100 over its own length, so every round gains two
    digits; the round trip is exact to 1e-9 degrees (0.1 mm). Only within 1 km outside the rim of
    the box (open sea and foreign deserts) is it ambiguous, because there the datum itself jumps.

    Parameters
    ----------
    lon, lat
        Degrees, any one shape.

    Returns
    -------
    lon, lat
        Degrees, same shape; unchanged outside the box. NaN stays NaN.
    """
    goal_x, goal_y = _as_arrays(lon, lat)
    near = (goal_x >= WEST - _RIM_DEG) & (goal_x <= EAST + _RIM_DEG)
    near &= (goal_y >= SOUTH - _RIM_DEG) & (goal_y <= NORTH + _RIM_DEG)
    x, y = _solve(goal_x[near], goal_y[near])
    # At the rim the box decides by the WGS 84 position, as in the other direction; a point on the
    # rim itself must not fall out by the last digit of the iteration.
    beyond = np.maximum(np.abs(x - np.clip(x, WEST, EAST)), np.abs(y - np.clip(y, SOUTH, NORTH)))
    inside = beyond < _ROUND_OFF_DEG
    goal_x[near] = np.where(inside, x, goal_x[near])
    goal_y[near] = np.where(inside, y, goal_y[near])
    return goal_x, goal_y


def _solve(goal_x: Float64, goal_y: Float64) -> tuple[Float64, Float64]:
    """Find the points that the shift moves to the goals."""
    x, y = goal_x, goal_y
    for _ in range(_ROUNDS):
        shift_x, shift_y = _shift_deg(x, y)
        error_x, error_y = x + shift_x - goal_x, y + shift_y - goal_y
        x, y = x - error_x, y - error_y
        if not bool(np.any(np.maximum(np.abs(error_x), np.abs(error_y)) > _TOLERANCE_DEG)):
            break
    return x, y


def _as_arrays(lon: ArrayLike, lat: ArrayLike) -> tuple[Float64, Float64]:
    """Return fresh arrays of one common shape."""
    x, y = np.broadcast_arrays(np.asarray(lon, np.float64), np.asarray(lat, np.float64))
    return x.copy(), y.copy()


def _shift_deg(lon: Float64, lat: Float64) -> tuple[Float64, Float64]:
    """Return the shift WGS 84 → GCJ-02 in degrees, without asking for the box."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    ripple = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north_m += (ripple + 20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi * y / 3.0)) * 2.0 / 3.0
    north_m += (160.0 * np.sin(np.pi * y / 12.0) + 320.0 * np.sin(np.pi * y / 30.0)) * 2.0 / 3.0
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east_m += (ripple + 20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi * x / 3.0)) * 2.0 / 3.0
    east_m += (150.0 * np.sin(np.pi * x / 12.0) + 300.0 * np.sin(np.pi * x / 30.0)) * 2.0 / 3.0
    phi = np.radians(lat)
    magic = 1.0 - KRASOVSKY_ECCENTRICITY_2 * np.sin(phi) ** 2
    meridian_m = KRASOVSKY_AXIS_M * (1.0 - KRASOVSKY_ECCENTRICITY_2) / (magic * np.sqrt(magic))
    parallel_m = KRASOVSKY_AXIS_M / np.sqrt(magic) * np.cos(phi)
    return np.degrees(east_m / parallel_m), np.degrees(north_m / meridian_m)
