"""From bends to junctions: arcs keep every meter, every second and every point."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from geo.network import NO_NAME, RoadNetwork
from geo.simplify import find_chains
from geo.snapping import islands
from geo.sphere import great_circle_m
from tests.osm_files import list_arcs, make_network

STREET = {"highway": "residential"}
# A street 1-2-3-4 along the equator with a side street at 3, and a one-way 4-5-6.
PLACES = {
    1: (0.0, 0.0),
    2: (0.001, 0.0),
    3: (0.002, 0.0),
    4: (0.003, 0.0),
    5: (0.003, 0.001),
    6: (0.003, 0.002),
    7: (0.002, -0.001),
}


def arc_index(network: RoadNetwork, tail: int, head: int) -> int:
    ends = zip(
        network.node_id[network.tail].tolist(), network.node_id[network.head].tolist(), strict=True
    )
    return list(ends).index((tail, head))


def test_bends_disappear_and_junctions_and_ends_stay(tmp_path: Path) -> None:
    network = make_network(
        tmp_path,
        PLACES,
        [
            ([1, 2, 3, 4], STREET | {"name": "Main"}),
            ([3, 7], STREET),
            ([4, 5, 6], STREET | {"oneway": "yes"}),
        ],
    )
    # 2 and 5 are bends. 4 is kept: two-way on one side, one-way on the other.
    assert network.node_id.tolist() == [1, 3, 4, 6, 7]
    assert list_arcs(network) == {(1, 3), (3, 1), (3, 4), (4, 3), (3, 7), (7, 3), (4, 6)}
    there = arc_index(network, 1, 3)
    # 0.002 degrees on the equator: 222.390 16 m.
    assert network.length_mm[there] == 222_390
    assert network.length_mm[arc_index(network, 3, 1)] == 222_390
    points = slice(network.geometry_offset[there], network.geometry_offset[there + 1])
    assert network.geometry_lon[points].tolist() == [0.0, 0.001, 0.002]
    assert network.names[network.name[there]] == "Main"
    assert network.name[arc_index(network, 3, 7)] == NO_NAME


def test_an_arc_never_mixes_road_classes_and_carries_the_longest_name(tmp_path: Path) -> None:
    network = make_network(
        tmp_path,
        PLACES,
        [
            ([1, 2], {"highway": "primary"}),
            ([2, 3], STREET | {"name": "Short"}),
            ([3, 4, 5], STREET | {"name": "Long"}),
        ],
    )
    assert list_arcs(network) == {(1, 2), (2, 1), (2, 5), (5, 2)}
    arc = arc_index(network, 2, 5)
    assert network.classes[network.road_class[arc]] == "residential"
    assert network.names[network.name[arc]] == "Long"  # 222 m against 111 m
    assert network.classes[network.road_class[arc_index(network, 1, 2)]] == "primary"


def test_times_add_up_over_parts_with_different_limits(tmp_path: Path) -> None:
    network = make_network(
        tmp_path,
        PLACES,
        [([1, 2], STREET | {"maxspeed": "50"}), ([2, 3], STREET | {"maxspeed": "25"})],
    )
    # 111.19508 m at 40 km/h and at 20 km/h: 10.007557 + 20.015114 = 30.022671 s.
    assert list_arcs(network) == {(1, 3), (3, 1)}
    assert network.free_flow_ms.tolist() == [30_023, 30_023]


def test_rings_and_loops_are_cut_so_that_no_arc_ends_where_it_began(tmp_path: Path) -> None:
    ring = {n: (0.001 * np.cos(n), 0.001 * np.sin(n)) for n in range(1, 7)}
    alone = make_network(tmp_path, ring, [([1, 2, 3, 4, 5, 6, 1], STREET | {"oneway": "yes"})])
    assert alone.n_nodes == 2
    assert list_arcs(alone) == {(1, 4), (4, 1)}
    lollipop = make_network(
        tmp_path, ring | {9: (0.005, 0.0)}, [([1, 2, 3, 4, 5, 6, 1], STREET), ([1, 9], STREET)]
    )
    assert not np.any(lollipop.tail == lollipop.head)
    # The loop is there in full, both ways: 12 bends' worth of meters plus the stick both ways.
    around = [ring[n] for n in (1, 2, 3, 4, 5, 6, 1)]
    lon, lat = np.array([*around]).T
    loop_m = great_circle_m(lon[:-1], lat[:-1], lon[1:], lat[1:]).sum()
    stick_m = great_circle_m(
        np.array([ring[1][0]]), np.array([ring[1][1]]), np.array([0.005]), np.array([0.0])
    )[0]
    assert lollipop.length_mm.sum() / 1000 == pytest.approx(2 * (loop_m + stick_m), abs=0.01)


def test_islands_are_counted_and_the_main_component_is_zero(tmp_path: Path) -> None:
    places = PLACES | {8: (0.1, 0.0), 9: (0.101, 0.0)}
    network = make_network(
        tmp_path, places, [([1, 2, 3, 4], STREET), ([3, 7], STREET), ([8, 9], STREET)]
    )
    report = islands(network)
    assert (report.count, report.nodes, report.arcs, report.largest_nodes) == (1, 2, 2, 2)
    # One two-way street of 111.195 m counts twice: 0.22239 km.
    assert report.arc_km == pytest.approx(0.22239, abs=1e-5)
    on_main = network.component[np.isin(network.node_id, [1, 3, 4, 7])]
    assert on_main.tolist() == [0, 0, 0, 0]


def test_a_street_that_only_leads_out_is_an_island(tmp_path: Path) -> None:
    network = make_network(
        tmp_path, PLACES, [([1, 2, 3, 4], STREET), ([4, 5], STREET | {"oneway": "yes"})]
    )
    assert islands(network).nodes == 1
    assert network.component[network.node_id == 5].tolist() == [1]


def test_nodes_that_the_extract_cut_off_are_skipped(tmp_path: Path) -> None:
    network = make_network(tmp_path, PLACES, [([99, 1, 2], STREET), ([2, 3, 98], STREET)])
    assert list_arcs(network) == {(1, 3), (3, 1)}


def test_the_digest_follows_travel_and_nothing_else(tmp_path: Path) -> None:
    ways = [([1, 2, 3, 4], STREET), ([3, 7], STREET)]
    first = make_network(tmp_path, PLACES, ways)
    shuffled = make_network(tmp_path, dict(reversed(PLACES.items())), list(reversed(ways)))
    named = make_network(tmp_path, PLACES, [(n, t | {"name": "Main"}) for n, t in ways])
    slower = make_network(tmp_path, PLACES, [(n, t | {"maxspeed": "20"}) for n, t in ways])
    walk = make_network(tmp_path, PLACES, ways, "walk")
    assert shuffled.content_hash == first.content_hash
    assert named.content_hash == first.content_hash
    assert len({first.content_hash, slower.content_hash, walk.content_hash}) == 3


def test_arrays_of_a_network_cannot_be_changed(tmp_path: Path) -> None:
    network = make_network(tmp_path, PLACES, [([1, 2], STREET)])
    with pytest.raises(ValueError, match="read-only"):
        network.free_flow_ms[0] = 1


def test_long_streets_get_the_same_waypoints_in_both_directions(tmp_path: Path) -> None:
    # Bends every 111.195 m, twelve of them: 1 334.3 m is more than 2 × 500 m, so three parts of
    # four segments each (444.78 m).
    places = {n: (0.001 * n, 0.0) for n in range(13)}
    network = make_network(tmp_path, places, [(range(13), STREET)])
    assert network.node_id.tolist() == [0, 4, 8, 12]
    assert list_arcs(network) == {(0, 4), (4, 0), (4, 8), (8, 4), (8, 12), (12, 8)}
    assert set(network.length_mm.tolist()) == {444_780}


def test_motorways_get_no_waypoints(tmp_path: Path) -> None:
    places = {n: (0.001 * n, 0.0) for n in range(13)} | {20: (0.05, 0.0)}
    network = make_network(tmp_path, places, [([*range(13), 20], {"highway": "motorway"})])
    assert network.node_id.tolist() == [0, 20]


def test_a_straight_street_is_cut_into_even_parts_even_across_the_date_line(
    tmp_path: Path,
) -> None:
    places = {5: (179.995, 10.0), 6: (-179.995, 10.0)}
    network = make_network(tmp_path, places, [([5, 6], STREET | {"name": "Long"})])
    # 0.01 degrees at 10° north: 1 111.9508 m × cos 10° = 1 095.0574 m, three parts of 365.019 m.
    assert network.node_id.tolist() == [-2, -1, 5, 6]
    assert list_arcs(network) == {(5, -1), (-1, -2), (-2, 6), (6, -2), (-2, -1), (-1, 5)}
    assert network.length_mm.tolist() == pytest.approx([365_019] * 6, abs=1)
    assert sorted(np.abs(network.node_lon).tolist()) == pytest.approx(
        [179.995, 179.995, 179.99833333, 179.99833333]
    )
    assert np.all(network.name == 0)


@st.composite
def directed_streets(
    draw: st.DrawFn,
) -> tuple[int, list[tuple[int, int]], list[int], list[int], list[int]]:
    n_points = draw(st.integers(2, 12))
    pairs = st.tuples(st.integers(0, n_points - 1), st.integers(0, n_points - 1))
    drawn = draw(st.lists(pairs.filter(lambda p: p[0] != p[1]), min_size=1, max_size=25))
    both = draw(st.lists(st.booleans(), min_size=len(drawn), max_size=len(drawn)))
    arcs = set(drawn) | {(b, a) for (a, b), two in zip(drawn, both, strict=True) if two}
    ordered = sorted(arcs)
    meters = draw(st.lists(st.integers(1, 9), min_size=len(ordered), max_size=len(ordered)))
    kinds = draw(st.lists(st.integers(0, 1), min_size=len(ordered), max_size=len(ordered)))
    forced = draw(st.lists(st.sampled_from(ordered), max_size=3))
    return n_points, ordered, meters, kinds, [a for a, _ in forced]


@settings(max_examples=300, deadline=None)
@given(directed_streets())
def test_chains_use_every_segment_once_and_keep_all_shortest_ways(
    case: tuple[int, list[tuple[int, int]], list[int], list[int], list[int]],
) -> None:
    n_points, arcs, meters, kinds, forced = case
    tail, head = np.array(arcs, dtype=np.int64).T
    kind, length = np.array(kinds, dtype=np.int64), np.array(meters, dtype=np.int64)
    chains = find_chains(n_points, tail, head, kind, np.array(forced, dtype=np.int64))
    assert sorted(chains.segment.tolist()) == list(range(len(arcs)))
    starts, stops = chains.offset[:-1], chains.offset[1:]
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        run = chains.segment[start:stop]
        assert np.array_equal(head[run[:-1]], tail[run[1:]])
        assert len(set(kind[run].tolist())) == 1
        assert tail[run[0]] != head[run[-1]]
    merged = np.add.reduceat(length[chains.segment], starts)
    ends = np.unique(np.r_[tail[chains.segment[starts]], head[chains.segment[stops - 1]]])
    assert set(forced) <= set(ends.tolist())
    before = shortest(n_points, tail, head, length)
    after = shortest(
        n_points, tail[chains.segment[starts]], head[chains.segment[stops - 1]], merged
    )
    assert np.array_equal(before[np.ix_(ends, ends)], after[np.ix_(ends, ends)])


def shortest(n: int, tail: np.ndarray, head: np.ndarray, length: np.ndarray) -> np.ndarray:
    best: dict[tuple[int, int], int] = {}
    for a, b, m in zip(tail.tolist(), head.tolist(), length.tolist(), strict=True):
        best[a, b] = min(m, best.get((a, b), m))
    rows, columns = np.array(list(best)).T
    matrix = coo_matrix((np.array(list(best.values()), float), (rows, columns)), (n, n)).tocsr()
    return dijkstra(matrix)
