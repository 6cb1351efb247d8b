"""The curve of cover against budget, with a proven band at every point.

A choice within a budget is within every larger one, so the curve of the best answers rises; a bound
for a larger budget bounds every smaller one, so the curve of the bounds rises as well. Both facts
are used to tighten what the single solves found: the band never crosses itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from solver.errors import InvalidParameter
from solver.location.answer import LocationAnswer, get_gap
from solver.location.cover import solve_mclp
from solver.location.problem import CoverProblem
from solver.status import SolveStatus, StoppedBy
from solver.stop import Stop


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """One point of the curve.

    Attributes
    ----------
    limit
        Money, or number of sites.
    answer
        Best known answer within the limit; ``objective`` and ``bound`` are the band.
    """

    limit: int
    answer: LocationAnswer


def coverage_frontier(
    problem: CoverProblem,
    limits: Sequence[int],
    *,
    by_sites: bool = False,
    p: int | None = None,
    budget: int | None = None,
    max_changes: int | None = None,
    stop: Stop,
    seed: int = 0,
) -> tuple[FrontierPoint, ...]:
    """Solve maximal covering for each limit, from small to large.

    Parameters
    ----------
    limits
        Budgets in money, or numbers of sites with ``by_sites``; at least one.
    p, budget, max_changes
        Further rules that hold at every point; the one that varies must be None.
    stop
        Limits of *each* point.

    Returns
    -------
    tuple
        Points by rising limit, equal limits once; objectives and bounds never fall.

    Raises
    ------
    InvalidParameter
        If there is no limit, one is negative, or the varying rule is given.
    """
    if not limits:
        raise InvalidParameter("limits is empty; expected at least one.")
    if (p if by_sites else budget) is not None:
        raise InvalidParameter("The rule that varies along the curve must not be given.")
    points: list[FrontierPoint] = []
    for limit in sorted(set(limits)):
        before = points[-1].answer if points else None
        answer = solve_mclp(
            problem,
            p=limit if by_sites else p,
            budget=budget if by_sites else limit,
            max_changes=max_changes,
            stop=stop,
            seed=seed,
            start=before.sites if before is not None and _is_usable(before) else None,
        )
        points.append(FrontierPoint(limit, _keep_better(answer, before)))
    return _tighten(points)


def _keep_better(answer: LocationAnswer, before: LocationAnswer | None) -> LocationAnswer:
    """Return the answer with the sites of the smaller limit where those are better."""
    if before is None or not _is_usable(before) or before.objective <= answer.objective:
        return answer
    return replace(answer, sites=before.sites, objective=before.objective, cost=before.cost)


def _is_usable(answer: LocationAnswer) -> bool:
    return answer.status in {SolveStatus.OPTIMAL, SolveStatus.FEASIBLE}


def _tighten(points: list[FrontierPoint]) -> tuple[FrontierPoint, ...]:
    """Lower each bound to the smallest one of the larger limits; that may prove a point optimal."""
    done: list[FrontierPoint] = []
    lowest: float | None = None
    for point in reversed(points):
        answer = point.answer
        if _is_usable(answer):
            lowest = answer.bound if lowest is None else min(lowest, answer.bound)
            is_optimal = answer.status is SolveStatus.OPTIMAL or lowest <= answer.objective
            answer = replace(
                answer,
                bound=lowest,
                gap=get_gap(answer.objective, lowest),
                status=SolveStatus.OPTIMAL if is_optimal else SolveStatus.FEASIBLE,
                stopped_by=StoppedBy.EXHAUSTED if is_optimal else answer.stopped_by,
            )
        done.append(FrontierPoint(point.limit, answer))
    return tuple(reversed(done))
