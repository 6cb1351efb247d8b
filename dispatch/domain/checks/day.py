"""All checks of a day in one call."""

from __future__ import annotations

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

from dispatch.domain.base import Moment
from dispatch.domain.checks.codes import Code
from dispatch.domain.checks.links import check_links, check_set_aside
from dispatch.domain.checks.moments import check_moments
from dispatch.domain.checks.needs import LONGEST_HORIZON, check_needs
from dispatch.domain.checks.outlets import check_outlets
from dispatch.domain.checks.places import check_places
from dispatch.domain.checks.references import check_duplicates, check_references
from dispatch.domain.checks.report import DayParts, FaultList
from dispatch.domain.checks.skills import check_skills
from dispatch.domain.checks.technicians import check_technicians, span
from dispatch.domain.checks.traffic import check_traffic
from dispatch.domain.checks.visits import check_visits
from dispatch.domain.day import Day
from dispatch.errors import Fault


def check_day(day: Day) -> tuple[Fault, ...]:
    """Return every fault of a day made in Python; ``read_day`` has done this already.

    Errors stop the day, quarantines name the visit to set aside, warnings are for a person.
    """
    parts = parts_of(day)
    check_horizon(parts.faults, day.horizon_start, day.horizon_end)
    for kind in ("outlets", "technicians", "visits"):
        items = getattr(day, kind)
        check_duplicates(parts, kind, ((index, item.id) for index, item in enumerate(items)))
    check_parts(parts)
    return tuple(parts.faults.faults)


def parts_of(day: Day) -> DayParts:
    """Return the parts of a day whose items are all sound."""
    return DayParts(
        date=day.date,
        horizon_start=day.horizon_start,
        horizon_end=day.horizon_end,
        outlets=list(enumerate(day.outlets)),
        technicians=list(enumerate(day.technicians)),
        visits=list(enumerate(day.visits)),
        ids={
            "outlets": frozenset(outlet.id for outlet in day.outlets),
            "technicians": frozenset(technician.id for technician in day.technicians),
            "visits": frozenset(visit.id for visit in day.visits),
        },
        traffic=day.traffic,
        zone=find_zone(day.zone) or UTC,
    )


def find_zone(name: str) -> tzinfo | None:
    """Return a zone by its IANA name, None if there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return None


def check_parts(parts: DayParts) -> None:
    """Run every check on the sound items of a day; faults go to ``parts.faults``."""
    check_moments(parts)
    check_outlets(parts)
    check_technicians(parts)
    check_visits(parts)
    check_references(parts)
    check_skills(parts)
    check_needs(parts)
    check_links(parts)
    check_traffic(parts)
    check_places(parts)
    check_set_aside(parts)


def check_horizon(
    faults: FaultList, start: Moment, end: Moment, where: str = "horizon_end"
) -> None:
    """Report a horizon that ends before it starts or has parts of a second."""
    for moment in (start, end):
        if moment.microsecond:
            faults.add(Code.MOMENT_SUBSECOND, where, moment.isoformat(), "whole seconds")
    if end <= start:
        faults.add(
            Code.HORIZON_REVERSED,
            where,
            span(start, end),
            "an end of the horizon later than its start",
            "The end of a horizon past midnight states its date.",
        )
    elif end - start > LONGEST_HORIZON:
        faults.add(
            Code.HORIZON_LONG,
            where,
            span(start, end),
            f"at most {LONGEST_HORIZON.days} days",
            "Plan a month at a time; check the date of the end.",
        )
