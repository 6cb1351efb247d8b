"""Travel by hour in ``travel.npz``: round trip and broken arrays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dispatch.adapters.files import read_travel, write_travel
from dispatch.domain.checks import Code
from dispatch.domain.travel_table import NO_WAY, TravelRegimes, TravelTable
from dispatch.errors import InvalidRequest
from dispatch.planning.travel import travel_digest

CAR = np.array([[0, 60], [NO_WAY, 0]], dtype=np.int32)
SLOW = np.array([[0, 90], [NO_WAY, 0]], dtype=np.int32)


def small_table() -> TravelTable:
    regimes = TravelRegimes(
        bucket_start_s=np.array([0, 3600, 7200], dtype=np.int32),
        bucket_regime=np.array([0, 1, 0], dtype=np.int32),
        durations_s={"car": (CAR.copy(), SLOW.copy()), "walk": ()},
    )
    return TravelTable(
        lonlat=np.array([[121.0, 31.0], [121.1, 31.1]]),
        durations_s={"car": CAR.copy(), "walk": CAR * 9},
        distances_m={"car": CAR * 9, "walk": CAR * 9},
        estimated=True,
        regimes=regimes,
    )


def sound_arrays(tmp_path: Path) -> dict[str, np.ndarray]:
    table = small_table()
    for figures in (table.durations_s, table.distances_m):
        for array in figures.values():
            array[array < 0] = NO_WAY
    write_travel(table, tmp_path / "travel.npz")
    with np.load(tmp_path / "travel.npz", allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def test_travel_by_hour_survives_its_file(tmp_path: Path) -> None:
    sound_arrays(tmp_path)
    found = read_travel(tmp_path / "travel.npz")
    assert found.regimes is not None
    assert found.regimes.bucket_start_s.tolist() == [0, 3600, 7200]
    assert found.regimes.bucket_regime.tolist() == [0, 1, 0]
    assert [table.tolist() for table in found.regimes.durations_s["car"]] == [
        CAR.tolist(),
        SLOW.tolist(),
    ]
    assert found.regimes.durations_s["walk"] == ()
    write_travel(found, tmp_path / "again.npz")
    assert travel_digest(read_travel(tmp_path / "again.npz")) == travel_digest(found)


def int32(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int32)


@pytest.mark.parametrize(
    ("name", "array", "code"),
    [
        ("bucket_start_s", None, Code.TRAVEL_KEY),
        ("bucket_regime", None, Code.TRAVEL_KEY),
        ("bucket_start_s", int32(0, 7200, 3600), Code.TRAVEL_SHAPE),
        ("bucket_start_s", int32(60, 3600, 7200), Code.TRAVEL_SHAPE),
        ("bucket_start_s", int32(), Code.TRAVEL_SHAPE),
        ("bucket_start_s", np.array([0.0, 1.0, 2.0]), Code.TRAVEL_SHAPE),
        ("bucket_regime", int32(0, 1), Code.TRAVEL_SHAPE),
        ("bucket_regime", int32(0, 6, 0), Code.TRAVEL_SHAPE),
        ("bucket_regime", int32(0, -1, 0), Code.TRAVEL_SHAPE),
        ("regime_durations_s_car", np.stack([CAR]), Code.TRAVEL_SHAPE),
        ("regime_durations_s_car", np.stack([CAR] * 7), Code.TRAVEL_SHAPE),
        ("regime_durations_s_car", CAR, Code.TRAVEL_SHAPE),
        ("regime_durations_s_car", np.stack([CAR, SLOW]).astype(np.int64), Code.TRAVEL_SHAPE),
        ("regime_durations_s_car", np.stack([CAR, np.abs(SLOW)]), Code.TRAVEL_SHAPE),
        ("regime_durations_s_car", np.stack([CAR, 2 * SLOW]), Code.TRAVEL_SHAPE),
    ],
)
def test_broken_arrays_by_hour_are_refused(
    tmp_path: Path, name: str, array: np.ndarray | None, code: Code
) -> None:
    arrays = {key: value for key, value in sound_arrays(tmp_path).items() if key != name}
    if array is not None:
        arrays[name] = array
    np.savez(tmp_path / "broken.npz", **arrays)  # type: ignore[arg-type] # named arrays
    with pytest.raises(InvalidRequest) as caught:
        read_travel(tmp_path / "broken.npz")
    assert [fault.code for fault in caught.value.faults] == [code]
    assert name in f"{caught.value.faults[0].where} {caught.value.faults[0].found}"
