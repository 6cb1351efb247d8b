"""What customers were told and vehicles that are out already, by hand on a line of places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from solver.routing.features import ScheduleRules
from solver.routing.idle import idle_route
from solver.routing.problem import RoutingProblem
from solver.routing.referee import referee
from solver.routing.solution import BlockCode, RoutingSolution
from solver.routing.solve import solve
from solver.routing.timetable import TimetableData
from solver.routing.violation import ViolationCode
from solver.stop import MaxIterations
from tests.feature_brute_force import feature_brute_force
from tests.feature_builders import add, make_agreed, make_limits, make_rush, make_shares
from tests.problems import DAY_S, K, V, line, make_problem
from tests.timetables import block_of, plan_of, rest, route_of, visit

PLACES = [0, 1000, 3000]


def world(
    visits: Sequence[V],
    *vehicles: K,
    told: Sequence[Mapping[str, int]] = (),
    out: Sequence[int] = (),
    **features: Any,
) -> RoutingProblem:
    """Build a problem; vehicle k is driven by person k, nobody is told anything unless stated."""
    drivers = vehicles or (K(),)
    agreed = make_agreed(
        [*told, *({} for _ in visits[len(told) :])],
        range(len(drivers)),
        out or [0] * len(drivers),
    )
    return add(make_problem(visits, drivers, [line(PLACES)]), agreed=agreed, **features)


def solved(problem: RoutingProblem) -> RoutingSolution:
    solution = solve(problem, stop=MaxIterations(200), seed=1, engine="core")
    assert referee(problem, solution) == ()
    assert solution.cost == feature_brute_force(problem)
    return solution


def test_an_arrival_later_than_told_is_paid_by_the_second() -> None:
    # There at 1000: 300 s later than told, at 7; work 2600.
    problem = world([V(1)], told=[{"latest": 700, "rate": 7}])
    cost = route_of(problem, visit(0)).cost
    assert (cost.disturbed, cost.lateness, cost.total) == (2100, 0, 4700)
    assert route_of(world([V(1)], told=[{"latest": 1000, "rate": 7}]), visit(0)).cost.disturbed == 0
    assert route_of(world([V(1)], told=[{"rate": 7}]), visit(0)).cost.disturbed == 0


def test_later_than_told_comes_on_top_of_late() -> None:
    # 100 s beyond the window at 10, 300 s beyond what was told at 7.
    late = V(1, windows=[(0, 900, 9000)])
    cost = route_of(world([late], told=[{"latest": 700, "rate": 7}]), visit(0)).cost
    assert (cost.lateness, cost.disturbed) == (1000, 2100)


def told_in_turn(first: int, second: int, person: int = 0) -> list[dict[str, int]]:
    return [{"person": person, "order": order, "cost": 500} for order in (first, second)]


@pytest.mark.parametrize(
    ("orders", "person", "price"),
    [((1, 2), 0, 0), ((2, 1), 0, 500), ((2, 2), 0, 0), ((2, 1), 1, 0), ((2, 1), -1, 0)],
)
def test_only_who_was_told_pays_for_another_order(
    orders: tuple[int, int], person: int, price: int
) -> None:
    problem = world([V(1), V(2)], K(breaks=[(0, DAY_S, 60)]), told=told_in_turn(*orders, person))
    # A break between the two changes nothing.
    route = route_of(problem, visit(0), rest(0, 0), visit(1))
    assert route.cost.disturbed == price


@pytest.mark.core
def test_an_order_as_told_is_worth_a_detour_cheaper_than_its_price() -> None:
    # Told: place 2 first, then 1, then 2 again.
    visits = [V(2, windows=[(0, 20_000, 20_000)]), V(1), V(2)]
    told = [{"person": 0, "order": rank, "cost": 500} for rank in (1, 2, 3)]
    cheap = solved(world(visits, told=told))
    # Out and back along the line with three services; one visit follows a later one.
    assert cheap.cost == 6000 + 1800 + 500
    dear = [{**row, "cost": 9000} for row in told]
    # As told: 3000 + 2000 + 2000 + 3000.
    assert solved(world(visits, told=dear)).cost == 10_000 + 1800


@pytest.mark.core
def test_an_order_is_kept_by_the_person_it_was_told_of_not_by_a_twin() -> None:
    # Two vehicles alike; what was told in turn 2, 1 holds for person 1: the other one serves both.
    visits = [V(1, service=0), V(2, service=0)]
    told = [{"person": 1, "order": 2, "cost": 900}, {"person": 1, "order": 1, "cost": 900}]
    windows = [(0, 1000, 1000)]
    first = replace(visits[0], windows=windows)
    solution = solved(world([first, visits[1]], K(), K(), told=told))
    assert [route.vehicle for route in solution.routes] == [0]
    assert solution.cost == 6000


def test_who_is_out_leaves_at_once_and_is_paid_for_waiting() -> None:
    early = V(1, windows=[(5000, 6000, 6000)])
    there = route_of(world([early]), visit(0))
    assert (there.departure, there.work_s) == (4000, 2600)
    out = route_of(world([early], K(shift=(500, DAY_S)), out=[1]), visit(0))
    assert (out.departure, out.work_s) == (500, 6100)
    lean = world([early], out=[1], rules=ScheduleRules(leaves_for_end=True))
    assert route_of(lean, visit(0)).departure == 0


def test_breaks_of_who_is_out_come_after_the_departure_unlike_their_waiting_unpaid() -> None:
    problem = world([V(1)], K(breaks=[(300, 5000, 600)]), out=[1])
    # Waits 300 s where it stands, rests until 900, there at 1900.
    here = route_of(problem, rest(0, 0), visit(0))
    assert (here.departure, here.end, here.work_s) == (0, 3500, 2900)
    # There at 1000, the break before the access.
    there = route_of(problem, rest(0, 1), visit(0))
    assert (there.departure, there.end, there.work_s) == (0, 3200, 2600)


@pytest.mark.core
def test_who_is_out_goes_home_after_the_breaks_that_cannot_wait() -> None:
    # At the end place, from 3000 on, the first break would begin too late, the second would not.
    vehicle = K(start=2, breaks=[(0, 2999, 600), (2999, 3600, 900)])
    problem = world([V(1, penalty=0)], vehicle, out=[1])
    (route,) = solved(problem).routes
    assert [stop.step for stop in route.stops] == [rest(0, 0), rest(1, 1)]
    assert (route.departure, route.end, route.work_s) == (0, 3600, 3000)


@pytest.mark.core
def test_who_is_out_without_visits_comes_home_and_is_paid() -> None:
    vehicles = K(start=2, shift=(100, DAY_S), fixed=50, per_meter=1, breaks=[(0, 9000, 600)]), K()
    problem = world([V(1)], *vehicles, out=[1, 0])
    # 3000 s and 3000 m home; the visit in between costs 600 more and 2600 on the other vehicle.
    solution = solved(problem)
    assert [route.visits for route in solution.routes] == [(0,)]
    assert solution.cost == 50 + 3000 + 3000 + 600
    idle = plan_of(problem, {1: [visit(0)]})
    assert [(r.vehicle, r.departure, r.end) for r in idle.routes] == [(0, 100, 3100), (1, 0, 2600)]
    assert idle.cost == 6050 + 2600
    assert [(s.step, s.start) for s in idle.routes[0].stops] == [(rest(0, 1), 3100)]
    assert referee(problem, idle) == ()


@pytest.mark.core
def test_what_the_way_home_overruns_does_not_make_the_day_impossible() -> None:
    # The shift and the break are over before it is home, it may not drive that far; the visit goes
    # to the other vehicle. Home at 5000, 1000 s of overtime at 2 on top of 3000 s of work.
    late = K(start=2, shift=(2000, 4000), breaks=[(0, 3000, 600)])
    limits = make_limits(2, driving_s=[100, -1], distance_m=[100, -1], duration_s=[100, -1])
    solution = solved(world([V(1)], late, K(), out=[1, 0], limits=limits))
    assert [route.visits for route in solution.routes] == [(), (0,)]
    assert solution.routes[0].overtime_s == 1000
    assert solution.cost == 3000 + 2 * 1000 + 2600


def test_with_a_visit_every_rule_holds_for_who_is_out() -> None:
    problem = world([V(1)], K(start=2, shift=(2000, 4000)), out=[1])
    # 2000 + 2000 to place 1, 600 there, 1000 home: 5600.
    stuck = block_of(problem, visit(0))
    assert (stuck.code, stuck.excess_s) == (BlockCode.SHIFT, 1600)


@pytest.mark.core
def test_a_day_without_visits_has_the_ways_home() -> None:
    problem = world([], K(start=1), K(), out=[1, 0])
    solution = solve(problem, stop=MaxIterations(1))
    assert ([r.vehicle for r in solution.routes], solution.cost) == ([0], 1000)
    assert referee(problem, solution) == ()


@pytest.mark.core
def test_the_way_home_counts_into_the_share_of_its_person() -> None:
    shares = make_shares([0, 1], [2500, 10_000], [10**6, 10**6], per_second=3)
    problem = world([V(1)], K(start=2), K(), out=[1, 0], fair_shares=shares)
    # Home alone: 3000 s, 500 beyond the share at 3; with the visit 3600 s, 1100 beyond; the other
    # vehicle pays 2600.
    assert plan_of(problem, {1: [visit(0)]}).shared_cost == 1500
    assert solved(problem).cost == 3600 + 3300


@pytest.mark.core
def test_the_way_home_is_driven_by_the_hour() -> None:
    problem = world([V(1, penalty=0)], K(start=2, shift=(1000, DAY_S)), out=[1])
    rushed = add(problem, rush_hours=make_rush(problem, [(0, 0), (2500, 1)], [1, 2]))
    # Half of the way before the rush, the other half at half the speed.
    assert solved(rushed).cost == 1500 + 3000


def test_the_referee_wants_a_route_for_who_is_out_with_its_breaks_after_it() -> None:
    problem = world([V(1)], K(start=2, breaks=[(0, DAY_S, 600)]), out=[1])
    solution = plan_of(problem, {})
    assert referee(problem, solution) == ()
    missing = replace(solution, routes=())
    assert ViolationCode.VEHICLE in {v.code for v in referee(problem, missing)}
    (route,) = solution.routes
    stops = tuple(replace(stop, step=rest(0, 0)) for stop in route.stops)
    early = replace(solution, routes=(replace(route, stops=stops),))
    assert {v.code for v in referee(problem, early)} == {ViolationCode.STEPS}
    wrong = replace(route, cost=replace(route.cost, disturbed=1))
    found = referee(problem, replace(solution, routes=(wrong,)))
    assert [v.where for v in found] == ["vehicle 0 disturbed"]


def test_who_leaves_for_the_end_moves_no_arrival_beyond_what_was_told() -> None:
    visits = [V(1), V(2, windows=[(9000, DAY_S, DAY_S)])]
    lean = ScheduleRules(leaves_for_end=True)
    # Work at place 2 begins at 9000; 0 may be reached at 6400, told until 4000.
    assert route_of(world(visits, rules=lean), visit(0), visit(1)).departure == 5400
    told = world(visits, told=[{"latest": 4000}], rules=lean)
    assert route_of(told, visit(0), visit(1)).departure == 3000


def test_idle_routes_are_the_same_in_a_plan_and_alone() -> None:
    problem = world([V(1)], K(start=2), K(start=1), out=[1, 1])
    data = TimetableData(problem)
    alone = [idle_route(data, data.get_shift(k)) for k in (0, 1)]
    assert list(plan_of(problem, {}).routes) == alone
