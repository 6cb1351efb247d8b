"""Plan a day: check, travel, translate, solve, explain, judge."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict, Unpack

from dispatch.domain import Day, DayPlan, QuarantinedVisit
from dispatch.domain.checks import check_day
from dispatch.domain.travel_table import TravelTable
from dispatch.errors import InvalidRequest, RefereeRejected, Severity
from dispatch.planning.explain import Explain
from dispatch.planning.explain import explain as explain_solution
from dispatch.planning.objective import round_fen
from dispatch.planning.publish_plan import empty_plan, publish_plan
from dispatch.planning.remedies import with_remedies
from dispatch.planning.translate import translate
from dispatch.planning.travel import check_table, travel_digest, travel_table
from dispatch.referee import judge
from geo.travel_matrix import TravelProvider
from solver.routing import progress as solver_progress
from solver.routing.solve import solve
from solver.stop import MaxRuntime, Stop

DEFAULT_STOP = MaxRuntime(10)
"""Ten seconds: a day of 200 visits has long settled by then."""

Engine = Literal["auto", "core", "ortools"]


@dataclass(frozen=True, slots=True)
class Progress:
    """State of a running search.

    Attributes
    ----------
    iteration
        Iterations done.
    runtime_s
        Wall-clock seconds since the search began.
    cost
        Fen, as the search weighs it: a mandatory visit not served counts many times its price
        (10 000 times, fewer where the costs of the day would leave 64 bits).
    unassigned
        Visits the best plan so far leaves out; one for a crew of n counts n times.
    """

    iteration: int
    runtime_s: float
    cost: int
    unassigned: int


OnProgress = Callable[[Progress], bool | None]
"""Called a few times a second; returning False ends the search with the best plan so far."""


class PlanOptions(TypedDict, total=False):
    """Keyword arguments of all that plan; :func:`plan_day_with_travel` explains them."""

    stop: Stop
    seed: int
    threads: int
    on_progress: OnProgress | None
    engine: Engine
    explain: Explain
    remedies: bool


@dataclass(frozen=True, slots=True)
class PlanningResult:
    """A plan and the travel table it was made with, which a referee needs."""

    plan: DayPlan
    travel_table: TravelTable


def plan_day(
    day: Day,
    travel: TravelProvider | TravelTable,
    *,
    quarantined: Iterable[QuarantinedVisit] = (),
    **options: Unpack[PlanOptions],
) -> DayPlan:
    """Plan a day; parameters and errors are those of :func:`plan_day_with_travel`."""
    return plan_day_with_travel(day, travel, quarantined=quarantined, **options).plan


def plan_day_with_travel(
    day: Day,
    travel: TravelProvider | TravelTable,
    *,
    stop: Stop = DEFAULT_STOP,
    seed: int = 0,
    threads: int = 1,
    on_progress: OnProgress | None = None,
    engine: Engine = "auto",
    quarantined: Iterable[QuarantinedVisit] = (),
    explain: Explain = True,
    remedies: bool = False,
) -> PlanningResult:
    """Plan a day and return the travel table with the plan.

    Parameters
    ----------
    day
        The day; it is checked first.
    travel
        Where travel times come from: a provider, or the table of an earlier plan.
    stop
        Limits of the search; under an iteration limit alone the plan repeats bit for bit
        (``runtime_s`` apart), whatever the order of rows.
    seed, threads
        Of the search; part of what makes a plan repeat.
    on_progress
        Told now and then how the search stands; returning False keeps the best plan so far.
    engine
        ``core``, ``ortools``, or ``auto``: the first if it was built here.
    quarantined
        Visits set aside while the day was read.
    explain
        See :func:`dispatch.planning.explain.explain`.
    remedies
        Whether unassigned visits list what would help (``docs/remedies.md``); needs the compiled
        core.

    Returns
    -------
    PlanningResult
        A plan the referee has passed. What cannot be served is listed with reasons and the status
        says so; that is no error.

    Raises
    ------
    InvalidRequest
        With every error in the day, or where technicians and outlets are off the roads.
    RefereeRejected
        If the plan broke a rule: a mistake of this program. Nothing is published then.
    """
    table, aside = _travel(day, travel, _check(day, quarantined))
    if len(table.lonlat) == 0:
        plan = empty_plan(day, table, aside, seed)
    else:
        t = translate(day, table, [q.visit for q in aside])
        solution = solve(
            t.problem,
            stop=stop,
            seed=seed,
            threads=threads,
            on_progress=_in_fen(on_progress),
            engine=engine,
        )
        plan = publish_plan(t, solution, explain_solution(t, solution, explain), aside)
    verdict = judge(day, plan, table, travel_hash=travel_digest(table))
    if not verdict.ok:
        broken = "; ".join(str(violation) for violation in verdict.violations[:10])
        raise RefereeRejected(f"{len(verdict.violations)} violations: {broken}")
    return PlanningResult(with_remedies(day, table, plan) if remedies else plan, table)


def prepare_day(
    day: Day,
    travel: TravelProvider | TravelTable,
    quarantined: Iterable[QuarantinedVisit] = (),
) -> tuple[TravelTable, tuple[QuarantinedVisit, ...]]:
    """Check a day and return its travel table and all visits set aside, by id.

    Raises
    ------
    InvalidRequest
        With every error in the day, or where technicians and outlets are off the roads.
    """
    return _travel(day, travel, _check(day, quarantined))


def plan_days(
    days: Sequence[Day], travel: TravelProvider, **options: Unpack[PlanOptions]
) -> list[DayPlan]:
    """Plan many days, one after the other, each with the same limits and seed.

    Parameters and errors are those of :func:`plan_day_with_travel`.
    """
    return [plan_day(day, travel, **options) for day in days]


def _check(day: Day, quarantined: Iterable[QuarantinedVisit]) -> tuple[QuarantinedVisit, ...]:
    """Return all visits to set aside.

    Raises
    ------
    InvalidRequest
        If the day has errors.
    """
    faults = check_day(day)
    errors = [fault for fault in faults if fault.severity is Severity.ERROR]
    if errors:
        raise InvalidRequest(errors)
    aside = {q.visit: q for q in quarantined}
    for fault in faults:
        if fault.severity is Severity.QUARANTINE and fault.visit is not None:
            reason = f"found {fault.found}; expected {fault.expected}"
            quarantine = QuarantinedVisit(visit=fault.visit, code=fault.code, reason=reason)
            aside.setdefault(fault.visit, quarantine)
    return tuple(aside.values())


def _travel(
    day: Day, travel: TravelProvider | TravelTable, aside: tuple[QuarantinedVisit, ...]
) -> tuple[TravelTable, tuple[QuarantinedVisit, ...]]:
    """Return the travel table and all visits set aside, by id."""
    if isinstance(travel, TravelTable):
        faults = check_table(day, travel, [q.visit for q in aside])
        if faults:
            raise InvalidRequest(faults)
        table = travel
    else:
        setup = travel_table(_without(day, aside), travel)
        table, aside = setup.table, (*aside, *setup.quarantined)
    return table, tuple(sorted(aside, key=lambda q: q.visit))


def _without(day: Day, aside: Sequence[QuarantinedVisit]) -> Day:
    gone = {q.visit for q in aside}
    kept = tuple(visit for visit in day.visits if visit.id not in gone)
    return day.model_copy(update={"visits": kept})


def _in_fen(on_progress: OnProgress | None) -> solver_progress.OnProgress | None:
    if on_progress is None:
        return None
    tell = on_progress

    def told(state: solver_progress.Progress) -> bool | None:
        cost = round_fen(state.cost)
        return tell(Progress(state.iteration, state.runtime_s, cost, state.unassigned))

    return told
