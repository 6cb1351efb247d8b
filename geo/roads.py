"""What every road file is brought to before a profile looks at it: points, segments, tags."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Element = TypeVar("Element", bound=np.generic)

TAGS = (
    "highway", "name", "service", "junction", "maxspeed", "oneway", "oneway:bicycle", "motorroad",
    "access", "vehicle", "motor_vehicle", "motorcar", "bicycle", "foot", "area",
)  # fmt: skip
"""OSM keys that decide who may travel on a way, in which direction and how fast."""

OSM_ATTRIBUTION = "© OpenStreetMap contributors, ODbL"
"""Notice due with everything derived from OpenStreetMap (openstreetmap.org/copyright)."""


@dataclass(frozen=True, eq=False)
class Roads:
    """Straight segments between points; a segment inherits the tags of its way.

    Parameters
    ----------
    point_id
        Shape (p,), int64, unique; OSM node id, negative where the source has none.
    lon, lat
        Shape (p,), float64, WGS 84 degrees.
    tail, head
        Shape (s,), int64, indices of points in the drawing direction of the way.
    way
        Shape (s,), int64, row in ``tags``.
    tags
        One row per way, one text column per key of ``TAGS``; missing = no tag.
    directed
        Shape (w,), bool: True where the opposite direction, if allowed, is listed as a way of
        its own (graph files), so that this way must never be turned around.
    source
        Where the roads came from, for people.
    attribution
        Notice that has to be shown with them.
    """

    point_id: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    way: NDArray[np.int64]
    tags: pd.DataFrame
    directed: NDArray[np.bool_]
    source: str
    attribution: str


def tag_table(columns: Mapping[str, Sequence[str | None]], n_ways: int) -> pd.DataFrame:
    """Return the table of ``Roads.tags`` with every column present.

    Parameters
    ----------
    columns
        Values of some keys, each of length ``n_ways``; other keys are filled as missing.
    n_ways
        Number of rows.
    """
    empty: list[str | None] = [None] * n_ways
    return pd.DataFrame(
        {key: pd.Series(list(columns.get(key, empty)), dtype=object) for key in TAGS},
        index=pd.RangeIndex(n_ways),
    )


def map_tag(
    column: pd.Series, rule: Callable[[str | None], object], dtype: type[Element]
) -> NDArray[Element]:
    """Apply a rule once to every distinct value of a tag.

    Parameters
    ----------
    column
        One column of ``Roads.tags``, shape (w,).
    rule
        Called with a value, or with None for a missing tag.
    dtype
        Element type of the result.

    Returns
    -------
    ndarray
        Shape (w,).
    """
    codes, values = pd.factorize(column)
    table = [rule(str(value).strip()) for value in values]
    table.append(rule(None))  # code -1 = missing = last entry
    return np.asarray(table, dtype=dtype)[codes]


def join_polylines(
    ends: NDArray[np.int64], xy: NDArray[np.float64], owner: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Cut polylines that share their end nodes into segments with anonymous inner points.

    Parameters
    ----------
    ends
        Shape (w, 2), int64, identifiers of the first and last node of each polyline.
    xy
        Shape (c, 2), float64, longitude and latitude of all points, polyline by polyline.
    owner
        Shape (c,), int64, polyline of each point, ascending, at least two points each.

    Returns
    -------
    point_id, xy, tail, head
        Unique identifiers (p,), their positions (p, 2), and segments (s,) as point indices; the
        segments stand in the order of the polylines.
    """
    first = np.r_[True, owner[1:] != owner[:-1]]
    last = np.r_[first[1:], True]
    below = min(0, int(ends.min(initial=0)))  # sources may use negative identifiers, too
    label = below - 1 - np.arange(len(owner), dtype=np.int64)
    label[first] = ends[:, 0]
    label[last] = ends[:, 1]
    point_id, where, index = np.unique(label, return_index=True, return_inverse=True)
    start = np.flatnonzero(~last)
    return point_id, xy[where], index[start].astype(np.int64), index[start + 1].astype(np.int64)
