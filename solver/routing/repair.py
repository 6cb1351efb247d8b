"""The least that makes a plan whole: repair and greedy insertion, no search."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from solver.routing.core import SLICE_S, copy_problem, load_engine, plain_decision, read_best
from solver.routing.problem import RoutingProblem
from solver.routing.solution import RoutingSolution
from solver.routing.start import read_start
from solver.status import StoppedBy


def repair_plan(
    problem: RoutingProblem, plan: RoutingSolution, *, seed: int = 0
) -> RoutingSolution:
    """Return ``plan`` with every rule kept, changed as little as the greedy step knows how.

    Visits stay on their vehicles in their order as far as rules allow; breaks and pick-ups are put
    in; what breaks a rule is taken out; then all visits without a place, dearest first, go one by
    one where each costs least, pools among them. Nothing is moved to make the plan cheaper: that
    is what ``solve(..., start=plan)`` is for.

    Parameters
    ----------
    problem
        The problem.
    plan
        Any plan at all (``solver.routing.start``).
    seed
        Of the engine; the greedy step draws nothing from it today.

    Raises
    ------
    SolverUnavailable
        If the compiled core was not built for this platform.
    """
    began = time.perf_counter()
    core = copy_problem(problem)
    engine: Any = load_engine().Engine(
        core, seed=seed, threads=1, max_iterations=0, max_idle=-1, max_runtime_s=-1.0
    )
    start = read_start(problem, plan)
    engine.warm_start(*plain_decision(problem, start.routes, start.pools))
    while engine.run(SLICE_S) == 0:  # 0 = the construction is not through yet
        continue
    # Without `finish`, which moves visits to better places.
    repaired = read_best(engine, problem, seed=seed, stopped_by=StoppedBy.ITERATIONS)
    return replace(repaired, runtime_s=time.perf_counter() - began, trace=())
