"""Plans of short days along a line, written down visit by visit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from solver.routing.problem import FORBIDDEN, RoutingProblem
from solver.routing.solution import RoutingSolution, Step, StepKind
from tests.problems import V, line
from tests.ways import plan_of

# One second is one meter on the line; work costs 1 a second, meters nothing; services last 600 s.
TRAVEL = [line((0, 100, 200, 300, 1000))]
"""Places 0 (everybody's start and end) to 4."""


def step(index: int) -> Step:
    return Step(StepKind.VISIT, index, index)


def hard(at: int, earliest: int, latest: int, **more: Any) -> V:
    """A visit that must not be late."""
    return V(at=at, windows=((earliest, latest, latest),), **more)


def plan(problem: RoutingProblem, *routes: tuple[int, ...]) -> RoutingSolution:
    """Vehicle k makes the visits of the k-th tuple; visit v has window v."""
    return plan_of(problem, {k: [step(v) for v in own] for k, own in enumerate(routes) if own})


def only(visits: Mapping[int, tuple[int, ...]], vehicles: int) -> dict[tuple[int, int], int]:
    """Return who may not take which visit, of those that are named."""
    return {
        (visit, k): FORBIDDEN
        for visit, allowed in visits.items()
        for k in range(vehicles)
        if k not in allowed
    }
