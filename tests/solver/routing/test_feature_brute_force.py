"""The search for the optimum with all features: sums by hand, and times against the referee."""

from __future__ import annotations

import pytest

from solver.routing.features import ScheduleRules
from solver.routing.problem import RoutingProblem
from solver.routing.referee_drive import RouteDrive
from solver.routing.referee_route import price_course
from tests.feature_brute_force import feature_brute_force
from tests.feature_builders import (
    add,
    make_limits,
    make_links,
    make_parts,
    make_rush,
    make_shares,
    make_times,
)
from tests.feature_problems import random_feature_problem
from tests.problems import K, P, V, line, make_problem, random_problem
from tests.route_search import RouteSearch
from tests.solver_brute_force import brute_force


@pytest.mark.parametrize("seed", range(0, 60, 2))
def test_both_searches_agree_where_there_are_no_features(seed: int) -> None:
    problem = random_problem(seed, n_visits=4, n_vehicles=2)
    assert feature_brute_force(problem) == brute_force(problem)


@pytest.mark.parametrize("seed", range(60))
def test_routes_of_the_search_have_the_times_and_costs_of_the_referee(seed: int) -> None:
    problem = random_feature_problem(seed)
    for vehicle in range(problem.n_vehicles):
        found = RouteSearch(problem, vehicle, van_of(problem, vehicle)).run()
        for route in found[:: max(1, len(found) // 25)]:
            course = RouteDrive(problem, vehicle, route.steps).drive({})
            cost = sum(price_course(problem, vehicle, course).values())
            assert (route.departure, route.cost) == (course.departure, cost), route.steps
            assert (route.work, route.meters) == (course.work_s, course.meters)
            assert route.worst == max((m.lateness_s for m in course.moments), default=0)
            # Who is out and has no visits comes home, whatever that breaks.
            assert not (route.visits and any(moment.overrun_s for moment in course.moments))


def van_of(problem: RoutingProblem, vehicle: int) -> tuple[int, ...]:
    if problem.parts is None:
        return ()
    return tuple(problem.parts.van_stock[int(problem.parts.vehicle_van[vehicle])].tolist())


def test_rush_hour_is_cheaper_in_the_other_direction() -> None:
    problem = make_problem([V(1, windows=[(0, 4000, 4000)])], [K()], [line([0, 2000])])
    problem = add(problem, rush_hours=make_rush(problem, [(0, 0), (2500, 1)], [1, 3]))
    # Arrival as early as possible, at 2000; done at 2600, home in 6000.
    assert feature_brute_force(problem) == 2000 + 600 + 6000


def parts_day(stock: int) -> RoutingProblem:
    """Two visits 1000 m to the left need a part each; 2000 m to the right is an outlet."""
    problem = make_problem([V(1), V(1)], [K(), K()], [line([1000, 0, 3000])])
    parts = make_parts(
        [{0: 1}, {0: 1}], used_up=[1], vans=[[0], [1]], vehicle_van=[0, 1],
        points=[(2, 0, 20_000, 100, 0)], stock=[[stock]],
    )  # fmt: skip
    return add(problem, parts=parts)


def test_pick_up_stop_lies_on_the_cheapest_route() -> None:
    # Vehicle 1 has one part. It alone, with one picked up: 2000 + 100 + 3000 + 1200 + 1000 = 7300.
    # Each one visit: 1000 + 600 + 1000 = 2600 and 2000 + 100 + 3000 + 600 + 1000 = 6700.
    assert feature_brute_force(parts_day(1)) == 7300
    # Nothing in stock: one of the visits is left out.
    assert feature_brute_force(parts_day(0)) == 2600 + 1_000_000


def test_pick_up_between_visits_is_tried() -> None:
    problem = make_problem(
        [V(1, windows=[(1000, 1000, 1000)]), V(2)], [K()], [line([0, 1000, 3000])]
    )
    parts = make_parts(
        [{}, {0: 1}], used_up=[1], vans=[[0]], vehicle_van=[0],
        points=[(1, 5000, 5000, 100, 0)], stock=[[1]],
    )  # fmt: skip
    # 1000-1600 at visit 0, waits there for the outlet 5000-5100, 7100-7700, home at 10 700.
    assert feature_brute_force(add(problem, parts=parts)) == 10_700


def test_shared_van_and_shared_person() -> None:
    problem = make_problem([V(1), V(1)], [K(shift=(0, 3000)), K(shift=(4000, 7000))],
                           [line([0, 1000])])  # fmt: skip
    parts = make_parts([{0: 1}, {0: 1}], used_up=[1], vans=[[1]], vehicle_van=[0, 0])
    # No shift has time for both (3200 s); each alone costs 2600.
    assert feature_brute_force(problem) == 5200
    # One unit for the two shifts of one van.
    assert feature_brute_force(add(problem, parts=parts)) == 2600 + 1_000_000
    # One person works 5200 of a share of 5000: 200 s at 3.
    shares = make_shares([0, 0], [5000], [10**6], per_second=3)
    assert feature_brute_force(add(problem, fair_shares=shares)) == 5200 + 600
    # Both by the same person, who is never in both shifts, is no rule against it; two persons is.
    for person, cost in ((1, 5200), (2, 2600 + 1_000_000)):
        links = make_links([{"first": 0, "second": 1, "person": person}], [0, 0])
        assert feature_brute_force(add(problem, links=links)) == cost


def test_crew_starts_together_or_not_at_all() -> None:
    problem = make_problem([V(1), V(1)], [K(), K(shift=(3000, 40_000))], [line([0, 1000])])
    crew = [{"first": 0, "second": 1, "most": 500, "person": 2, "demands": 2}]
    links = make_links(crew, [0, 1])
    # The one is there at 4000, so the other, there at 1000, starts at 3500 and is back at 5100;
    # 4000 + 600 + 1000 - 3000 = 2600 for the second.
    assert feature_brute_force(add(problem, links=links)) == 5100 + 2600
    # The other way around the second waits: start 4000 for both, 5600 + 2600 is dearer.
    limits = make_limits(2, duration_s=[5000, -1])
    assert feature_brute_force(add(problem, links=links, limits=limits)) == 2_000_000


def test_demanded_visit_is_served_first() -> None:
    problem = make_problem([V(1, penalty=0), V(2, penalty=9000)], [K()], [line([0, 1000, 1500])])
    links = make_links([{"first": 0, "second": 1, "demands": 1, "from_end": 1, "least": 400}], [0])
    # Visit 1 alone: 1500 + 600 + 1500. With visit 0 before: 1000-1600, reached at 2100, 2100-2700.
    assert feature_brute_force(problem) == 3600
    assert feature_brute_force(add(problem, links=links)) == 1000 + 600 + 500 + 600 + 1500


def test_limits_times_and_pools_bind() -> None:
    problem = make_problem(
        [V(1), V(1)], [K(), K(fixed=50)], [line([0, 1000])], pools=[P(2, {0: 9000, 1: 9000})]
    )
    times = make_times([0, 1], [[600, 100], [600, 100]])
    # Together by the quicker vehicle: 50 + 1000 + 200 + 1000; one visit each: 2600 + 2150.
    assert feature_brute_force(add(problem, service_times=times)) == 2250
    limits = make_limits(2, visits=[-1, 1])
    # Both by the slower one: 3200.
    assert feature_brute_force(add(problem, service_times=times, limits=limits)) == 3200
    parts = make_parts(
        [{0: 1}, {0: 1}], used_up=[1], vans=[[0], [0]], vehicle_van=[0, 1], pools=[[1]]
    )
    # The pool has one unit, nobody else any.
    assert feature_brute_force(add(problem, parts=parts)) == 9000 + 1_000_000


def test_worst_lateness_and_departure_for_the_end() -> None:
    visits = [V(1, windows=[(0, 900, 9000)], late=(0, 1, 1)), V(2, windows=[(9000, 9000, 9000)])]
    problem = make_problem(visits, [K()], [line([0, 1000, 3000])])
    # Day: 0 to 1000 (100 late), waits until 9000, home at 12 600: 12 700.
    # Visit 1 first (6000 to 9000, then 11 600): 10 700 late is past the limit of 9000.
    assert feature_brute_force(problem) == 12_700
    # Nothing is gained by leaving later: it would be later than 100 s.
    rules = ScheduleRules(leaves_for_end=True, worst_late_rate=5)
    assert feature_brute_force(add(problem, rules=rules)) == 12_700 + 500
    visits[0] = V(1, windows=[(0, 5000, 9000)])
    problem = make_problem(visits, [K()], [line([0, 1000, 3000])])
    # On time until 5000: leaves at 4000.
    assert feature_brute_force(add(problem, rules=rules)) == 12_600 - 4000
