"""The travel figures one plan was made with, by place; what a referee needs beside the raw day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dispatch.domain.place import Place

NO_WAY = -1
"""Duration and distance of a pair without a way; a mask, never a number to add."""


@dataclass(frozen=True, eq=False)
class TravelRegimes:
    """Seconds by state of traffic; ``docs/semantics.md``, travel by hour.

    Parameters
    ----------
    bucket_start_s
        Shape (c,), ascending seconds since the day's ``horizon_start``, the first is 0.
    bucket_regime
        Shape (c,), regime of each bucket; at most six.
    durations_s
        By profile, one matrix of shape (m, m) per regime, or none for a profile traffic does not
        concern. ``NO_WAY`` exactly where the free-flow figures are.
    """

    bucket_start_s: NDArray[np.int32]
    bucket_regime: NDArray[np.int32]
    durations_s: Mapping[str, tuple[NDArray[np.int32], ...]]


@dataclass(frozen=True, eq=False)
class TravelTable:
    """Seconds and meters between the places of a day, per profile.

    Parameters
    ----------
    lonlat
        Shape (m, 2), float64, distinct places, longitude first, WGS 84.
    durations_s, distances_m
        By profile, each shape (m, m), int32; row = from, column = to; ``NO_WAY`` without a way.
    estimated
        True if the figures are great-circle estimates, not roads.
    description
        One line for people.
    attribution
        Notice to show beside results; may be empty.
    regimes
        Travel by hour; None = free flow at all hours.
    """

    lonlat: NDArray[np.float64]
    durations_s: Mapping[str, NDArray[np.int32]]
    distances_m: Mapping[str, NDArray[np.int32]]
    estimated: bool
    description: str = ""
    attribution: str = ""
    regimes: TravelRegimes | None = None
    _index: dict[tuple[float, float], int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        index = {(float(lon), float(lat)): i for i, (lon, lat) in enumerate(self.lonlat)}
        object.__setattr__(self, "_index", index)

    def index(self, place: Place) -> int:
        """Return the row of a place.

        Raises
        ------
        KeyError
            If the table was made without it.
        """
        return self._index[(place.lon, place.lat)]

    def leg(self, profile: str, origin: Place, destination: Place) -> tuple[int, int] | None:
        """Return (seconds, meters) of the fastest way, or None where there is none."""
        row, column = self.index(origin), self.index(destination)
        seconds = int(self.durations_s[profile][row, column])
        if seconds == NO_WAY:
            return None
        return seconds, int(self.distances_m[profile][row, column])
