"""Working days and working hours: what "3 working days" and "in working hours" are counted by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from dispatch.domain.base import Model
from dispatch.domain.outlet import Weekday

_DAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SEARCHED_DAYS = 3700
"""Ten years; a calendar without a working day in them is refused when it is used."""


class WorkCalendar(Model):
    """When the network works.

    Attributes
    ----------
    zone
        IANA time zone of days and hours.
    weekdays
        Days that are worked.
    opens, closes
        Hours of a working day, local; ``closes`` 00:00 is the end of the day.
    holidays
        Not worked, whatever the weekday.
    extra_days
        Worked, whatever the weekday: days that make up for a holiday (调休).
    """

    zone: str = "Asia/Shanghai"
    weekdays: tuple[Weekday, ...] = Field(default=("mon", "tue", "wed", "thu", "fri"), min_length=1)
    opens: time = time(8)
    closes: time = time(18)
    holidays: frozenset[date] = frozenset()
    extra_days: frozenset[date] = frozenset()

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str) -> str:
        ZoneInfo(zone)
        return zone

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.closes != time(0) and self.closes <= self.opens:
            raise ValueError("the working day ends before it begins")
        return self

    def is_workday(self, day: date) -> bool:
        """Return whether a day is worked."""
        if day in self.extra_days:
            return True
        return day not in self.holidays and _DAYS[day.weekday()] in self.weekdays

    def _local(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, ZoneInfo(self.zone)).astimezone(UTC)

    def _spans(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield working spans that end after ``start``, in UTC.

        Raises
        ------
        ValueError
            If there is no working day within ten years.
        """
        first = start.astimezone(ZoneInfo(self.zone)).date()
        for number in range(_SEARCHED_DAYS):
            day = first + timedelta(days=number)
            if not self.is_workday(day):
                continue
            last = day + timedelta(days=1) if self.closes == time(0) else day
            span = self._local(day, self.opens), self._local(last, self.closes)
            if span[1] > start:
                yield span
        raise ValueError("the calendar has no working day within ten years")

    def end_of_workday(self, start: datetime, count: int) -> datetime:
        """Return the end (24:00 local) of the ``count``-th working day after the day of ``start``.

        The day on which a period begins is not counted and its last day ends at 24:00 (Civil Code
        of the PRC, articles 201 and 203).
        """
        day = start.astimezone(ZoneInfo(self.zone)).date()
        for number in range(1, _SEARCHED_DAYS):
            later = day + timedelta(days=number)
            count -= self.is_workday(later)
            if count == 0:
                return self._local(later + timedelta(days=1), time(0))
        raise ValueError("the calendar has too few working days within ten years")

    def add_working(self, start: datetime, seconds: int) -> datetime:
        """Return the moment at which ``seconds`` > 0 of working time have passed since ``start``.

        Raises
        ------
        ValueError
            If there is no working day within ten years.
        """
        rest = timedelta(seconds=seconds)
        for opens, closes in self._spans(start):
            begin = max(start, opens)
            if begin + rest <= closes:
                return begin + rest
            rest -= closes - begin
        raise AssertionError("spans end only by an error")

    def working_s(self, start: datetime, end: datetime) -> int:
        """Return whole seconds of working time between two moments, 0 if ``end`` is not later."""
        total = timedelta(0)
        if end <= start:
            return 0
        for opens, closes in self._spans(start):
            if opens >= end:
                break
            total += min(end, closes) - max(start, opens)
        return total // timedelta(seconds=1)
