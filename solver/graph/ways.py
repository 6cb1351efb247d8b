"""Times and lengths of fastest ways, exact and rounded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

UNREACHABLE: Final = -1
"""Entry of a pair without a way. A mask: test it, never add to it."""

TIME_LIMIT_MS: Final = 2**30
"""A way that takes this long or longer (12 days 10 hours) counts as none; arcs must be shorter."""

LENGTH_LIMIT_MM: Final = 2**32
"""Length (4 294 km) that no arc and no fastest way may reach."""


@dataclass(frozen=True, eq=False)
class Ways:
    """Fastest ways between sources and targets; among equally fast ones the shortest.

    Parameters
    ----------
    time_ms
        Shape (sources, targets), int64, milliseconds; ``UNREACHABLE`` without a way.
    length_mm
        Same shape, int64, millimeters along the fastest way; ``UNREACHABLE`` without a way.
    """

    time_ms: NDArray[np.int64]
    length_mm: NDArray[np.int64]

    @property
    def durations_s(self) -> NDArray[np.int32]:
        """Seconds, rounded half up; ``UNREACHABLE`` without a way."""
        return _round_thousandths(self.time_ms)

    @property
    def distances_m(self) -> NDArray[np.int32]:
        """Meters, rounded half up; ``UNREACHABLE`` without a way."""
        return _round_thousandths(self.length_mm)


def _round_thousandths(values: NDArray[np.int64]) -> NDArray[np.int32]:
    # Half up: 1499 -> 1, 1500 -> 2. (-1 + 500) // 1000 would be 0, so the mask comes last.
    rounded = ((values + 500) // 1000).astype(np.int32)
    rounded[values == UNREACHABLE] = UNREACHABLE
    return rounded
