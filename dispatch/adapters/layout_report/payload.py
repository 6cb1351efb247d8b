"""What the page of a proposal knows: layout.json, drawn in a flat frame of meters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dispatch.adapters.layout_report.areas import judge_squares, list_areas
from dispatch.adapters.page.frame import Frame
from dispatch.adapters.page.roads import draw_roads
from dispatch.adapters.page.squares import find_lattice
from geo.coverage import CoverageAudit
from geo.demand import Demand
from geo.network import RoadNetwork

Float64 = NDArray[np.float64]

MAX_CELLS: Final = 9000
"""Squares of demand on the map; more would neither be seen nor drawn fast."""

HELD, WON, OPEN, LOST = 0, 1, 2, 3

MAX_ROAD_POINTS: Final = 60_000


@dataclass(frozen=True, eq=False)
class LayoutSource:
    """Everything the report is made from.

    Parameters
    ----------
    layout
        The document of docs/layout.md.
    title
        Name of the network.
    lonlat
        Shape (n, 2), demand points, WGS 84.
    weight
        Shape (n,), int64.
    today, after
        Shape (n,), bool: covered today, and by the proposal.
    network
        Roads behind the map; None without.
    demand
        The demand with zones and districts; None leaves the table of areas out.
    audits
        Who is nearest today and after; None leaves the figures of single squares out.
    """

    layout: Mapping[str, Any]
    title: str
    lonlat: Float64
    weight: NDArray[np.int64]
    today: NDArray[np.bool_]
    after: NDArray[np.bool_]
    network: RoadNetwork | None
    demand: Demand | None = None
    audits: tuple[CoverageAudit, CoverageAudit] | None = None


def build_payload(source: LayoutSource) -> dict[str, Any]:
    """Return the page's data; plain values only."""
    layout = source.layout
    places = np.array([[s["lon"], s["lat"]] for s in layout["sites"]]).reshape(-1, 2)
    frame = Frame.around(np.vstack([source.lonlat, places]))
    total = layout["demand"]["weight"]
    cell_m, cells, points = _draw_cells(source, frame)
    areas, left_out = _areas(source)
    proposal = layout["proposal"]
    return {
        "title": source.title,
        "subtitle": _subtitle(layout),
        "measure": layout["measure"], "currency": layout["currency"], "years": layout["years"],
        "unit": layout["unit"], "rule": layout["radius"], "seed": layout["seed"],
        "candidates": layout["candidates_examined"],
        "total": total, "today": layout["today"]["covered"],
        "covered": proposal["covered"], "bound": min(proposal["bound"], total),
        "status": proposal["status"], "budget": proposal["budget"], "spent": proposal["spent"],
        "straight": _shares(layout["covered_straight"], total),
        "road": _shares(layout["covered_road"], total),
        "curve": [{k: p[k] for k in ("budget", "covered", "bound", "changes", "status")}
                  for p in layout["curve"]],
        "sites": _draw_sites(layout, frame.to_xy(places)),
        "actions": layout["actions"], "steps": layout["steps"],
        "staffing": layout["staffing"], "robustness": _robustness(layout),
        "cell_m": cell_m, "cells": cells, "points": points,
        "goal": _goal(layout), "days": layout.get("days"),
        "complete": layout.get("complete"),
        "areas": areas, "areas_left_out": left_out,
        "roads": _draw_roads(source, frame),
        "attribution": layout["attribution"],
    }  # fmt: skip


def _subtitle(layout: Mapping[str, Any]) -> dict[str, str]:
    points = layout["demand"]["points"]
    return {
        "en": f"Proposal for the network · {points:,} demand points",
        "zh": f"网络布局方案 · {points:,} 个需求点",
    }


def _shares(pair: list[int] | tuple[int, int] | None, total: int) -> list[float] | None:
    if pair is None:
        return None
    return [covered / total if total else 1.0 for covered in pair]


def _robustness(layout: Mapping[str, Any]) -> dict[str, Any] | None:
    robust = layout["robustness"]
    return None if robust is None else {k: robust[k] for k in ("names", "choice", "outcomes")}


def _draw_sites(layout: Mapping[str, Any], xy: NDArray[np.int64]) -> list[dict[str, Any]]:
    """Return the sites of today and of the proposal, and the replacements that reasons name."""
    today, after = set(layout["today"]["sites"]), set(layout["proposal"]["sites"])
    step = {layout["actions"][s["action"]]["opens"]: rank + 1
            for rank, s in enumerate(layout["steps"])}  # fmt: skip
    keys = ("id", "name", "lon", "lat", "street", "opening", "running", "covers")
    radius = layout["radius"]
    named = {action["reason"]["replacement"] for action in layout["actions"]}
    return [
        {
            **{key: site[key] for key in keys},
            "at": at.tolist(),
            "today": site["id"] in today,
            "after": site["id"] in after,
            "step": step.get(site["id"]),
            "radius_m": site["radius_m"] or radius["urban_m"],
        }
        for site, at in zip(layout["sites"], xy, strict=True)
        if site["id"] in today | after | named
    ]


def _goal(layout: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a goal other than covering as much as possible: today's value, reached, bound."""
    goal, reached = layout.get("goal"), layout["proposal"].get("goal")
    if not goal or not reached or goal["kind"] == "covered":
        return None
    return {"kind": goal["kind"], "by": goal["by"], "today": goal["today"],
            "value": reached["value"], "bound": reached["bound"]}  # fmt: skip


def _areas(source: LayoutSource) -> tuple[list[dict[str, Any]], int]:
    if source.demand is None:
        return [], 0
    targets = source.layout.get("targets") or ()
    return list_areas(source.demand, source.today, source.after, targets)


def _draw_cells(
    source: LayoutSource, frame: Frame
) -> tuple[int, list[list[int]], list[list[Any]] | None]:
    """Gather demand in squares; returns their side, [x, y, weight, state], and what clicks show.

    Of a square with points of several states the one with most demand is drawn; an open or lost
    share of a quarter is never hidden by the rest.
    """
    some = source.weight > 0
    side, corner, label = find_lattice(source.lonlat[some], frame, MAX_CELLS)
    weight = source.weight[some].astype(np.float64)
    state = np.where(source.today, np.where(source.after, HELD, LOST),
                     np.where(source.after, WON, OPEN))[some]  # fmt: skip
    mass = np.zeros((len(corner), 4))
    np.add.at(mass, (label, state), weight)
    total = mass.sum(axis=1)
    shown = np.argmax(mass, axis=1)
    for kind in (WON, OPEN, LOST):
        shown[mass[:, kind] > 0.25 * total] = kind
    centers = corner + side // 2
    order = np.argsort(total, kind="stable")
    rows = np.column_stack([centers, np.rint(total).astype(np.int64), shown])[order]
    return side, rows.tolist(), _points(source, some, label, order)


def _points(
    source: LayoutSource,
    some: NDArray[np.bool_],
    label: NDArray[np.int64],
    order: NDArray[np.int64],
) -> list[list[Any]] | None:
    """Return the figures of each square in the order in which squares are drawn."""
    if source.audits is None:
        return None
    layout = source.layout
    names = (layout["today"]["sites"], layout["proposal"]["sites"])
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    where = np.full(len(some), -1, dtype=np.int64)
    where[some] = rank[label]
    return judge_squares(where, len(order), source.audits, names)


def _draw_roads(source: LayoutSource, frame: Frame) -> dict[str, Any] | None:
    if source.network is None:
        return None
    drawn = draw_roads(source.network, source.lonlat, frame, max_points=MAX_ROAD_POINTS)
    return {"groups": drawn.groups, "left_out": list(drawn.left_out)}
