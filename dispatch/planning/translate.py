"""From a day to a routing problem: days become seconds, ids become indices, prices become units.

Everything is sorted by id first, so the order of rows in the input changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from dispatch.domain import Day, Outlet, Prices, Visit
from dispatch.domain.travel_table import TravelTable
from dispatch.errors import Fault, InvalidRequest
from dispatch.planning.agreed import agreed
from dispatch.planning.arrays import (
    breaks_arrays,
    int32,
    int64,
    travel_arrays,
    vehicles_arrays,
    visits_arrays,
    windows_arrays,
)
from dispatch.planning.canonical import canonical
from dispatch.planning.clock import Clock
from dispatch.planning.codes import PlanningFault, ReasonCode
from dispatch.planning.contracted import contracted_pools, get_capacity, pool_tables
from dispatch.planning.eligibility import (
    NUMBER,
    shifts_by_technician,
    skill_tables,
    technician_rules,
)
from dispatch.planning.extras import fair_shares, links, route_limits, rush_hours, service_times
from dispatch.planning.objective import COST_SCALE, PER_KM, is_weighed, unassigned_fen
from dispatch.planning.responsible import Responsibility, responsibility
from dispatch.planning.seats import Seat, linked_ids, seats_of, stranded_ids
from dispatch.planning.shifts import ShiftLine, shift_lines
from dispatch.planning.stock import PartTable, part_table
from dispatch.planning.weight import is_cost_fault, make_weighed
from dispatch.planning.windows import WindowLine, window_lines
from solver.errors import InvalidProblem
from solver.routing.problem import FORBIDDEN, RoutingProblem

Int8 = NDArray[np.int8]
Int64 = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Translation:
    """A day and its routing problem, index by index.

    Attributes
    ----------
    seats
        Visit i of the problem: one technician's place at a visit, n of them for a crew of n.
    visits
        The visit of each seat; one with a crew of n stands n times.
    lines
        Vehicle j of the problem.
    windows
        Window w of the problem.
    contracted, pool_days
        Pool q of the problem: a contracted outlet on a day.
    rules
        Shape (n, k), first rule that keeps a shift off, 0 where none does.
    pool_rules
        Shape (n, q), the same for contracted outlets.
    responsible
        Responsible outlets and radii.
    homes
        Shape (k,), index of each shift's outlet in ``responsible.outlets``, -1 without one.
    parts
        Parts and pick-up points of the problem; None if no visit needs any.
    weight
        How many times its price a visit that must not be left out weighs in the search.
    """

    day: Day
    table: TravelTable
    clock: Clock
    seats: tuple[Seat, ...]
    visits: tuple[Visit, ...]
    lines: tuple[ShiftLine, ...]
    windows: tuple[WindowLine, ...]
    contracted: tuple[Outlet, ...]
    pool_days: tuple[date, ...]
    rules: Int8
    pool_rules: Int8
    responsible: Responsibility
    homes: Int64
    parts: PartTable | None
    weight: int
    problem: RoutingProblem

    def once(self, indices: Iterable[int]) -> list[int]:
        """Return the indices of first seats among ``indices``: each visit once."""
        return [i for i in indices if self.seats[i].member == 0]


def translate(day: Day, table: TravelTable, aside: Sequence[str] = ()) -> Translation:
    """Translate a day.

    Parameters
    ----------
    day
        A checked day.
    table
        Travel between all its places; at least one.
    aside
        Ids of quarantined visits; they are not part of the problem.

    Raises
    ------
    InvalidRequest
        D7001 if prices are so high that costs could leave 64 bits, D7002 if a van's stock grows
        between two shifts.
    """
    written, day = day, canonical(day)
    left_out = set(aside)
    clock = Clock(day)
    seats = seats_of([v for v in day.visits if v.id not in left_out])
    lines = shift_lines(day, clock, table)
    by_visit = {seat.visit.id: window_lines(day, seat.visit, clock) for seat in seats}
    windows = [by_visit[seat.visit.id] for seat in seats]
    stranded = stranded_ids(day.visits, left_out)
    who = _eligible(day, seats, lines, windows, table=table, stranded=stranded)
    pools = contracted_pools(day, clock)
    linked = linked_ids(day.visits)
    pool_rules, pool_cost = pool_tables(day, seats, clock, table, who.responsible, linked=linked)
    pool_cost[pool_rules > 0] = FORBIDDEN
    parts = part_table(day, seats, lines, pools, table=table, clock=clock)
    # A visit that cannot arrive at all keeps one window, which nobody is allowed to use.
    end = clock.horizon_end
    offered = tuple(w or (WindowLine(None, end, end, end),) for w in windows)

    def make(weight: int) -> RoutingProblem:
        return RoutingProblem(
            **travel_arrays(table),
            **visits_arrays(day, seats, table, weight),
            **windows_arrays(offered),
            **vehicles_arrays(day.prices, lines, table),
            **breaks_arrays(lines),
            assignment_cost=np.ascontiguousarray(who.extra),
            pool_capacity=int32([get_capacity(pool.outlet).visits_per_day for pool in pools]),
            pool_cost=np.ascontiguousarray(pool_cost),
            rush_hours=rush_hours(table),
            parts=None if parts is None else parts.arrays,
            links=links(day, seats, lines),
            limits=route_limits(lines),
            fair_shares=fair_shares(day, lines),
            service_times=service_times(written, seats, lines),
            agreed=agreed(day, seats, lines, clock),
        )

    weight, problem = _weighed(day, seats, make)
    return Translation(
        day=day,
        table=table,
        clock=clock,
        seats=seats,
        visits=tuple(seat.visit for seat in seats),
        lines=lines,
        windows=tuple(line for lines_of_visit in offered for line in lines_of_visit),
        contracted=tuple(pool.outlet for pool in pools),
        pool_days=tuple(pool.day for pool in pools),
        rules=who.rules,
        pool_rules=pool_rules,
        responsible=who.responsible,
        homes=who.homes,
        parts=parts,
        weight=weight,
        problem=problem,
    )


def _weighed(
    day: Day, seats: Sequence[Seat], make: Callable[[int], RoutingProblem]
) -> tuple[int, RoutingProblem]:
    weighed = [
        seat.visit
        for seat in seats
        if seat.member == 0 and is_weighed(seat.visit, day.settings.mandatory)
    ]
    units = sum(unassigned_fen(day.prices, v) for v in weighed) * COST_SCALE
    try:
        return make_weighed(make, units)
    except (InvalidProblem, OverflowError) as error:
        raise _cost_fault(error) from error


@dataclass(frozen=True, eq=False)
class _Eligible:
    """Who may serve what, and at what extra cost units; shapes (n, k)."""

    rules: Int8
    extra: Int64
    responsible: Responsibility
    homes: Int64


def _eligible(
    day: Day,
    seats: Sequence[Seat],
    lines: Sequence[ShiftLine],
    windows: Sequence[Sequence[WindowLine]],
    *,
    table: TravelTable,
    stranded: Collection[str],
) -> _Eligible:
    responsible = responsibility(day, [seat.visit for seat in seats], table)
    home_of = {outlet.id: i for i, outlet in enumerate(responsible.outlets)}
    homes = int64([home_of.get(line.technician.outlet or "", -1) for line in lines])
    skill_rules, above = skill_tables(seats, lines)
    rules = technician_rules(seats, lines, skill_rules, table)
    for i, (seat, offered) in enumerate(zip(seats, windows, strict=True)):
        if seat.visit.id in stranded:
            np.copyto(rules[i], NUMBER[ReasonCode.LINKED], where=rules[i] == 0)
        if not offered:
            np.copyto(rules[i], NUMBER[ReasonCode.WINDOW], where=rules[i] == 0)
    extra = _extra_cost(day.prices, seats, lines, above)
    extra += _beyond_cost(day.prices, responsible.by_home(homes))
    extra[[seat.member > 0 for seat in seats]] = 0  # these prices concern the first of a crew
    # No direct way is a reason but no ban: where ways are not transitive, a stop between may help.
    extra[(rules > 0) & (rules != NUMBER[ReasonCode.UNREACHABLE])] = FORBIDDEN
    # That reason must not hide one that is a ban.
    for i, (seat, offered) in enumerate(zip(seats, windows, strict=True)):
        if seat.visit.id in stranded or not offered:
            extra[i] = FORBIDDEN
    return _Eligible(rules, extra, responsible, homes)


def _cost_fault(error: Exception) -> Exception:
    """Return the fault of prices that are too high; any other broken problem is our own mistake."""
    if isinstance(error, InvalidProblem) and not is_cost_fault(error):
        return error
    return InvalidRequest(
        [
            Fault(
                PlanningFault.COST_OVERFLOW,
                "prices",
                str(error),
                f"costs of the whole day below {2**62 // COST_SCALE} fen",
                "Lower the highest price or plan fewer visits at a time.",
            )
        ]
    )


def _extra_cost(
    prices: Prices, seats: Sequence[Seat], lines: Sequence[ShiftLine], above: Int64
) -> Int64:
    """Shape (n, k): over-qualification, not preferred, not the last technician, not as told."""
    extra = above * (prices.over_qualified_per_level * COST_SCALE)
    shifts = shifts_by_technician(lines)
    for i, (visit, _) in enumerate(seats):
        if visit.preferred:
            _charge_others(extra[i], visit.preferred, shifts, prices.not_preferred * COST_SCALE)
        if visit.last_technician is not None:
            last = (visit.last_technician,)
            _charge_others(extra[i], last, shifts, prices.not_last_technician * COST_SCALE)
        if visit.told is not None:
            told = (visit.told.technician,)
            _charge_others(extra[i], told, shifts, prices.disturbed_technician * COST_SCALE)
    return extra


def _charge_others(
    row: Int64, spared: Sequence[str], shifts: Mapping[str, list[int]], units: int
) -> None:
    row += units
    for name in set(spared):
        row[shifts.get(name, [])] -= units


def _beyond_cost(prices: Prices, beyond_m: Int64) -> Int64:
    units = beyond_m * (prices.beyond_radius_per_km * PER_KM)
    units[beyond_m > 0] += prices.beyond_radius * COST_SCALE
    return units
