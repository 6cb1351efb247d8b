"""Set covering where some sites exclude each other.

Conflicts may leave no cover at all, so the model is solved twice: first as little cover as possible
is missing, then, with that much missing at most, the money is least.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from solver.location.answer import LocationAnswer, Unmet, UnmetKind
from solver.location.clock import Clock
from solver.location.exact import ExactResult, make_site_model, run_model
from solver.location.exchange import Exchange
from solver.location.limits import make_limits
from solver.location.prices import make_rules
from solver.location.problem import CoverProblem, Int64
from solver.status import SolveStatus

if TYPE_CHECKING:
    from solver.location.setcover import SetReduction


def solve_with_conflicts(
    problem: CoverProblem, need: Int64, reduced: SetReduction, clock: Clock, seed: int
) -> LocationAnswer:
    """Return the cheapest answer among those with the least cover missing.

    Parameters
    ----------
    need
        Shape (n,), as asked for.
    reduced
        The merged problem.
    """
    from solver.location.setcover import make_set_answer

    first = _solve_once(problem, reduced, None, clock)
    opened = first.opened
    if opened is None:
        opened = Exchange(problem, make_limits(problem)).complete(problem.fixed > 0)
    count = problem.count_cover(np.flatnonzero(opened))
    missing = _count_missing(reduced, opened)
    known = first.is_complete and first.opened is not None
    bound: int | None = None
    closing = int(problem.closing_cost.sum())
    floor = closing + int(np.minimum(problem.cost - problem.closing_cost, 0).sum())
    complete = False
    if known and not clock.is_over():
        second = _solve_once(problem, reduced, missing, clock)
        if second.opened is not None:
            opened = second.opened
            count = problem.count_cover(np.flatnonzero(opened))
        complete = second.is_complete and second.opened is not None
        bound = None if second.bound is None else second.bound + closing
    cost = problem.get_cost(np.flatnonzero(opened))
    proven = cost if complete else max(floor, min(cost, floor if bound is None else bound))
    unmet = tuple(
        Unmet(UnmetKind.ROW, int(row), int(count[row]), int(need[row]))
        for row in np.flatnonzero(count < need)
    ) + make_limits(problem).find_broken(opened)
    certain = known or first.is_complete or bool(reduced.unmet)
    status = SolveStatus.OPTIMAL if complete else SolveStatus.FEASIBLE
    if unmet:
        status = SolveStatus.INFEASIBLE if certain else SolveStatus.HAS_UNASSIGNED
    return make_set_answer(
        problem, opened, proven, status, clock, seed=seed, unmet=unmet, certificate=None
    )


def _count_missing(reduced: SetReduction, opened: Any) -> int:  # noqa: ANN401 - bool array
    small = reduced.problem
    count = np.asarray(small.by_row @ opened.astype(np.float64)).astype(np.int64)
    return int(np.maximum(small.need - count, 0).sum())


def _solve_once(
    problem: CoverProblem, reduced: SetReduction, missing: int | None, clock: Clock
) -> ExactResult:
    """Minimize missing cover, or money with at most ``missing`` missing."""
    from ortools.math_opt.python import mathopt

    small = reduced.problem
    if not clock.has_room_for(2 * small.by_row.nnz):
        return ExactResult(None, None, is_complete=False)
    sites = np.arange(problem.sites)
    kept = make_site_model(problem, make_rules(make_limits(problem)), sites)
    entries, need = small.by_row.indices.tolist(), small.need.tolist()
    offset = small.by_row.indptr.tolist()
    short: list[Any] = []
    for row, wanted in enumerate(need):
        lack = kept.model.add_integer_variable(lb=0.0, ub=float(wanted))
        short.append(lack)
        chosen = [kept.y[j] for j in entries[offset[row] : offset[row + 1]]]
        kept.model.add_linear_constraint(mathopt.LinearSum([*chosen, lack]) >= float(wanted))
    if missing is None:
        kept.model.minimize(mathopt.LinearSum(short))
    else:
        kept.model.add_linear_constraint(mathopt.LinearSum(short) <= float(missing))
        price = (problem.cost - problem.closing_cost).tolist()
        terms = [c * v for c, v in zip(price, kept.y, strict=True)]
        kept.model.minimize(mathopt.LinearSum(terms))
    return run_model(kept, None, clock, is_maximum=False, size=problem.sites)
