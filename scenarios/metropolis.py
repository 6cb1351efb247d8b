"""A whole metropolis from a seed: ring and radial roads, dense core, suburbs, people, outlets.

For benches, tests and teaching. Nothing in it is real, and its place on the globe means nothing.
The people live in a dense core and in satellite towns; the outlets stand where outlets of a grown
network stand: many in the core, two of them beside each other, few in the suburbs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.roads import Roads, tag_table
from geo.sphere import EARTH_RADIUS_M
from scenarios.metropolis_streets import Float64, Plan, draw_plan

CENTER: Final = (112.0, 30.0)
"""Longitude and latitude of the town hall."""

CELL_KM: Final = 0.5
CORE_PER_KM2, CORE_FALL_KM = 24_000.0, 3.6
TOWN_PER_KM2, COUNTRY_PER_KM2 = 9_000.0, 90.0
NOISE: Final = 0.35
FEWEST_PEOPLE: Final = 5
"""Cells with fewer people are left out."""

OUTLET_SPREAD_KM: Final = 2.2
OUTLET_REACH_KM: Final = 24.0
TWIN_KM: Final = 0.7
"""The last outlet stands this near to the first: a network that grew has such pairs."""


@dataclass(frozen=True, eq=False)
class Metropolis:
    """A generated city.

    Parameters
    ----------
    seed
        Seed it came from.
    roads
        Streets, with tags, as read from a map file.
    demand
        Shape (n, 2), WGS 84, centers of inhabited squares of ``CELL_KM``.
    people
        Shape (n,), int64, inhabitants of each square.
    town
        Shape (n,), name of the district each square belongs to.
    outlets
        Shape (k, 2), WGS 84, outlets open today.
    plan
        The drawing in kilometers around the town hall.
    """

    seed: int
    roads: Roads
    demand: Float64
    people: NDArray[np.int64]
    town: NDArray[np.str_]
    outlets: Float64
    plan: Plan


def generate_metropolis(
    seed: int, *, extent_km: float = 40.0, towns: int = 14, outlets: int = 26
) -> Metropolis:
    """Make up a city; the same arguments give the same city.

    Parameters
    ----------
    seed
        Seed of all chance.
    extent_km
        Distance from the town hall to the edge of the suburbs, at least 20.
    towns
        Satellite towns.
    outlets
        Outlets open today, at least 2.

    Raises
    ------
    ValueError
        If a figure is out of range.
    """
    if not extent_km >= 20.0 or towns < 0 or outlets < 2:
        raise ValueError(
            f"extent_km={extent_km}, towns={towns}, outlets={outlets}; "
            "expected at least 20, 0 and 2."
        )
    rng = np.random.default_rng(seed)
    plan = draw_plan(rng, extent_km=extent_km, towns=towns)
    cells, people = _settle(rng, plan)
    sites = _open_outlets(rng, cells, people, outlets)
    return Metropolis(
        seed=seed,
        roads=_lay_roads(plan, seed),
        demand=to_lonlat(cells),
        people=people,
        town=_name_districts(cells, plan),
        outlets=to_lonlat(sites),
        plan=plan,
    )


def to_lonlat(km: Float64) -> Float64:
    """Return degrees for places in kilometers around the town hall, shape (n, 2)."""
    degree_km = np.radians(1.0) * EARTH_RADIUS_M / 1000
    shrink = float(np.cos(np.radians(CENTER[1])))
    return np.asarray(km / (degree_km * np.array([shrink, 1.0])) + np.array(CENTER))


def _settle(rng: np.random.Generator, plan: Plan) -> tuple[Float64, NDArray[np.int64]]:
    """Return inhabited squares and their people; nobody lives on the river."""
    side = np.arange(-plan.extent_km + CELL_KM / 2, plan.extent_km, CELL_KM)
    cells = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    reach = np.hypot(cells[:, 0], cells[:, 1])
    density = CORE_PER_KM2 * np.exp(-reach / CORE_FALL_KM) + COUNTRY_PER_KM2
    for east, north, radius in plan.towns:
        away = np.hypot(cells[:, 0] - east, cells[:, 1] - north)
        density += TOWN_PER_KM2 * np.exp(-((away / radius) ** 2))
    people = density * CELL_KM**2 * rng.lognormal(0.0, NOISE, len(cells))
    people = np.rint(people).astype(np.int64)
    dry = ~np.asarray(shapely.intersects_xy(plan.river, cells[:, 0], cells[:, 1]))
    lived = dry & (people >= FEWEST_PEOPLE) & (reach <= plan.extent_km)
    return cells[lived], people[lived]


def _open_outlets(
    rng: np.random.Generator, cells: Float64, people: NDArray[np.int64], count: int
) -> Float64:
    """Draw outlets by people, at a distance from each other; the last one is a twin."""
    near = np.hypot(cells[:, 0], cells[:, 1]) <= OUTLET_REACH_KM
    chance = np.where(near, people.astype(np.float64) ** 0.7, 0.0)
    sites: list[Float64] = []
    for _ in range(count - 1):
        if not chance.any():
            break
        site = cells[int(rng.choice(len(cells), p=chance / chance.sum()))]
        sites.append(site)
        chance[np.hypot(*(cells - site).T) < OUTLET_SPREAD_KM] = 0.0
    sites.append(sites[0] + np.array([TWIN_KM, 0.0]))
    return np.array(sites)


def _name_districts(cells: Float64, plan: Plan) -> NDArray[np.str_]:
    """Name squares by town, inside the core by quarter, elsewhere by direction."""
    quarter = np.floor(np.arctan2(cells[:, 1], cells[:, 0]) / (np.pi / 2)).astype(int) % 4
    words = np.array(["northeast", "northwest", "southwest", "southeast"])[quarter]
    core = np.hypot(cells[:, 0], cells[:, 1]) <= 9.0
    names = np.where(core, np.char.add("Core ", words), np.char.add("County ", words))
    names = names.astype("<U24")
    for number, (east, north, radius) in enumerate(plan.towns, start=1):
        names[np.hypot(cells[:, 0] - east, cells[:, 1] - north) <= 1.5 * radius] = f"Town {number}"
    return np.asarray(names, dtype=np.str_)


def _lay_roads(plan: Plan, seed: int) -> Roads:
    """Turn pieces of street into points, segments and tags."""
    points, owner = shapely.get_coordinates(plan.lines, return_index=True)
    place, index = np.unique(np.round(points, 4), axis=0, return_inverse=True)
    index = index.ravel()
    inner = np.flatnonzero(owner[1:] == owner[:-1])
    tail, head = index[inner], index[inner + 1]
    moved = tail != head
    lonlat = to_lonlat(place).round(7)  # as many decimals as a map file keeps
    table = tag_table({"highway": plan.classes}, len(plan.classes))
    return Roads(
        point_id=np.arange(1, len(place) + 1, dtype=np.int64),
        lon=lonlat[:, 0],
        lat=lonlat[:, 1],
        tail=tail[moved].astype(np.int64),
        head=head[moved].astype(np.int64),
        way=owner[inner][moved].astype(np.int64),
        tags=pd.DataFrame(table),
        directed=np.zeros(len(plan.classes), dtype=np.bool_),
        source=f"generated metropolis, seed {seed}",
        attribution="",
    )
