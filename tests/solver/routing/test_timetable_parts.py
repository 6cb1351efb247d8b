"""Pick-up stops and who takes what, on a line of places: one second per meter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from solver.errors import InvalidParameter
from solver.routing.problem import RoutingProblem
from solver.routing.solution import BlockCode, Step, StepKind
from solver.routing.timetable import Infeasible, TimetableData, place_breaks
from solver.routing.usage import find_pool_shortage, use_parts
from tests.feature_builders import add, make_parts
from tests.problems import DAY_S, K, P, V, line, make_problem
from tests.timetables import block_of, pickup, plan_of, rest, route_of, visit

PLACES = [0, 1000, 3000]
SHOP = (1, 2000, 3000, 300, 0)
"""Pick-up point at 1000 m: begins from 2000 to 3000, takes 300 s, draws on stock 0."""


def world(
    needs: Sequence[Mapping[int, int]],
    visits: Sequence[V] | None = None,
    vehicles: Sequence[K] = (K(),),
    pool_list: Sequence[P] = (),
    **parts: Any,
) -> RoutingProblem:
    """Visits at 3000 m, one kind of part, nothing on the van, five units in the shop."""
    given = {
        "used_up": [1], "vans": [[0]], "vehicle_van": [0] * len(vehicles), "points": [SHOP],
        "stock": [[5]], **parts,
    }  # fmt: skip
    problem = make_problem(
        visits or [V(2) for _ in needs], vehicles, [line(PLACES)], pools=pool_list
    )
    return add(problem, parts=make_parts(needs, **given))


def test_a_pick_up_before_the_first_visit_moves_the_departure_to_the_right() -> None:
    route = route_of(world([{0: 2}]), pickup(0), visit(0))
    # At the shop by 1000, open from 2000: until 2300, at the visit 4300. So the shop is reached
    # at 2000 when leaving at 1000. Done 4900, back 7900: 6900 of work.
    shop, door = route.stops
    assert (route.departure, shop.reached, shop.start, shop.end) == (1000, 2000, 2000, 2300)
    assert (shop.leg_s, shop.leg_m, shop.lateness_s, shop.taken) == (1000, 1000, 0, ((0, 2),))
    assert (door.arrival, route.end, route.work_s, route.distance_m) == (4300, 7900, 6900, 6000)


def test_a_pick_up_moves_inside_its_hours_only() -> None:
    problem = world([{0: 1}], [V(2, windows=[(9000, DAY_S, DAY_S)])])
    route = route_of(problem, pickup(0), visit(0))
    # For 9000 it could begin at 9000 - 2000 - 300 = 6700, but the shop serves until 3000 only.
    assert (route.departure, route.stops[0].start, route.stops[1].reached) == (2000, 3000, 5300)


def test_a_pick_up_after_the_hours_is_named_with_its_excess() -> None:
    problem = world([{0: 1}], points=[(1, 0, 900, 300, 0)])
    assert block_of(problem, pickup(0), visit(0)) == Infeasible(BlockCode.PART, pickup(0), 100)


def test_a_visit_without_its_parts_is_named() -> None:
    assert block_of(world([{0: 1}]), visit(0)) == Infeasible(BlockCode.PART, visit(0), 0)


def test_a_pick_up_behind_the_visit_does_not_help() -> None:
    assert block_of(world([{0: 1}]), visit(0), pickup(0)).code is BlockCode.PART


def test_the_van_serves_the_earliest_visits_and_the_shop_the_others() -> None:
    problem = world([{0: 2}, {0: 2}], vans=[[3]])
    route = route_of(problem, pickup(0), visit(0), visit(1))
    # Three on the van: two for the first visit, one for the second; one is missing.
    assert route.stops[0].taken == ((0, 1),)


def test_parts_come_from_the_last_shop_that_stocks_them() -> None:
    shops = [(1, 0, DAY_S, 0, 0), (0, 0, DAY_S, 0, 1), (0, 0, DAY_S, 0, 2)]
    problem = world(
        [{0: 1, 1: 1}, {0: 1}], points=shops, stock=[[9, 0], [9, -1], [0, 0]], used_up=[1, 1],
        vans=[[0, 0]],
    )  # fmt: skip
    route = route_of(problem, pickup(0), visit(1), pickup(1), pickup(2), visit(0))
    assert [stop.taken for stop in route.stops] == [((0, 1),), (), ((0, 1), (1, 1)), (), ()]


def test_a_tool_stays_on_the_van_and_is_picked_up_once() -> None:
    problem = world([{0: 2}, {0: 3}, {0: 2}], used_up=[0], vans=[[1]])
    route = route_of(problem, pickup(0), visit(0), visit(1), visit(2))
    # One there, one more for the first visit, another one for the second, none for the third.
    assert route.stops[0].taken == ((0, 2),)
    assert use_parts(TimetableData(problem), 0, [visit(2)], [2]) == use_parts(
        TimetableData(problem), 0, [visit(0)], [2]
    )


def test_a_break_before_the_shop_is_taken_at_the_start_place_or_at_the_shop() -> None:
    problem = world([{0: 1}], vehicles=[K(breaks=[(0, 2500, 900)])])
    led = route_of(problem, rest(0, 0), pickup(0), visit(0))
    # Break 0-900, at the shop by 1900 for 2000: leaves at 1000.
    assert (led.stops[0].start, led.departure, led.stops[1].start) == (0, 1000, 2000)
    there = route_of(problem, rest(0, 1), pickup(0), visit(0))
    # Early walk: at the shop by 1000, break until 1900, served from 2000, visit at 4300. Later the
    # pick-up begins at 2000 at the latest, so the break at 1100: leaves at 100.
    assert (there.departure, there.stops[0].start, there.stops[1].start) == (100, 1100, 2000)
    assert (there.stops[0].leg_s, there.stops[1].leg_s) == (1000, 0)


def test_a_pick_up_lets_breaks_begin_again_before_travel() -> None:
    breaks = [(0, 2000, 60), (2000, DAY_S, 60)]
    problem = world([{0: 1}], vehicles=[K(breaks=breaks)])
    route = route_of(problem, rest(0, 1), pickup(0), rest(1, 0), visit(0))
    assert route.stops[2].reached == route.stops[1].end
    with pytest.raises(InvalidParameter, match="before traveling follows"):
        route_of(problem, rest(0, 1), rest(1, 0), pickup(0), visit(0))


def test_breaks_are_placed_around_given_pick_ups() -> None:
    problem = world([{0: 1}], vehicles=[K(breaks=[(2300, 4300, 1800)])])
    steps = place_breaks(problem, 0, [pickup(0), visit(0)])
    assert not isinstance(steps, Infeasible)
    assert [s.index for s in steps if s.kind is not StepKind.BREAK] == [0, 0]
    assert steps.index(pickup(0)) < steps.index(visit(0))
    # Anywhere after the pick-up it is unpaid and shifts the rest: 6900 of work as without it.
    # At the start place it would end at 4100, when the shop is closed.
    assert route_of(problem, *steps).work_s == 6900


def test_vans_are_shared_by_index_and_what_one_picks_up_is_its_own() -> None:
    two = [K(), K()]
    shared = world([{0: 1}, {0: 1}], vehicles=two, vans=[[1]])
    with pytest.raises(InvalidParameter, match="vehicle 1 does not fit"):
        plan_of(shared, {0: [visit(0)], 1: [visit(1)]})
    plan = plan_of(shared, {1: [pickup(0), visit(1)], 0: [visit(0)]})
    assert plan.routes[1].stops[0].taken == ((0, 1),)
    own = world([{0: 1}, {0: 1}], vehicles=two, vans=[[1], [1]], vehicle_van=[0, 1])
    assert len(plan_of(own, {0: [visit(0)], 1: [visit(1)]}).routes) == 2
    # Alone, vehicle 1 finds the van as full as at first.
    assert route_of(shared, visit(1), vehicle=1).visits == (1,)


def test_a_stock_gives_out_no_more_than_it_has_over_all_routes() -> None:
    routes: dict[int, list[Step]] = {0: [pickup(0), visit(0)], 1: [pickup(0), visit(1)]}
    two = [K(), K()]
    short = world([{0: 2}, {0: 1}], vehicles=two, stock=[[2]])
    with pytest.raises(InvalidParameter, match="Stock 0 gives out 1 more of part 0"):
        plan_of(short, routes)
    enough = world([{0: 2}, {0: 1}], vehicles=two, stock=[[3]])
    assert [r.stops[0].taken for r in plan_of(enough, routes).routes] == [((0, 2),), ((0, 1),)]
    endless = world([{0: 2}, {0: 1}], vehicles=two, stock=[[-1]])
    assert plan_of(endless, routes).unassigned == ()


def test_one_route_alone_cannot_overdraw_a_stock_either() -> None:
    problem = world([{0: 2}, {0: 1}], stock=[[2]])
    block = block_of(problem, pickup(0), visit(0), visit(1))
    assert block == Infeasible(BlockCode.PART, None, 0)


def test_a_pool_serves_no_more_than_its_stock() -> None:
    pools = [P(2, {0: 10, 1: 10})]
    problem = world([{0: 2}, {0: 1}], pool_list=pools, pools=[[2]])
    with pytest.raises(InvalidParameter, match="Pool 0 lacks 1 units of part 0"):
        plan_of(problem, {}, [[0, 1]])
    assert plan_of(problem, {}, [[0]]).unassigned == (1,)
    assert find_pool_shortage(TimetableData(problem), 0, [0, 1]) == (0, 1)


def test_pick_ups_alone_are_no_route() -> None:
    assert plan_of(world([{0: 1}]), {0: [pickup(0)]}).routes == ()


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (pickup(1), "no pick-up point 1; expected 0 to 0"),
        (Step(StepKind.PICKUP, 0, 1), "Choice of the pick-up at point 0 is 1"),
    ],
)
def test_a_pick_up_that_is_none_is_refused(step: Step, message: str) -> None:
    with pytest.raises(InvalidParameter, match=message):
        route_of(world([{0: 1}]), step, visit(0))


def test_a_pick_up_without_parts_is_refused() -> None:
    problem = make_problem([V(1)], [K()], [line(PLACES)])
    with pytest.raises(InvalidParameter, match="no parts"):
        route_of(problem, pickup(0), visit(0))
