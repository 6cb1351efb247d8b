"""Re-plans by hand: what may change in each mode, which promises are kept, who is told.

The day of tests/live_days.py, with the pump V2 needs on T1's van.
"""

from __future__ import annotations

from typing import Any

import pytest

from dispatch.domain import Pin, Priority, Stock, Visit, Waiver
from dispatch.errors import InvalidRequest, RefereeRejected
from dispatch.live.accept import Accepted, ForStop, accept, judge_rest
from dispatch.live.decide import assign
from dispatch.live.freeze import Freeze
from dispatch.live.guard import check_decision, check_states
from dispatch.live.merge import Decision
from dispatch.live.projection import project
from dispatch.live.replan import Proposal, ReplanMode, Search, propose
from dispatch.live.state import LiveState, Stop, begin_day
from dispatch.live.whole import whole_plan
from solver.stop import MaxIterations
from tests.days import at, technician, visit, window
from tests.live_days import after, live_day, live_plan
from tests.live_news import TOWN, departed, finished, other, started, times

SHORT = Search(stop=MaxIterations(200))


def morning(**people: Any) -> LiveState:
    """The day with a pump on T1's van."""
    first, *rest = live_day().technicians
    stocked = first.model_copy(update={"van_stock": (Stock(part="pump", quantity=1),), **people})
    day = live_day().model_copy(update={"technicians": (stocked, *rest)})
    return begin_day(day, live_plan())


def replanned(state: LiveState, mode: ReplanMode = ReplanMode.ALL, **how: Any) -> Proposal:
    return propose(state, TOWN, mode=mode, search=SHORT, **how)


def changes(made: Proposal) -> dict[str, str]:
    return {change.visit: change.kind for change in made.diff.changes}


def added(state: LiveState, new: Visit, clock: str = "07:30") -> LiveState:
    kind = "EmergencyRaised" if new.priority is Priority.EMERGENCY else "VisitAdded"
    return after(state, other(kind, clock, visit=new.model_dump()))


def order_of(taken: Accepted, name: str) -> list[str]:
    ahead = next(r for r in taken.state.routes if r.technician == name).ahead
    return [stop.visit for stop in ahead if stop.visit is not None]


def test_filling_gaps_changes_nobodys_technician_or_order() -> None:
    # V8 beside V1 would be cheaper on the way there: but T1 goes V1, V2, V3 and has room after.
    state = added(morning(), visit("V8", 1, 1))
    made = replanned(state, ReplanMode.FILL_GAPS)
    assert changes(made)["V7"] == changes(made)["V8"] == "assigned"
    assert set(changes(made).values()) <= {"assigned", "eta"}
    taken = accept(state, made, TOWN)
    assert taken.state.open == ()
    assert [one for one in order_of(taken, "T1") if one in {"V1", "V2", "V3"}] == ["V1", "V2", "V3"]
    assert [one for one in order_of(taken, "T2") if one in {"V4", "V5"}] == ["V4", "V5"]


@pytest.mark.parametrize("mandatory", ["first", "by_price"])
def test_a_plan_dearer_than_what_stands_says_what_it_buys(mandatory: str) -> None:
    # V8 was promised until 06:30 and is reached at 08:00 or later: that late it costs more than to
    # leave it out. A day whose mandatory visits come first serves it; by price nobody does.
    before = morning()
    settings = before.day.settings.model_copy(update={"mandatory": mandatory})
    state = before.model_copy(update={"day": before.day.model_copy(update={"settings": settings})})
    state = added(state, visit("V8", 1, 1, promises=(window("06:00", "06:30"),)))
    state = after(state, other("VisitCanceled", "07:30", visit="V7"))
    made = replanned(state, ReplanMode.FILL_GAPS, freeze=Freeze(outlets=("C1",)))
    if mandatory == "by_price":
        assert made.diff.served == ()
        assert made.diff.price["total"] <= 0
        assert "V8" not in changes(made)
        return
    assert made.diff.served == ("V8",)
    assert made.diff.price["total"] > 0
    assert made.diff.price["lateness"] > -made.diff.price["unassigned"] > 0
    (change,) = [one for one in made.diff.changes if one.visit == "V8"]
    assert change.after is not None
    assert change.after.lateness_s >= 90 * 60


def test_keeping_technicians_may_change_the_order_only() -> None:
    # T1 has to pass V3 first: an hour is lost at V1, and V2 is promised until 09:30.
    state = after(morning(), other("AppointmentMoved", "07:00", visit="V1", promises=[
        window("10:00", "10:30").model_dump()]))  # fmt: skip
    made = replanned(state, ReplanMode.KEEP_TECHNICIANS)
    assert set(changes(made).values()) <= {"assigned", "order", "eta"}
    taken = accept(state, made, TOWN)
    # V2 from 09:00, V3 is told 09:40 and V1 is promised from 10:00 on.
    assert order_of(taken, "T1")[0] == "V2"
    assert sorted(order_of(taken, "T1")) >= ["V1", "V2", "V3"]
    assert "lateness" in made.diff.price or made.diff.price["total"] < 0


def test_a_route_against_the_rules_is_left_alone_unless_all_may_change() -> None:
    # Without a pump nobody but C1 may serve V2.
    state = begin_day(live_day(), live_plan())
    made = replanned(state, ReplanMode.FILL_GAPS)
    assert ("T1", 0) in made.frozen.closed
    assert "V2" not in changes(made)
    assert changes(replanned(state, ReplanMode.ALL))["V2"] == "contracted"


def test_a_visit_that_is_hopelessly_late_is_kept_where_everybody_keeps_theirs() -> None:
    # V3 was promised until 07:10, worth less than a minute of lateness: ALL leaves it out.
    state = morning()
    late = {"mandatory": False, "value_fen": 100, "promises": (window("07:00", "07:10"),)}
    visits = [v.model_copy(update=late) if v.id == "V3" else v for v in state.day.visits]
    day = state.day.model_copy(update={"visits": tuple(visits)})
    state = added(state.model_copy(update={"day": day}), visit("V8", 1, 1, required=("T1",)))
    assert changes(replanned(state))["V3"] == "unassigned"
    for mode in (ReplanMode.FILL_GAPS, ReplanMode.KEEP_TECHNICIANS):
        made = replanned(state, mode)
        assert (changes(made)["V8"], made.frozen.closed) == ("assigned", frozenset())
        assert {"V3", "V8"} <= set(order_of(accept(state, made, TOWN), "T1"))


def busy(**fields: Any) -> LiveState:
    """V8 at (2, 1) by T1, promised 08:30-09:05, of which somebody's promise is the price.

    Before V2: V1 until 08:40, 2 steps, V8 09:00-09:30, V2 at 09:40, 10 min late. After V2: 09:40,
    35 min late itself.
    """
    new = visit("V8", 2, 1, required=("T1",), promises=(window("08:30", "09:05"),), **fields)
    return added(morning(), new)


def test_a_promise_that_is_kept_as_things_stand_is_not_sold() -> None:
    # 30 000 fen would pay for V2's 10 000 and for two customers told anew; but V2 would be kept.
    # After V2 it is V8 that costs 30 * 1000 + 5 * 3000 fen: not worth it.
    state = busy(mandatory=False, value_fen=30_000)
    assert "V8" not in changes(replanned(state, ReplanMode.FILL_GAPS))
    for mode in ReplanMode:
        assert replanned(state, mode).diff.broken == ()


def test_a_visit_that_must_be_served_may_cost_a_promise_and_the_diff_says_which() -> None:
    made = replanned(busy(), ReplanMode.KEEP_TECHNICIANS)
    # It is late itself rather than V2.
    assert (changes(made)["V8"], made.diff.broken) == ("assigned", ())
    exactly = busy(pin=Pin(technician="T1", arrival=at("09:00")))
    made = replanned(exactly, ReplanMode.KEEP_TECHNICIANS)
    assert (changes(made)["V8"], made.diff.broken) == ("assigned", ("V2",))
    assert made.diff.price["lateness"] == 10_000
    again = replanned(accept(exactly, made, TOWN).state, ReplanMode.KEEP_TECHNICIANS)
    assert again.diff.broken == ()


def test_an_emergency_may_cost_a_promise_but_no_more_than_it_needs() -> None:
    state = morning()
    new = visit("E1", 2, 1, priority=Priority.EMERGENCY, received_at=at("08:30"), required=("T1",))
    state = after(state, started("08:10", "V1"))
    state = added(state, new, "08:30")
    made = replanned(state, ReplanMode.ALL)
    # Free at 08:40, two steps: 09:00, 15 min late; then V2 at 09:40, 10 min late, or by C1.
    stop = next(s for r in made.plan.routes for s in r.stops if s.visit == "E1")
    assert stop.arrival == at("09:00")
    assert set(made.diff.broken) <= {"V2"}


def test_who_is_on_the_way_goes_to_an_emergency_if_asked_to() -> None:
    state = after(morning(), departed("08:00", "V1"))
    new = visit("E1", 0, 1, priority=Priority.EMERGENCY, received_at=at("08:01"), required=("T1",))
    state = added(state, new, "08:01")
    first = replanned(state)
    soon = replanned(state, divert=True)
    arrival = {
        name: next(s for r in made.plan.routes for s in r.stops if s.visit == "E1").arrival
        for name, made in (("after", first), ("soon", soon))
    }
    # V1 until 08:40, 2 steps; or from the outlet at 08:01, 1 step.
    assert arrival == {"after": at("09:00"), "soon": at("08:11")}
    taken = accept(state, soon, TOWN)
    assert check_states(state, taken.state) == []
    assert order_of(taken, "T1")[0] == "E1"


def test_a_frozen_visit_keeps_its_arrival_though_the_technician_has_less_to_do() -> None:
    state = after(morning(), other("VisitCanceled", "07:30", visit="V2"))
    taken = accept(state, replanned(state, freeze=Freeze(visits=("V3",))), TOWN)
    eta = taken.projection.find_eta("V3")
    # V1 until 08:40, two steps to V3: there by 09:00; told 09:40, 09:25 would do.
    assert eta is not None
    before = project(state, TOWN).find_eta("V3")
    assert before is not None
    assert (eta.technician, eta.arrival) == ("T1", before.arrival)


def test_frozen_visits_nobody_has_stay_open_and_frozen_outlets_as_they_are() -> None:
    open_to_all = replanned(morning())
    assert {one.visit for one in open_to_all.diff.changes} >= {"V6", "V7"}
    frozen = replanned(morning(), freeze=Freeze(visits=("V7",), outlets=("C1",)))
    assert not {one.visit for one in frozen.diff.changes} & {"V6", "V7"}
    assert frozen.plan.contracted == ()
    assert accept(morning(), frozen, TOWN).state.contracted == (("V6", "C1"),)


def test_the_diff_says_who_is_told() -> None:
    state = after(morning(), other("TechnicianSick", "07:30", technician="T1"))
    made = replanned(state)
    told = {change.visit: change.tell for change in made.diff.changes}
    (three,) = [change for change in made.diff.changes if change.visit == "V3"]
    assert three.kind == "assigned"
    assert "customer" in told["V3"]
    assert three.after is not None
    assert f"technician:{three.after.technician}" in told["V3"]
    taken = accept(state, made, TOWN)
    now = next(one for one in taken.state.day.visits if one.id == "V3").told
    assert now is not None
    assert (now.technician, now.arrival) == (three.after.technician, three.after.arrival)


def test_small_moves_do_not_add_up() -> None:
    # V3 is told 09:40. Held up until 09:40 at V2: 09:50, ten minutes late, nobody is told.
    state = after(morning(), finished("08:40", "V1"), started("09:00", "V2"))
    longer = other("VisitOverran", "09:10", technician="T1", visit="V2", ends_at=at("09:40"))
    state = after(state, longer)
    taken = accept(state, replanned(state, ReplanMode.FILL_GAPS), TOWN)
    three = next(one for one in taken.state.day.visits if one.id == "V3").told
    assert three is not None
    assert three.arrival == at("09:40")


def two_open() -> tuple[LiveState, Proposal]:
    state = added(morning(), visit("V8", 3, 1))
    made = replanned(state, ReplanMode.FILL_GAPS)
    assert {"assigned:V7", "assigned:V8"} <= {change.id for change in made.diff.changes}
    return state, made


def test_changes_are_accepted_one_by_one() -> None:
    state, made = two_open()
    taken = accept(state, made, TOWN, changes=["assigned:V8"])
    assert taken.state.open == ("V7",)
    assert check_states(state, taken.state) == []
    nothing = accept(state, made, TOWN, changes=[])
    assert nothing.state.open == ("V7", "V8")
    assert times(nothing.state) == times(state)
    with pytest.raises(InvalidRequest) as raised:
        accept(state, made, TOWN, changes=["assigned:V9"])
    assert [fault.code for fault in raised.value.faults] == ["D9121"]


def test_a_proposal_of_a_day_that_has_gone_on_is_refused() -> None:
    state, made = two_open()
    later = after(state, departed("08:00", "V1"))
    with pytest.raises(InvalidRequest) as raised:
        accept(later, made, TOWN)
    assert [fault.code for fault in raised.value.faults] == ["D9122"]


def swap() -> tuple[LiveState, Proposal]:
    """T3 may make one visit, V4, and is the only one who may go to V8: V4 has to go to T1."""
    people = (technician("T1"), technician("T3", max_visits=1))
    visits = (visit("V4", 0, 1), visit("V8", 5, 5, required=("T3",)))
    day = live_day().model_copy(update={"technicians": people, "visits": visits})
    plan = live_plan().model_copy(update={"routes": (), "contracted": (), "unassigned": ()})
    state = begin_day(day, plan)
    state = assign(state, {("T3", 0): (Stop(kind="visit", visit="V4"), Stop(kind="end"))})
    made = replanned(state)
    assert changes(made) == {"V4": "contracted", "V8": "assigned"} or changes(made) == {
        "V4": "technician",
        "V8": "assigned",
    }
    return state, made


def test_a_change_that_breaks_a_rule_alone_is_refused_with_what_would_help() -> None:
    state, made = swap()
    other_change = next(change.id for change in made.diff.changes if change.visit == "V4")
    with pytest.raises(InvalidRequest) as raised:
        accept(state, made, TOWN, changes=["assigned:V8"])
    (fault,) = raised.value.faults
    assert fault.code == "D9122"
    assert other_change in fault.hint
    both = accept(state, made, TOWN, changes=["assigned:V8", other_change])
    assert both.state.open == ()


def test_a_soft_rule_may_be_waived_by_name_and_a_hard_one_not() -> None:
    state, made = swap()
    _, broken = judge_rest(made.rest, {("T3", 0): ["V4", "V8"]}, {}, TOWN)
    assert {one.code for one in broken} == {"visits_limit"}
    waiver = Waiver(who="dispatcher:li", rule="visits_limit", why="the only one for both")
    taken = accept(
        state, made, TOWN, changes=["assigned:V8"], waivers=[ForStop("T3", None, waiver)]
    )
    assert sorted(order_of(taken, "T3")) == ["V4", "V8"]
    wrong = Waiver(who="dispatcher:li", rule="break_window", why="in a hurry")
    with pytest.raises(InvalidRequest):
        accept(state, made, TOWN, changes=["assigned:V8"], waivers=[ForStop("T3", None, wrong)])


def test_the_plan_of_the_whole_day_has_the_past_as_reported_and_the_rest_as_projected() -> None:
    state = after(morning(), departed("08:02", "V1"), finished("08:50", "V1"))
    made = replanned(state, ReplanMode.FILL_GAPS)
    taken = accept(state, made, TOWN)
    whole = whole_plan(taken.state, taken.projection, TOWN, taken.plan)
    assert whole.live_as_of == taken.projection.now
    route = next(one for one in whole.routes if one.technician == "T1")
    visits = {stop.visit: stop for stop in route.stops if stop.visit is not None}
    assert visits["V1"].end == at("08:50")
    eta = taken.projection.find_eta("V2")
    assert eta is not None
    assert (visits["V2"].arrival, visits["V2"].leg_s, visits["V2"].leg_m) == (
        eta.arrival, 600, 1000,
    )  # fmt: skip
    assert whole.cost == taken.plan.cost


def test_the_guard_sees_what_no_decision_may_do() -> None:
    state = after(morning(), started("08:10", "V1"))
    frozen = replanned(state, freeze=Freeze(next_visits=1)).frozen
    one, two, three, end = state.routes[0].ahead
    good = {(r.technician, r.shift): r.ahead for r in state.routes}
    check_decision(state, frozen, Decision(good, state.contracted))
    twice = {**good, ("T3", 0): (three, end)}
    moved = {**good, ("T1", 0): (one, three, two, end)}
    begun = {**good, ("T1", 0): (two, three, end), ("T3", 0): (one, end)}
    outlet = Decision(good, (*state.contracted, ("V3", "C1")))
    for bad in (Decision(twice, ()), Decision(moved, ()), Decision(begun, ()), outlet):
        with pytest.raises(RefereeRejected):
            check_decision(state, frozen, bad)
    gone = state.routes[0].model_copy(update={"ahead": (two, three, end)})
    changed = state.model_copy(update={"routes": (gone, *state.routes[1:])})
    assert check_states(state, changed) != []
    assert check_states(state, state) == []


def test_a_replan_with_a_limit_of_iterations_repeats() -> None:
    state = after(morning(), started("08:10", "V1"))
    first, second = replanned(state), replanned(state)
    assert first.plan.routes == second.plan.routes
    assert first.diff == second.diff
    assert project(accept(state, first, TOWN).state, TOWN).etas
