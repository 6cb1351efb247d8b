"""Who serves what: one rule more on every step.

Grid town: one step takes 10 min and 1000 m by car; a visit takes 30 min; outlet O1 at (0, 0).
"""

from __future__ import annotations

from datetime import date

from dispatch.domain import Pin, PlanStatus, Priority, Skill
from tests.days import (
    appointment,
    at,
    contracted,
    hours,
    needs,
    outlet,
    shift,
    skills,
    spot,
    technician,
    tiny_day,
    visit,
    window,
)
from tests.plans import clocks, codes, plan, stop_of, unserved, who


def test_a01_one_visit_is_served_and_priced_to_the_fen():
    made = plan(tiny_day([visit()]))
    assert made.status is PlanStatus.FEASIBLE
    assert clocks(made, "T1") == ["start 08:00", "V1 08:10", "end 08:50"]
    # work 50 min of 4000 fen/h = 3333.33 -> 3333; travel 2 km of 120 fen = 240
    assert made.cost.work == 3333
    assert made.cost.travel == 240
    assert made.cost.total == 3573


def test_a02_of_two_technicians_the_one_with_the_skill_goes():
    people = [technician("T1"), technician("T2", skills=skills(gas=1))]
    made = plan(tiny_day([visit(skills=needs(gas=1))], people))
    assert who(made, "V1") == "T2"


def test_a03_a_level_too_low_does_not_do_and_the_reason_says_so():
    people = [technician("T1"), technician("T2", skills=skills(gas=1))]
    made = plan(tiny_day([visit(skills=needs(gas=2))], people))
    assert made.status is PlanStatus.HAS_UNASSIGNED
    assert codes(made, "V1") == {"T1": "skill_missing", "T2": "skill_level"}
    assert unserved(made, "V1").summary == (
        "1 of 2 technicians is without skill gas level 2; 1 is below skill gas level 2."
    )
    assert made.cost.unassigned == 80_000


def test_a04_each_level_above_need_costs_300_fen():
    people = [technician("T1", skills=skills(gas=4, tv=1))]
    made = plan(tiny_day([visit(skills=needs(gas=2, tv=1))], people))
    # gas 4 for 2 = 2 levels, tv 1 for 1 = none
    assert made.cost.over_qualified == 600


def test_a05_a_certificate_counts_on_its_last_day_and_not_after():
    last = Skill(skill="gas", certificate_expires=date(2026, 3, 2))
    gone = Skill(skill="gas", certificate_expires=date(2026, 3, 1))
    job = visit(skills=needs(gas=1))
    assert who(plan(tiny_day([job], [technician(skills=(last,))])), "V1") == "T1"
    made = plan(tiny_day([job], [technician(skills=(gone,))]))
    assert codes(made, "V1") == {"T1": "certificate_expired"}
    assert unserved(made, "V1").reasons[0].found == "gas expired 2026-03-01"


def test_a06_a_technician_stays_in_the_territory():
    people = [technician("T1", territory=("north",)), technician("T2", territory=("south",))]
    made = plan(tiny_day([visit(district="south"), visit("V2", district=None)], people))
    assert who(made, "V1") == "T2"
    assert codes(made, "V2") == {"T1": "territory", "T2": "territory"}


def test_a07_a_pinned_technician_comes_although_another_is_nearer():
    near = technician("T1", start=spot(1, 0), end=spot(1, 0))
    far = technician("T2", start=spot(5, 0), end=spot(5, 0))
    made = plan(tiny_day([visit(pin=Pin(technician="T2"))], [near, far]))
    assert who(made, "V1") == "T2"
    assert made.choices[0].runner_up is None


def test_a08_required_and_excluded_lists_are_kept():
    people = [technician(name) for name in ("T1", "T2", "T3")]
    jobs = [
        visit("V1", required=("T2",)),
        visit("V2", excluded=("T1", "T2")),
        visit("V3", required=("T1",), excluded=("T1", "T2", "T3")),
    ]
    broken = tiny_day(jobs[:2], people)
    made = plan(broken)
    assert who(made, "V1") == "T2"
    assert who(made, "V2") == "T3"
    nobody = plan(tiny_day([visit("V3", excluded=("T1", "T2", "T3"))], people))
    assert codes(nobody, "V3") == {"T1": "excluded", "T2": "excluded", "T3": "excluded"}
    ordered = plan(
        tiny_day(
            [visit("V4", required=("T2",), excluded=("T1",), district="d", skills=needs(gas=1))],
            people,
        )
    )
    # excluded comes before required, required before skills
    assert codes(ordered, "V4") == {"T1": "excluded", "T2": "skill_missing", "T3": "not_required"}


def test_a09_not_preferred_and_not_the_last_technician_are_priced():
    people = [technician("T1"), technician("T2", shifts=(shift("20:00", "21:00"),))]
    job = visit(preferred=("T2",), last_technician="T2", promises=(appointment("10:00"),))
    made = plan(tiny_day([job], people))
    assert who(made, "V1") == "T1"
    assert (made.cost.not_preferred, made.cost.not_last_technician) == (500, 300)


def test_a10_a_closed_outlet_keeps_its_technicians_at_home():
    closed = outlet(opening_hours=hours(days="tue"))
    made = plan(tiny_day([visit()], outlets=[closed]))
    assert codes(made, "V1") == {"T1": "off_shift"}
    own = technician(start=spot(), end=spot())
    assert who(plan(tiny_day([visit()], [own], [closed])), "V1") == "T1"


def test_a11_outlet_hours_bound_departure_and_return():
    late_opening = outlet(opening_hours=hours("10:00", "12:00"))
    made = plan(tiny_day([visit()], outlets=[late_opening]))
    assert clocks(made, "T1") == ["start 10:00", "V1 10:10", "end 10:50"]
    # 08:00-18:00 shift, but the outlet closes at 12:00: back at 13:00 is one hour of overtime
    job = visit(promises=(window("12:20", "12:20"),))
    made = plan(tiny_day([job], outlets=[late_opening]))
    assert clocks(made, "T1") == ["start 12:10", "V1 12:20", "end 13:00"]
    assert made.cost.overtime == 6_000


def test_a12_a_full_contracted_outlet_says_so():
    partner = contracted("C1", visits_per_day=1, price_fen=9_000, skills=("gas",))
    jobs = [visit("V1", skills=needs(gas=3)), visit("V2", skills=needs(gas=1))]
    made = plan(tiny_day(jobs, [technician()], [outlet(), partner]))
    served = [v for v in ("V1", "V2") if who(made, v) == "C1"]
    left = next(v for v in ("V1", "V2") if v not in served)
    assert len(served) == 1
    assert made.cost.contracted == 9_000
    assert codes(made, left) == {"T1": "skill_missing", "C1": "contracted_full"}


def test_a13_a_contracted_outlet_takes_no_pinned_required_or_unskilled_visit():
    partner = contracted("C1", opening_hours=hours("08:00", "12:00"))
    nobody: list = []
    jobs = [
        visit("V1", pin=Pin(arrival=at("10:00"))),
        visit("V2", skills=needs(gas=1)),
        visit("V3", promises=(window("13:00", "14:00"),)),
        visit("V4", excluded=("C1",)),
        visit("V5", promises=(window("11:00", "14:00"),)),
    ]
    made = plan(tiny_day(jobs, nobody, [partner]))
    found = {v: codes(made, v)["C1"] for v in ("V1", "V2", "V3", "V4")}
    assert found == {
        "V1": "pinned_elsewhere",
        "V2": "skill_missing",
        "V3": "contracted_hours",
        "V4": "excluded",
    }
    assert who(made, "V5") == "C1"


def test_a14_an_emergency_at_a_contracted_outlet_pays_for_its_arrival():
    partner = contracted("C1", response_s=600)
    job = visit(x=2, priority=Priority.EMERGENCY, received_at=at("09:00"))
    made = plan(tiny_day([job], [], [partner]))
    # response 10 min + 2 steps of 10 min = 30 min; 15 min late at 20 000 fen
    assert who(made, "V1") == "C1"
    assert made.cost.emergency_arrival == 15 * 20_000


def test_a15_the_nearest_free_technician_of_equal_skill_comes_and_the_runner_up_is_named():
    near = technician("T1", start=spot(1, 0), end=spot(1, 0))
    far = technician("T2", start=spot(3, 0), end=spot(3, 0))
    made = plan(tiny_day([visit()], [near, far]))
    choice = made.choices[0]
    # near: 30 min of work = 2000 fen; far: 70 min = 4666.67 and 4 km = 480 -> 5146.67
    assert (choice.technician, choice.cost_share) == ("T1", 2000)
    assert (choice.runner_up, choice.difference) == ("T2", 3147)


def test_a16_a_technician_on_foot_is_slower_than_one_with_a_car():
    walker = technician("T1", profile="walk")
    # 30 min a step on foot: 08:30; by car 08:10
    assert clocks(plan(tiny_day([visit()], [walker])), "T1")[1] == "V1 08:30"
    made = plan(tiny_day([visit()], [walker, technician("T2")]))
    assert who(made, "V1") == "T2"


def test_a17_a_visit_beyond_the_radius_costs_2000_fen_and_500_per_km():
    # 0.06 degrees north = 6671.7 m on the mean sphere, rounded 6672; urban radius 5000 m
    job = visit(x=0, y=6)
    made = plan(tiny_day([job]))
    assert stop_of(made, "V1").beyond_radius_m == 1672
    assert made.cost.beyond_radius == 2836
    suburban = plan(tiny_day([visit(x=0, y=6, zone="suburban")]))
    assert suburban.cost.beyond_radius == 0
    wide = plan(tiny_day([job], outlets=[outlet(radius_m=7000)]))
    assert wide.cost.beyond_radius == 0


def test_a18_the_responsible_outlet_is_set_by_hand_then_by_territory_then_by_the_technician():
    outlets = [outlet("O1"), outlet("O2", 3, territory=("east",)), outlet("O3", 6)]
    jobs = [
        visit("V1", outlet="O3"),
        visit("V2", district="east"),
        visit("V3"),
        visit("V4", district="east", outlet="O1"),
    ]
    made = plan(tiny_day(jobs, outlets=outlets))
    found = {v: stop_of(made, v).outlet for v in ("V1", "V2", "V3", "V4")}
    assert found == {"V1": "O3", "V2": "O2", "V3": "O1", "V4": "O1"}
    free = technician(outlet=None, start=spot(), end=spot())
    made = plan(tiny_day([visit(x=5)], [free], outlets))
    assert stop_of(made, "V1").outlet == "O3"


def test_a19_a_technician_can_work_two_shifts():
    person = technician(shifts=(shift("14:00", "18:00"), shift("08:00", "09:00")))
    jobs = [
        visit("V1", promises=(window("08:10", "08:20"),)),
        visit("V2", promises=(window("15:00", "15:10"),)),
    ]
    made = plan(tiny_day(jobs, [person]))
    assert [(r.shift, r.start.hour) for r in made.routes] == [(1, 8), (0, 14)]
