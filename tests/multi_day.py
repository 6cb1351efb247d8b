"""Days of several dates for tests: moments by day number, shifts a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from dispatch.domain import Break, Day, Promise, Shift
from tests.days import MONDAY, at, tiny_day


def on(number: int, clock: str) -> datetime:
    """``on(1, "10:30")`` is that time on the Monday, ``on(2, ...)`` on the Tuesday after it."""
    return at(clock) + timedelta(days=number - 1)


def day_number(number: int) -> date:
    """Return the date of a day, 1 = the Monday."""
    return MONDAY + timedelta(days=number - 1)


def shift_on(number: int, start: str = "08:00", end: str = "18:00") -> Shift:
    """Return a shift on a day."""
    pauses: tuple[Break, ...] = ()
    return Shift(start=on(number, start), end=on(number, end), breaks=pauses)


def window_on(number: int, earliest: str, latest: str, name: str | None = None) -> Promise:
    """Promise an arrival between two times of a day."""
    return Promise(id=name, earliest=on(number, earliest), latest=on(number, latest))


def days_of(count: int, *args: Any, **fields: Any) -> Day:
    """Return ``tiny_day`` with a horizon from Monday 0:00 to midnight after ``count`` days."""
    ends = {"horizon_start": on(1, "00:00"), "horizon_end": on(count + 1, "00:00")}
    return tiny_day(*args, **{**ends, **fields})
