"""One route from now on: when each stop will be, as early as possible (docs/semantics.md).

What was reported is taken as it was; what was not reported cannot be before now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dispatch.domain import Outlet, Place, Technician, Visit
from dispatch.domain.travel_table import TravelTable
from dispatch.errors import InvalidRequest
from dispatch.live.codes import LiveCode, live_fault
from dispatch.live.state import LiveRoute, LiveState, Stop
from dispatch.planning.clock import Clock
from dispatch.planning.drive import find_drive_s
from dispatch.planning.shifts import ShiftLine, shift_lines
from dispatch.planning.windows import WindowLine, window_lines

Key = tuple[str, str]
"""Visit and technician."""
ALWAYS = 2**62


@dataclass(frozen=True, slots=True)
class Timed:
    """A stop ahead with its seconds; as in ``PlanStop``.

    Attributes
    ----------
    leaves
        When the technician sets out for it; None once there.
    window
        The promise it is held against; None for other kinds, or where no arrival is possible.
    no_way
        There is no way to it; it is timed as if there were no distance.
    """

    stop: Stop
    leaves: int | None
    reached: int
    arrival: int
    start: int
    end: int
    window: WindowLine | None = None
    no_way: bool = False
    shut: bool = False


class Facts:
    """A state looked up once.

    Parameters
    ----------
    state
        The day at a moment.
    travel
        Travel figures of the day as it stands.
    like
        The same day at another moment, with the same technicians, outlets and settings: what did
        not change is taken from there.
    """

    def __init__(self, state: LiveState, travel: TravelTable, like: Facts | None = None) -> None:
        self.state, self.travel, self.day = state, travel, state.day
        self.clock = Clock(state.day)
        self.now = self.clock.ceil(state.now)
        self.visits: dict[str, Visit] = {v.id: v for v in state.day.visits}
        self.outlets: dict[str, Outlet] = {o.id: o for o in state.day.outlets}
        self.lines: Mapping[tuple[str, int], ShiftLine]
        self._windows: dict[tuple[str, bool], tuple[WindowLine, ...]] = {}
        if like is None:
            lines = shift_lines(state.day, self.clock)
            self.lines = {(line.technician.id, line.shift): line for line in lines}
        else:
            self._take(like)

    def _take(self, other: Facts) -> None:
        """Take shifts, and what visits that did not change are owed."""
        self.lines = other.lines
        self._windows = {
            key: lines
            for key, lines in other._windows.items()
            if other.visits.get(key[0]) is self.visits.get(key[0])
        }

    def second(self, moment: datetime) -> int:
        """Return the second of a moment that begins something."""
        return self.clock.ceil(moment)

    def windows(self, visit: Visit, *, told: bool = True) -> tuple[WindowLine, ...]:
        """Return what a visit is owed.

        Parameters
        ----------
        told
            Nobody comes much earlier than the customer was told; False where the technician is
            on the way, and comes when the way is done.
        """
        key = visit.id, told or visit.told is None
        if key not in self._windows:
            asked = visit if key[1] else visit.model_copy(update={"told": None})
            self._windows[key] = window_lines(self.day, asked, self.clock)
        return self._windows[key]

    def choose(
        self, visit: Visit, name: str | None, reached: int, *, told: bool = True
    ) -> WindowLine | None:
        """Return the named promise, or the one that is kept best; None if none is possible."""
        lines = self.windows(visit, told=told)
        named = [line for line in lines if line.name == name] or lines
        return min(
            named,
            key=lambda line: (max(0, max(reached, line.earliest) - line.latest), line.earliest),
            default=None,
        )

    def drive_s(
        self, profile: str, origin: Place, destination: Place, departure: int
    ) -> int | None:
        """Return seconds of a way, None where there is none.

        Raises
        ------
        InvalidRequest
            D9115 if the travel table was made without a place.
        """
        if is_same(origin, destination):
            return 0
        try:
            return find_drive_s(self.travel, profile, origin, destination, departure)
        except KeyError as missing:
            where = f"travel table, {profile}"
            found = f"no figures for {missing.args[0]}"
            hint = "Make the travel table anew with the places of the state."
            fault = live_fault(
                LiveCode.PLACE_UNKNOWN, where, found, "every place of the state", hint
            )
            raise InvalidRequest([fault]) from missing

    def opening(self, outlet: Outlet, reached: int) -> int | None:
        """Return the first second from ``reached`` on at which an outlet is open, None if never."""
        if not outlet.opening_hours:
            spans = [(0, self.clock.horizon_end)]
        else:
            spans = [s for when in self.clock.dates for s in self.clock.openings(outlet, when)]
        for opens, closes in sorted(spans):
            begin = self.after_closures(outlet.id, max(opens, reached))
            if begin <= closes:
                return begin
        return None

    def after_closures(self, outlet: str, second: int) -> int:
        """Return the first second from ``second`` on at which no closure holds."""
        for shut in sorted(self.state.closures, key=lambda one: one.start):
            begin, end = self.second(shut.start), self.second(shut.end)
            if shut.outlet == outlet and begin <= second < end:
                second = end
        return second


def is_same(one: Place, other: Place) -> bool:
    """Return whether two places are the same point, whatever they are called."""
    return (one.lon, one.lat) == (other.lon, other.lat)


def service_s(technician: Technician, visit: Visit) -> int:
    """Return how long a technician takes for a visit (docs/semantics.md, who takes how long)."""
    percent = technician.service_percent
    if visit.skills:
        stated = (
            skill.service_percent
            for skill in technician.skills
            if skill.skill == visit.skills[0].skill and skill.service_percent is not None
        )
        percent = next(stated, percent)
    return (visit.service_s * percent + 50) // 100


class Course:
    """Times one route; everything ahead of it, from where the technician is.

    Parameters
    ----------
    facts
        The day.
    route
        The route.
    least
        Earliest start of work where a crew or a link sets it.
    """

    def __init__(self, facts: Facts, route: LiveRoute, least: Mapping[Key, int]) -> None:
        self._facts, self._route, self._least = facts, route, least
        self.until = ALWAYS
        """What comes out is the same for every moment from now until then."""
        self._line = facts.lines[route.technician, route.shift]
        self._person = self._line.technician
        self._place, self._free = self._from()
        self._leaves: int | None = None
        self._no_way = False

    def _from(self) -> tuple[Place, int]:
        facts, route = self._facts, self._route
        place, free = self._line.start, max(0, facts.second(self._shift_start()))
        if route.past:
            place, free = route.past[-1].place, facts.second(route.past[-1].ended_at)
        out = route.past or route.under_way is not None or facts.now >= self._line.earliest
        if not out:
            self.until = self._line.earliest - 1
        if out and route.here is not None and route.here_at is not None:
            # Where somebody is before the shift begins says nothing.
            place, free = route.here, max(free, facts.second(route.here_at))
        return place, free

    def _shift_start(self) -> datetime:
        return self._person.shifts[self._route.shift].start

    def _not_before_now(self, second: int) -> int:
        """Return the later one; as long as now is not, it makes no difference."""
        self.until = min(self.until, second) if second >= self._facts.now else self._facts.now
        return max(second, self._facts.now)

    def ready(self) -> tuple[Place, int]:
        """Return where the technician is after what is past, and when free to go on."""
        return self._place, self._ready()

    def timed(self) -> tuple[Timed, ...]:
        """Return every stop ahead with its seconds."""
        found: list[Timed] = []
        for number, stop in enumerate(self._route.ahead):
            if stop.kind == "break":
                self._drive(self._next(number) if stop.at_next else None)
                found.append(self._break(stop))
            else:
                self._drive(stop)
                found.append(self._visit(stop) if stop.kind == "visit" else self._point(stop))
            self._free = found[-1].end
        return tuple(found)

    def _next(self, number: int) -> Stop | None:
        later = self._route.ahead[number:]
        return next((stop for stop in later if stop.kind != "break"), None)

    def _place_of(self, stop: Stop) -> Place:
        if stop.kind == "visit" and stop.visit is not None:
            return self._facts.visits[stop.visit].place
        if stop.kind == "pickup" and stop.outlet is not None:
            return self._facts.outlets[stop.outlet].place
        return self._line.end

    def _drive(self, stop: Stop | None) -> None:
        """Travel to a stop, unless that was done before a break; sets place and free."""
        self._leaves, self._no_way = None, False
        if stop is None:
            return
        facts, target = self._facts, self._place_of(stop)
        there = stop.arrived_at or stop.started_at
        if there is not None:
            self._place, self._free = target, max(self._free, facts.second(there))
            return
        leaves = self._ready() if stop.departed_at is None else self._left(stop.departed_at)
        lasts = facts.drive_s(self._person.profile, self._place, target, leaves)
        self._leaves, self._no_way = leaves, lasts is None
        self._place = target
        self._free = max(self._free, leaves + (lasts or 0))

    def _left(self, departed_at: datetime) -> int:
        """Return when a technician on the way left, or was last seen."""
        seen = self._route.here_at
        return self._facts.second(max(departed_at, seen) if seen is not None else departed_at)

    def _ready(self) -> int:
        """Return when the technician can leave the place."""
        facts, route = self._facts, self._route
        ready = self._not_before_now(self._free)
        if route.not_before is not None:
            ready = max(ready, facts.second(route.not_before))
        if all(one.stop.kind == "break" for one in route.past):
            ready = max(ready, self._line.earliest)
            home = self._person.outlet
            if self._person.start is None and home is not None:
                ready = facts.after_closures(home, ready)
        return ready

    def _break(self, stop: Stop) -> Timed:
        facts, reached = self._facts, self._free
        if stop.started_at is not None:
            start = facts.second(stop.started_at)
        else:
            opens = facts.second(stop.opens) if stop.opens else 0
            start = self._not_before_now(max(reached, opens))
        end = self._ended(stop, start + stop.duration_s)
        return Timed(stop, self._leaves, reached, reached, start, end, no_way=self._no_way)

    def _ended(self, stop: Stop, planned: int) -> int:
        end = planned if stop.ends_at is None else self._facts.second(stop.ends_at)
        return end if stop.started_at is None else self._not_before_now(end)

    def _visit(self, stop: Stop) -> Timed:
        facts, visit = self._facts, self._facts.visits[stop.visit or ""]
        there = stop.arrived_at or stop.started_at
        if there is not None:
            reached = facts.second(there)
        else:
            reached = self._not_before_now(self._free + visit.access_s)
        # The others of a crew wait for the first one; what was told is when that one comes.
        told = not stop.is_under_way and stop.crew <= 1
        window = facts.choose(visit, stop.promise, reached, told=told)
        arrival = max(reached, window.earliest) if window is not None else reached
        if stop.earliest is not None and not stop.is_under_way:
            arrival = max(arrival, facts.second(stop.earliest))
        if stop.started_at is not None:
            start = facts.second(stop.started_at)
            # Who begins before the promise opens was let in: the arrival is when work began.
            arrival = max(reached, min(arrival, start))
        else:
            floor = self._least.get((visit.id, self._person.id), arrival)
            # A break at the door comes between arrival and work.
            start = self._not_before_now(max(arrival, floor, self._free))
        end = self._ended(stop, start + service_s(self._person, visit))
        return Timed(stop, self._leaves, reached, arrival, start, end, window, no_way=self._no_way)

    def _point(self, stop: Stop) -> Timed:
        facts, shut = self._facts, False
        arrived = stop.arrived_at or stop.started_at
        there = None if arrived is None else facts.second(arrived)
        reached = self._not_before_now(self._free) if there is None else there
        start, lasts = reached, 0
        if stop.kind == "pickup" and stop.outlet is not None:
            lasts = facts.day.settings.pickup_s
            begin = self._not_before_now(reached)
            opening = facts.opening(facts.outlets[stop.outlet], begin)
            shut = opening is None
            start = begin if opening is None else opening
        if stop.started_at is not None:
            start, shut = facts.second(stop.started_at), False
        elif arrived is not None:
            start = self._not_before_now(start)
        end = self._ended(stop, start + lasts)
        return Timed(stop, self._leaves, reached, start, start, end, no_way=self._no_way, shut=shut)
