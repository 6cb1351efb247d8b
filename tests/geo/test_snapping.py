"""Places meet the network at the nearest node that can be reached."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from geo.network import RoadNetwork
from geo.osm import read_network
from geo.snapping import Snapper
from geo.sphere import great_circle_m
from tests.data_root import data_or_skip
from tests.osm_files import make_network

STREET = {"highway": "residential"}
# Main street 1-2-3 with a side street, and an island 8-9 beside it.
PLACES = {
    1: (0.0, 0.0),
    2: (0.001, 0.0),
    3: (0.002, 0.0),
    4: (0.001, 0.001),
    8: (0.0, 0.01),
    9: (0.0, 0.011),
}


@pytest.fixture
def town(tmp_path: Path) -> RoadNetwork:
    return make_network(tmp_path, PLACES, [([1, 2, 3], STREET), ([2, 4], STREET), ([8, 9], STREET)])


def test_a_place_is_snapped_to_the_nearest_node_and_told_how_far(town: RoadNetwork) -> None:
    snaps = Snapper(town).snap(np.array([[0.0021, 0.0], [0.001, 0.0]]))
    assert town.node_id[snaps.node].tolist() == [3, 2]
    # 0.0001 degrees on the equator: 11.1195 m.
    assert snaps.distance_m == pytest.approx([11.1195, 0.0], abs=1e-3)
    assert snaps.lon.tolist() == [0.002, 0.001]
    assert not snaps.refused.any()


def test_an_island_is_never_chosen_however_near(town: RoadNetwork) -> None:
    snaps = Snapper(town, limit_m=2000.0).snap(np.array([[0.0, 0.01]]))
    # Node 8 is on the spot, but 4 is the nearest of the main component: √(0.001² + 0.009²) degrees
    # = 0.00905539 × 111 195.08 m = 1006.91 m.
    assert town.node_id[snaps.node].tolist() == [4]
    assert snaps.distance_m == pytest.approx([1006.91], abs=0.05)


def test_a_place_beyond_the_limit_is_refused(town: RoadNetwork) -> None:
    snaps = Snapper(town, limit_m=500.0).snap(np.array([[0.0, 0.004], [0.0, 0.005]]))
    # 0.004 degrees north of node 1 is nearer to 4: √(0.001² + 0.003²) × 111 195.08 = 351.63 m;
    # 0.005 degrees: √(0.001² + 0.004²) × 111 195.08 = 458.47 m; both within, the sea is not.
    assert snaps.refused.tolist() == [False, False]
    assert Snapper(town, limit_m=400.0).snap(np.array([[0.0, 0.005]])).refused.tolist() == [True]
    assert Snapper(town).snap(np.array([[30.0, 40.0]])).refused.tolist() == [True]


def test_no_places_give_no_snaps(town: RoadNetwork) -> None:
    assert Snapper(town).snap(np.empty((0, 2))).node.shape == (0,)


@pytest.mark.parametrize(
    ("lonlat", "message"),
    [
        (np.array([[np.nan, 0.0]]), "row 0"),
        (np.array([[0.0, 0.0], [np.inf, 0.0]]), "row 1"),
        (np.array([[0.0, 91.0]]), "latitude within"),
        (np.array([0.0, 0.0]), r"shape \(2,\)"),
    ],
)
def test_coordinates_that_are_none_are_refused(
    town: RoadNetwork, lonlat: np.ndarray, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Snapper(town).snap(lonlat)


@pytest.mark.parametrize("limit_m", [0.0, -1.0, float("nan")])
def test_a_limit_that_is_no_length_is_refused(town: RoadNetwork, limit_m: float) -> None:
    with pytest.raises(ValueError, match="limit_m"):
        Snapper(town, limit_m=limit_m)


def test_across_the_date_line_the_near_side_is_near(tmp_path: Path) -> None:
    places = {1: (179.999, 0.0), 2: (179.998, 0.0), 3: (-179.9975, 0.0)}
    network = make_network(tmp_path, places, [([1, 2], STREET), ([1, 3], {"highway": "tertiary"})])
    snaps = Snapper(network).snap(np.array([[-179.9999, 0.0]]))
    # Node 1 is 0.0011 degrees away, across the line; node 3 is 0.0024: 0.0011 × 111 195.08 m.
    assert network.node_id[snaps.node].tolist() == [1]
    assert snaps.distance_m == pytest.approx([122.31], abs=0.01)


def test_nobody_is_snapped_to_a_motorway(tmp_path: Path) -> None:
    places = PLACES | {5: (0.0, -0.001), 6: (0.002, -0.001), 7: (0.004, -0.001)}
    ways = [
        ([1, 2, 3], STREET),
        ([1, 5], STREET),
        ([5, 6, 7], {"highway": "motorway"}),
        ([6, 3], {"highway": "motorway_link"}),
    ]
    network = make_network(tmp_path, places, ways)
    snaps = Snapper(network).snap(np.array([[0.002, -0.001]]))
    assert 6 in network.node_id
    assert network.node_id[snaps.node].tolist() == [3]
    # Where there is nothing else, a motorway has to do.
    alone = make_network(tmp_path, places, ways[2:3])
    assert alone.node_id[Snapper(alone).snap(np.array([[0.0, 0.0]])).node].tolist() == [5]


def test_a_place_on_a_long_street_is_near_a_node(tmp_path: Path) -> None:
    # A straight street of 0.02 degrees = 2 223.9 m without a bend: five parts of 444.8 m.
    network = make_network(tmp_path, {1: (10.0, 0.0), 2: (10.02, 0.0)}, [([1, 2], STREET)])
    on_street = np.column_stack((np.linspace(10.0, 10.02, 101), np.zeros(101)))
    snaps = Snapper(network).snap(on_street)
    assert network.n_nodes == 6
    assert snaps.distance_m.max() <= 2_223.9 / 5 / 2 + 0.1


def test_the_tree_agrees_with_looking_at_every_node_of_a_real_map(tmp_path: Path) -> None:
    network = read_network(data_or_skip("maps", "monaco.osm.pbf"), cache_dir=tmp_path)
    rng = np.random.default_rng(20)
    low = np.array([network.node_lon.min(), network.node_lat.min()])
    high = np.array([network.node_lon.max(), network.node_lat.max()])
    places = rng.uniform(low, high, (200, 2))
    snaps = Snapper(network).snap(places)
    main = np.flatnonzero(network.component == 0)
    for place, distance_m in zip(places, snaps.distance_m, strict=True):
        every = great_circle_m(
            np.full(len(main), place[0]),
            np.full(len(main), place[1]),
            network.node_lon[main],
            network.node_lat[main],
        )
        assert distance_m == pytest.approx(every.min(), abs=1e-3)


def test_streets_of_a_real_map_have_a_node_within_half_a_kilometer(tmp_path: Path) -> None:
    network = read_network(data_or_skip("maps", "monaco.osm.pbf"), cache_dir=tmp_path)
    motorway = [i for i, c in enumerate(network.classes) if c.startswith("motorway")]
    inside = (network.component[network.tail] == 0) & (network.component[network.head] == 0)
    arcs = inside & ~np.isin(network.road_class, motorway)
    point = np.repeat(arcs, np.diff(network.geometry_offset))
    lonlat = np.column_stack((network.geometry_lon[point], network.geometry_lat[point]))
    assert Snapper(network).snap(lonlat).distance_m.max() < 500.0
