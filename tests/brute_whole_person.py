"""Everything one person can do on a whole day: every order, break, promise and pick-up stop."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from dispatch.domain import Outlet, Technician, Visit
from tests.brute_whole_rules import WholeRules
from tests.brute_whole_shift import Act, Seat, Shift, grains_of, route_of, shifts_of


@dataclass(frozen=True)
class Structure:
    """What a person does on all shifts, moments aside; ``grains`` where nobody waits."""

    plans: tuple[tuple[Shift, tuple[Act, ...]], ...]
    grains: int
    takes: tuple[tuple[str, str, int], ...] = ()
    person: Technician | None = None


@dataclass
class Search:
    """One day being searched."""

    rules: WholeRules
    visits: list[Visit] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.visits = list(self.rules.day.visits)
        self.bound_visits = {
            i
            for i, visit in enumerate(self.visits)
            if visit.crew_size > 1 or visit.links or visit.id in self.rules.after
        }
        self.seats = [(i, m) for i, v in enumerate(self.visits) for m in range(v.crew_size)]


def orders(search: Search, shifts: list[Shift]) -> Iterator[tuple[tuple[Seat, ...], ...]]:
    """Yield every way to put some seats in order on the shifts of one person."""
    rules, able = search.rules, []
    for shift in shifts:
        person = shift.technician
        able.append(
            {
                s
                for s in search.seats
                if rules.may_sit(person, search.visits[s[0]], s[1], shift.date)
            }
        )
    every = sorted(set().union(*able)) if able else []
    for count in range(len(every) + 1):
        for chosen in itertools.permutations(every, count):
            if len({visit for visit, _ in chosen}) < count:
                continue
            for cuts in itertools.combinations_with_replacement(range(count + 1), len(shifts) - 1):
                edges = (0, *cuts, count)
                parts = tuple(chosen[a:b] for a, b in itertools.pairwise(edges))
                if all(set(part) <= able[i] for i, part in enumerate(parts)):
                    yield parts


def pickings(
    search: Search, shifts: list[Shift], order: tuple[tuple[Seat, ...], ...]
) -> Iterator[tuple[dict, tuple[tuple[str, str, int], ...]]]:
    """Yield ({(shift, position): stops on the way to it}, what is taken from which outlet)."""
    rules, person = search.rules, shifts[0].technician
    van = {part: rules.units(person.van_stock, part, rules.dates[0]) for part in _parts(search)}
    lacks = []
    for number, seats in enumerate(order):
        for position, (index, member) in enumerate(seats):
            for need in search.visits[index].parts if member == 0 else ():
                own = min(need.quantity, van[need.part])
                van[need.part] -= own
                if own < need.quantity:
                    lacks.append((number, position, need.part, need.quantity - own))
    choices = []
    for number, position, part, units in lacks:
        places = [
            (outlet, stock)
            for outlet in rules.day.outlets
            for stock in outlet.stock
            if outlet.capacity is None and stock.part == part and stock.quantity >= units
        ]
        choices.append(
            [
                (number, at, outlet, stock, part, units)
                for at in range(position + 1)
                for outlet, stock in places
            ]
        )
    for chosen in itertools.product(*choices):
        yield from _stops(search, chosen)


def _parts(search: Search) -> set[str]:
    return {need.part for visit in search.visits for need in visit.parts}


def _stops(search: Search, chosen) -> Iterator[tuple[dict, tuple]]:
    rules = search.rules
    stops: dict[tuple[int, int], dict[str, dict]] = {}
    since: dict[tuple[int, int, str], int] = {}
    takes: Counter = Counter()
    for number, at, outlet, stock, part, units in chosen:
        here = stops.setdefault((number, at), {}).setdefault(outlet.id, Counter())
        here[part] += units
        takes[outlet.id, part] += units
        if takes[outlet.id, part] > stock.quantity:
            return
        day = stock.available_on or rules.dates[0]
        if day > rules.dates[-1]:
            return
        begins = rules.span(max(day, rules.dates[0]))[0]
        key = (number, at, outlet.id)
        since[key] = max(since.get(key, 0), begins)
    outlets = {outlet.id: outlet for outlet in rules.day.outlets}
    ways = []
    for (number, at), by_outlet in stops.items():
        acts = []
        for name, units in by_outlet.items():
            spans = _openings(rules, outlets[name], since[number, at, name])
            acts.append(Act("pick", (outlets[name], spans, dict(units))))
        ways.append([((number, at), perm) for perm in itertools.permutations(acts)])
    for way in itertools.product(*ways):
        yield dict(way), tuple(sorted((*key, units) for key, units in takes.items()))


def _openings(rules: WholeRules, outlet: Outlet, since: int) -> list[tuple[int, int]]:
    if not outlet.opening_hours:
        return [(since, rules.last_second)]
    every = [span for when in rules.dates for span in rules.openings(outlet, when)]
    return [(max(begin, since), end) for begin, end in every if end >= since]


def schedules(shift: Shift, calls: list[tuple[tuple[Act, ...], Act]]) -> Iterator[tuple[Act, ...]]:
    """Yield the acts of a shift with its breaks in every place.

    Places: before leaving; before and after the travel of each leg (not before the first); after
    the end. A leg without length has one place.
    """
    stops = [act for picks, call in calls for act in (*picks, call)]
    places = [act.what[0].place if act.kind == "pick" else act.what.place for act in stops]
    legs = list(itertools.pairwise([shift.start_place, *places, shift.end_place]))
    count = len(shift.pauses)
    spots = range(2 * len(legs) + 1)
    # Who is out already takes no break before setting out: those at the place come after that.
    banned = {0 if shift.is_out else 1} | {
        2 * i + 2
        for i, (origin, target) in enumerate(legs[:-1])
        if i and shift.rules.table.leg(shift.technician.profile, origin, target) == (0, 0)
    }
    for chosen in itertools.combinations_with_replacement(spots, count):
        if any(spot in banned for spot in chosen):
            continue
        yield tuple(_laid_out(stops, legs, chosen))


def _laid_out(stops, legs, chosen: tuple[int, ...]) -> Iterator[Act]:
    """Write acts in order: spot 0 before leaving, 2i + 1 before and 2i + 2 after leg i's travel."""

    def rests(spot: int) -> Iterator[Act]:
        yield from (Act("rest", number) for number, at in enumerate(chosen) if at == spot)

    yield from rests(0)
    yield Act("leave")
    for number, (_, target) in enumerate(legs):
        yield from rests(2 * number + 1)
        yield Act("go", target)
        if number < len(stops):
            yield from rests(2 * number + 2)
            yield stops[number]
        else:
            yield Act("home")
            yield from rests(2 * number + 2)


def _alone(rules: WholeRules, person: Technician, plans) -> int | None:
    """Grains of a person's plans where nobody waits, None if they cannot be kept."""
    routes = [route_of(shift, acts, {}) for shift, acts in plans]
    if any(route is None for route in routes):
        return None
    return sum(grains_of(rules, person, routes).values())


def _idle(rules: WholeRules, person: Technician, shifts: list[Shift]) -> dict:
    """What a person without visits does: nothing, unless out already."""
    if any(shift.is_out for shift in shifts):
        return {}
    return {(): [Structure((), sum(grains_of(rules, person, []).values()), (), person)]}


def structures(search: Search, person: Technician) -> dict[tuple[Seat, ...], list[Structure]]:
    """Return what a person can do, by seats; alone only the cheapest for the same parts taken."""
    rules, shifts = search.rules, shifts_of(search.rules, person)
    found = _idle(rules, person, shifts)
    if not shifts:
        return found
    best: dict[tuple, Structure] = {}
    for order in orders(search, shifts):
        seats = tuple(sorted(itertools.chain(*order)))
        if not seats and () in found:
            continue
        bound = any(index in search.bound_visits for index, _ in seats)
        for picks, takes in pickings(search, shifts, order):
            for plans in _plans(search, shifts, order, picks):
                grains = _alone(rules, person, plans)
                if grains is None:
                    continue
                one = Structure(plans, grains, takes, person)
                if bound:
                    found.setdefault(seats, []).append(one)
                elif (seats, takes) not in best or best[seats, takes].grains > grains:
                    best[seats, takes] = one
    for (seats, _), one in best.items():
        found.setdefault(seats, []).append(one)
    return {seats: sorted(every, key=lambda s: s.grains) for seats, every in found.items()}


def _plans(search: Search, shifts, order, picks) -> Iterator[tuple]:
    """Yield every choice of promises and places of breaks."""
    per_shift = []
    for number, seats in enumerate(order):
        if not seats and not shifts[number].is_out:
            continue
        ways = [search.rules.ways(search.visits[index]) for index, _ in seats]
        options = []
        for chosen in itertools.product(*ways):
            calls = [
                (picks.get((number, at), ()), Act("visit", search.visits[seat[0]], way, seat))
                for at, (seat, way) in enumerate(zip(seats, chosen, strict=True))
            ]
            options += [(shifts[number], acts) for acts in schedules(shifts[number], calls)]
        per_shift.append(options)
    yield from itertools.product(*per_shift)
