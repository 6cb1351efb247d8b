"""Remedies on the day of tests/live_days.py: offered ones can be taken, and are taken whole."""

from __future__ import annotations

import pytest

from dispatch.domain import RemedyKind
from dispatch.domain.disruption import VisitCanceled
from dispatch.errors import Conflict, InvalidRequest
from dispatch.live.current import current_plan
from dispatch.service.moves import Move
from dispatch.service.view import DayView
from tests.days import at, needs, shift, technician, visit, window
from tests.desks import DeskKit, stocked_day

pytestmark = pytest.mark.core


def kit_with(open_visit, *, hours: tuple[str, str] = ("08:00", "18:00")) -> DeskKit:
    """The live day with another V7 and other hours of T3, the only one who is free."""
    day = stocked_day()
    visits = tuple(open_visit if one.id == "V7" else one for one in day.visits)
    people = tuple(
        technician("T3", shifts=(shift(*hours),), max_overtime_s=0) if one.id == "T3" else one
        for one in day.technicians
    )
    return DeskKit(day=day.model_copy(update={"visits": visits, "technicians": people}))


def is_legal(view: DayView) -> bool:
    made = view.prepared()
    return current_plan(view.state, view.projection, made.rest, made.t).legal


def test_a_visit_that_fits_as_the_plan_stands_is_only_given_out() -> None:
    kit = DeskKit()
    found = kit.desk.remedies("tiny", "V7")
    kinds = [one.remedy.kind for one in found.offered]
    assert found.why.summary
    done = kit.desk.apply_remedy(found, kinds.index(RemedyKind.NOTHING), kit.request("07:01"))
    assert [event.what.kind for event in done.receipt.events] == ["decided"]
    assert done.receipt.events[0].what.origin == "remedy"
    view = kit.desk.view("tiny")
    assert view.state.open == ()
    assert is_legal(view)


def test_every_remedy_that_is_offered_can_be_taken() -> None:
    # 09:00 to 09:10 at (4, 3), 70 minutes away: T1 and T2 are busy, T3 begins at 08:30.
    fresh = visit("V7", 4, 3, promises=(window("09:00", "09:10"),))
    kinds = set()
    for index in range(3):
        kit = kit_with(fresh, hours=("08:30", "12:00"))
        found = kit.desk.remedies("tiny", "V7")
        kinds.add(found.offered[index].remedy.kind)
        if found.offered[index].facts is None:
            continue
        done = kit.desk.apply_remedy(found, index, kit.request("07:01"))
        assert done.after.state.open == ()
        assert is_legal(done.after), found.offered[index].remedy
        assert kit.store.check_log() == ()
    assert RemedyKind.WINDOW in kinds


def test_a_wider_window_is_agreed_and_planned_in_one_command_and_undone_whole() -> None:
    fresh = visit("V7", 4, 3, promises=(window("09:00", "09:10"),))
    kit = kit_with(fresh, hours=("08:30", "12:00"))
    found = kit.desk.remedies("tiny", "V7")
    index = next(i for i, one in enumerate(found.offered) if one.remedy.kind is RemedyKind.WINDOW)
    done = kit.desk.apply_remedy(found, index, kit.request("07:01"))
    assert [event.what.kind for event in done.receipt.events] == ["appointment_moved", "decided"]
    promise = next(one for one in done.after.state.day.visits if one.id == "V7").promises[0]
    assert promise.earliest <= found.offered[index].remedy.arrival <= promise.latest
    kit.desk.undo("tiny", kit.request("07:02"))
    view = kit.desk.view("tiny")
    assert view.state.open == ("V7",)
    assert next(one for one in view.state.day.visits if one.id == "V7").promises == fresh.promises


def test_overtime_is_a_waiver_in_the_name_of_whoever_took_the_remedy() -> None:
    # Only T3 may: from 08:00, 70 min there, 30 of work, 70 back: 10:50, 20 minutes late.
    fresh = visit("V7", 4, 3, required=("T3",))
    kit = kit_with(fresh, hours=("08:00", "10:30"))
    found = kit.desk.remedies("tiny", "V7")
    index = next(i for i, one in enumerate(found.offered) if one.remedy.kind is RemedyKind.OVERTIME)
    assert found.offered[index].remedy.overtime_min == 20
    done = kit.desk.apply_remedy(found, index, kit.request("07:01"))
    (event,) = done.receipt.events
    assert [(one.who, one.rule) for one in event.what.waivers] == [
        ("dispatcher:li", "overtime_limit")
    ]
    assert done.after.projection.find_eta("V7").arrival == at("09:10")


def test_what_people_have_to_do_themselves_is_named_and_not_taken() -> None:
    fresh = visit("V7", 4, 3, required=("T3",), skills=needs(gas=1))
    kit = kit_with(fresh)
    found = kit.desk.remedies("tiny", "V7")
    kinds = {one.remedy.kind: index for index, one in enumerate(found.offered)}
    index = kinds[RemedyKind.SKILL]
    with pytest.raises(InvalidRequest, match="D9510"):
        kit.desk.apply_remedy(found, index, kit.request("07:01"))
    with pytest.raises(InvalidRequest, match="D9502"):
        kit.desk.apply_remedy(found, 99, kit.request("07:01"))


def test_somebody_elses_decision_on_the_visit_or_route_comes_first() -> None:
    kit = DeskKit()
    found = kit.desk.remedies("tiny", "V7")
    taker = found.offered[0].remedy.server
    kit.desk.move("tiny", Move(visit="V7", technician=taker), kit.request("07:01", by="wu"))
    with pytest.raises(Conflict, match="D9503"):
        kit.desk.apply_remedy(found, 0, kit.request("07:02"))


def test_a_visit_that_is_canceled_or_with_somebody_has_no_remedies() -> None:
    kit = DeskKit()
    with pytest.raises(InvalidRequest, match="D9504"):
        kit.desk.remedies("tiny", "V1")
    found = kit.desk.remedies("tiny", "V7")
    gone = VisitCanceled(happened_at=at("07:01"), visit="V7")
    kit.desk.record("tiny", gone, kit.request("07:01"))
    with pytest.raises(Conflict, match="D9503"):
        kit.desk.apply_remedy(found, 0, kit.request("07:02"))
