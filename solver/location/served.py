"""Capacitated covering: serve most within the rules (MCLP), or all for the least money (LSCP).

After Pirkul & Schilling (1991) and Current & Storbeck (1988), demand divisible in whole units.
Stages: merge rows → greedy with flows → prices → one site out and fill up → fix sites by reduced
costs → exact stage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solver.location.answer import Certificate, ProofKind, Unmet, UnmetKind, get_gap
from solver.location.clock import Clock
from solver.location.cover import find_start
from solver.location.exact import SOLVER_NAME
from solver.location.exchange import Exchange
from solver.location.limits import SiteLimits, make_limits
from solver.location.prices import Rules, make_rules
from solver.location.problem import CoverProblem
from solver.location.served_climb import climb_least_money, climb_most_served
from solver.location.served_exact import is_in_reach, solve_served_exactly
from solver.location.served_flow import Flow, find_flow, share_out
from solver.location.served_prices import make_filler, prove_least_money, prove_most_served
from solver.location.served_problem import ServedAnswer, ServedProblem
from solver.location.served_rules import bound_with_rules
from solver.location.served_search import ServedSearch
from solver.status import SolveStatus, StoppedBy
from solver.stop import Stop

Int64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

_SHARES: Final = (0.3, 0.5)
"""Shares of the limits after which prices, and the search, leave the rest to the exact stage."""

_LONE_SHARES: Final = (0.5, 0.7)
"""The same where the problem is too large for an exact stage."""


def solve_capacitated_mclp(
    problem: ServedProblem,
    *,
    p: int | None = None,
    budget: int | None = None,
    max_changes: int | None = None,
    stop: Stop,
    seed: int = 0,
    start: tuple[int, ...] | None = None,
) -> ServedAnswer:
    """Open sites so that as many units of demand as possible are served within capacities.

    Parameters
    ----------
    problem
        Rows, reach, capacities.
    p, budget, max_changes
        Rules, see ``make_limits``; any may be combined.
    stop
        Limits. Under a limit of iterations alone the answer repeats bit for bit.
    seed
        Reported; nothing here is random.
    start
        Known choice of sites; used if it keeps the rules.

    Returns
    -------
    ServedAnswer
        Objective and bound are units served. ``INFEASIBLE`` with the best partial answer if the
        rules cannot be kept together; ``HAS_UNASSIGNED`` if a limit came before that was known.

    Raises
    ------
    InvalidParameter
        If a limit is negative.
    """
    clock = Clock(stop)
    cover = problem.merged.problem
    limits = make_limits(cover, p=p, budget=budget, max_changes=max_changes)
    found = find_start(cover, limits, start, clock)
    if found.opened is None:
        return _answer_broken(problem, limits, clock, seed, is_proven=found.is_proven)
    return _serve_most(problem, limits, found.opened, clock, seed)


def solve_capacitated_lscp(problem: ServedProblem, *, stop: Stop, seed: int = 0) -> ServedAnswer:
    """Serve every unit at the least money; what cannot be served is named.

    Parameters
    ----------
    problem
        Rows, reach, capacities, prices, conflicts, fixed sites.
    stop
        Limits.
    seed
        Reported; nothing here is random.

    Returns
    -------
    ServedAnswer
        Objective and bound are money, closing included. ``INFEASIBLE`` if some unit cannot be
        served: the answer is the cheapest one found that serves as many units as can be served,
        and ``unmet`` names rows with what is left of them. ``HAS_UNASSIGNED`` if a limit ended the
        search before it was known how many units the conflicts leave room for.
    """
    clock = Clock(stop)
    cover, capacity = problem.merged.problem, problem.capacity
    limits = make_limits(cover)
    most = find_flow(cover, capacity, cover.fixed >= 0)
    needed, is_known = most.total, True
    first: Bools | None = None
    if cover.conflict.shape[0]:
        found = find_start(cover, limits, None, clock)
        if found.opened is None:
            return _answer_broken(problem, limits, clock, seed, is_proven=found.is_proven)
        plain = _serve_most(problem, limits, found.opened, clock, seed)
        needed, is_known = plain.objective, plain.status is SolveStatus.OPTIMAL
        first = _mask(cover, plain.sites)
    return _serve_all(problem, limits, (needed, is_known, first), clock, seed)


def _serve_most(
    problem: ServedProblem, limits: SiteLimits, start: Bools, clock: Clock, seed: int
) -> ServedAnswer:
    cover, capacity = problem.merged.problem, problem.capacity
    rules, filler = make_rules(limits), make_filler(cover, capacity)
    search = ServedSearch(cover, capacity, limits)
    search.offer(start)
    search.offer(*search.complete(start, clock))
    shares = _SHARES if is_in_reach(cover, clock) else _LONE_SHARES
    prices = climb_most_served(cover, filler, limits, search, clock=clock, share=shares[0])
    search.improve(clock, shares[1])
    rule = np.zeros(rules.room.shape[0])
    rule[: len(limits.kinds)][:1] = prices.rule
    proven = prove_most_served(cover, filler, rules, prices.row, rule)
    ceiling = find_flow(cover, capacity, cover.fixed >= 0).total
    proof = _Proof(min(proven.value, ceiling), *proven.find_fixed(rules, search.value))
    stage = _Stage(problem, limits, rules, search, clock)
    proof = _solve_rest(stage, proof, needed=None)
    if proof.bound > search.value and not proof.by_solver and not clock.is_over():
        found = bound_with_rules(
            cover, filler, rules, search, row=prices.row, closed=proof.closed, clock=clock
        )
        if found is not None and found < proof.bound:
            proof = replace(proof, bound=max(found, search.value), by_solver=True)
    certificate = replace(
        proof.to_certificate(proven.row, proven.scale, proven.value),
        limit_multiplier={kind.value: int(proven.rule[s]) for s, kind in enumerate(limits.kinds)},
        conflict_multiplier=proven.rule[len(limits.kinds) :],
    )
    bound = max(proof.bound, search.value)
    status = SolveStatus.OPTIMAL if bound == search.value else SolveStatus.FEASIBLE
    return _answer(stage, (search.value, bound), status, seed, certificate)


def _serve_all(
    problem: ServedProblem,
    limits: SiteLimits,
    target: tuple[int, bool, Bools | None],
    clock: Clock,
    seed: int,
) -> ServedAnswer:
    """Serve as many units as ``target`` says for the least money.

    Parameters
    ----------
    target
        Units; whether no choice of sites is known to serve more; a choice that serves so many.
    """
    cover, capacity = problem.merged.problem, problem.capacity
    needed, is_known, first = target
    missing = int(cover.weight.sum()) - needed
    filler = make_filler(cover, capacity)
    search = ServedSearch(cover, capacity, limits, needed)
    if first is not None:
        search.offer(search.drop_spares(first, clock))
    search.make_whole(clock)
    shares = _SHARES if is_in_reach(cover, clock) else _LONE_SHARES
    prices = climb_least_money(cover, filler, search, clock=clock, share=shares[0], missing=missing)
    search.improve(clock, shares[1])
    proven = prove_least_money(cover, filler, prices.row, missing=missing)
    proof = _Proof(min(proven.value, search.value), *proven.find_fixed(cover.fixed, search.value))
    stage = _Stage(problem, limits, make_rules(limits), search, clock)
    proof = _solve_rest(stage, proof, needed=needed)
    closing = int(cover.closing_cost.sum())
    certificate = proof.to_certificate(proven.row, proven.scale, proven.value + closing)
    bound = min(proof.bound, search.value)
    status = SolveStatus.OPTIMAL if bound == search.value else SolveStatus.FEASIBLE
    if missing:
        status = SolveStatus.INFEASIBLE if is_known else SolveStatus.HAS_UNASSIGNED
    figures = (search.value + closing, bound + closing)
    return _answer(stage, figures, status, seed, certificate)


@dataclass(frozen=True, eq=False)
class _Stage:
    """What the last stages share."""

    problem: ServedProblem
    limits: SiteLimits
    rules: Rules
    search: ServedSearch
    clock: Clock


@dataclass(frozen=True, eq=False)
class _Proof:
    """A bound, the sites that reduced costs fix, and whether a solver vouches for it."""

    bound: int
    closed: Int64
    opened: Int64
    by_solver: bool = False

    def to_certificate(self, row: Int64, scale: int, value: int) -> Certificate:
        return Certificate(
            kind=ProofKind.SOLVER if self.by_solver else ProofKind.LAGRANGIAN,
            multiplier=row,
            scale=scale,
            limit_multiplier={},
            conflict_multiplier=np.zeros(0, dtype=np.int64),
            lagrangian_bound=value,
            closed=tuple(self.closed.tolist()),
            opened=tuple(self.opened.tolist()),
            solver_name=SOLVER_NAME if self.by_solver else "",
        )


def _solve_rest(stage: _Stage, proof: _Proof, *, needed: int | None) -> _Proof:
    """Give the sites that are left to the exact stage; its answer is judged by its own flow."""
    search, cover = stage.search, stage.problem.merged.problem
    is_maximum = needed is None
    if proof.bound == search.value or stage.clock.is_over():
        return proof
    sites = np.setdiff1d(np.arange(cover.sites), proof.closed)
    result = solve_served_exactly(
        cover,
        stage.problem.capacity,
        stage.rules,
        sites,
        search.opened,
        clock=stage.clock,
        needed=needed,
    )
    if result.opened is not None and stage.limits.is_kept(result.opened):
        search.offer(result.opened)
    if result.is_complete:
        return replace(proof, bound=search.value, by_solver=True)
    if result.bound is None:
        return proof
    if is_maximum and result.bound < proof.bound:
        return replace(proof, bound=max(result.bound, search.value), by_solver=True)
    if not is_maximum and result.bound > proof.bound:
        return replace(proof, bound=min(result.bound, search.value), by_solver=True)
    return proof


def _answer(
    stage: _Stage,
    figures: tuple[int, int],
    status: SolveStatus,
    seed: int,
    certificate: Certificate,
) -> ServedAnswer:
    """Return the best choice with its flow over the original rows."""
    problem, search, clock = stage.problem, stage.search, stage.clock
    cover = problem.cover
    opened = search.opened if search.opened is not None else cover.fixed > 0
    merged = search.flow or find_flow(problem.merged.problem, problem.capacity, opened)
    flow = share_out(merged, problem.merged.member, cover.weight)
    sites = tuple(np.flatnonzero(opened).tolist())
    unmet: tuple[Unmet, ...] = ()
    if status in {SolveStatus.INFEASIBLE, SolveStatus.HAS_UNASSIGNED}:
        unmet = list_unserved(cover, flow)
    value, bound = figures
    return ServedAnswer(
        sites=sites,
        objective=value,
        bound=bound,
        gap=get_gap(value, bound),
        status=status,
        stopped_by=StoppedBy.EXHAUSTED if bound == value else clock.stopped_by,
        seed=seed,
        iterations=clock.iterations,
        runtime_s=clock.runtime_s,
        cost=cover.get_cost(sites),
        unmet=unmet,
        certificate=certificate,
        row=flow.row,
        site=flow.site,
        amount=flow.amount,
    )


def list_unserved(problem: CoverProblem, flow: Flow) -> tuple[Unmet, ...]:
    """Return the rows that are not served in full: units served and wanted."""
    rest = flow.get_rest(problem.weight)
    return tuple(
        Unmet(UnmetKind.ROW, int(row), int(problem.weight[row] - rest[row]), int(weight))
        for row, weight in zip(np.flatnonzero(rest), problem.weight[rest > 0].tolist(), strict=True)
    )


def _answer_broken(
    problem: ServedProblem, limits: SiteLimits, clock: Clock, seed: int, *, is_proven: bool
) -> ServedAnswer:
    """Return the start that breaks the fewest rules and what it breaks."""
    cover = problem.merged.problem
    opened = Exchange(cover, limits).make_start()
    flow = find_flow(cover, problem.capacity, opened)
    bound = find_flow(cover, problem.capacity, cover.fixed >= 0).total
    whole = share_out(flow, problem.merged.member, problem.cover.weight)
    sites = tuple(np.flatnonzero(opened).tolist())
    return ServedAnswer(
        sites=sites,
        objective=flow.total,
        bound=bound,
        gap=get_gap(flow.total, bound),
        status=SolveStatus.INFEASIBLE if is_proven else SolveStatus.HAS_UNASSIGNED,
        stopped_by=clock.stopped_by,
        seed=seed,
        iterations=clock.iterations,
        runtime_s=clock.runtime_s,
        cost=problem.cover.get_cost(sites),
        unmet=limits.find_broken(opened),
        row=whole.row,
        site=whole.site,
        amount=whole.amount,
    )


def _mask(problem: CoverProblem, sites: tuple[int, ...]) -> Bools:
    mask = np.zeros(problem.sites, dtype=np.bool_)
    mask[list(sites)] = True
    return mask
