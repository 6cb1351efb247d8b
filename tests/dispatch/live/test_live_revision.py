"""Revisions, replays, decisions, crews and pick-ups of a live day; pages and kinds."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from dispatch.domain import Link, OpeningHours, PlanStop
from dispatch.domain.decision import Decided, GivenRoute, GivenStop
from dispatch.domain.disruption import LIVE_KINDS
from dispatch.domain.event import Undone
from dispatch.errors import InvalidRequest
from dispatch.live.apply import HANDLERS, apply, find_undone, replay
from dispatch.live.codes import LiveCode
from dispatch.live.decide import assign
from dispatch.live.decision import REPORTED, decide
from dispatch.live.revision import revise
from dispatch.live.state import LiveState, Stop, begin_day
from tests.days import at, grid_table, outlet, visit
from tests.live_days import after, begun, event, live_day, live_plan
from tests.live_news import (
    TOWN,
    arrived,
    dangers,
    departed,
    fact,
    finished,
    other,
    started,
    times,
)


def test_an_event_of_another_day_is_refused_and_one_applied_twice_changes_nothing() -> None:
    one = event(1, at("08:10"), started("08:10", "V1")[1])
    state = apply(begun(), one)
    assert apply(state, one) == state
    with pytest.raises(InvalidRequest, match="D9101"):
        apply(state, one.model_copy(update={"day": "tuesday", "sequence": 2}))
    strange = event(2, at("09:00"), Undone(undoes=1))
    assert apply(state, strange).routes == state.routes


def test_a_shift_is_over_at_its_end_place() -> None:
    done = (finished("08:40", "V1"), finished("09:30", "V2"), finished("10:10", "V3"))
    state = after(begun(), *done, departed("10:10", "end"))
    assert times(state) == ["end 10:40"]
    state = after(state, arrived("10:45", "end"))
    assert (times(state), state.routes[0].is_over) == ([], True)
    late = after(
        begun(), *done, other("TechnicianLate", "10:10", technician="T1", until=at("20:00"))
    )
    # Shift end 18:00 + 2 h = 20:00; back at 20:30.
    assert dangers(late) == [("overtime", None, 30)]


def test_a_revision_says_what_moved_and_what_is_newly_in_danger() -> None:
    state = after(begun(), started("08:10", "V1"))
    fact_ = fact("VisitOverran", "08:30", technician="T1", visit="V1", ends_at=at("09:35"))
    found = revise(state, event(2, at("08:30"), fact_), TOWN)
    # V2 09:00 -> 09:45, V3 09:40 -> 10:25.
    assert [(m.visit, m.moved_s) for m in found.moved] == [("V2", 2700), ("V3", 2700)]
    assert [(x.kind, x.visit, x.minutes) for x in found.endangered] == [("promise", "V2", 15)]
    assert (found.freed, found.event, found.state.sequence) == ((), 2, 2)
    sick = fact("TechnicianSick", "08:40", technician="T1")
    found = revise(found.state, event(3, at("08:40"), sick), TOWN)
    assert found.freed == ("V1", "V2", "V3")
    assert [(m.visit, m.technician_before, m.technician_after) for m in found.moved] == [
        ("V1", "T1", None), ("V2", "T1", None), ("V3", "T1", None),
    ]  # fmt: skip
    assert [(x.kind, x.visit) for x in found.endangered] == [
        ("open", "V1"), ("open", "V2"), ("open", "V3"),
    ]  # fmt: skip


def test_time_alone_changes_nothing_in_a_revision() -> None:
    added = fact("VisitAdded", "08:30", visit=visit("V8", 2, 2))
    found = revise(begun(), event(1, at("08:30"), added), TOWN)
    assert (found.moved, found.freed) == ((), ("V8",))
    assert [(x.kind, x.visit) for x in found.endangered] == [("open", "V8")]


def test_undone_events_are_left_out_of_a_replay() -> None:
    log = [
        event(1, at("07:00"), fact("VisitCanceled", "07:00", visit="V1")),
        event(2, at("07:01"), fact("VisitCanceled", "07:01", visit="V2")),
        event(3, at("07:02"), Undone(undoes=1)),
        event(4, at("07:03"), Undone(undoes=2)),
        event(5, at("07:04"), Undone(undoes=4)),
    ]
    assert find_undone(log) == {1, 4}
    assert replay(live_day(), live_plan(), log).canceled == ("V2",)


def test_a_plan_of_another_day_or_with_strange_names_is_refused() -> None:
    plan, day = live_plan(), live_day()
    with pytest.raises(InvalidRequest, match="D9116"):
        begin_day(day, plan.model_copy(update={"day": "other"}))
    with pytest.raises(InvalidRequest, match=r"D9116.*V1"):
        begin_day(day.model_copy(update={"visits": day.visits[1:]}), plan)
    without = plan.routes[1].model_copy(
        update={"stops": tuple(s for s in plan.routes[1].stops if s.kind != "break")}
    )
    with pytest.raises(InvalidRequest, match="0 breaks; expected 1 breaks"):
        begin_day(day, plan.model_copy(update={"routes": (plan.routes[0], without)}))


def crew_state() -> LiveState:
    """V1 needs T1 and T2 together; V3 comes 90 min after it; both drive to V1 first."""
    day, plan = live_day(), live_plan()
    together: dict[str, dict[str, Any]] = {
        "V1": {"crew_size": 2},
        "V3": {"links": (Link(after="V1", min_gap_s=5400),)},
    }
    visits = tuple(v.model_copy(update=together.get(v.id, {})) for v in day.visits)
    stops = list(plan.routes[1].stops)
    first: PlanStop = plan.routes[0].stops[1]
    stops.insert(1, first.model_copy(update={"crew": 2}))
    routes = plan.routes[0], plan.routes[1].model_copy(update={"stops": tuple(stops)})
    return begin_day(
        day.model_copy(update={"visits": visits}), plan.model_copy(update={"routes": routes})
    )


def test_a_crew_waits_for_its_last_member_and_a_linked_visit_for_the_gap() -> None:
    state = after(
        crew_state(), other("TechnicianLate", "07:00", technician="T2", until=at("08:20"))
    )
    # T2 is there at 08:30, so both begin then, until 09:00; V3 90 min later, at 10:30.
    assert times(state) == ["V1 08:30", "V2 09:10", "V3 10:30", "end 11:30"]
    assert times(state, "T2")[0] == "V1 08:30"
    assert dangers(state) == []
    begun_alone = after(crew_state(), started("08:10", "V1"))
    late = after(begun_alone, other("TechnicianLate", "08:15", technician="T2", until=at("08:30")))
    # T1 did not wait: 08:10 and 08:40 are 30 min apart.
    assert ("crew", "V1", 30) in dangers(late)


def test_a_crew_without_one_member_is_open_and_what_comes_after_it_in_danger() -> None:
    state = after(crew_state(), other("TechnicianSick", "07:00", technician="T2"))
    assert state.open == ("V7", "V1", "V4", "V5")
    assert times(state) == ["V2 09:00", "V3 09:40", "end 10:40"]
    assert ("link", "V3", 0) in dangers(state)
    at_work = after(crew_state(), started("08:10", "V1"))
    state = after(at_work, other("TechnicianSick", "08:15", technician="T2"))
    assert "V1" not in state.open
    assert ("crew", "V1", 0) in dangers(state)


def test_a_pick_up_waits_for_its_outlet_to_open() -> None:
    day, plan = live_day(), live_plan()
    hours = tuple(OpeningHours(day="mon", opens=at(o).time(), closes=at(c).time())
                  for o, c in (("08:30", "09:00"), ("14:00", "15:00")))  # fmt: skip
    depot = outlet("O2", 1, 0, opening_hours=hours)
    moment = at("08:30")
    pickup = PlanStop(kind="pickup", outlet="O2", leg_s=600, reached=moment, arrival=moment,
                      start=moment, end=at("08:35"))  # fmt: skip
    stops = list(plan.routes[0].stops)
    stops.insert(1, pickup)
    routes = plan.routes[0].model_copy(update={"stops": tuple(stops)}), plan.routes[1]
    state = begin_day(
        day.model_copy(update={"outlets": (*day.outlets, depot)}),
        plan.model_copy(update={"routes": routes}),
    )
    # 300 s from 08:30: V1, at the same place, at 08:35.
    assert times(state)[:2] == ["pickup 08:30", "V1 08:35"]
    shut = other("OutletClosed", "07:00", outlet="O2", start=at("08:00"), end=at("09:30"))
    assert times(after(state, shut))[:2] == ["pickup 14:00", "V1 14:05"]
    shut = other("OutletClosed", "07:00", outlet="O2", start=at("08:00"), end=at("16:00"))
    assert ("pickup", None, 0) in dangers(after(state, shut))


def test_a_decision_moves_what_is_ahead_and_nothing_else() -> None:
    state = after(begun(), departed("08:00", "V1"))
    one, two, three, end = state.routes[0].ahead
    other_stop, home = Stop(kind="visit", visit="V7"), Stop(kind="end")
    moved = assign(state, {("T1", 0): (one, three, end), ("T3", 0): (other_stop, two, home)})
    # V3 could be reached by 09:00; told 09:40, its customer is not surprised before 09:25.
    assert (moved.open, times(moved)) == ((), ["V1 08:10", "V3 09:25", "end 10:25"])
    # V7 at (4, 3) is 7 steps away: 09:10-09:40; V2 5 steps on, 10:30, an hour after 09:30.
    assert times(moved, "T3") == ["V7 09:10", "V2 10:30", "end 11:20"]
    assert dangers(moved) == [("promise", "V2", 60)]
    assert assign(moved, {("T3", 0): ()}).open == ("V7", "V2")


def test_a_decision_that_cannot_be_is_refused_with_every_fault() -> None:
    state = after(begun(), departed("08:00", "V1"), other("VisitCanceled", "08:01", visit="V3"))
    state = after(state, other("TechnicianSick", "08:02", technician="T2"))
    one, two, end = state.routes[0].ahead

    def refused(technician: str, *stops: Stop) -> list[str]:
        with pytest.raises(InvalidRequest) as raised:
            assign(state, {(technician, 0): stops})
        return [fault.code for fault in raised.value.faults]

    assert refused("T1", two, one, end) == ["D9119"]
    assert refused("T1", two, end) == ["D9119"]
    assert refused("T1", one.model_copy(update={"departed_at": at("07:59")}), end) == ["D9119"]
    assert refused("T3", two, end) == ["D9120"]
    assert refused("T1", one, two, two, end) == ["D9120"]
    assert refused("T3", Stop(kind="visit", visit="V3")) == ["D9107"]
    assert refused("T3", Stop(kind="visit", visit="V6")) == ["D9120"]
    assert refused("T3", Stop(kind="visit", visit="V99")) == ["D9102"]
    assert refused("T2", Stop(kind="visit", visit="V7")) == ["D9112"]
    assert refused("T9", Stop(kind="visit", visit="V99")) == ["D9103", "D9102"]


def test_every_kind_has_its_handler_and_reads_back_from_its_payload() -> None:
    assert set(HANDLERS) == {*LIVE_KINDS, Decided}
    one = started("08:10", "V1")[1]
    assert LIVE_KINDS.read(one.kind, json.dumps(one.payload())) == one
    state = after(begun(), started("08:10", "V1"))
    assert LiveState.model_validate_json(state.model_dump_json()) == state


def test_the_page_lists_every_code_and_every_kind() -> None:
    page = (Path(__file__).parents[3] / "docs" / "live-events.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| (D91\d\d) \|", page, re.MULTILINE) == [code.value for code in LiveCode]
    kinds = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    assert set(LIVE_KINDS.by_name) <= set(kinds)


def test_the_town_has_the_travel_times_of_the_day() -> None:
    day = live_day()
    small = grid_table(day)
    for origin in day.visits:
        for target in day.visits:
            assert small.leg("car", origin.place, target.place) == TOWN.leg(
                "car", origin.place, target.place
            )


def test_who_set_out_for_the_end_may_have_a_visit_and_the_end_again_after_it() -> None:
    base = begun()
    route = next(one for one in base.routes if any(stop.visit for stop in one.ahead))
    end = next(stop for stop in route.ahead if stop.kind == "end")
    going = end.model_copy(update={"departed_at": at("09:00")})
    later = next(stop for stop in route.ahead if stop.kind == "visit")
    given = GivenRoute(
        technician=route.technician,
        shift=route.shift,
        stops=tuple(
            GivenStop(**stop.model_dump(exclude=set(REPORTED))) for stop in (end, later, end)
        ),
    )
    before = base.model_copy(
        update={
            "routes": tuple(
                one.model_copy(update={"ahead": (going, later, end)}) if one is route else one
                for one in base.routes
            )
        }
    )
    after = decide(before, Decided(happened_at=at("10:00"), origin="replan", routes=(given,)))
    stops = next(one for one in after.routes if one.technician == route.technician).ahead
    # Only the first way to the end is under way; the one after the visit is not.
    assert [stop.departed_at is not None for stop in stops] == [True, False, False]
