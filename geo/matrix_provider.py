"""Travel over real roads: seconds and meters of fastest ways between places."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.errors import NoWay, UnknownProfile
from geo.network import RoadNetwork
from geo.network_store import get_cache_dir
from geo.profiles import PROFILES
from geo.regimes import Regimes
from geo.road_index import MapFile, RoadIndex, WeightedRoads
from geo.snapping import DEFAULT_LIMIT_M
from geo.traffic import TRAFFIC_PROFILES, ArcTraffic
from geo.travel_matrix import UNREACHABLE, Float64, Int32, Snaps, TravelMatrix, Ways
from solver.graph import describe_core

_PROFILES_FOR_TEXT: Final = "car"


class RoadTravel:
    """``TravelProvider`` over road networks, exact (``solver.graph``) and cached on disk.

    A place is where its nearest road node is; the way from the place to that node is not counted.
    A place that is refused by the snap limit has no way to any other place. Durations are free
    flow unless ``with_factors`` says otherwise; milliseconds and millimeters are rounded half up
    at the very end. The same input gives the same figures, whatever the threads.

    Parameters
    ----------
    networks
        Road network of every profile that may be asked for.
    cache_dir
        Folder for prepared networks and matrices; by default ``SERVICENET_CACHE``, else the
        user's cache folder.
    snap_limit_m
        A place farther than this from any road is refused; by default 1 km, beyond which a place
        lies in the sea or has wrong coordinates.
    threads
        Threads for a matrix.
    """

    def __init__(
        self,
        networks: Mapping[str, RoadNetwork],
        *,
        cache_dir: Path | None = None,
        snap_limit_m: float = DEFAULT_LIMIT_M,
        threads: int = 1,
    ) -> None:
        self._networks = networks
        self._cache_dir = cache_dir or get_cache_dir()
        self._snap_limit_m = snap_limit_m
        self._threads = threads
        self._factors: dict[str, float] = {}
        self._indexes: dict[str, RoadIndex] = {}
        self._weighted: dict[str, WeightedRoads] = {}
        self._in_states: tuple[str, Regimes, tuple[WeightedRoads, ...]] | None = None

    @classmethod
    def from_file(
        cls,
        path: Path,
        *,
        cache_dir: Path | None = None,
        snap_limit_m: float = DEFAULT_LIMIT_M,
        threads: int = 1,
    ) -> RoadTravel:
        """Travel on a map file; a profile's network is read when it is first asked for.

        Parameters
        ----------
        path
            Map file, see ``geo.osm.read_network``.
        cache_dir, snap_limit_m, threads
            As for the class.
        """
        folder = cache_dir or get_cache_dir()
        return cls(
            MapFile(path, folder / "networks"),
            cache_dir=folder,
            snap_limit_m=snap_limit_m,
            threads=threads,
        )

    def with_factors(self, speed_factors: Mapping[str, float]) -> RoadTravel:
        """Return the same roads at other speeds, for instance those of another hour; quickly.

        Parameters
        ----------
        speed_factors
            Share of free-flow speed by highway class: 0.5 doubles the travel time. Classes that
            are not named keep their free-flow speed. Factors do not accumulate.

        Raises
        ------
        ValueError
            If a factor is not a positive number, or no profile has such a highway class.
        """
        known = set().union(*(profile.speed_kmh for profile in PROFILES.values()))
        unknown = sorted(set(speed_factors) - known)
        if unknown:
            raise ValueError(f"no highway class is called {unknown}; expected {sorted(known)}.")
        for name, factor in speed_factors.items():
            if not (math.isfinite(factor) and factor > 0.0):
                raise ValueError(f"speed factor of {name!r} is {factor}; expected > 0.")
        view = RoadTravel(
            self._networks,
            cache_dir=self._cache_dir,
            snap_limit_m=self._snap_limit_m,
            threads=self._threads,
        )
        view._factors = dict(speed_factors)
        view._indexes = self._indexes  # shared: whoever needs a hierarchy first builds it for all
        return view

    @property
    def estimated(self) -> bool:
        """False: these are roads."""
        return False

    @property
    def description(self) -> str:
        """Source of the roads, whether speeds are changed, whether the compiled core is missing."""
        parts = [f"roads: {self._any_network().source}", describe_core()]
        if self._factors:
            parts.append("speeds changed by road class")
        return "; ".join(parts)

    @property
    def attribution(self) -> str:
        """Notice of the map."""
        return self._any_network().attribution

    def get_network(self, profile: str) -> RoadNetwork:
        """Return the roads of ``profile``.

        Raises
        ------
        UnknownProfile
            If there are none.
        """
        return self._index(profile).network

    def snap(self, lonlat: Float64, profile: str) -> Snaps:
        """Say where each place meets the network, and how far away that is.

        Raises
        ------
        UnknownProfile
            If there is no network for ``profile``.
        ValueError
            If ``lonlat`` is not shape (m, 2) or a coordinate is not on the globe.
        """
        return self._index(profile).snapper.snap(lonlat)

    def matrix(self, lonlat: Float64, profile: str) -> TravelMatrix:
        """Return seconds and meters between all places.

        Raises
        ------
        UnknownProfile, ValueError
            As for ``snap``.
        """
        snaps = self.snap(lonlat, profile)
        durations_s, distances_m = self._tables(snaps, profile, self._roads(profile))
        return TravelMatrix(
            profile=profile, durations_s=durations_s, distances_m=distances_m, estimated=False
        )

    def regime_durations(
        self, lonlat: Float64, profile: str, regimes: Regimes
    ) -> tuple[Int32, ...]:
        """Return the seconds of the fastest ways of ``matrix`` in every state of traffic.

        The way stays the one that is fastest at free flow; of ways that are equally fast to the
        millisecond the one with the least time in that state. It costs a customization and a
        matrix per state (``solver.graph`` carries a second figure along fastest ways).

        Raises
        ------
        UnknownProfile, ValueError
            As for ``snap``.
        """
        snaps = self.snap(lonlat, profile)
        if profile not in TRAFFIC_PROFILES:
            free, _ = self._tables(snaps, profile, self._roads(profile))
            return tuple(free.copy() for _ in regimes.states)
        roads = self._roads_in(profile, regimes)
        return tuple(self._tables(snaps, profile, state)[1] for state in roads)

    def between(
        self, origins: Float64, destinations: Float64, profile: str, regimes: Regimes | None
    ) -> Ways:
        """Return travel from some places to others; see ``geo.traffic.FewWays``.

        Nothing is kept on disk. The roads of the states asked for last stay prepared.

        Raises
        ------
        UnknownProfile, ValueError
            As for ``snap``.
        """
        ends = self.snap(origins, profile), self.snap(destinations, profile)
        free = self._ways(ends, self._roads(profile))
        if regimes is None or profile not in TRAFFIC_PROFILES:
            return Ways(*free)
        states = zip(regimes.states, self._roads_in(profile, regimes), strict=True)
        return Ways(
            *free,
            tuple(
                free[0] if state.is_free_flow else self._ways(ends, roads)[1]
                for state, roads in states
            ),
        )

    def _ways(self, ends: tuple[Snaps, Snaps], roads: WeightedRoads) -> tuple[Int32, Int32]:
        """Return both figures of the fastest ways between two lists of snapped places."""
        rows, columns = (np.flatnonzero(~end.refused) for end in ends)
        ways = roads.metric.matrix(ends[0].node[rows], ends[1].node[columns], self._threads)
        tables = []
        for figures in (ways.durations_s, ways.distances_m):
            full = np.full((ends[0].node.size, ends[1].node.size), UNREACHABLE, np.int32)
            full[np.ix_(rows, columns)] = figures
            tables.append(full)
        return tables[0], tables[1]

    def _roads_in(self, profile: str, regimes: Regimes) -> tuple[WeightedRoads, ...]:
        """Return the roads in every state of traffic; those asked for last are kept."""
        if self._in_states is not None and self._in_states[:2] == (profile, regimes):
            return self._in_states[2]
        index = self._index(profile)
        traffic = ArcTraffic(index.network, regimes.areas)
        free_ms = compute_times(index.network, self._factors)
        along = (traffic.compute_times(free_ms, state) for state in regimes.states)
        roads = tuple(WeightedRoads(index, free_ms, times) for times in along)
        self._in_states = (profile, regimes, roads)
        return roads

    def _tables(self, snaps: Snaps, profile: str, roads: WeightedRoads) -> tuple[Int32, Int32]:
        """Return both figures of the fastest ways between snapped places."""
        usable = np.flatnonzero(~snaps.refused)
        nodes, place = np.unique(snaps.node[usable], return_inverse=True)
        first, second = self._index(profile).compute_ways(nodes, roads)
        size = snaps.node.size
        tables = []
        for table in (first, second):
            full = np.full((size, size), UNREACHABLE, np.int32)
            full[np.ix_(usable, usable)] = table[np.ix_(place, place)]
            np.fill_diagonal(full, 0)
            tables.append(full)
        return tables[0], tables[1]

    def leg_geometry(
        self, origin: tuple[float, float], destination: tuple[float, float], profile: str
    ) -> Float64:
        """Return the fastest way as shape (g, 2), longitude first, g >= 2, from node to node.

        Raises
        ------
        NoWay
            If a place is too far from any road, or no way joins them.
        UnknownProfile, ValueError
            As for ``snap``.
        """
        snaps = self.snap(np.array([origin, destination], dtype=np.float64), profile)
        if snaps.refused.any():
            far = int(np.flatnonzero(snaps.refused)[0])
            raise NoWay(
                f"{(origin, destination)[far]} lies {snaps.distance_m[far]:.0f} m from any road "
                f"of profile {profile}; the limit is {snaps.limit_m:.0f} m."
            )
        source, target = (int(node) for node in snaps.node)
        arcs = self._roads(profile).metric.find_path(source, target)
        if arcs is None:
            raise NoWay(f"No way of profile {profile} leads from {origin} to {destination}.")
        if arcs.size == 0:
            return np.column_stack((snaps.lon, snaps.lat))
        return _join_arcs(self.get_network(profile), arcs)

    def _any_network(self) -> RoadNetwork:
        """Return one network for texts: one already in use, else the car's, else the first."""
        for index in self._indexes.values():
            return index.network
        names = list(self._networks)
        name = _PROFILES_FOR_TEXT if _PROFILES_FOR_TEXT in names else names[0]
        return self._networks[name]

    def _index(self, profile: str) -> RoadIndex:
        if profile not in self._indexes:
            if profile not in list(self._networks):
                raise UnknownProfile(
                    f"No roads for travel profile {profile!r}; there are "
                    f"{', '.join(self._networks)}."
                )
            self._indexes[profile] = RoadIndex(
                self._networks[profile], self._snap_limit_m, self._cache_dir, self._threads
            )
        return self._indexes[profile]

    def _roads(self, profile: str) -> WeightedRoads:
        if profile not in self._weighted:
            index = self._index(profile)
            time_ms = compute_times(index.network, self._factors)
            self._weighted[profile] = WeightedRoads(index, time_ms)
        return self._weighted[profile]


def compute_times(network: RoadNetwork, speed_factors: Mapping[str, float]) -> NDArray[np.int64]:
    """Return travel times under speed factors by highway class.

    Parameters
    ----------
    network
        Roads, a arcs.
    speed_factors
        Share of free-flow speed by class; 1 where a class is not named.

    Returns
    -------
    NDArray
        Shape (a,), int64, milliseconds rounded half up, at least 1.
    """
    factor = np.array([speed_factors.get(name, 1.0) for name in network.classes])
    if (factor == 1.0).all():
        return network.free_flow_ms
    exact_ms = network.free_flow_ms / factor[network.road_class]
    time_ms: NDArray[np.int64] = np.maximum(np.floor(exact_ms + 0.5), 1.0).astype(np.int64)
    return time_ms


def _join_arcs(network: RoadNetwork, arcs: NDArray[np.int32]) -> Float64:
    """Return the points along ``arcs``; where two meet, the point appears once."""
    first = network.geometry_offset[arcs]
    last = network.geometry_offset[arcs + 1]
    points = [np.arange(a + 1, b) for a, b in zip(first.tolist(), last.tolist(), strict=True)]
    index = np.concatenate((first[:1], *points))
    return np.column_stack((network.geometry_lon[index], network.geometry_lat[index]))
