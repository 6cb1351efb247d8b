"""Travel tables by hour: regimes, digest, checks, words."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from dispatch.domain import Day
from dispatch.domain.traffic import AreaFactor, SpeedRow, Traffic
from dispatch.domain.travel_table import NO_WAY, TravelTable
from dispatch.errors import InvalidRequest
from dispatch.planning.codes import PlanningFault
from dispatch.planning.rush_hours import summarize_hours
from dispatch.planning.travel import check_table, travel_digest, travel_table
from geo.estimated import EstimatedTravel
from geo.road_classes import ROAD_CLASSES
from solver.routing.travel_clock import arrive
from tests.days import GridTown, at, spot, technician, tiny_day, visit

ALL_HALF = tuple(
    SpeedRow(road_class=name, from_minute=7 * 60, to_minute=9 * 60, percent=50)  # type: ignore[arg-type]
    for name in ROAD_CLASSES
)
HALF_SPEED = Traffic(profile="custom", speeds=ALL_HALF)
TRAVEL = EstimatedTravel()


def busy_day(traffic: Traffic | None = HALF_SPEED, **fields: object) -> Day:
    return tiny_day([visit("V1", 3, 1), visit("V2", 1, 4)], traffic=traffic, **fields)


def make_table(day: Day) -> TravelTable:
    return travel_table(day, TRAVEL).table


def test_a_day_without_traffic_has_no_regimes() -> None:
    table = make_table(busy_day(None))
    assert table.regimes is None
    assert "by hour" not in table.description


def test_regimes_come_with_buckets_of_the_horizon() -> None:
    table = make_table(busy_day())
    assert table.regimes is not None
    # The horizon begins at 06:00, the peak is from 07:00 to 09:00.
    assert table.regimes.bucket_start_s.tolist() == [0, 3600, 10_800]
    assert table.regimes.bucket_regime.tolist() == [0, 1, 0]
    free, slow = table.regimes.durations_s["car"]
    assert (free == table.durations_s["car"]).all()
    # Twice the exact seconds, then rounded: within a second of twice the rounded ones.
    assert (np.abs(slow - 2 * table.durations_s["car"]) <= 1).all()
    assert slow.dtype == np.int32
    assert "custom, 2 states of traffic, one average factor" in table.description


def test_profiles_that_pass_the_queue_drive_at_free_flow() -> None:
    crew = [technician("T1"), technician("T2", profile="walk")]
    table = make_table(busy_day(technicians=crew))
    assert table.regimes is not None
    assert sorted(table.durations_s) == ["car", "walk"]
    assert table.regimes.durations_s["walk"] == ()


def test_pairs_without_a_way_have_none_in_any_regime() -> None:
    class Cut(EstimatedTravel):
        """Estimates that refuse the place of V1."""

        def snap(self, lonlat, profile):  # type: ignore[no-untyped-def]
            snaps = super().snap(lonlat, profile)
            far = (lonlat == [spot(3, 1).lon, spot(3, 1).lat]).all(axis=1) & (profile == "car")
            return replace(snaps, distance_m=np.where(far, 900.0, 0.0), limit_m=500.0)

    crew = [technician("T1"), technician("T2", profile="walk")]
    table = travel_table(busy_day(technicians=crew), Cut()).table
    assert table.regimes is not None
    blocked = table.durations_s["car"] == NO_WAY
    assert blocked.sum() == 4  # from and to V1, for the outlet and V2
    for seconds in table.regimes.durations_s["car"]:
        assert ((seconds == NO_WAY) == blocked).all()


def test_nobody_overtakes_on_any_pair_of_the_table() -> None:
    area = AreaFactor(
        ring=((121.0, 31.0), (121.02, 31.0), (121.02, 31.03)),
        start=at("08:10"), end=at("08:20"), percent=20,
    )  # fmt: skip
    regimes = make_table(busy_day(Traffic(areas=(area,)))).regimes
    assert regimes is not None
    tables = regimes.durations_s["car"]
    starts, numbers = regimes.bucket_start_s.tolist(), regimes.bucket_regime.tolist()
    for pair in ((0, 1), (1, 2), (2, 0)):
        by_bucket = [int(tables[number][pair]) for number in numbers]
        arrivals = [arrive(t, starts, by_bucket.__getitem__) for t in range(3000, 12_000)]
        assert all(a <= b for a, b in pairwise(arrivals))


def test_the_digest_covers_the_regimes() -> None:
    free, table = make_table(busy_day(None)), make_table(busy_day())
    assert table.regimes is not None
    digests = {travel_digest(free), travel_digest(table)}
    later = table.regimes.bucket_start_s.copy()
    later[1] += 1
    digests.add(travel_digest(replace(table, regimes=replace(table.regimes, bucket_start_s=later))))
    slower = table.regimes.durations_s["car"][1].copy()
    slower[0, 1] += 1
    changed = {"car": (table.regimes.durations_s["car"][0], slower)}
    digests.add(travel_digest(replace(table, regimes=replace(table.regimes, durations_s=changed))))
    assert len(digests) == 4
    assert travel_digest(make_table(busy_day())) == travel_digest(table)


def test_a_given_table_must_have_the_hours_the_day_asks_for() -> None:
    day, table = busy_day(), make_table(busy_day())
    assert check_table(day, table) == []
    assert check_table(busy_day(None), table) == []
    for other in (make_table(busy_day(None)), make_table(busy_day(Traffic()))):
        assert [f.code for f in check_table(day, other)] == [PlanningFault.TABLE_WITHOUT_HOURS]
    walker = technician("T1", outlet=None, profile="walk", start=spot(), end=spot())
    on_foot = tiny_day([visit("V1", 3, 1)], [walker], [], traffic=HALF_SPEED)
    assert check_table(on_foot, replace(make_table(on_foot), regimes=None)) == []


def test_a_source_of_travel_without_hours_is_refused() -> None:
    with pytest.raises(InvalidRequest) as caught:
        travel_table(busy_day(), GridTown())
    assert [fault.code for fault in caught.value.faults] == [PlanningFault.TABLE_WITHOUT_HOURS]


def test_the_summary_says_when_and_how_slow_and_is_plain_data() -> None:
    area = AreaFactor(
        name="bridge closed", ring=((120.9, 30.9), (121.2, 30.9), (121.2, 31.2), (120.9, 31.2)),
        start=at("12:00"), end=at("13:00"), percent=40,
    )  # fmt: skip
    day = busy_day(Traffic(profile="custom", speeds=ALL_HALF, areas=(area,)))
    free, peak, closed = summary = summarize_hours(day, make_table(day))
    assert json.loads(json.dumps(summary)) == summary
    assert free["spans"] == [
        ["2026-03-02T06:00", "2026-03-02T07:00"],
        ["2026-03-02T09:00", "2026-03-02T12:00"],
        ["2026-03-02T13:00", "2026-03-02T22:00"],
    ]
    assert peak["class_percent"] == dict.fromkeys(ROAD_CLASSES, 50.0)
    assert closed["areas"] == [{"name": "bridge closed", "percent": 40.0}]
    # Estimates drive 30 km/h at free flow; half of it in the peak; 40 % of it in the area.
    assert [state["kmh"] for state in summary] == [30.0, 15.0, 12.0]
    assert [state["times_free_flow"] for state in summary] == [1.0, 2.0, 2.5]
    assert summarize_hours(busy_day(None), make_table(busy_day(None))) == []
