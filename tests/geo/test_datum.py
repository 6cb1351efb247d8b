"""WGS 84 and GCJ-02."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.datum import EAST, NORTH, SOUTH, WEST, gcj02_to_wgs84, wgs84_to_gcj02
from geo.sphere import great_circle_m

# Published pairs of the eviltransform project's own tests (googollee/eviltransform, MIT):
# WGS 84 longitude, latitude, GCJ-02 longitude, latitude.
PUBLISHED = [
    (121.5272106, 31.1774276, 121.531541859215, 31.17530398364597),  # Shanghai
    (113.912316, 22.543847, 113.9171764808363, 22.540796131694766),  # Shenzhen
    (116.377817, 39.911954, 116.38404722455657, 39.91334545536069),  # Beijing
]


@pytest.mark.parametrize(("lon", "lat", "gcj_lon", "gcj_lat"), PUBLISHED)
def test_published_pairs_are_met_in_both_directions(
    lon: float, lat: float, gcj_lon: float, gcj_lat: float
) -> None:
    there = wgs84_to_gcj02(lon, lat)
    assert float(there[0]) == pytest.approx(gcj_lon, abs=1e-9)
    assert float(there[1]) == pytest.approx(gcj_lat, abs=1e-9)
    back = gcj02_to_wgs84(gcj_lon, gcj_lat)
    assert float(back[0]) == pytest.approx(lon, abs=1e-9)
    assert float(back[1]) == pytest.approx(lat, abs=1e-9)


@given(st.floats(WEST, EAST), st.floats(SOUTH, NORTH))
def test_there_and_back_is_the_same_place(lon: float, lat: float) -> None:
    back = gcj02_to_wgs84(*wgs84_to_gcj02(lon, lat))
    assert abs(float(back[0]) - lon) < 1e-9
    assert abs(float(back[1]) - lat) < 1e-9


def test_cities_move_by_one_to_seven_hundred_meters() -> None:
    # Beijing, Shanghai, Wuhan, Hangzhou, Nanning, Guangzhou, Chengdu, Harbin, Urumqi, Lhasa
    lon = np.array([116.40, 121.47, 114.30, 120.15, 108.37, 113.26, 104.07, 126.53, 87.62, 91.17])
    lat = np.array([39.90, 31.23, 30.59, 30.27, 22.82, 23.13, 30.67, 45.80, 43.83, 29.65])
    moved_m = great_circle_m(lon, lat, *wgs84_to_gcj02(lon, lat))
    assert moved_m.min() > 100.0
    assert moved_m.max() < 700.0


@given(st.floats(-180.0, WEST - 0.06) | st.floats(EAST + 0.06, 180.0), st.floats(-90.0, 90.0))
def test_outside_the_box_nothing_moves(lon: float, lat: float) -> None:
    for convert in (wgs84_to_gcj02, gcj02_to_wgs84):
        x, y = convert(lon, lat)
        assert (float(x), float(y)) == (lon, lat)


def test_arrays_keep_their_shape_and_missing_values_stay_missing() -> None:
    lon = np.array([[116.4, np.nan, 2.35]])
    lat = np.array([[39.9, 39.9, 48.85]])
    x, y = gcj02_to_wgs84(lon, lat)
    assert x.shape == y.shape == (1, 3)
    assert np.isnan(x[0, 1])
    assert (x[0, 2], y[0, 2]) == (2.35, 48.85)
    assert lon[0, 0] == 116.4  # the caller's array is left alone
    assert wgs84_to_gcj02(np.empty(0), np.empty(0))[0].shape == (0,)
