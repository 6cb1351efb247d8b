"""One visit more than a translated day has, as a row of its problem: in milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dispatch.domain import Visit
from dispatch.domain.travel_table import TravelRegimes, TravelTable
from dispatch.planning.objective import search_penalty
from dispatch.planning.translate import Translation, translate
from solver.routing.visit_row import VisitRow, extend_problem

Int32 = NDArray[np.int32]
Rows = NDArray[np.intp]


def find_row(t: Translation, visit: Visit, table: TravelTable) -> VisitRow | None:
    """Return a visit as a row of a day's problem.

    The visit is translated alone with the day's technicians and outlets, so every rule and price
    is that of ``translate``.

    Parameters
    ----------
    t
        The day without the visit.
    visit
        The visit; not of the day.
    table
        Travel between all places of ``t.table`` and the visit's.

    Returns
    -------
    VisitRow or None
        None where the visit is more than a row, so that the day has to be translated anew: it has
        a crew or links, somebody was told about it, it needs a part no other visit needs, or
        technicians alike so far take different times for it.

    Raises
    ------
    KeyError
        If ``table`` lacks a place.
    """
    found = _read(t, visit, table)
    return None if found is None else found[0]


def add_visit(
    t: Translation, visit: Visit, table: TravelTable
) -> tuple[Translation, VisitRow] | None:
    """Return the day with one visit more, its seat the last, and the visit as a row.

    The same as translating the day anew but for the order of seats, in milliseconds.

    Parameters
    ----------
    t, visit, table
        As for `find_row`.

    Returns
    -------
    tuple or None
        None as for `find_row`.

    Raises
    ------
    KeyError
        If ``table`` lacks a place.
    InvalidProblem
        With the faults of the row.
    """
    found = _read(t, visit, table)
    if found is None:
        return None
    row, alone = found
    mine = alone.responsible
    responsible = replace(
        t.responsible,
        fixed=np.concatenate((t.responsible.fixed, mine.fixed)),
        nearest=np.concatenate((t.responsible.nearest, mine.nearest)),
        beyond_m=np.concatenate((t.responsible.beyond_m, mine.beyond_m)),
    )
    wider = replace(
        t,
        day=t.day.model_copy(update={"visits": (*t.day.visits, *alone.day.visits)}),
        table=table,
        seats=(*t.seats, *alone.seats),
        visits=(*t.visits, *alone.visits),
        windows=(*t.windows, *alone.windows),
        rules=np.concatenate((t.rules, alone.rules)),
        pool_rules=np.concatenate((t.pool_rules, alone.pool_rules)),
        responsible=responsible,
        problem=extend_problem(t.problem, row),
    )
    return wider, row


def _read(t: Translation, visit: Visit, table: TravelTable) -> tuple[VisitRow, Translation] | None:
    """Return a visit as a row, and the day of that visit alone; None as `find_row`."""
    if visit.crew_size > 1 or visit.links or visit.told is not None:
        return None
    known = () if t.parts is None else t.parts.ids
    if any(need.part not in known for need in visit.parts):
        return None
    alone = _alone(t, visit, table)
    groups = _group_times(t, alone)
    if groups is None:
        return None
    p = alone.problem
    here = table.index(visit.place)
    rows = _rows(table, t.table.lonlat)
    profiles = sorted(table.durations_s)
    regimes = _regimes(t, table, profiles)
    needs: tuple[tuple[int, int], ...] = ()
    if alone.parts is not None:
        arrays, ids = alone.parts.arrays, alone.parts.ids
        pairs = zip(arrays.need_part.tolist(), arrays.need_quantity.tolist(), strict=True)
        needs = tuple((known.index(ids[part]), units) for part, units in pairs)
    windows = zip(p.window_earliest, p.window_latest, p.window_limit, strict=True)
    row = VisitRow(
        to_s=_columns([table.durations_s[q] for q in profiles], rows, here),
        to_m=_columns([table.distances_m[q] for q in profiles], rows, here),
        from_s=_lines([table.durations_s[q] for q in profiles], rows, here),
        from_m=_lines([table.distances_m[q] for q in profiles], rows, here),
        windows=tuple((int(a), int(b), int(c)) for a, b, c in windows),
        assignment_cost=p.assignment_cost[0].copy(),
        pool_cost=p.pool_cost[0].copy(),
        service_s=int(p.visit_service_s[0]),
        access_s=int(p.visit_access_s[0]),
        penalty=search_penalty(t.day.prices, visit, t.day.settings.mandatory, t.weight),
        late_knee_s=int(p.late_knee_s[0]),
        late_rate=int(p.late_rate[0]),
        late_rate_after=int(p.late_rate_after[0]),
        demand=(0,) * t.problem.visit_demand.shape[1],
        to_by_regime_s=tuple(_columns(each, rows, here) for each in regimes),
        from_by_regime_s=tuple(_lines(each, rows, here) for each in regimes),
        needs=needs,
        group_service_s=groups,
    )
    return row, alone


def _alone(t: Translation, visit: Visit, table: TravelTable) -> Translation:
    """Return the day of that visit alone, over the few places it concerns."""
    ends = [place for line in t.lines for place in (line.start, line.end)]
    places = [visit.place, *ends, *(outlet.place for outlet in t.day.outlets)]
    few = np.array(sorted({table.index(place) for place in places}), dtype=np.intp)
    day = t.day.model_copy(update={"visits": (visit,)})
    return translate(day, _part(table, few))


def _part(table: TravelTable, rows: Rows) -> TravelTable:
    grid = np.ix_(rows, rows)
    regimes = None
    if table.regimes is not None:
        by_hour = table.regimes
        regimes = TravelRegimes(
            by_hour.bucket_start_s,
            by_hour.bucket_regime,
            {q: tuple(m[grid] for m in own) for q, own in by_hour.durations_s.items()},
        )
    return TravelTable(
        lonlat=table.lonlat[rows],
        durations_s={profile: matrix[grid] for profile, matrix in table.durations_s.items()},
        distances_m={profile: matrix[grid] for profile, matrix in table.distances_m.items()},
        estimated=table.estimated,
        description=table.description,
        attribution=table.attribution,
        regimes=regimes,
    )


def _group_times(t: Translation, alone: Translation) -> tuple[int, ...] | None:
    """Return seconds by the day's groups of technicians; None if one of them falls apart."""
    own, times = alone.problem.service_times, t.problem.service_times
    k = t.problem.n_vehicles
    by_vehicle = np.full(k, alone.problem.visit_service_s[0])
    if own is not None:
        by_vehicle = own.service_s[0][own.vehicle_group]
    if times is None:
        alike = bool((by_vehicle == alone.problem.visit_service_s[0]).all())
        return () if alike else None
    seconds = []
    for group in range(times.service_s.shape[1]):
        found = set(by_vehicle[times.vehicle_group == group].tolist())
        if len(found) > 1:
            return None
        seconds.append(int(found.pop()) if found else 0)
    return tuple(seconds)


def _rows(table: TravelTable, lonlat: NDArray[np.float64]) -> Rows:
    """Return where places stand in a table."""
    if len(lonlat) <= len(table.lonlat) and np.array_equal(table.lonlat[: len(lonlat)], lonlat):
        return np.arange(len(lonlat), dtype=np.intp)
    where = {(lon, lat): row for row, (lon, lat) in enumerate(table.lonlat.tolist())}
    return np.array([where[lon, lat] for lon, lat in lonlat.tolist()], dtype=np.intp)


def _regimes(
    t: Translation, table: TravelTable, profiles: Sequence[str]
) -> tuple[tuple[Int32, ...], ...]:
    if t.problem.rush_hours is None or table.regimes is None:
        return ()
    return tuple(table.regimes.durations_s.get(profile, ()) for profile in profiles)


def _columns(matrices: Sequence[Int32], rows: Rows, here: int) -> tuple[Int32, ...]:
    return tuple(matrix[rows, here] for matrix in matrices)


def _lines(matrices: Sequence[Int32], rows: Rows, here: int) -> tuple[Int32, ...]:
    return tuple(matrix[here, rows] for matrix in matrices)
