"""Plan the rest of a day again: what is fixed stays, the rest is decided by the ordinary machinery.

The order as it stands is where the search starts. A promise that would be kept without a re-plan is
kept by it too, unless an emergency is answered sooner, or a visit served at all, only without it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from dispatch.domain import CostBreakdown, DayPlan, Priority
from dispatch.domain.travel_table import TravelTable
from dispatch.errors import RefereeRejected
from dispatch.live.bounds import held, in_order, kept_promises, with_latest
from dispatch.live.course import Facts
from dispatch.live.current import Current, current_plan
from dispatch.live.diff import Diff, diff_of
from dispatch.live.freeze import NOTHING, Freeze, Frozen, freeze_stops, with_closed
from dispatch.live.guard import check_decision
from dispatch.live.merge import Decision, merge, merge_routes
from dispatch.live.projection import Projection, project_routes
from dispatch.live.projector import Projector
from dispatch.live.rest import RestDay, rest_day
from dispatch.live.state import LiveState
from dispatch.planning.explain import Explain
from dispatch.planning.explain import explain as explain_solution
from dispatch.planning.price import price
from dispatch.planning.publish import publish_contracted, publish_routes
from dispatch.planning.publish_plan import publish_plan
from dispatch.planning.translate import Translation, translate
from dispatch.planning.travel import travel_digest
from dispatch.referee import judge, judge_order
from solver.routing.problem import RoutingProblem
from solver.routing.solution import RoutingSolution
from solver.routing.solve import solve
from solver.routing.timetable import build_solution
from solver.stop import MaxRuntime, Stop

DEFAULT_STOP = MaxRuntime(5)


class ReplanMode(StrEnum):
    """How much may change."""

    FILL_GAPS = "fill_gaps"
    """Everybody keeps technician and order; open visits are put in between."""
    KEEP_TECHNICIANS = "keep_technicians"
    """Everybody keeps the technician; the order may change, open visits are put in."""
    ALL = "all"
    """All that is not frozen."""


@dataclass(frozen=True, eq=False)
class Search:
    """How long and how to search.

    Attributes
    ----------
    stop, seed, threads
        As for `dispatch.planning.daily.plan_day`. Where promises stand in the way of an emergency
        or a visit, each limit counts three times: with all of them, with none, with those that
        need not be broken.
    explain
        As there; False is fastest.
    judged
        Judge the plan, and price an order that breaks rules as it stands: False only where
        thousands of plans are made to be compared.
    """

    stop: Stop = DEFAULT_STOP
    seed: int = 0
    threads: int = 1
    explain: Explain = False
    judged: bool = True


@dataclass(frozen=True, eq=False)
class Proposal:
    """A plan for the rest of a day, not decided yet.

    Attributes
    ----------
    day, base_sequence
        Which day, and after which event of it.
    mode, frozen
        How it was made.
    rest
        The rest of the day; ``plan`` is a plan of ``rest.day`` the referee has passed.
    decision
        The plan as a decision on the live day.
    diff
        What would change, for whom.
    before
        Price of the rest as it stands, open visits unassigned.
    """

    day: str
    base_sequence: int
    mode: ReplanMode
    frozen: Frozen
    rest: RestDay
    plan: DayPlan
    decision: Decision
    diff: Diff
    before: CostBreakdown


def propose(
    state: LiveState,
    travel: TravelTable,
    *,
    freeze: Freeze = NOTHING,
    mode: ReplanMode = ReplanMode.ALL,
    search: Search = Search(),
    projection: Projection | None = None,
    divert: bool = False,
) -> Proposal:
    """Plan the rest of a day again.

    Parameters
    ----------
    travel
        Figures for every place of the state, with the traffic of the day as it stands.
    freeze
        What is not to change, beside what is past or under way.
    projection
        Of this state with this table, if it is known already.
    divert
        Who is on the way and has not arrived may be sent elsewhere.

    Raises
    ------
    InvalidRequest
        D9115 if the table lacks a place.
    RefereeRejected
        If the plan broke a rule or changed what is fixed: a mistake of this program.
    """
    facts = Facts(state, travel)
    projection = project_routes(facts, {})[0] if projection is None else projection
    frozen = freeze_stops(state, projection, freeze, divert=divert)
    work = _Replan(facts, projection, mode, search)
    solution = work.run(frozen)
    return work.proposal(solution)


def decide_rest(
    state: LiveState,
    travel: TravelTable,
    *,
    mode: ReplanMode = ReplanMode.ALL,
    search: Search = Search(),
    projector: Projector | None = None,
) -> Decision:
    """Return what `propose` would decide, and nothing else: no diff, no price of what stands.

    For simulated days, where thousands of plans are put in force unread.

    Parameters
    ----------
    projector
        Of the day's earlier moments, where it is planned again and again.

    Raises
    ------
    InvalidRequest, RefereeRejected
        As `propose`.
    """
    facts, projection = (projector or Projector()).look(state, travel)
    work = _Replan(facts, projection, mode, search)
    return work.decision(work.run(freeze_stops(state, projection)))


class _Replan:
    """One re-plan: rest day, problem, search, plan."""

    def __init__(
        self, facts: Facts, projection: Projection, mode: ReplanMode, search: Search
    ) -> None:
        self._facts, self._projection = facts, projection
        self._state, self._travel = facts.state, facts.travel
        self._mode, self._search = mode, search

    def _prepare(self, frozen: Frozen) -> None:
        gaps = self._mode is ReplanMode.FILL_GAPS
        self._frozen = frozen
        self._rest = rest_day(
            self._state,
            self._projection,
            frozen,
            self._travel,
            keep=self._mode is not ReplanMode.ALL,
            ignore_lacks=gaps,
            facts=self._facts,
        )
        self._t: Translation = translate(self._rest.day, self._travel)
        self._current: Current = current_plan(self._state, self._projection, self._rest, self._t)

    def run(self, frozen: Frozen) -> RoutingSolution:
        """Return the best plan of the rest day.

        Where people keep their visits, a route that cannot be kept by the rules is left alone.
        """
        self._prepare(frozen)
        while self._mode is not ReplanMode.ALL and self._current.illegal:
            self._prepare(with_closed(self._state, self._frozen, self._current.illegal))
        solution = self._best()
        lost = self._lost(solution)
        while lost:
            self._prepare(with_closed(self._state, self._frozen, lost))
            solution = self._best()
            lost = self._lost(solution)
        return solution

    def _lost(self, solution: RoutingSolution) -> frozenset[tuple[str, int]]:
        """Return routes that lost a visit although they were to keep it."""
        out = {self._t.visits[i].id for i in solution.unassigned}
        if self._mode is ReplanMode.ALL:
            out &= self._frozen.kept
        return frozenset(
            route.key
            for route in self._rest.routes
            if any(stop.visit in out for stop in route.rest if stop.visit is not None)
        )

    def _best(self) -> RoutingSolution:
        promised = kept_promises(self._rest, self._projection)
        start = self._current.solution
        strict = self._solve(promised, start)
        if not self._is_wanting(strict):
            return strict
        free = self._solve(frozenset(), strict)
        if self._need(free) >= self._need(strict):
            return strict
        broken = {
            self._t.seats[stop.step.index].visit.id
            for route in free.routes
            for stop in route.stops
            if stop.lateness_s > 0
        }
        if not promised & broken:
            return free
        spared = self._solve(promised - broken, free)
        return spared if self._need(spared) <= self._need(free) else free

    def _is_wanting(self, solution: RoutingSolution) -> bool:
        """Return whether giving up promises might serve somebody who has to be served."""
        left = [self._t.visits[i] for i in solution.unassigned]
        open_ = set(self._state.open)
        urgent = any(
            visit.priority is Priority.EMERGENCY and visit.id in open_ for visit in self._t.visits
        )
        return urgent or any(visit.mandatory for visit in left)

    def _need(self, solution: RoutingSolution) -> tuple[int, int]:
        """Return what is paid for visits left out, and for emergencies that wait."""
        cost = price(self._t, solution)
        return cost.unassigned, cost.emergency_arrival

    def _solve(self, promised: Collection[str], start: RoutingSolution) -> RoutingSolution:
        t = self._t
        problem: RoutingProblem = with_latest(t, self._rest, promised)
        if self._mode is not ReplanMode.ALL:
            problem = held(problem, self._current)
        if self._mode is ReplanMode.FILL_GAPS:
            problem = in_order(t, problem, self._current)
        found = solve(
            problem,
            stop=self._search.stop,
            seed=self._search.seed,
            threads=self._search.threads,
            start=start,
            engine="auto",
        )
        if problem is t.problem:
            return found
        # Timed and priced again by the day's own rules alone.
        return build_solution(
            t.problem,
            {route.vehicle: [stop.step for stop in route.stops] for route in found.routes},
            found.pools,
            engine=found.engine,
            seed=found.seed,
            iterations=found.iterations,
            runtime_s=found.runtime_s,
            stopped_by=found.stopped_by,
        )

    def decision(self, solution: RoutingSolution) -> Decision:
        """Return what a plan decides; where it is not judged nobody writes it out either."""
        if self._search.judged:
            return self.decided(solution)[1]
        t = self._t
        routes, given = publish_routes(t, solution), publish_contracted(t, solution)
        return merge_routes(self._state, self._rest, routes, given)

    def decided(self, solution: RoutingSolution) -> tuple[DayPlan, Decision]:
        """Return the plan of the rest day, judged, and what it decides."""
        t, state = self._t, self._state
        plan = publish_plan(t, solution, explain_solution(t, solution, self._search.explain))
        decision = merge(state, self._rest, plan)
        if self._search.judged:
            check_plan(self._rest, plan, self._travel)
            check_decision(state, self._frozen, decision)
        return plan, decision

    def proposal(self, solution: RoutingSolution) -> Proposal:
        """Return the plan, judged, with what it changes."""
        state = self._state
        plan, decision = self.decided(solution)
        before = self._before()
        return Proposal(
            day=state.day.id,
            base_sequence=state.sequence,
            mode=self._mode,
            frozen=self._frozen,
            rest=self._rest,
            plan=plan,
            decision=decision,
            diff=diff_of(state, self._projection, self._rest, plan, before),
            before=before,
        )

    def _before(self) -> CostBreakdown:
        """Return what the rest costs as it stands; an order against the rules is timed anyway."""
        if self._current.legal or not self._search.judged:
            return price(self._t, self._current.solution)
        order: dict[str | tuple[str, int], list[str]] = {
            route.key: [
                stop.visit or f"@{stop.outlet}"
                for stop in route.rest
                if stop.kind in {"visit", "pickup"}
            ]
            for route in self._rest.routes
            if not route.closed
        }
        wanted = {visit.id for visit in self._rest.day.visits}
        given: dict[str, list[str]] = {}
        for visit, outlet in self._state.contracted:
            if visit in wanted:
                given.setdefault(outlet, []).append(visit)
        return judge_order(self._rest.day, order, self._travel, contracted=given)[0].cost


def check_plan(rest: RestDay, plan: DayPlan, travel: TravelTable) -> None:
    """Judge a plan of a rest day.

    Raises
    ------
    RefereeRejected
        If it breaks a rule.
    """
    verdict = judge(rest.day, plan, travel, travel_hash=travel_digest(travel))
    if not verdict.ok:
        broken = "; ".join(str(violation) for violation in verdict.violations[:10])
        raise RefereeRejected(f"{len(verdict.violations)} violations: {broken}")
