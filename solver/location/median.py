"""p-median with proof: local search, Lagrangian bound, reduced-cost fixing, branch and bound."""

from __future__ import annotations

import time
from typing import Final

import numpy as np

from solver.location.answer import get_gap
from solver.location.interchange import Neighborhood, build_greedily, iterate
from solver.location.median_branch import Search
from solver.location.median_problem import Int64, MedianAnswer, MedianProblem
from solver.status import SolveStatus, StoppedBy
from solver.stop import Stop

FIRST_ROUNDS: Final = 12
"""Perturbations over all sites, before the bound."""

SECOND_ROUNDS: Final = 150
"""Perturbations over the sites the bound leaves, before branching."""

SEARCH_SHARE: Final = 0.2
"""Largest share of the time for each of the two."""


def solve_pmedian(problem: MedianProblem, *, stop: Stop, seed: int = 1) -> MedianAnswer:
    """Open ``p`` sites so that serving every row from its cheapest one costs least.

    Parameters
    ----------
    problem
        What to solve.
    stop
        ``max_runtime_s`` in wall-clock seconds; ``max_iterations`` bounds the nodes of the proof,
        and only with it, and without a time limit, the answer repeats bit for bit.
        ``max_idle_iterations`` has no meaning here and is not read.
    seed
        Seed of the perturbations, ``>= 0``.

    Returns
    -------
    MedianAnswer
        ``status`` is ``OPTIMAL`` only if the tree proves it.
    """
    began = time.perf_counter()
    rng = np.random.default_rng(seed)
    everywhere = np.flatnonzero(problem.fixed >= 0)

    def until(share: float) -> float:
        return began + share * stop.max_runtime_s

    sites, objective = iterate(
        Neighborhood(problem, everywhere),
        build_greedily(problem),
        rounds=FIRST_ROUNDS,
        rng=rng,
        deadline=until(SEARCH_SHARE),
    )
    search = Search(problem, sites, objective, deadline=until(1.0))
    search.open_root()
    if search.waiting:
        search = _search_again(search, rng, until(2 * SEARCH_SHARE))
    search.run(stop.max_iterations)
    return _make_answer(search, seed, stop, time.perf_counter() - began)


def _search_again(search: Search, rng: np.random.Generator, deadline: float) -> Search:
    """Perturb over the sites the root leaves; a better answer makes a new, tighter root."""
    neighborhood = Neighborhood(search.problem, search.get_free_sites())
    sites, objective = iterate(
        neighborhood, search.sites, rounds=SECOND_ROUNDS, rng=rng, deadline=deadline
    )
    if objective >= search.objective:
        return search
    better = Search(search.problem, sites, objective, deadline=search.deadline)
    better.open_root()
    return better


def _make_answer(search: Search, seed: int, stop: Stop, runtime_s: float) -> MedianAnswer:
    proven = search.bound >= search.objective
    sites: Int64 = search.sites
    limited = stop.max_iterations is not None and search.processed >= stop.max_iterations
    stopped = StoppedBy.ITERATIONS if limited else StoppedBy.RUNTIME
    return MedianAnswer(
        sites=tuple(int(j) for j in sites),
        objective=search.objective,
        bound=search.bound,
        gap=get_gap(search.objective, search.bound),
        status=SolveStatus.OPTIMAL if proven else SolveStatus.FEASIBLE,
        stopped_by=StoppedBy.EXHAUSTED if proven else stopped,
        seed=seed,
        iterations=search.processed,
        runtime_s=runtime_s,
        assignment=search.problem.get_assignment(sites),
        tree=search.get_tree(),
    )
