"""Places that cannot be right: (0, 0), swapped coordinates, far from everything else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dispatch.domain.checks.codes import Code
from dispatch.domain.checks.report import DayParts, Path
from dispatch.domain.place import Place
from dispatch.errors import Severity

FAR_M = 300_000.0
"""A place farther than this from the median of all places is not believed."""
EARTH_RADIUS_M = 6_371_008.8
"""Mean radius R1 of the WGS 84 ellipsoid (IUGG), meters."""
SWAPPED_HINT = "Maybe longitude and latitude are swapped."
LEAST_PLACES = 3
"""With fewer places nobody can say which one is the stray."""

Float64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Spot:
    kind: str
    index: int
    path: Path
    place: Place
    visit: str | None


def check_places(parts: DayParts) -> None:
    """Report places that cannot be right.

    A visit at such a place is quarantined; an outlet or a technician there is an error. The
    median is taken by component over all places that are not (0, 0); longitudes are unrolled
    where a day straddles the date line.
    """
    spots = list(_spots(parts))
    lonlat = np.array([(s.place.lon, s.place.lat) for s in spots], dtype=np.float64)
    if not spots:
        return
    zero = (lonlat[:, 0] == 0.0) & (lonlat[:, 1] == 0.0)
    for number in np.flatnonzero(zero):
        _report_zero(parts, spots[number])
    rest = np.flatnonzero(~zero)
    if rest.size < LEAST_PLACES:
        return
    center = _median(lonlat[rest])
    away = great_circle_m(lonlat[rest], center)
    swapped = great_circle_m(lonlat[rest][:, ::-1], center)
    # An unswapped latitude above 90 degrees is no point on earth, so its distance says nothing.
    swapped[np.abs(lonlat[rest, 0]) > 90.0] = np.inf
    for row in np.flatnonzero(away > FAR_M):
        _report_far(parts, spots[rest[row]], float(away[row]), float(swapped[row]))


def great_circle_m(lonlat: Float64, center: Float64) -> Float64:
    """Return haversine distances to one point.

    Parameters
    ----------
    lonlat
        Shape (m, 2), degrees, longitude first.
    center
        Shape (2,), degrees.

    Returns
    -------
    Shape (m,), meters on the sphere of radius ``EARTH_RADIUS_M``.
    """
    lon, lat = np.radians(lonlat[:, 0]), np.radians(lonlat[:, 1])
    lon0, lat0 = np.radians(center)
    h = np.sin((lat - lat0) / 2) ** 2 + np.cos(lat) * np.cos(lat0) * np.sin((lon - lon0) / 2) ** 2
    distance: Float64 = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(h, 0.0, 1.0)))
    return distance


def _median(lonlat: Float64) -> Float64:
    lon = lonlat[:, 0]
    if lon.max() - lon.min() > 180.0:
        lon = np.where(lon < 0.0, lon + 360.0, lon)
    return np.array([np.median(lon), np.median(lonlat[:, 1])], dtype=np.float64)


def _spots(parts: DayParts) -> Iterator[_Spot]:
    for index, outlet in parts.outlets:
        yield _Spot("outlets", index, ("place",), outlet.place, None)
    for index, technician in parts.technicians:
        if technician.start is not None:
            yield _Spot("technicians", index, ("start",), technician.start, None)
        if technician.end is not None:
            yield _Spot("technicians", index, ("end",), technician.end, None)
        for number, shift in enumerate(technician.shifts):
            if shift.out_at is not None:
                path: Path = ("shifts", number, "out_at")
                yield _Spot("technicians", index, path, shift.out_at, None)
    for index, visit in parts.visits:
        if index not in parts.placeless:
            yield _Spot("visits", index, ("place",), visit.place, visit.id)


def place_code(kind: str, visit_code: Code) -> Code:
    """Return the code of a bad place: one for outlets, one for technicians, several for visits."""
    return {"outlets": Code.OUTLET_PLACE, "technicians": Code.TECHNICIAN_PLACE}.get(
        kind, visit_code
    )


def _report_zero(parts: DayParts, spot: _Spot) -> None:
    _report(parts, spot, Code.PLACE_ZERO, "a place near the others", "Give the real coordinates.")


def _report_far(parts: DayParts, spot: _Spot, away_m: float, swapped_m: float) -> None:
    swapped = swapped_m <= FAR_M
    _report(
        parts,
        spot,
        Code.PLACE_SWAPPED if swapped else Code.PLACE_FAR,
        f"a place within {FAR_M / 1000:.0f} km of the others; "
        f"this one is {away_m / 1000:.0f} km off",
        SWAPPED_HINT if swapped else "Check the coordinates.",
    )


def _report(parts: DayParts, spot: _Spot, code: Code, expected: str, hint: str) -> None:
    field = "lat" if code is Code.PLACE_SWAPPED else "lon"
    parts.faults.add(
        place_code(spot.kind, code),
        parts.where(spot.kind, spot.index, (*spot.path, field)),
        f"longitude {spot.place.lon:g}, latitude {spot.place.lat:g}",
        expected,
        hint,
        severity=Severity.ERROR if spot.visit is None else Severity.QUARANTINE,
        visit=spot.visit,
    )
