"""The bench of one emergency on an agreed day."""

from __future__ import annotations

from functools import partial

import pytest

from dispatch.domain.checks import check_day
from scenarios.bench.disturbance import (
    DAY,
    TECHNICIANS,
    VISITS,
    _own_row,
    _peer_row,
    _prepare,
    _row,
    build_agreed_day,
)
from scenarios.bench.peers.vroom_peer import solve_with_vroom


def test_the_agreed_day_is_a_day_without_faults_and_the_same_for_a_seed() -> None:
    day = build_agreed_day(2)
    assert not check_day(day)
    assert (len(day.visits), len(day.technicians)) == (VISITS, TECHNICIANS)
    assert build_agreed_day(2) == day
    assert build_agreed_day(3) != day


@pytest.mark.core
def test_an_emergency_is_answered_without_breaking_a_promise() -> None:
    pytest.importorskip("vroom")
    case = _prepare(3)
    ours = _own_row(case)
    warm = _peer_row(case, "vroom warm", partial(solve_with_vroom, start=case.order))
    assert ours["promises_broken"] == 0
    assert float(ours["moved_15_min"] or 0) <= float(warm["moved_15_min"] or 0)
    assert float(ours["technician_changes"] or 0) <= float(warm["technician_changes"] or 0)
    assert ours["emergency_min"] is not None


@pytest.mark.core
def test_moves_changes_and_lost_visits_are_counted_each() -> None:
    pytest.importorskip("vroom")
    case = _prepare(3)
    first, second, third, *others = [v for v in case.before if v != "emergency"]
    after = dict(case.before)
    after[first] = (case.before[first][0], case.before[first][1] + 16 * 60)
    after[second] = ("somebody else", case.before[second][1] + 14 * 60)
    del after[third]
    received = int(DAY.timestamp()) + case.received_s
    after["emergency"] = ("T01", received + 600)
    row = _row(case, "hand", after, case.late_before | {others[0]}, (0.0, 0.0))
    assert (row["moved_15_min"], row["technician_changes"]) == (1, 1)
    assert row["promises_broken"] == 2  # one late now, one left out
    assert row["emergency_min"] == 10.0
