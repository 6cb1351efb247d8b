"""A flat frame in whole meters around a day; what the report's map draws in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from dispatch.adapters.route_lines import Float64

METERS_PER_DEGREE = 111_195.08
"""One degree of a great circle, R = 6 371 008.8 m."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Equirectangular projection around a center; y grows to the south, as on a screen.

    Parameters
    ----------
    lon, lat
        Center, degrees.
    """

    lon: float
    lat: float

    @classmethod
    def around(cls, lonlat: Float64) -> Self:
        """Return the frame centered on the bounding box of ``lonlat``, shape (m, 2)."""
        if len(lonlat) == 0:
            return cls(0.0, 0.0)
        low, high = lonlat.min(axis=0), lonlat.max(axis=0)
        middle = (low + high) / 2
        return cls(float(middle[0]), float(middle[1]))

    def to_xy(self, lonlat: Float64) -> NDArray[np.int64]:
        """Return whole meters east and south of the center, shape of ``lonlat``."""
        scale = np.array([math.cos(math.radians(self.lat)), -1.0]) * METERS_PER_DEGREE
        flat: Float64 = (lonlat - np.array([self.lon, self.lat])) * scale
        return np.rint(flat).astype(np.int64)


def delta_code(xy: NDArray[np.int64]) -> list[int]:
    """Return a polyline as ``[x0, y0, dx1, dy1, ...]``: first point, then steps.

    Small steps make short text; the page adds them up again.
    """
    steps = xy.copy()
    steps[1:] -= xy[:-1]
    moved = np.ones(len(xy), dtype=bool)
    moved[1:] = (steps[1:] != 0).any(axis=1)
    return [int(value) for value in steps[moved].ravel()]
