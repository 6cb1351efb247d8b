"""The referee on travel by hour: legal plans by hand, then one rule broken."""

from __future__ import annotations

from dataclasses import replace

from solver.routing.referee import ViolationCode, referee
from tests.feature_builders import add, make_rush
from tests.hand_plans import Case, codes, on_stop, plan, route, stop, visit
from tests.problems import K, V, line, make_problem


def rush_day() -> Case:
    """One visit 4000 m away, not before 7000; from 2000 on every meter takes two seconds."""
    problem = make_problem([V(1, windows=[(7000, 9000, 9000)])], [K()], [line([0, 4000])])
    problem = add(problem, rush_hours=make_rush(problem, [(0, 0), (2000, 1)], [1, 2]))
    # Leaving at t <= 2000 it has driven 2000 - t of 4000 m at 2000 and needs 2 (2000 + t) more
    # seconds: there at 6000 + 2 t. To be there at 7000: t = 500, a leg of 6500 s. Done at 7600,
    # 8000 s home: 15 600.
    only = stop(visit(0), 4000, 7000, 7000, 7000, 7600, leg_s=6500)
    return problem, plan(route(0, [only], 500, 15_600, 4000, 8000, last_leg_s=8000))


def test_travel_by_hour_and_its_latest_departure_are_accepted() -> None:
    assert referee(*rush_day()) == ()


def test_leg_at_free_flow_in_the_rush_hour_is_named() -> None:
    assert codes(on_stop(rush_day(), 0, leg_s=4000)) == {ViolationCode.TIMES}


def test_departure_one_second_earlier_is_named() -> None:
    problem, solution = rush_day()
    earlier = replace(solution.routes[0], departure=499)
    assert codes((problem, replace(solution, routes=(earlier,)))) == {ViolationCode.DEPARTURE}


def test_profile_without_regimes_drives_at_free_flow() -> None:
    problem, _ = rush_day()
    assert problem.rush_hours is not None
    problem = add(problem, rush_hours=replace(problem.rush_hours, durations_s=((),)))
    # 3000 to 7000 at free flow, home at 11 600.
    only = stop(visit(0), 4000, 7000, 7000, 7000, 7600)
    assert referee(problem, plan(route(0, [only], 3000, 11_600, 4000, 8000))) == ()


def test_share_of_a_leg_is_rounded_against_the_driver() -> None:
    problem = make_problem([V(1)], [K()], [line([0, 3000])])
    problem = add(problem, rush_hours=make_rush(problem, [(0, 0), (2000, 1)], [1, 2]))
    # 2000 s cover floor(2/3 * 2**30) shares; what rests is a hair more than a third of 6000 s:
    # 2001 s. There at 4001, which no later departure keeps; 6000 s home from 4601.
    only = stop(visit(0), 3000, 4001, 4001, 4001, 4601, leg_s=4001)
    solution = plan(route(0, [only], 0, 10_601, 3000, 6000, last_leg_s=6000))
    assert referee(problem, solution) == ()
