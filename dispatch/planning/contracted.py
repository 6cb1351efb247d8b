"""Contracted outlets that serve visits with their own people, as the solver's pools."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dispatch.domain import ContractedCapacity, Day, Outlet, Visit
from dispatch.domain.travel_table import TravelTable
from dispatch.planning.clock import Clock
from dispatch.planning.codes import ReasonCode
from dispatch.planning.drive import find_drive_s
from dispatch.planning.eligibility import NUMBER
from dispatch.planning.objective import (
    COST_SCALE,
    beyond_radius_units,
    late_rate,
    owes_arrival,
)
from dispatch.planning.responsible import Responsibility
from dispatch.planning.seats import Seat
from dispatch.planning.windows import may_be_on, received_s
from dispatch.standards import get_profile


def contracted_outlets(day: Day) -> tuple[Outlet, ...]:
    """Return the outlets that are a capacity resource, by id."""
    return tuple(sorted((o for o in day.outlets if o.capacity is not None), key=lambda o: o.id))


class Pool(NamedTuple):
    """A contracted outlet on one day of the horizon, with that day's capacity."""

    outlet: Outlet
    day: date


def contracted_pools(day: Day, clock: Clock) -> tuple[Pool, ...]:
    """Return the solver's pools by outlet id and day."""
    return tuple(Pool(outlet, when) for outlet in contracted_outlets(day) for when in clock.dates)


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
    visit: Visit, pool: Pool, clock: Clock, day: Day, table: TravelTable, *, is_linked: bool = False
) -> ReasonCode | None:
    """Return the first rule that keeps a visit from a contracted outlet; capacity aside."""
    outlet = pool.outlet
    pinned = visit.pin is not None and bool(visit.pin.technician or visit.pin.arrival)
    skills = get_capacity(outlet).skills
    checks: tuple[tuple[ReasonCode, Callable[[], bool]], ...] = (
        (ReasonCode.EXCLUDED, lambda: outlet.id in visit.excluded),
        (ReasonCode.NOT_REQUIRED, lambda: bool(visit.required)),
        (ReasonCode.PINNED_ELSEWHERE, lambda: pinned),
        (ReasonCode.SKILL_MISSING, lambda: any(n.skill not in skills for n in visit.skills)),
        (ReasonCode.CONTRACTED_HOURS, lambda: not touches_hours(visit, pool, clock, day)),
        # Only where an arrival is owed does the way decide; appointments are the outlet's own.
        (
            ReasonCode.UNREACHABLE,
            lambda: owes_arrival(visit) and table.leg("car", outlet.place, visit.place) is None,
        ),
        (ReasonCode.LINKED, lambda: is_linked),
        (ReasonCode.CREW, lambda: visit.crew_size > 1),
    )
    return next((code for code, fails in checks if fails()), None)


def another(visit: Visit, pool: Pool) -> bool:
    """Return whether the customer was told somebody else than the contracted outlet."""
    return visit.told is not None and visit.told.technician != pool.outlet.id


def touches_hours(visit: Visit, pool: Pool, clock: Clock, day: Day) -> bool:
    """Return whether the outlet is open on the pool's day for some promise of the visit.

    Without promises: at any time of the day, for an emergency from its request on.
    """
    if not may_be_on(visit, pool.day):
        return False
    hours = _hours(pool, clock)
    if hours is None:
        return False
    if not pool.outlet.opening_hours and len(clock.dates) == 1:
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


def _hours(pool: Pool, clock: Clock) -> tuple[int, int] | None:
    if pool.outlet.opening_hours:
        return clock.find_hours(pool.outlet, pool.day)
    return clock.span(pool.day)


def emergency_lateness_s(
    visit: Visit, pool: Pool, clock: Clock, day: Day, table: TravelTable
) -> int:
    """Return how late a contracted outlet reaches an emergency that is owed an arrival.

    Arrival is ``max(received_at, opening) + response_s + leg_s``; 0 for all other visits, and
    where there is no way (the pair is forbidden then).
    """
    outlet, hours = pool.outlet, _hours(pool, clock)
    if not owes_arrival(visit) or hours is None:
        return 0
    received = received_s(visit, clock)
    always = not outlet.opening_hours and len(clock.dates) == 1
    leaves = (received if always else max(received, hours[0])) + get_capacity(outlet).response_s
    seconds = find_drive_s(table, "car", outlet.place, visit.place, leaves)
    if seconds is None:
        return 0
    arrival = leaves + seconds
    return max(0, arrival - received - get_profile(day.standards).emergency_arrival_s)


def pool_tables(
    day: Day,
    seats: Sequence[Seat],
    clock: Clock,
    table: TravelTable,
    resp: Responsibility,
    *,
    linked: Collection[str] = (),
) -> tuple[NDArray[np.int8], NDArray[np.int64]]:
    """Return failing rules and cost units, each shape (n, q), for the contracted outlets.

    Parameters
    ----------
    linked
        Ids of visits at either side of a link.
    """
    pools = contracted_pools(day, clock)
    index = {outlet.id: i for i, outlet in enumerate(resp.outlets)}
    rules = np.zeros((len(seats), len(pools)), dtype=np.int8)
    cost = np.zeros((len(seats), len(pools)), dtype=np.int64)
    for j, pool in enumerate(pools):
        for i, (visit, _) in enumerate(seats):
            blocked = find_block(visit, pool, clock, day, table, is_linked=visit.id in linked)
            if blocked is not None:
                rules[i, j] = NUMBER[blocked]
                continue
            late = emergency_lateness_s(visit, pool, clock, day, table)
            cost[i, j] = (
                get_capacity(pool.outlet).price_fen * COST_SCALE
                + beyond_radius_units(day.prices, resp.beyond(i, index[pool.outlet.id]))
                + (late_rate(day.prices, visit).cost(late) if late else 0)
                + (day.prices.disturbed_technician * COST_SCALE if another(visit, pool) else 0)
            )
    return rules, cost
