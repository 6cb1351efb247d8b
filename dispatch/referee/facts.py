"""The raw day, indexed: what the referee looks up again and again.

Times are whole seconds since the horizon start.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dispatch.domain import Day, Outlet, Place, Shift, Technician, Visit
from dispatch.domain.travel_table import TravelTable

if TYPE_CHECKING:  # promises are read by the facts of a day
    from dispatch.referee.promises import Owed

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of an outlet on one day; ``open`` is False on a day without hours.

    ``opens`` and ``closes`` are None for an outlet that never closes; ``openings`` has each
    opening of the day by itself.
    """

    open: bool
    opens: int | None = None
    closes: int | None = None
    openings: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """Bounds of one shift.

    Attributes
    ----------
    shift_start
        Nothing of the technician happens before it.
    leaves_from
        Earliest departure: the shift start, or when the outlet left from opens.
    ends_by
        Overtime begins here: the shift end, or when the outlet returned to closes.
    works
        False if the outlet is closed on the day of the shift.
    date
        The day of the shift.
    """

    shift_start: int
    leaves_from: int
    ends_by: int
    works: bool
    date: date


@dataclass(frozen=True)
class Facts:
    """A day with its indices.

    Parameters
    ----------
    day
        The raw day.
    travel
        The travel table; only what cannot be helped where somebody is out already is read here.
    """

    day: Day
    travel: TravelTable | None = None
    _hours: dict[tuple[str, date], Hours] = field(default_factory=dict, repr=False)
    owed: dict[str, tuple[Owed, ...]] = field(default_factory=dict, repr=False)
    """What plans may choose for visits of the day; filled by `dispatch.referee.promises.owed`."""

    @cached_property
    def visits(self) -> dict[str, Visit]:
        """Visits by id."""
        return {visit.id: visit for visit in self.day.visits}

    @cached_property
    def technicians(self) -> dict[str, Technician]:
        """Technicians by id."""
        return {technician.id: technician for technician in self.day.technicians}

    @cached_property
    def outlets(self) -> dict[str, Outlet]:
        """Outlets by id, in the order of ids."""
        return {outlet.id: outlet for outlet in sorted(self.day.outlets, key=lambda o: o.id)}

    @cached_property
    def awaited(self) -> frozenset[str]:
        """Visits another one comes after."""
        return frozenset(link.after for visit in self.day.visits for link in visit.links)

    @cached_property
    def horizon_end(self) -> int:
        """Latest arrival and latest return, seconds."""
        return self.floor_second(self.day.horizon_end)

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """Days of the horizon; one of at most 24 hours is one day, even past midnight."""
        first = self.day.date
        if self.day.horizon_end - self.day.horizon_start <= timedelta(hours=24):
            return (first,)
        last = self.moment(self.horizon_end - 1).date()
        return tuple(first + timedelta(days=n) for n in range(max(0, (last - first).days) + 1))

    def date_of(self, second: int) -> date:
        """Return the day of the horizon a second belongs to."""
        if len(self.dates) == 1:
            return self.dates[0]
        return max(self.dates[0], min(self.dates[-1], self.moment(second).date()))

    def span_of(self, day: date) -> tuple[int, int]:
        """Return the first and the last second of a day; empty for one outside the horizon."""
        if day not in self.dates:
            return 1, 0
        if len(self.dates) == 1:
            return 0, self.horizon_end
        following = day + timedelta(days=1)
        last = min(self.horizon_end, self._local(following, time()) - 1)
        return max(0, self._local(day, time())), last

    def floor_second(self, moment: datetime) -> int:
        """Return whole seconds since the horizon start, rounded down."""
        return (moment - self.day.horizon_start) // _SECOND

    def ceil_second(self, moment: datetime) -> int:
        """Return whole seconds since the horizon start, rounded up (lower bounds)."""
        return -((self.day.horizon_start - moment) // _SECOND)

    def is_whole(self, moment: datetime) -> bool:
        """Return whether a moment is on a whole second."""
        return self.floor_second(moment) == self.ceil_second(moment)

    def moment(self, second: int) -> datetime:
        """Return the moment of a second, in the zone of the day."""
        return (self.day.horizon_start + second * _SECOND).astimezone(ZoneInfo(self.day.zone))

    def clock(self, second: int) -> str:
        """Return a second as local time of day, for texts."""
        return self.moment(second).isoformat()

    def hours(self, outlet: Outlet, day: date) -> Hours:
        """Return the hours of an outlet on a day: first opening to last closing."""
        key = (outlet.id, day)
        if key not in self._hours:
            self._hours[key] = self._hours_of(outlet, day)
        return self._hours[key]

    def _hours_of(self, outlet: Outlet, day: date) -> Hours:
        if not outlet.opening_hours:
            return Hours(open=True)
        weekday = _WEEKDAYS[day.weekday()]
        today = [hours for hours in outlet.opening_hours if hours.day == weekday]
        if not today:
            return Hours(open=False)
        spans = [(self._local(day, hours.opens), self._local(day, hours.closes)) for hours in today]
        opens, closes = min(span[0] for span in spans), max(span[1] for span in spans)
        return Hours(open=True, opens=opens, closes=closes, openings=tuple(sorted(spans)))

    def _local(self, day: date, moment: time) -> int:
        zone = ZoneInfo(self.day.zone)
        return self.floor_second(datetime.combine(day, moment, tzinfo=zone))

    def start_place(self, technician: Technician, shift: Shift | None = None) -> Place | None:
        """Return where a shift of the technician begins, None if the day does not say."""
        if shift is not None and shift.out_at is not None:
            return shift.out_at
        return technician.start or self._outlet_place(technician)

    def end_place(self, technician: Technician) -> Place | None:
        """Return where the technician returns to, None if the day does not say."""
        return technician.end or self._outlet_place(technician)

    def _outlet_place(self, technician: Technician) -> Place | None:
        outlet = self.home(technician)
        return outlet.place if outlet else None

    def home(self, technician: Technician) -> Outlet | None:
        """Return the technician's outlet, None without one."""
        return self.outlets.get(technician.outlet) if technician.outlet else None

    def shift_date(self, shift: Shift) -> date:
        """Return the day of a shift: that of its start, the first one if it began before."""
        return self.date_of(max(0, self.ceil_second(shift.start)))

    def working_time(self, technician: Technician, shift: Shift) -> WorkingTime:
        """Return the bounds of one shift, outlet hours included."""
        start = max(0, self.ceil_second(shift.start))
        leaves, ends, works = start, self.floor_second(shift.end), True
        outlet, day = self.home(technician), self.shift_date(shift)
        at_start, at_end = technician.start is None, technician.end is None
        is_out = shift.out_at is not None
        if outlet is not None and (at_start or at_end):
            hours = self.hours(outlet, day)
            works = hours.open or is_out
            if at_start and not is_out and hours.opens is not None:
                leaves = max(leaves, hours.opens)
            if at_end and hours.closes is not None:
                ends = min(ends, hours.closes)
        return WorkingTime(start, leaves, ends, works, day)
