"""Tiny problems under every rule: the engines against the optimum found by trying everything.

The optimum comes from ``tests/solver_brute_force.py``, which shares no code with any solver; the
plans pass the referee.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement, product

import pytest

from solver.routing.ortools_model import solve_with_ortools
from solver.routing.problem import RoutingProblem
from solver.routing.referee import referee
from solver.routing.solution import Route, Step, StepKind
from solver.routing.solve import solve
from solver.routing.timetable import Infeasible, TimetableData, place_breaks, timetable
from solver.stop import MaxIterations
from tests.problems import K, P, V, line, make_problem, random_problem
from tests.solver_brute_force import brute_force

SAMPLE = range(120)
FULL = range(120, 1200)
TWIN_SAMPLE = range(20)


def tiny(seed: int) -> RoutingProblem:
    """Every tenth problem has 6 visits and 3 vehicles, the others up to 5 and 2."""
    if seed % 10 == 0:
        return random_problem(seed, n_visits=6, n_vehicles=3)
    return random_problem(seed, n_visits=2 + seed % 4, n_vehicles=1 + seed % 2)


def test_brute_force_of_one_visit_is_the_sum_by_hand() -> None:
    problem = make_problem([V(1)], [K(fixed=7)], [line([0, 1000])])
    # 1000 there + 600 service + 1000 back + 7 fixed = 2607 < penalty 1 000 000.
    assert brute_force(problem) == 2607


def test_brute_force_leaves_a_visit_that_costs_more_than_its_penalty() -> None:
    problem = make_problem([V(1, penalty=2599)], [K()], [line([0, 1000])])
    assert brute_force(problem) == 2599


def test_brute_force_gives_the_pool_only_what_it_can_take() -> None:
    pools = [P(1, {0: 50, 1: 60})]
    problem = make_problem([V(1), V(1)], [K()], [line([0, 1000])], pools=pools)
    # Visit 0 to the pool (50), visit 1 by vehicle (2600), or the other way around (2660).
    assert brute_force(problem) == 2650


def test_brute_force_takes_the_break_where_it_is_cheapest() -> None:
    visits = [V(1), V(2, windows=[(9000, 9000, 9000)])]
    problem = make_problem(visits, [K(breaks=[(3000, 9000, 1800)])], [line([0, 1000, 3000])])
    # The pinned visit first: break at the start place 3000-4800, leaves at 9000 - 3000 = 6000,
    # done 9600, at the other one 11600-12200, back at 13200: 7200 of work.
    assert brute_force(problem) == 7200


def all_placements(
    problem: RoutingProblem, vehicle: int, order: Sequence[tuple[int, int]]
) -> Iterator[tuple[Step, ...]]:
    """Every legal place of every break between the visits of ``order``."""
    slots = list(product(range(len(order) + 1), (0, 1)))
    breaks = problem.breaks_of(vehicle)
    for chosen in combinations_with_replacement(slots, len(breaks)):
        steps: list[Step] = []
        for gap in range(len(order) + 1):
            steps += [
                Step(StepKind.BREAK, b, choice)
                for b, (at, choice) in zip(breaks, chosen, strict=True)
                if at == gap
            ]
            steps += [Step(StepKind.VISIT, v, w) for v, w in order[gap : gap + 1]]
        yield tuple(steps)


@pytest.mark.parametrize("seed", range(150))
def test_break_placement_is_as_cheap_as_the_best_of_all_places(seed: int) -> None:
    problem = random_problem(seed, n_visits=3, n_vehicles=1)
    data = TimetableData(problem)
    order = [(v, problem.windows_of(v)[-1]) for v in range(seed % 3 + 1)]
    routes = [timetable(problem, 0, s, data=data) for s in all_placements(problem, 0, order)]
    costs = [route.cost.total for route in routes if isinstance(route, Route)]
    placed = place_breaks(problem, 0, order, data=data)
    if isinstance(placed, Infeasible):
        assert costs == []
    else:
        route = timetable(problem, 0, placed, data=data)
        assert isinstance(route, Route)
        assert route.cost.total == min(costs)


def check(problem: RoutingProblem, seed: int) -> tuple[int, int]:
    """Return (cost of the core, optimum); the plan passes the referee."""
    solution = solve(
        problem, stop=MaxIterations(2000), seed=1, threads=1, start=None, on_progress=None,
        engine="core",
    )  # fmt: skip
    assert referee(problem, solution) == (), f"random_problem of seed {seed}"
    return solution.cost, brute_force(problem)


@pytest.mark.core
@pytest.mark.parametrize("seed", SAMPLE)
def test_core_finds_the_optimum_of_a_tiny_problem(seed: int) -> None:
    cost, optimum = check(tiny(seed), seed)
    assert cost == optimum


@pytest.mark.core
@pytest.mark.soak
def test_core_finds_the_optimum_of_every_tiny_problem() -> None:
    missed = {seed: costs for seed in FULL if len({*(costs := check(tiny(seed), seed))}) > 1}
    assert missed == {}


def test_twin_is_never_cheaper_than_the_optimum_and_mostly_finds_it() -> None:
    found = 0
    for seed in TWIN_SAMPLE:
        problem = tiny(seed)
        solution = solve_with_ortools(problem, stop=MaxIterations(20), seed=1)
        assert referee(problem, solution) == ()
        optimum = brute_force(problem)
        assert solution.cost >= optimum, f"seed {seed}"
        found += solution.cost == optimum
    # Its model is close, not equal (see its docstring): eight of ten is what it has to reach.
    assert found >= 0.8 * len(TWIN_SAMPLE)
