"""Traffic on a network: travel times of its arcs in a state, and what a provider of it offers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Protocol, runtime_checkable

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.network import RoadNetwork
from geo.regimes import Regimes, TrafficArea, TrafficState
from geo.road_classes import ROAD_CLASSES, find_class
from geo.travel_matrix import Float64, Int32, TravelProvider, Ways

Int64 = NDArray[np.int64]

TRAFFIC_PROFILES: Final = ("car",)
"""Profiles that traffic concerns. E-bikes and people on foot pass a queue."""

LEAST_SHARE, MOST_SHARE = 0.05, 2.0
"""Bounds of the speed of one road, class and areas together, as a share of free flow."""

DRIVING_SHARE: Final[Mapping[str, float]] = MappingProxyType(
    {
        "motorway": 0.10,
        "trunk": 0.15,
        "primary": 0.30,
        "secondary": 0.20,
        "tertiary": 0.15,
        "local": 0.10,
    }
)
"""Share of driving time by class, assumed where no roads are known (``docs/rush-hours.md``)."""


@runtime_checkable
class TrafficProvider(TravelProvider, Protocol):
    """A travel provider that also knows travel in states of traffic."""

    def regime_durations(
        self, lonlat: Float64, profile: str, regimes: Regimes
    ) -> tuple[Int32, ...]:
        """Return the seconds of the free-flow fastest ways in every state.

        Parameters
        ----------
        lonlat, profile
            As for ``matrix``.
        regimes
            States of traffic.

        Returns
        -------
        tuple of ndarray
            One per state, each shape (m, m), int32; ``UNREACHABLE`` exactly where ``matrix`` has
            it, and equal to it in a state of free flow.
        """
        ...


@runtime_checkable
class FewWays(Protocol):
    """A travel provider that is asked about few places at little cost."""

    def between(
        self, origins: Float64, destinations: Float64, profile: str, regimes: Regimes | None
    ) -> Ways:
        """Return the figures ``matrix`` and ``regime_durations`` have for these pairs.

        Parameters
        ----------
        origins, destinations
            Shapes (s, 2) and (t, 2).
        profile
            As for ``matrix``.
        regimes
            States of traffic; None = free flow only.
        """
        ...


class ArcTraffic:
    """Travel times of the arcs of a network by state.

    Parameters
    ----------
    network
        Roads of one profile, a arcs.
    areas
        Areas the states speak of; an arc lies inside if the middle of its line does.
    """

    def __init__(self, network: RoadNetwork, areas: tuple[TrafficArea, ...]) -> None:
        numbers = [find_class(name) for name in network.classes]
        self._class = np.array(numbers, dtype=np.int64)[network.road_class]
        self._inside = find_inside(compute_midpoints(network), areas) if areas else ()

    def compute_times(self, free_flow_ms: Int64, state: TrafficState) -> Int64:
        """Return the milliseconds of every arc, rounded half up, at least 1.

        Parameters
        ----------
        free_flow_ms
            Shape (a,), int64.
        state
            Shares of free-flow speed; their product is kept within ``LEAST_SHARE`` and
            ``MOST_SHARE``.
        """
        if state.is_free_flow:
            return free_flow_ms
        share = np.array(state.class_share)[self._class]
        for inside, area_share in zip(self._inside, state.area_share, strict=True):
            if area_share != 1.0:
                share[inside] *= area_share
        exact_ms = free_flow_ms / np.clip(share, LEAST_SHARE, MOST_SHARE)
        time_ms: Int64 = np.maximum(np.floor(exact_ms + 0.5), 1.0).astype(np.int64)
        return time_ms


def compute_midpoints(network: RoadNetwork) -> Float64:
    """Return the middle of the line of every arc, shape (a, 2), longitude first."""
    count = np.diff(network.geometry_offset)
    arc = np.repeat(np.arange(network.n_arcs), count)
    points = np.column_stack((network.geometry_lon, network.geometry_lat))
    lines = shapely.linestrings(points, indices=arc)
    middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    return np.asarray(shapely.get_coordinates(middle), dtype=np.float64)


def find_inside(lonlat: Float64, areas: tuple[TrafficArea, ...]) -> tuple[Int64, ...]:
    """Return, for every area, the places that lie inside.

    Parameters
    ----------
    lonlat
        Shape (k, 2), WGS 84.
    areas
        A ring that crosses itself counts by the even-odd rule; an edge is no part of the inside.

    Returns
    -------
    tuple of ndarray
        Ascending rows of ``lonlat``, int64.
    """
    lon, lat = np.ascontiguousarray(lonlat[:, 0]), np.ascontiguousarray(lonlat[:, 1])
    found = []
    for area in areas:
        outline = shapely.make_valid(shapely.Polygon(area.ring))
        west, south, east, north = outline.bounds
        near = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
        shapely.prepare(outline)
        found.append(near[shapely.contains_xy(outline, lon[near], lat[near])].astype(np.int64))
    return tuple(found)


def compute_mean_share(state: TrafficState) -> float:
    """Return one speed for all roads: the share of free flow over the mean city drive.

    The mean is one of slowness (``DRIVING_SHARE`` of the driving time at free flow each): a drive
    of 10 minutes, half at share 1 and half at 0.5, takes 5 + 10 minutes, so the mean is 2/3.
    """
    weights = [DRIVING_SHARE[name] for name in ROAD_CLASSES]
    slowness = sum(w / share for w, share in zip(weights, state.class_share, strict=True))
    return sum(weights) / slowness  # exactly 1 at free flow
