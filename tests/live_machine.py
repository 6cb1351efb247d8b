"""News of a live day by rules, legal and not; the simple model says which is which."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    rule,
)

from dispatch.domain import disruption as d
from dispatch.domain.event import Event, Fact
from dispatch.errors import InvalidRequest
from dispatch.live.apply import apply
from dispatch.live.decision import decision_of
from dispatch.live.projection import Projection, project
from dispatch.live.revision import revise
from dispatch.live.state import LiveState, begin_day
from tests.days import at, spot
from tests.live_days import event, town_table
from tests.live_model import Model, crew_day

TOWN = town_table()
TECHNICIANS = st.sampled_from(["T1", "T2", "T3", "T9"])
EVERY_VISIT = [*(f"V{number}" for number in range(1, 11)), "V99"]
VISITS = st.sampled_from(EVERY_VISIT)
REPORTS = ["depart", "arrive", "start", "start", "finish", "finish", "absent", "overrun"]
SPOTS = st.builds(spot, st.integers(0, 5), st.integers(0, 5))
MINUTES = st.integers(0, 45)


class Reports(RuleBasedStateMachine):
    """Random news, legal and not; the model says which is which."""

    def __init__(self) -> None:
        super().__init__()
        self.day, self.plan = crew_day()
        self.state: LiveState = begin_day(self.day, self.plan)
        self.model = Model()
        self.log: list[Event] = []
        self.before: list[tuple[LiveState, Model]] = []
        self.tried = 0
        self.moment = at("07:30")
        self.histories: dict[tuple[str, int], Any] = {}
        self._found = self.state, project(self.state, TOWN)

    def found(self) -> Projection:
        """Return the rest of the day as it stands; of a state after news what the revision says."""
        if self._found[0] is not self.state:
            self._found = self.state, project(self.state, TOWN)
        return self._found[1]

    def happen(self, minutes: int, name: str, *, legal: bool, **fields: Any) -> bool:
        """Apply a fact; whether it was taken is whether the model calls it legal."""
        self.moment += timedelta(minutes=minutes)
        self.tried += 1
        kind: type[Fact] = getattr(d, name)
        fact = kind.model_validate({"happened_at": self.moment, **fields})
        one = event(self.tried, self.moment, fact)
        if not legal:
            before = self.state.model_dump_json()
            with pytest.raises(InvalidRequest) as refused:
                revise(self.state, one, TOWN)
            assert all(fault.code.startswith("D91") for fault in refused.value.faults)
            assert self.state.model_dump_json() == before
            return False
        revision = revise(self.state, one, TOWN)
        after = revision.state
        assert apply(after, one) == after
        self.before.append((self.state, copy.deepcopy(self.model)))
        self.state, self._found = after, (after, revision.projection)
        self.log.append(one)
        return True

    def decided(self, after: LiveState) -> None:
        """Put a decision in the log: a state that differs in nothing but who has what."""
        fact = decision_of(self.state, after, self.moment, "replan")
        self.tried += 1
        one = event(self.tried, self.moment, fact)
        self.before.append((self.state, copy.deepcopy(self.model)))
        now = {"now": max(self.state.now, self.moment), "sequence": self.tried}
        self.state = apply(self.state, one)
        assert self.state == after.model_copy(update=now)
        self.log.append(one)

    @rule(minutes=st.integers(0, 15), data=st.data())
    def report(self, minutes: int, data: st.DataObject) -> None:
        """Mostly about a visit the technician has: one of the work under way first."""
        model = self.model
        pairs = [(t, name) for t, name in model.works.items() for _ in range(4)]
        pairs += [(t, name) for name, who in sorted(model.has.items()) for t in sorted(who)]
        pairs.append(data.draw(st.tuples(TECHNICIANS, VISITS)))
        technician, name = data.draw(st.sampled_from(pairs))
        getattr(self, f"_{data.draw(st.sampled_from(REPORTS))}")(minutes, technician, name)

    @rule(minutes=st.integers(0, 15), data=st.data())
    def report_again(self, minutes: int, data: st.DataObject) -> None:
        """As often as everything else together."""
        self.report(minutes, data)

    @rule(
        minutes=st.integers(0, 15),
        kind=st.sampled_from(["TechnicianDeparted", "TechnicianArrived", "WorkFinished"]),
        technician=TECHNICIANS,
        what=st.sampled_from(["break", "end"]),
    )
    def report_other(self, minutes: int, kind: str, technician: str, what: str) -> None:
        ahead = [s for r in self.state.routes if r.technician == technician for s in r.ahead]
        stop = next((s for s in ahead if s.kind == what), None)
        legal = stop is not None and technician not in self.model.works
        if stop is not None and kind != "WorkFinished":
            legal = legal and stop.arrived_at is None
            legal = legal and not (kind == "TechnicianDeparted" and stop.is_under_way)
        taken = self.happen(minutes, kind, legal=legal, technician=technician, what=what)
        if taken and what == "end" and kind != "TechnicianDeparted":
            # The shift is over: what is left of it is open.
            for name in [n for n, who in self.model.has.items() if technician in who]:
                self.model.has[name] = self.model.has[name] - {technician}
                self.model.free(name)

    def _depart(self, minutes: int, technician: str, name: str) -> None:
        legal = self.model.can_report(technician, name) and not self._under_way(technician, name)
        self.happen(minutes, "TechnicianDeparted", legal=legal, technician=technician, visit=name)

    def _arrive(self, minutes: int, technician: str, name: str) -> None:
        legal = self.model.can_report(technician, name) and not self._there(technician, name)
        self.happen(minutes, "TechnicianArrived", legal=legal, technician=technician, visit=name)

    def _stop(self, technician: str, name: str) -> Any:
        ahead = (s for r in self.state.routes if r.technician == technician for s in r.ahead)
        return next((s for s in ahead if s.visit == name), None)

    def _under_way(self, technician: str, name: str) -> bool:
        stop = self._stop(technician, name)
        return stop is not None and stop.is_under_way

    def _there(self, technician: str, name: str) -> bool:
        stop = self._stop(technician, name)
        return stop is not None and (stop.arrived_at or stop.started_at) is not None

    def _start(self, minutes: int, technician: str, name: str) -> None:
        model = self.model
        legal = model.can_report(technician, name) and model.works.get(technician) != name
        if self.happen(minutes, "WorkStarted", legal=legal, technician=technician, visit=name):
            model.works[technician] = name

    def _finish(self, minutes: int, technician: str, name: str) -> None:
        model = self.model
        legal = model.can_report(technician, name)
        if self.happen(minutes, "WorkFinished", legal=legal, technician=technician, visit=name):
            self._leave(technician, name)
            model.over[name] = "done"
            model.done.add((technician, name))

    def _leave(self, technician: str, name: str) -> None:
        model = self.model
        model.works.pop(technician, None)
        model.has[name] = model.has[name] - {technician}
        if not model.has[name]:
            del model.has[name]

    def _absent(self, minutes: int, technician: str, name: str) -> None:
        legal = self.model.can_report(technician, name)
        if self.happen(minutes, "CustomerAbsent", legal=legal, technician=technician, visit=name):
            self._leave(technician, name)
            self.model.drop(name)

    def _overrun(self, minutes: int, technician: str, name: str) -> None:
        legal = self.model.works.get(technician) == name
        ends = self.moment + timedelta(minutes=4 * minutes)
        self.happen(
            minutes, "VisitOverran", legal=legal, technician=technician, visit=name, ends_at=ends
        )
