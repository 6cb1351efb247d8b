"""Skills that do not count and skills that nobody has."""

from __future__ import annotations

from collections import defaultdict

from dispatch.domain.checks.codes import Code
from dispatch.domain.checks.report import DayParts, show
from dispatch.errors import Severity


def check_skills(parts: DayParts) -> None:
    """Warn about expired certificates and needed skills without a holder.

    A certificate counts on the day it expires and not after (docs/semantics.md, Who may go).
    """
    needed = {need.skill for _, visit in parts.visits for need in visit.skills}
    held = _holders(parts)
    lapsed: set[str] = set()
    for index, technician in parts.technicians:
        for number, skill in enumerate(technician.skills):
            expires = skill.certificate_expires
            if expires is None or parts.date is None or expires >= parts.date:
                continue
            hint = "The skill does not count; renew the certificate."
            if skill.skill in needed and not held[skill.skill]:
                lapsed.add(skill.skill)
                hint += f" Nobody else has {show(skill.skill)}, which visits of this day need."
            parts.faults.add(
                Code.CERTIFICATE_EXPIRED,
                parts.where("technicians", index, ("skills", number, "certificate_expires")),
                f"{show(skill.skill)} of {show(technician.id)} expired {expires.isoformat()}",
                f"a certificate valid on {parts.date.isoformat()}",
                hint,
                severity=Severity.WARNING,
            )
    _check_unheld(parts, held, lapsed)


def _holders(parts: DayParts) -> dict[str, set[str]]:
    held: dict[str, set[str]] = defaultdict(set)
    for _, technician in parts.technicians:
        for skill in technician.skills:
            expires = skill.certificate_expires
            if expires is None or parts.date is None or expires >= parts.date:
                held[skill.skill].add(technician.id)
    for _, outlet in parts.outlets:
        if outlet.capacity is not None:
            for name in outlet.capacity.skills:
                held[name].add(outlet.id)
    return held


def _check_unheld(parts: DayParts, held: dict[str, set[str]], lapsed: set[str]) -> None:
    told: set[str] = set()
    for index, visit in parts.visits:
        for number, need in enumerate(visit.skills):
            if held[need.skill] or need.skill in lapsed or need.skill in told:
                continue
            told.add(need.skill)
            parts.faults.add(
                Code.NOBODY_HAS_SKILL,
                parts.where("visits", index, ("skills", number, "skill")),
                f"skill {show(need.skill)}, which nobody has",
                "a skill that a technician or contracted outlet of the day has",
                "Check the spelling; visits that need it stay unassigned.",
                severity=Severity.WARNING,
            )
