"""Matrix and paths against a heap Dijkstra, on both engines."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from solver.graph import UNREACHABLE, Hierarchy, Metric
from solver.graph.hierarchy import Engine
from tests.graphs import Graph, graphs, make_graph, make_grid, search

ENGINES: tuple[Engine, ...] = ("compiled", "scipy")


def build(graph: Graph, engine: Engine = "compiled") -> Hierarchy:
    return Hierarchy.build(
        graph.n_nodes, graph.tail, graph.head, graph.lon, graph.lat, engine=engine
    )


def weigh(graph: Graph, engine: Engine = "compiled") -> Metric:
    return build(graph, engine).customize(graph.time_ms, graph.length_mm)


def check_against_search(graph: Graph, metric: Metric, sources: list[int]) -> None:
    everywhere = np.arange(graph.n_nodes)
    ways = metric.matrix(np.array(sources), everywhere)
    for row, source in enumerate(sources):
        expected = [pair or (UNREACHABLE, UNREACHABLE) for pair in search(graph, source)]
        found = zip(ways.time_ms[row].tolist(), ways.length_mm[row].tolist(), strict=True)
        assert list(found) == expected


def check_path(graph: Graph, metric: Metric, source: int, target: int) -> None:
    ways = metric.matrix(np.array([source]), np.array([target]))
    arcs = metric.find_path(source, target)
    if arcs is None:
        assert ways.time_ms[0, 0] == UNREACHABLE
        return
    assert graph.time_ms[arcs].sum() == ways.time_ms[0, 0]
    assert graph.length_mm[arcs].sum() == ways.length_mm[0, 0]
    nodes = [source, *graph.head[arcs].tolist()]
    assert graph.tail[arcs].tolist() == nodes[:-1]
    assert nodes[-1] == target


@pytest.mark.core
@settings(max_examples=300, deadline=None)
@given(graphs())
def test_the_hierarchy_finds_what_dijkstra_finds(graph: Graph) -> None:
    check_against_search(graph, weigh(graph), list(range(graph.n_nodes)))


@pytest.mark.core
@settings(max_examples=100, deadline=None)
@given(graphs())
def test_many_places_to_few_are_columns_of_the_whole_matrix(graph: Graph) -> None:
    metric, every = weigh(graph), np.arange(graph.n_nodes)
    whole = metric.matrix(every, every)
    for few in (every[:1], every[-2:]):
        ways = metric.matrix(every, few)
        assert (ways.time_ms == whole.time_ms[:, few]).all()
        assert (ways.length_mm == whole.length_mm[:, few]).all()


@pytest.mark.core
@settings(max_examples=100, deadline=None)
@given(graphs(max_nodes=8, max_weight=2))
def test_unpacked_paths_are_ways_and_add_up_to_the_matrix(graph: Graph) -> None:
    metric = weigh(graph)
    for source in range(graph.n_nodes):
        for target in range(graph.n_nodes):
            check_path(graph, metric, source, target)


@settings(max_examples=100, deadline=None)
@given(graphs(max_nodes=8))
def test_without_the_core_the_answers_are_the_same(graph: Graph) -> None:
    metric = weigh(graph, "scipy")
    check_against_search(graph, metric, list(range(graph.n_nodes)))
    for target in range(graph.n_nodes):
        check_path(graph, metric, 0, target)


@pytest.mark.core
def test_a_town_of_900_crossings_agrees_with_dijkstra() -> None:
    graph = make_grid(30, seed=5)
    metric = weigh(graph)
    check_against_search(graph, metric, list(range(0, 900, 29)))
    for target in range(0, 900, 31):
        check_path(graph, metric, 450, target)


@pytest.mark.core
def test_threads_order_and_repetition_of_sources_do_not_change_a_row() -> None:
    graph = make_grid(20, seed=6)
    metric = weigh(graph)
    nodes = np.random.default_rng(1).integers(0, 400, 75)
    alone = metric.matrix(nodes, nodes, threads=1)
    for threads in (2, 3, 8):
        assert np.array_equal(metric.matrix(nodes, nodes, threads).time_ms, alone.time_ms)
    turned = metric.matrix(nodes[::-1].copy(), nodes, threads=2)
    assert np.array_equal(turned.length_mm[::-1], alone.length_mm)
    assert np.array_equal(metric.matrix(nodes[:1], nodes).time_ms, alone.time_ms[:1])


@pytest.mark.core
def test_customizing_again_gives_the_same_and_leaves_other_metrics_alone() -> None:
    graph = make_grid(12, seed=7)
    hierarchy = build(graph)
    nodes = np.arange(144)
    first = hierarchy.customize(graph.time_ms, graph.length_mm)
    before = first.matrix(nodes, nodes)
    doubled = hierarchy.customize(2 * graph.time_ms, graph.length_mm).matrix(nodes, nodes)
    again = hierarchy.customize(graph.time_ms, graph.length_mm).matrix(nodes, nodes)
    assert np.array_equal(again.time_ms, before.time_ms)
    assert np.array_equal(first.matrix(nodes, nodes).length_mm, before.length_mm)
    assert np.array_equal(doubled.time_ms, 2 * before.time_ms)
    assert np.array_equal(doubled.length_mm, before.length_mm)


@pytest.mark.core
def test_any_order_gives_the_same_ways() -> None:
    graph = make_grid(10, seed=8)
    nodes = np.arange(100)
    built = build(graph)
    expected = built.customize(graph.time_ms, graph.length_mm).matrix(nodes, nodes)
    for order in (built.order, nodes[::-1], np.random.default_rng(2).permutation(100)):
        other = Hierarchy.from_order(graph.tail, graph.head, order)
        found = other.customize(graph.time_ms, graph.length_mm).matrix(nodes, nodes)
        assert np.array_equal(found.time_ms, expected.time_ms)
        assert np.array_equal(found.length_mm, expected.length_mm)


@pytest.mark.core
def test_the_order_depends_on_the_graph_only() -> None:
    graph = make_grid(15, seed=9)
    assert np.array_equal(build(graph).order, build(graph).order)


@pytest.mark.parametrize("engine", ENGINES)
def test_of_parallel_arcs_the_fastest_then_the_shortest_counts(engine: Engine) -> None:
    graph = make_graph(2, [(0, 1, 7, 1), (0, 1, 5, 9), (0, 1, 5, 8), (0, 1, 6, 2)])
    metric = weigh(graph, engine)
    ways = metric.matrix(np.array([0]), np.array([1]))
    assert (ways.time_ms[0, 0], ways.length_mm[0, 0]) == (5, 8)
    arcs = metric.find_path(0, 1)
    assert arcs is not None
    assert arcs.tolist() == [2]


@pytest.mark.parametrize("engine", ENGINES)
def test_length_follows_the_fastest_way_not_the_shortest(engine: Engine) -> None:
    # 0 -> 2 directly: 100 ms, 10 mm; by way of 1: 60 ms, 900 mm.
    graph = make_graph(3, [(0, 2, 100, 10), (0, 1, 30, 400), (1, 2, 30, 500)])
    ways = weigh(graph, engine).matrix(np.array([0]), np.array([2]))
    assert (ways.time_ms[0, 0], ways.length_mm[0, 0]) == (60, 900)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_node_reaches_itself_at_once_and_by_no_arc(engine: Engine) -> None:
    metric = weigh(make_graph(2, [(0, 0, 3, 3), (0, 1, 1, 1)]), engine)
    ways = metric.matrix(np.array([0, 1]), np.array([0, 1]))
    assert ways.time_ms.tolist() == [[0, 1], [UNREACHABLE, 0]]
    arcs = metric.find_path(0, 0)
    assert arcs is not None
    assert arcs.size == 0
    assert metric.find_path(1, 0) is None


@pytest.mark.parametrize("engine", ENGINES)
def test_seconds_and_meters_are_rounded_half_up(engine: Engine) -> None:
    graph = make_graph(3, [(0, 1, 1499, 1500), (1, 2, 1, 999)])
    ways = weigh(graph, engine).matrix(np.array([0]), np.array([0, 1, 2]))
    # 1499 ms -> 1 s, 1500 mm -> 2 m; 1500 ms -> 2 s, 2499 mm -> 2 m
    assert ways.durations_s.tolist() == [[0, 1, 2]]
    assert ways.distances_m.tolist() == [[0, 2, 2]]
    back = weigh(graph, engine).matrix(np.array([2]), np.array([0]))
    assert (back.durations_s[0, 0], back.distances_m[0, 0]) == (UNREACHABLE, UNREACHABLE)
    assert back.durations_s.dtype == np.int32


@pytest.mark.parametrize("engine", ENGINES)
def test_graphs_without_arcs_nodes_or_questions_are_fine(engine: Engine) -> None:
    lonely = weigh(make_graph(2, []), engine)
    assert lonely.matrix(np.array([0, 1]), np.array([1])).time_ms.tolist() == [[UNREACHABLE], [0]]
    nothing = np.array([], dtype=np.int32)
    assert lonely.matrix(nothing, np.array([1])).time_ms.shape == (0, 1)
    assert lonely.matrix(np.array([1]), nothing).time_ms.shape == (1, 0)
    assert weigh(make_graph(0, []), engine).matrix(nothing, nothing).time_ms.shape == (0, 0)
