"""Moments and seconds: the one place where a time of day becomes a number and back."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from dispatch.domain import Day, Outlet

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SECOND = timedelta(seconds=1)


class Clock:
    """Whole seconds since the start of a day's horizon.

    Parameters
    ----------
    day
        The day; only its horizon, date and zone are read.
    """

    def __init__(self, day: Day) -> None:
        self._start = day.horizon_start
        self._zone = ZoneInfo(day.zone)
        self._date = day.date
        self.horizon_end = self.floor(day.horizon_end)
        """Latest arrival and latest return, seconds."""

    def floor(self, moment: datetime) -> int:
        """Return the second of a moment, rounded down: for what ends something."""
        return (moment - self._start) // _SECOND

    def ceil(self, moment: datetime) -> int:
        """Return the second of a moment, rounded up: for what begins something."""
        return -((self._start - moment) // _SECOND)

    def moment(self, second: int) -> datetime:
        """Return the moment of a second, in the zone of the day."""
        return (self._start + second * _SECOND).astimezone(self._zone)

    def text(self, second: int) -> str:
        """Return a second as local time of day for people, ``18:05`` or ``18:05:30``."""
        moment = self.moment(second)
        return f"{moment:%H:%M}" if moment.second == 0 else f"{moment:%H:%M:%S}"

    def find_hours(self, outlet: Outlet) -> tuple[int, int] | None:
        """Return first opening and last closing of an outlet on the day, seconds.

        None if it has hours but none on this weekday. An outlet without any hours is open as long
        as anything can happen: from the start of the horizon, or of a shift before it, to its end.
        """
        if not outlet.opening_hours:
            return 0, self.horizon_end
        weekday = _WEEKDAYS[self._date.weekday()]
        today = [entry for entry in outlet.opening_hours if entry.day == weekday]
        if not today:
            return None
        opens = min(entry.opens for entry in today)
        closes = max(entry.closes for entry in today)
        return self.ceil(self._local(opens)), self.floor(self._local(closes))

    def _local(self, moment: time) -> datetime:
        return datetime.combine(self._date, moment, tzinfo=self._zone)
