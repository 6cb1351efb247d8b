"""Set covering (LSCP): cover every row that can be covered, for the least money.

Toregas, Swain, ReVelle & Bergman (1971); with ``need = 2`` every row has a backup. Stages: merge
rows → prices and greedy (Caprara, Fischetti & Toth 1999) → fix sites by reduced costs → local
search with row weights → fix again → exact stage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solver.errors import InvalidParameter
from solver.location.aggregate import merge_equal, take_rows
from solver.location.answer import (
    Certificate,
    LocationAnswer,
    ProofKind,
    Unmet,
    UnmetKind,
    get_gap,
)
from solver.location.clock import Clock
from solver.location.cover_prices import (
    SetBound,
    SetProblem,
    SetSearch,
    make_greedy,
    prove_set_bound,
    search_set_prices,
)
from solver.location.exact import SOLVER_NAME
from solver.location.exact_set import solve_set_exactly
from solver.location.problem import CoverProblem
from solver.location.weighting import WeightingSearch
from solver.status import SolveStatus, StoppedBy
from solver.stop import Stop

Int64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

_STEPS: Final = 600
_HARD_GAP: Final = 0.06
_HARD_SITES: Final = 400
_FEW_SITES: Final = 200
_HARD_SHARE: Final = 0.85


@dataclass(frozen=True, eq=False)
class SetReduction:
    """The merged problem and what it took to get there.

    Attributes
    ----------
    problem
        Rows that want cover and can have it, merged.
    row
        Place of each of its rows among the distinct pairs (cover set, need) of the whole problem.
    classes
        Number of those pairs.
    unmet
        Rows that cannot be covered as often as they want.
    """

    problem: SetProblem
    row: Int64
    classes: int
    unmet: tuple[Unmet, ...]


def solve_lscp(
    problem: CoverProblem, *, need: Int64 | None = None, stop: Stop, seed: int = 0
) -> LocationAnswer:
    """Cover every row at the least money; rows that cannot be covered are named.

    Parameters
    ----------
    problem
        Rows (weights do not matter), sites, prices, conflicts, fixed sites.
    need
        Shape (n,), int64 ``>= 0``: how many open sites each row wants; None means 1 each.
    stop
        Limits.
    seed
        Of the local search.

    Returns
    -------
    LocationAnswer
        Objective and bound are money, closing included. ``INFEASIBLE`` if some row cannot have
        its cover: the answer then is the cheapest one found for all the cover that can be had, and
        ``unmet`` names the rows. ``HAS_UNASSIGNED`` if a limit ended the search before it was
        known whether the conflicts leave room for every row.

    Raises
    ------
    InvalidParameter
        If ``need`` has the wrong form.
    """
    clock = Clock(stop)
    wanted = np.ones(problem.rows, dtype=np.int64) if need is None else need
    if wanted.shape != (problem.rows,) or wanted.dtype != np.int64 or (wanted < 0).any():
        raise InvalidParameter(f"need has shape {wanted.shape}; expected ({problem.rows},), >= 0.")
    reduced = reduce_rows(problem, wanted)
    if problem.conflict.shape[0]:
        from solver.location.setcover_conflict import solve_with_conflicts

        return solve_with_conflicts(problem, wanted, reduced, clock, seed)
    small = reduced.problem
    search = _make_start(small)
    if search.cost > int(small.cost[small.fixed > 0].sum()):
        search = search_set_prices(small, search, steps=_STEPS, clock=clock)
    bound = prove_set_bound(small, search.row)
    _search_locally(small, search, bound, clock, seed)
    return _finish(problem, reduced, search, bound, clock, seed=seed)


def reduce_rows(problem: CoverProblem, need: Int64) -> SetReduction:
    """Merge rows, cut needs down to what there is, open what costs nothing."""
    usable = (problem.fixed >= 0).astype(np.float64)
    available = np.asarray(problem.by_row @ usable).astype(np.int64)
    cut = np.minimum(need, available)
    unmet = tuple(
        Unmet(UnmetKind.ROW, int(row), int(available[row]), int(need[row]))
        for row in np.flatnonzero(available < need)
    )
    _, first = merge_equal(problem.site_offset, problem.site_index, cut.astype(np.int32))
    kept = np.flatnonzero(cut[first] > 0)
    offset, index = take_rows(problem.site_offset, problem.site_index, first[kept])
    cost = problem.cost - problem.closing_cost
    fixed = problem.fixed.copy()
    if not problem.conflict.shape[0]:
        fixed[(cost <= 0) & (fixed == 0)] = 1  # open at no cost: no cover is worse for it
    return SetReduction(
        _make_set_problem(offset, index, cut[first[kept]], cost, fixed),
        kept.astype(np.int64),
        first.shape[0],
        unmet,
    )


def _make_set_problem(
    offset: Int64,
    index: NDArray[np.int32],
    need: Int64,
    cost: Int64,
    fixed: NDArray[np.int8],
) -> SetProblem:
    from scipy.sparse import csr_array

    shape = (offset.shape[0] - 1, cost.shape[0])
    by_row = csr_array((np.ones(index.shape[0]), index, offset), shape=shape)
    return SetProblem(by_row, by_row.T.tocsr(), need, cost, fixed)


def _make_start(problem: SetProblem) -> SetSearch:
    """Return greedy covers and first prices: each row's cheapest site, shared by its rows."""
    size = np.diff(problem.by_site.indptr)
    share = np.maximum(problem.cost, 0) / np.maximum(size, 1)
    rows = problem.by_row.shape[0]
    row = np.full(rows, 0.0)
    if rows:
        usable = np.where(problem.fixed >= 0, share, np.inf)
        values = usable[problem.by_row.indices]
        row = np.minimum.reduceat(values, problem.by_row.indptr[:-1])
    opened = make_greedy(problem, np.zeros(rows))
    return SetSearch(row, -np.inf, opened, int(problem.cost[opened].sum()))


def _search_locally(
    problem: SetProblem, search: SetSearch, bound: SetBound, clock: Clock, seed: int
) -> None:
    """Run the weighting search over the sites that may still belong to a cheaper cover."""
    if bound.value >= search.cost or clock.is_over():
        return
    closed, _ = bound.find_fixed(problem.fixed, search.cost)
    is_free = np.ones(problem.cost.shape[0], dtype=np.bool_)
    is_free[closed] = False
    is_free |= search.opened
    by_row, by_site = problem.by_row, problem.by_site
    sites_of = [
        part[is_free[part]].astype(np.int64)
        for part in np.split(by_row.indices, by_row.indptr[1:-1])
    ]
    rows_of = [part.astype(np.int64) for part in np.split(by_site.indices, by_site.indptr[1:-1])]
    local = WeightingSearch(
        rows_of,
        sites_of,
        problem.need,
        np.maximum(problem.cost, 1),
        opened=search.opened,
        keep=problem.fixed > 0,
        rng=np.random.default_rng(seed),
    )
    already = np.maximum(problem.cost, 1) - problem.cost
    target = bound.value + int(already[problem.fixed > 0].sum())
    gap = get_gap(search.cost, bound.value)
    share = _pick_share(gap, int(is_free.sum()), by_row.nnz, clock)
    local.run(clock, share=share, target=target)
    cost = int(problem.cost[local.best].sum())
    if cost < search.cost:
        search.opened, search.cost = local.best, cost


def _pick_share(gap: float, sites: int, entries: int, clock: Clock) -> float:
    """Return the share of the limits after which the search hands over to the exact stage."""
    if not clock.has_room_for(entries, share=1.0 - _HARD_SHARE):
        return 1.0  # not even a model can be built in the rest
    if gap > _HARD_GAP and sites > _HARD_SITES:
        return _HARD_SHARE  # far from a proof, the exact stage has no chance to finish
    return 0.05 if sites < _FEW_SITES else 0.3


def _finish(
    problem: CoverProblem,
    reduced: SetReduction,
    search: SetSearch,
    bound: SetBound,
    clock: Clock,
    *,
    seed: int,
) -> LocationAnswer:
    small = reduced.problem
    closed, opened = bound.find_fixed(small.fixed, search.cost)
    proven, kind = _solve_rest(small, search, bound.value, closed, clock)
    closing = int(problem.closing_cost.sum())
    certificate = Certificate(
        kind=kind,
        multiplier=_spread(reduced, bound.row),
        scale=bound.scale,
        limit_multiplier={},
        conflict_multiplier=np.zeros(0, dtype=np.int64),
        lagrangian_bound=bound.value + closing,
        closed=tuple(closed.tolist()),
        opened=tuple(opened.tolist()),
        solver_name=SOLVER_NAME if kind is ProofKind.SOLVER else "",
    )
    status = SolveStatus.OPTIMAL if proven == search.cost else SolveStatus.FEASIBLE
    return make_set_answer(
        problem,
        search.opened,
        proven + closing,
        SolveStatus.INFEASIBLE if reduced.unmet else status,
        clock,
        seed=seed,
        unmet=reduced.unmet,
        certificate=certificate,
    )


def _solve_rest(
    small: SetProblem, search: SetSearch, bound: int, closed: Int64, clock: Clock
) -> tuple[int, ProofKind]:
    """Give the sites that are left to the exact stage; return the bound and what it rests on."""
    bound = min(bound, search.cost)
    if bound == search.cost or clock.is_over():
        return bound, ProofKind.LAGRANGIAN
    sites = np.setdiff1d(np.arange(small.cost.shape[0]), closed)
    result = solve_set_exactly(small, sites, search.opened, clock)
    if result.opened is not None:
        cost = int(small.cost[result.opened].sum())
        if cost < search.cost and is_cover(small, result.opened):
            search.opened, search.cost = result.opened, cost
    if result.is_complete:
        return search.cost, ProofKind.SOLVER
    if result.bound is not None and result.bound > bound:
        return min(search.cost, result.bound), ProofKind.SOLVER
    return min(bound, search.cost), ProofKind.LAGRANGIAN


def _spread(reduced: SetReduction, row: Int64) -> Int64:
    """Return prices for all distinct pairs (cover set, need); 0 where nothing is wanted."""
    multiplier = np.zeros(reduced.classes, dtype=np.int64)
    multiplier[reduced.row] = row
    return multiplier


def is_cover(problem: SetProblem, opened: Bools) -> bool:
    """Whether every row has its cover and every fixed site its state."""
    count = problem.by_row @ opened.astype(np.float64)
    kept = bool((opened[problem.fixed > 0]).all() and not opened[problem.fixed < 0].any())
    return kept and bool((count >= problem.need).all())


def make_set_answer(
    problem: CoverProblem,
    opened: Bools,
    bound: int,
    status: SolveStatus,
    clock: Clock,
    *,
    seed: int,
    unmet: tuple[Unmet, ...],
    certificate: Certificate | None,
) -> LocationAnswer:
    """Return a set covering answer; ``bound`` includes closing costs."""
    sites = tuple(np.flatnonzero(opened).tolist())
    cost = problem.get_cost(sites)
    return LocationAnswer(
        sites=sites,
        objective=cost,
        bound=bound,
        gap=get_gap(cost, bound),
        status=status,
        stopped_by=StoppedBy.EXHAUSTED if bound == cost else clock.stopped_by,
        seed=seed,
        iterations=clock.iterations,
        runtime_s=clock.runtime_s,
        cost=cost,
        unmet=unmet,
        certificate=certificate,
    )
