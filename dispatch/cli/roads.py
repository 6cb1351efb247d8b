"""Where travel times come from: a map file, a place by name, or estimates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from geo.estimated import EstimatedTravel
from geo.matrix_provider import RoadTravel
from geo.network import RoadNetwork
from geo.osm import download_network
from geo.travel_matrix import TravelProvider

PROFILES = ("car", "ebike", "walk")


def make_travel(roads: Path | None, place: str | None, threads: int = 1) -> TravelProvider:
    """Return the provider the arguments ask for; estimates where they ask for none.

    Raises
    ------
    GeoError
        If the map cannot be read; profiles are read when they are first needed.
    """
    if roads is not None:
        return RoadTravel.from_file(roads, threads=threads)
    if place is not None:
        return RoadTravel(PlaceRoads(place), threads=threads)
    return EstimatedTravel()


class PlaceRoads(Mapping[str, RoadNetwork]):
    """Networks of a place by profile, each fetched when it is first asked for.

    Parameters
    ----------
    place
        Name that the geocoder understands.
    """

    def __init__(self, place: str) -> None:
        self._place = place
        self._fetched: dict[str, RoadNetwork] = {}

    def __getitem__(self, profile: str) -> RoadNetwork:
        """Return the roads of a profile.

        Raises
        ------
        GeoError
            If they cannot be fetched.
        """
        if profile not in PROFILES:
            raise KeyError(profile)
        if profile not in self._fetched:
            self._fetched[profile] = download_network(self._place, profile)
        return self._fetched[profile]

    def __iter__(self) -> Iterator[str]:
        return iter(PROFILES)

    def __len__(self) -> int:
        return len(PROFILES)
