"""Technicians on their way: what each does next, and what becomes of it in truth."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from dispatch.domain import Place, Visit
from dispatch.domain.disruption import (
    CustomerAbsent,
    TechnicianArrived,
    TechnicianDeparted,
    VisitOverran,
    WorkFinished,
    WorkStarted,
)
from dispatch.live.course import service_s
from dispatch.live.state import LiveRoute, Stop
from dispatch.planning.drive import find_drive_s
from dispatch.planning.shifts import ShiftLine, shift_lines
from dispatch.planning.windows import WindowLine, window_lines
from scenarios.simulation.desk import Desk, RouteKey
from scenarios.simulation.world import World

MARGIN_S = 300
"""A technician plans to be at a door so much before the promise opens."""

LATE_WORD_S = 600
"""Who sees at the planned end that work will last that much longer says so."""


class Agenda:
    """What will happen, by second; things of the same second in the order they were put there."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Callable[[int], None]]] = []
        self._count = count()

    def put(self, second: int, act: Callable[[int], None]) -> None:
        """Let something happen at a second."""
        heapq.heappush(self._heap, (second, next(self._count), act))

    def pop(self) -> tuple[int, Callable[[int], None]] | None:
        """Take what comes next; None at the end of the day."""
        if not self._heap:
            return None
        second, _, act = heapq.heappop(self._heap)
        return second, act


@dataclass
class Traveler:
    """One shift of one technician.

    Attributes
    ----------
    place
        Last stop, else where the shift starts.
    busy
        On the way, at a door or at work.
    turn
        Counts what was begun or given up; older wake-up calls mean nothing.
    meters, drives
        Distance driven; ways driven, seconds.
    left, back
        Second of leaving the start place and of reaching the end place.
    paused
        Seconds of breaks between the two.
    """

    line: ShiftLine
    place: Place
    busy: bool = False
    over: bool = False
    turn: int = 0
    meters: int = 0
    drives: int = 0
    paused: int = 0
    left: int | None = None
    back: int | None = None
    arrivals: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Second reached and arrived, by visit."""


class Road:
    """Moves technicians along what is ahead of them and reports it to the desk.

    Parameters
    ----------
    world
        The truth.
    desk
        Told everything technicians report.
    agenda
        Shared with the rest of the day.
    news
        Called with a second and a word after each report that may call for a decision.
    """

    def __init__(
        self, world: World, desk: Desk, agenda: Agenda, news: Callable[[int, str, str], None]
    ) -> None:
        self._world, self._desk, self._agenda, self._news = world, desk, agenda, news
        self._visits = {visit.id: visit for visit in world.every_visit}
        self.travelers: dict[RouteKey, Traveler] = {
            (line.technician.id, line.shift): Traveler(line, line.start)
            for line in shift_lines(world.day, world.clock)
            if line.works
        }

    def is_begun(self, visit: str) -> bool:
        """Return whether somebody is on the way to a visit, there, or has been."""
        state = self._desk.state
        stops = [s for r in state.holders(visit) for s in r.ahead if s.visit == visit]
        return any(s.is_under_way for s in stops) or bool(state.past_of(visit))

    def stop_working(self, technician: str, second: int) -> None:
        """Let a technician go home ill, now."""
        for (name, _), traveler in self.travelers.items():
            if name == technician and not traveler.over:
                traveler.over, traveler.turn = True, traveler.turn + 1
                if traveler.left is not None:
                    self._go_home_ill(traveler, second)

    def _go_home_ill(self, traveler: Traveler, second: int) -> None:
        leg, meters = self._leg(traveler, traveler.line.end, second, "home")
        traveler.meters += meters
        traveler.back = second + leg

    def look(self, second: int) -> None:
        """Let everybody who is free see what is next."""
        ahead = {(r.technician, r.shift): r for r in self._desk.state.routes}
        for key, traveler in self.travelers.items():
            if not (traveler.busy or traveler.over) and ahead[key].ahead:
                self._next(key, traveler, ahead[key], second)

    def _next(self, key: RouteKey, traveler: Traveler, route: LiveRoute, second: int) -> None:
        traveler.turn += 1
        stop = route.ahead[0]
        target = next(s for s in route.ahead if s.kind != "break" or not s.at_next)
        leaves = self._leaves(traveler, target, second)
        if stop.kind == "break" and (not stop.at_next or target is stop):
            opens = self._world.clock.ceil(stop.opens) if stop.opens else second
            leaves = max(second, opens, self._first(traveler))
        if leaves > second:
            turn = traveler.turn
            self._agenda.put(leaves, lambda now: self._wake(key, turn, now))
        elif target.kind == "break":
            self._pause(key, traveler, target, second)
        else:
            self._depart(key, traveler, target, second)

    def _wake(self, key: RouteKey, turn: int, second: int) -> None:
        traveler = self.travelers[key]
        if traveler.turn == turn and not traveler.busy and not traveler.over:
            route = self._route(key)
            if route.ahead:
                self._next(key, traveler, route, second)

    def _route(self, key: RouteKey) -> LiveRoute:
        return next(r for r in self._desk.state.routes if (r.technician, r.shift) == key)

    def _first(self, traveler: Traveler) -> int:
        return traveler.line.earliest if traveler.left is None else 0

    def _leaves(self, traveler: Traveler, stop: Stop, second: int) -> int:
        """Return when the technician sets out: not before it makes sense to be there."""
        ready = max(second, self._first(traveler))
        if stop.kind == "end":
            return max(
                ready, traveler.line.latest - self._planned(traveler, traveler.line.end, ready)
            )
        window = self._window(stop, ready)
        if stop.kind != "visit" or window is None:
            return ready
        visit = self._visits[stop.visit or ""]
        way = self._planned(traveler, visit.place, ready) + visit.access_s
        return max(ready, window.earliest - way - MARGIN_S)

    def _window(self, stop: Stop, second: int) -> WindowLine | None:
        """Return the promise a stop is to keep: the named one, else the first still open."""
        if stop.visit is None:
            return None
        # The visit as the day has it now: a decision may have moved its appointment.
        lines = window_lines(self._world.day, self._visits[stop.visit], self._world.clock)
        named = [line for line in lines if line.name == stop.promise] or list(lines)
        return min(
            named, key=lambda w: (max(0, max(second, w.earliest) - w.latest), w.earliest),
            default=None,
        )  # fmt: skip

    def _planned(self, traveler: Traveler, target: Place, second: int) -> int:
        profile, table = traveler.line.technician.profile, self._world.table
        return find_drive_s(table, profile, traveler.place, target, second) or 0

    def _leg(self, traveler: Traveler, target: Place, second: int, key: str) -> tuple[int, int]:
        """Return true seconds and meters of a way."""
        leg = self._world.table.leg(traveler.line.technician.profile, traveler.place, target)
        planned = self._planned(traveler, target, second)
        ends = (traveler.place, target)
        return self._world.drive(planned, ends, second, key), 0 if leg is None else leg[1]

    def _target(self, traveler: Traveler, stop: Stop) -> Place:
        return traveler.line.end if stop.visit is None else self._visits[stop.visit].place

    def _depart(self, key: RouteKey, traveler: Traveler, stop: Stop, second: int) -> None:
        traveler.busy, traveler.turn = True, traveler.turn + 1
        traveler.left = second if traveler.left is None else traveler.left
        target = self._target(traveler, stop)
        luck = stop.visit or f"{stop.kind} {key[0]} {key[1]}"
        leg, meters = self._leg(traveler, target, second, luck)
        traveler.meters, traveler.drives = traveler.meters + meters, traveler.drives + leg
        self._report(TechnicianDeparted, key, stop, second)
        access = self._visits[stop.visit].access_s if stop.visit is not None else 0
        turn = traveler.turn
        self._agenda.put(second + leg + access, lambda now: self._arrive(key, turn, stop, now))

    def _report(
        self,
        kind: type[TechnicianDeparted | TechnicianArrived | WorkStarted | WorkFinished],
        key: RouteKey,
        stop: Stop,
        second: int,
    ) -> None:
        at = self._world.clock.moment(second)
        fact = kind(happened_at=at, technician=key[0], what=stop.kind, visit=stop.visit)
        self._desk.record(second, fact)

    def _arrive(self, key: RouteKey, turn: int, stop: Stop, second: int) -> None:
        traveler = self.travelers[key]
        if traveler.turn != turn or traveler.over:
            return
        traveler.place = self._target(traveler, stop)
        self._report(TechnicianArrived, key, stop, second)
        if stop.kind == "end":
            traveler.back, traveler.over = second, True
            self._news(second, "home", key[0])
            return
        window = self._window(stop, second)
        arrival = max(second, window.earliest) if window is not None else second
        traveler.arrivals[stop.visit or ""] = (second, arrival)
        pause = next((s for s in self._route(key).ahead[:1] if s.kind == "break"), None)
        if pause is not None:
            self._pause_at_door(key, traveler, pause, stop, second)
        else:
            self._agenda.put(arrival, lambda now: self._begin(key, turn, stop, now))

    def _pause_at_door(
        self, key: RouteKey, traveler: Traveler, pause: Stop, stop: Stop, second: int
    ) -> None:
        turn = traveler.turn
        opens = max(second, self._world.clock.ceil(pause.opens) if pause.opens else second)
        arrival = traveler.arrivals[stop.visit or ""][1]

        def start(now: int) -> None:
            if traveler.turn == turn and not traveler.over:
                self._report(WorkStarted, key, pause, now)
                self._agenda.put(now + pause.duration_s, end)

        def end(now: int) -> None:
            if traveler.turn == turn and not traveler.over:
                traveler.paused += pause.duration_s
                self._report(WorkFinished, key, pause, now)
                self._agenda.put(max(now, arrival), lambda at: self._begin(key, turn, stop, at))

        self._agenda.put(opens, start)

    def _begin(self, key: RouteKey, turn: int, stop: Stop, second: int) -> None:
        traveler, visit = self.travelers[key], self._visits[stop.visit or ""]
        if traveler.turn != turn or traveler.over:
            return
        if visit.id in self._world.absent:
            waits = 60 * self._world.chances.absence_min
            self._agenda.put(second + waits, lambda now: self._give_up(key, turn, visit, now))
            return
        self._report(WorkStarted, key, stop, second)
        person = traveler.line.technician
        lasts, planned = self._world.service(person, visit), service_s(person, visit)
        self._agenda.put(second + lasts, lambda now: self._finish(key, turn, stop, now))
        if lasts - planned > LATE_WORD_S:
            self._agenda.put(
                second + planned, lambda now: self._overrun(key, turn, visit, second + lasts, now)
            )

    def _overrun(self, key: RouteKey, turn: int, visit: Visit, ends: int, second: int) -> None:
        if self.travelers[key].turn != turn or self.travelers[key].over:
            return
        moment = self._world.clock.moment
        fact = VisitOverran(
            happened_at=moment(second), technician=key[0], visit=visit.id, ends_at=moment(ends)
        )
        self._desk.record(second, fact)
        self._news(second, "overrun", visit.id)

    def _give_up(self, key: RouteKey, turn: int, visit: Visit, second: int) -> None:
        traveler = self.travelers[key]
        if traveler.turn != turn or traveler.over:
            return
        at = self._world.clock.moment(second)
        self._desk.record(second, CustomerAbsent(happened_at=at, technician=key[0], visit=visit.id))
        self._free(key, traveler, second)

    def _finish(self, key: RouteKey, turn: int, stop: Stop, second: int) -> None:
        traveler = self.travelers[key]
        if traveler.turn != turn or traveler.over:
            return
        self._report(WorkFinished, key, stop, second)
        self._free(key, traveler, second)

    def _free(self, key: RouteKey, traveler: Traveler, second: int) -> None:
        traveler.busy, traveler.turn = False, traveler.turn + 1
        self._news(second, "free", key[0])
        if not traveler.busy:
            self._wake(key, traveler.turn, second)

    def _pause(self, key: RouteKey, traveler: Traveler, stop: Stop, second: int) -> None:
        """Take a break where the technician is; unpaid before the start and after the end."""
        traveler.busy, traveler.turn = True, traveler.turn + 1
        turn = traveler.turn
        if traveler.left is not None:
            traveler.paused += stop.duration_s
        self._report(WorkStarted, key, stop, second)
        self._agenda.put(second + stop.duration_s, lambda now: self._finish(key, turn, stop, now))
