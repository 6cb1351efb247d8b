"""Squares of demand on a map: how wide they are, and which of their points stands worst."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from dispatch.adapters.page.frame import Frame
from geo.coverage import MeasureAudit
from geo.pockets import find_spacing_m
from geo.straight import NOBODY, Float64

STEPS_M: Final = (
    100, 150, 200, 300, 400, 500, 750, 1000, 1500, 2000, 3000, 5000, 7500, 10_000, 20_000,
)  # fmt: skip


def find_lattice(
    lonlat: Float64, frame: Frame, most: int
) -> tuple[int, NDArray[np.int64], NDArray[np.int64]]:
    """Return side in meters, north-west corners (c, 2) and the square of each point (n,).

    Few points have a square each, as wide as they stand apart; of many the finest lattice that
    stays within the budget is drawn.

    Parameters
    ----------
    lonlat
        Shape (n, 2), degrees.
    frame
        The page's frame.
    most
        Largest number of squares; the widest step is taken where it does not suffice.
    """
    xy = frame.to_xy(lonlat)
    spacing = round(find_spacing_m(lonlat))
    side = min(max(spacing, STEPS_M[0]), STEPS_M[-1])
    corner, where = np.unique(xy - side // 2, axis=0, return_inverse=True)
    for step in STEPS_M:
        if len(corner) <= most:
            break
        if step >= spacing:
            corner, where = np.unique(xy // step, axis=0, return_inverse=True)
            corner, side = corner * step, step
    return side, corner, where.reshape(-1)


def find_worst(found: MeasureAudit, where: NDArray[np.int64], squares: int) -> NDArray[np.int64]:
    """Return the point with the least slack of each square, of equal ones the first.

    Parameters
    ----------
    found
        The audit by the measure that counts.
    where
        Shape (n,), square of each point, -1 for points on none; every square has a point.
    squares
        How many there are.
    """
    rows = np.flatnonzero(where >= 0)
    slack = np.where(found.serving == NOBODY, np.iinfo(np.int64).min, found.slack_m)[rows]
    order = rows[np.lexsort((rows, slack, where[rows]))]
    worst: NDArray[np.int64] = order[np.searchsorted(where[order], np.arange(squares))]
    return worst
