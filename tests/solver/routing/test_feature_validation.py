"""Broken arrays of features and what is said about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from solver.errors import InvalidProblem
from solver.routing.cost_bound import bound_total_cost
from solver.routing.features import RushHours, ScheduleRules
from solver.routing.problem import RoutingProblem
from tests.feature_builders import (
    add,
    make_agreed,
    make_limits,
    make_links,
    make_parts,
    make_rush,
    make_shares,
    make_times,
)
from tests.problems import K, P, V, line, make_problem

Features = dict[str, Any]


def base() -> RoutingProblem:
    """Three visits of which the last one may go to a pool, two vehicles, two profiles."""
    visits = [V(1), V(2), V(1)]
    durations, distances = line([0, 1000, 3000])
    durations[0, 2] = distances[0, 2] = -1
    travel = [(durations, distances), line([0, 1000, 3000], seconds_per_meter=2)]
    return make_problem(visits, [K(), K()], travel, pools=[P(1, {2: 5})])


def features() -> Features:
    """All features, sound and still writable."""
    rush = make_rush(base(), [(0, 0), (900, 1), (1800, 0)], [1, 2])
    return {
        "rush_hours": replace(rush, durations_s=(rush.durations_s[0], ())),
        "parts": make_parts(
            [{0: 1, 1: 2}, {}, {1: 1}],
            used_up=[1, 0],
            vans=[[1, 0], [0, 2]],
            vehicle_van=[0, 1],
            points=[(1, 0, 900, 60, 0), (2, 100, 900, 60, 1)],
            stock=[[3, -1], [0, 0]],
            pools=[[-1, 4]],
        ),
        "links": make_links(
            [{"first": 0, "second": 1, "least": 60, "most": 600}, {"first": 1, "second": 0}],
            [0, 1],
        ),
        "limits": make_limits(2, visits=[3, -1]),
        "fair_shares": make_shares([0, 1], [600, -600], [500, 500]),
        "service_times": make_times([0, 1], [[60, 90], [60, 90], [60, 90]]),
        "agreed": make_agreed([{"latest": 50, "rate": 3}, {}, {"person": 1}], [0, 1], [0, 1]),
        "rules": ScheduleRules(leaves_for_end=True, late_at_start=True, worst_late_rate=2),
    }


def put(name: str, index: Any, value: int) -> Callable[[Features], None]:
    feature, field = name.split(".")

    def change(f: Features) -> None:
        getattr(f[feature], field)[index] = value

    return change


def swap(name: str, make: Callable[[Any], Any]) -> Callable[[Features], None]:
    feature, field = name.split(".")

    def change(f: Features) -> None:
        f[feature] = replace(f[feature], **{field: make(getattr(f[feature], field))})

    return change


def matrix(index: tuple[int, int], value: int) -> Callable[[Features], None]:
    def change(f: Features) -> None:
        f["rush_hours"].durations_s[0][1][index] = value

    return change


def travel(make: Callable[[Any], Any]) -> Callable[[Features], None]:
    return swap("rush_hours.durations_s", make)


def whole(name: str, value: object) -> Callable[[Features], None]:
    def change(f: Features) -> None:
        f[name] = value

    return change


REGIMES = r"rush_hours.durations_s: found \[1, 2\] regimes; expected the same number everywhere"

FAULTS: list[tuple[str, Callable[[Features], None]]] = [
    # Form.
    ("parts: found dict; expected Parts or None", whole("parts", {})),
    ("links: found Parts; expected Links", lambda f: f.update(links=f["parts"])),
    ("rules: found NoneType; expected ScheduleRules", whole("rules", None)),
    ("rush_hours.bucket_start: found dtype int64", swap("rush_hours.bucket_start", np.int64)),
    ("fair_shares.work_s: found dtype int32", swap("fair_shares.work_s", np.int32)),
    ("parts.need_part: found list", swap("parts.need_part", lambda x: x.tolist())),
    ("parts.van_stock: found a strided", swap("parts.van_stock", lambda x: x.T.copy().T)),
    ("parts.stock: found 1 dimensions", swap("parts.stock", lambda x: x[0].copy())),
    ("parts.need_offset: found shape", swap("parts.need_offset", lambda x: x[:-1].copy())),
    ("parts.need_quantity: found shape", swap("parts.need_quantity", lambda x: x[:-1].copy())),
    ("parts.vehicle_van: found shape", swap("parts.vehicle_van", lambda x: x[:1].copy())),
    ("parts.van_stock: found shape", swap("parts.van_stock", lambda x: x[:, :1].copy())),
    ("parts.stock: found shape", swap("parts.stock", lambda x: x[:, :1].copy())),
    ("parts.pool_stock: found shape", swap("parts.pool_stock", lambda x: x[:0].copy())),
    ("parts.point_latest: found shape", swap("parts.point_latest", lambda x: x[:1].copy())),
    ("links.second: found shape", swap("links.second", lambda x: x[:1].copy())),
    ("links.vehicle_person: found shape", swap("links.vehicle_person", lambda x: x[:1].copy())),
    ("limits.visits: found shape", swap("limits.visits", lambda x: x[:1].copy())),
    ("fair_shares.distance_m: found shape", swap("fair_shares.distance_m", lambda x: x[:1].copy())),
    (
        "service_times.service_s: found shape",
        swap("service_times.service_s", lambda x: x[:2].copy()),
    ),
    (
        "rush_hours.bucket_regime: found shape",
        swap("rush_hours.bucket_regime", lambda x: x[:2].copy()),
    ),
    ("rush_hours.durations_s: found no such tuple", travel(list)),
    ("rush_hours.durations_s: found 1 profiles; expected 2", travel(lambda x: x[:1])),
    (
        r"rush_hours.durations_s\[0\]\[1\]: found shape",
        travel(lambda x: ((x[0][0], x[0][1][:2, :2].copy()), ())),
    ),
    (
        r"rush_hours.durations_s\[0\]\[1\]: found dtype",
        travel(lambda x: ((x[0][0], x[0][1].astype(float)), ())),
    ),
    # Travel by hour.
    (
        "bucket_start: found no bucket",
        lambda f: whole(
            "rush_hours",
            replace(
                f["rush_hours"],
                bucket_start=np.zeros(0, np.int32),
                bucket_regime=np.zeros(0, np.int32),
            ),
        )(f),
    ),
    (r"bucket_start\[0\]: found 5; expected 0", put("rush_hours.bucket_start", 0, 5)),
    (r"bucket_start\[2\]: found 900; expected more", put("rush_hours.bucket_start", 2, 900)),
    (r"bucket_start\[2\]: found 2000000000", put("rush_hours.bucket_start", 2, 2 * 10**9)),
    (r"bucket_regime\[1\]: found 2; expected 0 to 1", put("rush_hours.bucket_regime", 1, 2)),
    (r"bucket_regime\[1\]: found -1", put("rush_hours.bucket_regime", 1, -1)),
    (REGIMES, travel(lambda x: (x[0], x[0][:1]))),
    (r"found \[7\] regimes; expected .* at most 6", travel(lambda x: ((x[0][0],) * 7, ()))),
    (r"durations_s\[0\]\[1\]\[0, 1\]: found -2", matrix((0, 1), -2)),
    (r"durations_s\[0\]\[1\]\[1, 1\]: found 5; expected 0 on the", matrix((1, 1), 5)),
    (r"durations_s\[0\]\[1\]\[0, 1\]: found -1 where durations_s has 1000", matrix((0, 1), -1)),
    (r"durations_s\[0\]\[1\]\[0, 2\]: found 7 where durations_s has -1", matrix((0, 2), 7)),
    # Parts.
    (r"need_offset\[0\]: found 1; expected 0", put("parts.need_offset", 0, 1)),
    (r"need_offset\[3\]: found 2; expected 3", put("parts.need_offset", 3, 2)),
    (r"need_offset\[2\]: found 1; expected at least 0", put("parts.need_offset", 2, 1)),
    (r"need_part\[2\]: found 2; expected 0 to 1", put("parts.need_part", 2, 2)),
    (r"need_part\[1\]: found 0; expected each kind once", put("parts.need_part", 1, 0)),
    (r"need_quantity\[0\]: found 0", put("parts.need_quantity", 0, 0)),
    ("need_quantity: found 10.* units in all", put("parts.need_quantity", 0, 2**30)),
    (r"is_used_up\[1\]: found 2", put("parts.is_used_up", 1, 2)),
    (r"vehicle_van\[0\]: found 2; expected 0 to 1", put("parts.vehicle_van", 0, 2)),
    (r"van_stock\[0, 1\]: found -1", put("parts.van_stock", (0, 1), -1)),
    (r"point_location\[0\]: found 3; expected 0 to 2", put("parts.point_location", 0, 3)),
    (r"point_earliest\[1\]: found 901; expected at most", put("parts.point_earliest", 1, 901)),
    (r"point_latest\[0\]: found 2147483647", put("parts.point_latest", 0, 2**31 - 1)),
    (r"point_service_s\[0\]: found -1", put("parts.point_service_s", 0, -1)),
    (r"point_stock\[0\]: found 2; expected 0 to 1", put("parts.point_stock", 0, 2)),
    (r"parts.stock\[1, 0\]: found -2", put("parts.stock", (1, 0), -2)),
    (r"pool_stock\[0, 0\]: found -2", put("parts.pool_stock", (0, 0), -2)),
    # Links.
    (r"links.first\[0\]: found 3; expected 0 to 2", put("links.first", 0, 3)),
    (r"links.second\[1\]: found -1", put("links.second", 1, -1)),
    (r"links.second\[0\]: found 0; expected another visit", put("links.second", 0, 0)),
    (r"pool_cost\[2, 0\]: found 5; expected -1, as", put("links.second", 0, 2)),
    (
        r"least_s\[0\]: found -9; expected 0 or more where",
        lambda f: (put("links.from_end", 0, 1)(f), put("links.least_s", 0, -9)(f))[0],
    ),
    (r"least_s\[0\]: found -2147483648", put("links.least_s", 0, -(2**31))),
    (r"most_s\[0\]: found -2", put("links.most_s", 0, -2)),
    (r"most_s\[0\]: found 59; expected at least least_s", put("links.most_s", 0, 59)),
    (r"from_end\[0\]: found 2", put("links.from_end", 0, 2)),
    (r"person\[0\]: found 3", put("links.person", 0, 3)),
    (r"demands\[0\]: found -1", put("links.demands", 0, -1)),
    (r"links.vehicle_person\[0\]: found -1", put("links.vehicle_person", 0, -1)),
    # Limits, shares, service times, rules.
    (r"limits.visits\[1\]: found -2", put("limits.visits", 1, -2)),
    (r"limits.duration_s\[0\]: found -5", put("limits.duration_s", 0, -5)),
    (
        r"fair_shares.vehicle_person\[1\]: found 2; expected 0 to 1",
        put("fair_shares.vehicle_person", 1, 2),
    ),
    (
        r"fair_shares.work_s\[0\]: found -4611686018427387904",
        put("fair_shares.work_s", 0, -(2**62)),
    ),
    (r"fair_shares.cost_per_meter\[0\]: found -1", put("fair_shares.cost_per_meter", 0, -1)),
    ("cost: found an upper bound", put("fair_shares.cost_per_second", 0, 2**60)),
    (r"vehicle_group\[0\]: found 2; expected 0 to 1", put("service_times.vehicle_group", 0, 2)),
    (r"service_times.service_s\[2, 1\]: found -1", put("service_times.service_s", (2, 1), -1)),
    # What was told, who is out.
    ("agreed: found Parts; expected Agreed", lambda f: f.update(agreed=f["parts"])),
    ("agreed.told_latest: found shape", swap("agreed.told_latest", lambda x: x[:2].copy())),
    ("agreed.told_rate: found dtype int32", swap("agreed.told_rate", np.int32)),
    ("agreed.vehicle_out: found shape", swap("agreed.vehicle_out", lambda x: x[:1].copy())),
    ("agreed.vehicle_person: found list", swap("agreed.vehicle_person", lambda x: x.tolist())),
    (r"told_latest\[1\]: found -2", put("agreed.told_latest", 1, -2)),
    (r"told_latest\[0\]: found 2147483647", put("agreed.told_latest", 0, 2**31 - 1)),
    (r"told_rate\[0\]: found -1", put("agreed.told_rate", 0, -1)),
    (r"told_person\[0\]: found -2", put("agreed.told_person", 0, -2)),
    (r"told_order\[0\]: found -2", put("agreed.told_order", 0, -2)),
    (r"order_cost\[2\]: found -1", put("agreed.order_cost", 2, -1)),
    (r"agreed.vehicle_person\[0\]: found -1", put("agreed.vehicle_person", 0, -1)),
    (r"vehicle_out\[0\]: found 2; expected 0 to 1", put("agreed.vehicle_out", 0, 2)),
    ("cost: found an upper bound", put("agreed.told_rate", 0, 2**60)),
    ("rules.leaves_for_end: found 1", whole("rules", ScheduleRules(leaves_for_end=1))),  # type: ignore[arg-type]  # the fault
    ("rules.late_at_start: found None", whole("rules", ScheduleRules(late_at_start=None))),  # type: ignore[arg-type]  # the fault
    ("rules.worst_late_rate: found -1", whole("rules", ScheduleRules(worst_late_rate=-1))),
    ("rules.worst_late_rate: found 0.5", whole("rules", ScheduleRules(worst_late_rate=0.5))),  # type: ignore[arg-type]  # the fault
    ("rules.worst_late_rate: found True", whole("rules", ScheduleRules(worst_late_rate=True))),
]


def test_sound_features_make_a_problem_and_become_read_only() -> None:
    problem = add(base(), **features())
    assert problem.parts is not None
    assert problem.rush_hours is not None
    with pytest.raises(ValueError, match="read-only"):
        problem.parts.stock[0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        problem.rush_hours.durations_s[0][0][0, 1] = 1


@pytest.mark.parametrize(("message", "change"), FAULTS, ids=[m for m, _ in FAULTS])
def test_fault_of_a_feature_is_named(message: str, change: Callable[[Features], None]) -> None:
    broken = features()
    change(broken)
    with pytest.raises(InvalidProblem, match=message):
        add(base(), **broken)


def test_faults_of_all_features_are_reported_together() -> None:
    broken = features()
    for change in (
        put("parts.stock", (0, 0), -7),
        put("links.person", 0, 9),
        put("limits.visits", 0, -3),
        swap("rush_hours.bucket_start", np.int64),
    ):
        change(broken)
    with pytest.raises(InvalidProblem) as caught:
        replace(base(), visit_service_s=np.array([-1, 0, 0], dtype=np.int32), **broken)
    where = {fault.where for fault in caught.value.faults}
    assert where == {
        "visit_service_s[0]", "parts.stock[0, 0]", "links.person[0]", "limits.visits[0]",
        "rush_hours.bucket_start",
    }  # fmt: skip


def test_features_without_any_entry_are_sound() -> None:
    empty = {
        "parts": make_parts([{}, {}, {}], used_up=[], vans=[[]], vehicle_van=[0, 0], pools=[[]]),
        "links": make_links([], [0, 0]),
        "rush_hours": RushHours(np.zeros(1, np.int32), np.zeros(1, np.int32), ((), ())),
    }
    assert add(base(), **empty).n_visits == 3


def test_the_bound_on_costs_counts_shares_needs_and_the_worst_lateness() -> None:
    plain = base()
    without = bound_total_cost(plain)
    # Three visits and two vehicles make at most five legs of 3000 m; shifts last ten hours.
    shares = make_shares([0, 0], [1000], [5000], per_second=2, per_meter=3)
    shared = bound_total_cost(add(plain, fair_shares=shares))
    assert shared - without == 2 * (2 * 36_000 - 1000) + 3 * (5 * 3000 - 5000)
    # Three needs are at most three more legs, as three pick-ups.
    with_parts = bound_total_cost(add(plain, fair_shares=shares, parts=features()["parts"]))
    assert with_parts - shared == 3 * 3 * 3000
    # No window of this problem lets anybody be late.
    late = add(plain, rules=ScheduleRules(worst_late_rate=5))
    assert bound_total_cost(late) == without
    limit = plain.window_latest - np.array([100, 700, 0], dtype=np.int32)
    later = replace(late, window_latest=limit)
    assert bound_total_cost(later) == bound_total_cost(replace(plain, window_latest=limit)) + 3500


def test_who_is_out_has_to_have_a_way_to_the_end_place() -> None:
    problem = make_problem([V(1)], [K(), K(start=1)], [line([0, 1000])])
    durations, distances = problem.durations_s[0].copy(), problem.distances_m[0].copy()
    durations[1, 0] = distances[1, 0] = -1
    cut_off = replace(problem, durations_s=(durations,), distances_m=(distances,))
    assert add(cut_off, agreed=make_agreed([{}], [0, 1], [1, 0])).n_vehicles == 2
    with pytest.raises(InvalidProblem, match=r"vehicle_out\[1\]: found 1; expected 0, as there is"):
        add(cut_off, agreed=make_agreed([{}], [0, 1], [1, 1]))


def test_the_bound_on_costs_counts_what_was_told_and_the_way_home() -> None:
    plain = base()
    without = bound_total_cost(plain)
    # Told until 700 at 2; the limit is 36 000. Whoever serves out of order pays 11 once.
    told = [{"latest": 700, "rate": 2}, {}, {"cost": 11}]
    asked = add(plain, agreed=make_agreed(told, [0, 1], [0, 0]))
    assert bound_total_cost(asked) - without == 2 * 35_300 + 11
    # Out from place 1 at 35 000, the shift ends at 35 500.
    late = replace(plain, vehicle_earliest=plain.vehicle_earliest + np.array([35_000, 0], np.int32))
    late = replace(late, vehicle_start=np.array([1, 0], dtype=np.int32))
    tight = replace(late, vehicle_latest=np.array([35_500, 36_000], dtype=np.int32))
    out = add(tight, agreed=make_agreed([{}, {}, {}], [0, 1], [1, 0]))
    # 1000 s home instead of 500 of the shift; 500 of them overtime.
    assert bound_total_cost(out) - bound_total_cost(tight) == 500 + 2 * 500
