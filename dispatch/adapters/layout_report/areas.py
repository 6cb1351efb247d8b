"""What a proposal brings each zone and district, and each square of demand on the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dispatch.adapters.page.squares import find_worst
from geo.coverage import CoverageAudit, MeasureAudit
from geo.demand import ZONES, Demand
from geo.straight import NOBODY

MOST_DISTRICTS: Final = 8
"""Districts on the page: those that change, and those the proposal leaves worst off."""


def list_areas(
    demand: Demand,
    today: NDArray[np.bool_],
    after: NDArray[np.bool_],
    targets: Sequence[Mapping[str, Any]] = (),
) -> tuple[list[dict[str, Any]], int]:
    """Return covered weight by zone and district, and how many districts were left out.

    Parameters
    ----------
    demand
        Points with zones, and districts where known.
    today, after
        Shape (n,), bool: covered today and by the proposal.
    targets
        ``{"part": "zone" or "district", "name", "share"}``: least covered share asked for.
    """
    wanted = {(one["part"], one["name"]): float(one["share"]) for one in targets}

    def area(part: str, name: str, rows: NDArray[np.bool_]) -> dict[str, Any]:
        total, before, then = (
            int(demand.weight[rows & some].sum()) for some in (np.True_, today, after)
        )
        return {"part": part, "name": name, "total": total, "today": before, "after": then,
                "target": wanted.get((part, name))}  # fmt: skip

    zones = [area("zone", name, demand.zone == code) for code, name in enumerate(ZONES)]
    districts = [
        area("district", name, demand.district == code)
        for code, name in enumerate(demand.districts)
    ]
    districts = [one for one in districts if one["total"]]

    def interest(one: Mapping[str, Any]) -> tuple[bool, int, int, str]:
        missing = one["total"] - one["after"]
        return one["target"] is None, -abs(one["after"] - one["today"]), -missing, one["name"]

    shown = sorted(districts, key=interest)[:MOST_DISTRICTS]
    return [*(one for one in zones if one["total"]), *shown], len(districts) - len(shown)


def judge_squares(
    where: NDArray[np.int64],
    squares: int,
    audits: tuple[CoverageAudit, CoverageAudit],
    names: tuple[Sequence[str], Sequence[str]],
) -> list[list[Any]]:
    """Return what a click on each square shows: its worst served point, today and after.

    Parameters
    ----------
    where
        Shape (n,), square of each point, -1 for points on none.
    squares
        How many there are.
    audits
        Today and after; the measure that decides counts.
    names
        Ids of the outlets of each audit.

    Returns
    -------
    list
        ``[points, [nearest, meters, slack], the same after]`` per square; nearest and slack are
        null where nobody is near.
    """
    count = np.bincount(where[where >= 0], minlength=squares).tolist()
    columns = [
        _describe(_deciding(audit), where, squares, ids)
        for audit, ids in zip(audits, names, strict=True)
    ]
    return [list(row) for row in zip(count, *columns, strict=True)]


def _deciding(audit: CoverageAudit) -> MeasureAudit:
    return audit.road if audit.decides == "road" and audit.road else audit.straight


def _describe(
    found: MeasureAudit, where: NDArray[np.int64], squares: int, ids: Sequence[str]
) -> list[list[Any]]:
    worst = find_worst(found, where, squares)
    columns = (found.nearest, found.distance_m, found.serving, found.slack_m)
    rows = zip(*(column[worst].tolist() for column in columns), strict=True)
    return [
        [None if near == NOBODY else ids[near], meters, None if serving == NOBODY else spare]
        for near, meters, serving, spare in rows
    ]
