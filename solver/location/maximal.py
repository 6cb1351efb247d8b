"""The stages of a maximal covering solve, one after the other, each keeping the best so far.

merge rows → greedy and exchange → subgradient → linear programs over few sites → fix sites by
reduced costs → merge again → exact stage. Every stage may be the last one: the answer always has a
bound that was proven by then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solver.location.aggregate import aggregate_rows
from solver.location.answer import Certificate, ProofKind
from solver.location.clock import Clock
from solver.location.columns import find_missing, improve_bound, solve_small_program
from solver.location.exact import SOLVER_NAME, solve_cover_exactly
from solver.location.exchange import Exchange
from solver.location.limits import SiteLimits
from solver.location.prices import Prices, ProvenBound, Rules, make_rules, prove_bound
from solver.location.problem import CoverProblem
from solver.location.subgradient import PriceSearch, search_prices, to_prices, try_choice

Bools = NDArray[np.bool_]

_STEPS: Final = 160
_POLISH_STEPS: Final = 50
_ROUNDS: Final = 60
_FIRST_SITES: Final = 100
_FIRST_SHARE: Final = 0.12
_COLUMNS_SHARE: Final = 0.7

_FAR_GAP: Final = 0.003
_FAR_COLUMNS_SHARE: Final = 0.95
"""With a gap beyond this the exact stage would start with too many sites; programs go on."""


@dataclass(frozen=True, eq=False)
class _Stage:
    """What every stage shares: merged problem, rules, exchange and clock."""

    problem: CoverProblem
    limits: SiteLimits
    rules: Rules
    exchange: Exchange
    clock: Clock


@dataclass(frozen=True, eq=False)
class CoverResult:
    """Best answer and best bound of a maximal covering solve.

    Attributes
    ----------
    opened, value
        Shape (m,), and its covered worth.
    bound
        No answer within the rules covers more.
    is_optimal
        Proven.
    certificate
        How.
    """

    opened: Bools
    value: int
    bound: int
    is_optimal: bool
    certificate: Certificate


def maximize_cover(
    problem: CoverProblem, limits: SiteLimits, start: Bools, clock: Clock, *, exact: bool = True
) -> CoverResult:
    """Return the best choice of sites under the rules, with a proven bound.

    Parameters
    ----------
    problem
        Groups are ignored.
    start
        Shape (m,), a choice that keeps the rules.
    exact
        Whether to run the exact stage.
    """
    merged = aggregate_rows(_drop_groups(problem)).problem
    stage = _Stage(merged, limits, make_rules(limits), Exchange(merged, limits), clock)
    opened = stage.exchange.improve(stage.exchange.complete(start), clock)
    value = stage.exchange.get_value(opened)
    ceiling = get_coverable(merged)
    if value >= ceiling:
        return CoverResult(opened, value, ceiling, is_optimal=True, certificate=_trivial(merged))
    row = _make_first_prices(merged, limits)
    search = PriceSearch(row=row, bound=np.inf, opened=opened, value=value)
    search = search_prices(
        merged, limits, search, steps=_STEPS, clock=clock, exchange=stage.exchange
    )
    bound = prove_bound(merged, stage.rules, to_prices(search.row, merged, limits))
    bound = _run_columns(stage, search, bound)
    return _finish(stage, search, bound, exact=exact)


def get_coverable(problem: CoverProblem) -> int:
    """Return the worth covered if every site that may open were open."""
    return problem.get_covered_weight(np.flatnonzero(problem.fixed >= 0))


def _drop_groups(problem: CoverProblem) -> CoverProblem:
    if not problem.groups:
        return problem
    from dataclasses import replace

    none = np.full(problem.rows, -1, dtype=np.int32)
    return replace(problem, group=none, group_target=np.zeros(0, dtype=np.int64))


def _make_first_prices(problem: CoverProblem, limits: SiteLimits) -> NDArray[np.float64]:
    """Return weight over expected cover, a share of it: near the scale of good prices."""
    size = np.diff(problem.site_offset)
    expected = size * _guess_open(limits) / max(1, problem.sites)
    return problem.weight / np.maximum(1.0, expected) * 0.5


def _guess_open(limits: SiteLimits) -> float:
    if not limits.kinds:
        return float(limits.sites)
    load = np.maximum(limits.load[0], 0)
    return float(max(1, limits.room[0])) / max(1e-9, float(load.mean()))


def _run_columns(stage: _Stage, search: PriceSearch, bound: ProvenBound) -> ProvenBound:
    """Solve linear programs over growing sets of sites until none is missing."""
    problem, rules, clock = stage.problem, stage.rules, stage.clock
    first = max(_FIRST_SITES, int(_FIRST_SHARE * problem.sites))
    known = np.argsort(-bound.worth, kind="stable")[:first]
    always = search.opened | problem.existing | (problem.fixed > 0)
    known = np.union1d(known, np.flatnonzero(always))
    for _ in range(_ROUNDS):
        is_far = bound.value - search.value > _FAR_GAP * search.value
        share = _FAR_COLUMNS_SHARE if is_far else _COLUMNS_SHARE
        if bound.value <= search.value or clock.is_over(share):
            break
        program = solve_small_program(problem, rules, known, clock)
        if program is None:
            break
        try_choice(program.share, search, stage.exchange, clock)
        here = prove_bound(problem, rules, program.prices)
        bound = improve_bound(problem, rules, bound, program.prices)
        spare = max(0, int(program.value - search.value)) * here.scale
        missing = find_missing(here, known, spare)
        if here.value <= int(program.value + 1e-6 * abs(program.value)) or not missing.size:
            break
        bound = _polish(stage, search, program.prices, bound)
        known = np.union1d(known, missing)
    return bound


def _polish(stage: _Stage, search: PriceSearch, prices: Prices, bound: ProvenBound) -> ProvenBound:
    """Take a few subgradient steps from the prices of a linear program."""
    problem, limits, rules = stage.problem, stage.limits, stage.rules
    if len(rules.room) != 1:  # the steps know one rule only
        return bound
    local = PriceSearch(prices.row, np.inf, search.opened, search.value)
    local = search_prices(
        problem, limits, local, steps=_POLISH_STEPS, clock=stage.clock, exchange=stage.exchange
    )
    if local.value > search.value:
        search.opened, search.value = local.opened, local.value
    return improve_bound(problem, rules, bound, to_prices(local.row, problem, limits))


def _finish(stage: _Stage, search: PriceSearch, bound: ProvenBound, *, exact: bool) -> CoverResult:
    """Fix sites by reduced costs and give the rest to the exact stage."""
    problem, limits = stage.problem, stage.limits
    closed, opened = bound.find_fixed(stage.rules, search.value)
    best, value, proven = search.opened, search.value, bound.value
    kind, complete = ProofKind.LAGRANGIAN, bound.value <= search.value
    if exact and not complete and not stage.clock.is_over():
        sites = np.setdiff1d(np.arange(problem.sites), closed)
        result = solve_cover_exactly(problem, stage.rules, sites, best, stage.clock)
        if result.opened is not None and limits.is_kept(result.opened):
            found = stage.exchange.get_value(result.opened)
            if found > value:
                best, value = result.opened, found
        if result.is_complete or (result.bound is not None and result.bound < proven):
            kind, complete = ProofKind.SOLVER, result.is_complete
            proven = value if complete else max(value, min(proven, result.bound or proven))
            complete = complete or proven <= value
    certificate = Certificate(
        kind=kind,
        multiplier=bound.row,
        scale=bound.scale,
        limit_multiplier=_name_multipliers(limits, bound),
        conflict_multiplier=bound.rule[len(limits.kinds) :],
        lagrangian_bound=bound.value,
        closed=tuple(closed.tolist()),
        opened=tuple(opened.tolist()),
        solver_name=SOLVER_NAME if kind is ProofKind.SOLVER else "",
    )
    return CoverResult(best, value, max(proven, value), complete, certificate)


def _name_multipliers(limits: SiteLimits, bound: ProvenBound) -> dict[str, int]:
    return {kind.value: int(bound.rule[s]) for s, kind in enumerate(limits.kinds)}


def _trivial(problem: CoverProblem) -> Certificate:
    return Certificate(
        kind=ProofKind.TRIVIAL,
        multiplier=np.zeros(problem.rows, dtype=np.int64),
        scale=1,
        limit_multiplier={},
        conflict_multiplier=np.zeros(0, dtype=np.int64),
        lagrangian_bound=problem.total_weight,
    )
