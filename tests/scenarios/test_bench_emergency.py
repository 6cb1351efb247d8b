"""The bench of emergencies: one row each, and what they add up to."""

from __future__ import annotations

from argparse import Namespace

import pytest

from dispatch.domain import Priority
from geo.estimated import EstimatedTravel
from scenarios.bench.day_rows import prepare_case
from scenarios.bench.emergency import EmergencyDesk, split_day
from scenarios.bench.emergency_figures import count_words, quantiles
from scenarios.bench.emergency_store import summarize_desk
from scenarios.generate import generate_day
from solver.stop import MaxIterations
from tests.towns import town

OPTIONS = Namespace(seed=1, top=5, eject=2, resolve=0, resolve_budget=1.0)


def test_quantiles_are_of_the_column() -> None:
    rows = [{"wall_ms": float(n)} for n in range(101)]
    assert quantiles(rows, "wall_ms") == {"p50": 50.0, "p99": 99.0, "max": 100.0}


def test_words_are_counted_most_frequent_first() -> None:
    assert count_words(["swap", None, "swap"]) == "swap 2, None 1"


def test_a_day_is_split_into_its_visits_and_its_emergencies() -> None:
    day = generate_day(town(), seed=1, visits=30, technicians=6, outlets=3, emergencies=4)
    t, urgent = split_day(prepare_case(day, EstimatedTravel()))
    assert (t.problem.n_visits, len(urgent)) == (26, 4)
    assert {visit.priority for visit in urgent} == {Priority.EMERGENCY}


@pytest.mark.core
def test_every_emergency_gets_a_row_and_two_technicians_change_at_most() -> None:
    day = generate_day(town(), seed=1, visits=60, technicians=8, outlets=3, emergencies=8)
    desk = EmergencyDesk(day, EstimatedTravel(), MaxIterations(300), OPTIONS)
    rows = list(desk.answer_all())
    assert len(rows) == 8
    for row in rows:
        assert row["ways"]
        assert row["rung"]
        assert int(row["technicians_changed"] or 0) <= 2
    assert all(row["broken_needlessly"] is None for row in rows)  # none is solved again
    summary = desk.summarize(rows)
    assert summary[f"{day.id}: emergencies"] == 8


@pytest.mark.core
def test_emergencies_through_the_desk_are_decided_one_after_the_other() -> None:
    day = generate_day(town(), seed=1, visits=40, technicians=8, outlets=3, emergencies=4)
    desk = EmergencyDesk(day, EstimatedTravel(), MaxIterations(300), OPTIONS)
    rows = list(desk.through_store(EstimatedTravel()).answer_all())
    assert len(rows) == 4
    for row in rows:
        assert row["desk_options"]
        assert int(row["desk_changed"] or 0) <= 2
        assert row["desk_wall_ms"] == pytest.approx(
            float(row["desk_ask_wall_ms"] or 0) + float(row["desk_choose_wall_ms"] or 0), abs=0.02
        )
    found = summarize_desk(rows)
    assert int(str(found["desk: technicians changed, most"])) <= 2
    assert found["desk: of the others searched again"] == 0
