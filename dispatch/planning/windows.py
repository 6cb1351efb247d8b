"""Promises as the solver's windows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dispatch.domain import Day, Priority, Told, Visit
from dispatch.planning.clock import Clock
from dispatch.standards import get_profile

OWED_ARRIVAL = "arrival"
"""Name of what an emergency without promises is owed (docs/semantics.md)."""


@dataclass(frozen=True, slots=True)
class WindowLine:
    """One promise a plan may choose; seconds since the horizon start.

    Attributes
    ----------
    name
        What the plan calls it; None for a visit that is owed nothing.
    earliest, latest, limit
        Never earlier; late after ``latest``; impossible after ``limit``. ``latest`` lies before
        ``earliest`` for an arrival pinned after the promise it is late for.
    """

    name: str | None
    earliest: int
    latest: int
    limit: int


def received_s(visit: Visit, clock: Clock) -> int:
    """Return when an emergency came in; 0 for others, or where the visit does not say."""
    if visit.priority is not Priority.EMERGENCY or visit.received_at is None:
        return 0
    return clock.ceil(visit.received_at)


def window_lines(day: Day, visit: Visit, clock: Clock) -> tuple[WindowLine, ...]:
    """Return the windows a plan may choose for a visit; empty if no arrival is possible at all.

    Ordered by earliest, latest as promised; the names follow that order.
    """
    received, end = received_s(visit, clock), clock.horizon_end
    named = _named(day, visit, clock, received)
    pinned = visit.pin.arrival if visit.pin is not None else None
    if pinned is not None:
        return _pinned(named, clock.floor(pinned), received, end)
    told = _not_before(day, visit, clock)
    lines = [
        WindowLine(
            line.name,
            max(line.earliest, received, min(told, line.latest, end)),
            min(line.latest, end),
            line.limit,
        )
        for line in named
    ]
    return tuple(line for line in lines if line.earliest <= end)


def told_until(told: Told, day: Day, clock: Clock) -> int:
    """Return the last second at which an arrival is not later than the customer was told."""
    return clock.floor(told.arrival) + day.settings.disturbed_free_s


def _not_before(day: Day, visit: Visit, clock: Clock) -> int:
    """Return the first second that is not too early for what the customer was told."""
    if visit.told is None:
        return 0
    return clock.floor(visit.told.arrival) - day.settings.disturbed_free_s


def _named(day: Day, visit: Visit, clock: Clock, received: int) -> tuple[WindowLine, ...]:
    """Return the promises as they were made."""
    end = clock.horizon_end
    if not visit.promises:
        if visit.priority is Priority.EMERGENCY:
            latest = received + get_profile(day.standards).emergency_arrival_s
            return (WindowLine(OWED_ARRIVAL, received, latest, end),)
        if not visit.days:
            return (WindowLine(None, 0, end, end),)
        return tuple(WindowLine(None, *s, s[1]) for s in _spans(visit, clock))
    spans = []
    stated = all(one.appointment is None or one.tolerance_min is not None for one in visit.promises)
    tolerance_min = 0 if stated else get_profile(day.standards).tolerance_min
    for promise in visit.promises:
        earliest, latest_moment = promise.window(tolerance_min)
        spans.append((clock.ceil(earliest), clock.floor(latest_moment), promise.id))
    spans.sort(key=lambda span: (span[0], span[1], span[2] or ""))
    lines = tuple(
        WindowLine(name or str(position), earliest, latest, end)
        for position, (earliest, latest, name) in enumerate(spans, start=1)
    )
    return _on_days(lines, visit, clock) if visit.days else lines


def _spans(visit: Visit, clock: Clock) -> list[tuple[int, int]]:
    """Return first and last second of the visit's days inside the horizon, in order."""
    return [clock.span(when) for when in sorted(set(visit.days)) if when in clock.dates]


def _on_days(lines: tuple[WindowLine, ...], visit: Visit, clock: Clock) -> tuple[WindowLine, ...]:
    """Keep the promises that touch a day of the visit; on a horizon of one day all or none."""
    spans = _spans(visit, clock)
    if len(clock.dates) == 1:
        return lines if spans else ()
    return tuple(
        line
        for line in lines
        if any(line.earliest <= last and line.latest >= first for first, last in spans)
    )


def may_be_on(visit: Visit, when: date) -> bool:
    """Return whether a visit may fall on a day; what is owed at once is not asked for days."""
    owed = visit.priority is Priority.EMERGENCY and not visit.promises
    return owed or not visit.days or when in visit.days


def _pinned(
    named: tuple[WindowLine, ...], moment: int, received: int, end: int
) -> tuple[WindowLine, ...]:
    """Return the one window of a pinned arrival: exactly then, named by the least lateness."""
    if not max(0, received) <= moment <= end or not named:
        return ()
    if all(line.name is None for line in named):
        # Any time of some days: the moment lies on one of them or is impossible.
        here = any(line.earliest <= moment <= line.limit for line in named)
        return (WindowLine(None, moment, moment, moment),) if here else ()
    opened = [line for line in named if line.earliest <= moment]
    if not opened:
        return (WindowLine(named[0].name, moment, moment, moment),)
    kindest = min(opened, key=lambda line: max(0, moment - line.latest))
    return (WindowLine(kindest.name, moment, min(kindest.latest, moment), moment),)
