"""Exact stage of capacitated p-median: the strong model over the sites that are left, by SCIP.

Every row at one site, a knapsack per site times the site's variable, and ``x <= y``. SCIP (through
MathOpt) keeps to wall-clock limits and takes a start; CBC counts CPU seconds.
"""

from __future__ import annotations

import datetime as dt
import math
import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from solver.location.capacitated_problem import CapacitatedProblem
from solver.location.capacitated_search import Plan
from solver.location.median_dual import Cases
from solver.location.median_problem import Int64

if TYPE_CHECKING:
    from ortools.math_opt.python import mathopt


SOLVER_NAME: Final = "SCIP by OR-Tools MathOpt"
_SLACK: Final = 1e-6


class ExactOutcome(NamedTuple):
    """What the solver says about answers cheaper than the cutoff.

    Attributes
    ----------
    plan
        A better plan, None without.
    bound
        Lower bound of the solver, the cutoff at most; 0 where it has none.
    complete
        Whether the search was exhausted.
    """

    plan: Plan | None
    bound: int
    complete: bool


def solve_reduced(
    problem: CapacitatedProblem, cases: Cases, start: Plan | None, cutoff: int, deadline: float
) -> ExactOutcome:
    """Look for an answer cheaper than ``cutoff`` among the cases.

    Parameters
    ----------
    cases
        Sites that may be open.
    start
        A plan to begin with; left out where the cases exclude it.
    cutoff
        Objective to beat, not to reach.
    deadline
        Moment of ``time.perf_counter()`` to stop at; the making of the model counts.
    """
    from ortools.math_opt.python import mathopt

    columns = cases.columns
    model = mathopt.Model()
    opened = [model.add_binary_variable() for _ in columns]
    serve = [[model.add_binary_variable() for _ in columns] for _ in range(problem.median.rows)]
    _add_rules(problem, cases, model, opened, serve)
    hints = []
    if start is not None and np.isin(start.assignment, columns).all():
        place = [int(np.flatnonzero(columns == j)[0]) for j in start.assignment]
        values = {
            variable: float(k == place[row])
            for row, line in enumerate(serve)
            for k, variable in enumerate(line)
        }
        hints.append(mathopt.SolutionHint(variable_values=values))
    result = mathopt.solve(
        model,
        mathopt.SolverType.GSCIP,
        params=mathopt.SolveParameters(
            time_limit=dt.timedelta(seconds=max(deadline - time.perf_counter(), 0.05)),
            threads=1,
            cutoff_limit=float(cutoff),
            absolute_gap_tolerance=1.0 - 1e-3,
            relative_gap_tolerance=0.0,
        ),
        model_params=mathopt.ModelSolveParameters(solution_hints=hints),
    )
    return _read_outcome(problem, columns, serve, result, cutoff)


def _add_rules(
    problem: CapacitatedProblem,
    cases: Cases,
    model: mathopt.Model,
    opened: list[Any],
    serve: list[list[Any]],
) -> None:
    from ortools.math_opt.python import mathopt

    columns = [int(j) for j in cases.columns]
    load, capacity, cost = problem.load.tolist(), problem.capacity.tolist(), problem.cost.tolist()
    for k in range(len(cases.opened)):
        opened[k].lower_bound = 1.0
    model.add_linear_constraint(mathopt.LinearSum(opened) == float(problem.median.p))
    for line in serve:
        model.add_linear_constraint(mathopt.LinearSum(line) == 1.0)
        for variable, site in zip(line, opened, strict=True):
            model.add_linear_constraint(variable <= site)
    for k, site in enumerate(columns):
        used = [float(load[row]) * line[k] for row, line in enumerate(serve)]
        model.add_linear_constraint(mathopt.LinearSum(used) <= float(capacity[site]) * opened[k])
    model.minimize(
        mathopt.LinearSum(
            [
                float(cost[row][site]) * line[k]
                for row, line in enumerate(serve)
                for k, site in enumerate(columns)
            ]
        )
    )


def _read_outcome(
    problem: CapacitatedProblem,
    columns: Int64,
    serve: list[list[Any]],
    result: mathopt.SolveResult,
    cutoff: int,
) -> ExactOutcome:
    from ortools.math_opt.python import mathopt

    reason = result.termination.reason
    bound = result.termination.objective_bounds.dual_bound
    # sums of doubles: a hair above a whole number is that number
    lower = math.ceil(bound - _SLACK * max(1.0, abs(bound))) if math.isfinite(bound) else 0
    if reason == mathopt.TerminationReason.INFEASIBLE:
        return ExactOutcome(None, cutoff, complete=True)
    if not (result.solutions and result.has_primal_feasible_solution()):
        # with a cutoff SCIP reports "no solution found" when nothing below it exists
        complete = (
            reason == mathopt.TerminationReason.NO_SOLUTION_FOUND
            and result.termination.limit == mathopt.Limit.CUTOFF
        )
        return ExactOutcome(None, cutoff if complete else min(max(lower, 0), cutoff), complete)
    place = [int(np.argmax(result.variable_values(line))) for line in serve]
    assignment = columns[np.array(place, dtype=np.int64)]
    plan = Plan(assignment, problem.get_objective(assignment))
    done = reason == mathopt.TerminationReason.OPTIMAL
    found = plan if plan.objective < cutoff else None
    least = min(plan.objective, cutoff)
    return ExactOutcome(found, least if done else min(max(lower, 0), least), done)
