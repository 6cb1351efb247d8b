"""Reasons that speak of the plan as it stands, and what a choice is worth."""

from __future__ import annotations

import pytest

from dispatch.domain import Pin, Priority
from dispatch.planning.explain import explain, reachable_share
from dispatch.planning.translate import Translation, translate
from solver.routing.solution import RoutingSolution, Step, StepKind
from solver.routing.timetable import build_solution
from solver.status import StoppedBy
from tests.days import (
    at,
    grid_table,
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
from tests.plans import codes, plan, unserved


def by_hand(t: Translation, *routes: list[int]) -> RoutingSolution:
    """Return the solution in which vehicle j serves ``routes[j]``, each in its first window."""
    steps = {
        j: [Step(StepKind.VISIT, i, int(t.problem.window_offset[i])) for i in route]
        for j, route in enumerate(routes)
    }
    return build_solution(
        t.problem,
        steps,
        [() for _ in t.contracted],
        engine="by hand",
        seed=0,
        iterations=0,
        runtime_s=0.0,
        stopped_by=StoppedBy.ITERATIONS,
    )


def translated(*args, **kwargs) -> Translation:
    day = tiny_day(*args, **kwargs)
    return translate(day, grid_table(day))


def test_a_visit_that_would_have_fitted_says_that_the_search_stopped():
    t = translated([visit("V1"), visit("V2", 2)])
    entry = explain(t, by_hand(t, [0]), "unassigned").unassigned[0]
    assert (entry.visit, entry.reasons[0].code) == ("V2", "search_stopped")
    # V1 then V2: 2 steps and 30 min more = 50 min = 3333.33 fen, 2 km = 240
    assert entry.reasons[0].found == "3573 fen more"
    assert entry.reasons[0].expected == "less than 80000 fen"


def test_a_break_that_cannot_be_kept_is_the_reason():
    person = technician(shifts=(shift("08:00", "18:00", ("10:00", "10:00", 60)),))
    made = plan(tiny_day([visit(pin=Pin(arrival=at("09:45")))], [person]))
    # at work 09:45 to 10:15, the break has to begin at 10:00
    assert codes(made, "V1") == {"T1": "break"}
    assert made.unassigned[0].summary.startswith("1 of 1 technician is unable to keep a break")


def test_a_pinned_arrival_that_cannot_be_reached_says_by_how_much():
    made = plan(tiny_day([visit(x=3, pin=Pin(arrival=at("08:12")))]))
    # 30 min away: 08:30, 18 min after the pin
    assert codes(made, "V1") == {"T1": "window"}
    assert unserved(made, "V1").reasons[0].found == "arrival 18 min after 08:12"
    assert unserved(made, "V1").summary_zh == "1名技师中1名无法按时到达,最接近的也晚18分钟。"


def test_a_full_day_speaks_of_the_plan_as_it_stands():
    person = technician(shifts=(shift("08:00", "09:30"),), max_overtime_s=0)
    t = translated([visit("V1"), visit("V2")], [person])
    # 08:10-08:40 at V1, V2 next door until 09:10, back at 09:20: both fit
    both = by_hand(t, [0, 1])
    assert explain(t, both, "unassigned").unassigned == ()
    t = translated([visit("V1"), visit("V2", service_s=3000)], [person])
    entry = explain(t, by_hand(t, [0]), "unassigned").unassigned[0]
    # 08:40 + 50 min + 10 min back = 09:40, 10 min late
    assert (entry.reasons[0].code, entry.reasons[0].found) == ("shift", "back 10 min late")
    assert entry.reasons[0].expected == "back by 09:30, 0 min overtime included"


def test_of_two_shifts_the_one_that_comes_nearest_is_named():
    person = technician(shifts=(shift("08:00", "08:20"), shift("10:00", "10:45")), max_overtime_s=0)
    made = plan(tiny_day([visit(service_s=3000)], [person]))
    # 50 min of work and 20 min of travel: 50 min too long for the first, 25 for the second
    assert unserved(made, "V1").reasons[0].found == "back 25 min late"


def test_a_choice_is_worth_what_the_plan_saves_without_it():
    t = translated([visit("V1"), visit("V2", 2)], [technician("T1"), technician("T2")])
    found = {c.visit: c for c in explain(t, by_hand(t, [0, 1]), what=True).choices}
    # with both 100 min and 4 km; without V2 50 min and 2 km: 3333.33 + 240
    assert found["V2"].cost_share == 3573
    # without V1: 30 min less = 2000 fen (it lies on the way)
    assert found["V1"].cost_share == 2000
    # T2 for V2 alone: 70 min and 4 km = 4666.67 + 480 = 5146.67, 1573.33 more
    assert (found["V2"].runner_up, found["V2"].difference) == ("T2", 1573)


@pytest.mark.parametrize(
    ("fields", "share"),
    [
        ({"received_at": at("09:00")}, 1.0),  # 10 min from the outlet
        ({"received_at": at("07:54")}, 0.0),  # shift at 08:00: 08:10 is 16 min later
        ({"received_at": at("07:55")}, 1.0),  # 08:10 is 15 min later
        ({"received_at": at("09:00"), "access_s": 300}, 1.0),  # 10 min + 5 min to the door
        ({"received_at": at("09:00"), "access_s": 301}, 0.0),
        ({"received_at": at("18:01")}, 0.0),  # after the shift
        ({"received_at": at("09:00"), "skills": needs(gas=2)}, 0.0),
        ({"received_at": at("09:00"), "skills": needs(gas=1)}, 1.0),
        ({"received_at": at("09:00"), "place": spot(2, 0)}, 0.0),  # 20 min away
    ],
)
def test_the_share_of_emergencies_within_reach(fields, share):
    job = visit(priority=Priority.EMERGENCY, **fields)
    t = translated([job, visit("V2")], [technician(skills=skills(gas=1))])
    assert reachable_share(t) == share


def test_nobody_reaches_an_emergency_from_an_outlet_that_opens_later():
    job = visit(priority=Priority.EMERGENCY, received_at=at("09:00"))
    t = translated([job], outlets=[outlet(opening_hours=hours("09:06", "18:00"))])
    # leaves at 09:06, arrives at 09:16
    assert reachable_share(t) == 0.0


def test_without_emergencies_there_is_no_share():
    assert reachable_share(translated([visit(promises=(window("09:00", "10:00"),))])) is None
