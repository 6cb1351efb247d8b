"""The OR-Tools twin: limits, starts, progress; its plans are judged in test_against_brute_force."""

from __future__ import annotations

from dataclasses import replace

import pytest

from solver.routing.ortools_model import solve_with_ortools
from solver.routing.progress import Progress
from solver.routing.referee import referee
from solver.routing.solution import RoutingSolution, Step, StepKind
from solver.routing.timetable import build_solution
from solver.status import SolveStatus, StoppedBy
from solver.stop import MaxIterations, NoImprovement, Stop
from tests.problems import K, P, V, line, make_problem, random_problem

FEW = MaxIterations(15)


def same_plan(a: RoutingSolution, b: RoutingSolution) -> bool:
    return (a.routes, a.pools, a.unassigned, a.cost) == (b.routes, b.pools, b.unassigned, b.cost)


def test_same_seed_and_iterations_give_the_same_plan() -> None:
    problem = random_problem(3, n_visits=8, n_vehicles=3)
    first = solve_with_ortools(problem, stop=FEW, seed=5)
    second = solve_with_ortools(problem, stop=FEW, seed=5)
    assert same_plan(first, second)
    assert [entry[1:] for entry in first.trace] == [entry[1:] for entry in second.trace]


def test_answer_names_the_engine_the_seed_and_the_limit() -> None:
    solution = solve_with_ortools(random_problem(3), stop=FEW, seed=5)
    assert (solution.engine, solution.seed) == ("ortools", 5)
    assert (solution.stopped_by, solution.iterations) == (StoppedBy.ITERATIONS, 15)


def test_trace_falls_to_the_cost_of_the_answer() -> None:
    solution = solve_with_ortools(random_problem(5), stop=FEW, seed=1)
    costs = [cost for _, _, cost in solution.trace]
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] == solution.cost


def test_no_iterations_leave_every_visit_unassigned() -> None:
    problem = random_problem(3)
    solution = solve_with_ortools(problem, stop=MaxIterations(0), seed=1)
    assert solution.unassigned == tuple(range(problem.n_visits))
    assert solution.status is SolveStatus.HAS_UNASSIGNED
    assert referee(problem, solution) == ()


def test_search_without_improvement_ends() -> None:
    solution = solve_with_ortools(random_problem(3), stop=NoImprovement(10), seed=1)
    assert solution.stopped_by is StoppedBy.NO_IMPROVEMENT
    assert solution.iterations == solution.trace[-1][1] + 10


def test_a_search_that_only_rejects_ends_as_well() -> None:
    # Found by sampling: OR-Tools accepts one plan here and rejects forever after.
    problem = random_problem(12, n_visits=2, n_vehicles=1)
    solution = solve_with_ortools(problem, stop=FEW, seed=1)
    assert solution.stopped_by is StoppedBy.ITERATIONS


@pytest.mark.parametrize("way", [50, -1])
def test_an_unused_vehicle_that_could_not_even_go_home_spoils_nothing(way: int) -> None:
    # The second vehicle works from 0 to 0, and its end place is 50 s away, or cut off.
    problem = make_problem([V(1)], [K(), K(end=2, shift=(0, 0))], [line([0, 10, 50])])
    durations, distances = problem.durations_s[0].copy(), problem.distances_m[0].copy()
    durations[0, 2] = distances[0, 2] = way
    problem = replace(problem, durations_s=(durations,), distances_m=(distances,))
    solution = solve_with_ortools(problem, stop=FEW, seed=1)
    assert [route.vehicle for route in solution.routes] == [0]
    assert solution.unassigned == ()


def test_a_start_is_never_made_worse_not_even_without_iterations() -> None:
    problem = random_problem(5, n_visits=6)
    good = solve_with_ortools(problem, stop=MaxIterations(60), seed=1)
    again = solve_with_ortools(problem, stop=MaxIterations(0), seed=1, start=good)
    assert same_plan(again, good)
    assert solve_with_ortools(problem, stop=FEW, seed=1, start=good).cost <= good.cost


def test_a_start_with_a_pool_is_taken_over() -> None:
    pools = [P(1, {0: 50, 1: 60})]
    problem = make_problem([V(1), V(1)], [K()], [line([0, 1000])], pools=pools)
    start = build_solution(
        problem, {0: [Step(StepKind.VISIT, 0, 0)]}, [[1]], engine="hand", seed=0, iterations=0,
        runtime_s=0.0, stopped_by=StoppedBy.EXHAUSTED,
    )  # fmt: skip
    solution = solve_with_ortools(problem, stop=FEW, seed=1, start=start)
    # The cheaper one to the pool: 50 + 2600 instead of 60 + 2600.
    assert (start.cost, solution.cost, solution.pools) == (2660, 2650, ((0,),))


def test_caller_stops_the_search_and_sees_its_progress() -> None:
    seen: list[Progress] = []

    def watch(state: Progress) -> bool:
        seen.append(state)
        return len(seen) < 3

    solution = solve_with_ortools(random_problem(3), stop=FEW, seed=1, on_progress=watch)
    assert solution.stopped_by is StoppedBy.CALLER
    assert [state.iteration for state in seen] == [1, 2, 3]
    assert seen[-1].cost == solution.cost
    assert seen[-1].unassigned == len(solution.unassigned)


def test_an_error_of_the_caller_comes_out_as_it_was() -> None:
    def fail(_: Progress) -> bool:
        raise LookupError("caller's own")

    with pytest.raises(LookupError, match="caller's own"):
        solve_with_ortools(random_problem(3), stop=FEW, seed=1, on_progress=fail)


def test_huge_penalties_are_scaled_to_fit() -> None:
    visits = [V(1, penalty=10**17), V(2, penalty=3 * 10**18)]
    problem = make_problem(visits, [K()], [line([0, 1000, 3000])])
    solution = solve_with_ortools(problem, stop=FEW, seed=1)
    # 3000 there and back with two services of 600: 7200.
    assert (solution.unassigned, solution.cost) == ((), 7200)


def test_a_visit_nobody_may_serve_stays_unassigned() -> None:
    problem = make_problem([V(1), V(1)], [K()], [line([0, 1000])], assignment={(0, 0): -1})
    solution = solve_with_ortools(problem, stop=FEW, seed=1)
    assert (solution.unassigned, solution.cost) == ((0,), 1_002_600)


def test_moments_before_the_horizon_are_understood() -> None:
    # Received 10 minutes before the horizon: due at -300, reached at 1000, so 1300 s late.
    visits = [V(1, windows=[(-600, -300, 9000)], late=(600, 10, 30))]
    problem = make_problem(visits, [K()], [line([0, 1000])])
    solution = solve_with_ortools(problem, stop=FEW, seed=1)
    # 600 * 10 + 700 * 30 = 27 000 of lateness, 2600 of work.
    assert solution.cost == 29_600


def test_pools_alone_can_serve() -> None:
    problem = make_problem([V(1), V(1)], [], [line([0, 1000])], pools=[P(1, {0: 50, 1: 60})])
    solution = solve_with_ortools(problem, stop=FEW, seed=1)
    assert (solution.pools, solution.unassigned) == (((0,),), (1,))


def test_time_limit_is_named_when_it_ends_the_search() -> None:
    problem = random_problem(4, n_visits=12, n_vehicles=4)
    stop = replace(Stop(max_runtime_s=0.05), max_iterations=10**9)
    assert solve_with_ortools(problem, stop=stop, seed=1).stopped_by is StoppedBy.RUNTIME
