"""Ways to serve one visit more: each rung on a problem small enough to price by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from solver.errors import InvalidParameter
from solver.routing.problem import FORBIDDEN, RoutingProblem
from solver.routing.referee import referee
from solver.routing.solution import RoutingSolution, Step, StepKind
from solver.routing.ways import Rung, WayFinder
from tests.feature_builders import add, make_links
from tests.problems import K, P, V, line, make_problem
from tests.ways import carry_out, plan_of, price_of

pytestmark = pytest.mark.core

# One second is one meter on the line; work costs 1 a second, meters nothing; services last 600 s.
# A visit late by L seconds costs 10 L.
TRAVEL = [line((0, 100, 200, 300, 1000))]
"""Places 0 (everybody's start and end) to 4."""


def visit(index: int, window: int = 0) -> Step:
    return Step(StepKind.VISIT, index, window)


def on_time(at: int, earliest: int, latest: int, **more: Any) -> V:
    """A visit that may be late at a price."""
    return V(at=at, windows=((earliest, latest, 36_000),), **more)


def plan(problem: RoutingProblem, *routes: tuple[int, ...]) -> RoutingSolution:
    """Vehicle k makes the visits of the k-th tuple; visit v has window v."""
    return plan_of(problem, {k: [visit(v, v) for v in own] for k, own in enumerate(routes) if own})


def test_a_visit_goes_between_two_others_and_disturbs_nobody() -> None:
    problem = make_problem(
        [on_time(1, 100, 200), on_time(3, 5000, 6000), on_time(2, 0, 4000)], [K(0, 0)], TRAVEL
    )
    way, *_ = WayFinder(problem, plan(problem, (0, 1))).find_ways(2)
    # It waits for visit 1 until 5000 with or without visit 2 between them: nothing is paid.
    assert (way.rung, way.vehicle, way.cost) == (Rung.INSERTION, 0, 0)
    # Ready at visit 0 at 100 + 600, then 100 s on the way.
    assert way.arrival_s == 800
    assert way.changed == ((0, (visit(0, 0), visit(2, 2), visit(1, 1))),)
    assert way.displaced == way.dropped == ()


def test_others_slide_where_that_is_cheapest() -> None:
    problem = make_problem(
        [on_time(1, 100, 100), on_time(3, 900, 900), on_time(2, 0, 800, late=(0, 999, 999))],
        [K(0, 0)],
        TRAVEL,
    )
    way, *_ = WayFinder(problem, plan(problem, (0, 1))).find_ways(2, eject=0)
    # At 800 at visit 2, ready at 1400, at visit 1 at 1500 instead of 900: 600 s late at 10, and
    # 600 s more work.
    assert (way.rung, way.cost, way.arrival_s) == (Rung.SLIDE, 6000 + 600, 800)


def test_a_visit_makes_room_and_another_vehicle_takes_it() -> None:
    visits = [on_time(1, 100, 100), on_time(1, 100, 100, late=(0, 50, 50))]
    free = make_problem(visits, [K(0, 0), K(0, 0)], TRAVEL, assignment={(1, 1): FORBIDDEN})
    way, *_ = WayFinder(free, plan(free, (0,), ())).find_ways(1)
    # Vehicle 0 may take visit 1 alone; vehicle 1 does visit 0 instead: two ways of 100 s and 600 s
    # of service more than before, nobody is late.
    assert (way.rung, way.vehicle, way.cost) == (Rung.SWAP, 0, 800)
    assert way.displaced == (0,)
    assert way.changed == ((0, (visit(1, 1),)), (1, (visit(0, 0),)))


def test_visits_take_another_turn_on_the_same_vehicle() -> None:
    problem = make_problem(
        [on_time(1, 0, 5000), on_time(2, 0, 200, late=(0, 50, 50))], [K(0, 0)], TRAVEL
    )
    finder = WayFinder(problem, plan(problem, (0,)))
    way, *_ = finder.find_ways(1)
    # First to visit 1, at 200; that is an insertion as well: visit 0 has time until 5000.
    assert (way.rung, way.arrival_s) == (Rung.INSERTION, 200)
    crowded = make_problem(
        [on_time(1, 0, 5000), on_time(3, 900, 1000), on_time(2, 0, 200, late=(0, 50, 50))],
        [K(0, 0)],
        TRAVEL,
    )
    way, *_ = WayFinder(crowded, plan(crowded, (0, 1))).find_ways(2)
    # 2 at 200, 1 at 900 + 600, 0 at 1500 + 200 and home at 2400; before: home at 1500 + 300.
    # Departures: 0 both times.
    assert (way.rung, way.cost, way.displaced) == (Rung.REORDER, 600, ())
    assert way.changed == ((0, (visit(2, 2), visit(1, 1), visit(0, 0))),)


def test_two_visits_make_room_for_one_that_lasts_long() -> None:
    visits = [
        on_time(1, 100, 100), on_time(2, 800, 800),
        on_time(1, 100, 100, service=1300, late=(0, 50, 50)),
    ]  # fmt: skip
    problem = make_problem(visits, [K(0, 0), K(0, 0)], TRAVEL, assignment={(2, 1): FORBIDDEN})
    way, *_ = WayFinder(problem, plan(problem, (0, 1), ())).find_ways(2)
    assert (way.rung, way.displaced, len(way.changed)) == (Rung.EJECT, (0, 1), 2)
    # The old round on vehicle 1, and 100 + 1300 + 100 on vehicle 0.
    assert way.cost == 1500


def test_pools_are_ways_too() -> None:
    problem = make_problem([V(at=1)], [K(0, 0, fixed=5000)], TRAVEL, pools=[P(1, {0: 900})])
    first, second = WayFinder(problem, plan(problem)).find_ways(0)
    assert (first.rung, first.pool, first.vehicle, first.cost) == (Rung.POOL, 0, None, 900)
    assert (second.rung, second.vehicle, second.cost) == (Rung.INSERTION, 0, 5000 + 800)


def test_visits_are_left_out_only_where_there_is_no_other_way() -> None:
    late = (0, 10, 10)
    hard = [V(at=1, windows=((100, 100, 100),), penalty=5000, late=late),
            V(at=1, windows=((100, 100, 100),), penalty=90_000, late=late)]  # fmt: skip
    one = make_problem(hard, [K(0, 0)], TRAVEL)
    (way,) = WayFinder(one, plan(one, (0,))).find_ways(1)
    # Both take 800 s from home to home; visit 0 is lost.
    assert (way.rung, way.dropped, way.cost) == (Rung.DROP, (0,), 5000)
    two = make_problem(hard, [K(0, 0), K(0, 0, fixed=80_000)], TRAVEL)
    ways = WayFinder(two, plan(two, (0,), ())).find_ways(1)
    assert [way.dropped for way in ways] == [()] * len(ways)
    assert {way.vehicle for way in ways} == {0, 1}


def test_nobody_is_left_out_for_a_visit_worth_less() -> None:
    hard = [V(at=1, windows=((100, 100, 100),), penalty=5000),
            V(at=1, windows=((100, 100, 100),), penalty=4000)]  # fmt: skip
    problem = make_problem(hard, [K(0, 0)], TRAVEL)
    assert WayFinder(problem, plan(problem, (0,))).find_ways(1) == ()


def test_different_vehicles_come_first_and_one_way_disturbs_nobody() -> None:
    visits = [on_time(1, 100, 100, late=(0, 1, 1)), on_time(2, 800, 800, late=(0, 1, 1)),
              on_time(3, 100, 300, late=(0, 90, 90))]  # fmt: skip
    problem = make_problem(visits, [K(0, 0), K(0, 0, fixed=50_000)], TRAVEL)
    finder = WayFinder(problem, plan(problem, (0, 1), ()))
    first, second = finder.find_ways(2, top=2, eject=0)
    assert (first.vehicle, first.rung) == (0, Rung.SLIDE)
    assert (second.vehicle, second.rung) == (1, Rung.INSERTION)
    # Only one is asked for: the calm one, for it is always among them.
    (only,) = finder.find_ways(2, top=1, eject=0)
    assert only == second


def test_a_route_that_breaks_a_rule_stays_as_it_is() -> None:
    problem = make_problem([V(at=1), V(at=2)], [K(0, 0), K(0, 0)], TRAVEL)
    solution = plan(problem, (0,), ())
    # Home at 100 + 600 + 100 = 800, and nobody may work overtime.
    latest = np.array([700, 36_000], dtype=np.int32)
    finder = WayFinder(replace(problem, vehicle_latest=latest), solution)
    assert finder.barred == (0,)
    assert [way.vehicle for way in finder.find_ways(1)] == [1]


def test_a_vehicle_can_be_kept_out_of_it() -> None:
    problem = make_problem([V(at=1), V(at=2)], [K(0, 0), K(0, 0), K(0, 0)], TRAVEL)
    before = plan(problem, (0,), (), ())
    assert {w.vehicle for w in WayFinder(problem, before).find_ways(1)} == {0, 1, 2}
    assert {w.vehicle for w in WayFinder(problem, before, kept=(0, 2)).find_ways(1)} == {1}
    with pytest.raises(InvalidParameter, match="expected vehicles 0 to 2"):
        WayFinder(problem, before, kept=(3,))


def test_a_crew_comes_whole() -> None:
    alone = make_problem([V(at=1), V(at=2), V(at=2)], [K(0, 0), K(0, 0), K(4, 4)], TRAVEL)
    pair = make_links([{"first": 1, "second": 2, "most": 0, "person": 2, "demands": 2}], [0, 1, 2])
    problem = add(alone, links=pair)
    before = plan(problem, (0,), (), ())
    way, *_ = WayFinder(problem, before).find_ways(1)
    after = carry_out(problem, before, 1, way)
    assert referee(problem, after) == ()
    assert after.unassigned == ()
    assert price_of(problem, before, after) == way.cost


def test_prices_hold_when_ways_are_carried_out() -> None:
    visits = [on_time(1, 100, 100), on_time(2, 800, 800), on_time(4, 3000, 3000),
              on_time(3, 800, 900)]  # fmt: skip
    problem = make_problem(visits, [K(0, 0), K(4, 0)], TRAVEL)
    before = plan(problem, (0, 1), (2,))
    ways = WayFinder(problem, before).find_ways(3)
    assert ways
    for way in ways:
        assert price_of(problem, before, carry_out(problem, before, 3, way)) == way.cost


@pytest.mark.parametrize(
    ("visit_index", "numbers", "words"),
    [
        (0, {}, "in the plan already"),
        (7, {}, "expected 0 <= visit < 2"),
        (1, {"top": 0}, "expected at least 1"),
        (1, {"eject": 4}, "expected 0 to 3"),
    ],
)
def test_questions_that_make_no_sense_are_refused(
    visit_index: int, numbers: dict[str, int], words: str
) -> None:
    problem = make_problem([V(at=1), V(at=2)], [K(0, 0)], TRAVEL)
    finder = WayFinder(problem, plan(problem, (0,)))
    with pytest.raises(InvalidParameter, match=words):
        finder.find_ways(visit_index, **numbers)
