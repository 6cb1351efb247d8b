"""Read the roads of an ``.osm.pbf`` extract with pyrosm."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pyrosm

from geo.errors import InvalidNetwork
from geo.roads import OSM_ATTRIBUTION, TAGS, Roads, tag_table


def read_pbf(path: Path) -> Roads:
    """Return all ways with a ``highway`` tag.

    Parameters
    ----------
    path
        OpenStreetMap extract in PBF format.

    Raises
    ------
    InvalidNetwork
        If the file is empty, cut off, no PBF, or holds no road.
    """
    points, edges = _read_frames(path)
    if points is None or edges is None or len(edges) == 0:
        raise InvalidNetwork(f"{path}: the extract holds no way with a highway tag.")
    way_id = edges["id"].to_numpy(dtype=np.int64)
    _, first, way = np.unique(way_id, return_index=True, return_inverse=True)
    rows = edges.iloc[first]
    order = np.argsort(points["id"].to_numpy(dtype=np.int64), kind="stable")
    point_id = points["id"].to_numpy(dtype=np.int64)[order]
    columns = {key: _as_text(rows[key]) for key in TAGS if key in rows.columns}
    return Roads(
        point_id=point_id,
        lon=points["lon"].to_numpy(dtype=np.float64)[order],
        lat=points["lat"].to_numpy(dtype=np.float64)[order],
        tail=np.searchsorted(point_id, edges["u"].to_numpy(dtype=np.int64)),
        head=np.searchsorted(point_id, edges["v"].to_numpy(dtype=np.int64)),
        way=way.astype(np.int64),
        tags=tag_table(columns, len(rows)),
        directed=np.zeros(len(rows), dtype=np.bool_),
        source=f"OpenStreetMap extract {path.name}",
        attribution=OSM_ATTRIBUTION,
    )


def _as_text(column: pd.Series) -> list[str | None]:
    present = column.notna().to_numpy()
    return [str(v) if there else None for v, there in zip(column, present, strict=True)]


def _read_frames(path: Path) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
    """Return points and straight edges as pyrosm gives them."""
    try:
        with warnings.catch_warnings():
            # pyrosm warns when nothing was found and passes on deprecations of pandas and
            # geopandas that only its authors can act on; an empty result is an error below.
            warnings.simplefilter("ignore", UserWarning)
            warnings.simplefilter("ignore", DeprecationWarning)
            warnings.simplefilter("ignore", FutureWarning)
            reader = pyrosm.OSM(
                path, keep_metadata=False, engine="in_memory", workers=1, progress=False
            )
            points, edges = reader.get_network(
                custom_filter={"highway": True},
                filter_type="keep",
                nodes=True,
                tags_to_keep=list(TAGS),
            )
    except MemoryError:  # says nothing about the file
        raise
    except Exception as error:  # a damaged file makes the decoder fail in many ways
        raise InvalidNetwork(
            f"{path}: not a readable OSM PBF file ({type(error).__name__}: {error}). "
            "Download the extract again; it may be cut off."
        ) from error
    return points, edges
