"""Networks to show the planner on: outlets grown by a seed where people really or notionally live.

The people are those of a generated metropolis, of the demonstration city, or of any map with a
population grid. The outlets are made up: a network that grew from the middle, with a pair of
outlets beside each other and gaps farther out.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from dispatch.adapters.files.atomic import write_text_atomically
from geo.candidate_gaps import Plane
from geo.network import RoadNetwork
from geo.population_grid import PopulationGrid, read_population_grid
from scenarios.metropolis import Metropolis
from scenarios.osm_writer import write_osm_xml

Float64 = NDArray[np.float64]

NETWORK_FILE, DEMAND_FILE, ROADS_FILE = "network.json", "demand.csv", "roads.osm"
MARGIN_DEG: Final = 0.01
"""People up to about a kilometer outside the roads count."""

SPREAD_M, TWIN_M = 2500.0, 800.0
REACH_SHARE: Final = 0.75
"""Outlets stand within the nearest three quarters of the people: the network grew outward."""


@dataclass(frozen=True)
class Prices:
    """Money of outlets, whole units of the currency.

    Parameters
    ----------
    opening, running, closing
        Once, per year, once.
    budget
        Money for changes over the period.
    currency
        Its code.
    """

    opening: int
    running: int
    closing: int
    budget: int
    currency: str


VISIT_DAYS: Final = 1500
"""One visit per inhabitant in so many working days, five years of them."""
VISITS_PER_TECHNICIAN: Final = 8
STAFF_SHARE: Final = (1.2, 1.0, 0.8, 1.1)
"""Technicians against those the catchment needs, outlet by outlet: every fourth one is short."""
LONG_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat")

YUAN: Final = Prices(2_000_000, 600_000, 2_600_000, 20_000_000, "CNY")
PESO: Final = Prices(300_000_000, 80_000_000, 360_000_000, 1_400_000_000, "CLP")
YEARS: Final = 5


@dataclass(frozen=True, eq=False)
class CityPeople:
    """Where people live.

    Parameters
    ----------
    lonlat
        Shape (n, 2), WGS 84.
    people
        Shape (n,), int64.
    zone, district
        Words per point, or None where they are to be found out or have no name.
    """

    lonlat: Float64
    people: NDArray[np.int64]
    zone: list[str] | None = None
    district: list[str] | None = None


def people_of_grid(grid: PopulationGrid, roads: RoadNetwork) -> CityPeople:
    """Return the inhabited cells of a grid within the extent of the roads, whole people.

    Parameters
    ----------
    grid
        Inhabitants.
    roads
        Roads; people beyond their extent cannot be judged by road and are left out.
    """
    lonlat, people = grid.inhabited_cells()
    nodes = np.column_stack([roads.node_lon, roads.node_lat])
    low, high = nodes.min(axis=0) - MARGIN_DEG, nodes.max(axis=0) + MARGIN_DEG
    inside = ((lonlat >= low) & (lonlat <= high)).all(axis=1)
    lonlat, people = lonlat[inside], people[inside]
    # Running sums are rounded, so that cells of a few tenths of a person do not vanish.
    sums = np.r_[0, np.floor(np.cumsum(people) + 0.5).astype(np.int64)]
    whole = (sums[1:] - sums[:-1]).astype(np.int64)
    return CityPeople(lonlat[whole > 0], whole[whole > 0])


def grow_outlets(city: CityPeople, count: int, seed: int) -> Float64:
    """Return places of outlets as a grown network has them, shape (count, 2).

    Drawn by people among the points nearest to the middle of the city, at a distance from each
    other; the last one stands beside the first.
    """
    rng = np.random.default_rng(seed)
    plane = Plane(city.lonlat)
    xy = plane.to_xy(city.lonlat)
    middle = np.average(xy, axis=0, weights=city.people)
    away = np.hypot(*(xy - middle).T)
    order = np.argsort(away, kind="stable")
    inner = np.cumsum(city.people[order]) <= REACH_SHARE * city.people.sum()
    reach = away[order[inner]].max(initial=SPREAD_M)
    chance = np.where(away <= reach, city.people.astype(np.float64), 0.0)
    sites: list[Float64] = []
    for _ in range(count - 1):
        if not chance.any():
            break
        site = xy[int(rng.choice(len(xy), p=chance / chance.sum()))]
        sites.append(site)
        chance[np.hypot(*(xy - site).T) < SPREAD_M] = 0.0
    sites.append(sites[0] + np.array([TWIN_M, 0.0]))
    return plane.to_lonlat(np.array(sites)).round(6)


def write_city(
    folder: Path,
    name: str,
    city: CityPeople,
    outlets: Float64,
    prices: Prices,
    *,
    grid: Path | None = None,
) -> Path:
    """Write network.json and demand.csv; returns network.json.

    Parameters
    ----------
    folder
        Created if missing.
    name
        Name for people.
    city
        Demand.
    outlets
        Shape (k, 2), outlets open today.
    prices
        Money.
    grid
        Population grid that tells town from country; where None the zones stand in ``city``, or
        the roads tell.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_text_atomically(folder / DEMAND_FILE, _table(city))
    document: dict[str, Any] = {
        "format": "servicenet-network/1",
        "id": name.lower().replace(" ", "-"),
        "name": name,
        "currency": prices.currency,
        "period": YEARS,
        "budget": prices.budget,
        "demand": DEMAND_FILE,
        "settings": {"weight_days": VISIT_DAYS},
        "outlets": [
            _outlet(row, place, technicians, prices)
            for row, (place, technicians) in enumerate(
                zip(outlets.tolist(), _staff(city, outlets), strict=True)
            )
        ],
    }
    if grid is not None:
        document["population_grid"] = Path(os.path.relpath(grid, folder)).as_posix()
    path = folder / NETWORK_FILE
    write_text_atomically(path, json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    return path


def write_metropolis(city: Metropolis, folder: Path) -> tuple[Path, Path]:
    """Write a generated metropolis as network.json, demand.csv and roads; returns both paths."""
    people = CityPeople(
        city.demand.round(7),
        city.people,
        zone=_zones_by_density(city),
        district=[str(town) for town in city.town],
    )
    network = write_city(folder, f"Metropolis {city.seed}", people, city.outlets.round(6), YUAN)
    write_osm_xml(city.roads, folder / ROADS_FILE)
    return network, folder / ROADS_FILE


def make_grid_city(
    folder: Path, name: str, roads: RoadNetwork, grid: Path, *, outlets: int, seed: int
) -> Path:
    """Write the network of a real map with its real people and made-up outlets.

    Raises
    ------
    InvalidGrid
        If the grid cannot be read.
    """
    city = people_of_grid(read_population_grid(grid), roads)
    return write_city(folder, name, city, grow_outlets(city, outlets, seed), YUAN, grid=grid)


def _zones_by_density(city: Metropolis) -> list[str]:
    """Return the zone of each square by the degree of urbanization of the drawn density."""
    from scenarios.demand import SUBURBAN_PER_KM2, URBAN_PER_KM2
    from scenarios.metropolis import CELL_KM

    density = city.people / CELL_KM**2
    words = np.where(density >= URBAN_PER_KM2, "urban", "suburban")
    return [str(word) for word in np.where(density < SUBURBAN_PER_KM2, "rural", words)]


def _staff(city: CityPeople, outlets: Float64) -> list[int]:
    """Return technicians per outlet: what its catchment needs, give or take."""
    plane = Plane(city.lonlat)
    _, nearest = cKDTree(plane.to_xy(outlets)).query(plane.to_xy(city.lonlat))
    people = np.zeros(len(outlets))
    np.add.at(people, nearest, city.people)
    needed = people / VISIT_DAYS / VISITS_PER_TECHNICIAN
    share = np.resize(STAFF_SHARE, len(outlets))
    return [max(1, math.ceil(value)) for value in (needed * share).tolist()]


def _outlet(row: int, place: list[float], technicians: int, prices: Prices) -> dict[str, Any]:
    """Return one outlet; every third is authorized, every fifth opens on five short days only."""
    short = row % 5 == 4
    opens, closes = ("09:30", "17:00") if short else ("08:30", "18:00")
    days = LONG_DAYS[:5] if short else LONG_DAYS
    return {
        "id": f"O{row + 1:02d}", "name": f"Outlet {row + 1}", "lon": place[0], "lat": place[1],
        "status": "open", "kind": "authorized" if row % 3 == 2 else "own",
        "technicians": technicians, "capacity_per_day": technicians * VISITS_PER_TECHNICIAN,
        "opening_hours": [{"day": day, "opens": opens, "closes": closes} for day in days],
        "fixed_cost": prices.opening, "closing_cost": prices.closing,
        "running_cost_per_year": prices.running,
    }  # fmt: skip


def _table(city: CityPeople) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["id", "lon", "lat", "weight", "people", "zone", "district"])
    for row, ((lon, lat), people) in enumerate(
        zip(city.lonlat.tolist(), city.people.tolist(), strict=True)
    ):
        zone = city.zone[row] if city.zone else ""
        district = city.district[row] if city.district else ""
        writer.writerow([f"d{row + 1}", f"{lon:.7f}", f"{lat:.7f}", people, people, zone, district])
    return text.getvalue()
