"""Travel between places: the matrix, what snapping says, and the provider protocol."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

UNREACHABLE = -1
"""Duration and distance of a pair without a way. A mask: test it, never add to it."""

Int32 = NDArray[np.int32]
Float64 = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TravelMatrix:
    """Free-flow travel between the places of one request.

    Parameters
    ----------
    profile
        Travel profile the figures hold for.
    durations_s
        Shape (m, m), int32, seconds; row = from, column = to; ``UNREACHABLE`` without a way; 0 on
        the diagonal.
    distances_m
        Same shape, int32, meters along the *fastest* way.
    estimated
        True if the figures are great-circle estimates, not roads.
    """

    profile: str
    durations_s: Int32
    distances_m: Int32
    estimated: bool

    @property
    def reachable(self) -> NDArray[np.bool_]:
        """Shape (m, m): True where there is a way."""
        return np.asarray(self.durations_s != UNREACHABLE, dtype=np.bool_)


@dataclass(frozen=True, eq=False)
class Snaps:
    """Where places meet the road network.

    Parameters
    ----------
    node
        Shape (m,), int64, network node; -1 for providers without a network.
    lon, lat
        Shape (m,), float64, the snapped position, WGS 84.
    distance_m
        Shape (m,), float64, straight line from the place to that position.
    limit_m
        A place farther away than this is refused.
    """

    node: NDArray[np.int64]
    lon: Float64
    lat: Float64
    distance_m: Float64
    limit_m: float

    @property
    def refused(self) -> NDArray[np.bool_]:
        """Shape (m,): True where the place is too far from any road of the profile."""
        return self.distance_m > self.limit_m


@dataclass(frozen=True, eq=False)
class Ways:
    """Travel from some places to others.

    Parameters
    ----------
    durations_s, distances_m
        Shape (s, t), int32, at free flow; ``UNREACHABLE`` without a way.
    in_states_s
        Seconds in every state of traffic asked for, each shape (s, t), int32; none for a profile
        that traffic does not concern.
    """

    durations_s: Int32
    distances_m: Int32
    in_states_s: tuple[Int32, ...] = ()


class TravelProvider(Protocol):
    """Anything that can say how long it takes from place to place.

    ``lonlat`` is shape (m, 2), float64, WGS 84, longitude first. ``profile`` is one of ``car``,
    ``ebike``, ``walk``; an unknown one raises ``UnknownProfile``.
    """

    @property
    def estimated(self) -> bool:
        """True if figures are great-circle estimates."""
        ...

    @property
    def description(self) -> str:
        """One line for people: source of the roads, or the detour factor and speeds."""
        ...

    @property
    def attribution(self) -> str:
        """Notice to show beside results, empty if none."""
        ...

    def snap(self, lonlat: Float64, profile: str) -> Snaps:
        """Say where each place meets the network, and how far away that is."""
        ...

    def matrix(self, lonlat: Float64, profile: str) -> TravelMatrix:
        """Return seconds and meters between all places."""
        ...

    def leg_geometry(
        self, origin: tuple[float, float], destination: tuple[float, float], profile: str
    ) -> Float64:
        """Return the way as shape (g, 2), longitude first; g >= 2."""
        ...
