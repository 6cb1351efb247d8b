"""Streets of a generated metropolis: rings, radials, lattices, a river with few bridges.

Everything happens in a plane in kilometers, the town hall at the origin. Lines of different
classes are laid over each other and cut at their crossings, as a map would be drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Float64 = NDArray[np.float64]

RINGS_KM = ((2.2, "secondary"), (4.5, "primary"), (8.0, "trunk"), (14.0, "primary"),
            (22.0, "trunk"), (31.0, "secondary"))  # fmt: skip
"""Radius and class of the ring roads, from the old wall to the outer bypass."""

RADIALS = 12
"""Roads out of town; every third is a trunk road."""

CLASS_RANK = ("trunk", "primary", "secondary", "tertiary", "residential")
"""Where two lines coincide, the first of these classes wins."""

CORE_KM, CORE_BLOCK_KM, TOWN_BLOCK_KM = 9.0, 0.45, 0.5
RIVER_WIDTH_KM = 0.9
SNAP_KM = 1e-4
"""Crossings nearer than 10 cm are one."""


@dataclass(frozen=True, eq=False)
class Plan:
    """The drawing of a city, in kilometers.

    Parameters
    ----------
    towns
        Shape (t, 3): east, north and radius of the satellite towns.
    river
        The water; nobody lives on it and only rings and radials cross it.
    lines, classes
        Pieces of street between crossings, each a shapely LineString, and their highway class.
    extent_km
        Distance of the edge from the town hall.
    """

    towns: Float64
    river: shapely.Geometry
    lines: NDArray[np.object_]
    classes: tuple[str, ...]
    extent_km: float


def draw_plan(rng: np.random.Generator, *, extent_km: float, towns: int) -> Plan:
    """Draw the streets of a city.

    Parameters
    ----------
    rng
        Source of all chance.
    extent_km
        Suburbs end here.
    towns
        Satellite towns between the third ring and the edge.
    """
    bearings = np.linspace(0, 2 * np.pi, RADIALS, endpoint=False) + rng.uniform(-0.1, 0.1, RADIALS)
    places = _place_towns(rng, towns, extent_km)
    river = _draw_river(rng, extent_km)
    kept: list[tuple[shapely.Geometry, str]] = [
        (_ring(rng, radius), kind) for radius, kind in RINGS_KM if radius <= extent_km
    ]
    for number, bearing in enumerate(bearings):
        kept.append((_radial(rng, bearing, extent_km), "primary" if number % 3 else "trunk"))
    for town in places:
        kept.append((_feeder(town, kept), "secondary"))
    minor = _lattice(np.zeros(2), CORE_KM, CORE_BLOCK_KM, float(rng.uniform(0, 0.5)))
    for east, north, radius in places:
        center, turn = np.array([east, north]), float(rng.uniform(0, np.pi / 2))
        minor += _lattice(center, float(radius), TOWN_BLOCK_KM, turn)
    minor += _lanes(extent_km)
    kept += [(shapely.difference(line, river), kind) for line, kind in minor]
    lines, classes = _cut_at_crossings(kept)
    return Plan(places, river, lines, classes, extent_km)


def _place_towns(rng: np.random.Generator, count: int, extent_km: float) -> Float64:
    """Return towns in rings of distance, never closer than 5 km to each other where possible."""
    chosen: list[Float64] = []
    for _ in range(count):
        tries = []
        for _ in range(12):
            bearing, reach = rng.uniform(0, 2 * np.pi), rng.uniform(13.0, extent_km - 5.0)
            tries.append(np.array([reach * np.cos(bearing), reach * np.sin(bearing)]))
        gap = [min((float(np.hypot(*(t - c[:2]))) for c in chosen), default=99.0) for t in tries]
        chosen.append(np.array([*tries[int(np.argmax(np.array(gap)))], rng.uniform(1.2, 2.8)]))
    return np.array(chosen).reshape(-1, 3)


def _draw_river(rng: np.random.Generator, extent_km: float) -> shapely.Geometry:
    x = np.linspace(-1.2 * extent_km, 1.2 * extent_km, 80)
    phase, swing = rng.uniform(0, 2 * np.pi), rng.uniform(1.5, 3.0)
    y = 2.8 + swing * np.sin(x / 7.0 + phase) + 0.12 * x
    turn = rng.uniform(0.5, 1.1)
    turned = np.column_stack(
        [x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)]
    )
    return shapely.buffer(shapely.LineString(turned), RIVER_WIDTH_KM / 2)


def _ring(rng: np.random.Generator, radius: float) -> shapely.Geometry:
    angle = np.linspace(0, 2 * np.pi, 97)
    wobble = 1 + 0.04 * np.sin(3 * angle + rng.uniform(0, 6)) + 0.02 * np.sin(5 * angle)
    wobble[-1] = wobble[0]
    ring = np.column_stack([np.cos(angle), np.sin(angle)]) * (radius * wobble)[:, None]
    ring[-1] = ring[0]
    return shapely.LineString(ring)


def _radial(rng: np.random.Generator, bearing: float, extent_km: float) -> shapely.Geometry:
    reach = np.linspace(0.0, extent_km, 60)
    bent = bearing + 0.12 * np.sin(reach / 9.0 + rng.uniform(0, 6)) * (reach / extent_km)
    return shapely.LineString(np.column_stack([reach * np.cos(bent), reach * np.sin(bent)]))


def _feeder(town: Float64, roads: list[tuple[shapely.Geometry, str]]) -> shapely.Geometry:
    """Return the road from a town to the nearest big road, a little past it."""
    center = shapely.points(town[:2])
    near = min((line for line, _ in roads), key=lambda line: float(shapely.distance(center, line)))
    ends = shapely.get_coordinates(shapely.shortest_line(center, near))
    way = ends[1] - ends[0]
    length = max(float(np.hypot(*way)), 1e-6)
    beyond = ends[1] + way / length * 0.05
    behind = ends[0] - way / length * town[2] * 0.9
    return shapely.LineString(np.array([behind, beyond]))


def _lattice(
    center: Float64, radius: float, block_km: float, turn: float
) -> list[tuple[shapely.Geometry, str]]:
    """Return streets at right angles inside a disk; every fourth one is larger."""
    reach = int(radius / block_km)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    lines: list[tuple[shapely.Geometry, str]] = []
    for step in range(-reach, reach + 1):
        across = step * block_km
        half = float(np.sqrt(max(radius**2 - across**2, 0.0)))
        if half < block_km:
            continue
        kind = "residential" if step % 4 else "tertiary"
        both = ([[across, -half], [across, half]], [[-half, across], [half, across]])
        lines += [(shapely.LineString(np.array(e) @ rotation.T + center), kind) for e in both]
    return lines


def _lanes(extent_km: float, spacing_km: float = 3.0) -> list[tuple[shapely.Geometry, str]]:
    """Return country lanes in a wide mesh between core and edge."""
    hole = shapely.buffer(shapely.points(0.0, 0.0), CORE_KM - 0.2)
    mesh = _lattice(np.zeros(2), extent_km - 0.5, spacing_km, 0.35)
    return [(shapely.difference(line, hole), "tertiary") for line, _ in mesh]


def _cut_at_crossings(
    drawn: list[tuple[shapely.Geometry, str]],
) -> tuple[NDArray[np.object_], tuple[str, ...]]:
    """Cut all lines at all crossings; a shared piece takes the highest class."""
    geometry = np.array([line for line, _ in drawn], dtype=object)
    rank = np.array([CLASS_RANK.index(kind) for _, kind in drawn])
    keep = ~shapely.is_empty(geometry)
    geometry, rank = geometry[keep], rank[keep]
    pieces = shapely.get_parts(shapely.unary_union(geometry, grid_size=SNAP_KM))
    middle = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    tree = shapely.STRtree(geometry)
    piece, source = tree.query(middle, predicate="dwithin", distance=10 * SNAP_KM)
    best = np.full(len(pieces), len(CLASS_RANK) - 1)
    np.minimum.at(best, piece, rank[source])
    return np.asarray(pieces, dtype=object), tuple(CLASS_RANK[number] for number in best)
