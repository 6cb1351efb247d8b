"""What each technician will report next, in truth, from the live day alone.

Nothing is remembered between two looks: who is where, what is ahead and what was reported stand in
the state of the desk. So whatever a dispatcher does (send somebody elsewhere, take a visit away,
undo) is what the technicians do from the next look on, and a day that was interrupted goes on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from dispatch.domain import Place, Visit
from dispatch.domain.disruption import (
    CustomerAbsent,
    Happening,
    TechnicianArrived,
    TechnicianDeparted,
    VisitOverran,
    WorkFinished,
    WorkStarted,
)
from dispatch.domain.travel_table import NO_WAY, TravelTable
from dispatch.live.course import Course, Facts, service_s
from dispatch.live.state import LiveRoute, LiveState, Stop
from scenarios.simulation.road import LATE_WORD_S, MARGIN_S
from scenarios.simulation.world import World


@dataclass(frozen=True, slots=True)
class Coming:
    """News that will come if nobody decides otherwise before.

    Attributes
    ----------
    second
        Of the day; may have passed already: then at once.
    """

    second: int
    by: str
    fact: Happening


@dataclass(frozen=True, eq=False)
class Truth:
    """A live day seen by those who drive and work.

    Attributes
    ----------
    state, table
        The day as it stands and its travel figures; what traffic the table knows does not matter,
        the world's slow areas do.
    world
        Luck on the road, work, absence.
    """

    state: LiveState
    table: TravelTable
    world: World
    facts: Facts = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", Facts(self.state, self.table))

    def next_of(self, route: LiveRoute) -> Coming | None:
        """Return what the technician of a route reports next; None if nothing is ahead."""
        if route.away or route.is_over or not route.ahead:
            return None
        going = route.under_way
        if going is None:
            return self._sets_out(route)
        if going.started_at is not None:
            return self._finishes(route, going)
        if going.arrived_at is not None:
            return self._begins(route, going)
        return self._arrives(route, going)

    def _coming(
        self, route: LiveRoute, second: int, fact: type[Happening], **what: object
    ) -> Coming:
        at = self.facts.clock.moment(second)
        told = fact(happened_at=at, technician=route.technician, **what)  # type: ignore[call-arg] # of each kind
        return Coming(second, f"technician:{route.technician}", told)

    def _news(self, route: LiveRoute, second: int, fact: type[Happening], stop: Stop) -> Coming:
        return self._coming(route, second, fact, what=stop.kind, visit=stop.visit)

    def _sets_out(self, route: LiveRoute) -> Coming | None:
        place, ready = Course(self.facts, route, {}).ready()
        first = route.ahead[0]
        target = next((s for s in route.ahead if s.kind != "break" or not s.at_next), first)
        if target.kind == "break" or (first.kind == "break" and not first.at_next):
            opens = ready if first.opens is None else max(ready, self.facts.second(first.opens))
            return self._news(route, opens, WorkStarted, first)
        way = self._planned(route, place, self._place_of(route, target))
        return self._news(
            route, max(ready, self._due(route, target, way)), TechnicianDeparted, target
        )

    def _due(self, route: LiveRoute, stop: Stop, way: int) -> int:
        """Return when it makes sense to set out: doors open when promised, shifts end in time."""
        line = self.facts.lines[route.technician, route.shift]
        if stop.kind == "end":
            return line.latest - way
        if stop.visit is None:
            return 0
        visit = self.facts.visits[stop.visit]
        window = self.facts.choose(visit, stop.promise, self.facts.now + way + visit.access_s)
        return 0 if window is None else window.earliest - way - visit.access_s - MARGIN_S

    def _arrives(self, route: LiveRoute, stop: Stop) -> Coming:
        facts = self.facts
        place, _ = Course(facts, route, {}).ready()
        left = facts.second(stop.departed_at) if stop.departed_at is not None else facts.now
        if route.here_at is not None:
            left = max(left, facts.second(route.here_at))
        target = self._place_of(route, stop)
        key = stop.visit or f"{stop.kind} {route.technician} {route.shift}"
        lasts = self.world.drive(self._planned(route, place, target), (place, target), left, key)
        access = facts.visits[stop.visit].access_s if stop.visit is not None else 0
        return self._news(route, left + lasts + access, TechnicianArrived, stop)

    def _begins(self, route: LiveRoute, stop: Stop) -> Coming:
        facts = self.facts
        there = facts.second(stop.arrived_at) if stop.arrived_at is not None else facts.now
        rested = [facts.second(p.ended_at) for p in route.past if p.stop.kind == "break"]
        there = max(there, *rested) if rested else there
        pause = next((s for s in route.ahead[:1] if s.kind == "break"), None)
        if pause is not None:
            opens = there if pause.opens is None else max(there, facts.second(pause.opens))
            return self._news(route, opens, WorkStarted, pause)
        if stop.visit is None:
            return self._news(route, there, WorkStarted, stop)
        window = facts.choose(facts.visits[stop.visit], stop.promise, there, told=False)
        begins = there if window is None else max(there, window.earliest)
        if stop.visit in self.world.absent:
            waits = 60 * self.world.chances.absence_min
            return self._coming(route, begins + waits, CustomerAbsent, visit=stop.visit)
        return self._news(route, begins, WorkStarted, stop)

    def _finishes(self, route: LiveRoute, stop: Stop) -> Coming:
        facts = self.facts
        begun = facts.second(stop.started_at) if stop.started_at is not None else facts.now
        if stop.visit is None:
            lasts = stop.duration_s if stop.kind == "break" else facts.day.settings.pickup_s
            return self._news(route, begun + lasts, WorkFinished, stop)
        visit: Visit = facts.visits[stop.visit]
        planned = service_s(facts.lines[route.technician, route.shift].technician, visit)
        lasts = self.world.work(visit, planned)
        if lasts - planned > LATE_WORD_S and stop.ends_at is None:
            ends = facts.clock.moment(begun + lasts)
            return self._coming(route, begun + planned, VisitOverran, visit=visit.id, ends_at=ends)
        return self._news(route, begun + lasts, WorkFinished, stop)

    def _place_of(self, route: LiveRoute, stop: Stop) -> Place:
        if stop.kind == "visit" and stop.visit is not None:
            return self.facts.visits[stop.visit].place
        if stop.kind == "pickup" and stop.outlet is not None:
            return self.facts.outlets[stop.outlet].place
        return self.facts.lines[route.technician, route.shift].end

    def _planned(self, route: LiveRoute, origin: Place, target: Place) -> int:
        """Return free-flow seconds of a way; a way the map does not know is as far as it looks."""
        if (origin.lon, origin.lat) == (target.lon, target.lat):
            return 0
        profile = self.facts.lines[route.technician, route.shift].technician.profile
        row, column = self.table.index(origin), self.table.index(target)
        found = int(self.table.durations_s[profile][row, column])
        return found if found != NO_WAY else _as_the_crow_flies_s(origin, target)


def _as_the_crow_flies_s(origin: Place, target: Place) -> int:
    """Return a way at 20 km/h over the straight line."""
    north = (target.lat - origin.lat) * 111_195
    east = (target.lon - origin.lon) * 111_195 * math.cos(math.radians(origin.lat))
    return math.ceil(math.hypot(north, east) / (20 / 3.6))
