"""What a routing solution costs by the day's table of prices, component by component."""

from __future__ import annotations

from dataclasses import dataclass, fields

from dispatch.domain import CostBreakdown
from dispatch.planning.contracted import Pool, emergency_lateness_s, get_capacity
from dispatch.planning.eligibility import levels_above
from dispatch.planning.objective import (
    COST_SCALE,
    PER_MINUTE,
    beyond_radius_units,
    late_rate,
    owes_arrival,
    round_fen,
    unassigned_fen,
)
from dispatch.planning.translate import Translation
from dispatch.planning.windows import told_until
from solver.routing.solution import RoutingSolution, StepKind, Stop


@dataclass(slots=True)
class _Units:
    """Components of the price in cost units, summed exactly."""

    unassigned: int = 0
    lateness: int = 0
    emergency_arrival: int = 0
    work: int = 0
    overtime: int = 0
    travel: int = 0
    beyond_radius: int = 0
    over_qualified: int = 0
    not_preferred: int = 0
    not_last_technician: int = 0
    contracted: int = 0
    unfair: int = 0
    disturbed: int = 0


def price(t: Translation, solution: RoutingSolution) -> CostBreakdown:
    """Return the price of a solution by the day's table, each component rounded once."""
    units = _Units()
    for route in solution.routes:
        units.work += route.cost.work
        units.overtime += route.cost.overtime
        units.travel += route.cost.travel
        before: int | None = None
        for stop in route.stops:
            if stop.step.kind is StepKind.VISIT:
                _price_visit(t, route.vehicle, stop, units)
                units.disturbed += _disturbed(t, route.vehicle, stop, before)
                before = stop.step.index
    for q, members in enumerate(solution.pools):
        for index in members:
            _price_contracted(t, q, index, units)
    units.unfair = solution.shared_cost
    prices = t.day.prices
    for index in t.once(solution.unassigned):
        units.unassigned += unassigned_fen(prices, t.visits[index]) * COST_SCALE
    fen = {field.name: round_fen(getattr(units, field.name)) for field in fields(units)}
    return CostBreakdown(**fen, total=sum(fen.values()))


def _price_visit(t: Translation, vehicle: int, stop: Stop, units: _Units) -> None:
    prices, index, line = t.day.prices, stop.step.index, t.lines[vehicle]
    visit, member = t.seats[index]
    late = late_rate(prices, visit).cost(stop.lateness_s)
    if owes_arrival(visit):
        units.emergency_arrival += late
    else:
        units.lateness += late
    if member:
        return  # everything else concerns the first of a crew
    beyond = t.responsible.beyond(index, int(t.homes[vehicle]))
    units.beyond_radius += beyond_radius_units(prices, beyond)
    above = levels_above(visit.skills, line.technician.skills, line.date)
    units.over_qualified += above * prices.over_qualified_per_level * COST_SCALE
    if visit.preferred and line.technician.id not in visit.preferred:
        units.not_preferred += prices.not_preferred * COST_SCALE
    if visit.last_technician is not None and visit.last_technician != line.technician.id:
        units.not_last_technician += prices.not_last_technician * COST_SCALE


def _disturbed(t: Translation, vehicle: int, stop: Stop, before: int | None) -> int:
    """Return the units of what is not as the customer was told.

    Parameters
    ----------
    before
        The visit directly before on the route, None for the first.
    """
    prices, (visit, member) = t.day.prices, t.seats[stop.step.index]
    told, who = visit.told, t.lines[vehicle].technician.id
    if told is None or member:
        return 0
    late = max(0, stop.arrival - told_until(told, t.day, t.clock))
    units = late * prices.disturbed_eta_per_min * PER_MINUTE
    if told.technician != who:
        return units + prices.disturbed_technician * COST_SCALE
    if before is None or t.seats[before].member:
        return units
    earlier = t.visits[before].told
    swapped = earlier is not None and earlier.technician == who and earlier.order > told.order
    return units + (prices.disturbed_order * COST_SCALE if swapped else 0)


def _price_contracted(t: Translation, pool: int, index: int, units: _Units) -> None:
    outlet, visit = t.contracted[pool], t.visits[index]
    units.contracted += get_capacity(outlet).price_fen * COST_SCALE
    if visit.told is not None and visit.told.technician != outlet.id:
        units.disturbed += t.day.prices.disturbed_technician * COST_SCALE
    home = t.responsible.outlets.index(outlet)
    beyond = t.responsible.beyond(index, home)
    units.beyond_radius += beyond_radius_units(t.day.prices, beyond)
    late = emergency_lateness_s(visit, Pool(outlet, t.pool_days[pool]), t.clock, t.day, t.table)
    if late:
        units.emergency_arrival += late_rate(t.day.prices, visit).cost(late)
