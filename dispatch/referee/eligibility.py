"""Who may go: exclusions, requirements, pins, territory, skills, levels, certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dispatch.domain import Skill, SkillNeed, Technician, Visit
from dispatch.referee.reading import ReadRoute
from dispatch.referee.verdict import Violation


@dataclass(frozen=True, slots=True)
class Block:
    """A rule that keeps a technician from a visit."""

    code: str
    found: str
    expected: str


def needs_of(visit: Visit, *, first: bool) -> tuple[SkillNeed, ...]:
    """Return the skills a member of the crew needs; who is alone is the first."""
    return visit.skills if first else visit.crew_skills


def blocks(
    technician: Technician, visit: Visit, day: date, *, first: bool = True
) -> tuple[Block, ...]:
    """Return every static rule that keeps the technician away, in the order of the rules.

    Parameters
    ----------
    day
        The day of the shift; certificates must not have expired before it.
    first
        Whether the technician is the first of the crew.
    """
    found: list[Block] = []
    if technician.id in visit.excluded:
        found.append(Block("excluded", technician.id, "somebody else"))
    if visit.required and technician.id not in visit.required:
        found.append(Block("not_required", technician.id, ", ".join(visit.required)))
    pinned = visit.pin.technician if visit.pin and first else None
    if pinned is not None and pinned != technician.id:
        found.append(Block("pinned_elsewhere", technician.id, pinned))
    if technician.territory and visit.district not in technician.territory:
        found.append(Block("territory", str(visit.district), ", ".join(technician.territory)))
    verdicts = [_skill_block(technician, need, day) for need in needs_of(visit, first=first)]
    order = ("skill_missing", "skill_level", "certificate_expired")
    bad = [block for block in verdicts if block is not None]
    return (*found, *sorted(bad, key=lambda block: order.index(block.code)))


def _skill_block(technician: Technician, need: SkillNeed, day: date) -> Block | None:
    held = [skill for skill in technician.skills if skill.skill == need.skill]
    if not held:
        return Block("skill_missing", "none", f"{need.skill} {need.level}")
    enough = [skill for skill in held if skill.level >= need.level]
    if not enough:
        best = max(skill.level for skill in held)
        return Block("skill_level", f"{need.skill} {best}", f"{need.skill} {need.level}")
    if not any(is_valid(skill, day) for skill in enough):
        expired = ", ".join(str(skill.certificate_expires) for skill in enough)
        return Block("certificate_expired", expired, f"{need.skill} valid on {day}")
    return None


def is_valid(skill: Skill, day: date) -> bool:
    """Return whether the certificate still counts on the day."""
    return skill.certificate_expires is None or skill.certificate_expires >= day


def levels_above(technician: Technician, visit: Visit, day: date) -> int:
    """Return the levels the technician holds above each skill needed, summed."""
    above = 0
    for need in visit.skills:
        levels = [
            skill.level
            for skill in technician.skills
            if skill.skill == need.skill and is_valid(skill, day)
        ]
        above += max(0, max(levels, default=0) - need.level)
    return above


def service_s(technician: Technician, visit: Visit) -> int:
    """Return how long the technician takes: the own percentage of the visit's service time.

    That of the skill the visit names first where the technician states one for it (the first entry
    that does), else the technician's; the same for all of a crew.
    """
    percent = technician.service_percent
    named = visit.skills[:1]
    own = [
        skill.service_percent
        for skill in technician.skills
        if named and skill.skill == named[0].skill and skill.service_percent is not None
    ]
    return (visit.service_s * (own[0] if own else percent) + 50) // 100


def check_eligibility(read: ReadRoute) -> list[Violation]:
    """Return every visit of a route that the technician may not serve."""
    found: list[Violation] = []
    for segment in read.served:
        visit, stop = segment.visit, segment.stop
        if visit is None or stop is None or read.technician is None or read.time is None:
            continue
        found += [
            read.broken(block.code, block.found, block.expected, visit.id)
            for block in blocks(read.technician, visit, read.time.date, first=is_first(stop.crew))
        ]
    return found


def is_first(crew: int) -> bool:
    """Return whether a stop's crew number is that of the first (or only) technician."""
    return crew <= 1
