"""A district's day for load on the service: one outlet, technicians, visits around it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from dispatch.domain import Break, Customer, Day, Outlet, Place, Promise, Shift, Technician, Visit

CENTER: Final = (114.3055, 30.5928)
SPREAD_DEG: Final = 0.08
"""About 8 km to each side."""
SHIFT_H: Final = 9


def make_district(name: str, size: tuple[int, int], seed: int, begins: datetime) -> Day:
    """Return a day.

    Parameters
    ----------
    size
        Technicians, visits for each.
    begins
        Start of every shift, to the hour.
    """
    technicians, visits = size
    chance = np.random.default_rng(seed)
    begins = begins.astimezone(UTC)

    def place(number: int) -> Place:
        lon, lat = np.asarray(CENTER) + chance.uniform(-SPREAD_DEG, SPREAD_DEG, 2)
        return Place(lon=round(float(lon), 5), lat=round(float(lat), 5), address=f"Road {number}")

    def visit(number: int) -> Visit:
        promises: tuple[Promise, ...] = ()
        if number % 2:
            opens = begins + timedelta(hours=int(chance.integers(0, SHIFT_H - 2)))
            promises = (Promise(earliest=opens, latest=opens + timedelta(hours=2)),)
        person = Customer(name=f"Customer {number}", phone=f"1380000{number:04d}")
        return Visit(
            id=f"V{number}", place=place(number), service_s=int(chance.integers(20, 50)) * 60,
            promises=promises, customer=person,
        )  # fmt: skip

    noon = begins + timedelta(hours=4)
    pause = Break(earliest=noon, latest=noon + timedelta(hours=1), duration_s=1800)
    shift = Shift(start=begins, end=begins + timedelta(hours=SHIFT_H), breaks=(pause,))
    return Day(
        id=name, date=begins.date(), zone="UTC", horizon_start=begins - timedelta(hours=1),
        horizon_end=begins + timedelta(hours=SHIFT_H + 3),
        outlets=(Outlet(id="O1", place=Place(lon=CENTER[0], lat=CENTER[1])),),
        technicians=tuple(
            Technician(id=f"T{n}", outlet="O1", shifts=(shift,)) for n in range(technicians)
        ),
        visits=tuple(visit(number) for number in range(technicians * visits)),
    )  # fmt: skip
