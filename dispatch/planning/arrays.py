"""The arrays of a routing problem, one function for each group of its fields.

Shapes and meanings are those of :class:`solver.routing.problem.RoutingProblem`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dispatch.domain import Day, Prices
from dispatch.domain.travel_table import TravelTable
from dispatch.planning.objective import PER_HOUR, PER_KM, late_rate, search_penalty
from dispatch.planning.seats import Seat
from dispatch.planning.shifts import ShiftLine
from dispatch.planning.windows import WindowLine


def int32(values: Sequence[int]) -> NDArray[np.int32]:
    """Return 32-bit integers; OverflowError where one does not fit."""
    return np.array(values, dtype=np.int32)


def int64(values: Sequence[int]) -> NDArray[np.int64]:
    """Return 64-bit integers; OverflowError where one does not fit."""
    return np.array(values, dtype=np.int64)


def travel_arrays(table: TravelTable) -> dict[str, Any]:
    """Return matrices by profile in alphabetical order: views, for a table is never changed.

    A problem makes its arrays read-only, the view that is, not the table. A copy would be 0.8 GB
    for 10 000 visits.
    """
    profiles = sorted(table.durations_s)
    return {
        "durations_s": tuple(np.ascontiguousarray(table.durations_s[p]).view() for p in profiles),
        "distances_m": tuple(np.ascontiguousarray(table.distances_m[p]).view() for p in profiles),
    }


def visits_arrays(
    day: Day, seats: Sequence[Seat], table: TravelTable, weight: int
) -> dict[str, Any]:
    """Return place, times and prices of every seat; ``weight`` as in ``search_penalty``.

    Leaving a crew's visit out is paid once, by its first seat.
    """
    visits = [seat.visit for seat in seats]
    rates = [late_rate(day.prices, visit) for visit in visits]
    mandatory = day.settings.mandatory
    penalties = [
        0 if seat.member else search_penalty(day.prices, seat.visit, mandatory, weight)
        for seat in seats
    ]
    return {
        "visit_location": int32([table.index(v.place) for v in visits]),
        "visit_service_s": int32([v.service_s for v in visits]),
        "visit_access_s": int32([v.access_s for v in visits]),
        "visit_penalty": int64(penalties),
        "visit_demand": np.zeros((len(visits), 0), dtype=np.int32),
        "late_knee_s": int32([rate.knee_s for rate in rates]),
        "late_rate": int64([rate.before for rate in rates]),
        "late_rate_after": int64([rate.after for rate in rates]),
    }


def windows_arrays(windows: Sequence[Sequence[WindowLine]]) -> dict[str, Any]:
    """Return the windows of each visit, one visit after the other."""
    flat = [line for lines_of_visit in windows for line in lines_of_visit]
    offsets = np.cumsum([0, *(len(lines_of_visit) for lines_of_visit in windows)])
    return {
        "window_offset": offsets.astype(np.int32),
        "window_earliest": int32([w.earliest for w in flat]),
        "window_latest": int32([w.latest for w in flat]),
        "window_limit": int32([w.limit for w in flat]),
    }


def vehicles_arrays(
    prices: Prices, lines: Sequence[ShiftLine], table: TravelTable
) -> dict[str, Any]:
    """Return places, bounds and prices of every shift."""
    profiles = sorted(table.durations_s)
    people = [line.technician for line in lines]
    hour = [prices.work_per_hour if t.hour_fen is None else t.hour_fen for t in people]
    over = [
        prices.overtime_per_hour if t.overtime_hour_fen is None else t.overtime_hour_fen
        for t in people
    ]
    km = [prices.travel_per_km if t.km_fen is None else t.km_fen for t in people]
    return {
        "vehicle_start": int32([table.index(line.start) for line in lines]),
        "vehicle_end": int32([table.index(line.end) for line in lines]),
        "vehicle_profile": int32([profiles.index(t.profile) for t in people]),
        "vehicle_earliest": int32([line.earliest for line in lines]),
        "vehicle_latest": int32([line.latest for line in lines]),
        "vehicle_overtime_s": int32([line.overtime_s for line in lines]),
        "vehicle_fixed_cost": np.zeros(len(lines), dtype=np.int64),
        "cost_per_second": int64([price * PER_HOUR for price in hour]),
        "cost_per_overtime_second": int64([price * PER_HOUR for price in over]),
        "cost_per_meter": int64([price * PER_KM for price in km]),
        "vehicle_capacity": np.zeros((len(lines), 0), dtype=np.int32),
    }


def breaks_arrays(lines: Sequence[ShiftLine]) -> dict[str, Any]:
    """Return the breaks of each shift, one shift after the other."""
    flat = [pause for line in lines for pause in line.breaks]
    offsets = np.cumsum([0, *(len(line.breaks) for line in lines)])
    return {
        "break_offset": offsets.astype(np.int32),
        "break_earliest": int32([pause[0] for pause in flat]),
        "break_latest": int32([pause[1] for pause in flat]),
        "break_duration_s": int32([pause[2] for pause in flat]),
    }
