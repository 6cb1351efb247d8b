"""A visit translated alone is the row it would have been in the whole day."""

from __future__ import annotations

import numpy as np
import pytest

from dispatch.domain import Day, Visit
from dispatch.domain.travel_table import TravelTable
from dispatch.planning.row import find_row
from dispatch.planning.translate import Translation, translate
from solver.routing.visit_row import VisitRow, check_row
from tests.random_days import medium_day
from tests.random_whole_days import whole_small_day

MEDIUM = range(6)
WHOLE = range(60)


def without(day: Day, visit: Visit) -> Day | None:
    """Return the day without a visit; None if others are linked to it or none is left."""
    others = tuple(v for v in day.visits if v.id != visit.id)
    if not others or any(link.after == visit.id for v in others for link in v.links):
        return None
    return day.model_copy(update={"visits": others})


def check(day: Day, table: TravelTable) -> int:
    """Compare the rows of all visits of a day that have one with its translation; count them."""
    whole = translate(day, table)
    rows = 0
    for visit in day.visits:
        rest = without(day, visit)
        if rest is None:
            continue
        t = translate(rest, table)
        if (row := find_row(t, visit, table)) is None:
            continue
        rows += 1
        check_row(t.problem, row)
        index = next(i for i, seat in enumerate(whole.seats) if seat.visit.id == visit.id)
        same_numbers(t, whole, index, row)
        same_travel(whole, index, row)
    return rows


def same_numbers(t: Translation, whole: Translation, index: int, row: VisitRow) -> None:
    p = whole.problem
    np.testing.assert_array_equal(row.assignment_cost, p.assignment_cost[index])
    np.testing.assert_array_equal(row.pool_cost, p.pool_cost[index])
    for name, array in (
        ("access_s", p.visit_access_s), ("late_knee_s", p.late_knee_s),
        ("late_rate", p.late_rate), ("late_rate_after", p.late_rate_after),
    ):  # fmt: skip
        assert getattr(row, name) == array[index], name
    if t.weight == whole.weight:
        assert row.penalty == p.visit_penalty[index]
    windows = [(p.window_earliest[w], p.window_latest[w], p.window_limit[w])
               for w in p.windows_of(index)]  # fmt: skip
    assert list(row.windows) == windows
    for k in range(p.n_vehicles):
        assert service_of(t, k, row) == service_in(whole, index, k)
    ids = () if t.parts is None else t.parts.ids
    needs = {need.part: need.quantity for need in whole.visits[index].parts}
    assert {ids[part]: units for part, units in row.needs} == needs


def service_of(t: Translation, vehicle: int, row: VisitRow) -> int:
    times = t.problem.service_times
    if times is None:
        return row.service_s
    return row.group_service_s[int(times.vehicle_group[vehicle])]


def service_in(whole: Translation, index: int, vehicle: int) -> int:
    times = whole.problem.service_times
    if times is None:
        return int(whole.problem.visit_service_s[index])
    return int(times.service_s[index, times.vehicle_group[vehicle]])


def same_travel(whole: Translation, index: int, row: VisitRow) -> None:
    p = whole.problem
    here = int(p.visit_location[index])
    for profile, (to, away) in enumerate(zip(row.to_s, row.from_s, strict=True)):
        np.testing.assert_array_equal(to, p.durations_s[profile][:, here])
        np.testing.assert_array_equal(away, p.durations_s[profile][here])
        np.testing.assert_array_equal(row.to_m[profile], p.distances_m[profile][:, here])
        np.testing.assert_array_equal(row.from_m[profile], p.distances_m[profile][here])
    if p.rush_hours is None:
        assert row.to_by_regime_s == row.from_by_regime_s == ()
        return
    for profile, regimes in enumerate(p.rush_hours.durations_s):
        for regime, matrix in enumerate(regimes):
            np.testing.assert_array_equal(row.to_by_regime_s[profile][regime], matrix[:, here])
            np.testing.assert_array_equal(row.from_by_regime_s[profile][regime], matrix[here])


@pytest.mark.parametrize("seed", MEDIUM)
def test_rows_of_plain_days_are_those_of_the_whole_day(seed: int) -> None:
    day, table = medium_day(seed)
    assert check(day, table) > len(day.visits) // 2


def test_rows_of_days_with_everything_are_those_of_the_whole_day() -> None:
    assert sum(check(*whole_small_day(seed)) for seed in WHOLE) > len(WHOLE)


def test_a_place_missing_from_the_table_is_an_error() -> None:
    day, table = medium_day(1)
    visit = day.visits[0]
    rest = without(day, visit)
    assert rest is not None
    far = visit.model_copy(update={"place": visit.place.model_copy(update={"lon": 99.0})})
    with pytest.raises(KeyError):
        find_row(translate(rest, table), far, table)
