"""What must hold for one outlet beyond the types of its fields."""

from __future__ import annotations

from dispatch.domain.checks.codes import Code
from dispatch.domain.checks.report import DayParts


def check_outlets(parts: DayParts) -> None:
    """Report opening hours that close before they open, and capacity of the wrong kind."""
    for index, outlet in parts.outlets:
        for number, hours in enumerate(outlet.opening_hours):
            where = parts.where("outlets", index, ("opening_hours", number, "closes"))
            if hours.opens.tzinfo is not None or hours.closes.tzinfo is not None:
                parts.faults.add(
                    Code.DATE_FORM,
                    where,
                    f"{hours.opens.isoformat()} to {hours.closes.isoformat()}",
                    "local times HH:MM without an offset",
                )
            elif hours.opens.microsecond or hours.closes.microsecond:
                parts.faults.add(
                    Code.MOMENT_SUBSECOND,
                    where,
                    f"{hours.opens.isoformat()} to {hours.closes.isoformat()}",
                    "whole seconds",
                )
            elif hours.closes <= hours.opens:
                parts.faults.add(
                    Code.HOURS_REVERSED,
                    where,
                    f"{hours.day} {hours.opens:%H:%M} to {hours.closes:%H:%M}",
                    "a closing time later than the opening time",
                    "Swap the two; an outlet open past midnight closes at 23:59.",
                )
        if outlet.capacity is not None and outlet.kind != "contracted":
            parts.faults.add(
                Code.CAPACITY_NOT_CONTRACTED,
                parts.where("outlets", index, ("capacity", "visits_per_day")),
                f'a capacity at the outlet "{outlet.id}" of kind "{outlet.kind}"',
                "a capacity only where kind is contracted",
                'Set kind to "contracted" or remove the capacity.',
            )
