"""Tiny hand-made maps, written as the files the readers read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

from geo.build import build_network
from geo.network import RoadNetwork
from geo.osm_xml import read_osm_xml
from geo.profiles import get_profile

Places = Mapping[int, tuple[float, float]]
Ways = Sequence[tuple[Sequence[int], Mapping[str, str]]]


def write_osm(path: Path, places: Places, ways: Ways) -> Path:
    """Write nodes (id → longitude, latitude) and ways (node ids, tags) as OSM XML."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
    for node, (lon, lat) in places.items():
        lines.append(f'<node id="{node}" lon="{float(lon)!r}" lat="{float(lat)!r}"/>')
    for number, (nodes, tags) in enumerate(ways, start=1):
        lines.append(f'<way id="{number}">')
        lines += [f'<nd ref="{node}"/>' for node in nodes]
        lines += [f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items()]
        lines.append("</way>")
    lines.append("</osm>")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def make_network(tmp_path: Path, places: Places, ways: Ways, profile: str = "car") -> RoadNetwork:
    """Return the network of a hand-made map, without any cache."""
    path = write_osm(tmp_path / "town.osm", places, ways)
    return build_network(read_osm_xml(path), get_profile(profile))


def list_arcs(network: RoadNetwork) -> set[tuple[int, int]]:
    """Return the arcs as pairs of OSM node ids."""
    tails = network.node_id[network.tail].tolist()
    heads = network.node_id[network.head].tolist()
    return set(zip(tails, heads, strict=True))
