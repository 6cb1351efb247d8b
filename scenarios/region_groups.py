"""Compact groups of regions, each about as many calls as one dispatcher looks after."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scenarios.calls import Call
from scenarios.clusters import to_plane_km

MAX_CALLS = 400
"""Groups are not merged beyond this many calls."""

MAX_APART_KM = 25.0
"""Groups whose centers lie farther apart are not merged."""


def group_regions(calls: Sequence[Call]) -> tuple[tuple[int, ...], ...]:
    """Return groups of region ids, the group with most calls first.

    Regions are merged bottom-up: again and again the two groups whose centers (means of their
    calls) lie nearest, as long as both limits above hold. Ties go to the lower region id, so the
    result depends on the calls alone.
    """
    lonlat = np.array([(call.lon, call.lat) for call in calls])
    region = np.array([call.region for call in calls])
    plane = to_plane_km(lonlat)
    groups: list[tuple[int, ...]] = [(int(r),) for r in np.unique(region)]
    while (pair := _nearest_pair(groups, region, plane)) is not None:
        first, second = pair
        merged = tuple(sorted(groups[first] + groups[second]))
        groups = [g for i, g in enumerate(groups) if i not in pair] + [merged]
        groups.sort()
    counts = {group: int(np.isin(region, group).sum()) for group in groups}
    return tuple(sorted(groups, key=lambda group: (-counts[group], group)))


def _nearest_pair(
    groups: list[tuple[int, ...]], region: NDArray[np.int_], plane: NDArray[np.float64]
) -> tuple[int, int] | None:
    """Return the indices of the two nearest groups that may be merged, None if none may."""
    masks = [np.isin(region, group) for group in groups]
    sizes = np.array([mask.sum() for mask in masks])
    centers = np.array([plane[mask].mean(axis=0) for mask in masks])
    apart = np.hypot(*(centers[:, None, :] - centers[None, :, :]).transpose(2, 0, 1))
    allowed = np.triu(np.ones_like(apart, dtype=bool), k=1)
    allowed &= (sizes[:, None] + sizes[None, :] <= MAX_CALLS) & (apart <= MAX_APART_KM)
    if not allowed.any():
        return None
    first, second = np.unravel_index(np.argmin(np.where(allowed, apart, np.inf)), apart.shape)
    return int(first), int(second)
