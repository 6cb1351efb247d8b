"""Parts as the solver's arrays: needs of visits, vans, pick-up points, stocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from dispatch.domain import Day, Outlet, Stock, Visit
from dispatch.domain.travel_table import TravelTable
from dispatch.errors import Fault, InvalidRequest
from dispatch.planning.clock import Clock
from dispatch.planning.codes import PlanningFault
from dispatch.planning.contracted import Pool
from dispatch.planning.seats import Seat
from dispatch.planning.shifts import ShiftLine
from solver.routing.features import UNLIMITED, Parts

Int32 = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class PickupPoint:
    """One opening of an outlet and the units that are there by then.

    Attributes
    ----------
    earliest, latest
        Between which seconds the stop may begin, both inclusive.
    stock
        Row of the units it draws on.
    """

    outlet: Outlet
    earliest: int
    latest: int
    stock: int


@dataclass(frozen=True, eq=False)
class PartTable:
    """Parts of a day by index.

    Attributes
    ----------
    ids
        Part i of the problem, by id; those some visit needs.
    points
        Pick-up point i of the problem.
    arrays
        For the solver.
    """

    ids: tuple[str, ...]
    points: tuple[PickupPoint, ...]
    arrays: Parts


def part_table(
    day: Day,
    seats: Sequence[Seat],
    lines: Sequence[ShiftLine],
    pools: Sequence[Pool],
    *,
    table: TravelTable,
    clock: Clock,
) -> PartTable | None:
    """Return the parts of a day, None if no visit needs any.

    Raises
    ------
    InvalidRequest
        D7002 if a van's stock grows between two shifts of its technician.
    """
    ids = tuple(sorted({need.part for seat in seats for need in seat.visit.parts}))
    if not ids:
        return None
    rows: list[list[int]] = []
    points = tuple(_points(day, ids, clock, rows))
    needs = [_needs(seat, ids) for seat in seats]
    vans = _vans(lines, ids)
    arrays = Parts(
        need_offset=_int32(np.cumsum([0, *(len(pairs) for pairs in needs)]).tolist()),
        need_part=_int32([part for pairs in needs for part, _ in pairs]),
        need_quantity=_int32([quantity for pairs in needs for _, quantity in pairs]),
        is_used_up=np.ones(len(ids), dtype=np.int32),
        vehicle_van=_int32([line.number for line in lines]),
        van_stock=_matrix(vans, len(ids)),
        point_location=_int32([table.index(point.outlet.place) for point in points]),
        point_earliest=_int32([point.earliest for point in points]),
        point_latest=_int32([point.latest for point in points]),
        point_service_s=_int32([day.settings.pickup_s] * len(points)),
        point_stock=_int32([point.stock for point in points]),
        stock=_matrix(rows, len(ids)),
        pool_stock=_matrix([_pool_row(pool, ids, clock) for pool in pools], len(ids)),
    )
    return PartTable(ids, points, arrays)


def units_by(stock: Iterable[Stock], part: str, when: date) -> int:
    """Return the units of a part that are there on a day."""
    return sum(
        entry.quantity
        for entry in stock
        if entry.part == part and (entry.available_on is None or entry.available_on <= when)
    )


def pickup_outlets(day: Day) -> tuple[Outlet, ...]:
    """Return the outlets at which parts are picked up, by id: not those that serve themselves."""
    return tuple(sorted((o for o in day.outlets if o.capacity is None), key=lambda o: o.id))


def needed_units(visits: Iterable[Visit]) -> int:
    """Return how many units visits need, all parts together."""
    return sum(need.quantity for visit in visits for need in visit.parts)


def _needs(seat: Seat, ids: Sequence[str]) -> list[tuple[int, int]]:
    """Return (part, units) by part; a crew's parts are brought by its first technician."""
    if seat.member:
        return []
    return sorted((ids.index(need.part), need.quantity) for need in seat.visit.parts)


def _vans(lines: Sequence[ShiftLine], ids: Sequence[str]) -> list[list[int]]:
    """Return one row per technician: what is on the van at all of the technician's shifts."""
    vans: dict[int, list[int]] = {}
    for line in lines:
        stock = line.technician.van_stock
        row = [units_by(stock, part, line.date) for part in ids] if stock else [0] * len(ids)
        if vans.setdefault(line.number, row) != row:
            raise InvalidRequest([_growing_van(line)])
    return [vans[number] for number in sorted(vans)]


def _growing_van(line: ShiftLine) -> Fault:
    return Fault(
        PlanningFault.VAN_GROWS,
        f"technician {line.technician.id}",
        f"more parts on the van on {line.date.isoformat()} than on an earlier shift",
        "the same parts on the van at every shift of the horizon",
        "Enter parts on order as stock of an outlet; they can be picked up there.",
    )


def _points(
    day: Day, ids: Sequence[str], clock: Clock, rows: list[list[int]]
) -> Iterator[PickupPoint]:
    """Yield the points of each outlet by batch and opening; their stocks are added to ``rows``."""
    for outlet in pickup_outlets(day):
        for since, row in _batches(outlet.stock, ids, clock.dates):
            rows.append(row)
            for opens, closes in _openings(outlet, since, clock):
                begin, end = max(0, opens), min(closes, clock.horizon_end)
                if begin <= end:
                    yield PickupPoint(outlet, begin, end, len(rows) - 1)


def _openings(outlet: Outlet, since: date, clock: Clock) -> list[tuple[int, int]]:
    if not outlet.opening_hours:
        return [(clock.span(since)[0], clock.horizon_end)]
    days = [when for when in clock.dates if when >= since]
    return [opening for when in days for opening in clock.openings(outlet, when)]


def _batches(
    stock: Sequence[Stock], ids: Sequence[str], dates: Sequence[date]
) -> list[tuple[date, list[int]]]:
    """Return (first day of the horizon, units of each part) of what comes by the same day."""
    batches: dict[date, list[int]] = {}
    for entry in stock:
        since = max(entry.available_on or dates[0], dates[0])
        if entry.quantity and entry.part in ids and since <= dates[-1]:
            batches.setdefault(since, [0] * len(ids))[ids.index(entry.part)] += entry.quantity
    return sorted(batches.items())


def _pool_row(pool: Pool, ids: Sequence[str], clock: Clock) -> list[int]:
    """Return the units an outlet has for its own visits of a day.

    Its stock is shared out among the days of the horizon, each batch to the day it comes on, so
    that together they never use more than there is.
    """
    if not pool.outlet.stock:
        return [UNLIMITED] * len(ids)
    row = [0] * len(ids)
    for since, units in _batches(pool.outlet.stock, ids, clock.dates):
        if since == pool.day:
            row = units
    return row


def _int32(values: Sequence[int]) -> Int32:
    return np.array(values, dtype=np.int32)


def _matrix(rows: Sequence[Sequence[int]], width: int) -> Int32:
    return np.array(rows, dtype=np.int32).reshape(len(rows), width)
