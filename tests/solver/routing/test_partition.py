"""The cheapest plan made of known routes, against trying all of them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations

import numpy as np

from solver.routing.partition import (
    Choice,
    KnownRoute,
    Outside,
    Partitioner,
    PartitionProblem,
    price,
)

NOTHING = Choice((), ())


def make(
    routes: list[KnownRoute],
    penalty: list[int],
    *,
    outside: list[Outside] | None = None,
    vehicles: list[int] | None = None,
    rooms: list[int] | None = None,
    stocks: list[int] | None = None,
    incumbent: Choice = NOTHING,
) -> PartitionProblem:
    return PartitionProblem(
        routes=routes,
        outside=outside or [],
        penalty=np.array(penalty, dtype=np.int64),
        vehicles=vehicles or [1],
        rooms=rooms or [],
        stocks=stocks or [],
        incumbent=incumbent,
    )


def random_partition(seed: int) -> PartitionProblem:
    """Seven visits, nine routes of two kinds of vehicle, one pool, one stock."""
    draw = random.Random(seed)  # noqa: S311 - reproducible problems, no secrets
    routes = [
        KnownRoute(
            kind=draw.randrange(2),
            cost=draw.randint(1, 60),
            visits=draw.sample(range(7), draw.randint(1, 4)),
            uses=[(0, draw.randint(1, 2))] if draw.random() < 0.4 else [],
        )
        for _ in range(9)
    ]
    outside = [
        Outside(v, 0, draw.randint(1, 40), [(1, 1)] if draw.random() < 0.5 else [])
        for v in draw.sample(range(7), 3)
    ]
    penalty = [draw.randint(5, 50) for _ in range(7)]
    return make(
        routes, penalty, outside=outside, vehicles=[2, 1], rooms=[2], stocks=[draw.randint(0, 3), 1]
    )


def find_optimum(problem: PartitionProblem) -> int:
    return min(price(problem, choice) for choice in choices(problem) if keeps(problem, choice))


def choices(problem: PartitionProblem) -> Iterator[Choice]:
    ways_out = [c for n in range(3) for c in combinations(range(len(problem.outside)), n)]
    for n in range(len(problem.routes) + 1):
        for routes in combinations(range(len(problem.routes)), n):
            for outside in ways_out:
                yield Choice(routes, outside)


def keeps(problem: PartitionProblem, choice: Choice) -> bool:
    routes = [problem.routes[r] for r in choice.routes]
    outside = [problem.outside[o] for o in choice.outside]
    served = [v for route in routes for v in route.visits] + [each.visit for each in outside]
    kinds = [route.kind for route in routes]
    used = [use for r in routes for use in r.uses] + [use for o in outside for use in o.uses]
    return (
        len(served) == len(set(served))
        and all(kinds.count(kind) <= most for kind, most in enumerate(problem.vehicles))
        and len(outside) <= problem.rooms[0]
        and all(
            sum(units for stock, units in used if stock == each) <= most
            for each, most in enumerate(problem.stocks)
        )
    )


def test_cheapest_plan_is_the_best_of_all_choices() -> None:
    for seed in range(25):
        problem = random_partition(seed)
        found = Partitioner(problem).solve() or NOTHING
        assert keeps(problem, found), seed
        assert price(problem, found) == find_optimum(problem), seed


def test_nothing_is_found_where_the_incumbent_is_the_best() -> None:
    routes = [KnownRoute(0, 10, (0, 1)), KnownRoute(0, 6, (0,)), KnownRoute(0, 6, (1,))]
    problem = make(routes, [100, 100], vehicles=[2], incumbent=Choice((0,), ()))
    assert Partitioner(problem).solve() is None


def test_a_visit_stays_unserved_where_that_is_cheaper() -> None:
    # Both together cost 50; the second alone is worth 20 and costs 45.
    routes = [KnownRoute(0, 50, (0, 1)), KnownRoute(0, 10, (0,)), KnownRoute(0, 45, (1,))]
    found = Partitioner(make(routes, [100, 20], vehicles=[2])).solve()
    assert found == Choice([1], [])


def test_stock_is_not_given_out_twice() -> None:
    routes = [KnownRoute(0, 1, (0,), [(0, 2)]), KnownRoute(0, 1, (1,), [(0, 2)])]
    found = Partitioner(make(routes, [10, 30], vehicles=[2], stocks=[3])).solve()
    assert found == Choice([1], [])


def test_the_same_routes_give_the_same_plan() -> None:
    problem = random_partition(3)
    assert Partitioner(problem).solve() == Partitioner(problem).solve()


def test_a_solve_that_was_stopped_finds_nothing() -> None:
    partitioner = Partitioner(make([KnownRoute(0, 1, (0,))], [10]))
    partitioner.stop()
    assert partitioner.solve() is None
