"""A real city that arrives with a dependency: La Serena and Coquimbo, from ``aequilibrae``.

The wheel carries an AequilibraE project of the twin cities in Chile: streets from OpenStreetMap
and 133 zones with 452 000 inhabitants. Only its SQLite file is used; the package is not imported.
"""

from __future__ import annotations

import importlib.util
import os
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd

from geo.matrix_provider import RoadTravel
from geo.network import RoadNetwork
from geo.network_store import get_cache_dir
from scenarios.demand import Demand, build_zone_demand
from scenarios.errors import DataUnavailable

MEMBER = "project_database.sqlite"
ARCHIVE = Path("reference_files") / "coquimbo.zip"
ZONE = "America/Santiago"
HINT = "pip install 'servicenet[demo]'"


def find_archive() -> Path | None:
    """Return the archive in the installed ``aequilibrae``, None if that is not installed."""
    found = importlib.util.find_spec("aequilibrae")
    folders = (found.submodule_search_locations or []) if found else []
    archives = (Path(folder) / ARCHIVE for folder in folders)
    return next((archive for archive in archives if archive.is_file()), None)


def unpack_project(folder: Path | None = None) -> Path:
    """Return the project's database, unpacked once into a cache folder.

    Parameters
    ----------
    folder
        Where to; None takes the cache folder of the road networks.

    Raises
    ------
    DataUnavailable
        If ``aequilibrae`` is not installed or carries no such city.
    """
    archive = find_archive()
    if archive is None:
        raise DataUnavailable(f"The city of the demonstration comes with aequilibrae: {HINT}.")
    with zipfile.ZipFile(archive) as bundle:
        try:
            member = bundle.getinfo(MEMBER)
        except KeyError as error:
            raise DataUnavailable(f"{archive}: no {MEMBER} in it; expected aequilibrae 1.7.") from (
                error
            )
        # the checksum in the name: another version of the wheel gets a file of its own
        target = (folder or get_cache_dir()) / f"coquimbo-{member.CRC:08x}.sqlite"
        if not (target.is_file() and target.stat().st_size == member.file_size):
            _unpack(bundle, member, target)
    return target


@dataclass(frozen=True)
class City:
    """The twin cities, ready to plan on."""

    network: RoadNetwork
    travel: RoadTravel
    database: Path


def read_city() -> City:
    """Unpack the city and read its roads.

    Raises
    ------
    DataUnavailable
        If ``aequilibrae`` is not installed.
    """
    database = unpack_project()
    travel = RoadTravel.from_file(database)
    return City(travel.get_network("car"), travel, database)


def read_demand(database: Path, network: RoadNetwork) -> Demand:
    """Return where the people of the twin cities live, on the streets of ``network``."""
    return build_zone_demand(network, gpd.read_file(database, layer="zones"))


def _unpack(bundle: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    """Write beside the target first: two processes at once never see half a file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=target.stem)
    with os.fdopen(handle, "wb") as file:
        file.write(bundle.read(member))
    Path(name).replace(target)
