"""The compiled engine: limits, determinism, warm starts, exact insertion prices."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import solver
from solver.errors import InvalidParameter
from solver.routing.core import copy_problem, is_available, load_engine
from solver.routing.insertion import InsertionOption, InsertionRanker, rank_insertions
from solver.routing.problem import RoutingProblem
from solver.routing.progress import Progress
from solver.routing.referee import referee
from solver.routing.solution import BlockCode, RoutingSolution, Step, StepKind
from solver.routing.solve import solve
from solver.routing.timetable import Infeasible, place_breaks, timetable
from solver.status import SolveStatus, StoppedBy
from solver.stop import MaxIterations, MaxRuntime, NoImprovement, Stop
from tests.problems import DAY_S, K, P, V, line, make_problem, random_problem

pytestmark = pytest.mark.core


def solved(problem: RoutingProblem, iterations: int = 300, **options: int) -> RoutingSolution:
    return solve(problem, stop=MaxIterations(iterations), engine="core", **options)


def decision_of(solution: RoutingSolution) -> list[tuple[int, list[Step]]]:
    return [(route.vehicle, [stop.step for stop in route.stops]) for route in solution.routes]


def test_same_seed_and_iterations_give_the_same_plan() -> None:
    problem = random_problem(7, n_visits=30, n_vehicles=6)
    plans = [decision_of(solved(problem, seed=3)) for _ in range(3)]
    assert plans[0] == plans[1] == plans[2]


def test_two_threads_repeat_too() -> None:
    problem = random_problem(8, n_visits=30, n_vehicles=6)
    first = solved(problem, iterations=2500, seed=3, threads=2)
    again = solved(problem, iterations=2500, seed=3, threads=2)
    assert decision_of(first) == decision_of(again)
    assert first.iterations == again.iterations == 2500


@pytest.mark.parametrize("seed", range(20))
def test_the_engine_and_the_timetable_agree_on_the_price(seed: int) -> None:
    problem = random_problem(seed, n_visits=25, n_vehicles=5)
    solution = solved(problem)
    assert solution.trace[-1][2] == solution.cost
    assert referee(problem, solution) == ()


def test_more_iterations_never_cost_more_than_the_first_plan() -> None:
    problem = random_problem(4, n_visits=30, n_vehicles=6)
    costs = [cost for _, _, cost in solved(problem, iterations=500).trace]
    assert costs == sorted(costs, reverse=True)
    assert len(costs) > 1


def test_an_iteration_limit_of_zero_returns_the_first_plan() -> None:
    solution = solved(random_problem(4, n_visits=10, n_vehicles=3), iterations=0)
    assert solution.iterations == 0
    assert solution.stopped_by is StoppedBy.ITERATIONS


def test_no_improvement_ends_the_search() -> None:
    problem = random_problem(5, n_visits=6, n_vehicles=2)
    solution = solve(problem, stop=NoImprovement(200), engine="core")
    assert solution.stopped_by is StoppedBy.NO_IMPROVEMENT
    assert solution.iterations >= 200


def test_the_clock_ends_the_search_and_says_so() -> None:
    solution = solve(random_problem(5), stop=MaxRuntime(0.05), engine="core")
    assert solution.stopped_by is StoppedBy.RUNTIME


def test_the_caller_can_stop_and_keeps_the_best_plan() -> None:
    seen: list[Progress] = []

    def stop_at_once(progress: Progress) -> bool:
        seen.append(progress)
        return False

    problem = random_problem(5, n_visits=30, n_vehicles=6)
    solution = solve(problem, stop=MaxIterations(10**9), on_progress=stop_at_once, engine="core")
    assert solution.stopped_by is StoppedBy.CALLER
    assert len(seen) == 1
    assert referee(problem, solution) == ()


def test_a_warm_start_is_never_left_for_something_worse() -> None:
    problem = random_problem(9, n_visits=30, n_vehicles=6)
    good = solved(problem, iterations=2000)
    again = solve(problem, stop=MaxIterations(1), start=good, seed=99, engine="core")
    assert again.cost <= good.cost


def test_a_late_visit_is_served_rather_than_dropped_while_that_is_cheaper() -> None:
    # 600 s away, promised until 500: 100 s late at 10 a second = 1000 < 1 000 000.
    travel = line([0, 600])
    problem = make_problem([V(at=1, windows=((0, 500, DAY_S),))], [K()], [travel])
    (route,) = solved(problem).routes
    assert route.stops[0].lateness_s == 100
    assert route.cost.lateness == 1000


def test_a_visit_dearer_than_its_penalty_stays_out() -> None:
    # Out and back 1200 s + service 600 s = 1800 s at 1 a second; the penalty is 1799.
    travel = line([0, 600])
    dear = make_problem([V(at=1, penalty=1799)], [K()], [travel])
    cheap = make_problem([V(at=1, penalty=1801)], [K()], [travel])
    assert solved(dear).unassigned == (0,)
    assert solved(cheap).unassigned == ()


def test_a_pool_takes_no_more_than_its_capacity() -> None:
    travel = line([0, 600, 700])
    pool = P(capacity=1, prices={0: 5, 1: 5})
    problem = make_problem([V(at=1), V(at=2)], [K()], [travel], pools=[pool])
    solution = solved(problem)
    assert len(solution.pools[0]) == 1
    assert solution.status is SolveStatus.FEASIBLE


def test_pools_alone_can_serve() -> None:
    travel = line([0, 600])
    problem = make_problem([V(at=1)], [], [travel], pools=[P(capacity=1, prices={0: 5})])
    assert solved(problem).pools == ((0,),)


def test_nothing_to_do_is_a_plan() -> None:
    travel = line([0, 600])
    assert solved(make_problem([], [K()], [travel])).status is SolveStatus.FEASIBLE
    assert solved(make_problem([V(at=1)], [], [travel])).unassigned == (0,)


@pytest.mark.parametrize("seed", range(10))
def test_a_ranked_price_is_what_the_plan_then_costs(seed: int) -> None:
    """The option's cost is the difference of two recomputed routes, breaks placed at their best."""
    problem = random_problem(seed, n_visits=8, n_vehicles=3)
    solution = solved(problem)
    ranker = InsertionRanker(problem, solution)
    compared = 0
    for visit in range(problem.n_visits):
        for option in ranker.rank(visit):
            before = price_without(problem, solution, visit, option.vehicle)
            # Travel here need not obey the triangle inequality: a route may need its visit.
            if option.cost is None or before is None:
                continue
            after = cheapest(problem, option.vehicle, grown(solution, visit, option))
            assert option.cost == after - before
            compared += 1
    assert compared > 0


def visits_on(solution: RoutingSolution, vehicle: int) -> list[tuple[int, int]]:
    """(visit, window) in order."""
    return [
        (stop.step.index, stop.step.choice)
        for route in solution.routes
        if route.vehicle == vehicle
        for stop in route.stops
        if stop.step.kind is StepKind.VISIT
    ]


def grown(solution: RoutingSolution, visit: int, option: InsertionOption) -> list[tuple[int, int]]:
    """The vehicle's visits with the new one where the option puts it."""
    rest = [pair for pair in visits_on(solution, option.vehicle) if pair[0] != visit]
    return [*rest[: option.position], (visit, option.window), *rest[option.position :]]


def price_without(
    problem: RoutingProblem, solution: RoutingSolution, visit: int, vehicle: int
) -> int | None:
    """Price of the vehicle's route once the visit is out, its breaks where they were."""
    for route in solution.routes:
        if route.vehicle != vehicle:
            continue
        if visit not in route.visits:
            return route.cost.total
        if len(route.visits) == 1:
            return 0
        steps = [s.step for s in route.stops]
        rest = [s for s in steps if s.kind is StepKind.BREAK or s.index != visit]
        timed = timetable(problem, vehicle, rest)
        return None if isinstance(timed, Infeasible) else timed.cost.total
    return 0


def cheapest(problem: RoutingProblem, vehicle: int, visits: list[tuple[int, int]]) -> int:
    """Price of the visits in this order with the breaks where they cost least."""
    steps = place_breaks(problem, vehicle, visits)
    assert not isinstance(steps, Infeasible)
    route = timetable(problem, vehicle, steps)
    assert not isinstance(route, Infeasible)
    return route.cost.total


def test_the_rule_in_the_way_is_named_with_its_excess() -> None:
    # Back at 600 + 600 + 600 = 1800; the shift ends at 1500, so 300 s are missing.
    travel = line([0, 600])
    problem = make_problem([V(at=1)], [K(shift=(0, 1500))], [travel])
    (option,) = rank_insertions(problem, solved(problem), 0)
    assert (option.cost, option.code, option.excess_s) == (None, BlockCode.SHIFT, 300)


def test_a_forbidden_pair_is_named() -> None:
    travel = line([0, 600])
    problem = make_problem([V(at=1)], [K()], [travel], assignment={(0, 0): -1})
    (option,) = rank_insertions(problem, solved(problem), 0)
    assert option.code is BlockCode.FORBIDDEN


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"seed": -1}, "seed is -1"),
        ({"threads": 0}, "threads is 0"),
        ({"engine": "fast"}, "engine is 'fast'"),
    ],
)
def test_settings_out_of_range_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidParameter, match=message):
        solve(random_problem(1), stop=MaxIterations(1), **options)


def test_floats_are_refused_at_the_native_door() -> None:
    core = load_engine().Problem()
    matrix = np.zeros((2, 2))
    with pytest.raises(TypeError):
        core.add_profile(matrix, matrix, 1.0)


@pytest.mark.parametrize("number", range(1, 5))
def test_no_quick_look_overlooks_a_place_that_pays(number: int) -> None:
    # The core with assertions compares every quick look with the exact price. A visit in front of
    # the first one may pay by itself: who waits there leaves later and waits less farther on.
    problem = random_problem(number, n_visits=40, n_vehicles=8)
    plan = solve(problem, stop=MaxIterations(1500), seed=1)
    assert referee(problem, plan) == ()


def test_a_limit_over_before_the_arrays_are_in_leaves_the_start_or_nobody_served() -> None:
    problem = random_problem(2)
    at_once = Stop(max_runtime_s=1e-9)  # over before anything begins, on every machine
    empty = solve(problem, stop=at_once)
    assert empty.unassigned == tuple(range(problem.n_visits))
    assert (empty.iterations, empty.stopped_by) == (0, StoppedBy.RUNTIME)
    start = solve(problem, stop=MaxIterations(50))
    again = solve(problem, stop=at_once, start=start)
    assert (again.routes, again.cost) == (start.routes, start.cost)


def test_the_copy_keeps_the_arrays_unchanged() -> None:
    problem = random_problem(2)
    before = problem.visit_location.copy()
    copy_problem(problem)
    assert np.array_equal(problem.visit_location, before)


def test_the_core_is_there() -> None:
    assert is_available()


def test_the_committed_stub_is_current(tmp_path: Path) -> None:
    made = tmp_path / "_engine.pyi"
    command = [sys.executable, "-m", "nanobind.stubgen", "-m", "solver._engine", "-o", str(made)]
    subprocess.run(command, check=True, capture_output=True)
    committed = Path(solver.__file__).with_name("_engine.pyi")
    assert made.read_text() == committed.read_text()


def test_the_first_plan_is_finished_however_long_it_takes() -> None:
    # 600 visits take longer than one slice of work on a slow machine; the plan must not show it.
    problem = random_problem(1, n_visits=600, n_vehicles=80)
    first = solved(problem, iterations=0)
    assert decision_of(first) == decision_of(solved(problem, iterations=0))
    assert len(first.trace) == 1 or first.trace[-1][2] < first.trace[0][2]
