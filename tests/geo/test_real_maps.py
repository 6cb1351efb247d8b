"""Real maps: sizes, speeds, and travel against readers and shortest paths of others."""

from __future__ import annotations

import importlib.util
import warnings
import zipfile
from pathlib import Path

import networkx as nx
import numpy as np
import pyrosm
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from geo.build import build_network
from geo.network import RoadNetwork
from geo.osm import read_network, to_osmnx
from geo.pbf import read_pbf
from geo.profiles import PROFILES, get_profile
from geo.roads import Roads
from geo.snapping import islands
from geo.sphere import great_circle_m
from tests.data_root import data_or_skip
from tests.osm_files import write_osm

# Nodes of the car network. OSMnx's drive graph of Porto has 50 521 (MAPS.md), without service
# roads, class changes and waypoints.
MAPS = {
    "monaco.osm.pbf": 1_957,
    "heidelberg.osm.pbf": 8_558,
    "wuhan_roads.osm.pbf": 24_727,
    "porto_portugal.osm.pbf": 56_551,
    "ny_dimacs_as_osm.osm.pbf": 233_300,
}
SMALL = ("monaco.osm.pbf",)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def coquimbo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    spec = importlib.util.find_spec("aequilibrae")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("the wheel of aequilibrae (extra [demo]) is not installed")
    archive = Path(spec.submodule_search_locations[0]) / "reference_files" / "coquimbo.zip"
    folder = tmp_path_factory.mktemp("coquimbo")
    with zipfile.ZipFile(archive) as packed:
        packed.extract("project_database.sqlite", folder)
    return folder / "project_database.sqlite"


def check_sane(network: RoadNetwork) -> None:
    assert network.tail.max() < network.n_nodes
    assert network.head.max() < network.n_nodes
    assert not np.any(network.tail == network.head)
    assert network.free_flow_ms.min() > 0
    assert len(np.unique(network.node_id)) == network.n_nodes
    size = np.bincount(network.component)
    assert size[0] == size.max()
    assert size[0] > 0.9 * network.n_nodes
    kmh = network.length_mm / network.free_flow_ms * 3.6
    long = network.length_mm > 10_000  # rounding to a millisecond says nothing over a meter
    fastest = {"car": 150.0, "ebike": 25.0, "walk": 5.0}[network.profile]
    assert kmh[long].max() <= fastest
    assert kmh[long].min() >= 1.0
    check_geometry(network)


def check_geometry(network: RoadNetwork) -> None:
    first, last = network.geometry_offset[:-1], network.geometry_offset[1:] - 1
    for ends, points in ((network.tail, first), (network.head, last)):
        assert np.array_equal(network.node_lon[ends], network.geometry_lon[points])
        assert np.array_equal(network.node_lat[ends], network.geometry_lat[points])
    lon, lat = network.geometry_lon, network.geometry_lat
    step_m = np.append(great_circle_m(lon[:-1], lat[:-1], lon[1:], lat[1:]), 0.0)
    step_m[last] = 0.0
    drawn_m = np.add.reduceat(step_m, first)
    assert np.abs(drawn_m - network.length_mm / 1000.0).max() < 0.002


def travel_ms(network: RoadNetwork, origins: np.ndarray) -> np.ndarray:
    order = np.lexsort((network.free_flow_ms, network.head, network.tail))
    tail, head = network.tail[order], network.head[order]
    least = np.r_[True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])]
    weights = network.free_flow_ms[order][least].astype(float)
    shape = (network.n_nodes, network.n_nodes)
    return dijkstra(
        coo_matrix((weights, (tail[least], head[least])), shape).tocsr(), indices=origins
    )


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("profile", PROFILES)
def test_a_small_map_is_read_for_every_profile(cache: Path, name: str, profile: str) -> None:
    network = read_network(data_or_skip("maps", name), profile, cache_dir=cache)
    check_sane(network)
    if profile == "car":
        assert network.n_nodes == pytest.approx(MAPS[name], rel=0.03)
    assert "OpenStreetMap contributors" in network.attribution


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(set(MAPS) - set(SMALL)))
@pytest.mark.parametrize("profile", PROFILES)
def test_a_large_map_is_read_for_every_profile(cache: Path, name: str, profile: str) -> None:
    network = read_network(data_or_skip("maps", name), profile, cache_dir=cache)
    check_sane(network)
    if profile == "car":
        assert network.n_nodes == pytest.approx(MAPS[name], rel=0.03)


def test_wuhan_without_one_way_tags_stays_in_one_piece(cache: Path) -> None:
    network = read_network(data_or_skip("maps", "wuhan_roads.osm.pbf"), cache_dir=cache)
    check_sane(network)
    assert islands(network).nodes < 0.01 * network.n_nodes
    # A simplified strong component of 19 584 nodes was measured before (MAPS.md); without waypoints
    # and class changes ours is the same but for the middle of loops.
    tail, head = network.tail.astype(np.int64), network.head.astype(np.int64)
    pairs = np.unique(np.r_[tail * network.n_nodes + head, head * network.n_nodes + tail])
    neighbors = np.bincount(pairs // network.n_nodes, minlength=network.n_nodes)
    junctions = int(((neighbors != 2) & (network.component == 0)).sum())
    assert junctions == pytest.approx(19_584, rel=0.03)


@pytest.mark.parametrize("profile", PROFILES)
def test_the_demo_city_arrives_with_a_wheel(coquimbo: Path, cache: Path, profile: str) -> None:
    network = read_network(coquimbo, profile, cache_dir=cache)
    check_sane(network)
    # 19 846 streets between 15 591 junctions and bends; 1 526 km of roads, most of them two-way.
    assert 8_000 < network.n_nodes < 15_591
    assert 1_526.0 < network.length_mm.sum() / 1e6 < 2 * 1_526.0
    assert "centroid_connector" not in network.classes
    assert len(network.names) > 1_000


@pytest.mark.parametrize("profile", PROFILES)
def test_plain_shortest_paths_on_the_osmnx_graph_take_exactly_as_long(
    coquimbo: Path, cache: Path, profile: str
) -> None:
    maps = [read_network(coquimbo, profile, cache_dir=cache)]
    maps.append(read_network(data_or_skip("maps", "monaco.osm.pbf"), profile, cache_dir=cache))
    for network in maps:
        graph = to_osmnx(network)
        rng = np.random.default_rng(7)
        origins = rng.choice(np.flatnonzero(network.component == 0), 4)
        for origin, row in zip(origins, travel_ms(network, origins), strict=True):
            found = nx.single_source_dijkstra_path_length(
                graph, int(network.node_id[origin]), weight="travel_time"
            )
            assert len(found) == int(np.isfinite(row).sum())
            seconds = np.array([found.get(n, np.inf) for n in network.node_id.tolist()])
            reached = np.isfinite(row)
            assert np.abs(seconds[reached] - row[reached] / 1000.0).max() < 1e-6


def test_distances_agree_with_the_graph_that_pyrosm_builds(cache: Path) -> None:
    path = data_or_skip("maps", "monaco.osm.pbf")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # warnings of the other reader are not ours to judge
        reader = pyrosm.OSM(path, engine="in_memory", keep_metadata=False, progress=False)
        points, edges = reader.get_network("driving+service", nodes=True)
        theirs = reader.to_graph(points, edges, graph_type="networkx", retain_all=True)
    network = read_network(path, cache_dir=cache)
    ours = to_osmnx(network)
    both = [n for n in network.node_id[network.component == 0].tolist() if n in theirs]
    rng = np.random.default_rng(3)
    compared = 0
    for origin in rng.choice(both, 5).tolist():
        a = nx.single_source_dijkstra_path_length(ours, origin, weight="length")
        b = nx.single_source_dijkstra_path_length(theirs, origin, weight="length")
        for target in rng.choice(both, 40).tolist():
            # The two differ in the radius of the Earth (6 371 008.8 and 6 371 009 m) and rounding.
            assert a[target] == pytest.approx(b[target], rel=1e-4, abs=0.1)
            compared += 1
    assert compared == 200


def list_ways(roads: Roads) -> list[tuple[list[int], dict[str, str]]]:
    keys = list(roads.tags.columns)
    table = [
        {k: v for k, v in zip(keys, row, strict=True) if isinstance(v, str)}
        for row in roads.tags.itertuples(index=False)
    ]
    nodes: list[list[int]] = [[] for _ in table]
    tails, heads = roads.point_id[roads.tail].tolist(), roads.point_id[roads.head].tolist()
    for way, tail, head in zip(roads.way.tolist(), tails, heads, strict=True):
        nodes[way] += [head] if nodes[way] else [tail, head]
    return list(zip(nodes, table, strict=True))


@pytest.mark.parametrize("profile", PROFILES)
def test_the_same_map_as_xml_and_as_pbf_is_the_same_network(
    tmp_path: Path, cache: Path, profile: str
) -> None:
    roads = read_pbf(data_or_skip("maps", "monaco.osm.pbf"))
    places = dict(
        zip(
            roads.point_id.tolist(),
            zip(roads.lon.tolist(), roads.lat.tolist(), strict=True),
            strict=True,
        )
    )
    path = write_osm(tmp_path / "monaco.osm", places, list_ways(roads))
    from_xml = read_network(path, profile, cache_dir=cache)
    assert from_xml.content_hash == build_network(roads, get_profile(profile)).content_hash
