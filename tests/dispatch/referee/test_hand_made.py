"""A plan made by hand is judged as it stands: arrivals, violations, price by component."""

from __future__ import annotations

import pytest

from dispatch.domain import Pin, PlanStatus, Priority
from dispatch.referee import judge, judge_order, timed_route
from dispatch.referee.facts import Facts
from tests.days import (
    at,
    contracted,
    grid_table,
    hours,
    outlet,
    shift,
    spot,
    technician,
    tiny_day,
    visit,
    window,
)


def judged(day, order, **more):
    return judge_order(day, order, grid_table(day), **more)


def arrivals(plan):
    stops = [stop for route in plan.routes for stop in route.stops if stop.kind == "visit"]
    return {stop.visit: stop.arrival.strftime("%H:%M:%S") for stop in stops}


def test_the_technician_leaves_as_late_as_the_first_arrival_allows():
    day = tiny_day([visit("V1", 2, promises=(window("10:00", "11:00"),), access_s=90)])
    verdict, plan = judged(day, {"T1": ["V1"]})
    assert verdict.ok
    # 10:00 minus 20 minutes of driving minus 90 seconds of walking.
    assert plan.routes[0].start == at("09:38:30")
    # 09:38:30 to 10:50:00 is 4290 s; 4000 fen an hour: 4766.67 fen. 4 km at 120 fen: 480.
    assert (verdict.cost.work, verdict.cost.travel) == (4767, 480)


def test_lateness_is_priced_from_its_first_second_and_threefold_after_half_an_hour():
    visits = [visit("V1", 1, service_s=3600), visit("V2", 1, promises=(window("08:00", "08:30"),))]
    verdict, plan = judged(tiny_day(visits), {"T1": ["V1", "V2"]})
    # V1 8:10 to 9:10; V2 at once, 40 minutes late: 30 x 1000 + 10 x 3000 = 60 000 fen.
    assert arrivals(plan)["V2"] == "09:10:00"
    assert verdict.ok
    assert verdict.cost.lateness == 60_000
    assert (verdict.figures.late_visits, verdict.figures.inside_promise) == (1, 0)


def test_an_emergency_is_owed_a_quarter_of_an_hour():
    emergency = visit("V1", 3, priority=Priority.EMERGENCY, received_at=at("08:00"))
    verdict, plan = judged(tiny_day([emergency]), {"T1": ["V1"]})
    # Leaves at 8:00, 30 minutes of driving, 15 late: 15 x 20 000 fen.
    assert verdict.cost.emergency_arrival == 300_000
    assert plan.routes[0].stops[1].promise == "arrival"
    assert verdict.ok


def test_a_break_goes_where_it_costs_least():
    # Free 10:30 to 12:00 at V1 or V2 anyway: the break hides in the waiting, V2 is on time.
    visits = [
        visit("V1", 1, promises=(window("10:00", "10:00"),)),
        visit("V2", 2, promises=(window("12:00", "12:00"),)),
    ]
    person = technician(shifts=(shift("08:00", "18:00", ("09:00", "12:30", 60)),))
    verdict, plan = judged(tiny_day(visits, [person]), {"T1": ["V1", "V2"]})
    kinds = [stop.kind for stop in plan.routes[0].stops]
    assert kinds == ["start", "visit", "break", "visit", "end"]
    # 9:50 to 12:50 without the hour of break: 2 hours at 4000 fen.
    assert verdict.cost.work == 8_000
    assert verdict.ok


def test_the_cheaper_of_two_promises_is_chosen_and_named():
    promises = (window("09:00", "09:30"), window("15:00", "15:30", "late"))
    visits = [
        visit("V1", 1, promises=(window("14:30", "14:30"),)),
        visit("V2", 1, promises=promises),
    ]
    verdict, plan = judged(tiny_day(visits), {"T1": ["V1", "V2"]})
    assert plan.routes[0].stops[2].promise == "late"
    assert verdict.ok


def test_an_impossible_order_is_timed_anyway_and_every_breach_is_named():
    person = technician(shifts=(shift("08:00", "10:00", ("08:20", "08:20", 30)),), max_overtime_s=0)
    visits = [
        visit("V1", 1, service_s=3 * 3600, excluded=("T1",)),
        visit("V2", 2, pin=Pin(arrival=at("09:00"))),
    ]
    verdict, plan = judged(tiny_day(visits, [person]), {"T1": ["V1", "V2"]})
    assert set(arrivals(plan)) == {"V1", "V2"}
    assert verdict.codes == {"excluded", "pinned_arrival", "overtime_limit"}


def test_the_order_is_never_changed_and_what_is_named_nowhere_is_unassigned():
    day = tiny_day([visit("V1", 1), visit("V2", 2), visit("V3", 3)])
    verdict, plan = judged(day, {"T1": ["V2", "V1"]})
    assert [stop.visit for stop in plan.routes[0].stops if stop.visit] == ["V2", "V1"]
    assert [entry.visit for entry in plan.unassigned] == ["V3"]
    assert plan.status is PlanStatus.HAS_UNASSIGNED
    assert verdict.cost.unassigned == 80_000


def test_names_nobody_knows_are_reported_and_the_rest_is_timed():
    day = tiny_day([visit("V1", 1)])
    order = {"T1": ["V1", "V8"], "T7": ["V1"], ("T1", 4): ["V1"]}
    verdict, plan = judged(day, order)
    assert verdict.codes == {"unknown_visit", "unknown_technician", "unknown_shift"}
    assert len(plan.routes) == 1


def test_a_visit_given_twice_is_reported():
    verdict, _ = judged(tiny_day([visit("V1", 1)]), {"T1": ["V1", "V1"]})
    assert "visit_twice" in verdict.codes


def test_an_unreachable_place_is_reported_and_still_timed():
    day = tiny_day([visit("V1", 1), visit("V2", 2)])
    table = grid_table(day)
    row = table.index(spot(1))
    table.durations_s["car"][row, table.index(spot(2))] = -1
    table.distances_m["car"][row, table.index(spot(2))] = -1
    verdict, plan = judge_order(day, {"T1": ["V1", "V2"]}, table)
    assert verdict.codes == {"no_way"}
    assert set(arrivals(plan)) == {"V1", "V2"}


def test_two_shifts_of_one_technician_are_two_routes():
    person = technician(shifts=(shift("08:00", "11:00"), shift("13:00", "17:00")))
    day = tiny_day([visit("V1", 1), visit("V2", 2)], [person])
    verdict, plan = judged(day, {("T1", 0): ["V1"], ("T1", 1): ["V2"]})
    assert verdict.ok
    assert [route.shift for route in plan.routes] == [0, 1]


def test_contracted_outlets_are_judged_with_the_order():
    emergency = visit("V1", 3, priority=Priority.EMERGENCY, received_at=at("09:00"))
    day = tiny_day([emergency], [], [outlet(), contracted(response_s=600)])
    verdict, _ = judged(day, {}, contracted={"C1": ["V1"]})
    # 10 minutes of response and 30 of driving: 25 minutes late at 20 000 fen, and the price.
    assert verdict.cost.emergency_arrival == 500_000
    assert verdict.cost.contracted == 10_000
    assert verdict.ok


def test_a_contracted_outlet_begins_when_it_opens():
    emergency = visit("V1", 3, priority=Priority.EMERGENCY, received_at=at("07:00"))
    shop = contracted(opening_hours=hours("08:00", "17:00"))
    verdict, _ = judged(tiny_day([emergency], [], [shop]), {}, contracted={"C1": ["V1"]})
    # 8:00 + 30 minutes = 75 minutes late: 30 x 20 000 + 45 x 60 000 = 3 300 000 fen.
    assert verdict.cost.emergency_arrival == 3_300_000


def test_an_empty_order_has_no_route_and_timing_one_is_refused():
    day = tiny_day([visit("V1", 1)])
    assert judged(day, {"T1": []})[1].routes == ()
    with pytest.raises(ValueError, match="T1 has no visits"):
        timed_route(Facts(day), grid_table(day), day.technicians[0], [])


def test_judging_leaves_the_plan_as_it_is():
    day = tiny_day([visit("V1", 1)])
    verdict, plan = judged(day, {"T1": ["V1"]})
    before = plan.model_dump_json()
    judge(day, plan, grid_table(day))
    assert plan.model_dump_json() == before
    assert verdict.as_dict()["ok"] is True
