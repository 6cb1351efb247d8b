"""How much a visit that must not be left out weighs in the search: as much as 64 bits allow."""

from __future__ import annotations

from collections.abc import Callable

from dispatch.planning.objective import MANDATORY_WEIGHT
from solver.errors import InvalidProblem
from solver.routing.cost_bound import MAX_TOTAL_COST, bound_total_cost
from solver.routing.problem import RoutingProblem


def make_weighed(
    make: Callable[[int], RoutingProblem], weighed_units: int
) -> tuple[int, RoutingProblem]:
    """Return the largest weight up to ``MANDATORY_WEIGHT`` that fits, and its problem.

    The weight follows from the day alone, so the same day is always weighed alike.

    Parameters
    ----------
    make
        Makes the problem with a weight.
    weighed_units
        Cost units of leaving every weighed visit out, each counted once.

    Raises
    ------
    InvalidProblem
        If the costs leave 64 bits even with weight 1, or the problem is broken otherwise.
    """
    try:
        return MANDATORY_WEIGHT, make(MANDATORY_WEIGHT)
    except InvalidProblem as error:
        if not is_cost_fault(error):
            raise
    # Each further weight adds at most weighed_units to the bound of the problem with weight 1.
    room = MAX_TOTAL_COST - 1 - bound_total_cost(make(1))
    weight = min(MANDATORY_WEIGHT, 1 + room // max(1, weighed_units))
    return weight, make(weight)


def is_cost_fault(error: InvalidProblem) -> bool:
    """Return whether all that is wrong is that costs could leave 64 bits."""
    return all(fault.where == "cost" for fault in error.faults)
