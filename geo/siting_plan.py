"""From a network to a proposal: candidates, cover sets, curve, actions, order, robustness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.candidates import (
    DEFAULT_OPTIONS,
    CandidateOptions,
    CandidateSites,
    generate_candidates,
    thin_by_signature,
)
from geo.coverage import CoverSets, Measure, RadiusRule, Sites, cover_sets
from geo.demand import Demand, GrowthScenario, grow
from geo.reach import RoadReach
from geo.siting import SitingSites, build_siting_problem, to_limits
from geo.siting_actions import BuildStep, SiteAction, list_actions, order_steps
from geo.siting_curve import CurveQuestion, trace_curve
from geo.siting_goal import PLAIN, GoalMark, SitingGoal
from geo.siting_regret import Robustness, compute_regret
from geo.straight import Float64, Int64
from solver.location.aggregate import Aggregate, add_up, aggregate_rows
from solver.location.answer import LocationAnswer
from solver.location.problem import CoverProblem
from solver.stop import MaxRuntime, Stop

EXISTING: Final = "existing"


@dataclass(frozen=True, slots=True)
class SiteMoney:
    """Money of one outlet over the period."""

    opening: int
    running: int
    closing: int = 0


@dataclass(frozen=True, eq=False)
class SitingQuestion:
    """Everything a proposal depends on.

    Parameters
    ----------
    demand
        Points with zones.
    rule
        Radii.
    outlets
        Outlets open today.
    outlet_money
        Money of each outlet.
    budgets
        Money beyond leaving the network as it is: the points of the curve.
    budget
        The budget the proposal is made for.
    new_money
        Money of a generated candidate.
    candidates
        Given candidates and their money; may be empty.
    fixed
        Shape (k,), int8: outlets that must stay (1), must close (-1) or are free (0).
    roads
        Roads; give candidates, and distances where the road decides.
    measure
        Distance that decides.
    max_changes
        Most outlets opened and closed, together; None = as many as pay.
    min_distance_m
        Smallest distance of a new outlet from any other.
    exclusion
        Area where nothing may be built.
    scenarios
        Demand to try the proposal on.
    options
        How many candidates of each kind.
    goal
        What counts: plain cover, targets of groups, the worst group, capacities.
    """

    demand: Demand
    rule: RadiusRule
    outlets: Sites
    outlet_money: tuple[SiteMoney, ...]
    budgets: tuple[int, ...]
    budget: int
    new_money: SiteMoney
    candidates: Sites = field(default_factory=lambda: Sites.at(np.zeros((0, 2))))
    candidate_money: tuple[SiteMoney, ...] = ()
    fixed: NDArray[np.int8] | None = None
    roads: RoadReach | None = None
    measure: Measure = "straight"
    max_changes: int | None = None
    min_distance_m: float = 0.0
    exclusion: shapely.Geometry | None = None
    scenarios: tuple[GrowthScenario, ...] = ()
    options: CandidateOptions = DEFAULT_OPTIONS
    goal: SitingGoal = PLAIN


@dataclass(frozen=True, eq=False)
class SitingPlan:
    """A proposal with its proof and its reasons.

    Parameters
    ----------
    problem
        The covering problem all figures refer to; demand that the same sites cover is one row.
    sites
        Outlets of today first, then candidates; index = site of ``problem``.
    source
        Shape (m,), ``existing`` or the source of a candidate.
    given
        Shape (m,), int32, index among the given candidates, -1 for the rest.
    budgets
        Ascending, those of the curve.
    curve
        The answer for each budget.
    budget
        The budget of the proposal.
    answer
        The proposal.
    actions
        What has to be done.
    steps
        In which order.
    robustness
        The proposal under other demand; None without scenarios.
    candidates_tried
        Candidates before those with equal cover sets were merged.
    marks
        For each budget how far the answer gets towards the goal; empty for plain cover.
    capacity
        Shape (m,), demand each site serves; None where capacities do not count.
    member
        Shape (n,), row of ``problem`` of each demand point.
    """

    problem: CoverProblem
    sites: Sites
    source: NDArray[np.str_]
    given: NDArray[np.int32]
    budgets: tuple[int, ...]
    curve: tuple[LocationAnswer, ...]
    budget: int
    answer: LocationAnswer
    actions: tuple[SiteAction, ...]
    steps: tuple[BuildStep, ...]
    robustness: Robustness | None
    candidates_tried: int
    marks: tuple[GoalMark, ...] = ()
    capacity: Int64 | None = None
    member: Int64 | None = None

    @property
    def today(self) -> tuple[int, ...]:
        """Sites open today."""
        return tuple(np.flatnonzero(self.problem.existing).tolist())


def plan_siting(question: SitingQuestion, *, stop: Stop | None = None, seed: int = 0) -> SitingPlan:
    """Return the coverage-against-budget curve and the proposal for one budget.

    Parameters
    ----------
    question
        Network, money and rules.
    stop
        Limit of each search (one per budget and scenario); 15 seconds where None.
    seed
        Seed of all searches.

    Raises
    ------
    InvalidProblem
        If money or weights are out of range.
    """
    limit = stop or MaxRuntime(15.0)
    sites, made, tried, cover = _find_sites(question)
    # Points that the same sites cover count as one from here on: exact, and most of the speed.
    merged = aggregate_rows(_build_problem(question, sites, made, cover))
    problem = merged.problem
    budgets = tuple(sorted({*question.budgets, question.budget}))
    limits = to_limits(problem, budgets)
    given = np.concatenate([np.full(len(question.outlets), -1), made.given]).astype(np.int32)
    goal, capacity = question.goal, None
    if goal.kind == "served":
        total = question.demand.total_weight
        capacity = goal.get_capacity(given, len(question.outlets), total)
    curve, marks = trace_curve(
        CurveQuestion(problem, goal.kind, capacity, question.max_changes, limit, seed), limits
    )
    at = budgets.index(question.budget)
    answer = curve[at]
    actions = list_actions(problem, answer.sites)
    return SitingPlan(
        problem=problem,
        sites=sites,
        source=np.concatenate([np.full(len(question.outlets), EXISTING), made.source]),
        given=given,
        budgets=budgets,
        curve=curve,
        budget=question.budget,
        answer=answer,
        actions=actions,
        steps=order_steps(problem, actions),
        robustness=_try_scenarios(question, merged, answer, limits[at], stop=limit, seed=seed),
        candidates_tried=tried,
        marks=marks,
        capacity=capacity,
        member=merged.member,
    )


def _try_scenarios(
    question: SitingQuestion,
    merged: Aggregate,
    answer: LocationAnswer,
    money: int,
    *,
    stop: Stop,
    seed: int,
) -> Robustness | None:
    """Return how the proposal fares under other demand; None without scenarios."""
    rows = merged.problem.rows
    worlds = {
        scenario.name: add_up(grow(question.demand, scenario).weight, merged.member, rows)
        for scenario in question.scenarios
    }
    if not worlds:
        return None
    return compute_regret(
        merged.problem,
        worlds,
        answer,
        limit=money,
        max_changes=question.max_changes,
        stop=stop,
        seed=seed,
    )


def spread_budgets(budget: int, points: int = 5) -> tuple[int, ...]:
    """Return ``points`` budgets from nothing to twice the budget, the budget among them if odd.

    Raises
    ------
    ValueError
        If there are fewer than two points or the budget is negative.
    """
    if points < 2 or budget < 0:
        raise ValueError(f"{points} points up to budget {budget}; expected 2 or more, and >= 0.")
    return tuple(sorted({round(2 * budget * step / (points - 1)) for step in range(points)}))


def _find_sites(
    question: SitingQuestion,
) -> tuple[Sites, CandidateSites, int, CoverSets]:
    """Return outlets and distinct candidates, and the cover sets of all of them."""
    demand, rule = question.demand, question.rule
    radius_m = rule.of_zone(demand.zone).astype(np.float64)
    today = cover_sets(demand, question.outlets, rule, question.roads, measure=question.measure)
    made = generate_candidates(
        demand,
        radius_m,
        np.diff(today.offset) > 0,
        network=question.roads.network if question.roads else None,
        given=question.candidates.lonlat,
        exclusion=question.exclusion,
        options=question.options,
    )
    places = _candidate_sites(question, made)
    cover = cover_sets(demand, places, rule, question.roads, measure=question.measure)
    kept = thin_by_signature(cover.offset, cover.site_index, len(places))
    # A given candidate stays whatever it covers: its money may differ.
    kept = np.union1d(kept, np.flatnonzero(made.given >= 0))
    chosen = made.take(kept)
    sites = _join(question.outlets, places.subset(kept))
    return sites, chosen, len(places), _stack(today, _keep_sites(cover, kept))


def _candidate_sites(question: SitingQuestion, made: CandidateSites) -> Sites:
    """Give generated candidates no radius of their own; an outlet takes the zone around it."""
    given = made.given >= 0
    zone = _zone_around(question.demand, made.lonlat)
    radius_m = np.full(len(made.lonlat), -1, dtype=np.int64)
    zone[given] = question.candidates.zone[made.given[given]]
    radius_m[given] = question.candidates.radius_m[made.given[given]]
    return Sites(made.lonlat, zone, radius_m)


def _zone_around(demand: Demand, lonlat: Float64) -> NDArray[np.int8]:
    from geo.straight import find_nearest_straight

    near = find_nearest_straight(lonlat, demand.lonlat).site[:, 0]
    return demand.zone[near].copy() if len(demand) else np.zeros(len(lonlat), np.int8)


def _build_problem(
    question: SitingQuestion, sites: Sites, made: CandidateSites, cover: CoverSets
) -> CoverProblem:
    money = [
        *question.outlet_money,
        *(question.candidate_money[g] if g >= 0 else question.new_money for g in made.given),
    ]
    k = len(question.outlets)
    fixed = np.zeros(len(sites), dtype=np.int8)
    if question.fixed is not None:
        fixed[:k] = question.fixed
    priced = SitingSites(
        lonlat=sites.lonlat,
        existing=np.arange(len(sites)) < k,
        opening=np.array([m.opening for m in money], dtype=np.int64),
        running=np.array([m.running for m in money], dtype=np.int64),
        closing=np.array([m.closing for m in money], dtype=np.int64),
        fixed=fixed,
    )
    return build_siting_problem(
        question.demand.weight,
        cover,
        priced,
        min_distance_m=question.min_distance_m,
        group=question.goal.group,
        group_target=question.goal.target,
    )


def _join(first: Sites, second: Sites) -> Sites:
    return Sites(
        np.vstack([first.lonlat, second.lonlat]),
        np.concatenate([first.zone, second.zone]),
        np.concatenate([first.radius_m, second.radius_m]),
    )


def _keep_sites(cover: CoverSets, kept: Int64) -> CoverSets:
    """Return the cover sets of some sites, renumbered in their order (ascending)."""
    number = np.full(cover.n_sites, -1, dtype=np.int32)
    number[kept] = np.arange(len(kept), dtype=np.int32)
    new = number[cover.site_index]
    inside = new >= 0
    before = np.r_[0, np.cumsum(inside)]
    return CoverSets(before[cover.offset], new[inside], cover.distance_m[inside], len(kept))


def _stack(first: CoverSets, second: CoverSets) -> CoverSets:
    """Return the cover sets of the sites of both, those of ``first`` numbered first."""
    a, b = np.diff(first.offset), np.diff(second.offset)
    offset = np.r_[0, np.cumsum(a + b)].astype(np.int64)
    index = np.empty(int(offset[-1]), dtype=np.int32)
    meters = np.empty_like(index)
    parts: Sequence[tuple[CoverSets, Int64, int]] = (
        (first, offset[:-1], 0),
        (second, offset[:-1] + a, first.n_sites),
    )
    for cover, start, shift in parts:
        size = np.diff(cover.offset)
        place = np.arange(len(cover.site_index)) + np.repeat(start - cover.offset[:-1], size)
        index[place] = cover.site_index + shift
        meters[place] = cover.distance_m
    return CoverSets(offset, index, meters, first.n_sites + second.n_sites)
