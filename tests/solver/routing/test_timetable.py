"""Each rule of docs/semantics.md on a line of places: one second per meter, one unit per second."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from solver.errors import InvalidParameter
from solver.routing.problem import FORBIDDEN, UNREACHABLE, RoutingProblem
from solver.routing.referee import referee
from solver.routing.solution import BlockCode, Route, Step, StepKind
from solver.routing.timetable import (
    Infeasible,
    TimetableData,
    build_solution,
    place_breaks,
    timetable,
)
from solver.status import SolveStatus, StoppedBy
from tests.problems import DAY_S, K, P, V, line, make_problem

PLACES = [0, 1000, 3000]
"""Meters from the start place."""


def visit(index: int, window: int | None = None) -> Step:
    return Step(StepKind.VISIT, index, index if window is None else window)


def rest(index: int, choice: int) -> Step:
    return Step(StepKind.BREAK, index, choice)


def world(
    visits: Sequence[V],
    vehicle: K | None = None,
    assignment: dict[tuple[int, int], int] | None = None,
) -> RoutingProblem:
    return make_problem(visits, [vehicle or K()], [line(PLACES)], assignment=assignment)


def route_of(problem: RoutingProblem, *steps: Step) -> Route:
    route = timetable(problem, 0, steps)
    assert isinstance(route, Route), route
    return route


def block_of(problem: RoutingProblem, *steps: Step) -> Infeasible:
    route = timetable(problem, 0, steps)
    assert isinstance(route, Infeasible), route
    return route


def test_one_visit_out_and_back() -> None:
    route = route_of(world([V(1)]), visit(0))
    # 0 + 1000 travel = 1000; 600 service; 1000 back = 2600.
    assert (route.departure, route.stops[0].arrival, route.stops[0].end, route.end) == (
        0, 1000, 1600, 2600,
    )  # fmt: skip
    assert (route.work_s, route.distance_m, route.cost.total) == (2600, 2000, 2600)


def test_access_time_lies_between_the_vehicle_and_the_door() -> None:
    route = route_of(world([V(1, access=120)]), visit(0))
    assert (route.stops[0].reached, route.stops[0].arrival) == (1120, 1120)


def test_waiting_before_the_first_visit_is_not_paid() -> None:
    route = route_of(world([V(1, windows=[(5000, 6000, 6000)])]), visit(0))
    # Leaves at 5000 - 1000 = 4000, not at 0; back at 5000 + 600 + 1000 = 6600.
    assert (route.departure, route.stops[0].reached, route.end) == (4000, 5000, 6600)
    assert route.work_s == 2600


def test_waiting_between_visits_is_work() -> None:
    problem = world([V(1), V(2, windows=[(9000, 9000, 9000)])])
    route = route_of(problem, visit(0), visit(1))
    # At 1 from 1000 to 1600, at 2 by 3600, waits until 9000, done 9600, back at 12600.
    assert (route.departure, route.stops[1].reached, route.stops[1].arrival) == (0, 3600, 9000)
    assert route.work_s == 12_600


def test_the_first_visit_is_reached_as_early_as_possible_even_if_waiting_follows() -> None:
    problem = world([V(1), V(2, windows=[(9000, 9000, 9000)])])
    # Leaving later would save waiting, but would move the arrival at the first visit.
    assert route_of(problem, visit(0), visit(1)).stops[0].arrival == 1000


def test_lateness_counts_from_the_first_second_and_steepens_at_the_knee() -> None:
    late = (300, 10, 30)
    route = route_of(world([V(1, windows=[(0, 600, DAY_S)], late=late)]), visit(0))
    # 400 s late: 300 * 10 + 100 * 30 = 6000.
    assert (route.stops[0].lateness_s, route.cost.lateness) == (400, 6000)


def test_arrival_exactly_at_the_end_of_the_window_is_on_time() -> None:
    route = route_of(world([V(1, windows=[(0, 1000, 1000)])]), visit(0))
    assert route.stops[0].lateness_s == 0


def test_arrival_after_the_limit_is_impossible() -> None:
    block = block_of(world([V(1, windows=[(0, 990, 990)])]), visit(0))
    assert block == Infeasible(BlockCode.WINDOW, visit(0), 10)


def test_a_pinned_arrival_after_its_promise_is_late_by_the_pin() -> None:
    route = route_of(world([V(1, windows=[(5000, 4700, 5000)])]), visit(0))
    assert (route.stops[0].arrival, route.stops[0].lateness_s) == (5000, 300)


def test_the_chosen_window_decides() -> None:
    problem = world([V(1, windows=[(0, 500, DAY_S), (7000, 8000, DAY_S)])])
    assert route_of(problem, visit(0, 0)).stops[0].lateness_s == 500
    assert route_of(problem, visit(0, 1)).stops[0].arrival == 7000


def test_overtime_is_paid_on_top_and_only_up_to_its_limit() -> None:
    vehicle = K(shift=(0, 2000), overtime=600)
    route = route_of(world([V(1)], vehicle), visit(0))
    # Back at 2600: 600 s over, 2600 * 1 + 600 * 2 = 3800.
    assert (route.overtime_s, route.cost.total) == (600, 3800)
    block = block_of(world([V(1, service=601)], vehicle), visit(0))
    assert block == Infeasible(BlockCode.SHIFT, None, 1)


def test_fixed_travel_and_assignment_costs_are_added() -> None:
    vehicle = K(fixed=70, per_second=0, per_meter=3)
    route = route_of(world([V(1)], vehicle, {(0, 0): 11}), visit(0))
    # 70 + 2000 m * 3 + 11
    assert (route.cost.fixed, route.cost.travel, route.cost.assignment) == (70, 6000, 11)
    assert route.cost.total == 6081


def test_a_break_at_the_start_place_is_unpaid_and_delays_the_departure() -> None:
    problem = world([V(1)], K(breaks=[(500, 900, 1800)]))
    route = route_of(problem, rest(0, 0), visit(0))
    # Break 500-2300, departure 2300, arrival 3300, back at 4900: 2600 of work.
    assert (route.stops[0].start, route.departure, route.stops[1].arrival) == (500, 2300, 3300)
    assert route.work_s == 2600


def test_a_break_at_the_first_place_moves_inside_its_window_with_the_departure() -> None:
    visits = [V(1, windows=[(9000, 9000, 9000)])]
    route = route_of(world(visits, K(breaks=[(500, 5000, 1800)])), rest(0, 1), visit(0))
    # Latest start of the break is 5000 (9000 - 1800 = 7200 would be too late): leaves at 4000,
    # and waits from 6800 to 9000. Back at 10600: 6600 - 1800 of break = 4800.
    assert (route.departure, route.stops[0].start, route.stops[1].arrival) == (4000, 5000, 9000)
    assert (route.stops[0].leg_s, route.stops[1].leg_s, route.work_s) == (1000, 0, 4800)


def test_a_break_after_a_visit_is_not_paid() -> None:
    problem = world([V(1), V(2)], K(breaks=[(1700, 2000, 900)]))
    route = route_of(problem, visit(0), rest(0, 0), visit(1))
    # Free at 1600, break 1700-2600, at 2 by 4600, done 5200, back 8200: 8200 - 900.
    assert (route.stops[1].reached, route.stops[1].start, route.stops[2].arrival) == (
        1600, 1700, 4600,
    )  # fmt: skip
    assert route.work_s == 7300


def test_a_break_after_traveling_comes_before_the_access_time() -> None:
    problem = world([V(1), V(2, access=60)], K(breaks=[(0, 4000, 900)]))
    route = route_of(problem, visit(0), rest(0, 1), visit(1))
    # At 2 by 3600, break until 4500, door at 4560.
    assert (route.stops[1].leg_s, route.stops[1].start, route.stops[2].reached) == (
        2000, 3600, 4560,
    )  # fmt: skip


def test_a_break_that_opens_after_the_return_is_taken_at_the_end_place_unpaid() -> None:
    problem = world([V(1)], K(breaks=[(8000, 8500, 1800)]))
    route = route_of(problem, visit(0), rest(0, 1))
    assert (route.end, route.stops[1].reached, route.stops[1].start) == (2600, 2600, 8000)
    assert route.work_s == 2600


def test_a_break_that_begins_too_late_is_named() -> None:
    block = block_of(world([V(1)], K(breaks=[(0, 900, 600)])), rest(0, 1), visit(0))
    assert block == Infeasible(BlockCode.BREAK, rest(0, 1), 100)


def test_a_break_never_begins_before_the_shift() -> None:
    problem = world([V(1)], K(shift=(700, DAY_S), breaks=[(0, 900, 600)]))
    assert route_of(problem, rest(0, 0), visit(0)).stops[0].start == 700


def test_a_forbidden_pair_is_named_before_everything_else() -> None:
    problem = world([V(1, windows=[(0, 1, 1)])], assignment={(0, 0): FORBIDDEN})
    assert block_of(problem, visit(0)).code is BlockCode.FORBIDDEN


def test_a_place_without_a_way_back_is_unreachable() -> None:
    durations, distances = line(PLACES)
    durations[1, 0] = distances[1, 0] = UNREACHABLE
    problem = make_problem([V(1)], [K()], [(durations, distances)])
    assert block_of(problem, visit(0)) == Infeasible(BlockCode.UNREACHABLE, None, 0)


def test_a_load_beyond_the_capacity_is_blocked() -> None:
    problem = world([V(1, demand=(3,)), V(2, demand=(3,))], K(capacity=(5,)))
    assert block_of(problem, visit(0), visit(1)).code is BlockCode.CAPACITY
    assert route_of(problem, visit(0)).visits == (0,)


def test_the_profile_of_the_vehicle_decides_its_travel() -> None:
    travel = [line(PLACES), line(PLACES, seconds_per_meter=2)]
    problem = make_problem([V(1)], [K(profile=1)], travel)
    assert route_of(problem, visit(0)).stops[0].arrival == 2000


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([], "at least one visit"),
        ([visit(0), visit(0)], "stands twice"),
        ([visit(0), visit(7)], "no visit 7"),
        ([visit(0, 1), rest(0, 0)], "not one of visit 0"),
        ([visit(0)], "Breaks on the route are"),
        ([rest(0, 0), visit(0), rest(0, 0)], "Breaks on the route are"),
        ([rest(0, 2), visit(0)], "Choice of break 0 is 2"),
    ],
)
def test_steps_that_are_no_route_are_refused(steps: list[Step], message: str) -> None:
    problem = world([V(1), V(2)], K(breaks=[(0, 9000, 60)]))
    with pytest.raises(InvalidParameter, match=message):
        timetable(problem, 0, steps)


def test_a_break_before_travel_cannot_follow_one_after_it() -> None:
    problem = world([V(1)], K(breaks=[(0, 5000, 60), (5000, 9000, 60)]))
    with pytest.raises(InvalidParameter, match="before traveling follows"):
        timetable(problem, 0, [rest(0, 1), rest(1, 0), visit(0)])


def test_breaks_are_placed_where_they_are_cheapest() -> None:
    visits = [V(1), V(2, windows=[(9000, 9000, 9000)])]
    problem = world(visits, K(breaks=[(3000, 9000, 1800)]))
    steps = place_breaks(problem, 0, [(0, 0), (1, 1)])
    assert not isinstance(steps, Infeasible)
    # On the way or at the second place it replaces waiting, 12600 - 1800 = 10800 of work; at the
    # start place it would be free too and bring the first arrival from 1000 to 3000 + 1800 + 1000
    # = 5800, nearer to the second: departure 4800, back at 12600 as before, 7800 of work.
    assert steps == (rest(0, 0), visit(0), visit(1))
    assert route_of(problem, *steps).cost.total == 7800


def test_breaks_that_fit_nowhere_are_told_from_visits_that_do_not_fit() -> None:
    problem = world([V(1, windows=[(0, 1000, 1000)])], K(breaks=[(0, 900, 600)]))
    assert place_breaks(problem, 0, [(0, 0)]) == Infeasible(BlockCode.BREAK, None, 0)
    tight = world([V(1, windows=[(0, 900, 900)])], K(breaks=[(0, 9000, 600)]))
    assert place_breaks(tight, 0, [(0, 0)]) == Infeasible(BlockCode.WINDOW, visit(0), 100)


def test_a_solution_sums_routes_pools_and_penalties() -> None:
    visits = [V(1), V(1), V(2, penalty=5000)]
    problem = make_problem(visits, [K()], [line(PLACES)], pools=[P(1, {1: 700})])
    solution = build_solution(
        problem, {0: [visit(0)]}, [[1]], engine="hand", seed=0, iterations=0, runtime_s=0.0,
        stopped_by=StoppedBy.EXHAUSTED,
    )  # fmt: skip
    # Route 2600 + pool 700 + penalty 5000.
    assert (solution.cost, solution.unassigned) == (8300, (2,))
    assert solution.status is SolveStatus.HAS_UNASSIGNED
    assert referee(problem, solution) == ()


@pytest.mark.parametrize(
    ("routes", "pools", "message"),
    [
        ({0: [visit(0)]}, [[0]], "served twice"),
        ({}, [[0, 1]], "it can take 1"),
        ({}, [[2]], "must not take visit 2"),
        ({}, [], "0 pools are given"),
        ({5: [visit(0)]}, [[]], "vehicle is 5"),
    ],
)
def test_a_solution_that_is_none_is_refused(
    routes: dict[int, list[Step]], pools: list[list[int]], message: str
) -> None:
    visits = [V(1), V(1), V(2)]
    problem = make_problem(visits, [K()], [line(PLACES)], pools=[P(1, {0: 700, 1: 700})])
    with pytest.raises(InvalidParameter, match=message):
        build_solution(
            problem, routes, pools, engine="hand", seed=0, iterations=0, runtime_s=0.0,
            stopped_by=StoppedBy.EXHAUSTED,
        )  # fmt: skip


def test_data_made_once_gives_the_same_route() -> None:
    problem = world([V(1)])
    data = TimetableData(problem)
    assert timetable(problem, 0, [visit(0)], data=data) == timetable(problem, 0, [visit(0)])
