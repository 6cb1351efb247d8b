"""Travel without a map: great circle times a detour factor, at a speed per profile."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from geo.errors import UnknownProfile
from geo.regimes import Regimes
from geo.sphere import great_circle_m
from geo.straight_traffic import compute_slowness
from geo.traffic import TRAFFIC_PROFILES
from geo.travel_matrix import Float64, Int32, Snaps, TravelMatrix, Ways

DETOUR_FACTOR: Final = 1.3
"""Road meters per straight meter. Ballou, Rahardja and Sakai (Transportation Research Part A 36,
2002) found 1.2 to 1.5 between cities in most countries. The median over a million pairs of random
crossings, measured with ``RoadTravel``: Wuhan 1.31, New York 1.32, Porto 1.43, Heidelberg 1.49."""

SPEEDS_KMH: Final[Mapping[str, float]] = MappingProxyType({"car": 30.0, "ebike": 18.0, "walk": 4.8})
"""Speed over a whole leg in a city, crossings included. E-bikes may do 25 km/h (GB 17761)."""

_ROWS_AT_ONCE: Final = 512


class EstimatedTravel:
    """``TravelProvider`` that needs no map; everything it says is an estimate and says so.

    Parameters
    ----------
    detour_factor
        Road meters per straight meter, at least 1.
    speeds_kmh
        Speed by profile, > 0; the profiles that may be asked for.

    Raises
    ------
    ValueError
        If a figure is out of range.
    """

    def __init__(
        self,
        detour_factor: float = DETOUR_FACTOR,
        speeds_kmh: Mapping[str, float] = SPEEDS_KMH,
    ) -> None:
        if not (math.isfinite(detour_factor) and detour_factor >= 1.0):
            raise ValueError(f"detour_factor is {detour_factor}; expected 1 or more.")
        for profile, speed_kmh in speeds_kmh.items():
            if not (math.isfinite(speed_kmh) and speed_kmh > 0.0):
                raise ValueError(f"speed of {profile!r} is {speed_kmh} km/h; expected > 0.")
        self._detour_factor = detour_factor
        self._speeds_kmh = dict(speeds_kmh)

    @property
    def estimated(self) -> bool:
        """True: no road was looked at."""
        return True

    @property
    def description(self) -> str:
        """Detour factor and speeds."""
        speeds = ", ".join(f"{name} {kmh:g} km/h" for name, kmh in self._speeds_kmh.items())
        return f"estimated: great circle × {self._detour_factor:g}; {speeds}"

    @property
    def attribution(self) -> str:
        """Empty: there is no map to thank."""
        return ""

    def snap(self, lonlat: Float64, profile: str) -> Snaps:
        """Return every place as it is, at distance 0.

        Raises
        ------
        UnknownProfile
            If there is no speed for ``profile``.
        ValueError
            If ``lonlat`` is not shape (m, 2) or a coordinate is not on the globe.
        """
        self._get_speed_kmh(profile)
        places = _check_places(lonlat)
        return Snaps(
            node=np.full(places.shape[0], -1, np.int64),
            lon=places[:, 0].copy(),
            lat=places[:, 1].copy(),
            distance_m=np.zeros(places.shape[0]),
            limit_m=math.inf,
        )

    def matrix(self, lonlat: Float64, profile: str) -> TravelMatrix:
        """Return estimated seconds and meters between all places, each rounded half up.

        Raises
        ------
        UnknownProfile, ValueError
            As for ``snap``.
        """
        speed_m_per_s = self._get_speed_kmh(profile) / 3.6
        places = _check_places(lonlat)
        size = places.shape[0]
        durations_s = np.empty((size, size), np.int32)
        distances_m = np.empty_like(durations_s)
        for rows, road_m in self._road_m(places):
            distances_m[rows] = np.floor(road_m + 0.5)
            durations_s[rows] = np.floor(road_m / speed_m_per_s + 0.5)
        return TravelMatrix(
            profile=profile, durations_s=durations_s, distances_m=distances_m, estimated=True
        )

    def regime_durations(
        self, lonlat: Float64, profile: str, regimes: Regimes
    ) -> tuple[Int32, ...]:
        """Return the estimated seconds in every state of traffic, rounded half up.

        All roads of a state have one speed (``geo.traffic.compute_mean_share``); areas hold for
        the pieces of the straight line inside them (``geo.straight_traffic``).

        Raises
        ------
        UnknownProfile, ValueError
            As for ``snap``.
        """
        speed_m_per_s = self._get_speed_kmh(profile) / 3.6
        places = _check_places(lonlat)
        size = places.shape[0]
        tables = tuple(np.empty((size, size), np.int32) for _ in regimes.states)
        for rows, road_m in self._road_m(places):
            free_s = road_m / speed_m_per_s
            if profile in TRAFFIC_PROFILES:
                slowness = compute_slowness(places[rows], places, regimes)
            else:
                slowness = [np.asarray(1.0) for _ in tables]
            for table, times in zip(tables, slowness, strict=True):
                table[rows] = np.floor(free_s * times + 0.5)
        return tables

    def between(
        self, origins: Float64, destinations: Float64, profile: str, regimes: Regimes | None
    ) -> Ways:
        """Return travel from some places to others; see ``geo.traffic.FewWays``.

        Raises
        ------
        UnknownProfile, ValueError
            As for ``snap``.
        """
        speed_m_per_s = self._get_speed_kmh(profile) / 3.6
        starts, ends = _check_places(origins), _check_places(destinations)
        shape = (starts.shape[0], ends.shape[0])
        sides = [np.broadcast_to(starts[:, axis, None], shape) for axis in (0, 1)]
        sides += [np.broadcast_to(ends[:, axis], shape) for axis in (0, 1)]
        road_m = self._detour_factor * great_circle_m(*sides)
        free_s = road_m / speed_m_per_s
        slowness: list[Float64] = []
        if regimes is not None and profile in TRAFFIC_PROFILES:
            slowness = compute_slowness(starts, ends, regimes)
        return Ways(
            _rounded(free_s), _rounded(road_m), tuple(_rounded(free_s * t) for t in slowness)
        )

    def _road_m(self, places: Float64) -> Iterator[tuple[slice, Float64]]:
        """Yield blocks of rows with the estimated road meters from them to all places."""
        lon, lat = places[:, 0], places[:, 1]
        size = places.shape[0]
        for first in range(0, size, _ROWS_AT_ONCE):
            rows = slice(first, min(first + _ROWS_AT_ONCE, size))
            shape = (lon[rows].size, size)
            from_lon = np.broadcast_to(lon[rows, None], shape)
            from_lat = np.broadcast_to(lat[rows, None], shape)
            to_lon, to_lat = np.broadcast_to(lon, shape), np.broadcast_to(lat, shape)
            yield rows, self._detour_factor * great_circle_m(from_lon, from_lat, to_lon, to_lat)

    def leg_geometry(
        self, origin: tuple[float, float], destination: tuple[float, float], profile: str
    ) -> Float64:
        """Return the straight line, shape (2, 2).

        Raises
        ------
        UnknownProfile, ValueError
            As for ``snap``.
        """
        self._get_speed_kmh(profile)
        return _check_places(np.array([origin, destination], dtype=np.float64))

    def _get_speed_kmh(self, profile: str) -> float:
        if profile not in self._speeds_kmh:
            raise UnknownProfile(
                f"No speed for travel profile {profile!r}; there are {', '.join(self._speeds_kmh)}."
            )
        return self._speeds_kmh[profile]


def _rounded(figures: Float64) -> Int32:
    return np.floor(figures + 0.5).astype(np.int32)


def _check_places(lonlat: Float64) -> Float64:
    places = np.asarray(lonlat, dtype=np.float64)
    if places.ndim != 2 or places.shape[1] != 2:
        raise ValueError(f"lonlat has shape {places.shape}; expected (m, 2), longitude first.")
    bad = ~((np.abs(places[:, 0]) <= 180.0) & (np.abs(places[:, 1]) <= 90.0))  # NaN is bad, too
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise ValueError(f"lonlat row {row} is {places[row].tolist()}; expected WGS 84 degrees.")
    return places
