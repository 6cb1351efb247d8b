"""Every broken map is refused with its name, the cause and what to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import networkx as nx
import pytest

from geo.errors import InvalidNetwork, SourceUnavailable, UnknownProfile
from geo.osm import download_network, read_network
from geo.osm_xml import check_xml_is_plain
from tests.data_root import data_or_skip

BOMB = """<?xml version="1.0"?>
<!DOCTYPE osm [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<osm><node id="1" lon="0" lat="0"/><way id="1"><tag k="name" v="&b;"/></way></osm>
"""


def refusal(path: Path, tmp_path: Path) -> str:
    with pytest.raises(InvalidNetwork) as caught:
        read_network(path, cache_dir=tmp_path / "cache")
    text = str(caught.value)
    assert path.name in text
    return text


@pytest.mark.parametrize("name", ["a.osm.pbf", "a.osm", "a.graphml", "a.sqlite"])
def test_an_empty_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert "the file is empty" in refusal(tmp_path / name, tmp_path)


@pytest.mark.parametrize("name", ["a.osm.pbf", "a.osm", "a.graphml", "a.sqlite"])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("Dear customer, please find attached the map.\n" * 20)
    assert "not " in refusal(tmp_path / name, tmp_path)


@pytest.mark.parametrize("share", [0.5, 0.9, 0.999])
def test_a_cut_off_pbf_is_refused(tmp_path: Path, share: float) -> None:
    whole = data_or_skip("maps", "monaco.osm.pbf").read_bytes()
    path = tmp_path / "cut.osm.pbf"
    path.write_bytes(whole[: int(len(whole) * share)])
    assert "Download the extract again" in refusal(path, tmp_path)


def test_a_document_type_is_refused_before_anything_is_expanded(tmp_path: Path) -> None:
    for name in ("bomb.osm", "bomb.graphml"):
        (tmp_path / name).write_text(BOMB)
        assert "document type" in refusal(tmp_path / name, tmp_path)


def test_xml_beyond_the_size_limit_is_refused_with_a_way_out(tmp_path: Path) -> None:
    path = tmp_path / "big.osm"
    path.write_text("<osm>" + " " * 2000 + "</osm>")
    with pytest.raises(InvalidNetwork, match=r"big\.osm.*Convert the extract to \.osm\.pbf"):
        check_xml_is_plain(path, limit_bytes=1000)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("<osm></osm>", "no way with a highway tag"),
        ("<gpx></gpx>", "expected <osm>"),
        ("<osm><node id='1' lon='0'/></osm>", "line 1: an element lacks an attribute"),
        ("<osm><node id='1' lon='east' lat='0'/></osm>", "no number"),
        ("<osm><node id='1' lon='0' lat='0'/>", "not well-formed"),
        (
            (
                "<osm><node id='1' lon='0' lat='0'/><node id='2' lon='0' lat='95'/>"
                "<way id='1'><nd ref='1'/><nd ref='2'/><tag k='highway' v='service'/></way></osm>"
            ),
            "not on the globe, the first is node 2",
        ),
    ],
)
def test_xml_that_is_no_map_is_refused(tmp_path: Path, text: str, cause: str) -> None:
    path = tmp_path / "town.osm"
    path.write_text(text)
    assert cause in refusal(path, tmp_path)


def test_graphml_without_coordinates_is_refused(tmp_path: Path) -> None:
    graph = nx.MultiDiGraph(crs="epsg:4326")
    graph.add_edge(1, 2, highway="residential")
    path = tmp_path / "bare.graphml"
    nx.write_graphml(graph, path)
    assert "2 nodes have no x and y" in refusal(path, tmp_path)


def test_graphml_without_edges_or_coordinate_system_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bare.graphml"
    graph = nx.MultiDiGraph()
    graph.add_node(1, x="0.0", y="0.0")
    nx.write_graphml(graph, path)
    assert "no edges" in refusal(path, tmp_path)
    graph.add_node(2, x="0.0", y="1.0")
    graph.add_edge(1, 2, highway="residential")
    nx.write_graphml(graph, path)
    assert "coordinate system" in refusal(path, tmp_path)


def test_sqlite_without_the_layer_of_links_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE stops (id INTEGER)")
    connection.close()
    assert "no layer 'links'" in refusal(path, tmp_path)


def test_sqlite_whose_links_are_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE links (id INTEGER, url TEXT)")
        connection.execute("INSERT INTO links VALUES (1, 'x')")
    connection.close()
    assert "lacks the columns a_node" in refusal(path, tmp_path)


def test_a_file_that_is_not_there_or_of_unknown_kind_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable, match=r"gone\.osm\.pbf: does not exist"):
        read_network(tmp_path / "gone.osm.pbf")
    with pytest.raises(SourceUnavailable, match="is a folder"):
        read_network(tmp_path)
    (tmp_path / "map.shp").write_text("x")
    assert "expected .pbf, .osm, .graphml, .sqlite" in refusal(tmp_path / "map.shp", tmp_path)


def test_an_unknown_profile_is_refused_before_the_file_is_opened(tmp_path: Path) -> None:
    with pytest.raises(UnknownProfile, match="'plane'"):
        read_network(tmp_path / "gone.osm.pbf", "plane")
    with pytest.raises(UnknownProfile, match="'plane'"):
        download_network("La Serena, Chile", "plane")
