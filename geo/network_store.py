"""Keep a network on disk as plain arrays, so that a map is read once.

One ``.npz`` file per map content, profile and reader version. Nothing in it is ever unpickled, and
a file whose digest does not match is thrown away and built again.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sys
import tempfile
import zipfile
from dataclasses import fields
from pathlib import Path

import numpy as np

from geo.build import compute_content_hash
from geo.errors import InvalidNetwork
from geo.network import RoadNetwork

READER_VERSION = 2
"""Raise whenever the same file would give another network; old caches then go unused."""

CACHE_VARIABLE = "SERVICENET_CACHE"
"""Environment variable that names the cache folder."""

_LOG = logging.getLogger(__name__)
_TEXTS = ("profile", "classes", "names", "source", "attribution", "content_hash")
_ARRAYS = tuple(f.name for f in fields(RoadNetwork) if f.name not in _TEXTS)
_DTYPES = {
    "tail": np.int32, "head": np.int32, "road_class": np.int16, "name": np.int32,
    "component": np.int32, "node_lon": np.float64, "node_lat": np.float64,
    "geometry_lon": np.float64, "geometry_lat": np.float64,
}  # fmt: skip


def get_cache_dir() -> Path:
    """Return the folder for caches: ``SERVICENET_CACHE``, else the user's cache folder."""
    named = os.environ.get(CACHE_VARIABLE)
    if named:
        return Path(named)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "servicenet"


def compute_cache_key(path: Path, profile: str) -> str:
    """Return the name under which the network of a map file is kept.

    Parameters
    ----------
    path
        Map file; its content and name count, its folder and date do not.
    profile
        Travel profile.
    """
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    text = f"{READER_VERSION} {profile} {path.name} {content}"
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def write_network(network: RoadNetwork, path: Path) -> None:
    """Write a network as ``.npz``; readers see the old file or the new one, never half of it.

    Raises
    ------
    OSError
        If the folder cannot be created or written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    texts = json.dumps({key: getattr(network, key) for key in _TEXTS}).encode()
    arrays = {key: getattr(network, key) for key in _ARRAYS}
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, allow_pickle=False, texts=np.frombuffer(texts, np.uint8), **arrays)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def read_stored_network(path: Path) -> RoadNetwork:
    """Read what ``write_network`` wrote.

    Raises
    ------
    InvalidNetwork
        If the file is damaged, foreign or does not match its digest.
    OSError
        If it cannot be opened.
    """
    try:
        # Opened here, because np.load leaves the file open when it is no archive.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            texts = json.loads(bytes(stored["texts"]).decode())
            arrays = {key: stored[key] for key in _ARRAYS}
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise InvalidNetwork(f"{path}: not a stored network ({error}).") from error
    for key, array in arrays.items():
        if array.dtype != _DTYPES.get(key, np.int64) or array.ndim != 1:
            raise InvalidNetwork(f"{path}: array {key!r} is {array.dtype}, {array.ndim}-d.")
        array.flags.writeable = False
    if set(texts) != set(_TEXTS):
        raise InvalidNetwork(f"{path}: texts {sorted(texts)}; expected {sorted(_TEXTS)}.")
    texts["classes"], texts["names"] = tuple(texts["classes"]), tuple(texts["names"])
    network = RoadNetwork(**texts, **arrays)
    if compute_content_hash(network) != network.content_hash:
        raise InvalidNetwork(f"{path}: the content does not match its digest.")
    return network


def find_stored_network(path: Path) -> RoadNetwork | None:
    """Return the stored network, or None if there is none that can be used.

    A damaged file is reported in the log; the caller builds the network again over it.
    """
    if not path.is_file():
        return None
    try:
        return read_stored_network(path)
    except (InvalidNetwork, OSError) as error:
        _LOG.warning("Network cache not used, the map is read again: %s", error)
        return None


def keep_network(network: RoadNetwork, path: Path) -> bool:
    """Store a network for next time; a cache that cannot be written is reported in the log.

    Returns
    -------
    bool
        Whether it was stored.
    """
    try:
        write_network(network, path)
    except OSError as error:
        _LOG.warning("Network not cached, the map will be read again next time: %s", error)
        return False
    return True
