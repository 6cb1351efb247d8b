"""Limits, service times by vehicle, fair shares and departures for the end, on a line of places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from solver.routing.features import ScheduleRules
from solver.routing.problem import RoutingProblem
from solver.routing.solution import BlockCode
from solver.routing.timetable import Infeasible, place_breaks
from tests.feature_builders import add, make_limits, make_rush, make_shares, make_times
from tests.problems import DAY_S, K, V, line, make_problem
from tests.timetables import block_of, plan_of, rest, route_of, visit

PLACES = [0, 1000, 3000]
LEAN = ScheduleRules(leaves_for_end=True)


def world(visits: Sequence[V], *vehicles: K, **features: Any) -> RoutingProblem:
    return add(make_problem(visits, vehicles or [K()], [line(PLACES)]), **features)


@pytest.mark.parametrize(
    ("name", "found"),
    # Out 1000, service 600, on 2000, service 600, back 3000: two visits, 6000 m, 6000 s of
    # driving, 7200 s in all.
    [("visits", 2), ("distance_m", 6000), ("driving_s", 6000), ("duration_s", 7200)],
)
def test_a_limit_binds_from_one_beyond_it_on(name: str, found: int) -> None:
    both = (visit(0), visit(1))
    at_most = world([V(1), V(2)], limits=make_limits(1, **{name: [found]}))
    assert route_of(at_most, *both).end == 7200
    too_few = world([V(1), V(2)], limits=make_limits(1, **{name: [found - 1]}))
    assert block_of(too_few, *both) == Infeasible(BlockCode.LIMIT, None, 1)


def test_breaks_on_the_way_count_into_the_duration_but_not_those_around_it() -> None:
    vehicle = K(breaks=[(0, DAY_S, 900)])
    limits = make_limits(1, duration_s=[2600])
    problem = world([V(1)], vehicle, limits=limits)
    assert route_of(problem, rest(0, 0), visit(0)).end == 900 + 2600
    assert route_of(problem, visit(0), rest(0, 1)).end == 2600
    assert block_of(problem, visit(0), rest(0, 0)) == Infeasible(BlockCode.LIMIT, None, 900)


def test_driving_counts_as_driven_in_the_rush() -> None:
    problem = world([V(1)], limits=make_limits(1, driving_s=[2999]))
    # Out 1000 free, back 2000 in the rush.
    rushed = add(problem, rush_hours=make_rush(problem, [(0, 0), (1000, 1)], [1, 2]))
    assert route_of(problem, visit(0)).end == 2600
    assert block_of(rushed, visit(0)) == Infeasible(BlockCode.LIMIT, None, 1)


def test_breaks_are_placed_so_that_limits_hold_even_before_their_windows_open() -> None:
    # At 1 from 1000 to 1600. The rush ends at 3600, the break opens at 3000: going on in the rush
    # until 2 waits there for the break, but drives 1000 + 3000 + 3000 s; after the break, at 3600,
    # it is 1000 + 2000 + 3000.
    visits = [V(1, windows=[(0, 1000, 1000)]), V(2)]
    problem = world(visits, K(breaks=[(3000, 6000, 600)]), limits=make_limits(1, driving_s=[6000]))
    rush = make_rush(problem, [(0, 0), (1600, 1), (3600, 0)], [1, 2])
    steps = place_breaks(add(problem, rush_hours=rush), 0, [(0, 0), (1, 1)])
    assert steps == (visit(0), rest(0, 0), visit(1))


def test_service_takes_as_long_as_who_comes_needs() -> None:
    times = make_times([1, 0], [[600, 900]])
    problem = world([V(1, service=77)], K(), K(), service_times=times)
    assert route_of(problem, visit(0)).end == 2900
    assert route_of(problem, visit(0), vehicle=1).end == 2600


def test_fair_shares_are_priced_per_person_over_all_shifts() -> None:
    # Vehicles 0 and 2 are person 0: 2600 s and 2000 m for visit 0, 6600 s and 6000 m for visit 1.
    shares = make_shares([0, 1, 0], [9000, -50], [5000, 10], per_second=3, per_meter=7)
    problem = world([V(1), V(2)], K(), K(), K(), fair_shares=shares)
    plan = plan_of(problem, {0: [visit(0)], 2: [visit(1)]})
    # 200 s beyond 9000 and 3000 m beyond 5000; person 1 has done nothing, 50 s beyond -50.
    assert plan.shared_cost == 200 * 3 + 3000 * 7 + 50 * 3
    assert plan.cost == 2600 + 6600 + plan.shared_cost


def test_the_worst_lateness_of_the_plan_is_priced_once() -> None:
    late = (0, 0, 0)
    visits = [
        V(1, windows=[(0, 900, DAY_S)], late=late),
        V(2, windows=[(0, 500, DAY_S)], late=late),
    ]
    problem = world(visits, K(), K(), rules=ScheduleRules(worst_late_rate=4))
    plan = plan_of(problem, {0: [visit(0)], 1: [visit(1)]})
    # 100 s and 2500 s late.
    assert (plan.shared_cost, plan.cost) == (10_000, 2600 + 6600 + 10_000)
    assert plan_of(problem, {}).shared_cost == 0


LATER = V(2, windows=[(9000, DAY_S, DAY_S)])
"""Whoever is at 1000 m from 1000 to 1600 waits for this one from 3600 to 9000."""


def test_a_departure_for_the_end_moves_all_arrivals_to_the_right() -> None:
    route = route_of(world([V(1), LATER], rules=LEAN), visit(0), visit(1))
    # For 9000 it leaves the first place at 7000, begins there at 6400, and departs at 5400.
    assert (route.departure, route.stops[0].arrival, route.stops[1].reached) == (5400, 6400, 9000)
    assert (route.end, route.work_s) == (12_600, 7200)


def test_a_departure_for_the_end_adds_no_lateness() -> None:
    due = V(1, windows=[(0, 3000, DAY_S)])
    route = route_of(world([due, LATER], rules=LEAN), visit(0), visit(1))
    assert (route.departure, route.stops[0].arrival, route.work_s) == (2000, 3000, 10_600)
    late_already = V(1, windows=[(0, 500, DAY_S)])
    route = route_of(world([late_already, LATER], rules=LEAN), visit(0), visit(1))
    assert (route.departure, route.stops[0].lateness_s) == (0, 500)


def test_a_departure_for_the_end_keeps_the_windows_of_breaks() -> None:
    vehicle = K(breaks=[(2000, 4000, 900)])
    problem = world([V(1), LATER], vehicle, rules=LEAN)
    route = route_of(problem, visit(0), rest(0, 0), visit(1))
    # The break begins at 4000 at the latest, so the visit at 3400.
    assert (route.departure, route.stops[0].arrival, route.stops[1].start) == (2400, 3400, 4000)
    assert route.work_s == 12_600 - 2400 - 900


def test_a_departure_for_the_end_waits_for_the_end_of_the_rush() -> None:
    problem = world([V(1), LATER], rules=LEAN)
    rush = make_rush(problem, [(0, 1), (5000, 0)], [1, 2])
    route = route_of(add(problem, rush_hours=rush), visit(0), visit(1))
    # As without the rush: it is over at 5000.
    assert (route.departure, route.end, route.work_s) == (5400, 12_600, 7200)
    longer = make_rush(problem, [(0, 1), (5900, 0)], [1, 2])
    route = route_of(add(problem, rush_hours=longer), visit(0), visit(1))
    # For 6400 the last 500 m are free and the other half takes 1000 s before 5900.
    assert (route.departure, route.stops[0].arrival, route.work_s) == (4900, 6400, 7700)


def test_cheapest_breaks_for_the_end_are_searched_before_their_windows_open_too() -> None:
    # The break opens at 3000, which is later than an early start could be at the second place
    # (1600 + 1400); left out places would hide that a later start makes it whole.
    problem = world([V(1), LATER], K(breaks=[(3000, 5000, 600)]), rules=LEAN)
    steps = place_breaks(problem, 0, [(0, 0), (1, 1)])
    assert not isinstance(steps, Infeasible)
    # At the start place it is unpaid and nothing waits: 7200 of work.
    assert steps[0] == rest(0, 0)
    assert route_of(problem, *steps).work_s == 7200
