"""What must hold for one technician beyond the types of the fields."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from dispatch.domain.base import Moment
from dispatch.domain.checks.codes import Code
from dispatch.domain.checks.report import DayParts, Path, show
from dispatch.domain.technician import Break, Shift, Technician
from dispatch.errors import Severity

LONGEST_SHIFT = timedelta(hours=24)


def span(start: Moment, end: Moment) -> str:
    """Return ``start to end`` for messages."""
    return f"{start.isoformat(timespec='minutes')} to {end.isoformat(timespec='minutes')}"


def check_technicians(parts: DayParts) -> None:
    """Report missing places, shifts that are reversed, overlap or miss the day, and breaks."""
    for index, technician in parts.technicians:
        if technician.outlet is None and (technician.start is None or technician.end is None):
            lacking = "start" if technician.start is None else "end"
            parts.faults.add(
                Code.NO_START_OR_END,
                parts.where("technicians", index, (lacking,)),
                f'"{technician.id}" has neither an outlet nor a {lacking} place',
                "an outlet, or own start and end places",
                "Name the home outlet, or give both places.",
            )
        for number, shift in enumerate(technician.shifts):
            if _check_shift(parts, index, number, shift):
                _check_breaks(parts, index, number, shift)
        _check_overlap(parts, index, technician)
        _check_limits(parts, index, technician)


def _check_shift(parts: DayParts, index: int, number: int, shift: Shift) -> bool:
    """Return whether the shift runs forward, so that its breaks can be judged.

    Who is out already may be free again only after the end of the shift.
    """
    where = parts.where("technicians", index, ("shifts", number, "end"))
    if shift.end <= shift.start and shift.out_at is None:
        parts.faults.add(
            Code.SHIFT_REVERSED,
            where,
            span(shift.start, shift.end),
            "an end later than the start",
            "A shift past midnight states the date of its end.",
        )
        return False
    if parts.horizon_start is None or parts.horizon_end is None:
        return True
    if shift.end - shift.start > LONGEST_SHIFT:
        parts.faults.add(
            Code.SHIFT_LONG,
            where,
            span(shift.start, shift.end),
            "a shift of at most 24 hours",
            "A shift is one route, without a night at home: write one for each day.",
            severity=Severity.WARNING,
        )
    if shift.end <= parts.horizon_start or shift.start >= parts.horizon_end:
        parts.faults.add(
            Code.SHIFT_OUTSIDE_HORIZON,
            where,
            span(shift.start, shift.end),
            f"a shift inside the horizon {span(parts.horizon_start, parts.horizon_end)}",
            "Check the date and the zone.",
        )
    return True


def _check_limits(parts: DayParts, index: int, technician: Technician) -> None:
    for field in ("max_visits", "max_distance_m", "max_driving_s"):
        if getattr(technician, field) == 0:
            parts.faults.add(
                Code.LIMIT_ZERO,
                parts.where("technicians", index, (field,)),
                "a limit of 0",
                "at least 1, or nothing where there is no limit",
                f"{show(technician.id)} will get no visits.",
                severity=Severity.WARNING,
            )


def _check_overlap(parts: DayParts, index: int, technician: Technician) -> None:
    order = sorted(enumerate(technician.shifts), key=lambda pair: (pair[1].start, pair[1].end))
    for (_, before), (number, after) in pairwise(order):
        if after.start < before.end:
            parts.faults.add(
                Code.SHIFTS_OVERLAP,
                parts.where("technicians", index, ("shifts", number, "start")),
                f"{span(after.start, after.end)} beside {span(before.start, before.end)}",
                "shifts of one technician that do not overlap",
                "Join the two shifts or move one.",
            )


def _check_breaks(parts: DayParts, index: int, number: int, shift: Shift) -> None:
    for position, pause in enumerate(shift.breaks):
        path: Path = ("shifts", number, "breaks", position, "latest")
        where = parts.where("technicians", index, path)
        if pause.latest < pause.earliest:
            parts.faults.add(
                Code.BREAK_REVERSED,
                where,
                span(pause.earliest, pause.latest),
                "a latest start of the break not before its earliest start",
                "Swap the two.",
            )
        elif pause.latest < shift.start or pause.earliest > shift.end:
            parts.faults.add(
                Code.BREAK_WAIVED,
                where,
                f"a break that starts {span(pause.earliest, pause.latest)}",
                f"a time inside the shift {span(shift.start, shift.end)}",
                "The break is waived: the shift does not touch its window.",
                severity=Severity.WARNING,
            )
    _check_break_order(parts, index, number, shift)


def _check_break_order(parts: DayParts, index: int, number: int, shift: Shift) -> None:
    def key(pair: tuple[int, Break]) -> tuple[Moment, Moment]:
        return pair[1].earliest, pair[1].latest

    order = sorted(enumerate(shift.breaks), key=key)
    for (_, before), (position, after) in pairwise(order):
        if after.earliest < before.latest:
            parts.faults.add(
                Code.BREAKS_OVERLAP,
                parts.where(
                    "technicians", index, ("shifts", number, "breaks", position, "earliest")
                ),
                f"{span(after.earliest, after.latest)} beside "
                f"{span(before.earliest, before.latest)}",
                "windows of the breaks of one shift that do not overlap",
                "Let the later window open when the earlier one has closed.",
            )
