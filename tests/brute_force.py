"""The exact optimum of a small day: every assignment, order, promise and place of breaks.

Routes of one technician are found over subsets of visits (Held and Karp 1962, "A dynamic
programming approach to sequencing problems"): a state is (visits served, last visit, breaks
taken), its labels are (free at, grains so far) and a label is dropped if another is free no later
and no dearer. ``literal_route`` tries everything one by one instead; a test compares the two.
Subsets are then shared out among technicians, contracted outlets and "nobody".
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from dispatch.domain import Day, DayPlan, Technician, Visit
from dispatch.domain.travel_table import TravelTable
from tests.brute_plan import Rest, Served, write_plan
from tests.brute_rules import GRAIN, Rules

Acts = tuple[Rest | Served, ...]


class Label(NamedTuple):
    """Free at, grains so far (return not yet paid), what was done, departure, return."""

    free: int
    grains: int
    acts: Acts
    departure: int = 0
    back: int = 0


@dataclass(frozen=True)
class Optimum:
    """The best plan of a day.

    Attributes
    ----------
    weighted
        Exact fen with mandatory visits (and always emergencies) weighed 10 000 times.
    price
        Exact fen as the plan reports it.
    plan
        A plan that costs that much.
    """

    weighted: Fraction
    price: Fraction
    plan: DayPlan


class Line:
    """One technician's shift: all routes it can drive."""

    def __init__(self, rules: Rules, technician: Technician, shift: int) -> None:
        self.rules, self.technician, self.shift = rules, technician, shift
        span, day = technician.shifts[shift], rules.day
        home = next((o for o in day.outlets if o.id == technician.outlet), None)
        self.begin = max(0, rules.second(span.start))
        self.leave, self.end = self.begin, rules.second(span.end)
        begins, ends = technician.start is None, technician.end is None
        hours = rules.hours(home) if home and (begins or ends) else (self.leave, self.end)
        self.works = hours is not None
        if hours is not None:
            self.leave = max(self.leave, hours[0]) if begins else self.leave
            self.end = min(self.end, hours[1]) if ends else self.end
        shift_end = rules.second(span.end)
        pauses = [
            (rules.second(b.earliest), rules.second(b.latest), b.duration_s) for b in span.breaks
        ]
        self.pauses = sorted(p for p in pauses if p[1] >= self.begin and p[0] <= shift_end)
        self.start_place = technician.start or home.place
        self.end_place = technician.end or home.place
        prices = rules.prices
        hour, over, km = technician.hour_fen, technician.overtime_hour_fen, technician.km_fen
        self.per_second = (prices.work_per_hour if hour is None else hour) * (GRAIN // 3600)
        self.per_over = (prices.overtime_per_hour if over is None else over) * (GRAIN // 3600)
        self.per_meter = (prices.travel_per_km if km is None else km) * (GRAIN // 1000)
        self.last_back = min(self.end + technician.max_overtime_s, rules.last_second)

    def leg(self, origin, destination):
        return self.rules.table.leg(self.technician.profile, origin, destination)

    def rest(self, free: int, upto: range, where: str) -> tuple[int, Acts] | None:
        """Take the breaks one after another; None if one would start too late."""
        acts = []
        for number in upto:
            earliest, latest, lasts = self.pauses[number]
            start = max(free, earliest, self.begin)
            if start > latest:
                return None
            acts.append(Rest(number, start, start + lasts, where))
            free = start + lasts
        return free, tuple(acts)

    def paid_rest(self, upto: range) -> int:
        return sum(self.pauses[number][2] for number in upto) * self.per_second

    def arrivals(self, visit: Visit, reached: int) -> Iterator[tuple[int, int, Served]]:
        for way in self.rules.ways(visit):
            arrival = max(reached, way.earliest)
            if arrival <= way.last:
                grains = self.rules.late(way, arrival)
                grains += self.rules.fit_price(self.technician, visit)
                yield arrival + visit.service_s, grains, Served(visit, way, reached, arrival)

    def first(self, visit: Visit) -> Iterator[tuple[int, Label]]:
        leg, count = self.leg(self.start_place, visit.place), len(self.pauses)
        if leg is None:
            return
        for home, there in itertools.combinations_with_replacement(range(count + 1), 2):
            before = self.rest(self.begin, range(home), "start")
            if before is None:
                continue
            ready = max(before[0], self.leave)
            at_place = self.rest(ready + leg[0], range(home, there), "next")
            if at_place is None:
                continue
            for free, grains, served in self.arrivals(visit, at_place[0] + visit.access_s):
                departure = self.latest(served, range(home, there)) - leg[0]
                again = self.rest(departure + leg[0], range(home, there), "next")
                reached = again[0] + visit.access_s
                total = grains + leg[1] * self.per_meter - departure * self.per_second
                total -= self.paid_rest(range(home, there))
                acts = (*before[1], *again[1], served._replace(reached=reached))
                yield there, Label(free, total, acts, departure)

    def latest(self, served: Served, pauses: range) -> int:
        """Latest moment at the first place that keeps its arrival."""
        moment = served.arrival - served.visit.access_s
        for number in reversed(pauses):
            moment = min(self.pauses[number][1], moment - self.pauses[number][2])
        return moment

    def follow(self, label: Label, taken: int, last: Visit, visit: Visit):
        leg = self.leg(last.place, visit.place)
        if leg is None:
            return
        for here in range(taken, len(self.pauses) + 1):
            stay = self.rest(label.free, range(taken, here), "here")
            if stay is None:
                return
            for there in range(here, len(self.pauses) + 1):
                there_rest = self.rest(stay[0] + leg[0], range(here, there), "next")
                if there_rest is None:
                    break
                for free, grains, served in self.arrivals(visit, there_rest[0] + visit.access_s):
                    total = label.grains + grains + leg[1] * self.per_meter
                    total -= self.paid_rest(range(taken, there))
                    acts = (*label.acts, *stay[1], *there_rest[1], served)
                    yield there, Label(free, total, acts, label.departure)

    def home(self, label: Label, taken: int, last: Visit) -> Iterator[Label]:
        leg = self.leg(last.place, self.end_place)
        if leg is None:
            return
        for here in range(taken, len(self.pauses) + 1):
            stay = self.rest(label.free, range(taken, here), "here")
            if stay is None:
                return
            back = stay[0] + leg[0]
            after = self.rest(back, range(here, len(self.pauses)), "end")
            if after is None or back > self.last_back:
                continue
            grains = label.grains + leg[1] * self.per_meter + back * self.per_second
            grains += max(0, back - self.end) * self.per_over
            grains -= self.paid_rest(range(taken, here))
            yield Label(back, grains, (*label.acts, *stay[1], *after[1]), label.departure, back)


def best_routes(line: Line, visits: list[Visit]) -> dict[int, Label]:
    """Cheapest route for every set of visits (bit mask) one shift can serve."""
    able = [i for i, visit in enumerate(visits) if line.rules.may(line.technician, visit)]
    if not line.works:
        return {}
    layer: dict[tuple[int, int, int], list[Label]] = {}
    for i in able:
        for taken, label in line.first(visits[i]):
            _keep(layer, (1 << i, i, taken), label)
    best: dict[int, Label] = {}
    while layer:
        for (mask, last, taken), labels in layer.items():
            ends = [done for label in labels for done in line.home(label, taken, visits[last])]
            known = [best[mask]] if mask in best else []
            if known or ends:
                best[mask] = min(known + ends, key=lambda label: label.grains)
        layer = _extended(line, visits, able, layer)
    return best


def _extended(line: Line, visits: list[Visit], able: list[int], layer: dict) -> dict:
    """Serve one more visit in every way."""
    following: dict[tuple[int, int, int], list[Label]] = {}
    for (mask, last, taken), labels in layer.items():
        for i in able:
            if mask >> i & 1:
                continue
            for label in labels:
                for now, new in line.follow(label, taken, visits[last], visits[i]):
                    _keep(following, (mask | 1 << i, i, now), new)
    return following


def _keep(layer: dict, state: tuple[int, int, int], label: Label) -> None:
    labels = layer.setdefault(state, [])
    if any(one.free <= label.free and one.grains <= label.grains for one in labels):
        return
    labels[:] = [o for o in labels if not (label.free <= o.free and label.grains <= o.grains)]
    labels.append(label)


def literal_route(line: Line, visits: list[Visit]) -> int | None:
    """Grains of the cheapest route over exactly these visits, trying everything; None = none."""
    best: int | None = None
    if not line.works or not all(line.rules.may(line.technician, visit) for visit in visits):
        return None
    for order in itertools.permutations(visits):
        ways = list(line.first(order[0]))
        for last, visit in itertools.pairwise(order):
            ways = [new for taken, label in ways for new in line.follow(label, taken, last, visit)]
        ends = [done.grains for taken, label in ways for done in line.home(label, taken, order[-1])]
        best = min(ends if best is None else [best, *ends], default=best)
    return best


def optimum(day: Day, table: TravelTable) -> Optimum:
    """Return the exact optimum of a small day (6 visits and 3 technicians take a second)."""
    rules, visits = Rules(day, table), list(day.visits)
    lines = [Line(rules, t, shift) for t in day.technicians for shift in range(len(t.shifts))]
    penalties = [rules.penalty(visit) for visit in visits]
    # What is done with a set of visits so far: (weighted grains, plan grains, choices).
    shared: dict[int, tuple[int, int, tuple]] = {0: (0, 0, ())}
    for line in lines:
        routes = best_routes(line, visits)
        options = {mask: (r.grains, r.grains, (line, r)) for mask, r in routes.items()}
        shared = _share(shared, options)
    for outlet in day.outlets:
        if outlet.capacity is not None:
            shared = _share(shared, _contract(rules, outlet, visits))
    full = (1 << len(visits)) - 1
    best = None
    for mask, (weighted, grains, choices) in shared.items():
        left = [i for i in range(len(visits)) if not mask >> i & 1]
        total = weighted + sum(penalties[i][0] for i in left)
        price = grains + sum(penalties[i][1] for i in left)
        if best is None or total < best[0]:
            best = total, price, choices, full & ~mask
    weighted, price, choices, left_mask = best
    left = [visit for i, visit in enumerate(visits) if left_mask >> i & 1]
    exact = Fraction(price, GRAIN)
    return Optimum(Fraction(weighted, GRAIN), exact, write_plan(rules, choices, left))


def weighted_price(day: Day, table: TravelTable, plan: DayPlan, exact: Fraction) -> Fraction:
    """Return what the search pays for a plan whose exact price (fen) is known."""
    rules, visits = Rules(day, table), {visit.id: visit for visit in day.visits}
    left = [rules.penalty(visits[entry.visit]) for entry in plan.unassigned]
    return exact + Fraction(sum(weighted - price for weighted, price in left), GRAIN)


def _contract(rules: Rules, outlet, visits: list[Visit]) -> dict:
    prices = [rules.contract_price(outlet, visit) for visit in visits]
    able = [i for i, grains in enumerate(prices) if grains is not None]
    options = {}
    for count in range(1, min(outlet.capacity.visits_per_day, len(able)) + 1):
        for chosen in itertools.combinations(able, count):
            grains = sum(prices[i] for i in chosen)
            mask = sum(1 << i for i in chosen)
            options[mask] = (grains, grains, (outlet, [visits[i].id for i in chosen]))
    return options


def _share(shared: dict, options: dict) -> dict:
    """Combine disjoint sets of visits, keeping the cheapest way to do each union."""
    best = dict(shared)
    for mask, (weighted, grains, choices) in shared.items():
        for other, (more, price, choice) in options.items():
            union = mask | other
            if mask & other or (union in best and best[union][0] <= weighted + more):
                continue
            best[union] = weighted + more, grains + price, (*choices, choice)
    return best
