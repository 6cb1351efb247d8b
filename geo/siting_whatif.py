"""What if: add, move or close an outlet and see the coverage at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from geo.straight import Float64, Int64, iterate_within

Covers = Callable[[Float64], Int64]
"""The demand rows that a place, shape (2,), covers."""


def cover_straight(demand: Float64, radius_m: Float64) -> Covers:
    """Return the straight-line rule over demand, shape (n, 2), with a radius per point."""

    def covers(place: Float64) -> Int64:
        (_, rows, _), *_ = iterate_within(demand, place.reshape(1, 2), radius_m)
        return rows

    return covers


class WhatIf:
    """A network that can be tried out; every trial costs one look at the demand.

    Parameters
    ----------
    weight
        Shape (n,), int64, demand.
    outlets
        Shape (k, 2), float64, WGS 84, places open at the start.
    covers
        The rule that decides; see ``cover_straight``.
    """

    def __init__(self, weight: Int64, outlets: Float64, covers: Covers) -> None:
        self._weight = weight
        self._covers = covers
        self._rows: dict[int, Int64] = {}
        self._count = np.zeros(len(weight), dtype=np.int64)
        self._next = 0
        for place in outlets:
            self.add(float(place[0]), float(place[1]))

    @property
    def covered(self) -> int:
        """Demand covered now."""
        return int(self._weight[self._count > 0].sum())

    @property
    def share(self) -> float:
        """Share of all demand covered now; 1 without demand."""
        total = int(self._weight.sum())
        return self.covered / total if total else 1.0

    @property
    def covered_rows(self) -> NDArray[np.bool_]:
        """Shape (n,): covered now."""
        return np.asarray(self._count > 0)

    def add(self, lon: float, lat: float) -> int:
        """Open an outlet; returns its number, for ``move`` and ``close``."""
        number, self._next = self._next, self._next + 1
        self._open(number, lon, lat)
        return number

    def move(self, number: int, lon: float, lat: float) -> None:
        """Move an outlet.

        Raises
        ------
        KeyError
            If no open outlet has this number.
        """
        self.close(number)
        self._open(number, lon, lat)

    def close(self, number: int) -> None:
        """Close an outlet.

        Raises
        ------
        KeyError
            If no open outlet has this number.
        """
        self._count[self._rows.pop(number)] -= 1

    def _open(self, number: int, lon: float, lat: float) -> None:
        rows = self._covers(np.array([lon, lat], dtype=np.float64))
        self._rows[number] = rows
        self._count[rows] += 1
