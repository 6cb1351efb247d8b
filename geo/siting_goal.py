"""What a proposal is made for: most demand covered, the worst district, or most demand served."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from solver.location.problem import NO_GROUP, CoverProblem
from solver.location.targets import PER_MILLION, get_group_cover
from solver.status import SolveStatus

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]

GoalKind = Literal["covered", "worst", "served"]


@dataclass(frozen=True, eq=False)
class SitingGoal:
    """What counts beyond the rules.

    Parameters
    ----------
    kind
        ``covered``: most demand within reach; ``worst``: first the share of the group that is
        worst off, then most demand; ``served``: most demand within reach and capacity.
    group
        Shape (n,), group (zone, district) of each demand point, -1 for none; None without groups.
    names
        Of the groups.
    target
        Shape (g,), demand that must be covered in each group; 0 asks for nothing.
    outlet_capacity, candidate_capacity
        Demand each outlet and each given candidate serves; None = without limit.
    new_capacity
        The same of a generated candidate.
    """

    kind: GoalKind = "covered"
    group: Int32 | None = None
    names: tuple[str, ...] = ()
    target: Int64 | None = None
    outlet_capacity: Sequence[int | None] = ()
    candidate_capacity: Sequence[int | None] = ()
    new_capacity: int | None = None

    def get_capacity(self, given: NDArray[np.int32], outlets: int, total: int) -> Int64:
        """Return the capacity of every site, shape (m,); without limit it is all demand.

        Parameters
        ----------
        given
            Shape (m,), index among the given candidates, -1 for outlets and generated ones.
        outlets
            The first so many sites are outlets of today.
        total
            All demand.
        """
        known: list[int | None] = list(self.outlet_capacity)
        known += [
            self.candidate_capacity[at] if at >= 0 else self.new_capacity
            for at in given[outlets:].tolist()
        ]
        return np.array([total if c is None else c for c in known], dtype=np.int64)


PLAIN = SitingGoal()


@dataclass(frozen=True, slots=True)
class GoalMark:
    """How far a plan gets towards a goal that is not plain cover.

    Attributes
    ----------
    value
        Share of the worst group in millionths, or demand served.
    bound
        No plan within the same rules has more; proven.
    status
        ``OPTIMAL`` only with the proof.
    """

    value: int
    bound: int
    status: SolveStatus


def get_worst_share(problem: CoverProblem, sites: tuple[int, ...]) -> int:
    """Return the covered share of the worst group in millionths, rounded down.

    Groups without demand do not count; without any other the share is 1.
    """
    inside = problem.group != NO_GROUP
    weight = np.bincount(
        problem.group[inside], weights=problem.weight[inside], minlength=problem.groups
    ).astype(np.int64)
    opened = np.zeros(problem.sites, dtype=np.bool_)
    opened[list(sites)] = True
    cover = get_group_cover(problem, opened)
    counted = np.flatnonzero(weight > 0)
    shares = [PER_MILLION * int(cover[g]) // int(weight[g]) for g in counted.tolist()]
    return min(shares, default=PER_MILLION)
