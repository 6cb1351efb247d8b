"""Urban, suburban or rural: the zone of every demand point, with the source of each verdict.

The standard gives a radius for town and one for the suburbs (T259-7.2-a) and does not say where one
ends. So several classifiers stand in a chain, the most authoritative first, and the first that
knows a point decides: what the file says of the point, the user's polygons, the official
urban-rural codes of villages, the degree of urbanization, the density of roads, a default.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree

from geo.degurba import CENTER_CELL, CLUSTER_CELL, classify_cells
from geo.demand import RURAL, SOURCES, SUBURBAN, UNKNOWN, URBAN, Demand, Int8
from geo.network import RoadNetwork
from geo.population_grid import PopulationGrid
from geo.sphere import great_circle_m
from geo.straight import Float64, Int64, to_local_m, to_unit_sphere

ZONE_OF_CODE: Final = {
    111: URBAN,
    112: SUBURBAN, 121: SUBURBAN, 122: SUBURBAN, 123: SUBURBAN,
    210: RURAL, 220: RURAL,
}  # fmt: skip
"""Urban-rural codes of the statistical divisions (统计用城乡划分代码): 111 core of a city, 112 its
fringe, 121 core of a town, 122 its fringe, 123 special area, 210 center of a township, 220 village.
"""

URBAN_ROADS_KM = 9.0
SUBURBAN_ROADS_KM = 2.5
"""Kilometers of road per km² around a point. CJJ 37 / GB 50220 ask 5.4-7.1 km/km² of arterials and
branches of a city and residential streets come on top; the figures here are by judgment, which is
why the rule stands last."""


class Classifier(Protocol):
    """Says in which zone points lie."""

    @property
    def source(self) -> str:
        """Word of ``SOURCES``."""
        ...

    def classify(self, lonlat: Float64) -> Int8:
        """Return shape (n,), ``UNKNOWN`` where it cannot tell."""
        ...


@dataclass(frozen=True, eq=False)
class PolygonZones:
    """Polygons drawn by the user; where they overlap the first one decides.

    Parameters
    ----------
    polygons
        Valid shapely polygons, degrees.
    zone
        Zone of each.
    """

    polygons: Sequence[shapely.Geometry]
    zone: Sequence[int]
    source: str = "polygon"

    def classify(self, lonlat: Float64) -> Int8:
        """Return the zone of each point, shape (n,); the rim belongs to the polygon."""
        found = np.full(len(lonlat), UNKNOWN, dtype=np.int8)
        row, polygon = locate(lonlat, self.polygons)
        found[row] = np.asarray(self.zone, dtype=np.int8)[polygon]
        return found


def locate(lonlat: Float64, polygons: Sequence[shapely.Geometry]) -> tuple[Int64, Int64]:
    """Return (row, polygon) of every point inside a polygon; of several the first polygon.

    Parameters
    ----------
    lonlat
        Shape (n, 2), degrees.
    polygons
        Valid polygons.
    """
    shapes = np.array(list(polygons), dtype=object)
    if len(shapes) == 0 or len(lonlat) == 0:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    row, polygon = shapely.STRtree(shapes).query(shapely.points(lonlat), predicate="intersects")
    order = np.lexsort((polygon, row))
    row, polygon = row[order].astype(np.int64), polygon[order].astype(np.int64)
    first = np.r_[True, row[1:] != row[:-1]][: row.size]
    return row[first], polygon[first]


@dataclass(frozen=True, eq=False)
class VillageCodes:
    """Official codes of villages or townships, each known by one position.

    Parameters
    ----------
    lonlat
        Shape (u, 2), degrees.
    code
        Shape (u,), codes; see ``ZONE_OF_CODE``.
    reach_m
        A point farther than this from every unit stays unknown.
    """

    lonlat: Float64
    code: Int64
    reach_m: float = 10_000.0
    source: str = "village_code"

    def classify(self, lonlat: Float64) -> Int8:
        """Return the zone of the nearest unit, shape (n,).

        Raises
        ------
        ValueError
            If a code is none of the official ones.
        """
        strange = sorted(set(self.code.tolist()) - set(ZONE_OF_CODE))
        if strange:
            raise ValueError(f"urban-rural codes {strange}; expected {sorted(ZONE_OF_CODE)}.")
        found = np.full(len(lonlat), UNKNOWN, dtype=np.int8)
        if len(self.code) == 0 or len(lonlat) == 0:
            return found
        _, near = cKDTree(to_unit_sphere(self.lonlat)).query(to_unit_sphere(lonlat))
        near = np.asarray(near, dtype=np.int64)
        at = self.lonlat[near]
        known = great_circle_m(lonlat[:, 0], lonlat[:, 1], at[:, 0], at[:, 1]) <= self.reach_m
        zone = np.array([ZONE_OF_CODE[int(code)] for code in self.code], dtype=np.int8)
        found[known] = zone[near[known]]
        return found


@dataclass(frozen=True, eq=False)
class DegreeOfUrbanization:
    """Urban center = urban, urban cluster = suburban, rural cells = rural (``geo.degurba``).

    Parameters
    ----------
    grid
        Inhabitants; joined to cells of 1 km first.
    """

    grid: PopulationGrid
    source: str = "degree_of_urbanization"

    def classify(self, lonlat: Float64) -> Int8:
        """Return the zone of the cell of each point, shape (n,); outside the grid unknown."""
        grid = self.grid.coarsen()
        cells = classify_cells(grid)
        zone = np.full(cells.shape, RURAL, dtype=np.int8)
        zone[cells == CLUSTER_CELL] = SUBURBAN
        zone[cells == CENTER_CELL] = URBAN
        row, column = grid.find_cells(lonlat)
        found = np.full(len(lonlat), UNKNOWN, dtype=np.int8)
        inside = row >= 0
        found[inside] = zone[row[inside], column[inside]]
        return found


@dataclass(frozen=True, eq=False)
class RoadDensity:
    """Kilometers of road per km² in the 3 × 3 squares of 1 km around a point.

    Parameters
    ----------
    network
        Roads; a two-way street counts once. Points outside their extent stay unknown.
    """

    network: RoadNetwork
    source: str = "road_density"

    def classify(self, lonlat: Float64) -> Int8:
        """Return the zone by road density, shape (n,)."""
        net = self.network
        nodes = np.column_stack((net.node_lon, net.node_lat))
        center = nodes.mean(axis=0)
        middle = to_local_m((nodes[net.tail] + nodes[net.head]) / 2.0, *center) / 1000.0
        low = np.floor(middle.min(axis=0))
        cell = np.floor(middle - low).astype(np.int64)
        size = cell.max(axis=0) + 1
        back = set_of_pairs(net)
        km = np.zeros(size)
        np.add.at(km, tuple(cell.T), net.length_mm / 1e6 / np.where(back, 2.0, 1.0))
        density = ndimage.uniform_filter(km, size=3, mode="constant")
        at = np.floor(to_local_m(lonlat, *center) / 1000.0 - low).astype(np.int64)
        inside = ((at >= 0) & (at < size)).all(axis=1)
        found = np.full(len(lonlat), UNKNOWN, dtype=np.int8)
        there = density[tuple(at[inside].T)]
        verdict = np.where(there >= SUBURBAN_ROADS_KM, SUBURBAN, RURAL)
        found[inside] = np.where(there >= URBAN_ROADS_KM, URBAN, verdict)
        return found


def set_of_pairs(network: RoadNetwork) -> NDArray[np.bool_]:
    """Say of each arc, shape (a,), whether an arc leads back between the same two nodes."""
    n = network.n_nodes
    there = network.tail.astype(np.int64) * n + network.head
    back = network.head.astype(np.int64) * n + network.tail
    return np.asarray(np.isin(back, there))


@dataclass(frozen=True)
class DefaultZone:
    """The same zone for every point that nobody knew.

    Parameters
    ----------
    zone
        ``URBAN``, ``SUBURBAN`` or ``RURAL``.
    """

    zone: int = URBAN
    source: str = "default"

    def classify(self, lonlat: Float64) -> Int8:
        """Return that zone, shape (n,)."""
        return np.full(len(lonlat), self.zone, dtype=np.int8)


def classify_zones(demand: Demand, chain: Sequence[Classifier]) -> Demand:
    """Return the demand with the zone of every point and who said so.

    Parameters
    ----------
    demand
        Points; zones that the input gives stand before every classifier.
    chain
        Asked in order, each only about points still unknown.
    """
    zone, source = demand.zone.copy(), demand.zone_source.copy()
    for classifier in chain:
        open_ = np.flatnonzero(zone == UNKNOWN)
        if open_.size == 0:
            break
        verdict = classifier.classify(demand.lonlat[open_])
        said = verdict != UNKNOWN
        zone[open_[said]] = verdict[said]
        source[open_[said]] = SOURCES.index(classifier.source)
    return demand.with_zones(zone, source)


@dataclass(frozen=True)
class ZoneComparison:
    """Two classifiers side by side.

    Parameters
    ----------
    sources
        Their words.
    points, weight
        [zone by the first][zone by the second], rows and columns urban, suburban, rural, unknown.
    agreement
        Share of the weight that both know and put into the same zone; None where nobody knows.
    """

    sources: tuple[str, str]
    points: tuple[tuple[int, ...], ...]
    weight: tuple[tuple[int, ...], ...]
    agreement: float | None


def compare_classifiers(demand: Demand, first: Classifier, second: Classifier) -> ZoneComparison:
    """Return how two classifiers judge the same points.

    Parameters
    ----------
    demand
        Points and weights.
    first, second
        The classifiers.
    """
    a, b = first.classify(demand.lonlat), second.classify(demand.lonlat)
    # UNKNOWN is -1 and wraps to the last row and column.
    points, weight = np.zeros((2, 4, 4), dtype=np.int64)
    np.add.at(points, (a, b), 1)
    np.add.at(weight, (a, b), demand.weight)
    both = int(weight[:3, :3].sum())
    agreement = float(np.trace(weight[:3, :3]) / both) if both else None
    return ZoneComparison(
        (first.source, second.source),
        tuple(tuple(row) for row in points.tolist()),
        tuple(tuple(row) for row in weight.tolist()),
        agreement,
    )
