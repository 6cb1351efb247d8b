"""Contracted outlets that serve visits with their own people."""

from __future__ import annotations

from collections import Counter
from datetime import date

from dispatch.domain import ContractedCapacity, ContractedService, DayPlan, Outlet, Visit
from dispatch.domain.travel_table import TravelTable
from dispatch.referee.facts import Facts
from dispatch.referee.legs import find_way
from dispatch.referee.promises import (
    EMERGENCY_ARRIVAL_S,
    is_emergency,
    named_windows,
    received_s,
    touches_days,
)
from dispatch.referee.verdict import Violation


def check_contracted(facts: Facts, plan: DayPlan, travel: TravelTable) -> list[Violation]:
    """Return every rule a contracted service breaks."""
    found: list[Violation] = []
    taken: Counter[tuple[str, date]] = Counter()
    for service in plan.contracted:
        outlet = facts.outlets.get(service.outlet)
        capacity = outlet.capacity if outlet else None
        if outlet is None or capacity is None:
            expected = "a contracted outlet with a capacity"
            found.append(Violation("unknown_outlet", service.outlet, expected, service.outlet))
            continue
        if day_of(facts, service) is None:
            days = ", ".join(str(day) for day in facts.dates)
            found.append(Violation("contracted_day", str(service.day), days, outlet.id))
        taken[outlet.id, day_of(facts, service) or facts.dates[0]] += len(service.visits)
        found += _check_service(facts, travel, service, outlet, capacity)
    for (outlet_id, day), count in taken.items():
        capacity = facts.outlets[outlet_id].capacity
        limit = capacity.visits_per_day if capacity else 0
        if count > limit:
            expected = f"at most {limit} on {day}"
            found.append(Violation("contracted_full", str(count), expected, outlet_id))
    return found


def day_of(facts: Facts, service: ContractedService) -> date | None:
    """Return the day of a service: what the plan says, or the only day; None if it is neither."""
    if service.day is None:
        return facts.dates[0] if len(facts.dates) == 1 else None
    return service.day if service.day in facts.dates else None


def _check_service(
    facts: Facts,
    travel: TravelTable,
    service: ContractedService,
    outlet: Outlet,
    capacity: ContractedCapacity,
) -> list[Violation]:
    found: list[Violation] = []
    day = day_of(facts, service) or facts.dates[0]
    for visit_id in service.visits:
        visit = facts.visits.get(visit_id)
        if visit is None:
            continue
        blocks = _blocks(outlet, capacity, visit) + _chances(facts, travel, outlet, visit, day)
        if visit.crew_size > 1:
            blocks.append(("contracted_linked", f"a crew of {visit.crew_size}", "one technician"))
        if visit.links or visit.id in facts.awaited:
            blocks.append(("contracted_linked", "a linked visit", "no links"))
        found += [Violation(code, was, should, outlet.id, visit.id) for code, was, should in blocks]
    return found


def _blocks(
    outlet: Outlet, capacity: ContractedCapacity, visit: Visit
) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    if outlet.id in visit.excluded:
        found.append(("excluded", outlet.id, "somebody else"))
    if visit.required:
        found.append(("not_required", outlet.id, ", ".join(visit.required)))
    if visit.pin is not None and (visit.pin.technician or visit.pin.arrival):
        pinned = visit.pin.technician or str(visit.pin.arrival)
        found.append(("pinned_elsewhere", outlet.id, pinned))
    missing = [need.skill for need in visit.skills if need.skill not in capacity.skills]
    if missing:
        found.append(("skill_missing", "none", ", ".join(missing)))
    return found


def _chances(
    facts: Facts, travel: TravelTable, outlet: Outlet, visit: Visit, day: date
) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    if not touches_hours(facts, outlet, visit, day):
        found.append(("contracted_hours", "closed", f"some promise inside the hours of {day}"))
    if is_emergency(visit) and not visit.promises:
        way = find_way(travel, "car", outlet.place, visit.place)
        if way.leg is None:
            found.append(("contracted_unreachable", "no way", "a way by car"))
    return found


def _hours(facts: Facts, outlet: Outlet, day: date) -> tuple[int, int] | None:
    """Return opening and closing on a day; without hours the whole day, None if closed."""
    hours = facts.hours(outlet, day)
    if not hours.open:
        return None
    if hours.opens is None or hours.closes is None:
        return facts.span_of(day)
    return hours.opens, hours.closes


def touches_hours(facts: Facts, outlet: Outlet, visit: Visit, day: date) -> bool:
    """Return whether the outlet is open on the day for some promise of the visit.

    A visit without promises may be reached at any time of its days, an emergency without promises
    at any time from ``received_at`` on.
    """
    owed_arrival = is_emergency(visit) and not visit.promises
    hours = _hours(facts, outlet, day)
    if hours is None or (visit.days and not owed_arrival and day not in visit.days):
        return False
    if len(facts.dates) == 1 and not outlet.opening_hours:
        return True
    opens, closes = hours
    if visit.promises:
        return any(
            window.earliest <= closes and window.latest >= opens
            for window in named_windows(facts, visit)
            if touches_days(facts, visit, window)
        )
    not_before = received_s(facts, visit) if owed_arrival else 0
    return not_before <= closes and facts.horizon_end >= opens


def find_emergency_lateness_s(
    facts: Facts, travel: TravelTable, outlet: Outlet, visit: Visit, day: date
) -> int | None:
    """Return how late a contracted outlet reaches an emergency; None without a way.

    Leaves at ``max(received_at, opening) + response_s``; 0 for visits that are no emergency and
    for emergencies with promises (the outlet keeps its appointments itself).
    """
    if not is_emergency(visit) or visit.promises or outlet.capacity is None:
        return 0
    road = find_way(travel, "car", outlet.place, visit.place).road
    if road is None:
        return None
    received, hours = received_s(facts, visit), _hours(facts, outlet, day)
    always = not outlet.opening_hours and len(facts.dates) == 1
    begins = received if always or hours is None else max(received, hours[0])
    arrival = road.arrive(begins + outlet.capacity.response_s)
    return max(0, arrival - received - EMERGENCY_ARRIVAL_S)
