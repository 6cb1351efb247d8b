"""How a distance in the plane becomes the number an instance's best known value is made of.

========== ======================== ==================== =====================================
rounding   one arc                  unit of the problem  where from
========== ======================== ==================== =====================================
trunc1     cut to one decimal       a tenth              12th DIMACS implementation challenge
exact1000  round(1000 d), half up   a thousandth         MDVRPTW, SDVRPTW of PyVRP/Instances
none       double precision         1 / 10 000           SINTEF's hierarchical tables
========== ======================== ==================== =====================================
"""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

NOISE = 1e-6
"""Below this a scaled distance is taken for the whole number it misses by rounding noise."""


class Places(Protocol):
    """Anything with coordinates per node."""

    @property
    def x(self) -> tuple[float, ...]:
        """First coordinate of each node."""

    @property
    def y(self) -> tuple[float, ...]:
        """Second coordinate of each node."""


class Rounding(StrEnum):
    """Name of the rule."""

    TRUNC1 = "trunc1"
    EXACT1000 = "exact1000"
    NONE = "none"

    @property
    def scale(self) -> int:
        """Problem units in one unit of the file."""
        return {"trunc1": 10, "exact1000": 1000, "none": 10_000}[self.value]


def scale_distances(
    instance: Places, rounding: Rounding
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return travel time and distance between all nodes in units of the problem.

    Times equal distances except under ``none``: there they are rounded *up*, so that a plan that
    keeps its windows in whole numbers keeps them in double precision too.

    Returns
    -------
    tuple of ndarray
        Times and distances, each shape (n + 1, n + 1), int64.
    """
    x, y = np.asarray(instance.x), np.asarray(instance.y)
    exact = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :]) * rounding.scale
    # Cutting: a root that is a whole number must not fall below it by a bit of rounding noise.
    distances = np.floor(exact + (NOISE if rounding is Rounding.TRUNC1 else 0.5))
    times = np.ceil(exact - NOISE) if rounding is Rounding.NONE else distances
    np.fill_diagonal(times, 0)
    return times.astype(np.int64), distances.astype(np.int64)
