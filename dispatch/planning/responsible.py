"""Which outlet is responsible for a visit, and how far beyond its radius the visit lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dispatch.domain import Day, Outlet, Visit
from dispatch.domain.travel_table import NO_WAY, TravelTable
from dispatch.standards.radius import (
    EARTH_RADIUS_M,
    find_fixed_outlet,
    great_circle_m,
    service_radius_m,
)

Int64 = NDArray[np.int64]

_TIE_M = 1e-3
"""Outlets this close to equally far are compared once more, exactly."""


@dataclass(frozen=True, eq=False)
class Responsibility:
    """Responsible outlets of n visits, o outlets (by id).

    Attributes
    ----------
    outlets
        By id.
    fixed
        Shape (n,), the outlet that is responsible whoever comes; -1 where the technician's is.
    nearest
        Shape (n,), nearest outlet by straight line; -1 without outlets.
    beyond_m
        Shape (n, o), meters beyond each outlet's radius by the measure that decides.
    """

    outlets: tuple[Outlet, ...]
    fixed: Int64
    nearest: Int64
    beyond_m: Int64

    def outlet_of(self, visit: int, home: int) -> int:
        """Return the responsible outlet's index, -1 without outlets.

        Parameters
        ----------
        home
            Outlet of the technician (or the contracted outlet) who comes; -1 without one.
        """
        if self.fixed[visit] >= 0:
            return int(self.fixed[visit])
        return home if home >= 0 else int(self.nearest[visit])

    def beyond(self, visit: int, home: int) -> int:
        """Return meters beyond the radius of the responsible outlet; 0 without outlets."""
        outlet = self.outlet_of(visit, home)
        return 0 if outlet < 0 else int(self.beyond_m[visit, outlet])

    def by_home(self, homes: Int64) -> Int64:
        """Return meters beyond the radius, shape (n, len(homes)), for technicians' outlets."""
        n = len(self.fixed)
        if not self.outlets:
            return np.zeros((n, len(homes)), dtype=np.int64)
        rows = np.arange(n)
        nearest = self.beyond_m[rows, self.nearest][:, None]
        choices = np.hstack([self.beyond_m, nearest])  # home -1 picks the last column
        set_by_hand = self.fixed >= 0
        choices[set_by_hand] = self.beyond_m[rows, self.fixed][set_by_hand, None]
        picked: Int64 = choices[:, homes]
        return picked


def responsibility(day: Day, visits: Sequence[Visit], table: TravelTable) -> Responsibility:
    """Work out responsible outlets of ``visits`` (sorted by the caller)."""
    outlets = tuple(sorted(day.outlets, key=lambda o: o.id))
    index = {o.id: i for i, o in enumerate(outlets)}
    fixed = np.array(
        [index.get(find_fixed_outlet(outlets, v) or "", -1) for v in visits], dtype=np.int64
    )
    if not outlets:
        empty = np.zeros((len(visits), 0), dtype=np.int64)
        return Responsibility((), fixed, np.full(len(visits), -1, dtype=np.int64), empty)
    exact = _straight(visits, outlets)
    nearest = _nearest(visits, outlets, exact)
    straight = np.floor(exact + 0.5).astype(np.int64)
    measure = straight
    if day.settings.radius_measure == "road" and len(visits):
        road = _road(visits, outlets, table)
        measure = np.where(road == NO_WAY, straight, road)
    radius = _radii(day, visits, outlets)
    return Responsibility(outlets, fixed, nearest, np.maximum(0, measure - radius))


def _straight(visits: Sequence[Visit], outlets: Sequence[Outlet]) -> NDArray[np.float64]:
    """Shape (n, o), great circle in meters (haversine)."""
    at = np.radians(np.array([(v.place.lon, v.place.lat) for v in visits]).reshape(-1, 2))
    to = np.radians(np.array([(o.place.lon, o.place.lat) for o in outlets]).reshape(-1, 2))
    half = (to[None, :, :] - at[:, None, :]) / 2
    chord = np.sin(half[:, :, 1]) ** 2
    chord += np.cos(at[:, 1])[:, None] * np.cos(to[:, 1])[None, :] * np.sin(half[:, :, 0]) ** 2
    meters: NDArray[np.float64] = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(chord, 1.0)))
    return meters


def _nearest(
    visits: Sequence[Visit], outlets: Sequence[Outlet], meters: NDArray[np.float64]
) -> Int64:
    """Shape (n,): the nearest outlet; ties by id."""
    nearest = np.zeros(len(visits), dtype=np.int64)
    if len(visits) == 0:
        return nearest
    nearest[:] = meters.argmin(axis=1)
    close = meters <= meters.min(axis=1, keepdims=True) + _TIE_M
    for i in np.flatnonzero(close.sum(axis=1) > 1).tolist():
        # Array and scalar sines may differ in the last bit; between equals the scalar decides.
        far = [
            (great_circle_m(outlets[j].place, visits[i].place), j)
            for j in np.flatnonzero(close[i]).tolist()
        ]
        nearest[i] = min(far)[1]
    return nearest


def _road(visits: Sequence[Visit], outlets: Sequence[Outlet], table: TravelTable) -> Int64:
    rows = np.array([table.index(o.place) for o in outlets])
    columns = np.array([table.index(v.place) for v in visits])
    meters: Int64 = table.distances_m["car"][np.ix_(rows, columns)].T.astype(np.int64)
    return meters


def _radii(day: Day, visits: Sequence[Visit], outlets: Sequence[Outlet]) -> Int64:
    """Shape (n, o): few zones, so one look-up per (zone, outlet)."""
    radii = np.zeros((len(visits), len(outlets)), dtype=np.int64)
    by_zone: dict[str | None, list[int]] = {}
    for i, visit in enumerate(visits):
        by_zone.setdefault(visit.zone, []).append(i)
    for rows in by_zone.values():
        radii[rows] = [service_radius_m(day, outlet, visits[rows[0]]) for outlet in outlets]
    return radii
