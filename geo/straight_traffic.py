"""Traffic where no roads are known: how much slower straight ways are in a state."""

from __future__ import annotations

from typing import Final

import numpy as np

from geo.regimes import Regimes
from geo.traffic import LEAST_SHARE, MOST_SHARE, compute_mean_share, find_inside
from geo.travel_matrix import Float64

PIECES: Final = 20
"""Equal pieces of a straight way; one lies in an area if its middle does."""


def compute_slowness(starts: Float64, ends: Float64, regimes: Regimes) -> list[Float64]:
    """Return, for every state, times the free-flow time that ways take.

    Parameters
    ----------
    starts, ends
        Shapes (r, 2) and (m, 2), WGS 84: places the ways begin and end at.
    regimes
        States of traffic.

    Returns
    -------
    list of ndarray
        Shape (r, m) per state where there are areas, else one number, shape ().
    """
    means = [compute_mean_share(state) for state in regimes.states]
    if not regimes.areas:
        return [np.asarray(1.0 / mean) for mean in means]
    start, end = starts[:, None, :], ends[None, :, :]
    shape = (start.shape[0], end.shape[1])
    slowness = [np.zeros(shape) for _ in means]
    for piece in range(PIECES):
        middle = (piece + 0.5) / PIECES
        points = (start * (1.0 - middle) + end * middle).reshape(-1, 2)
        inside = find_inside(points, regimes.areas)
        for times, mean, state in zip(slowness, means, regimes.states, strict=True):
            share = np.full(len(points), mean)
            for found, area_share in zip(inside, state.area_share, strict=True):
                if area_share != 1.0:
                    share[found] *= area_share
            slower = 1.0 / np.clip(share, LEAST_SHARE, MOST_SHARE)
            np.add(times, slower.reshape(shape), out=times)
    return [times / PIECES for times in slowness]
