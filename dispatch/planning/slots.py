"""The best appointment windows for customers who call: what each would cost, and who would come.

Every window of a grid is tried for every customer by exact insertion into the plan as it stands
(``solver.routing.insertion``); many customers and windows share one problem.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from pydantic import Field

from dispatch.domain import Day, Place, Priority, Promise, SkillNeed, Visit
from dispatch.domain.base import Id, Model, Moment, Seconds
from dispatch.domain.part import PartNeed
from dispatch.planning.objective import round_fen
from dispatch.planning.translate import Translation
from solver.routing.insertion import InsertionRanker
from solver.routing.problem import RoutingProblem
from solver.routing.solution import RoutingSolution

MAX_WINDOWS = 200
"""Of one customer on one day."""


class SlotRequest(Model):
    """A customer who asks for an appointment.

    Attributes
    ----------
    id
        Of the visit to be.
    earliest, latest
        Windows lie between these moments; None = all of the day from now on.
    width_min, step_min
        How long a window is, and how far apart windows begin.
    """

    id: Id
    place: Place
    service_s: Seconds
    access_s: Seconds = 0
    skills: tuple[SkillNeed, ...] = ()
    parts: tuple[PartNeed, ...] = ()
    priority: Priority = Priority.GENERAL
    preferred: tuple[Id, ...] = ()
    district: str | None = None
    earliest: Moment | None = None
    latest: Moment | None = None
    width_min: int = Field(default=120, ge=5, le=1440)
    step_min: int = Field(default=60, ge=5, le=1440)


class Slot(Model):
    """A window for a customer.

    Attributes
    ----------
    technician, shift
        Who would come as the plan stands.
    cost_fen
        What the day would cost more with it.
    """

    request: Id
    day: Id
    earliest: Moment
    latest: Moment
    technician: Id
    shift: int
    cost_fen: int


def make_visit(
    asked: SlotRequest, window: tuple[datetime, datetime], name: str | None = None
) -> Visit:
    """Return the visit of a request in one window."""
    return Visit(
        id=name or asked.id,
        place=asked.place,
        promises=(Promise(earliest=window[0], latest=window[1]),),
        service_s=asked.service_s,
        access_s=asked.access_s,
        skills=asked.skills,
        parts=asked.parts,
        priority=asked.priority,
        preferred=asked.preferred,
        district=asked.district,
    )


def windows_of(
    day: Day, asked: SlotRequest, now: datetime
) -> tuple[tuple[datetime, datetime], ...]:
    """Return the windows to try on a day, in order.

    They lie on a grid that begins at the full hour, between the first shift's start and the last
    one's end, from ``now`` on, and inside what the customer asks for.
    """
    shifts = [shift for technician in day.technicians for shift in technician.shifts]
    if not shifts:
        return ()
    opens = max(min(one.start for one in shifts), now, day.horizon_start)
    closes = min(max(one.end for one in shifts), day.horizon_end)
    opens = max(opens, asked.earliest) if asked.earliest is not None else opens
    closes = min(closes, asked.latest) if asked.latest is not None else closes
    width, step = timedelta(minutes=asked.width_min), timedelta(minutes=asked.step_min)
    begin = day.horizon_start.replace(minute=0, second=0, microsecond=0)
    begin += -((begin - opens) // step) * step
    found: list[tuple[datetime, datetime]] = []
    while begin + width <= closes and len(found) < MAX_WINDOWS:
        found.append((begin, begin + width))
        begin += step
    return tuple(found)


def try_names(
    day: Day, asked: Sequence[SlotRequest], now: datetime
) -> dict[str, tuple[int, Visit]]:
    """Return a visit for every request and window, by a name of its own.

    Returns
    -------
    dict
        (number of the request, visit) by id of the visit.
    """
    taken = {visit.id for visit in day.visits}
    found: dict[str, tuple[int, Visit]] = {}
    for number, one in enumerate(asked):
        for place, window in enumerate(windows_of(day, one, now)):
            name = f"slot-{number}-{place}"
            while name in taken:
                name = f"{name}-"
            found[name] = number, make_visit(one, window, name)
    return found


def rank_slots(
    t: Translation,
    problem: RoutingProblem,
    solution: RoutingSolution,
    tries: Mapping[str, tuple[int, Visit]],
    asked: Sequence[SlotRequest],
    *,
    barred: frozenset[int] = frozenset(),
) -> Iterator[Slot]:
    """Yield the cheapest way to keep each window that can be kept.

    Parameters
    ----------
    t, solution
        The day with all tries, none of them served, and its plan.
    problem
        That of ``t``, in which the promises that must be kept are hard.
    tries
        From `try_names`.
    barred
        Vehicles that get nothing.
    """
    ranker = InsertionRanker(problem, solution)
    index = {seat.visit.id: i for i, seat in enumerate(t.seats)}
    for name, (number, visit) in tries.items():
        possible = [
            (one.cost, one.vehicle)
            for one in ranker.rank(index[name])
            if one.cost is not None and one.vehicle not in barred
        ]
        if not possible:
            continue
        cost, vehicle = min(possible)
        line, promise = t.lines[vehicle], visit.promises[0]
        if promise.earliest is None or promise.latest is None:
            continue
        yield Slot(
            request=asked[number].id,
            day=t.day.id,
            earliest=promise.earliest,
            latest=promise.latest,
            technician=line.technician.id,
            shift=line.shift,
            cost_fen=round_fen(cost),
        )
