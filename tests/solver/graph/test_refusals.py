"""What the graph door refuses, with the value it found."""

from __future__ import annotations

import logging

import numpy as np
import pytest

import solver.graph.hierarchy as door
from solver.errors import InvalidParameter, InvalidProblem, SolverUnavailable
from solver.graph import LENGTH_LIMIT_MM, TIME_LIMIT_MS, UNREACHABLE, Hierarchy
from tests.graphs import make_graph

ZERO = np.zeros(2)


def two_nodes(arcs: list[tuple[int, int, int, int]]) -> Hierarchy:
    graph = make_graph(2, arcs)
    return Hierarchy.build(2, graph.tail, graph.head, graph.lon, graph.lat)


def test_all_faults_of_a_graph_come_together() -> None:
    with pytest.raises(InvalidProblem) as caught:
        Hierarchy.build(2, np.array([0, 5]), np.array([1]), np.array([0.0, np.nan]), ZERO)
    text = str(caught.value)
    assert len(caught.value.faults) == 3
    assert "tail[1]: found 5 (1 such entries); expected 0 to 2, exclusive" in text
    assert "head: found 1 entries; expected 2 entries" in text
    assert "lon[1]: found nan; expected a finite number" in text


def test_float_node_numbers_are_refused_not_cut() -> None:
    with pytest.raises(InvalidProblem, match="tail: found float64 of shape"):
        Hierarchy.build(2, np.array([0.5]), np.array([1]), ZERO, ZERO)


@pytest.mark.parametrize("value", [-1, TIME_LIMIT_MS])
def test_times_out_of_range_are_named(value: int) -> None:
    hierarchy = two_nodes([(0, 1, 1, 1)])
    with pytest.raises(InvalidProblem, match=rf"time_ms\[0\]: found {value} "):
        hierarchy.customize(np.array([value]), np.array([1]))


@pytest.mark.parametrize("value", [-7, LENGTH_LIMIT_MM])
def test_lengths_out_of_range_are_named(value: int) -> None:
    hierarchy = two_nodes([(0, 1, 1, 1)])
    with pytest.raises(InvalidProblem, match=rf"length_mm\[0\]: found {value} "):
        hierarchy.customize(np.array([1]), np.array([value]))


def test_float_weights_are_refused_not_cut() -> None:
    with pytest.raises(InvalidProblem, match="time_ms: found float64"):
        two_nodes([(0, 1, 1, 1)]).customize(np.array([1.5]), np.array([1]))


def test_questions_about_unknown_nodes_are_refused() -> None:
    metric = two_nodes([(0, 1, 1, 1)]).customize(np.array([1]), np.array([1]))
    with pytest.raises(InvalidProblem, match=r"targets\[1\]: found 2 "):
        metric.matrix(np.array([0]), np.array([0, 2]))
    with pytest.raises(InvalidParameter, match="source is -1"):
        metric.find_path(-1, 0)
    with pytest.raises(InvalidParameter, match="threads is 0"):
        metric.matrix(np.array([0]), np.array([0]), threads=0)


def test_an_order_that_names_a_node_twice_is_refused() -> None:
    graph = make_graph(3, [(0, 1, 1, 1)])
    with pytest.raises(InvalidProblem, match="order: found 0 2 times"):
        Hierarchy.from_order(graph.tail, graph.head, np.array([0, 0, 2]))


@pytest.mark.core
def test_a_way_whose_length_may_not_fit_is_refused_not_wrong() -> None:
    # Two arcs of 3 000 km: together 6 000 km, more than 32 bits of millimeters.
    arc = 3_000_000_000
    graph = make_graph(3, [(0, 1, 10_000_000, arc), (1, 2, 10_000_000, arc)])
    metric = Hierarchy.build(3, graph.tail, graph.head, graph.lon, graph.lat).customize(
        graph.time_ms, graph.length_mm
    )
    assert metric.matrix(np.array([0]), np.array([1])).length_mm[0, 0] == arc
    with pytest.raises(InvalidParameter, match="4294 km"):
        metric.matrix(np.array([0]), np.array([2]))
    with pytest.raises(InvalidParameter, match="4294 km"):
        metric.find_path(0, 2)


@pytest.mark.parametrize("engine", ["compiled", "scipy"])
def test_a_way_of_twelve_days_counts_as_none(engine: door.Engine) -> None:
    half = TIME_LIMIT_MS // 2
    graph = make_graph(3, [(0, 1, half, 1), (1, 2, half, 1)])
    hierarchy = Hierarchy.build(3, graph.tail, graph.head, graph.lon, graph.lat, engine=engine)
    nodes = np.arange(3)
    ways = hierarchy.customize(graph.time_ms, graph.length_mm).matrix(nodes, nodes)
    assert ways.time_ms[0].tolist() == [0, half, UNREACHABLE]
    shorter = hierarchy.customize(graph.time_ms - 1, graph.length_mm).matrix(nodes, nodes)
    assert shorter.time_ms[0].tolist() == [0, half - 1, TIME_LIMIT_MS - 2]


def test_a_missing_core_is_announced(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(door, "_MISSING", "no module named _graph")
    with caplog.at_level(logging.WARNING):
        hierarchy = two_nodes([(0, 1, 4, 2)])
    assert "slower: compiled core missing" in hierarchy.description
    assert "no module named _graph" in caplog.text
    ways = hierarchy.customize(np.array([4]), np.array([2])).matrix(np.array([0]), np.array([1]))
    assert ways.time_ms.tolist() == [[4]]
    graph = make_graph(2, [])
    with pytest.raises(SolverUnavailable, match="no module named _graph"):
        Hierarchy.build(2, graph.tail, graph.head, ZERO, ZERO, engine="compiled")
