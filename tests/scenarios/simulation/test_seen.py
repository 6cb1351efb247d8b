"""The day as a search sees it: promises end a little sooner, what stays the same is the same."""

from __future__ import annotations

from dispatch.domain import Day
from dispatch.live.state import begin_day
from dispatch.planning.clock import Clock
from dispatch.planning.objective import late_rate, unassigned_fen
from dispatch.planning.windows import window_lines
from scenarios.simulation.promises import Words
from scenarios.simulation.runner import no_plan
from scenarios.simulation.seen import SeenDay, promises_first
from tests.days import technician, tiny_day, visit, window


def seen_of(day: Day) -> Day:
    state = begin_day(day, no_plan(day))
    return SeenDay(day).state(state, Words(day, 3600)).day


def test_a_promise_ends_five_minutes_sooner_but_not_before_it_begins() -> None:
    promises = (window("09:00", "10:00"), window("11:00", "11:03"))
    day = tiny_day([visit("V1", 1, promises=promises)], [technician()])
    seen = seen_of(day)
    lines = [
        [(w.name, w.earliest, w.latest) for w in window_lines(one, one.visits[0], Clock(one))]
        for one in (day, seen)
    ]
    assert [(n, a, b - 300) for n, a, b in lines[0][:1]] == lines[1][:1]
    name, begins, _ = lines[0][1]
    assert lines[1][1] == (name, begins, begins)


def test_the_last_minutes_of_a_promise_cost_the_price_of_the_day_and_later_ones_four_times() -> (
    None
):
    day = tiny_day([visit("V1", 1, promises=(window("09:00", "10:00"),))], [technician()])
    seen = seen_of(day)
    minute = late_rate(day.prices, day.visits[0]).cost(60)
    rate = late_rate(seen.prices, seen.visits[0])
    # Planned for 10:02 under a promise until 10:00: five minutes once, two minutes four times.
    assert rate.cost(7 * 60) == 5 * minute + 2 * 4 * minute
    # Who knows all durations needs no such minutes.
    known = day.model_copy(update=promises_first(day))
    assert late_rate(known.prices, day.visits[0]).cost(120) == 2 * 4 * minute


def test_a_visit_may_be_left_out_for_its_price_and_is_the_same_until_its_customer_is_told() -> None:
    day = tiny_day([visit("V1", 1), visit("V2", 2)], [technician()])
    state, words, seen = begin_day(day, no_plan(day)), Words(day, 3600), SeenDay(day)
    first = seen.state(state, words).day
    assert [v.mandatory for v in first.visits] == [False, False]
    assert first.visits[0].value_fen == unassigned_fen(day.prices, day.visits[0])
    words.tell(0, [("V2", "T1", 1800)])
    again = seen.state(state, words).day
    assert again.visits[0] is first.visits[0]
    told = again.visits[1].told
    assert told is not None
    assert (told.technician, Clock(day).ceil(told.arrival)) == ("T1", 1800)
    # Word of the same moment changes nothing.
    words.tell(60, [("V2", "T1", 1800)])
    assert seen.state(state, words).day.visits[1] is again.visits[1]
