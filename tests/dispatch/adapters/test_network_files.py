"""Networks are read whole; what is wrong comes all at once, with codes and places."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from dispatch.adapters.files.network_file import read_network_file
from dispatch.adapters.files.network_tables import OUTLET_TABLE
from dispatch.domain.network import NetworkCode
from dispatch.errors import Fault, InvalidRequest
from geo.datum import wgs84_to_gcj02
from geo.demand import RURAL, SUBURBAN, UNKNOWN, URBAN
from geo.zones import classify_zones
from tests.data_root import ROOT
from tests.network_files import sound_network, write_network


def faults_of(path: Path) -> list[Fault]:
    with pytest.raises(InvalidRequest) as caught:
        read_network_file(path)
    return list(caught.value.faults)


def test_a_sound_network_is_read(tmp_path: Path) -> None:
    found = read_network_file(write_network(tmp_path))
    assert [outlet.id for outlet in found.network.open_outlets] == ["A", "B"]
    assert [outlet.id for outlet in found.network.possible_outlets] == ["X"]
    assert found.demand.total_weight == 210  # 1 + 2 + … + 20
    assert found.demand.districts == ("East", "West")
    assert found.warnings == ()
    zoned = classify_zones(found.demand, found.chain())
    # The polygon ends at 8.625: points 0, 1, 2 are suburban, the others get the default.
    assert zoned.zone.tolist() == [SUBURBAN] * 3 + [URBAN] * 17


def test_a_folder_of_tables_is_the_same_network(tmp_path: Path) -> None:
    sound = sound_network()
    (tmp_path / "demand.csv").write_text(
        "编号,经度,纬度,weight,人口,行政区\n"
        + "".join(f"{r['id']},{r['lon']},{r['lat']},{r['weight']},{r['people']},{r['district']}\n"
                  for r in sound["demand"]),
        encoding="gb18030",
    )  # fmt: skip
    (tmp_path / "outlets.csv").write_text(
        "网点编号,类型,经度,纬度,状态,营业时间,日服务能力\n"
        "A,自营,8.60,49.40,营业,mon-sat 08:00-18:00,40\n"
        "B,授权,8.64,49.44,,mon-fri 08:00-18:00,\nC,,8.70,49.45,停业,,\n",
        encoding="utf-8",
    )
    write_network(tmp_path, demand=None, outlets=None)
    found, plain = read_network_file(tmp_path), tmp_path / "plain"
    plain.mkdir()
    same = read_network_file(write_network(plain))
    assert found.network == same.network
    assert np.array_equal(found.demand.lonlat, same.demand.lonlat)
    assert found.demand.weight.tolist() == same.demand.weight.tolist()
    assert found.demand.ids is not None
    assert found.demand.ids.tolist()[:2] == ["P0", "P1"]


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson"])
def test_geodata_of_points_and_areas_are_demand(tmp_path: Path, suffix: str) -> None:
    shapes = [shapely.Point(8.61, 49.41), shapely.box(8.62, 49.40, 8.64, 49.42)]
    table = gpd.GeoDataFrame({"inhabitants": [7, 9]}, geometry=shapes, crs=4326)
    table.to_file(tmp_path / f"d{suffix}")
    path = write_network(
        tmp_path, demand={"file": f"d{suffix}", "columns": {"weight": "inhabitants"}}
    )
    demand = read_network_file(path).demand
    assert demand.weight.tolist() == [7, 9]
    assert demand.lonlat == pytest.approx(np.array([[8.61, 49.41], [8.63, 49.41]]))


def test_gcj02_moves_outlets_demand_zones_and_districts(tmp_path: Path) -> None:
    lon, lat = wgs84_to_gcj02([114.3, 114.31], [30.5, 30.51])
    ring = [[114.29, 30.49], [114.32, 30.49], [114.32, 30.52], [114.29, 30.52], [114.29, 30.49]]
    polygon = {"type": "Polygon", "coordinates": [ring]}
    districts = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": "武昌区"}, "geometry": polygon}]}  # fmt: skip
    (tmp_path / "districts.geojson").write_text(json.dumps(districts), encoding="utf-8")
    path = write_network(
        tmp_path, datum="gcj02", candidates=None, districts="districts.geojson",
        outlets=[{"id": "A", "lon": lon[0], "lat": lat[0]}],
        demand=[{"lon": lon[1], "lat": lat[1]}],
        zones=[{"id": "z", "kind": "urban", "geometry": polygon}],
    )  # fmt: skip
    found = read_network_file(path)
    assert found.network.outlets[0].lon == pytest.approx(114.3, abs=1e-8)
    assert found.demand.lonlat[0] == pytest.approx([114.31, 30.51], abs=1e-8)
    assert found.demand.districts == ("武昌区",)
    west = shapely.bounds(found.districts[0][1])[0]
    assert 0.003 < 114.29 - west < 0.008  # GCJ-02 lies some 500 m east of WGS 84 here


def test_a_file_may_have_a_datum_of_its_own(tmp_path: Path) -> None:
    ring = [[114.29, 30.49], [114.32, 30.49], [114.32, 30.52], [114.29, 30.52], [114.29, 30.49]]
    area = {"type": "Feature", "properties": {"name": "武昌区"},
            "geometry": {"type": "Polygon", "coordinates": [ring]}}  # fmt: skip
    (tmp_path / "d.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [area]}), encoding="utf-8"
    )
    place = {"lon": 114.3, "lat": 30.5}
    path = write_network(
        tmp_path, outlets=[place | {"id": "A"}], candidates=None, zones=None,
        demand=[place], districts={"file": "d.geojson", "datum": "gcj02"},
    )  # fmt: skip
    found = read_network_file(path)
    assert found.demand.lonlat.tolist() == [[114.3, 30.5]]
    assert shapely.bounds(found.districts[0][1])[0] < 114.287


def test_the_smallest_district_around_a_point_is_its_district(tmp_path: Path) -> None:
    def feature(name: str, *box: float) -> dict[str, Any]:
        shape = json.loads(shapely.to_geojson(shapely.box(*box)))
        return {"type": "Feature", "properties": {"name": name}, "geometry": shape}

    areas = [feature("province", 8, 49, 9, 50), feature("county", 8.55, 49.3, 8.65, 49.5)]
    (tmp_path / "d.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": areas}), encoding="utf-8"
    )
    rows = [{"lon": 8.6, "lat": 49.4}, {"lon": 8.9, "lat": 49.4}]
    demand = read_network_file(write_network(tmp_path, demand=rows, districts="d.geojson")).demand
    assert [demand.districts[code] for code in demand.district] == ["county", "province"]
    assert demand.zone.tolist() == [UNKNOWN, UNKNOWN]


P0 = {"lon": 8.6, "lat": 49.4}
BROKEN: list[tuple[dict[str, Any], str, str]] = [
    ({"demand": None}, "D8001", "network.json"),
    ({"demand": [P0, {"lon": 0, "lat": 0}]}, "D8011", "demand[1].lon"),
    ({"demand": [P0, {"lon": 8.6, "lat": 95}]}, "D8007", "demand[1].lat"),
    ({"demand": [P0 | {"weight": -1}]}, "D8007", "demand[0].weight"),
    ({"demand": [P0 | {"weight": 1.5}]}, "D8007", "demand[0].weight"),
    ({"demand": [P0 | {"zone": "town"}]}, "D1306", "demand[0].zone"),
    ({"demand": [P0 | {"id": "a"}, P0 | {"id": "a"}]}, "D5001", "demand[1].id (a)"),
    ({"demand": [{"lon": 8.6}]}, "D1202", "network.json demand"),
    ({"demand": ["here"]}, "D1303", "demand[0]"),
    ({"demand": "demand.xls"}, "D1006", "demand.xls"),
    ({"demand": "none.csv"}, "D1001", "none.csv"),
    ({"demand": "none.gpkg"}, "D1001", "none.gpkg"),
    ({"demand": {"path": "x"}}, "D1303", "network.json demand"),
    ({"datum": "bd09"}, "D1306", "network.json datum"),
    ({"budjet": 5}, "D1302", "network.json budjet"),
    ({"outlets": [{"id": "A", "lon": 8.6, "lat": 49.4}] * 2}, "D5001", "network.json outlets"),
    ({"outlets": [{"id": "A", "lon": 49.4, "lat": 8.6}]}, "D8012", "outlet A"),
    ({"outlets": [{"id": "A", "lon": 8.6, "lat": 49.4, "status": "maybe"}]}, "D1306",
     "network.json outlets[0].status"),
    ({"outlets": [{"id": "A", "lon": 8.6, "lat": 49.4, "opening_hours": [
        {"day": "mon", "opens": "18:00", "closes": "08:00"}]}]}, "D2003", "outlet A mon"),
    ({"zones": [{"id": "z", "kind": "urban", "geometry":
        {"type": "Point", "coordinates": [1, 2]}}]},
     "D8005", "network.json zones[0].geometry (z)"),
    ({"zones": [{"id": "z", "kind": "urban", "geometry": {"type": "Ring"}}]}, "D8005",
     "network.json zones[0].geometry (z)"),
    ({"population_grid": "none.tif", "demand": None}, "D8006", "none.tif"),
    ({"urban_rural_codes": "none.csv"}, "D1001", "none.csv"),
    ({"districts": 5}, "D1303", "network.json districts"),
    ({"settings": {"classifiers": ["village_codes"]}}, "D8010", "settings.classifiers"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "code", "where"), BROKEN, ids=[c + " " + w for _, c, w in BROKEN]
)
def test_what_is_broken_is_named(
    tmp_path: Path, changes: dict[str, Any], code: str, where: str
) -> None:
    found = faults_of(write_network(tmp_path, **changes))
    assert (code, True) in [(fault.code, where in fault.where) for fault in found], found


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    path = write_network(
        tmp_path, datum="x", budget=-1, demand=[P0 | {"weight": -1}, P0 | {"zone": "town"}]
    )
    assert {fault.code for fault in faults_of(path)} == {"D1306", "D1304", "D8007"}


def test_many_broken_rows_are_counted_not_listed(tmp_path: Path) -> None:
    (tmp_path / "demand.csv").write_text(
        "lon,lat,weight\n" + "8.6,49.4,-1\n" * 500, encoding="utf-8"
    )
    found = faults_of(write_network(tmp_path, demand="demand.csv"))
    assert len(found) == 21
    assert (found[0].where, found[-1].found) == (
        "demand.csv row 2 column weight", "480 more rows like these")  # fmt: skip


def test_codes_of_villages_nobody_defined_are_named_by_row(tmp_path: Path) -> None:
    (tmp_path / "codes.csv").write_text(
        "name,longitude,latitude,ur_code\na,8.6,49.4,111\nb,8.6,49.4,311\nc,,,220\n", "utf-8"
    )
    (fault,) = faults_of(write_network(tmp_path, urban_rural_codes="codes.csv"))
    assert (fault.code, fault.where) == ("D8009", "codes.csv row 3 column ur_code")


def test_villages_without_a_place_stand_where_their_town_stands(tmp_path: Path) -> None:
    (tmp_path / "codes.csv").write_text(
        "code,parent,longitude,latitude,ur_code\nT,C,8.60,49.41,\nV1,T,,,111\nV2,T,,,220\n"
        "V3,T,,,111\nS,C,8.75,49.41,\nV4,S,,,210\nV5,X,,,111\n",
        encoding="utf-8",
    )
    path = write_network(tmp_path, urban_rural_codes="codes.csv", zones=None,
                         settings={"default_zone": "suburban"})  # fmt: skip
    found = read_network_file(path)
    zone = classify_zones(found.demand, found.chain()).zone.tolist()
    # Two of the three villages of town T are urban; S has a rural one; V5's town is not known.
    assert (zone[0], zone[15]) == (URBAN, RURAL)


def test_broken_geodata_is_a_fault_not_a_crash(tmp_path: Path) -> None:
    (tmp_path / "d.gpkg").write_bytes(b"SQLite format 3\0nothing")
    (fault,) = faults_of(write_network(tmp_path, demand="d.gpkg"))
    assert fault.code == "D8008"


def test_a_network_without_open_outlets_is_read_with_a_warning(tmp_path: Path) -> None:
    found = read_network_file(write_network(tmp_path, outlets=[]))
    assert [warning.code for warning in found.warnings] == ["D8003"]


def test_the_page_explains_every_code_and_every_column() -> None:
    text = (ROOT / "docs" / "network-files.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| (D8\d{3}) \|", text, re.MULTILINE) == [c.value for c in NetworkCode]
    for column in OUTLET_TABLE.columns:
        assert f"`{column.name}`" in text


def test_a_visit_history_becomes_demand_by_square(tmp_path: Path) -> None:
    rows = ["lon,lat,revenue", "8.60001,49.41,30", "8.60001,49.41,50", "8.70,49.41,7"]
    (tmp_path / "visits.csv").write_text("\n".join(rows))
    demand = {"file": "visits.csv", "visits_m": 250, "columns": {"weight": "revenue"}}
    found = read_network_file(write_network(tmp_path, demand=demand)).demand
    assert sorted(found.weight.tolist()) == [7, 80]
    # Without a column that weighs, every visit counts one.
    (tmp_path / "visits.csv").write_text("\n".join(row.rsplit(",", 1)[0] for row in rows))
    found = read_network_file(
        write_network(tmp_path, demand={"file": "visits.csv", "visits_m": 250})
    ).demand
    assert sorted(found.weight.tolist()) == [1, 2]


@pytest.mark.parametrize("side", [0, 9, 20_001, "250", True])
def test_a_square_of_visits_has_a_sensible_side(tmp_path: Path, side: object) -> None:
    (tmp_path / "visits.csv").write_text("lon,lat\n8.6,49.41\n")
    path = write_network(tmp_path, demand={"file": "visits.csv", "visits_m": side})
    assert [fault.code for fault in faults_of(path)] == ["D1303"]


def test_growth_of_an_unknown_district_or_under_a_taken_name_is_a_fault(tmp_path: Path) -> None:
    growth = [{"name": "a", "by_district": {"Est": 2}}, {"name": "a"}, {"name": "today"}]
    codes = [f.code for f in faults_of(write_network(tmp_path, settings={"growth": growth}))]
    assert codes.count("D8014") == 1
    assert len(codes) == 3
