"""The exact optimum of a tiny day with everything, by trying everything.

Every order of every share of the seats on every person's shifts, every place of breaks, every
promise, every stop that can bring what the van lacks: each such *structure* is simulated second by
second. Structures of persons are combined, cheapest bound first; where people wait for each other
the starts move up until nobody moves (``together``). Waiting only ever adds to a price, so the
price of a structure alone is a bound.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from dispatch.domain import Day, Outlet, Technician
from dispatch.domain.travel_table import TravelTable
from tests.brute_rules import GRAIN
from tests.brute_whole_person import Search, Structure, structures
from tests.brute_whole_rules import WholeRules
from tests.brute_whole_shift import Route, grains_of, route_of


@dataclass(frozen=True)
class Whole:
    """The best of a day: what everybody does, who serves what else, what is left out."""

    weighted: Fraction
    routes: tuple[tuple[Technician, tuple[Route, ...]], ...]
    services: tuple[tuple[Outlet, object, tuple[int, ...]], ...]
    left: tuple[int, ...]
    grains: Counter


def optimum(day: Day, table: TravelTable) -> Whole:
    """Return the exact optimum of a tiny day (4 visits, 2 technicians: about a second)."""
    search = Search(WholeRules(day, table))
    people = [structures(search, person) for person in day.technicians]
    jobs = sorted(_jobs(search, people), key=lambda job: job[0])
    best: Whole | None = None
    for job in jobs:
        if best is not None and job[0] >= best.weighted * GRAIN:
            break
        best = _best_of(search, people, job, best)
    return best


def _jobs(search: Search, people) -> Iterator[tuple]:
    """Yield (least grains, seats of each person, contracted services, left out)."""
    services = list(_services(search))
    penalties = [search.rules.penalty(visit)[0] for visit in search.visits]
    for keys in itertools.product(*people):
        taken = [seat for key in keys for seat in key]
        if len(set(taken)) < len(taken):
            continue
        count = Counter(index for index, _ in taken)
        if any(count[i] != search.visits[i].crew_size for i in count):
            continue
        if not _linked(search, keys, set(count)):
            continue
        alone = sum(people[p][key][0].grains for p, key in enumerate(keys))
        for grains, service in services:
            served = {index for _, _, members in service for index in members}
            if served & set(count):
                continue
            left = tuple(i for i in range(len(penalties)) if i not in served and i not in count)
            total = alone + sum(grains.values()) + sum(penalties[i] for i in left)
            yield total, keys, (grains, service), left


def _linked(search: Search, keys, served: set[int]) -> bool:
    position = {visit.id: i for i, visit in enumerate(search.visits)}
    who = {seat: number for number, key in enumerate(keys) for seat in key}
    for index in served:
        for link in search.visits[index].links:
            other = position[link.after]
            if other not in served:
                return False
            if link.same_technician is True and who[index, 0] != who[other, 0]:
                return False
            mine = {who[s] for s in who if s[0] == index}
            theirs = {who[s] for s in who if s[0] == other}
            if link.same_technician is False and mine & theirs:
                return False
    return True


def _services(search: Search) -> Iterator[tuple[Counter, tuple]]:
    """Yield every way contracted outlets serve visits: grains by component, (outlet, day, who)."""
    rules = search.rules
    pools = [(o, when) for o in rules.day.outlets if o.capacity for when in rules.dates]
    prices = [[rules.contract_on(o, visit, when) for visit in search.visits] for o, when in pools]
    choices = [
        [None, *(q for q in range(len(pools)) if prices[q][i] is not None)]
        for i in range(len(search.visits))
    ]
    for chosen in itertools.product(*choices):
        members = {q: [i for i, c in enumerate(chosen) if c == q] for q in set(chosen) - {None}}
        if any(len(ids) > pools[q][0].capacity.visits_per_day for q, ids in members.items()):
            continue
        if not _enough(search, pools, members):
            continue
        grains: Counter = Counter()
        for q, ids in members.items():
            for i in ids:
                grains.update(prices[q][i])
        yield grains, tuple((*pools[q], tuple(ids)) for q, ids in sorted(members.items()))


def _enough(search: Search, pools, members) -> bool:
    """Each batch of an outlet's stock is there for its own visits of the day it comes on."""
    rules = search.rules
    for q, ids in members.items():
        outlet, when = pools[q]
        if not outlet.stock:
            continue
        need: Counter = Counter()
        for i in ids:
            for part in search.visits[i].parts:
                need[part.part] += part.quantity
        for part, units in need.items():
            there = sum(
                s.quantity
                for s in outlet.stock
                if s.part == part and max(s.available_on or rules.dates[0], rules.dates[0]) == when
            )
            if units > there:
                return False
    return True


def _best_of(search: Search, people, job, best: Whole | None) -> Whole | None:
    """Try all structures for these seats, cheapest first, while they can still win."""
    rules, (_, keys, service, left) = search.rules, job
    rest = sum(service[0].values()) + sum(rules.penalty(search.visits[i])[0] for i in left)
    lists = [people[p][key] for p, key in enumerate(keys)]
    least_after = [sum(every[0].grains for every in lists[n:]) for n in range(len(lists) + 1)]

    def limit() -> int | None:
        return None if best is None else int(best.weighted * GRAIN)

    def extend(chosen: list[Structure], grains: int) -> None:
        nonlocal best
        most = limit()
        if most is not None and grains + least_after[len(chosen)] + rest >= most:
            return
        if len(chosen) == len(lists):
            found = _timed(search, chosen, service, left)
            if found is not None and (best is None or found.weighted < best.weighted):
                best = found
            return
        for one in lists[len(chosen)]:
            most = limit()
            after = least_after[len(chosen) + 1]
            if most is not None and grains + one.grains + after + rest >= most:
                return
            extend([*chosen, one], grains + one.grains)

    extend([], 0)
    return best


def _timed(search: Search, chosen: list[Structure], service, left) -> Whole | None:
    """Check the stocks, let people wait for each other, price the whole."""
    rules, drawn = search.rules, Counter()
    for one in chosen:
        for outlet, part, units in one.takes:
            drawn[outlet, part] += units
    stock = {(o.id, s.part): s.quantity for o in rules.day.outlets for s in o.stock}
    if any(units > stock[key] for key, units in drawn.items()):
        return None
    routes = together(search, chosen)
    if routes is None:
        return None
    grains = Counter(service[0])
    for structure, own in zip(chosen, routes, strict=True):
        grains.update(grains_of(rules, structure.person, own))
    weighted = sum(grains.values()) + sum(rules.penalty(search.visits[i])[0] for i in left)
    grains["unassigned"] += sum(rules.penalty(search.visits[i])[1] for i in left)
    persons = tuple((s.person, tuple(own)) for s, own in zip(chosen, routes, strict=True))
    return Whole(Fraction(weighted, GRAIN), persons, service[1], left, grains)


def together(search: Search, chosen: list[Structure]) -> list[list[Route]] | None:
    """Move starts up until all crews and links hold; None if that ends in something illegal."""
    least: dict = {}
    while True:
        routes = [[route_of(s, acts, least) for s, acts in one.plans] for one in chosen]
        if any(route is None for own in routes for route in own):
            return None
        moved = dict(least)
        for key, moment in _bounds(search, routes):
            moved[key] = max(moved.get(key, 0), moment)
        starts = {
            (one.act.seat, route.shift.technician.id): one.start
            for own in routes
            for route in own
            for one in route.done
            if one.act.kind == "visit"
        }
        # A bound at or below the start it bounds moves nothing.
        if all(moment <= starts[key] for key, moment in moved.items()):
            return routes
        least = moved


def _bounds(search: Search, routes) -> Iterator[tuple]:
    done = [
        (one, route.shift.technician.id)
        for own in routes
        for route in own
        for one in route.done
        if one.act.kind == "visit"
    ]
    position = {visit.id: i for i, visit in enumerate(search.visits)}
    tolerance = search.rules.day.settings.crew_tolerance_s
    for (one, who), (other, whom) in itertools.permutations(done, 2):
        if one.act.seat[0] == other.act.seat[0]:
            yield (one.act.seat, who), other.start - tolerance
        for link in one.act.what.links:
            if position[link.after] != other.act.seat[0]:
                continue
            yield (one.act.seat, who), other.end + link.min_gap_s
            if link.max_gap_s is not None:
                lasts = other.end - other.start
                yield (other.act.seat, whom), one.start - link.max_gap_s - lasts
