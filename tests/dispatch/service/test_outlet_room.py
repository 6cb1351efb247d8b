"""Two decisions that change different routes and want the same of an outlet."""

from __future__ import annotations

import pytest

from dispatch.domain import Day, PartNeed, Stock, Visit
from dispatch.domain.disruption import OutletClosed, PartMissing
from dispatch.errors import Conflict
from dispatch.live.replan import ReplanMode, Search
from dispatch.service.emergency import EmergencyOptions
from dispatch.service.moves import Move
from dispatch.service.options import Option
from dispatch.service.replans import ReplanRequest
from solver.stop import MaxIterations
from tests.days import at, visit
from tests.desks import EVERYWHERE, DeskKit, stocked_day

pytestmark = pytest.mark.core
PUMPS = (PartNeed(part="pump"),)
QUICK = Search(stop=MaxIterations(200))


def day_with(pumps: int = 1, **capacity: object) -> Day:
    """The live day, so many pumps at outlet O1, and other limits of C1."""
    day = stocked_day()
    outlets = tuple(
        one.model_copy(
            update={"stock": (Stock(part="pump", quantity=pumps),)}
            if one.capacity is None
            else {"capacity": one.capacity.model_copy(update=capacity)}
        )
        for one in day.outlets
    )
    return day.model_copy(update={"outlets": outlets})


def wanting_pump(name: str, x: float, y: float) -> Visit:
    return visit(name, x, y, parts=PUMPS)


def option_of(found: EmergencyOptions, technician: str | None) -> Option:
    """The option that changes this technician's route only; None = the contracted outlet's."""
    alone = () if technician is None else (technician,)
    return next(
        one for one in found.options if one.technician == technician and one.technicians == alone
    )


@EVERYWHERE
def test_the_last_pump_of_an_outlet_is_given_out_once() -> None:
    kit = DeskKit(day=day_with(pumps=1))
    kit.watch.set("08:00")
    mine = kit.desk.emergency("tiny", wanting_pump("E1", 0, 3))
    theirs = kit.desk.emergency("tiny", wanting_pump("E2", 3, 0))
    first, second = option_of(theirs, "T3"), option_of(mine, "T2")
    assert all(
        any(stop.outlet == "O1" for route in one.routes for stop in route.stops)
        for one in (first, second)
    )
    kit.desk.choose("tiny", theirs, first.index, kit.request("08:01", by="dispatcher:wu"))
    sequence = kit.desk.view("tiny").sequence
    words = r"outlet O1: found 2 of pump wanted, .*by dispatcher:wu; expected at most 1"
    with pytest.raises(Conflict, match=words) as error:
        kit.desk.choose("tiny", mine, second.index, kit.request("08:02"))
    assert [fault.code for fault in error.value.faults] == ["D9503"]
    view = kit.desk.view("tiny")
    assert view.sequence == sequence
    assert "E1" not in {one.id for one in view.state.day.visits}


def test_with_two_pumps_both_are_served() -> None:
    kit = DeskKit(day=day_with(pumps=2))
    kit.watch.set("08:00")
    mine = kit.desk.emergency("tiny", wanting_pump("E1", 0, 3))
    theirs = kit.desk.emergency("tiny", wanting_pump("E2", 3, 0))
    kit.desk.choose("tiny", theirs, option_of(theirs, "T3").index, kit.request("08:01"))
    done = kit.desk.choose("tiny", mine, option_of(mine, "T2").index, kit.request("08:02"))
    assert [route.technician for route in done.after.state.holders("E1")] == ["T2"]


def test_a_replan_does_not_take_the_pump_an_emergency_got_meanwhile() -> None:
    day = day_with(pumps=1)
    visits = tuple(
        one.model_copy(update={"parts": PUMPS, "required": ("T2",)}) if one.id == "V7" else one
        for one in day.visits
    )
    kit = DeskKit(day=day.model_copy(update={"visits": visits}))
    found = kit.desk.replan("tiny", ReplanRequest(mode=ReplanMode.FILL_GAPS), QUICK)
    assert [c.after.technician for c in found.diff.changes if c.visit == "V7"] == ["T2"]
    theirs = kit.desk.emergency("tiny", wanting_pump("E2", 3, 0))
    kit.desk.choose("tiny", theirs, option_of(theirs, "T3").index, kit.request("07:01"))
    version = kit.desk.view("tiny").version
    with pytest.raises(Conflict, match="outlet O1: found 2 of pump wanted"):
        kit.desk.accept(found, kit.request("07:02"))
    assert kit.desk.view("tiny").version == version


def test_a_pump_that_turned_out_not_to_be_there_is_not_given_out() -> None:
    kit = DeskKit(day=day_with(pumps=5))
    kit.watch.set("08:00")
    theirs = kit.desk.emergency("tiny", wanting_pump("E2", 3, 0))
    kit.desk.choose("tiny", theirs, option_of(theirs, "T3").index, kit.request("08:01"))
    mine = kit.desk.emergency("tiny", wanting_pump("E1", 0, 3))
    lack = PartMissing(happened_at=at("08:02"), visit="E2", part="pump")
    kit.desk.record("tiny", lack, kit.request("08:02"))
    with pytest.raises(Conflict, match=r"outlet O1: found 2 of pump .*expected at most 0"):
        kit.desk.choose("tiny", mine, option_of(mine, "T2").index, kit.request("08:03"))


def test_what_draws_nothing_more_is_decided_although_an_outlet_is_short() -> None:
    kit = DeskKit(day=day_with(pumps=1))
    kit.watch.set("08:00")
    theirs = kit.desk.emergency("tiny", wanting_pump("E2", 3, 0))
    kit.desk.choose("tiny", theirs, option_of(theirs, "T3").index, kit.request("08:01"))
    mine = kit.desk.emergency("tiny", visit("E1", 2, 0))
    lack = PartMissing(happened_at=at("08:02"), visit="E2", part="pump")
    kit.desk.record("tiny", lack, kit.request("08:02"))
    # T3 still has the pick-up of the pump that is not there ahead, and gets a visit more.
    done = kit.desk.choose("tiny", mine, option_of(mine, "T3").index, kit.request("08:03"))
    assert [route.technician for route in done.after.state.holders("E1")] == ["T3"]


def test_the_last_room_of_a_contracted_outlet_is_given_out_once() -> None:
    # C1 has V6 and room for one more.
    kit = DeskKit(day=day_with(visits_per_day=2))
    kit.watch.set("08:00")
    mine = kit.desk.emergency("tiny", visit("E1", 4, 4))
    theirs = kit.desk.emergency("tiny", visit("E2", 4, 5))
    theirs_at = option_of(theirs, None).index
    kit.desk.choose("tiny", theirs, theirs_at, kit.request("08:01", by="dispatcher:wu"))
    with pytest.raises(Conflict, match=r"outlet C1: found 3 visits.*wu; expected at most 2"):
        kit.desk.choose("tiny", mine, option_of(mine, None).index, kit.request("08:02"))
    # Somebody of our own may still go there.
    kit.desk.choose("tiny", mine, option_of(mine, "T3").index, kit.request("08:03"))


def test_nothing_new_is_given_to_an_outlet_that_closed_meanwhile() -> None:
    kit = DeskKit(day=day_with(pumps=5))
    kit.watch.set("08:00")
    pump = kit.desk.emergency("tiny", wanting_pump("E1", 0, 3))
    away = kit.desk.emergency("tiny", visit("E2", 4, 4))
    for number, name in enumerate(("O1", "C1")):
        shut = OutletClosed(
            happened_at=at("08:01"), outlet=name, start=at("08:01"), end=at("20:00")
        )
        kit.desk.record("tiny", shut, kit.request(f"08:0{number + 1}"))
    with pytest.raises(Conflict, match=r"outlet O1: found closed since"):
        kit.desk.choose("tiny", pump, option_of(pump, "T2").index, kit.request("08:03"))
    with pytest.raises(Conflict, match=r"outlet C1: found closed since"):
        kit.desk.choose("tiny", away, option_of(away, None).index, kit.request("08:03"))
    kit.desk.move("tiny", Move(visit="V3"), kit.request("08:04"))
    assert "V3" in kit.desk.view("tiny").state.open
