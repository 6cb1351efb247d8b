"""Events of a live day, each by hand: what is past, what is under way, what comes when.

The day is that of tests/live_days.py: T1 serves V1 08:10-08:40, V2 from 09:00 (promised 09:00 to
09:30), V3 09:40-10:10 and is back at 10:40; T2 serves V4 08:10-08:40, lunches at V5's place from
11:30 to 12:00, serves V5 from 13:00 and is back at 13:50.
"""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from dispatch.domain import Pin, Priority
from dispatch.domain.traffic import AreaFactor
from dispatch.errors import InvalidRequest
from dispatch.live.apply import wait_until
from dispatch.live.projection import Danger, places_of, project
from dispatch.live.state import Outcome
from tests.days import appointment, at, spot, visit, window
from tests.live_days import PUMP, after, begun
from tests.live_news import (
    TOWN,
    arrived,
    codes,
    dangers,
    departed,
    fact,
    finished,
    other,
    started,
    times,
)


def test_before_anything_happens_the_rest_of_the_day_is_the_plan() -> None:
    assert times(begun()) == ["V1 08:10", "V2 09:00", "V3 09:40", "end 10:40"]
    assert times(begun(), "T2") == ["V4 08:10", "break 11:30", "V5 13:00", "end 13:50"]
    assert times(begun(), "T3") == []
    assert begun().open == ("V7",)
    assert project(begun(), TOWN).dangers == (
        Danger(kind="open", visit="V7", found="nobody", expected="a technician"),
    )


def test_what_nobody_reported_has_not_happened_before_now() -> None:
    late = wait_until(begun(), at("08:30"))
    # T1 still stands at the outlet at 08:30: V1 08:40-09:10, V2 09:20, V3 10:00, back 11:00.
    assert times(late) == ["V1 08:40", "V2 09:20", "V3 10:00", "end 11:00"]
    # At 09:40 V2 cannot be before 09:40 + 10 + 30 + 10 = 10:30, an hour after 09:30.
    assert dangers(wait_until(begun(), at("09:40"))) == [("promise", "V2", 60)]


def test_reports_are_taken_as_they_were_and_the_rest_follows() -> None:
    state = after(begun(), departed("08:05", "V1"), arrived("08:16", "V1"), started("08:20", "V1"))
    # 08:20 + 30 = 08:50, V2 at 09:00 as promised.
    assert times(state) == ["V1 08:20", "V2 09:00", "V3 09:40", "end 10:40"]
    state = after(state, finished("09:15", "V1"))
    assert times(state) == ["V2 09:25", "V3 10:05", "end 11:05"]
    (past,) = state.routes[0].past
    assert (past.stop.visit, past.outcome, past.ended_at) == ("V1", Outcome.DONE, at("09:15"))
    assert (past.stop.departed_at, past.stop.arrived_at) == (at("08:05"), at("08:16"))


def test_an_early_finish_brings_what_follows_forward_but_not_before_its_promise() -> None:
    state = after(begun(), started("08:10", "V1"), finished("08:20", "V1"))
    # At V2's door by 08:30, which opens at 09:00.
    assert times(state)[0] == "V2 09:00"
    eta = project(state, TOWN).find_eta("V2")
    assert eta is not None
    assert (eta.reached, eta.arrival, eta.latest) == (at("08:30"), at("09:00"), at("09:30"))


def test_an_overrun_endangers_the_next_promise_by_the_minutes_missing() -> None:
    state = after(begun(), started("08:10", "V1"))
    longer = other("VisitOverran", "08:30", technician="T1", visit="V1", ends_at=at("09:35"))
    # 09:35 + 10 = 09:45, promised until 09:30: 15 minutes.
    assert dangers(after(state, longer)) == [("promise", "V2", 15)]
    # Nobody said anything by 09:40: it is over at 09:40 at the earliest.
    assert dangers(wait_until(after(state, longer), at("09:40"))) == [("promise", "V2", 20)]


def test_a_technician_may_take_visits_in_another_order() -> None:
    state = after(begun(), departed("08:00", "V3"))
    # V3 is 3 steps away: 08:30-09:00; V1 is 2 steps back: 09:20-09:50; V2 10:00.
    assert times(state) == ["V3 08:30", "V1 09:20", "V2 10:00", "end 10:50"]
    turned = after(state, departed("08:10", "V1"))
    # Turned round where nobody saw it: reckoned from the outlet, 08:10 + 10. V3 by 09:10, but its
    # customer was told 09:40 and is not surprised more than 15 min early.
    assert times(turned)[:2] == ["V1 08:20", "V3 09:25"]


def test_a_position_on_the_way_counts_from_there() -> None:
    state = after(begun(), departed("08:00", "V3"))
    state = after(state, other("TechnicianSeen", "08:20", technician="T1", place=spot(2, 2)))
    # From (2, 2) to (3, 0) are 3 steps: 08:50.
    assert times(state)[0] == "V3 08:50"
    old = other("TechnicianSeen", "08:25", technician="T1", place=spot(5, 5))
    older = fact("TechnicianSeen", "08:10", technician="T1", place=spot(0, 5))
    assert after(state, ("08:25", older)).routes == state.routes
    at_door = after(state, arrived("08:40", "V3"), (("08:45"), old[1]))
    assert times(at_door)[0] == "V3 08:45"


def test_a_break_at_the_door_comes_before_the_work() -> None:
    state = after(begun(), finished("08:40", "V4", "T2"), departed("11:20", "V5", "T2"))
    assert times(state, "T2") == ["break 11:30", "V5 13:00", "end 13:50"]
    state = after(state, arrived("11:35", "V5", "T2"), started("12:40", "break", "T2"))
    # Lunch 12:40-13:10 (its window ended 12:30), then V5.
    assert times(state, "T2") == ["break 12:40", "V5 13:10", "end 14:00"]
    assert ("break", None, 10) in dangers(wait_until(state, at("12:45")))
    state = after(state, finished("13:05", "break", "T2"), started("13:06", "V5", "T2"))
    assert times(state, "T2") == ["V5 13:06", "end 13:56"]
    assert [past.place for past in state.routes[1].past][1] == spot(0, 2)


def test_a_visit_begun_before_the_break_leaves_the_break_for_afterwards() -> None:
    state = after(begun(), finished("08:40", "V4", "T2"), started("09:00", "V5", "T2"))
    # Let in early: V5 09:00-09:30, lunch there at 11:30, back at 12:20.
    assert times(state, "T2") == ["V5 09:00", "break 11:30", "end 12:20"]
    assert not {kind for kind, visit_, _ in dangers(state) if visit_ == "V5" or kind == "break"}
    # The same where only the end of the work was reported.
    state = after(begun(), finished("08:40", "V4", "T2"), finished("09:30", "V5", "T2"))
    assert times(state, "T2") == ["break 11:30", "end 12:20"]


def test_a_sick_technician_leaves_visits_open_and_a_history_that_stays() -> None:
    state = after(begun(), finished("08:40", "V1"), started("09:00", "V2"))
    state = after(state, other("TechnicianSick", "09:10", technician="T1"))
    assert state.open == ("V7", "V2", "V3")
    assert [(p.stop.visit, p.outcome) for p in state.routes[0].past] == [
        ("V1", Outcome.DONE),
        ("V2", Outcome.NOT_DONE),
    ]
    assert (times(state), state.routes[0].away) == ([], True)
    assert codes(state, started("09:20", "V3")) == ["D9112"]
    assert codes(state, other("TechnicianSick", "09:20", technician="T1")) == ["D9112"]
    again = after(state, other("TechnicianBack", "11:00", technician="T1"))
    assert (again.routes[0].away, again.open) == (False, ("V7", "V2", "V3"))
    assert codes(again, other("TechnicianBack", "11:01", technician="T1")) == ["D9113"]


def test_a_late_technician_goes_on_no_earlier() -> None:
    state = after(begun(), other("TechnicianLate", "07:30", technician="T1", until=at("08:45")))
    # 08:45 + 10 = 08:55-09:25, V2 at 09:35: 5 minutes late.
    assert times(state)[:2] == ["V1 08:55", "V2 09:35"]
    assert dangers(state) == [("promise", "V2", 5)]


def test_nobody_opened_and_a_new_appointment_opens_the_visit_again() -> None:
    state = after(begun(), arrived("08:10", "V1"))
    state = after(state, other("CustomerAbsent", "08:15", technician="T1", visit="V1"))
    assert [p.outcome for p in state.routes[0].past] == [Outcome.NOT_DONE]
    assert times(state)[0] == "V2 09:00"
    again = other("AppointmentMoved", "08:30", visit="V1", promises=(appointment("16:00"),))
    assert after(state, again).open == ("V7", "V1")


def test_a_canceled_visit_is_gone_wherever_it_was() -> None:
    for name in ("V3", "V6", "V7"):
        state = after(begun(), other("VisitCanceled", "07:00", visit=name))
        assert state.canceled == (name,)
        assert not state.holders(name)
        assert name not in state.open
        assert codes(state, other("VisitCanceled", "07:01", visit=name)) == ["D9107"]
    whole = after(begun(), *(other("VisitCanceled", "07:00", visit=v) for v in ("V1", "V2", "V3")))
    assert whole.routes[0].ahead == ()
    at_door = after(begun(), arrived("08:10", "V1"), other("VisitCanceled", "08:12", visit="V1"))
    assert [p.outcome for p in at_door.routes[0].past] == [Outcome.NOT_DONE]
    assert times(at_door)[0] == "V2 09:00"


def test_work_under_way_is_not_canceled_moved_or_sent_elsewhere() -> None:
    state = after(begun(), started("08:10", "V1"))
    for wrong in (
        other("VisitCanceled", "08:12", visit="V1"),
        other("AppointmentMoved", "08:12", visit="V1", promises=()),
        other("AddressCorrected", "08:12", visit="V1", place=spot(5, 5)),
    ):
        assert codes(state, wrong) == ["D9106"]
        done = after(state, finished("08:20", "V1"))
        assert codes(done, (("08:30"), wrong[1])) == ["D9107"]


def test_a_moved_appointment_is_held_against_its_new_window() -> None:
    later = (window("10:00", "10:15"), window("16:00", "17:00"))
    state = after(begun(), other("AppointmentMoved", "07:00", visit="V2", promises=later))
    # At the door by 08:50, so the first of the two windows.
    assert times(state)[:3] == ["V1 08:10", "V2 10:00", "V3 10:40"]
    pinned = visit("V8", 1, pin={"arrival": at("12:00"), "technician": "T1"})
    state = after(state, other("VisitAdded", "07:01", visit=pinned))
    state = after(state, other("AppointmentMoved", "07:02", visit="V8", promises=later))
    assert state.day.visits[-1].pin == Pin(technician="T1")


def test_a_corrected_address_is_driven_to_from_where_the_technician_stands() -> None:
    there: dict[str, Any] = {"visit": "V1", "place": spot(1, 3), "access_s": 120}
    state = after(begun(), other("AddressCorrected", "07:00", **there))
    # (0, 0) to (1, 3): 4 steps from 08:00 and 2 min on foot.
    assert times(state)[0] == "V1 08:42"
    state = after(begun(), arrived("08:10", "V1"), other("AddressCorrected", "08:20", **there))
    # From (1, 0): 3 steps from 08:20.
    assert times(state)[0] == "V1 08:52"
    lost = {**there, "place": {"lon": 120.0, "lat": 30.0}}
    assert lost["place"]["lon"] in {
        p.lon for p in places_of(after(begun(), other("AddressCorrected", "07:00", **lost)))
    }
    with pytest.raises(InvalidRequest, match="D9115"):
        times(after(begun(), other("AddressCorrected", "07:00", **lost)))


def test_a_missing_part_is_a_danger_until_it_comes() -> None:
    state = after(begun(), other("PartMissing", "07:00", visit="V2", part="pump"))
    assert dangers(state) == [("part", "V2", 0)]
    again = after(state, other("PartMissing", "07:01", visit="V2", part="pump"))
    assert again.lacks == state.lacks
    there = after(state, other("PartArrived", "07:02", part=PUMP, visit="V2", outlet="O1"))
    assert dangers(there) == []
    assert [(s.part, s.quantity) for s in there.day.outlets[0].stock] == [("pump", 1)]
    assert codes(state, other("PartMissing", "07:03", visit="V1", part="pump")) == ["D9117"]
    assert codes(state, other("PartArrived", "07:03", part=PUMP, outlet="O9")) == ["D9104"]
    with pytest.raises(ValidationError, match="neither a visit nor an outlet"):
        fact("PartArrived", "07:00", part=PUMP)


def test_new_visits_and_emergencies_are_open() -> None:
    urgent = visit("E1", 1, 1, priority=Priority.EMERGENCY, received_at=at("08:30"))
    state = after(begun(), other("EmergencyRaised", "08:30", visit=urgent))
    state = after(state, other("VisitAdded", "08:31", visit=visit("V8", 2, 2)))
    assert state.open == ("V7", "E1", "V8")
    assert codes(state, other("VisitAdded", "08:32", visit=urgent)) == ["D9105"]
    with pytest.raises(ValidationError, match="no emergency"):
        fact("EmergencyRaised", "08:30", visit=visit("V9"))


def test_a_closed_outlet_holds_who_starts_there_and_gives_back_what_it_was_to_serve() -> None:
    closed = other("OutletClosed", "07:00", outlet="O1", start=at("07:00"), end=at("08:20"))
    assert times(after(begun(), closed))[0] == "V1 08:30"
    closed = other("OutletClosed", "07:00", outlet="C1", start=at("07:00"), end=at("20:00"))
    state = after(begun(), closed)
    assert (state.open, state.contracted) == (("V7", "V6"), ())
    with pytest.raises(ValidationError, match="ends before it begins"):
        fact("OutletClosed", "07:00", outlet="O1", start=at("08:00"), end=at("08:00"))


def test_a_contracted_outlet_reports_its_visits_done() -> None:
    state = after(begun(), other("ContractedFinished", "11:00", visit="V6"))
    assert (state.contracted, state.contracted_done) == ((), (("V6", "C1"),))
    assert codes(state, other("ContractedFinished", "11:01", visit="V6")) == ["D9114"]
    assert codes(state, other("VisitCanceled", "11:01", visit="V6")) == ["D9107"]


def test_traffic_asks_for_another_travel_table() -> None:
    area = AreaFactor(
        ring=((121, 31), (121.1, 31), (121.1, 31.1)), start=at("08:00"), end=at("09:00"), percent=50
    )
    state = after(begun(), other("TrafficChanged", "07:00", area=area))
    assert state.travel_changes == 1
    assert state.day.traffic is not None
    assert (state.day.traffic.profile, state.day.traffic.areas) == ("none", (area,))


def test_news_must_fit_what_is_known() -> None:
    working = after(begun(), started("08:10", "V1"))
    assert codes(working, started("08:20", "V2")) == ["D9118"]
    assert codes(working, departed("08:20", "V2")) == ["D9118"]
    assert codes(working, started("08:20", "V1")) == ["D9106"]
    assert codes(working, finished("08:05", "V1")) == ["D9110"]
    assert codes(working, finished("08:30", "V4")) == ["D9108"]
    assert codes(working, finished("08:30", "V99")) == ["D9102"]
    assert codes(working, finished("08:30", "V1", "T9")) == ["D9103"]
    overran = {"visit": "V2", "technician": "T1", "ends_at": at("12:00")}
    assert codes(working, other("VisitOverran", "08:30", **overran)) == ["D9109"]
    done = after(working, finished("08:40", "V1"))
    assert codes(done, started("08:50", "V1")) == ["D9107"]
    assert codes(done, ("08:50", fact("WorkStarted", "08:52", technician="T1", visit="V2"))) == [
        "D9111"
    ]
    with pytest.raises(ValidationError, match="named where"):
        fact("WorkStarted", "08:00", technician="T1")
