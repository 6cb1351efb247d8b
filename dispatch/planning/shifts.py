"""Technicians' shifts as the solver's vehicles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from dispatch.domain import Day, Outlet, Place, Shift, Technician
from dispatch.domain.travel_table import TravelTable
from dispatch.planning.clock import Clock
from dispatch.planning.drive import find_drive_s
from dispatch.planning.places import ends_of

_Break = tuple[int, int, int]
"""Earliest start, latest start, duration."""


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
        How long after ``latest`` the end place may be reached: the limit of the shift, bounded by
        the horizon and the technician's next shift; for who is out never less than going straight
        there takes.
    breaks
        (earliest start, latest start, duration) of breaks that are not waived, in order.
    rests
        (start, end) of breaks that are over before the outlet opens; taken at the start place,
        free, and no concern of the search.
    max_visits, max_distance_m, max_driving_s
        Limits of the shift; None = no limit.
    is_out
        The technician is out already: leaves ``start`` exactly at ``earliest``, visits or not.
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
    max_visits: int | None = None
    max_distance_m: int | None = None
    max_driving_s: int | None = None
    is_out: bool = False


def shift_lines(day: Day, clock: Clock, table: TravelTable | None = None) -> tuple[ShiftLine, ...]:
    """Return every shift by technician id and time.

    Parameters
    ----------
    table
        Travel of the day, for what cannot be helped where somebody is out already; without it
        that is not looked at.
    """
    outlets = {o.id: o for o in day.outlets}
    lines: list[ShiftLine] = []
    for number, technician in enumerate(sorted(day.technicians, key=lambda t: t.id)):
        lines.extend(
            _let_back(line, table) if line.is_out and table is not None else line
            for line in _lines(technician, number, outlets, clock)
        )
    return tuple(lines)


def _let_back(line: ShiftLine, table: TravelTable) -> ShiftLine:
    """Return the shift of who is out, its limits never below what cannot be helped."""
    line = replace(line, breaks=tuple(_in_time(line.breaks, line.earliest)))
    profile = line.technician.profile
    leg = table.leg(profile, line.start, line.end)
    leaves = line.earliest
    for count in range(len(line.breaks) + 1):
        lasts = find_drive_s(table, profile, line.start, line.end, leaves)
        if leg is None or lasts is None:
            return line
        later = line.breaks[count:]
        if len(list(_in_time(later, leaves + lasts))) == len(later):
            return _lifted(line, leaves + lasts, meters=leg[1], seconds=lasts)
        leaves = max(leaves, line.breaks[count][0]) + line.breaks[count][2]
    raise AssertionError("with every break taken at once none is left to be late")


def _in_time(breaks: Iterable[_Break], free: int) -> Iterator[_Break]:
    """Yield the breaks that can be taken one after the other by who is free then."""
    for pause in breaks:
        begins = max(free, pause[0])
        if begins <= pause[1]:
            yield pause
            free = begins + pause[2]


def _lifted(line: ShiftLine, back: int, *, meters: int, seconds: int) -> ShiftLine:
    distance, driving = line.max_distance_m, line.max_driving_s
    return replace(
        line,
        overtime_s=max(line.overtime_s, back - line.latest),
        max_distance_m=None if distance is None else max(distance, meters),
        max_driving_s=None if driving is None else max(driving, seconds),
    )


def _lines(
    technician: Technician, number: int, outlets: Mapping[str, Outlet], clock: Clock
) -> Iterator[ShiftLine]:
    home = outlets.get(technician.outlet or "")
    order = sorted(enumerate(technician.shifts), key=lambda pair: pair[1].start)
    for place, (index, shift) in enumerate(order):
        when = clock.day_of(clock.ceil(shift.start))
        bounds = _bounds(technician, home, shift, clock, when)
        earliest, latest = bounds or (0, 0)
        start, end = ends_of(technician, shift, home)
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
            overtime_s=max(
                0, min(_own(shift, technician, "max_overtime_s") or 0, back_by - latest)
            ),
            breaks=breaks,
            rests=rests,
            max_visits=_own(shift, technician, "max_visits"),
            max_distance_m=_own(shift, technician, "max_distance_m"),
            max_driving_s=_own(shift, technician, "max_driving_s"),
            is_out=shift.out_at is not None,
        )


def _own(shift: Shift, technician: Technician, limit: str) -> int | None:
    """Return a limit of a shift: its own one, else the technician's."""
    own: int | None = getattr(shift, limit)
    person: int | None = getattr(technician, limit)
    return person if own is None else own


def _bounds(
    technician: Technician, home: Outlet | None, shift: Shift, clock: Clock, when: date
) -> tuple[int, int] | None:
    """Return earliest departure and latest return without overtime; None if the outlet is shut.

    Who is out already left long ago, and returns to an outlet that is shut all day, too.
    """
    earliest = max(0, clock.ceil(shift.start))
    latest = min(clock.floor(shift.end), clock.horizon_end)
    if home is None or (technician.start is not None and technician.end is not None):
        return earliest, latest
    hours, is_out = clock.find_hours(home, when), shift.out_at is not None
    if hours is None:
        return (earliest, latest) if is_out else None
    if technician.start is None and not is_out:
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
        if (
            shift.out_at is None
            and not breaks
            and earliest <= latest
            and (over <= leaves or latest < leaves)
        ):
            rests.append((earliest, over))
            leaves = max(leaves, over)
        else:
            breaks.append((min(earliest, latest), latest, pause.duration_s))
    return tuple(breaks), tuple(rests), leaves
