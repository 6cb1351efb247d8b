"""Solomon's vehicle routing instances with time windows as a day of after-sales service.

Format: M. M. Solomon, *Algorithms for the Vehicle Routing and Scheduling Problems with Time Window
Constraints*, Operations Research 35 (1987), as read by ``scenarios.instances.solomon``. Its plane
is laid around a center on earth so that a leg, estimated without a map, takes about as many units
of time as the file's distance. Loads become parts: a van carries its capacity of them and nobody
has more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from dispatch.domain import (
    Day,
    Outlet,
    PartNeed,
    Place,
    Promise,
    Shift,
    Stock,
    Technician,
    Visit,
)
from geo.estimated import DETOUR_FACTOR, SPEEDS_KMH
from geo.sphere import EARTH_RADIUS_M
from scenarios.errors import InstanceFormatError
from scenarios.instances.solomon import read_solomon
from scenarios.instances.vrptw import Vrptw

CENTER: Final = (121.47, 31.23)
"""Longitude and latitude where the depot is laid unless said otherwise."""
UNIT_S: Final = 60
"""Seconds per unit of the file unless said otherwise."""
LOAD: Final = "load"
"""Part that stands for a unit of load."""
LONGEST_S: Final = 7 * 24 * 3600
"""Times of a day fit into a week."""
WIDEST_M: Final = 250_000
"""Farther from the depot, places would be set aside as strays."""
_M_PER_DEGREE: Final = math.pi / 180 * EARTH_RADIUS_M


@dataclass(frozen=True)
class _Frame:
    """Where and when the units of a file are.

    Parameters
    ----------
    found
        The instance.
    center
        Longitude and latitude of the depot, degrees.
    unit_s
        Seconds per unit.
    base
        Moment of unit 0.
    zone
        Zone of the day.
    """

    found: Vrptw
    center: tuple[float, float]
    unit_s: int
    base: datetime
    zone: ZoneInfo

    @property
    def unit_m(self) -> float:
        """Straight meters that a car is estimated to need ``unit_s`` for."""
        return self.unit_s * SPEEDS_KMH["car"] / 3.6 / DETOUR_FACTOR

    def place(self, number: int) -> Place:
        east_m = (self.found.x[number] - self.found.x[0]) * self.unit_m
        north_m = (self.found.y[number] - self.found.y[0]) * self.unit_m
        lon, lat = self.center
        shrink = math.cos(math.radians(lat))
        return Place(lon=lon + east_m / (_M_PER_DEGREE * shrink), lat=lat + north_m / _M_PER_DEGREE)

    def at(self, unit: int) -> datetime:
        return (self.base + timedelta(seconds=unit * self.unit_s)).astimezone(self.zone)


def read_solomon_day(
    path: Path,
    *,
    on: date,
    zone: str = "Asia/Shanghai",
    center: tuple[float, float] = CENTER,
    unit_s: int = UNIT_S,
) -> Day:
    """Return the day of a Solomon (or Gehring-Homberger) file.

    The depot is an outlet, each vehicle a technician with one shift from its ready time to its due
    time, without overtime, and a van that carries the capacity as units of the part ``load``; a
    customer is a mandatory visit with one window and its demand as parts. Lost: windows are
    promises here, so lateness is priced and not impossible; vehicles are not minimized before
    everything else; distances are those of the sphere, rounded to seconds and meters.

    Parameters
    ----------
    path
        The file.
    on
        Date of unit 0, which is midnight.
    zone
        IANA zone of the day.
    center
        Longitude and latitude of the depot, degrees.
    unit_s
        Seconds per unit of time, which are also those of a unit of distance.

    Raises
    ------
    InstanceFormatError
        If the file is broken, its times do not fit into a week, or its places lie too far apart
        at this ``unit_s``.
    """
    found = read_solomon(path)
    base = datetime.combine(on, time(), ZoneInfo(zone)).astimezone(UTC)
    frame = _Frame(found, center, unit_s, base, ZoneInfo(zone))
    _check_size(frame, path.name)
    depot = Outlet(id="depot", name=found.name, place=frame.place(0))
    return Day(
        id=path.stem[:64].strip() or "solomon",
        date=on,
        zone=zone,
        horizon_start=frame.at(found.ready[0]),
        horizon_end=frame.at(max(found.due)),
        outlets=(depot,),
        technicians=tuple(_technician(frame, number) for number in range(1, found.vehicles + 1)),
        visits=tuple(_visit(frame, number) for number in range(1, found.customers + 1)),
    )


def _check_size(frame: _Frame, name: str) -> None:
    found = frame.found
    last_s = frame.unit_s * max(*found.due, *found.service)
    if last_s > LONGEST_S:
        shown = f"times up to {last_s} s at {frame.unit_s} s per unit"
        raise InstanceFormatError(name, 0, shown, "at most seven days; take fewer seconds per unit")
    offsets = (math.hypot(x - found.x[0], y - found.y[0]) for x, y in zip(found.x, found.y,
                                                                       strict=True))  # fmt: skip
    widest_m = max(offsets) * frame.unit_m
    if widest_m > WIDEST_M or abs(frame.center[1]) + widest_m / _M_PER_DEGREE > 85.0:
        shown = f"places up to {widest_m / 1000:.0f} km from the depot"
        raise InstanceFormatError(
            name, 0, shown, f"at most {WIDEST_M // 1000} km, and not at a pole"
        )


def _technician(frame: _Frame, number: int) -> Technician:
    found = frame.found
    return Technician(
        id=f"T{number}",
        outlet="depot",
        shifts=(Shift(start=frame.at(found.ready[0]), end=frame.at(found.due[0])),),
        max_overtime_s=0,
        van_stock=(Stock(part=LOAD, quantity=found.capacity),) if any(found.demand) else (),
    )


def _visit(frame: _Frame, number: int) -> Visit:
    found = frame.found
    demand = found.demand[number]
    window = Promise(earliest=frame.at(found.ready[number]), latest=frame.at(found.due[number]))
    return Visit(
        id=str(number),
        place=frame.place(number),
        promises=(window,),
        service_s=found.service[number] * frame.unit_s,
        parts=(PartNeed(part=LOAD, quantity=demand),) if demand else (),
    )
