"""Rows with the same cover set become one row: exact, and most of the speed.

Demand points that the same sites cover cannot be told apart by any choice of sites, so their
weights add up. On a plane, ``m`` circles cut it into at most ``m² - m + 2`` cells, however many
points there are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.location.problem import CoverProblem

Int64 = NDArray[np.int64]
UInt64 = NDArray[np.uint64]

_HASH_SEED = 20_061


@dataclass(frozen=True, eq=False)
class Aggregate:
    """A problem with merged rows and the way back.

    Attributes
    ----------
    problem
        One row per distinct cover set (and group), in order of first appearance.
    member
        Shape (n,), row of ``problem`` each original row went to.
    """

    problem: CoverProblem
    member: Int64


def aggregate_rows(problem: CoverProblem) -> Aggregate:
    """Merge rows with equal cover set and equal group; weights add up.

    Rows are compared by a 64-bit hash first and entry by entry afterwards, so the result does not
    depend on luck.

    Parameters
    ----------
    problem
        Any covering problem, ``n`` rows.
    """
    member, first = merge_equal(problem.site_offset, problem.site_index, problem.group)
    count = first.shape[0]
    offset, index = take_rows(problem.site_offset, problem.site_index, first)
    merged = CoverProblem(
        weight=add_up(problem.weight, member, count),
        site_offset=offset,
        site_index=index,
        cost=problem.cost,
        closing_cost=problem.closing_cost,
        existing=problem.existing,
        fixed=problem.fixed,
        conflict=problem.conflict,
        backup_weight=add_up(problem.backup_weight, member, count),
        group=problem.group[first],
        group_target=problem.group_target,
    )
    return Aggregate(merged, member)


def add_up(values: Int64, member: Int64, count: int) -> Int64:
    """Return the sum of ``values`` per member, shape (count,).

    Doubles hold every partial sum exactly: sums of a problem stay below 2**53.
    """
    return np.bincount(member, weights=values, minlength=count).astype(np.int64)


def take_rows(
    offset: Int64, index: NDArray[np.int32], rows: Int64
) -> tuple[Int64, NDArray[np.int32]]:
    """Return the offsets and indices of the chosen rows, in their order."""
    length = offset[rows + 1] - offset[rows]
    new_offset = np.zeros(rows.shape[0] + 1, dtype=np.int64)
    np.cumsum(length, out=new_offset[1:])
    place = np.arange(new_offset[-1]) + np.repeat(offset[rows] - new_offset[:-1], length)
    return new_offset, index[place]


def merge_equal(
    offset: Int64, index: NDArray[np.int32], label: NDArray[np.int32]
) -> tuple[Int64, Int64]:
    """Group rows that have the same indices and the same label.

    Returns
    -------
    tuple
        Class of each row, shape (n,), and the first row of each class; classes are numbered by
        their first row.
    """
    rows = offset.shape[0] - 1
    key = _hash_rows(offset, index, label)
    _, first, member = np.unique(key, return_index=True, return_inverse=True)
    first, member = first.astype(np.int64), member.astype(np.int64)
    odd = _find_impostors(offset, index, label, first[member])
    if odd.size:  # two different rows with one hash: compare those few as texts
        member = member.copy()
        known: dict[bytes, int] = {}
        for row in odd.tolist():
            text = index[offset[row] : offset[row + 1]].tobytes() + label[row].tobytes()
            member[row] = known.setdefault(text, first.shape[0] + len(known))
    return _number_by_first(member, rows)


def _hash_rows(offset: Int64, index: NDArray[np.int32], label: NDArray[np.int32]) -> UInt64:
    """Sum of random words per row; wrap-around is meant."""
    rng = np.random.default_rng(_HASH_SEED)
    sites = int(index.max(initial=0)) + 1
    labels = int(label.max(initial=-1)) + 2
    word = rng.integers(0, 2**64, size=sites, dtype=np.uint64)
    label_word = rng.integers(0, 2**64, size=labels, dtype=np.uint64)
    running = np.zeros(index.shape[0] + 1, dtype=np.uint64)
    np.cumsum(word[index], out=running[1:])
    return running[offset[1:]] - running[offset[:-1]] + label_word[label + 1]


def _find_impostors(
    offset: Int64, index: NDArray[np.int32], label: NDArray[np.int32], model: Int64
) -> Int64:
    """Return the rows that differ from the row they are said to equal."""
    length = np.diff(offset)
    wrong = (length != length[model]) | (label != label[model])
    checked = np.flatnonzero(~wrong & (model != np.arange(model.shape[0])) & (length > 0))
    size = length[checked]
    end = np.cumsum(size)
    inside = np.arange(int(end[-1]) if end.size else 0) - np.repeat(end - size, size)
    mine = index[inside + np.repeat(offset[checked], size)]
    its = index[inside + np.repeat(offset[model[checked]], size)]
    differs = np.flatnonzero(mine != its)
    if differs.size:
        wrong[checked[np.searchsorted(end, differs, side="right")]] = True
    return np.flatnonzero(wrong)


def _number_by_first(member: Int64, rows: int) -> tuple[Int64, Int64]:
    """Renumber classes by their first row."""
    _, first, inverse = np.unique(member, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty(order.shape[0], dtype=np.int64)
    rank[order] = np.arange(order.shape[0])
    return rank[inverse.reshape(rows)], first[order].astype(np.int64)


def restrict_sites(problem: CoverProblem, sites: Int64) -> Aggregate:
    """Return the problem with these sites only, in the given order, rows merged again.

    Fewer sites distinguish fewer rows, so this shrinks much faster than the number of sites.
    Conflicts between two kept sites stay.

    Parameters
    ----------
    sites
        Kept sites, ascending.
    """
    place = np.full(problem.sites, -1, dtype=np.int64)
    place[sites] = np.arange(sites.shape[0])
    kept = place[problem.site_index] >= 0
    running = np.zeros(kept.shape[0] + 1, dtype=np.int64)
    np.cumsum(kept, out=running[1:])
    pairs = place[problem.conflict] if problem.conflict.size else problem.conflict
    smaller = CoverProblem(
        weight=problem.weight,
        site_offset=running[problem.site_offset],
        site_index=place[problem.site_index[kept]].astype(np.int32),
        cost=problem.cost[sites],
        closing_cost=problem.closing_cost[sites],
        existing=problem.existing[sites],
        fixed=problem.fixed[sites],
        conflict=pairs[(pairs >= 0).all(axis=1)].astype(np.int32),
        backup_weight=problem.backup_weight,
        group=problem.group,
        group_target=problem.group_target,
    )
    return aggregate_rows(smaller)
