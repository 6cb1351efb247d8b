"""Appointments and work orders on the day of tests/live_days.py."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dispatch.domain import Priority, Promise
from dispatch.domain.work_order import Request as CustomerRequest
from dispatch.domain.work_order import StepDetails, StepKind, WorkState
from dispatch.errors import InvalidRequest
from dispatch.planning.slots import SlotRequest, windows_of
from dispatch.standards import ClockStatus
from tests.days import at, spot
from tests.desks import DeskKit


def asked(name: str = "N1", x: float = 1, y: float = 1, **fields: object) -> SlotRequest:
    return SlotRequest(id=name, place=spot(x, y), service_s=1800, **fields)


def test_windows_lie_on_a_grid_from_now_on_inside_what_is_asked() -> None:
    day = DeskKit().desk.view("tiny").state.day
    found = windows_of(day, asked(earliest=at("13:10"), latest=at("17:30")), at("09:00"))
    # Full hours, two hours long, shifts end at 18:00.
    assert [(a.astimezone(at("09:00").tzinfo).hour, (b - a)) for a, b in found] == [
        (14, timedelta(hours=2)),
        (15, timedelta(hours=2)),
    ]
    assert windows_of(day, asked(), at("17:00")) == ()


def test_the_best_windows_have_a_technician_and_what_they_cost() -> None:
    kit = DeskKit()
    found = kit.desk.slots(["tiny"], [asked("N1", 0, 2), asked("N2", 3, 0)], top=3)
    assert set(found) == {"N1", "N2"}
    costs = [slot.cost_fen for slot in found["N1"]]
    assert costs == sorted(costs)
    assert len(costs) == 3
    # T2 waits at (0, 2) from 08:50 on, lunch of half an hour aside, until V5 at 13:00: nothing.
    best = found["N1"][0]
    assert (best.technician, best.cost_fen) == ("T2", 0)
    assert kit.desk.view("tiny").sequence == 2


def test_a_window_is_held_and_booked() -> None:
    kit = DeskKit()
    slot = kit.desk.slots(["tiny"], [asked()])["N1"][0]
    done = kit.desk.hold(slot, asked(), "H1", kit.request("07:01"))
    assert [e.what.kind for e in done.receipt.events] == ["visit_added", "decided", "slot_held"]
    assert [hold.id for hold in done.after.holds] == ["H1"]
    eta = done.after.projection.find_eta("N1")
    assert slot.earliest <= eta.arrival <= slot.latest
    kit.desk.book("tiny", "H1", kit.request("07:05"))
    kit.watch.set("07:30")
    assert kit.desk.expire("tiny") == 0
    assert kit.desk.view("tiny").projection.find_eta("N1") is not None
    with pytest.raises(InvalidRequest, match="D9507"):
        kit.desk.book("tiny", "H1", kit.request("07:31"))


def test_a_hold_that_expires_gives_the_window_back() -> None:
    kit = DeskKit()
    slot = kit.desk.slots(["tiny"], [asked()])["N1"][0]
    kit.desk.hold(slot, asked(), "H1", kit.request("07:01"), lasts=timedelta(minutes=5))
    with pytest.raises(InvalidRequest, match="D9508"):
        kit.desk.book("tiny", "H1", kit.request("07:06"))
    assert kit.desk.expire("tiny") == 1
    assert kit.desk.expire("tiny") == 0
    view = kit.desk.view("tiny")
    assert view.projection.find_eta("N1") is None
    assert view.state.canceled == ("N1",)
    again = asked("N2")
    slot = kit.desk.slots(["tiny"], [again])["N2"][0]
    kit.desk.hold(slot, again, "H2", kit.request("07:07"))
    kit.desk.release("tiny", "H2", kit.request("07:08"))
    assert kit.desk.view("tiny").holds == ()


def test_a_window_that_was_taken_meanwhile_is_not_held() -> None:
    kit = DeskKit()
    far = asked("N1", 5, 5, earliest=at("10:00"), latest=at("10:05"), width_min=5, step_min=5)
    (slot, *_) = kit.desk.slots(["tiny"], [far])["N1"]
    for name in ("A", "B", "C"):
        one = far.model_copy(update={"id": name})
        slots = kit.desk.slots(["tiny"], [one])[name]
        if not slots:
            break
        kit.desk.hold(slots[0], one, f"H{name}", kit.request("07:01"))
    with pytest.raises(InvalidRequest, match="D9502"):
        kit.desk.hold(slot, far, "H1", kit.request("07:02"))


def test_a_work_order_goes_its_steps_and_its_clocks_run() -> None:
    kit = DeskKit()
    order = CustomerRequest(order="W1", visit="V7", priority=Priority.URGENT)
    kit.desk.open_order("tiny", order, kit.request("07:00"))
    running = {c.name: c for c in kit.desk.order("tiny", "W1").clocks if c.status == "running"}
    # T259-8.2-b: answered within 30 minutes.
    assert running["answered"].left_s == 1800
    kit.desk.advance("tiny", "W1", StepKind.CONFIRM, kit.request("07:10"))
    promise = Promise(appointment=at("12:00"))
    details = StepDetails(promise=promise)
    kit.desk.advance("tiny", "W1", StepKind.APPOINT, kit.request("07:20"), details=details)
    found = kit.desk.order("tiny", "W1")
    assert found.order.state is WorkState.APPOINTED
    assert StepKind.DISPATCH in found.next_steps
    status = {c.name: c.status for c in found.clocks if c.why == ""}
    assert status["answered"] is ClockStatus.MET
    assert status["arrival"] is ClockStatus.RUNNING
    assert [one.order.id for one in kit.desk.orders("tiny")] == ["W1"]
    with pytest.raises(InvalidRequest):
        kit.desk.advance("tiny", "W1", StepKind.CLOSE, kit.request("07:30"))
    with pytest.raises(InvalidRequest, match="D9509"):
        kit.desk.order("tiny", "W9")
