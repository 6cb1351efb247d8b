"""Who may go: the first rule that fails for every visit and technician, all at once.

The order of the rules is that of ``docs/semantics.md``; the schedule is the solver's part.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import date
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from dispatch.domain import Skill, SkillNeed, Technician, Visit
from dispatch.domain.travel_table import NO_WAY, TravelTable
from dispatch.planning.codes import RULES, ReasonCode
from dispatch.planning.shifts import ShiftLine

Int8 = NDArray[np.int8]
Int64 = NDArray[np.int64]
_Item = TypeVar("_Item")
_Key = TypeVar("_Key", bound=Hashable)

NUMBER = {code: number for number, code in enumerate(RULES, start=1)}
"""Number of a rule in tables of rules; 0 = allowed."""


def held_level(skills: Sequence[Skill], name: str) -> int:
    """Return the highest level of a skill among ``skills``, 0 if it is not there."""
    return max((s.level for s in skills if s.skill == name), default=0)


def valid_skills(skills: Sequence[Skill], day: date) -> tuple[Skill, ...]:
    """Return the skills whose certificate has not expired before ``day``."""
    return tuple(s for s in skills if s.certificate_expires is None or s.certificate_expires >= day)


def find_skill_block(
    needs: Sequence[SkillNeed], skills: Sequence[Skill], day: date
) -> tuple[ReasonCode, SkillNeed] | None:
    """Return the first skill rule that fails and the need it fails for.

    All needs are held against one rule before the next: a missing skill comes before a level,
    a level before a certificate.
    """
    valid = valid_skills(skills, day)
    for code, counts in (
        (ReasonCode.SKILL_MISSING, lambda need: held_level(skills, need.skill) > 0),
        (ReasonCode.SKILL_LEVEL, lambda need: held_level(skills, need.skill) >= need.level),
        (ReasonCode.CERTIFICATE_EXPIRED, lambda need: held_level(valid, need.skill) >= need.level),
    ):
        for need in needs:
            if not counts(need):
                return code, need
    return None


def levels_above(needs: Sequence[SkillNeed], skills: Sequence[Skill], day: date) -> int:
    """Return by how many levels the valid skills exceed what is needed, over all needs."""
    valid = valid_skills(skills, day)
    return sum(max(0, held_level(valid, need.skill) - need.level) for need in needs)


def group(items: Sequence[_Item], key: Callable[[_Item], _Key]) -> tuple[Int64, list[_Key]]:
    """Return each item's group number and the groups' keys, in order of appearance."""
    numbers: dict[_Key, int] = {}
    of = [numbers.setdefault(key(item), len(numbers)) for item in items]
    return np.array(of, dtype=np.int64), list(numbers)


def skill_tables(
    visits: Sequence[Visit], technicians: Sequence[Technician], day: date
) -> tuple[Int8, Int64]:
    """Return the failing skill rule and the levels above need, each shape (n, t).

    Visits with the same needs and technicians with the same skills are looked at once.
    """
    need_of, needs = group(visits, lambda v: v.skills)
    skill_of, held = group(technicians, lambda t: t.skills)
    rule = np.zeros((len(needs), len(held)), dtype=np.int8)
    above = np.zeros((len(needs), len(held)), dtype=np.int64)
    for i, need in enumerate(needs):
        for j, skills in enumerate(held):
            blocked = find_skill_block(need, skills, day)
            if blocked is not None:
                rule[i, j] = NUMBER[blocked[0]]
            else:
                above[i, j] = levels_above(need, skills, day)
    return rule[:, skill_of][need_of], above[:, skill_of][need_of]


def technician_rules(
    visits: Sequence[Visit],
    lines: Sequence[ShiftLine],
    skill_rules: Int8,
    table: TravelTable,
) -> Int8:
    """Return the number of the first rule that fails, shape (n, t); 0 = allowed.

    Parameters
    ----------
    visits
        The n visits.
    lines
        One shift of each of the t technicians, by technician; these rules hold for all shifts.
    skill_rules
        From :func:`skill_tables`.
    table
        Travel between all places.
    """
    technicians = [line.technician for line in lines]
    rules = _by_name(visits, technicians)
    for later in (
        _territory(visits, technicians),
        skill_rules,
        _off_shift(len(visits), lines),
        _unreachable(visits, lines, table),
    ):
        np.copyto(rules, later, where=rules == 0)
    return rules


def _by_name(visits: Sequence[Visit], technicians: Sequence[Technician]) -> Int8:
    """Rules that name technicians: excluded, required, pinned."""
    rules = np.zeros((len(visits), len(technicians)), dtype=np.int8)
    number = {t.id: i for i, t in enumerate(technicians)}
    for i, visit in enumerate(visits):
        row = rules[i]
        pinned = visit.pin.technician if visit.pin is not None else None
        # The last rule is written first, so that the first one that fails remains.
        if pinned is not None:
            _block_others(row, [number.get(pinned)], ReasonCode.PINNED_ELSEWHERE)
        if visit.required:
            _block_others(row, [number.get(t) for t in visit.required], ReasonCode.NOT_REQUIRED)
        for name in visit.excluded:
            if name in number:
                row[number[name]] = NUMBER[ReasonCode.EXCLUDED]
    return rules


def _block_others(row: Int8, spared: Sequence[int | None], code: ReasonCode) -> None:
    kept = [(i, int(row[i])) for i in spared if i is not None]
    row[:] = NUMBER[code]
    for i, before in kept:
        row[i] = before


def _territory(visits: Sequence[Visit], technicians: Sequence[Technician]) -> Int8:
    district_of, districts = group(visits, lambda v: v.district)
    area_of, areas = group(technicians, lambda t: t.territory)
    blocked = np.array(
        [[bool(area) and district not in area for area in areas] for district in districts],
        dtype=np.int8,
    ).reshape(len(districts), len(areas))
    blocked *= np.int8(NUMBER[ReasonCode.TERRITORY])
    return blocked[:, area_of][district_of]


def _off_shift(n_visits: int, lines: Sequence[ShiftLine]) -> Int8:
    off = np.array([not line.works for line in lines], dtype=np.int8)
    off *= np.int8(NUMBER[ReasonCode.OFF_SHIFT])
    return np.broadcast_to(off, (n_visits, len(lines)))


def _unreachable(visits: Sequence[Visit], lines: Sequence[ShiftLine], table: TravelTable) -> Int8:
    at = np.array([table.index(v.place) for v in visits], dtype=np.int64)
    way_of, ways = group(
        lines, lambda x: (x.technician.profile, table.index(x.start), table.index(x.end))
    )
    blocked = np.zeros((len(visits), len(ways)), dtype=np.int8)
    for j, (profile, start, end) in enumerate(ways):
        seconds = table.durations_s[profile]
        blocked[:, j] = (seconds[start, at] == NO_WAY) | (seconds[at, end] == NO_WAY)
    blocked *= np.int8(NUMBER[ReasonCode.UNREACHABLE])
    return blocked[:, way_of]
