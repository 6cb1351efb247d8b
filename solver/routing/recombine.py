"""Putting the best routes of several plans together (route pool; Rochat & Taillard 1995).

The engine remembers the routes of good plans with their prices. At fixed shares of its limit it
waits while OR-Tools looks for the cheapest plan made of such routes (``partition``), and goes on
from that. Only where a route costs the same whatever the others do: links between visits, fair
shares, the price of the worst lateness and vans that several shifts use rule it out. Stocks that
routes share are kept by the integer program.

The caller is asked as often as in the search itself, and whatever ends the search ends the program
at once. Under an iteration limit alone no clock is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from solver.routing.features import UNLIMITED
from solver.routing.partition import (
    Choice,
    KnownRoute,
    Outside,
    Partitioner,
    PartitionProblem,
)
from solver.routing.problem import RoutingProblem
from solver.routing.solution import StepKind

SHARE: Final = 0.07
"""Most of a time limit that one integer program may take."""

_POLL_S: Final = 0.02

AskOn = Callable[[], bool]
"""Says whether the search may go on."""


def recombine(
    engine: Any,  # noqa: ANN401 - compiled class
    problem: RoutingProblem,
    *,
    may_go_on: AskOn,
    max_runtime_s: float | None,
) -> bool:
    """Let the engine go on from the best plan made of the routes it has seen.

    Parameters
    ----------
    engine
        The engine, waiting (``is_due``).
    problem
        Its problem.
    may_go_on
        Asked about fifty times a second; once it says no, the engine keeps its own plan.
    max_runtime_s
        Wall-clock limit; None for the limit that is the same on every machine.

    Returns
    -------
    bool
        Whether a better plan was found.
    """
    partitioner_problem = read_routes(engine, problem)
    partitioner = Partitioner(partitioner_problem, max_runtime_s)
    found = _run(engine, partitioner, may_go_on)
    if found is None:
        engine.recombine([], [])
        return False
    engine.recombine(list(found.routes), _pool_of(problem, partitioner_problem, found))
    return True


def _run(engine: Any, partitioner: Partitioner, may_go_on: AskOn) -> Choice | None:  # noqa: ANN401 - compiled class
    with ThreadPoolExecutor(1, thread_name_prefix="recombine") as executor:
        future = executor.submit(partitioner.solve)
        try:
            while not future.done():
                if not may_go_on():
                    return None
                engine.rest(_POLL_S)
            return future.result()
        finally:
            while not future.done():  # what it is about to begin has to be stopped, too
                partitioner.stop()
                engine.rest(_POLL_S)


def read_routes(engine: Any, problem: RoutingProblem) -> PartitionProblem:  # noqa: ANN401 - compiled class
    """Return what the engine has seen as a choice among routes, its best plan as incumbent."""
    kinds = engine.vehicle_types
    routes = [KnownRoute(*each) for each in engine.gather()]
    outside = list(_list_outside(problem))
    steps, pool_of = engine.best()
    # The routes of the best plan come first.
    used = sum(any(kind == StepKind.VISIT for kind, _, _ in route) for route in steps)
    pooled = [o for o, each in enumerate(outside) if pool_of[each.visit] == each.pool]
    parts = problem.parts
    stocks = [] if parts is None else [*parts.stock.ravel(), *parts.pool_stock.ravel()]
    return PartitionProblem(
        routes=routes,
        outside=outside,
        penalty=problem.visit_penalty,
        vehicles=[kinds.count(kind) for kind in range(max(kinds, default=-1) + 1)],
        rooms=problem.pool_capacity.tolist(),
        stocks=[max(0, int(units)) for units in stocks],  # nothing is booked on those without end
        incumbent=Choice(range(used), pooled),
    )


def _list_outside(problem: RoutingProblem) -> Iterator[Outside]:
    n_visits, n_pools = problem.pool_cost.shape
    for visit in range(n_visits):
        for pool in range(n_pools):
            cost = int(problem.pool_cost[visit, pool])
            if cost >= 0:
                yield Outside(visit, pool, cost, _uses_of(problem, visit, pool))


def _uses_of(problem: RoutingProblem, visit: int, pool: int) -> list[tuple[int, int]]:
    """Return what a visit takes from the stocks of a pool, which stand behind those of outlets."""
    parts = problem.parts
    if parts is None:
        return []
    uses = []
    for need in range(parts.need_offset[visit], parts.need_offset[visit + 1]):
        part = int(parts.need_part[need])
        if parts.pool_stock[pool, part] == UNLIMITED:
            continue
        cell = parts.stock.size + pool * len(parts.is_used_up) + part
        uses.append((cell, int(parts.need_quantity[need])))
    return uses


def _pool_of(problem: RoutingProblem, known: PartitionProblem, found: Choice) -> list[int]:
    pool_of = [-1] * problem.n_visits
    for o in found.outside:
        pool_of[known.outside[o].visit] = known.outside[o].pool
    return pool_of
