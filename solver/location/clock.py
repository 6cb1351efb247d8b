"""One search's account of its limits."""

from __future__ import annotations

import math
import time
from typing import Final

from solver.status import StoppedBy
from solver.stop import Stop

_ENTRY_S: Final = 1.2e-5
"""Seconds a coefficient takes until a solver has it, on a slow machine."""

_BUILD_SHARE: Final = 0.4


class Clock:
    """Counts iterations and seconds against a ``Stop``.

    One iteration is one step on the multipliers, one pass of exchanges, one linear program or one
    node of the exact stage. Without a limit of seconds the clock never reads the time, so a run
    repeats bit for bit.

    Parameters
    ----------
    stop
        The limits.
    """

    def __init__(self, stop: Stop) -> None:
        self._stop = stop
        self._began = time.monotonic()
        self.iterations = 0

    def count(self, iterations: int = 1) -> None:
        """Add iterations."""
        self.iterations += iterations

    @property
    def runtime_s(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._began

    @property
    def left_s(self) -> float:
        """Seconds left, infinite without such a limit."""
        if math.isinf(self._stop.max_runtime_s):
            return math.inf
        return max(0.0, self._stop.max_runtime_s - self.runtime_s)

    @property
    def left_iterations(self) -> int | None:
        """Iterations left; None without such a limit."""
        limits = (self._stop.max_iterations, self._stop.max_idle_iterations)
        known = [limit for limit in limits if limit is not None]
        return max(0, min(known) - self.iterations) if known else None

    def has_room_for(self, entries: int, *, share: float = 1.0) -> bool:
        """Whether a model with so many coefficients is built in a part of the time that is left.

        Parameters
        ----------
        share
            Of the time that is left now, what will be left then.
        """
        return entries * _ENTRY_S <= _BUILD_SHARE * share * self.left_s

    def is_over(self, share: float = 1.0) -> bool:
        """Whether a limit, or this share of it, is used up."""
        left = self.left_iterations
        if left is not None and self.iterations >= share * (self.iterations + left):
            return True
        seconds = self._stop.max_runtime_s
        return not math.isinf(seconds) and self.runtime_s >= share * seconds

    @property
    def stopped_by(self) -> StoppedBy:
        """Which limit is used up; ``EXHAUSTED`` if none."""
        if not math.isinf(self._stop.max_runtime_s) and self.left_s <= 0:
            return StoppedBy.RUNTIME
        left = self.left_iterations
        if left is None or left > 0:
            return StoppedBy.EXHAUSTED
        limit = self._stop.max_iterations
        by_count = limit is not None and self.iterations >= limit
        return StoppedBy.ITERATIONS if by_count else StoppedBy.NO_IMPROVEMENT
