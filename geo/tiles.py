"""Vector tiles cut from a road network: the base map that needs no tile server.

Tiles are Mapbox Vector Tiles 2.1 (github.com/mapbox/vector-tile-spec) in the square Web Mercator
scheme of z/x/y. Layer ``roads`` has lines with ``class`` (one of `CLASSES`) and, zoomed in far
enough, ``name``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.network import NO_NAME, RoadNetwork
from geo.tile_encoding import Feature, encode_layer

CLASSES: Final = ("motorway", "primary", "secondary", "tertiary", "minor")
_CLASS_OF: Final = {"motorway": 0, "trunk": 0, "primary": 1, "secondary": 2, "tertiary": 3}
FIRST_ZOOM: Final = (0, 0, 8, 10, 11)
"""First zoom at which a class is drawn."""
NAMES_FROM: Final = (12, 12, 13, 14, 14)
"""First zoom at which a class has names."""
MAX_ZOOM: Final = 14
"""Beyond it the page enlarges tiles of this one: one unit is 0.6 m at the equator."""
EXTENT: Final = 4096
BUFFER: Final = 64
"""Units beyond the edge, so that wide lines meet."""
SIMPLE: Final = 6.0
"""Units a line may run beside the real one: below half a pixel of a 512 pixel tile."""
MAX_LATITUDE: Final = 85.0511
"""Where the square of Web Mercator ends."""

Float64 = NDArray[np.float64]


@dataclass(frozen=True)
class TileSummary:
    """What a map has to know before it asks for tiles.

    Attributes
    ----------
    bounds
        West, south, east, north, degrees.
    attribution
        Notice of the map's source.
    """

    bounds: tuple[float, float, float, float]
    max_zoom: int
    attribution: str


class RoadTiles:
    """Cuts tiles of a network; keeps its lines merged by class and name.

    Parameters
    ----------
    network
        The roads; of a two-way street one direction is drawn.
    """

    def __init__(self, network: RoadNetwork) -> None:
        self._network = network
        self.content_hash = network.content_hash
        lines, self._class, self._name = _merged(network)
        self._lines = lines
        self._tree = shapely.STRtree(lines)

    def summary(self) -> TileSummary:
        """Return where the tiles are and whose they are."""
        lon, lat = self._network.geometry_lon, self._network.geometry_lat
        bounds = (0.0, 0.0, 0.0, 0.0)
        if len(lon):
            bounds = (float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max()))
        return TileSummary(bounds, MAX_ZOOM, self._network.attribution)

    def cut(self, z: int, x: int, y: int) -> bytes:
        """Return one tile; empty bytes where it has no road.

        Raises
        ------
        ValueError
            If there is no such tile.
        """
        if not (0 <= z <= MAX_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
            raise ValueError(f"tile {z}/{x}/{y}; zoom is 0 to {MAX_ZOOM}, x and y below 2**zoom")
        side = 1.0 / 2**z
        west, north, edge = x * side, y * side, side * BUFFER / EXTENT
        box = (west - edge, north - edge, west + side + edge, north + side + edge)
        found = np.sort(self._tree.query(shapely.box(*box)))
        found = found[z >= np.array(FIRST_ZOOM)[self._class[found]]]
        if len(found) == 0:
            return b""
        named = z >= np.array(NAMES_FROM)[self._class[found]]
        name = np.where(named, self._name[found], NO_NAME)
        unit = side / EXTENT
        cut = shapely.clip_by_rect(self._lines[found], *box)
        simple = shapely.simplify(cut, SIMPLE * unit, preserve_topology=False)
        return self._encode(simple, self._class[found], name, (west, north, unit))

    def _encode(
        self,
        shapes: NDArray[np.object_],
        classes: NDArray[np.int64],
        names: NDArray[np.int64],
        frame: tuple[float, float, float],
    ) -> bytes:
        parts, source = shapely.get_parts(shapes, return_index=True)
        west, north, unit = frame
        features: list[Feature] = []
        keys = np.stack([classes[source], names[source]], axis=1)
        kinds, which = np.unique(keys, axis=0, return_inverse=True)
        which = which.reshape(-1)
        for number, (kind, name) in enumerate(kinds):
            points, line = shapely.get_coordinates(parts[which == number], return_index=True)
            units = np.rint((points - (west, north)) / unit).astype(np.int64)
            tags = {"class": CLASSES[kind]}
            if name != NO_NAME:
                tags["name"] = self._network.names[name]
            features.append(Feature(tags, units, line))
        return encode_layer("roads", features, EXTENT)


def to_mercator(lon: Float64, lat: Float64) -> Float64:
    """Return shape (n, 2): x to the east and y to the south, both in [0, 1]."""
    phi = np.radians(np.clip(lat, -MAX_LATITUDE, MAX_LATITUDE))
    y = (1.0 - np.arcsinh(np.tan(phi)) / np.pi) / 2.0
    return np.stack([(lon + 180.0) / 360.0, y], axis=1)


def _merged(
    network: RoadNetwork,
) -> tuple[NDArray[np.object_], NDArray[np.int64], NDArray[np.int64]]:
    """Return lines as long as possible with class and name; a line has one of each."""
    arcs = np.flatnonzero(_one_of_each_pair(network))
    if len(arcs) == 0:
        nothing = np.zeros(0, dtype=np.int64)
        return np.empty(0, dtype=object), nothing, nothing
    of_word = np.array([_class_of(word) for word in network.classes], dtype=np.int64)
    kind = of_word[network.road_class[arcs]]
    keys = np.stack([kind, network.name[arcs].astype(np.int64)], axis=1)
    kinds, group = np.unique(keys, axis=0, return_inverse=True)
    group = group.reshape(-1)
    order = np.argsort(group, kind="stable")
    lines = _lines(network, arcs[order])
    together = shapely.multilinestrings(lines, indices=group[order])
    merged, source = shapely.get_parts(shapely.line_merge(together), return_index=True)
    return np.asarray(merged, dtype=object), kinds[source, 0], kinds[source, 1]


def _class_of(word: str) -> int:
    return _CLASS_OF.get(word.removesuffix("_link"), len(CLASSES) - 1)


def _lines(network: RoadNetwork, arcs: NDArray[np.int64]) -> NDArray[np.object_]:
    counts = np.diff(network.geometry_offset)[arcs]
    starts = np.repeat(network.geometry_offset[arcs], counts)
    within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    points = starts + within
    flat = to_mercator(network.geometry_lon[points], network.geometry_lat[points])
    indices = np.repeat(np.arange(len(arcs)), counts)
    return np.asarray(shapely.linestrings(flat, indices=indices), dtype=object)


def _one_of_each_pair(network: RoadNetwork) -> NDArray[np.bool_]:
    """Keep one direction of each two-way street."""
    keys = np.stack(
        [
            np.minimum(network.tail, network.head).astype(np.int64),
            np.maximum(network.tail, network.head).astype(np.int64),
            network.length_mm,
        ],
        axis=1,
    )
    keep = np.zeros(network.n_arcs, dtype=bool)
    keep[np.unique(keys, axis=0, return_index=True)[1]] = True
    return keep
