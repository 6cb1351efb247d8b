"""The audit on real roads, people and official codes."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dispatch.adapters.files.network_file import read_network_file
from dispatch.planning.network_audit import audit_network
from geo.coverage import RadiusRule, Sites, audit_coverage
from geo.degurba import CENTER_CELL, classify_cells
from geo.demand import SOURCES, URBAN, make_demand
from geo.osm import read_network
from geo.population_grid import read_population_grid
from geo.reach import RoadReach
from tests.data_root import data_or_skip


def test_guangxi_by_town_with_the_official_codes(tmp_path: Path) -> None:
    source = data_or_skip("maps", "guangxi", "guangxi_adcode_5levels.csv")
    units = pd.read_csv(source, dtype=str)
    towns = units[units["level"] == "town"].dropna(subset=["longitude"]).reset_index(drop=True)
    fences = gzip.decompress(source.with_name("guangxi_fences.geojson.gz").read_bytes())
    (tmp_path / "fences.geojson").write_bytes(fences)
    units.to_csv(tmp_path / "codes.csv", index=False)
    pd.DataFrame({"id": towns["code"], "lon": towns["longitude"], "lat": towns["latitude"]}).to_csv(
        tmp_path / "demand.csv", index=False
    )
    chosen = np.random.default_rng(3).choice(len(towns), 300, replace=False)
    outlets = [
        {"id": f"G{i}", "lon": float(towns["longitude"][k]), "lat": float(towns["latitude"][k])}
        for i, k in enumerate(chosen.tolist())
    ]
    document = {
        "id": "guangxi", "outlets": outlets, "urban_rural_codes": "codes.csv",
        "districts": {"file": "fences.geojson", "datum": "gcj02"},
    }  # fmt: skip
    (tmp_path / "network.json").write_text(json.dumps(document), encoding="utf-8")
    found = read_network_file(tmp_path)
    audit = audit_network(found.network, found.demand, found.chain())
    assert len(audit.demand) == 1151
    # Every town's zone comes from the codes of its villages, nothing is left to the default.
    assert set(audit.demand.zone_source.tolist()) == {SOURCES.index("village_code")}
    # An outlet covers the town it stands in.
    assert audit.coverage.covered[chosen].all()
    assert len({row.name for row in audit.shares if row.part == "district"}) > 80


def test_the_core_of_wuhan_is_an_urban_center() -> None:
    path = data_or_skip("maps", "wuhan_worldpop_adults20plus_1km.tif")
    pytest.importorskip("rasterio")
    grid = read_population_grid(path)
    row, column = grid.find_cells(np.array([[114.30, 30.59], [113.99, 30.39]]))
    classes = classify_cells(grid)
    assert classes[row[0], column[0]] == CENTER_CELL
    # 7.40 million adults inside the bounding box of the roads (MAPS.md).
    lonlat, people = grid.inhabited_cells()
    inside = (lonlat[:, 0] >= 113.983) & (lonlat[:, 0] <= 114.552)
    inside &= (lonlat[:, 1] >= 30.378) & (lonlat[:, 1] <= 30.780)
    assert people[inside].sum() == pytest.approx(7.40e6, rel=0.02)


@pytest.mark.soak
def test_a_quarter_of_a_million_points_on_the_largest_map_take_less_than_ten_cpu_seconds() -> None:
    path = data_or_skip("maps", "ny_dimacs_as_osm.osm.pbf")
    network = read_network(path)
    rng = np.random.default_rng(1)
    at, outlets = rng.integers(0, network.n_nodes, 250_000), rng.integers(0, network.n_nodes, 200)
    nodes = np.column_stack((network.node_lon, network.node_lat))
    demand = make_demand(nodes[at], zone=np.full(250_000, URBAN, dtype=np.int8))
    started = time.process_time()
    audit = audit_coverage(demand, Sites.at(nodes[outlets]), RadiusRule(), RoadReach(network))
    assert time.process_time() - started < 10.0
    assert audit.road is not None
    assert (audit.road.distance_m >= audit.straight.distance_m - 1).all()
