"""The clock of one route: reached, arrival, start, end, departure, return.

Each leg is judged from the times the plan states for the stop before, so one wrong moment is
reported once and not as a chain.
"""

from __future__ import annotations

from dispatch.domain.travel_table import TravelTable
from dispatch.referee.breaks import BreakRule, match_breaks
from dispatch.referee.course import (
    Course,
    Leg,
    Stretch,
    TimedBreak,
    latest_departure,
    run,
    settle,
)
from dispatch.referee.eligibility import service_s
from dispatch.referee.facts import Facts, WorkingTime
from dispatch.referee.legs import find_road
from dispatch.referee.out import way_back
from dispatch.referee.pickups import opening_at
from dispatch.referee.promises import Owed, chosen, find_owed, is_emergency, owed, received_s
from dispatch.referee.reading import ReadRoute, Segment
from dispatch.referee.together import Together
from dispatch.referee.verdict import Violation


def check_clock(
    facts: Facts, travel: TravelTable, read: ReadRoute, together: Together
) -> list[Violation]:
    """Return every moment of a route that is not what docs/semantics.md makes it."""
    if not read.well_formed or read.technician is None or read.time is None:
        return []
    found = _check_start_stop(read)
    if read.is_out:
        found += _check_departure(facts, read, read.time.shift_start)
    rules = _rules(facts, read)
    position = len(read.leading)
    for index, span in enumerate(read.spans):
        count = sum(len(segment.breaks) for segment in span)
        legs = _legs(facts, travel, read, span, rules[position : position + count])
        position += count
        for segment in span:
            found += _check_reached(facts, read, segment)
        last = span[-1]
        if legs is None or last.stop is None:
            continue
        if last.stop.kind == "end":
            found += _check_return(facts, read, span, legs)
        elif last.visit is not None:
            start = facts.floor_second(span[0].before.end) if span[0].before else 0
            if index == 0:
                start = earliest_departure(read.time, rules[: len(read.leading)])
                limit = facts.floor_second(last.stop.arrival) - last.visit.access_s
                leaves = max(start, latest_departure(limit, legs))
                found += [] if read.is_out else _check_departure(facts, read, leaves)
            reached = run(start, legs) + last.visit.access_s
            found += _check_visit(facts, read, last, reached, together)
    return found


def check_least(
    facts: Facts, travel: TravelTable, routes: tuple[ReadRoute, ...], together: Together
) -> list[Violation]:
    """Return starts that keep crews and links and still are not the least that do.

    For plans whose every moment fits the moments beside it: a circle of people who wait for each
    other fits, too.
    """
    if not together.bound:
        return []
    courses = [course for read in routes if (course := _course(facts, travel, read)) is not None]
    if len(courses) < len(routes):
        return []
    least = settle(courses, together)
    if least is None:
        return []
    return [
        Violation("start_wrong", facts.clock(start), facts.clock(least[key]), key[1], key[0])
        for key, start in together.starts.items()
        if key in least and start != least[key]
    ]


def _course(facts: Facts, travel: TravelTable, read: ReadRoute) -> Course | None:
    if not read.well_formed or read.technician is None or read.time is None:
        return None
    rules, position = _rules(facts, read), len(read.leading)
    begin = earliest_departure(read.time, rules[:position])
    stretches: list[Stretch] = []
    for span in read.spans:
        count = sum(len(segment.breaks) for segment in span)
        legs = _legs(facts, travel, read, span, rules[position : position + count])
        position += count
        visit, stop = span[-1].visit, span[-1].stop
        if visit is None or stop is None:
            continue
        if legs is None:
            return None
        choice = chosen(facts, visit, stop.promise, facts.floor_second(stop.arrival))
        lasts = service_s(read.technician, visit)
        key = (visit.id, read.technician.id)
        stretches.append(Stretch(legs, key, visit.access_s, choice.earliest, lasts))
    return Course(begin, tuple(stretches))


def _legs(
    facts: Facts,
    travel: TravelTable,
    read: ReadRoute,
    span: tuple[Segment, ...],
    rules: tuple[BreakRule, ...],
) -> tuple[Leg, ...] | None:
    """Return the legs of a span; None where a place or a way is missing."""
    if read.technician is None or read.time is None:
        return None
    legs: list[Leg] = []
    position = 0
    for segment in span:
        road = find_road(travel, read.technician.profile, segment)
        if road is None:
            return None
        count = len(segment.breaks)
        timed = _timed(segment, rules[position : position + count])
        position += count
        opening, lasts = None, 0
        if segment.point is not None and segment.stop is not None:
            begins = facts.floor_second(segment.stop.start)
            opening = opening_at(facts, segment.point, begins)
            lasts = facts.day.settings.pickup_s
        legs.append(Leg(road, timed, opening, lasts))
    return tuple(legs)


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
        TimedBreak(rule, carrier is not None and index >= carrier)
        for index, rule in enumerate(rules)
    )


def earliest_departure(time: WorkingTime, leading: tuple[BreakRule, ...]) -> int:
    """Return the first moment the technician can leave, breaks at the start place taken."""
    free = time.shift_start
    for rule in leading:
        free = max(free, rule.earliest) + rule.duration_s
    return max(free, time.leaves_from)


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


def _check_departure(facts: Facts, read: ReadRoute, latest: int) -> list[Violation]:
    stated = facts.floor_second(read.route.start)
    if stated == latest:
        return []
    return [read.broken("departure_wrong", facts.clock(stated), facts.clock(latest))]


def _check_return(
    facts: Facts, read: ReadRoute, span: tuple[Segment, ...], legs: tuple[Leg, ...]
) -> list[Violation]:
    stop, before, found = span[-1].stop, span[0].before, list[Violation]()
    if stop is None or before is None:
        return found
    expected = run(facts.floor_second(before.end), legs)
    moments = (read.route.end, stop.reached, stop.arrival, stop.start, stop.end)
    seconds = {facts.floor_second(moment) for moment in moments}
    if seconds != {expected}:
        said = ", ".join(facts.clock(second) for second in sorted(seconds))
        found.append(read.broken("return_wrong", said, facts.clock(expected)))
    last = facts.horizon_end
    if read.technician is not None:
        last = max(last, way_back(facts, read.technician, read.shift).back)
    if max(seconds) > last:
        clock = facts.clock(last)
        found.append(read.broken("after_horizon", facts.clock(max(seconds)), clock))
    return found


def _check_visit(
    facts: Facts, read: ReadRoute, segment: Segment, reached: int, together: Together
) -> list[Violation]:
    """Check one visit; ``reached`` is the earliest moment the technician can be there."""
    stop, visit, person = segment.stop, segment.visit, read.technician
    if stop is None or visit is None or person is None:
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
    needed = together.needed.get((visit.id, person.id), arrival)
    expect("start_wrong", start, max(arrival, needed))
    lasts = service_s(person, visit)
    expect("end_wrong", facts.floor_second(stop.end), start + lasts)
    if arrival > facts.horizon_end:
        expect("after_horizon", arrival, facts.horizon_end)
    return found


def _check_promise(
    facts: Facts, read: ReadRoute, segment: Segment, choice: Owed, arrival: int
) -> list[Violation]:
    stop, visit, found = segment.stop, segment.visit, list[Violation]()
    if stop is None or visit is None:
        return found
    if visit.days and not _on_its_day(facts, segment, choice, arrival):
        days = ", ".join(str(day) for day in visit.days)
        found.append(read.broken("another_day", facts.clock(arrival), days, visit.id))
    elif find_owed(facts, visit, stop.promise, arrival) is None:
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


def _on_its_day(facts: Facts, segment: Segment, choice: Owed, arrival: int) -> bool:
    """Return whether the visit keeps a promise of its days or, without any, falls on one."""
    visit = segment.visit
    if visit is None or (not visit.promises and is_emergency(visit)):
        return True
    if visit.promises:
        every = {one.name for one in owed(facts, visit, any_day=True)}
        return choice.name not in every or choice.name in {one.name for one in owed(facts, visit)}
    return facts.date_of(arrival) in visit.days
