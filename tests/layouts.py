"""Small networks and their proposals, made up by hypothesis or by hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from geo.candidates import CandidateOptions
from geo.coverage import RadiusRule, Sites
from geo.demand import ZONES, Demand, make_demand
from geo.siting_goal import GoalKind, SitingGoal
from geo.siting_plan import SiteMoney, SitingPlan, SitingQuestion, plan_siting
from scenarios.layout_document import LayoutFacts, build_document
from scenarios.layout_judge import JudgedDemand, judge_layout
from scenarios.layout_question import SCENARIOS
from scenarios.layout_violation import Violation
from solver.stop import MaxIterations

FEW = CandidateOptions(gaps=4, circles=6, roads=0)
RULE = RadiusRule()


def random_question(seed: int, *, points: int = 40, outlets: int = 3, given: int = 3,
                    budget: int = 900, **rules: Any) -> SitingQuestion:  # fmt: skip
    """Return a small network within 60 km: random demand in three zones, outlets, candidates."""
    rng = np.random.default_rng(seed)

    def places(count: int) -> np.ndarray:
        return rng.uniform([112.0, 30.0], [112.6, 30.5], (count, 2)).round(6)

    def money(count: int) -> tuple[SiteMoney, ...]:
        rows = rng.integers(50, 400, (count, 3))
        return tuple(SiteMoney(int(a), int(b), int(c)) for a, b, c in rows)

    zone = rng.choice([0, 0, 0, 1, 2], points).astype(np.int8)
    lonlat, weight = places(points), rng.integers(0, 100, points)
    # west, middle, east; a few points belong to no district
    district = np.array(["west", "middle", "east"])[((lonlat[:, 0] - 112.0) * 4.999).astype(int)]
    names = [None if row % 9 == 0 else str(name) for row, name in enumerate(district)]
    demand = make_demand(lonlat, weight, zone=zone, district=names)
    return SitingQuestion(
        demand=demand,
        rule=RULE,
        outlets=Sites.at(places(outlets)),
        outlet_money=money(outlets),
        budgets=(0, budget // 2, budget, 2 * budget),
        budget=budget,
        new_money=SiteMoney(250, 200),
        candidates=Sites.at(places(given)),
        candidate_money=money(given),
        scenarios=SCENARIOS,
        options=FEW,
        **rules,
    )


def plan_small(question: SitingQuestion) -> SitingPlan:
    """Return the proposal under a limit that repeats."""
    return plan_siting(question, stop=MaxIterations(300), seed=0)


def document_of(question: SitingQuestion, plan: SitingPlan) -> dict[str, Any]:
    """Return layout.json of a small network."""
    facts = LayoutFacts(
        network="small",
        outlets=[(f"O{row}", "") for row in range(len(question.outlets))],
        candidates=[(f"G{row}", "") for row in range(len(question.candidates))],
        streets={},
        unit="weight",
        currency="CNY",
        years=1,
        attribution="",
        straight=None,
        road=None,
    )
    return build_document(plan, question, facts, 0)


def judge(document: dict[str, Any], demand: Demand) -> tuple[Violation, ...]:
    """Return what the judge says of a document."""
    radius = RULE.of_zone(demand.zone)
    zone = np.array([ZONES[at] for at in demand.zone])
    district = np.array([demand.districts[at] if at >= 0 else "" for at in demand.district])
    rows = JudgedDemand(demand.lonlat, demand.weight, radius, zone, district)
    return judge_layout(document, rows)


def random_goal(seed: int, demand: Demand, kind: GoalKind) -> SitingGoal:
    """Return a goal with targets between nothing and all of each zone or district."""
    rng = np.random.default_rng(seed)
    if kind == "served":
        return SitingGoal(
            kind,
            outlet_capacity=[int(c) for c in rng.integers(0, 900, 3)],
            candidate_capacity=[None, *(int(c) for c in rng.integers(0, 900, 2))],
            new_capacity=int(rng.integers(0, 900)),
        )
    group, names = demand.district, demand.districts
    if rng.random() < 0.5:
        group, names = demand.zone.astype(np.int32), ZONES
    weight = np.array([demand.weight[group == g].sum() for g in range(len(names))])
    share = rng.random(len(names)) * (rng.random(len(names)) < 0.7)
    target = np.zeros(len(names)) if kind == "worst" else weight * share
    return SitingGoal(kind, group, names, target.astype(np.int64))
