"""A p-median problem as frozen arrays, and the answer with its proof tree.

``n`` rows (demand), ``m`` sites; ``p`` sites are opened and every row is served by the cheapest
open one. Costs are integers: weight times distance, in units of the caller. Covering with exactly
``p`` sites is the same problem with the cost of a row 0 where a site covers it and its weight
elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solver.errors import ArrayFault, InvalidProblem
from solver.location.answer import LocationAnswer

Int8 = NDArray[np.int8]
Int64 = NDArray[np.int64]
Float64 = NDArray[np.float64]

MAX_SUM: Final = 2**53
"""Largest sum of the greatest cost of each row: double arithmetic stays exact for integers."""

MAX_ENTRIES: Final = 50_000_000
"""Largest number of entries of the dense cost table (400 MB)."""


@dataclass(frozen=True, eq=False)
class MedianProblem:
    """Rows, sites and how many of them to open.

    Parameters
    ----------
    cost
        Shape (n, m), int64, ``>= 0``: cost of serving the row from the site. Where a site cannot
        serve a row, the caller puts the price of leaving the row unserved.
    p
        Sites to open, ``1 <= p <= m``.
    fixed
        Shape (m,), int8: 1 must be open, -1 must be closed, 0 free.

    Raises
    ------
    InvalidProblem
        With every fault at once.
    """

    cost: Int64
    p: int
    fixed: Int8

    def __post_init__(self) -> None:
        faults = _check(self)
        if faults:
            raise InvalidProblem(tuple(faults))

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self.cost.shape[0])

    @property
    def sites(self) -> int:
        """Number of sites."""
        return int(self.cost.shape[1])

    def get_objective(self, sites: Int64 | tuple[int, ...]) -> int:
        """Return what serving every row from its cheapest open site costs."""
        return int(self.cost[:, np.asarray(sites, dtype=np.int64)].min(axis=1).sum())

    def get_assignment(self, sites: Int64 | tuple[int, ...]) -> tuple[int, ...]:
        """Return the cheapest open site of each row; the lowest index among equals."""
        opened = np.unique(np.asarray(sites, dtype=np.int64))
        return tuple(int(j) for j in opened[self.cost[:, opened].argmin(axis=1)])


def make_median_problem(cost: Int64, p: int, fixed: Int8 | None = None) -> MedianProblem:
    """Return a ``MedianProblem``; without ``fixed`` every site is free.

    Raises
    ------
    InvalidProblem
        With every fault at once.
    """
    sites = cost.shape[1] if cost.ndim == 2 else 0
    return MedianProblem(cost, p, np.zeros(sites, dtype=np.int8) if fixed is None else fixed)


def _check(problem: MedianProblem) -> list[ArrayFault]:
    cost, fixed, p = problem.cost, problem.fixed, problem.p
    if cost.dtype != np.int64 or cost.ndim != 2 or cost.size == 0:
        return [ArrayFault("cost", f"{cost.dtype}{cost.shape}", "int64 of shape (n, m), not empty")]
    if cost.size > MAX_ENTRIES:
        return [ArrayFault("cost", f"{cost.size} entries", f"at most {MAX_ENTRIES}")]
    faults: list[ArrayFault] = []
    if int(cost.min()) < 0:
        row, site = (int(k) for k in np.argwhere(cost < 0)[0])
        faults.append(ArrayFault(f"cost[{row}, {site}]", str(cost[row, site]), ">= 0"))
    total = float(cost.max(axis=1).sum(dtype=np.float64))
    if total > MAX_SUM:
        faults.append(ArrayFault("cost", f"row maxima add up to {total:.0f}", f"<= {MAX_SUM}"))
    if not 1 <= p <= problem.sites:
        faults.append(ArrayFault("p", str(p), f"1 to {problem.sites}"))
    if fixed.dtype != np.int8 or fixed.shape != (problem.sites,):
        found = f"{fixed.dtype}{fixed.shape}"
        return [*faults, ArrayFault("fixed", found, f"int8 of shape ({problem.sites},)")]
    if not np.isin(fixed, (-1, 0, 1)).all():
        faults.append(ArrayFault("fixed", "another value", "-1, 0 or 1"))
    must, may = int((fixed == 1).sum()), int((fixed >= 0).sum())
    if not must <= p <= may:
        faults.append(ArrayFault("fixed", f"{must} must and {may} may be open", f"room for p={p}"))
    return faults


@dataclass(frozen=True, eq=False, slots=True)
class ProofNode:
    """One node of a proof by cases.

    The sets of sites a node speaks about are those of its parent plus the parent's fixings plus the
    case the node stands for.

    Attributes
    ----------
    multiplier
        Shape (n,), int64, over the tree's ``scale``: prices of the rows. They give a Lagrangian
        bound of the node, and the bounds with one more site open or closed that justify fixings.
    closed, opened
        Sites that no answer of this node cheaper than the tree's ``cutoff`` has open, or closed.
    branch
        Site whose two cases are the children ``opened_child`` and ``closed_child`` (indices in the
        tree); -1 where the node's own bound is all there is.
    """

    multiplier: Int64
    closed: tuple[int, ...] = ()
    opened: tuple[int, ...] = ()
    branch: int = -1
    opened_child: int = -1
    closed_child: int = -1


@dataclass(frozen=True, eq=False, slots=True)
class ProofTree:
    """Why no answer is cheaper than the bound: checkable by addition alone.

    Attributes
    ----------
    cutoff
        Objective of the answer; fixings only speak about answers cheaper than it.
    scale
        Multipliers are integers over this power of two.
    nodes
        The root is node 0.
    """

    cutoff: int
    scale: int
    nodes: tuple[ProofNode, ...]


@dataclass(frozen=True, slots=True)
class MedianAnswer(LocationAnswer):
    """An answer whose bound can be recomputed from ``tree``.

    Attributes
    ----------
    assignment
        Site of each row.
    tree
        The proof; None where the bound is trivial or rests on a solver.
    solver_name
        Name and version of the solver the bound rests on; empty where the tree alone proves it.
    """

    assignment: tuple[int, ...] = ()
    tree: ProofTree | None = None
    solver_name: str = ""
