"""A problem with one visit more: the same as one made whole, and no row that would break it."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest

from solver.errors import InvalidProblem
from solver.routing.problem import RoutingProblem
from solver.routing.visit_row import MAX_ROW_COST, VisitRow, extend_problem
from tests.feature_problems import FEATURES, random_feature_problem
from tests.ways import row_of

SEEDS = range(20)


def flat(value: object) -> list[Any]:
    """Return all arrays and plain values inside features and tuples of a problem."""
    if is_dataclass(value):
        return [part for field in fields(value) for part in flat(getattr(value, field.name))]
    if isinstance(value, tuple):
        return [part for item in value for part in flat(item)]
    return [value]


def made_whole(problem: RoutingProblem) -> RoutingProblem:
    """Return a copy that went through all checks."""
    return RoutingProblem(**{field.name: getattr(problem, field.name) for field in fields(problem)})


@pytest.mark.parametrize("seed", SEEDS)
def test_the_wider_problem_passes_all_checks(seed: int) -> None:
    problem = random_feature_problem(seed)
    wider = extend_problem(problem, row_of(problem, 0))
    checked = made_whole(wider)
    for array, same in zip(flat(wider), flat(checked), strict=True):
        np.testing.assert_array_equal(array, same)
    assert (wider.n_visits, wider.n_locations) == (problem.n_visits + 1, problem.n_locations + 1)
    # The twin of visit 0 is the same visit at the same place.
    assert row_of(wider, problem.n_visits).windows == row_of(wider, 0).windows
    for own, twin in zip(row_of(wider, 0).to_s, row_of(wider, problem.n_visits).to_s, strict=True):
        np.testing.assert_array_equal(own, twin)


def test_the_wider_problem_has_every_feature_of_the_old_one() -> None:
    problem = random_feature_problem(3, features=FEATURES)
    wider = extend_problem(problem, row_of(problem, 1))
    for field in fields(problem):
        assert (getattr(problem, field.name) is None) == (getattr(wider, field.name) is None)
    assert wider.vehicle_start is problem.vehicle_start
    assert not any(a.flags.writeable for a in flat(wider) if isinstance(a, np.ndarray))


def plain_row() -> tuple[RoutingProblem, VisitRow]:
    problem = random_feature_problem(3, features=())
    return problem, row_of(problem, 0)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"windows": ()}, "windows"),
        ({"windows": ((0, 50, 10),)}, "windows[0]"),
        ({"service_s": -1}, "service_s"),
        ({"late_rate": 5, "late_rate_after": 4}, "late_rate_after"),
        ({"demand": ()}, "demand"),
        ({"needs": ((0, 1),)}, "needs"),
        ({"group_service_s": (60,)}, "group_service_s"),
        ({"assignment_cost": np.zeros(1, dtype=np.int32)}, "assignment_cost"),
        ({"to_s": ()}, "to_s"),
        ({"penalty": MAX_ROW_COST, "late_rate_after": 9, "windows": ((0, 0, 9),)}, "cost"),
    ],
)
def test_a_broken_row_is_refused_by_name(change: dict[str, Any], where: str) -> None:
    problem, row = plain_row()
    with pytest.raises(InvalidProblem) as broken:
        extend_problem(problem, replace(row, **change))
    assert [fault.where for fault in broken.value.faults] == [where]


def test_all_faults_of_a_row_are_reported_together() -> None:
    problem, row = plain_row()
    ways = tuple(np.full_like(way, -1) for way in row.to_m)
    with pytest.raises(InvalidProblem) as broken:
        extend_problem(problem, replace(row, to_m=ways, access_s=-5, windows=()))
    assert {fault.where.partition("[")[0] for fault in broken.value.faults} == {
        "to_m",
        "access_s",
        "windows",
    }


def test_travel_by_hour_has_to_know_the_same_ways() -> None:
    problem = random_feature_problem(5, features=("rush",))
    row = row_of(problem, 0)
    assert problem.rush_hours is not None
    lacking = tuple(tuple(np.full_like(m, -1) for m in own) for own in row.to_by_regime_s)
    assert any(lacking)
    with pytest.raises(InvalidProblem, match=r"to_by_regime_s\[\d\]\[0\]"):
        extend_problem(problem, replace(row, to_by_regime_s=lacking))
    with pytest.raises(InvalidProblem, match="from_by_regime_s"):
        extend_problem(problem, replace(row, from_by_regime_s=()))
