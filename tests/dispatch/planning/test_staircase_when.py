"""When: promises, breaks, shifts, emergencies, one rule more on every step.

Grid town: one step takes 10 min and 1000 m by car; a visit takes 30 min; outlet O1 at (0, 0).
"""

from __future__ import annotations

import pytest

from dispatch.domain import Pin, PlanStatus, Priority, Settings
from tests.days import (
    appointment,
    at,
    hours,
    outlet,
    shift,
    spot,
    technician,
    tiny_day,
    visit,
    window,
)
from tests.plans import clocks, codes, plan, stop_of, unserved


def test_b01_an_appointment_bounds_the_arrival_to_half_an_hour_around_it():
    made = plan(tiny_day([visit(promises=(appointment("10:00"),))]))
    # Early is free inside the tolerance; leaving as late as that keeps the arrival costs nothing.
    assert clocks(made, "T1") == ["start 09:20", "V1 09:30", "end 10:10"]
    assert stop_of(made, "V1").promise == "1"
    assert made.cost.lateness == 0


def test_b02_access_time_lies_before_the_arrival():
    made = plan(tiny_day([visit(access_s=300)]))
    stop = stop_of(made, "V1")
    assert (stop.reached, stop.arrival, stop.leg_s) == (at("08:15"), at("08:15"), 600)


def test_b03_of_several_promises_the_plan_names_the_one_it_keeps():
    offers = (appointment("16:00", name="late"), window("08:00", "08:05"), window("12:00", "12:30"))
    until_one = technician(shifts=(shift("08:00", "13:00"),), max_overtime_s=0)
    made = plan(tiny_day([visit(promises=offers)], [until_one]))
    # The first by time (08:00 to 08:05) is 10 min away at 08:00, the last beyond the shift.
    assert (stop_of(made, "V1").promise, stop_of(made, "V1").arrival) == ("2", at("12:00"))
    afternoon = technician(shifts=(shift("13:00", "18:00"),))
    made = plan(tiny_day([visit(promises=offers)], [afternoon]))
    assert (stop_of(made, "V1").promise, stop_of(made, "V1").arrival) == ("late", at("15:30"))


def test_b04_lateness_is_priced_from_its_first_second():
    job = visit(promises=(window("08:00", "08:09:59"),))
    made = plan(tiny_day([job]))
    # arrival 08:10:00 is one second late: 1000 fen / 60 = 16.67 -> 17
    assert stop_of(made, "V1").lateness_s == 1
    assert made.cost.lateness == 17


def test_b05_lateness_costs_three_times_as_much_from_minute_thirty_on():
    job = visit(promises=(window("07:00", "07:30"),), priority=Priority.URGENT)
    # arrival 08:10, 40 min late: 30 * 5000 + 10 * 15 000
    assert plan(tiny_day([job])).cost.lateness == 300_000


def test_b06_a_vip_costs_twice_as_much():
    job = visit(promises=(window("07:00", "08:00"),), customer_class="vip")
    # 10 min late at 2 * 1000
    assert plan(tiny_day([job])).cost.lateness == 20_000


def test_b07_a_pinned_arrival_is_kept_to_the_second():
    job = visit(pin=Pin(arrival=at("11:11:11")), promises=(window("10:00", "11:00"),))
    made = plan(tiny_day([job]))
    assert stop_of(made, "V1").arrival == at("11:11:11")
    # late by 11 min 11 s = 671 s at 1000 fen/min = 11 183.33
    assert made.cost.lateness == 11_183


def test_b08_the_pin_names_the_promise_with_the_least_lateness_among_those_open():
    offers = (window("08:00", "09:00"), window("09:30", "10:00"), window("12:00", "13:00"))
    made = plan(tiny_day([visit(pin=Pin(arrival=at("10:30")), promises=offers)]))
    assert (stop_of(made, "V1").promise, stop_of(made, "V1").lateness_s) == ("2", 1800)
    made = plan(tiny_day([visit(pin=Pin(arrival=at("11:00")), promises=offers[2:])]))
    assert (stop_of(made, "V1").promise, stop_of(made, "V1").lateness_s) == ("1", 0)


def test_b09_a_break_is_taken_whole_and_is_not_paid():
    person = technician(shifts=(shift("08:00", "18:00", ("11:00", "11:30", 45)),))
    jobs = [
        visit("V1", promises=(window("10:30", "10:30"),)),
        visit("V2", promises=(window("12:00", "12:00"),)),
    ]
    made = plan(tiny_day(jobs, [person]))
    stops = [s for s in made.routes[0].stops if s.kind == "break"]
    assert len(stops) == 1
    assert at("11:00") <= stops[0].start <= at("11:30")
    assert (stops[0].end - stops[0].start).total_seconds() == 2700
    # 10:20 to 12:40 = 140 min, 45 of them break: 95 min of 4000 fen/h = 6333.33
    assert made.cost.work == 6333


def test_b10_a_break_outside_the_shift_is_waived_and_an_unused_technician_takes_none():
    person = technician(shifts=(shift("08:00", "12:00", ("12:30", "13:00", 30)),))
    made = plan(tiny_day([visit()], [person, technician("T2")]))
    assert [stop.kind for stop in made.routes[0].stops] == ["start", "visit", "end"]
    assert len(made.routes) == 1


@pytest.mark.parametrize(
    ("opens", "breaks", "expected"),
    [
        # over before the outlet opens: taken at the start place, no concern of the day
        ("10:00", [("08:30", "09:00", 30)], ["break 08:30", "start 10:00", "V1 10:10"]),
        # has to begin before the outlet opens and lasts beyond: leaving waits for it
        ("10:00", [("09:30", "09:45", 60)], ["break 09:30", "start 10:30", "V1 10:40"]),
        # two in a row before opening
        (
            "10:00",
            [("08:00", "08:30", 30), ("08:40", "09:00", 60)],
            ["break 08:00", "break 08:40", "start 10:00", "V1 10:10"],
        ),
    ],
)
def test_b11_breaks_before_the_outlet_opens_are_taken_at_the_start_place(opens, breaks, expected):
    person = technician(shifts=(shift("08:00", "18:00", *breaks),))
    made = plan(tiny_day([visit()], [person], [outlet(opening_hours=hours(opens, "18:00"))]))
    assert clocks(made, "T1")[: len(expected)] == expected


def test_b12_overtime_is_paid_on_top_and_bounded():
    job = visit(promises=(window("18:00", "18:00"),))
    made = plan(tiny_day([job]))
    # back at 18:40: 40 min over 18:00 at 6000 fen/h on top
    assert made.cost.overtime == 4_000
    # 30 min at most: back 10 min too late however it is turned
    strict = plan(tiny_day([job], [technician(max_overtime_s=1800)]))
    assert codes(strict, "V1") == {"T1": "shift"}
    assert unserved(strict, "V1").reasons[0].found == "back 10 min late"
    assert "the closest would be 10 min late" in unserved(strict, "V1").summary


def test_b13_nobody_arrives_after_the_horizon_ends():
    late = technician(shifts=(shift("21:55", "22:00"),))
    made = plan(tiny_day([visit()], [late]))
    assert codes(made, "V1") == {"T1": "window"}
    assert unserved(made, "V1").reasons[0].expected == "arrival by 22:00"


def test_b14_an_emergency_displaces_an_agreed_visit_for_lack_of_room():
    person = technician(shifts=(shift("08:00", "09:00"),), max_overtime_s=0)
    jobs = [
        visit("V1", promises=(window("08:10", "08:20"),)),
        visit("V2", priority=Priority.EMERGENCY, received_at=at("08:00")),
    ]
    made = plan(tiny_day(jobs, [person]))
    assert made.status is PlanStatus.HAS_UNASSIGNED
    assert codes(made, "V1") == {"T1": "shift"}
    stop = stop_of(made, "V2")
    assert (stop.promise, stop.arrival, stop.lateness_s) == ("arrival", at("08:10"), 0)
    assert made.reachable_emergencies == 1.0


def test_b15_an_emergency_is_priced_after_fifteen_minutes_and_never_served_before_it_came_in():
    job = visit(x=3, priority=Priority.EMERGENCY, received_at=at("10:00"))
    made = plan(tiny_day([job]))
    # The plan knows it since the morning and may wait nearby: arrival 10:00.
    assert stop_of(made, "V1").arrival == at("10:00")
    early = visit(x=3, priority=Priority.EMERGENCY, received_at=at("07:30"))
    made = plan(tiny_day([early]))
    # 08:00 + 30 min = 60 min after the request: 45 late = 30 * 20 000 + 15 * 60 000
    assert made.cost.emergency_arrival == 1_500_000
    assert made.cost.lateness == 0
    assert made.reachable_emergencies == 0.0


def test_b16_an_emergency_nobody_can_serve_has_its_own_status():
    job = visit(priority=Priority.EMERGENCY, received_at=at("10:00"), excluded=("T1",))
    made = plan(tiny_day([job]))
    assert made.status is PlanStatus.EMERGENCY_UNSERVED
    assert made.cost.unassigned == 10_000_000


def test_b17_an_optional_visit_is_served_where_it_is_worth_more_than_it_costs():
    # alone it costs 3573.33 fen
    assert plan(tiny_day([visit(mandatory=False, value_fen=3574)])).unassigned == ()
    made = plan(tiny_day([visit(mandatory=False, value_fen=3573)]))
    assert codes(made, "V1") == {"T1": "not_worth_it"}
    assert unserved(made, "V1").reasons[0].found == "3573 fen more"
    assert made.cost.total == 3573


def test_b18_a_mandatory_visit_is_left_out_for_its_price_only_where_prices_alone_decide():
    # 13 h late at 1000 fen/min is more than 80 000 fen for leaving it out
    job = visit(promises=(window("06:00", "06:01"),))
    evening = [technician(shifts=(shift("19:00", "21:00"),))]
    first = plan(tiny_day([job], evening))
    assert first.status is PlanStatus.FEASIBLE
    by_price = plan(tiny_day([job], evening, settings=Settings(mandatory="by_price")))
    assert codes(by_price, "V1") == {"T1": "not_worth_it"}
    assert by_price.cost.total == 80_000


def test_b19_a_technician_comes_from_home_and_returns_to_the_outlet():
    person = technician(start=spot(4, 0))
    made = plan(tiny_day([visit(x=3)], [person]))
    # 10 min there, 30 min of work, 30 min to the outlet
    assert clocks(made, "T1") == ["start 08:00", "V1 08:10", "end 09:10"]
    # 4 km at 120 fen
    assert made.cost.travel == 480
