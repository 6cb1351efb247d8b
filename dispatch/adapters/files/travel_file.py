"""``travel.npz``: the travel table a plan was made with (docs/semantics.md, last section)."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dispatch.adapters.files.atomic import write_atomically
from dispatch.adapters.files.travel_hours import find_regime_faults, pack_regimes, unpack_regimes
from dispatch.domain.checks import Code, FaultList
from dispatch.domain.travel_table import NO_WAY, TravelTable
from dispatch.errors import InvalidRequest

MAX_TRAVEL_BYTES = 2_000_000_000
"""Largest travel table, unpacked; about 15 000 places of one profile, 8 000 by hour."""
_PLAIN = ("lonlat", "profiles", "estimated", "description", "attribution")
_FORMS = {"lonlat": ("f", 2), "profiles": ("U", 1), "estimated": ("b", 0)}
_FORMS |= {"description": ("U", 0), "attribution": ("U", 0)}

Arrays = Mapping[str, NDArray[Any]]


def write_travel(table: TravelTable, path: Path) -> None:
    """Write a travel table as compressed arrays, in one step; no pickled objects."""
    profiles = sorted(table.durations_s)
    arrays: dict[str, Any] = {
        "lonlat": table.lonlat,
        "profiles": np.array(profiles, dtype=np.str_),
        "estimated": np.array(table.estimated),
        "description": np.array(table.description, dtype=np.str_),
        "attribution": np.array(table.attribution, dtype=np.str_),
    }
    for profile in profiles:
        arrays[f"durations_s_{profile}"] = table.durations_s[profile]
        arrays[f"distances_m_{profile}"] = table.distances_m[profile]
    arrays |= pack_regimes(table.regimes)
    write_atomically(path, lambda file: np.savez_compressed(file, **arrays))


def read_travel(path: Path) -> TravelTable:
    """Return the travel table of a file.

    Parameters
    ----------
    path
        ``travel.npz``.

    Raises
    ------
    InvalidRequest
        No such file, no archive of arrays, too large, or arrays missing or of the wrong form.
    """
    faults = FaultList()
    arrays = _read_arrays(path, faults)
    table = None
    if arrays is not None and _sound(path, arrays, faults):
        profiles = [str(profile) for profile in arrays["profiles"]]
        table = TravelTable(
            lonlat=np.ascontiguousarray(arrays["lonlat"], dtype=np.float64),
            durations_s={name: arrays[f"durations_s_{name}"] for name in profiles},
            distances_m={name: arrays[f"distances_m_{name}"] for name in profiles},
            estimated=bool(arrays["estimated"]),
            description=str(arrays["description"]),
            attribution=str(arrays["attribution"]),
            regimes=unpack_regimes(arrays, profiles),
        )
    if table is None:
        raise InvalidRequest(faults.faults)
    return table


def _read_arrays(path: Path, faults: FaultList) -> Arrays | None:
    expected = "an archive of arrays (.npz) without pickled objects"
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > MAX_TRAVEL_BYTES:
            most = f"at most {MAX_TRAVEL_BYTES:,} bytes"
            faults.add(Code.FILE_TOO_LARGE, path.name, f"{size:,} bytes unpacked", most)
            return None
        with np.load(path, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except FileNotFoundError:
        faults.add(Code.FILE_MISSING, path.name, "no such file", "a travel table")
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, NotImplementedError) as error:
        found = f"a file that does not open ({type(error).__name__})"
        faults.add(Code.TRAVEL_FILE, path.name, found, expected, "Make the plan again.")
    return None


def _sound(path: Path, arrays: Arrays, faults: FaultList) -> bool:
    names = [name for name in _PLAIN if name not in arrays]
    if "profiles" in arrays:
        for profile in np.atleast_1d(arrays["profiles"]):
            pair = (f"durations_s_{profile}", f"distances_m_{profile}")
            names += [name for name in pair if name not in arrays]
    for name in names:
        faults.add(Code.TRAVEL_KEY, path.name, f"no array {name}", f"an array {name}")
    if names:
        return False
    for name, (kind, dimensions) in _FORMS.items():
        array = arrays[name]
        if array.dtype.kind != kind or array.ndim != dimensions:
            _report_form(path, name, array, f"{dimensions} dimension(s) of kind {kind}", faults)
    if not faults.faults:
        _check_places(path, arrays, faults)
    return not faults.faults


def _check_places(path: Path, arrays: Arrays, faults: FaultList) -> None:
    lonlat = arrays["lonlat"]
    count = len(lonlat)
    if lonlat.shape != (count, 2) or not np.isfinite(lonlat).all():
        _report_form(path, "lonlat", lonlat, "shape (m, 2), finite", faults)
    for profile in arrays["profiles"]:
        for name in (f"durations_s_{profile}", f"distances_m_{profile}"):
            array = arrays[name]
            if array.dtype != np.int32 or array.shape != (count, count):
                _report_form(path, name, array, f"shape ({count}, {count}), int32", faults)
            elif array.size and int(array.min()) < NO_WAY:
                _report_form(path, name, array, f"values of at least {NO_WAY}", faults)
    if faults.faults:
        return
    for name, found, expected in find_regime_faults(arrays):
        if found is None:
            faults.add(Code.TRAVEL_KEY, path.name, f"no array {name}", expected)
        else:
            _report_form(path, name, found, expected, faults)


def _report_form(
    path: Path, name: str, array: NDArray[Any], expected: str, faults: FaultList
) -> None:
    found = f"shape {array.shape}, {array.dtype}"
    if array.size and array.dtype.kind == "i":
        found += f", least value {int(array.min())}"
    faults.add(Code.TRAVEL_SHAPE, f"{path.name} array {name}", found, expected)
