"""Contracted outlets that serve visits with their own people."""

from __future__ import annotations

from dispatch.domain import ContractedCapacity, ContractedService, DayPlan, Outlet, Visit
from dispatch.domain.travel_table import TravelTable
from dispatch.referee.eligibility import beyond_this_referee
from dispatch.referee.facts import Facts
from dispatch.referee.legs import find_way
from dispatch.referee.promises import EMERGENCY_ARRIVAL_S, is_emergency, named_windows, received_s
from dispatch.referee.verdict import Violation


def check_contracted(facts: Facts, plan: DayPlan, travel: TravelTable) -> list[Violation]:
    """Return every rule a contracted service breaks."""
    found: list[Violation] = []
    taken: dict[str, int] = {}
    for service in plan.contracted:
        outlet = facts.outlets.get(service.outlet)
        capacity = outlet.capacity if outlet else None
        if outlet is None or capacity is None:
            expected = "a contracted outlet with a capacity"
            found.append(Violation("unknown_outlet", service.outlet, expected, service.outlet))
            continue
        taken[outlet.id] = taken.get(outlet.id, 0) + len(service.visits)
        found += _check_service(facts, travel, service, outlet, capacity)
    for outlet_id, count in taken.items():
        capacity = facts.outlets[outlet_id].capacity
        limit = capacity.visits_per_day if capacity else 0
        if count > limit:
            found.append(Violation("contracted_full", str(count), f"at most {limit}", outlet_id))
    return found


def _check_service(
    facts: Facts,
    travel: TravelTable,
    service: ContractedService,
    outlet: Outlet,
    capacity: ContractedCapacity,
) -> list[Violation]:
    found: list[Violation] = []
    for visit_id in service.visits:
        visit = facts.visits.get(visit_id)
        if visit is None:
            continue
        found += [
            Violation(code, was, should, outlet.id, visit.id)
            for code, was, should in _blocks(facts, travel, outlet, capacity, visit)
        ]
    return found


def _blocks(
    facts: Facts,
    travel: TravelTable,
    outlet: Outlet,
    capacity: ContractedCapacity,
    visit: Visit,
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
    if not touches_hours(facts, outlet, visit):
        found.append(("contracted_hours", "closed", "some promise inside the hours"))
    if is_emergency(visit) and not visit.promises:
        way = find_way(travel, "car", outlet.place, visit.place)
        if way.leg is None:
            found.append(("contracted_unreachable", "no way", "a way by car"))
    needs = beyond_this_referee(facts, visit)
    if needs is not None:
        found.append(("not_judged", needs, "none of these"))
    return found


def touches_hours(facts: Facts, outlet: Outlet, visit: Visit) -> bool:
    """Return whether the outlet is open for some promise of the visit.

    A visit without promises may be reached at any time, an emergency without promises at any
    time from ``received_at`` on.
    """
    hours = facts.hours(outlet)
    if not hours.open:
        return False
    if hours.opens is None or hours.closes is None:
        return True
    if visit.promises:
        return any(
            window.earliest <= hours.closes and window.latest >= hours.opens
            for window in named_windows(facts, visit)
        )
    not_before = received_s(facts, visit) if is_emergency(visit) else 0
    return not_before <= hours.closes and facts.horizon_end >= hours.opens


def find_emergency_lateness_s(
    facts: Facts, travel: TravelTable, outlet: Outlet, visit: Visit
) -> int | None:
    """Return how late a contracted outlet reaches an emergency; None without a way.

    Arrival is ``max(received_at, opening) + response_s + leg_s``; 0 for visits that are no
    emergency and for emergencies with promises (the outlet keeps its appointments itself).
    """
    if not is_emergency(visit) or visit.promises or outlet.capacity is None:
        return 0
    way = find_way(travel, "car", outlet.place, visit.place)
    if way.leg is None:
        return None
    received = received_s(facts, visit)
    opens = facts.hours(outlet).opens
    begins = received if opens is None else max(received, opens)
    arrival = begins + outlet.capacity.response_s + way.leg[0]
    return max(0, arrival - received - EMERGENCY_ARRIVAL_S)
