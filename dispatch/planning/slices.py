"""A long search in slices: a published, judged plan after each, so that little is ever lost.

Slices double in length (1, 2, 4, … s) and each starts from the best plan of the one before; half of
the time belongs to the last one, so the search loses little by being interrupted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dispatch.domain import Day, DayPlan
from dispatch.domain.travel_table import TravelTable
from dispatch.errors import RefereeRejected
from dispatch.planning.daily import Engine, OnProgress, Progress, prepare_day
from dispatch.planning.explain import Explain
from dispatch.planning.explain import explain as explain_solution
from dispatch.planning.objective import round_fen
from dispatch.planning.publish_plan import empty_plan, publish_plan
from dispatch.planning.translate import Translation, translate
from dispatch.planning.travel import travel_digest
from dispatch.referee import judge
from geo.travel_matrix import TravelProvider
from solver.routing import progress as solver_progress
from solver.routing.solution import RoutingSolution
from solver.routing.solve import solve
from solver.stop import MaxRuntime, Stop

FIRST_SLICE_S = 1.0
OnPlan = Callable[[DayPlan], None]


@dataclass(frozen=True, slots=True)
class Search:
    """How long and how to search.

    Attributes
    ----------
    seconds
        All slices together.
    max_iterations
        Instead of seconds: one slice, which repeats bit for bit.
    """

    seconds: float = 10.0
    max_iterations: int | None = None
    seed: int = 0
    threads: int = 1
    engine: Engine = "auto"

    def slices(self) -> Iterator[Stop]:
        """Give the limits of each slice; the last takes what would be too short for one more."""
        if self.max_iterations is not None:
            yield Stop(max_iterations=self.max_iterations)
            return
        left, length = self.seconds, FIRST_SLICE_S
        while left > 0:
            here = left if left < 2 * length else length
            yield MaxRuntime(here)
            left, length = left - here, 2 * length


def plan_in_slices(
    day: Day,
    travel: TravelProvider | TravelTable,
    search: Search,
    *,
    on_plan: OnPlan,
    on_progress: OnProgress | None = None,
) -> DayPlan:
    """Plan a day, telling every plan on the way.

    Parameters
    ----------
    day, travel
        As for :func:`dispatch.planning.daily.plan_day_with_travel`.
    search
        Limits.
    on_plan
        Gets a judged plan without choices after every slice but the last.
    on_progress
        Told now and then; returning False ends the search with the best plan so far.

    Returns
    -------
    DayPlan
        The best plan, explained.

    Raises
    ------
    InvalidRequest
        With every error in the day.
    RefereeRejected
        If a plan broke a rule.
    """
    table, aside = prepare_day(day, travel)
    if len(table.lonlat) == 0:
        return _judged(day, empty_plan(day, table, aside, search.seed), table)
    t = translate(day, table, [one.visit for one in aside])

    def publish(solution: RoutingSolution, explain: Explain) -> DayPlan:
        plan = publish_plan(t, solution, explain_solution(t, solution, explain), aside)
        return _judged(day, plan, table)

    best: RoutingSolution | None = None
    for stop in search.slices():
        if best is not None:
            on_plan(publish(best, explain=False))
        best, stopped = _slice(t, search, stop, best, on_progress)
        if stopped:
            break
    assert best is not None  # noqa: S101 - there is always one slice
    return publish(best, explain=True)


def _slice(
    t: Translation,
    search: Search,
    stop: Stop,
    start: RoutingSolution | None,
    on_progress: OnProgress | None,
) -> tuple[RoutingSolution, bool]:
    """Search once; say too whether the caller ended it."""
    ended = False

    def told(state: solver_progress.Progress) -> bool | None:
        nonlocal ended
        if on_progress is None:
            return None
        fen = round_fen(state.cost)
        answer = on_progress(Progress(state.iteration, state.runtime_s, fen, state.unassigned))
        ended = ended or answer is False
        return answer

    solution = solve(
        t.problem, stop=stop, seed=search.seed, threads=search.threads, start=start,
        on_progress=told, engine=search.engine,
    )  # fmt: skip
    return solution, ended


def _judged(day: Day, plan: DayPlan, table: TravelTable) -> DayPlan:
    verdict = judge(day, plan, table, travel_hash=travel_digest(table))
    if not verdict.ok:
        broken = "; ".join(str(violation) for violation in verdict.violations[:10])
        raise RefereeRejected(f"{len(verdict.violations)} violations: {broken}")
    return plan
