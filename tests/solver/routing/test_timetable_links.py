"""Visits that depend on each other: the least starts of a whole plan, on a line of places."""

from __future__ import annotations

from typing import Any

import pytest

from solver.errors import InvalidParameter
from solver.routing.features import ScheduleRules
from solver.routing.problem import RoutingProblem
from solver.routing.solution import BlockCode, Stop
from solver.routing.timetable import Infeasible, place_breaks, timetable
from tests.feature_builders import add, make_limits, make_links, make_rush
from tests.problems import DAY_S, K, V, line, make_problem
from tests.timetables import plan_of, rest, visit

PLACES = [0, 1000, 3000]


def world(
    *links: dict[str, int],
    visits: list[V] | None = None,
    vehicles: list[K] | None = None,
    **features: Any,
) -> RoutingProblem:
    """Visit 0 at 1000 m, visit 1 at 3000 m, two vehicles of two persons."""
    vehicles = vehicles or [K(), K()]
    problem = make_problem(visits or [V(1), V(2)], vehicles, [line(PLACES)])
    return add(problem, links=make_links(links, range(len(vehicles))), **features)


def stops_of(problem: RoutingProblem, **routes: Any) -> dict[int, Stop]:
    """The stops of all visits, with visit 0 on vehicle 0 and visit 1 on vehicle 1 by default."""
    plan = plan_of(problem, routes.get("routes") or {0: [visit(0)], 1: [visit(1)]})
    return {stop.step.index: stop for route in plan.routes for stop in route.stops}


def test_who_is_there_first_waits_for_the_crew_at_the_door_and_is_paid() -> None:
    both = {"first": 0, "second": 1, "least": -600, "most": 600}
    plan = plan_of(world(both), {0: [visit(0)], 1: [visit(1)]})
    one, two = plan.routes
    # Arrivals 1000 and 3000; they start within 600 s of each other: the first one at 2400.
    assert (one.stops[0].arrival, one.stops[0].start, one.stops[0].end) == (1000, 2400, 3000)
    assert (two.stops[0].arrival, two.stops[0].start) == (3000, 3000)
    # The departure keeps the arrival: 0, so 2400 + 600 + 1000 = 4000 s of work.
    assert (one.departure, one.end, one.work_s, one.cost.total) == (0, 4000, 4000, 4000)
    assert plan.cost == 4000 + 6600


def test_a_least_gap_counts_from_the_start_or_from_the_end() -> None:
    after = {"first": 1, "second": 0, "least": 900}
    # Visit 1 at 3000: visit 0 not before 3900, or before 3000 + 600 + 900 = 4500.
    assert stops_of(world(after))[0].start == 3900
    assert stops_of(world({**after, "from_end": 1}))[0].start == 4500


def test_a_largest_gap_may_make_the_earlier_visit_wait() -> None:
    soon = {"first": 0, "second": 1, "most": 500, "from_end": 1}
    # Visit 1 at 3000, at most 500 after the end of visit 0: end at 2500, start at 1900.
    stops = stops_of(world(soon))
    assert (stops[0].start, stops[1].start) == (1900, 3000)


def test_waiting_is_handed_on_along_the_route_and_over_further_links() -> None:
    visits = [V(1), V(2), V(1)]
    links = [{"first": 1, "second": 0, "least": 0}, {"first": 2, "second": 1, "least": 500}]
    problem = world(*links, visits=visits, vehicles=[K(), K(), K()])
    plan = plan_of(problem, {0: [visit(0)], 1: [visit(2), visit(1)]})
    starts = {s.step.index: s.start for r in plan.routes for s in r.stops}
    # Visit 2 from 1000 to 1600, then 2000 m: visit 1 at 3600 (more than 500 after 1000).
    assert starts == {2: 1000, 1: 3600, 0: 3600}


def test_one_route_may_hold_both_ends() -> None:
    problem = world({"first": 0, "second": 1, "least": 5000})
    plan = plan_of(problem, {0: [visit(0), visit(1)]})
    # From 1000 to 1600, reached at 3600, starts at 6000; back at 9600.
    assert (plan.routes[0].stops[1].arrival, plan.routes[0].stops[1].start) == (3600, 6000)
    assert plan.routes[0].end == 9600


def test_a_circle_that_pushes_itself_on_is_refused() -> None:
    back = {"first": 1, "second": 0, "least": 0}
    with pytest.raises(InvalidParameter, match="cannot be kept"):
        plan_of(world(back), {0: [visit(0), visit(1)]})


def test_a_start_pushed_beyond_the_shift_is_refused() -> None:
    late = {"first": 0, "second": 1, "least": 8000}
    with pytest.raises(InvalidParameter, match="cannot be kept"):
        # 1000 + 8000 = 9000 and 600 + 3000 after it: 12 600.
        plan_of(world(late, vehicles=[K(), K(shift=(0, 12_599))]), {0: [visit(0)], 1: [visit(1)]})
    world_that_fits = world(late, vehicles=[K(), K(shift=(0, 12_600))])
    assert plan_of(world_that_fits, {0: [visit(0)], 1: [visit(1)]}).routes[1].end == 12_600


def test_an_arrival_pushed_beyond_its_window_is_refused() -> None:
    visits = [V(1), V(2), V(1, windows=[(0, 5000, 5000)])]
    problem = world({"first": 1, "second": 0, "least": 2000}, visits=visits)
    # Visit 0 starts at 5000, visit 2 at the same place is reached at 5600 instead of 1600.
    assert plan_of(problem, {0: [visit(0), visit(2)]}).routes[0].end == 3200
    with pytest.raises(InvalidParameter, match="cannot be kept"):
        plan_of(problem, {0: [visit(0), visit(2)], 1: [visit(1)]})


def test_lateness_is_the_arrivals_unless_the_rule_says_the_starts() -> None:
    visits = [V(1, windows=[(0, 2000, 3000)]), V(2)]
    both = {"first": 0, "second": 1, "least": -600, "most": 600}
    assert stops_of(world(both, visits=visits))[0].lateness_s == 0
    judged = world(both, visits=visits, rules=ScheduleRules(late_at_start=True))
    # It starts at 2400, 400 after 2000.
    assert stops_of(judged)[0].lateness_s == 400
    visits[0] = V(1, windows=[(0, 2000, 2399)])
    tight = world(both, visits=visits, rules=ScheduleRules(late_at_start=True))
    with pytest.raises(InvalidParameter, match="cannot be kept"):
        stops_of(tight)
    assert stops_of(world(both, visits=visits))[0].start == 2400


def test_a_circle_through_the_rush_ends_when_the_rush_does() -> None:
    # Places 1024 and 3072 m; double times until 10 240. Visit 1 within 3000 of visit 0's start:
    # 600 of service leave 2400 for 2048 m. Leaving x s before the end of the rush they take
    # x + (1 - x / 4096) * 2048 = 2048 + x / 2, so x = 704: leaves at 9536, starts at 8936.
    problem = make_problem([V(1), V(2)], [K()], [line([0, 1024, 3072])])
    problem = add(
        problem,
        rush_hours=make_rush(problem, [(0, 1), (10_240, 0)], [1, 2]),
        links=make_links([{"first": 0, "second": 1, "most": 3000}], [0]),
    )
    route = plan_of(problem, {0: [visit(0), visit(1)]}).routes[0]
    assert (route.stops[0].arrival, route.stops[0].start) == (2048, 8936)
    assert route.stops[1].start == 11_936


def test_limits_are_asked_of_the_settled_routes() -> None:
    # Double times until 4608. Out to visit 0 it is 2048 s. Alone it is left at 2648, and back it is
    # 1960 s of rush and 44 free: 4052 in all. Behind visit 1 it is 1024 back: 3072 in all.
    problem = make_problem([V(1), V(2)], [K(), K()], [line([0, 1024, 3072])])
    problem = add(
        problem,
        rush_hours=make_rush(problem, [(0, 1), (4608, 0)], [1, 2]),
        links=make_links([{"first": 1, "second": 0, "from_end": 1}], [0, 1]),
        limits=make_limits(2, driving_s=[3072, -1]),
    )
    with pytest.raises(InvalidParameter, match="vehicle 0 does not fit"):
        plan_of(problem, {0: [visit(0)]})
    plan = plan_of(problem, {0: [visit(0)], 1: [visit(1)]})
    one, two = plan.routes
    # 4608 s of rush are three quarters of the way to visit 1, the last one takes 768: at 5376.
    assert (two.stops[0].start, one.stops[0].start) == (5376, 5976)
    assert one.last_leg_s == 1024


def test_a_departure_for_the_end_keeps_the_starts_of_linked_visits() -> None:
    visits = [V(1), V(2), V(1, windows=[(9000, DAY_S, DAY_S)])]
    rules = ScheduleRules(leaves_for_end=True)
    link = {"first": 1, "second": 0, "least": 0}
    problem = world(link, visits=visits, rules=rules)
    one, two = plan_of(problem, {0: [visit(0), visit(2)], 1: [visit(1)]}).routes
    # Without the link visit 0 would move to 8400. With it, it starts at 3000 with visit 1 and the
    # arrival moves there: leaves at 2000. Visit 2 waits from 3600 to 9000.
    assert (one.departure, one.stops[0].arrival, one.stops[0].start) == (2000, 3000, 3000)
    assert (one.end, two.departure) == (10_600, 0)
    assert plan_of(problem, {0: [visit(0), visit(2)]}).routes[0].departure == 0


@pytest.mark.parametrize(
    ("link", "routes", "message"),
    [
        ({"demands": 1}, {1: [visit(1)]}, "visit 1 is served alone"),
        ({"demands": 2}, {1: [visit(1)]}, "visit 1 is served alone"),
        ({"demands": 2}, {0: [visit(0)]}, "visit 0 is served alone"),
        ({"person": 1}, {0: [visit(0)], 1: [visit(1)]}, "vehicles 0 and 1; expected one person"),
        ({"person": 2}, {0: [visit(0), visit(1)]}, "vehicles 0 and 0; expected two persons"),
    ],
)
def test_a_broken_link_is_named(link: dict[str, int], routes: Any, message: str) -> None:
    problem = world({"first": 0, "second": 1, **link})
    with pytest.raises(InvalidParameter, match=f"Link 0 .visit 1 0 s to any.*{message}"):
        plan_of(problem, routes)


@pytest.mark.parametrize(
    ("link", "routes"),
    [
        ({"demands": 0}, {1: [visit(1)]}),
        ({"demands": 1}, {0: [visit(0)]}),
        ({"demands": 2}, {}),
        ({"person": 1}, {0: [visit(0), visit(1)]}),
        ({"person": 2}, {0: [visit(0)], 1: [visit(1)]}),
        ({"person": 1, "demands": 1}, {0: [visit(0)]}),
    ],
)
def test_a_link_that_is_kept_is_no_obstacle(link: dict[str, int], routes: Any) -> None:
    plan = plan_of(world({"first": 0, "second": 1, **link}), routes)
    assert {r.vehicle for r in plan.routes} == set(routes)


def test_one_route_alone_hears_of_links_by_its_bounds_only() -> None:
    problem = world(
        {"first": 1, "second": 0, "least": 900}, vehicles=[K(breaks=[(2000, 3500, 900)])]
    )
    steps = place_breaks(problem, 0, [(0, 0)], not_before={0: 3900})
    # At the door at 1000, starts at 3900: the break is free after the end of the route only if the
    # route ended by 3500, so it is taken at the start place or at the door.
    assert steps == (rest(0, 0), visit(0))
    route = timetable(problem, 0, steps, not_before={0: 3900})
    alone = timetable(problem, 0, steps)
    assert not isinstance(route, Infeasible)
    assert not isinstance(alone, Infeasible)
    # Break 2000-2900, departure 2900, door 3900 = the bound.
    assert (route.departure, route.stops[1].arrival, route.stops[1].start) == (2900, 3900, 3900)
    assert alone.stops[1].start == 3900
    blocked = timetable(problem, 0, steps, not_before={0: DAY_S})
    assert blocked == Infeasible(BlockCode.SHIFT, None, 1600)
