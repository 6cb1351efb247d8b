"""Where the people are: places with a weight, to draw visits, homes and outlets from."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter

from dispatch.domain.outlet import ZoneKind
from dispatch.domain.place import Place
from geo.network import NO_NAME, RoadNetwork
from scenarios.clusters import to_plane_km
from scenarios.errors import DataUnavailable

CLASS_WEIGHT = {
    "residential": 1.0,
    "living_street": 1.0,
    "tertiary": 0.6,
    "unclassified": 0.4,
    "secondary": 0.4,
    "primary": 0.2,
}
"""Weight of one street end at a node, by highway class; other classes have no doors."""

CELL_KM = 2.5
"""Side of a district where the map has no zones."""

JITTER_M = 30.0
"""A door lies at most this far from its street node, in each direction."""

METERS_PER_DEGREE = 111_195.0

URBAN_PER_KM2 = 1500.0
SUBURBAN_PER_KM2 = 300.0
"""Degree of urbanisation: density of an urban centre and of an urban cluster."""


@dataclass(frozen=True, eq=False)
class Demand:
    """Street nodes that can be visited.

    Parameters
    ----------
    lonlat
        Shape (m, 2), float64, WGS 84, longitude first.
    weight
        Shape (m,), float64, > 0.
    street
        Shape (m,), street name of each node, empty where unnamed.
    district
        Shape (m,), name of the district of each node.
    zone
        By district, ``urban``, ``suburban`` or ``rural``; empty where nothing is known.
    source
        One line for people.
    """

    lonlat: NDArray[np.float64]
    weight: NDArray[np.float64]
    street: NDArray[np.str_]
    district: NDArray[np.str_]
    zone: dict[str, ZoneKind]
    source: str

    def draw(self, rng: np.random.Generator, count: int) -> NDArray[np.intp]:
        """Return ``count`` node indices, by weight, with replacement."""
        drawn: NDArray[np.intp] = rng.choice(
            len(self.weight), size=count, p=self.weight / self.weight.sum()
        )
        return drawn

    def door(self, rng: np.random.Generator, node: int) -> Place:
        """Return a door near a node, with street and number where the street has a name."""
        lon, lat = (float(value) for value in self.lonlat[node])
        east, north = rng.uniform(-JITTER_M, JITTER_M, size=2)
        number = int(rng.integers(1, 1800))
        street = str(self.street[node])
        return Place(
            lon=round(lon + east / (METERS_PER_DEGREE * float(np.cos(np.radians(lat)))), 6),
            lat=round(lat + north / METERS_PER_DEGREE, 6),
            address=f"{street} {number}" if street else None,
        )


def build_network_demand(network: RoadNetwork, *, extent_km: float = 12.0) -> Demand:
    """Draw demand from the streets themselves: many residential street ends, many people.

    Only the largest strongly connected part counts, and of it what lies within ``extent_km`` of
    the densest square (1 km cells, averaged over 5 x 5), so that one day stays in one city.

    Raises
    ------
    DataUnavailable
        If no street of the network has doors, or none lies within the extent.
    """
    nodes, weight = _street_nodes(network)
    lonlat = np.column_stack([network.node_lon[nodes], network.node_lat[nodes]])
    plane = to_plane_km(lonlat)
    near = ((plane - _densest(plane, weight)) ** 2).sum(axis=1) <= extent_km**2
    if not near.any():
        raise DataUnavailable(f"{network.source}: no street within {extent_km:g} km of the middle.")
    cell = np.floor((plane - plane[near].min(axis=0)) / CELL_KM).astype(int)
    district = np.array([f"E{east:02d}-N{north:02d}" for east, north in cell])
    return Demand(
        lonlat=lonlat[near],
        weight=weight[near],
        street=_streets(network)[nodes][near],
        district=district[near],
        zone={},
        source=f"street ends of {network.source} within {extent_km:g} km of the densest square",
    )


def build_zone_demand(network: RoadNetwork, zones: gpd.GeoDataFrame) -> Demand:
    """Draw demand from the population of zones, inside each from its streets.

    Parameters
    ----------
    network
        Streets the doors stand at.
    zones
        Polygons with columns ``zone_id`` and ``population``, any coordinate system. A zone
        without a street node has no doors and is left out.

    Raises
    ------
    DataUnavailable
        If no zone holds a street with doors.
    """
    nodes, weight = _street_nodes(network)
    lonlat = np.column_stack([network.node_lon[nodes], network.node_lat[nodes]])
    points = gpd.GeoDataFrame(
        {"row": np.arange(len(nodes))},
        geometry=gpd.points_from_xy(lonlat[:, 0], lonlat[:, 1]),
        crs=4326,
    )
    inside = points.sjoin(zones.to_crs(4326), predicate="within")
    inside = inside.sort_values(["row", "zone_id"]).drop_duplicates("row")
    inside = inside[inside["population"].to_numpy() > 0]
    if inside.empty:
        raise DataUnavailable("No zone with people holds a street with doors.")
    rows = inside["row"].to_numpy()
    zone_id, group = np.unique(inside["zone_id"].to_numpy(), return_inverse=True)
    share = weight[rows] / np.bincount(group, weights=weight[rows])[group]
    return Demand(
        lonlat=lonlat[rows],
        weight=share * inside["population"].to_numpy(dtype=np.float64),
        street=_streets(network)[nodes][rows],
        district=np.array([f"Zone {int(zone)}" for zone in zone_id])[group],
        zone=_zone_kinds(zones),
        source=f"population of {len(zone_id)} zones, on the streets of {network.source}",
    )


def _zone_kinds(zones: gpd.GeoDataFrame) -> dict[str, ZoneKind]:
    """Return urban, suburban or rural by inhabitants per square kilometer of each zone."""
    area_km2 = zones.to_crs(zones.estimate_utm_crs()).geometry.area.to_numpy() / 1e6
    density = zones["population"].to_numpy() / np.maximum(area_km2, 1e-9)
    kinds: dict[str, ZoneKind] = {}
    for zone_id, people in zip(zones["zone_id"], density, strict=True):
        dense: ZoneKind = "urban" if people >= URBAN_PER_KM2 else "suburban"
        kinds[f"Zone {int(zone_id)}"] = dense if people >= SUBURBAN_PER_KM2 else "rural"
    return kinds


def _street_nodes(network: RoadNetwork) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the nodes of the largest component that have doors, and their weights."""
    by_class = np.array([CLASS_WEIGHT.get(name, 0.0) for name in network.classes])
    weight = np.zeros(network.n_nodes)
    np.add.at(weight, network.tail, by_class[network.road_class])
    nodes = np.flatnonzero((weight > 0) & (network.component == 0))
    if len(nodes) == 0:
        raise DataUnavailable(f"{network.source}: no residential street in the main network.")
    return nodes, weight[nodes]


def _streets(network: RoadNetwork) -> NDArray[np.str_]:
    """Return a street name per node: that of its first named arc, empty without one."""
    named = np.flatnonzero(network.name != NO_NAME)
    street = np.full(network.n_nodes, -1, dtype=np.int64)
    street[network.tail[named[::-1]]] = network.name[named[::-1]]
    return np.array([*network.names, ""], dtype=np.str_)[street]


def _densest(plane: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the middle of the 1 km cell with the most weight around it."""
    low = plane.min(axis=0)
    cell = np.floor(plane - low).astype(int)
    grid = np.zeros(cell.max(axis=0) + 1)
    np.add.at(grid, (cell[:, 0], cell[:, 1]), weight)
    smooth = uniform_filter(grid, size=5, mode="constant")
    best = np.unravel_index(np.argmax(smooth), smooth.shape)
    middle: NDArray[np.float64] = low + np.array(best) + 0.5
    return middle
