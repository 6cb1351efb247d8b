"""A siting plan as layout.json: plain data that a judge and a report can read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from geo.demand import Demand
from geo.siting import get_running_total
from geo.siting_actions import NOBODY, SiteAction
from geo.siting_complete import CompleteCover
from geo.siting_plan import EXISTING, SitingPlan, SitingQuestion
from scenarios.layout_goal import describe_goal, describe_point
from scenarios.layout_words import SCENARIO_WORDS, explain

FORMAT: Final = "servicenet-layout/1"
MOST_LISTED: Final = 20
"""Points out of reach that are listed one by one."""


@dataclass(frozen=True)
class LayoutFacts:
    """What the document says beyond the plan.

    Parameters
    ----------
    network
        Id of the network.
    outlets
        Id and name of each outlet, in the order of the question.
    candidates
        Id and name of each given candidate.
    streets
        Street of a site by its index in the plan; empty text where unknown.
    unit
        What demand counts: ``people``, ``visits`` or ``weight``.
    currency
        Currency of all money.
    years
        Period.
    attribution
        Notice due with the map.
    straight, road
        Covered weight by each measure, (today, proposal); None where not measured.
    """

    network: str
    outlets: Sequence[tuple[str, str]]
    candidates: Sequence[tuple[str, str]]
    streets: Mapping[int, str]
    unit: str
    currency: str
    years: int
    attribution: str
    straight: tuple[int, int] | None
    road: tuple[int, int] | None


def build_document(
    plan: SitingPlan, question: SitingQuestion, facts: LayoutFacts, seed: int
) -> dict[str, Any]:
    """Return layout.json as plain data; docs/layout.md describes every field."""
    ids = _name_sites(plan, facts)
    rule = question.rule
    base = get_running_total(plan.problem)
    today = plan.today
    chosen = plan.budgets.index(plan.budget)
    rural = rule.suburban_m if rule.rural_m is None else rule.rural_m
    return {
        "format": FORMAT,
        "network": facts.network,
        "seed": seed,
        "measure": question.measure,
        "currency": facts.currency,
        "years": facts.years,
        "unit": facts.unit,
        "radius": {"urban_m": rule.urban_m, "suburban_m": rule.suburban_m, "rural_m": rural,
                   "by": rule.by},
        "min_distance_m": question.min_distance_m,
        "max_changes": question.max_changes,
        "demand": {"file": "demand.csv", "points": len(question.demand),
                   "weight": question.demand.total_weight},
        "candidates_examined": plan.candidates_tried,
        "sites": [_site(plan, question, facts, ids, s) for s in sorted(ids)],
        "today": {"sites": [ids[s] for s in today],
                  "covered": plan.problem.get_covered_weight(today)},
        "curve": [
            {**_point(plan, ids, budget, at, base), **describe_point(plan, question.goal, at)}
            for at, budget in enumerate(plan.budgets)
        ],
        "proposal": {
            **_point(plan, ids, plan.budget, chosen, base),
            **describe_point(plan, question.goal, chosen),
        },
        "covered_straight": facts.straight,
        "covered_road": facts.road,
        "actions": [_action(action, ids, facts.unit) for action in plan.actions],
        "steps": [{"action": s.action, "gain": s.gain, "covered": s.covered, "spent": s.spent}
                  for s in plan.steps],
        "staffing": [],
        "days": None,
        "complete": None,
        "robustness": _robustness(plan, question),
        "attribution": facts.attribution,
        **describe_goal(plan, question.goal, question.demand),
    }  # fmt: skip


def describe_complete(plan: SitingPlan, found: CompleteCover, demand: Demand) -> dict[str, Any]:
    """Return ``complete`` of layout.json: what reaching everybody costs, and who is out of reach.

    Parameters
    ----------
    plan, demand
        The proposal and its demand.
    found
        What ``plan_complete`` says.
    """
    answer, existing = found.answer, plan.problem.existing
    opened = np.zeros(plan.problem.sites, dtype=np.bool_)
    opened[list(answer.sites)] = True
    listed = zip(
        found.rows[:MOST_LISTED].tolist(), found.left.tolist(), found.distance_m.tolist(),
        strict=False,
    )  # fmt: skip
    return {
        "extra_cost": found.extra_cost, "extra_bound": found.extra_bound, "gap": answer.gap,
        "status": str(answer.status), "runtime_s": answer.runtime_s,
        "sites": len(answer.sites), "opens": int((opened & ~existing).sum()),
        "closes": int((existing & ~opened).sum()),
        "unreachable": {
            "points": len(found.rows), "weight": int(found.left.sum()),
            "farthest_m": int(found.distance_m.max(initial=0)),
            "largest": [
                {"id": demand.name_of(row), "lon": float(demand.lonlat[row, 0]),
                 "lat": float(demand.lonlat[row, 1]), "weight": left, "nearest_m": meters}
                for row, left, meters in listed
            ],
        },
    }  # fmt: skip


def _name_sites(plan: SitingPlan, facts: LayoutFacts) -> dict[int, str]:
    """Name every site that is mentioned: N1, N2 … in the order of building, C1 … for the rest."""
    ids = {site: outlet[0] for site, outlet in enumerate(facts.outlets)}
    taken = {name for name, _ in (*facts.outlets, *facts.candidates)}
    built = [plan.actions[step.action].opens for step in plan.steps]
    others = [site for answer in plan.curve for site in answer.sites]
    others += [action.reason.replacement for action in plan.actions]
    for letter, sites in (("N", built), ("C", others)):
        number = 0
        for site in sites:
            if site == NOBODY or site in ids:
                continue
            if plan.given[site] >= 0:
                ids[site] = facts.candidates[plan.given[site]][0]
                continue
            number += 1
            while f"{letter}{number}" in taken:
                number += 1
            ids[site] = f"{letter}{number}"
    return ids


def _site(
    plan: SitingPlan, question: SitingQuestion, facts: LayoutFacts, ids: dict[int, str], site: int
) -> dict[str, Any]:
    existing = str(plan.source[site]) == EXISTING
    given = int(plan.given[site])
    money = question.new_money
    name = ""
    if existing:
        money, name = question.outlet_money[site], facts.outlets[site][1]
    elif given >= 0:
        money, name = question.candidate_money[given], facts.candidates[given][1]
    radius = int(plan.sites.fixed_radius_m(question.rule)[site])
    rows = plan.problem.by_site.indptr[site : site + 2]
    covered = plan.problem.by_site.indices[rows[0] : rows[1]]
    return {
        "id": ids[site], "name": name, "source": str(plan.source[site]),
        "lon": float(plan.sites.lonlat[site, 0]), "lat": float(plan.sites.lonlat[site, 1]),
        "street": facts.streets.get(site, ""),
        "radius_m": None if radius < 0 else radius,
        "opening": 0 if existing else money.opening, "running": money.running,
        "closing": money.closing if existing else 0,
        "fixed": {1: "open", -1: "closed"}.get(int(plan.problem.fixed[site]), "free"),
        "covers": int(plan.problem.weight[covered].sum()),
        **({} if plan.capacity is None else {"capacity": int(plan.capacity[site])}),
    }  # fmt: skip


def _point(
    plan: SitingPlan, ids: dict[int, str], budget: int, at: int, base: int
) -> dict[str, Any]:
    answer = plan.curve[at]
    return {
        "budget": budget, "sites": [ids[s] for s in answer.sites], "covered": answer.objective,
        "bound": int(np.floor(answer.bound)), "gap": answer.gap, "status": str(answer.status),
        "spent": plan.problem.get_cost(answer.sites) - base,
        "changes": plan.problem.count_changes(answer.sites), "runtime_s": answer.runtime_s,
    }  # fmt: skip


def _action(action: SiteAction, ids: dict[int, str], unit: str) -> dict[str, Any]:
    reason = action.reason
    document: dict[str, Any] = {
        "kind": str(action.kind),
        "opens": ids.get(action.opens), "closes": ids.get(action.closes),
        "into": ids.get(action.into), "cost": action.cost,
        "reason": {
            "newly_covered": reason.newly_covered, "only_it": reason.only_it,
            "covers": reason.covers, "replacement": ids.get(reason.replacement),
            "loss_with_replacement": reason.loss_with_replacement,
        },
    }  # fmt: skip
    return {**document, "why": explain(document, unit)}


def _robustness(plan: SitingPlan, question: SitingQuestion) -> dict[str, Any] | None:
    robust = plan.robustness
    if robust is None:
        return None
    names = {}
    for scenario in question.scenarios:
        english, chinese = SCENARIO_WORDS.get(scenario.name, (scenario.name, scenario.name))
        names[scenario.name] = {"en": english, "zh": chinese}
    return {
        "scenarios": [{"name": s.name, "factor": s.factor, "by_zone": dict(s.by_zone or {}),
                       "by_district": dict(s.by_district or {})} for s in question.scenarios],
        "names": names,
        "choice": robust.choice,
        "outcomes": [asdict(outcome) for outcome in robust.outcomes],
    }  # fmt: skip
