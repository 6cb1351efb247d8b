"""Squares of demand for the map, each with the figures of its worst served point."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dispatch.adapters.page.frame import Frame
from dispatch.adapters.page.squares import find_lattice, find_worst
from dispatch.planning.network_audit import NetworkAudit
from geo.coverage import MeasureAudit
from geo.straight import NOBODY

MAX_CELLS: Final = 12_000
"""Squares of demand on the map: about a megabyte of page."""
_MOST_IDS: Final = 40
"""Longest id that is shown."""


def build_cells(audit: NetworkAudit, frame: Frame) -> dict[str, Any]:
    """Return the squares of the map and what a click on one shows.

    Parameters
    ----------
    audit
        What was found.
    frame
        The page's frame.

    Returns
    -------
    dict
        ``cell_m``: side in meters. ``cells``: ``[west, north, weight, covered by straight line,
        covered by road]``, the last -1 without roads. ``points``, in the same order: ``[points,
        zone, source, district, drive_s or null, straight, road or null]`` of the point with the
        least slack by the measure that decides; a measure is ``[nearest, meters, second, meters,
        radius, slack or null]``. ``point_ids``: ids of these points, or null.
    """
    demand = audit.demand
    cell_m, corner, where = find_lattice(demand.lonlat, frame, MAX_CELLS)
    every = np.ones(len(demand), dtype=np.bool_)
    road = None if audit.coverage.road is None else audit.coverage.road.covered
    columns = [
        _total(audit, where, len(corner), rows)
        for rows in (every, audit.coverage.straight.covered, road)
    ]
    table = np.column_stack((corner, *columns))
    some = columns[0] > 0
    worst = find_worst(audit.deciding, where, len(corner))[some]
    count = np.bincount(where, minlength=len(corner))[some]
    return {
        "cell_m": cell_m,
        "cells": table[some].tolist(),
        "points": _points(audit, worst, count),
        "point_ids": None
        if demand.ids is None
        else [str(name)[:_MOST_IDS] for name in demand.ids[worst]],
    }


def _total(
    audit: NetworkAudit, where: NDArray[np.int64], n: int, rows: NDArray[np.bool_] | None
) -> NDArray[np.int64]:
    if rows is None:
        return np.full(n, -1, dtype=np.int64)
    found = np.zeros(n, dtype=np.int64)
    np.add.at(found, where[rows], audit.demand.weight[rows])
    return found


def _points(
    audit: NetworkAudit, worst: NDArray[np.int64], count: NDArray[np.int64]
) -> list[list[Any]]:
    demand, coverage = audit.demand, audit.coverage
    plain = np.column_stack(
        (count, demand.zone[worst], demand.zone_source[worst], demand.district[worst])
    ).tolist()
    straight = _measure(coverage.straight, worst)
    road = [None] * len(worst) if coverage.road is None else _measure(coverage.road, worst)
    drive: list[int | None] = [None] * len(worst)
    if coverage.drive_s is not None:
        seconds = coverage.drive_s[worst].tolist()
        drive = [None if s == NOBODY else s for s in seconds]
    return [[*row, *rest] for row, *rest in zip(plain, drive, straight, road, strict=True)]


def _measure(found: MeasureAudit, rows: NDArray[np.int64]) -> list[list[int | None]]:
    columns = (found.nearest, found.distance_m, found.second, found.second_m, found.radius_m)
    table = np.column_stack([column[rows] for column in columns]).tolist()
    slack = found.slack_m[rows].tolist()
    served = (found.serving[rows] != NOBODY).tolist()
    return [
        [*row, spare if there else None]
        for row, spare, there in zip(table, slack, served, strict=True)
    ]
