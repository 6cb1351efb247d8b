"""What the planner wants a proposal for: targets of zones or districts, the worst, capacities."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from dispatch.domain.network import Network, NetworkOutlet
from geo.demand import ZONES, Demand
from geo.siting_goal import PLAIN, GoalKind, SitingGoal, get_worst_share
from geo.siting_plan import SitingPlan
from scenarios.errors import DataUnavailable
from solver.location.answer import get_gap
from solver.location.served_flow import find_flow
from solver.location.targets import get_group_cover

GoalWord = Literal["covered", "worst-zone", "worst-district", "served"]
GOAL_WORDS: Final[tuple[GoalWord, ...]] = ("covered", "worst-zone", "worst-district", "served")
EVERY: Final = ("zone", "district")
"""Names that stand for all zones, or all districts."""

_KINDS: Final[Mapping[GoalWord, GoalKind]] = {
    "covered": "covered", "worst-zone": "worst", "worst-district": "worst", "served": "served",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """Share of one zone or district, or of every one, that has to be covered.

    Attributes
    ----------
    name
        A zone, a district, or ``zone`` or ``district`` for every one.
    percent
        0 to 100.
    """

    name: str
    percent: Fraction


def read_target(word: str) -> Target:
    """Read ``NAME=PERCENT`` from a command line."""
    name, _, number = word.rpartition("=")
    try:
        percent = Fraction(number)
    except (ValueError, ZeroDivisionError):
        percent = Fraction(-1)
    if not name or not 0 <= percent <= 100:
        raise argparse.ArgumentTypeError(f"{word!r}; expected NAME=PERCENT, such as rural=60")
    return Target(name, percent)


def make_goal(
    network: Network,
    demand: Demand,
    word: GoalWord = "covered",
    targets: Sequence[Target] = (),
    new_capacity: int | None = None,
) -> SitingGoal:
    """Return the goal of a proposal.

    Parameters
    ----------
    network
        Capacities of outlets and candidates.
    demand
        Zones (classified) and districts of the points.
    word
        What counts.
    targets
        Shares to be covered; all of zones, or all of districts.
    new_capacity
        Units a generated candidate serves a day; None takes the middle of what is known.

    Raises
    ------
    DataUnavailable
        If a target names nothing the demand has, zones and districts are mixed, or targets stand
        beside capacities.
    """
    kind = _KINDS[word]
    if kind == "served":
        if targets:
            raise DataUnavailable("The goal 'served' takes no --target: capacities decide there.")
        return _make_served(network, new_capacity)
    wanted = _find_grouping(demand, word, targets)
    if wanted is None:
        return PLAIN
    names, group = _group(demand, wanted)
    if kind == "worst" and not (group >= 0).any():
        raise DataUnavailable(f"The goal '{word}' needs demand points with a {wanted}.")
    target = np.zeros(len(names), dtype=np.int64)
    for entry in targets:
        if entry.name not in {*names, wanted}:
            known = ", ".join(names) or "none"
            raise DataUnavailable(f"--target {entry.name}: no such {wanted}; there is {known}.")
        for at, name in enumerate(names):
            if entry.name in {name, wanted}:
                weight = int(demand.weight[group == at].sum())
                target[at] = -(
                    -weight * entry.percent.numerator // (100 * entry.percent.denominator)
                )
    return SitingGoal(kind, group, names, target)


def describe_goal(plan: SitingPlan, goal: SitingGoal, demand: Demand) -> dict[str, Any]:
    """Return ``goal`` and ``targets`` of layout.json; docs/layout.md describes the fields.

    Parameters
    ----------
    plan
        The proposal.
    goal
        What it was made for.
    demand
        Its demand.
    """
    document: dict[str, Any] = {"kind": goal.kind, "by": None}
    if goal.group is not None:
        document["by"] = "zone" if set(goal.names) <= set(ZONES) else "district"
    if plan.capacity is not None:
        document["today"] = find_flow(plan.problem, plan.capacity, plan.problem.existing).total
    if goal.kind == "worst":
        document["today"] = get_worst_share(plan.problem, plan.today)
    targets = []
    if goal.target is not None and goal.group is not None:
        for at in np.flatnonzero(goal.target).tolist():
            weight, needed = int(demand.weight[goal.group == at].sum()), int(goal.target[at])
            targets.append({
                "part": document["by"], "name": goal.names[at], "weight": weight,
                "needed": needed, "share": needed / max(weight, 1),
            })  # fmt: skip
    return {"goal": document, "targets": targets}


def describe_point(plan: SitingPlan, goal: SitingGoal, at: int) -> dict[str, Any]:
    """Return what a point of the curve says about the goal and the targets."""
    document: dict[str, Any] = {}
    if plan.marks:
        mark = plan.marks[at]
        document["goal"] = {
            "value": mark.value, "bound": mark.bound, "gap": get_gap(mark.value, mark.bound),
            "status": str(mark.status),
        }  # fmt: skip
    if goal.target is not None and goal.target.any():
        mask = np.zeros(plan.problem.sites, dtype=np.bool_)
        mask[list(plan.curve[at].sites)] = True
        cover = get_group_cover(plan.problem, mask)
        document["targets"] = [
            {"name": goal.names[g], "covered": int(cover[g]), "needed": int(goal.target[g])}
            for g in np.flatnonzero(goal.target).tolist()
        ]
    return document


def _make_served(network: Network, new_capacity: int | None) -> SitingGoal:
    """Return capacities in units of weight: those of a day times the days the weights stand for."""
    listed = (*network.open_outlets, *network.possible_outlets)
    known = [o.capacity_per_day for o in listed if o.capacity_per_day is not None]
    if not known and new_capacity is None:
        raise DataUnavailable(
            "No capacity is known: give capacity_per_day in the network or --new-capacity."
        )
    daily = new_capacity if new_capacity is not None else round(median(known))

    def units(outlet: NetworkOutlet) -> int | None:
        per_day = outlet.capacity_per_day
        return None if per_day is None else int(per_day * network.settings.weight_days)

    return SitingGoal(
        kind="served",
        outlet_capacity=[units(o) for o in network.open_outlets],
        candidate_capacity=[units(o) for o in network.possible_outlets],
        new_capacity=int(daily * network.settings.weight_days),
    )


def _find_grouping(
    demand: Demand, word: GoalWord, targets: Sequence[Target]
) -> Literal["zone", "district"] | None:
    """Return whether zones or districts are asked about; None if neither."""
    asked: set[Literal["zone", "district"]] = set()
    if word == "worst-zone":
        asked.add("zone")
    if word == "worst-district":
        asked.add("district")
    for target in targets:
        is_zone = target.name in {"zone", *ZONES} and target.name not in demand.districts
        asked.add("zone" if is_zone else "district")
    if len(asked) > 1:
        raise DataUnavailable("Targets speak of zones and of districts; expected one of the two.")
    return asked.pop() if asked else None


def _group(
    demand: Demand, wanted: Literal["zone", "district"]
) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    if wanted == "zone":
        return ZONES, demand.zone.astype(np.int32)
    return demand.districts, demand.district.astype(np.int32)
