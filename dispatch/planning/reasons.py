"""Why nobody serves a visit: technician by technician, the first rule that is in the way."""

from __future__ import annotations

from collections.abc import Sequence

from dispatch.domain import Technician, UnassignedVisit, Visit
from dispatch.planning.codes import RULES, ReasonCode
from dispatch.planning.contracted import get_capacity
from dispatch.planning.eligibility import find_skill_block, held_level
from dispatch.planning.objective import round_fen, unassigned_fen
from dispatch.planning.translate import Translation
from dispatch.planning.words import Block, minutes, summarize
from solver.routing.insertion import InsertionOption
from solver.routing.problem import FORBIDDEN
from solver.routing.solution import BlockCode, RoutingSolution

_SCHEDULE = {
    BlockCode.UNREACHABLE: ReasonCode.UNREACHABLE,
    BlockCode.WINDOW: ReasonCode.WINDOW,
    BlockCode.BREAK: ReasonCode.BREAK,
    BlockCode.SHIFT: ReasonCode.SHIFT,
}
_ORDER = list(ReasonCode)


def explain_unassigned(
    t: Translation, solution: RoutingSolution, index: int, options: Sequence[InsertionOption]
) -> UnassignedVisit:
    """Return the reasons of one unassigned visit.

    Parameters
    ----------
    index
        The visit's index in the problem.
    options
        From ``rank_insertions``, one per vehicle; the plan as it stands.
    """
    visit = t.visits[index]
    blocks = _technicians(t, index, options) + _contracted(t, solution, index)
    en, zh = summarize(blocks)
    return UnassignedVisit(
        visit=visit.id,
        reasons=tuple(block.reason() for block in blocks),
        summary=en,
        summary_zh=zh,
    )


def _technicians(t: Translation, index: int, options: Sequence[InsertionOption]) -> list[Block]:
    by_technician: dict[int, list[InsertionOption]] = {}
    for option in options:
        by_technician.setdefault(t.lines[option.vehicle].number, []).append(option)
    blocks = []
    for number in sorted(by_technician):
        rule = int(t.rules[index, number])
        mine = by_technician[number]
        technician = t.lines[mine[0].vehicle].technician
        # A way that only leads over other stops makes "unreachable" a matter of the schedule.
        possible = any(option.cost is not None for option in mine)
        if rule and not possible:
            blocks.append(_by_rule(t, t.visits[index], technician, RULES[rule - 1]))
        else:
            blocks.append(_by_schedule(t, index, technician, mine))
    return blocks


def _by_rule(t: Translation, visit: Visit, technician: Technician, code: ReasonCode) -> Block:
    found, expected = technician.id, ""
    match code:
        case ReasonCode.EXCLUDED:
            expected = f"none of {', '.join(visit.excluded)}"
        case ReasonCode.NOT_REQUIRED:
            expected = f"one of {', '.join(visit.required)}"
        case ReasonCode.PINNED_ELSEWHERE:
            expected = str(visit.pin.technician if visit.pin else None)
        case ReasonCode.TERRITORY:
            found, expected = visit.district or "no district", ", ".join(technician.territory)
        case ReasonCode.OFF_SHIFT:
            found, expected = f"outlet {technician.outlet} closed today", "an open outlet"
        case ReasonCode.UNREACHABLE:
            found = f"no way by {technician.profile}"
            expected = "a way to the visit and on to the end place"
        case ReasonCode.WINDOW:
            found, expected = "no arrival possible", "a promise or pin inside the horizon"
        case _:
            found, expected = _skill_words(t, visit, technician)
    return Block(technician.id, code, found, expected)


def _skill_words(t: Translation, visit: Visit, technician: Technician) -> tuple[str, str]:
    blocked = find_skill_block(visit.skills, technician.skills, t.day.date)
    if blocked is None:
        raise ValueError(f"technician {technician.id} has every skill of visit {visit.id}")
    code, need = blocked
    expected = f"{need.skill} level {need.level}"
    level = held_level(technician.skills, need.skill)
    if code is not ReasonCode.CERTIFICATE_EXPIRED:
        return f"{need.skill} level {level}" if level else "none", expected
    ends = [
        s.certificate_expires
        for s in technician.skills
        if s.skill == need.skill and s.level >= need.level and s.certificate_expires is not None
    ]
    return f"{need.skill} expired {max(ends).isoformat()}", expected


def _by_schedule(
    t: Translation, index: int, technician: Technician, options: Sequence[InsertionOption]
) -> Block:
    possible = [o.cost for o in options if o.cost is not None]
    if possible:
        return _by_price(t, index, technician.id, min(possible))
    # Of several shifts the one that comes nearest: the last rule to fail, then the least excess.
    nearest = max(options, key=lambda o: (_ORDER.index(_SCHEDULE[o.code]), -o.excess_s))
    code, late = _SCHEDULE[nearest.code], minutes(nearest.excess_s)
    line = t.lines[nearest.vehicle]
    match code:
        case ReasonCode.WINDOW:
            limit = t.windows[nearest.window].limit
            found = f"arrival {late} min after {t.clock.text(limit)}"
            expected = f"arrival by {t.clock.text(limit)}"
        case ReasonCode.BREAK:
            found = f"break {late} min late" if late else "no room for the break"
            expected = "every break begun inside its window and taken whole"
        case ReasonCode.SHIFT:
            found = f"back {late} min late"
            by = t.clock.text(line.latest + line.overtime_s)
            expected = f"back by {by}, {minutes(line.overtime_s)} min overtime included"
        case _:
            found = f"no way by {technician.profile} between the stops of the route"
            expected = "a way to the visit and on"
    return Block(technician.id, code, found, expected, nearest.excess_s)


def _by_price(t: Translation, index: int, who: str, cost: int, *, is_outlet: bool = False) -> Block:
    worth = int(t.problem.visit_penalty[index])
    code = ReasonCode.NOT_WORTH_IT if cost >= worth else ReasonCode.SEARCH_STOPPED
    value = unassigned_fen(t.day.prices, t.visits[index])
    found = f"{round_fen(max(0, cost))} fen more"
    return Block(who, code, found, f"less than {value} fen", is_outlet=is_outlet)


def _contracted(t: Translation, solution: RoutingSolution, index: int) -> list[Block]:
    blocks = []
    for q, outlet in enumerate(t.contracted):
        rule = int(t.pool_rules[index, q])
        taken, limit = len(solution.pools[q]), get_capacity(outlet).visits_per_day
        if rule:
            blocks.append(_outlet_rule(t, t.visits[index], q, RULES[rule - 1]))
        elif taken >= limit:
            found, expected = f"{taken} visits", f"at most {limit}"
            code = ReasonCode.CONTRACTED_FULL
            blocks.append(Block(outlet.id, code, found, expected, is_outlet=True))
        else:
            cost = int(t.problem.pool_cost[index, q])
            if cost == FORBIDDEN:
                raise ValueError(f"outlet {outlet.id} is forbidden without a rule")
            blocks.append(_by_price(t, index, outlet.id, cost, is_outlet=True))
    return blocks


def _outlet_rule(t: Translation, visit: Visit, pool: int, code: ReasonCode) -> Block:
    outlet = t.contracted[pool]
    found, expected = outlet.id, ""
    match code:
        case ReasonCode.EXCLUDED:
            expected = f"none of {', '.join(visit.excluded)}"
        case ReasonCode.NOT_REQUIRED:
            expected = "a visit without a list of required technicians"
        case ReasonCode.PINNED_ELSEWHERE:
            expected = "a visit that is not pinned"
        case ReasonCode.SKILL_MISSING:
            held = get_capacity(outlet).skills
            missing = next(need for need in visit.skills if need.skill not in held)
            found, expected = "none", f"{missing.skill} level {missing.level}"
        case ReasonCode.CONTRACTED_HOURS:
            hours = t.clock.find_hours(outlet)
            found = "closed today"
            if hours is not None:
                found = f"open {t.clock.text(hours[0])} to {t.clock.text(hours[1])}"
            expected = "some promise inside the hours"
        case _:
            found, expected = "no way by car", "a way from the outlet to the visit"
    return Block(outlet.id, code, found, expected, is_outlet=True)
