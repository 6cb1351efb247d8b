"""Ways for which everybody is served again: by hand, and against plans there are."""

from __future__ import annotations

import pytest

from solver.routing.problem import RoutingProblem
from solver.routing.referee import referee
from solver.routing.solution import RoutingSolution
from solver.routing.ways import Rung, Way, WayFinder
from tests.line_plans import TRAVEL, hard, only, plan, step
from tests.problems import K, V, make_problem
from tests.ways import carry_out, moved_between, price_of

pytestmark = pytest.mark.core


def check_way(problem: RoutingProblem, before: RoutingSolution, visit: int, way: Way) -> None:
    """A way does what it says, and breaks no rule."""
    after = carry_out(problem, before, visit, way)
    assert referee(problem, after) == ()
    assert price_of(problem, before, after) == way.cost
    assert set(way.displaced) == moved_between(before, after)


def test_two_who_make_room_each_take_the_place_of_another() -> None:
    # Visit 4 works at place 1 from 100 s to 1400 s, when vehicle 0 has 0 at 100 s and 1, at place
    # 2, at 800 s. Visit 0 may go to vehicle 1 alone, which has 2 at 100 s; 1 to vehicle 2 alone,
    # which has 3 at 800 s. Only vehicles 3 and 4 are free, for 2 and for 3. So both who make room
    # begin a chain.
    visits = [
        hard(1, 100, 100),
        hard(2, 800, 800),
        hard(1, 100, 100),
        hard(2, 800, 800),
        hard(1, 100, 100, service=1300),
    ]
    who = only({0: (0, 1), 1: (0, 2), 2: (1, 3), 3: (2, 4), 4: (0,)}, 5)
    problem = make_problem(visits, [K(0, 0)] * 5, TRAVEL, assignment=who)
    before = plan(problem, (0, 1), (2,), (3,), (), ())
    finder = WayFinder(problem, before)
    assert finder.find_ways(4) == ()
    (way,) = finder.find_ways(4, chain=True)
    assert way.changed == tuple((k, (step(v),)) for k, v in enumerate((4, 0, 1, 2, 3)))
    # Vehicle 0 is out for 100 + 1300 + 100 s, before: 100 + 600 + 100 + 600 + 200, so 100 less.
    # Vehicles 1 and 2 change like for like; 3 goes out for 100 + 600 + 100, 4 for 200 + 600 + 200.
    assert (way.rung, way.cost, way.displaced) == (Rung.EJECT, -100 + 800 + 1000, (0, 1, 2, 3))
    check_way(problem, before, 4, way)


def two_that_change() -> tuple[RoutingProblem, RoutingSolution]:
    """Return a day on which two of vehicle 0 and one of vehicle 1 change sides for visit 3.

    Visit 3 works at place 1 from 100 s to 1400 s; so vehicle 0 has no time for 0 at 100 s, nor for
    1 at 800 s. Vehicle 1 has time for them only if 2 goes, which may begin until 2000 s.
    """
    visits = [
        hard(1, 100, 100),
        hard(2, 800, 800),
        hard(1, 100, 2000, service=650),
        hard(1, 100, 100, service=1300),
    ]
    who = only({0: (0, 1), 1: (0, 1), 2: (0, 1), 3: (0,)}, 2)
    vehicles = [K(0, 0, shift=(0, 3000)), K(0, 0, shift=(0, 1700))]
    problem = make_problem(visits, vehicles, TRAVEL, assignment=who)
    return problem, plan(problem, (0, 1), (2,))


def test_two_vehicles_change_several_visits() -> None:
    problem, before = two_that_change()
    assert WayFinder(problem, before).find_ways(3) == ()
    (way,) = WayFinder(problem, before).find_ways(3, chain=True)
    assert way.changed == ((0, (step(3), step(2))), (1, (step(0), step(1))))
    # Vehicle 0: 100 + 1300 + 650 + 100 for 100 + 600 + 100 + 600 + 200; vehicle 1: those 1600 s for
    # 100 + 650 + 100.
    assert way.cost == (2150 - 1600) + (1600 - 850)
    check_way(problem, before, 3, way)


def test_vehicles_that_are_kept_serve_nobody_else() -> None:
    problem, before = two_that_change()
    assert WayFinder(problem, before, kept=(1,)).find_ways(3, chain=True) == ()


def test_the_same_question_has_the_same_answer() -> None:
    problem, before = two_that_change()
    finder = WayFinder(problem, before)
    first = finder.find_ways(3, chain=True)
    assert finder.find_ways(3, chain=True) == first
    assert WayFinder(problem, before).find_ways(3, chain=True) == first


def test_nobody_who_is_late_waits_longer_so_that_fewer_vehicles_change() -> None:
    # All work at place 1 for 600 s. Visit 2 is for vehicle 0 alone, at 100 s, when that has 0. Only
    # vehicle 1 takes 0 else, in place of 1: both are more than its shift. Visit 1 was promised for
    # 50 s and comes at 100 s, late at 9 a second.
    late = V(at=1, windows=((50, 50, 9000),), late=(9000, 9, 9))
    visits = [hard(1, 100, 100), late, hard(1, 100, 100)]
    who = only({0: (0, 1), 1: (0, 1, 2), 2: (0,)}, 3)
    vehicles = [K(0, 0), K(0, 0, shift=(0, 1000)), K(0, 0)]
    problem = make_problem(visits, vehicles, TRAVEL, assignment=who)
    before = plan(problem, (0,), (1,), ())
    (way, *_) = WayFinder(problem, before).find_ways(2, chain=True)
    # Two vehicles are enough if visit 1 comes behind 2, at 700 s: 600 s more of work, 600 * 9 of
    # lateness. With vehicle 2 it comes at 100 s as before, for 100 + 600 + 100.
    assert way.changed == tuple((k, (step(v),)) for k, v in enumerate((2, 0, 1)))
    assert way.cost == 800
    check_way(problem, before, 2, way)
