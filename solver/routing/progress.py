"""What a running solve tells about itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """State of a running search.

    Attributes
    ----------
    iteration
        Iterations done, all threads together.
    runtime_s
        Wall-clock seconds since the solve began.
    cost
        Cost of the best plan so far, cost units.
    unassigned
        Visits that plan leaves unserved.
    """

    iteration: int
    runtime_s: float
    cost: int
    unassigned: int


OnProgress = Callable[[Progress], bool | None]
"""Called about five times a second; returning False stops the search with the best plan so far."""
