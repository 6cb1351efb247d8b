"""The desk on the day of tests/live_days.py: one step takes 10 min, a visit 30 min."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dispatch.domain.disruption import EmergencyRaised, TrafficChanged, VisitAdded
from dispatch.domain.traffic import AreaFactor
from dispatch.errors import Conflict, InvalidRequest, StoreError
from dispatch.live.kinds import KINDS
from dispatch.live.store import MemoryStore
from dispatch.service.desk import Desk
from tests.days import at, visit
from tests.desks import EVERYWHERE, DeskKit
from tests.live_news import finished, started

pytestmark = EVERYWHERE


def record(kit: DeskKit, clock: str, news: tuple[str, object]) -> None:
    kit.desk.record(kit.day, news[1], kit.request(clock))


def test_a_day_is_looked_at_to_the_minute_and_projected_once() -> None:
    kit = DeskKit()
    view = kit.desk.view("tiny")
    assert (view.version, view.sequence) == (2, 2)
    assert view.projection.find_eta("V1").arrival == at("08:10")
    assert kit.desk.view("tiny") is view
    kit.watch.set("08:30")
    # T1 did not report leaving: it leaves now, and is there at 08:40.
    assert kit.desk.view("tiny").projection.find_eta("V1").arrival == at("08:40")


def test_news_are_recorded_and_say_what_they_change() -> None:
    kit = DeskKit()
    record(kit, "08:10", started("08:10", "V1"))
    done = kit.desk.record("tiny", finished("08:50", "V1")[1], kit.request("08:50"))
    # 08:50 + 10 min = 09:00, when the promise opens: what is ahead did not move.
    assert [(one.visit, one.after) for one in done.revision().moved] == [("V1", None)]
    assert done.after.projection.find_eta("V2").arrival == at("09:00")
    assert [e.what.kind for e in kit.desk.events("tiny", after=2)] == [
        "work_started",
        "work_finished",
    ]


def test_news_that_do_not_fit_leave_nothing_behind() -> None:
    kit = DeskKit()
    with pytest.raises(InvalidRequest) as error:
        record(kit, "08:10", started("08:10", "V99"))
    assert [fault.code for fault in error.value.faults] == ["D9102"]
    assert kit.desk.view("tiny").sequence == 2


def test_a_command_made_for_an_earlier_moment_is_refused_with_who_did_what() -> None:
    kit = DeskKit()
    record(kit, "08:10", started("08:10", "V1"))
    fact = VisitAdded(happened_at=at("08:11"), visit=visit("V8"))
    with pytest.raises(Conflict, match=r"event 3 \(work_started\) by dispatcher:li"):
        kit.desk.record("tiny", fact, kit.request("08:11"), expected=2)
    assert kit.desk.record("tiny", fact, kit.request("08:11"), expected=3).sequence == 4


def test_repeating_a_request_records_once() -> None:
    kit = DeskKit()
    request = kit.request("08:10")
    first = kit.desk.record("tiny", started("08:10", "V1")[1], request)
    again = kit.desk.record("tiny", started("08:10", "V1")[1], request)
    assert again.receipt.repeated
    assert not first.receipt.repeated
    assert again.sequence == first.sequence == 3


def test_undo_and_redo_step_through_the_own_commands() -> None:
    kit = DeskKit()
    new = VisitAdded(happened_at=at("08:00"), visit=visit("V8"))
    kit.desk.record("tiny", new, kit.request("08:00"))
    theirs = VisitAdded(happened_at=at("08:01"), visit=visit("V9"))
    kit.desk.record("tiny", theirs, kit.request("08:01", by="dispatcher:wu"))
    kit.desk.undo("tiny", kit.request("08:02"))
    assert kit.desk.view("tiny").state.open == ("V7", "V9")
    with pytest.raises(InvalidRequest, match="D9501"):
        kit.desk.undo("tiny", kit.request("08:03"))
    kit.desk.redo("tiny", kit.request("08:04"))
    assert kit.desk.view("tiny").state.open == ("V7", "V8", "V9")
    with pytest.raises(InvalidRequest, match="D9501"):
        kit.desk.redo("tiny", kit.request("08:05"))
    kit.desk.undo("tiny", kit.request("08:06"))
    assert kit.desk.view("tiny").state.open == ("V7", "V9")


def test_what_later_events_are_built_upon_cannot_be_undone() -> None:
    kit = DeskKit()
    record(kit, "08:10", started("08:10", "V1"))
    fact = VisitAdded(happened_at=at("08:00"), visit=visit("V8"))
    kit.desk.record("tiny", fact, kit.request("08:11", by="dispatcher:wu"))
    cancel = {"kind": "visit_canceled", "happened_at": at("08:12"), "visit": "V8"}
    kit.desk.record(
        "tiny",
        KINDS.by_name["visit_canceled"].model_validate(cancel),
        kit.request("08:12"),
    )
    before = kit.desk.view("tiny")
    with pytest.raises(InvalidRequest, match="D9102"):
        kit.desk.undo("tiny", kit.request("08:13"), sequence=4)
    assert kit.desk.view("tiny").standing is before.standing


def test_two_desks_over_one_store_see_each_other() -> None:
    kit = DeskKit()
    other = Desk(kit.store, kit.roads, now=kit.watch)
    other.view("tiny")
    record(kit, "08:10", started("08:10", "V1"))
    assert other.view("tiny").state == kit.desk.view("tiny").state
    other.undo("tiny", kit.request("08:11"))
    assert kit.desk.view("tiny").state.routes == other.view("tiny").state.routes
    assert kit.desk.view("tiny").state.routes[0].under_way is None


def test_a_desk_opened_later_folds_the_same_day_from_the_log() -> None:
    kit = DeskKit()
    record(kit, "08:10", started("08:10", "V1"))
    raised = visit("E1", 2, 2, priority="emergency", received_at=at("08:20"))
    fact = EmergencyRaised(happened_at=at("08:20"), visit=raised)
    kit.desk.record("tiny", fact, kit.request("08:20"))
    options = kit.desk.emergency("tiny", raised)
    kit.desk.choose("tiny", options, 0, kit.request("08:21"))
    later = Desk(kit.store, kit.roads, now=kit.watch)
    assert later.view("tiny").state == kit.desk.view("tiny").state


def test_a_day_without_plan_cannot_be_looked_at() -> None:
    kit = DeskKit()
    with pytest.raises(StoreError, match="S2001"):
        kit.desk.view("tomorrow")
    store = MemoryStore(KINDS)
    day = kit.desk.view("tiny").state.day
    store.execute(kit.request(), lambda writer: writer.open_day(day) and None)
    with pytest.raises(StoreError, match="S2005"):
        Desk(store, kit.roads, now=kit.watch).view("tiny")


def test_slower_streets_make_a_new_table(grid_traffic: object) -> None:
    kit = DeskKit(travel=grid_traffic)
    ring = ((120.9, 30.9), (121.2, 30.9), (121.2, 31.2), (120.9, 31.2))
    area = AreaFactor(ring=ring, start=at("07:00"), end=at("22:00"), percent=50)
    before = kit.desk.view("tiny").projection.find_eta("V1")
    kit.watch.set("07:30")
    fact = TrafficChanged(happened_at=at("07:30"), area=area)
    done = kit.desk.record("tiny", fact, kit.request("07:30"))
    after = done.after.projection.find_eta("V1")
    # At half the speed the way takes twice as long, up to rounding of both to seconds.
    way = before.arrival - before.leaves
    assert abs(after.arrival - after.leaves - 2 * way) <= timedelta(seconds=1)
    assert way > timedelta(minutes=1)
