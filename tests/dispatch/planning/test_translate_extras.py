"""Travel by hour, own service times, limits of a shift and fair shares as arrays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dispatch.domain import Day, Outlet, Priority, Settings, Skill
from dispatch.domain.travel_table import TravelRegimes, TravelTable
from dispatch.planning.contracted import Pool, emergency_lateness_s
from dispatch.planning.drive import find_drive_s
from dispatch.planning.explain import reachable_share
from dispatch.planning.objective import COST_SCALE
from dispatch.planning.translate import Translation, translate
from tests.days import (
    MONDAY,
    at,
    contracted,
    grid_table,
    needs,
    outlet,
    spot,
    technician,
    tiny_day,
    visit,
)
from tests.multi_day import days_of, shift_on

HOUR = 3_600


def read(day: Day) -> Translation:
    return translate(day, grid_table(day))


def rush(day: Day) -> TravelTable:
    """Return the town with cars at half speed from 9:00 (second 10 800) to 10:00."""
    table = grid_table(day)
    car = table.durations_s["car"]
    regimes = TravelRegimes(
        bucket_start_s=np.array([0, 3 * HOUR, 4 * HOUR], dtype=np.int32),
        bucket_regime=np.array([0, 1, 0], dtype=np.int32),
        durations_s={"car": (car, (car * 2).astype(np.int32)), "walk": ()},
    )
    return replace(table, regimes=regimes)


def test_regimes_follow_the_profiles_in_alphabetical_order():
    day = tiny_day([visit()])
    problem = translate(day, rush(day)).problem
    found = problem.rush_hours
    assert found is not None
    assert found.bucket_start.tolist() == [0, 10_800, 14_400]
    assert found.bucket_regime.tolist() == [0, 1, 0]
    # car has two regimes, ebike and walk drive at free flow
    assert [len(matrices) for matrices in found.durations_s] == [2, 0, 0]
    assert (found.durations_s[0][1] == 2 * problem.durations_s[0]).all()
    still = replace(rush(day), regimes=replace_profiles(rush(day), {}))
    assert translate(day, still).problem.rush_hours is None


def replace_profiles(table: TravelTable, durations) -> TravelRegimes:
    assert table.regimes is not None
    return replace(table.regimes, durations_s=durations)


def test_a_way_is_as_long_as_the_hour_makes_it():
    day = tiny_day([visit(x=3)])
    table, home, away = rush(day), spot(0), spot(3)
    # 30 min at free flow
    assert find_drive_s(table, "car", home, away, 0) == 1800
    # from 9:00 on half the speed: 60 min, all of it before 10:00
    assert find_drive_s(table, "car", home, away, 3 * HOUR) == 3600
    # from 8:45: 15 min cover half the way, the other 15 take 30
    assert find_drive_s(table, "car", home, away, 3 * HOUR - 900) == 2700
    # on foot there is no rush
    assert find_drive_s(table, "walk", home, away, 3 * HOUR) == 5400


def test_the_rush_hour_decides_who_could_reach_an_emergency():
    early = visit(priority=Priority.EMERGENCY, received_at=at("08:40"))
    rushed = visit("V2", priority=Priority.EMERGENCY, received_at=at("09:00"))
    day = tiny_day([early, rushed])
    # one step takes 10 min before 9:00 and 20 min after it; 15 min are allowed
    assert reachable_share(translate(day, rush(day))) == 0.5


def test_a_contracted_outlet_drives_to_an_emergency_by_hour():
    job = visit(priority=Priority.EMERGENCY, received_at=at("08:50"), x=2)
    firm = contracted(response_s=600)
    day = tiny_day([job], outlets=[outlet(), firm])
    table = rush(day)
    t = translate(day, table)
    # 8:50 + 10 min = 9:00; 2 steps of 20 min = 9:40, 50 min after the request, of which 15 are owed
    assert emergency_lateness_s(job, Pool(firm, MONDAY), t.clock, day, table) == 35 * 60


def test_service_times_are_a_share_rounded_half_up():
    jobs = [visit("V1", service_s=101), visit("V2", service_s=150, crew_size=2)]
    people = [
        technician("T1", service_percent=50),
        technician("T2"),
        technician("T3", service_percent=50),
    ]
    found = read(tiny_day(jobs, people)).problem.service_times
    assert found is not None
    assert found.vehicle_group.tolist() == [0, 1, 0]
    # 101 * 50 % = 50.5 -> 51; 150 * 50 % = 75 for everybody of the crew
    assert found.service_s.tolist() == [[51, 101], [75, 150], [75, 150]]


def test_the_share_of_the_skill_a_visit_names_first_comes_before_ones_own():
    quick = Skill(skill="gas", level=2, service_percent=80)
    people = [
        technician("T1", skills=(quick, Skill(skill="air", level=2)), service_percent=120),
        technician("T2", skills=(Skill(skill="gas"), Skill(skill="air"))),
    ]
    jobs = [
        visit("V1", service_s=1000, skills=(*needs(gas=1), *needs(air=1))),
        visit("V2", service_s=1000, skills=(*needs(air=1), *needs(gas=1))),
        visit("V3", service_s=1000),
    ]
    found = read(tiny_day(jobs, people)).problem.service_times
    assert found is not None
    # V2 names air first, for which T1 states nothing
    assert found.service_s[:, 0].tolist() == [800, 1200, 1200]
    assert found.service_s[:, 1].tolist() == [1000, 1000, 1000]


def test_the_skill_the_visit_names_first_counts_for_all_of_a_crew():
    quick = (Skill(skill="lift", service_percent=50), Skill(skill="gas", service_percent=90))
    job = visit(service_s=1000, crew_size=2, skills=needs(gas=1), crew_skills=needs(lift=1))
    people = [technician("T1", skills=quick), technician("T2")]
    found = read(tiny_day([job], people)).problem.service_times
    assert found is not None
    assert found.service_s.tolist() == [[900, 1000], [900, 1000]]


def test_limits_hold_per_shift():
    people = [technician("T1", shifts=(shift_on(1), shift_on(2)), max_visits=3, max_driving_s=0)]
    people.append(technician("T2", shifts=(shift_on(1),), max_distance_m=50_000))
    found = read(days_of(2, [visit()], people)).problem.limits
    assert found is not None
    assert found.visits.tolist() == [3, 3, -1]
    assert found.distance_m.tolist() == [-1, -1, 50_000]
    assert found.driving_s.tolist() == [0, 0, -1]
    assert found.duration_s.tolist() == [-1, -1, -1]


def test_what_was_carried_over_is_taken_off_the_fair_share():
    people = [
        technician("T1", shifts=(shift_on(1), shift_on(2)), carried_work_s=30_000),
        technician("T2", shifts=(shift_on(1),), carried_distance_m=7_000),
    ]
    day = days_of(2, [visit()], people, settings=Settings(fair_work_s=28_800))
    found = read(day).problem.fair_shares
    assert found is not None
    assert found.vehicle_person.tolist() == [0, 0, 1]
    assert found.work_s.tolist() == [-1_200, 28_800]
    # 2000 fen an hour = 10 000 units a second; kilometers are not priced
    assert found.cost_per_second.tolist() == [2000 * COST_SCALE // 3600] * 2
    assert found.cost_per_meter.tolist() == [0, 0]
    settings = Settings(fair_work_s=28_800, fair_distance_m=40_000)
    found = read(days_of(2, [visit()], people, settings=settings)).problem.fair_shares
    assert found is not None
    assert found.distance_m.tolist() == [40_000, 33_000]
    # 60 fen a kilometer = 1080 units a meter
    assert found.cost_per_meter.tolist() == [60 * COST_SCALE // 1000] * 2


def test_an_outlet_without_hours_serves_an_emergency_of_a_later_day_that_day():
    firm: Outlet = contracted()
    job = visit(priority=Priority.EMERGENCY, received_at=at("23:50"), x=1)
    day = days_of(2, [job], outlets=[outlet(), firm])
    t = read(day)
    # on Monday it leaves at once: 10 min, in time; on Tuesday at midnight: 20 min, 5 min late
    late = [emergency_lateness_s(job, Pool(firm, d), t.clock, day, t.table) for d in t.pool_days]
    assert late == [0, 300]
