"""Isochrones hold what they promise: reached nodes inside, nothing farther than the buffer."""

from __future__ import annotations

import numpy as np
import shapely
import shapely.ops
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.isochrone import compute_isochrones
from geo.reach import RoadReach
from geo.straight import to_local_m
from tests.networks import make_network, make_town


@given(st.integers(3, 8), st.integers(0, 50), st.floats(0.2, 6.0), st.sampled_from([60.0, 250.0]))
@settings(max_examples=40, deadline=None)
def test_reached_nodes_lie_inside_and_unreached_ones_only_near_reached_roads(
    side: int, seed: int, minutes: float, buffer_m: float
) -> None:
    network = make_town(side, seed)
    reach = RoadReach(network)
    start = np.array([[network.node_lon[0], network.node_lat[0]]])
    node_ms = reach.compute_node_times_ms(reach.place(start))
    (found,) = compute_isochrones(network, node_ms, [minutes], buffer_m=buffer_m)
    assert found.area.is_valid
    nodes = shapely.points(np.column_stack((network.node_lon, network.node_lat)))
    inside = shapely.covers(found.area, nodes)
    reached = node_ms <= minutes * 60_000
    assert inside[reached].all()
    # Reached stretches, cut where the time is up.
    xy = lambda lonlat: to_local_m(np.asarray(lonlat), 8.6, 49.4)  # noqa: E731
    lines = []
    for arc in range(network.n_arcs):
        part = (minutes * 60_000 - node_ms[network.tail[arc]]) / network.free_flow_ms[arc]
        if part < 0:
            continue
        span = slice(network.geometry_offset[arc], network.geometry_offset[arc + 1])
        shape = shapely.LineString(
            xy(np.column_stack((network.geometry_lon[span], network.geometry_lat[span])))
        )
        lines.append(shapely.ops.substring(shape, 0, min(part, 1.0), normalized=True))
    roads = shapely.union_all(lines)
    corners = xy(shapely.get_coordinates(found.area))
    away = shapely.distance(shapely.points(corners), roads)
    assert away.max() <= found.buffer_m * 1.01  # projections differ by less than a percent


def test_a_road_is_driven_until_the_time_is_up_not_to_the_last_crossing() -> None:
    # One street of 0.1 degrees (7.2 km at 49.4 north) that takes 600 s: half is reached in 5 min.
    network = make_network(
        [(8.60, 49.40), (8.70, 49.40)], [(0, 1, 600_000, 7_236_000, "primary")]
    )  # fmt: skip
    (found,) = compute_isochrones(network, np.array([0.0, np.inf]), [5], buffer_m=100.0)
    east = found.area.bounds[2]
    assert 8.650 <= east <= 8.650 + 100 / 72_300 + 1e-4


def test_longer_times_reach_farther_and_nothing_reached_is_an_empty_area() -> None:
    network = make_town(8, 3)
    node_ms = np.full(network.n_nodes, np.inf)
    assert all(one.area.is_empty for one in compute_isochrones(network, node_ms))
    node_ms = RoadReach(network).compute_node_times_ms(
        RoadReach(network).place(np.array([[8.6, 49.4]]))
    )
    areas = [one.area.area for one in compute_isochrones(network, node_ms, (1, 2, 4))]
    assert areas == sorted(areas)
    assert areas[0] > 0
