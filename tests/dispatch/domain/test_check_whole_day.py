"""Traffic, links, crews and days made in Python are held to the rules of those that are read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dispatch.domain import (
    AreaFactor,
    Day,
    Link,
    PartNeed,
    Pin,
    Promise,
    Shift,
    SkillNeed,
    SpeedRow,
    Stock,
    Technician,
    Traffic,
)
from dispatch.domain.checks import Code, check_day
from dispatch.domain.checks.outline import find_outline_fault
from dispatch.errors import Severity
from tests.dispatch.domain.test_check_day import NINE, PLACE, found, small_day, visit

ONE_DAY = timedelta(days=1)
SQUARE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


def codes(day: Day) -> list[str]:
    return [code for code, _ in found(day)]


@pytest.mark.parametrize(
    "ring",
    [
        SQUARE,
        (*SQUARE, (0.0, 0.0)),
        SQUARE[::-1],
        # An L: (2, 0) to (2, 1) to (1, 1) to (1, 2) turns inwards once.
        ((0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (1.0, 1.0), (1.0, 2.0), (0.0, 2.0)),
        # A corner in the middle of a straight side.
        ((0.0, 0.0), (0.5, 0.0), (1.0, 0.0), (1.0, 1.0)),
        # A corner given twice in a row.
        ((0.0, 0.0), (1.0, 0.0), (1.0, 0.0), (1.0, 1.0)),
        ((0.0, 0.0), (1.0, 0.0), (0.5, 1e-3)),
    ],
)
def test_an_outline_may_have_any_shape_that_encloses_something(
    ring: tuple[tuple[float, float], ...],
) -> None:
    assert find_outline_fault(ring) is None


@pytest.mark.parametrize(
    ("ring", "words"),
    [
        (((0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0)), "encloses nothing"),
        # A bow tie with one larger wing: sides 1 and 3 cross.
        (((0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 1.0)), "sides 1 and 3"),
        (((0.0, 0.0), (1.0, 1.0), (2.0, 2.0)), "encloses nothing"),
        (((0.0, 0.0), (1.0, 0.0), (0.0, 0.0)), "fewer than 3"),
        # A spike: out to (2, 0) and back along itself.
        (((0.0, 0.0), (2.0, 0.0), (1.0, 0.0), (1.0, 1.0)), "sides 1 and 2"),
        # The outline touches its own side in (1, 0).
        (((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (1.0, 0.0), (0.0, 2.0)), "sides 1 and 3"),
    ],
)
def test_an_outline_that_crosses_or_touches_itself_is_refused(
    ring: tuple[tuple[float, float], ...], words: str
) -> None:
    fault = find_outline_fault(ring)
    assert fault is not None
    assert words in fault


def test_a_day_with_everything_new_has_no_faults() -> None:
    first = visit(id="V1", parts=(PartNeed(part="P"),), days=(NINE.date(),))
    second = visit(
        crew_size=2,
        crew_skills=(SkillNeed(skill="lift"),),
        links=(Link(after="V1", min_gap_s=60, max_gap_s=60, same_technician=False),),
    )
    shift = Shift(start=NINE, end=NINE + timedelta(hours=8))
    people = tuple(
        Technician(
            id=name,
            outlet="O1",
            shifts=(shift,),
            skills=({"skill": "lift"},),
            van_stock=(Stock(part="P", quantity=1),),
            max_visits=1,
        )
        for name in ("T1", "T2")
    )
    area = AreaFactor(ring=SQUARE, start=NINE, end=NINE + ONE_DAY, percent=50)
    day = small_day(
        visits=(first, second), technicians=people, traffic=Traffic(profile="none", areas=(area,))
    )
    assert found(day) == []


def test_rows_that_meet_do_not_overlap_and_a_row_inside_a_longer_one_does() -> None:
    def rows(*spans: tuple[int, int]) -> Traffic:
        speeds = (SpeedRow(road_class="local", from_minute=a, to_minute=b, percent=50)
                  for a, b in spans)  # fmt: skip
        return Traffic(profile="custom", speeds=tuple(speeds))

    assert codes(small_day(traffic=rows((0, 60), (60, 120)))) == []
    assert found(small_day(traffic=rows((0, 600), (60, 90), (500, 700)))) == [
        (Code.TRAFFIC_ROWS_OVERLAP, "traffic.speeds[1].from_minute"),
        (Code.TRAFFIC_ROWS_OVERLAP, "traffic.speeds[2].from_minute"),
    ]


def test_a_circle_is_reported_once_and_others_beside_it() -> None:
    visits = [
        visit(id="A", links=(Link(after="C"),)),
        visit(id="B", links=(Link(after="A"),)),
        visit(id="C", links=(Link(after="B"), Link(after="E"))),
        visit(id="D", links=(Link(after="E"),)),
        visit(id="E", links=(Link(after="D"),)),
        visit(id="F", links=(Link(after="A"), Link(after="D"))),
    ]
    circles = list(check_day(small_day(visits=tuple(visits))))
    assert [(fault.code, fault.where, fault.found) for fault in circles] == [
        (Code.LINK_CIRCLE, "visits[0].links[0].after", "A after C after B after A"),
        (Code.LINK_CIRCLE, "visits[3].links[0].after", "D after E after D"),
    ]


def test_a_long_chain_is_no_circle() -> None:
    chain = [visit(id="V0")]
    chain += [visit(id=f"V{n}", links=(Link(after=f"V{n - 1}"),)) for n in range(1, 5000)]
    assert found(small_day(visits=tuple(reversed(chain)))) == []


def test_one_technician_is_asked_for_across_links() -> None:
    # V3 is to be the same as V2, V2 the same as V1, so V3 and V1 cannot differ.
    visits = (
        visit(id="V1"),
        visit(id="V2", links=(Link(after="V1", same_technician=True),)),
        visit(
            id="V3",
            links=(
                Link(after="V2", same_technician=True),
                Link(after="V1", same_technician=False),
            ),
        ),
    )
    day = small_day(visits=visits)
    assert found(day) == [(Code.SAME_AND_DIFFERENT, "visits[2].links[1].same_technician")]


def test_lists_of_one_technicians_visits_need_a_common_name() -> None:
    shift = Shift(start=NINE, end=NINE + timedelta(hours=8))
    people = tuple(Technician(id=n, outlet="O1", shifts=(shift,)) for n in ("T1", "T2", "T3"))
    same = (Link(after="V1", same_technician=True),)
    ends = visit(id="V1", required=("T1", "T2"))
    assert codes(small_day(technicians=people, visits=(
        ends, visit(required=("T2", "T3"), links=same)))) == []  # fmt: skip
    assert found(small_day(technicians=people, visits=(
        ends, visit(pin=Pin(technician="T3"), links=same)))) == [
        (Code.NOBODY_FOR_ALL, "visits[1].pin.technician")
    ]  # fmt: skip


def test_a_crew_counts_who_may_go() -> None:
    shift = Shift(start=NINE, end=NINE + timedelta(hours=8))
    people = tuple(Technician(id=n, outlet="O1", shifts=(shift,)) for n in ("T1", "T2", "T3"))
    assert codes(small_day(technicians=people, visits=(visit(crew_size=3),))) == []
    barred = visit(crew_size=3, excluded=("T2",))
    faults = check_day(small_day(technicians=people, visits=(barred,)))
    assert [(f.code, f.severity) for f in faults] == [(Code.CREW_TOO_LARGE, Severity.WARNING)]
    assert "at most 2" in faults[0].expected


def test_days_are_those_of_the_horizon_in_the_zone_of_the_day() -> None:
    # The horizon is 07:00 to 19:00 of Monday 2026-03-02 in Shanghai.
    monday = NINE.date()
    assert codes(small_day(visits=(visit(days=(monday,)),))) == []
    some = check_day(small_day(visits=(visit(days=(monday, monday + ONE_DAY)),)))
    assert [(f.code, f.severity) for f in some] == [(Code.DAYS_OUTSIDE_HORIZON, Severity.WARNING)]
    none = check_day(small_day(visits=(visit(days=(monday + ONE_DAY,)),)))
    assert [(f.code, f.severity) for f in none] == [(Code.DAYS_OUTSIDE_HORIZON, Severity.ERROR)]


def test_a_day_without_any_shift_is_warned_of_and_a_promise_has_to_touch_the_days() -> None:
    tuesday = NINE.date() + ONE_DAY
    longer = {"horizon_end": NINE + 2 * ONE_DAY}
    late = Promise(earliest=NINE + ONE_DAY, latest=NINE + ONE_DAY)
    assert codes(small_day(**longer, visits=(visit(days=(tuesday,), promises=(late,)),))) == [
        Code.DAYS_WITHOUT_SHIFT
    ]
    assert codes(small_day(**longer, visits=(visit(days=(NINE.date(),), promises=(late,)),))) == [
        Code.DAYS_WITHOUT_PROMISE
    ]


def test_a_horizon_has_at_most_31_days() -> None:
    start = NINE - timedelta(hours=2)
    assert codes(small_day(horizon_end=start + 31 * ONE_DAY)) == []
    assert codes(small_day(horizon_end=start + 31 * ONE_DAY + timedelta(seconds=1))) == [
        Code.HORIZON_LONG
    ]


def test_who_comes_after_a_visit_that_is_set_aside_is_set_aside_too() -> None:
    nowhere = PLACE.model_copy(update={"lon": 0.0, "lat": 0.0})
    visits = (
        visit(id="V3", links=(Link(after="V2"),)),
        visit(id="V2", links=(Link(after="V1"),)),
        visit(id="V1", place=nowhere),
        visit(id="V4", links=(Link(after="V5"),)),
        visit(id="V5"),
    )
    aside = [f for f in check_day(small_day(visits=visits)) if f.severity is Severity.QUARANTINE]
    assert [(fault.code, fault.visit) for fault in aside] == [
        (Code.PLACE_ZERO, "V1"),
        (Code.LINK_SET_ASIDE, "V2"),
        (Code.LINK_SET_ASIDE, "V3"),
    ]
