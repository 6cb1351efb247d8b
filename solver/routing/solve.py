"""The one door to a routing solve: choose the engine, run it, check its arithmetic."""

from __future__ import annotations

from typing import Literal

from solver.errors import InvalidParameter
from solver.routing.core import is_available, solve_with_core
from solver.routing.plan_build import build_empty
from solver.routing.problem import RoutingProblem
from solver.routing.progress import OnProgress
from solver.routing.solution import RoutingSolution
from solver.status import StoppedBy
from solver.stop import Stop

Engine = Literal["auto", "core", "ortools"]

MAX_SEED = 2**31 - 1


def solve(
    problem: RoutingProblem,
    *,
    stop: Stop,
    seed: int = 0,
    threads: int = 1,
    start: RoutingSolution | None = None,
    on_progress: OnProgress | None = None,
    engine: Engine = "auto",
) -> RoutingSolution:
    """Find a good plan for ``problem``.

    Parameters
    ----------
    problem
        The validated problem.
    stop
        Limits; under an iteration limit alone the same call gives the same plan always.
    seed
        ``0 <= seed < 2**31``.
    threads
        Searches that run side by side, ``>= 1``; part of what makes a plan repeat.
    start
        A plan to start from, whatever it is like: made by hand, for another day, half a plan. It is
        repaired, never refused (``solver.routing.start``): visits stay on their vehicles in their
        order as far as rules allow, the others are put in anew. The answer is never dearer than a
        start that keeps all rules.
    on_progress
        Called now and then; returning False ends the search with the best plan so far.
    engine
        ``"core"`` is the compiled engine, ``"ortools"`` the same problem for OR-Tools, ``"auto"``
        the first if it was built here, else the second. The answer names the one that worked.
        OR-Tools does not know every feature (``solver.routing.ortools_support``).

    Returns
    -------
    RoutingSolution
        Best plan found. A problem without visits or vehicles has an empty plan.

    Raises
    ------
    InvalidParameter
        If seed, threads or engine are out of range.
    SolverUnavailable
        If ``engine="core"`` and the core was not built for this platform.
    UnsupportedFeature
        If OR-Tools was asked for, or is what is left, and the problem has features it does not
        know.
    """
    if not 0 <= seed <= MAX_SEED:
        raise InvalidParameter(f"seed is {seed}; expected 0 <= seed <= {MAX_SEED}.")
    if not 1 <= threads <= 256:
        raise InvalidParameter(f"threads is {threads}; expected 1 <= threads <= 256.")
    if engine not in ("auto", "core", "ortools"):
        raise InvalidParameter(f"engine is {engine!r}; expected 'auto', 'core' or 'ortools'.")
    if problem.n_visits == 0 or (problem.n_vehicles == 0 and problem.n_pools == 0):
        return build_empty(problem, engine="none", seed=seed, stopped_by=StoppedBy.EXHAUSTED)
    if engine == "ortools" or (engine == "auto" and not is_available()):
        from solver.routing.ortools_model import solve_with_ortools

        return solve_with_ortools(
            problem, stop=stop, seed=seed, start=start, on_progress=on_progress
        )
    return solve_with_core(
        problem, stop=stop, seed=seed, threads=threads, start=start, on_progress=on_progress
    )
