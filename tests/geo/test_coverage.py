"""The audit and the cover sets, against searches too plain to be wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage import RadiusRule, Sites, audit_coverage, cover_sets
from geo.demand import RURAL, SUBURBAN, URBAN, make_demand
from geo.network import RoadNetwork
from geo.reach import RoadReach
from geo.sphere import great_circle_m
from geo.straight import NOBODY, find_nearest_straight
from tests.networks import make_network

RULE = RadiusRule(urban_m=1200, suburban_m=2500)


@st.composite
def towns(draw: st.DrawFn) -> tuple[RoadNetwork, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """A network with ties, one-ways and dead ends; places of demand and outlets; zones; radii."""
    n = draw(st.integers(2, 9))
    places = [(8.6 + (i % 3) / 500, 49.4 + (i // 3) / 500) for i in range(n)]
    node = st.integers(0, n - 1)
    arcs = draw(st.lists(st.tuples(node, node, st.integers(1, 5), st.integers(1, 6)), min_size=1,
                         max_size=25))  # fmt: skip
    # No street is shorter than the straight line between its ends (at most 531 m).
    streets = [(a, b, 1000 * ms, 500_000 + 50_000 * mm, "primary") for a, b, ms, mm in arcs]
    spot = st.tuples(st.integers(0, 40), st.integers(0, 40))
    at = lambda spots: np.array(  # noqa: E731 - two uses, one line
        [(8.5995 + x / 8000, 49.3995 + y / 8000) for x, y in spots], dtype=np.float64
    )
    demand = at(draw(st.lists(spot, min_size=1, max_size=8)))
    sites = at(draw(st.lists(spot, min_size=1, max_size=5)))
    zone = np.array(draw(st.lists(st.integers(0, 2), min_size=8, max_size=8)), dtype=np.int8)
    radii = draw(st.lists(st.sampled_from([-1, -1, 600, 1500]), min_size=5, max_size=5))
    network = make_network(places, streets)
    return network, demand, sites, zone[: len(demand)], np.array(radii[: len(sites)])


def shortest_mm(network: RoadNetwork) -> np.ndarray:
    """All pairs by Floyd and Warshall."""
    table = np.full((network.n_nodes, network.n_nodes), np.inf)
    np.fill_diagonal(table, 0.0)
    for tail, head, mm in zip(network.tail, network.head, network.length_mm, strict=True):
        table[tail, head] = min(table[tail, head], mm)
    for middle in range(network.n_nodes):
        table = np.minimum(table, table[:, middle, None] + table[None, middle, :])
    return table


def all_meters(
    network: RoadNetwork, reach: RoadReach, demand: np.ndarray, sites: np.ndarray
) -> np.ndarray:
    """Shape (n, m): meters from every site to every point, -1 without a way."""
    ways = shortest_mm(network)
    points, outlets = reach.place(demand), reach.place(sites)
    mm = ways[outlets.node][:, points.node].T + points.access_mm[:, None] + outlets.access_mm
    meters = np.full(mm.shape, -1)
    meters[np.isfinite(mm)] = np.floor(mm[np.isfinite(mm)] / 1000 + 0.5)
    return meters


def straight_meters(demand: np.ndarray, sites: np.ndarray) -> np.ndarray:
    a, b = np.broadcast_arrays(demand[:, None, :], sites[None, :, :])
    meters = great_circle_m(a[..., 0], a[..., 1], b[..., 0], b[..., 1])
    return np.floor(meters + 0.5).astype(int)


def radii_of(zone: np.ndarray, own: np.ndarray, rule: RadiusRule, m: int) -> np.ndarray:
    """Shape (n, m)."""
    by_zone = {URBAN: rule.urban_m, SUBURBAN: rule.suburban_m, RURAL: rule.suburban_m}
    return np.array(
        [[own[j] if own[j] >= 0 else by_zone[z] for j in range(m)] for z in zone.tolist()]
    )


@given(towns())
@settings(max_examples=120, deadline=None)
def test_nearest_and_verdict_are_those_of_brute_force_by_both_measures(town: tuple) -> None:
    network, places, spots, zone, own = town
    reach = RoadReach(network)
    demand = make_demand(places, zone=zone)
    sites = Sites(spots, np.zeros(len(spots), np.int8), own)
    audit = audit_coverage(demand, sites, RULE, reach)
    radius = radii_of(zone, own, RULE, len(spots))
    assert audit.road is not None
    for found, meters in (
        (audit.straight, straight_meters(places, spots)),
        (audit.road, all_meters(network, reach, places, spots)),
    ):
        far = np.where(meters < 0, 10**9, meters)
        in_order = np.sort(far, axis=1)
        nearest = np.where(in_order[:, 0] == 10**9, NOBODY, in_order[:, 0])
        assert found.distance_m.tolist() == nearest.tolist()
        if len(spots) > 1:
            second = np.where(in_order[:, 1] == 10**9, NOBODY, in_order[:, 1])
            assert found.second_m.tolist() == second.tolist()
        else:
            assert (found.second == NOBODY).all()
        assert found.covered.tolist() == (far <= radius).any(axis=1).tolist()
        for row, site in enumerate(found.nearest.tolist()):
            assert site == NOBODY or far[row, site] == in_order[row, 0]
            other = int(found.second[row])
            assert other == NOBODY or (other != site and far[row, other] == in_order[row, 1])
        served = found.serving != NOBODY
        best = (radius - far).max(axis=1)
        assert found.slack_m[served].tolist() == best[served].tolist()


@given(towns(), st.booleans())
@settings(max_examples=80, deadline=None)
def test_cover_sets_are_those_of_brute_force(town: tuple, count_access: bool) -> None:
    network, places, spots, zone, own = town
    reach = RoadReach(network, count_access=count_access)
    demand = make_demand(places, zone=zone)
    sites = Sites(spots, np.zeros(len(spots), np.int8), own)
    radius = radii_of(zone, own, RULE, len(spots))
    road = all_meters(network, reach, places, spots)
    for sets, meters in (
        (cover_sets(demand, sites, RULE), straight_meters(places, spots)),
        (cover_sets(demand, sites, RULE, reach, measure="road"), road),
    ):
        inside = (meters >= 0) & (meters <= radius)
        for row in range(len(places)):
            part = slice(sets.offset[row], sets.offset[row + 1])
            assert sets.site_index[part].tolist() == np.flatnonzero(inside[row]).tolist()
            assert sets.distance_m[part].tolist() == meters[row, inside[row]].tolist()


@given(towns())
@settings(max_examples=60, deadline=None)
def test_no_road_is_shorter_than_the_straight_line_where_lengths_are_true(town: tuple) -> None:
    network, places, spots, _, _ = town
    # The lengths of the made-up streets are not those of the map: stretch them to be longer.
    true = great_circle_m(
        network.node_lon[network.tail], network.node_lat[network.tail],
        network.node_lon[network.head], network.node_lat[network.head],
    )  # fmt: skip
    object.__setattr__(network, "length_mm", np.ceil(true * 1000).astype(np.int64) + 1)
    reach = RoadReach(network)
    audit = audit_coverage(make_demand(places, zone=np.zeros(len(places), np.int8)),
                           Sites.at(spots), RULE, reach)  # fmt: skip
    assert audit.road is not None
    reached = audit.road.nearest != NOBODY
    assert (audit.road.distance_m[reached] >= audit.straight.distance_m[reached] - 1).all()


def test_drive_time_follows_the_fastest_way_and_distance_the_shortest(tmp_path: Path) -> None:
    # Over node 1: 60 s and 2 000 m; straight: 100 s and 1 000 m.
    network = make_network(
        [(8.60, 49.40), (8.61, 49.41), (8.62, 49.40)],
        [(0, 1, 30_000, 1_000_000, "primary"), (1, 2, 30_000, 1_000_000, "primary"),
         (0, 2, 100_000, 1_000_000, "primary"), (2, 0, 100_000, 1_000_000, "primary")],
    )  # fmt: skip
    reach = RoadReach(network, cache_dir=tmp_path)
    demand = make_demand(np.array([[8.62, 49.40]]), zone=np.zeros(1, np.int8))
    audit = audit_coverage(demand, Sites.at(np.array([[8.60, 49.40]])), RULE, reach)
    assert audit.road is not None
    assert audit.drive_s is not None
    assert (audit.road.distance_m.tolist(), audit.drive_s.tolist()) == ([1000], [60])


def test_without_outlets_nobody_is_covered_and_nothing_breaks() -> None:
    demand = make_demand(np.array([[8.6, 49.4]]), zone=np.zeros(1, np.int8))
    audit = audit_coverage(demand, Sites.at(np.zeros((0, 2))), RULE)
    assert not audit.covered.any()
    assert audit.straight.nearest.tolist() == [NOBODY]
    assert cover_sets(demand, Sites.at(np.zeros((0, 2))), RULE).offset.tolist() == [0, 0]


def test_exactly_at_the_radius_is_covered_and_a_meter_more_is_not() -> None:
    # 0.01 degrees along the meridian: 0.01 * 111 195.08 = 1 111.95 m, rounded 1 112.
    demand = make_demand(np.array([[8.6, 49.41]]), zone=np.zeros(1, np.int8))
    sites = Sites.at(np.array([[8.6, 49.40]]))
    assert audit_coverage(demand, sites, RadiusRule(urban_m=1112)).covered.tolist() == [True]
    assert audit_coverage(demand, sites, RadiusRule(urban_m=1111)).covered.tolist() == [False]


def test_the_outlets_zone_decides_where_the_rule_says_so() -> None:
    demand = make_demand(np.array([[8.6, 49.41]]), zone=np.zeros(1, np.int8))
    town, suburb = np.array([URBAN], np.int8), np.array([SUBURBAN], np.int8)
    rule = RadiusRule(urban_m=1000, suburban_m=2000, by="outlet")
    at, own = np.array([[8.6, 49.40]]), np.array([-1])
    assert not audit_coverage(demand, Sites(at, town, own), rule).covered.any()
    assert audit_coverage(demand, Sites(at, suburb, own), rule).covered.all()


def test_rural_points_count_as_suburban_unless_they_have_a_radius() -> None:
    demand = make_demand(np.array([[8.6, 49.41]]), zone=np.array([RURAL], np.int8))
    sites = Sites.at(np.array([[8.6, 49.40]]))
    rule = RadiusRule(urban_m=100, suburban_m=2000)
    assert audit_coverage(demand, sites, rule).covered.tolist() == [True]
    strict = RadiusRule(urban_m=100, suburban_m=2000, rural_m=500)
    assert audit_coverage(demand, sites, strict).covered.tolist() == [False]


def test_a_point_without_zone_is_refused_not_guessed() -> None:
    demand = make_demand(np.array([[8.6, 49.41]]))
    with pytest.raises(ValueError, match="DefaultZone"):
        audit_coverage(demand, Sites.at(np.array([[8.6, 49.4]])), RULE)


def test_the_nearest_is_found_across_the_date_line() -> None:
    sites = np.array([[179.9, 0.0], [-179.999, 0.0]])
    near = find_nearest_straight(np.array([[179.999, 0.0]]), sites)
    # np.array([[179.9, 0.0], [-179.999, 0.0]]))
    # 0.002 degrees: 222.39 m.
    assert (near.site[0, 0], near.distance_m[0, 0]) == (1, 222)
