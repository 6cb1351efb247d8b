"""A live day at a moment: what is past, what is under way, what is ahead.

The state holds facts and decisions only; when things will happen is projected from it
(`dispatch.live.projection`). What nobody reported has not happened yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Literal

from dispatch.domain import Day, DayPlan, Place, PlanStop, Told, Visit
from dispatch.domain.base import Id, Model
from dispatch.domain.disruption import Closure
from dispatch.domain.event import UtcMoment
from dispatch.domain.part import PartNeed
from dispatch.errors import InvalidRequest
from dispatch.live.codes import LiveCode, live_fault
from dispatch.planning.clock import Clock
from dispatch.planning.shifts import ShiftLine, shift_lines

StopKind = Literal["visit", "break", "pickup", "end"]


class Outcome(StrEnum):
    """What became of a stop that is past."""

    DONE = "done"
    NOT_DONE = "not_done"
    """Begun or reached, and left undone: nobody opened, the technician fell ill, canceled."""


class Stop(Model):
    """One stop of a live route.

    Attributes
    ----------
    promise
        The one the plan keeps; None lets the projection choose, as after a moved appointment.
    outlet, parts
        As in the plan.
    at_next
        Of a break: taken after travelling on.
    opens, closes, duration_s
        Of a break: first and last moment it may begin, how long it is.
    earliest
        Of a visit that was frozen when the rest was planned: nobody arrives sooner.
    departed_at, arrived_at, started_at
        Reported; None = has not happened.
    ends_at
        Reported: when work under way will be over; None = as planned.
    """

    kind: StopKind
    visit: Id | None = None
    promise: str | None = None
    outlet: Id | None = None
    parts: tuple[PartNeed, ...] = ()
    crew: int = 0
    at_next: bool = False
    opens: UtcMoment | None = None
    closes: UtcMoment | None = None
    duration_s: int = 0
    earliest: UtcMoment | None = None
    departed_at: UtcMoment | None = None
    arrived_at: UtcMoment | None = None
    started_at: UtcMoment | None = None
    ends_at: UtcMoment | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether the technician is on the way there, at the door, or at work."""
        return any(m is not None for m in (self.departed_at, self.arrived_at, self.started_at))


class PastStop(Model):
    """A stop that is over; it never changes.

    Attributes
    ----------
    place
        Where it was.
    ended_at
        When the technician was free again.
    """

    stop: Stop
    place: Place
    ended_at: UtcMoment
    outcome: Outcome


class LiveRoute(Model):
    """One shift of one technician.

    Attributes
    ----------
    past, ahead
        What is under way is ahead, before all others but breaks.
    here, here_at
        Where the technician was seen after the last stop.
    not_before
        The technician does not go on earlier.
    away
        Sick; nothing is ahead.
    """

    technician: Id
    shift: int
    past: tuple[PastStop, ...] = ()
    ahead: tuple[Stop, ...] = ()
    here: Place | None = None
    here_at: UtcMoment | None = None
    not_before: UtcMoment | None = None
    away: bool = False

    @property
    def under_way(self) -> Stop | None:
        """The stop the technician works at, else the one on the way or at; None between two."""
        going = [stop for stop in self.ahead if stop.is_under_way]
        working = (stop for stop in going if stop.started_at is not None)
        return next(working, going[0] if going else None)

    @property
    def is_over(self) -> bool:
        """Whether the technician is back."""
        return bool(self.past) and any(one.stop.kind == "end" for one in self.past)


class Lack(Model):
    """A part that is missing for a visit.

    Attributes
    ----------
    technician, outlet
        Whose van, or which outlet, was to give it and does not have it; both None where nobody
        had the visit.
    """

    visit: Id
    part: Id
    technician: Id | None = None
    outlet: Id | None = None


class LiveState(Model):
    """A day at a moment.

    Every visit of the day is in exactly one place: on a route (past or ahead; a crew's on as many
    as it has members), with a contracted outlet, open, canceled, or set aside.

    Attributes
    ----------
    day
        As it stands: visits added, promises moved, addresses corrected, traffic changed; ``told``
        of each visit is what its customer knows from the last plan that was published.
    now
        Latest moment an event was recorded; nothing unreported happened before it.
    sequence
        Of the last event; 0 before the first.
    routes
        By technician and shift, every shift of the day.
    contracted
        Visits contracted outlets have and have not reported done.
    open
        Visits nobody has: new ones, those of a sick technician, and what the plan left out.
    set_aside
        Quarantined by the plan.
    lacks
        Parts reported missing.
    travel_changes
        How often traffic changed; the travel table has to be made anew for each.
    """

    day: Day
    now: UtcMoment
    sequence: int = 0
    routes: tuple[LiveRoute, ...] = ()
    contracted: tuple[tuple[Id, Id], ...] = ()
    contracted_done: tuple[tuple[Id, Id], ...] = ()
    open: tuple[Id, ...] = ()
    canceled: tuple[Id, ...] = ()
    set_aside: tuple[Id, ...] = ()
    lacks: tuple[Lack, ...] = ()
    closures: tuple[Closure, ...] = ()
    travel_changes: int = 0

    def holders(self, visit: str) -> tuple[LiveRoute, ...]:
        """Return the routes that have a visit ahead, under way included."""
        return tuple(r for r in self.routes if any(s.visit == visit for s in r.ahead))

    def past_of(self, visit: str) -> tuple[tuple[LiveRoute, PastStop], ...]:
        """Return every stop of a visit that is over, with its route."""
        return tuple((r, p) for r in self.routes for p in r.past if p.stop.visit == visit)


def begin_day(day: Day, plan: DayPlan) -> LiveState:
    """Return the state before anything happened.

    Parameters
    ----------
    plan
        A published plan of the day.

    Raises
    ------
    InvalidRequest
        D9116 if the plan is of another day, or names visits, shifts or breaks the day lacks.
    """
    known = {visit.id for visit in day.visits}
    named = {stop.visit for route in plan.routes for stop in route.stops if stop.visit is not None}
    named |= {visit for service in plan.contracted for visit in service.visits}
    shifts = {(t.id, number) for t in day.technicians for number in range(len(t.shifts))}
    used = {(route.technician, route.shift) for route in plan.routes}
    if plan.day != day.id or named - known or used - shifts:
        strange = sorted(named - known) or sorted(f"{t} shift {n}" for t, n in used - shifts)
        found = f"day {plan.day}, {', '.join(strange[:5]) or 'nothing unknown'}"
        expected = f"a plan of day {day.id} and of its visits and shifts"
        raise InvalidRequest([live_fault(LiveCode.PLAN_OF_OTHER_DAY, "plan", found, expected)])
    contracted = [(visit, s.outlet) for s in plan.contracted for visit in s.visits]
    aside = tuple(sorted(one.visit for one in plan.quarantined))
    held = named | set(aside)
    return LiveState(
        day=with_told(day, told_by(plan)),
        now=day.horizon_start,
        routes=tuple(_routes(day, plan)),
        contracted=tuple(sorted(contracted)),
        open=tuple(visit.id for visit in day.visits if visit.id not in held),
        set_aside=aside,
    )


def with_told(day: Day, said: Mapping[str, Told]) -> Day:
    """Return a day whose customers know something else."""
    visits = tuple(
        visit if said.get(visit.id, visit.told) == visit.told else _told(visit, said[visit.id])
        for visit in day.visits
    )
    return day.model_copy(update={"visits": visits})


def _told(visit: Visit, told: Told) -> Visit:
    return visit.model_copy(update={"told": told})


def told_by(plan: DayPlan) -> dict[str, Told]:
    """Return what the customers of a plan are told, by visit; a crew's the first technician.

    Contracted outlets arrange the time themselves, so that their customers are told none.
    """
    said: dict[str, Told] = {}
    ranks: dict[str, int] = {}
    for route in sorted(plan.routes, key=lambda one: (one.technician, one.start)):
        for stop in route.stops:
            if stop.visit is None or stop.crew > 1:
                continue
            order = ranks.get(route.technician, 0)
            ranks[route.technician] = order + 1
            told = Told(technician=route.technician, arrival=stop.arrival, order=order)
            said.setdefault(stop.visit, told)
    return said


def _routes(day: Day, plan: DayPlan) -> Iterator[LiveRoute]:
    clock = Clock(day)
    stops = {(route.technician, route.shift): route.stops for route in plan.routes}
    for line in shift_lines(day, clock):
        key = line.technician.id, line.shift
        ahead = _ahead(key, stops.get(key, ()), breaks_of(line, clock))
        yield LiveRoute(technician=key[0], shift=key[1], ahead=ahead)


def breaks_of(line: ShiftLine, clock: Clock) -> list[Stop]:
    """Return every break of a shift, in order."""
    rests = [(begin, begin, end - begin) for begin, end in line.rests]
    return [
        Stop(kind="break", opens=clock.moment(opens), closes=clock.moment(closes), duration_s=lasts)
        for opens, closes, lasts in (*rests, *line.breaks)
    ]


def _ahead(
    key: tuple[str, int], stops: Sequence[PlanStop], breaks: Sequence[Stop]
) -> tuple[Stop, ...]:
    taken = [stop for stop in stops if stop.kind == "break"]
    if stops and len(taken) != len(breaks):
        where, found = f"plan route of {key[0]} shift {key[1]}", f"{len(taken)} breaks"
        expected = f"{len(breaks)} breaks, those of the shift"
        raise InvalidRequest([live_fault(LiveCode.PLAN_OF_OTHER_DAY, where, found, expected)])
    return stops_ahead(stops, breaks)


def stops_ahead(stops: Sequence[PlanStop], breaks: Sequence[Stop]) -> tuple[Stop, ...]:
    """Return the stops of a planned route as a live route has them.

    Parameters
    ----------
    breaks
        What each break of the plan is, in order; at least as many as the plan has.
    """
    ahead, traveled, rest = list[Stop](), False, list(breaks)
    for stop in stops:
        if stop.kind == "start":
            continue
        if stop.kind == "break":
            traveled = traveled or stop.leg_s > 0
            ahead.append(rest.pop(0).model_copy(update={"at_next": traveled}))
            continue
        traveled = False
        fields = {"promise": stop.promise, "crew": stop.crew, "parts": stop.parts}
        ahead.append(Stop(kind=stop.kind, visit=stop.visit, outlet=stop.outlet, **fields))
    return tuple(ahead)
