"""The exact stage: a branch-and-bound solver over the sites that are left.

Sites fixed by reduced costs leave the problem, rows merge again, and what remains goes to SCIP
(through MathOpt) with the incumbent as a start. The result is proven by that solver, not by us;
the certificate says so.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from solver.location.aggregate import restrict_sites
from solver.location.clock import Clock
from solver.location.limits import SiteLimits
from solver.location.prices import Rules, make_rules
from solver.location.problem import CoverProblem
from solver.stop import Stop

Int64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

SOLVER_NAME: Final = "SCIP by OR-Tools MathOpt"
_ABSOLUTE_SLACK: Final = 1e-6
_RELATIVE_SLACK: Final = 1e-9
_FEASIBILITY_S: Final = 3600.0
_LEAST_S: Final = 0.05
_HAND_BACK_S: Final = 0.3
_HAND_BACK_SHARE: Final = 0.03
"""Time kept back, seconds or share of what is left: SCIP looks at its limit now and then."""

_MAX_ENTRIES: Final = 600_000
"""Cover entries beyond which a model takes longer to build than it is worth."""


@dataclass(frozen=True, eq=False)
class ExactResult:
    """What the solver says.

    Attributes
    ----------
    opened
        Shape (m,), None if it found nothing.
    bound
        Proven; for a maximum rounded down, for a minimum rounded up. None without one.
    is_complete
        The search ended by itself: optimal, or proven to have no answer.
    """

    opened: Bools | None
    bound: int | None
    is_complete: bool


@dataclass(eq=False)
class SiteModel:
    """A MathOpt model with one binary per kept site.

    Attributes
    ----------
    model
        The MathOpt model.
    sites
        Kept sites, ascending.
    y
        Their variables, in the same order.
    """

    model: Any
    sites: Int64
    y: list[Any]


def make_site_model(problem: CoverProblem, rules: Rules, sites: Int64) -> SiteModel:
    """Return a model with sites and rules, no rows yet."""
    from ortools.math_opt.python import mathopt

    model = mathopt.Model()
    y = []
    for fixed in problem.fixed[sites].tolist():
        variable = model.add_binary_variable()
        variable.lower_bound = 1.0 if fixed > 0 else 0.0
        variable.upper_bound = 0.0 if fixed < 0 else 1.0
        y.append(variable)
    part = rules.matrix[:, sites].tocsr()
    for s, room in enumerate(rules.room.tolist()):
        terms = [
            float(part.data[k]) * y[int(part.indices[k])]
            for k in range(part.indptr[s], part.indptr[s + 1])
        ]
        model.add_linear_constraint(mathopt.LinearSum(terms) <= float(room))
    return SiteModel(model, sites, y)


def run_model(
    kept: SiteModel,
    start: Bools | None,
    clock: Clock,
    *,
    is_maximum: bool,
    size: int,
    is_whole: bool = True,
) -> ExactResult:
    """Run SCIP on a complete model, single-threaded, under what is left of the clock.

    Parameters
    ----------
    size
        Number of all sites, ``m``.
    is_whole
        The objective is a whole number, so a gap below one ends the search.
    """
    from ortools.math_opt.python import mathopt

    parameters = _make_parameters(clock, is_whole=is_whole)
    hints = []
    if start is not None:
        values = dict(zip(kept.y, start[kept.sites].astype(float).tolist(), strict=True))
        hints.append(mathopt.SolutionHint(variable_values=values))
    model_parameters = mathopt.ModelSolveParameters(solution_hints=hints)
    result = mathopt.solve(
        kept.model, mathopt.SolverType.GSCIP, params=parameters, model_params=model_parameters
    )
    clock.count(max(1, int(result.solve_stats.node_count)))
    return _read_result(result, kept, is_maximum=is_maximum, size=size)


def _make_parameters(clock: Clock, *, is_whole: bool) -> Any:  # noqa: ANN401 - ortools has no types
    from ortools.math_opt.python import mathopt

    seconds = clock.left_s - min(_HAND_BACK_S, _HAND_BACK_SHARE * clock.left_s)
    return mathopt.SolveParameters(
        time_limit=None if math.isinf(seconds) else dt.timedelta(seconds=max(seconds, _LEAST_S)),
        node_limit=clock.left_iterations,
        threads=1,
        absolute_gap_tolerance=1.0 - 1e-3 if is_whole else 0.0,
        relative_gap_tolerance=0.0,
    )


def _read_result(
    result: Any,  # noqa: ANN401 - ortools has no types
    kept: SiteModel,
    *,
    is_maximum: bool,
    size: int,
) -> ExactResult:
    """Return sites and bound; the bound is rounded to the side that stays true."""
    from ortools.math_opt.python import mathopt

    reason = result.termination.reason
    complete = reason in {mathopt.TerminationReason.OPTIMAL, mathopt.TerminationReason.INFEASIBLE}
    opened = None
    if result.solutions and result.has_primal_feasible_solution():
        opened = np.zeros(size, dtype=np.bool_)
        values = result.variable_values(kept.y)
        opened[kept.sites[np.asarray(values) > 0.5]] = True
    bound = result.termination.objective_bounds.dual_bound
    if reason == mathopt.TerminationReason.INFEASIBLE or not math.isfinite(bound):
        return ExactResult(opened, None, complete)
    slack = _ABSOLUTE_SLACK + _RELATIVE_SLACK * abs(bound)
    proven = math.floor(bound + slack) if is_maximum else math.ceil(bound - slack)
    return ExactResult(opened, proven, complete)


def solve_cover_exactly(
    problem: CoverProblem, rules: Rules, sites: Int64, start: Bools, clock: Clock
) -> ExactResult:
    """Maximize covered worth over ``sites``; everything else stays closed.

    Parameters
    ----------
    sites
        Sites that may open, ascending; sites that must open are among them.
    start
        Shape (m,), an answer within the rules.
    """
    from ortools.math_opt.python import mathopt

    small = restrict_sites(problem, sites).problem
    entries = small.site_index.shape[0]
    if entries > _MAX_ENTRIES or not clock.has_room_for(entries):
        return ExactResult(None, None, is_complete=False)
    kept = make_site_model(problem, rules, sites)
    offset, index = small.site_offset.tolist(), small.site_index.tolist()
    weight, backup = small.weight.tolist(), small.backup_weight.tolist()
    goal: list[Any] = []
    for row in range(small.rows):
        entries = index[offset[row] : offset[row + 1]]
        if not entries or not weight[row]:
            continue
        if len(entries) == 1:
            goal.append(weight[row] * kept.y[entries[0]])
            continue
        # Integral sites make covered rows integral; they may stay continuous.
        used = []
        for value in (weight[row], backup[row]):
            if value:
                x = kept.model.add_variable(lb=0.0, ub=1.0)
                goal.append(value * x)
                used.append(x)
        cover = mathopt.LinearSum([kept.y[j] for j in entries])
        kept.model.add_linear_constraint(mathopt.LinearSum(used) <= cover)
    kept.model.maximize(mathopt.LinearSum(goal))
    return run_model(kept, start, clock, is_maximum=True, size=problem.sites)


def find_sites_within(problem: CoverProblem, limits: SiteLimits, clock: Clock) -> ExactResult:
    """Return a choice of sites that keeps every rule; complete if there is provably none.

    A problem over sites alone, small beside anything with rows. It keeps to the seconds that are
    left; a limit of iterations alone does not end it.
    """
    sites = np.arange(problem.sites)
    kept = make_site_model(problem, make_rules(limits), sites)
    kept.model.maximize(0.0)
    clock.count()
    seconds = min(max(clock.left_s, _LEAST_S), _FEASIBILITY_S)
    patient = Clock(Stop(max_runtime_s=seconds))
    return run_model(kept, None, patient, is_maximum=True, size=problem.sites)
