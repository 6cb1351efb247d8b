"""OSMnx graphs in and out: GraphML, places by name, and plain shortest paths for referees."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import osmnx as ox
import shapely

from geo.errors import InvalidNetwork, SourceUnavailable
from geo.network import NO_NAME, RoadNetwork
from geo.network_store import get_cache_dir
from geo.osm_xml import check_xml_is_plain
from geo.profiles import Profile
from geo.roads import OSM_ATTRIBUTION, TAGS, Roads, join_polylines, tag_table

GRAPHML_LIMIT_BYTES = 1_000_000_000
"""GraphML is wordy: 50 000 nodes are about 50 MB."""


def to_osmnx(network: RoadNetwork) -> nx.MultiDiGraph[int]:
    """Return the network as OSMnx makes its graphs.

    Nodes are ``node_id`` with ``x``, ``y``; edges have ``length`` (m), ``travel_time`` (s,
    free-flow), ``speed_kph``, ``highway``, ``name`` (where there is one), ``oneway`` and
    ``geometry``. Figures are the network's own, to the millimeter and millisecond.
    """
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(
        crs="epsg:4326", created_with="servicenet", simplified=True
    )
    ids = network.node_id.tolist()
    for node, x, y in zip(ids, network.node_lon.tolist(), network.node_lat.tolist(), strict=True):
        graph.add_node(node, x=x, y=y)
    points = np.column_stack((network.geometry_lon, network.geometry_lat))
    owner = np.repeat(np.arange(network.n_arcs), np.diff(network.geometry_offset))
    lines = np.asarray(shapely.linestrings(points, indices=owner), dtype=object)
    key = network.tail.astype(np.int64) * network.n_nodes + network.head
    reverse = network.head.astype(np.int64) * network.n_nodes + network.tail
    oneway = ~np.isin(reverse, key)
    length_m = network.length_mm / 1000.0
    time_s = network.free_flow_ms / 1000.0
    for i in range(network.n_arcs):
        attributes: dict[str, Any] = {
            "length": float(length_m[i]),
            "travel_time": float(time_s[i]),
            "speed_kph": float(length_m[i] / time_s[i] * 3.6),
            "highway": network.classes[network.road_class[i]],
            "oneway": bool(oneway[i]),
            "geometry": lines[i],
        }
        if network.name[i] != NO_NAME:
            attributes["name"] = network.names[network.name[i]]
        graph.add_edge(ids[network.tail[i]], ids[network.head[i]], **attributes)
    return graph


def read_graphml(path: Path) -> Roads:
    """Return the roads of a GraphML file that OSMnx wrote.

    Raises
    ------
    InvalidNetwork
        If the file is no such graph, has nodes without coordinates, or declares a document type.
    """
    check_xml_is_plain(path, GRAPHML_LIMIT_BYTES)
    try:
        graph = ox.load_graphml(path)
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        SyntaxError,
        nx.NetworkXError,
    ) as error:
        raise InvalidNetwork(
            f"{path}: not a GraphML file of OSMnx ({type(error).__name__}: {error})."
        ) from error
    return roads_from_graph(graph, f"OSMnx graph {path.name}", str(path))


def roads_from_graph(graph: nx.MultiDiGraph[int], source: str, where: str) -> Roads:
    """Return the roads of an OSMnx graph; every edge is a way of its own in its own direction.

    Parameters
    ----------
    graph
        Graph with ``crs``, nodes with ``x`` and ``y``, edges with ``highway``.
    source
        Text for people.
    where
        File or place named in errors.

    Raises
    ------
    InvalidNetwork
        If coordinates are missing or there is no edge.
    """
    if graph.number_of_edges() == 0:
        raise InvalidNetwork(f"{where}: the graph has no edges.")
    lost = [n for n, data in graph.nodes(data=True) if "x" not in data or "y" not in data]
    if lost:
        raise InvalidNetwork(
            f"{where}: {len(lost)} nodes have no x and y, the first is {lost[0]}. Expected a "
            "graph made by OSMnx."
        )
    if "crs" in graph.graph and not ox.projection.is_projected(graph.graph["crs"]):
        degrees = graph
    elif "crs" in graph.graph:
        degrees = ox.projection.project_graph(graph, to_latlong=True)
    else:
        raise InvalidNetwork(f"{where}: the graph does not say its coordinate system (crs).")
    return _to_roads(degrees, source)


def _to_roads(graph: nx.MultiDiGraph[int], source: str) -> Roads:
    edges = [(u, v, data) for u, v, data in graph.edges(data=True) if u != v or "geometry" in data]
    place = {n: (float(data["x"]), float(data["y"])) for n, data in graph.nodes(data=True)}
    lines = [
        data["geometry"]
        if "geometry" in data
        else shapely.LineString(np.array([place[u], place[v]]))
        for u, v, data in edges
    ]
    xy, owner = shapely.get_coordinates(np.asarray(lines, dtype=object), return_index=True)
    ends = np.asarray([(u, v) for u, v, _ in edges], dtype=np.int64).reshape(-1, 2)
    point_id, points, tail, head = join_polylines(ends, xy, owner)
    columns = {key: [_tag_text(data.get(key)) for _, _, data in edges] for key in TAGS}
    columns["highway"] = [_first(text) for text in columns["highway"]]
    columns["name"] = [_first(text) for text in columns["name"]]
    columns["oneway"] = ["yes" if _is_true(data.get("oneway")) else "no" for _, _, data in edges]
    return Roads(
        point_id=point_id,
        lon=np.ascontiguousarray(points[:, 0]),
        lat=np.ascontiguousarray(points[:, 1]),
        tail=tail,
        head=head,
        way=np.repeat(np.arange(len(edges)), np.bincount(owner) - 1).astype(np.int64),
        tags=tag_table(columns, len(edges)),
        directed=np.ones(len(edges), dtype=np.bool_),
        source=source,
        attribution=OSM_ATTRIBUTION,
    )


def _tag_text(value: object) -> str | None:
    """Return a tag as text; OSMnx makes lists where it merged ways."""
    if value is None:
        return None
    return ";".join(str(v) for v in value) if isinstance(value, list) else str(value)


def _first(text: str | None) -> str | None:
    return None if text is None else text.split(";", 1)[0]


def _is_true(value: object) -> bool:
    return any(value) if isinstance(value, list) else str(value).lower() in {"true", "yes", "1"}


@contextmanager
def _osmnx_settings(**values: object) -> Iterator[None]:
    """Set OSMnx settings for one call and put them back; they are global to the process."""
    before = {key: getattr(ox.settings, key) for key in values}
    try:
        for key, value in values.items():
            setattr(ox.settings, key, value)
        yield
    finally:
        for key, value in before.items():
            setattr(ox.settings, key, value)


def download_roads(place_name: str, profile: Profile) -> Roads:
    """Fetch the roads of a place by its name from OpenStreetMap through OSMnx.

    Parameters
    ----------
    place_name
        Name that the geocoder understands, for instance ``"La Serena, Chile"``.
    profile
        Only classes open to it are fetched.

    Raises
    ------
    SourceUnavailable
        If the services cannot be reached; the text says what was tried.
    InvalidNetwork
        If the place is unknown or has no road.
    """
    classes = "|".join(sorted(profile.speed_kmh))
    settings = {"useful_tags_way": list(TAGS), "cache_folder": get_cache_dir() / "osmnx"}
    try:
        with _osmnx_settings(**settings):
            graph = ox.graph_from_place(
                place_name,
                simplify=False,
                retain_all=True,
                truncate_by_edge=True,
                custom_filter=f'["highway"~"^({classes})$"]',
            )
    except OSError as error:  # requests' errors are OSErrors, as are those of the cache folder
        raise SourceUnavailable(
            f"Roads of {place_name!r} cannot be fetched. Tried the geocoder {_nominatim()} and "
            f"{ox.settings.overpass_url} through OSMnx: {error}. Offline, pass a map file "
            "(.osm.pbf) instead."
        ) from error
    except (ValueError, TypeError, LookupError) as error:
        raise InvalidNetwork(f"Place {place_name!r}: {error}") from error
    return roads_from_graph(graph, f"OpenStreetMap, {place_name}", place_name)


def _nominatim() -> str:
    return str(ox.settings.nominatim_url)
