"""The changes a remedy makes to a day, one function for each kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dispatch.domain import Day, PartNeed, Promise, Skill, SkillNeed, Stock, Technician, Visit
from dispatch.domain.remedy import Remedy, RemedyKind
from dispatch.planning.eligibility import held_level, valid_skills
from dispatch.standards import get_profile


def apply_remedy(day: Day, remedy: Remedy) -> Day:
    """Return the day with a remedy's change; routes are the plan's matter, not the day's.

    Raises
    ------
    KeyError
        If the day has no such visit, technician or outlet.
    """
    match remedy.kind:
        case RemedyKind.WINDOW if remedy.wider is not None and remedy.promise is not None:
            return with_promise(day, remedy.visit, remedy.promise, remedy.wider)
        case RemedyKind.OVERTIME:
            who, shift = remedy.technician or "", remedy.shift
            return with_overtime(day, who, shift, 60 * remedy.overtime_min)
        case RemedyKind.SKILL:
            return with_skills(day, remedy.technician or "", remedy.skills)
        case RemedyKind.DAY if remedy.day is not None:
            return on_day(day, remedy.visit, remedy.day)
        case RemedyKind.PART:
            return with_parts(day, remedy.at or "", remedy.parts)
        case _:
            return day


def named_promises(day: Day, visit: Visit) -> dict[str, int]:
    """Return the position of each promise by its name in plans."""
    tolerance = get_profile(day.standards).tolerance_min
    spans = [(*promise.window(tolerance), promise.id or "") for promise in visit.promises]
    order = sorted(range(len(spans)), key=lambda n: spans[n])
    return {visit.promises[n].id or str(place): n for place, n in enumerate(order, start=1)}


def wider_promise(day: Day, visit: Visit, name: str, earlier_s: int, later_s: int) -> Promise:
    """Return a promise of the visit as a window, wider at both ends by so many seconds."""
    promise = visit.promises[named_promises(day, visit)[name]]
    earliest, latest = promise.window(get_profile(day.standards).tolerance_min)
    return Promise(
        id=promise.id,
        earliest=earliest - timedelta(seconds=earlier_s),
        latest=latest + timedelta(seconds=later_s),
    )


def with_promise(day: Day, name: str, promise: str, wider: Promise) -> Day:
    """Return the day with another window in the place of a named promise."""
    visit = _get(day.visits, name)
    promises = list(visit.promises)
    promises[named_promises(day, visit)[promise]] = wider
    return _changed(day, "visits", visit, promises=tuple(promises))


def with_overtime(day: Day, name: str, shift: int, more_s: int) -> Day:
    """Return the day with more overtime allowed on one shift."""
    person: Technician = _get(day.technicians, name)
    shifts = list(person.shifts)
    own = shifts[shift].max_overtime_s
    most = (person.max_overtime_s if own is None else own) + more_s
    shifts[shift] = shifts[shift].model_copy(update={"max_overtime_s": most})
    return _changed(day, "technicians", person, shifts=tuple(shifts))


def lacking_skills(person: Technician, visit: Visit, when: date) -> tuple[SkillNeed, ...]:
    """Return the needs of a visit that a technician does not meet on a day."""
    valid = valid_skills(person.skills, when)
    return tuple(n for n in visit.skills if held_level(valid, n.skill) < n.level)


def with_skills(day: Day, name: str, needs: Sequence[SkillNeed]) -> Day:
    """Return the day with skills one technician gets; certificates that do not expire."""
    person: Technician = _get(day.technicians, name)
    more = tuple(Skill(skill=need.skill, level=need.level) for need in needs)
    return _changed(day, "technicians", person, skills=(*person.skills, *more))


def on_day(day: Day, name: str, when: date) -> Day:
    """Return the day with a visit on another date: its promises at the same time of that day."""
    visit: Visit = _get(day.visits, name)
    zone, tolerance = ZoneInfo(day.zone), get_profile(day.standards).tolerance_min
    moved: list[Promise] = []
    for promise in visit.promises:
        earliest, latest = promise.window(tolerance)
        days = when - earliest.astimezone(zone).date()
        moved.append(Promise(id=promise.id, earliest=earliest + days, latest=latest + days))
    return _changed(day, "visits", visit, promises=tuple(moved), days=(when,))


def with_parts(day: Day, at: str, parts: Sequence[PartNeed]) -> Day:
    """Return the day with more units on a technician's van, or at an outlet."""
    more = tuple(Stock(part=need.part, quantity=need.quantity) for need in parts)
    if any(person.id == at for person in day.technicians):
        person: Technician = _get(day.technicians, at)
        return _changed(day, "technicians", person, van_stock=(*person.van_stock, *more))
    outlet = _get(day.outlets, at)
    return _changed(day, "outlets", outlet, stock=(*outlet.stock, *more))


def _get(items: Sequence[Any], name: str) -> Any:  # noqa: ANN401 - a visit, technician or outlet
    for item in items:
        if item.id == name:
            return item
    raise KeyError(name)


def _changed(day: Day, field: str, item: Any, **fields: object) -> Day:  # noqa: ANN401 - as above
    changed = item.model_copy(update=fields)
    items = tuple(changed if one.id == item.id else one for one in getattr(day, field))
    return day.model_copy(update={field: items})
