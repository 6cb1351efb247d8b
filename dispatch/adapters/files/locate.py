"""Places of a raw day: addresses looked up, GCJ-02 converted, unusable ones set aside."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from dispatch.adapters.files.raw import RawDay
from dispatch.adapters.geocoder import Geocoder
from dispatch.domain.checks import Code, FaultList, show
from dispatch.domain.checks.places import SWAPPED_HINT, place_code
from dispatch.domain.checks.report import Path
from dispatch.errors import Severity
from geo.datum import gcj02_to_wgs84

_FIELDS = {"outlets": ("place",), "technicians": ("start", "end"), "visits": ("place",)}
_NOWHERE = {"lon": 0.0, "lat": 0.0}


@dataclass
class Locator:
    """Makes every place of a raw day a pair of WGS 84 coordinates.

    Parameters
    ----------
    raw
        The day; its places are changed.
    faults
        Gets what is wrong: quarantine for visits, errors for outlets and technicians.
    geocoder
        Finds addresses; None where there is none.
    """

    raw: RawDay
    faults: FaultList
    geocoder: Geocoder | None

    def run(self, datum: str) -> frozenset[int]:
        """Locate everything; return the positions of visits without a place.

        Parameters
        ----------
        datum
            ``wgs84`` or ``gcj02``: what the coordinates of the input are in.
        """
        placeless: set[int] = set()
        pairs: list[dict[str, Any]] = []
        for kind, index, item, path in self._fields():
            field = path[-1]
            place = item.get(field)
            if place is None and kind == "technicians":
                continue
            if place is not None and not isinstance(place, dict):
                continue
            if not self._locate(kind, index, item, path, pairs):
                item[field] = dict(_NOWHERE)
                if kind == "visits":
                    placeless.add(index)
                else:
                    self.raw.faulty[kind, index].add(path)
        if datum == "gcj02" and pairs:
            _convert(pairs)
        return frozenset(placeless)

    def _fields(self) -> Iterator[tuple[str, int, dict[Any, Any], Path]]:
        """Yield kind, position, the object that holds the place, and the path of the place."""
        for kind, fields in _FIELDS.items():
            for index, item in enumerate(self.raw.items[kind]):
                if isinstance(item, dict):
                    for field in fields:
                        yield kind, index, item, (field,)
                    for number, shift in enumerate(_list(item.get("shifts"))):
                        if kind == "technicians" and isinstance(shift, dict):
                            yield kind, index, shift, ("shifts", number, "out_at")

    def _locate(
        self, kind: str, index: int, item: dict[Any, Any], path: Path, pairs: list[dict[str, Any]]
    ) -> bool:
        """Return whether the place has coordinates now, or a fault that building it will report."""
        place = item.get(path[-1]) or {}
        lon, lat = place.get("lon"), place.get("lat")
        if lon is None and lat is None:
            broken = {(*path, "lon"), (*path, "lat")} & self.raw.faulty[kind, index]
            return bool(broken) or self._geocode(kind, index, item, path)
        if lon is None or lat is None:
            broken = {(*path, "lon"), (*path, "lat")} & self.raw.faulty[kind, index]
            if not broken:
                self._report_half(kind, index, path, place)
            return bool(broken)
        if not (_is_number(lon) and _is_number(lat)):
            return True
        if 90 < abs(lat) <= 180 and abs(lon) <= 90:
            self._report_swapped(kind, index, (*path, "lat"), place)
            return False
        if abs(lat) <= 90 and abs(lon) <= 180 and not lon == lat == 0:
            pairs.append(place)
        return True

    def _geocode(self, kind: str, index: int, item: dict[Any, Any], path: Path) -> bool:
        field = path[-1]
        place = item.get(field) or {}
        address = place.get("address")
        if not isinstance(address, str) or not address.strip():
            self._report(
                kind,
                index,
                path,
                Code.PLACE_MISSING,
                found="neither coordinates nor an address",
                expected="longitude and latitude, or an address",
            )
            return False
        found = list(self.geocoder.find(address)) if self.geocoder is not None else []
        district = item.get("district")
        if len(found) > 1 and isinstance(district, str):
            found = [entry for entry in found if entry.district == district] or found
        if len(found) == 1:
            item[field] = {**place, "lon": float(found[0].lon), "lat": float(found[0].lat)}
            return True
        self._report_address(kind, index, (*path, "address"), address, len(found))
        return False

    def _report_address(self, kind: str, index: int, path: Path, address: str, count: int) -> None:
        if count:
            self._report(
                kind,
                index,
                path,
                Code.ADDRESS_AMBIGUOUS,
                found=f"{show(address)}, which names {count} places",
                expected="an address that names one place",
                hint="Add the district, or give coordinates.",
            )
            return
        hint = "Correct the address, or give coordinates."
        if self.geocoder is None:
            hint = "There is no gazetteer to look it up in; give one, or coordinates."
        self._report(
            kind,
            index,
            path,
            Code.ADDRESS_UNKNOWN,
            found=show(address),
            expected="an address that is known",
            hint=hint,
        )

    def _report_half(self, kind: str, index: int, path: Path, place: dict[str, Any]) -> None:
        only = "longitude" if place.get("lat") is None else "latitude"
        self._report(
            kind,
            index,
            path,
            Code.PLACE_MISSING,
            found=f"only a {only}",
            expected="both longitude and latitude",
        )

    def _report_swapped(self, kind: str, index: int, path: Path, place: dict[str, Any]) -> None:
        self._report(
            kind,
            index,
            path,
            Code.PLACE_SWAPPED,
            found=f"longitude {place['lon']:g}, latitude {place['lat']:g}",
            expected="a latitude between -90 and 90",
            hint=SWAPPED_HINT,
        )

    def _report(
        self,
        kind: str,
        index: int,
        path: Path,
        code: Code,
        *,
        found: str,
        expected: str,
        hint: str = "",
    ) -> None:
        visit = self.raw.items[kind][index].get("id") if kind == "visits" else None
        self.faults.add(
            place_code(kind, code),
            self.raw.where(kind, index, path),
            found,
            expected,
            hint,
            severity=Severity.QUARANTINE if kind == "visits" else Severity.ERROR,
            visit=visit if isinstance(visit, str) else None,
        )


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _convert(pairs: list[dict[str, Any]]) -> None:
    lon, lat = gcj02_to_wgs84(
        np.array([place["lon"] for place in pairs], dtype=np.float64),
        np.array([place["lat"] for place in pairs], dtype=np.float64),
    )
    for place, x, y in zip(pairs, lon, lat, strict=True):
        place["lon"], place["lat"] = float(x), float(y)
