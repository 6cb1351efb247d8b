"""Capacitated covering: a site covers what lies within reach, and serves only so much of it.

Demand is counted in whole units (visits, people) and a row may be served by several sites, each
unit by one: with whole capacities the best division is whole as well, since it is a flow. So rows
with the same cover set merge as in plain covering, which would be wrong if every row had to stay
in one piece (Current & Storbeck 1988 state both forms).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from solver.errors import ArrayFault, InvalidProblem
from solver.location.aggregate import Aggregate, aggregate_rows
from solver.location.answer import LocationAnswer
from solver.location.problem import CoverProblem
from solver.location.validation import MAX_TOTAL

Int64 = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ServedProblem:
    """A covering problem whose sites have capacities.

    Parameters
    ----------
    cover
        Rows, reach, money, conflicts. Weights are loads. Second cover and groups have no meaning
        here and must be absent.
    capacity
        Shape (m,), int64, ``>= 0``: units of weight a site can serve.

    Raises
    ------
    InvalidProblem
        With every fault at once.
    """

    cover: CoverProblem
    capacity: Int64

    def __post_init__(self) -> None:
        faults = _check(self)
        if faults:
            raise InvalidProblem(tuple(faults))

    @cached_property
    def merged(self) -> Aggregate:
        """The problem with rows of equal cover set added up."""
        return aggregate_rows(self.cover)


@dataclass(frozen=True, slots=True)
class ServedAnswer(LocationAnswer):
    """An answer with the division of the demand among the open sites.

    Attributes
    ----------
    row, site, amount
        Equal shapes (k,): ``amount`` units of the row are served by the site; ascending by row.
    """

    row: Int64 | None = None
    site: Int64 | None = None
    amount: Int64 | None = None

    @property
    def served(self) -> int:
        """Units served."""
        return 0 if self.amount is None else int(self.amount.sum())


def _check(problem: ServedProblem) -> list[ArrayFault]:
    cover, capacity = problem.cover, problem.capacity
    if capacity.dtype != np.int64 or capacity.shape != (cover.sites,):
        found = f"{capacity.dtype}{capacity.shape}"
        return [ArrayFault("capacity", found, f"int64 of shape ({cover.sites},)")]
    faults: list[ArrayFault] = []
    wrong = np.flatnonzero((capacity < 0) | (capacity > MAX_TOTAL))
    if wrong.size:
        at = int(wrong[0])
        faults.append(ArrayFault(f"capacity[{at}]", str(capacity[at]), f"0 to {MAX_TOTAL}"))
    if cover.backup_weight.any():
        faults.append(ArrayFault("backup_weight", "second cover", "0 where capacities count"))
    if cover.groups:
        faults.append(ArrayFault("group_target", f"{cover.groups} groups", "none with capacities"))
    return faults
