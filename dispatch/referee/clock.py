"""The clock of one route: reached, arrival, start, end, departure, return.

Each leg is judged from the times the plan states for the stop before, so one wrong moment is
reported once and not as a chain.
"""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.domain import PlanStop
from dispatch.domain.travel_table import TravelTable
from dispatch.referee.breaks import BreakRule, match_breaks
from dispatch.referee.facts import Facts, WorkingTime
from dispatch.referee.legs import find_leg
from dispatch.referee.promises import Owed, chosen, find_owed, is_emergency, owed, received_s
from dispatch.referee.reading import ReadRoute, Segment
from dispatch.referee.verdict import Violation


@dataclass(frozen=True, slots=True)
class TimedBreak:
    """A written break with the window it may start in."""

    stop: PlanStop
    rule: BreakRule
    at_next: bool


def check_clock(facts: Facts, travel: TravelTable, read: ReadRoute) -> list[Violation]:
    """Return every moment of a route that is not what docs/semantics.md makes it."""
    if not read.well_formed or read.technician is None or read.time is None:
        return []
    found = _check_start_stop(read)
    rules = _rules(facts, read)
    position = len(read.leading)
    for index, segment in enumerate(read.segments):
        count = len(segment.breaks)
        timed = _timed(segment, rules[position : position + count])
        position += count
        found += _check_reached(facts, read, segment)
        leg = find_leg(travel, read.technician.profile, segment)
        if leg is None or segment.stop is None:
            continue
        if segment.stop.kind == "end":
            found += _check_return(facts, read, segment, timed, leg[0])
        elif segment.visit is not None:
            access = segment.visit.access_s
            start = facts.floor_second(segment.before.end) if segment.before else 0
            if index == 0:
                start = earliest_departure(read.time, rules[: len(read.leading)])
                latest = latest_departure(facts, segment, timed, leg[0])
                found += _check_departure(facts, read, max(start, latest))
            reached = _run(start, timed, leg[0]) + access
            found += _check_visit(facts, read, segment, reached)
    return found


def _rules(facts: Facts, read: ReadRoute) -> tuple[BreakRule, ...]:
    """Return a window for each written break; unknown ones stand where they are."""
    matched = match_breaks(facts, read)
    rules = []
    for stop, rule in zip(read.breaks, matched.rules, strict=True):
        start, end = facts.floor_second(stop.start), facts.floor_second(stop.end)
        rules.append(rule or BreakRule(start, start, max(0, end - start)))
    return tuple(rules)


def _timed(segment: Segment, rules: tuple[BreakRule, ...]) -> tuple[TimedBreak, ...]:
    carrier = segment.first_leg_at
    return tuple(
        TimedBreak(stop, rule, carrier is not None and index >= carrier)
        for index, (stop, rule) in enumerate(zip(segment.breaks, rules, strict=True))
    )


def earliest_departure(time: WorkingTime, leading: tuple[BreakRule, ...]) -> int:
    """Return the first moment the technician can leave, breaks at the start place taken."""
    free = time.shift_start
    for rule in leading:
        free = max(free, rule.earliest) + rule.duration_s
    return max(free, time.leaves_from)


def _run(start: int, breaks: tuple[TimedBreak, ...], leg_s: int) -> int:
    """Return the earliest moment at the next place with all breaks between taken."""
    free, traveled = start, False
    for taken in breaks:
        if taken.at_next and not traveled:
            free, traveled = free + leg_s, True
        free = max(free, taken.rule.earliest) + taken.rule.duration_s
    return free if traveled else free + leg_s


def _check_start_stop(read: ReadRoute) -> list[Violation]:
    stop = read.departure
    if stop is None:
        return []
    moments = {stop.reached, stop.arrival, stop.start, stop.end, read.route.start}
    if len(moments) == 1:
        return []
    said = ", ".join(sorted(moment.isoformat() for moment in moments))
    return [read.broken("departure_wrong", said, "one moment on the start stop and the route")]


def _check_reached(facts: Facts, read: ReadRoute, segment: Segment) -> list[Violation]:
    """Check the stated chain: reached = end of the stop before + leg (+ access)."""
    found: list[Violation] = []
    if segment.before is None or segment.stop is None:
        return found
    free = facts.floor_second(segment.before.end)
    for stop in segment.breaks:
        reached, start = facts.floor_second(stop.reached), facts.floor_second(stop.start)
        if reached != free + stop.leg_s:
            expected = facts.clock(free + stop.leg_s)
            found.append(read.broken("reached_wrong", facts.clock(reached), expected))
        if not reached <= facts.floor_second(stop.arrival) <= start:
            expected = f"not before {facts.clock(reached)}"
            found.append(read.broken("break_overlap", facts.clock(start), expected))
        free = facts.floor_second(stop.end)
    access = segment.visit.access_s if segment.visit else 0
    expected_s = free + segment.stop.leg_s + access
    reached = facts.floor_second(segment.stop.reached)
    if reached != expected_s:
        code = "return_wrong" if segment.stop.kind == "end" else "reached_wrong"
        clock = facts.clock(reached)
        found.append(read.broken(code, clock, facts.clock(expected_s), segment.stop.visit))
    return found


def latest_departure(
    facts: Facts, segment: Segment, breaks: tuple[TimedBreak, ...], leg_s: int
) -> int:
    """Return the latest departure that keeps the first arrival; breaks there may move."""
    if segment.stop is None or segment.visit is None:
        return 0
    free = facts.floor_second(segment.stop.arrival) - segment.visit.access_s
    traveled = False
    for taken in reversed(breaks):
        if not taken.at_next and not traveled:
            free, traveled = free - leg_s, True
        free = min(taken.rule.latest, free - taken.rule.duration_s)
    return free if traveled else free - leg_s


def _check_departure(facts: Facts, read: ReadRoute, latest: int) -> list[Violation]:
    stated = facts.floor_second(read.route.start)
    if stated == latest:
        return []
    return [read.broken("departure_wrong", facts.clock(stated), facts.clock(latest))]


def _check_return(
    facts: Facts, read: ReadRoute, segment: Segment, breaks: tuple[TimedBreak, ...], leg_s: int
) -> list[Violation]:
    stop, found = segment.stop, list[Violation]()
    if stop is None or segment.before is None:
        return found
    expected = _run(facts.floor_second(segment.before.end), breaks, leg_s)
    moments = (read.route.end, stop.reached, stop.arrival, stop.start, stop.end)
    seconds = {facts.floor_second(moment) for moment in moments}
    if seconds != {expected}:
        said = ", ".join(facts.clock(second) for second in sorted(seconds))
        found.append(read.broken("return_wrong", said, facts.clock(expected)))
    if max(seconds) > facts.horizon_end:
        clock = facts.clock(facts.horizon_end)
        found.append(read.broken("after_horizon", facts.clock(max(seconds)), clock))
    return found


def _check_visit(facts: Facts, read: ReadRoute, segment: Segment, reached: int) -> list[Violation]:
    """Check one visit; ``reached`` is the earliest moment the technician can be there."""
    stop, visit = segment.stop, segment.visit
    if stop is None or visit is None:
        return []
    arrival, start = facts.floor_second(stop.arrival), facts.floor_second(stop.start)
    found: list[Violation] = []

    def expect(code: str, was: int, should: int) -> None:
        if was != should:
            found.append(read.broken(code, facts.clock(was), facts.clock(should), visit.id))

    choice = chosen(facts, visit, stop.promise, arrival)
    found += _check_promise(facts, read, segment, choice, arrival)
    stated = facts.floor_second(stop.reached)
    if arrival < stated:
        expect("arrival_before_reached", arrival, stated)
    elif arrival >= choice.earliest:
        expect("arrival_wrong", arrival, max(reached, choice.earliest))
    expect("start_wrong", start, arrival)
    expect("end_wrong", facts.floor_second(stop.end), start + visit.service_s)
    if arrival > facts.horizon_end:
        expect("after_horizon", arrival, facts.horizon_end)
    return found


def _check_promise(
    facts: Facts, read: ReadRoute, segment: Segment, choice: Owed, arrival: int
) -> list[Violation]:
    stop, visit, found = segment.stop, segment.visit, list[Violation]()
    if stop is None or visit is None:
        return found
    if find_owed(facts, visit, stop.promise, arrival) is None:
        names = " or ".join(sorted({str(one.name) for one in owed(facts, visit)}))
        found.append(read.broken("promise_unknown", stop.promise, names, visit.id))
    pinned = visit.pin is not None and visit.pin.arrival is not None
    if pinned and arrival != choice.limit:
        clock = facts.clock(arrival)
        found.append(read.broken("pinned_arrival", clock, facts.clock(choice.limit), visit.id))
    elif arrival < choice.earliest:
        clock = facts.clock(arrival)
        found.append(read.broken("too_early", clock, facts.clock(choice.earliest), visit.id))
    if is_emergency(visit) and arrival < received_s(facts, visit):
        received = facts.clock(received_s(facts, visit))
        found.append(
            read.broken("emergency_before_received", facts.clock(arrival), received, visit.id)
        )
    late = choice.lateness_s(arrival)
    if stop.lateness_s != late:
        found.append(read.broken("lateness_wrong", stop.lateness_s, late, visit.id))
    return found
