"""The engine on small problems with all features, held against their optimum."""

from __future__ import annotations

from collections.abc import Callable, Collection

from solver.routing.problem import RoutingProblem
from solver.routing.referee import referee
from solver.routing.solve import solve
from solver.stop import MaxIterations
from tests.feature_brute_force import feature_brute_force


def find_missed(
    seeds: Collection[int], make: Callable[[int], RoutingProblem], iterations: int
) -> dict[int, tuple[int, int]]:
    """Return (cost of the engine, optimum) where they differ; every plan passes the referee."""
    missed: dict[int, tuple[int, int]] = {}
    for seed in seeds:
        problem = make(seed)
        found = solve(problem, stop=MaxIterations(iterations), seed=1, engine="core")
        assert referee(problem, found) == (), f"seed {seed}"
        optimum = feature_brute_force(problem)
        assert found.cost >= optimum, f"seed {seed}: the search for the optimum missed a plan"
        if found.cost > optimum:
            missed[seed] = found.cost, optimum
    return missed
