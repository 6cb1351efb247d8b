"""Moments and seconds: the one place where a time of day becomes a number and back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dispatch.domain import Day, Outlet

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SECOND = timedelta(seconds=1)
_ONE_DAY = timedelta(hours=24)


def horizon_dates(day: Day) -> tuple[date, ...]:
    """Return the days of a horizon; one of at most 24 hours is one day, even past midnight."""
    if day.horizon_end - day.horizon_start <= _ONE_DAY:
        return (day.date,)
    last = (day.horizon_end - _SECOND).astimezone(ZoneInfo(day.zone)).date()
    count = max(1, (last - day.date).days + 1)
    return tuple(day.date + timedelta(days=number) for number in range(count))


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
        self.dates = horizon_dates(day)
        """Days of the horizon, in order; at least one."""
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
        """Return a second as local time for people: ``18:05``, ``18:05:30``.

        Where the horizon has several days the date comes first: ``03-02 18:05``.
        """
        moment = self.moment(second)
        clock = f"{moment:%H:%M}" if moment.second == 0 else f"{moment:%H:%M:%S}"
        return clock if len(self.dates) == 1 else f"{moment:%m-%d} {clock}"

    def day_of(self, second: int) -> date:
        """Return the day of the horizon that a second belongs to."""
        if len(self.dates) == 1:
            return self.dates[0]
        return min(max(self.moment(second).date(), self.dates[0]), self.dates[-1])

    def span(self, when: date) -> tuple[int, int]:
        """Return first and last second of a day of the horizon, both inclusive.

        The only day of a horizon is all of it; of several, each lasts from midnight to midnight.
        """
        if len(self.dates) == 1:
            return 0, self.horizon_end
        begin = self.ceil(self._local(when, time(0)))
        end = self.ceil(self._local(when + timedelta(days=1), time(0))) - 1
        return max(0, begin), min(end, self.horizon_end)

    def openings(self, outlet: Outlet, when: date) -> list[tuple[int, int]]:
        """Return the openings of an outlet on a day as (first, last second), in order.

        Empty if it has hours but none on that weekday; an outlet without any hours is open on the
        whole day.
        """
        if not outlet.opening_hours:
            return [self.span(when)]
        weekday = _WEEKDAYS[when.weekday()]
        return sorted(
            (
                self.ceil(self._local(when, entry.opens)),
                self.floor(self._local(when, entry.closes)),
            )
            for entry in outlet.opening_hours
            if entry.day == weekday
        )

    def find_hours(self, outlet: Outlet, when: date) -> tuple[int, int] | None:
        """Return first opening and last closing of an outlet on a day, seconds.

        None if it has hours but none on that weekday. An outlet without any hours is open as long
        as anything can happen: from the start of the horizon, or of a shift before it, to its end.
        """
        if not outlet.opening_hours:
            return 0, self.horizon_end
        openings = self.openings(outlet, when)
        if not openings:
            return None
        return openings[0][0], max(closes for _, closes in openings)

    def _local(self, when: date, moment: time) -> datetime:
        return datetime.combine(when, moment, tzinfo=self._zone)
