"""Travel by hour as arrays of ``travel.npz``: buckets, and one matrix per profile and regime.

``bucket_start_s``, ``bucket_regime``, and ``regime_durations_s_<profile>`` of shape (regimes, m, m)
for every profile that traffic concerns. A file without ``bucket_start_s`` has no travel by hour.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dispatch.domain.travel_table import NO_WAY, TravelRegimes

MAX_REGIMES = 6
"""Most regimes of a table (docs/semantics.md)."""

Arrays = Mapping[str, NDArray[Any]]
Fault = tuple[str, NDArray[Any] | None, str]
"""Name of an array, the array if it is there, and what was expected."""


def pack_regimes(regimes: TravelRegimes | None) -> dict[str, NDArray[Any]]:
    """Return the arrays of travel by hour; none without it."""
    if regimes is None:
        return {}
    arrays: dict[str, NDArray[Any]] = {
        "bucket_start_s": np.asarray(regimes.bucket_start_s, dtype=np.int32),
        "bucket_regime": np.asarray(regimes.bucket_regime, dtype=np.int32),
    }
    for profile, tables in sorted(regimes.durations_s.items()):
        if tables:
            arrays[_name(profile)] = np.stack(tables)
    return arrays


def unpack_regimes(arrays: Arrays, profiles: Sequence[str]) -> TravelRegimes | None:
    """Return travel by hour of sound arrays, None where there is none."""
    if "bucket_start_s" not in arrays:
        return None
    return TravelRegimes(
        bucket_start_s=arrays["bucket_start_s"],
        bucket_regime=arrays["bucket_regime"],
        durations_s={
            profile: tuple(np.ascontiguousarray(table) for table in arrays.get(_name(profile), ()))
            for profile in profiles
        },
    )


def find_regime_faults(arrays: Arrays) -> Iterator[Fault]:
    """Yield what is wrong with the arrays of travel by hour; the others are sound.

    Parameters
    ----------
    arrays
        All arrays of a file.
    """
    profiles = [str(profile) for profile in arrays["profiles"]]
    tables = [_name(profile) for profile in profiles if _name(profile) in arrays]
    names = ("bucket_start_s", "bucket_regime")
    if not any(name in arrays for name in (*names, *tables)):
        return
    missing = [name for name in names if name not in arrays]
    yield from ((name, None, f"an array {name} beside the others by hour") for name in missing)
    if missing:
        return
    broken = _find_bucket_fault(arrays["bucket_start_s"], arrays["bucket_regime"])
    if broken is not None:
        yield broken
        return
    count = int(arrays["bucket_regime"].max()) + 1
    for profile in profiles:
        if _name(profile) in arrays:
            yield from _find_table_faults(arrays, profile, count)


def _find_bucket_fault(start: NDArray[Any], regime: NDArray[Any]) -> Fault | None:
    if start.dtype != np.int32 or start.ndim != 1 or not start.size:
        return "bucket_start_s", start, "shape (c,), int32, at least one bucket"
    if start[0] != 0 or (np.diff(start) <= 0).any():
        return "bucket_start_s", start, "ascending seconds, the first 0"
    if regime.dtype != np.int32 or regime.shape != start.shape:
        return "bucket_regime", regime, f"shape {start.shape}, int32"
    if regime.min() < 0 or regime.max() >= MAX_REGIMES:
        return "bucket_regime", regime, f"values from 0 to {MAX_REGIMES - 1}"
    return None


def _find_table_faults(arrays: Arrays, profile: str, count: int) -> Iterator[Fault]:
    """Yield faults of one profile; tables of regimes no bucket has are allowed."""
    name, free = _name(profile), arrays[f"durations_s_{profile}"]
    stack = arrays[name]
    if stack.dtype != np.int32 or stack.ndim != 3 or stack.shape[1:] != free.shape:
        yield name, stack, f"shape (regimes, {free.shape[0]}, {free.shape[1]}), int32"
    elif not count <= stack.shape[0] <= MAX_REGIMES:
        yield name, stack, f"{count} to {MAX_REGIMES} regimes"
    elif (stack < NO_WAY).any():
        yield name, stack, f"values of at least {NO_WAY}"
    elif ((stack == NO_WAY) != (free == NO_WAY)).any():
        yield name, stack, f"{NO_WAY} exactly where durations_s_{profile} has it"


def _name(profile: str) -> str:
    return f"regime_durations_s_{profile}"
