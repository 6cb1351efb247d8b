"""The rules about sites, whatever they cover: number, money, changes, fixed sites, conflicts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from solver.errors import InvalidParameter
from solver.location.answer import Unmet, UnmetKind
from solver.location.problem import CoverProblem

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Int64 = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class SiteLimits:
    """Linear rules ``load[s] @ y <= room[s]`` and the sites they speak of.

    Attributes
    ----------
    kinds
        One name per rule: sites, budget or changes.
    load
        Shape (s, m), int64.
    room
        Shape (s,), int64.
    fixed
        Shape (m,), int8 as in ``CoverProblem``.
    conflict
        Shape (c, 2), pairs of which at most one may be open.
    """

    kinds: tuple[UnmetKind, ...]
    load: Int64
    room: Int64
    fixed: NDArray[np.int8]
    conflict: NDArray[np.int32]

    @property
    def sites(self) -> int:
        """Number of sites."""
        return int(self.fixed.shape[0])

    @cached_property
    def count_rule(self) -> int | None:
        """Place of the rule on the number of sites, None without one."""
        return self.kinds.index(UnmetKind.SITES) if UnmetKind.SITES in self.kinds else None

    @cached_property
    def neighbors(self) -> csr_array:
        """Symmetric conflict matrix, shape (m, m), float64 ones."""
        from scipy.sparse import coo_array

        left, right = self.conflict[:, 0], self.conflict[:, 1]
        both = (np.concatenate([left, right]), np.concatenate([right, left]))
        ones = np.ones(both[0].shape[0])
        matrix = coo_array((ones, both), shape=(self.sites, self.sites)).tocsr()
        matrix.data[:] = 1.0
        return matrix

    @cached_property
    def clique(self) -> Int64:
        """Shape (m,): a partition of the sites into sets of which at most one may be open.

        Greedy: a site joins the first set all of whose members it conflicts with. Sites without
        conflicts stand alone.
        """
        label = np.full(self.sites, -1, dtype=np.int64)
        members: list[set[int]] = []
        matrix = self.neighbors
        for site in range(self.sites):
            near = set(matrix.indices[matrix.indptr[site] : matrix.indptr[site + 1]].tolist())
            known = sorted({int(label[other]) for other in near if label[other] >= 0})
            home = next((k for k in known if members[k] <= near), len(members))
            if home == len(members):
                members.append(set())
            members[home].add(site)
            label[site] = home
        return label

    def get_use(self, opened: Bools) -> Int64:
        """Return the load of a choice of sites under each rule, shape (s,)."""
        return np.asarray(self.load @ opened.astype(np.int64))

    def is_kept(self, opened: Bools) -> bool:
        """Whether a choice of sites keeps every rule."""
        return not self.find_broken(opened)

    def find_broken(self, opened: Bools) -> tuple[Unmet, ...]:
        """Return every rule a choice of sites breaks."""
        broken = [
            Unmet(kind, 0, int(used), int(room))
            for kind, used, room in zip(self.kinds, self.get_use(opened), self.room, strict=True)
            if used > room
        ]
        if self.conflict.shape[0]:
            both = opened[self.conflict[:, 0]] & opened[self.conflict[:, 1]]
            broken += [Unmet(UnmetKind.CONFLICT, int(k), 2, 1) for k in np.flatnonzero(both)]
        return tuple(broken)


def make_limits(
    problem: CoverProblem,
    *,
    p: int | None = None,
    budget: int | None = None,
    max_changes: int | None = None,
) -> SiteLimits:
    """Return the rules about the sites of ``problem``.

    Parameters
    ----------
    p
        At most so many open sites, existing ones included.
    budget
        Money for open sites and for closing existing ones.
    max_changes
        At most so many sites whose state differs from today's.

    Raises
    ------
    InvalidParameter
        If a limit is negative.
    """
    rules: list[tuple[UnmetKind, Int64, int]] = []
    for name, value in (("p", p), ("budget", budget), ("max_changes", max_changes)):
        if value is not None and value < 0:
            raise InvalidParameter(f"{name} is {value}; expected >= 0.")
    if p is not None:
        rules.append((UnmetKind.SITES, np.ones(problem.sites, dtype=np.int64), p))
    if budget is not None:
        room = budget - int(problem.closing_cost.sum())
        rules.append((UnmetKind.BUDGET, problem.cost - problem.closing_cost, room))
    if max_changes is not None:
        change = np.where(problem.existing, -1, 1).astype(np.int64)
        rules.append((UnmetKind.CHANGES, change, max_changes - int(problem.existing.sum())))
    load = [rule[1] for rule in rules]
    return SiteLimits(
        kinds=tuple(rule[0] for rule in rules),
        load=np.stack(load) if load else np.zeros((0, problem.sites), dtype=np.int64),
        room=np.asarray([rule[2] for rule in rules], dtype=np.int64),
        fixed=problem.fixed,
        conflict=problem.conflict,
    )
