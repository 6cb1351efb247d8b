"""Two plans side by side: every change has its name, and those who must hear of it are named."""

from __future__ import annotations

from dispatch.planning.compare import Change, compare_plans, services
from dispatch.referee import judge_order
from tests.days import appointment, contracted, grid_table, technician, tiny_day, visit, window
from tests.edit_plan import change_route
from tests.whole_days import DAY, PLAN, TABLE


def day():
    jobs = [visit(f"V{n}", n) for n in range(1, 5)]
    jobs.append(visit("V5", 1, promises=(appointment("09:00"), window("14:00", "15:00"))))
    return tiny_day(jobs, [technician("T1"), technician("T2")], [*tiny_day().outlets, contracted()])


def differences(before, after, **options):
    town = day()
    table = grid_table(town)
    made = [judge_order(town, one, table, contracted=given)[1] for one, given in (before, after)]
    found = compare_plans(town, *made, **options)
    return {one.visit: one for one in found.visits}, {one.technician: one for one in found.people}


def test_equal_plans_differ_in_nothing_and_nobody_is_told():
    order = ({"T1": ["V1", "V2"], "T2": ["V5"]}, {"C1": ["V3"]})
    visits, people = differences(order, order)
    assert all(not one.changes and not one.tell for one in visits.values())
    assert not any(one.tell for one in people.values())


def test_a_visit_given_to_somebody_else_tells_both_technicians():
    visits, people = differences(
        ({"T1": ["V1", "V2"], "T2": ["V3"]}, {}), ({"T1": ["V1"], "T2": ["V2", "V3"]}, {})
    )
    assert Change.TECHNICIAN in visits["V2"].changes
    assert (people["T1"].loses, people["T2"].gains) == (("V2",), ("V2",))
    # T2 was at V3 at 8:30; V2 before it takes half an hour of work: 9:00.
    assert (visits["V3"].changes, visits["V3"].tell) == ((Change.ETA,), True)
    assert people["T2"].moved == ("V3",)


def test_an_arrival_that_moves_a_little_is_no_reason_to_call():
    order = ({"T2": ["V3"]}, {}), ({"T2": ["V2", "V3"]}, {})
    assert differences(*order)[0]["V3"].tell is True
    # It moves by half an hour.
    assert differences(*order, tell_after_s=1801)[0]["V3"].tell is False


def test_visits_left_out_or_taken_in_are_named():
    visits, _ = differences(({"T1": ["V1"]}, {}), ({"T1": ["V2"]}, {}))
    assert (visits["V1"].changes, visits["V1"].tell) == ((Change.DROPPED,), True)
    assert (visits["V2"].changes, visits["V2"].tell) == ((Change.ADDED,), True)
    assert visits["V3"].changes == ()


def test_a_contracted_outlet_instead_of_a_technician_is_told():
    visits, people = differences(({"T1": ["V1"]}, {}), ({}, {"C1": ["V1"]}))
    assert visits["V1"].changes == (Change.TECHNICIAN,)
    assert visits["V1"].tell
    assert people["T1"].loses == ("V1",)


def test_only_what_left_the_common_order_counts_as_moved_in_order():
    visits, _ = differences(
        ({"T1": ["V1", "V2", "V3", "V4"]}, {}), ({"T1": ["V4", "V1", "V2", "V3"]}, {})
    )
    moved = [name for name, one in visits.items() if Change.ORDER in one.changes]
    assert moved == ["V4"]


def test_another_promise_is_told_even_by_the_same_technician():
    visits, _ = differences(({"T1": ["V5"]}, {}), ({"T1": ["V1", "V2", "V3", "V4", "V5"]}, {}))
    # After four visits it is past the first promise: the second one is waited for.
    assert (visits["V5"].before.promise, visits["V5"].after.promise) == ("1", "2")
    assert Change.PROMISE in visits["V5"].changes
    assert visits["V5"].tell


def test_a_crew_is_one_service_of_several_people():
    served = services(DAY, PLAN)
    assert served["V3"].who == ("T1", "T2")
    # The first technician's place in the day: V1, V2, V3.
    assert served["V3"].number == 3
    assert served["V6"].contracted
    assert f"{served['V5'].day}" == "2026-03-03"


def test_another_second_technician_is_another_crew():
    other = change_route(PLAN, 1, technician="T9")
    found = {one.visit: one for one in compare_plans(DAY, PLAN, other).visits}
    assert found["V3"].changes == (Change.TECHNICIAN,)
    assert not found["V3"].tell


def test_a_visit_moved_to_another_day_is_told():
    late = judge_order(DAY, {("T1", 1): ["V1"]}, TABLE)[1]
    soon = judge_order(DAY, {"T1": ["V1"]}, TABLE)[1]
    found = {one.visit: one for one in compare_plans(DAY, soon, late).visits}
    assert Change.DAY in found["V1"].changes
    assert found["V1"].tell
