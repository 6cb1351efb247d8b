"""What an audit leaves behind: tables that keep texts, a styled GeoPackage, an offline page."""

from __future__ import annotations

import json
import re
import sqlite3
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd
import pytest

from dispatch.adapters.coverage_files import summarize_coverage, write_coverage
from dispatch.adapters.coverage_report import render_coverage_report
from dispatch.adapters.coverage_tables import demand_table
from dispatch.adapters.files.network_file import read_network_file
from dispatch.planning.network_audit import NetworkAudit, audit_network
from geo.reach import RoadReach
from geo.zones import RoadDensity
from tests.network_files import sound_network, write_network
from tests.networks import make_network

EVIL = '=HYPERLINK("http://evil")<script>alert(1)</script>'


def street() -> RoadReach:
    places = [(8.60 + i / 100, 49.41) for i in range(20)]
    arcs = [(i, i + 1, 50_000, 724_000, "primary") for i in range(19)]
    return RoadReach(make_network(places, arcs + [(b, a, t, m, k) for a, b, t, m, k in arcs]))


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> NetworkAudit:
    outlets = sound_network()["outlets"]
    outlets[0]["name"] = EVIL
    roads = street()
    settings = {"classifiers": ["polygons"]}  # the street alone is no town
    path = write_network(tmp_path_factory.mktemp("n"), outlets=outlets, settings=settings)
    found = read_network_file(path)
    chain = found.chain(road_density=RoadDensity(roads.network))
    return audit_network(found.network, found.demand, chain, roads)


@pytest.fixture(scope="module")
def folder(audit: NetworkAudit, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    files = write_coverage(audit, folder, roads=street().network)
    assert sorted(files) == sorted(path.name for path in folder.iterdir())
    return folder


def test_the_demand_table_says_what_the_audit_says(audit: NetworkAudit) -> None:
    table = demand_table(audit)
    assert len(table) == 20
    assert (table["verdict"] == "covered").tolist() == audit.coverage.covered.tolist()
    assert table["straight_m"].tolist() == audit.coverage.straight.distance_m.tolist()
    assert table["zone_source"].tolist()[:4] == ["polygon"] * 3 + ["default"]


def test_texts_never_become_formulas_in_csv_or_workbook(folder: Path) -> None:
    rows = pd.read_csv(folder / "outlets.csv")
    assert rows["name"][0] == "'" + EVIL
    with zipfile.ZipFile(folder / "coverage.xlsx") as book:
        texts = "".join(book.read(n).decode() for n in book.namelist() if n.endswith(".xml"))
    assert "<f>" not in texts
    assert "HYPERLINK" in texts


def test_the_workbook_has_a_sheet_for_each_table(folder: Path) -> None:
    with zipfile.ZipFile(folder / "coverage.xlsx") as book:
        found = re.findall(r'<sheet name="(\w+)"', book.read("xl/workbook.xml").decode())
    assert found == ["coverage", "outlets", "pockets", "demand"]


def test_every_layer_of_the_geopackage_has_geometries_and_a_default_style(folder: Path) -> None:
    path = folder / "coverage.gpkg"
    with sqlite3.connect(path) as file:
        styles = dict(file.execute("SELECT f_table_name, styleQML FROM layer_styles"))
        defaults = file.execute("SELECT sum(useAsDefault) FROM layer_styles").fetchone()[0]
        kinds = dict(file.execute("SELECT table_name, data_type FROM gpkg_contents"))
    file.close()
    assert set(styles) == {"catchments", "isochrones", "pockets", "demand", "outlets"}
    assert defaults == 5
    assert kinds.pop("layer_styles") == "attributes"
    assert set(kinds) == set(styles)
    for name, text in styles.items():
        layer = gpd.read_file(path, layer=name)
        assert len(layer) > 0
        assert layer.geometry.is_valid.all()
        assert layer.crs.to_epsg() == 4326
        root = ET.fromstring(text.split("\n", 1)[1])  # noqa: S314 - our own text
        renderer = root.find("renderer-v2")
        assert renderer is not None
        field = renderer.get("attr")
        if field is not None:  # every value of the layer has its category
            values = {category.get("value") for category in root.iter("category")}
            assert set(layer[field].astype(str)) <= values


def test_catchments_of_the_geopackage_hold_their_outlets(folder: Path) -> None:
    areas = gpd.read_file(folder / "coverage.gpkg", layer="catchments")
    points = gpd.read_file(folder / "coverage.gpkg", layer="outlets")
    assert areas.geometry.covers(points.geometry).all()


def test_the_page_loads_nothing_and_no_name_becomes_code(folder: Path) -> None:
    page = (folder / "coverage.html").read_text(encoding="utf-8")
    assert "default-src &#x27;none&#x27;" in page
    assert "<script>alert" not in page
    assert not re.search(r'(src|href)="(https?:)?//', page)
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    payload = json.loads(data.group(1))
    assert payload["outlets"][0]["name"] == EVIL
    assert sum(cell[2] for cell in payload["cells"]) == 210
    assert len(payload["isochrones"]) == 4


def test_a_page_without_roads_is_made_too(audit: NetworkAudit) -> None:
    found = audit_network(audit.network, audit.demand, [])
    page = render_coverage_report(found, roads=None, language="zh")
    assert '<html lang="zh-CN">' in page


def test_the_summary_is_plain_json_with_shares(audit: NetworkAudit) -> None:
    summary = json.loads(json.dumps(summarize_coverage(audit), allow_nan=False))
    assert summary["format"] == "servicenet-coverage/1"
    assert summary["shares"][0]["total"] == {"points": 20, "weight": 210, "people": 1900}
    share = summary["shares"][0]["straight_share"]
    assert share == summary["shares"][0]["straight"]["weight"] / 210
