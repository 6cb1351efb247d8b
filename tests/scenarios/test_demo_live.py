"""The living demo: technicians follow the live day, whoever decides it; calls come as drawn."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import datetime, timedelta

import pytest

from dispatch.domain import Priority
from dispatch.errors import Conflict, Fault
from dispatch.live.kinds import KINDS
from dispatch.live.state import LiveState, Outcome
from dispatch.live.store import MemoryStore, Request
from dispatch.planning.daily import plan_day
from dispatch.service.desk import Desk
from dispatch.service.moves import Allowed, Move
from dispatch.service.view import DayView
from scenarios import demo_live_clock
from scenarios.demo_live_calls import with_callers, with_early_emergency
from scenarios.demo_live_clock import SimulatedClock
from scenarios.demo_live_pilot import Autopilot
from scenarios.demo_live_run import LiveDemo
from scenarios.errors import UnknownInstance
from scenarios.simulation.chances import Chances
from scenarios.simulation.service_desk import OneTable
from scenarios.simulation.world import World, build_world
from solver.stop import MaxIterations
from tests.simulated_day import CALM, MIDNIGHT, make_day, make_table

pytestmark = pytest.mark.core

EVENTFUL = Chances(
    requests=0.4, emergencies=10, cancellations=0.1, absences=0.1, overruns=0.2, sickness=0.3,
    shocks=0,
)  # fmt: skip


def moment(text: str) -> datetime:
    hours, minutes = map(int, text.split(":"))
    return MIDNIGHT + timedelta(hours=hours, minutes=minutes)


class Lived:
    """A small day on the desk of the house, its store in memory."""

    def __init__(self, chances: Chances, *, lunch: bool = False, pilot: bool = False) -> None:
        day = make_day(lunch=lunch)
        table = make_table(day)
        self.world: World = build_world(day, table, chances, seed=3, replication=1)
        self.clock = SimulatedClock(day.horizon_start, day.horizon_end)
        self.desk = Desk(MemoryStore(KINDS), OneTable(table), now=self.clock.now)
        plan = plan_day(self.world.day, table, stop=MaxIterations(300), explain=False)
        self.desk.open_day(self.world.day, plan, self.request("open"))
        self.demo = self.again(pilot=pilot)

    def again(self, *, pilot: bool = False, by_hand: str | None = None) -> LiveDemo:
        self.demo = LiveDemo(self.desk, self.world, self.clock, by_hand=by_hand)
        self.demo.pilot = Autopilot(self.desk, ()) if pilot else None
        return self.demo

    def request(self, name: str) -> Request:
        return Request(id=name, by="dispatcher:li", at=self.clock.now(), content=name)

    @property
    def state(self) -> LiveState:
        return self.desk.view(self.world.day.id).state

    def told(self) -> list[tuple[str, str, str]]:
        events = self.desk.events(self.world.day.id)
        return [(one.what.kind, one.by, one.at.isoformat()) for one in events]

    def done(self) -> dict[str, str]:
        return {
            past.stop.visit: route.technician
            for route in self.state.routes
            for past in route.past
            if past.stop.visit is not None and past.outcome is Outcome.DONE
        }


def test_a_calm_day_is_done_as_it_was_planned() -> None:
    lived = Lived(CALM, lunch=True)
    planned = {s.visit: r.technician for r in lived.state.routes for s in r.ahead if s.visit}
    work = [s for route in lived.state.routes for s in route.ahead if s.kind != "end"]
    lived.demo.live_until(moment("21:59"))
    assert lived.done() == planned
    assert len(planned) == 20
    # Who is home before lunch has it at home and says nothing.
    left = [stop for route in lived.state.routes for stop in route.ahead]
    assert all(stop.kind == "break" for stop in left)
    kinds = Counter(kind for kind, _, _ in lived.told())
    assert kinds["work_finished"] == kinds["work_started"] == len(work) - len(left)
    assert len(work) > len(planned)


def test_an_eventful_day_is_the_same_for_the_same_seed_and_nothing_is_refused(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, "servicenet.demo"):
        one, two = Lived(EVENTFUL, pilot=True), Lived(EVENTFUL, pilot=True)
        for lived in (one, two):
            lived.demo.live_until(moment("21:59"))
    assert one.told() == two.told()
    kinds = Counter(kind for kind, _, _ in one.told())
    assert kinds["emergency_raised"] + kinds["visit_added"] == len(one.world.requests) > 0
    assert kinds["decided"] > 0
    assert caplog.records == []
    assert all(stop.kind == "break" for route in one.state.routes for stop in route.ahead)


def test_a_day_that_was_interrupted_goes_on_as_if_it_had_not_been() -> None:
    whole, parts = Lived(EVENTFUL), Lived(EVENTFUL)
    whole.demo.live_until(moment("15:00"))
    for text in ("09:10", "11:45", "15:00"):
        parts.again().live_until(moment(text))
    assert parts.told() == whole.told()


def test_technicians_do_what_a_person_decides() -> None:
    lived = Lived(CALM)
    lived.demo.live_until(moment("09:00"))
    route = next(r for r in lived.state.routes if len([s for s in r.ahead if s.visit]) > 3)
    visit = [s.visit for s in route.ahead if s.visit][-1]
    other = next(r for r in lived.state.routes if r is not route)
    last = [s.visit for s in other.ahead if s.visit][-1]
    move = Move(visit=visit, technician=other.technician, after=last)
    preview = lived.desk.preview_move("small", move)
    allowed = [Allowed(rule=one.rule, why="agreed") for one in preview.broken]
    lived.desk.move("small", move, lived.request("move"), allowed=allowed)
    lived.demo.live_until(moment("21:59"))
    assert lived.done()[visit] == other.technician


def test_who_is_on_the_way_turns_round_when_sent_elsewhere() -> None:
    lived = Lived(CALM)
    lived.demo.live_until(moment("10:00"))
    spot = lived.world.day.visits[3]
    urgent = spot.model_copy(
        update={
            "id": "E1", "promises": (), "priority": Priority.EMERGENCY,
            "received_at": lived.clock.now(), "told": None,
        }
    )  # fmt: skip
    found = lived.desk.emergency("small", urgent)
    lived.desk.choose("small", found, 0, lived.request("choose"))
    lived.demo.live_until(moment("21:59"))
    assert lived.done()["E1"] == found.options[0].technician
    assert len(lived.done()) == 21


def test_the_autopilot_answers_an_emergency_after_a_minute() -> None:
    lived = Lived(Chances(requests=0, emergencies=10, sickness=0, shocks=0), pilot=True)
    lived.demo.live_until(moment("21:59"))
    events = lived.desk.events("small")
    raised = next(one for one in events if one.what.kind == "emergency_raised")
    decided = next(
        one for one in events if one.what.kind == "decided" and one.sequence > raised.sequence
    )
    assert decided.by == "autopilot"
    assert decided.at - raised.at >= timedelta(seconds=60)


def test_the_autopilot_goes_on_where_a_person_decided_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lived = Lived(Chances(requests=0, emergencies=10, sickness=0, shocks=0), pilot=True)
    asked: list[str] = []

    def too_late(_: DayView, visit: str, *__: object) -> None:
        asked.append(visit)
        lived.demo.pilot._due[visit] = 10**9
        raise Conflict([Fault("S2003", "day small", "a decision", "none", "")])

    monkeypatch.setattr(lived.demo.pilot, "decide", too_late)
    lived.demo.live_until(moment("21:59"))
    assert asked
    assert all(stop.kind == "break" for route in lived.state.routes for stop in route.ahead)


def test_nobody_simulates_who_has_the_phone() -> None:
    lived = Lived(CALM)
    lived.again(by_hand="T1").live_until(moment("12:00"))
    names = {by for _, by, _ in lived.told()}
    assert "technician:T0" in names
    assert "technician:T1" not in names


def test_somebody_who_takes_over_meets_an_emergency_soon() -> None:
    world = Lived(Chances(emergencies=20)).world
    sooner = with_callers(with_early_emergency(world, world.opening + 3600))
    urgent = [r for r in sooner.requests if r.visit.priority is Priority.EMERGENCY]
    assert world.opening + 3600 + 180 in {r.second for r in urgent}
    assert [r.visit.id for r in urgent] == [f"E{n + 1}" for n in range(len(urgent))]
    assert all(r.visit.customer is not None for r in urgent)
    assert all(sooner.heard[r.visit.id] == r.second for r in urgent)


def test_the_clock_stands_runs_and_never_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    wall = [0.0]
    monkeypatch.setattr(demo_live_clock.time, "monotonic", lambda: wall[0])
    clock = SimulatedClock(moment("09:00"), moment("10:00"))
    wall[0] = 50.0
    assert clock.now() == moment("09:00")
    clock.set_rate(60.0)
    wall[0] = 55.0
    assert clock.now() == moment("09:05")
    clock.jump(moment("09:02"))
    assert clock.now() == moment("09:05")
    clock.jump(moment("09:30"))
    clock.set_rate(0.0)
    wall[0] = 99.0
    assert clock.now() == moment("09:30")
    clock.set_rate(300.0)
    wall[0] = 199.0
    assert clock.now() == moment("10:00")
    assert clock.is_over
    with pytest.raises(UnknownInstance, match="rate 2"):
        clock.set_rate(2.0)
