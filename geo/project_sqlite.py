"""Read the roads of an AequilibraE project (``project_database.sqlite``)."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from geo.errors import InvalidNetwork
from geo.roads import OSM_ATTRIBUTION, Roads, join_polylines, tag_table

COLUMNS = ("a_node", "b_node", "direction", "link_type", "name")
ONE_WAY = {1: "yes", -1: "-1", 0: "no"}
"""AequilibraE: 1 = from a to b only, -1 = from b to a only, 0 = both."""


def read_project(path: Path) -> Roads:
    """Return the links of an AequilibraE project, whose ``link_type`` is the OSM highway class.

    Centroid connectors are left out: they are not streets.

    Parameters
    ----------
    path
        ``project_database.sqlite``.

    Raises
    ------
    InvalidNetwork
        If the file is no such project or holds no road.
    """
    links = _read_links(path)
    lines = links.geometry.to_numpy()
    good = np.asarray(shapely.get_num_coordinates(lines) >= 2) & np.asarray(
        shapely.get_type_id(lines) == shapely.GeometryType.LINESTRING
    )
    links = links[good & (links["link_type"] != "centroid_connector").to_numpy()]
    if len(links) == 0:
        raise InvalidNetwork(f"{path}: layer 'links' holds no road.")
    ends = links[["a_node", "b_node"]].to_numpy(dtype=np.int64)
    xy, owner = shapely.get_coordinates(links.geometry.to_numpy(), return_index=True)
    point_id, xy, tail, head = join_polylines(ends, xy, owner)
    direction = links["direction"].to_numpy(dtype=np.int64)
    columns: dict[str, list[str | None]] = {
        "highway": [str(v) for v in links["link_type"]],
        "oneway": [ONE_WAY.get(int(v)) for v in direction],
        "name": [str(v) if isinstance(v, str) and v else None for v in links["name"]],
    }
    return Roads(
        point_id=point_id,
        lon=np.ascontiguousarray(xy[:, 0]),
        lat=np.ascontiguousarray(xy[:, 1]),
        tail=tail,
        head=head,
        way=np.repeat(np.arange(len(links)), np.bincount(owner) - 1).astype(np.int64),
        tags=tag_table(columns, len(links)),
        directed=np.zeros(len(links), dtype=np.bool_),
        source=f"AequilibraE project {path.name}",
        attribution=OSM_ATTRIBUTION,
    )


def _read_links(path: Path) -> gpd.GeoDataFrame:
    try:
        layers = [str(name) for name in gpd.list_layers(path)["name"]]
        if "links" not in layers:
            raise InvalidNetwork(
                f"{path}: no layer 'links' (found: {', '.join(layers) or 'none'}). Expected the "
                "project_database.sqlite of an AequilibraE project."
            )
        # Only these columns: some integer fields hold OSM identifiers that overflow 32 bits.
        links = gpd.read_file(path, layer="links", columns=list(COLUMNS))
    except RuntimeError as error:  # the data source errors of pyogrio
        raise InvalidNetwork(f"{path}: not a readable SQLite project ({error}).") from error
    missing = [key for key in COLUMNS if key not in links.columns]
    if missing:
        raise InvalidNetwork(f"{path}: layer 'links' lacks the columns {', '.join(missing)}.")
    return links.to_crs(4326) if links.crs is not None else links.set_crs(4326)
