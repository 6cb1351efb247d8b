"""Every visit exactly once, nobody unknown, one route per shift."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from dispatch.domain import DayPlan
from dispatch.referee.facts import Facts
from dispatch.referee.reading import ReadRoute
from dispatch.referee.verdict import Violation


def check_assignment(facts: Facts, plan: DayPlan, routes: tuple[ReadRoute, ...]) -> list[Violation]:
    """Return every visit that is missing, doubled or unknown and every doubled route."""
    listed = [
        (stop.visit or "", read.route.technician)
        for read in routes
        for stop in read.route.stops
        if stop.kind == "visit"
    ]
    listed += [(visit, service.outlet) for service in plan.contracted for visit in service.visits]
    listed += [(entry.visit, "unassigned") for entry in plan.unassigned]
    found = [
        Violation("unknown_visit", visit or "no id", "a visit of the day", where, visit or None)
        for visit, where in listed
        if visit not in facts.visits
    ]
    # What could not be read into the day is quarantined: its id may be unknown here.
    listed += [(entry.visit, "quarantined") for entry in plan.quarantined]
    # A crew's visit stands on several routes; whether on the right ones is the crew's own rule.
    listed = _crews_once(facts, listed)
    counts = Counter(visit for visit, _ in listed)
    for visit, count in counts.items():
        if count > 1:
            places = ", ".join(where for one, where in listed if one == visit)
            found.append(Violation("visit_twice", places, "one place", None, visit))
    found += [
        Violation("visit_missing", "nowhere", "routes, contracted or unassigned", None, visit)
        for visit in facts.visits
        if visit not in counts
    ]
    return found + _check_out(facts, routes) + _check_shifts(routes)


def _check_out(facts: Facts, routes: tuple[ReadRoute, ...]) -> list[Violation]:
    """Return everybody who is out already and has no route."""
    there = {(read.route.technician, read.route.shift) for read in routes}
    return [
        Violation("route_missing", f"no route of shift {number}", "at least the way back", name)
        for name, technician in facts.technicians.items()
        for number, shift in enumerate(technician.shifts)
        if shift.out_at is not None and (name, number) not in there
    ]


def _crews_once(facts: Facts, listed: list[tuple[str, str]]) -> list[tuple[str, str]]:
    kept, crews = list[tuple[str, str]](), set[str]()
    for visit, where in listed:
        known = facts.visits.get(visit)
        if known is not None and known.crew_size > 1 and where in facts.technicians:
            if visit in crews:
                continue
            crews.add(visit)
        kept.append((visit, where))
    return kept


def _check_shifts(routes: tuple[ReadRoute, ...]) -> list[Violation]:
    found: list[Violation] = []
    by_person: dict[str, list[ReadRoute]] = {}
    for read in routes:
        by_person.setdefault(read.route.technician, []).append(read)
    pairs = (pair for same in by_person.values() for pair in combinations(same, 2))
    for first, second in pairs:
        one, other = first.route, second.route
        if one.shift == other.shift:
            found.append(second.broken("route_twice", f"shift {one.shift} again", "one route"))
        elif one.start < other.end and other.start < one.end:
            found.append(
                second.broken("routes_overlap", other.start.isoformat(), one.end.isoformat())
            )
    return found
