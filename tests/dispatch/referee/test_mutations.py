"""Break one rule of a legal plan; the referee names that rule."""

from __future__ import annotations

from datetime import date

import pytest

from dispatch.domain import (
    ContractedService,
    Link,
    Pin,
    PlanStatus,
    Priority,
    QuarantinedVisit,
    Skill,
    SkillNeed,
    UnassignedVisit,
)
from dispatch.referee import CODES, judge, judge_order
from tests.days import (
    at,
    contracted,
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
from tests.edit_plan import change_cost, change_route, change_stop, later, rearrange, shift_stop
from tests.whole_days import DAY_CASES, PLAN_CASES

DAY = tiny_day(
    [
        visit("V1", 1, promises=(window("09:00", "09:30"),), skills=needs(gas=2)),
        visit("V2", 2, promises=(window("11:30", "12:30", "noon"), window("15:00", "16:00"))),
        visit("V3", 1, 1, priority=Priority.EMERGENCY, received_at=at("13:00"), access_s=60),
        visit("V4", 3, promises=(window("10:00", "11:00"),), district="north"),
        visit("V5", 3, 3, mandatory=False, value_fen=100),
    ],
    [
        technician(
            skills=skills(gas=3),
            shifts=(shift("08:00", "17:00", ("10:00", "10:30", 15), ("14:00", "15:00", 30)),),
            max_overtime_s=1800,
        ),
        technician("T2", shifts=(shift("08:00", "17:00"),)),
    ],
    [outlet(opening_hours=hours("08:00", "17:00")), contracted(visits_per_day=1)],
)
TABLE = grid_table(DAY)
LEGAL, PLAN = judge_order(DAY, {"T1": ["V1", "V2", "V3"]}, TABLE, contracted={"C1": ["V4"]})


def visit_of(day, name, **fields):
    visits = [v.model_copy(update=fields) if v.id == name else v for v in day.visits]
    return day.model_copy(update={"visits": tuple(visits)})


def person_of(day, name, **fields):
    people = [t.model_copy(update=fields) if t.id == name else t for t in day.technicians]
    return day.model_copy(update={"technicians": tuple(people)})


def outlet_of(day, name, **fields):
    outlets = [o.model_copy(update=fields) if o.id == name else o for o in day.outlets]
    return day.model_copy(update={"outlets": tuple(outlets)})


def plan_of(**fields):
    return PLAN.model_copy(update=fields)


def swapped_breaks(stops):
    first, second = (i for i, stop in enumerate(stops) if stop.kind == "break")
    a, b = stops[first], stops[second]
    clock = ("reached", "arrival", "start", "end")
    stops[first] = a.model_copy(update={n: getattr(b, n) for n in clock})
    stops[second] = b.model_copy(update={n: getattr(a, n) for n in clock})
    return stops


def second_break_again(stops):
    index = max(i for i, stop in enumerate(stops) if stop.kind == "break")
    return [*stops[: index + 1], stops[index], *stops[index + 1 :]]


def test_the_plan_every_mutation_starts_from_is_legal():
    assert LEGAL.ok, [violation.text for violation in LEGAL.violations]
    kinds = [stop.kind for stop in PLAN.routes[0].stops]
    assert kinds.count("break") == 2
    assert kinds.count("visit") == 3


ROUTE = PLAN.routes[0]
PLAN_MUTATIONS = {
    "wrong_day": plan_of(day="other"),
    "estimated_flag": plan_of(estimated_travel=False),
    "status_wrong": plan_of(status=PlanStatus.EMERGENCY_UNSERVED),
    "moment_not_whole": change_stop(PLAN, "visit", start=lambda s: later(s.start, 0.5)),
    "unknown_visit": change_stop(PLAN, "visit", visit="V9"),
    "unknown_technician": change_route(PLAN, technician="T9"),
    "unknown_shift": change_route(PLAN, shift=1),
    "unknown_outlet": plan_of(contracted=(ContractedService(outlet="O1", visits=("V4",)),)),
    "visit_missing": plan_of(unassigned=()),
    "visit_twice": plan_of(unassigned=(*PLAN.unassigned, UnassignedVisit(visit="V1"))),
    "route_twice": plan_of(routes=(ROUTE, ROUTE)),
    "routes_overlap": plan_of(routes=(ROUTE, ROUTE.model_copy(update={"shift": 1}))),
    "route_empty": rearrange(PLAN, lambda s: [x for x in s if x.kind != "visit"]),
    "route_outlet": change_route(PLAN, outlet="C1"),
    "stop_order": rearrange(PLAN, lambda s: [s[1], s[0], *s[2:]]),
    "stop_place": change_stop(PLAN, "visit", lon=121.5),
    "leg_wrong": change_stop(PLAN, "visit", leg_m=lambda s: s.leg_m + 1),
    "reached_wrong": change_stop(PLAN, "visit", 2, reached=lambda s: later(s.reached, -60)),
    "arrival_wrong": shift_stop(PLAN, "visit", 60),
    "arrival_before_reached": change_stop(PLAN, "visit", 2, arrival=lambda s: later(s.reached, -1)),
    "too_early": shift_stop(PLAN, "visit", -60),
    "start_wrong": change_stop(PLAN, "visit", start=lambda s: later(s.start, 1)),
    "end_wrong": change_stop(PLAN, "visit", end=lambda s: later(s.end, -1)),
    "departure_wrong": shift_stop(change_route(PLAN, start=later(ROUTE.start, -60)), "start", -60),
    "return_wrong": shift_stop(change_route(PLAN, end=later(ROUTE.end, -60)), "end", -60),
    "after_horizon": shift_stop(PLAN, "visit", 12 * 3600, 2),
    "promise_unknown": change_stop(PLAN, "visit", 1, promise="1"),
    "lateness_wrong": change_stop(PLAN, "visit", lateness_s=1),
    "break_missing": rearrange(PLAN, lambda s: [x for x in s if x.kind != "break"]),
    "break_twice": rearrange(PLAN, second_break_again),
    "break_window": shift_stop(PLAN, "break", -3600),
    "break_duration": change_stop(PLAN, "break", end=lambda s: later(s.end, -60)),
    "break_order": rearrange(PLAN, swapped_breaks),
    "break_overlap": change_stop(PLAN, "break", reached=lambda s: later(s.start, 1)),
    "overtime_limit": shift_stop(change_route(PLAN, end=at("17:30:01")), "end", 0),
    "before_shift": change_route(PLAN, start=at("07:59")),
    "contracted_full": plan_of(
        contracted=(ContractedService(outlet="C1", visits=("V4", "V5")),), unassigned=()
    ),
    "responsible_outlet": change_stop(PLAN, "visit", outlet="C1"),
    "beyond_radius": change_stop(PLAN, "visit", beyond_radius_m=1),
    "cost_component": change_cost(PLAN, work=0),
    "cost_total": change_cost(PLAN, total=0),
}


@pytest.mark.parametrize("code", PLAN_MUTATIONS)
def test_one_thing_changed_in_a_legal_plan_is_named(code):
    verdict = judge(DAY, PLAN_MUTATIONS[code], TABLE)
    assert code in verdict.codes
    assert all(violation.text for violation in verdict.violations)


PERSON, HOME = DAY.technicians[0], DAY.outlets[0]
RED = skills(gas=3)[0].model_copy(update={"certificate_expires": date(2026, 3, 1)})
DAY_MUTATIONS = {
    "excluded": visit_of(DAY, "V1", excluded=("T1",)),
    "not_required": visit_of(DAY, "V1", required=("T2",)),
    "pinned_elsewhere": visit_of(DAY, "V1", pin=Pin(technician="T2")),
    "pinned_arrival": visit_of(DAY, "V1", pin=Pin(arrival=at("09:01"))),
    "territory": person_of(DAY, "T1", territory=("south",)),
    "skill_missing": person_of(DAY, "T1", skills=()),
    "skill_level": person_of(DAY, "T1", skills=skills(gas=1)),
    "certificate_expired": person_of(DAY, "T1", skills=(RED,)),
    "emergency_before_received": visit_of(DAY, "V3", received_at=at("14:00")),
    "off_shift": outlet_of(DAY, "O1", opening_hours=hours(days="tue")),
    "outlet_hours": outlet_of(DAY, "O1", opening_hours=hours("08:51", "17:00")),
    "before_shift": person_of(DAY, "T1", shifts=(shift("08:51", "17:00"),)),
    "overtime_limit": person_of(
        DAY, "T1", shifts=(shift("08:00", "12:00", ("10:00", "10:30", 15)),), max_overtime_s=60
    ),
    "break_unexpected": person_of(DAY, "T1", shifts=(shift("08:00", "17:00"),)),
    "break_missing": person_of(
        DAY,
        "T1",
        shifts=(shift("08:00", "17:00", *[(f"{h}:00", f"{h}:30", 5) for h in range(10, 14)]),),
    ),
    "break_before_shift": person_of(
        DAY, "T1", shifts=(shift("10:15", "17:00", ("10:00", "10:30", 15), ("14:00", "15:00", 30)),)
    ),
    "contracted_hours": outlet_of(DAY, "C1", opening_hours=hours("11:01", "17:00")),
    "skill_missing at C1": visit_of(DAY, "V4", skills=needs(gas=1)),
    "excluded from C1": visit_of(DAY, "V4", excluded=("C1",)),
    "not_required at C1": visit_of(DAY, "V4", required=("T1",)),
    "pinned_elsewhere than C1": visit_of(DAY, "V4", pin=Pin(arrival=at("10:00"))),
    "contracted_linked": visit_of(DAY, "V4", links=(Link(after="V1"),)),
    "place_unknown": visit_of(DAY, "V1", place=spot(7, 7)),
    "responsible_outlet": outlet_of(
        visit_of(DAY, "V1", district="north"), "C1", territory=("north",)
    ),
    "beyond_radius": outlet_of(DAY, "O1", radius_m=100),
    "cost_component": visit_of(DAY, "V1", preferred=("T2",)),
}


@pytest.mark.parametrize("name", DAY_MUTATIONS)
def test_a_day_with_one_stricter_rule_makes_the_plan_illegal_by_that_rule(name):
    verdict = judge(DAY_MUTATIONS[name], PLAN, TABLE)
    assert name.split()[0] in verdict.codes


def test_a_cut_road_and_another_table_are_named():
    cut = grid_table(DAY)
    row, column = cut.index(spot(1)), cut.index(spot(2))
    cut.durations_s["car"][row, column] = cut.distances_m["car"][row, column] = -1
    assert "no_way" in judge(DAY, PLAN, cut).codes
    plan = plan_of(travel_hash="a")
    assert "wrong_travel" in judge(DAY, plan, TABLE, travel_hash="b").codes
    assert judge(DAY, plan, TABLE, travel_hash="a").ok
    assert judge(DAY, plan, TABLE).ok


def test_a_contracted_emergency_without_a_road_is_named():
    day = visit_of(DAY, "V4", promises=(), priority=Priority.EMERGENCY, received_at=at("09:00"))
    cut = grid_table(day)
    row, column = cut.index(spot()), cut.index(spot(3))
    cut.durations_s["car"][row, column] = cut.distances_m["car"][row, column] = -1
    assert "contracted_unreachable" in judge(day, PLAN, cut).codes
    assert "contracted_unreachable" not in judge(day, PLAN, TABLE).codes


def test_a_break_at_the_start_place_after_departure_is_named():
    day = person_of(DAY, "T1", shifts=(shift("08:00", "17:00", ("08:00", "08:50", 10)),))
    verdict, plan = judge_order(day, {"T1": ["V1"]}, TABLE)
    assert verdict.ok
    # Written: start, break after 600 s of driving, V1. Now the driving comes after the break.
    standing = change_stop(plan, "break", leg_s=0, leg_m=0)
    moved = change_stop(standing, "visit", leg_s=600, leg_m=1000)
    assert "break_place" in judge(day, moved, TABLE).codes


def test_retimed_legs_that_differ_by_more_than_a_second_or_a_meter_are_named():
    def roads(extra_s, extra_m):
        def retime(origin, destination, profile):
            seconds, meters = TABLE.leg(profile, origin, destination)
            return seconds + extra_s, meters + extra_m

        return retime

    assert judge(DAY, PLAN, TABLE, retime=roads(1, 1)).ok
    assert judge(DAY, PLAN, TABLE, retime=roads(1.5, 0)).codes == {"leg_retimed"}
    assert judge(DAY, PLAN, TABLE, retime=roads(0, -2)).codes == {"leg_retimed"}
    assert judge(DAY, PLAN, TABLE, retime=lambda *_: None).codes == {"leg_retimed"}
    sampled = judge(DAY, PLAN, TABLE, retime=lambda *_: None, samples=2, seed=3)
    assert len(sampled.violations) == 2


def test_a_visit_set_aside_may_be_unknown_to_the_day_but_not_planned():
    aside = QuarantinedVisit(visit="V77", code="D4001", reason="no such place")
    assert judge(DAY, plan_of(quarantined=(aside,)), TABLE).ok
    planned = QuarantinedVisit(visit="V1", code="D4001", reason="no such place")
    assert "visit_twice" in judge(DAY, plan_of(quarantined=(planned,)), TABLE).codes


def test_a_longer_certificate_counts_where_a_skill_is_listed_twice():
    both = (RED, Skill(skill="gas", level=2))
    verdict = judge(person_of(DAY, "T1", skills=both), PLAN, TABLE)
    # Level 2 is exactly what is needed, so the 300 fen for level 3 are gone.
    assert verdict.codes == {"cost_component"}
    assert verdict.cost.over_qualified == 0
    assert SkillNeed(skill="gas", level=2) in DAY.visits[0].skills


def test_every_code_is_provoked_somewhere():
    elsewhere = {"waiver_incomplete", "waiver_not_allowed", "break_place", "no_way", "leg_retimed"}
    elsewhere |= {"wrong_travel", "contracted_unreachable", "route_missing"}
    elsewhere |= {name.split()[0] for name in (*PLAN_CASES, *DAY_CASES)}
    named = {name.split()[0] for name in (*PLAN_MUTATIONS, *DAY_MUTATIONS)}
    assert named | elsewhere == set(CODES)
