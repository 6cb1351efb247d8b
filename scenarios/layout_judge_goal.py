"""Judge of what a proposal says about its goal: targets, the worst group, service by capacities.

Shares are added up from the rows; service is a linear program over the demand and the open sites
(SciPy's HiGHS), another way than the maximum flow of the planner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scenarios.layout_violation import Violation

Bools = NDArray[np.bool_]
Int64 = NDArray[np.int64]

USABLE: Final = ("optimal", "feasible")
MILLION: Final = 1_000_000


def judge_goal(
    layout: Mapping[str, Any],
    weight: Int64,
    group: NDArray[np.str_],
    cover_of: Callable[..., Bools],
) -> Iterator[Violation]:
    """Yield what is wrong with targets and goal of every point.

    Parameters
    ----------
    layout
        The document.
    weight
        Shape (n,), demand.
    group
        Shape (n,), zone or district of each point, whichever the goal speaks of; empty for none.
    cover_of
        Returns the points a site covers, shape (n,), by its id.
    """
    points = [(f"curve[{n}]", point) for n, point in enumerate(layout["curve"])]
    for where, point in [*points, ("proposal", layout["proposal"])]:
        covered = np.zeros(len(weight), dtype=np.bool_)
        for site in point["sites"]:
            covered |= cover_of(site)
        yield from _judge_targets(where, layout, point, (weight, group, covered))
        if "goal" in point:
            found = point["goal"]["value"]
            expected = _rate(layout, point, (weight, group, covered), cover_of)
            if found != expected:
                yield Violation("L4100", f"{where}.goal.value", f"{found}", f"{expected}")
            yield from _judge_band(where, point["goal"])


def judge_order(layout: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield where the curve falls: by the goal, among points that keep the targets."""
    before: Mapping[str, Any] | None = None
    for point in layout["curve"]:
        where = f"curve at budget {point['budget']}"
        figures = point.get("goal", point)
        value = figures.get("value", figures.get("covered"))
        if figures["status"] not in USABLE:
            continue
        here = {"value": value, "bound": figures["bound"]}
        if before is not None and (value < before["value"] or figures["bound"] < before["bound"]):
            yield Violation("L4106", where, f"{here}", f"at least {dict(before)}")
        before = here


def _judge_targets(
    where: str,
    layout: Mapping[str, Any],
    point: Mapping[str, Any],
    rows: tuple[Int64, NDArray[np.str_], Bools],
) -> Iterator[Violation]:
    weight, group, covered = rows
    stated = {entry["name"]: entry for entry in point.get("targets", ())}
    for target in layout.get("targets", ()):
        name = target["name"]
        inside = group == name
        facts = {
            "weight": (target["weight"], int(weight[inside].sum())),
            "covered": (stated.get(name, {}).get("covered"), int(weight[inside & covered].sum())),
            "needed": (stated.get(name, {}).get("needed"), target["needed"]),
        }
        for key, (found, expected) in facts.items():
            if found != expected:
                yield Violation("L4100", f"{where}.targets.{name}.{key}", f"{found}", f"{expected}")
        if point["status"] in USABLE and facts["covered"][1] < target["needed"]:
            found = f"{facts['covered'][1]} covered, {point['status']}"
            yield Violation("L4110", f"{where}.targets.{name}", found, f"{target['needed']}")


def _judge_band(where: str, goal: Mapping[str, Any]) -> Iterator[Violation]:
    if goal["value"] > goal["bound"]:
        expected = f"at least {goal['value']}"
        yield Violation("L4103", f"{where}.goal.bound", f"{goal['bound']}", expected)
    if goal["status"] == "optimal" and goal["bound"] > goal["value"]:
        expected = f"bound {goal['value']} to prove it"
        yield Violation("L4104", f"{where}.goal.status", "optimal", expected)


def _rate(
    layout: Mapping[str, Any],
    point: Mapping[str, Any],
    rows: tuple[Int64, NDArray[np.str_], Bools],
    cover_of: Callable[..., Bools],
) -> int:
    weight, group, covered = rows
    if layout["goal"]["kind"] == "worst":
        shares = []
        for name in sorted(set(group.tolist()) - {""}):
            inside = group == name
            total = int(weight[inside].sum())
            if total:
                shares.append(MILLION * int(weight[inside & covered].sum()) // total)
        return min(shares, default=MILLION)
    capacity = {site["id"]: site["capacity"] for site in layout["sites"]}
    reach = np.array([cover_of(site) for site in point["sites"]]).reshape(-1, len(weight))
    room = np.array([capacity[site] for site in point["sites"]], dtype=np.float64)
    return serve_most(weight, reach, room)


def serve_most(weight: Int64, reach: Bools, room: NDArray[np.float64]) -> int:
    """Return the most demand that sites serve within their room, by a linear program.

    Parameters
    ----------
    weight
        Shape (n,).
    reach
        Shape (k, n): whether the site covers the point.
    room
        Shape (k,).
    """
    from scipy.optimize import linprog
    from scipy.sparse import coo_array, vstack

    kinds, member = np.unique(np.packbits(reach, axis=0).T, axis=0, return_inverse=True)
    load = np.bincount(member.reshape(-1), weights=weight, minlength=len(kinds))
    pattern = np.unpackbits(kinds, axis=1, count=len(reach)).astype(bool)
    kind, site = np.nonzero(pattern)
    if not kind.size or not len(reach):
        return 0
    ones, flow = np.ones(kind.size), np.arange(kind.size)
    by_kind = coo_array((ones, (kind, flow)), shape=(len(kinds), kind.size))
    by_site = coo_array((ones, (site, flow)), shape=(len(reach), kind.size))
    rules: Any = vstack([by_kind, by_site]).tocsr()  # the stubs know dense arrays only
    solved = linprog(-ones, A_ub=rules, b_ub=np.concatenate([load, room]))
    if solved.status != 0 or solved.fun is None:
        raise RuntimeError(f"linear program of service: {solved.message}")
    return round(-float(solved.fun))
