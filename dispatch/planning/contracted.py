"""Contracted outlets that serve visits with their own people, as the solver's pools."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from dispatch.domain import ContractedCapacity, Day, Outlet, Visit
from dispatch.domain.travel_table import TravelTable
from dispatch.planning.clock import Clock
from dispatch.planning.codes import ReasonCode
from dispatch.planning.eligibility import NUMBER
from dispatch.planning.objective import (
    COST_SCALE,
    beyond_radius_units,
    late_rate,
    owes_arrival,
)
from dispatch.planning.responsible import Responsibility
from dispatch.planning.windows import received_s
from dispatch.standards import get_profile


def contracted_outlets(day: Day) -> tuple[Outlet, ...]:
    """Return the outlets that are a capacity resource, by id."""
    return tuple(sorted((o for o in day.outlets if o.capacity is not None), key=lambda o: o.id))


def get_capacity(outlet: Outlet) -> ContractedCapacity:
    """Return the capacity of a contracted outlet.

    Raises
    ------
    ValueError
        If the outlet is not a capacity resource.
    """
    if outlet.capacity is None:
        raise ValueError(f"outlet {outlet.id} has no capacity of its own")
    return outlet.capacity


def find_block(
    visit: Visit, outlet: Outlet, clock: Clock, day: Day, table: TravelTable
) -> ReasonCode | None:
    """Return the first rule that keeps a visit from a contracted outlet; capacity aside."""
    pinned = visit.pin is not None and bool(visit.pin.technician or visit.pin.arrival)
    skills = get_capacity(outlet).skills
    checks: tuple[tuple[ReasonCode, Callable[[], bool]], ...] = (
        (ReasonCode.EXCLUDED, lambda: outlet.id in visit.excluded),
        (ReasonCode.NOT_REQUIRED, lambda: bool(visit.required)),
        (ReasonCode.PINNED_ELSEWHERE, lambda: pinned),
        (ReasonCode.SKILL_MISSING, lambda: any(n.skill not in skills for n in visit.skills)),
        (ReasonCode.CONTRACTED_HOURS, lambda: not touches_hours(visit, outlet, clock, day)),
        # Only where an arrival is owed does the way decide; appointments are the outlet's own.
        (
            ReasonCode.UNREACHABLE,
            lambda: owes_arrival(visit) and table.leg("car", outlet.place, visit.place) is None,
        ),
    )
    return next((code for code, fails in checks if fails()), None)


def touches_hours(visit: Visit, outlet: Outlet, clock: Clock, day: Day) -> bool:
    """Return whether the outlet is open for some promise of the visit.

    Without promises: at any time of the day, for an emergency from its request on.
    """
    hours = clock.find_hours(outlet)
    if hours is None:
        return False
    if not outlet.opening_hours:
        return True
    opens, closes = hours
    tolerance = get_profile(day.standards).tolerance_min
    if not visit.promises:
        return received_s(visit, clock) <= closes and clock.horizon_end >= opens
    windows = [promise.window(tolerance) for promise in visit.promises]
    return any(
        clock.ceil(earliest) <= closes and clock.floor(latest) >= opens
        for earliest, latest in windows
    )


def emergency_lateness_s(
    visit: Visit, outlet: Outlet, clock: Clock, day: Day, table: TravelTable
) -> int:
    """Return how late a contracted outlet reaches an emergency that is owed an arrival.

    Arrival is ``max(received_at, opening) + response_s + leg_s``; 0 for all other visits, and
    where there is no way (the pair is forbidden then).
    """
    hours, leg = clock.find_hours(outlet), table.leg("car", outlet.place, visit.place)
    if not owes_arrival(visit) or hours is None or leg is None:
        return 0
    received = received_s(visit, clock)
    opens = hours[0] if outlet.opening_hours else received
    arrival = max(received, opens) + get_capacity(outlet).response_s + leg[0]
    return max(0, arrival - received - get_profile(day.standards).emergency_arrival_s)


def pool_tables(
    day: Day, visits: Sequence[Visit], clock: Clock, table: TravelTable, resp: Responsibility
) -> tuple[NDArray[np.int8], NDArray[np.int64]]:
    """Return failing rules and cost units, each shape (n, q), for the contracted outlets."""
    outlets = contracted_outlets(day)
    index = {outlet.id: i for i, outlet in enumerate(resp.outlets)}
    rules = np.zeros((len(visits), len(outlets)), dtype=np.int8)
    cost = np.zeros((len(visits), len(outlets)), dtype=np.int64)
    for j, outlet in enumerate(outlets):
        for i, visit in enumerate(visits):
            blocked = find_block(visit, outlet, clock, day, table)
            if blocked is not None:
                rules[i, j] = NUMBER[blocked]
                continue
            late = emergency_lateness_s(visit, outlet, clock, day, table)
            cost[i, j] = (
                get_capacity(outlet).price_fen * COST_SCALE
                + beyond_radius_units(day.prices, resp.beyond(i, index[outlet.id]))
                + (late_rate(day.prices, visit).cost(late) if late else 0)
            )
    return rules, cost
