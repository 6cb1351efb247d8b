"""The price of a plan from its moments and the price table: exact first, rounded once."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import floor

from dispatch.domain import CostBreakdown, DayPlan, Priority, Told, Visit
from dispatch.domain.travel_table import TravelTable
from dispatch.referee.contracted import day_of, find_emergency_lateness_s
from dispatch.referee.eligibility import is_first, levels_above
from dispatch.referee.facts import Facts
from dispatch.referee.promises import Owed, chosen, later_than_told_s
from dispatch.referee.radius import beyond_m, find_responsible
from dispatch.referee.reading import ReadRoute
from dispatch.referee.shift import distance_m, overtime_s
from dispatch.referee.verdict import Violation

COMPONENTS = tuple(name for name in CostBreakdown.model_fields if name != "total")


def work_s(facts: Facts, read: ReadRoute) -> int:
    """Return seconds from departure to the end place, without the breaks between."""
    rests = sum(
        facts.floor_second(stop.end) - facts.floor_second(stop.start)
        for segment in read.segments
        for stop in segment.breaks
    )
    return facts.floor_second(read.route.end) - facts.floor_second(read.route.start) - rests


def price_exactly(
    facts: Facts, travel: TravelTable, plan: DayPlan, routes: tuple[ReadRoute, ...]
) -> dict[str, Fraction]:
    """Return every component of the price, fen, before rounding."""
    exact = dict.fromkeys(COMPONENTS, Fraction(0))
    for read in routes:
        _price_route(facts, travel, read, exact)
        _price_visits(facts, travel, read, exact)
        exact["disturbed"] += _disturbed_fen(facts, read)
    _price_contracted(facts, travel, plan, exact)
    for entry in plan.unassigned:
        visit = facts.visits.get(entry.visit)
        if visit is not None:
            exact["unassigned"] += unassigned_fen(facts, visit)
    exact["unfair"] = _unfair_fen(facts, travel, routes)
    return exact


def _unfair_fen(facts: Facts, travel: TravelTable, routes: tuple[ReadRoute, ...]) -> Fraction:
    """Return the price of what persons do beyond the fair share; earlier days are carried over."""
    prices, settings, fen = facts.day.prices, facts.day.settings, Fraction(0)
    for person in facts.technicians.values():
        own = [read for read in routes if read.technician is person]
        work = person.carried_work_s + sum(work_s(facts, read) for read in own)
        meters = person.carried_distance_m + sum(distance_m(travel, read) for read in own)
        if settings.fair_work_s is not None:
            over = max(0, work - settings.fair_work_s)
            fen += Fraction(over * prices.unfair_work_per_hour, 3600)
        if settings.fair_distance_m is not None:
            over = max(0, meters - settings.fair_distance_m)
            fen += Fraction(over * prices.unfair_distance_per_km, 1000)
    return fen


def round_cost(exact: Mapping[str, Fraction]) -> CostBreakdown:
    """Round each component once (half up) and sum the rounded ones."""
    rounded = {name: floor(value + Fraction(1, 2)) for name, value in exact.items()}
    return CostBreakdown(**rounded, total=sum(rounded.values()))


def unassigned_fen(facts: Facts, visit: Visit) -> int:
    """Return the price of leaving a visit unassigned."""
    prices = facts.day.prices
    if not visit.mandatory and visit.priority is not Priority.EMERGENCY:
        return visit.value_fen or 0
    return {
        Priority.EMERGENCY: prices.unassigned_emergency,
        Priority.URGENT: prices.unassigned_urgent,
        Priority.IMPORTANT: prices.unassigned_important,
        Priority.GENERAL: prices.unassigned_general,
    }[visit.priority]


def late_fen(facts: Facts, visit: Visit, choice: Owed, arrival: int) -> Fraction:
    """Return the price of arriving then, exactly: as lateness or as emergency arrival."""
    rate = facts.day.prices.emergency_arrival_per_min
    if not choice.as_emergency:
        rate = _late_rate(facts, visit)
    return _minutes_fen(facts, choice.lateness_s(arrival), rate)


def _minutes_fen(facts: Facts, seconds: int, per_minute: int) -> Fraction:
    prices = facts.day.prices
    before = min(seconds, prices.late_knee_s)
    weighed = before + prices.late_factor_after_knee * (seconds - before)
    return Fraction(per_minute * weighed, 60)


def _price_route(
    facts: Facts, travel: TravelTable, read: ReadRoute, exact: dict[str, Fraction]
) -> None:
    if read.technician is None:
        return
    person, prices = read.technician, facts.day.prices
    hour = prices.work_per_hour if person.hour_fen is None else person.hour_fen
    kilometer = prices.travel_per_km if person.km_fen is None else person.km_fen
    over = person.overtime_hour_fen
    over = prices.overtime_per_hour if over is None else over
    exact["work"] += Fraction(work_s(facts, read) * hour, 3600)
    exact["overtime"] += Fraction(overtime_s(facts, read) * over, 3600)
    exact["travel"] += Fraction(distance_m(travel, read) * kilometer, 1000)


def _price_visits(
    facts: Facts, travel: TravelTable, read: ReadRoute, exact: dict[str, Fraction]
) -> None:
    if read.technician is None:
        return
    person, prices = read.technician, facts.day.prices
    for segment in read.served:
        stop, visit = segment.stop, segment.visit
        if stop is None or visit is None:
            continue
        arrival = facts.floor_second(stop.arrival)
        choice = chosen(facts, visit, stop.promise, arrival)
        component = "emergency_arrival" if choice.as_emergency else "lateness"
        exact[component] += late_fen(facts, visit, choice, arrival)
        if not is_first(stop.crew):
            continue
        outlet = find_responsible(facts, visit, facts.home(person))
        exact["beyond_radius"] += _beyond_fen(facts, beyond_m(facts, travel, visit, outlet))
        above = levels_above(person, visit, read.time.date) if read.time else 0
        exact["over_qualified"] += prices.over_qualified_per_level * above
        if visit.preferred and person.id not in visit.preferred:
            exact["not_preferred"] += prices.not_preferred
        if visit.last_technician is not None and visit.last_technician != person.id:
            exact["not_last_technician"] += prices.not_last_technician


def _disturbed_fen(facts: Facts, read: ReadRoute) -> Fraction:
    """Return the price of what is not as customers were told, on one route."""
    prices, fen = facts.day.prices, Fraction(0)
    before: Told | None = None
    for segment in read.served:
        stop, visit = segment.stop, segment.visit
        told = visit.told if visit and stop and is_first(stop.crew) else None
        if told is not None and visit is not None and stop is not None:
            fen += later_fen(facts, visit, facts.floor_second(stop.arrival))
            if told.technician != read.route.technician:
                fen += prices.disturbed_technician
                told = None
            elif before is not None and before.order > told.order:
                fen += prices.disturbed_order
        before = told
    return fen


def later_fen(facts: Facts, visit: Visit, arrival: int) -> Fraction:
    """Return the price of arriving later than the customer was told."""
    late = later_than_told_s(facts, visit, arrival)
    return Fraction(late * facts.day.prices.disturbed_eta_per_min, 60)


def _late_rate(facts: Facts, visit: Visit) -> int:
    prices = facts.day.prices
    rate = {
        Priority.EMERGENCY: prices.late_emergency_per_min,
        Priority.URGENT: prices.late_urgent_per_min,
        Priority.IMPORTANT: prices.late_important_per_min,
        Priority.GENERAL: prices.late_general_per_min,
    }[visit.priority]
    return rate * prices.late_factor_vip if visit.customer_class == "vip" else rate


def _beyond_fen(facts: Facts, meters: int) -> Fraction:
    if meters == 0:
        return Fraction(0)
    prices = facts.day.prices
    return prices.beyond_radius + Fraction(prices.beyond_radius_per_km * meters, 1000)


def _price_contracted(
    facts: Facts, travel: TravelTable, plan: DayPlan, exact: dict[str, Fraction]
) -> None:
    prices = facts.day.prices
    for service in plan.contracted:
        outlet = facts.outlets.get(service.outlet)
        if outlet is None or outlet.capacity is None:
            continue
        for visit_id in service.visits:
            visit = facts.visits.get(visit_id)
            if visit is None:
                continue
            exact["contracted"] += outlet.capacity.price_fen
            if visit.told is not None and visit.told.technician != outlet.id:
                exact["disturbed"] += prices.disturbed_technician
            responsible = find_responsible(facts, visit, outlet)
            beyond = beyond_m(facts, travel, visit, responsible)
            exact["beyond_radius"] += _beyond_fen(facts, beyond)
            day = day_of(facts, service) or facts.dates[0]
            late = find_emergency_lateness_s(facts, travel, outlet, visit, day) or 0
            rate = prices.emergency_arrival_per_min
            exact["emergency_arrival"] += _minutes_fen(facts, late, rate)


def check_cost(plan: DayPlan, cost: CostBreakdown) -> list[Violation]:
    """Return every component of the stated price that is not the recomputed one."""
    found: list[Violation] = []
    for name in COMPONENTS:
        stated, expected = getattr(plan.cost, name), getattr(cost, name)
        if stated != expected:
            found.append(Violation("cost_component", f"{name} {stated}", f"{name} {expected}"))
    total = sum(getattr(plan.cost, name) for name in COMPONENTS)
    if plan.cost.total != total:
        found.append(Violation("cost_total", str(plan.cost.total), str(total)))
    return found
