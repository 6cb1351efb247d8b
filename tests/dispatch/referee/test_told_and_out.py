"""What customers were told and who is out already, judged and priced by hand.

One step of the town takes 10 minutes and a kilometer; work costs 4000 fen an hour, a kilometer 120;
another technician 3000, a minute later than told 100 (15 minutes are free), another order 500.
"""

from __future__ import annotations

from typing import Any

import pytest

from dispatch.domain import DayPlan, Link, Pin, Priority
from dispatch.referee import judge, judge_order
from dispatch.referee.verdict import Verdict
from tests.days import (
    at,
    contracted,
    grid_table,
    hours,
    out,
    outlet,
    technician,
    tiny_day,
    told,
    visit,
    window,
)
from tests.edit_plan import change_route, change_stop


def judged(day: Any, order: Any, **more: Any) -> tuple[Verdict, DayPlan]:
    return judge_order(day, order, grid_table(day), **more)


def arrival(plan: DayPlan, name: str) -> str:
    stops = [stop for route in plan.routes for stop in route.stops if stop.visit == name]
    return stops[0].arrival.strftime("%H:%M")


def test_nobody_comes_much_earlier_than_the_customer_was_told():
    verdict, plan = judged(tiny_day([visit("V1", 1, told=told("10:00"))]), {"T1": ["V1"]})
    assert (arrival(plan, "V1"), plan.routes[0].start) == ("09:45", at("09:35"))
    assert verdict.ok
    assert verdict.cost.disturbed == 0
    early = change_stop(plan, "visit", arrival=at("09:44"), start=at("09:44"))
    assert "too_early" in judge(tiny_day([visit("V1", 1, told=told("10:00"))]), early,
                                grid_table(tiny_day([visit("V1", 1)]))).codes  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "arrives"),
    [
        ({"promises": (window("08:00", "12:00"),)}, "09:45"),
        # Told a moment after the promise ends: the last moment of the promise is early enough.
        ({"promises": (window("08:00", "09:00"),)}, "09:00"),
        ({"promises": (window("09:50", "12:00"),)}, "09:50"),
        ({"pin": Pin(arrival=at("09:00"))}, "09:00"),
        # An emergency is owed 08:45 at the latest; that is earlier than told less 15 minutes.
        ({"priority": Priority.EMERGENCY, "received_at": at("08:30")}, "08:45"),
    ],
)
def test_a_promise_opens_with_what_was_told_but_never_closes_earlier(
    fields: dict[str, Any], arrives: str
):
    verdict, plan = judged(tiny_day([visit("V1", 1, told=told("10:00"), **fields)]), {"T1": ["V1"]})
    assert verdict.ok
    assert arrival(plan, "V1") == arrives
    assert (verdict.cost.lateness, verdict.cost.disturbed) == (0, 0)


def test_the_free_minutes_are_a_setting():
    day = tiny_day([visit("V1", 1, told=told("10:00"))])
    day = day.model_copy(
        update={"settings": day.settings.model_copy(update={"disturbed_free_s": 60})}
    )
    verdict, plan = judged(day, {"T1": ["V1"]})
    assert verdict.ok
    assert arrival(plan, "V1") == "09:59"


def test_each_minute_later_than_told_has_its_price_after_the_free_ones():
    visits = [visit("V1", 1, told=told("09:00")), visit("V2", 1, service_s=3 * 3600)]
    verdict, plan = judged(tiny_day(visits), {"T1": ["V2", "V1"]})
    # V2 from 8:10 to 11:10; V1 then, 115 minutes after 9:15.
    assert arrival(plan, "V1") == "11:10"
    assert verdict.cost.disturbed == 11_500
    assert verdict.ok


def test_another_technician_than_told_has_a_price_and_so_has_a_contracted_outlet():
    day = tiny_day(
        [visit("V1", 1, told=told("10:00", "T2")), visit("V2", 1, told=told("10:00", "C1"))],
        [technician("T1"), technician("T2")],
        [outlet(), contracted()],
    )
    verdict, _ = judged(day, {"T1": ["V1"]}, contracted={"C1": ["V2"]})
    assert verdict.cost.disturbed == 3_000
    verdict, _ = judged(day, {"T2": ["V1"]}, contracted={"C1": ["V2"]})
    assert verdict.cost.disturbed == 0
    # A contracted outlet keeps its own times: only that it is another one is priced.
    verdict, _ = judged(day, {"T2": ["V2"]}, contracted={"C1": ["V1"]})
    assert verdict.cost.disturbed == 6_000
    assert verdict.ok


def test_only_visits_told_the_same_technician_have_an_order_to_keep():
    def disturbed(order: list[str]) -> int:
        first = visit("V1", 1, service_s=600, told=told("09:00", order=2))
        second = visit("V2", 1, service_s=600, told=told("09:10", order=1))
        between = visit("V3", 1, service_s=0)
        day = tiny_day([first, second, between], [technician("T1"), technician("T2")])
        verdict, _ = judged(day, {"T1": order})
        assert verdict.ok
        return verdict.cost.disturbed

    # V1 08:45 to 08:55, V2 then, as early as may be.
    assert disturbed(["V1", "V2"]) == 500
    assert disturbed(["V2", "V1"]) == 0
    # A visit between that nobody was told anything of: V2 follows that one.
    assert disturbed(["V1", "V3", "V2"]) == 0


def test_a_visit_left_out_pays_for_being_left_out_and_nothing_else():
    verdict, _ = judged(tiny_day([visit("V1", 1, told=told("09:00", "T9"))]), {})
    assert (verdict.cost.unassigned, verdict.cost.disturbed) == (80_000, 0)


def test_of_a_crew_only_the_first_was_told():
    pair = visit("V1", 1, crew_size=2, told=told("08:10"))
    day = tiny_day([pair], [technician("T1"), technician("T2")])
    assert judged(day, {"T1": ["V1"], "T2": ["V1"]})[0].cost.disturbed == 0
    # T2 comes first in the order, so T2 is the first of the crew.
    assert judged(day, {"T2": ["V1"], "T1": ["V1"]})[0].cost.disturbed == 3_000


def out_day(*visits: Any, **fields: Any) -> Any:
    span = fields.pop("span", out("10:00", 2))
    return tiny_day(visits, [technician("T1", shifts=(span,), **fields)])


def test_who_is_out_sets_out_at_once_and_is_paid_for_waiting():
    verdict, plan = judged(out_day(visit("V1", 1, promises=(window("12:00", "13:00"),))),
                           {"T1": ["V1"]})  # fmt: skip
    assert verdict.ok
    route = plan.routes[0]
    assert (route.start, route.end) == (at("10:00"), at("12:40"))
    # 2 h 40 min at 4000 fen: 10 666.67; two kilometers.
    assert (verdict.cost.work, verdict.cost.travel) == (10_667, 240)
    late = change_route(plan, start=at("11:50"))
    late = change_stop(late, "start", **dict.fromkeys(("reached", "arrival", "start", "end"),
                                                      at("11:50")))  # fmt: skip
    assert (
        "departure_wrong"
        in judge(
            out_day(visit("V1", 1, promises=(window("12:00", "13:00"),))),
            late,
            grid_table(out_day(visit("V1", 1))),
        ).codes
    )


def test_who_is_out_has_a_way_back_without_visits_and_a_plan_must_have_it():
    day = out_day(visit("V1", 1))
    verdict, plan = judged(day, {})
    assert verdict.ok
    assert [stop.kind for stop in plan.routes[0].stops] == ["start", "end"]
    assert plan.routes[0].end == at("10:20")
    # 20 minutes: 1333.33 fen; 2 km: 240.
    assert (verdict.cost.work, verdict.cost.travel) == (1_333, 240)
    without = plan.model_copy(update={"routes": ()})
    assert "route_missing" in judge(day, without, grid_table(day)).codes


def test_what_the_way_back_takes_cannot_be_helped():
    # Free only an hour after the end of the shift, nothing allowed any more: straight back.
    span = out("10:00", 2, "09:00", max_overtime_s=0, max_distance_m=0, max_driving_s=0)
    day = out_day(visit("V1", 2), span=span)
    verdict, _ = judged(day, {})
    assert verdict.ok
    # Back at 10:20: 80 minutes at 6000 fen.
    assert verdict.cost.overtime == 8_000
    # Half an hour of work right here: back half an hour later than can be helped.
    assert judged(day, {"T1": ["V1"]})[0].codes == {"overtime_limit"}
    # A little to the side: further than can be helped.
    day = out_day(visit("V1", 3, service_s=0), span=span.model_copy(update={"end": at("18:00")}))
    assert judged(day, {"T1": ["V1"]})[0].codes == {"distance_limit", "driving_limit"}


def test_limits_of_a_shift_hold_for_it_alone():
    day = out_day(visit("V1", 1), visit("V2", 1), max_visits=5, span=out("10:00", 2, max_visits=1))
    assert judged(day, {"T1": ["V1", "V2"]})[0].codes == {"visits_limit"}
    day = out_day(
        visit("V1", 1), max_overtime_s=0, span=out("10:00", 2, "10:30", max_overtime_s=1200)
    )
    # 10:10 to 10:40, back at 10:50: 20 minutes over.
    assert judged(day, {"T1": ["V1"]})[0].ok


def kinds(plan: DayPlan) -> list[str]:
    return [stop.kind for stop in plan.routes[0].stops]


def test_a_break_that_cannot_wait_for_the_end_place_is_taken_where_the_technician_is():
    # Back at 10:20 at the earliest: a break up to 10:20 can wait, one up to 10:19 cannot.
    day = out_day(visit("V1", 1), span=out("10:00", 2, "18:00", ("09:00", "10:20", 30)))
    verdict, plan = judged(day, {})
    assert (verdict.ok, kinds(plan)) == (True, ["start", "end", "break"])
    bare = change_route(plan, stops=plan.routes[0].stops[:2])
    assert "break_missing" in judge(day, bare, grid_table(day)).codes
    span = out("10:00", 2, "10:00", ("09:00", "10:19", 30), max_overtime_s=0)
    day = out_day(visit("V1", 1), span=span)
    verdict, plan = judged(day, {})
    assert (verdict.ok, kinds(plan)) == (True, ["start", "break", "end"])
    # Back at 10:50; no overtime is allowed, this cannot be helped. Only the driving is work.
    assert plan.routes[0].end == at("10:50")
    assert (verdict.cost.work, verdict.cost.overtime) == (1_333, 5_000)


def test_a_break_is_waived_that_comes_too_late_even_after_the_one_before_taken_at_once():
    breaks = (("09:00", "10:05", 30), ("10:05", "10:29", 10))
    day = out_day(visit("V1", 1), span=out("10:00", 2, "18:00", *breaks))
    verdict, plan = judged(day, {})
    # The first from 10:00 to 10:30.
    assert (verdict.ok, kinds(plan)) == (True, ["start", "break", "end"])


def test_no_break_comes_before_the_departure_of_who_is_out():
    day = out_day(visit("V1", 1), span=out("10:00", 2, "18:00", ("09:00", "12:00", 30)))
    verdict, plan = judged(day, {"T1": ["V1"]})
    assert verdict.ok
    stops = plan.routes[0].stops
    rest = next(stop for stop in stops if stop.kind == "break")
    rest = rest.model_copy(update={"leg_s": 0, "leg_m": 0})
    others = tuple(stop for stop in stops if stop.kind != "break")
    moved = change_route(plan, stops=(rest, *others))
    assert "break_place" in judge(day, moved, grid_table(day)).codes


def test_a_closed_outlet_neither_holds_back_nor_strands_who_is_out():
    shut = outlet(opening_hours=hours("08:00", "18:00", "tue"))
    day = out_day(visit("V1", 1)).model_copy(update={"outlets": (shut,)})
    verdict, plan = judged(day, {"T1": ["V1"]})
    assert verdict.ok
    assert plan.routes[0].end == at("10:50")
    # Open from 11 to 12 only: nobody waits for the opening, overtime begins at noon.
    brief = outlet(opening_hours=hours("11:00", "12:00"))
    day = out_day(visit("V1", 1, service_s=2 * 3600)).model_copy(update={"outlets": (brief,)})
    verdict, plan = judged(day, {"T1": ["V1"]})
    assert (verdict.ok, plan.routes[0].end) == (True, at("12:20"))
    assert verdict.cost.overtime == 2_000


def test_links_hold_for_who_is_out():
    first = visit("V1", 1)
    second = visit("V2", 1, links=(Link(after="V1", min_gap_s=3600),))
    verdict, plan = judged(out_day(first, second), {"T1": ["V1", "V2"]})
    assert verdict.ok
    stop = next(s for s in plan.routes[0].stops if s.visit == "V2")
    # V1 10:10 to 10:40; an hour later.
    assert stop.start == at("11:40")
