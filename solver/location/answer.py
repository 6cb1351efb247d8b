"""What a siting solve returns: values only, and what it takes to check them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.status import SolveStatus, StoppedBy


class UnmetKind(StrEnum):
    """Which demand or rule an infeasible problem leaves open."""

    ROW = "row"
    GROUP = "group"
    SITES = "sites"
    BUDGET = "budget"
    CHANGES = "changes"
    CONFLICT = "conflict"


class Unmet(NamedTuple):
    """One thing that cannot be had.

    Attributes
    ----------
    kind
        Row that is not covered often enough, group below its target, or broken rule.
    where
        Row, group or conflict; 0 for a limit on all sites.
    found
        Times covered, weight covered, sites, money or changes of the answer.
    wanted
        The figure asked for.
    """

    kind: UnmetKind
    where: int
    found: int
    wanted: int


class ProofKind(StrEnum):
    """What the bound rests on."""

    TRIVIAL = "trivial"
    LAGRANGIAN = "lagrangian"
    BRANCHING = "branching"
    SOLVER = "solver"


@dataclass(frozen=True, eq=False, slots=True)
class Certificate:
    """What a checker needs to recompute the bound.

    Attributes
    ----------
    kind
        ``TRIVIAL``: everything coverable is covered, or nothing costs anything. ``LAGRANGIAN``:
        the multipliers alone give the bound. ``BRANCHING``: our own enumeration over the sites
        the multipliers leave free. ``SOLVER``: ``solver_name`` proved it for those sites.
    multiplier
        Integers; ``multiplier / scale`` is the price of the k-th *distinct cover set* of the rows,
        in order of first appearance (rows that no open-able site covers have one, too).
    scale
        A power of two.
    limit_multiplier
        Integers over ``scale`` as well, by the name of the rule (``UnmetKind``): price of one site,
        one unit of money, one change. A rule that is not named has price 0.
    conflict_multiplier
        Shape (c,), integers over ``scale``: price of each conflict.
    lagrangian_bound
        The bound of the multipliers alone, rounded to the safe side.
    closed, opened
        Sites the multipliers and the incumbent fix (reduced costs).
    solver_name
        Name and version of the solver behind ``SOLVER``; empty otherwise.
    """

    kind: ProofKind
    multiplier: NDArray[np.int64]
    scale: int
    limit_multiplier: dict[str, int]
    conflict_multiplier: NDArray[np.int64]
    lagrangian_bound: int
    closed: tuple[int, ...] = ()
    opened: tuple[int, ...] = ()
    solver_name: str = ""


@dataclass(frozen=True, slots=True)
class LocationAnswer:
    """An answer with its proof.

    Attributes
    ----------
    sites
        Open sites, ascending.
    objective
        Value of ``sites``: covered weight (larger is better) or money, distance (smaller).
    bound
        No answer is better than this; proven.
    gap
        ``|bound - objective| / max(1, |objective|)``.
    status
        ``OPTIMAL`` only if the bound is reached or the enumeration was complete; ``INFEASIBLE``
        with the best partial answer and ``unmet``.
    stopped_by
        Which limit ended the search.
    seed, iterations, runtime_s
        How it was found.
    cost
        Money the open and closed sites take together.
    unmet
        What cannot be had, rows first; empty unless infeasible.
    certificate
        Input of a checker; None where the model has none.
    """

    sites: tuple[int, ...]
    objective: int
    bound: int | float
    gap: float
    status: SolveStatus
    stopped_by: StoppedBy
    seed: int
    iterations: int
    runtime_s: float
    cost: int = 0
    unmet: tuple[Unmet, ...] = ()
    certificate: Certificate | None = None


def get_gap(objective: float, bound: float) -> float:
    """Return ``|bound - objective| / max(1, |objective|)``."""
    return abs(bound - objective) / max(1.0, abs(objective))
