"""Breaks: all of them, once, whole, inside their windows, in order, overlapping nothing."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from dispatch.domain import Shift
from dispatch.referee.facts import Facts
from dispatch.referee.reading import ReadRoute
from dispatch.referee.verdict import Violation


@dataclass(frozen=True, slots=True)
class BreakRule:
    """A break a used technician must take: starts inside [earliest, latest], seconds."""

    earliest: int
    latest: int
    duration_s: int

    def allows(self, start: int) -> bool:
        """Return whether the break may start then."""
        return self.earliest <= start <= self.latest


def required_breaks(facts: Facts, shift: Shift) -> tuple[BreakRule, ...]:
    """Return the breaks of a shift in the order of their windows.

    A break whose window the shift does not touch is waived. No break starts before the shift. Of
    who is out already a break is waived, too, that comes too late even if it is taken at once.
    """
    start = max(0, facts.ceil_second(shift.start))
    end = facts.floor_second(shift.end)
    rules = [
        BreakRule(facts.ceil_second(b.earliest), facts.floor_second(b.latest), b.duration_s)
        for b in shift.breaks
    ]
    touched = [rule for rule in rules if rule.latest >= start and rule.earliest <= end]
    inside = [BreakRule(max(start, r.earliest), r.latest, r.duration_s) for r in touched]
    ordered = tuple(sorted(inside, key=lambda rule: (rule.earliest, rule.latest)))
    return ordered if shift.out_at is None else in_time(ordered, start)


def in_time(rules: tuple[BreakRule, ...], free: int) -> tuple[BreakRule, ...]:
    """Return the breaks that can be taken one after the other by who is free then."""
    kept: list[BreakRule] = []
    for rule in rules:
        if max(free, rule.earliest) <= rule.latest:
            kept.append(rule)
            free = max(free, rule.earliest) + rule.duration_s
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class MatchedBreaks:
    """Which written break is which required one.

    Attributes
    ----------
    rules
        By position in ``ReadRoute.breaks``; None for a break the shift does not have.
    missing
        Required breaks nobody takes.
    """

    required: tuple[BreakRule, ...]
    rules: tuple[BreakRule | None, ...]
    missing: tuple[BreakRule, ...]


def match_breaks(facts: Facts, read: ReadRoute) -> MatchedBreaks:
    """Match by window first, the rest in order."""
    required = required_breaks(facts, read.shift) if read.shift else ()
    starts = [facts.floor_second(stop.start) for stop in read.breaks]
    left = list(required)
    rules: list[BreakRule | None] = [None] * len(starts)
    for position, start in enumerate(starts):
        rule = next((rule for rule in left if rule.allows(start)), None)
        if rule is not None:
            rules[position] = rule
            left.remove(rule)
    inside = [any(rule.allows(start) for rule in required) for start in starts]
    for position in range(len(starts)):
        # A second break inside a window that is already used is "twice", not "misplaced".
        if rules[position] is None and left and not inside[position]:
            rules[position] = left.pop(0)
    return MatchedBreaks(required, tuple(rules), tuple(left))


def check_breaks(facts: Facts, read: ReadRoute) -> list[Violation]:
    """Return every broken rule about breaks on one route."""
    if read.time is None or not (read.served or read.is_out):
        return []
    matched = match_breaks(facts, read)
    found = [
        read.broken("break_missing", "not taken", _span(facts, rule)) for rule in matched.missing
    ]
    for stop, rule in zip(read.breaks, matched.rules, strict=True):
        start, end = facts.floor_second(stop.start), facts.floor_second(stop.end)
        if rule is None:
            twice = any(one.allows(start) for one in matched.required)
            code = "break_twice" if twice else "break_unexpected"
            found.append(read.broken(code, facts.clock(start), "no such break"))
            continue
        if start < read.time.shift_start:
            begins = facts.clock(read.time.shift_start)
            found.append(read.broken("break_before_shift", facts.clock(start), begins))
        elif not rule.allows(start):
            found.append(read.broken("break_window", facts.clock(start), _span(facts, rule)))
        if end - start != rule.duration_s:
            found.append(read.broken("break_duration", end - start, rule.duration_s))
    found += _check_order(matched, read)
    return found + _check_room(facts, read)


def _span(facts: Facts, rule: BreakRule) -> str:
    return f"{facts.clock(rule.earliest)} to {facts.clock(rule.latest)}"


def _check_order(matched: MatchedBreaks, read: ReadRoute) -> list[Violation]:
    positions = [matched.required.index(rule) for rule in matched.rules if rule is not None]
    if positions == sorted(positions):
        return []
    return [read.broken("break_order", positions, sorted(positions))]


def _check_room(facts: Facts, read: ReadRoute) -> list[Violation]:
    """Check breaks outside the route and where each is taken; the clock checks the others."""
    found: list[Violation] = []
    if read.is_out and read.leading:
        expected = "none before who is out already sets out"
        found.append(read.broken("break_place", "before the departure", expected))
    leaves = facts.floor_second(read.route.start)
    free = read.time.shift_start if read.time else 0
    for stop in read.leading:
        free = max(free, facts.floor_second(stop.end))
        if free > leaves:
            found.append(read.broken("break_overlap", facts.clock(free), facts.clock(leaves)))
    stops = (*read.leading, *read.trailing)
    for before, stop in pairwise(stops):
        if stop.start < before.end:
            clock = stop.start.isoformat()
            found.append(read.broken("break_overlap", clock, before.end.isoformat()))
    for stop in read.trailing:
        if stop.start < read.route.end:
            clock = stop.start.isoformat()
            found.append(read.broken("break_overlap", clock, read.route.end.isoformat()))
    first = read.segments[0]
    travels = first.stop is not None and (
        first.stop.leg_s > 0 or any(stop.leg_s > 0 for stop in first.breaks)
    )
    if travels and first.breaks and first.first_leg_at != 0 and not read.is_out:
        expected = "before departure or at the first visit"
        found.append(read.broken("break_place", "at the start place after departure", expected))
    return found
