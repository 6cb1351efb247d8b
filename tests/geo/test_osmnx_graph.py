"""Graphs of OSMnx go out and come in; places by name are fetched through it."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import osmnx as ox
import pytest
import requests

from geo.errors import InvalidNetwork, SourceUnavailable
from geo.network import RoadNetwork
from geo.osm import download_network, read_network, to_osmnx
from tests.osm_files import list_arcs, make_network

PLACES = {
    1: (0.0, 0.0),
    2: (0.001, 0.0),
    3: (0.002, 0.0),
    4: (0.002, 0.001),
    5: (0.003, 0.0),
}
WAYS = [
    ([1, 2, 3], {"highway": "residential", "name": "Main"}),
    ([3, 4], {"highway": "residential", "oneway": "yes"}),
    ([4, 5, 3], {"highway": "tertiary", "oneway": "-1"}),
]


@pytest.fixture
def town(tmp_path: Path) -> RoadNetwork:
    return make_network(tmp_path, PLACES, WAYS)


def test_a_graph_carries_the_figures_of_the_network(town: RoadNetwork) -> None:
    graph = to_osmnx(town)
    assert set(graph.nodes) == {1, 3, 4}
    assert graph.nodes[3] == {"x": 0.002, "y": 0.0}
    edge = graph.edges[1, 3, 0]
    # 222.390 16 m at 0.8 × 30 km/h = 24 km/h: 33.358524 s.
    assert edge["length"] == 222.390
    assert edge["travel_time"] == 33.359
    assert (edge["highway"], edge["name"], edge["oneway"]) == ("residential", "Main", False)
    assert list(edge["geometry"].coords) == [(0.0, 0.0), (0.001, 0.0), (0.002, 0.0)]
    assert "name" not in graph.edges[3, 4, 0]


def test_osmnx_routes_on_the_graph(town: RoadNetwork) -> None:
    graph = to_osmnx(town)
    assert ox.routing.shortest_path(graph, 1, 4, weight="travel_time") == [1, 3, 4]
    # -1: the way is drawn 4-5-3 and driven 3-5-4; no way leads back from 4.
    with pytest.raises(nx.NetworkXNoPath):
        nx.shortest_path(graph, 4, 1)


def test_a_graph_saved_by_osmnx_is_read_again(town: RoadNetwork, tmp_path: Path) -> None:
    path = tmp_path / "town.graphml"
    ox.save_graphml(to_osmnx(town), path)
    again = read_network(path, cache_dir=tmp_path / "cache")
    assert again.node_id.tolist() == town.node_id.tolist()
    assert list_arcs(again) == list_arcs(town)
    assert again.length_mm.tolist() == town.length_mm.tolist()
    assert again.free_flow_ms.tolist() == town.free_flow_ms.tolist()
    assert again.names == ("Main",)
    assert "town.graphml" in again.source


def test_people_on_foot_may_turn_around_the_one_ways_of_a_graph(
    town: RoadNetwork, tmp_path: Path
) -> None:
    path = tmp_path / "town.graphml"
    ox.save_graphml(to_osmnx(town), path)
    walk = read_network(path, "walk", cache_dir=tmp_path / "cache")
    assert list_arcs(walk) == {(1, 3), (3, 1), (3, 4), (4, 3)}
    assert walk.n_arcs == 6  # 1-3 and two ways 3-4, each both ways; nothing twice


def test_a_projected_graph_comes_back_to_degrees(town: RoadNetwork, tmp_path: Path) -> None:
    path = tmp_path / "town.graphml"
    ox.save_graphml(ox.projection.project_graph(to_osmnx(town), to_crs="epsg:32631"), path)
    again = read_network(path, cache_dir=tmp_path / "cache")
    assert again.node_lon.tolist() == pytest.approx(town.node_lon.tolist(), abs=1e-7)
    assert again.length_mm.tolist() == pytest.approx(town.length_mm.tolist(), abs=5)


def test_lists_that_osmnx_makes_of_merged_ways_are_understood(tmp_path: Path) -> None:
    graph = nx.MultiDiGraph(crs="epsg:4326")
    graph.add_node(1, x=0.0, y=0.0)
    graph.add_node(2, x=0.001, y=0.0)
    graph.add_edge(
        1,
        2,
        osmid=[7, 8],
        highway=["residential", "service"],
        name=["East", "West"],
        maxspeed=["50", "25"],
        oneway=True,
    )
    ox.save_graphml(graph, tmp_path / "town.graphml")
    network = read_network(tmp_path / "town.graphml", cache_dir=tmp_path / "cache")
    assert list_arcs(network) == {(1, 2)}
    assert network.classes == ("residential",)
    assert network.names == ("East",)
    # The slowest of the limits counts: 111.19508 m at 0.8 × 25 km/h: 20.015114 s.
    assert network.free_flow_ms.tolist() == [20_015]


def test_without_a_network_the_text_says_what_was_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise requests.exceptions.ConnectionError("no route to host")

    monkeypatch.setattr(ox, "graph_from_place", fail)
    with pytest.raises(SourceUnavailable, match=r"Tried the geocoder .*no route to host.*osm\.pbf"):
        download_network("La Serena, Chile")


def test_an_unknown_place_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise TypeError("Nominatim did not geocode query 'Atlantis'")

    monkeypatch.setattr(ox, "graph_from_place", fail)
    with pytest.raises(InvalidNetwork, match="Atlantis"):
        download_network("Atlantis")


def test_a_place_is_fetched_with_the_classes_of_the_profile_and_settings_are_restored(
    town: RoadNetwork, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SERVICENET_CACHE", str(tmp_path))
    asked: dict[str, object] = {}

    def answer(place: str, **kwargs: object) -> nx.MultiDiGraph:
        asked.update(kwargs, place=place, tags=list(ox.settings.useful_tags_way))
        asked["cache"] = ox.settings.cache_folder
        return to_osmnx(town)

    before = (list(ox.settings.useful_tags_way), ox.settings.cache_folder)
    monkeypatch.setattr(ox, "graph_from_place", answer)
    network = download_network("Somewhere", "car")
    assert list_arcs(network) == list_arcs(town)
    assert network.source == "OpenStreetMap, Somewhere"
    assert asked["place"] == "Somewhere"
    assert "residential" in str(asked["custom_filter"])
    assert "footway" not in str(asked["custom_filter"])
    assert {"motor_vehicle", "oneway:bicycle"} <= set(asked["tags"])
    assert asked["cache"] == tmp_path / "osmnx"
    assert (list(ox.settings.useful_tags_way), ox.settings.cache_folder) == before
