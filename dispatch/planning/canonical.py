"""A day with its rows in one order: the same day reads the same, however it was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeVar

from dispatch.domain import Day, Link, PartNeed, Skill, SkillNeed, Technician, Visit
from dispatch.domain.base import Model

_Item = TypeVar("_Item", bound=Model)


def canonical(day: Day) -> Day:
    """Return the day with visits and technicians by id, and their lists in one order.

    Shifts and breaks stay as they are: a plan names a shift by its position.
    """
    return day.model_copy(
        update={
            "visits": tuple(sorted(map(_visit, day.visits), key=lambda v: v.id)),
            "technicians": tuple(sorted(map(_technician, day.technicians), key=lambda t: t.id)),
        }
    )


def _visit(visit: Visit) -> Visit:
    if all(len(getattr(visit, name)) <= 1 for name in _LISTS):
        return visit  # as most are
    lists = {name: tuple(sorted(getattr(visit, name))) for name in _NAMES}
    more = {
        "skills": tuple(sorted(visit.skills, key=_need_order)),
        "crew_skills": tuple(sorted(visit.crew_skills, key=_need_order)),
        "parts": _parts(visit.parts),
        "links": tuple(sorted(visit.links, key=_link_order)),
        "days": tuple(sorted(set(visit.days))),
    }
    return _with(visit, {**lists, **more})


_NAMES = ("preferred", "required", "excluded")
_LISTS = (*_NAMES, "skills", "crew_skills", "parts", "links", "days")


def _need_order(need: SkillNeed) -> tuple[str, int]:
    return need.skill, need.level


def _parts(needs: Sequence[PartNeed]) -> tuple[PartNeed, ...]:
    """Return each part once, by id."""
    units: dict[str, int] = {}
    for need in needs:
        units[need.part] = units.get(need.part, 0) + need.quantity
    return tuple(PartNeed(part=part, quantity=units[part]) for part in sorted(units))


def _link_order(link: Link) -> tuple[str, int, int, str]:
    most = -1 if link.max_gap_s is None else link.max_gap_s
    return link.after, link.min_gap_s, most, str(link.same_technician)


def _technician(technician: Technician) -> Technician:
    held = tuple(sorted(technician.skills, key=_skill_order))
    return _with(technician, {"territory": tuple(sorted(technician.territory)), "skills": held})


def _skill_order(skill: Skill) -> tuple[str, int, date, int]:
    expires = skill.certificate_expires or date.max
    return skill.skill, skill.level, expires, skill.service_percent or 0


def _with(item: _Item, fields: Mapping[str, object]) -> _Item:
    """Return the item itself where nothing changes: most rows are in order already."""
    changed = {name: value for name, value in fields.items() if value != getattr(item, name)}
    return item.model_copy(update=changed) if changed else item
