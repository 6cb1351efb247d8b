"""Judge of a proposal: recomputes it from the files alone, by another way than the planner.

Straight lines come from the spherical law of haversines over every pair, roads from plain
Dijkstra searches by SciPy over the arcs of the map; no cover set, no siting and no solver is
looked at. What is checked: that today's outlets are those of the network, that every coverage
figure, price, reason and step is what the demand and the sites say, that no budget is broken, that
the curve never falls, and that no answer claims more than its bound.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scenarios.layout_judge_goal import judge_goal, judge_order
from scenarios.layout_violation import Violation

Float64 = NDArray[np.float64]
Bools = NDArray[np.bool_]

RADIUS_M: Final = 6_371_008.8
ROWS_AT_ONCE: Final = 200_000


@dataclass(frozen=True, eq=False)
class JudgedDemand:
    """Demand as the judge reads it.

    Parameters
    ----------
    lonlat
        Shape (n, 2), degrees.
    weight
        Shape (n,), int64.
    radius_m
        Shape (n,), int64: radius of the zone of each point.
    zone, district
        Shape (n,), words; empty where unknown. None where no goal speaks of them.
    """

    lonlat: Float64
    weight: NDArray[np.int64]
    radius_m: NDArray[np.int64]
    zone: NDArray[np.str_] | None = None
    district: NDArray[np.str_] | None = None

    def get_groups(self, by: str | None) -> NDArray[np.str_]:
        """Return the zone or district of each point; empty words without either."""
        words = {"zone": self.zone, "district": self.district}.get(by or "")
        return np.full(len(self.weight), "", dtype="U1") if words is None else words


def measure_straight(lonlat: Float64, lon: float, lat: float) -> NDArray[np.int64]:
    """Return whole meters, rounded half up, from every point to one place."""
    east, north = np.radians(lonlat[:, 0]), np.radians(lonlat[:, 1])
    x, y = np.radians(lon), np.radians(lat)
    h = (1 - np.cos(north - y)) / 2 + np.cos(y) * np.cos(north) * (1 - np.cos(east - x)) / 2
    meters = 2 * RADIUS_M * np.arctan2(np.sqrt(h), np.sqrt(1 - h))
    return np.asarray(np.floor(meters + 0.5).astype(np.int64))


class LayoutJudge:
    """Recomputes the figures of one layout.

    Parameters
    ----------
    layout
        The document, as in docs/layout.md.
    demand
        Its demand.
    distances
        Meters from a site to every point, by site id; straight lines are measured where None.
    """

    def __init__(
        self,
        layout: Mapping[str, Any],
        demand: JudgedDemand,
        distances: Mapping[str, NDArray[np.int64]] | None = None,
    ) -> None:
        self._layout = layout
        self._demand = demand
        self._distances = distances
        self._sites = {site["id"]: site for site in layout["sites"]}
        self._cover: dict[str, Bools] = {}
        self.violations: list[Violation] = []

    def judge(self) -> tuple[Violation, ...]:
        """Return everything that is wrong; empty if the layout is what it says."""
        layout, demand = self._layout, self._demand
        self._same("demand.points", layout["demand"]["points"], len(demand.weight))
        self._same("demand.weight", layout["demand"]["weight"], int(demand.weight.sum()))
        today = [site["id"] for site in layout["sites"] if site["source"] == "existing"]
        self._same("today.sites", sorted(layout["today"]["sites"]), sorted(today))
        self._same("today.covered", layout["today"]["covered"], self._covered(today))
        for number, point in enumerate(layout["curve"]):
            self._judge_point(f"curve[{number}]", point)
        self._judge_curve()
        self._judge_point("proposal", layout["proposal"])
        self._judge_actions(today)
        self._judge_steps(today)
        self._judge_robustness()
        groups = demand.get_groups(layout.get("goal", {}).get("by"))
        self.violations += judge_goal(layout, demand.weight, groups, self._cover_of)
        return tuple(self.violations)

    def _judge_point(self, where: str, point: Mapping[str, Any]) -> None:
        unknown = [site for site in point["sites"] if site not in self._sites]
        if unknown:
            self._add("L4101", f"{where}.sites", f"{unknown}", "ids of the list of sites")
            return
        covered = self._covered(point["sites"])
        self._same(f"{where}.covered", point["covered"], covered)
        self._same(f"{where}.spent", point["spent"], self._spent(point["sites"]))
        if self._spent(point["sites"]) > point["budget"]:
            self._add("L4102", where, f"spends {point['spent']}", f"at most {point['budget']}")
        if covered > point["bound"]:
            self._add("L4103", f"{where}.bound", f"{point['bound']}", f"at least {covered}")
        if point["status"] == "optimal" and point["bound"] > covered:
            self._add("L4104", f"{where}.status", "optimal", f"bound {covered} to prove it")
        for rule, site in self._broken_rules(point["sites"]):
            self._add("L4105", f"{where}.sites", f"{site}", rule)

    def _broken_rules(self, sites: list[str]) -> Iterable[tuple[str, str]]:
        """Yield rules that a set of open sites breaks."""
        chosen = set(sites)
        today = {s["id"] for s in self._sites.values() if s["source"] == "existing"}
        changes, most = len(today ^ chosen), self._layout["max_changes"]
        if most is not None and changes > most:
            yield f"at most {most} changes", f"{changes} changes"
        for site in self._sites.values():
            if site["fixed"] == "open" and site["id"] not in chosen:
                yield "open, as the network asks", site["id"]
            if site["fixed"] == "closed" and site["id"] in chosen:
                yield "closed, as the network asks", site["id"]
        smallest = self._layout["min_distance_m"]
        if smallest <= 0 or len(sites) < 2:
            return
        places = np.array([[self._sites[s]["lon"], self._sites[s]["lat"]] for s in sites])
        new = np.array([self._sites[s]["source"] != "existing" for s in sites])
        for at in np.flatnonzero(new).tolist():
            near = measure_straight(places, *places[at]) < smallest - 1
            near[at] = False
            if near.any():
                yield f"at least {smallest} m from any other", sites[at]

    def _judge_curve(self) -> None:
        points = self._layout["curve"]
        for before, after in itertools.pairwise(points):
            where = f"curve at budget {after['budget']}"
            if after["budget"] <= before["budget"]:
                self._add("L4106", where, "not ascending", f"more than {before['budget']}")
        self.violations += judge_order(self._layout)

    def _judge_actions(self, today: list[str]) -> None:
        chosen = self._layout["proposal"]["sites"]
        opened = [a["opens"] for a in self._layout["actions"] if a["opens"]]
        closed = [a["closes"] for a in self._layout["actions"] if a["closes"]]
        after = (set(today) - set(closed)) | set(opened)
        self._same("actions", sorted(after), sorted(chosen))
        self._same("actions", len(opened) + len(closed), len(set(opened) | set(closed)))
        before = self._any(today)
        for number, action in enumerate(self._layout["actions"]):
            where = f"actions[{number}]"
            self._same(f"{where}.cost", action["cost"], self._action_cost(action))
            site = action["opens"] or action["closes"]
            reason = action["reason"]
            mine = self._cover_of(site)
            rest = self._any([other for other in chosen if other != site])
            self._same(f"{where}.covers", reason["covers"], self._weigh(mine))
            self._same(f"{where}.newly_covered", reason["newly_covered"],
                       self._weigh(mine & ~before))  # fmt: skip
            self._same(f"{where}.only_it", reason["only_it"], self._weigh(mine & ~rest))
            self._judge_replacement(where, reason, mine & ~rest, rest)

    def _judge_replacement(
        self, where: str, reason: Mapping[str, Any], only: Bools, rest: Bools
    ) -> None:
        loss = self._weigh(only)
        if reason["replacement"]:
            loss -= self._weigh(self._cover_of(reason["replacement"]) & ~rest)
        self._same(f"{where}.loss_with_replacement", reason["loss_with_replacement"], max(loss, 0))

    def _judge_steps(self, today: list[str]) -> None:
        opened = set(today)
        actions, steps = self._layout["actions"], self._layout["steps"]
        self._same("steps", sorted(s["action"] for s in steps), list(range(len(actions))))
        covered, spent = self._covered(today), 0
        for number, step in enumerate(steps):
            action = actions[step["action"]]
            opened = (opened | {action["opens"]}) - {action["closes"], None, ""}
            after = self._covered(sorted(opened))
            spent += self._action_cost(action)
            self._same(f"steps[{number}].covered", step["covered"], after)
            self._same(f"steps[{number}].gain", step["gain"], after - covered)
            self._same(f"steps[{number}].spent", step["spent"], spent)
            covered = after

    def _judge_robustness(self) -> None:
        for row in self._layout["robustness"]["outcomes"] if self._layout["robustness"] else ():
            where = f"robustness {row['plan']} in {row['scenario']}"
            if not 0 <= row["covered"] <= row["total"] or row["regret"] < 0:
                found = f"covered {row['covered']} of {row['total']}, regret {row['regret']}"
                self._add("L4107", where, found, "shares between 0 and 1, regret from 0")

    def _action_cost(self, action: Mapping[str, Any]) -> int:
        cost = 0
        if action["opens"]:
            site = self._sites[action["opens"]]
            cost += site["opening"] + site["running"]
        if action["closes"]:
            site = self._sites[action["closes"]]
            cost += site["closing"] - site["running"]
        return int(cost)

    def _spent(self, sites: list[str]) -> int:
        """Money beyond leaving everything as it is."""
        chosen, total = set(sites), 0
        for site in self._sites.values():
            stands, stays = site["source"] == "existing", site["id"] in chosen
            if stands and not stays:
                total += site["closing"] - site["running"]
            elif stays and not stands:
                total += site["opening"] + site["running"]
        return int(total)

    def _cover_of(self, site: str) -> Bools:
        if site not in self._cover:
            place, demand = self._sites[site], self._demand
            if self._distances is None:
                meters = measure_straight(demand.lonlat, place["lon"], place["lat"])
            else:
                meters = self._distances[site]
            radius = place["radius_m"]
            limit = demand.radius_m if radius is None else radius
            self._cover[site] = (meters >= 0) & (meters <= limit)
        return self._cover[site]

    def _any(self, sites: Iterable[str]) -> Bools:
        covered = np.zeros(len(self._demand.weight), dtype=np.bool_)
        for site in sites:
            covered |= self._cover_of(site)
        return covered

    def _weigh(self, rows: Bools) -> int:
        return int(self._demand.weight[rows].sum())

    def _covered(self, sites: Iterable[str]) -> int:
        return self._weigh(self._any(sites))

    def _same(self, where: str, found: object, expected: object) -> None:
        if found != expected:
            self._add("L4100", where, str(found), str(expected))

    def _add(self, code: str, where: str, found: str, expected: str) -> None:
        self.violations.append(Violation(code, where, found, expected))


def judge_layout(
    layout: Mapping[str, Any],
    demand: JudgedDemand,
    distances: Mapping[str, NDArray[np.int64]] | None = None,
) -> tuple[Violation, ...]:
    """Return everything that is wrong with a layout; arguments as for ``LayoutJudge``."""
    return LayoutJudge(layout, demand, distances).judge()
