"""A day made in Python is held to the same rules as one that was read."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import numpy as np

from dispatch.domain import Day, Link, Outlet, Pin, Place, Promise, Shift, Technician, Visit
from dispatch.domain.checks import Code, check_day
from dispatch.domain.checks.places import great_circle_m
from dispatch.errors import Severity

SHANGHAI = timezone(timedelta(hours=8))
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
PLACE = Place(lon=121.47, lat=31.23)


def small_day(**changes: object) -> Day:
    shift = Shift(start=NINE, end=NINE + timedelta(hours=8))
    day = Day(
        id="D1",
        date=NINE.date(),
        horizon_start=NINE - timedelta(hours=2),
        horizon_end=NINE + timedelta(hours=10),
        outlets=(Outlet(id="O1", place=PLACE),),
        technicians=(Technician(id="T1", outlet="O1", shifts=(shift,)),),
        visits=(Visit(id="V1", place=PLACE, service_s=600),),
    )
    return day.model_copy(update=changes)


def found(day: Day) -> list[tuple[str, str]]:
    return [(fault.code, fault.where) for fault in check_day(day)]


def visit(**fields: object) -> Visit:
    return Visit.model_validate({"id": "V2", "place": PLACE, "service_s": 600, **fields})


def test_a_sound_day_has_no_faults() -> None:
    assert found(small_day()) == []


def test_faults_name_the_path_of_the_value() -> None:
    broken = visit(
        required=("T9",),
        promises=(Promise(appointment=NINE), Promise(appointment=NINE + timedelta(days=1))),
        links=(Link(after="V1"), Link(after="V9")),
    )
    assert found(small_day(visits=(visit(id="V1"), broken))) == [
        (Code.WINDOW_OUTSIDE_HORIZON, "visits[1].promises[1].appointment"),
        (Code.UNKNOWN_TECHNICIAN, "visits[1].required[0]"),
        (Code.UNKNOWN_VISIT, "visits[1].links[1].after"),
    ]


def test_parts_of_a_second_are_refused_wherever_they_are() -> None:
    odd = NINE + timedelta(microseconds=1)
    shift = Shift(start=odd, end=NINE + timedelta(hours=8))
    day = small_day(
        technicians=(Technician(id="T1", outlet="O1", shifts=(shift,)),),
        visits=(
            visit(received_at=odd, pin=Pin(arrival=odd), promises=(Promise(appointment=odd),)),
        ),
    )
    assert found(day) == [
        (Code.MOMENT_SUBSECOND, "technicians[0].shifts[0].start"),
        (Code.MOMENT_SUBSECOND, "visits[0].received_at"),
        (Code.MOMENT_SUBSECOND, "visits[0].pin.arrival"),
        (Code.MOMENT_SUBSECOND, "visits[0].promises[0].appointment"),
    ]


def test_windows_that_touch_the_horizon_from_outside_are_allowed() -> None:
    # The horizon starts at 07:00; a window 06:00 to 07:00 can still be met at 07:00 sharp.
    edge = Promise(earliest=NINE - timedelta(hours=3), latest=NINE - timedelta(hours=2))
    early = Promise(earliest=NINE - timedelta(hours=3), latest=NINE - timedelta(hours=2, seconds=1))
    assert found(small_day(visits=(visit(promises=(edge,)),))) == []
    assert found(small_day(visits=(visit(promises=(early,)),))) == [
        (Code.WINDOW_OUTSIDE_HORIZON, "visits[0].promises[0].latest")
    ]


def test_a_contracted_outlet_may_be_excluded_but_not_pinned() -> None:
    outlet = Outlet(id="O2", kind="contracted", place=PLACE)
    day = small_day(
        outlets=(Outlet(id="O1", place=PLACE), outlet), visits=(visit(excluded=("O2",)),)
    )
    assert found(day) == []
    pinned = day.model_copy(update={"visits": (visit(pin=Pin(technician="O2")),)})
    assert found(pinned) == [(Code.UNKNOWN_TECHNICIAN, "visits[0].pin.technician")]


def test_three_hundred_kilometers_are_near_and_a_little_more_is_far() -> None:
    # One degree of latitude is 111.195 km on the sphere: 2.69 degrees 299.1 km, 2.71 301.3 km.
    for degrees, codes in ((2.69, []), (2.71, [Code.PLACE_FAR])):
        far = visit(place=Place(lon=121.47, lat=31.23 + degrees))
        faults = check_day(small_day(visits=(visit(id="V1"), far)))
        assert [fault.code for fault in faults] == codes
        assert all(fault.severity is Severity.QUARANTINE for fault in faults)


def test_great_circles_are_measured_on_the_sphere() -> None:
    # A quarter of the equator: pi / 2 * 6 371 008.8 m = 10 007 557 m.
    away = great_circle_m(np.array([[90.0, 0.0], [0.0, 0.0]]), np.array([0.0, 0.0]))
    assert [round(float(distance)) for distance in away] == [10_007_557, 0]


def test_a_day_in_which_every_name_is_unknown_is_checked_in_time() -> None:
    # 3000 wrong names against 1000 technicians are 3 million comparisons; the budget is 100 000,
    # so the first names get a suggestion and the last ones none.
    crew = tuple(
        small_day().technicians[0].model_copy(update={"id": f"tech-{n}"}) for n in range(1000)
    )
    visits = tuple(visit(id=f"V{n}", preferred=(f"tekh-{n}",)) for n in range(3000))
    faults = check_day(small_day(technicians=crew, visits=visits))
    assert [fault.code for fault in faults] == [Code.UNKNOWN_TECHNICIAN] * 3000
    assert "Did you mean" in faults[0].hint
    assert "Did you mean" not in faults[-1].hint
