"""Any plan, sense or nonsense, is a start: the answer keeps every rule and is not dearer."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from solver.routing.problem import RoutingProblem
from solver.routing.referee import referee
from solver.routing.solution import Route, RouteCost, RoutingSolution, Step, StepKind, Stop
from solver.routing.solve import Engine, solve
from solver.stop import MaxIterations
from tests.feature_problems import Size, random_feature_problem
from tests.problems import K, P, V, line, make_problem, random_problem
from tests.timetables import plan_of, rest, visit

GARBAGE = range(120)
LEGAL = range(40)
NOTHING = MaxIterations(0)


def route_with(vehicle: int, steps: list[Step]) -> Route:
    """A route whose figures mean nothing."""
    stops = tuple(Stop(step, 1, 2, 3, 4, 5, 6, 7) for step in steps)
    return Route(vehicle, stops, 9, 8, 7, 6, 5, 4, 3, RouteCost(work=2))


def plan_with(
    problem: RoutingProblem, routes: list[Route], pools: tuple[tuple[int, ...], ...], cost: int
) -> RoutingSolution:
    """A plan put together without any care."""
    empty = plan_of(problem, {}, [()] * problem.n_pools)
    return replace(empty, routes=tuple(routes), pools=pools, unassigned=(), cost=cost)


def draw_steps(draw: random.Random, problem: RoutingProblem, vehicle: int) -> list[Step]:
    """Draw steps of all kinds, some of which exist; sometimes the breaks are in order."""
    n, windows = problem.n_visits, len(problem.window_earliest)
    steps = [visit(draw.randrange(-2, n + 2), draw.randrange(-1, windows + 1))
             for _ in range(draw.randrange(2 * n))]  # fmt: skip
    for _ in range(draw.randrange(3)):
        step = Step(StepKind.PICKUP, draw.randrange(-1, 3), draw.randrange(2))
        steps.insert(draw.randrange(len(steps) + 1), step)
    if draw.random() < 0.5 and 0 <= vehicle < problem.n_vehicles:
        steps += [rest(b, draw.randrange(2)) for b in problem.breaks_of(vehicle)]
    for _ in range(draw.choice((0, 0, 2))):
        step = rest(draw.randrange(-1, len(problem.break_earliest) + 1), draw.randrange(-1, 3))
        steps.insert(draw.randrange(len(steps) + 1), step)
    return steps


def draw_garbage(draw: random.Random, problem: RoutingProblem) -> RoutingSolution:
    vehicles = [draw.randrange(-1, problem.n_vehicles + 2) for _ in range(problem.n_vehicles + 1)]
    routes = [route_with(k, draw_steps(draw, problem, k)) for k in vehicles]
    pools = tuple(
        tuple(draw.randrange(-1, problem.n_visits + 1) for _ in range(draw.randrange(6)))
        for _ in range(draw.randrange(problem.n_pools + 2))
    )
    return plan_with(problem, routes, pools, draw.choice((0, -5, 10**12)))


@pytest.mark.core
@pytest.mark.parametrize("iterations", [0, 30])
def test_nonsense_is_repaired_never_refused(iterations: int) -> None:
    for seed in GARBAGE:
        draw = random.Random(seed)  # noqa: S311 - a repeatable sample, no secret
        problem = random_feature_problem(seed, Size(draw.randrange(2, 12), draw.randrange(1, 5)))
        start = draw_garbage(draw, problem)
        solution = solve(problem, stop=MaxIterations(iterations), start=start, engine="core")
        assert referee(problem, solution) == (), seed


@pytest.mark.core
def test_a_sound_plan_never_gets_worse_even_without_search() -> None:
    for seed in LEGAL:
        problem = random_feature_problem(seed, Size(14, 4))
        sound = solve(problem, stop=MaxIterations(40), seed=seed, engine="core")
        again = solve(problem, stop=NOTHING, seed=99, start=sound, engine="core")
        assert referee(problem, again) == (), seed
        assert again.cost <= sound.cost, seed


def test_ortools_repairs_a_start_too() -> None:
    for seed in range(8):
        draw = random.Random(seed)  # noqa: S311 - a repeatable sample, no secret
        problem = random_problem(seed, n_visits=6, n_vehicles=2)
        start = draw_garbage(draw, problem)
        for iterations in (0, 5):
            stop = MaxIterations(iterations)
            solution = solve(problem, stop=stop, start=start, engine="ortools")
            assert referee(problem, solution) == (), seed


@pytest.mark.parametrize("engine", [pytest.param("core", marks=pytest.mark.core), "ortools"])
def test_visits_stay_where_they_were_as_far_as_they_fit(engine: Engine) -> None:
    # Vehicle 0 has time for two of its three visits (200 s on the way, 600 each, until 1500); the
    # third goes to vehicle 1, which is dearer; the break is nowhere in the start.
    shift = (0, 1500)
    vehicles = [K(shift=shift), K(shift=(0, 20_000), fixed=50, breaks=[(0, 20_000, 60)])]
    problem = make_problem([V(1), V(1), V(1)], vehicles, [line([0, 50])])
    start = plan_with(
        problem, [route_with(0, [visit(2), visit(0), visit(1)]), route_with(1, [])], (), 0
    )
    # Our engine would find more in its iterations; OR-Tools wants some to repair at all.
    limit = MaxIterations(0 if engine == "core" else 5)
    solution = solve(problem, stop=limit, start=start, engine=engine)
    assert referee(problem, solution) == ()
    assert solution.unassigned == ()
    if engine == "core":
        assert [route.visits for route in solution.routes] == [(2, 0), (1,)]


@pytest.mark.core
def test_a_pool_keeps_as_many_as_it_can_take() -> None:
    problem = make_problem([V(1), V(1)], [K()], [line([0, 5000])], pools=[P(1, {0: 5, 1: 5})])
    start = plan_with(problem, [route_with(0, [visit(1)])], ((1, 0, 0, 7),), 0)
    solution = solve(problem, stop=NOTHING, start=start, engine="core")
    # Visit 1 stands on a route first; the pool takes visit 0.
    assert (solution.pools, [route.visits for route in solution.routes]) == (((0,),), [(1,)])
