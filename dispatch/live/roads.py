"""Travel figures of a live day: new places and other traffic while the day runs."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from dispatch.domain import Day, Place, Traffic
from dispatch.domain.travel_table import TravelTable
from dispatch.live.growing import GrowingTable
from dispatch.planning.places import used_profiles
from dispatch.planning.rush_hours import (
    ask_for_regimes,
    check_hours,
    describe_hours,
    find_day_regimes,
)
from geo.regimes import Regimes
from geo.traffic import TRAFFIC_PROFILES, FewWays, TrafficProvider
from geo.travel_matrix import TravelProvider, Ways

FEW: Final = 40
"""New places that are asked for one by one; with more of them the whole table is made anew."""
KEPT: Final = 8
"""Days whose tables are kept."""

LonLat = NDArray[np.float64]


class Roads(Protocol):
    """Where a live day gets its travel figures from; safe between threads."""

    def table(self, day: Day, places: Sequence[Place]) -> TravelTable:
        """Return a table with at least these places, in the traffic of the day.

        A place no road is near has no way to any other. A few places more than last time cost two
        searches per place of the table and state of traffic; other traffic costs a table.

        Parameters
        ----------
        day
            The day as it stands; its traffic, horizon and travel profiles count.
        places
            From `dispatch.live.projection.places_of`, and those of visits to come.

        Raises
        ------
        InvalidRequest
            D7203 if the day has traffic and nothing is known about it.
        """


class LiveRoads:
    """Travel of live days over a provider: real roads, or estimates.

    Parameters
    ----------
    provider
        Roads, or estimates; with `geo.traffic.FewWays` a new place is asked about alone: among
        1 000 places on the roads of a city (25 000 nodes) some 12 ms of one core at free flow, some
        40 ms with five states of traffic.
    known
        Days with tables made before (the ``travel.npz`` of a plan): taken as they are for as long
        as the traffic of the day is the same, and extended by the provider.
    """

    def __init__(
        self, provider: TravelProvider, known: Iterable[tuple[Day, TravelTable]] = ()
    ) -> None:
        self._provider = provider
        self._known = [(_Key(day), table) for day, table in known if not check_hours(day, table)]
        self._tables: dict[_Key, GrowingTable] = {}
        self._lock = threading.Lock()

    @property
    def provider(self) -> TravelProvider:
        """Return where figures come from."""
        return self._provider

    def table(self, day: Day, places: Sequence[Place]) -> TravelTable:
        """Return a table with at least these places; see `Roads.table`."""
        key = _Key(day)
        wanted = {(place.lon, place.lat): None for place in places}
        with self._lock:
            growing = self._tables.pop(key, None) or self._given(key)
            missing = list(wanted) if growing is None else growing.missing(wanted)
            if growing is None or len(missing) > FEW or not growing.has_room(len(missing)):
                growing = GrowingTable(self._kept(growing, day, list(wanted), missing))
            elif missing:
                self._extend(growing, day, np.array(missing, dtype=np.float64))
            self._tables[key] = growing
            while len(self._tables) > KEPT:
                self._tables.pop(next(iter(self._tables)))
            return growing.table

    def _given(self, key: _Key) -> GrowingTable | None:
        table = next((table for of, table in self._known if of == key), None)
        return None if table is None else GrowingTable(table)

    def _kept(
        self,
        growing: GrowingTable | None,
        day: Day,
        wanted: list[tuple[float, float]],
        missing: list[tuple[float, float]],
    ) -> TravelTable:
        """Return a table of the wanted places; figures there are already are not asked for."""
        if growing is None or len(missing) > FEW:
            lonlat = np.array(sorted(wanted), dtype=np.float64).reshape(-1, 2)
            return table_of_places(day, self._provider, lonlat)
        smaller = GrowingTable(growing.only([one for one in wanted if one not in set(missing)]))
        if missing:
            self._extend(smaller, day, np.array(missing, dtype=np.float64))
        return smaller.table

    def _extend(self, growing: GrowingTable, day: Day, new: LonLat) -> None:
        regimes = find_day_regimes(day)
        every = np.concatenate((growing.table.lonlat, new))
        out: dict[str, Ways] = {}
        into: dict[str, Ways] = {}
        for profile in growing.table.durations_s:
            out[profile] = ways_between(self._provider, new, every, profile, regimes)
            into[profile] = ways_between(self._provider, every, new, profile, regimes)
        growing.add(new, out, into)


class _Key:
    """What two moments of a day must share to share a travel table."""

    def __init__(self, day: Day) -> None:
        self._id, self._traffic = day.id, day.traffic or Traffic(profile="none")
        self._rest = (day.horizon_start, day.horizon_end, day.zone, used_profiles(day))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and (self._id, self._traffic, self._rest) == (
            other._id,
            other._traffic,
            other._rest,
        )

    def __hash__(self) -> int:
        return hash((self._id, self._rest))


def ways_between(
    provider: TravelProvider,
    origins: LonLat,
    destinations: LonLat,
    profile: str,
    regimes: Regimes | None,
) -> Ways:
    """Return travel from some places to others, whatever the provider.

    A provider without `geo.traffic.FewWays` is asked for the whole matrix of both.
    """
    if isinstance(provider, FewWays):
        return provider.between(origins, destinations, profile, regimes)
    rows, columns = slice(0, len(origins)), slice(len(origins), None)
    every = np.concatenate((origins, destinations))
    matrix = provider.matrix(every, profile)
    states: tuple[NDArray[np.int32], ...] = ()
    if regimes is not None and profile in TRAFFIC_PROFILES:
        if not isinstance(provider, TrafficProvider):
            raise TypeError("a provider without traffic; the first table would have been refused")
        states = provider.regime_durations(every, profile, regimes)
    return Ways(
        matrix.durations_s[rows, columns],
        matrix.distances_m[rows, columns],
        tuple(seconds[rows, columns] for seconds in states),
    )


def table_of_places(day: Day, provider: TravelProvider, lonlat: LonLat) -> TravelTable:
    """Return travel between places in the traffic of a day; nothing of the day is checked.

    Parameters
    ----------
    lonlat
        Shape (m, 2), distinct places.

    Raises
    ------
    InvalidRequest
        D7203 if the day has traffic and the provider knows none.
    """
    matrices = {profile: provider.matrix(lonlat, profile) for profile in used_profiles(day)}
    durations = {name: matrix.durations_s for name, matrix in matrices.items()}
    hours = describe_hours(day, estimated=provider.estimated)
    return TravelTable(
        lonlat=lonlat,
        durations_s=durations,
        distances_m={name: matrix.distances_m for name, matrix in matrices.items()},
        estimated=provider.estimated,
        description="; ".join(filter(None, (provider.description, hours))),
        attribution=provider.attribution,
        regimes=ask_for_regimes(day, provider, lonlat, durations),
    )
