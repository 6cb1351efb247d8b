"""Demand points as arrays: rows, visit histories aggregated, or cells of a population grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geo.population_grid import PopulationGrid
from geo.straight import Float64, Int64, from_local_m, to_local_m

MAX_POINTS = 10_000_000
"""Limit of one network (docs/formats.md)."""
MAX_WEIGHT = 2**40
"""Largest weight of one point, so that ten million of them still add up in 64 bits."""

UNKNOWN, URBAN, SUBURBAN, RURAL = -1, 0, 1, 2
ZONES = ("urban", "suburban", "rural")

SOURCES = (
    "none", "given", "polygon", "village_code", "degree_of_urbanization", "road_density", "default",
)  # fmt: skip
"""Where the verdict on a zone came from; ``Demand.zone_source`` holds positions in this tuple."""

Int8 = NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Demand:
    """Who is to be served, and where; arrays only, so that ten million points fit.

    Parameters
    ----------
    lonlat
        Shape (n, 2), float64, WGS 84 degrees, longitude first.
    weight
        Shape (n,), int64, >= 0: visits, revenue or people, whatever the network counts in.
    people
        Shape (n,), int64, inhabitants, or None where nobody knows.
    zone
        Shape (n,), int8: ``URBAN``, ``SUBURBAN``, ``RURAL`` or ``UNKNOWN``.
    zone_source
        Shape (n,), int8, position in ``SOURCES``.
    district
        Shape (n,), int32, position in ``districts``; -1 without one.
    districts
        Names of districts.
    ids
        Shape (n,), text, or None: the position is the name then.
    """

    lonlat: Float64
    weight: Int64
    people: Int64 | None
    zone: Int8
    zone_source: Int8
    district: NDArray[np.int32]
    districts: tuple[str, ...] = ()
    ids: NDArray[np.str_] | None = None

    def __post_init__(self) -> None:
        n = len(self.lonlat)
        if self.lonlat.ndim != 2 or self.lonlat.shape[1] != 2:
            raise ValueError(f"lonlat has shape {self.lonlat.shape}; expected (n, 2).")
        if n > MAX_POINTS:
            raise ValueError(f"{n:,} demand points; expected at most {MAX_POINTS:,}.")
        for name in ("weight", "zone", "zone_source", "district", "people", "ids"):
            values = getattr(self, name)
            if values is not None and values.shape != (n,):
                raise ValueError(f"{name} has shape {values.shape}; expected ({n},).")
        for name in ("weight", "people"):
            values = getattr(self, name)
            if values is not None and n and not 0 <= values.min() <= values.max() <= MAX_WEIGHT:
                raise ValueError(f"{name} must lie between 0 and {MAX_WEIGHT}.")

    def __len__(self) -> int:
        return len(self.lonlat)

    @property
    def total_weight(self) -> int:
        """Sum of all weights."""
        return int(self.weight.sum())

    def name_of(self, row: int) -> str:
        """Return the id of a point, its position from 1 where it has none."""
        return str(self.ids[row]) if self.ids is not None else str(row + 1)

    def with_zones(self, zone: Int8, source: Int8) -> Demand:
        """Return the same points in other zones."""
        return replace(self, zone=zone, zone_source=source)


def make_demand(
    lonlat: Float64,
    weight: NDArray[np.generic] | None = None,
    *,
    people: NDArray[np.generic] | None = None,
    zone: Int8 | None = None,
    district: Sequence[str | None] | None = None,
    ids: Sequence[str] | NDArray[np.str_] | None = None,
) -> Demand:
    """Return demand from what is known of its points.

    Parameters
    ----------
    lonlat
        Shape (n, 2), degrees.
    weight, people
        Shape (n,), whole numbers; without weights every point weighs 1.
    zone
        Shape (n,), as in ``Demand``; known zones get the source ``given``.
    district
        Names, None where unknown.
    ids
        Names of the points.

    Raises
    ------
    ValueError
        If shapes differ or a number is out of range.
    """
    points = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
    n = len(points)
    zones = np.full(n, UNKNOWN, dtype=np.int8) if zone is None else zone.astype(np.int8)
    given = np.where(zones == UNKNOWN, SOURCES.index("none"), SOURCES.index("given"))
    codes, names = encode_names(district, n)
    return Demand(
        lonlat=points,
        weight=np.ones(n, np.int64) if weight is None else _whole("weight", weight),
        people=None if people is None else _whole("people", people),
        zone=zones,
        zone_source=given.astype(np.int8),
        district=codes,
        districts=names,
        ids=None if ids is None else np.asarray(ids, dtype=np.str_),
    )


def encode_names(
    names: Sequence[str | None] | None, n: int
) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Return positions in the sorted distinct names, -1 for None, and those names."""
    if names is None:
        return np.full(n, -1, dtype=np.int32), ()
    distinct = sorted({name for name in names if name})
    position = {name: i for i, name in enumerate(distinct)}
    codes = [position[name] if name else -1 for name in names]
    return np.array(codes, dtype=np.int32), tuple(distinct)


def _whole(name: str, values: NDArray[np.generic]) -> Int64:
    numbers = np.asarray(values)
    whole = numbers.astype(np.int64)
    if numbers.dtype.kind == "f" and not np.array_equal(whole, numbers):
        raise ValueError(f"{name} has fractions; expected whole numbers.")
    return whole


def demand_from_grid(grid: PopulationGrid, *, visits_per_1000: float | None = None) -> Demand:
    """Return one point per inhabited cell, weighed by people or by the visits they ask for.

    Parameters
    ----------
    grid
        Inhabitants by cell.
    visits_per_1000
        Visits of the period per 1 000 inhabitants; None weighs by people.
    """
    lonlat, people = grid.inhabited_cells()
    count = _round_fairly(people)
    weight = count if visits_per_1000 is None else _round_fairly(people * visits_per_1000 / 1000.0)
    return make_demand(lonlat, weight, people=count)


def _round_fairly(values: Float64) -> Int64:
    """Round so that the total is kept: running sums are rounded, not values.

    Cells of a few tenths of a person each would all become nothing otherwise.
    """
    sums = np.floor(np.cumsum(values) + 0.5).astype(np.int64)
    return np.diff(sums, prepend=0)


def aggregate_visits(
    lonlat: Float64, amount: NDArray[np.generic] | None = None, *, cell_m: float = 250.0
) -> Demand:
    """Return a visit history as demand points: one per inhabited square, at its visits' center.

    Parameters
    ----------
    lonlat
        Shape (v, 2), one row per visit, degrees.
    amount
        Shape (v,), what a visit counts (revenue, say), whole numbers; None counts visits.
    cell_m
        Side of a square, meters.
    """
    points = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
    if len(points) == 0:
        return make_demand(points)
    worth = np.ones(len(points), np.int64) if amount is None else _whole("amount", amount)
    center = points.mean(axis=0)
    xy = to_local_m(points, *center)
    _, where = np.unique(np.floor(xy / cell_m), axis=0, return_inverse=True)
    where = where.reshape(-1)
    visits = np.bincount(where)
    middle = np.column_stack([np.bincount(where, weights=xy[:, i]) / visits for i in (0, 1)])
    weight = np.zeros(len(visits), dtype=np.int64)
    np.add.at(weight, where, worth)
    return make_demand(from_local_m(middle, *center), weight)


@dataclass(frozen=True)
class GrowthScenario:
    """How demand may grow until the network is built.

    Parameters
    ----------
    name
        Word for people.
    factor
        Growth of everything; 1.1 = ten percent more.
    by_zone
        Factor by zone (``urban`` ...), on top.
    by_district
        Factor by district name, on top.
    """

    name: str
    factor: float = 1.0
    by_zone: Mapping[str, float] | None = None
    by_district: Mapping[str, float] | None = None


def grow(demand: Demand, scenario: GrowthScenario) -> Demand:
    """Return the demand of a scenario; the total is rounded once, not every point.

    Raises
    ------
    ValueError
        If a zone or district is unknown or a factor is negative.
    """
    by_zone, by_district = scenario.by_zone or {}, scenario.by_district or {}
    unknown = sorted((set(by_zone) - set(ZONES)) | (set(by_district) - set(demand.districts)))
    if unknown:
        raise ValueError(f"scenario {scenario.name!r} names {unknown}, which nobody knows.")
    if min([scenario.factor, *by_zone.values(), *by_district.values()]) < 0:
        raise ValueError(f"scenario {scenario.name!r} has a negative factor.")
    factor = np.full(len(demand), scenario.factor)
    for name, share in by_zone.items():
        factor[demand.zone == ZONES.index(name)] *= share
    for name, share in by_district.items():
        factor[demand.district == demand.districts.index(name)] *= share
    people = None if demand.people is None else _round_fairly(demand.people * factor)
    return replace(demand, weight=_round_fairly(demand.weight * factor), people=people)
