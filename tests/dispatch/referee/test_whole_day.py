"""A plan with rush hour, parts, a crew, a link and two days is judged and timed by hand."""

from __future__ import annotations

import pytest

from dispatch.domain import PartFill
from dispatch.referee import judge, judge_order
from tests.days import MONDAY, contracted, hours, outlet, tiny_day, visit
from tests.edit_plan import change_route, later
from tests.whole_days import (
    DAY,
    DAY_CASES,
    LEGAL,
    PLAN,
    PLAN_CASES,
    TABLE,
    TUESDAY,
    WEDNESDAY,
    rush_table,
    tuesday,
    whole_day,
)


def stops(number):
    return [
        (stop.kind, stop.visit or stop.outlet, f"{stop.arrival:%H:%M}", f"{stop.start:%H:%M}")
        for stop in PLAN.routes[number].stops
    ]


def test_the_plan_every_case_starts_from_is_legal():
    assert LEGAL.ok, [violation.text for violation in LEGAL.violations]


def test_rush_hours_pick_ups_and_links_set_the_times_of_the_first_technician():
    # One step of the town takes 20 minutes until 9. To O2: half of it by 9, the rest in 5.
    # V3 to V4 is 10 minutes, but T2 works 45 minutes (150 %) at V3 and the gap is 10 more.
    assert stops(0) == [
        ("start", None, "08:00", "08:00"),
        ("visit", "V1", "08:20", "08:20"),
        ("pickup", "O2", "09:05", "09:05"),
        ("visit", "V2", "09:30", "09:30"),
        ("visit", "V3", "10:10", "10:10"),
        ("visit", "V4", "10:50", "11:05"),
        # 11:35 and four steps.
        ("end", None, "12:15", "12:15"),
    ]


def test_the_second_of_a_crew_waits_at_the_door_from_the_start_of_the_promise():
    # Three free steps before 10:00; V3 begins when T1 is there and takes T2 45 minutes.
    assert stops(1) == [
        ("start", None, "09:30", "09:30"),
        ("visit", "V3", "10:00", "10:10"),
        ("end", None, "11:25", "11:25"),
    ]
    assert [stop.crew for stop in PLAN.routes[1].stops] == [0, 2, 0]


def test_a_visit_of_the_second_day_is_served_on_the_second_shift():
    assert PLAN.routes[2].start.date() == TUESDAY
    assert stops(2)[1] == ("visit", "V5", "08:10", "08:10")


def test_parts_come_from_the_van_first_and_the_rest_is_picked_up():
    assert PLAN.part_fill == PartFill(needed=4, from_van=1, picked_up=2, missing=1)
    assert [(entry.visit, entry.earliest_date) for entry in PLAN.unassigned] == [("V7", WEDNESDAY)]


def test_work_beyond_the_fair_share_is_priced_with_earlier_days():
    # T1: 8:00 to 12:15 and 50 minutes on Tuesday: 18 300 s, 700 carried, 1000 s beyond 18 000.
    assert LEGAL.cost.unfair == 556
    # 18 300 s and T2's 6 900 s at 4000 fen an hour.
    assert LEGAL.cost.work == 28_000


@pytest.mark.parametrize("code", PLAN_CASES)
def test_one_thing_changed_in_the_plan_is_named(code):
    verdict = judge(DAY, PLAN_CASES[code], TABLE)
    assert code in verdict.codes
    assert all(violation.text for violation in verdict.violations)


@pytest.mark.parametrize("name", DAY_CASES)
def test_a_day_with_one_stricter_rule_makes_the_plan_illegal_by_that_rule(name):
    assert name.split()[0] in judge(DAY_CASES[name], PLAN, TABLE).codes


def test_two_who_wait_for_each_other_without_need_are_named():
    day = whole_day()
    day = day.model_copy(update={"visits": day.visits[2:3]})
    table = rush_table(day)
    verdict, plan = judge_order(day, {"T1": ["V3"], "T2": ["V3"]}, table)
    assert verdict.ok
    for number, route in enumerate(plan.routes):
        start, work, end = route.stops
        work = work.model_copy(update={n: later(getattr(work, n), 60) for n in ("start", "end")})
        clock = ("reached", "arrival", "start", "end")
        end = end.model_copy(update={n: later(getattr(end, n), 60) for n in clock})
        moved = {"end": later(route.end, 60), "stops": (start, work, end)}
        plan = change_route(plan, number, **moved)
    assert judge(day, plan, table).codes >= {"start_wrong"}


def test_contracted_visits_of_an_order_fall_on_the_first_day_with_room():
    shop = contracted(visits_per_day=1, opening_hours=hours(days="mon tue"))
    visits = [visit("V1", 1), visit("V2", 1), visit("V3", 1, days=(TUESDAY,))]
    day = tiny_day(visits, [], [outlet(), shop], horizon_end=tuesday("22:00"))
    verdict, plan = judge_order(day, {}, rush_table(day), contracted={"C1": ["V1", "V2", "V3"]})
    # One visit a day: V1 on Monday, V2 on Tuesday, and no room for V3 on its only day.
    assert [(service.day, service.visits) for service in plan.contracted] == [
        (MONDAY, ("V1",)),
        (TUESDAY, ("V2", "V3")),
    ]
    assert verdict.codes == {"contracted_full"}


def test_what_is_picked_up_for_nobody_and_at_no_outlet_is_named():
    verdict, plan = judge_order(DAY, {"T1": ["@O9", "V1", "@O2"]}, TABLE)
    assert verdict.codes == {"pickup_outlet", "pickup_unused"}
    assert [stop.kind for stop in plan.routes[0].stops] == ["start", "visit", "end"]
