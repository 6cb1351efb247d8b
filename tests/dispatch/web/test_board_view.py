"""What the board shows of a live day."""

from __future__ import annotations

import json

from dispatch.domain import Pin, Priority
from dispatch.domain.disruption import (
    EmergencyRaised,
    TechnicianArrived,
    TechnicianSick,
    WorkFinished,
    WorkStarted,
)
from dispatch.live.projection import project
from dispatch.live.projector import Projector
from dispatch.live.state import LiveState
from dispatch.web.board_model import BoardRow, BoardView
from dispatch.web.board_view import LiveDay, board_view
from dispatch.web.kept_rows import KeptRows, board_json
from scenarios.bench.board_day import make_board
from tests.days import at, visit
from tests.live_days import after, begun, live_plan, town_table
from tests.live_news import started

MINUTE = 60


def shown(state: LiveState) -> BoardView:
    return board_view(LiveDay(state, project(state, town_table()), live_plan(), 3, state.sequence))


def row(view: BoardView, technician: str) -> BoardRow:
    return next(one for one in view.rows if one.technician == technician)


def clock(view: BoardView, text: str) -> int:
    return round(at(text).timestamp() - view.base / 1000)


def test_a_day_not_begun_shows_every_row_and_its_planned_times() -> None:
    view = shown(begun())
    assert [one.id for one in view.rows] == ["T1.0", "T2.0", "T3.0"]
    first = row(view, "T1")
    assert [stop.id for stop in first.stops] == ["T1.0:V1", "T1.0:V2", "T1.0:V3", "T1.0:end~1"]
    second = first.stops[1]
    # 08:40 + 10 min = 08:50; the promise opens at 09:00.
    assert second.t[:4] == tuple(clock(view, t) for t in ("08:40", "08:50", "09:00", "09:00"))
    assert second.job is not None
    assert second.job.window == (clock(view, "09:00"), clock(view, "09:30"))
    assert row(view, "T3").stops == ()


def test_breaks_of_a_row_are_stops_with_ids_of_their_own() -> None:
    kinds = [(stop.id, stop.kind) for stop in row(shown(begun()), "T2").stops]
    assert ("T2.0:break~1", "break") in kinds


def test_what_nobody_has_and_what_a_contracted_outlet_has_is_shown() -> None:
    view = shown(begun())
    assert [one.job.visit for one in view.open] == ["V7"]
    contracted = next(one for one in view.outlets if one.id == "C1")
    assert [job.visit for job in contracted.visits] == ["V6"]
    assert (view.counts.visits, view.counts.open, view.counts.ahead) == (7, 1, 6)


def test_reports_move_stops_from_ahead_to_under_way_to_past() -> None:
    news = {"technician": "T1", "visit": "V1"}
    state = after(
        begun(),
        ("08:10", TechnicianArrived(happened_at=at("08:10"), **news)),
        ("08:12", WorkStarted(happened_at=at("08:12"), **news)),
    )
    first = row(shown(state), "T1").stops[0]
    assert (first.phase, first.at_work) == ("now", True)
    state = after(state, ("08:30", WorkFinished(happened_at=at("08:30"), **news)))
    view = shown(state)
    stops = row(view, "T1").stops
    assert [stop.phase for stop in stops] == ["past", "ahead", "ahead", "ahead"]
    assert stops[0].id == "T1.0:V1"
    assert stops[0].t[3:] == (clock(view, "08:12"), clock(view, "08:30"))
    assert view.counts.done == 1


def test_a_technician_nobody_heard_of_is_predicted_late() -> None:
    state = after(begun(), ("09:00", TechnicianSick(happened_at=at("09:00"), technician="T3")))
    view = shown(state)
    late = row(view, "T1").stops[1]
    # Leaves for V1 at 09:00: there 09:10, done 09:40, at V2 09:50, 20 min after 09:30.
    assert late.late_s == 20 * MINUTE
    assert late.dangers == ("promise",)
    assert (view.counts.late, view.counts.kept) == (1, 1)
    assert row(view, "T3").away


def test_an_emergency_runs_a_clock_of_fifteen_minutes() -> None:
    urgent = visit("E1", 1, 1, priority=Priority.EMERGENCY, received_at=at("09:00"))
    state = after(begun(), ("09:00", EmergencyRaised(happened_at=at("09:00"), visit=urgent)))
    view = shown(state)
    assert len(view.clocks) == 1
    one = view.clocks[0]
    # CARD-E15: at the door within 15 minutes.
    assert (one.due - one.received, one.arrival, one.technician) == (15 * MINUTE, None, None)
    assert view.open[0].job.visit == "E1"


def test_locks_are_shown_as_technician_time_or_both() -> None:
    state = begun()
    pins = {"V1": Pin(technician="T1"), "V4": Pin(technician="T2", arrival=at("08:10"))}
    visits = tuple(v.model_copy(update={"pin": pins.get(v.id)}) for v in state.day.visits)
    state = state.model_copy(update={"day": state.day.model_copy(update={"visits": visits})})
    view = shown(state)
    holds = {s.job.visit: s.job.hold for r in view.rows for s in r.stops if s.job}
    assert (holds["V1"], holds["V2"], holds["V4"]) == ("technician", "", "both")


def test_the_json_leaves_out_defaults_and_every_customer() -> None:
    state = begun()
    told = {"name": "Canary Li", "phone": "13800000000"}
    visits = tuple(v.model_copy(update={"customer": told}) for v in state.day.visits)
    state = state.model_copy(update={"day": state.day.model_copy(update={"visits": visits})})
    text = board_json(shown(state)).decode()
    assert "Canary" not in text
    assert "13800000000" not in text
    assert "address" not in text
    first = json.loads(text)["rows"][0]["stops"][0]
    assert "kind" not in first
    assert BoardView.model_validate_json(text) == shown(state)


def test_three_hundred_technicians_with_twelve_visits_each_are_less_than_a_megabyte() -> None:
    view = make_board(300, 12, seed=1)
    assert sum(len(one.stops) for one in view.rows) == 300 * 14
    assert len(board_json(view)) < 1_000_000


def test_rows_that_are_kept_read_as_rows_that_are_made_anew() -> None:
    kept, projector, table, first = KeptRows(), Projector(), town_table(), begun()
    for state in (first, after(first, started("08:10", "V4", technician="T2"))):
        projection = projector.project(state, table)
        view = board_view(LiveDay(state, projection, live_plan(), 3, state.sequence), kept)
        written = json.loads(board_json(view, kept))
        assert written == json.loads(view.model_dump_json(exclude_defaults=True))
