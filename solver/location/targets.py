"""Covering with groups: a target per zone, or the worst zone as good as can be.

Both are solved by SCIP over merged rows (a row keeps its group). Where those are too many for a
proof, reweighed rounds choose the sites SCIP sees, and the bound comes from a plain covering
problem, which holds with targets, too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from solver.errors import InvalidParameter
from solver.location.aggregate import aggregate_rows, restrict_sites
from solver.location.answer import LocationAnswer, Unmet, UnmetKind, get_gap
from solver.location.clock import Clock
from solver.location.exact import ExactResult, SiteModel, make_site_model, run_model
from solver.location.limits import SiteLimits, make_limits
from solver.location.maximal import CoverResult, maximize_cover
from solver.location.prices import make_rules
from solver.location.problem import CoverProblem
from solver.location.reweigh import Rounds, bound_worst_share, run_rounds
from solver.status import SolveStatus, StoppedBy
from solver.stop import Stop

Int64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

PER_MILLION: Final = 1_000_000
_PLAIN_SHARE: Final = 0.3
_AGAIN_SHARE: Final = 0.7
_ROUNDS_SHARE: Final = 0.6
_MAX_EXACT_ENTRIES: Final = 30_000


def get_group_cover(problem: CoverProblem, opened: Bools) -> Int64:
    """Return the weight (first cover) each group has covered, shape (g,)."""
    covered = problem.count_cover(np.flatnonzero(opened)) >= 1
    rows = covered & (problem.group >= 0)
    return _sum_groups(problem, rows)


def maximize_with_targets(
    problem: CoverProblem, limits: SiteLimits, opened: Bools, clock: Clock, seed: int
) -> LocationAnswer:
    """Cover as much as possible with every group at its target.

    If the targets cannot all be met, ``INFEASIBLE``: the answer misses as little weight of them as
    possible and covers the most among such. ``HAS_UNASSIGNED`` if a limit ended the search before
    that was known.

    Parameters
    ----------
    opened
        Shape (m,), a choice that keeps the rules about sites.
    """
    part = _share(clock)
    plain = maximize_cover(problem, limits, opened, part, exact=False)
    clock.count(part.iterations)
    if not find_missed(problem, plain.opened):
        plain = _go_on(problem, limits, plain, clock)
    if not find_missed(problem, plain.opened) and plain.is_optimal:
        return _answer(
            problem, plain.opened, plain.bound, clock, seed=seed, status=SolveStatus.OPTIMAL
        )
    begin = _reweigh_for_targets(problem, limits, plain.opened, clock)
    first = _solve(problem, limits, begin.opened, clock, missing=None, sites=begin.used)
    best = begin.opened if first.opened is None else first.opened
    missing = sum(miss.wanted - miss.found for miss in find_missed(problem, best))
    everywhere = begin.used.shape[0] == problem.sites
    if missing and not (first.is_complete and everywhere):
        return _answer(
            problem, best, plain.bound, clock, seed=seed, status=SolveStatus.HAS_UNASSIGNED
        )
    second = ExactResult(None, None, is_complete=False)
    if not clock.is_over():
        second = _solve(problem, limits, best, clock, missing=missing, sites=begin.used)
    if second.opened is not None:
        best = second.opened
    if not everywhere:  # over some sites only: good answers, no proof
        second = ExactResult(second.opened, None, is_complete=False)
    value = problem.get_covered_weight(np.flatnonzero(best))
    bound = min(plain.bound, plain.bound if second.bound is None else second.bound)
    complete = (second.is_complete and second.opened is not None) or bound <= value
    bound = value if complete else max(value, bound)
    status = SolveStatus.OPTIMAL if complete else SolveStatus.FEASIBLE
    status = SolveStatus.INFEASIBLE if missing else status
    return _answer(problem, best, bound, clock, seed=seed, status=status)


def _go_on(
    problem: CoverProblem, limits: SiteLimits, plain: CoverResult, clock: Clock
) -> CoverResult:
    """Search longer where targets may not bind; answers that miss them still lend their bound."""
    part = _share(clock, _AGAIN_SHARE)
    again = maximize_cover(problem, limits, plain.opened, part)
    clock.count(part.iterations)
    bound = min(plain.bound, again.bound)
    kept = plain if find_missed(problem, again.opened) else again
    return replace(kept, bound=bound, is_optimal=bound <= kept.value)


def find_missed(problem: CoverProblem, opened: Bools) -> tuple[Unmet, ...]:
    """Return the groups below their target."""
    cover = get_group_cover(problem, opened)
    return tuple(
        Unmet(UnmetKind.GROUP, int(g), int(cover[g]), int(problem.group_target[g]))
        for g in np.flatnonzero(cover < problem.group_target)
    )


def solve_maxmin(
    problem: CoverProblem,
    *,
    p: int | None = None,
    budget: int | None = None,
    max_changes: int | None = None,
    stop: Stop,
    seed: int = 0,
) -> LocationAnswer:
    """Make the covered share of the worst group as large as possible.

    Objective and bound are shares in parts per million, rounded down; groups without weight do not
    count. Second cover does not count either.

    Raises
    ------
    InvalidParameter
        If a limit is negative or no group has weight.
    """
    from solver.location.cover import answer_infeasible, find_start

    clock = Clock(stop)
    weight = _sum_groups(problem, problem.group >= 0)
    if not (weight > 0).any():
        raise InvalidParameter("no group has weight; expected at least one.")
    limits = make_limits(problem, p=p, budget=budget, max_changes=max_changes)
    found = find_start(problem, limits, None, clock)
    if found.opened is None:
        return answer_infeasible(problem, limits, clock, seed, is_proven=found.is_proven)
    begin = _reweigh_for_worst(problem, limits, found.opened, weight, clock)
    everywhere = begin.used.shape[0] == problem.sites
    bound = _get_worst(problem, problem.fixed >= 0, weight)
    if not everywhere:
        small = aggregate_rows(problem).problem
        part = _share(clock)
        shown = bound_worst_share(small, limits, begin, weight, part, unit=PER_MILLION)
        clock.count(part.iterations)
        bound = min(bound, shown)
    result = _solve_worst(problem, limits, begin, weight, clock)
    options = [begin.opened] if result.opened is None else [begin.opened, result.opened]
    shares = [_get_worst(problem, choice, weight) for choice in options]
    value = max(shares)
    best = options[shares.index(value)]
    if everywhere and result.bound is not None:
        bound = min(bound, result.bound)
    bound = max(value, bound)
    status = SolveStatus.OPTIMAL if bound == value else SolveStatus.FEASIBLE
    return _answer(problem, best, bound, clock, seed=seed, status=status, objective=value)


def _solve_worst(
    problem: CoverProblem, limits: SiteLimits, begin: Rounds, weight: Int64, clock: Clock
) -> ExactResult:
    """Maximize the worst share over the sites of ``begin``."""
    if clock.is_over():
        return ExactResult(None, None, is_complete=False)
    kept, rows = _make_model(problem, limits, begin.used)
    worst = kept.model.add_variable(lb=0.0, ub=float(PER_MILLION))
    for g in np.flatnonzero(weight > 0).tolist():
        terms = [PER_MILLION / float(weight[g]) * w * x for w, x in rows[g]]
        kept.model.add_linear_constraint(worst <= sum(terms))
    kept.model.maximize(worst)
    return run_model(kept, begin.opened, clock, is_maximum=True, size=problem.sites, is_whole=False)


def _reweigh_for_targets(
    problem: CoverProblem, limits: SiteLimits, opened: Bools, clock: Clock
) -> Rounds:
    """Return a start and sites for the exact stage; all sites if the problem is small."""
    weight = np.maximum(_sum_groups(problem, problem.group >= 0), 1)

    def lag(choice: Bools) -> NDArray[np.float64]:
        missed = problem.group_target - get_group_cover(problem, choice)
        return missed.astype(np.float64) / weight

    def key(choice: Bools) -> tuple[int, int]:
        missed = sum(miss.wanted - miss.found for miss in find_missed(problem, choice))
        return -missed, problem.get_covered_weight(np.flatnonzero(choice))

    small = aggregate_rows(problem).problem
    rounds = run_rounds(small, limits, opened, clock, lag=lag, key=key, share=_ROUNDS_SHARE)
    return _widen(small, rounds)


def _reweigh_for_worst(
    problem: CoverProblem, limits: SiteLimits, opened: Bools, weight: Int64, clock: Clock
) -> Rounds:
    def get_shares(choice: Bools) -> NDArray[np.float64]:
        share: NDArray[np.float64] = get_group_cover(problem, choice) / np.maximum(weight, 1)
        share[weight <= 0] = 1.0
        return share

    def lag(choice: Bools) -> NDArray[np.float64]:
        share = get_shares(choice)
        behind: NDArray[np.float64] = share.mean() - share
        return behind

    def key(choice: Bools) -> tuple[int, int]:
        return _get_worst(problem, choice, weight), 0

    small = aggregate_rows(problem).problem
    rounds = run_rounds(small, limits, opened, clock, lag=lag, key=key, share=_ROUNDS_SHARE)
    return _widen(small, rounds)


def _widen(problem: CoverProblem, rounds: Rounds) -> Rounds:
    """Let the exact stage see every site where the problem is small enough for a proof."""
    if problem.site_index.shape[0] > _MAX_EXACT_ENTRIES:
        must = np.flatnonzero((problem.fixed > 0) | problem.existing)
        return replace(rounds, used=np.union1d(rounds.used, must))
    return replace(rounds, used=np.arange(problem.sites))


def _get_worst(problem: CoverProblem, opened: Bools, weight: Int64) -> int:
    cover = get_group_cover(problem, opened)
    return min(PER_MILLION * int(cover[g]) // int(weight[g]) for g in np.flatnonzero(weight > 0))


def _sum_groups(problem: CoverProblem, rows: Bools) -> Int64:
    sums = np.bincount(problem.group[rows], weights=problem.weight[rows], minlength=problem.groups)
    return sums.astype(np.int64)


def _share(clock: Clock, share: float = _PLAIN_SHARE) -> Clock:
    """Return a clock for the plain problem: a part of what is left, counted by the caller."""
    left = clock.left_iterations
    return Clock(
        Stop(
            max_runtime_s=max(0.01, share * clock.left_s),
            max_iterations=None if left is None else int(share * left),
            max_idle_iterations=None,
        )
    )


def _make_model(
    problem: CoverProblem, limits: SiteLimits, sites: Int64
) -> tuple[SiteModel, dict[int, list[tuple[int, Any]]]]:
    """Return a model with covered rows, and per group the (weight, variable) of its rows."""
    from ortools.math_opt.python import mathopt

    small = restrict_sites(problem, sites).problem
    kept = make_site_model(problem, make_rules(limits), sites)
    offset, index = small.site_offset.tolist(), small.site_index.tolist()
    weight, backup = small.weight.tolist(), small.backup_weight.tolist()
    rows: dict[int, list[tuple[int, Any]]] = {g: [] for g in range(-1, problem.groups)}
    goal: list[Any] = []
    for row, group in enumerate(small.group.tolist()):
        entries = [kept.y[j] for j in index[offset[row] : offset[row + 1]]]
        if not entries or not weight[row]:
            continue
        x = kept.model.add_variable(lb=0.0, ub=1.0)
        rows[group].append((weight[row], x))
        goal.append(weight[row] * x)
        used = [x]
        if backup[row]:
            second = kept.model.add_variable(lb=0.0, ub=1.0)
            goal.append(backup[row] * second)
            used.append(second)
        kept.model.add_linear_constraint(mathopt.LinearSum(used) <= mathopt.LinearSum(entries))
    kept.model.maximize(mathopt.LinearSum(goal))
    return kept, rows


def _solve(
    problem: CoverProblem,
    limits: SiteLimits,
    start: Bools,
    clock: Clock,
    *,
    missing: int | None,
    sites: Int64,
) -> ExactResult:
    """Minimize what the groups miss of their targets, or maximize cover with so much missing."""
    from ortools.math_opt.python import mathopt

    kept, rows = _make_model(problem, limits, sites)
    short: list[Any] = []
    for g, target in enumerate(problem.group_target.tolist()):
        if not target:
            continue
        lack = kept.model.add_variable(lb=0.0, ub=float(target))
        short.append(lack)
        cover = [w * x for w, x in rows[g]]
        kept.model.add_linear_constraint(mathopt.LinearSum([*cover, lack]) >= float(target))
    if missing is None:
        kept.model.minimize(mathopt.LinearSum(short))
        return run_model(kept, start, clock, is_maximum=False, size=problem.sites)
    kept.model.add_linear_constraint(mathopt.LinearSum(short) <= float(missing))
    return run_model(kept, start, clock, is_maximum=True, size=problem.sites)


def _answer(
    problem: CoverProblem,
    opened: Bools,
    bound: int,
    clock: Clock,
    *,
    seed: int,
    status: SolveStatus,
    objective: int | None = None,
) -> LocationAnswer:
    sites = tuple(np.flatnonzero(opened).tolist())
    value = problem.get_covered_weight(sites) if objective is None else objective
    return LocationAnswer(
        sites=sites,
        objective=value,
        bound=bound,
        gap=get_gap(value, bound),
        status=status,
        stopped_by=StoppedBy.EXHAUSTED if bound == value else clock.stopped_by,
        seed=seed,
        iterations=clock.iterations,
        runtime_s=clock.runtime_s,
        cost=problem.get_cost(sites),
        unmet=find_missed(problem, opened) if objective is None else (),
    )
