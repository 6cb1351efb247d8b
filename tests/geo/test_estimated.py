"""Travel without a map."""

from __future__ import annotations

import numpy as np
import pytest

from geo.errors import UnknownProfile
from geo.estimated import EstimatedTravel
from geo.travel_matrix import TravelProvider

# One degree along a meridian: 6 371 008.8 m x pi / 180 = 111 195.08 m.
PLACES = np.array([[114.0, 30.0], [114.0, 31.0]])


def test_distance_is_the_great_circle_times_the_detour() -> None:
    matrix = EstimatedTravel(detour_factor=1.3).matrix(PLACES, "car")
    # 111 195.08 x 1.3 = 144 553.6 -> 144 554 m; at 30 km/h 144 553.6 / 8.3333 = 17 346.4 s
    assert matrix.distances_m.tolist() == [[0, 144_554], [144_554, 0]]
    assert matrix.durations_s.tolist() == [[0, 17_346], [17_346, 0]]
    assert matrix.estimated
    assert matrix.distances_m.dtype == np.int32


def test_each_profile_has_its_speed() -> None:
    travel = EstimatedTravel(1.0, {"car": 40.0, "walk": 4.0})
    car, walk = (travel.matrix(PLACES, name).durations_s[0, 1] for name in ("car", "walk"))
    # 111 195.08 m at 4 km/h: 100 075.57 s; at 40 km/h: 10 007.6 s
    assert (car, walk) == (10_008, 100_076)


def test_it_always_says_that_it_estimates() -> None:
    travel: TravelProvider = EstimatedTravel()
    assert travel.estimated
    assert travel.description.startswith("estimated: great circle × 1.3; car 30 km/h")
    assert travel.attribution == ""


def test_places_are_where_they_are() -> None:
    snaps = EstimatedTravel().snap(PLACES, "walk")
    assert not snaps.refused.any()
    assert snaps.lat.tolist() == [30.0, 31.0]
    line = EstimatedTravel().leg_geometry((114.0, 30.0), (114.0, 31.0), "car")
    assert np.array_equal(line, PLACES)


def test_many_places_are_the_same_as_few() -> None:
    rng = np.random.default_rng(1)
    places = np.column_stack((rng.uniform(113, 115, 700), rng.uniform(30, 31, 700)))
    travel = EstimatedTravel()
    whole = travel.matrix(places, "car")
    part = travel.matrix(places[600:], "car")
    assert np.array_equal(whole.distances_m[600:, 600:], part.distances_m)
    assert np.array_equal(whole.durations_s, whole.durations_s.T)


def test_broken_input_is_named() -> None:
    with pytest.raises(UnknownProfile, match="'boat'; there are car, ebike, walk"):
        EstimatedTravel().matrix(PLACES, "boat")
    with pytest.raises(ValueError, match=r"row 1 is \[30.0, 114.0\]"):
        EstimatedTravel().matrix(np.array([[114.0, 30.0], [30.0, 114.0]]), "car")
    with pytest.raises(ValueError, match=r"shape \(3,\)"):
        EstimatedTravel().matrix(np.zeros(3), "car")
    with pytest.raises(ValueError, match=r"detour_factor is 0\.9"):
        EstimatedTravel(detour_factor=0.9)
    with pytest.raises(ValueError, match=r"speed of 'car' is 0\.0 km/h"):
        EstimatedTravel(speeds_kmh={"car": 0.0})
