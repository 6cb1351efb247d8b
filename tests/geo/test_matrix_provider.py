"""Travel over roads: figures, snapping, geometry, other hours."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from geo.errors import NoWay, UnknownProfile
from geo.matrix_provider import RoadTravel
from geo.network import RoadNetwork
from geo.retiming import Retimer, retime
from geo.travel_matrix import UNREACHABLE, TravelProvider
from tests.data_root import data_or_skip
from tests.networks import make_square, make_town


def at(network: RoadNetwork, *nodes: int) -> np.ndarray:
    return np.column_stack((network.node_lon[list(nodes)], network.node_lat[list(nodes)]))


@pytest.fixture
def square() -> RoadNetwork:
    return make_square()


@pytest.fixture
def travel(square: RoadNetwork, tmp_path: Path) -> RoadTravel:
    return RoadTravel({"car": square}, cache_dir=tmp_path)


def test_the_matrix_holds_seconds_and_meters_of_the_fastest_way(
    travel: RoadTravel, square: RoadNetwork
) -> None:
    matrix = travel.matrix(at(square, 0, 2, 3), "car")
    # 0 -> 2 by way of 1: 200.5 s -> 201, 2000 m (the diagonal takes 300 s); 0 -> 3: 300.5 -> 301.
    # 2 -> 0: 200 s, 2000.4 m -> 2000; 3 -> 2: 100 + 200.5 = 300.5 -> 301, 3000.4 -> 3000 m.
    assert matrix.durations_s.tolist() == [[0, 201, 301], [200, 0, 100], [100, 301, 0]]
    assert matrix.distances_m.tolist() == [[0, 2000, 3000], [2000, 0, 1000], [1000, 3000, 0]]
    assert matrix.durations_s.dtype == np.int32
    assert matrix.distances_m.dtype == np.int32
    assert (matrix.profile, matrix.estimated) == ("car", False)


def test_places_without_a_way_are_masked(travel: RoadTravel, square: RoadNetwork) -> None:
    matrix = travel.matrix(at(square, 0, 4), "car")
    assert matrix.durations_s.tolist() == [[0, UNREACHABLE], [UNREACHABLE, 0]]
    assert matrix.reachable.tolist() == [[True, False], [False, True]]


def test_a_refused_place_reaches_nothing(travel: RoadTravel, square: RoadNetwork) -> None:
    # 0.1 degree north is 11 km from any road.
    places = np.vstack((at(square, 0, 2), [[114.30, 30.61]]))
    assert travel.snap(places, "car").refused.tolist() == [False, False, True]
    matrix = travel.matrix(places, "car")
    assert matrix.distances_m[2].tolist() == [UNREACHABLE, UNREACHABLE, 0]
    assert matrix.distances_m[:, 2].tolist() == [UNREACHABLE, UNREACHABLE, 0]
    assert matrix.durations_s[0, 1] == 201


def test_two_places_at_one_node_are_no_way_apart(travel: RoadTravel, square: RoadNetwork) -> None:
    places = np.vstack((at(square, 1, 0), at(square, 1) + 1e-4))
    matrix = travel.matrix(places, "car")
    assert matrix.durations_s[0].tolist() == [0, 300, 0]
    assert matrix.durations_s[2].tolist() == [0, 300, 0]


def test_no_places_give_an_empty_matrix(travel: RoadTravel) -> None:
    assert travel.matrix(np.empty((0, 2)), "car").durations_s.shape == (0, 0)


def test_geometry_runs_along_the_fastest_way(travel: RoadTravel, square: RoadNetwork) -> None:
    (a, b, c) = at(square, 0, 1, 2)
    line = travel.leg_geometry(tuple(a), tuple(c), "car")
    # two streets of three points that share a corner
    assert line.shape == (5, 2)
    assert line[[0, 2, 4]].tolist() == [a.tolist(), b.tolist(), c.tolist()]


def test_geometry_of_no_way_at_all_is_one_point_twice(
    travel: RoadTravel, square: RoadNetwork
) -> None:
    here = tuple(at(square, 2)[0])
    assert travel.leg_geometry(here, here, "car").tolist() == [list(here), list(here)]


def test_geometry_without_a_way_says_so(travel: RoadTravel, square: RoadNetwork) -> None:
    a, lost = at(square, 0, 4)
    with pytest.raises(NoWay, match="No way of profile car leads from"):
        travel.leg_geometry(tuple(a), tuple(lost), "car")
    with pytest.raises(NoWay, match="m from any road of profile car; the limit is 1000 m"):
        travel.leg_geometry(tuple(a), (114.30, 30.61), "car")


def test_speed_factors_change_times_and_the_way(travel: RoadTravel, square: RoadNetwork) -> None:
    places = at(square, 0, 2)
    # primary at half speed: 0 -> 1 -> 2 takes 401 s, so the diagonal (300 s, 1400 m) is faster
    rush = travel.with_factors({"primary": 0.5})
    matrix = rush.matrix(places, "car")
    assert (matrix.durations_s[0, 1], matrix.distances_m[0, 1]) == (300, 1400)
    assert (matrix.durations_s[1, 0], matrix.distances_m[1, 0]) == (200, 2000)
    assert rush.leg_geometry(tuple(places[0]), tuple(places[1]), "car").shape == (3, 2)
    assert "speeds changed" in rush.description
    assert travel.matrix(places, "car").durations_s[0, 1] == 201
    assert rush.with_factors({}).matrix(places, "car").durations_s[0, 1] == 201


@pytest.mark.parametrize("factor", [0.0, -1.0, float("nan"), float("inf")])
def test_speed_factors_are_positive_numbers(travel: RoadTravel, factor: float) -> None:
    with pytest.raises(ValueError, match=f"speed factor of 'primary' is {factor}"):
        travel.with_factors({"primary": factor})


def test_speed_factors_name_highway_classes(travel: RoadTravel) -> None:
    with pytest.raises(ValueError, match="no highway class is called"):
        travel.with_factors({"Hauptstraße": 0.5})


def test_an_unknown_profile_is_named_beside_those_there_are(travel: RoadTravel) -> None:
    with pytest.raises(UnknownProfile, match="'boat'; there are car"):
        travel.matrix(np.empty((0, 2)), "boat")


def test_a_provider_names_its_roads(travel: RoadTravel) -> None:
    provider: TravelProvider = travel
    assert "made by hand" in provider.description
    assert provider.attribution == "nobody"
    assert not provider.estimated


def test_figures_do_not_depend_on_threads_or_the_order_of_places(tmp_path: Path) -> None:
    town = make_town(12, seed=3)
    places = at(town, *np.random.default_rng(4).permutation(144)[:60])
    alone = RoadTravel({"car": town}, cache_dir=tmp_path / "a").matrix(places, "car")
    threaded = RoadTravel({"car": town}, cache_dir=tmp_path / "b", threads=3)
    turned = threaded.matrix(places[::-1], "car")
    assert np.array_equal(turned.durations_s[::-1, ::-1], alone.durations_s)
    assert np.array_equal(turned.distances_m[::-1, ::-1], alone.distances_m)


def test_plain_shortest_paths_re_time_every_leg_exactly(tmp_path: Path) -> None:
    town = make_town(7, seed=5)
    places = at(town, *range(0, 49, 6))
    matrix = RoadTravel({"car": town}, cache_dir=tmp_path).matrix(places, "car")
    referee = Retimer(town)
    for i, origin in enumerate(places):
        for j, destination in enumerate(places):
            expected = (matrix.durations_s[i, j], matrix.distances_m[i, j])
            assert referee.retime(tuple(origin), tuple(destination)) == expected


def test_re_timing_finds_no_way_where_there_is_none(square: RoadNetwork) -> None:
    a, c, lost = (tuple(place) for place in at(square, 0, 2, 4))
    assert retime(square, a, c) == (201, 2000)
    assert retime(square, a, lost) is None
    assert retime(square, a, (114.30, 30.61)) is None


@pytest.mark.core
def test_on_a_real_map_matrix_geometry_and_re_timing_agree(tmp_path: Path) -> None:
    path = data_or_skip("maps", "heidelberg.osm.pbf")
    travel = RoadTravel.from_file(path, cache_dir=tmp_path)
    network = travel.get_network("car")
    rng = np.random.default_rng(11)
    nodes = rng.choice(np.flatnonzero(network.component == 0), 40, replace=False)
    places = at(network, *nodes)
    matrix = travel.matrix(places, "car")
    assert matrix.reachable.all()
    referee = Retimer(network)
    for i in range(0, 40, 4):
        origin, destination = tuple(places[i]), tuple(places[i + 1])
        expected = (matrix.durations_s[i, i + 1], matrix.distances_m[i, i + 1])
        assert referee.retime(origin, destination) == expected
        line = travel.leg_geometry(origin, destination, "car")
        assert line[0].tolist() == list(origin)
        assert line[-1].tolist() == list(destination)
