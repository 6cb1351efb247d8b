"""Work orders: what may follow what, what comes twice, late or out of order."""

from __future__ import annotations

import json
import random
import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain import Priority
from dispatch.domain.event import Event, Fact
from dispatch.domain.work_codes import WorkCode
from dispatch.domain.work_facts import WORK_KINDS, WorkOrderOpened, WorkStepTaken, apply_work_event
from dispatch.domain.work_order import StepKind, WorkOrder, WorkState, WorkStep
from dispatch.domain.work_record import (
    Outcome,
    explain_waiting,
    fixed_first_time,
    open_order,
    record_step,
)
from dispatch.domain.work_report import ITEMS, missing_items
from dispatch.domain.work_steps import DETAILS, PHONE, TABLE, next_steps
from dispatch.errors import InvalidRequest
from tests.days import appointment
from tests.work_orders import (
    SMOOTH,
    emergency,
    moment,
    opened,
    report,
    request,
    step,
    taken,
    until,
)

PAGE = Path(__file__).parents[3] / "docs" / "work-orders.md"


def codes(order: WorkOrder, wrong: WorkStep) -> list[str]:
    with pytest.raises(InvalidRequest) as raised:
        record_step(order, wrong)
    return [fault.code for fault in raised.value.faults]


def phone(kind: str, clock: str, recorded: str, **more: object) -> WorkStep:
    return step(kind, clock, recorded=recorded, offline=True, by="technician:T1", **more)


def test_a_smooth_order_passes_every_state_in_order() -> None:
    order, states = opened(), [WorkState.RECEIVED]
    for kind, clock in SMOOTH:
        order = taken(order, (kind, clock))
        states.append(order.state)
    assert states == [state for state in WorkState if state not in {"not_done", "canceled"}]
    assert order.technicians == ("T1",)
    assert order.appointment == appointment("10:00")
    assert [one.at for one in order.steps[1:]] == [moment(clock) for _, clock in SMOOTH]


def test_a_step_names_its_actor_and_both_its_moments() -> None:
    late = phone("arrive", "10:00", "10:40")
    arrived = taken(until("depart"), late).steps[-1]
    assert (arrived.by, arrived.at, arrived.recorded_at) == (
        "technician:T1",
        moment("10:00"),
        moment("10:40"),
    )


ALWAYS = "complain answer_complaint solve_complaint call_back return_part"
PARTS = "review_part issue_part"
LEGAL = {
    "confirm": f"answer appoint dispatch cancel request_part {PARTS}",
    "appoint": f"answer appoint dispatch cancel request_part {PARTS}",
    "dispatch": f"answer appoint dispatch recall contact cancel request_part {PARTS}",
    "contact": f"answer appoint dispatch recall accept cancel request_part {PARTS}",
    "accept": f"answer appoint dispatch recall depart cancel request_part {PARTS}",
    "depart": f"answer appoint dispatch recall arrive fail cancel request_part {PARTS}",
    "arrive": f"answer start fail cancel request_part {PARTS}",
    "start": f"answer finish fail request_part install_part {PARTS}",
    "finish": f"follow_up close reopen {PARTS}",
    "follow_up": f"close reopen {PARTS}",
    "close": "reopen",
}
"""What may follow each step of the smooth order, written by hand."""


@pytest.mark.parametrize("last", [kind for kind, _ in SMOOTH])
def test_every_step_is_legal_exactly_where_it_should_be(last: str) -> None:
    order, legal = until(last), {*LEGAL[last].split(), *ALWAYS.split()}
    assert set(next_steps(order)) == legal
    for kind in set(StepKind) - legal:
        refused = codes(order, step(kind, "17:00"))
        # Only a consultation is finished without having been worked at.
        assert refused == ["D9002" if (last, kind) == ("confirm", "finish") else "D9001"] or (
            refused[0] == "D9001" and kind in {"install_part", "review_part", "issue_part"}
        )


def test_a_request_cannot_be_received_twice_inside_one_order() -> None:
    assert codes(opened(), step("receive", "09:00")) == ["D9001"]


def test_an_illegal_step_names_the_state_and_what_is_legal() -> None:
    with pytest.raises(InvalidRequest) as raised:
        record_step(until("confirm"), step("arrive", "10:00"))
    (fault,) = raised.value.faults
    assert fault.found == "state confirmed"
    assert fault.expected == (
        "one of answer, appoint, dispatch, cancel, request_part, review_part, issue_part, "
        "return_part, complain, answer_complaint, solve_complaint, call_back"
    )


def test_all_faults_of_a_step_come_at_once() -> None:
    # Before the request, ahead of its recording, not from a phone, without its reason, with a
    # word it has no use for; and the order was canceled later, which cannot happen twice.
    wrong = step(
        "cancel", "07:00", recorded="06:00", reason="", urgent=True, offline=True, request_id="x"
    )
    found = codes(taken(opened(), ("cancel", "08:05")), wrong)
    assert found == ["D9003", "D9004", "D9005", "D9006", "D9009", "D9008"]
    again = step("cancel", "09:00", reason="", request_id="y")
    assert codes(taken(opened(), ("cancel", "08:05")), again) == ["D9003", "D9001"]


def test_a_phone_clock_may_be_one_minute_ahead_and_no_more() -> None:
    # 10:01:00 recorded at 10:00:00 is 60 s ahead, 10:01:01 is 61 s.
    order = until("depart")
    kept = record_step(order, phone("arrive", "10:01", "10:00"))
    assert kept.outcome is Outcome.APPLIED
    assert codes(order, phone("arrive", "10:01:01", "10:00")) == ["D9006"]


def test_an_emergency_is_dispatched_at_once_and_others_after_confirming() -> None:
    assert taken(emergency(), ("dispatch", "08:04")).state is WorkState.DISPATCHED
    assert codes(opened(), step("dispatch", "08:04")) == ["D9002"]


def test_a_consultation_makes_no_visit() -> None:
    order = opened(kind="consultation")
    assert codes(taken(order, ("confirm", "08:01")), step("dispatch", "08:04")) == ["D9002"]
    settled = taken(order, ("answer", "08:01"), step("finish", "08:09", report=None))
    assert settled.state is WorkState.DONE


def test_a_visit_is_not_finished_without_a_report() -> None:
    assert codes(until("start"), step("finish", "11:00", report=None)) == ["D9003"]


def test_a_moved_appointment_keeps_the_technician_who_has_to_agree_it_again() -> None:
    moved = taken(until("accept"), step("appoint", "09:00", promise=appointment("14:00")))
    assert (moved.state, moved.technicians) == (WorkState.DISPATCHED, ("T1",))
    assert moved.appointment == appointment("14:00")


def test_a_recalled_technician_leaves_the_appointment_standing() -> None:
    assert taken(until("accept"), ("recall", "09:00")).state is WorkState.APPOINTED
    free = taken(opened(), ("confirm", "08:05"), ("dispatch", "08:06"), ("recall", "08:07"))
    assert (free.state, free.technicians) == (WorkState.CONFIRMED, ())


def test_who_lacks_a_part_is_not_sent() -> None:
    order = taken(until("accept"), ("request_part", "08:50"))
    assert codes(order, step("depart", "09:30")) == ["D9002"]
    order = taken(order, ("review_part", "08:55"), ("issue_part", "09:00"), ("depart", "09:30"))
    order = taken(order, ("arrive", "10:00"), ("start", "10:01"), ("install_part", "10:30"))
    (part,) = order.parts
    assert (part.state, part.reviewed, part.part.part) == ("part_installed", True, "fan")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (("install_part", "10:30"), "D9012"),
        (("issue_part", "10:30", "P9"), "D9010"),
        (("request_part", "10:30", "P1"), "D9011"),
        (("complain", "10:30", "C1"), "D9011"),
        (("call_back", "10:30", "C1"), "D9013"),
        (("solve_complaint", "10:30", "C9"), "D9010"),
    ],
)
def test_a_step_about_a_part_or_a_complaint_must_fit_it(wrong: tuple[str, ...], code: str) -> None:
    order = taken(until("start"), ("request_part", "10:10"), ("complain", "10:11"))
    ref = {"ref": wrong[2]} if len(wrong) > 2 else {}
    assert codes(order, step(wrong[0], wrong[1], request_id="new", **ref)) == [code]


def test_a_part_is_reviewed_once() -> None:
    order = taken(until("start"), ("request_part", "10:10"), ("review_part", "10:12"))
    assert codes(order, step("review_part", "10:13")) == ["D9012"]


def test_a_complaint_goes_from_open_to_called_back_whatever_the_order_does() -> None:
    order = taken(until("close"), ("complain", "17:00"), ("answer_complaint", "17:10"))
    order = taken(order, ("solve_complaint", "18:00"), ("call_back", "18:30"))
    assert order.complaints[0].state == "called_back"
    assert order.state is WorkState.CLOSED


def test_a_reopened_order_starts_over_without_appointment_and_technician() -> None:
    again = taken(until("close"), ("reopen", "17:00"))
    assert (again.state, again.round, again.appointment, again.technicians, again.report) == (
        WorkState.CONFIRMED,
        2,
        None,
        (),
        None,
    )
    assert taken(again, ("appoint", "17:10")).state is WorkState.APPOINTED


def test_the_same_step_twice_changes_nothing_even_recorded_later() -> None:
    order = until("arrive")
    again = step("arrive", "10:00", recorded="11:30")
    repeated = record_step(order, again)
    assert (repeated.outcome, repeated.order) == (Outcome.DUPLICATE, order)


def test_a_request_id_is_not_used_for_another_step() -> None:
    order = until("confirm")
    first = step("appoint", "08:20", request_id="r")
    other = step("appoint", "08:20", request_id="r", promise=appointment("11:00"))
    assert codes(taken(order, first), other) == ["D9007"]


def test_a_phone_step_waits_for_what_came_before_it() -> None:
    order = until("accept")
    started = record_step(order, phone("start", "10:05", "10:06"))
    assert (started.outcome, started.order.state) == (Outcome.WAITING, WorkState.ACCEPTED)
    assert [fault.code for fault in explain_waiting(started.order)] == ["D9001"]
    again = record_step(started.order, phone("start", "10:05", "10:07"))
    assert again.outcome is Outcome.DUPLICATE
    order = taken(started.order, phone("depart", "09:30", "10:10"))
    assert order.state is WorkState.EN_ROUTE
    order = taken(order, phone("arrive", "10:00", "10:11"))
    assert (order.state, order.waiting) == (WorkState.WORKING, ())


def test_what_a_phone_says_does_not_undo_what_the_office_decided() -> None:
    # Done at 10:30 by the phone, recorded at 12:00; canceled by the office at 11:00.
    order = taken(until("arrive"), phone("start", "10:05", "10:06"))
    order = taken(until("arrive"), ("cancel", "11:00"))
    order = taken(order, phone("start", "10:05", "12:00"))
    assert (order.state, len(order.waiting)) == (WorkState.CANCELED, 1)
    (fault,) = explain_waiting(order)
    assert fault.code == "D9008"
    assert fault.found.startswith("cancel of 2026-03-02T03:00:00+00:00")


def test_the_office_cannot_write_itself_a_past_that_did_not_lead_here() -> None:
    backdated = step("cancel", "09:00", recorded="10:30")
    assert codes(until("arrive"), backdated) == ["D9008"]


@given(st.randoms(use_true_random=False), st.lists(st.integers(0, 8), max_size=6))
def test_phone_steps_in_any_order_and_twice_give_the_same_order(
    chance: random.Random, doubled: list[int]
) -> None:
    # Arrive and start in the same second: ties are told apart by what is legal.
    said = [
        ("contact", "08:40"), ("accept", "08:41"), ("depart", "09:30"), ("arrive", "10:00"),
        ("start", "10:00"), ("request_part", "10:20"), ("finish", "11:00"),
    ]  # fmt: skip
    expected = taken(until("dispatch"), *said)
    arrivals = [*said, *(said[i] for i in doubled if i < len(said))]
    chance.shuffle(arrivals)
    order = until("dispatch")
    for position, (kind, clock) in enumerate(arrivals):
        recorded = moment("12:00") + timedelta(minutes=position)
        order = record_step(order, step(kind, clock, recorded=recorded, offline=True)).order
    told = [(one.step, one.at) for one in order.steps]
    assert told == [(one.step, one.at) for one in expected.steps]
    assert (order.state, order.waiting, order.parts) == (WorkState.DONE, (), expected.parts)


@given(st.lists(st.tuples(st.sampled_from(list(StepKind)), st.integers(0, 600)), max_size=25))
def test_no_phone_step_is_ever_lost_and_every_history_is_legal(
    said: list[tuple[StepKind, int]],
) -> None:
    order, kept = opened(priority=Priority.EMERGENCY), 1
    for position, (kind, minute) in enumerate(said):
        offline = kind in PHONE
        when = moment("08:00") + timedelta(minutes=minute)
        one = step(kind, when, recorded=moment("19:00"), offline=offline, request_id=f"r{position}")
        try:
            recorded = record_step(order, one)
        except InvalidRequest:
            assert not offline
            continue
        order = recorded.order
        kept += 1
        assert len(order.steps) + len(order.waiting) == kept
        assert [s.at for s in order.steps] == sorted(s.at for s in order.steps)
        fresh = opened(priority=Priority.EMERGENCY)
        assert taken(fresh, *order.steps[1:]).state is order.state


def test_a_repeat_visit_is_linked_to_a_visit_that_was_done() -> None:
    first = until("close")
    again = step("receive", "2 09:00")
    linked = request("W2", repeat_of="W1")
    assert open_order(linked, again, first).request.repeat_of == "W1"
    for wrong, given_first, code in (
        (linked, None, "D9017"),
        (linked, until("accept"), "D9014"),
        (request("W1", repeat_of="W1"), first, "D9015"),
    ):
        with pytest.raises(InvalidRequest) as raised:
            open_order(wrong, again, given_first)
        assert [fault.code for fault in raised.value.faults] == [code]


def test_a_first_visit_is_no_fix_if_it_failed_was_reopened_or_had_to_be_repeated() -> None:
    month = timedelta(days=30)
    done = until("close")
    linked = request("W2", repeat_of="W1")
    # Done on day 0 at 11:00: 30 days later at 11:00 is inside the warranty, a second later not.
    inside = open_order(linked, step("receive", "30 11:00"), done)
    outside = open_order(linked, step("receive", "30 11:00:01"), done)
    assert fixed_first_time(until("start"), (), month) is None
    assert fixed_first_time(done, (outside,), month) is True
    assert fixed_first_time(done, (inside,), month) is False
    assert fixed_first_time(taken(done, ("reopen", "17:00")), (), month) is False
    assert fixed_first_time(taken(until("arrive"), ("fail", "10:20")), (), month) is False


def test_a_report_names_the_items_of_the_clause_it_does_not_show() -> None:
    assert missing_items(report()) == ()
    bare = report(
        id_shown=False, content_explained=False, price_explained=False, test="not_possible",
        cause=" ", signed_at=None, site_clean=False, waste_handled=False,
    )  # fmt: skip
    assert missing_items(bare) == ITEMS
    assert missing_items(report(test="failed")) == ()


def logged(sequence: int, clock: str, what: Fact) -> Event:
    return Event(
        sequence=sequence,
        at=moment(clock),
        by="dispatcher:li",
        day="monday",
        request_id=f"r{sequence}",
        what=what,
    )


def test_a_log_read_from_its_payloads_makes_the_same_orders() -> None:
    facts: list[Fact] = [WorkOrderOpened(request=request(), happened_at=moment("08:00"))]
    facts += [
        WorkStepTaken(order="W1", step=one.step, happened_at=one.at, details=one.details)
        for one in until("close").steps[1:]
    ]
    orders: dict[str, WorkOrder] = {}
    for number, fact in enumerate(facts, start=1):
        read = WORK_KINDS.read(fact.kind, json.dumps(fact.payload()))
        assert read == fact
        orders = dict(apply_work_event(orders, logged(number, "18:00", read)))
    assert orders["W1"].state is WorkState.CLOSED
    assert {one.recorded_at for one in orders["W1"].steps} == {moment("18:00")}


def test_an_order_is_opened_once_and_known_before_its_steps() -> None:
    first = logged(1, "08:00", WorkOrderOpened(request=request(), happened_at=moment("08:00")))
    orders = apply_work_event({}, first)
    assert apply_work_event(orders, first) == orders
    other = logged(2, "08:01", WorkOrderOpened(request=request(), happened_at=moment("08:00")))
    unknown = logged(3, "08:02", WorkStepTaken(order="W9", step="confirm", happened_at=first.at))
    for event, code in ((other, "D9016"), (unknown, "D9017")):
        with pytest.raises(InvalidRequest) as raised:
            apply_work_event(orders, event)
        assert [fault.code for fault in raised.value.faults] == [code]


def test_the_page_lists_every_code_and_every_row_of_the_table() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^\| (D9\d{3}) \|", page, re.MULTILINE) == [code.value for code in WorkCode]
    written = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| ([^|]*?) ?\|$", page, re.MULTILINE)
    rows = []
    for row in TABLE:
        sources = ", ".join(state for state in WorkState if state in row.sources)
        conditions = ", ".join(row.conditions)
        rows.append((row.step.value, sources, row.target or "stays", conditions))
    shown = {
        "any": ", ".join(WorkState),
        "any but closed, canceled": ", ".join(
            s for s in WorkState if s not in {"closed", "canceled"}
        ),
    }
    assert [(k, shown.get(s, s), t, c) for k, s, t, c in written] == rows
    assert set(DETAILS) <= {row.step for row in TABLE}
