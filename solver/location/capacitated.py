"""Capacitated p-median with proof: local search, knapsack Lagrangian, fixing, exact stage."""

from __future__ import annotations

import time
from typing import Final, NamedTuple

import numpy as np

from solver.location.answer import Unmet, UnmetKind, get_gap
from solver.location.capacitated_dual import (
    CapacitatedAscent,
    ascend_capacitated,
    pick_capacitated_scale,
    prove_capacitated,
)
from solver.location.capacitated_exact import SOLVER_NAME, ExactOutcome, solve_reduced
from solver.location.capacitated_problem import CapacitatedProblem
from solver.location.capacitated_search import Assigner, Plan
from solver.location.interchange import build_greedily
from solver.location.median_dual import Cases, ExactBound
from solver.location.median_problem import Int64, MedianAnswer, ProofNode, ProofTree
from solver.status import SolveStatus, StoppedBy
from solver.stop import Stop

ROUNDS: Final = 150
"""Exchanges of medians before the bound, and again after it, under a limit of iterations."""

MANY_ROUNDS: Final = 1000
"""The same under a limit of time, which ends them earlier on larger problems."""

STEPS: Final = 500
"""Most subgradient steps."""

EXACT_END: Final = 0.96
"""Share of the time after which the solver must end; handing over the model takes the rest."""

SEARCH_SHARE: Final = 0.15
"""Largest share of the time for each part before the exact stage."""


def solve_cpmp(problem: CapacitatedProblem, *, stop: Stop, seed: int = 1) -> MedianAnswer:
    """Open ``p`` sites and give every row to one of them within its capacity, at least cost.

    Parameters
    ----------
    problem
        What to solve.
    stop
        ``max_runtime_s`` in wall-clock seconds. ``max_iterations`` bounds the subgradient steps
        and leaves out the exact stage, so that the answer repeats bit for bit.
    seed
        Seed of the exchanges.

    Returns
    -------
    MedianAnswer
        ``OPTIMAL`` only if the prices alone, or the solver named in ``solver_name`` over the
        sites the prices leave, prove it. ``INFEASIBLE`` with no sites if the capacities cannot
        hold the load, or the solver proves that nothing fits; ``bound`` is then 0.
    """
    began = time.perf_counter()
    if not problem.may_fit():
        return _give_up(problem, seed, time.perf_counter() - began)
    rng = np.random.default_rng(seed)
    assigner = Assigner(problem)
    cases = _make_cases(problem)
    ascent = _search(problem, assigner, cases, rng, stop=stop, began=began)
    scale = pick_capacitated_scale(problem)
    exact, price = prove_capacitated(problem, cases, ascent.multiplier, scale, assigner.objective)
    tree = _make_tree(assigner.objective, scale, price, exact)
    outcome: ExactOutcome | None = None
    end = began + EXACT_END * stop.max_runtime_s
    unproven = exact.bound < assigner.objective and stop.max_iterations is None
    if unproven and time.perf_counter() < end:
        inner = _reduce(cases, exact)
        outcome = solve_reduced(problem, inner, assigner.best, assigner.objective, end)
    run = _Run(seed, ascent.iterations, began)
    return _conclude(problem, (assigner, outcome), exact.bound, tree, run)


def _search(
    problem: CapacitatedProblem,
    assigner: Assigner,
    cases: Cases,
    rng: np.random.Generator,
    *,
    stop: Stop,
    began: float,
) -> CapacitatedAscent:
    """Walk, climb, walk again, each within its part of the time; plans stay with ``assigner``."""

    def until(share: float) -> float:
        return began + share * stop.max_runtime_s

    rounds = ROUNDS if stop.max_iterations is not None else MANY_ROUNDS
    start = build_greedily(problem.median)
    assigner.deadline = until(SEARCH_SHARE)
    assigner.offer(start)
    assigner.wander(rounds, rng)
    assigner.deadline = until(3 * SEARCH_SHARE)
    ascent = ascend_capacitated(
        problem,
        cases,
        np.sort(problem.cost, axis=1)[:, : max(2, problem.median.p)].mean(axis=1),
        target=lambda: assigner.objective,
        iterations=STEPS if stop.max_iterations is None else min(STEPS, stop.max_iterations),
        offer=lambda sites: void(assigner.offer(sites)),
        deadline=until(2 * SEARCH_SHARE),
    )
    assigner.wander(rounds, rng)
    return ascent


class _Run(NamedTuple):
    seed: int
    iterations: int
    began: float


def void(_value: object) -> None:
    """Drop a value where a callback returns nothing."""


def _make_cases(problem: CapacitatedProblem) -> Cases:
    fixed = problem.median.fixed
    opened, free = np.flatnonzero(fixed == 1), np.flatnonzero(fixed == 0)
    return Cases(opened, free, problem.median.p - len(opened))


def _reduce(cases: Cases, exact: ExactBound) -> Cases:
    free = np.setdiff1d(cases.free, np.concatenate([exact.closed, exact.opened]))
    opened = np.concatenate([cases.opened, exact.opened])
    return Cases(opened, free, cases.room - len(exact.opened))


def _make_tree(cutoff: int, scale: int, price: Int64, exact: ExactBound) -> ProofTree:
    closed, opened = (tuple(int(j) for j in part) for part in (exact.closed, exact.opened))
    return ProofTree(cutoff, scale, (ProofNode(price, closed, opened),))


def _conclude(
    problem: CapacitatedProblem,
    found: tuple[Assigner, ExactOutcome | None],
    bound: int,
    tree: ProofTree,
    run: _Run,
) -> MedianAnswer:
    assigner, outcome = found
    best: Plan | None = assigner.best
    name = ""
    if outcome is not None:
        best = outcome.plan or best
        if outcome.bound > bound:
            bound, name = outcome.bound, SOLVER_NAME
    seed, iterations = run.seed, run.iterations
    runtime_s = time.perf_counter() - run.began
    if best is None:
        return _give_up(problem, seed, runtime_s, proven=outcome is not None and outcome.complete)
    bound = min(bound, best.objective)
    optimal = bound == best.objective
    sites = assigner.fill(np.unique(best.assignment))
    return MedianAnswer(
        sites=tuple(int(j) for j in sites),
        objective=best.objective,
        bound=bound,
        gap=get_gap(best.objective, bound),
        status=SolveStatus.OPTIMAL if optimal else SolveStatus.FEASIBLE,
        stopped_by=StoppedBy.EXHAUSTED if optimal else StoppedBy.RUNTIME,
        seed=seed,
        iterations=iterations,
        runtime_s=runtime_s,
        assignment=tuple(int(j) for j in best.assignment),
        tree=tree,
        solver_name=name,
    )


def _give_up(
    problem: CapacitatedProblem, seed: int, runtime_s: float, *, proven: bool = True
) -> MedianAnswer:
    """Return an answer without sites: proven impossible, or nothing found in time."""
    load, room = int(problem.load.sum()), int(problem.capacity.sum())
    return MedianAnswer(
        sites=(),
        objective=0,
        bound=0,
        gap=0.0,
        status=SolveStatus.INFEASIBLE,
        stopped_by=StoppedBy.EXHAUSTED if proven else StoppedBy.RUNTIME,
        seed=seed,
        iterations=0,
        runtime_s=runtime_s,
        unmet=(Unmet(UnmetKind.SITES, 0, room, load),),
    )
