"""States of traffic over a horizon: buckets, zones, overlaps, merging."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from geo.regimes import TrafficArea, find_regimes
from geo.road_classes import CLASS_OF_HIGHWAY, ROAD_CLASSES, find_class
from geo.speed_profiles import ClassSpan, compute_percents, read_speed_profile
from geo.traffic import DRIVING_SHARE, compute_mean_share

ZONE = "Asia/Shanghai"
RING = ((114.0, 30.0), (114.1, 30.0), (114.1, 30.1))


def moment(text: str) -> datetime:
    """``moment("07:30")`` or ``moment("2026-03-03 07:30")`` is that time in Shanghai (UTC + 8)."""
    word = text if " " in text else f"2026-03-02 {text}"
    local = datetime.fromisoformat(word).replace(tzinfo=UTC)
    return local - timedelta(hours=8)


def area(start: str, end: str, percent: int = 50, name: str = "") -> TrafficArea:
    return TrafficArea(name, RING, moment(start), moment(end), percent)


def primary(start: int, end: int, percent: int) -> ClassSpan:
    return ClassSpan("primary", start * 60, end * 60, percent)


def test_buckets_begin_where_speeds_change_in_local_time() -> None:
    spans = (primary(7, 9, 50), primary(17, 19, 50))
    found = find_regimes((moment("06:00"), moment("22:00")), ZONE, spans, ())
    # 07:00 is 1 h after 06:00, 09:00 3 h, 17:00 11 h, 19:00 13 h; both peaks are one state.
    assert found.bucket_start_s == (0, 3600, 10_800, 39_600, 46_800)
    assert found.bucket_regime == (0, 1, 0, 1, 0)
    assert found.states[0].is_free_flow
    assert found.states[1].class_share == (1.0, 1.0, 0.5, 1.0, 1.0, 1.0)
    assert found.n_distinct == 2


def test_a_horizon_that_begins_in_a_peak_begins_with_its_state() -> None:
    found = find_regimes((moment("08:00"), moment("12:00")), ZONE, (primary(7, 9, 50),), ())
    assert (found.bucket_start_s, found.bucket_regime) == ((0, 3600), (0, 1))
    assert found.states[0].class_share[2] == 0.5


def test_the_clock_starts_anew_on_every_day_of_the_horizon() -> None:
    horizon = (moment("2026-03-02 08:00"), moment("2026-03-04 08:00"))
    found = find_regimes(horizon, ZONE, (primary(7, 9, 50),), ())
    # In the peak until 09:00 (3600); again from 07:00 the next day, 23 h later, to 25 h; and the
    # last hour, from 47 h on.
    assert found.bucket_start_s == (0, 3600, 82_800, 90_000, 169_200)
    assert found.bucket_regime == (0, 1, 0, 1, 0)


def test_minutes_are_those_of_the_zone_even_when_the_clocks_change() -> None:
    # Berlin, 2026-03-29: 02:00 becomes 03:00. From midnight (UTC 23:00) it is 6 h to 07:00.
    start = datetime(2026, 3, 28, 23, tzinfo=UTC)
    horizon = (start, start + timedelta(hours=20))
    found = find_regimes(horizon, "Europe/Berlin", (primary(7, 9, 50),), ())
    assert found.bucket_start_s == (0, 6 * 3600, 8 * 3600)


def test_a_span_may_run_over_midnight_and_the_slowest_of_two_counts() -> None:
    night = (ClassSpan("local", 22 * 60, 6 * 60, 150),)
    assert compute_percents(night, "local")[[0, 359, 360, 1319, 1320, 1439]].tolist() == [
        150, 150, 100, 100, 150, 150,
    ]  # fmt: skip
    both = (primary(7, 9, 50), primary(8, 10, 40))
    assert compute_percents(both, "primary")[[360, 420, 480, 540, 600]].tolist() == [
        100, 50, 40, 40, 100,
    ]  # fmt: skip


def test_a_thousand_areas_are_brought_down_in_time() -> None:
    # One area a minute from 00:00 on, each in force for two: 1 000 different states.
    areas = [
        TrafficArea("", RING, moment("00:00") + timedelta(minutes=i),
                    moment("00:00") + timedelta(minutes=i + 2), 20 + i % 60)
        for i in range(1000)
    ]  # fmt: skip
    horizon = (moment("00:00"), moment("2026-03-03 00:00"))
    found = find_regimes(horizon, ZONE, read_speed_profile("china_big_city"), areas)
    assert len(found.states) == 6
    assert found.n_distinct > 1000


def test_an_area_holds_from_the_second_it_begins_to_the_second_it_ends() -> None:
    areas = (area("10:00:30", "11:00", 40), area("23:00", "23:30"))
    found = find_regimes((moment("06:00"), moment("22:00")), ZONE, (), areas)
    # 4 h and 30 s after 06:00; 5 h after it. The second area lies outside the horizon.
    assert found.bucket_start_s == (0, 14_430, 18_000)
    assert [state.area_share for state in found.states] == [(1.0,), (0.4,)]
    assert len(found.areas) == 1


def test_an_area_may_begin_before_the_horizon_and_end_after_it() -> None:
    found = find_regimes((moment("06:00"), moment("22:00")), ZONE, (), (area("05:00", "23:00"),))
    assert (found.bucket_start_s, found.bucket_regime) == ((0,), (0,))
    assert found.states[0].area_share == (0.5,)


def test_more_than_six_states_become_six_by_merging_the_closest_neighbors() -> None:
    # Hours 0 to 6 at 100, 90, 80, 70, 60, 50, 49 percent, then 100: seven states. The closest
    # neighbors are 50 and 49 (an hour each): 2 h / (1 h / 0.5 + 1 h / 0.49) = 2 / (2 + 2.040816)
    # = 0.494949.
    spans = tuple(primary(h, h + 1, p) for h, p in enumerate((100, 90, 80, 70, 60, 50, 49)))
    found = find_regimes((moment("00:00"), moment("08:00")), ZONE, spans, ())
    assert (len(found.states), found.n_distinct) == (6, 7)
    assert found.bucket_regime == (0, 1, 2, 3, 4, 5, 0)
    assert found.bucket_start_s == (0, 3600, 7200, 10_800, 14_400, 18_000, 25_200)
    assert found.states[5].class_share[2] == pytest.approx(0.494949, abs=1e-6)


def test_the_order_of_rows_and_areas_does_not_matter() -> None:
    rng = random.Random(5)  # noqa: S311 - a shuffle, not a secret
    spans = [primary(h, h + rng.randint(1, 3), rng.randint(30, 120)) for h in range(0, 20, 2)]
    areas = [area(f"{h:02}:10", f"{h + 1:02}:00", rng.randint(20, 90)) for h in range(7, 15)]
    horizon = (moment("00:00"), moment("2026-03-03 12:00"))
    expected = find_regimes(horizon, ZONE, tuple(spans), areas)
    assert len(expected.states) == 6
    for _ in range(5):
        rng.shuffle(spans)
        rng.shuffle(areas)
        assert find_regimes(horizon, ZONE, tuple(spans), areas) == expected


def test_ramps_belong_to_their_road_and_other_streets_are_local() -> None:
    assert ROAD_CLASSES[find_class("trunk_link")] == "trunk"
    assert ROAD_CLASSES[find_class("tertiary")] == "tertiary"
    for word in ("residential", "living_street", "service", "unclassified", "road", "anything"):
        assert ROAD_CLASSES[find_class(word)] == "local"
    assert set(CLASS_OF_HIGHWAY.values()) == set(ROAD_CLASSES) - {"local"}


def test_the_default_profile_has_five_states_and_the_slowness_its_page_claims() -> None:
    spans = read_speed_profile("china_big_city")
    found = find_regimes((moment("00:00"), moment("2026-03-03 00:00")), ZONE, spans, ())
    hours = [second / 3600 for second in found.bucket_start_s]
    assert hours == [0, 6.5, 7, 9, 17, 19, 22]
    assert found.bucket_regime == (0, 1, 2, 3, 4, 1, 0)
    slowness = [round(1 / compute_mean_share(state), 2) for state in found.states]
    # Morning: .10/.55 + .15/.48 + .30/.48 + .20/.52 + .15/.58 + .10/.72
    #        = .1818 + .3125 + .6250 + .3846 + .2586 + .1389 = 1.9014.
    assert slowness == [1.0, 1.27, 1.9, 1.38, 1.99]
    assert sum(DRIVING_SHARE.values()) == pytest.approx(1.0)
    assert {span.road_class for span in spans} == set(ROAD_CLASSES)
