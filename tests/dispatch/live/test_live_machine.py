"""Any sequence of events against a simple model: nothing lost, nobody twice, history stands."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from dispatch.domain import Place, Priority
from dispatch.domain.event import Undone
from dispatch.errors import InvalidRequest
from dispatch.live.accept import accept
from dispatch.live.apply import replay
from dispatch.live.decide import assign
from dispatch.live.freeze import Freeze
from dispatch.live.guard import check_states
from dispatch.live.replan import ReplanMode, Search, propose
from dispatch.live.state import Outcome, Stop
from solver.stop import MaxIterations
from tests.days import at, visit, window
from tests.live_days import event
from tests.live_machine import MINUTES, SPOTS, TECHNICIANS, TOWN, VISITS, Reports
from tests.live_model import follow, frozen_stops_stand


class LiveDay(Reports):
    """Changes nobody planned, decisions, re-plans and undoing, among the news."""

    @precondition(lambda self: len(self.log) % 4 == 3)
    @rule(minutes=MINUTES, technician=TECHNICIANS)
    def sick(self, minutes: int, technician: str) -> None:
        model = self.model
        legal = technician != "T9" and technician not in model.away
        if not self.happen(minutes, "TechnicianSick", legal=legal, technician=technician):
            return
        mine = [name for name, who in model.has.items() if technician in who]
        model.away.add(technician)
        model.works.pop(technician, None)
        for name in mine:
            model.has[name] = model.has[name] - {technician}
            model.free(name)

    @rule(minutes=MINUTES, technician=TECHNICIANS)
    def back(self, minutes: int, technician: str) -> None:
        legal = technician in self.model.away
        if self.happen(minutes, "TechnicianBack", legal=legal, technician=technician):
            self.model.away.discard(technician)

    @rule(minutes=MINUTES, technician=TECHNICIANS, later=st.integers(0, 120))
    def late(self, minutes: int, technician: str, later: int) -> None:
        until = self.moment + timedelta(minutes=minutes + later)
        legal = technician != "T9"
        self.happen(minutes, "TechnicianLate", legal=legal, technician=technician, until=until)

    @rule(minutes=MINUTES, technician=TECHNICIANS, place=SPOTS)
    def seen(self, minutes: int, technician: str, place: Place) -> None:
        legal = technician != "T9"
        self.happen(minutes, "TechnicianSeen", legal=legal, technician=technician, place=place)

    @rule(minutes=MINUTES, name=VISITS, place=SPOTS, urgent=st.booleans())
    def add(self, minutes: int, name: str, place: Place, *, urgent: bool) -> None:
        model, legal = self.model, name not in self.model.known
        new = visit(name).model_copy(update={"place": place})
        if urgent:
            asked = {"priority": Priority.EMERGENCY, "received_at": self.moment}
            new = new.model_copy(update=asked)
        kind = "EmergencyRaised" if urgent else "VisitAdded"
        if self.happen(minutes, kind, legal=legal, visit=new.model_dump()):
            model.known.add(name)
            model.open.add(name)

    @rule(minutes=MINUTES, name=VISITS)
    def cancel(self, minutes: int, name: str) -> None:
        model = self.model
        if self.happen(minutes, "VisitCanceled", legal=model.can_change(name), visit=name):
            model.open.discard(name)
            model.contracted.discard(name)
            model.has.pop(name, None)
            model.over[name] = "canceled"

    @rule(minutes=MINUTES, name=VISITS, hour=st.integers(8, 17))
    def move(self, minutes: int, name: str, hour: int) -> None:
        model, promise = self.model, window(f"{hour}:00", f"{hour + 1}:00")
        legal, told = model.can_change(name), (promise,)
        if (
            self.happen(minutes, "AppointmentMoved", legal=legal, visit=name, promises=told)
            and name not in model.has
            and name not in model.contracted
        ):
            model.open.add(name)

    @rule(minutes=MINUTES, name=VISITS, place=SPOTS)
    def correct(self, minutes: int, name: str, place: Place) -> None:
        legal = self.model.can_change(name)
        self.happen(minutes, "AddressCorrected", legal=legal, visit=name, place=place)

    @rule(minutes=MINUTES, name=VISITS)
    def lack(self, minutes: int, name: str) -> None:
        legal = name == "V2" and self.model.can_change(name)
        self.happen(minutes, "PartMissing", legal=legal, visit=name, part="pump")

    @rule(minutes=MINUTES)
    def supply(self, minutes: int) -> None:
        self.happen(minutes, "PartArrived", legal=True, visit="V2", part={"part": "pump"})

    @rule(minutes=MINUTES, name=st.sampled_from(["O1", "C1", "O9"]), lasts=st.integers(1, 300))
    def close(self, minutes: int, name: str, lasts: int) -> None:
        start = self.moment + timedelta(minutes=minutes)
        end, legal = start + timedelta(minutes=lasts), name != "O9"
        if self.happen(minutes, "OutletClosed", legal=legal, outlet=name, start=start, end=end):
            freed = self.model.contracted if name == "C1" else set()
            self.model.open |= freed
            self.model.contracted -= freed

    @rule(minutes=MINUTES, name=VISITS)
    def contracted_done(self, minutes: int, name: str) -> None:
        legal = name in self.model.contracted
        if self.happen(minutes, "ContractedFinished", legal=legal, visit=name):
            self.model.contracted.discard(name)
            self.model.over[name] = "done"

    @rule(data=st.data())
    def decide(self, data: st.DataObject) -> None:
        """Give an open visit to somebody at work, at the end of the shift."""
        free = [r for r in self.state.routes if not r.away and not r.is_over]
        if not self.state.open or not free:
            return
        route = data.draw(st.sampled_from(free))
        name = data.draw(st.sampled_from(self.state.open))
        stops = [s for s in route.ahead if s.kind != "end" or s.is_under_way]
        ends = [s for s in route.ahead if s.kind == "end" and not s.is_under_way]
        ahead = (*stops, Stop(kind="visit", visit=name), *(ends or [Stop(kind="end")]))
        going = [s for s in route.ahead if s.kind == "end" and s.is_under_way]
        if going or (route.technician, name) in self.model.done:
            return
        decision = {(route.technician, route.shift): ahead}
        done = sum(one == name for _, one in self.model.done)
        if done or name in self.model.over:
            with pytest.raises(InvalidRequest):
                assign(self.state, decision)
            return
        self.decided(assign(self.state, decision))
        self.model.open.discard(name)
        self.model.has[name] = {route.technician}

    @rule(
        mode=st.sampled_from(ReplanMode),
        minutes=st.one_of(st.none(), st.integers(0, 180)),
        next_visits=st.sampled_from([0, 0, 1, 2]),
        technicians=st.sampled_from([(), (), ("T1",), ("T2", "T3")]),
        divert=st.booleans(),
    )
    def replan(
        self,
        mode: ReplanMode,
        minutes: int | None,
        next_visits: int,
        technicians: tuple[str, ...],
        *,
        divert: bool,
    ) -> None:
        """Every revision passes the referee (``propose`` raises otherwise) and is put in force."""
        until = None if minutes is None else self.moment + timedelta(minutes=minutes)
        freeze = Freeze(until=until, next_visits=next_visits, technicians=technicians)
        search = Search(stop=MaxIterations(20))
        before, found = self.state, self.found()
        proposal = propose(
            before, TOWN, freeze=freeze, mode=mode, search=search, projection=found, divert=divert
        )
        taken = accept(before, proposal, TOWN)
        assert check_states(before, taken.state) == []
        frozen_stops_stand(before, found, freeze, taken.state, divert=divert)
        if mode is not ReplanMode.ALL:
            kinds = {change.kind for change in proposal.diff.changes}
            assert kinds <= {"assigned", "contracted", "eta"} | (
                {"order"} if mode is ReplanMode.KEEP_TECHNICIANS else set()
            )
        self.decided(taken.state)
        follow(self.model, proposal)

    @rule(mode=st.sampled_from(ReplanMode))
    def replan_what_is_not_under_way(self, mode: ReplanMode) -> None:
        """As often as with something frozen."""
        self.replan(mode, None, 0, (), divert=False)

    @rule()
    def replan_as_soon_as_possible(self) -> None:
        """Who is on the way may be turned."""
        self.replan(ReplanMode.ALL, None, 0, (), divert=True)

    @precondition(lambda self: len(self.log) % 5 == 4)
    @rule()
    def undo(self) -> None:
        """The log with the last event undone gives the day before it."""
        last = self.log[-1]
        self.tried += 1
        undone = event(self.tried, self.moment, Undone(undoes=last.sequence))
        if isinstance(last.what, Undone):
            return
        self.log.append(undone)
        state, model = self.before.pop()
        self.state = replay(self.day, self.plan, self.log)
        now = {"now": self.state.now, "sequence": self.tried}
        assert self.state == state.model_copy(update=now)
        self.model = model
        self.histories = {(r.technician, r.shift): r.past for r in self.state.routes}
        # What is undone is gone from the log for good here: undoing twice has tests of its own.
        self.log = [one for one in self.log if one not in {last, undone}]

    @precondition(lambda self: self.moment < at("19:00"))
    @rule()
    def an_hour_passes(self) -> None:
        self.moment += timedelta(hours=1)

    @invariant()
    def everybody_has_what_the_model_says(self) -> None:
        has: dict[str, set[str]] = {}
        for route in self.state.routes:
            visits = [stop.visit for stop in route.ahead if stop.visit is not None]
            assert len(visits) == len(set(visits))
            for name in visits:
                has.setdefault(name, set()).add(route.technician)
        assert has == self.model.has
        assert set(self.state.open) == self.model.open
        assert len(self.state.open) == len(self.model.open)
        assert {name for name, _ in self.state.contracted} == self.model.contracted
        canceled = {name for name, how in self.model.over.items() if how == "canceled"}
        assert set(self.state.canceled) == canceled
        # Nobody twice: a visit is on routes, open, with an outlet or canceled, and only one of it.
        places = [set(has), set(self.state.open), self.model.contracted, canceled]
        assert sum(map(len, places)) == len(set().union(*places))
        assert {v.id for v in self.state.day.visits} == self.model.known

    @invariant()
    def work_under_way_is_one_stop_and_history_only_grows(self) -> None:
        works: dict[str, str | None] = {}
        for route in self.state.routes:
            begun = [s.visit for s in route.ahead if s.started_at is not None]
            assert len(begun) <= 1
            if begun:
                works[route.technician] = begun[0]
            going = [s for s in route.ahead if s.kind != "break" and s.is_under_way]
            assert len(going) <= 1
            key = route.technician, route.shift
            known = self.histories.get(key, ())
            assert route.past[: len(known)] == known
            self.histories[key] = route.past
            ended = [past.ended_at for past in route.past]
            assert ended == sorted(ended)
        assert works == self.model.works
        done = {
            (r.technician, p.stop.visit)
            for r in self.state.routes
            for p in r.past
            if p.outcome is Outcome.DONE and p.stop.visit is not None
        }
        assert done == self.model.done

    @invariant()
    def the_rest_comes_after_now_and_one_after_the_other(self) -> None:
        found = self.found()
        free: dict[tuple[str, int], Any] = {}
        for eta in found.etas:
            key = eta.technician, eta.shift
            stop = self._stop(eta.technician, eta.visit) if eta.visit else None
            assert eta.reached <= eta.arrival <= eta.start <= eta.end
            assert eta.end >= self.state.now
            if stop is None or stop.started_at is None:
                assert eta.start >= max(self.state.now, free.get(key, self.state.now))
            else:
                assert eta.start == stop.started_at
            if stop is not None and not stop.is_under_way:
                assert eta.leaves is not None
                assert eta.leaves >= max(self.state.now, free.get(key, self.state.now))
            free[key] = eta.end
            assert eta.lateness_s == 0 or any(
                x.visit == eta.visit and x.kind in {"promise", "horizon"} for x in found.dangers
            )
        assert {x.visit for x in found.dangers if x.kind == "open"} == self.model.open

    def teardown(self) -> None:
        """No event is lost: the log alone gives the same day."""
        again = replay(self.day, self.plan, reversed(self.log))
        now = {"now": self.state.now, "sequence": self.state.sequence}
        assert again.model_copy(update=now) == self.state


def test_any_events_leave_a_day_like_that_of_the_model() -> None:
    run_state_machine_as_test(
        LiveDay, settings=settings(max_examples=60, stateful_step_count=40, deadline=None)
    )


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_ten_thousand_sequences_leave_a_day_like_that_of_the_model() -> None:
    run_state_machine_as_test(
        LiveDay, settings=settings(max_examples=10_000, stateful_step_count=40, deadline=None)
    )
