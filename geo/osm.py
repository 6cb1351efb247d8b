"""A map file or a place name → the road network of a profile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from geo.build import build_network
from geo.errors import InvalidNetwork, SourceUnavailable
from geo.network import RoadNetwork
from geo.network_store import (
    compute_cache_key,
    find_stored_network,
    get_cache_dir,
    keep_network,
)
from geo.osm_xml import read_osm_xml
from geo.osmnx_graph import download_roads, read_graphml, to_osmnx
from geo.pbf import read_pbf
from geo.profiles import get_profile
from geo.project_sqlite import read_project
from geo.roads import Roads

__all__ = ["READERS", "download_network", "read_network", "to_osmnx"]

READERS: Mapping[str, Callable[[Path], Roads]] = MappingProxyType(
    {
        ".pbf": read_pbf,
        ".osm": read_osm_xml,
        ".graphml": read_graphml,
        ".sqlite": read_project,
    }
)
"""Reader by the end of the file name."""


def read_network(path: Path, profile: str = "car", *, cache_dir: Path | None = None) -> RoadNetwork:
    """Return the road network of a map file, from the cache if the same file was read before.

    Parameters
    ----------
    path
        ``.osm.pbf`` or ``.osm`` extract, ``.graphml`` written by OSMnx, or the ``.sqlite``
        database of an AequilibraE project.
    profile
        ``"car"``, ``"ebike"`` or ``"walk"``.
    cache_dir
        Folder for networks as arrays; by default ``SERVICENET_CACHE``, else the user's cache
        folder.

    Raises
    ------
    UnknownProfile
        If the profile is not defined.
    SourceUnavailable
        If the file does not exist or cannot be opened.
    InvalidNetwork
        If the file is empty, damaged, of another kind, or has no road for the profile.
    """
    traveler = get_profile(profile)
    _check_file(path)
    stored = (cache_dir or get_cache_dir() / "networks") / (
        compute_cache_key(path, profile) + ".npz"
    )
    network = find_stored_network(stored)
    if network is None:
        try:
            roads = READERS[path.suffix](path)
        except OSError as error:
            raise SourceUnavailable(f"{path}: cannot be read ({error}).") from error
        network = build_network(roads, traveler)
        keep_network(network, stored)
    return network


def _check_file(path: Path) -> None:
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "does not exist"
        raise SourceUnavailable(f"{path}: {what}. Expected a map file ({', '.join(READERS)}).")
    if path.suffix not in READERS:
        raise InvalidNetwork(
            f"{path}: unknown kind of map file {path.suffix!r}; expected {', '.join(READERS)}."
        )
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except OSError as error:
        raise SourceUnavailable(f"{path}: cannot be opened ({error}).") from error
    if empty:
        raise InvalidNetwork(f"{path}: the file is empty.")


def download_network(place_name: str, profile: str = "car") -> RoadNetwork:
    """Return the road network of a place, fetched from OpenStreetMap through OSMnx.

    Parameters
    ----------
    place_name
        Name that the geocoder understands, for instance ``"La Serena, Chile"``.
    profile
        ``"car"``, ``"ebike"`` or ``"walk"``.

    Raises
    ------
    UnknownProfile
        If the profile is not defined.
    SourceUnavailable
        If there is no network; the text says what was tried.
    InvalidNetwork
        If the place is unknown or has no road for the profile.
    """
    traveler = get_profile(profile)
    return build_network(download_roads(place_name, traveler), traveler)
