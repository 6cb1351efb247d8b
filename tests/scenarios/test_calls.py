"""Real call days become days of service."""

from __future__ import annotations

from collections import Counter
from datetime import date, time

import pytest

from scenarios.call_day import SKILL_OF_AOI, build_call_day
from scenarios.calls import COLUMNS, keep_windows_of_day, parse_calls, read_calls
from scenarios.errors import InstanceFormatError, UnknownInstance
from scenarios.region_groups import MAX_CALLS, group_regions
from tests.data_root import data_or_skip

HEADER = ",".join(COLUMNS)


def row(
    order, *, courier=7, region=1, lon=120.1, window=("05-01 09:00:00", "05-01 11:00:00"), aoi=1
):
    accepted = "05-01 08:00:00"
    return (
        f"{order},{region},Town,{courier},{accepted},{window[0]},{window[1]},{lon},30.2,{aoi},501"
    )


def calls_of(*rows):
    return parse_calls("\n".join((HEADER, *rows)))


def cities():
    folder = data_or_skip("real_pickup_day")
    return [read_calls(folder / f"{city}.csv") for city in ("hangzhou", "shanghai")]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("lng", "longitude", "no column 'lng'"),
        (",120.1,", ",east,", "lng: a number"),
        (",120.1,", ",220.1,", "WGS 84 degrees"),
        (",120.1,", ",,", "a value for lng"),
        ("05-01 09:00:00", "05-32 09:00:00", "time_window_start: MM-DD HH:MM:SS"),
        ("05-01 09:00:00", "05-01 12:00:00", "a window that ends before it starts"),
        (row(4), "", "at least one row"),
    ],
)
def test_a_broken_call_file_is_refused_with_its_row(old, new, words):
    text = f"{HEADER}\n{row(4)}"
    assert old in text
    with pytest.raises(InstanceFormatError, match=r"calls\.csv") as caught:
        parse_calls(text.replace(old, new), "calls.csv")
    assert words in str(caught.value)


def test_an_order_stated_twice_is_refused():
    with pytest.raises(InstanceFormatError, match="order_id 4 twice"):
        calls_of(row(4), row(5), row(4))


def test_only_windows_of_the_day_are_kept():
    later = row(5, window=("05-02 09:00:00", "05-02 11:00:00"))
    over_night = row(6, window=("05-01 23:00:00", "05-02 01:00:00"))
    kept = keep_windows_of_day(calls_of(row(4), later, over_night))
    assert [call.order for call in kept] == [4]


def test_far_regions_stay_apart_and_near_ones_join():
    # one degree of longitude at 30.2 north is 96 km; 0.1 degree is 9.6 km
    calls = calls_of(row(1), row(2, region=2, lon=120.2), row(3, region=3, lon=121.2))
    assert group_regions(calls) == ((1, 2), (3,))
    assert len(build_call_day(calls).visits) == 2
    assert len(build_call_day(calls, group=2).visits) == 1
    assert len(build_call_day(calls, group=None).visits) == 3
    with pytest.raises(UnknownInstance, match="group 3; expected 1 to 2, or all"):
        build_call_day(calls, group=3)


def test_a_call_becomes_a_visit_word_for_word():
    day = build_call_day(calls_of(row(4, aoi=14)))
    (visit,) = day.visits
    assert (day.date, day.zone) == (date(2023, 5, 1), "Asia/Shanghai")
    assert (visit.id, visit.place.lon, visit.place.lat) == ("C4", 120.1, 30.2)
    assert visit.service_s == 480
    assert visit.skills[0].skill == SKILL_OF_AOI[14]
    assert visit.promises[0].earliest.isoformat() == "2023-05-01T09:00:00+08:00"
    assert visit.promises[0].latest.isoformat() == "2023-05-01T11:00:00+08:00"
    assert visit.received_at == visit.released_at
    assert visit.released_at.isoformat() == "2023-05-01T08:00:00+08:00"
    (technician,) = day.technicians
    assert (technician.id, technician.outlet) == ("T7", "O1")
    assert technician.shifts[0].start.time() == time(8)
    assert technician.shifts[0].end.time() == time(20)
    assert technician.shifts[0].breaks == ()


def test_lunch_is_a_break_in_every_shift_only_where_asked_for():
    day = build_call_day(calls_of(row(4), row(5, courier=8)), lunch=True)
    assert [len(t.shifts[0].breaks) for t in day.technicians] == [1, 1]


def test_the_busiest_couriers_of_each_region_are_kept():
    rows = [row(i, courier=c) for i, c in enumerate((1, 2, 2, 3, 3, 3))]
    assert {t.id for t in build_call_day(calls_of(*rows), technicians=2).technicians} == {
        "T2",
        "T3",
    }


@pytest.mark.parametrize("technicians", [25, 40, 60])
def test_both_real_days_are_whole_and_independent_of_the_order_of_rows(technicians):
    for calls in cities():
        day = build_call_day(calls, technicians=technicians)
        assert day == build_call_day(calls[::-1], technicians=technicians)
        assert len(day.technicians) == technicians
        assert len(day.outlets) == 4
        assert 200 <= len(day.visits) <= MAX_CALLS
        assert all(v.promises[0].latest.date() == day.date for v in day.visits)
        needed = Counter(need.skill for v in day.visits for need in v.skills)
        held = Counter(skill.skill for t in day.technicians for skill in t.skills)
        for skill, count in needed.items():
            # at least a fifth of the technicians, and twice the share of the calls
            share = min(1.0, max(0.2, 2 * count / len(day.visits)))
            assert held[skill] >= share * technicians


def test_groups_of_a_real_day_hold_every_region_once():
    for calls in cities():
        kept = keep_windows_of_day(calls)
        groups = group_regions(kept)
        regions = [region for group in groups for region in group]
        assert sorted(regions) == sorted({call.region for call in kept})
