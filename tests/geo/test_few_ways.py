"""`between` gives the very figures of `matrix` and `regime_durations`, whoever is asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from geo.errors import UnknownProfile
from geo.estimated import EstimatedTravel
from geo.matrix_provider import RoadTravel
from geo.regimes import Regimes, TrafficArea, TrafficState
from geo.traffic import FewWays, TrafficProvider
from geo.travel_matrix import UNREACHABLE
from tests.networks import make_square, make_town

START = datetime(2026, 3, 2, tzinfo=UTC)
RING = ((8.61, 49.41), (8.64, 49.41), (8.64, 49.44), (8.61, 49.44))
AREA = TrafficArea("center", RING, START, START + timedelta(hours=9), 50)
STATES = (
    TrafficState((1.0,) * 6, (1.0,)),
    TrafficState((1.0, 0.5, 0.6, 1.0, 0.8, 0.7), (1.0,)),
    TrafficState((1.0, 0.9, 0.6, 1.0, 0.8, 0.3), (0.5,)),
)
REGIMES = Regimes((0, 3600, 7200), (0, 1, 2), STATES, (AREA,), 3)


def town_travel(folder: Path) -> tuple[RoadTravel, np.ndarray]:
    """A town by car and on foot, and places in it: two at one node, one far from any road."""
    town = make_town(10, seed=6)
    nodes = np.random.default_rng(2).permutation(100)[:24]
    places = np.column_stack((town.node_lon[nodes], town.node_lat[nodes]))
    places = np.vstack((places, places[:1] + 1e-5, [[9.5, 49.4]]))
    return RoadTravel({"car": town}, cache_dir=folder), places


def check_same(
    provider: RoadTravel | EstimatedTravel, places: np.ndarray, profile: str, cut: int
) -> None:
    """The first ``cut`` places to all others, and back."""
    assert isinstance(provider, FewWays)
    assert isinstance(provider, TrafficProvider)
    matrix = provider.matrix(places, profile)
    states = provider.regime_durations(places, profile, REGIMES)
    few, many = slice(0, cut), slice(cut, None)
    for rows, columns in ((few, many), (many, few)):
        ways = provider.between(places[rows], places[columns], profile, REGIMES)
        assert ways.durations_s.dtype == np.int32
        assert np.array_equal(ways.durations_s, matrix.durations_s[rows, columns])
        assert np.array_equal(ways.distances_m, matrix.distances_m[rows, columns])
        free = provider.between(places[rows], places[columns], profile, None)
        assert np.array_equal(free.durations_s, ways.durations_s)
        assert free.in_states_s == ()
        if profile == "car":
            assert len(ways.in_states_s) == len(states) == 3
            for one, whole in zip(ways.in_states_s, states, strict=True):
                assert np.array_equal(one, whole[rows, columns])
        else:
            assert ways.in_states_s == ()


@pytest.mark.parametrize("cut", [1, 7])
def test_roads_say_the_same_about_few_ways_and_about_all(tmp_path: Path, cut: int) -> None:
    travel, places = town_travel(tmp_path)
    check_same(travel, places, "car", cut)
    check_same(travel, places[::-1], "car", cut)
    # The states differ, or the test says nothing.
    first, second, third = travel.regime_durations(places, "car", REGIMES)
    assert (second > first).any()
    assert (third != second).any()


@pytest.mark.parametrize("profile", ["car", "ebike", "walk"])
def test_estimates_say_the_same_about_few_ways_and_about_all(profile: str, tmp_path: Path) -> None:
    _, places = town_travel(tmp_path)
    check_same(EstimatedTravel(), places, profile, 3)


def test_a_lost_corner_and_a_refused_place_are_masked_in_every_state(tmp_path: Path) -> None:
    square = make_square()
    travel = RoadTravel({"car": square}, cache_dir=tmp_path)
    places = np.column_stack((square.node_lon[[0, 2, 4]], square.node_lat[[0, 2, 4]]))
    places = np.vstack((places, [[114.30, 30.61]]))
    ways = travel.between(places[:1], places, "car", REGIMES)
    # As in tests/geo/test_matrix_provider.py: 0 -> 2 takes 201 s over 2000 m; itself 0.
    assert ways.durations_s.tolist() == [[0, 201, UNREACHABLE, UNREACHABLE]]
    assert ways.distances_m.tolist() == [[0, 2000, UNREACHABLE, UNREACHABLE]]
    for seconds in ways.in_states_s:
        assert seconds[0, [0, 2, 3]].tolist() == [0, UNREACHABLE, UNREACHABLE]
    # Primary at 0.6: (100 500 + 100 000) ms / 0.6 = 334 167 ms on the same way.
    assert ways.in_states_s[1][0, 1] == 334


def test_no_places_have_no_ways_and_an_unknown_profile_is_refused(tmp_path: Path) -> None:
    travel, places = town_travel(tmp_path)
    for provider in (travel, EstimatedTravel()):
        ways = provider.between(places[:0], places, "car", REGIMES)
        assert ways.durations_s.shape == (0, len(places))
        assert [one.shape for one in ways.in_states_s] == [(0, len(places))] * 3
        with pytest.raises(UnknownProfile):
            provider.between(places[:1], places, "boat", None)
