"""A capacitated p-median problem as frozen arrays: every row has a load, every site a capacity."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from solver.errors import ArrayFault, InvalidProblem
from solver.location.median_problem import Int64, MedianProblem, make_median_problem

MAX_STATES: Final = 20_000_000
"""Largest rows x (capacity + 1) of the knapsack tables of one site."""


@dataclass(frozen=True, eq=False)
class CapacitatedProblem:
    """Open ``p`` sites and give every row to one of them within its capacity.

    Parameters
    ----------
    median
        Costs, ``p`` and fixed sites.
    load
        Shape (n,), int64, ``>= 0``.
    capacity
        Shape (m,), int64, ``>= 0``.

    Raises
    ------
    InvalidProblem
        With every fault at once; also if capacities are so large, compared to the common divisor
        of the loads, that the knapsack tables would not fit.
    """

    median: MedianProblem
    load: Int64
    capacity: Int64

    def __post_init__(self) -> None:
        faults = _check(self)
        if faults:
            raise InvalidProblem(tuple(faults))

    @property
    def cost(self) -> Int64:
        """Cost of serving the row from the site, shape (n, m)."""
        return self.median.cost

    @cached_property
    def divisor(self) -> int:
        """Greatest common divisor of the loads; capacities are rounded down to it."""
        return max(1, int(np.gcd.reduce(self.load)))

    def get_objective(self, assignment: Int64) -> int:
        """Return what an assignment of rows to sites costs."""
        return int(self.cost[np.arange(len(assignment)), assignment].sum())

    def may_fit(self) -> bool:
        """Whether the ``p`` largest capacities hold the whole load; necessary for an answer."""
        fixed = self.median.fixed
        must = self.capacity[fixed == 1]
        free = np.sort(self.capacity[fixed == 0])[::-1]
        room = int(must.sum()) + int(free[: self.median.p - len(must)].sum())
        largest = int(self.capacity[fixed >= 0].max())
        return int(self.load.sum()) <= room and int(self.load.max()) <= largest


def make_capacitated_problem(
    cost: Int64, p: int, load: Int64, capacity: Int64
) -> CapacitatedProblem:
    """Return a ``CapacitatedProblem`` whose sites are all free.

    Raises
    ------
    InvalidProblem
        With every fault at once.
    """
    return CapacitatedProblem(make_median_problem(cost, p), load, capacity)


def _check(problem: CapacitatedProblem) -> list[ArrayFault]:
    faults: list[ArrayFault] = []
    sizes = {"load": problem.median.rows, "capacity": problem.median.sites}
    for name, size in sizes.items():
        values: Int64 = getattr(problem, name)
        if values.dtype != np.int64 or values.shape != (size,):
            found = f"{values.dtype}{values.shape}"
            faults.append(ArrayFault(name, found, f"int64 of shape ({size},)"))
        elif (values < 0).any():
            at = int(np.flatnonzero(values < 0)[0])
            faults.append(ArrayFault(f"{name}[{at}]", str(values[at]), ">= 0"))
    if faults:
        return faults
    if int(problem.load.sum()) > 2**62:
        return [ArrayFault("load", "sum beyond 2**62", "a smaller sum")]
    states = problem.median.rows * (int(problem.capacity.max()) // problem.divisor + 1)
    if states > MAX_STATES:
        faults.append(
            ArrayFault("capacity", f"{states} states", f"rows x capacity <= {MAX_STATES}; scale it")
        )
    return faults
