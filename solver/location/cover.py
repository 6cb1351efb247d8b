"""Maximal covering (MCLP): the doors to ``solver.location.maximal``."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.location.answer import LocationAnswer, get_gap
from solver.location.clock import Clock
from solver.location.exact import find_sites_within
from solver.location.exchange import Exchange
from solver.location.limits import SiteLimits, make_limits
from solver.location.maximal import CoverResult, get_coverable, maximize_cover
from solver.location.problem import CoverProblem
from solver.status import SolveStatus, StoppedBy
from solver.stop import Stop

Bools = NDArray[np.bool_]


def solve_mclp(
    problem: CoverProblem,
    *,
    p: int | None = None,
    budget: int | None = None,
    max_changes: int | None = None,
    stop: Stop,
    seed: int = 0,
    start: tuple[int, ...] | None = None,
) -> LocationAnswer:
    """Open sites so that as much weight as possible is covered (Church & ReVelle 1974).

    Parameters
    ----------
    problem
        Rows, sites, prices, conflicts; second cover counts ``backup_weight``. Group targets are
        kept if there are any.
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
    LocationAnswer
        ``INFEASIBLE`` with the best partial answer if the rules cannot be kept together,
        ``HAS_UNASSIGNED`` if a limit came before that was known.

    Raises
    ------
    InvalidParameter
        If a limit is negative.
    """
    clock = Clock(stop)
    limits = make_limits(problem, p=p, budget=budget, max_changes=max_changes)
    found = find_start(problem, limits, start, clock)
    if found.opened is None:
        return answer_infeasible(problem, limits, clock, seed, is_proven=found.is_proven)
    opened = found.opened
    if problem.groups and bool((problem.group_target > 0).any()):
        from solver.location.targets import maximize_with_targets

        return maximize_with_targets(problem, limits, opened, clock, seed)
    return to_answer(problem, maximize_cover(problem, limits, opened, clock), clock, seed)


class Start(NamedTuple):
    """A first choice of sites.

    Attributes
    ----------
    opened
        Shape (m,); None if nothing that keeps the rules was found.
    is_proven
        Without a choice: whether there is provably none.
    """

    opened: Bools | None
    is_proven: bool = False


def find_start(
    problem: CoverProblem, limits: SiteLimits, start: tuple[int, ...] | None, clock: Clock
) -> Start:
    """Return a choice of sites that keeps the rules, or whether it is proven that none does."""
    if start is not None:
        opened = np.zeros(problem.sites, dtype=np.bool_)
        opened[list(start)] = True
        agrees = not bool(
            (opened & (limits.fixed < 0)).any() | (~opened & (limits.fixed > 0)).any()
        )
        if agrees and limits.is_kept(opened):
            return Start(opened)
    opened = Exchange(problem, limits).make_start()
    if limits.is_kept(opened):
        return Start(opened)
    found = find_sites_within(problem, limits, clock)
    return Start(found.opened, is_proven=found.is_complete)


def to_answer(
    problem: CoverProblem, result: CoverResult, clock: Clock, seed: int
) -> LocationAnswer:
    """Return the result as an answer; ``OPTIMAL`` only with the proof."""
    sites = tuple(np.flatnonzero(result.opened).tolist())
    return LocationAnswer(
        sites=sites,
        objective=result.value,
        bound=result.bound,
        gap=get_gap(result.value, result.bound),
        status=SolveStatus.OPTIMAL if result.is_optimal else SolveStatus.FEASIBLE,
        stopped_by=StoppedBy.EXHAUSTED if result.is_optimal else clock.stopped_by,
        seed=seed,
        iterations=clock.iterations,
        runtime_s=clock.runtime_s,
        cost=problem.get_cost(sites),
        certificate=result.certificate,
    )


def answer_infeasible(
    problem: CoverProblem,
    limits: SiteLimits,
    clock: Clock,
    seed: int,
    *,
    is_proven: bool,
) -> LocationAnswer:
    """Return the best partial answer and what it breaks."""
    opened = Exchange(problem, limits).make_start()
    sites = tuple(np.flatnonzero(opened).tolist())
    value = problem.get_covered_weight(sites)
    bound = get_coverable(problem)
    return LocationAnswer(
        sites=sites,
        objective=value,
        bound=bound,
        gap=get_gap(value, bound),
        status=SolveStatus.INFEASIBLE if is_proven else SolveStatus.HAS_UNASSIGNED,
        stopped_by=clock.stopped_by,
        seed=seed,
        iterations=clock.iterations,
        runtime_s=clock.runtime_s,
        cost=problem.get_cost(sites),
        unmet=limits.find_broken(opened),
    )
