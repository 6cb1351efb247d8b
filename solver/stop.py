"""Limits that end a search; the first one reached decides."""

from __future__ import annotations

import math
from dataclasses import dataclass

from solver.errors import InvalidParameter


@dataclass(frozen=True, slots=True)
class Stop:
    """Limits of one search.

    Parameters
    ----------
    max_runtime_s
        Wall-clock seconds, ``> 0``; infinite means no such limit.
    max_iterations
        Iterations, ``>= 0``; None means no such limit.
    max_idle_iterations
        Iterations without a better plan, ``>= 1``; None means no such limit.

    Raises
    ------
    InvalidParameter
        If a limit is out of range, or none is set.
    """

    max_runtime_s: float = math.inf
    max_iterations: int | None = None
    max_idle_iterations: int | None = None

    def __post_init__(self) -> None:
        if math.isnan(self.max_runtime_s) or self.max_runtime_s <= 0:
            raise InvalidParameter(f"max_runtime_s is {self.max_runtime_s}; expected > 0.")
        if self.max_iterations is not None and self.max_iterations < 0:
            raise InvalidParameter(f"max_iterations is {self.max_iterations}; expected >= 0.")
        if self.max_idle_iterations is not None and self.max_idle_iterations < 1:
            raise InvalidParameter(
                f"max_idle_iterations is {self.max_idle_iterations}; expected >= 1."
            )
        unlimited = math.isinf(self.max_runtime_s)
        if unlimited and self.max_iterations is None and self.max_idle_iterations is None:
            raise InvalidParameter("No limit is set; expected at least one.")


def MaxRuntime(seconds: float) -> Stop:  # noqa: N802 - reads as the limit it makes
    """Stop after wall-clock ``seconds``."""
    return Stop(max_runtime_s=seconds)


def MaxIterations(iterations: int) -> Stop:  # noqa: N802 - reads as the limit it makes
    """Stop after ``iterations``; the only limit under which a solve repeats bit for bit."""
    return Stop(max_iterations=iterations)


def NoImprovement(iterations: int) -> Stop:  # noqa: N802 - reads as the limit it makes
    """Stop after ``iterations`` in a row without a better plan."""
    return Stop(max_idle_iterations=iterations)
