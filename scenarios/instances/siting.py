"""What the siting instances have in common: who is how far from where, and how much it counts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from scenarios.errors import UnknownInstance

if TYPE_CHECKING:
    from solver.location.problem import CoverProblem

Int64 = NDArray[np.int64]
Float64 = NDArray[np.float64]

EXACT_SUM: Final = 2**52
FINEST_UNIT: Final = 100_000


@dataclass(frozen=True, eq=False)
class SitingInstance:
    """Rows (demand), sites and the distances between them.

    Parameters
    ----------
    name
        File name without its ending.
    distance
        Shape (n, m), float64: from row to site, in the unit of the file.
    weight
        Shape (n,), int64: how much a row counts; also its load where there are capacities.
    sites
        Name of each site.
    p
        Sites to open as the file says; None where it does not.
    capacity
        Load a site can serve; None without limits.
    best_known
        Published value inside the file; None without.
    """

    name: str
    distance: Float64
    weight: Int64
    sites: tuple[str, ...]
    p: int | None = None
    capacity: int | None = None
    best_known: float | None = None

    @cached_property
    def unit(self) -> int:
        """Whole cost units per weight times distance: 1 where all distances are whole numbers.

        Otherwise the largest power of ten up to 100 000 that keeps sums exact; every entry of
        ``cost`` is then off by at most half a unit, the objective by ``n / (2 * unit)``.
        """
        if bool((self.distance == np.rint(self.distance)).all()):
            return 1
        widest = float((self.distance.max(axis=1) * self.weight).sum())
        unit = FINEST_UNIT
        while unit > 1 and widest * unit > EXACT_SUM:
            unit //= 10
        return unit

    @cached_property
    def cost(self) -> Int64:
        """Weight times distance in whole cost units, shape (n, m)."""
        exact: Float64 = self.distance * self.weight[:, None] * float(self.unit)
        return np.rint(exact).astype(np.int64)

    def get_rank(self) -> tuple[Int64, Float64]:
        """Return each distance's rank among the distinct ones, and the distinct distances."""
        values, rank = np.unique(self.distance, return_inverse=True)
        return rank.reshape(self.distance.shape).astype(np.int64), values

    def get_covered(self, radius: float) -> NDArray[np.bool_]:
        """Return whether a row lies within ``radius`` of a site, both ends included."""
        return self.distance <= radius

    def make_cover(self, radius: float) -> CoverProblem:
        """Return the covering problem of a radius; every site costs 1."""
        from solver.location.problem import make_cover_problem

        covered = self.get_covered(radius)
        offset = np.concatenate([[0], np.cumsum(covered.sum(axis=1))]).astype(np.int64)
        index = np.nonzero(covered)[1].astype(np.int32)
        return make_cover_problem(self.weight, offset, index, sites=len(self.sites))

    def get_p(self, asked: int | None) -> int:
        """Return the number of sites asked for, else that of the file.

        Raises
        ------
        UnknownInstance
            If neither says one, or it is out of range.
        """
        p = asked if asked is not None else self.p
        if p is None or not 1 <= p <= len(self.sites):
            raise UnknownInstance(
                f"{self.name}: p is {p}; expected 1 to {len(self.sites)} (--p, or in the file)."
            )
        return p


@dataclass(frozen=True, eq=False)
class SetCoverInstance:
    """Columns with costs that cover rows (Beasley).

    Parameters
    ----------
    name
        File name without its endings.
    problem
        Rows of weight 1, one site per column.
    """

    name: str
    problem: CoverProblem
