"""One shift of a whole day, simulated second by second for the exhaustive search."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, replace
from typing import NamedTuple

from dispatch.domain import Technician
from tests.brute_rules import GRAIN, Way
from tests.brute_whole_rules import WholeRules

Seat = tuple[int, int]
"""(visit by position, member of its crew from 0)."""


class Act(NamedTuple):
    """One thing a technician does; ``what`` is a break's number, an outlet, or a visit."""

    kind: str
    what: object = None
    way: Way | None = None
    seat: Seat | None = None


class Done(NamedTuple):
    """An act with its moments; ``leg`` is the (seconds, meters) driven to it."""

    act: Act
    leg: tuple[int, int]
    reached: int
    arrival: int
    start: int
    end: int


@dataclass(frozen=True)
class Shift:
    """One shift with everything the simulation asks."""

    rules: WholeRules
    technician: Technician
    number: int
    begin: int
    leave: int
    end: int
    works: bool
    date: object
    pauses: tuple[tuple[int, int, int], ...]
    start_place: object
    end_place: object
    is_out: bool = False
    alone: tuple[int, int, int] = (0, 0, 0)
    """Of who is out: second, seconds and meters of going straight to the end place."""

    def most(self, name: str) -> int | None:
        """A limit of this shift, or else the person's."""
        own = getattr(self.technician.shifts[self.number], name)
        return getattr(self.technician, name) if own is None else own


@dataclass(frozen=True)
class Route:
    """A simulated shift: departure, return, acts, work, meters, seconds on the way."""

    shift: Shift
    leaves: int
    back: int
    done: tuple[Done, ...]
    work_s: int
    meters: int
    driven_s: int


def shifts_of(rules: WholeRules, technician: Technician) -> list[Shift]:
    """Return the shifts on which the technician works, in order of time."""
    home = next((o for o in rules.day.outlets if o.id == technician.outlet), None)
    made = []
    for number, span in enumerate(technician.shifts):
        begin, end = max(0, rules.second(span.start)), rules.second(span.end)
        when, leave, last = rules.date_of(begin), begin, end
        begins, ends = technician.start is None, technician.end is None
        hours = rules.hours_on(home, when) if home and (begins or ends) else (leave, last)
        if hours is None and span.out_at is None:
            continue
        hours = hours or (leave, last)
        leave = max(leave, hours[0]) if begins and span.out_at is None else leave
        last = min(last, hours[1]) if ends else last
        pauses = [
            (rules.second(b.earliest), rules.second(b.latest), b.duration_s) for b in span.breaks
        ]
        touched = tuple(sorted(p for p in pauses if p[1] >= begin and p[0] <= end))
        start, back = technician.start or home.place, technician.end or home.place
        one = Shift(rules, technician, number, begin, leave, last, True, when, touched, start, back)
        made.append(one if span.out_at is None else _out(one, span.out_at))
    return sorted(made, key=lambda shift: shift.begin)


def _out(shift: Shift, here) -> Shift:
    """The shift of who is out at a place: coming back must be possible, whatever it takes."""
    rules, profile = shift.rules, shift.technician.profile
    free, kept = shift.begin, []
    for earliest, latest, lasts in shift.pauses:
        begins = max(free, earliest)
        if begins <= latest:
            kept.append((earliest, latest, lasts))
            free = begins + lasts
    meters = rules.table.leg(profile, here, shift.end_place)[1]
    leaves = shift.begin
    for number in range(len(kept) + 1):
        back = free = rules.arrive(profile, here, shift.end_place, leaves)
        late = False
        for earliest, latest, lasts in kept[number:]:
            late |= max(free, earliest) > latest
            free = max(free, earliest) + lasts
        if not late:
            break
        leaves = max(leaves, kept[number][0]) + kept[number][2]
    alone = back, back - leaves, meters
    return replace(shift, pauses=tuple(kept), start_place=here, is_out=True, alone=alone)


def drive(shift: Shift, acts, leaves: int, least: dict) -> tuple[int, list[Done]] | None:
    """Do the acts as early as possible, leaving at ``leaves`` or later; None if one is illegal."""
    rules, person = shift.rules, shift.technician
    free, place, way, done = shift.begin, shift.start_place, (0, 0), list[Done]()
    for act in acts:
        if act.kind == "go":
            arrival = rules.arrive(person.profile, place, act.what, free)
            if arrival is None:
                return None
            meters = rules.table.leg(person.profile, place, act.what)[1]
            way, free, place = (arrival - free, meters), arrival, act.what
            continue
        if act.kind == "leave":
            free = max(free, shift.leave, leaves)
        one = _do(shift, act, free, way, least)
        if one is None:
            return None
        done.append(one)
        free, way = one.end, (0, 0)
    return free, done


def _do(shift: Shift, act: Act, free: int, way: tuple[int, int], least: dict) -> Done | None:
    """Do one act at the place; None if it cannot begin in time."""
    if act.kind == "rest":
        earliest, latest, lasts = shift.pauses[act.what]
        start = max(free, earliest, shift.begin)
        return Done(act, way, free, start, start, start + lasts) if start <= latest else None
    if act.kind == "pick":
        start = next((max(free, b) for b, e in act.what[1] if max(free, b) <= e), None)
        lasts = shift.rules.day.settings.pickup_s
        return None if start is None else Done(act, way, free, start, start, start + lasts)
    if act.kind == "visit":
        reached = free + act.what.access_s
        arrival = max(reached, act.way.earliest)
        if arrival > act.way.last:
            return None
        start = max(arrival, least.get((act.seat, shift.technician.id), 0))
        end = start + shift.rules.lasts(shift.technician, act.what)
        return Done(act, way, reached, arrival, start, end)
    return Done(act, way, free, free, free, free)


def route_of(shift: Shift, acts, least: dict) -> Route | None:
    """Return the shift with the latest departure that keeps the first arrival, None if illegal."""
    early = drive(shift, acts, shift.begin, least)
    if early is None:
        return None
    if shift.is_out:
        return _checked(shift, shift.begin, early[1])

    def first(done: list[Done]) -> int:
        return next(one.arrival for one in done if one.act.kind == "visit")

    arrival = first(early[1])
    low = next(one.end for one in early[1] if one.act.kind == "leave")
    high, best = arrival, early[1]
    while low < high:
        middle = (low + high + 1) // 2
        tried = drive(shift, acts, middle, least)
        if tried is not None and first(tried[1]) == arrival:
            low, best = middle, tried[1]
        else:
            high = middle - 1
    return _checked(shift, low, best)


def _checked(shift: Shift, leaves: int, done: list[Done]) -> Route | None:
    back = next(one.end for one in done if one.act.kind == "home")
    at = [one.act.kind for one in done]
    between = done[at.index("leave") : at.index("home")]
    rests = sum(one.end - one.start for one in between if one.act.kind == "rest")
    meters, seconds = sum(one.leg[1] for one in done), sum(one.leg[0] for one in done)
    latest = min(shift.end + shift.most("max_overtime_s"), shift.rules.last_second)
    if back > max(latest, shift.alone[0]):
        return None
    limits = (
        (shift.most("max_visits"), at.count("visit"), 0),
        (shift.most("max_distance_m"), meters, shift.alone[2]),
        (shift.most("max_driving_s"), seconds, shift.alone[1]),
    )
    if any(most is not None and value > max(most, least) for most, value, least in limits):
        return None
    return Route(shift, leaves, back, tuple(done), back - leaves - rests, meters, seconds)


def _surprises(rules: WholeRules, person: Technician, route: Route) -> int:
    """Grains for visits later than told, and for those before which others were told to come."""
    seated = [one for one in route.done if one.act.kind == "visit"]
    told = [one.act.what.told if one.act.seat[1] == 0 else None for one in seated]
    grains = 0
    for one, word in zip(seated, told, strict=True):
        if word is not None:
            over = one.arrival - rules.second(word.arrival) - rules.day.settings.disturbed_free_s
            grains += max(0, over) * rules.prices.disturbed_eta_per_min * GRAIN // 60
    for before, after in itertools.pairwise(told):
        if before and after and before.technician == after.technician == person.id:
            grains += (before.order > after.order) * rules.prices.disturbed_order * GRAIN
    return grains


def grains_of(rules: WholeRules, person: Technician, routes: list[Route]) -> Counter:
    """Return the price of a person's routes by component, in grains."""
    found: Counter = Counter()
    prices, settings = rules.prices, rules.day.settings
    hour = prices.work_per_hour if person.hour_fen is None else person.hour_fen
    km = prices.travel_per_km if person.km_fen is None else person.km_fen
    over = person.overtime_hour_fen
    over = prices.overtime_per_hour if over is None else over
    for route in routes:
        found["work"] += route.work_s * hour * GRAIN // 3600
        found["overtime"] += max(0, route.back - route.shift.end) * over * GRAIN // 3600
        found["travel"] += route.meters * km * GRAIN // 1000
        found["disturbed"] += _surprises(rules, person, route)
        for one in route.done:
            if one.act.kind != "visit":
                continue
            name = "emergency_arrival" if one.act.way.name == "arrival" else "lateness"
            found[name] += rules.late(one.act.way, one.arrival)
            if one.act.seat[1] == 0:
                found.update(rules.seat_parts(person, one.act.what, route.shift.date))
    work = person.carried_work_s + sum(route.work_s for route in routes)
    meters = person.carried_distance_m + sum(route.meters for route in routes)
    if settings.fair_work_s is not None:
        beyond = max(0, work - settings.fair_work_s)
        found["unfair"] += beyond * prices.unfair_work_per_hour * GRAIN // 3600
    if settings.fair_distance_m is not None:
        beyond = max(0, meters - settings.fair_distance_m)
        found["unfair"] += beyond * prices.unfair_distance_per_km * GRAIN // 1000
    return found
