"""A day with its rows in one order: the same day reads the same, however it was written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from dispatch.domain import Day, Skill, Technician, Visit
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
    lists = {name: tuple(sorted(getattr(visit, name))) for name in _NAMES}
    needs = tuple(sorted(visit.skills, key=lambda need: (need.skill, need.level)))
    return _with(visit, {**lists, "skills": needs})


_NAMES = ("preferred", "required", "excluded")


def _technician(technician: Technician) -> Technician:
    held = tuple(sorted(technician.skills, key=_skill_order))
    return _with(technician, {"territory": tuple(sorted(technician.territory)), "skills": held})


def _skill_order(skill: Skill) -> tuple[str, int, date]:
    return skill.skill, skill.level, skill.certificate_expires or date.max


def _with(item: _Item, fields: Mapping[str, object]) -> _Item:
    """Return the item itself where nothing changes: most rows are in order already."""
    changed = {name: value for name, value in fields.items() if value != getattr(item, name)}
    return item.model_copy(update=changed) if changed else item
