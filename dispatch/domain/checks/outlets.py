"""What must hold for one outlet beyond the types of its fields."""

from __future__ import annotations

from dispatch.domain.checks.codes import Code
from dispatch.domain.checks.needs import days_of_horizon
from dispatch.domain.checks.report import DayParts
from dispatch.domain.outlet import OpeningHours, Outlet
from dispatch.errors import Severity

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def check_outlets(parts: DayParts) -> None:
    """Report opening hours that close before they open, and capacity of the wrong kind."""
    for index, outlet in parts.outlets:
        told: set[str] = set()
        for number, hours in enumerate(outlet.opening_hours):
            where = parts.where("outlets", index, ("opening_hours", number, "closes"))
            # One cell may hold the hours of several days: one message is enough.
            if where not in told and _check_hours(parts, where, hours):
                told.add(where)
        if outlet.capacity is not None and outlet.kind != "contracted":
            parts.faults.add(
                Code.CAPACITY_NOT_CONTRACTED,
                parts.where("outlets", index, ("capacity", "visits_per_day")),
                f'a capacity at the outlet "{outlet.id}" of kind "{outlet.kind}"',
                "a capacity only where kind is contracted",
                'Set kind to "contracted" or remove the capacity.',
            )
        _check_open(parts, index, outlet)


def _check_open(parts: DayParts, index: int, outlet: Outlet) -> None:
    days = sorted(days_of_horizon(parts))
    weekdays = {WEEKDAYS[day.weekday()] for day in days}
    if outlet.opening_hours and days and not any(h.day in weekdays for h in outlet.opening_hours):
        found = ", ".join(dict.fromkeys(hours.day for hours in outlet.opening_hours))
        parts.faults.add(
            Code.OUTLET_CLOSED,
            parts.where("outlets", index, ("opening_hours", 0, "day")),
            f"hours on {found} only",
            f"hours on {', '.join(day for day in WEEKDAYS if day in weekdays)}",
            "Who starts or ends there does not work, and nobody picks up parts there.",
            severity=Severity.WARNING,
        )


def _check_hours(parts: DayParts, where: str, hours: OpeningHours) -> bool:
    """Report hours that cannot be right; return whether there was something to report."""
    found = f"{hours.day} {hours.opens.isoformat()} to {hours.closes.isoformat()}"
    if hours.opens.tzinfo is not None or hours.closes.tzinfo is not None:
        parts.faults.add(Code.DATE_FORM, where, found, "local times HH:MM without an offset")
    elif hours.opens.microsecond or hours.closes.microsecond:
        parts.faults.add(Code.MOMENT_SUBSECOND, where, found, "whole seconds")
    elif hours.closes <= hours.opens:
        parts.faults.add(
            Code.HOURS_REVERSED,
            where,
            found,
            "a closing time later than the opening time",
            "Swap the two; an outlet open past midnight closes at 23:59.",
        )
    else:
        return False
    return True
