"""Squares of demand on a map: which of a square's points stands worst."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.coverage import MeasureAudit
from geo.straight import NOBODY


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
