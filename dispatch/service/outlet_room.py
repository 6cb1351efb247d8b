"""What outlets have left for a decision made for an earlier moment: stock, capacity, open doors.

Two decisions may change different routes and still want the same pump.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from dispatch.domain import Outlet, PartNeed, Visit
from dispatch.domain.decision import Decided, GivenStop
from dispatch.domain.disruption import OutletClosed
from dispatch.domain.event import Event
from dispatch.errors import Conflict
from dispatch.live.rest_stock import Units, units, without_part
from dispatch.live.state import LiveRoute, LiveState, Outcome, Stop
from dispatch.service.codes import DeskCode, conflict

_Draws = list[tuple[date, Units]]


def check_outlets(
    state: LiveState, fact: Decided, since: Sequence[Event], new: Iterable[Visit] = ()
) -> None:
    """Refuse a decision that wants of an outlet what is not there any more.

    Only what the decision adds counts: an outlet that gives out too much without it is a danger
    for people to see, not a reason to refuse what has nothing to do with it.

    Parameters
    ----------
    state
        The day as it stands.
    fact
        The decision as it reads now.
    since
        What happened since it was made.
    new
        Visits that come into the day with it.

    Raises
    ------
    Conflict
        D9503: the stock is short, the contracted outlet has no room, or the outlet was closed.
    """
    gives = {one.visit: one.outlet for one in fact.contracted if one.outlet is not None}
    picks = {stop.outlet for given in fact.routes for stop in given.stops if stop.outlet}
    if not gives and not picks:
        return
    before = _Given(state, None, new)
    after = _Given(state, fact, new)
    shut = {event.what.outlet: event for event in since if isinstance(event.what, OutletClosed)}
    for outlet in state.day.outlets:
        if outlet.id not in {*gives.values(), *picks}:
            continue
        more = len(after.served(outlet.id)) > len(before.served(outlet.id))
        more |= sum(map(_count, after.draws(outlet))) > sum(map(_count, before.draws(outlet)))
        if more and outlet.id in shut:
            raise _refused(outlet.id, "closed since", "an outlet that is open", shut[outlet.id])
        if all(waiver.rule != "contracted_full" for waiver in fact.waivers):
            _check_room(outlet, before, after, since)
        _check_stock(state, outlet, (before.draws(outlet), after.draws(outlet)), since)


class _Given:
    """What outlets gave and will give, with a decision or (None) without one."""

    def __init__(self, state: LiveState, fact: Decided | None, new: Iterable[Visit]) -> None:
        self._visits = {visit.id: visit for visit in (*state.day.visits, *new)}
        self._zone = ZoneInfo(state.day.zone)
        self._shifts = {one.id: one.shifts for one in state.day.technicians}
        given = {} if fact is None else {(r.technician, r.shift): r.stops for r in fact.routes}
        self._routes = [
            (route, given.get((route.technician, route.shift), route.ahead))
            for route in state.routes
        ]
        now = dict(state.contracted) | dict(state.contracted_done)
        for one in () if fact is None else fact.contracted:
            now.pop(one.visit, None)
            if one.outlet is not None:
                now[one.visit] = one.outlet
        self._contracted: Mapping[str, str] = now
        self.dates = sorted({self._date(route) for route, _ in self._routes})

    def _date(self, route: LiveRoute) -> date:
        start = self._shifts[route.technician][route.shift].start
        return start.astimezone(self._zone).date()

    def served(self, outlet: str) -> list[str]:
        """Return the visits a contracted outlet has, done ones included."""
        return [visit for visit, name in self._contracted.items() if name == outlet]

    def draws(self, outlet: Outlet) -> _Draws:
        """Return the parts an outlet gives out, by day."""
        found: _Draws = []
        for route, ahead in self._routes:
            past = [one.stop for one in route.past if one.outcome is Outcome.DONE]
            parts = [*_picked(outlet.id, past), *_picked(outlet.id, ahead)]
            if parts:
                found.append((self._date(route), units(parts)))
        # A contracted outlet that lists no stock brings what it needs.
        if outlet.stock and self.dates:
            needs = [n for name in self.served(outlet.id) for n in self._visits[name].parts]
            if needs:
                found.append((self.dates[-1], units(needs)))
        return found


def _picked(outlet: str, stops: Iterable[Stop | GivenStop]) -> Iterator[PartNeed]:
    for stop in stops:
        if stop.kind == "pickup" and stop.outlet == outlet:
            yield from stop.parts


def _count(draw: tuple[date, Units]) -> int:
    return draw[1].total()


def _check_room(outlet: Outlet, before: _Given, after: _Given, since: Sequence[Event]) -> None:
    if outlet.capacity is None:
        return
    had, has = len(before.served(outlet.id)), len(after.served(outlet.id))
    room = outlet.capacity.visits_per_day * max(1, len(after.dates))
    if has > room and has > had:
        expected = f"at most {room}"
        raise _refused(outlet.id, f"{has} visits", expected, since[-1] if since else None)


def _check_stock(
    state: LiveState, outlet: Outlet, draws: tuple[_Draws, _Draws], since: Sequence[Event]
) -> None:
    stock = outlet.stock
    for lack in state.lacks:
        if lack.outlet == outlet.id:
            stock = without_part(stock, lack.part)
    for day in sorted({day for day, _ in draws[1]}):
        there = Counter[str]()
        for entry in stock:
            if entry.available_on is None or entry.available_on <= day:
                there[entry.part] += entry.quantity
        was, gone = (_until(day, one) for one in draws)
        for part in sorted(gone):
            if gone[part] > there[part] and gone[part] > was[part]:
                expected = f"at most {there[part]}"
                last = since[-1] if since else None
                raise _refused(outlet.id, f"{gone[part]} of {part} wanted", expected, last)


def _until(day: date, draws: _Draws) -> Units:
    total: Units = Counter()
    for when, parts in draws:
        if when <= day:
            total += parts
    return total


def _refused(outlet: str, found: str, expected: str, last: Event | None) -> Conflict:
    by = "" if last is None else f", last event {last.sequence} ({last.what.kind}) by {last.by}"
    hint = "Ask for the options again."
    return conflict(DeskCode.TAKEN, f"outlet {outlet}", f"{found}{by}", expected, hint)
