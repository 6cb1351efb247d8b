"""A travel table is the same after it was a document."""

from __future__ import annotations

import json

import numpy as np
import pytest

from dispatch.domain.travel_document import TravelDocument, read_travel, write_travel
from dispatch.domain.travel_table import NO_WAY, TravelRegimes, TravelTable


def table(*, hours: bool) -> TravelTable:
    car = np.array([[0, 70_000, NO_WAY], [1, 0, 2], [3, 4, 0]], dtype=np.int32)
    regimes = TravelRegimes(
        np.array([0, 3600], dtype=np.int32),
        np.array([1, 0], dtype=np.int32),
        {"car": (car, car * 2), "walk": ()},
    )
    return TravelTable(
        lonlat=np.array([[121.02, 31.01], [121.03, 31.0], [-0.1, 51.5]]),
        durations_s={"car": car, "walk": car + 5},
        distances_m={"car": car * 9, "walk": car * 9},
        estimated=False,
        description="roads",
        attribution="of everybody",
        regimes=regimes if hours else None,
    )


@pytest.mark.parametrize("hours", [False, True])
def test_figures_survive_to_the_last_one(hours: bool) -> None:
    before = table(hours=hours)
    after = read_travel(TravelDocument.model_validate_json(write_travel(before).model_dump_json()))
    np.testing.assert_array_equal(after.lonlat, before.lonlat)
    for name in ("car", "walk"):
        np.testing.assert_array_equal(after.durations_s[name], before.durations_s[name])
        np.testing.assert_array_equal(after.distances_m[name], before.distances_m[name])
        assert after.durations_s[name].dtype == np.int32
    assert (after.estimated, after.description, after.attribution) == (
        before.estimated, before.description, before.attribution,
    )  # fmt: skip
    if before.regimes is None:
        assert after.regimes is None
        return
    assert after.regimes is not None
    np.testing.assert_array_equal(after.regimes.bucket_start_s, before.regimes.bucket_start_s)
    np.testing.assert_array_equal(after.regimes.bucket_regime, before.regimes.bucket_regime)
    assert after.regimes.durations_s["walk"] == ()
    for one, other in zip(
        after.regimes.durations_s["car"], before.regimes.durations_s["car"], strict=True
    ):
        np.testing.assert_array_equal(one, other)


def test_figures_of_another_number_of_places_are_refused() -> None:
    plain = json.loads(write_travel(table(hours=False)).model_dump_json())
    plain["lonlat"] = plain["lonlat"][:2]
    with pytest.raises(ValueError, match="reshape"):
        read_travel(TravelDocument.model_validate(plain))
