"""How a solve ended."""

from __future__ import annotations

from enum import StrEnum


class SolveStatus(StrEnum):
    """Quality of the answer; never ``OPTIMAL`` without a proof."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    HAS_UNASSIGNED = "has_unassigned"
    INFEASIBLE = "infeasible"


class StoppedBy(StrEnum):
    """Which limit ended the search; only ``ITERATIONS`` promises the same plan again."""

    ITERATIONS = "iterations"
    RUNTIME = "runtime"
    NO_IMPROVEMENT = "no_improvement"
    CALLER = "caller"
    EXHAUSTED = "exhausted"
