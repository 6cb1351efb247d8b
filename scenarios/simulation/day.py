"""One simulated day: the truth happens, technicians report, the policy decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from dispatch.domain import DayPlan, Priority
from dispatch.domain.disruption import (
    EmergencyRaised,
    Happening,
    TechnicianSick,
    TrafficChanged,
    VisitAdded,
    VisitCanceled,
)
from dispatch.domain.traffic import AreaFactor
from dispatch.live.apply import wait_until
from dispatch.live.course import Course, Facts
from scenarios.simulation.desk import NOTHING, Desk, RouteKey, StateDesk
from scenarios.simulation.policy import TICK_S, Policy, View
from scenarios.simulation.promises import Words
from scenarios.simulation.road import Agenda, Road, Traveler
from scenarios.simulation.seen import SeenDay
from scenarios.simulation.world import Request, Shock, World, outline


@dataclass(frozen=True, eq=False)
class Lived:
    """A day that is over.

    Attributes
    ----------
    desk
        With the state at the end.
    travelers
        What became of each shift.
    words
        What customers were told.
    heard
        Second each visit was known from.
    canceled
        Visits the customer called off in time.
    decisions
        How often the policy decided.
    """

    world: World
    policy: str
    desk: Desk
    travelers: dict[RouteKey, Traveler]
    words: Words
    heard: dict[str, int]
    canceled: frozenset[str]
    decisions: int


TELL_S = 3 * TICK_S
"""How often somebody looks whose time to be told has come."""

OpenDesk = Callable[[World, DayPlan], Desk]


def open_state_desk(world: World, plan: DayPlan) -> Desk:
    """Open a desk that keeps the state alone."""
    return StateDesk(world.day, plan)


def live_through(
    world: World, plan: DayPlan, policy: Policy, open_desk: OpenDesk = open_state_desk
) -> Lived:
    """Run a day to its end.

    Parameters
    ----------
    plan
        The morning plan of ``world.day``; an empty one for policies without.
    open_desk
        Which desk.
    """
    return _Run(world, policy, open_desk(world, plan)).run()


class _Run:
    def __init__(self, world: World, policy: Policy, desk: Desk) -> None:
        self._world, self._policy, self._desk = world, policy, desk
        self._agenda = Agenda()
        self._words = Words(world.day, 60 * world.chances.told_ahead_min)
        self._seen, self._facts = SeenDay(world.day), Facts(desk.state, world.table)
        self._road = Road(world, desk, self._agenda, self._news)
        self._heard = {visit.id: world.heard[visit.id] for visit in world.day.visits}
        self._canceled: set[str] = set()
        self._pending: int | None = None
        self._fresh: set[str] = set()
        self._decisions = 0

    def run(self) -> Lived:
        world, put = self._world, self._agenda.put
        put(world.opening, self._open)
        for request in world.requests:
            put(request.second, partial(self._ask, request))
        for visit, second in world.cancels.items():
            put(second, partial(self._call_off, visit))
        for person, second in world.sick.items():
            put(second, partial(self._fall_ill, person))
        for shock in world.shocks:
            put(shock.known, partial(self._hear, shock))
        while (coming := self._agenda.pop()) is not None:
            second, act = coming
            if second <= world.clock.horizon_end:
                act(second)
        return Lived(
            world, self._policy.name, self._desk, self._road.travelers, self._words,
            self._heard, frozenset(self._canceled), self._decisions,
        )  # fmt: skip

    def _open(self, second: int) -> None:
        self._tell(second, {(r.technician, r.shift) for r in self._desk.state.routes})
        self._news(second, "opening", "")
        self._road.look(second)
        closing = max((t.line.latest for t in self._road.travelers.values()), default=second)
        for tick in range(second + TICK_S, closing + 1, TICK_S):
            self._agenda.put(tick, self._tick)

    def _tick(self, second: int) -> None:
        """Tell customers whose time has come; let the policy think again."""
        if (second - self._world.opening) % TELL_S == 0:
            self._tell(second, {(r.technician, r.shift) for r in self._desk.state.routes})
        self._news(second, "tick", "")

    def _ask(self, request: Request, second: int) -> None:
        visit = request.visit
        urgent = visit.priority is Priority.EMERGENCY
        at = self._world.clock.moment(second)
        self._heard[visit.id] = second
        fact: Happening = (
            EmergencyRaised(happened_at=at, visit=visit)
            if urgent
            else VisitAdded(happened_at=at, visit=visit)
        )
        self._desk.record(second, fact)
        self._news(second, "emergency" if urgent else "request", visit.id)

    def _call_off(self, visit: str, second: int) -> None:
        if visit not in self._heard or self._road.is_begun(visit):
            return
        self._canceled.add(visit)
        at = self._world.clock.moment(second)
        self._desk.record(second, VisitCanceled(happened_at=at, visit=visit))
        self._news(second, "cancel", visit)

    def _fall_ill(self, person: str, second: int) -> None:
        if all(t.over for (name, _), t in self._road.travelers.items() if name == person):
            return
        self._road.stop_working(person, second)
        at = self._world.clock.moment(second)
        self._desk.record(second, TechnicianSick(happened_at=at, technician=person))
        self._news(second, "sick", person)

    def _hear(self, shock: Shock, second: int) -> None:
        moment = self._world.clock.moment
        end = min(shock.end, self._world.clock.horizon_end)
        if shock.start >= end:
            return
        area = AreaFactor(
            ring=outline(shock), start=moment(shock.start), end=moment(end), percent=shock.percent
        )
        self._desk.record(second, TrafficChanged(happened_at=moment(second), area=area))

    def _news(self, second: int, kind: str, _: str) -> None:
        delay = self._policy.delay(kind)
        self._fresh.add(kind)
        if delay is None:
            return
        when = second + delay
        if delay == 0:
            self._decide(second)
        elif self._pending is None or self._pending > when:
            self._pending = when
            self._agenda.put(when, self._due)

    def _due(self, second: int) -> None:
        if self._pending == second:
            self._decide(second)

    def _decide(self, second: int) -> None:
        self._pending = None
        world, desk = self._world, self._desk
        travelers = self._road.travelers
        idle = tuple(
            key
            for key, t in travelers.items()
            if not (t.busy or t.over) and t.line.earliest <= second < t.line.latest
        )
        fresh, self._fresh = frozenset(self._fresh), set()
        now = wait_until(desk.state, world.clock.moment(second))
        view = View(now, world.table, world.clock, second, fresh, idle, self._words, self._seen)
        choice = self._policy.decide(view)
        self._decisions += 1
        if choice is not NOTHING:
            desk.decide(second, choice)
            self._tell(second, set(choice.ahead))
            self._road.look(second)

    def _tell(self, second: int, keys: set[RouteKey]) -> None:
        state = wait_until(self._desk.state, self._world.clock.moment(second))
        self._words.arrange(second, (visit for visit, _ in state.contracted))
        # Nothing a simulated day meets changes shifts, outlets or settings.
        facts = self._facts = Facts(state, self._world.table, like=self._facts)
        for route in state.routes:
            if (route.technician, route.shift) in keys and route.ahead:
                timed = Course(facts, route, {}).timed()
                self._words.tell(
                    second,
                    [
                        (one.stop.visit, route.technician, one.arrival)
                        for one in timed
                        if one.stop.visit is not None
                    ],
                )
