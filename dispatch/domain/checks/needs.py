"""What visits need: parts that are somewhere, crews that are large enough, days that exist."""

from __future__ import annotations

import datetime as dt

from dispatch.domain.base import Moment
from dispatch.domain.checks.codes import Code
from dispatch.domain.checks.report import DayParts, show
from dispatch.domain.promise import Promise
from dispatch.domain.visit import Visit
from dispatch.errors import Severity

LONGEST_HORIZON = dt.timedelta(days=31)
_SECOND = dt.timedelta(seconds=1)


def check_needs(parts: DayParts) -> None:
    """Report parts, crews and days that cannot be had."""
    _check_parts(parts)
    technicians = {technician.id for _, technician in parts.technicians}
    horizon = days_of_horizon(parts)
    worked = _worked_days(parts) if horizon else set()
    for index, visit in parts.visits:
        if visit.crew_size > 1 or visit.crew_skills:
            _check_crew(parts, index, visit, technicians)
        if visit.days and horizon:
            _check_days(parts, index, visit, horizon, worked=worked)


def local_date(parts: DayParts, moment: Moment) -> dt.date:
    """Return the date of a moment in the day's zone."""
    try:
        return moment.astimezone(parts.zone).date()
    except OverflowError:  # the first or last day a calendar has
        return moment.date()


def days_of_horizon(parts: DayParts) -> set[dt.date]:
    """Return the dates of the horizon; none where it is broken or longer than it may be."""
    start, end = parts.horizon_start, parts.horizon_end
    if start is None or end is None or end - start > LONGEST_HORIZON:
        return set()
    return _days_between(parts, start, end)


def _days_between(parts: DayParts, start: Moment, end: Moment) -> set[dt.date]:
    """Return the local dates that a span touches; its end is not part of it."""
    if end <= start:
        return set()
    first, last = local_date(parts, start), local_date(parts, end - _SECOND)
    return {first + dt.timedelta(days=number) for number in range((last - first).days + 1)}


def _worked_days(parts: DayParts) -> set[dt.date]:
    """Return the dates of the horizon that a shift touches."""
    first, last = parts.horizon_start, parts.horizon_end
    if first is None or last is None:
        return set()
    return {
        day
        for _, technician in parts.technicians
        for shift in technician.shifts
        for day in _days_between(parts, max(shift.start, first), min(shift.end, last))
    }


def _check_parts(parts: DayParts) -> None:
    held = {stock.part for _, technician in parts.technicians for stock in technician.van_stock
            if stock.quantity}  # fmt: skip
    for _, outlet in parts.outlets:
        held |= {stock.part for stock in outlet.stock if stock.quantity}
    told: set[str] = set()
    for index, visit in parts.visits:
        seen: set[str] = set()
        for number, need in enumerate(visit.parts):
            where = parts.where("visits", index, ("parts", number, "part"))
            if need.part in seen:
                found, hint = f"part {show(need.part)} again", "Keep one row with the sum."
                parts.faults.add(Code.PART_TWICE, where, found, "every part once", hint)
            seen.add(need.part)
            if need.part not in held and need.part not in told:
                told.add(need.part)
                hint = parts.faults.suggest(need.part, held) or "Check the part's id."
                parts.faults.add(
                    Code.PART_NOWHERE,
                    where,
                    f"part {show(need.part)}, which is nowhere",
                    "a part that a van or an outlet has, now or on order",
                    f"{hint} No technician can serve visits that need it.",
                    severity=Severity.WARNING,
                )


def _check_crew(parts: DayParts, index: int, visit: Visit, technicians: set[str]) -> None:
    if visit.crew_size == 1:
        if visit.crew_skills:
            parts.faults.add(
                Code.CREW_SKILLS_WITHOUT_CREW,
                parts.where("visits", index, ("crew_skills",)),
                f"skills of the others of a crew of {visit.crew_size}",
                "skills of others only where crew_size is 2 or more",
                "Set crew_size, or move the skills to skills.",
            )
        return
    able = technicians & set(visit.required) if visit.required else technicians
    able = able - set(visit.excluded)
    if visit.crew_size > len(able):
        parts.faults.add(
            Code.CREW_TOO_LARGE,
            parts.where("visits", index, ("crew_size",)),
            f"a crew of {visit.crew_size}",
            f"at most {len(able)}, the technicians who may go by the visit's lists",
            "Check the number; the visit stays unassigned.",
            severity=Severity.WARNING,
        )


def _check_days(
    parts: DayParts, index: int, visit: Visit, horizon: set[dt.date], *, worked: set[dt.date]
) -> None:
    where = parts.where("visits", index, ("days",))
    outside = sorted(set(visit.days) - horizon)
    inside = set(visit.days) & horizon
    if outside:
        parts.faults.add(
            Code.DAYS_OUTSIDE_HORIZON,
            where,
            ", ".join(day.isoformat() for day in outside),
            f"days of the horizon, {min(horizon)} to {max(horizon)}",
            "Check the day, or make the horizon longer.",
            severity=Severity.WARNING if inside else Severity.ERROR,
        )
    if inside:
        _check_promises(parts, index, visit)
    if inside and parts.technicians and not inside & worked:
        parts.faults.add(
            Code.DAYS_WITHOUT_SHIFT,
            where,
            ", ".join(day.isoformat() for day in sorted(inside)),
            "a day on which somebody works",
            "Every day of the horizon needs shifts of its own; the visit stays unassigned.",
            severity=Severity.WARNING,
        )


def _check_promises(parts: DayParts, index: int, visit: Visit) -> None:
    days = set(visit.days)
    shown = ", ".join(day.isoformat() for day in sorted(days))
    if visit.promises and not any(_touches(parts, promise, days) for promise in visit.promises):
        parts.faults.add(
            Code.DAYS_WITHOUT_PROMISE,
            parts.where("visits", index, ("days",)),
            f"no promise on {shown}",
            "a promise that touches one of the days",
            "Correct the days or the promises.",
        )
    arrival = visit.pin.arrival if visit.pin is not None else None
    if arrival is not None and local_date(parts, arrival) not in days:
        parts.faults.add(
            Code.DAYS_WITHOUT_PROMISE,
            parts.where("visits", index, ("pin", "arrival")),
            f"pinned to {arrival.isoformat(timespec='minutes')}",
            f"an arrival on {shown}",
            "Correct the days or the pin.",
        )


def _touches(parts: DayParts, promise: Promise, days: set[dt.date]) -> bool:
    earliest, latest = promise.window()
    first, last = local_date(parts, earliest), local_date(parts, latest)
    return any(first <= day <= last for day in days)
