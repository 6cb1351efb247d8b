"""The curve of a goal against the budget, with a proven band at every point."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geo.siting_actions import settle
from geo.siting_goal import GoalKind, GoalMark, get_worst_share
from solver.location.answer import LocationAnswer, get_gap
from solver.location.cover import solve_mclp
from solver.location.frontier import coverage_frontier
from solver.location.problem import CoverProblem
from solver.location.served import solve_capacitated_mclp
from solver.location.served_flow import find_flow
from solver.location.served_problem import ServedProblem
from solver.location.targets import PER_MILLION, find_missed, solve_maxmin
from solver.status import SolveStatus
from solver.stop import Stop

Sites = tuple[int, ...]
_USABLE = (SolveStatus.OPTIMAL, SolveStatus.FEASIBLE)


@dataclass(frozen=True, eq=False)
class CurveQuestion:
    """What every point of a curve shares.

    Parameters
    ----------
    problem
        Merged rows; groups and targets if the goal has any.
    kind
        Goal.
    capacity
        Shape (m,), demand each site serves; for the goal ``served``.
    max_changes
        Most outlets opened and closed; None = any number.
    stop
        Limit of each search.
    seed
        Seed of all searches.
    """

    problem: CoverProblem
    kind: GoalKind
    capacity: NDArray[np.int64] | None
    max_changes: int | None
    stop: Stop
    seed: int


def trace_curve(
    question: CurveQuestion, limits: Sequence[int]
) -> tuple[tuple[LocationAnswer, ...], tuple[GoalMark, ...]]:
    """Return an answer per limit, ascending, and how far it gets; changes in vain are taken back.

    Objectives and bounds of the answers are covered demand whatever the goal. The marks are empty
    for the goal ``covered``.

    Parameters
    ----------
    limits
        Limits on all money, ascending.
    """
    if question.kind == "covered":
        return _trace_cover(question, limits), ()
    find = _find_fair if question.kind == "worst" else _find_served
    answers: list[LocationAnswer] = []
    marks: list[GoalMark] = []
    for limit in limits:
        answer, mark = find(question, limit, answers[-1].sites if answers else None)
        if marks and mark.value < marks[-1].value:  # what a smaller budget buys can be bought
            answer, mark = answers[-1], replace(mark, value=marks[-1].value)
        answers.append(answer)
        marks.append(mark)
    return tuple(answers), _tighten(marks)


def _trace_cover(question: CurveQuestion, limits: Sequence[int]) -> tuple[LocationAnswer, ...]:
    problem = question.problem
    coverable = _get_coverable(problem)
    answers: list[LocationAnswer] = []
    points = coverage_frontier(
        problem, limits, max_changes=question.max_changes, stop=question.stop, seed=question.seed
    )
    for point in points:
        found, before = point.answer, answers[-1] if answers else None
        sites = settle(problem, found.sites, point.limit)
        # Taking a closure back may cover more than was asked for: the next point keeps up.
        is_usable = found.status in _USABLE
        if before is not None and is_usable and before.status in _USABLE:
            sites = max(sites, before.sites, key=problem.get_covered_weight)
        bound = min(int(found.bound), coverable)
        answers.append(_describe(problem, found, sites, bound))
    return tuple(answers)


def _describe(
    problem: CoverProblem, found: LocationAnswer, sites: Sites, bound: int
) -> LocationAnswer:
    """Return the answer with these sites; a bound that is reached proves it."""
    covered = problem.get_covered_weight(sites)
    is_proven = found.status in _USABLE and bound <= covered
    mask = np.zeros(problem.sites, dtype=np.bool_)
    mask[list(sites)] = True
    missed = () if found.status in _USABLE else find_missed(problem, mask)
    return replace(
        found,
        sites=sites,
        objective=covered,
        bound=max(bound, covered),
        gap=get_gap(covered, max(bound, covered)),
        status=SolveStatus.OPTIMAL if is_proven else found.status,
        cost=problem.get_cost(sites),
        unmet=missed or found.unmet,
    )


def _find_fair(
    question: CurveQuestion, limit: int, before: Sites | None
) -> tuple[LocationAnswer, GoalMark]:
    """Raise the worst group's share as far as can be, then cover the most at that share."""
    problem = question.problem
    fair = solve_maxmin(
        problem,
        budget=limit,
        max_changes=question.max_changes,
        stop=question.stop,
        seed=question.seed,
    )
    if fair.status not in _USABLE:
        mark = GoalMark(get_worst_share(problem, fair.sites), PER_MILLION, fair.status)
        return _describe(problem, fair, fair.sites, _get_coverable(problem)), mark
    options = [fair.sites] if before is None else [fair.sites, before]
    sites = max(options, key=lambda choice: get_worst_share(problem, choice))
    share = get_worst_share(problem, sites)
    inside = problem.group >= 0
    weight = np.bincount(
        problem.group[inside], weights=problem.weight[inside], minlength=problem.groups
    ).astype(np.int64)
    target = np.array([share * int(w) // PER_MILLION for w in weight], dtype=np.int64)
    most = solve_mclp(
        replace(problem, group_target=target),
        budget=limit,
        max_changes=question.max_changes,
        stop=question.stop,
        seed=question.seed,
        start=sites,
    )
    bound = min(int(most.bound), _get_coverable(problem))
    is_better = most.status in _USABLE and most.objective >= problem.get_covered_weight(sites)
    if is_better and get_worst_share(problem, most.sites) >= share:
        sites = settle(problem, most.sites, limit)
    # the bound holds for plans with at least this share of the worst group
    answer = _describe(problem, replace(fair, status=SolveStatus.FEASIBLE), sites, bound)
    value = get_worst_share(problem, sites)
    top = max(int(fair.bound), value)
    status = SolveStatus.OPTIMAL if top == value else SolveStatus.FEASIBLE
    return answer, GoalMark(value, top, status)


def _find_served(
    question: CurveQuestion, limit: int, before: Sites | None
) -> tuple[LocationAnswer, GoalMark]:
    """Serve the most within capacities."""
    problem = question.problem
    capacity = question.capacity
    if capacity is None:
        raise ValueError("capacity is None; the goal 'served' needs one per site.")
    served = ServedProblem(problem, capacity)
    found = solve_capacitated_mclp(
        served,
        budget=limit,
        max_changes=question.max_changes,
        stop=question.stop,
        seed=question.seed,
        start=before,
    )

    def serve(mask: NDArray[np.bool_]) -> int:
        return find_flow(served.merged.problem, capacity, mask).total

    sites = found.sites
    if found.status in _USABLE:
        sites = _take_back(problem, sites, limit, serve)
    bound = _get_coverable(problem)
    plain = replace(found, row=None, site=None, amount=None, certificate=None)
    status = SolveStatus.FEASIBLE if found.status in _USABLE else found.status
    answer = _describe(problem, replace(plain, status=status), sites, bound)
    mask = np.zeros(problem.sites, dtype=np.bool_)
    mask[list(sites)] = True
    return answer, GoalMark(serve(mask), int(found.bound), found.status)


def _take_back(
    problem: CoverProblem, sites: Sites, limit: int, rate: Callable[[NDArray[np.bool_]], int]
) -> Sites:
    """Take changes back, one by one, as long as money holds and nothing is lost."""
    mask = np.zeros(problem.sites, dtype=np.bool_)
    mask[list(sites)] = True
    value = rate(mask)
    changed = np.flatnonzero((mask != problem.existing) & (problem.fixed == 0))
    price = np.where(mask, 1, -1) * (problem.cost - problem.closing_cost)
    for site in changed[np.argsort(-price[changed], kind="stable")].tolist():
        trial = mask.copy()
        trial[site] ^= True
        clash = (trial[problem.conflict[:, 0]] & trial[problem.conflict[:, 1]]).any()
        if clash or problem.get_cost(np.flatnonzero(trial)) > limit or rate(trial) < value:
            continue
        mask, value = trial, rate(trial)
    return tuple(np.flatnonzero(mask).tolist())


def _tighten(marks: list[GoalMark]) -> tuple[GoalMark, ...]:
    """Lower each bound to the smallest of the larger budgets; a bound that is reached proves."""
    done: list[GoalMark] = []
    lowest: int | None = None
    for mark in reversed(marks):
        if mark.status in _USABLE:
            lowest = mark.bound if lowest is None else min(lowest, mark.bound)
            top = max(lowest, mark.value)
            proven = top == mark.value
            status = SolveStatus.OPTIMAL if proven else SolveStatus.FEASIBLE
            done.append(GoalMark(mark.value, top, status))
        else:
            done.append(mark)
    return tuple(reversed(done))


def _get_coverable(problem: CoverProblem) -> int:
    return problem.get_covered_weight(np.flatnonzero(problem.fixed >= 0))
