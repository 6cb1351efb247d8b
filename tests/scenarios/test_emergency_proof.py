"""A proof that no plan serves everybody in time: by hand, and never against a plan there is."""

from __future__ import annotations

import random

import pytest

from scenarios.bench.emergency_proof import is_impossible
from solver.routing.problem import RoutingProblem
from solver.routing.solve import solve
from solver.stop import MaxIterations
from tests.line_plans import TRAVEL, hard, only
from tests.problems import K, P, make_problem


def at_100(
    visits: int, who: dict[int, tuple[int, ...]], served: dict[int, int] | None = None
) -> RoutingProblem:
    """Everybody has to be at work at 100 s, for 600 s, 100 s from the start of two vehicles."""
    pools = [] if served is None else [P(9, served)]
    return make_problem(
        [hard(1, 100, 100) for _ in range(visits)],
        [K(0, 0)] * 2,
        TRAVEL,
        assignment=only(who, 2),
        pools=pools,
    )


def test_more_visits_at_once_than_vehicles_in_time_are_impossible() -> None:
    assert is_impossible(at_100(3, {}), range(3))
    assert not is_impossible(at_100(2, {}), range(2))
    assert not is_impossible(at_100(3, {}), (0, 2))
    # Both are for vehicle 0 alone.
    assert is_impossible(at_100(2, {0: (0,), 1: (0,)}), range(2))


def test_who_may_go_to_a_pool_is_in_nobodys_way() -> None:
    assert not is_impossible(at_100(3, {}, {1: 50}), range(3))


def test_who_is_too_far_away_is_not_in_time() -> None:
    # Place 4 is 1000 s away from the start, and the visit is due at 900 s.
    problem = make_problem([hard(4, 0, 900, service=1000)], [K(0, 0)], TRAVEL)
    assert is_impossible(problem, range(1))


def test_nothing_is_proved_of_visits_that_one_vehicle_can_serve_in_turn() -> None:
    # 100 s there, 600 s of work each: the second begins at 700 s.
    visits = [hard(1, 100, 700), hard(1, 100, 700)]
    assert not is_impossible(make_problem(visits, [K(0, 0)], TRAVEL), range(2))


@pytest.mark.core
def test_no_plan_that_there_is_is_called_impossible() -> None:
    full = proved = 0
    for seed in range(40):
        draw = random.Random(seed)  # noqa: S311 - a repeatable sample, no secret
        visits = [
            hard(draw.randrange(1, 4), 0, draw.randrange(100, 900), penalty=10**7) for _ in range(4)
        ]
        problem = make_problem(visits, [K(0, 0)] * 3, TRAVEL)
        found = solve(problem, stop=MaxIterations(300), seed=1)
        impossible = is_impossible(problem, range(4))
        assert found.unassigned or not impossible
        full += not found.unassigned
        proved += impossible
    assert full
    assert proved
