"""Common rules: a city-day reduced to what every engine can state, and its judge.

Taken from the day as it is: every visit with its place, work and access (access is part of the
way there), its first promise as a hard window, skills, shifts, where technicians start and end,
travel on real roads. Left out, for everybody: breaks, overtime, lateness, second promises,
contracted outlets, preferences, territories, exclusions. A technician may serve what anybody of the
same trade may. A visit that nobody reaches in its window is left out beforehand.

The cost is the price of driving, one figure per leg: meters and driving seconds at the rates of
the price table, to the fen. Waiting and work at visits cost nothing (VROOM cannot price waiting). A
visit not served costs 1 000 yuan, more than any way of a city-day, so engines that count visits
before costs ask the same question.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dispatch.planning.objective import COST_SCALE
from dispatch.planning.translate import Translation
from scenarios.bench.peers.vroom_peer import Order, fold_rows, row_of_bases
from solver.errors import InvalidParameter
from solver.routing.problem import FORBIDDEN, UNREACHABLE, RoutingProblem

MISSED_FEN = 100_000
"""Price of a visit nobody serves."""

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CommonPlan:
    """A plan under common rules, recomputed.

    Attributes
    ----------
    cost
        Fen: driving, and visits left out.
    missed
        Visits nobody serves.
    faults
        Rules broken, in words; empty = feasible.
    """

    cost: int
    missed: int
    faults: tuple[str, ...]


def make_common(t: Translation) -> RoutingProblem:
    """Return the day of a translation under common rules; visits keep their order.

    Raises
    ------
    InvalidParameter
        If technicians travel differently or have different rates: then no one figure per leg
        exists.
    """
    full = t.problem
    rates = {tuple(r) for r in np.column_stack([full.cost_per_second, full.cost_per_meter])}
    if len(full.durations_s) != 1 or len(rates) != 1:
        raise InvalidParameter("common rules want one travel profile and one price table.")
    seconds, meters, blocked = next(fold_rows(full))
    legs = _price_legs(seconds, meters, blocked, rates.pop())
    seconds[blocked] = UNREACHABLE
    row = row_of_bases(full)
    bases = {
        "vehicle_start": _i32([row[int(place)] for place in full.vehicle_start]),
        "vehicle_end": _i32([row[int(place)] for place in full.vehicle_end]),
    }
    allowed = _allow_trades(t)
    kept = np.flatnonzero(_find_reachable(full, seconds, allowed, bases))
    rows = np.concatenate([kept, np.arange(full.n_visits, len(seconds))])
    if len(rows) < len(seconds):
        seconds, legs = seconds[np.ix_(rows, rows)], legs[np.ix_(rows, rows)]
        gone = full.n_visits - len(kept)
        bases = {name: places - np.int32(gone) for name, places in bases.items()}
    return RoutingProblem(
        durations_s=(np.ascontiguousarray(seconds),),
        distances_m=(np.ascontiguousarray(legs),),
        **_visits(full, kept),  # type: ignore[arg-type]  # arrays by name
        vehicle_start=bases["vehicle_start"],
        vehicle_end=bases["vehicle_end"],
        **_vehicles(full),  # type: ignore[arg-type]  # arrays by name
        assignment_cost=np.where(allowed[kept], 0, FORBIDDEN).astype(np.int64),
        pool_capacity=np.zeros(0, dtype=np.int32),
        pool_cost=np.zeros((len(kept), 0), dtype=np.int64),
    )


def _i32(values: Sequence[int]) -> Int32:
    return np.array(values, dtype=np.int32)


def _price_legs(
    seconds: Int32, meters: Int32, blocked: NDArray[np.bool_], rates: tuple[int, int]
) -> Int32:
    """Return fen per leg, row by row: a large day has no room for a second table of doubles."""
    legs = np.empty(seconds.shape, dtype=np.int32)
    for i in range(len(legs)):
        exact = rates[0] * seconds[i].astype(np.int64) + rates[1] * meters[i].astype(np.int64)
        legs[i] = (2 * exact + COST_SCALE) // (2 * COST_SCALE)
    legs[blocked] = UNREACHABLE
    np.fill_diagonal(legs, 0)
    return legs


def _allow_trades(t: Translation) -> NDArray[np.bool_]:
    """Return who may serve what (n, k): technicians with the same skills may do the same."""
    full = t.problem
    allowed: NDArray[np.bool_] = full.assignment_cost != FORBIDDEN
    trades: dict[frozenset[str], list[int]] = {}
    for vehicle, line in enumerate(t.lines):
        skills = frozenset(str(skill.skill) for skill in line.technician.skills)
        trades.setdefault(skills, []).append(vehicle)
    for members in trades.values():
        allowed[:, members] = np.any(allowed[:, members], axis=1, keepdims=True)
    return allowed


def _find_reachable(
    full: RoutingProblem, seconds: Int32, allowed: NDArray[np.bool_], bases: Mapping[str, Int32]
) -> NDArray[np.bool_]:
    """Return which visits (n,) some technician can serve as the only one of the day."""
    n = full.n_visits
    first = full.window_offset[:-1]
    earliest, latest = full.window_earliest[first], full.window_latest[first]
    found = np.zeros(n, dtype=np.bool_)
    for vehicle in range(full.n_vehicles):
        out = seconds[bases["vehicle_start"][vehicle], :n].astype(np.int64)
        back = seconds[:n, bases["vehicle_end"][vehicle]].astype(np.int64)
        arrival = np.maximum(full.vehicle_earliest[vehicle] + out, earliest)
        home = arrival + full.visit_service_s + back
        fits = (arrival <= latest) & (home <= full.vehicle_latest[vehicle])
        found |= allowed[:, vehicle] & (out != UNREACHABLE) & (back != UNREACHABLE) & fits
    return found


def _visits(full: RoutingProblem, kept: Int64) -> dict[str, NDArray[np.generic]]:
    n = len(kept)
    first = full.window_offset[:-1][kept]
    latest = full.window_latest[first]
    return {
        "visit_location": np.arange(n, dtype=np.int32),
        "visit_service_s": full.visit_service_s[kept],
        "visit_access_s": np.zeros(n, dtype=np.int32),
        "visit_penalty": np.full(n, MISSED_FEN, dtype=np.int64),
        "visit_demand": np.zeros((n, 0), dtype=np.int32),
        "late_knee_s": np.zeros(n, dtype=np.int32),
        "late_rate": np.zeros(n, dtype=np.int64),
        "late_rate_after": np.zeros(n, dtype=np.int64),
        "window_offset": np.arange(n + 1, dtype=np.int32),
        "window_earliest": full.window_earliest[first],
        "window_latest": latest,
        "window_limit": latest.copy(),
    }


def _vehicles(full: RoutingProblem) -> dict[str, NDArray[np.generic]]:
    k = full.n_vehicles
    free = np.zeros(k, dtype=np.int64)
    none = np.zeros(0, dtype=np.int32)
    return {
        "vehicle_profile": np.zeros(k, dtype=np.int32),
        "vehicle_earliest": full.vehicle_earliest,
        "vehicle_latest": full.vehicle_latest,
        "vehicle_overtime_s": np.zeros(k, dtype=np.int32),
        "vehicle_fixed_cost": free,
        "cost_per_second": free.copy(),
        "cost_per_overtime_second": free.copy(),
        "cost_per_meter": np.ones(k, dtype=np.int64),
        "vehicle_capacity": np.zeros((k, 0), dtype=np.int32),
        "break_offset": np.zeros(k + 1, dtype=np.int32),
        "break_earliest": none,
        "break_latest": none.copy(),
        "break_duration_s": none.copy(),
    }


def judge_common(problem: RoutingProblem, routes: Mapping[int, Order]) -> CommonPlan:
    """Recompute what routes cost under common rules, leg by leg, and which rules they break."""
    counts = Counter(visit for order in routes.values() for visit, _ in order)
    faults = [f"visit {visit}: served {c} times" for visit, c in counts.items() if c > 1]
    missed = problem.n_visits - len(counts)
    cost = missed * int(problem.visit_penalty[0]) if missed else 0
    for vehicle, order in sorted(routes.items()):
        visits = [visit for visit, _ in order]
        if not visits:
            continue
        path = (
            int(problem.vehicle_start[vehicle]),
            *(int(problem.visit_location[visit]) for visit in visits),
            int(problem.vehicle_end[vehicle]),
        )
        cost += sum(int(problem.distances_m[0][a, b]) for a, b in itertools.pairwise(path))
        faults += [f"vehicle {vehicle}: {f}" for f in _check_route(problem, vehicle, visits, path)]
    return CommonPlan(cost, missed, tuple(faults))


def _check_route(
    problem: RoutingProblem, vehicle: int, visits: Sequence[int], path: Sequence[int]
) -> Iterator[str]:
    clock = int(problem.vehicle_earliest[vehicle])
    for position, (here, there) in enumerate(itertools.pairwise(path)):
        leg = int(problem.durations_s[0][here, there])
        if leg == UNREACHABLE:
            yield f"no way from {here} to {there}"
            return
        clock += leg
        if position == len(visits):
            break
        visit = visits[position]
        window = problem.windows_of(visit)[0]
        if problem.assignment_cost[visit, vehicle] == FORBIDDEN:
            yield f"may not serve visit {visit}"
        if clock > int(problem.window_latest[window]):
            yield f"visit {visit} reached at {clock}"
        clock = max(clock, int(problem.window_earliest[window]))
        clock += int(problem.visit_service_s[visit])
    if clock > int(problem.vehicle_latest[vehicle]):
        yield f"back at {clock}"
