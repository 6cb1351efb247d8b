"""Zones: hand-made grids, codes, polygons, roads; who said so; two classifiers side by side."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.degurba import CENTER_CELL, CLUSTER_CELL, RURAL_CELL, classify_cells
from geo.demand import (
    RURAL,
    SOURCES,
    SUBURBAN,
    UNKNOWN,
    URBAN,
    GrowthScenario,
    aggregate_visits,
    demand_from_grid,
    grow,
    make_demand,
)
from geo.population_grid import InvalidGrid, PopulationGrid, read_population_grid
from geo.straight import METERS_PER_DEGREE
from geo.zones import (
    DefaultZone,
    DegreeOfUrbanization,
    PolygonZones,
    RoadDensity,
    VillageCodes,
    classify_zones,
    compare_classifiers,
)
from tests.networks import make_town

CELL = 1000 / METERS_PER_DEGREE  # one kilometer, at the equator both ways


def grid_of(rows: list[list[int]]) -> PopulationGrid:
    """Cells of 1 km² on the equator (a cell shrinks by a millionth a row: irrelevant here)."""
    return PopulationGrid(np.array(rows, dtype=np.float64), 10.0, 0.0, CELL, CELL)


def classes_of(rows: list[list[int]]) -> list[list[int]]:
    return classify_cells(grid_of(rows)).tolist()


def test_a_center_needs_dense_cells_and_fifty_thousand_people_together() -> None:
    # 25 000 + 25 001 = 50 001 reach the 50 000; two cells alone with 49 998 do not.
    assert classes_of([[25_000, 25_001]]) == [[CENTER_CELL, CENTER_CELL]]
    assert classes_of([[24_999, 24_999]]) == [[CLUSTER_CELL, CLUSTER_CELL]]


def test_center_cells_touch_at_edges_cluster_cells_also_at_corners() -> None:
    # Over a corner the two do not add up to a center, but they are one cluster.
    assert classes_of([[30_000, 0], [0, 30_000]]) == [[CLUSTER_CELL, RURAL_CELL],
                                                      [RURAL_CELL, CLUSTER_CELL]]  # fmt: skip
    # 2 600 + 2 600 = 5 200 over a corner: a cluster.
    assert classes_of([[2600, 0], [0, 2600]])[0][0] == CLUSTER_CELL
    # 2 600 alone: rural, however dense.
    assert classes_of([[2600, 0]]) == [[RURAL_CELL, RURAL_CELL]]


def test_density_just_below_a_threshold_does_not_count() -> None:
    # 1 490 per km² is no center cell even beside a metropolis; it is part of the cluster.
    assert classes_of([[60_000, 1490]]) == [[CENTER_CELL, CLUSTER_CELL]]
    assert classes_of([[60_000, 290]]) == [[CENTER_CELL, RURAL_CELL]]


def test_a_gap_with_five_neighbors_of_one_center_joins_it() -> None:
    rows = [[9000, 9000, 9000], [9000, 0, 9000], [9000, 9000, 9000]]
    assert classes_of(rows)[1][1] == CENTER_CELL
    # A notch at the rim with five of eight neighbors is filled, too; a corner never is.
    notch = [[20_000, 0, 20_000], [20_000, 20_000, 20_000], [0, 0, 0]]
    assert classes_of(notch)[0][1] == CENTER_CELL
    assert classes_of(notch)[2] == [RURAL_CELL] * 3


def test_a_large_hole_stays_and_a_small_one_is_closed() -> None:
    def ring(inner: int) -> list[list[int]]:
        side = inner + 2
        return [[9000 if r in (0, side - 1) or c in (0, side - 1) else 0 for c in range(side)]
                for r in range(side)]  # fmt: skip

    # 3 x 3 = 9 km² is closed (<= 15). 6 x 6 = 36 km² loses only cells with five neighbors: none
    # but its corners have that many (5: three of one side, three of the other, one shared).
    assert set(map(tuple, classes_of(ring(3)))) == {(CENTER_CELL,) * 5}
    assert classes_of(ring(12))[6][6] == RURAL_CELL


def test_the_area_of_a_cell_shrinks_with_latitude() -> None:
    # At 60 north a cell is half as wide: 800 people are 1 600 per km².
    grid = PopulationGrid(np.full((1, 70), 800.0), 10.0, 60.0 + CELL / 2, CELL, CELL)
    assert (classify_cells(grid) == CENTER_CELL).all()
    assert not (classify_cells(grid_of([[800] * 70])) == CENTER_CELL).any()


def test_joining_cells_keeps_people() -> None:
    fine = PopulationGrid(np.arange(600.0).reshape(20, 30), 10.0, 0.0, CELL / 10, CELL / 10)
    coarse = fine.coarsen()
    assert coarse.people.shape == (2, 3)
    assert coarse.people.sum() == fine.people.sum()
    assert coarse.people[0, 0] == fine.people[:10, :10].sum()


def test_codes_of_the_nearest_village_decide_and_far_points_stay_unknown() -> None:
    codes = VillageCodes(
        np.array([[108.0, 22.0], [108.1, 22.0], [108.2, 22.0]]), np.array([111, 121, 220]), 8000
    )
    points = np.array([[108.01, 22.0], [108.09, 22.0], [108.21, 22.0], [109.0, 22.0]])
    assert codes.classify(points).tolist() == [URBAN, SUBURBAN, RURAL, UNKNOWN]


def test_a_code_nobody_defined_is_refused() -> None:
    codes = VillageCodes(np.array([[108.0, 22.0]]), np.array([999]))
    with pytest.raises(ValueError, match="999"):
        codes.classify(np.array([[108.0, 22.0]]))


def test_the_chain_asks_in_order_and_notes_who_answered() -> None:
    lonlat = np.array([[0.5, 0.5], [0.5, 0.5], [1.5, 0.5], [5.0, 0.5]])
    zone = np.array([RURAL, UNKNOWN, UNKNOWN, UNKNOWN], dtype=np.int8)
    chain = [
        PolygonZones([shapely.box(0, 0, 1, 1)], [URBAN]),
        VillageCodes(np.array([[1.5, 0.5]]), np.array([122])),
        DefaultZone(RURAL),
    ]
    found = classify_zones(make_demand(lonlat, zone=zone), chain)
    assert found.zone.tolist() == [RURAL, URBAN, SUBURBAN, RURAL]
    words = [SOURCES[i] for i in found.zone_source.tolist()]
    assert words == ["given", "polygon", "village_code", "default"]


def test_of_overlapping_polygons_the_first_decides_and_the_rim_is_inside() -> None:
    zones = PolygonZones([shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)], [SUBURBAN, URBAN])
    points = np.array([[1.5, 1.5], [2.5, 2.5], [0.0, 0.0]])
    assert zones.classify(points).tolist() == [SUBURBAN, URBAN, SUBURBAN]


def test_two_classifiers_stand_side_by_side_with_their_agreement() -> None:
    grid = grid_of([[60_000, 0]])
    inner, outer = 10.0 + CELL / 2, 10.0 + 1.5 * CELL
    lonlat = np.array([[inner, -CELL / 2], [outer, -CELL / 2], [20.0, 5.0]])
    demand = make_demand(lonlat, np.array([30, 10, 7]))
    found = compare_classifiers(demand, DegreeOfUrbanization(grid), DefaultZone(URBAN))
    # Urban-urban 30, rural-urban 10, unknown-urban 7; of the 40 that both know 30 agree.
    assert [row[URBAN] for row in found.weight] == [30, 0, 10, 7]
    assert found.agreement == 0.75


def test_dense_streets_are_town_and_beyond_the_roads_nothing_is_known() -> None:
    network = make_town(20, 1)  # a crossing every 360 x 556 m, streets of 5 to 90 m in their table
    object.__setattr__(network, "length_mm", np.full(network.n_arcs, 450_000, np.int64))
    verdict = RoadDensity(network).classify(np.array([[8.65, 49.45], [9.9, 49.45]]))
    # Some 5 crossings per km² with two streets of 0.45 km each: 4.5 km per km².
    assert verdict.tolist() == [SUBURBAN, UNKNOWN]


def test_rounding_cells_keeps_the_total_and_small_cells_count() -> None:
    grid = PopulationGrid(np.full((10, 10), 0.3), 10.0, 0.0, CELL, CELL)
    assert demand_from_grid(grid).total_weight == 30
    assert demand_from_grid(grid, visits_per_1000=500).total_weight == 15


def test_visits_are_added_up_by_square() -> None:
    lonlat = np.array([[8.6, 49.4]] * 3 + [[8.7, 49.4]])
    found = aggregate_visits(lonlat, np.array([1, 2, 3, 10]))
    assert sorted(found.weight.tolist()) == [6, 10]
    assert aggregate_visits(lonlat).total_weight == 4


def test_growth_by_zone_and_district() -> None:
    demand = make_demand(
        np.zeros((3, 2)), np.array([100, 100, 100]), district=["A", "B", None],
        zone=np.array([URBAN, SUBURBAN, SUBURBAN], np.int8),
    )  # fmt: skip
    more = grow(demand, GrowthScenario("new town", 1.1, {"suburban": 2.0}, {"B": 1.5}))
    assert more.weight.tolist() == [110, 330, 220]
    with pytest.raises(ValueError, match="'C'"):
        grow(demand, GrowthScenario("wrong", by_district={"C": 2.0}))


def test_a_geotiff_is_read_and_a_broken_one_named(tmp_path: Path) -> None:
    rasterio = pytest.importorskip("rasterio")
    people = np.array([[1.5, -99999.0], [2.0, 4.0]], dtype=np.float32)
    shape = {"driver": "GTiff", "height": 2, "width": 2, "count": 1, "dtype": "float32"}
    turn = rasterio.Affine(0.01, 0.0, 114.0, 0.0, -0.02, 31.0)
    with rasterio.open(tmp_path / "p.tif", "w", crs="EPSG:4326", transform=turn, nodata=-99999.0,
                       **shape) as file:  # fmt: skip
        file.write(people, 1)
    grid = read_population_grid(tmp_path / "p.tif")
    lonlat, count = grid.inhabited_cells()
    assert count.tolist() == [1.5, 2.0, 4.0]
    assert lonlat[0] == pytest.approx([114.005, 30.99])
    (tmp_path / "broken.tif").write_bytes(b"II*\0nonsense")
    with pytest.raises(InvalidGrid, match=r"broken\.tif"):
        read_population_grid(tmp_path / "broken.tif")
