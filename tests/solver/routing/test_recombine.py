"""Routes of several good plans, put together anew while the engine waits."""

from __future__ import annotations

from dataclasses import replace
from threading import Event
from typing import Any

import numpy as np
import pytest

from solver.routing import recombine as module
from solver.routing.core import copy_problem, load_engine
from solver.routing.features import UNLIMITED, ScheduleRules
from solver.routing.partition import Choice, Partitioner, PartitionProblem, price
from solver.routing.problem import RoutingProblem
from solver.routing.progress import Progress
from solver.routing.recombine import read_routes, recombine
from solver.routing.referee import referee
from solver.routing.solution import RoutingSolution
from solver.routing.solve import solve
from solver.status import StoppedBy
from solver.stop import MaxIterations
from solver.stop import Stop as Limit
from tests.feature_brute_force import feature_brute_force
from tests.feature_builders import add, make_links, make_parts
from tests.feature_problems import random_feature_problem
from tests.problems import K, P, V, line, make_problem

pytestmark = pytest.mark.core

VISITS = 40
TECHNICIANS = 8
ITERATIONS = 12_500
"""Routes are put together after 5 000 iterations and after 10 000."""


def town(*, stock: int = UNLIMITED, seed: int = 1) -> RoutingProblem:
    """Everybody starts at home; a third of the visits needs a part; outlets have ``stock`` more."""
    rng = np.random.default_rng(seed)
    places = rng.integers(0, 3_000, size=(VISITS + TECHNICIANS + 1, 2))
    meters = np.abs(places[:, None, :] - places[None, :, :]).sum(axis=2).astype(np.int32)
    begins = rng.integers(0, 20_000, size=VISITS)
    visits = [
        V(at=v, windows=((int(begin), int(begin) + 9000, int(begin) + 9000),), penalty=30_000)
        for v, begin in enumerate(begins)
    ]
    homes = range(VISITS, VISITS + TECHNICIANS)
    banned = {(v, k): -1 for v in range(0, VISITS, 3) for k in range(0, TECHNICIANS, 2)}
    problem = make_problem(
        visits,
        [K(start=home, end=home) for home in homes],
        [(meters, meters)],
        assignment=banned,
        pools=[P(3, dict.fromkeys(range(0, VISITS, 4), 2_500))],
    )
    parts = make_parts(
        [{0: 1} if v % 3 == 0 else {} for v in range(VISITS)],
        used_up=[1],
        vans=[[1]] * TECHNICIANS,
        vehicle_van=range(TECHNICIANS),
        points=[(VISITS + TECHNICIANS, 0, 36_000, 300, 0)],
        stock=[[stock]],
        pools=[[2]],
    )
    return add(problem, parts=parts, rules=ScheduleRules(leaves_for_end=True))


def waiting_engine(problem: RoutingProblem, threads: int = 1) -> Any:
    engine = load_engine().Engine(
        copy_problem(problem),
        seed=1, threads=threads, max_iterations=ITERATIONS, max_idle=-1, max_runtime_s=-1.0,
    )  # fmt: skip
    engine.collect_routes()
    while not engine.is_due:
        assert engine.run(1.0) == 0
    return engine


def plan_of(solution: RoutingSolution) -> object:
    return solution.routes, solution.pools, solution.unassigned, solution.cost


@pytest.mark.parametrize("stock", [UNLIMITED, 3])
@pytest.mark.parametrize("threads", [1, 2])
def test_engine_goes_on_from_the_chosen_routes_at_their_price(stock: int, threads: int) -> None:
    problem = town(stock=stock)
    engine = waiting_engine(problem, threads)
    known = read_routes(engine, problem)
    before = engine.cost
    assert price(known, known.incumbent) <= before  # a set may be known in a cheaper order
    best = Partitioner(replace(known, incumbent=Choice((), ()))).solve()
    assert best is not None
    better = recombine(engine, problem, may_go_on=lambda: True, max_runtime_s=None)
    assert better == (price(known, best) < price(known, known.incumbent))
    assert not engine.is_due
    assert engine.cost == min(before, price(known, best))


def test_plans_keep_all_rules_and_repeat() -> None:
    problem = town(stock=3)
    for threads in (1, 2):
        first, second = (
            solve(problem, stop=MaxIterations(ITERATIONS), seed=4, threads=threads)
            for _ in range(2)
        )
        assert referee(problem, first) == ()
        assert first.recombined is not None
        assert plan_of(first) == plan_of(second)
        assert first.recombined == second.recombined


def test_small_problems_are_solved_to_the_optimum() -> None:
    for seed in range(6):
        problem = random_feature_problem(seed, features=["parts"])
        found = solve(problem, stop=MaxIterations(ITERATIONS), seed=1, engine="core")
        assert referee(problem, found) == (), seed
        assert found.cost == feature_brute_force(problem), seed


WHOLE_DAY = Limit(max_iterations=ITERATIONS, max_runtime_s=10_000)
"""A clock is there, which never ends anything."""


def test_small_days_do_without_parts() -> None:
    problem = replace(town(), parts=None)
    found = solve(problem, stop=WHOLE_DAY, seed=1)
    assert referee(problem, found) == ()
    assert found.recombined is not None


@pytest.mark.parametrize(("visits", "recombined"), [(75, 0), (76, None)])
def test_larger_days_without_parts_keep_no_routes(visits: int, recombined: int | None) -> None:
    problem = make_problem([V(1)] * visits, [K(), K()], [line([0, 500])])
    limit = replace(WHOLE_DAY, max_iterations=10)
    assert solve(problem, stop=limit, seed=1).recombined == recombined


def test_small_days_without_parts_that_may_be_late_keep_no_routes() -> None:
    problem = make_problem([V(1, windows=[(0, 600, 1200)])], [K()], [line([0, 500])])
    limit = replace(WHOLE_DAY, max_iterations=10)
    assert solve(problem, stop=limit, seed=1).recombined is None


def test_small_days_without_parts_want_a_clock() -> None:
    found = solve(replace(town(), parts=None), stop=MaxIterations(10), seed=1)
    assert found.recombined is None


def test_routes_that_depend_on_each_other_are_left_alone() -> None:
    # Visits 1 and 2 may not go to the pool, as linked visits must not.
    links = make_links([{"first": 1, "second": 2, "most": 600}], range(TECHNICIANS))
    found = solve(add(town(), links=links), stop=MaxIterations(ITERATIONS), seed=1)
    assert found.recombined is None


def test_a_van_shared_by_two_shifts_is_left_alone() -> None:
    problem = town()
    assert problem.parts is not None
    vans = np.array([0, 0, *range(1, TECHNICIANS - 1)], dtype=np.int32)
    shared = replace(problem, parts=replace(problem.parts, vehicle_van=vans))
    assert solve(shared, stop=MaxIterations(ITERATIONS), seed=1).recombined is None


class Endless:
    """A program that works until it is stopped."""

    def __init__(self, problem: PartitionProblem, max_runtime_s: float | None) -> None:
        self.stopped = Event()

    def solve(self) -> Choice | None:
        assert self.stopped.wait(60)
        return None

    def stop(self) -> None:
        self.stopped.set()


def test_a_caller_who_wants_no_more_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "Partitioner", Endless)
    problem = town()
    engine = waiting_engine(problem)
    asked = iter([True, True, False])
    assert not recombine(engine, problem, may_go_on=lambda: next(asked), max_runtime_s=None)
    assert not engine.is_due


def test_canceling_while_it_works_ends_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "Partitioner", Endless)

    def until_due(progress: Progress) -> bool:
        return progress.iteration < ITERATIONS * 0.4

    found = solve(town(), stop=MaxIterations(ITERATIONS), seed=1, on_progress=until_due)
    assert found.stopped_by is StoppedBy.CALLER
    assert referee(town(), found) == ()


def test_what_goes_wrong_in_the_program_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(Endless):
        def solve(self) -> Choice | None:
            raise ZeroDivisionError

    monkeypatch.setattr(module, "Partitioner", Broken)
    with pytest.raises(ZeroDivisionError):
        solve(town(), stop=MaxIterations(ITERATIONS), seed=1)
