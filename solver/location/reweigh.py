"""Groups by reweighing: zones that lag behind count more in the next round.

A price ``f_g >= 0`` on the weight of each group's rows leaves a plain covering problem. Its bound
``B`` bounds the worst share: ``B / Σ f_g W_g``, since ``Σ f_g cover_g`` is at least the worst share
times ``Σ f_g W_g``. Prices follow the multiplicative weights rule (Plotkin, Shmoys & Tardos 1995).
The sites the rounds use make a small exact problem that mends the best answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solver.location.clock import Clock
from solver.location.exchange import Exchange
from solver.location.limits import SiteLimits
from solver.location.maximal import maximize_cover
from solver.location.problem import CoverProblem

Floats = NDArray[np.float64]
Int64 = NDArray[np.int64]
Bools = NDArray[np.bool_]
Key = tuple[int, int]

_ROUNDS: Final = 16
_RATE: Final = 6.0
_TOTAL: Final = 2**30


@dataclass(frozen=True, eq=False)
class Rounds:
    """What the rounds found.

    Attributes
    ----------
    opened
        Shape (m,), the best choice by the caller's key.
    used
        Sites open in any round, ascending.
    factor
        Shape (g,), price of each group in the last rounds, averaged.
    """

    opened: Bools
    used: Int64
    factor: Floats


def run_rounds(
    problem: CoverProblem,
    limits: SiteLimits,
    opened: Bools,
    clock: Clock,
    *,
    lag: Callable[[Bools], Floats],
    key: Callable[[Bools], Key],
    share: float,
) -> Rounds:
    """Solve reweighed problems by greedy and exchange; lagging groups gain weight.

    Parameters
    ----------
    problem
        Merged rows.
    opened
        Shape (m,), keeps the rules.
    lag
        How far each group is behind, shape (g,), as a share of its weight; negative: ahead.
    key
        Merit of a choice; the largest wins.
    share
        Part of the limits the rounds may use.
    """
    factor = np.ones(problem.groups)
    total = np.zeros(problem.groups)
    best, best_key, used = opened, key(opened), opened.copy()
    base = Exchange(problem, limits).make_start()
    base = base if limits.is_kept(base) else opened
    for _ in range(_ROUNDS):
        if clock.is_over(share):
            break
        exchange = Exchange(weigh(problem, factor, outside=1.0), limits)
        choice = exchange.improve(exchange.complete(base), clock)
        used |= choice
        if key(choice) > best_key:
            best, best_key = choice, key(choice)
        total += factor
        factor = factor * np.exp(_RATE * np.clip(lag(choice), -0.5, 0.5))
        factor = np.clip(factor / max(1e-9, float(factor.mean())), 1e-3, 1e3)
    factor = total if total.any() else factor
    return Rounds(best, np.flatnonzero(used), factor / max(1e-9, float(factor.max())))


def weigh(problem: CoverProblem, factor: Floats, *, outside: float) -> CoverProblem:
    """Return the problem with each group's weight times its factor, in whole numbers.

    Parameters
    ----------
    outside
        Factor of rows in no group.
    """
    number = _to_numbers(problem, np.append(factor, outside))
    each = number[problem.group]  # group -1 is the last entry
    return replace(
        problem, weight=problem.weight * each, backup_weight=np.zeros_like(problem.weight)
    )


def _to_numbers(problem: CoverProblem, factor: Floats) -> Int64:
    scale = _TOTAL / max(1.0, float(problem.weight.sum())) / max(1e-9, float(factor.max()))
    return np.floor(np.maximum(factor, 0.0) * scale).astype(np.int64)


def bound_worst_share(
    problem: CoverProblem,
    limits: SiteLimits,
    rounds: Rounds,
    weight: Int64,
    clock: Clock,
    *,
    unit: int,
) -> int:
    """Return an upper bound of the worst group's share times ``unit``.

    Parameters
    ----------
    weight
        Shape (g,), weight of each group.
    """
    number = _to_numbers(problem, np.append(rounds.factor, 0.0))[:-1]
    plain = maximize_cover(
        weigh(problem, rounds.factor, outside=0.0), limits, rounds.opened, clock, exact=False
    )
    whole = sum(int(f) * int(w) for f, w in zip(number, weight, strict=True))
    return unit * plain.bound // whole if whole else unit
