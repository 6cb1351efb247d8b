"""Alarms, rounds and days of response clocks; what always holds; the page of clocks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from dispatch.domain import Priority
from dispatch.domain.work_order import StepKind, WorkOrder
from dispatch.domain.work_record import record_step
from dispatch.domain.work_steps import next_steps
from dispatch.standards.clock_rules import RULES, ClockRule
from dispatch.standards.clock_summary import responses_in_time, summarize_clocks
from dispatch.standards.clocks import (
    AlarmRule,
    Clock,
    ClockSettings,
    ClockStatus,
    clocks_of,
)
from dispatch.standards.profile import NAMES, get_profile
from dispatch.standards.work_calendar import WorkCalendar
from tests.clocks import clock
from tests.days import appointment, window
from tests.work_orders import emergency, moment, opened, step, taken, until

RUNNING, MET, MISSED, NONE = ClockStatus


# --- alarms ----------------------------------------------------------------------------------


def test_the_alarm_sounds_a_share_or_a_number_of_minutes_before_the_end() -> None:
    order = opened("08:00")
    # 25 % of 30 min = 7.5 min: 08:22:30. Of 2 h: 30 min: 09:30. At most 60 min by default.
    found = clock(order, "general_response", "08:22:29")
    assert (found.alarm_at, found.alarm) == (moment("08:22:30"), False)
    assert clock(order, "general_response", "08:22:30").alarm
    assert not clock(order, "general_response", "08:30:01").alarm  # missed, not about to be
    assert clock(order, "appointment_agreed", "09:00").alarm_at == moment("09:30")
    # CSP25: 24 h; a quarter would be 6 h, so 60 min: 07:00 on Tuesday.
    assert clock(order, "general_response", "09:00", "csp25").alarm_at == moment("1 07:00")
    named = ClockSettings(alarms={"answered": AlarmRule(minutes=10)})
    found = clock(order, "general_response", "08:20", settings=named)
    assert (found.alarm_at, found.alarm) == (moment("08:20"), True)
    with pytest.raises(ValidationError, match="neither"):
        AlarmRule()


def test_the_alarm_of_a_consultation_counts_working_time() -> None:
    order = opened("17:59:30", kind="consultation")
    # 60 s, a quarter is 15 s: after 45 s of working time, 15 s into Tuesday.
    assert clock(order, "consultation_response", "18:00").alarm_at == moment("1 08:00:15")


# --- reopened, canceled ----------------------------------------------------------------------


def test_a_reopened_order_gets_new_clocks_and_keeps_the_old_verdicts() -> None:
    again = taken(until("close"), ("reopen", "1 09:00"))
    runs = [
        (one.status, one.started_at)
        for one in clocks_of(again, get_profile("t259"), moment("1 09:10"))
        if one.name == "answered" and one.why != "class"
    ]
    assert runs == [(MET, moment("08:00")), (RUNNING, moment("1 09:00"))]


def test_a_visit_not_done_leaves_the_handling_clock_running_through_the_next_round() -> None:
    failed = taken(until("arrive"), ("fail", "10:20"), ("reopen", "10:30"))
    found = [
        one
        for one in clocks_of(failed, get_profile("csq"), moment("11:00"))
        if one.key == "general_handling"
    ]
    assert [(one.status, one.started_at) for one in found] == [(RUNNING, moment("08:00"))]


def test_canceling_withdraws_what_still_runs_and_forgives_nothing() -> None:
    order = taken(opened("08:00"), ("cancel", "09:00"))
    assert clock(order, "appointment_agreed", "12:00").why == "withdrawn"
    missed = clock(order, "general_response", "12:00")
    assert (missed.status, missed.left_s) == (MISSED, -30 * 60)


# --- a day by clause -------------------------------------------------------------------------


def test_a_day_of_four_requests_by_clause() -> None:
    orders = [
        # W1: answered by confirming after 10 min, appointed after 20, arrived in time.
        until("close", opened("08:00", "W1")),
        # W2: answered after 40 min (30 allowed), appointed after 50 min, still waiting.
        taken(opened("09:00", "W2"), ("confirm", "09:40"),
              step("appoint", "09:50", promise=appointment("18:00"))),
        # W3: an emergency arranged after 5 min, reached after 20.
        taken(emergency("10:00", order="W3"), ("dispatch", "10:05"), ("contact", "10:06"),
              ("accept", "10:07"), ("depart", "10:08"), ("arrive", "10:20")),
        # W4: canceled before anything was due.
        taken(opened("11:00", "W4"), ("cancel", "11:10")),
    ]  # fmt: skip
    profile, now = get_profile("t259"), moment("17:00")
    clocks = [one for order in orders for one in clocks_of(order, profile, now)]
    rows = {
        share.clause.key: (share.clause.id, share.running, share.met, share.missed,
                           share.withdrawn, share.share, share.missing)
        for share in summarize_clocks(clocks, profile)
    }  # fmt: skip
    assert rows["general_response"] == ("T259-8.2-b", 0, 1, 1, 1, 50.0, ("W2",))
    assert rows["appointment_agreed"] == ("T259-8.2-b", 0, 2, 0, 1, 100.0, ())
    assert rows["arrival_tolerance"] == ("T259-8.3-a", 1, 1, 0, 0, 100.0, ())
    assert rows["emergency_response"] == ("T259-8.2-a", 0, 1, 0, 0, 100.0, ())
    assert rows["emergency_arrival"] == ("CARD-E15", 0, 0, 1, 0, 0.0, ("W3",))
    assert rows["urgent_parts"] == ("T259-7.3-b", 0, 0, 0, 0, None, ())
    # T259-9-a: of W1, W2 (answered) and W3 (arranged) two in time; W4 was withdrawn.
    rate = responses_in_time(clocks, profile)
    assert (rate.clause.id, rate.met, rate.missed, rate.withdrawn) == ("T259-9-a", 2, 1, 1)


def test_every_rule_has_a_clause_in_some_profile_and_every_figure_is_a_time() -> None:
    for rule in RULES:
        found = [get_profile(name) for name in NAMES if rule.find_key(get_profile(name))]
        assert found, rule.name
        for profile in found:
            clause = profile.clause(rule.find_key(profile) or "")
            assert clause.unit in {"s", "min", "h", "workday"}
            assert clause.bound in {"at_most", "within"}


# --- what always holds -----------------------------------------------------------------------

TRIALS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 90)), min_size=1, max_size=30)
REQUESTS = st.fixed_dictionaries(
    {
        "priority": st.sampled_from(list(Priority)),
        "kind": st.sampled_from(["visit", "consultation"]),
        "customer_class": st.sampled_from(["standard", "vip"]),
        "channel": st.sampled_from(["phone", "online", "other"]),
    }
)


def grown(order: WorkOrder, choice: int, minutes: int, number: int) -> WorkOrder:
    """The order after one of its legal steps, some minutes after the last one."""
    legal = next_steps(order)
    kind = legal[choice % len(legal)]
    ref = f"R{number}" if kind in {StepKind.REQUEST_PART, StepKind.COMPLAIN} else None
    known = order.parts if kind.value.endswith("_part") else order.complaints
    if ref is None and ("part" in kind or "complaint" in kind or kind == "call_back"):
        ref = known[choice % len(known)].id if known else "none"
    when = order.steps[-1].at + timedelta(minutes=minutes)
    fields: dict[str, Any] = {"request_id": f"r{number}"}
    if ref is not None:
        fields["ref"] = ref
    if kind in {StepKind.REQUEST_PART, StepKind.COMPLAIN}:
        word = "urgent" if kind is StepKind.REQUEST_PART else "major"
        fields[word] = choice % 2 == 0
    if kind is StepKind.APPOINT:
        fields["promise"] = window("08:00", "20:00") if choice % 2 else appointment("10:00")
    try:
        return record_step(order, step(kind, when, **fields)).order
    except ValueError:  # a reference that fits nothing here
        return order


def by_run(clocks: tuple[Clock, ...]) -> dict[tuple[object, ...], Clock]:
    started = [one for one in clocks if one.started_at is not None]
    return {(one.name, one.key, one.ref, one.started_at): one for one in started}


@given(st.sampled_from(NAMES), REQUESTS, TRIALS)
def test_a_verdict_once_given_stands_whatever_happens_later(
    name: str, fields: dict[str, str], trials: list[tuple[int, int]]
) -> None:
    profile, order = get_profile(name), opened("08:00", **fields)
    verdicts: dict[tuple[object, ...], Clock] = {}
    for number, (choice, minutes) in enumerate(trials):
        order = grown(order, choice, minutes, number)
        now = order.steps[-1].at
        clocks = by_run(clocks_of(order, profile, now))
        for run, before in verdicts.items():
            if before.status is not RUNNING:
                assert clocks[run].status is before.status
            if before.stopped_at is not None:
                assert clocks[run] == before
        verdicts = clocks
    # And so it is seen from any later moment.
    later = by_run(clocks_of(order, profile, order.steps[-1].at + timedelta(days=30)))
    for run, before in verdicts.items():
        assert later[run].status is (MISSED if before.status is RUNNING else before.status)


@given(
    st.sampled_from(NAMES),
    REQUESTS,
    TRIALS,
    st.lists(st.integers(0, 5 * 24 * 3600), min_size=2, max_size=12),
)
def test_time_left_never_grows(
    name: str, fields: dict[str, str], trials: list[tuple[int, int]], seconds: list[int]
) -> None:
    profile, order = get_profile(name), opened("08:00", **fields)
    for number, (choice, minutes) in enumerate(trials):
        order = grown(order, choice, minutes, number)
    last: dict[tuple[object, ...], int] = {}
    for second in sorted(seconds):
        now = moment("08:00") + timedelta(seconds=second)
        for run, found in by_run(clocks_of(order, profile, now)).items():
            if found.left_s is None:
                continue
            assert found.left_s <= last.get(run, found.left_s)
            last[run] = found.left_s
            assert (found.status is MISSED) == (found.left_s < 0) or found.key == (
                "consultation_response"
            )
            assert found.alarm_at is not None
            assert found.started_at is not None
            assert found.started_at <= found.alarm_at
            assert not found.alarm or found.status is RUNNING


@given(st.integers(0, 14 * 24 * 60), st.integers(1, 40 * 3600))
def test_adding_working_time_and_counting_it_are_inverse(minute: int, seconds: int) -> None:
    calendar = WorkCalendar()
    start = moment("00:00") + timedelta(minutes=minute)
    end = calendar.add_working(start, seconds)
    assert calendar.working_s(start, end) == seconds
    assert calendar.working_s(start, end - timedelta(seconds=1)) == seconds - 1


# --- the page --------------------------------------------------------------------------------

PAGE = Path(__file__).parents[3] / "docs" / "work-orders.md"


def figure(rule: ClockRule, name: str) -> str:
    key = rule.find_key(get_profile(name))
    if key is None:
        return "—"
    clause = get_profile(name).clause(key)
    unit = "working days" if clause.unit == "workday" else clause.unit
    amount = f"{clause.figure:g} {unit}" if clause.figure else "at once"
    return f"{clause.id}: {'±' if clause.bound == 'within' else ''}{amount}"


def row(rule: ClockRule) -> tuple[str, ...]:
    who = [] if len(rule.kinds) == 1 else ["all requests"]
    who += ["consultation"] if rule.kinds == {"consultation"} else []
    if len(rule.priorities) < len(Priority):
        who.append(", ".join(p for p in Priority if p in rule.priorities))
    if rule.customer_class:
        who.append(rule.customer_class)
    if rule.channel:
        who.append(rule.channel)
    if rule.detail:
        who.append(rule.detail[0] if rule.detail[1] else f"not {rule.detail[0]}")
    opens, stops = (
        ", ".join(kind for kind in StepKind if kind in steps) for steps in (rule.opens, rule.stops)
    )
    return (f"`{rule.name}`", "; ".join(who) or "visits", opens, stops, *(
        figure(rule, name) for name in NAMES
    ))  # fmt: skip


def test_the_page_lists_every_clock_with_the_figures_of_the_profiles() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    assert [f"| {' | '.join(row(rule))} |" for rule in RULES] == [
        line for line in lines if line.startswith("| `") and line.count("|") == 9
    ]
