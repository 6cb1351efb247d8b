"""Technicians' shifts as the solver's vehicles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from dispatch.domain import Day, Outlet, Place, Shift, Technician
from dispatch.planning.clock import Clock
from dispatch.planning.places import get_ends


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """One shift of one technician; seconds since the horizon start.

    Attributes
    ----------
    technician, shift
        Who, and the shift's position in the technician's own list.
    number
        Position of the technician among all, by id.
    date
        The day the shift belongs to.
    works
        False if the outlet the technician leaves from or returns to is closed that day.
    earliest, latest
        Leaves no earlier; overtime begins after ``latest``. Outlet hours included.
    overtime_s
        How long after ``latest`` the end place may be reached: the technician's limit, bounded by
        the horizon and the technician's next shift.
    breaks
        (earliest start, latest start, duration) of breaks that are not waived, in order.
    rests
        (start, end) of breaks that are over before the outlet opens; taken at the start place,
        free, and no concern of the search.
    """

    technician: Technician
    shift: int
    number: int
    date: date
    start: Place
    end: Place
    works: bool
    earliest: int
    latest: int
    overtime_s: int
    breaks: tuple[tuple[int, int, int], ...]
    rests: tuple[tuple[int, int], ...]


def shift_lines(day: Day, clock: Clock) -> tuple[ShiftLine, ...]:
    """Return every shift by technician id and time."""
    outlets = {o.id: o for o in day.outlets}
    lines: list[ShiftLine] = []
    for number, technician in enumerate(sorted(day.technicians, key=lambda t: t.id)):
        lines.extend(_lines(technician, number, outlets, clock))
    return tuple(lines)


def _lines(
    technician: Technician, number: int, outlets: Mapping[str, Outlet], clock: Clock
) -> Iterator[ShiftLine]:
    home = outlets.get(technician.outlet or "")
    start, end = get_ends(technician, home)
    order = sorted(enumerate(technician.shifts), key=lambda pair: pair[1].start)
    for place, (index, shift) in enumerate(order):
        when = clock.day_of(clock.ceil(shift.start))
        bounds = _bounds(technician, home, shift, clock, when)
        earliest, latest = bounds or (0, 0)
        breaks, rests, earliest = _breaks(shift, earliest, clock)
        back_by = clock.horizon_end
        if place + 1 < len(order):
            back_by = min(back_by, clock.ceil(order[place + 1][1].start))
        yield ShiftLine(
            technician=technician,
            shift=index,
            number=number,
            date=when,
            start=start,
            end=end,
            works=bounds is not None,
            earliest=earliest,
            latest=latest,
            overtime_s=max(0, min(technician.max_overtime_s, back_by - latest)),
            breaks=breaks,
            rests=rests,
        )


def _bounds(
    technician: Technician, home: Outlet | None, shift: Shift, clock: Clock, when: date
) -> tuple[int, int] | None:
    """Return earliest departure and latest return without overtime; None if the outlet is shut."""
    earliest = max(0, clock.ceil(shift.start))
    latest = min(clock.floor(shift.end), clock.horizon_end)
    if home is None or (technician.start is not None and technician.end is not None):
        return earliest, latest
    hours = clock.find_hours(home, when)
    if hours is None:
        return None
    if technician.start is None:
        earliest = max(earliest, hours[0])
    if technician.end is None:
        latest = min(latest, hours[1])
    return earliest, latest


def _breaks(
    shift: Shift, leaves: int, clock: Clock
) -> tuple[tuple[tuple[int, int, int], ...], tuple[tuple[int, int], ...], int]:
    """Clip breaks to the shift and settle those that must begin before the outlet opens.

    Returns
    -------
    tuple
        Breaks for the solver; breaks taken beforehand; earliest departure after those.
    """
    begin = max(0, clock.ceil(shift.start))
    breaks: list[tuple[int, int, int]] = []
    rests: list[tuple[int, int]] = []
    for pause in sorted(shift.breaks, key=lambda b: (b.earliest, b.latest)):
        if pause.latest < shift.start or pause.earliest > shift.end:
            continue  # waived: the shift does not touch the window
        earliest = max(begin, clock.ceil(pause.earliest), rests[-1][1] if rests else 0)
        latest = clock.floor(pause.latest)
        if latest < begin:
            continue  # before the horizon: nothing happens then
        over = earliest + pause.duration_s
        if not breaks and earliest <= latest and (over <= leaves or latest < leaves):
            rests.append((earliest, over))
            leaves = max(leaves, over)
        else:
            breaks.append((min(earliest, latest), latest, pause.duration_s))
    return tuple(breaks), tuple(rests), leaves
