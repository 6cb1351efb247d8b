"""Who may go: exclusions, requirements, pins, territory, skills, levels, certificates."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.domain import Skill, SkillNeed, Technician, Visit
from dispatch.referee.facts import Facts
from dispatch.referee.reading import ReadRoute
from dispatch.referee.verdict import Violation


@dataclass(frozen=True, slots=True)
class Block:
    """A rule that keeps a technician from a visit."""

    code: str
    found: str
    expected: str


def blocks(facts: Facts, technician: Technician, visit: Visit) -> tuple[Block, ...]:
    """Return every static rule that keeps the technician away, in the order of the rules."""
    found: list[Block] = []
    if technician.id in visit.excluded:
        found.append(Block("excluded", technician.id, "somebody else"))
    if visit.required and technician.id not in visit.required:
        found.append(Block("not_required", technician.id, ", ".join(visit.required)))
    pinned = visit.pin.technician if visit.pin else None
    if pinned is not None and pinned != technician.id:
        found.append(Block("pinned_elsewhere", technician.id, pinned))
    if technician.territory and visit.district not in technician.territory:
        found.append(Block("territory", str(visit.district), ", ".join(technician.territory)))
    verdicts = [_skill_block(facts, technician, need) for need in visit.skills]
    order = ("skill_missing", "skill_level", "certificate_expired")
    bad = [block for block in verdicts if block is not None]
    return (*found, *sorted(bad, key=lambda block: order.index(block.code)))


def _skill_block(facts: Facts, technician: Technician, need: SkillNeed) -> Block | None:
    held = [skill for skill in technician.skills if skill.skill == need.skill]
    if not held:
        return Block("skill_missing", "none", f"{need.skill} {need.level}")
    enough = [skill for skill in held if skill.level >= need.level]
    if not enough:
        best = max(skill.level for skill in held)
        return Block("skill_level", f"{need.skill} {best}", f"{need.skill} {need.level}")
    if not any(is_valid(facts, skill) for skill in enough):
        expired = ", ".join(str(skill.certificate_expires) for skill in enough)
        expected = f"{need.skill} valid on {facts.day.date}"
        return Block("certificate_expired", expired, expected)
    return None


def is_valid(facts: Facts, skill: Skill) -> bool:
    """Return whether the certificate still counts on the day."""
    expires = skill.certificate_expires
    return expires is None or expires >= facts.day.date


def levels_above(facts: Facts, technician: Technician, visit: Visit) -> int:
    """Return the levels the technician holds above each skill needed, summed."""
    above = 0
    for need in visit.skills:
        levels = [
            skill.level
            for skill in technician.skills
            if skill.skill == need.skill and is_valid(facts, skill)
        ]
        above += max(0, max(levels, default=0) - need.level)
    return above


def beyond_this_referee(facts: Facts, visit: Visit) -> str | None:
    """Return what the visit needs that no rule here covers, None for most visits."""
    needs = []
    if visit.parts:
        needs.append("parts")
    if visit.crew_size > 1:
        needs.append("a crew")
    if visit.links:
        needs.append("links to other visits")
    if visit.days and facts.day.date not in visit.days:
        needs.append("another day")
    return ", ".join(needs) or None


def check_eligibility(facts: Facts, read: ReadRoute) -> list[Violation]:
    """Return every visit of a route that the technician may not serve."""
    found: list[Violation] = []
    for segment in read.served:
        visit = segment.visit
        if visit is None or read.technician is None:
            continue
        found += [
            read.broken(block.code, block.found, block.expected, visit.id)
            for block in blocks(facts, read.technician, visit)
        ]
        needs = beyond_this_referee(facts, visit)
        if needs is not None:
            found.append(read.broken("not_judged", needs, "none of these", visit.id))
    return found
