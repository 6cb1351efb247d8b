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
from dispatch.planning.seats import Seat
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


def skill_tables(seats: Sequence[Seat], lines: Sequence[ShiftLine]) -> tuple[Int8, Int64]:
    """Return the failing skill rule and the levels above need, each shape (n, k).

    Certificates are those of the day of the shift. Seats with the same needs and technicians with
    the same skills are looked at once.
    """
    need_of, needs = group(seats, lambda seat: seat.needs)
    skill_of, held = group(lines, lambda line: (line.technician.skills, line.date))
    rule = np.zeros((len(needs), len(held)), dtype=np.int8)
    above = np.zeros((len(needs), len(held)), dtype=np.int64)
    for i, need in enumerate(needs):
        for j, (skills, when) in enumerate(held):
            blocked = find_skill_block(need, skills, when)
            if blocked is not None:
                rule[i, j] = NUMBER[blocked[0]]
            else:
                above[i, j] = levels_above(need, skills, when)
    return rule[:, skill_of][need_of], above[:, skill_of][need_of]


def technician_rules(
    seats: Sequence[Seat], lines: Sequence[ShiftLine], skill_rules: Int8, table: TravelTable
) -> Int8:
    """Return the number of the first rule that fails, shape (n, k); 0 = allowed.

    Parameters
    ----------
    seats
        The n places to fill.
    lines
        The k shifts.
    skill_rules
        From :func:`skill_tables`.
    table
        Travel between all places.
    """
    visits = [seat.visit for seat in seats]
    rules = _by_name(seats, lines)
    for later in (
        _territory(visits, [line.technician for line in lines]),
        skill_rules,
        _off_shift(len(visits), lines),
        _unreachable(visits, lines, table),
    ):
        np.copyto(rules, later, where=rules == 0)
    return rules


def shifts_by_technician(lines: Sequence[ShiftLine]) -> dict[str, list[int]]:
    """Return the positions of each technician's shifts, by id."""
    found: dict[str, list[int]] = {}
    for position, line in enumerate(lines):
        found.setdefault(line.technician.id, []).append(position)
    return found


def _by_name(seats: Sequence[Seat], lines: Sequence[ShiftLine]) -> Int8:
    """Rules that name technicians: excluded, required, pinned (the first of a crew)."""
    rules = np.zeros((len(seats), len(lines)), dtype=np.int8)
    shifts = shifts_by_technician(lines)
    for i, (visit, member) in enumerate(seats):
        row = rules[i]
        pinned = visit.pin.technician if visit.pin is not None and member == 0 else None
        # The last rule is written first, so that the first one that fails remains.
        if pinned is not None:
            _block_others(row, shifts.get(pinned, []), ReasonCode.PINNED_ELSEWHERE)
        if visit.required:
            spared = [j for name in visit.required for j in shifts.get(name, [])]
            _block_others(row, spared, ReasonCode.NOT_REQUIRED)
        for name in visit.excluded:
            row[shifts.get(name, [])] = NUMBER[ReasonCode.EXCLUDED]
    return rules


def _block_others(row: Int8, spared: Sequence[int], code: ReasonCode) -> None:
    kept = [(i, int(row[i])) for i in spared]
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
