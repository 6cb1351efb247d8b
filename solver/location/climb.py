"""Deflected subgradient steps: how prices climb to a better lower bound.

The direction remembers earlier ones (Camerini, Fratta & Maffioli 1975); the step is Polyak's with
the objective to reach as target and a factor that halves when the bound stays (Held, Wolfe &
Crowder 1974). After halving the climb goes on from the best prices.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from solver.location.median_problem import Float64

DEFLECTION: Final = 0.7

LEAST_RISE: Final = 0.1
"""Smallest distance to the target that a step counts on, in units of the objective."""


@dataclass(slots=True)
class Climb:
    """Prices on their way up.

    Parameters
    ----------
    price
        Shape (n,): where to begin.
    patience
        Steps without a better bound before the factor halves.
    smallest
        Factor below which the climb ends.
    margin
        Rise, as a share of the bound, that counts as better.
    factor
        First factor of the step length.

    Attributes
    ----------
    value, best
        Best bound so far (double) and its prices.
    """

    price: Float64
    patience: int
    smallest: float
    margin: float
    factor: float = 1.0
    value: float = field(default=-math.inf, init=False)
    best: Float64 = field(init=False)
    _direction: Float64 = field(init=False)
    _idle: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.best = self.price
        self._direction = np.zeros_like(self.price)

    def note(self, value: float) -> bool:
        """Take the bound of the current prices; return whether it is the best so far."""
        if value > self.value + self.margin * abs(value):
            self.value, self.best, self._idle = value, self.price, 0
            return True
        self._idle += 1
        return False

    def move(self, slope: Float64, rise: float) -> bool:
        """Take a step from the current prices; return whether the climb goes on.

        Parameters
        ----------
        slope
            Shape (n,), subgradient at the current prices.
        rise
            Distance from the bound of the current prices to the target.
        """
        if self._idle >= self.patience:
            self.factor, self._idle, self.price = self.factor / 2, 0, self.best
            self._direction = np.zeros_like(self._direction)
            return self.factor >= self.smallest
        self._direction = slope + DEFLECTION * self._direction
        length = float(self._direction @ self._direction)
        if length == 0.0:
            return False
        self.price = self.price + self.factor * max(rise, LEAST_RISE) / length * self._direction
        return True
