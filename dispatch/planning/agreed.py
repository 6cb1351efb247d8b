"""What customers were told and who is out already, as the solver's optional feature."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from dispatch.domain import Day, Told
from dispatch.planning.clock import Clock
from dispatch.planning.objective import COST_SCALE, PER_MINUTE
from dispatch.planning.seats import Seat
from dispatch.planning.shifts import ShiftLine
from dispatch.planning.windows import told_until
from solver.routing.features import UNLIMITED, Agreed


def agreed(
    day: Day, seats: Sequence[Seat], lines: Sequence[ShiftLine], clock: Clock
) -> Agreed | None:
    """Return what was told of each seat, and who is out; None if nothing was and nobody is.

    Only the first of a crew counts. Another technician than the one told is a price of the pair
    (``assignment_cost``), coming earlier than told is ruled out by the windows.
    """
    told = [seat.visit.told if seat.member == 0 else None for seat in seats]
    if all(one is None for one in told) and not any(line.is_out for line in lines):
        return None
    numbers = {line.technician.id: line.number for line in lines}
    rate, order = day.prices.disturbed_eta_per_min, day.prices.disturbed_order
    rows = [_row(one, numbers.get(one.technician) if one else None, day, clock) for one in told]
    latest, person, rank = (np.array(column, dtype=np.int32) for column in _columns(rows))
    is_told = np.array([one is not None for one in told], dtype=np.int64)
    return Agreed(
        told_latest=latest,
        told_rate=is_told * (rate * PER_MINUTE),
        told_person=person,
        told_order=rank,
        order_cost=is_told * (order * COST_SCALE),
        vehicle_person=np.array([line.number for line in lines], dtype=np.int32),
        vehicle_out=np.array([line.is_out for line in lines], dtype=np.int32),
    )


_Row = tuple[int, int, int]


def _row(told: Told | None, person: int | None, day: Day, clock: Clock) -> _Row:
    if told is None:
        return UNLIMITED, UNLIMITED, 0
    who = UNLIMITED if person is None else person
    # Told for a moment before the horizon: late from its first second on.
    return max(0, told_until(told, day, clock)), who, told.order


def _columns(rows: Sequence[_Row]) -> Iterator[list[int]]:
    for position in range(3):
        yield [row[position] for row in rows]
