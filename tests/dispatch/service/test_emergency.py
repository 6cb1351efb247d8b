"""Emergencies on the day of tests/live_days.py: one step takes 10 min, a visit 30 min."""

from __future__ import annotations

import threading

import pytest

from dispatch.domain import CostBreakdown, PlanRoute, PlanStatus, PlanStop, Priority, Visit
from dispatch.domain.work_facts import WorkOrderOpened
from dispatch.domain.work_order import Request as CustomerRequest
from dispatch.domain.work_order import WorkState
from dispatch.errors import Conflict, InvalidRequest
from dispatch.live.freeze import Freeze
from dispatch.service.desk import Desk
from dispatch.service.emergency import EmergencyOptions, find_options
from dispatch.service.moves import Move
from dispatch.service.options import Option, OptionEta
from dispatch.service.prepared import with_visit, with_visits
from dispatch.service.ranking import broken_by, ranked
from solver.stop import MaxIterations
from tests.days import at, needs, skills, technician, tiny_day, visit, window
from tests.desks import DeskKit
from tests.live_days import live_plan
from tests.live_news import departed, started


def emergency(name: str = "E1", x: float = 1, y: float = 1, received: str = "08:00") -> Visit:
    moment = at(received)
    return visit(name, x, y, priority=Priority.EMERGENCY, received_at=moment)


def test_the_five_best_ways_say_all_a_dispatcher_asks() -> None:
    kit = DeskKit()
    kit.watch.set("08:00")
    found = kit.desk.emergency("tiny", emergency())
    assert not found.known
    assert found.sequence == 2
    swap, first, second = found.options[:3]
    # T2 goes there and T3 to V5 at 13:00 instead: T2 is back early, and does not wait.
    assert (swap.rung, swap.technicians, swap.displaced) == ("swap", ("T2", "T3"), ("V5",))
    # T2 goes there first, 08:20, and to V4 after it, 09:00 instead of 08:10: of these 50 min 35 are
    # beyond what does not disturb, 1 yuan each; 2 km more at 1.20; T2 waits for V5 anyway.
    assert (first.technician, first.arrival, first.rung) == ("T2", at("08:20"), "slide")
    assert (first.price.disturbed, first.price.travel, first.price.work) == (3500, 240, 0)
    assert {(eta.visit, eta.moved_s, eta.tell) for eta in first.etas} == {
        ("E1", None, True),
        ("V4", 3000, True),
    }
    assert second.rung == "insertion"
    # T3 is free at the outlet and two steps away: 5 min after the 15 owed, 200 yuan each;
    # 20 + 30 + 20 min of work at 40 yuan an hour; 4 km.
    assert (second.technician, second.arrival, second.left_s) == ("T3", at("08:20"), -300)
    price = second.price
    assert (price.emergency_arrival, price.work, price.travel) == (100_000, 4667, 480)
    assert price.total == 105_147
    assert [eta.visit for eta in second.etas] == ["E1"]
    assert {clock.name for clock in found.clocks} >= {"arranged", "emergency_arrival"}
    prices = [option.price.total for option in found.options]
    assert prices == sorted(prices)
    assert {o.technician for o in found.options} == {"T1", "T2", "T3", None}
    assert found.options[-1].outlet == "C1"


def test_an_option_names_every_changed_arrival_as_the_projection_will() -> None:
    kit = DeskKit()
    kit.watch.set("08:00")
    found = kit.desk.emergency("tiny", emergency())
    for option in found.options:
        once = DeskKit()
        once.watch.set("08:00")
        again = once.desk.emergency("tiny", emergency())
        done = once.desk.choose("tiny", again, option.index, once.request("08:00"))
        etas = {(e.visit, e.technician): e for e in done.after.projection.etas if e.visit}
        for told in option.etas:
            eta = etas[told.visit, told.technician]
            assert (eta.arrival, eta.lateness_s) == (told.arrival, told.lateness_s)
        moved = {change.visit for change in done.revision().moved}
        assert moved == {eta.visit for eta in option.etas}


def test_a_visit_added_as_a_row_has_the_options_of_a_day_translated_anew() -> None:
    kit = DeskKit()
    view = kit.desk.view("tiny")
    new = emergency(x=2, y=3, received="07:00")
    row = with_visit(view.prepared(), new, kit.roads)
    anew = with_visits(view.prepared(), [new], kit.roads)
    assert row.guest is not None
    assert anew.guest is None
    assert find_options(row, "E1", 5) == find_options(anew, "E1", 5)


def test_a_way_that_breaks_a_promise_is_never_before_one_as_soon_that_breaks_none() -> None:
    kit = DeskKit()
    kit.watch.set("08:00")
    for x, y in ((1, 1), (2, 1), (3, 2), (0, 3)):
        new = emergency(x=x, y=y)
        options = kit.desk.emergency("tiny", new).options
        for place, one in enumerate(options):
            for later in options[place + 1 :]:
                fewer = len(broken_by(later, "E1")) < len(broken_by(one, "E1"))
                as_soon = -(-later.lateness_s // 60) <= -(-one.lateness_s // 60)
                assert later.technician is None or not (fewer and as_soon)


def test_where_the_cheapest_way_breaks_a_promise_ways_that_break_none_are_looked_for() -> None:
    slide = Option(
        index=0,
        rung="slide",
        technician="T1",
        price=CostBreakdown(total=10),
        technicians=("T1",),
        etas=(OptionEta(visit="V9", technician="T1", arrival=at("09:00"), lateness_s=60),),
    )
    calm = slide.model_copy(update={"rung": "insertion", "etas": ()})
    calm = calm.model_copy(update={"price": CostBreakdown(total=20)})
    later = calm.model_copy(update={"lateness_s": 61, "price": CostBreakdown(total=5)})
    outlet = calm.model_copy(update={"technician": None, "price": CostBreakdown(total=6)})
    assert broken_by(slide, "E1") == ("V9",)
    # By price; but who makes one late comes after who makes nobody late and is as soon.
    assert ranked([outlet, slide, later, calm], emergency()) == [later, outlet, calm, slide]
    late = slide.model_copy(update={"lateness_s": 200})
    assert ranked([late, calm, later], emergency()) == [later, calm, late]
    assert ranked([slide, later], emergency()) == [later, slide]
    dear = later.model_copy(update={"price": CostBreakdown(total=30)})
    assert ranked([slide, dear], emergency()) == [slide, dear]


def crowded_kit() -> DeskKit:
    """A day on which each of two has a promise at 08:10, and nobody can do all the work.

    T1 can do everything but V2, T2 V1 and V2, T3 V2; E1 is for T1 alone.
    """
    promised = (window("08:00", "08:15"),)
    day = tiny_day(
        [
            visit("V1", 1, 0, promises=promised, skills=needs(a=1)),
            visit("V2", 1, 0, promises=promised, skills=needs(b=1)),
        ],
        [
            technician("T1", skills=skills(a=1, e=1)),
            technician("T2", skills=skills(a=1, b=1)),
            technician("T3", skills=skills(b=1)),
        ],
    )
    routes = tuple(
        PlanRoute(technician=name, start=at("08:00"), end=at("08:50"), stops=stops_of(own))
        for name, own in (("T1", "V1"), ("T2", "V2"))
    )
    cost = CostBreakdown()
    plan = live_plan().model_copy(
        update={"routes": routes, "contracted": (), "unassigned": (), "cost": cost}
    )
    kit = DeskKit(day=day, plan=plan.model_copy(update={"status": PlanStatus.FEASIBLE}))
    kit.watch.set("08:00")
    return kit


def stops_of(own: str) -> tuple[PlanStop, ...]:
    """There and back: ten minutes on the way, half an hour of work."""
    return tuple(
        PlanStop(kind=kind, leg_s=leg, reached=at(come), arrival=at(come), start=at(come),
                 end=at(leave), visit=visit_, promise=promise)
        for kind, come, leave, leg, visit_, promise in (
            ("start", "08:00", "08:00", 0, None, None),
            ("visit", "08:10", "08:40", 600, own, "1"),
            ("end", "08:50", "08:50", 600, None, None),
        )
    )  # fmt: skip


def test_a_promise_is_kept_over_a_third_technician_where_two_cannot() -> None:
    kit = crowded_kit()
    new = emergency("E1", 0, 1).model_copy(update={"skills": needs(e=1)})
    first, *others = kit.desk.emergency("tiny", new).options
    # T1 is there at 08:10, T2 takes V1 and T3 V2: all at 08:10, and nobody is late.
    assert (first.technician, first.arrival, first.lateness_s) == ("T1", at("08:10"), 0)
    assert first.technicians == ("T1", "T2", "T3")
    assert set(first.displaced) == {"V1", "V2"}
    assert broken_by(first, "E1") == ()
    # Each of the others breaks a promise, or comes later than the 15 min owed.
    assert others
    assert all(broken_by(one, "E1") or one.lateness_s > 0 for one in others)
    done = kit.desk.choose("tiny", kit.desk.emergency("tiny", new), 0, kit.request("08:00"))
    assert not [eta for eta in done.after.projection.etas if eta.lateness_s]
    holders = {name: [r.technician for r in done.after.state.holders(name)]
               for name in ("E1", "V1", "V2")}  # fmt: skip
    assert holders == {"E1": ["T1"], "V1": ["T2"], "V2": ["T3"]}


def test_choosing_brings_the_visit_into_the_day_and_sends_the_technician() -> None:
    kit = DeskKit()
    kit.watch.set("08:00")
    request = CustomerRequest(order="W1", visit="E1", priority=Priority.EMERGENCY)
    kit.desk.record(
        "tiny", WorkOrderOpened(request=request, happened_at=at("08:00")), kit.request("08:00")
    )
    found = kit.desk.emergency("tiny", emergency())
    mine = next(option for option in found.options if option.technician == "T3")
    done = kit.desk.choose("tiny", found, mine.index, kit.request("08:02"))
    kinds = [event.what.kind for event in done.receipt.events]
    assert kinds == ["emergency_raised", "decided", "work_step_taken"]
    assert done.after.orders["W1"].state is WorkState.DISPATCHED
    assert [route.technician for route in done.after.state.holders("E1")] == ["T3"]
    kit.desk.undo("tiny", kit.request("08:03"))
    assert "E1" not in {one.id for one in kit.desk.view("tiny").state.day.visits}


def test_two_dispatchers_cannot_take_the_same_technician() -> None:
    kit = DeskKit()
    kit.watch.set("08:00")
    mine = kit.desk.emergency("tiny", emergency("E1", 1, 1))
    theirs = kit.desk.emergency("tiny", emergency("E2", 2, 1))
    same, taken = (
        next(o.index for o in found.options if o.technician == "T3") for found in (mine, theirs)
    )
    kit.desk.choose("tiny", theirs, taken, kit.request("08:01", by="dispatcher:wu"))
    with pytest.raises(Conflict, match=r"technician T3: found decided .* by dispatcher:wu"):
        kit.desk.choose("tiny", mine, same, kit.request("08:02"))
    other = next(option for option in mine.options if option.technicians == ("T2",))
    kit.desk.choose("tiny", mine, other.index, kit.request("08:03"))
    state = kit.desk.view("tiny").state
    assert [r.technician for r in state.holders("E1")] == ["T2"]
    assert [r.technician for r in state.holders("E2")] == ["T3"]


def test_of_many_dispatchers_at_once_one_gets_the_technician() -> None:
    kit = DeskKit()
    kit.watch.set("08:00")
    desks = [Desk(kit.store, kit.roads, now=kit.watch) for _ in range(6)]
    asked = [d.emergency("tiny", emergency(f"E{n}", 1, 1)) for n, d in enumerate(desks)]
    requests = [kit.request("08:01", by=f"dispatcher:{n}") for n in range(6)]
    won: list[int] = []
    lost: list[int] = []
    start = threading.Barrier(6)

    def choose(number: int) -> None:
        start.wait()
        try:
            desks[number].choose("tiny", asked[number], 0, requests[number])
        except Conflict:
            lost.append(number)
        else:
            won.append(number)

    threads = [threading.Thread(target=choose, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 5)
    assert kit.store.check_log() == ()
    assert len(kit.desk.view("tiny").state.day.visits) == 8


def option_alone(kit: DeskKit, new: Visit) -> tuple[EmergencyOptions, Option]:
    """The options at 08:00 after what is under way, and the one that changes T2's route only."""
    kit.watch.set("08:00")
    found = kit.desk.emergency("tiny", new, mode="after_current")
    return found, next(option for option in found.options if option.technicians == ("T2",))


def order_of(option: Option) -> list[str]:
    (route,) = option.routes
    return [stop.visit for stop in route.stops if stop.visit is not None]


def record_departures(kit: DeskKit) -> None:
    """T2 sets out for V4, and T1 begins with V1."""
    kit.desk.record("tiny", started("08:10", "V1")[1], kit.request("08:10"))
    kit.desk.record("tiny", departed("08:00", "V4", technician="T2")[1], kit.request("08:10"))


def test_news_and_changes_elsewhere_do_not_make_an_option_stale() -> None:
    kit = DeskKit()
    found, mine = option_alone(kit, visit("E1", 2, 0))
    # V5 is not before 13:00: time enough between the two.
    assert order_of(mine) == ["V4", "E1", "V5"]
    record_departures(kit)
    kit.desk.move("tiny", Move(visit="V3"), kit.request("08:10", by="dispatcher:wu"))
    kit.desk.choose("tiny", found, mine.index, kit.request("08:11"))
    route = kit.desk.view("tiny").state.routes[1]
    assert [stop.visit for stop in route.ahead if stop.visit] == ["V4", "E1", "V5"]
    assert route.ahead[0].departed_at == at("08:00")


def test_an_option_that_sends_who_has_left_elsewhere_is_stale_after_current() -> None:
    kit = DeskKit()
    found, mine = option_alone(kit, emergency())
    assert order_of(mine) == ["E1", "V4", "V5"]
    record_departures(kit)
    with pytest.raises(Conflict, match=r"technician T2: found technician_departed \(event 4\)"):
        kit.desk.choose("tiny", found, mine.index, kit.request("08:11"))
    view = kit.desk.view("tiny")
    assert view.sequence == 4
    assert "E1" not in {one.id for one in view.state.day.visits}


def test_as_soon_as_possible_sends_who_is_on_the_way_elsewhere() -> None:
    kit = DeskKit()
    kit.desk.record("tiny", departed("08:00", "V1")[1], kit.request("08:00"))
    kit.watch.set("08:00")
    soonest = kit.desk.emergency("tiny", emergency("E1", 1, 1))
    after = kit.desk.emergency("tiny", emergency("E1", 1, 1), mode="after_current")
    arrivals = {
        name: next(o.arrival for o in found.options if o.technician == "T1")
        for name, found in (("soonest", soonest), ("after", after))
    }
    # Two steps from the outlet at once; or V1 first: 08:10 + 30 min + one step.
    assert arrivals == {"soonest": at("08:20"), "after": at("08:50")}
    mine = next(o for o in soonest.options if o.technician == "T1")
    kit.desk.choose("tiny", soonest, mine.index, kit.request("08:00"))
    eta = kit.desk.view("tiny").projection.find_eta("E1")
    assert (eta.technician, eta.arrival) == ("T1", at("08:20"))


def test_the_mode_after_current_leaves_the_one_under_way_alone() -> None:
    kit = DeskKit()
    kit.desk.record("tiny", started("08:10", "V1")[1], kit.request("08:10"))
    found = kit.desk.emergency("tiny", emergency(), mode="soonest")
    first = next(option for option in found.options if option.technician == "T1")
    # Work under way is done first: 08:40, one step to (1, 1).
    assert first.arrival == at("08:50")


def test_a_visit_somebody_has_is_refused() -> None:
    kit = DeskKit()
    one = next(v for v in kit.desk.view("tiny").state.day.visits if v.id == "V1")
    with pytest.raises(InvalidRequest, match="D9504"):
        kit.desk.emergency("tiny", one)
    found = kit.desk.emergency("tiny", emergency())
    with pytest.raises(InvalidRequest, match="D9502"):
        kit.desk.choose("tiny", found, 99, kit.request())


def test_an_open_visit_of_the_day_has_its_ways_too() -> None:
    kit = DeskKit()
    view = kit.desk.view("tiny")
    one = next(v for v in view.state.day.visits if v.id == "V7")
    found = kit.desk.emergency("tiny", one)
    assert found.known
    done = kit.desk.choose("tiny", found, 0, kit.request("07:01"))
    assert [event.what.kind for event in done.receipt.events] == ["decided"]
    assert done.after.state.open == ()


def test_a_search_puts_what_it_finds_among_the_options_by_price() -> None:
    kit = DeskKit()
    kit.watch.set("08:00")
    found = kit.desk.emergency("tiny", emergency())
    better = kit.desk.improve("tiny", found, stop=MaxIterations(300))
    assert better.options[0].price.total <= found.options[0].price.total
    prices = [option.price.total for option in better.options]
    assert prices == sorted(prices)
    assert [option.index for option in better.options] == list(range(len(prices)))
    done = kit.desk.choose("tiny", better, 0, kit.request("08:00"))
    assert done.after.projection.find_eta("E1").arrival == better.options[0].arrival


def test_who_is_left_alone_has_no_part_in_any_way() -> None:
    kit = DeskKit()
    kit.watch.set("08:00")
    every = kit.desk.emergency("tiny", emergency(), top=20)
    used = {name for option in every.options for name in option.technicians}
    assert "T2" in used
    alone = Freeze(technicians=("T2",), outlets=("C1",), visits=("V3", "V5"))
    found = kit.desk.emergency("tiny", emergency(), top=20, freeze=alone)
    better = kit.desk.improve("tiny", found, stop=MaxIterations(300), top=20, freeze=alone)
    for option in (*found.options, *better.options):
        assert "T2" not in option.technicians
        assert option.outlet is None
        assert not {*option.displaced, *option.dropped} & {"V3", "V5"}
    # Whoever is left has the same first way as among all.
    first = next(one for one in every.options if one.technicians == found.options[0].technicians)
    assert found.options[0].price == first.price
