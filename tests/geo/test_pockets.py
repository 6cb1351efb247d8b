"""Uncovered areas: connected, cut where they are wider than an outlet could serve, named."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage import MeasureAudit, RadiusRule, Sites, audit_coverage
from geo.demand import URBAN, Demand, make_demand
from geo.pockets import find_pockets

LON, LAT = 114.0, 30.0
KM_NORTH = 1 / 111.195
KM_EAST = KM_NORTH / np.cos(np.radians(LAT))


def at_km(places: list[tuple[float, float]], weight: list[int]) -> tuple[Demand, MeasureAudit]:
    """Return demand in town that nobody covers: the one outlet is 100 km away."""
    lonlat = np.array([(LON + x * KM_EAST, LAT + y * KM_NORTH) for x, y in places])
    zone = np.full(len(places), URBAN, dtype=np.int8)
    demand = make_demand(lonlat, np.array(weight), zone=zone)
    outlet = np.array([[LON, LAT - 100 * KM_NORTH]])
    audit = audit_coverage(demand, Sites.at(outlet), RadiusRule()).straight
    return demand, audit


def test_a_gap_is_whole_unless_a_width_is_asked_for() -> None:
    demand, audit = at_km([(x + 0.5, 0.5) for x in range(20)], [1] * 20)
    assert [p.points for p in find_pockets(demand, audit, np.zeros((0, 2)), cell_m=1000.0)] == [20]


def test_a_long_gap_is_cut_where_its_weight_halves() -> None:
    # 20 squares in a row, all weight 1 but the first, which weighs as much as the rest: cut there.
    demand, audit = at_km([(x + 0.5, 0.5) for x in range(20)], [19] + [1] * 19)
    found = find_pockets(demand, audit, np.zeros((0, 2)), cell_m=1000.0, widest_m=10_000.0)
    # 19 | 19 of which the second half is cut again: 10 + 9 squares of weight 1.
    assert [(p.weight, p.points) for p in found] == [(19, 1), (10, 10), (9, 9)]


def test_gaps_that_do_not_touch_stay_apart() -> None:
    demand, audit = at_km([(0.5, 0.5), (4.5, 0.5), (5.5, 1.5)], [3, 1, 1])
    found = find_pockets(demand, audit, np.zeros((0, 2)), cell_m=1000.0, widest_m=50_000.0)
    assert [p.weight for p in found] == [3, 2]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(1, 9)), min_size=1))
def test_cut_or_not_every_point_is_in_exactly_one_gap_and_none_is_too_wide(
    cells: list[tuple[int, int, int]],
) -> None:
    demand, audit = at_km([(x + 0.5, y + 0.5) for x, y, _ in cells], [w for _, _, w in cells])
    found = find_pockets(
        demand, audit, np.zeros((0, 2)), cell_m=1000.0, widest_m=8000.0, most=10_000
    )
    rows = np.concatenate([pocket.rows for pocket in found])
    assert sorted(rows.tolist()) == list(range(len(cells)))
    for pocket in found:
        xs = [cells[row][0] for row in pocket.rows.tolist()]
        ys = [cells[row][1] for row in pocket.rows.tolist()]
        # Eight squares of a kilometer, and one more where the lattice starts between two.
        assert max(max(xs) - min(xs), max(ys) - min(ys)) <= 8
    assert sum(p.weight for p in found) == sum(w for _, _, w in cells)


@pytest.mark.parametrize("widest_m", [1.0, 6000.0])
def test_no_gap_is_narrower_than_six_squares_by_cutting(widest_m: float) -> None:
    demand, audit = at_km([(x + 0.5, 0.5) for x in range(6)], [1] * 6)
    found = find_pockets(demand, audit, np.zeros((0, 2)), cell_m=1000.0, widest_m=widest_m)
    assert [p.points for p in found] == [6]
