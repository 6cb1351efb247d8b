"""A covering problem as frozen sparse arrays, validated once.

``n`` rows (demand points or groups of them), ``m`` sites, ``c`` conflicts, ``g`` groups. Row *i* is
covered when one of the sites ``site_index[site_offset[i]:site_offset[i + 1]]`` is open. Weights and
money are integers; the caller chooses their units.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from solver.location.validation import check_cover

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Int8 = NDArray[np.int8]
Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

NO_GROUP = -1
"""Group of a row that belongs to none."""


@dataclass(frozen=True, eq=False)
class CoverProblem:
    """Demand rows, the sites that cover them, prices and rules.

    Parameters
    ----------
    weight
        Shape (n,), int64, ``>= 0``: worth of covering the row once.
    site_offset
        Shape (n + 1,), int64: where the sites of each row begin in ``site_index``.
    site_index
        int32: the sites that cover each row, ascending and without repetition inside a row.
    cost
        Shape (m,), int64, ``>= 0``: money for having the site open (opening plus running; the
        running cost alone for an existing one).
    closing_cost
        Shape (m,), int64, ``>= 0``: money for *not* having an existing site open; 0 elsewhere.
    existing
        Shape (m,), bool: open today.
    fixed
        Shape (m,), int8: 1 must be open, -1 must be closed, 0 free.
    conflict
        Shape (c, 2), int32: at most one of the two sites may be open (minimum distance, levels of
        the same place).
    backup_weight
        Shape (n,), int64, between 0 and ``weight``: further worth of covering the row by a second
        site (Hogan & ReVelle 1986). All 0: plain covering.
    group
        Shape (n,), int32: group (zone, district) of the row, ``NO_GROUP`` for none.
    group_target
        Shape (g,), int64, ``>= 0``: weight that must be covered in each group.

    Raises
    ------
    InvalidProblem
        With every fault of the arrays at once.
    """

    weight: Int64
    site_offset: Int64
    site_index: Int32
    cost: Int64
    closing_cost: Int64
    existing: Bools
    fixed: Int8
    conflict: Int32
    backup_weight: Int64
    group: Int32
    group_target: Int64

    def __post_init__(self) -> None:
        check_cover(self)

    @property
    def rows(self) -> int:
        """Number of demand rows."""
        return int(self.weight.shape[0])

    @property
    def sites(self) -> int:
        """Number of sites."""
        return int(self.cost.shape[0])

    @property
    def groups(self) -> int:
        """Number of groups."""
        return int(self.group_target.shape[0])

    @property
    def total_weight(self) -> int:
        """Worth of covering every row, backup included."""
        return int(self.weight.sum()) + int(self.backup_weight.sum())

    @cached_property
    def by_row(self) -> csr_array:
        """Incidence, shape (n, m), float64 ones."""
        from scipy.sparse import csr_array

        ones = np.ones(self.site_index.shape[0])
        return csr_array(
            (ones, self.site_index, self.site_offset), shape=(self.rows, self.sites), copy=False
        )

    @cached_property
    def by_site(self) -> csr_array:
        """Incidence transposed, shape (m, n), float64 ones, rows ascending inside a site."""
        return self.by_row.T.tocsr()

    def count_cover(self, sites: tuple[int, ...] | Int64) -> Int64:
        """Return how many of the given sites cover each row, shape (n,)."""
        opened = np.zeros(self.sites)
        opened[np.asarray(sites, dtype=np.int64)] = 1.0
        return np.asarray(self.by_row @ opened).astype(np.int64)

    def get_covered_weight(self, sites: tuple[int, ...] | Int64) -> int:
        """Return the worth covered by the given sites, backup included."""
        count = self.count_cover(sites)
        return int(self.weight[count >= 1].sum()) + int(self.backup_weight[count >= 2].sum())

    def get_cost(self, sites: tuple[int, ...] | Int64) -> int:
        """Return the money the given sites take: ``cost`` if open, else ``closing_cost``."""
        opened = np.zeros(self.sites, dtype=np.bool_)
        opened[np.asarray(sites, dtype=np.int64)] = True
        return int(np.where(opened, self.cost, self.closing_cost).sum())

    def count_changes(self, sites: tuple[int, ...] | Int64) -> int:
        """Return the number of sites opened that are closed today, or closed that are open."""
        opened = np.zeros(self.sites, dtype=np.bool_)
        opened[np.asarray(sites, dtype=np.int64)] = True
        return int(np.count_nonzero(opened != self.existing))


def make_cover_problem(
    weight: Int64,
    site_offset: Int64,
    site_index: Int32,
    *,
    sites: int,
    cost: Int64 | None = None,
    closing_cost: Int64 | None = None,
    existing: Bools | None = None,
    fixed: Int8 | None = None,
    conflict: Int32 | None = None,
    backup_weight: Int64 | None = None,
    group: Int32 | None = None,
    group_target: Int64 | None = None,
) -> CoverProblem:
    """Return a ``CoverProblem``; what is not given is absent (cost is then 1 for every site).

    Raises
    ------
    InvalidProblem
        With every fault of the arrays at once.
    """
    rows = int(weight.shape[0])

    def absent(size: int) -> Int64:
        return np.zeros(size, dtype=np.int64)

    return CoverProblem(
        weight=weight,
        site_offset=site_offset,
        site_index=site_index,
        cost=np.ones(sites, dtype=np.int64) if cost is None else cost,
        closing_cost=absent(sites) if closing_cost is None else closing_cost,
        existing=np.zeros(sites, dtype=np.bool_) if existing is None else existing,
        fixed=np.zeros(sites, dtype=np.int8) if fixed is None else fixed,
        conflict=np.zeros((0, 2), dtype=np.int32) if conflict is None else conflict,
        backup_weight=absent(rows) if backup_weight is None else backup_weight,
        group=np.full(rows, NO_GROUP, dtype=np.int32) if group is None else group,
        group_target=absent(0) if group_target is None else group_target,
    )
