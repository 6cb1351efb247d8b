"""A planned day against the clauses."""

from __future__ import annotations

from datetime import date

import pytest

from dispatch.domain import Priority, Reason
from dispatch.standards import audit_day
from dispatch.standards.outlets import open_hours
from dispatch.standards.parts import workdays_until
from tests.days import (
    appointment,
    at,
    contracted,
    hours,
    needs,
    outlet,
    shift,
    skills,
    technician,
    tiny_day,
    visit,
    window,
)
from tests.edit_plan import change_route
from tests.plans import plan
from tests.whole_days import DAY, PLAN, on_route, visit_of


def finding(day, key, made=None):
    return next(f for f in audit_day(day, made or plan(day)) if f.clause.key == key)


def test_a_late_and_an_unassigned_visit_are_broken_promises():
    jobs = [
        visit("V1", promises=(appointment("10:00"),)),
        visit("V2", promises=(window("07:00", "07:30"),)),
        visit("V3", promises=(appointment("12:00"),), skills=needs(gas=1)),
        visit("V4"),
    ]
    found = finding(tiny_day(jobs), "on_time_arrivals")
    # V4 was promised nothing and does not count
    assert (found.good, found.of, found.met) == (1, 3, False)
    assert found.failing == ("V2", "V3")
    assert found.measured == pytest.approx(100 / 3)


def test_a_contracted_outlet_keeps_its_appointments_itself():
    day = tiny_day([visit(promises=(appointment("10:00"),))], [], [contracted()])
    assert finding(day, "on_time_arrivals").met is True


def test_the_deviation_from_the_agreed_time_is_measured_in_minutes():
    day = tiny_day([visit(promises=(appointment("10:00", tolerance_min=60),))])
    found = finding(day, "arrival_tolerance")
    # the plan may come at 09:00 by this promise, the clause allows 30 min
    assert (found.measured, found.met, found.failing) == (60, False, ("V1",))
    close = tiny_day([visit(promises=(appointment("10:00"),))])
    found = finding(close, "arrival_tolerance")
    assert (found.measured, found.met) == (30, True)


def test_emergencies_are_held_to_fifteen_minutes_and_the_share_reachable_is_said():
    jobs = [
        visit("V1", 1, priority=Priority.EMERGENCY, received_at=at("08:00")),
        visit("V2", 4, priority=Priority.EMERGENCY, received_at=at("07:50")),
    ]
    day = tiny_day(jobs, [technician("T1"), technician("T2")])
    found = finding(day, "emergency_arrival")
    assert (found.good, found.of, found.failing) == (1, 2, ("V2",))
    # V1: 10 min from the outlet; V2: 08:00 + 40 min at the earliest
    assert "50% could have been reached" in found.note_en


def test_the_radius_share_is_counted_by_zone_and_straight_line():
    jobs = [visit("V1", 0, 3), visit("V2", 0, 6), visit("V3", 0, 6, zone="suburban")]
    day = tiny_day(jobs)
    made = plan(day)
    urban, suburban = (finding(day, f"{z}_radius", made) for z in ("urban", "suburban"))
    # 0.03 degrees = 3336 m, 0.06 degrees = 6672 m
    assert (urban.good, urban.of, urban.failing) == (1, 2, ("V2",))
    assert (suburban.good, suburban.of, suburban.met) == (1, 1, True)


def test_outlets_are_held_to_six_days_and_eight_hours():
    week = "mon tue wed thu fri sat"
    outlets = [
        outlet("O1"),
        outlet("O2", opening_hours=hours("08:00", "16:00", week)),
        outlet("O3", opening_hours=hours("08:00", "15:59", week)),
        outlet("O4", opening_hours=hours("08:00", "18:00", "mon tue wed thu fri")),
    ]
    day = tiny_day([], outlets=outlets)
    assert finding(day, "outlet_days").failing == ("O4",)
    assert finding(day, "outlet_hours").failing == ("O3",)


def test_overlapping_openings_of_a_day_count_once():
    double = outlet(opening_hours=(*hours("08:00", "12:00"), *hours("11:00", "14:00")))
    assert open_hours(double) == {"mon": 6.0}


def test_visits_are_served_with_certificates():
    people = [technician(skills=skills(gas=1), shifts=(shift(),))]
    day = tiny_day([visit(skills=needs(gas=1)), visit("V2")], people)
    found = finding(day, "certified")
    assert (found.good, found.of, found.met) == (1, 1, True)


def test_a_day_without_a_case_is_neither_met_nor_broken():
    found = finding(tiny_day([]), "on_time_arrivals")
    assert (found.measured, found.met, found.of) == (None, None, 0)


def test_parts_are_counted_in_units_and_by_what_waits_for_them():
    # Whole day: V1 and V2 use 3 valves; the gasket of V7 comes on Wednesday, two workdays on.
    filled = finding(DAY, "parts_fill", PLAN)
    assert (filled.good, filled.of, filled.met) == (3, 4, False)
    assert filled.failing == ("V7",)
    order = finding(DAY, "routine_parts", PLAN)
    assert (order.good, order.of, order.met) == (1, 1, True)
    traced = finding(DAY, "parts_traced", PLAN)
    assert (traced.good, traced.of, traced.clause.id) == (2, 2, "T259-8.4")


def test_a_part_that_nobody_expects_misses_the_days_of_its_clause():
    never = PLAN.unassigned[0].model_copy(
        update={
            "earliest_date": None,
            "reasons": (Reason(technician="T1", code="part_missing", found="0", expected="1"),),
        }
    )
    made = PLAN.model_copy(update={"unassigned": (never,)})
    assert finding(DAY, "routine_parts", made).failing == ("V7",)


def test_a_visit_sent_without_its_parts_is_named():
    made = on_route(0, "visit", parts=())
    assert finding(DAY, "parts_traced", made).failing == ("V1",)


def test_working_days_leave_out_saturday_and_sunday():
    # Friday to Monday is one working day, to the Friday after it five.
    friday = date(2026, 5, 8)
    assert workdays_until(friday, date(2026, 5, 11)) == 1
    assert workdays_until(friday, date(2026, 5, 15)) == 5
    assert workdays_until(friday, friday) == 0


def test_everybody_of_a_crew_needs_certificates_and_comes_in_time():
    assert finding(DAY, "certified", PLAN).failing == ()
    # V3 asks the first technician for gas; now the second is asked too and has none.
    asked = visit_of("V3", crew_skills=needs(gas=1))
    assert finding(asked, "certified", PLAN).failing == ("V3",)
    route = PLAN.routes[1]
    stops = [s.model_copy(update={"lateness_s": 60}) if s.visit else s for s in route.stops]
    late = change_route(PLAN, 1, stops=tuple(stops))
    assert finding(DAY, "on_time_arrivals", late).failing == ("V3",)
