"""The worst pockets: connected areas of demand that nobody covers, with what names them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geo.coverage import MeasureAudit
from geo.demand import Demand
from geo.network import NO_NAME, RoadNetwork
from geo.sphere import EARTH_RADIUS_M, great_circle_m
from geo.straight import NOBODY, Float64, Int64, from_local_m, to_local_m, to_unit_sphere

_LEAST_SQUARES = 6
"""A pocket may be this many squares wide at least; smaller ones would only show the lattice."""
DIRECTIONS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")


@dataclass(frozen=True)
class Pocket:
    """One connected area without cover.

    Parameters
    ----------
    rows
        Its demand points, by position.
    points, weight, people
        Sums; people None where nobody knows.
    lon, lat
        Center of its weight, degrees.
    area
        Its squares joined, degrees.
    district
        District with most of its weight; None without districts.
    street
        Nearest street with a name; None without roads.
    outlet
        Nearest outlet to the center by straight line, position; None without outlets.
    outlet_m
        How far away that is, meters.
    direction
        Where the pocket lies as seen from that outlet: a word of ``DIRECTIONS``.
    farthest_m
        Largest distance of one of its points from its nearest outlet, meters.
    """

    rows: Int64
    points: int
    weight: int
    people: int | None
    lon: float
    lat: float
    area: shapely.Geometry
    district: str | None
    street: str | None
    outlet: int | None
    outlet_m: int
    direction: str
    farthest_m: int


def find_pockets(
    demand: Demand,
    audit: MeasureAudit,
    outlets: Float64,
    *,
    network: RoadNetwork | None = None,
    cell_m: float | None = None,
    widest_m: float | None = None,
    most: int = 20,
) -> list[Pocket]:
    """Return the heaviest connected uncovered areas, heaviest first.

    Points fall into squares of ``cell_m``; squares with uncovered demand that touch at an edge or
    a corner are one pocket. One that is wider than an outlet could serve is several: it is cut
    across its longer side where its weight halves.

    Parameters
    ----------
    demand
        Points.
    audit
        Verdicts by the measure that decides.
    outlets
        Shape (m, 2), open outlets, degrees.
    network
        Roads whose names are used.
    cell_m
        Side of a square, meters; None takes one and a half times the distance at which points
        usually stand from each other, 1 to 12 km, so that a grid of demand does not fall apart.
    widest_m
        Longest side of a pocket, meters, but never less than ``_LEAST_SQUARES`` squares; None
        leaves connected areas whole.
    most
        How many pockets at most.
    """
    rows = np.flatnonzero(~audit.covered & (demand.weight > 0))
    if rows.size == 0:
        return []
    if cell_m is None:
        cell_m = float(np.clip(1.5 * find_spacing_m(demand.lonlat), 1000.0, 12_000.0))
    center = demand.lonlat[rows].mean(axis=0)
    cell = np.floor(to_local_m(demand.lonlat[rows], *center) / cell_m).astype(np.int64)
    squares, where = np.unique(cell, axis=0, return_inverse=True)
    where = where.reshape(-1)
    label = _join_squares(squares)
    if widest_m is not None:
        heavy = np.zeros(len(squares))
        np.add.at(heavy, where, demand.weight[rows])
        label = _cut_wide(squares, label, heavy, max(int(widest_m // cell_m), _LEAST_SQUARES))
    of_row = label[where]
    weight = np.bincount(of_row, weights=demand.weight[rows])
    heaviest = np.lexsort((np.arange(len(weight)), -weight))[:most]
    streets = None if network is None else _Streets(network)
    return [
        _describe(
            demand,
            audit,
            rows[of_row == number],
            outlets,
            streets=streets,
            area=_outline(squares[label == number], cell_m, center),
        )
        for number in heaviest.tolist()
    ]


def find_spacing_m(lonlat: Float64, sample: int = 20_000) -> float:
    """Return how far points usually stand from their nearest neighbor, meters (median).

    Parameters
    ----------
    lonlat
        Shape (n, 2), degrees; 0 with fewer than two different points.
    sample
        At most so many points are asked, evenly chosen.
    """
    points = np.unique(lonlat, axis=0)
    if len(points) < 2:
        return 0.0
    sphere = to_unit_sphere(points)
    asked = sphere[:: max(1, len(points) // sample)]
    chord, _ = cKDTree(sphere).query(asked, k=2)
    return float(np.median(np.asarray(chord)[:, 1])) * EARTH_RADIUS_M


def _join_squares(squares: Int64) -> NDArray[np.int32]:
    """Label squares, shape (s, 2), that touch at an edge or a corner."""
    low = squares.min(axis=0)
    wide = int(squares[:, 1].max() - low[1]) + 3
    key = (squares[:, 0] - low[0] + 1) * wide + (squares[:, 1] - low[1] + 1)
    order = np.argsort(key)
    ends = []
    for step in (1, wide - 1, wide, wide + 1):
        position = np.searchsorted(key[order], key + step)
        position[position == len(key)] = 0
        touch = key[order][position] == key + step
        ends.append(np.column_stack((np.flatnonzero(touch), order[position[touch]])))
    pairs = np.concatenate(ends)
    links = coo_array((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])),
                      shape=(len(key), len(key)))  # fmt: skip
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int32)


def _cut_wide(
    squares: Int64, label: NDArray[np.int32], heavy: Float64, widest: int
) -> NDArray[np.int32]:
    """Cut areas longer than ``widest`` squares where their weight halves, until none is."""
    found = np.full(len(squares), -1, dtype=np.int32)
    open_parts = [np.flatnonzero(label == number) for number in range(int(label.max()) + 1)]
    done = 0
    while open_parts:
        part = open_parts.pop()
        sides = np.ptp(squares[part], axis=0) + 1
        if sides.max() <= widest:
            found[part] = done
            done += 1
            continue
        along = squares[part, int(sides.argmax())]
        order = np.argsort(along, kind="stable")
        share = np.cumsum(heavy[part[order]])
        middle = int(along[order[np.searchsorted(share, share[-1] / 2.0)]])
        # A whole column of squares goes to one side, and neither side may be empty.
        first = along <= min(middle, int(along.max()) - 1)
        for half in (part[first], part[~first]):
            pieces = _join_squares(squares[half])
            open_parts += [half[pieces == piece] for piece in range(int(pieces.max()) + 1)]
    return found


def _outline(squares: Int64, cell_m: float, center: Float64) -> shapely.Geometry:
    low, high = squares * cell_m, (squares + 1) * cell_m
    joined = shapely.union_all(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))
    # Rounded corners: the squares are a means, not a border.
    rounded = joined.buffer(cell_m * 0.6).buffer(-cell_m * 0.45).simplify(cell_m * 0.04)
    lon, lat = center.tolist()
    return shapely.transform(rounded, lambda xy: from_local_m(xy, lon, lat))


class _Streets:
    """Named streets by the middle of each arc."""

    def __init__(self, network: RoadNetwork) -> None:
        arcs = np.flatnonzero(network.name != NO_NAME)
        ends = [np.column_stack((network.node_lon[e[arcs]], network.node_lat[e[arcs]]))
                for e in (network.tail, network.head)]  # fmt: skip
        self._names: list[str] = [network.names[i] for i in network.name[arcs].tolist()]
        self._tree = cKDTree(to_unit_sphere((ends[0] + ends[1]) / 2.0)) if len(arcs) else None

    def find(self, lonlat: Float64) -> str | None:
        if self._tree is None:
            return None
        _, near = self._tree.query(to_unit_sphere(lonlat[None, :]))
        return self._names[int(np.asarray(near)[0])]


def _describe(
    demand: Demand,
    audit: MeasureAudit,
    rows: Int64,
    outlets: Float64,
    *,
    streets: _Streets | None,
    area: shapely.Geometry,
) -> Pocket:
    weight = demand.weight[rows]
    center = np.average(demand.lonlat[rows], axis=0, weights=weight)
    outlet, outlet_m, direction = _find_outlet(center, outlets)
    reached = audit.nearest[rows] != NOBODY
    return Pocket(
        rows=rows,
        points=len(rows),
        weight=int(weight.sum()),
        people=None if demand.people is None else int(demand.people[rows].sum()),
        lon=float(center[0]),
        lat=float(center[1]),
        area=area,
        district=_main_district(demand, rows),
        street=None if streets is None else streets.find(center),
        outlet=outlet,
        outlet_m=outlet_m,
        direction=direction,
        farthest_m=int(audit.distance_m[rows][reached].max(initial=0)),
    )


def _main_district(demand: Demand, rows: Int64) -> str | None:
    codes = demand.district[rows]
    known = codes >= 0
    if not known.any():
        return None
    weight = np.bincount(codes[known], weights=demand.weight[rows][known])
    return demand.districts[int(weight.argmax())]


def _find_outlet(center: Float64, outlets: Float64) -> tuple[int | None, int, str]:
    if len(outlets) == 0:
        return None, 0, "N"
    lon, lat = (np.full(len(outlets), value) for value in center.tolist())
    meters = great_circle_m(lon, lat, outlets[:, 0], outlets[:, 1])
    best = int(meters.argmin())
    east, north = to_local_m(center[None, :], *outlets[best].tolist())[0].tolist()
    bearing = np.degrees(np.arctan2(east, north)) % 360.0
    return best, round(float(meters[best])), DIRECTIONS[int((bearing + 22.5) // 45.0) % 8]
