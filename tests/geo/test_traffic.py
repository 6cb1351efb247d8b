"""Travel times in states of traffic: roads re-timed along free-flow ways, and estimates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from geo.estimated import EstimatedTravel
from geo.matrix_provider import RoadTravel
from geo.network import RoadNetwork
from geo.regimes import Regimes, TrafficArea, TrafficState, find_regimes
from geo.retiming import Retimer
from geo.speed_profiles import read_speed_profile
from geo.traffic import ArcTraffic, TrafficProvider, compute_midpoints, find_inside
from geo.travel_matrix import UNREACHABLE
from tests.data_root import data_or_skip
from tests.graphs import Graph, search
from tests.networks import make_network

START = datetime(2026, 3, 2, tzinfo=UTC)
FREE = (1.0,) * 6


def regimes(*shares: tuple[float, ...], areas: tuple[TrafficArea, ...] = ()) -> Regimes:
    """States of the given class shares; every area is in force in all but the first, at half."""
    states = tuple(
        TrafficState(share, tuple(0.5 if i else 1.0 for _ in areas))
        for i, share in enumerate(shares)
    )
    numbers = tuple(range(len(states)))
    starts = tuple(3600 * i for i in numbers)
    return Regimes(starts, numbers, states, areas, len(states))


def box(west: float, south: float, east: float, north: float) -> TrafficArea:
    ring = ((west, south), (east, south), (east, north), (west, north))
    return TrafficArea("box", ring, START, START + timedelta(hours=9), 50)


def at(network: RoadNetwork, *nodes: int) -> np.ndarray:
    return np.column_stack((network.node_lon[list(nodes)], network.node_lat[list(nodes)]))


def two_ways() -> RoadNetwork:
    """From 0 to 2 a trunk road by way of 1 (2 × 100 s, 2 × 2 km) or a lane (250 s, 1.5 km)."""
    places = [(114.30, 30.50), (114.31, 30.50), (114.32, 30.50), (114.40, 30.50)]
    streets = [
        (0, 1, 100_000, 2_000_000, "trunk"),
        (1, 2, 100_000, 2_000_000, "trunk_link"),
        (0, 2, 250_000, 1_500_000, "residential"),
        (2, 0, 100_001, 1_500_000, "residential"),
    ]
    return make_network(places, streets)


def test_the_way_stays_that_of_free_flow_and_only_its_time_changes(tmp_path: Path) -> None:
    network = two_ways()
    travel = RoadTravel({"car": network}, cache_dir=tmp_path)
    # Trunk at half speed: 400 s on the same way, though the lane (250 s) would be faster now.
    jam = (1.0, 0.5, 1.0, 1.0, 1.0, 0.8)
    free, slow = travel.regime_durations(at(network, 0, 1, 2, 3), "car", regimes(FREE, jam))
    matrix = travel.matrix(at(network, 0, 1, 2, 3), "car")
    assert free.tolist() == matrix.durations_s.tolist()
    assert slow[0].tolist() == [0, 200, 400, UNREACHABLE]
    assert int(matrix.distances_m[0, 2]) == 4000
    # Back on the lane: 100 001 ms / 0.8 = 125 001.25 -> 125 001 ms -> 125 s.
    assert int(slow[2, 0]) == 125
    assert ((slow == UNREACHABLE) == (matrix.durations_s == UNREACHABLE)).all()


def test_of_equally_fast_ways_the_one_that_suffers_least_counts(tmp_path: Path) -> None:
    places = [(114.30, 30.50), (114.31, 30.50), (114.31, 30.52)]
    streets = [
        (0, 2, 200_000, 3_000_000, "trunk"),
        (0, 1, 100_000, 1_000_000, "primary"),
        (1, 2, 100_000, 1_000_000, "primary"),
    ]
    network = make_network(places, streets)
    travel = RoadTravel({"car": network}, cache_dir=tmp_path)
    trunk_jam, primary_jam = (1.0, 0.5, 1.0, 1.0, 1.0, 1.0), (1.0, 0.8, 0.5, 1.0, 1.0, 1.0)
    tables = travel.regime_durations(at(network, 0, 2), "car", regimes(trunk_jam, primary_jam))
    # 200 s by primary (trunk 400); 250 s by trunk (primary 400).
    assert [int(table[0, 1]) for table in tables] == [200, 250]


def test_arcs_whose_middle_lies_inside_an_area_are_slower(tmp_path: Path) -> None:
    network = two_ways()
    middle = compute_midpoints(network)
    # Every line bends half way, 0.001 degrees north of the straight line.
    assert middle[:2].tolist() == [
        pytest.approx([114.305, 30.501]), pytest.approx([114.315, 30.501]),
    ]  # fmt: skip
    around_first = box(114.304, 30.5005, 114.306, 30.502)
    assert [inside.tolist() for inside in find_inside(middle, (around_first,))] == [[0]]
    travel = RoadTravel({"car": network}, cache_dir=tmp_path)
    half_trunk = (1.0, 0.5, 1.0, 1.0, 1.0, 1.0)
    tables = travel.regime_durations(
        at(network, 0, 1, 2), "car", regimes(FREE, FREE, half_trunk, areas=(around_first,))
    )
    # 0 -> 2: 100 + 100; inside at half speed 200 + 100; trunk at half speed too 400 + 200.
    assert [int(table[0, 2]) for table in tables] == [200, 300, 600]


def test_factors_of_class_and_areas_multiply_within_bounds() -> None:
    network = two_ways()
    everywhere = box(114.0, 30.0, 115.0, 31.0)
    traffic = ArcTraffic(network, (everywhere, everywhere))
    slow = TrafficState((1.0, 0.5, 1.0, 1.0, 1.0, 1.0), (0.5, 0.1))
    # Trunk 0.5 · 0.5 · 0.1 = 0.025, kept at 0.05: 100 s -> 2000 s. Lane 0.05: 250 s -> 5000 s.
    times = traffic.compute_times(network.free_flow_ms, slow)
    assert times.tolist() == [2_000_000, 2_000_000, 5_000_000, 2_000_020]


def test_people_on_foot_and_on_electric_bicycles_are_not_concerned(tmp_path: Path) -> None:
    network = make_network(
        [(114.30, 30.50), (114.31, 30.50)], [(0, 1, 90_000, 1_000_000, "primary")], "ebike"
    )
    travel = RoadTravel({"ebike": network}, cache_dir=tmp_path)
    tables = travel.regime_durations(at(network, 0, 1), "ebike", regimes(FREE, (0.5,) * 6))
    assert [int(table[0, 1]) for table in tables] == [90, 90]
    estimated = EstimatedTravel()
    slow = estimated.regime_durations(at(network, 0, 1), "walk", regimes((0.5,) * 6))[0]
    assert slow.tolist() == estimated.matrix(at(network, 0, 1), "walk").durations_s.tolist()


@pytest.mark.parametrize("seed", range(12))
def test_random_networks_agree_with_a_plain_search(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(seed)
    n, names = 14, ("motorway", "trunk", "primary_link", "secondary", "tertiary", "residential")
    places = [(114.3 + 0.01 * (i % 4), 30.5 + 0.01 * (i // 4)) for i in range(n)]
    streets = []
    for _ in range(40):
        tail, head = rng.choice(n, 2, replace=False).tolist()
        # Few different times, so that ways are often equally fast.
        ms, mm = (int(rng.integers(1, 6)) * 20_000 for _ in range(2))
        streets.append((tail, head, ms, mm, names[int(rng.integers(6))]))
    network = make_network(places, streets)
    west = box(114.29, 30.49, 114.315, 30.56)
    shares = tuple(tuple(rng.uniform(0.3, 1.2, 6).tolist()) for _ in range(3))
    asked = regimes(FREE, *shares, areas=(west,))
    travel = RoadTravel({"car": network}, cache_dir=tmp_path)
    nodes = list(range(n))
    tables = travel.regime_durations(at(network, *nodes), "car", asked)
    traffic = ArcTraffic(network, asked.areas)
    for table, state in zip(tables, asked.states, strict=True):
        along = traffic.compute_times(network.free_flow_ms, state)
        graph = Graph(
            n, network.tail, network.head, network.free_flow_ms, along,
            network.node_lon, network.node_lat,
        )  # fmt: skip
        for source in nodes:
            plain = [
                UNREACHABLE if best is None else (best[1] + 500) // 1000
                for best in search(graph, source)
            ]
            assert table[source].tolist() == plain
    again = RoadTravel({"car": network}, cache_dir=tmp_path / "other", threads=2)
    for table, repeated in zip(
        tables, again.regime_durations(at(network, *nodes), "car", asked), strict=True
    ):
        assert (table == repeated).all()


def test_a_plain_search_on_a_real_map_agrees_to_the_second(tmp_path: Path) -> None:
    file = data_or_skip("maps", "monaco.osm.pbf")
    travel = RoadTravel.from_file(file, cache_dir=tmp_path)
    network = travel.get_network("car")
    rng = np.random.default_rng(3)
    inside = np.flatnonzero(network.component == 0)
    places = at(network, *rng.choice(inside, 12, replace=False).tolist())
    west, east = (float(places[:, 0].min()), float(np.median(places[:, 0])))
    half = box(west, 43.0, east, 44.0)
    spans = read_speed_profile("china_big_city")
    asked = find_regimes((START, START + timedelta(hours=14)), "Etc/GMT-6", spans, (half,))
    assert len(asked.states) == 6
    tables = travel.regime_durations(places, "car", asked)
    retimer = Retimer(network)
    for table, state in zip(tables, asked.states, strict=True):
        for origin, destination in rng.choice(12, (15, 2)).tolist():
            found = retimer.retime_in(
                tuple(places[origin]), tuple(places[destination]), state, asked.areas
            )
            assert found == int(table[origin, destination])


def test_estimates_take_one_factor_for_all_roads_of_an_hour() -> None:
    travel = EstimatedTravel(detour_factor=1.0, speeds_kmh={"car": 36.0})
    # A degree of latitude is 111 195 m by haversine: 0.1 degrees take 11 119.5 m / 10 m/s = 1112 s.
    places = np.array([[114.0, 30.0], [114.0, 30.1]])
    free, half = travel.regime_durations(places, "car", regimes(FREE, (0.5,) * 6))
    assert free.tolist() == travel.matrix(places, "car").durations_s.tolist()
    # 1111.95 s / 0.5 = 2223.9 s -> 2224 s.
    assert (int(free[0, 1]), int(half[0, 1])) == (1112, 2224)


def test_estimates_slow_the_pieces_of_a_line_inside_an_area() -> None:
    travel = EstimatedTravel(detour_factor=1.0, speeds_kmh={"car": 36.0})
    places = np.array([[114.0, 30.0], [114.0, 30.1]])
    southern_half = box(113.9, 29.9, 114.1, 30.05)
    free, slow = travel.regime_durations(places, "car", regimes(FREE, FREE, areas=(southern_half,)))
    # Half of 1111.95 s at half speed: 555.97 + 1111.95 = 1667.92 s -> 1668 s.
    assert (int(free[0, 1]), int(slow[0, 1]), int(slow[1, 0])) == (1112, 1668, 1668)


def test_both_providers_know_traffic(tmp_path: Path) -> None:
    assert isinstance(EstimatedTravel(), TrafficProvider)
    assert isinstance(RoadTravel({"car": two_ways()}, cache_dir=tmp_path), TrafficProvider)
