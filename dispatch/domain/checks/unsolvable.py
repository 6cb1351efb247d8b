"""Valid input that cannot be solved yet: refused with a code, never ignored."""

from __future__ import annotations

from dispatch.domain.checks.codes import Code
from dispatch.domain.checks.report import DayParts


def check_solvable(parts: DayParts) -> None:
    """Report parts, crews, links and several days on visits."""
    for index, visit in parts.visits:
        if visit.parts:
            parts.faults.add(
                Code.NOT_YET_PARTS,
                parts.where("visits", index, ("parts",)),
                f"{len(visit.parts)} part(s) needed",
                "no parts: pick-ups are not planned yet",
                "Make sure the parts are on the van and remove the field.",
            )
        if visit.crew_size > 1:
            parts.faults.add(
                Code.NOT_YET_CREW,
                parts.where("visits", index, ("crew_size",)),
                f"a crew of {visit.crew_size}",
                "1: crews are not planned yet",
                "Enter one visit per technician, with the same appointment.",
            )
        if visit.links:
            parts.faults.add(
                Code.NOT_YET_LINKS,
                parts.where("visits", index, ("links",)),
                f"{len(visit.links)} link(s) to other visits",
                "no links: the order of visits is not planned yet",
                "Give the two visits windows that keep the order, and remove the link.",
            )
        if parts.date is not None and visit.days and set(visit.days) != {parts.date}:
            parts.faults.add(
                Code.NOT_YET_DAYS,
                parts.where("visits", index, ("days",)),
                ", ".join(day.isoformat() for day in visit.days),
                f"nothing, or {parts.date.isoformat()} only: one day is planned at a time",
                "Choose the day of the visit.",
            )
