"""The referee accepts what the timetable makes and names every rule that is broken."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.routing.problem import FORBIDDEN, UNREACHABLE, RoutingProblem
from solver.routing.referee import ViolationCode, referee
from solver.routing.solution import Route, RoutingSolution, Step, StepKind
from solver.routing.timetable import Infeasible, TimetableData, build_solution, place_breaks
from solver.status import SolveStatus, StoppedBy
from tests.problems import K, P, V, line, make_problem, random_problem

Change = Callable[[RoutingSolution], RoutingSolution]


def finish(problem: RoutingProblem, routes: Any, pools: Any) -> RoutingSolution:
    return build_solution(
        problem, routes, pools, engine="hand", seed=0, iterations=0, runtime_s=0.0,
        stopped_by=StoppedBy.EXHAUSTED,
    )  # fmt: skip


def day() -> tuple[RoutingProblem, RoutingSolution]:
    """Visits 0 and 1 on vehicle 0 with a break between and one after, 2 pooled, 3 unassigned."""
    problem = make_problem(
        [V(1, demand=(2,)), V(2, access=60, windows=[(0, 100, 40_000)]), V(1), V(2)],
        [K(breaks=[(1700, 9000, 900), (20_000, 21_000, 900)], capacity=(5,)), K()],
        [line([0, 1000, 3000])],
        pools=[P(1, {2: 700})],
    )
    steps = [
        Step(StepKind.VISIT, 0, 0),
        Step(StepKind.BREAK, 0, 1),
        Step(StepKind.VISIT, 1, 1),
        Step(StepKind.BREAK, 1, 1),
    ]
    return problem, finish(problem, {0: steps}, [[2]])


def on_route(**changes: Any) -> Change:
    return lambda s: replace(s, routes=(replace(s.routes[0], **changes),))


def shift(name: str) -> Change:
    return lambda s: on_route(**{name: getattr(s.routes[0], name) + 1})(s)


def on_stop(position: int, **changes: Any) -> Change:
    def change(s: RoutingSolution) -> RoutingSolution:
        stops = list(s.routes[0].stops)
        stops[position] = replace(stops[position], **changes)
        return on_route(stops=tuple(stops))(s)

    return change


def shift_stop(position: int, name: str) -> Change:
    def change(s: RoutingSolution) -> RoutingSolution:
        return on_stop(position, **{name: getattr(s.routes[0].stops[position], name) + 1})(s)

    return change


def shift_cost(name: str) -> Change:
    def change(s: RoutingSolution) -> RoutingSolution:
        cost = s.routes[0].cost
        return on_route(cost=replace(cost, **{name: getattr(cost, name) + 1}))(s)

    return change


def reorder(*positions: int) -> Change:
    return lambda s: on_route(stops=tuple(s.routes[0].stops[i] for i in positions))(s)


def twice(s: RoutingSolution) -> RoutingSolution:
    return replace(s, routes=s.routes * 2)


BROKEN: list[tuple[ViolationCode, Change]] = [
    (ViolationCode.VISIT, lambda s: replace(s, unassigned=())),
    (ViolationCode.VISIT, lambda s: replace(s, unassigned=(0, 3))),
    (ViolationCode.VISIT, lambda s: replace(s, unassigned=(3, 9))),
    (ViolationCode.VISIT, on_stop(0, step=Step(StepKind.VISIT, 9, 0))),
    (ViolationCode.VISIT, twice),
    (ViolationCode.VEHICLE, twice),
    (ViolationCode.VEHICLE, on_route(vehicle=5)),
    (ViolationCode.VEHICLE, reorder(1, 3)),
    (ViolationCode.POOL, lambda s: replace(s, pools=())),
    (ViolationCode.POOL, lambda s: replace(s, pools=((2, 3),), unassigned=())),
    (ViolationCode.POOL, lambda s: replace(s, pools=((3,),), unassigned=(2,))),
    (ViolationCode.STEPS, on_stop(0, step=Step(StepKind.VISIT, 0, 1))),
    (ViolationCode.STEPS, reorder(0, 2, 3)),
    (ViolationCode.STEPS, reorder(0, 3, 2, 1)),
    (ViolationCode.STEPS, on_stop(1, step=Step(StepKind.BREAK, 0, 2))),
    (ViolationCode.DEPARTURE, shift("departure")),
    (ViolationCode.DEPARTURE, lambda s: on_route(departure=s.routes[0].departure - 1)(s)),
    *(
        (ViolationCode.TIMES, shift(name))
        for name in ("end", "last_leg_s", "last_leg_m", "distance_m", "work_s", "overtime_s")
    ),
    *(
        (ViolationCode.TIMES, shift_stop(position, name))
        for position in range(4)
        for name in ("leg_s", "leg_m", "reached", "arrival", "start", "end", "lateness_s")
    ),
    *(
        (ViolationCode.COST, shift_cost(name))
        for name in ("fixed", "work", "overtime", "travel", "lateness", "assignment")
    ),
    (ViolationCode.COST, lambda s: replace(s, cost=s.cost - 1)),
    (ViolationCode.STATUS, lambda s: replace(s, status=SolveStatus.FEASIBLE)),
    (ViolationCode.STATUS, lambda s: replace(s, status=SolveStatus.INFEASIBLE)),
]


def test_a_sound_solution_has_no_violation() -> None:
    problem, solution = day()
    assert referee(problem, solution) == ()


@pytest.mark.parametrize("number", range(len(BROKEN)))
def test_broken_rule_is_named(number: int) -> None:
    problem, solution = day()
    code, change = BROKEN[number]
    assert code in {violation.code for violation in referee(problem, change(solution))}


def test_a_shifted_figure_is_the_only_violation() -> None:
    problem, solution = day()
    found = referee(problem, shift_stop(2, "arrival")(solution))
    # Arrival at 3600 + 900 of break + 60 of access = 4560.
    assert [str(v) for v in found] == ["times vehicle 0 stop 2 arrival: found 4561; expected 4560"]


def harder(problem: RoutingProblem, name: str, index: Any, value: int) -> RoutingProblem:
    """Return ``problem`` with one entry replaced, so that yesterday's plan breaks its rule."""
    array = getattr(problem, name).copy()
    array[index] = value
    return replace(problem, **{name: array})


def no_way(problem: RoutingProblem) -> RoutingProblem:
    durations, distances = problem.durations_s[0].copy(), problem.distances_m[0].copy()
    durations[1, 2] = distances[1, 2] = UNREACHABLE
    return replace(problem, durations_s=(durations,), distances_m=(distances,))


HARDER: list[tuple[ViolationCode, Callable[[RoutingProblem], RoutingProblem]]] = [
    (ViolationCode.FORBIDDEN, lambda p: harder(p, "assignment_cost", (1, 0), FORBIDDEN)),
    (ViolationCode.UNREACHABLE, no_way),
    (ViolationCode.CAPACITY, lambda p: harder(p, "vehicle_capacity", (0, 0), 1)),
    (ViolationCode.WINDOW, lambda p: harder(p, "window_limit", 1, 4559)),
    (ViolationCode.BREAK, lambda p: harder(p, "break_latest", 0, 3599)),
    (ViolationCode.SHIFT, lambda p: harder(p, "vehicle_latest", 0, 4000)),
    (ViolationCode.POOL, lambda p: harder(p, "pool_cost", (2, 0), FORBIDDEN)),
    (ViolationCode.POOL, lambda p: harder(p, "pool_capacity", 0, 0)),
]


@pytest.mark.parametrize("number", range(len(HARDER)))
def test_hard_rule_of_the_problem_is_enforced(number: int) -> None:
    problem, solution = day()
    code, change = HARDER[number]
    assert code in {violation.code for violation in referee(change(problem), solution)}


def test_every_code_of_the_basic_rules_has_a_broken_example() -> None:
    elsewhere = {  # test_referee_parts.py, test_referee_links.py
        ViolationCode.PICKUP,
        ViolationCode.PART,
        ViolationCode.STOCK,
        ViolationCode.LINK,
        ViolationCode.LIMIT,
    }
    covered = {code for code, _ in BROKEN} | {code for code, _ in HARDER}
    assert covered | elsewhere == set(ViolationCode)


def random_plan(seed: int) -> tuple[RoutingProblem, RoutingSolution]:
    problem = random_problem(seed, n_visits=6, n_vehicles=3)
    draw = random.Random(seed)  # noqa: S311 - a repeatable sample, no secret
    data = TimetableData(problem)
    free = list(range(problem.n_visits))
    draw.shuffle(free)
    routes: dict[int, tuple[Step, ...]] = {}
    for vehicle in range(problem.n_vehicles):
        order = [
            (v, draw.choice(list(problem.windows_of(v)))) for v in free[: draw.randrange(1, 4)]
        ]
        steps = place_breaks(problem, vehicle, order, data=data) if order else ()
        if steps and not isinstance(steps, Infeasible):
            routes[vehicle] = steps
            free = free[len(order) :]
        else:
            free = free[1:] + free[:1]
    return problem, finish(problem, routes, [()] * problem.n_pools)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.integers(0, 10**6))
def test_referee_accepts_every_route_of_the_timetable(seed: int) -> None:
    problem, solution = random_plan(seed)
    assert referee(problem, solution) == ()


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.integers(0, 10**6))
def test_referee_notices_any_later_departure(seed: int) -> None:
    problem, solution = random_plan(seed)
    if not solution.routes:
        return
    first: Route = replace(solution.routes[0], departure=solution.routes[0].departure + 1)
    found = referee(problem, replace(solution, routes=(first, *solution.routes[1:])))
    assert {violation.code for violation in found} == {ViolationCode.DEPARTURE}
