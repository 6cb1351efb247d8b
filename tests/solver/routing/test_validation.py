"""Broken arrays and what is said about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from solver.errors import InvalidProblem
from solver.routing.problem import RoutingProblem
from tests.problems import K, P, V, line, make_arrays

Arrays = dict[str, Any]


def arrays() -> Arrays:
    visits = [V(1), V(2, windows=[(0, 10, 20), (30, 40, 50)])]
    vehicles = [K(breaks=[(0, 100, 60), (100, 200, 60)]), K()]
    return make_arrays(visits, vehicles, [line([0, 10, 20])], pools=[P(1, {0: 5})])


def put(name: str, index: Any, value: int) -> Callable[[Arrays], None]:
    def change(a: Arrays) -> None:
        target = a[name][0] if isinstance(a[name], tuple) else a[name]
        target[index] = value

    return change


def swap(name: str, make: Callable[[Any], Any]) -> Callable[[Arrays], None]:
    def change(a: Arrays) -> None:
        a[name] = make(a[name])

    return change


FAULTS: list[tuple[str, Callable[[Arrays], None]]] = [
    ("visit_service_s: found dtype float64", swap("visit_service_s", lambda x: x.astype(float))),
    ("visit_penalty: found dtype int32", swap("visit_penalty", lambda x: x.astype(np.int32))),
    ("visit_location: found dtype >i4", swap("visit_location", lambda x: x.astype(">i4"))),
    ("late_rate: found list", swap("late_rate", lambda x: x.tolist())),
    ("visit_access_s: found 2 dimensions", swap("visit_access_s", lambda x: x.reshape(1, -1))),
    ("assignment_cost: found a strided", swap("assignment_cost", lambda x: x.T.copy().T)),
    ("visit_service_s: found shape", swap("visit_service_s", lambda x: x[:1].copy())),
    ("window_offset: found shape", swap("window_offset", lambda x: x[:-1].copy())),
    ("durations_s: found list", swap("durations_s", list)),
    ("durations_s: found an empty tuple", swap("durations_s", lambda _: ())),
    ("distances_m: found 2 matrices", swap("distances_m", lambda x: (*x, *x))),
    (r"distances_m\[0\]: found shape", swap("distances_m", lambda x: (x[0][:2, :2].copy(),))),
    (r"visit_location\[1\]: found 3", put("visit_location", 1, 3)),
    (r"vehicle_end\[0\]: found -1", put("vehicle_end", 0, -1)),
    (r"vehicle_profile\[1\]: found 1", put("vehicle_profile", 1, 1)),
    (r"visit_service_s\[0\]: found -1", put("visit_service_s", 0, -1)),
    (r"visit_access_s\[0\]: found 1073741824", put("visit_access_s", 0, 2**30)),
    (r"visit_penalty\[0\]: found -5", put("visit_penalty", 0, -5)),
    (r"visit_demand\[1, 0\]: found -2", put("visit_demand", (1, 0), -2)),
    (r"late_rate\[0\]: found -1", put("late_rate", 0, -1)),
    (r"late_rate_after\[0\]: found 9; expected at least late_rate", put("late_rate_after", 0, 9)),
    (r"window_earliest\[1\]: found 21; expected at most", put("window_earliest", 1, 21)),
    (r"window_latest\[1\]: found 21; expected at most", put("window_latest", 1, 21)),
    (r"window_limit\[0\]: found 2000000000", put("window_limit", 0, 2_000_000_000)),
    (r"window_offset\[1\]: found 0; expected at least 1", put("window_offset", 1, 0)),
    (r"window_offset\[0\]: found 1; expected 0", put("window_offset", 0, 1)),
    (r"window_offset\[2\]: found 2; expected 3", put("window_offset", 2, 2)),
    (r"break_offset\[1\]: found -1", put("break_offset", 1, -1)),
    (r"break_earliest\[1\]: found 99; expected at least", put("break_earliest", 1, 99)),
    (r"break_earliest\[0\]: found 101; expected at most", put("break_earliest", 0, 101)),
    (r"break_duration_s\[0\]: found -1", put("break_duration_s", 0, -1)),
    (r"vehicle_overtime_s\[0\]: found -1", put("vehicle_overtime_s", 0, -1)),
    (r"vehicle_capacity\[1, 0\]: found -1", put("vehicle_capacity", (1, 0), -1)),
    (r"cost_per_meter\[0\]: found -1", put("cost_per_meter", 0, -1)),
    (r"assignment_cost\[0, 1\]: found -2", put("assignment_cost", (0, 1), -2)),
    (r"pool_cost\[1, 0\]: found -2", put("pool_cost", (1, 0), -2)),
    (r"pool_capacity\[0\]: found -1", put("pool_capacity", 0, -1)),
    (r"durations_s\[0\]\[1, 1\]: found 5; expected 0", put("durations_s", (1, 1), 5)),
    (r"durations_s\[0\]\[0, 1\]: found -2", put("durations_s", (0, 1), -2)),
    (r"distances_m\[0\]\[0, 1\]: found -1 where", put("distances_m", (0, 1), -1)),
    (r"distances_m\[0\]\[0, 1\]: found 10 where", put("durations_s", (0, 1), -1)),
    ("cost: found an upper bound", put("visit_penalty", 0, 2**62)),
]


def test_sound_arrays_are_a_problem_and_become_read_only() -> None:
    problem = RoutingProblem(**arrays())
    assert (problem.n_visits, problem.n_vehicles, problem.n_pools) == (2, 2, 1)
    with pytest.raises(ValueError, match="read-only"):
        problem.visit_service_s[0] = 1


@pytest.mark.parametrize(("message", "change"), FAULTS, ids=[m for m, _ in FAULTS])
def test_fault_is_named(message: str, change: Callable[[Arrays], None]) -> None:
    broken = arrays()
    change(broken)
    with pytest.raises(InvalidProblem, match=message):
        RoutingProblem(**broken)


def test_all_faults_are_reported_together() -> None:
    broken = arrays()
    broken["late_rate"] = broken["late_rate"].astype(float)
    broken["visit_penalty"][0] = -5
    broken["break_duration_s"][1] = -1
    with pytest.raises(InvalidProblem) as caught:
        RoutingProblem(**broken)
    where = {fault.where for fault in caught.value.faults}
    assert where == {"late_rate", "visit_penalty[0]", "break_duration_s[1]"}


def test_many_equal_faults_are_counted_not_listed() -> None:
    broken = make_arrays([V(1) for _ in range(20)], [K()], [line([0, 10])])
    broken["visit_service_s"][:] = -1
    with pytest.raises(InvalidProblem, match="15 more such entries"):
        RoutingProblem(**broken)


def test_latest_before_earliest_is_legal_for_a_pinned_arrival() -> None:
    a = arrays()
    a["window_latest"][0] = -500
    assert RoutingProblem(**a).window_latest[0] == -500


def test_breaks_of_different_vehicles_may_overlap() -> None:
    vehicles = [K(breaks=[(500, 900, 60)]), K(breaks=[(0, 600, 60)])]
    assert RoutingProblem(**make_arrays([V(1)], vehicles, [line([0, 10])])).n_vehicles == 2


def test_the_bound_on_costs_is_computed_without_overflow() -> None:
    a = arrays()
    a["visit_penalty"][:] = 2**61  # their sum, 2**62, is too much although each one fits
    with pytest.raises(InvalidProblem, match=r"2\*\*62"):
        RoutingProblem(**a)
