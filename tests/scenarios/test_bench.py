"""Benches: the same problem for everybody, judged by ours."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from geo.estimated import EstimatedTravel
from scenarios.bench.day_rows import Budget, compare, harden, prepare_case, report
from scenarios.bench.first_plan import measure
from scenarios.bench.peers.pyvrp_peer import solve_with_pyvrp
from scenarios.bench.peers.vroom_peer import PeerPlan, fill_pools, repair, solve_with_vroom
from scenarios.bench.report import format_table
from scenarios.bench.routing import get_class
from scenarios.generate import generate_day
from scenarios.instances import Objective, Rounding, parse_solomon
from solver.routing.problem import FORBIDDEN
from tests.problems import K, P, V, line, make_problem
from tests.towns import town
from tests.vrptw_texts import SOLOMON

needs_vroom = pytest.mark.skipif(
    importlib.util.find_spec("vroom") is None, reason="pyvroom is not installed"
)
needs_pyvrp = pytest.mark.skipif(
    importlib.util.find_spec("pyvrp") is None, reason="PyVRP is not installed"
)


@needs_vroom
def test_vroom_gets_windows_eligibility_access_and_shift():
    # a line: base 0 m, visits at 600 m and 1200 m, one second a meter
    visits = [
        V(at=1, windows=((0, 500, 500), (3000, 3600, 3600))),
        V(at=2, windows=((0, 1800, 1800),), access=600),
    ]
    problem = make_problem(visits, [K(), K()], [line((0, 600, 1200))], assignment={(1, 0): -1})
    routes = solve_with_vroom(problem).routes
    served = {visit: (vehicle, window) for vehicle, o in routes.items() for visit, window in o}
    # visit 1 is forbidden to vehicle 0: 1200 s of way + 600 s of access = 1800, just in time
    assert served[1] == (1, 2)
    # visit 0 cannot be reached by 500, so it keeps its second window
    assert served[0][1] == 1


@needs_vroom
def test_vroom_leaves_out_what_nobody_can_reach_in_time():
    late = [V(at=1, windows=((0, 599, 3600),))]
    problem = harden(make_problem(late, [K()], [line((0, 600))]))
    # hard windows: 600 s of way, latest arrival 599
    assert problem.window_limit.tolist() == [599]
    assert solve_with_vroom(problem).routes == {}


def test_repair_drops_the_last_visits_of_a_route_without_room_for_its_break():
    # break of an hour must start by 900 s; visit 0 ends at 600 + 600 = 1200, visit 1 by 1800
    visits = [V(at=1, windows=((0, 600, 600),)), V(at=1, windows=((0, 1800, 1800),))]
    vehicle = K(breaks=((700, 1300, 3600),))
    problem = make_problem(visits, [vehicle], [line((0, 600))], pools=[P(1, {1: 5})])
    routes, pools = repair(problem, PeerPlan({0: ((0, 0), (1, 1))}))
    # the break fits after visit 0 (1200 <= 1300), then visit 1 would start at 4800
    assert routes == {0: ((0, 0),)}
    assert pools == [[1]]


def test_pools_take_the_dearest_visits_where_they_are_cheapest():
    visits = [V(at=0, penalty=penalty) for penalty in (10, 30, 20)]
    pools = [P(1, {0: 1, 1: 5, 2: 5}), P(1, {1: 4, 2: 40})]
    problem = make_problem(visits, [K()], [line((0,))], pools=pools)
    assert problem.pool_cost[0, 1] == FORBIDDEN
    # visit 1 goes first and to the cheaper second pool, then visit 2 to the first; visit 0 stays
    assert fill_pools(problem, [0, 1, 2]) == [[2], [1]]
    # a pool dearer than the penalty is not used: visit 2 in the second one costs 40 > 20
    assert fill_pools(problem, [1, 2]) == [[2], [1]]


@needs_pyvrp
def test_pyvrp_gets_the_same_instance():
    run = solve_with_pyvrp(
        parse_solomon(SOLOMON), Objective.DISTANCE, Rounding.TRUNC1, time_limit_s=1.0, seed=1
    )
    assert sorted(run.routes) == [(1,), (2,)]
    # 2 * 5.0 + 2 * 1.4 in tenths, and the last best of the trace is the answer's
    assert (run.cost, run.trace[-1][1]) == (128, 128)


@needs_vroom
@pytest.mark.core
def test_every_engine_is_judged_on_the_same_day():
    day = generate_day(town(), seed=1, visits=30, technicians=6, outlets=3, emergencies=1)
    case = prepare_case(day, EstimatedTravel())
    rows = compare(case, Budget(0.3, 1, 1), ("vroom", "ortools"))
    assert [(row["engine"], row["rules"]) for row in rows] == [
        ("servicenet", "full"),
        ("servicenet", "hard"),
        ("ortools", "hard"),
        ("vroom", "hard"),
    ]
    for row in rows:
        assert row["violations"] == 0
        assert row["visits"] == 30
        # On a busy machine a third of a second may pass before OR-Tools has any plan.
        assert row["served"] <= 30
        assert row["served"] > 0 or row["engine"] == "ortools"
        assert row["kept"] <= row["promised"]
    # hard windows: whoever is served is on time
    assert all(row["late_min"] == 0 for row in rows[1:])
    summary = report(rows).summary
    assert summary["vroom hard"]["served"] == rows[3]["served"]
    assert "days with no fewer served than VROOM (full rules)" in summary


@pytest.mark.core
def test_the_first_plan_serves_enough_of_what_the_long_run_serves():
    visits = [V(at=1 + i % 3) for i in range(12)]
    problem = make_problem(visits, [K(), K()], [line((0, 600, 900, 1500))])
    row = measure(problem, seed=1, budget_s=0.2)
    assert row["first_plan_served"] >= 0.95 * row["long_run_served"]
    assert row["first_plan_iterations"] == 0


@pytest.mark.parametrize(
    ("name", "kind"), [("R101", "R1"), ("RC2_10_4", "RC2"), ("C1_2_10", "C1"), ("odd", "odd")]
)
def test_instances_are_grouped_by_series(name, kind):
    assert get_class(name) == kind


def test_a_table_aligns_numbers_right_and_says_where_nothing_is_known():
    rows = [{"name": "a", "gap": 1.5}, {"name": "long", "gap": None}]
    assert format_table(rows).splitlines() == ["name  gap", "----  ---", "a     1.5", "long    -"]
    assert format_table([]) == "(no rows)"


def test_hard_rules_leave_everything_but_the_limits_as_it_is():
    problem = make_problem([V(at=0, windows=((0, 10, 20),))], [K()], [line((0,))])
    hard = harden(problem)
    assert (hard.window_latest.tolist(), hard.window_limit.tolist()) == ([10], [10])
    assert np.array_equal(hard.visit_penalty, problem.visit_penalty)
