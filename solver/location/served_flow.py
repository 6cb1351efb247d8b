"""How much of the demand a choice of sites can serve: a maximum flow, exact in whole numbers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.location.problem import CoverProblem

Int64 = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Flow(NamedTuple):
    """A division of the demand.

    Attributes
    ----------
    total
        Units served; no division of the same sites serves more.
    row, site, amount
        Equal shapes (k,), amounts ``> 0``.
    """

    total: int
    row: Int64
    site: Int64
    amount: Int64

    def get_rest(self, weight: Int64) -> Int64:
        """Return the units of each row that nobody serves, shape (n,)."""
        rest = weight.copy()
        np.subtract.at(rest, self.row, self.amount)
        return rest

    def get_load(self, sites: int) -> Int64:
        """Return the units each site serves, shape (m,)."""
        load = np.zeros(sites, dtype=np.int64)
        np.add.at(load, self.site, self.amount)
        return load


def find_flow(problem: CoverProblem, capacity: Int64, opened: Bools) -> Flow:
    """Return the most that the open sites can serve (push-relabel of OR-Tools).

    Parameters
    ----------
    problem
        Merged rows, ``n`` of them.
    capacity
        Shape (m,).
    opened
        Shape (m,).
    """
    from ortools.graph.python import max_flow

    sites = np.flatnonzero(opened & (capacity > 0))
    row, site = list_pairs(problem, sites)
    kept = problem.weight[row] > 0
    row, site = row[kept], site[kept]
    if not row.size:
        none = np.zeros(0, dtype=np.int64)
        return Flow(0, none, none, none)
    rows = np.unique(row)
    # nodes: 0 source, 1 sink, then sites, then rows
    site_node = np.zeros(problem.sites, dtype=np.int64)
    site_node[sites] = 2 + np.arange(sites.size)
    row_node = np.zeros(problem.rows, dtype=np.int64)
    row_node[rows] = 2 + sites.size + np.arange(rows.size)
    solver = max_flow.SimpleMaxFlow()
    first = solver.add_arcs_with_capacity(
        site_node[site].astype(np.int32),
        row_node[row].astype(np.int32),
        np.minimum(problem.weight[row], capacity[site]),
    )
    solver.add_arcs_with_capacity(
        np.zeros(sites.size, dtype=np.int32), site_node[sites].astype(np.int32), capacity[sites]
    )
    solver.add_arcs_with_capacity(
        row_node[rows].astype(np.int32), np.ones(rows.size, dtype=np.int32), problem.weight[rows]
    )
    status = solver.solve(0, 1)
    if status != solver.OPTIMAL:
        raise RuntimeError(f"maximum flow ended with {status}; expected an optimum.")
    amount = np.asarray(solver.flows(first), dtype=np.int64)
    used = np.flatnonzero(amount)
    return Flow(int(solver.optimal_flow()), row[used], site[used], amount[used])


def list_pairs(problem: CoverProblem, sites: Int64) -> tuple[Int64, Int64]:
    """Return rows and sites of every pair within reach, site by site."""
    matrix = problem.by_site
    length = matrix.indptr[sites + 1] - matrix.indptr[sites]
    end = np.cumsum(length)
    inside = np.arange(int(end[-1]) if end.size else 0) - np.repeat(end - length, length)
    row = matrix.indices[inside + np.repeat(matrix.indptr[sites], length)]
    return row.astype(np.int64), np.repeat(sites, length).astype(np.int64)


def share_out(flow: Flow, member: Int64, weight: Int64) -> Flow:
    """Return the flow over the original rows; within a merged row the first come first.

    Parameters
    ----------
    flow
        Over merged rows.
    member
        Shape (n,): merged row of each original row.
    weight
        Shape (n,): units of each original row.
    """
    order = np.argsort(member, kind="stable")
    ends = np.cumsum(weight[order])
    starts = ends - weight[order]
    classes = int(member.max(initial=-1)) + 1
    first = np.searchsorted(member[order], np.arange(classes))
    begin = starts[first] if classes else starts
    # every merged row is a stretch of one long line of units; flows lie on it in their order
    line = np.argsort(flow.row, kind="stable")
    amount = flow.amount[line]
    upto = np.cumsum(amount)
    heads = np.searchsorted(flow.row[line], flow.row[line])
    before = upto - amount
    low = begin[flow.row[line]] + before - before[heads]
    high = low + amount
    cuts = np.unique(np.concatenate([low, high, starts, ends]))
    left, right = cuts[:-1], cuts[1:]
    piece = np.searchsorted(high, left, side="right")
    inside = piece < high.size
    inside[inside] = low[piece[inside]] <= left[inside]
    left, right, piece = left[inside], right[inside], piece[inside]
    row = order[np.searchsorted(ends, left, side="right")]
    by_row = np.argsort(row, kind="stable")
    return Flow(flow.total, row[by_row], flow.site[line][piece][by_row], (right - left)[by_row])
