"""The rest of a day as a day: what is left of everybody and everything, by hand.

The day of tests/live_days.py: one step takes 10 min by car and 1000 m.
"""

from __future__ import annotations

from typing import Any

from dispatch.domain import Day, DayPlan, Link, PartNeed, Pin, Stock
from dispatch.live.apply import wait_until
from dispatch.live.freeze import NOTHING, Freeze, freeze_stops
from dispatch.live.projection import project
from dispatch.live.rest import RestDay, rest_day
from dispatch.live.state import LiveState, begin_day
from tests.days import at, outlet, shift, spot, technician
from tests.live_days import after, begun, live_day, live_plan
from tests.live_news import TOWN, arrived, departed, finished, other, started

PUMP = PartNeed(part="pump")


def rest(
    state: LiveState,
    freeze: Freeze = NOTHING,
    *,
    divert: bool = False,
    **how: Any,
) -> RestDay:
    found = project(state, TOWN)
    return rest_day(state, found, freeze_stops(state, found, freeze, divert=divert), TOWN, **how)


def shift_of(made: RestDay, name: str) -> Any:
    person = next(one for one in made.day.technicians if one.id == name)
    return person.shifts[0]


def ids(made: RestDay) -> list[str]:
    return [visit.id for visit in made.day.visits]


def with_day(**changes: Any) -> tuple[Day, DayPlan]:
    return live_day().model_copy(update=changes), live_plan()


def with_visit(name: str, **changes: Any) -> LiveState:
    visits = tuple(
        one.model_copy(update=changes) if one.id == name else one for one in live_day().visits
    )
    return begin_day(*with_day(visits=visits))


def test_before_the_day_all_of_it_is_the_rest() -> None:
    made = rest(wait_until(begun(), at("07:00")))
    assert ids(made) == ["V1", "V2", "V3", "V4", "V5", "V6", "V7"]
    assert shift_of(made, "T1").start == at("08:00")
    assert shift_of(made, "T1").out_at is None
    told = {visit.id: visit.told for visit in made.day.visits}
    assert told["V3"] is not None
    assert (told["V3"].technician, told["V3"].arrival, told["V3"].order) == ("T1", at("09:40"), 2)
    assert told["V6"] is None  # a contracted outlet arranges the time itself
    assert told["V7"] is None


def test_who_is_out_begins_where_the_fixed_part_ends() -> None:
    made = rest(after(begun(), started("08:15", "V1")))
    # 30 min of work at (1, 0) from 08:15.
    out = shift_of(made, "T1")
    assert (out.start, out.out_at.lon) == (at("08:45"), spot(1).lon)
    assert "V1" not in ids(made)
    assert shift_of(made, "T2").out_at is None


def test_who_is_not_out_yet_begins_now_or_when_able_to() -> None:
    state = wait_until(begun(), at("09:00"))
    assert shift_of(rest(state), "T3").start == at("09:00")
    late = after(state, other("TechnicianLate", "09:00", technician="T3", until=at("10:30")))
    assert shift_of(rest(late), "T3").start == at("10:30")
    shut = other("OutletClosed", "09:00", outlet="O1", start=at("08:30"), end=at("11:00"))
    assert shift_of(rest(after(state, shut)), "T3").start == at("11:00")


def test_who_is_away_or_frozen_or_on_the_way_home_gets_nothing() -> None:
    state = after(begun(), other("TechnicianSick", "08:05", technician="T1"))
    assert shift_of(rest(state), "T1").max_visits == 0
    assert ids(rest(state))[:3] == ["V1", "V2", "V3"]
    frozen = rest(begun(), Freeze(technicians=("T2",)))
    assert shift_of(frozen, "T2").max_visits == 0
    assert {"V4", "V5"}.isdisjoint(ids(frozen))
    home = after(begun(), departed("08:00", "end"))
    assert shift_of(rest(home), "T1").max_visits == 0
    assert shift_of(rest(home, divert=True), "T1").max_visits is None


def test_a_moment_freezes_what_is_set_out_for_before_it_with_all_before() -> None:
    # T1 sets out for V2 at 08:40, for V3 at 09:30.
    made = rest(begun(), Freeze(until=at("08:41")))
    assert [stop.visit for stop in made.route(("T1", 0)).prefix] == ["V1", "V2"]
    assert (shift_of(made, "T1").start, shift_of(made, "T1").out_at.lon) == (
        at("09:30"),
        spot(2).lon,
    )
    # T2 sets out for the break at V5 at 08:40: the break goes with the way, V5 with the break.
    assert [s.visit or s.kind for s in made.route(("T2", 0)).prefix] == ["V4", "break", "V5"]
    one = rest(begun(), Freeze(next_visits=1))
    assert [stop.visit for stop in one.route(("T1", 0)).prefix] == ["V1"]


def test_a_frozen_visit_keeps_technician_and_arrival() -> None:
    made = rest(begun(), Freeze(visits=("V3",)))
    pinned = next(visit for visit in made.day.visits if visit.id == "V3")
    assert pinned.pin == Pin(technician="T1", arrival=at("09:40"))


def test_who_is_on_the_way_may_be_turned_where_last_seen() -> None:
    state = after(begun(), departed("08:00", "V1"))
    fixed = rest(wait_until(state, at("08:04")))
    assert "V1" not in ids(fixed)
    turned = rest(wait_until(state, at("08:04")), divert=True)
    # Nobody saw T1 since the outlet.
    assert (shift_of(turned, "T1").start, shift_of(turned, "T1").out_at.lon) == (
        at("08:04"),
        spot().lon,
    )
    assert "V1" in ids(turned)
    seen = after(state, other("TechnicianSeen", "08:05", technician="T1", place=spot(0, 1)))
    assert shift_of(rest(seen, divert=True), "T1").out_at.lat == spot(0, 1).lat
    there = after(state, arrived("08:10", "V1"))
    assert "V1" not in ids(rest(there, divert=True))


def test_breaks_that_are_left_keep_their_windows_and_overdue_ones_come_at_once() -> None:
    state = after(begun(), finished("08:40", "V4", technician="T2"))
    (pause,) = shift_of(rest(state), "T2").breaks
    assert (pause.earliest, pause.latest, pause.duration_s) == (at("11:30"), at("12:30"), 1800)
    # At 12:40 the window is over: at (0, 1), at once, before anything else.
    left = shift_of(rest(wait_until(state, at("12:40"))), "T2")
    assert (left.start, left.out_at.lat) == (at("12:40"), spot(0, 1).lat)
    assert (left.breaks[0].earliest, left.breaks[0].latest) == (at("12:40"), at("12:40"))
    had = after(state, started("11:30", "break", technician="T2"))
    had = after(had, finished("12:00", "break", technician="T2"))
    assert shift_of(rest(had), "T2").breaks == ()


def test_overtime_is_counted_from_the_own_end_of_the_shift() -> None:
    day, plan = with_day(
        technicians=(
            technician("T1", shifts=(shift("08:00", "10:00"),), max_overtime_s=7200),
            *live_day().technicians[1:],
        )
    )
    state = after(begin_day(day, plan), started("08:10", "V1"))
    longer = other("VisitOverran", "08:30", technician="T1", visit="V1", ends_at=at("11:00"))
    left = shift_of(rest(after(state, longer)), "T1")
    # Free at 11:00, an hour after the shift; back by two hours after it.
    assert (left.start, left.end, left.max_overtime_s) == (at("11:00"), at("10:00"), 7200)


def test_limits_are_less_what_was_done() -> None:
    limits = {"max_visits": 3, "max_distance_m": 9000, "max_driving_s": 7200}
    people = (technician("T1", **limits), *live_day().technicians[1:])
    state = after(begin_day(*with_day(technicians=people)), finished("08:40", "V1"))
    state = after(state, departed("08:40", "V2"))
    left = shift_of(rest(state), "T1")
    # V1 done and V2 fixed: 2 visits, 2 steps of 1000 m and 600 s.
    assert (left.max_visits, left.max_distance_m, left.max_driving_s) == (1, 7000, 6000)


def test_parts_used_picked_up_and_missing_are_gone() -> None:
    stock = (Stock(part="pump", quantity=2),)
    people = (technician("T1", van_stock=stock), *live_day().technicians[1:])
    state = begin_day(*with_day(technicians=people))

    def van(made: RestDay) -> list[int]:
        return [entry.quantity for entry in made.day.technicians[0].van_stock]

    assert van(rest(state)) == [2]
    # V2 needs a pump; it is fixed, then done.
    assert van(rest(state, Freeze(next_visits=2))) == [1]
    done = after(state, finished("09:30", "V2"))
    assert van(rest(done)) == [1]
    lacking = after(state, other("PartMissing", "07:30", visit="V2", part="pump"))
    assert van(rest(lacking)) == [0]
    assert van(rest(lacking, ignore_lacks=True)) == [2]


def test_contracted_outlets_have_less_room_and_keep_what_they_may_be_at() -> None:
    state = begun()
    assert "V6" in ids(rest(state))
    kept = rest(state, keep=True)
    assert (kept.contracted, "V6" in ids(kept)) == ((("V6", "C1"),), False)
    done = after(state, other("ContractedFinished", "08:00", visit="V6"))
    room = next(one for one in rest(done).day.outlets if one.id == "C1")
    assert room.capacity is not None
    assert room.capacity.visits_per_day == 4  # of 5


def test_closures_are_cut_out_of_the_hours() -> None:
    state = begin_day(*with_day(outlets=(*live_day().outlets, outlet("O2", 1))))
    shut = other("OutletClosed", "07:00", outlet="O2", start=at("09:00"), end=at("10:00"))
    made = rest(after(state, shut))
    hours = next(one for one in made.day.outlets if one.id == "O2").opening_hours
    spans = [(f"{one.opens:%H:%M:%S}", f"{one.closes:%H:%M:%S}") for one in hours]
    assert spans == [("00:00:00", "08:59:59"), ("10:00:00", "23:59:59")]
    assert {one.day for one in hours} == {"mon"}


def test_a_link_to_something_past_is_a_window_and_a_person() -> None:
    link = Link(after="V1", min_gap_s=3600, max_gap_s=7200, same_technician=True)
    state = after(with_visit("V3", links=(link,)), finished("08:40", "V1"))
    made = rest(state)
    linked = next(visit for visit in made.day.visits if visit.id == "V3")
    assert (linked.links, linked.pin) == ((), Pin(technician="T1"))
    # From 08:40 + 1 h on, at most 2 h after; the horizon starts at 06:00.
    assert linked.promises[0].earliest == at("09:40")
    assert made.latest == {"V3": 4 * 3600 + 40 * 60}
    apart = Link(after="V1", same_technician=False)
    others = rest(after(with_visit("V3", links=(apart,)), finished("08:40", "V1")))
    assert next(v for v in others.day.visits if v.id == "V3").excluded == ("T1",)


def test_an_open_visit_after_one_that_was_canceled_stays_open() -> None:
    state = with_visit("V7", links=(Link(after="V3"),))
    assert "V7" in ids(rest(state))
    canceled = rest(after(state, other("VisitCanceled", "07:00", visit="V3")))
    assert (canceled.stranded, "V7" in ids(canceled)) == (("V7",), False)


def test_a_pinned_arrival_that_is_missed_becomes_late_not_impossible() -> None:
    state = with_visit("V3", pin=Pin(technician="T1", arrival=at("09:40")))
    kept = next(visit for visit in rest(state).day.visits if visit.id == "V3")
    assert kept.pin == Pin(technician="T1", arrival=at("09:40"))
    late = after(state, other("TechnicianLate", "08:00", technician="T1", until=at("10:00")))
    missed = next(visit for visit in rest(late).day.visits if visit.id == "V3")
    assert (missed.pin, missed.promises[0].latest) == (Pin(technician="T1"), at("09:40"))


def test_who_has_a_visit_keeps_it_where_asked() -> None:
    made = rest(begun(), keep=True)
    required = {visit.id: visit.required for visit in made.day.visits}
    assert required == {
        "V1": ("T1",), "V2": ("T1",), "V3": ("T1",), "V4": ("T2",), "V5": ("T2",), "V7": (),
    }  # fmt: skip
