"""The referee on parts, pick-up stops and limits: legal plans by hand, then one rule broken."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from solver.routing.referee import ViolationCode, referee
from solver.routing.solution import Step, StepKind
from tests.feature_builders import add, make_limits, make_parts
from tests.hand_plans import Case, change, codes, on_stop, plan, route, stop, visit
from tests.problems import K, P, V, line, make_problem


def part_day() -> Case:
    """Visit 0 needs 2 of part 0 and tool 1, visit 1 tool 1; the van has one of part 0."""
    problem = make_problem(
        [V(2, windows=[(5000, 6000, 6000)]), V(2)], [K()], [line([0, 1000, 3000])]
    )
    parts = make_parts(
        [{0: 2, 1: 1}, {1: 1}], used_up=[1, 0], vans=[[1, 0]], vehicle_van=[0],
        points=[(1, 2000, 5000, 300, 0)], stock=[[1, 1]],
    )  # fmt: skip
    # 5000 at the visit: 3000 at the point at the latest, 2700 to begin there, 1700 to leave.
    # 5000-5600, 5600-6200 at the same place, 3000 home: 9200.
    stops = [
        stop(Step(StepKind.PICKUP, 0, 0), 1000, 2700, 2700, 2700, 3000, taken=((0, 1), (1, 1))),
        stop(visit(0), 2000, 5000, 5000, 5000, 5600),
        stop(visit(1), 0, 5600, 5600, 5600, 6200),
    ]
    limits = make_limits(1, visits=[2], distance_m=[6000], driving_s=[6000], duration_s=[7500])
    return add(problem, parts=parts, limits=limits), plan(route(0, stops, 1700, 9200, 3000, 6000))


def test_pick_up_before_the_first_visit_moves_with_the_departure() -> None:
    assert referee(*part_day()) == ()


def taking(*taken: tuple[int, int]) -> Case:
    return on_stop(part_day(), 0, taken=taken)


@pytest.mark.parametrize(
    "taken",
    [
        ((0, 1),),  # the tool is missing
        ((1, 1),),  # the part is missing
        ((0, 2), (1, 1)),  # one of the two is on the van
        ((0, 1), (1, 2)),  # one tool is enough for both visits
        ((1, 1), (0, 1)),  # not by part
        ((0, 0), (0, 1), (1, 1)),  # nothing is no unit
        ((0, 1), (1, 1), (2, 1)),  # no such part
    ],
)
def test_anything_but_the_missing_units_is_named(taken: tuple[tuple[int, int], ...]) -> None:
    assert ViolationCode.PART in codes(taking(*taken))


def test_units_appear_at_pick_up_stops_only() -> None:
    assert codes(on_stop(part_day(), 1, taken=((0, 1),))) == {ViolationCode.PART}


def test_pick_up_after_the_visit_is_too_late() -> None:
    problem, solution = part_day()
    stops = solution.routes[0].stops
    late = replace(solution.routes[0], stops=(stops[1], stops[0], stops[2]))
    assert ViolationCode.PART in codes((problem, replace(solution, routes=(late,))))


def test_missing_units_of_a_visit_are_taken_whole_at_one_stop() -> None:
    problem = make_problem([V(0)], [K()], [line([0])])
    parts = make_parts(
        [{0: 2}], used_up=[1], vans=[[0]], vehicle_van=[0],
        points=[(0, 0, 9000, 0, 0), (0, 0, 9000, 0, 1)], stock=[[5], [5]],
    )  # fmt: skip
    problem = add(problem, parts=parts)

    def split(first: int, second: int) -> Case:
        # All at the start place: pick-ups take no time, the visit begins at once at 0.
        stops = [
            stop(Step(StepKind.PICKUP, 0, 0), 0, 0, 0, 0, 0, taken=((0, first),) if first else ()),
            stop(Step(StepKind.PICKUP, 1, 0), 0, 0, 0, 0, 0, taken=((0, second),)),
            stop(visit(0), 0, 0, 0, 0, 600),
        ]
        return problem, plan(route(0, stops, 0, 600, 0, 0))

    assert referee(*split(0, 2)) == ()
    assert codes(split(1, 1)) == {ViolationCode.PART}


@pytest.mark.parametrize(
    ("name", "index", "value", "code"),
    [
        ("stock", (0, 0), 0, ViolationCode.STOCK),
        ("stock", (0, 1), 0, ViolationCode.STOCK),
        ("van_stock", (0, 0), 0, ViolationCode.PART),
        ("van_stock", (0, 0), 2, ViolationCode.PART),
        ("van_stock", (0, 1), 1, ViolationCode.PART),
        ("need_quantity", 0, 3, ViolationCode.PART),
        ("need_quantity", 2, 2, ViolationCode.PART),
    ],
)
def test_other_stocks_and_needs_are_noticed(
    name: str, index: Any, value: int, code: ViolationCode
) -> None:
    assert codes(change(part_day(), "parts", name, index, value)) == {code}


def test_stock_without_limit_is_enough() -> None:
    assert codes(change(part_day(), "parts", "stock", (0, 0), -1)) == set()


def test_pick_up_after_the_point_has_closed_is_named() -> None:
    # From 0 on the point is reached at 1000 at the earliest; it takes nobody after 900.
    case = change(part_day(), "parts", "point_earliest", 0, 0)
    assert ViolationCode.PICKUP in codes(change(case, "parts", "point_latest", 0, 900))


def test_departure_waits_no_longer_than_the_point_is_open() -> None:
    # Begins at 2600 at the latest, so it leaves at 1600.
    assert ViolationCode.DEPARTURE in codes(change(part_day(), "parts", "point_latest", 0, 2600))


@pytest.mark.parametrize("step", [Step(StepKind.PICKUP, 1, 0), Step(StepKind.PICKUP, 0, 1)])
def test_unknown_pick_up_is_named(step: Step) -> None:
    assert ViolationCode.STEPS in codes(on_stop(part_day(), 0, step=step))


def test_pick_up_in_a_problem_without_parts_is_named() -> None:
    problem, solution = part_day()
    assert ViolationCode.STEPS in codes((replace(problem, parts=None), solution))


@pytest.mark.parametrize("name", ["visits", "distance_m", "driving_s", "duration_s"])
def test_each_limit_is_enforced(name: str) -> None:
    # All four limits are just kept, so one less is broken: 2 visits, 6000 m, 6000 s, 7500 s.
    problem, _ = part_day()
    value = int(getattr(problem.limits, name)[0]) - 1
    assert codes(change(part_day(), "limits", name, 0, value)) == {ViolationCode.LIMIT}
    assert codes(change(part_day(), "limits", name, 0, -1)) == set()


def two_shifts() -> Case:
    """Two vehicles of one van with two units; each serves a visit at its start place."""
    problem = make_problem([V(0), V(0), V(0)], [K(), K()], [line([0])], pools=[P(2, {2: 0})])
    parts = make_parts(
        [{0: 1}, {0: 1}, {0: 2}], used_up=[1], vans=[[2]], vehicle_van=[0, 0], pools=[[2]]
    )
    routes = [route(k, [stop(visit(k), 0, 0, 0, 0, 600)], 0, 600, 0, 0) for k in (0, 1)]
    return add(problem, parts=parts), plan(*routes, pools=((2,),))


def test_vehicles_share_a_van() -> None:
    assert referee(*two_shifts()) == ()
    found = referee(*change(two_shifts(), "parts", "van_stock", (0, 0), 1))
    # Vehicle 0 comes first and has used the only unit.
    expected = "part vehicle 1 part 0: found taken: nothing; expected missing on the van: 1 for"
    assert [str(v).removesuffix(" stop 0") for v in found] == [expected]


def test_tool_on_a_shared_van_serves_both_shifts() -> None:
    case = change(two_shifts(), "parts", "is_used_up", 0, 0)
    assert codes(change(case, "parts", "van_stock", (0, 0), 1)) == set()


def test_pool_gives_no_more_units_than_it_has() -> None:
    case = change(two_shifts(), "parts", "pool_stock", (0, 0), 1)
    assert codes(case) == {ViolationCode.STOCK}
    assert codes(change(case, "parts", "pool_stock", (0, 0), -1)) == set()


def test_breaks_between_pick_up_and_visit_are_on_the_way() -> None:
    problem = make_problem(
        [V(2, windows=[(6000, 6000, 6000)])],
        [K(breaks=[(0, 3000, 900), (3100, 3200, 600)])],
        [line([0, 1000, 3000])],
    )
    parts = make_parts(
        [{0: 1}], used_up=[1], vans=[[0]], vehicle_van=[0],
        points=[(1, 0, 9000, 300, 0)], stock=[[1]],
    )  # fmt: skip
    # Break 0 at the start place 0-900. At the visit at 6000: away from the point by 4000; break 1
    # there begins by 3200; the pick-up begins by 2900, so it leaves at 1900. Forward: 2900-3200
    # pick-up, 3200-3800 break, 5800 reached, 6000-6600, home at 9600. Work: 9600 - 1900 - 600.
    pause = Step(StepKind.BREAK, 0, 0), Step(StepKind.BREAK, 1, 0)
    stops = [
        stop(pause[0], 0, 0, 0, 0, 900),
        stop(Step(StepKind.PICKUP, 0, 0), 1000, 2900, 2900, 2900, 3200, taken=((0, 1),)),
        stop(pause[1], 0, 3200, 3200, 3200, 3800),
        stop(visit(0), 2000, 5800, 6000, 6000, 6600),
    ]
    solution = plan(route(0, stops, 1900, 9600, 3000, 6000, rest=600))
    assert referee(add(problem, parts=parts), solution) == ()


def test_break_after_traveling_to_a_pick_up_is_at_its_place() -> None:
    problem = make_problem([V(2)], [K(breaks=[(500, 1500, 900)])], [line([0, 1000, 3000])])
    parts = make_parts(
        [{0: 1}], used_up=[1], vans=[[0]], vehicle_van=[0],
        points=[(1, 0, 9000, 300, 0)], stock=[[1]],
    )  # fmt: skip
    # At the point at 1000, break until 1900, pick-up until 2200, at the visit 4200-4800, 7800.
    # No later departure keeps 4200.
    stops = [
        stop(Step(StepKind.BREAK, 0, 1), 1000, 1000, 1000, 1000, 1900),
        stop(Step(StepKind.PICKUP, 0, 0), 0, 1900, 1900, 1900, 2200, taken=((0, 1),)),
        stop(visit(0), 2000, 4200, 4200, 4200, 4800),
    ]
    solution = plan(route(0, stops, 0, 7800, 3000, 6000, rest=900))
    assert referee(add(problem, parts=parts), solution) == ()
