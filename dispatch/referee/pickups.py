"""Parts: what is on the vans, what is picked up, what the outlets have; nothing twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from dispatch.domain import DayPlan, Outlet, PartFill, PartNeed, Stock, Visit
from dispatch.referee.contracted import day_of
from dispatch.referee.eligibility import is_first
from dispatch.referee.facts import Facts
from dispatch.referee.reading import ReadRoute, Segment
from dispatch.referee.verdict import Violation

Units = Counter[str]
"""Units by part."""


def units_of(needs: Iterable[PartNeed]) -> Units:
    """Return units by part, each part once."""
    units: Units = Counter()
    for need in needs:
        units[need.part] += need.quantity
    return units


def units_on(stocks: Iterable[Stock], day: date) -> Units:
    """Return what is there on a day; what is on order for later is not."""
    units: Units = Counter()
    for stock in stocks:
        if stock.available_on is None or stock.available_on <= day:
            units[stock.part] += stock.quantity
    return units


def openings_of(facts: Facts, outlet: Outlet, days: Iterable[date]) -> tuple[tuple[int, int], ...]:
    """Return first and last second a pick-up may begin on some days, opening by opening."""
    if not outlet.opening_hours:
        return ((0, facts.horizon_end),)
    return tuple(opening for day in days for opening in facts.hours(outlet, day).openings)


def opening_at(facts: Facts, outlet: Outlet, second: int) -> tuple[int, int]:
    """Return the opening a moment lies in; just that moment where it lies in none."""
    openings = openings_of(facts, outlet, facts.dates)
    return next((one for one in openings if one[0] <= second <= one[1]), (second, second))


def check_pickups(facts: Facts, read: ReadRoute) -> list[Violation]:
    """Return what is wrong with the pick-up stops of a route: outlet, hours, moments."""
    found: list[Violation] = []
    for segment in read.segments:
        stop, outlet = segment.stop, segment.point
        if stop is None or stop.kind != "pickup" or read.time is None:
            continue
        begins, end = facts.floor_second(stop.start), facts.floor_second(stop.end)
        if outlet is None:
            found.append(read.broken("pickup_outlet", stop.outlet, "an outlet of the day"))
            continue
        openings = openings_of(facts, outlet, facts.dates)
        if not any(opens <= begins <= closes for opens, closes in openings):
            spans = [f"{facts.clock(opens)} to {facts.clock(closes)}" for opens, closes in openings]
            expected = ", ".join(spans) or "never"
            found.append(read.broken("pickup_hours", facts.clock(begins), expected))
        expected_s = facts.day.settings.pickup_s
        if end - begins != expected_s:
            found.append(read.broken("pickup_duration", f"{end - begins} s", f"{expected_s} s"))
        if stop.arrival != stop.start or stop.start < stop.reached:
            expected = "arrival at the start, not before it is reached"
            found.append(read.broken("pickup_moment", stop.arrival.isoformat(), expected))
        if not stop.parts:
            found.append(read.broken("pickup_unused", f"nothing at {outlet.id}", "some part"))
    return found


def check_parts(facts: Facts, plan: DayPlan, routes: tuple[ReadRoute, ...]) -> list[Violation]:
    """Return every visit without its parts, every unit given out twice and what is misstated."""
    found, fill = _drive(routes)
    found += _check_stock(facts, plan, routes)
    expected = _fill_of(facts, plan, fill)
    if plan.part_fill != expected:
        found.append(Violation("part_fill_wrong", str(plan.part_fill), str(expected)))
    return found + _check_dates(facts, plan, routes)


def find_fill(facts: Facts, plan: DayPlan, routes: tuple[ReadRoute, ...]) -> PartFill | None:
    """Return the figures on parts of a plan; None if no visit of it needs any."""
    return _fill_of(facts, plan, _drive(routes)[1])


def _drive(routes: tuple[ReadRoute, ...]) -> tuple[list[Violation], Fill]:
    found: list[Violation] = []
    fill = Fill()
    for reads in by_person(routes):
        van = Van(reads)
        for read in reads:
            found += van.drive(read, fill)
    return found, fill


@dataclass(frozen=True, slots=True)
class Left:
    """Every van and outlet: what lies there and what the plan uses of it."""

    places: tuple[tuple[tuple[Stock, ...], Units], ...]


def units_left(facts: Facts, routes: tuple[ReadRoute, ...]) -> Left:
    """Return what a plan leaves on vans and at outlets whose parts can be picked up."""
    vans = {reads[0].route.technician: Van(reads) for reads in by_person(routes)}
    for reads in by_person(routes):
        for read in reads:
            vans[read.route.technician].drive(read, Fill())
    drawn: dict[str, Units] = {}
    for read in routes:
        for segment in read.segments:
            if segment.point is not None and segment.stop is not None:
                drawn.setdefault(segment.point.id, Counter()).update(units_of(segment.stop.parts))
    none: Units = Counter()
    places = [
        (person.van_stock, vans[name].used if name in vans else none)
        for name, person in facts.technicians.items()
    ]
    places += [
        (outlet.stock, drawn.get(name, none))
        for name, outlet in facts.outlets.items()
        if outlet.capacity is None
    ]
    return Left(tuple(places))


def find_earliest_date(facts: Facts, visit: Visit, left: Left) -> date | None:
    """Return the first day on which enough units of each part are left at one van or outlet."""
    begin, latest = facts.dates[0], facts.dates[0]
    for part, count in units_of(visit.parts).items():
        days = []
        for stocks, used in left.places:
            own = {one.available_on or begin for one in stocks if one.part == part}
            enough = [
                day for day in own if units_on(stocks, max(day, begin))[part] - used[part] >= count
            ]
            days += [max(day, begin) for day in enough]
        if not days:
            return None
        latest = max(latest, min(days))
    return latest


def can_be_had(facts: Facts, visit: Visit) -> bool:
    """Return whether some van and some outlet together have the parts on one of the days."""
    for day in set(facts.dates).intersection(visit.days or facts.dates):
        outlets = [
            units_on(outlet.stock, day) for outlet in facts.outlets.values() if not outlet.capacity
        ]
        vans = [units_on(person.van_stock, day) for person in facts.technicians.values()]
        none = [Counter[str]()]
        needs = units_of(visit.parts).items()
        if any(
            all(max(units[part] for units in outlets or none) + van[part] >= n for part, n in needs)
            for van in vans or none
        ):
            return True
    return False


def _check_dates(facts: Facts, plan: DayPlan, routes: tuple[ReadRoute, ...]) -> list[Violation]:
    """Check the earliest dates of visits whose parts are missing."""
    found: list[Violation] = []
    left = units_left(facts, routes)
    for entry in plan.unassigned:
        visit = facts.visits.get(entry.visit)
        if visit is None:
            continue
        expected = find_earliest_date(facts, visit, left) if visit.parts else None
        silent = entry.earliest_date is None and (not visit.parts or can_be_had(facts, visit))
        if entry.earliest_date != expected and not silent:
            said = str(entry.earliest_date)
            found.append(Violation("earliest_date_wrong", said, str(expected), None, visit.id))
    return found


class Fill:
    """Units that came from vans and from pick-ups."""

    def __init__(self) -> None:
        self.from_van = 0
        self.picked_up = 0


def by_person(routes: tuple[ReadRoute, ...]) -> Iterator[list[ReadRoute]]:
    """Yield the shifts of each person, one after the other; they share the van."""
    persons: dict[str, list[ReadRoute]] = {}
    for read in routes:
        if read.technician is not None and read.time is not None:
            persons.setdefault(read.technician.id, []).append(read)
    for reads in persons.values():
        yield sorted(reads, key=lambda read: read.route.start)


class Van:
    """One person's van through all shifts: what lies on it goes to the first who needs it."""

    def __init__(self, reads: list[ReadRoute]) -> None:
        person = reads[0].technician
        self.stocks = person.van_stock if person is not None else ()
        self.used: Units = Counter()

    def drive(self, read: ReadRoute, fill: Fill) -> list[Violation]:
        """Follow one shift; what is picked up serves only this shift."""
        found: list[Violation] = []
        taken: Units = Counter()
        there = units_on(self.stocks, read.time.date) if read.time else Counter()
        for segment in read.segments:
            stop = segment.stop
            if stop is None:
                continue
            if stop.kind == "pickup":
                taken += units_of(stop.parts)
                continue
            needs = _needed(segment)
            if segment.visit is not None and units_of(stop.parts) != needs:
                said, should = _show(units_of(stop.parts)), _show(needs)
                found.append(read.broken("parts_wrong", said, should, segment.visit.id))
            for part, units in sorted(needs.items()):
                van = min(units, max(0, there[part] - self.used[part]))
                self.used[part] += van
                picked = min(units - van, taken[part])
                taken[part] -= picked
                fill.from_van += van
                fill.picked_up += picked
                if van + picked < units:
                    said, should = f"{van + picked} of {part}", f"{units} of {part}"
                    found.append(read.broken("part_short", said, should, stop.visit))
        if +taken:
            expected = "nothing more than the visits need"
            found.append(read.broken("pickup_unused", f"{_show(+taken)} left over", expected))
        return found


def _needed(segment: Segment) -> Units:
    visit, stop = segment.visit, segment.stop
    if visit is None or stop is None or not is_first(stop.crew):
        return Counter()
    return units_of(visit.parts)


def _show(units: Units) -> str:
    return ", ".join(f"{count} of {part}" for part, count in sorted(units.items())) or "no parts"


def _check_stock(facts: Facts, plan: DayPlan, routes: tuple[ReadRoute, ...]) -> list[Violation]:
    """Check that nobody gives out more than is there on any day."""
    given: dict[str, list[tuple[date, Units]]] = {}
    for read in routes:
        for segment in read.segments:
            stop, outlet = segment.stop, segment.point
            if stop is not None and outlet is not None and read.time is not None:
                day = facts.date_of(facts.floor_second(stop.start))
                given.setdefault(outlet.id, []).append((day, units_of(stop.parts)))
    for service in plan.contracted:
        outlet = facts.outlets.get(service.outlet)
        # A contracted outlet that lists no stock brings what it needs.
        if outlet is None or not outlet.stock:
            continue
        served = [facts.visits[visit] for visit in service.visits if visit in facts.visits]
        needs = [need for visit in served for need in visit.parts]
        day = day_of(facts, service) or facts.dates[0]
        given.setdefault(outlet.id, []).append((day, units_of(needs)))
    found: list[Violation] = []
    for outlet_id, every in sorted(given.items()):
        found += _check_outlet(facts.outlets[outlet_id], every)
    return found


def _check_outlet(outlet: Outlet, given: list[tuple[date, Units]]) -> list[Violation]:
    found: list[Violation] = []
    reported: set[str] = set()
    for day in sorted({day for day, _ in given}):
        there, gone = units_on(outlet.stock, day), Counter[str]()
        for when, units in given:
            if when <= day:
                gone += units
        for part in sorted(gone):
            if gone[part] > there[part] and part not in reported:
                reported.add(part)
                said, should = f"{gone[part]} of {part} by {day}", f"at most {there[part]}"
                found.append(Violation("stock_exceeded", said, should, outlet.id))
    return found


def _fill_of(facts: Facts, plan: DayPlan, fill: Fill) -> PartFill | None:
    def units(ids: Iterable[str]) -> int:
        visits: list[Visit] = [facts.visits[one] for one in ids if one in facts.visits]
        return sum(need.quantity for visit in visits for need in visit.parts)

    missing = units(entry.visit for entry in plan.unassigned)
    stops = [stop for route in plan.routes for stop in route.stops]
    served = {stop.visit for stop in stops if stop.kind == "visit" and stop.visit is not None}
    own = [visit for service in plan.contracted for visit in service.visits]
    needed = units(served) + units(own) + missing
    if needed == 0:
        return None
    return PartFill(
        needed=needed, from_van=fill.from_van, picked_up=fill.picked_up, missing=missing
    )
