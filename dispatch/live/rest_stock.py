"""Parts that are left: what is on the vans, what outlets still have, when they are open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dispatch.domain import Day, OpeningHours, Outlet, PartNeed, Stock, Visit
from dispatch.domain.outlet import Weekday
from dispatch.live.state import LiveState, Outcome, Stop
from dispatch.planning.clock import Clock

_WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LAST = time(23, 59, 59)

Units = Counter[str]


def units(needs: Iterable[PartNeed]) -> Units:
    """Return units by part."""
    counted: Units = Counter()
    for need in needs:
        counted[need.part] += need.quantity
    return counted


class Gone:
    """What was used and picked up, or will be before anything can be decided.

    Parameters
    ----------
    state
        The day at a moment.
    fixed
        Stops ahead that are fixed, by technician.
    kept
        Visits contracted outlets have done or keep, as (visit, outlet).
    """

    def __init__(
        self,
        state: LiveState,
        fixed: Mapping[str, Iterable[Stop]],
        kept: Iterable[tuple[str, str]],
    ) -> None:
        self.visits: dict[str, Visit] = {visit.id: visit for visit in state.day.visits}
        self.used: dict[str, Units] = {}
        self.taken: dict[str, Units] = {}
        self.at_outlet: dict[str, Units] = {}
        for route in state.routes:
            for past in route.past:
                if past.outcome is Outcome.DONE:
                    self._note(route.technician, past.stop)
        for technician, stops in fixed.items():
            for stop in stops:
                self._note(technician, stop)
        for visit, outlet in kept:
            own = self.at_outlet.setdefault(outlet, Counter())
            own.update(units(self.visits[visit].parts))

    def _note(self, technician: str, stop: Stop) -> None:
        if stop.visit is not None and stop.crew <= 1:
            # A crew's parts are brought by its first technician.
            need = units(self.visits[stop.visit].parts)
            self.used.setdefault(technician, Counter()).update(need)
        elif stop.kind == "pickup" and stop.outlet is not None:
            picked = units(stop.parts)
            self.taken.setdefault(technician, Counter()).update(picked)
            self.at_outlet.setdefault(stop.outlet, Counter()).update(picked)


def van_left(stock: tuple[Stock, ...], used: Units, taken: Units) -> tuple[Stock, ...]:
    """Return what is on a van now: less what was used, plus what was picked up."""
    net = Counter({part: used[part] - taken[part] for part in used | taken})
    more = tuple(
        Stock(part=part, quantity=-count) for part, count in sorted(net.items()) if count < 0
    )
    return (*take(stock, net), *more)


def take(stock: tuple[Stock, ...], gone: Mapping[str, int]) -> tuple[Stock, ...]:
    """Return a stock without some units; those that came first go first."""
    left = {part: count for part, count in gone.items() if count > 0}
    if not left:
        return stock
    order = sorted(range(len(stock)), key=lambda i: (stock[i].available_on or date.min, i))
    quantity = [entry.quantity for entry in stock]
    for i in order:
        used = min(left.get(stock[i].part, 0), quantity[i])
        if used:
            quantity[i] -= used
            left[stock[i].part] -= used
    return tuple(
        entry if entry.quantity == count else entry.model_copy(update={"quantity": count})
        for entry, count in zip(stock, quantity, strict=True)
    )


def without_part(stock: tuple[Stock, ...], part: str) -> tuple[Stock, ...]:
    """Return a stock that has none of a part, whatever it was thought to have."""
    return tuple(
        entry.model_copy(update={"quantity": 0}) if entry.part == part else entry for entry in stock
    )


def outlets_left(state: LiveState, gone: Gone, kept: Counter[str]) -> tuple[Outlet, ...]:
    """Return the outlets as they are for the rest of the day.

    Parameters
    ----------
    kept
        How many visits each contracted outlet has done or keeps.
    """
    clock = Clock(state.day)
    lacking = [(lack.outlet, lack.part) for lack in state.lacks if lack.outlet is not None]
    left = []
    for outlet in state.day.outlets:
        update: dict[str, object] = {}
        stock = take(outlet.stock, gone.at_outlet.get(outlet.id, Counter()))
        for name, part in lacking:
            if name == outlet.id:
                stock = without_part(stock, part)
        if stock is not outlet.stock:
            update["stock"] = stock
        if outlet.capacity is not None and kept[outlet.id]:
            room = max(0, outlet.capacity.visits_per_day - kept[outlet.id])
            update["capacity"] = outlet.capacity.model_copy(update={"visits_per_day": room})
        if any(shut.outlet == outlet.id for shut in state.closures):
            update["opening_hours"] = hours_left(state, outlet, clock)
        left.append(outlet.model_copy(update=update) if update else outlet)
    return tuple(left)


def hours_left(state: LiveState, outlet: Outlet, clock: Clock) -> tuple[OpeningHours, ...]:
    """Return the hours of an outlet without its closures, for the days of the horizon.

    Both ends of hours are open, the end of a closure too; an outlet that is closed for good keeps
    hours on a weekday the horizon does not have.
    """
    zone = ZoneInfo(state.day.zone)
    shuts = [
        (shut.start.astimezone(zone), shut.end.astimezone(zone))
        for shut in state.closures
        if shut.outlet == outlet.id
    ]
    hours: list[OpeningHours] = []
    for when in _dates(clock, state.day):
        spans = [
            (_local(when, opens, zone), _local(when, closes, zone))
            for opens, closes in _own_hours(outlet, when)
        ]
        for shut in shuts:
            spans = [part for span in spans for part in _cut(span, shut)]
        hours += [
            OpeningHours(day=_WEEKDAYS[when.weekday()], opens=one.time(), closes=other.time())
            for one, other in spans
        ]
    if hours:
        return tuple(hours)
    used = {when.weekday() for when in _dates(clock, state.day)}
    free = next((number for number in range(7) if number not in used), 6)
    return (OpeningHours(day=_WEEKDAYS[free], opens=time(0), closes=time(0, 0, 1)),)


def _dates(clock: Clock, day: Day) -> tuple[date, ...]:
    """Return the days of the horizon, and the one a single day may run into after midnight."""
    if len(clock.dates) > 1:
        return clock.dates
    last = day.horizon_end.astimezone(ZoneInfo(day.zone)).date()
    return tuple(dict.fromkeys((*clock.dates, last)))


def _own_hours(outlet: Outlet, when: date) -> list[tuple[time, time]]:
    if not outlet.opening_hours:
        return [(time(0), _LAST)]
    weekday = _WEEKDAYS[when.weekday()]
    return [(one.opens, one.closes) for one in outlet.opening_hours if one.day == weekday]


def _local(when: date, moment: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(when, moment, tzinfo=zone)


def _cut(
    span: tuple[datetime, datetime], shut: tuple[datetime, datetime]
) -> Iterator[tuple[datetime, datetime]]:
    """Yield what a closure leaves of hours; at its end the outlet is open again."""
    if shut[1] <= span[0] or shut[0] > span[1]:
        yield span
        return
    if span[0] < shut[0]:
        yield span[0], shut[0] - timedelta(seconds=1)
    if shut[1] <= span[1]:
        yield shut[1], span[1]
