"""From a network file to a checked proposal on disk; the report; the network afterwards."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import shapely

from dispatch.adapters.files.network_file import read_network_file
from dispatch.adapters.layout_report.geopackage import layout_layers, layout_styles
from dispatch.adapters.layout_report.page import render_layout_report
from dispatch.adapters.layout_report.payload import LayoutSource
from geo.build import build_network
from geo.candidates import CandidateOptions
from geo.profiles import get_profile
from scenarios.check_layout import check_layout
from scenarios.errors import DataUnavailable, InstanceFormatError
from scenarios.layout import make_layout, read_exclusion, summarize, summary_lines, write_all
from scenarios.layout_files import apply_layout, to_day_outlets
from scenarios.layout_question import LayoutWishes, make_question
from scenarios.metropolis import generate_metropolis
from scenarios.network_city import write_metropolis
from solver.stop import MaxIterations

FEW = CandidateOptions(gaps=10, circles=10, roads=60)
WISHES = LayoutWishes(budget=10_000_000, points=3, options=FEW)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Return a small metropolis on disk, and its roads."""
    folder = tmp_path_factory.mktemp("town")
    city = generate_metropolis(7, extent_km=20.0, towns=3, outlets=5)
    path, map_file = write_metropolis(city, folder)
    return path, map_file, build_network(city.roads, get_profile("car"))


@pytest.fixture(scope="module")
def written(town, tmp_path_factory):
    path, _, roads = town
    out = tmp_path_factory.mktemp("out")
    layout = make_layout(read_network_file(path), roads, WISHES, stop=MaxIterations(150))
    write_all(layout, out)
    return layout, out


def test_a_proposal_on_disk_is_as_it_says(town, written) -> None:
    assert check_layout(written[1], town[0]) == ()


def test_a_proposal_where_the_road_decides_agrees_with_plain_dijkstra(town, tmp_path) -> None:
    path, map_file, roads = town
    document = json.loads(path.read_text())
    document["settings"] = {"radius_measure": "road"}
    other = path.with_name("by_road.json")
    other.write_text(json.dumps(document))
    layout = make_layout(read_network_file(other), roads, WISHES, stop=MaxIterations(60))
    write_all(layout, tmp_path)
    assert layout.document["covered_road"][1] == layout.document["proposal"]["covered"]
    assert check_layout(tmp_path, other, map_file) == ()
    with pytest.raises(InstanceFormatError, match="--roads"):
        check_layout(tmp_path, other)


def test_money_changed_in_the_network_comes_to_light(town, written) -> None:
    path = town[0]
    document = json.loads(path.read_text())
    document["outlets"][0]["running_cost_per_year"] += 1
    document["outlets"][1]["status"] = "closed"
    other = path.with_name("changed.json")
    other.write_text(json.dumps(document))
    assert {v.code for v in check_layout(written[1], other)} == {"L4108", "L4109"}


def test_the_network_afterwards_covers_what_the_proposal_says(written) -> None:
    layout, out = written
    after = read_network_file(out / "network.after.json")
    again = make_question(after, None, LayoutWishes(budget=0, options=FEW))
    assert len(again.outlets) == len(layout.document["proposal"]["sites"])
    assert again.demand.total_weight == layout.document["demand"]["weight"]
    assert np.array_equal(again.demand.zone, layout.question.demand.zone)


def test_the_outlets_of_a_day_are_the_open_ones_of_the_proposal(written) -> None:
    layout, _ = written
    outlets = to_day_outlets(apply_layout(layout.found.network, layout.document))
    assert {outlet.id for outlet in outlets} == set(layout.document["proposal"]["sites"])


def test_no_price_and_no_budget_are_said_in_words(town) -> None:
    document = json.loads(town[0].read_text())
    del document["budget"]
    for outlet in document["outlets"]:
        del outlet["fixed_cost"]
    path = town[0].with_name("poor.json")
    path.write_text(json.dumps(document))
    found = read_network_file(path)
    with pytest.raises(DataUnavailable, match="--budget"):
        make_question(found, None, LayoutWishes())
    with pytest.raises(DataUnavailable, match="--opening-cost"):
        make_question(found, None, LayoutWishes(budget=5))


def test_the_summary_says_coverage_bound_and_steps(written) -> None:
    document = written[0].document
    summary = summarize(document)
    assert summary["proposal"]["covered"] <= summary["proposal"]["bound"]
    assert len(summary["curve"]) == 3
    assert len(summary_lines(document)) == 1 + 3 + len(document["steps"])


def test_an_exclusion_is_the_union_of_what_the_file_draws(tmp_path: Path) -> None:
    square = shapely.box(112.0, 30.0, 112.1, 30.1)
    feature = {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(square)}
    path = tmp_path / "park.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert read_exclusion(path).equals(square)
    path.write_text("nothing")
    with pytest.raises(InstanceFormatError, match=r"park\.geojson"):
        read_exclusion(path)


def _source(layout) -> LayoutSource:
    demand = layout.question.demand
    return LayoutSource(
        layout.document, "<Town>", demand.lonlat, demand.weight, layout.today.covered,
        layout.after.covered, layout.roads,
    )  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_is_one_page_that_fetches_nothing(written, language: str) -> None:
    page = render_layout_report(_source(written[0]), language=language)
    assert "{{" not in page.split('id="data">')[0]
    assert "&lt;Town&gt;" in page
    assert "<Town>" not in page
    assert "default-src 'none'" in page.replace("&#x27;", "'")
    assert not re.search(r"(?:src|href)=\"(?!#)", page)


def test_every_layer_of_the_geopackage_has_a_style_and_every_place_a_role(written) -> None:
    layers = layout_layers(_source(written[0]))
    assert set(layers) == set(layout_styles())
    assert set(layers["outlets"]["role"]) <= {"stays", "opens", "closes"}
    assert len(layers["demand"]) == len(written[0].question.demand)
