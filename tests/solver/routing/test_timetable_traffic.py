"""Schedules with travel by hour: 1 m is 1 s at free flow, twice that in the rush."""

from __future__ import annotations

import numpy as np
import pytest

from solver.routing.features import RushHours
from solver.routing.problem import RoutingProblem
from solver.routing.solution import BlockCode
from solver.routing.timetable import Infeasible, place_breaks, timetable
from tests.feature_builders import add, make_rush
from tests.problems import DAY_S, K, V, line, make_problem
from tests.timetables import block_of, rest, route_of, visit

PLACES = [0, 1024, 5120]


def world(
    visits: list[V], buckets: list[tuple[int, int]], vehicle: K | None = None
) -> RoutingProblem:
    problem = make_problem(visits, [vehicle or K()], [line(PLACES)])
    return add(problem, rush_hours=make_rush(problem, buckets, [1, 2]))


def test_each_leg_drives_by_the_moment_it_begins() -> None:
    route = route_of(world([V(1)], [(0, 0), (1024, 1)]), visit(0))
    # Free until 1024: at the door then; done at 1624; back at double time 2048: 3672.
    assert (route.departure, route.stops[0].arrival, route.end) == (0, 1024, 3672)
    assert (route.stops[0].leg_s, route.last_leg_s, route.distance_m) == (1024, 2048, 2048)
    assert route.work_s == 3672


def test_latest_departure_before_a_late_window_knows_the_end_of_the_rush() -> None:
    visits = [V(1, windows=[(9000, DAY_S, DAY_S)])]
    route = route_of(world(visits, [(0, 0), (1024, 1), (8000, 0)]), visit(0))
    # From 8000 on 1000 s cover 1000/1024; the other 24/1024 take 48 s of rush before: 7952.
    assert (route.departure, route.stops[0].leg_s, route.stops[0].reached) == (7952, 1048, 9000)
    # Back at free flow: 9600 + 1024.
    assert (route.end, route.work_s) == (10_624, 10_624 - 7952)


def test_a_way_that_the_rush_makes_too_long_breaks_the_window() -> None:
    problem = world([V(1, windows=[(0, 2000, 2000)])], [(0, 1)])
    assert block_of(problem, visit(0)) == Infeasible(BlockCode.WINDOW, visit(0), 48)


def test_a_profile_without_regimes_drives_at_free_flow() -> None:
    travel = [line(PLACES), line(PLACES, seconds_per_meter=4)]
    problem = make_problem([V(1)], [K(profile=1)], travel)
    rush = make_rush(problem, [(0, 1)], [1, 2])
    walker = add(
        problem,
        rush_hours=RushHours(rush.bucket_start, rush.bucket_regime, (rush.durations_s[0], ())),
    )
    assert route_of(walker, visit(0)).stops[0].arrival == 4096


def test_breaks_go_where_the_rush_costs_least() -> None:
    # At 1 from 1024 to 1624, where the rush (1624 to 5720) begins. To 2 it is 4096 m.
    buckets = [(0, 0), (1624, 1), (5720, 0)]
    visits = [V(1, windows=[(0, 2000, 2000)]), V(2)]
    problem = world(visits, buckets, K(breaks=[(1624, 20_000, 4096)]))
    steps = place_breaks(problem, 0, [(0, 0), (1, 1)])
    # Break at 1 until 5720, then 4096 of free driving: at 2 by 9816, back at 9816 + 600 + 5120 =
    # 15 536; work without the break 11 440. Driving first: half the way by 5720, the rest until
    # 7768, back with the break at 7768 + 4096 + 600 + 5120 = 17 584. Break at the end place: work
    # 7768 + 600 + 5120 = 13 488.
    assert steps == (visit(0), rest(0, 0), visit(1))
    assert route_of(problem, *steps).cost.total == 11_440


@pytest.mark.parametrize("regimes", [1, 6])
def test_regimes_that_all_equal_free_flow_change_nothing(regimes: int) -> None:
    problem = make_problem([V(1), V(2)], [K()], [line(PLACES)])
    durations = problem.durations_s[0]
    same = add(
        problem,
        rush_hours=RushHours(
            np.arange(0, 7 * 900, 900, dtype=np.int32),
            (np.arange(7) % regimes).astype(np.int32),
            ((durations,) * regimes,),
        ),
    )
    plain = route_of(problem, visit(0), visit(1))
    slow = timetable(same, 0, [visit(0), visit(1)])
    # Cutting shares at bucket ends may cost a second per leg, never more.
    assert 0 <= slow.end - plain.end <= 3  # type: ignore[union-attr]  # it fits
