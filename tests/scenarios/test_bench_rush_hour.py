"""The bench of rush hours: intervals, dropped visits, promises that were given."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from dispatch.domain import Day
from dispatch.domain.traffic import SpeedRow, Traffic
from dispatch.planning.daily import plan_day
from dispatch.planning.travel import travel_table
from geo.estimated import EstimatedTravel
from geo.road_classes import ROAD_CLASSES
from scenarios.bench.rush_hour import (
    AVERAGE,
    BY_HOUR,
    FREE_FLOW,
    compare_day,
    drive,
    find_interval,
    mean_durations,
    summarize,
)
from solver.stop import MaxIterations
from tests.days import appointment, shift, technician, tiny_day, visit, window

# A step of the town is 0.01 degrees of latitude, 1 111.95 m: at 4 km/h, 1 000.75 s.
TRAVEL = EstimatedTravel(detour_factor=1.0, speeds_kmh={"car": 4.0})


def slow(start: int, end: int, percent: int) -> Traffic:
    rows = [
        SpeedRow(road_class=name, from_minute=start * 60, to_minute=end * 60, percent=percent)  # type: ignore[arg-type]
        for name in ROAD_CLASSES
    ]
    return Traffic(profile="custom", speeds=tuple(rows))


def drive_calm_plan(visits: list[Any], traffic: Traffic, **worker: Any) -> Any:
    """Plan a day with one technician at free flow, then drive the plan in the traffic."""
    calm = tiny_day(visits, [technician(**worker)])
    busy = calm.model_copy(update={"traffic": traffic})
    setup = travel_table(calm, TRAVEL)
    plan = plan_day(calm, setup.table, stop=MaxIterations(50), explain=False)
    assert not plan.unassigned
    return drive(busy, plan, travel_table(busy, TRAVEL).table)


def test_a_plan_is_late_where_traffic_makes_it_so() -> None:
    # Leaving at 08:00 at half speed: 2 001.5 -> 2 002 s, at the door at 08:33:22, promised
    # 08:20 at the latest: 802 s late, worth 802/60 * 1000 fen.
    visits = [visit("V1", 0, 1, promises=(window("08:00", "08:20"),))]
    verdict, dropped = drive_calm_plan(visits, slow(6, 22, 50))
    assert (dropped, verdict.ok) == (0, True)
    assert (verdict.figures.inside_promise, verdict.figures.lateness_s) == (0, 802)
    assert verdict.cost.lateness == round(802 / 60 * 1000)


def test_a_route_that_cannot_be_driven_loses_its_last_visits() -> None:
    # Free flow: 08:00 + 1 001 + 1 800 + 1 001 + 1 800 + 2 002 s = 7 604 s, back at 10:06:44 of
    # 10:10. At half speed the second visit does not fit, the first does: 2 002 + 1 800 + 2 002 s.
    visits = [
        visit("V1", 0, 1, promises=(window("08:00", "08:40"),)),
        visit("V2", 0, 2, promises=(window("09:00", "12:00"),)),
    ]
    spans = (shift("08:00", "10:10"),)
    verdict, dropped = drive_calm_plan(visits, slow(6, 22, 50), shifts=spans, max_overtime_s=0)
    assert (dropped, verdict.ok) == (1, True)
    assert (verdict.figures.served, verdict.figures.unassigned) == (1, 1)
    assert verdict.cost.unassigned == 80_000


def test_the_promise_that_was_given_counts_not_a_later_one() -> None:
    # At free flow the first appointment is kept at the end of the shift, the second would be
    # overtime. At a fifth of the speed (5 003.75 -> 5 004 s) the door is reached at 09:23:24: in
    # time for the second appointment, but the customer was told 08:45 at the latest: 2 304 s late.
    promises = (appointment("08:30", 15), appointment("09:45", 15))
    visits = [visit("V1", 0, 1, promises=promises)]
    worker = {"shifts": (shift("08:00", "09:35"),), "max_overtime_s": 7200}
    verdict, dropped = drive_calm_plan(visits, slow(6, 22, 20), **worker)
    assert (dropped, verdict.ok) == (0, True)
    assert verdict.figures.lateness_s == 2304


def busy_day() -> Day:
    visits = [
        visit(f"V{i}", i % 3, 1 + i % 2, promises=(window(f"{9 + i}:00", f"{9 + i}:30"),))
        for i in range(4)
    ]
    return tiny_day(visits, [technician("T1"), technician("T2")])


def test_three_ways_of_planning_are_driven_in_the_same_traffic() -> None:
    rows = compare_day(busy_day(), EstimatedTravel(), MaxIterations(200), seed=1)
    assert [row["planned"] for row in rows] == [FREE_FLOW, AVERAGE, BY_HOUR]
    again = compare_day(busy_day(), EstimatedTravel(), MaxIterations(200), seed=1)
    keys = set(rows[0]) - {"wall_s"}
    assert [{k: row[k] for k in keys} for row in rows] == [
        {k: row[k] for k in keys} for row in again
    ]
    by_hour = rows[2]
    # What was planned by hour is driven as planned.
    assert by_hour["kept"] == by_hour["kept_on_paper"]
    assert (by_hour["dropped"], by_hour["violations"]) == (0, 0)
    summary = summarize([*rows, *({**row, "seed": 2} for row in rows)])
    assert "by hour minus free flow, promises a day" in summary


def test_the_average_weighs_every_hour_of_the_shifts() -> None:
    # Shift 08:00 to 18:00: an hour (08 to 09) at half speed, nine at free flow: the mean of a leg
    # of 1 001 s (2 002 s in the peak; 1 000.75 and 2 001.5 before rounding) is
    # (2 002 + 9 * 1 001) / 10 = 1 101.1 -> 1 101 s.
    day = tiny_day([visit("V1", 0, 1)], traffic=slow(7, 9, 50))
    table = travel_table(day, TRAVEL).table
    means = mean_durations(day, table)["car"]
    assert sorted(np.unique(means).tolist()) == [0, 1101]


def test_the_interval_of_paired_differences_is_students() -> None:
    # Mean 2, variance (1 + 0 + 1) / 2 = 1; t(0.975, 2) = 4.3027; half width 4.3027 / sqrt(3).
    mean, half = find_interval([1.0, 2.0, 3.0])
    assert (mean, half) == (2.0, pytest.approx(4.302653 / math.sqrt(3), abs=1e-5))
    assert find_interval([5.0]) == (5.0, math.inf)
