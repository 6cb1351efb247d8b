"""Who makes room for an emergency and goes to a contracted outlet; one step takes 10 min."""

from __future__ import annotations

from typing import Any

from dispatch.domain import CostBreakdown, Day, PlanRoute, PlanStatus, PlanStop, Priority, Visit
from dispatch.live.freeze import Freeze
from dispatch.service.improvement import Improvement, search_improvement
from dispatch.service.options import Option
from dispatch.service.ranking import broken_by
from solver.stop import MaxIterations
from tests.days import at, contracted, outlet, technician, tiny_day, visit, window
from tests.desks import DeskKit
from tests.live_days import live_plan

STOPS = tuple(
    PlanStop(kind=kind, leg_s=leg, reached=at(come), arrival=at(come), start=at(come),
             end=at(leave), visit=name, promise=promise)
    for kind, come, leave, leg, name, promise in (
        ("start", "08:00", "08:00", 0, None, None),
        ("visit", "08:10", "08:40", 600, "V1", "1"),
        ("end", "08:50", "08:50", 600, None, None),
    )
)  # fmt: skip
"""There and back: ten minutes on the way, half an hour of work."""


def emergency() -> Visit:
    """A call of 08:00 ten minutes away that the outlet does not take."""
    at_eight = {"priority": Priority.EMERGENCY, "received_at": at("08:00")}
    return visit("E1", 0, 1, excluded=("C1",), **at_eight)


def outlet_kit(**of_visit: Any) -> DeskKit:
    """A day on which T1 has V1 promised by 08:15 and nobody else works; C1 may serve V1."""
    one = visit("V1", 1, 0, **of_visit)
    day = tiny_day([one], [technician("T1")], [outlet(), contracted("C1", 4, 4)])
    routes = (PlanRoute(technician="T1", start=at("08:00"), end=at("08:50"), stops=STOPS),)
    return kit_of(day, routes)


def kit_of(day: Day, routes: tuple[PlanRoute, ...]) -> DeskKit:
    """The day at 08:00 with these routes planned."""
    plan = live_plan().model_copy(
        update={"routes": routes, "contracted": (), "unassigned": (), "cost": CostBreakdown()}
    )
    kit = DeskKit(day=day, plan=plan.model_copy(update={"status": PlanStatus.FEASIBLE}))
    kit.watch.set("08:00")
    return kit


def test_who_makes_room_goes_to_a_contracted_outlet_which_keeps_the_appointment() -> None:
    kit = outlet_kit(promises=(window("08:00", "08:15"),))
    new = emergency()
    found = kit.desk.emergency("tiny", new)
    first = found.options[0]
    assert (first.technician, first.arrival, first.lateness_s) == ("T1", at("08:10"), 0)
    assert (first.technicians, first.displaced) == (("T1",), ("V1",))
    assert [(one.visit, one.outlet) for one in first.contracted] == [("V1", "C1")]
    assert broken_by(first, "E1") == ()
    # The outlet's price, and that another one comes; T1 is on the way and at work as long.
    assert first.price.contracted == 10_000
    after = kit.desk.choose("tiny", found, 0, kit.request("08:00")).after
    assert dict(after.state.contracted) == {"V1": "C1"}
    assert [r.technician for r in after.state.holders("E1")] == ["T1"]


def test_an_emergency_that_is_reached_in_time_is_not_given_to_an_outlet_that_is_too_late() -> None:
    kit = outlet_kit(priority=Priority.EMERGENCY, received_at=at("08:00"))
    new = emergency()
    found = kit.desk.emergency("tiny", new)
    better = kit.desk.improve("tiny", found, stop=MaxIterations(200))
    # C1 is 15 min and eight steps away from V1, later than the 15 min owed.
    for option in (*found.options, *better.options):
        assert not option.contracted


def test_a_search_that_has_to_be_as_soon_gives_the_emergency_to_nobody_without_a_time() -> None:
    # C1 would take the emergency for its price; T1, who has V1 at the same time, breaks a promise.
    kit = outlet_kit(promises=(window("08:00", "08:15"),), excluded=("C1",))
    new = emergency().model_copy(update={"excluded": ()})
    found = kit.desk.emergency("tiny", new)
    assert {option.technician for option in found.options} == {"T1", None}
    assert found.options[0].technician == "T1"
    searched: list[Option | None] = []

    def search(asked: Improvement) -> Option | None:
        searched.append(search_improvement(asked, MaxIterations(200), seed=0))
        return searched[0]

    kit.desk.improve("tiny", found, search=search)
    # Nobody is there in time and keeps the promise of V1: the search can but leave that out.
    assert [(one.technician, one.dropped) for one in searched if one] == [("T1", ("V1",))]


def test_an_outlet_that_is_left_alone_takes_nobody_who_makes_room() -> None:
    kit = outlet_kit(promises=(window("08:00", "08:15"),))
    for alone in (Freeze(outlets=("C1",)), Freeze(visits=("V1",))):
        for option in kit.desk.emergency("tiny", emergency(), top=20, freeze=alone).options:
            assert not option.contracted


def test_an_outlet_that_is_left_alone_is_not_looked_at_instead_of_other_ways() -> None:
    # Only T1, who has V1, takes the emergency; V1 has to be begun by 08:15, and so has V2, which T2
    # has. T2 takes V1 if T3, who is free, takes V2: longer than giving V1 to C1.
    due = (window("08:00", "08:15"),)
    one = visit("V1", 1, 0, promises=due, excluded=("T3",))
    other = visit("V2", 1, 0, promises=due, excluded=("T1", "C1"))
    people = [technician(name) for name in ("T1", "T2", "T3")]
    day = tiny_day([one, other], people, [outlet(), contracted("C1", 4, 4)])
    first = PlanRoute(technician="T1", start=at("08:00"), end=at("08:50"), stops=STOPS)
    stops = tuple(s.model_copy(update={"visit": "V2"}) if s.visit else s for s in STOPS)
    second = first.model_copy(update={"technician": "T2", "stops": stops})
    kit = kit_of(day, (first, second))
    new = emergency().model_copy(update={"excluded": ("C1", "T2", "T3")})
    shortest = kit.desk.emergency("tiny", new).options[0]
    assert [(one.visit, one.outlet) for one in shortest.contracted] == [("V1", "C1")]
    way = kit.desk.emergency("tiny", new, freeze=Freeze(outlets=("C1",))).options[0]
    assert (way.technicians, way.displaced, way.contracted) == (
        ("T1", "T2", "T3"),
        ("V1", "V2"),
        (),
    )
    assert broken_by(way, "E1") == ()
