"""The roads behind the map."""

from __future__ import annotations

import numpy as np

from dispatch.adapters.page.frame import Frame, delta_code
from dispatch.adapters.page.roads import draw_roads
from geo.network import RoadNetwork

# Four nodes in a row, 0.001 degrees of latitude apart: about 111 m. The middle street is two-way.
LATITUDES = np.array([0.0, 0.001, 0.002, 0.003])


def row_of_streets(classes: tuple[str, ...] = ("primary", "residential")) -> RoadNetwork:
    tail = np.array([0, 1, 2, 2], dtype=np.int32)
    head = np.array([1, 2, 1, 3], dtype=np.int32)
    ends = np.stack([tail, head], axis=1).ravel()
    return RoadNetwork(
        profile="car",
        node_id=np.arange(4),
        node_lon=np.zeros(4),
        node_lat=LATITUDES,
        tail=tail,
        head=head,
        length_mm=np.full(4, 111_195),
        free_flow_ms=np.full(4, 8000),
        road_class=np.array([0, 0, 0, 1], dtype=np.int16),
        name=np.full(4, -1, dtype=np.int32),
        geometry_offset=np.arange(0, 10, 2),
        geometry_lon=np.zeros(8),
        geometry_lat=LATITUDES[ends],
        component=np.zeros(4, dtype=np.int32),
        classes=classes,
        names=(),
        source="test",
        attribution="",
        content_hash="0",
    )


EVERYWHERE = np.array([[0.0, 0.0], [0.0, 0.003]])


def test_streets_of_one_class_are_joined_and_two_way_ones_drawn_once() -> None:
    drawn = draw_roads(row_of_streets(), EVERYWHERE, Frame(0.0, 0.0))
    # 0.002 degrees to the north = 222 m up the screen; the point between is on the line.
    assert drawn.groups["primary"] in ([[0, 0, 0, -222]], [[0, -222, 0, 222]])
    assert drawn.groups["minor"] in ([[0, -222, 0, -112]], [[0, -334, 0, 112]])
    assert drawn.left_out == ()


def test_minor_roads_are_left_out_first_and_named() -> None:
    drawn = draw_roads(row_of_streets(), EVERYWHERE, Frame(0.0, 0.0), max_points=2)
    assert drawn.left_out == ("minor",)
    assert set(drawn.groups) == {"motorway", "primary", "secondary", "tertiary"}
    assert len(drawn.groups["primary"]) == 1


def test_roads_far_from_the_day_are_not_drawn() -> None:
    away = np.array([[1.0, 1.0], [1.1, 1.1]])
    drawn = draw_roads(row_of_streets(), away, Frame(1.0, 1.0))
    assert all(lines == [] for lines in drawn.groups.values())


def test_links_belong_to_the_road_they_lead_to() -> None:
    drawn = draw_roads(row_of_streets(("motorway_link", "trunk")), EVERYWHERE, Frame(0.0, 0.0))
    assert len(drawn.groups["motorway"]) == 1
    assert drawn.groups["minor"] == []


def test_a_coded_line_adds_up_to_the_line() -> None:
    line = np.array([[5, 5], [5, 5], [8, 1], [8, 4]])
    coded = delta_code(line)
    assert coded == [5, 5, 3, -4, 0, 3]
