"""Every way to give one visit to every vehicle, priced exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from solver.errors import InvalidParameter
from solver.routing.core import copy_problem, load_engine, plain_decision
from solver.routing.problem import RoutingProblem
from solver.routing.solution import BlockCode, RoutingSolution

_BLOCKS = (
    BlockCode.NONE,
    BlockCode.FORBIDDEN,
    BlockCode.UNREACHABLE,
    BlockCode.CAPACITY,
    BlockCode.WINDOW,
    BlockCode.BREAK,
    BlockCode.SHIFT,
    BlockCode.PART,
    BlockCode.LIMIT,
    BlockCode.LINK,
)


@dataclass(frozen=True, slots=True)
class InsertionOption:
    """What it takes to give a visit to a vehicle as the plan stands.

    Attributes
    ----------
    vehicle
        Vehicle index.
    cost
        What the plan would cost more, cost units; None if it is not possible.
    code
        The first rule in the way of the nearest attempt; ``NONE`` if it is possible.
    excess_s
        By how many seconds (or units of load) that attempt misses the rule.
    position
        How many visits of the route come before it.
    window
        The window it would keep.
    """

    vehicle: int
    cost: int | None
    code: BlockCode
    excess_s: int
    position: int
    window: int


class InsertionRanker:
    """Ranks insertions into one plan; keeps the compiled copy of the problem between calls.

    Parameters
    ----------
    problem
        The problem.
    solution
        The plan as it stands. A visit it already serves is taken out before it is ranked.

    Raises
    ------
    SolverUnavailable
        If the compiled core was not built for this platform.
    """

    def __init__(self, problem: RoutingProblem, solution: RoutingSolution) -> None:
        self._module = load_engine()
        self._core: Any = copy_problem(problem)
        self._n_visits = problem.n_visits
        routes = {r.vehicle: [s.step for s in r.stops] for r in solution.routes}
        self._steps, self._pool_of = plain_decision(problem, routes, solution.pools)

    def rank(self, visit: int) -> tuple[InsertionOption, ...]:
        """Return one option per vehicle, by vehicle index; breaks are placed anew for each.

        Raises
        ------
        InvalidParameter
            If there is no such visit.
        """
        if not 0 <= visit < self._n_visits:
            raise InvalidParameter(f"visit is {visit}; expected 0 <= visit < {self._n_visits}.")
        ranked = self._module.rank_insertions(self._core, self._steps, self._pool_of, visit)
        return tuple(
            InsertionOption(
                vehicle, None if cost < 0 and block else cost, _BLOCKS[block], excess, position, w
            )
            for vehicle, cost, block, excess, position, w in ranked
        )


def rank_insertions(
    problem: RoutingProblem, solution: RoutingSolution, visit: int
) -> tuple[InsertionOption, ...]:
    """Rank the insertions of one visit; ``InsertionRanker`` for many."""
    return InsertionRanker(problem, solution).rank(visit)
