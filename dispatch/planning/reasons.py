"""Why nobody serves a visit: technician by technician, the first rule that is in the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dispatch.domain import PartNeed, Technician, UnassignedVisit, Visit
from dispatch.planning.codes import RULES, ReasonCode
from dispatch.planning.contracted import get_capacity
from dispatch.planning.eligibility import find_skill_block, held_level
from dispatch.planning.feature_reasons import FeatureReasons
from dispatch.planning.objective import round_fen, unassigned_fen
from dispatch.planning.seats import Seat
from dispatch.planning.shifts import ShiftLine
from dispatch.planning.standing import Standing
from dispatch.planning.translate import Translation
from dispatch.planning.words import Block, minutes, part_words, summarize
from solver.routing.features import UNLIMITED
from solver.routing.insertion import InsertionOption
from solver.routing.problem import FORBIDDEN
from solver.routing.solution import BlockCode, RoutingSolution

_SCHEDULE = {
    BlockCode.UNREACHABLE: ReasonCode.UNREACHABLE,
    BlockCode.WINDOW: ReasonCode.WINDOW,
    BlockCode.BREAK: ReasonCode.BREAK,
    BlockCode.SHIFT: ReasonCode.SHIFT,
    BlockCode.PART: ReasonCode.PART_MISSING,
    BlockCode.LIMIT: ReasonCode.LIMIT,
    BlockCode.LINK: ReasonCode.LINK_GAP,
}
_ORDER = list(ReasonCode)


Options = Sequence[InsertionOption]


def explain_unassigned(
    t: Translation,
    solution: RoutingSolution,
    index: int,
    options: Options | None,
    standing: Standing,
    *,
    is_exact: bool = True,
) -> UnassignedVisit:
    """Return the reasons of one unassigned visit.

    Parameters
    ----------
    index
        The visit's (first) index in the problem.
    options
        From ``rank_insertions``, one per vehicle, the plan as it stands; None where insertions
        cannot be ranked at all.
    standing
        Of the solution.
    is_exact
        False where a possible insertion may have another price, or turn out not to be possible.
    """
    visit = t.visits[index]
    features = FeatureReasons(t, standing, index)
    blocks = _technicians(t, index, options, features, is_exact=is_exact)
    blocks += _contracted(t, solution, index)
    en, zh = summarize(blocks)
    earliest = standing.earliest_date(visit)
    lacks = standing.lacks_anywhere(visit.parts)
    if lacks:
        part_en, part_zh = part_words(lacks[0].part, earliest)
        en, zh = f"{en} {part_en}", f"{zh}{part_zh}"
    return UnassignedVisit(
        visit=visit.id,
        reasons=tuple(block.reason() for block in blocks),
        summary=en,
        summary_zh=zh,
        earliest_date=earliest,
    )


def _technicians(
    t: Translation,
    index: int,
    options: Options | None,
    features: FeatureReasons,
    *,
    is_exact: bool,
) -> list[Block]:
    by_technician: dict[int, list[int]] = {}
    for vehicle, line in enumerate(t.lines):
        by_technician.setdefault(line.number, []).append(vehicle)
    return [
        _technician(t, index, by_technician[number], options, features, is_exact=is_exact)
        for number in sorted(by_technician)
    ]


def _technician(
    t: Translation,
    index: int,
    vehicles: Sequence[int],
    options: Options | None,
    features: FeatureReasons,
    *,
    is_exact: bool,
) -> Block:
    """Return why one technician does not come, as the first of a crew or as another of it."""
    technician = t.lines[vehicles[0]].technician
    mine = [] if options is None else [options[vehicle] for vehicle in vehicles]
    possible = [option for option in mine if option.cost is not None]
    # A way that only leads over other stops makes "unreachable" a matter of the schedule.
    if possible and is_exact:
        return _by_schedule(t, index, technician, possible)
    seats = [index] if t.visits[index].crew_size == 1 else [index, index + 1]
    free = [v for v in vehicles if any(not t.rules[seat, v] for seat in seats)]
    if not free:
        # Of several shifts and places in a crew the nearest: the last rule to fail.
        rule, seat, vehicle = max((int(t.rules[s, v]), -s, -v) for v in vehicles for s in seats)
        return _by_rule(t, t.seats[-seat], t.lines[-vehicle], RULES[rule - 1])
    found = features.find(t.lines[free[0]].number, free)
    if found is not None:
        return found
    if options is None or possible:
        expected = "an exact ranking of insertions"
        return Block(technician.id, ReasonCode.NOT_EXAMINED, "no rule is broken", expected)
    return _by_schedule(t, index, technician, [options[vehicle] for vehicle in free])


def _by_rule(t: Translation, seat: Seat, line: ShiftLine, code: ReasonCode) -> Block:
    visit, technician = seat.visit, line.technician
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
            found = f"outlet {technician.outlet} {_closed(t, line.date)}"
            expected = "an open outlet"
        case ReasonCode.LINKED:
            found, expected = (
                "after a visit that was set aside",
                "a visit before that can be served",
            )
        case ReasonCode.UNREACHABLE:
            found = f"no way by {technician.profile}"
            expected = "a way to the visit and on to the end place"
        case ReasonCode.WINDOW:
            found, expected = "no arrival possible", "a promise or pin inside the horizon"
        case _:
            found, expected = _skill_words(seat, line)
    return Block(technician.id, code, found, expected)


def _closed(t: Translation, when: date) -> str:
    return "closed today" if len(t.clock.dates) == 1 else f"closed on {when.isoformat()}"


def _skill_words(seat: Seat, line: ShiftLine) -> tuple[str, str]:
    technician = line.technician
    blocked = find_skill_block(seat.needs, technician.skills, line.date)
    if blocked is None:
        raise ValueError(f"technician {technician.id} has every skill of visit {seat.visit.id}")
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
        case ReasonCode.PART_MISSING:
            found, expected = "no stop for parts fits", "a stop at an outlet before the visit"
        case ReasonCode.LIMIT:
            found, expected = "one more visit is too much", "at most what one shift may do"
        case ReasonCode.LINK_GAP:
            found, expected = "no start that keeps the gap", "a start that keeps every link"
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
    """Return one block per contracted outlet; of several days the nearest, the last to fail."""
    nearest: dict[str, Block] = {}
    for q, outlet in enumerate(t.contracted):
        block = _pool(t, solution, index, q)
        known = nearest.get(outlet.id)
        if known is None or _ORDER.index(block.code) > _ORDER.index(known.code):
            nearest[outlet.id] = block
    return list(nearest.values())


def _pool(t: Translation, solution: RoutingSolution, index: int, q: int) -> Block:
    outlet, visit = t.contracted[q], t.visits[index]
    rule = int(t.pool_rules[index, q])
    taken, limit = len(solution.pools[q]), get_capacity(outlet).visits_per_day
    if rule:
        return _outlet_rule(t, visit, q, RULES[rule - 1])
    if taken >= limit:
        found, expected = f"{taken} visits", f"at most {limit}"
        return Block(outlet.id, ReasonCode.CONTRACTED_FULL, found, expected, is_outlet=True)
    lack = _pool_lack(t, solution, visit, q)
    if lack is not None:
        expected = f"{lack.quantity} of part {lack.part} in its stock"
        return Block(
            outlet.id, ReasonCode.PART_MISSING, "fewer units left", expected, is_outlet=True
        )
    cost = int(t.problem.pool_cost[index, q])
    if cost == FORBIDDEN:
        raise ValueError(f"outlet {outlet.id} is forbidden without a rule")
    return _by_price(t, index, outlet.id, cost, is_outlet=True)


def _pool_lack(t: Translation, solution: RoutingSolution, visit: Visit, q: int) -> PartNeed | None:
    """Return the first need of a visit that a pool's stock has not left."""
    if t.parts is None:
        return None
    given = [need for i in solution.pools[q] for need in t.visits[i].parts]
    for need in visit.parts:
        there = int(t.parts.arrays.pool_stock[q, t.parts.ids.index(need.part)])
        used = sum(other.quantity for other in given if other.part == need.part)
        if there != UNLIMITED and there - used < need.quantity:
            return need
    return None


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
            hours = t.clock.find_hours(outlet, t.pool_days[pool])
            found = _closed(t, t.pool_days[pool])
            if hours is not None:
                found = f"open {t.clock.text(hours[0])} to {t.clock.text(hours[1])}"
            expected = "some promise inside the hours"
        case ReasonCode.LINKED:
            found, expected = "a linked visit", "a visit without links"
        case ReasonCode.CREW:
            found, expected = f"a crew of {visit.crew_size}", "a visit for one technician"
        case _:
            found, expected = "no way by car", "a way from the outlet to the visit"
    return Block(outlet.id, code, found, expected, is_outlet=True)
