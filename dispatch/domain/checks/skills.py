"""Skills that do not count and skills that nobody has."""

from __future__ import annotations

from collections import defaultdict

from dispatch.domain.checks.codes import Code
from dispatch.domain.checks.report import DayParts, Path, show
from dispatch.domain.technician import Skill
from dispatch.errors import Severity

ANY_LEVEL = 9
"""A contracted outlet has its skills at every level."""


def check_skills(parts: DayParts) -> None:
    """Warn about expired certificates and needed skills that nobody has at the level.

    A certificate counts on the day it expires and not after (docs/semantics.md, Who may go).
    """
    alone, held = _levels_of_technicians(parts), _levels(parts)
    unmet: dict[str, list[tuple[int, Path]]] = defaultdict(list)
    for index, visit in parts.visits:
        # Contracted outlets take no crews.
        able = alone if visit.crew_size > 1 else held
        for field in ("skills", "crew_skills"):
            for number, need in enumerate(getattr(visit, field)):
                if able[need.skill] < need.level:
                    unmet[need.skill].append((index, (field, number, "skill")))
    lapsed = _check_certificates(parts, unmet)
    for skill, places in unmet.items():
        if skill not in lapsed:
            _report_unmet(parts, skill, places[0], held[skill])


def _levels(parts: DayParts) -> dict[str, int]:
    """Return the highest level of every skill, contracted outlets included."""
    held = _levels_of_technicians(parts)
    for _, outlet in parts.outlets:
        for name in outlet.capacity.skills if outlet.capacity is not None else ():
            held[name] = ANY_LEVEL
    return held


def _levels_of_technicians(parts: DayParts) -> dict[str, int]:
    """Return the highest level of every skill that counts on the day; 0 where nobody has it."""
    held: dict[str, int] = defaultdict(int)
    for _, technician in parts.technicians:
        for skill in technician.skills:
            if not _expired(parts, skill):
                held[skill.skill] = max(held[skill.skill], skill.level)
    return held


def _expired(parts: DayParts, skill: Skill) -> bool:
    expires = skill.certificate_expires
    return expires is not None and parts.date is not None and expires < parts.date


def _check_certificates(parts: DayParts, unmet: dict[str, list[tuple[int, Path]]]) -> set[str]:
    """Report expired certificates; return the unmet skills they explain."""
    lapsed: set[str] = set()
    for index, technician in parts.technicians:
        for number, skill in enumerate(technician.skills):
            if not _expired(parts, skill):
                continue
            hint = "The skill does not count; renew the certificate."
            if skill.skill in unmet:
                lapsed.add(skill.skill)
                count = len(unmet[skill.skill])
                hint += f" {count} visit(s) need {show(skill.skill)} and nobody else can do them."
            parts.faults.add(
                Code.CERTIFICATE_EXPIRED,
                parts.where("technicians", index, ("skills", number, "certificate_expires")),
                f"{show(skill.skill)} of {show(technician.id)} expired {skill.certificate_expires}",
                f"a certificate valid on {parts.date}",
                hint,
                severity=Severity.WARNING,
            )
    return lapsed


def _report_unmet(parts: DayParts, skill: str, place: tuple[int, Path], level: int) -> None:
    index, path = place
    at_level = "which nobody has" if level == 0 else f"which nobody has above level {level}"
    parts.faults.add(
        Code.NOBODY_HAS_SKILL,
        parts.where("visits", index, path),
        f"skill {show(skill)}, {at_level}",
        "a skill and level that a technician or contracted outlet of the day has",
        "Check the spelling; visits that need it stay unassigned.",
        severity=Severity.WARNING,
    )
