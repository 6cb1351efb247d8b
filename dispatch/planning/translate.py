"""From a day to a routing problem: days become seconds, ids become indices, prices become units.

Everything is sorted by id first, so the order of rows in the input changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dispatch.domain import Day, Outlet, Prices, Technician, Visit
from dispatch.domain.travel_table import TravelTable
from dispatch.errors import Fault, InvalidRequest
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
from dispatch.planning.contracted import contracted_outlets, get_capacity, pool_tables
from dispatch.planning.eligibility import NUMBER, skill_tables, technician_rules
from dispatch.planning.objective import COST_SCALE, PER_KM, is_weighed, unassigned_fen
from dispatch.planning.responsible import Responsibility, responsibility
from dispatch.planning.shifts import ShiftLine, shift_lines
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
    visits
        Visit i of the problem.
    lines
        Vehicle j of the problem.
    windows
        Window w of the problem.
    contracted
        Pool q of the problem.
    rules
        Shape (n, t), first rule that keeps a technician (by id) off, 0 where none does.
    pool_rules
        Shape (n, q), the same for contracted outlets.
    responsible
        Responsible outlets and radii.
    homes
        Shape (t,), index of each technician's outlet in ``responsible.outlets``, -1 without one.
    weight
        How many times its price a visit that must not be left out weighs in the search.
    """

    day: Day
    table: TravelTable
    clock: Clock
    visits: tuple[Visit, ...]
    lines: tuple[ShiftLine, ...]
    windows: tuple[WindowLine, ...]
    contracted: tuple[Outlet, ...]
    rules: Int8
    pool_rules: Int8
    responsible: Responsibility
    homes: Int64
    weight: int
    problem: RoutingProblem


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
        D7001 if prices are so high that costs could leave 64 bits.
    """
    day = canonical(day)
    left_out = set(aside)
    clock = Clock(day)
    visits = tuple(v for v in day.visits if v.id not in left_out)
    lines = shift_lines(day, clock)
    windows = tuple(window_lines(day, visit, clock) for visit in visits)
    who = _eligible(day, visits, lines, windows, table)
    pool_rules, pool_cost = pool_tables(day, visits, clock, table, who.responsible)
    pool_cost[pool_rules > 0] = FORBIDDEN
    contracted = contracted_outlets(day)
    # A visit that cannot arrive at all keeps one window, which nobody is allowed to use.
    end = clock.horizon_end
    offered = tuple(w or (WindowLine(None, end, end, end),) for w in windows)

    def make(weight: int) -> RoutingProblem:
        return RoutingProblem(
            **travel_arrays(table),
            **visits_arrays(day, visits, table, weight),
            **windows_arrays(offered),
            **vehicles_arrays(day.prices, lines, table),
            **breaks_arrays(lines),
            assignment_cost=_by_vehicle(who.extra, lines),
            pool_capacity=int32([get_capacity(o).visits_per_day for o in contracted]),
            pool_cost=np.ascontiguousarray(pool_cost),
        )

    weighed = [v for v in visits if is_weighed(v, day.settings.mandatory)]
    units = sum(unassigned_fen(day.prices, v) for v in weighed) * COST_SCALE
    try:
        weight, problem = make_weighed(make, units)
    except (InvalidProblem, OverflowError) as error:
        raise _cost_fault(error) from error
    return Translation(
        day=day,
        table=table,
        clock=clock,
        visits=visits,
        lines=lines,
        windows=tuple(line for lines_of_visit in offered for line in lines_of_visit),
        contracted=contracted,
        rules=who.rules,
        pool_rules=pool_rules,
        responsible=who.responsible,
        homes=who.homes,
        weight=weight,
        problem=problem,
    )


@dataclass(frozen=True, eq=False)
class _Eligible:
    """Who may serve what, and at what extra cost units; shapes (n, t)."""

    rules: Int8
    extra: Int64
    responsible: Responsibility
    homes: Int64


def _eligible(
    day: Day,
    visits: Sequence[Visit],
    lines: Sequence[ShiftLine],
    windows: Sequence[Sequence[WindowLine]],
    table: TravelTable,
) -> _Eligible:
    firsts: dict[int, ShiftLine] = {}
    for line in lines:
        firsts.setdefault(line.number, line)
    one_each = [firsts[number] for number in sorted(firsts)]
    people = [line.technician for line in one_each]
    responsible = responsibility(day, visits, table)
    home_of = {outlet.id: i for i, outlet in enumerate(responsible.outlets)}
    homes = int64([home_of.get(t.outlet or "", -1) for t in people])
    skill_rules, above = skill_tables(visits, people, day.date)
    rules = technician_rules(visits, one_each, skill_rules, table)
    for i, offered in enumerate(windows):
        if not offered:
            np.copyto(rules[i], NUMBER[ReasonCode.WINDOW], where=rules[i] == 0)
    extra = _extra_cost(day.prices, visits, people, above)
    extra += _beyond_cost(day.prices, responsible.by_home(homes))
    # No direct way is a reason but no ban: where ways are not transitive, a stop between may help.
    extra[(rules > 0) & (rules != NUMBER[ReasonCode.UNREACHABLE])] = FORBIDDEN
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
    prices: Prices, visits: Sequence[Visit], technicians: Sequence[Technician], above: Int64
) -> Int64:
    """Shape (n, t): over-qualification, not preferred, not the last technician."""
    extra = above * (prices.over_qualified_per_level * COST_SCALE)
    number = {t.id: i for i, t in enumerate(technicians)}
    for i, visit in enumerate(visits):
        if visit.preferred:
            _charge_others(extra[i], visit.preferred, number, prices.not_preferred * COST_SCALE)
        if visit.last_technician is not None:
            last = (visit.last_technician,)
            _charge_others(extra[i], last, number, prices.not_last_technician * COST_SCALE)
    return extra


def _charge_others(row: Int64, spared: Sequence[str], number: dict[str, int], units: int) -> None:
    row += units
    for name in set(spared):
        if name in number:
            row[number[name]] -= units


def _beyond_cost(prices: Prices, beyond_m: Int64) -> Int64:
    units = beyond_m * (prices.beyond_radius_per_km * PER_KM)
    units[beyond_m > 0] += prices.beyond_radius * COST_SCALE
    return units


def _by_vehicle(extra: Int64, lines: Sequence[ShiftLine]) -> Int64:
    numbers = [line.number for line in lines]
    if numbers == list(range(extra.shape[1])):
        return np.ascontiguousarray(extra)
    return np.ascontiguousarray(extra[:, numbers])
