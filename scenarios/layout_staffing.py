"""Outlets that cannot serve what comes to them: more technicians, or a higher level.

Covering says who is within reach, not who gets served. After a proposal every demand point goes to
its nearest open outlet; where a day's load exceeds the capacity, something has to be added.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dispatch.domain.network import Network, NetworkOutlet
from geo.coverage import MeasureAudit
from geo.demand import Demand
from scenarios.layout_words import explain_staffing


@dataclass(frozen=True, slots=True)
class Level:
    """What outlets of one level do and cost; the middle of those the network has."""

    name: str
    capacity_per_day: int
    running_cost_per_year: int
    fixed_cost: int


def list_staffing(
    network: Network, demand: Demand, audit: MeasureAudit, ids: Sequence[str], unit: str
) -> list[dict[str, Any]]:
    """Return entries of ``staffing`` in layout.json, largest overload first.

    Parameters
    ----------
    network
        The network of today: capacities, technicians, levels, money.
    demand
        Its demand.
    audit
        The proposal judged by the measure that decides; sites in the order of ``ids``.
    ids
        Open outlets of the proposal. Generated ones have no stated capacity and are left out.
    unit
        What demand counts.
    """
    known = {outlet.id: outlet for outlet in (*network.outlets, *network.candidates)}
    load = np.bincount(audit.nearest[audit.nearest >= 0],
                       weights=demand.weight[audit.nearest >= 0], minlength=len(ids))  # fmt: skip
    levels = list_levels(network)
    entries = []
    for row, name in enumerate(ids):
        outlet = known.get(name)
        if outlet is None or not outlet.capacity_per_day:
            continue
        daily = math.ceil(load[row] / network.settings.weight_days)
        if daily > outlet.capacity_per_day:
            entries.append(_relieve(outlet, daily, levels, network.period))
    entries.sort(key=lambda entry: (entry["capacity"] - entry["load"], entry["site"]))
    return [{**entry, "why": explain_staffing(entry, unit)} for entry in entries]


def list_levels(network: Network) -> tuple[Level, ...]:
    """Return the levels of a network that state a capacity, smallest first."""
    groups: dict[str, list[NetworkOutlet]] = {}
    for outlet in (*network.outlets, *network.candidates):
        if outlet.level and outlet.capacity_per_day:
            groups.setdefault(outlet.level, []).append(outlet)
    levels = [
        Level(
            name,
            int(np.median([o.capacity_per_day or 0 for o in outlets])),
            int(np.median([o.running_cost_per_year for o in outlets])),
            int(np.median([o.fixed_cost for o in outlets])),
        )
        for name, outlets in groups.items()
    ]
    return tuple(sorted(levels, key=lambda level: (level.capacity_per_day, level.name)))


def _relieve(
    outlet: NetworkOutlet, daily: int, levels: tuple[Level, ...], years: int
) -> dict[str, Any]:
    """Return the smallest level that suffices, else the technicians that do.

    A technician costs the outlet's running cost divided by those it has. Where neither levels nor
    technicians are stated the overload is reported without a remedy.
    """
    capacity = outlet.capacity_per_day or 0
    entry = {"site": outlet.id, "load": daily, "capacity": capacity, "technicians": 0,
             "level": "", "gain": daily - capacity, "cost": 0}  # fmt: skip
    fitting = [lv for lv in levels if lv.capacity_per_day >= daily and lv.name != outlet.level]
    if outlet.technicians:
        more = math.ceil((daily - capacity) * outlet.technicians / capacity)
        wage = outlet.running_cost_per_year / outlet.technicians
        added = {"technicians": more, "cost": math.ceil(more * wage * years)}
        entry = {**entry, "kind": "add_technicians", **added}
    if fitting:
        level = fitting[0]
        dearer = max(level.running_cost_per_year - outlet.running_cost_per_year, 0)
        cost = level.fixed_cost + dearer * years
        if "kind" not in entry or cost < int(str(entry["cost"])):
            return {**entry, "kind": "upgrade", "technicians": 0, "level": level.name, "cost": cost}
    return entry if "kind" in entry else {**entry, "kind": "overloaded", "gain": 0}
