"""Candidate sites: from circles, gaps and junctions; thinned, excluded, given."""

from pathlib import Path

import numpy as np
import shapely

from geo.candidate_gaps import Plane, find_gap_centers, gather_demand, intersect_circles
from geo.candidates import generate_candidates, thin_by_signature
from geo.demand import Demand, make_demand
from geo.sphere import great_circle_m
from tests.osm_files import make_network


def _radius(demand: Demand) -> np.ndarray:
    return np.full(len(demand), 5000.0)


def _demand(lonlat: list[tuple[float, float]], weight: list[int]) -> Demand:
    return make_demand(np.array(lonlat), np.array(weight))


def test_two_circles_cross_where_pythagoras_says() -> None:
    # centers 6 km apart, radius 5 km: crossings at (3, ±4) km; circles are drawn 1 m smaller
    xy = np.array([[0.0, 0.0], [6000.0, 0.0]])
    crossing = intersect_circles(xy, np.ones(2), np.full(2, 5000.0), 10)
    assert np.allclose(np.sort(crossing[:, 1]), [-4000.0, 4000.0], atol=2.0)
    assert np.allclose(crossing[:, 0], 3000.0, atol=1e-6)


def test_circles_of_two_sizes_cross_inside_both_radii() -> None:
    xy = np.array([[0.0, 0.0], [18_000.0, 0.0]])
    radius = np.array([5000.0, 20_000.0])
    crossing = intersect_circles(xy, np.ones(2), radius, 10)
    away = np.hypot(*(crossing[:, None, :] - xy[None]).transpose(2, 0, 1))
    assert len(crossing) == 2
    assert (away <= radius).all()


def test_a_crossing_covers_both_far_ends_that_no_demand_point_covers_together() -> None:
    # three points, each pair 8.7 km apart: no point covers another within 5 km... and the
    # circumcenter is 5.02 km away, so a crossing covers exactly two of them
    side = 8700.0
    xy = np.array([[0.0, 0.0], [side, 0.0], [side / 2, side * np.sqrt(3) / 2]])
    crossing = intersect_circles(xy, np.ones(3), np.full(3, 5000.0), 10)
    away = np.hypot(*(crossing[:, None, :] - xy[None]).transpose(2, 0, 1))
    assert ((away <= 5000.0).sum(axis=1) == 2).all()


def test_gap_centers_come_heaviest_first_and_share_no_demand() -> None:
    xy = np.array([[0.0, 0.0], [800.0, 0.0], [30_000.0, 0.0]])
    centers = find_gap_centers(xy, np.array([10.0, 30.0, 25.0]), np.full(3, 5000.0), 5)
    # 40 together around (10·0 + 30·800) / 40 = 600 m, then the lonely 25
    assert np.allclose(centers, [[600.0, 0.0], [30_000.0, 0.0]])


def test_gathering_keeps_all_demand_and_leaves_out_points_without() -> None:
    rng = np.random.default_rng(1)
    xy, weight = rng.uniform(0, 20_000, (500, 2)), rng.integers(0, 50, 500)
    radius = np.where(xy[:, 0] < 9000, 5000.0, 20_000.0)
    center, mass, kept = gather_demand(xy, weight, radius)
    assert mass.sum() == weight.sum()
    assert set(kept) == {5000.0, 20_000.0}
    assert len(center) < 500


def test_of_sites_with_equal_cover_the_first_stays_and_empty_ones_go() -> None:
    # row 0: sites 0, 1, 3; row 1: sites 0, 3 → 0 and 3 alike, 1 differs, 2 covers nobody
    offset, index = np.array([0, 3, 5]), np.array([0, 1, 3, 0, 3], dtype=np.int32)
    assert thin_by_signature(offset, index, 4).tolist() == [0, 1]


def test_the_plane_returns_where_it_came_from() -> None:
    lonlat = np.array([[114.0, 30.4], [114.5, 30.7]])
    plane = Plane(lonlat)
    assert np.allclose(plane.to_lonlat(plane.to_xy(lonlat)), lonlat, atol=1e-12)


def test_generated_places_keep_off_excluded_ground_and_given_ones_too() -> None:
    demand = _demand([(112.0, 30.0), (112.05, 30.0), (112.1, 30.02)], [5, 5, 5])
    west = shapely.box(111.0, 29.0, 112.03, 31.0)
    given = np.array([[112.01, 30.0], [112.08, 30.0]])
    sites = generate_candidates(
        demand, _radius(demand), np.zeros(3, np.bool_), given=given, exclusion=west
    )
    assert (sites.lonlat[:, 0] > 112.03).all()
    assert sites.given.max() == 1  # the second one given
    assert (sites.given == 0).sum() == 0


def test_covered_demand_asks_for_no_place() -> None:
    demand = _demand([(112.0, 30.0), (112.05, 30.0)], [5, 5])
    assert len(generate_candidates(demand, _radius(demand), np.ones(2, np.bool_)).lonlat) == 0


def test_places_far_from_any_road_are_left_out(tmp_path: Path) -> None:
    places = {1: (112.0, 30.0), 2: (112.01, 30.0), 3: (112.02, 30.0)}
    network = make_network(tmp_path, places, [((1, 2, 3), {"highway": "residential"})])
    # the second point is 40 km from the only street: its gap center is refused
    demand = _demand([(112.01, 30.0), (112.4, 30.0)], [5, 50])
    sites = generate_candidates(demand, _radius(demand), np.zeros(2, np.bool_), network=network)
    to_street = great_circle_m(
        sites.lonlat[:, 0], sites.lonlat[:, 1], np.full(len(sites.lonlat), 112.01), np.full(
            len(sites.lonlat), 30.0)
    )  # fmt: skip
    assert len(sites.lonlat) > 0
    assert (to_street < 2000.0).all()
    assert "road" in sites.source
