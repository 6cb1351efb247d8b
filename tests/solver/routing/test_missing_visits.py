"""Visits on no tour: tried wherever a tour near them changes, alone or in place of another."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest

from solver.routing.core import copy_problem, load_engine
from solver.routing.problem import RoutingProblem
from solver.routing.solution import StepKind
from tests.problems import DAY_S, K, V, line, make_problem

pytestmark = pytest.mark.core


def street(
    places: Sequence[int], penalties: Sequence[int], windows: Sequence[tuple[int, int]], lasts: int
) -> RoutingProblem:
    """One vehicle, all day, on a line; every visit takes ``lasts`` seconds."""
    visits = [
        V(
            at=1 + i, windows=((earliest, latest, latest),), service=lasts, penalty=penalty,
            late=(1800, 0, 0),
        )
        for i, (penalty, (earliest, latest)) in enumerate(zip(penalties, windows, strict=True))
    ]  # fmt: skip
    shift = K(
        start=0, end=0, shift=(0, DAY_S), fixed=0, per_second=0, per_overtime_second=0, per_meter=1
    )
    return make_problem(visits, [shift], [line([0, *places])])


def search_from(problem: RoutingProblem, visits: Sequence[int], iterations: int) -> Any:
    search = load_engine().LooseSearch(copy_problem(problem), 1)
    search.adopt([[(int(StepKind.VISIT), visit, visit) for visit in visits]])
    search.iterate(iterations)
    return search


def test_dearer_visits_take_the_places_of_cheaper_ones_all_along_a_tour() -> None:
    # At every tenth meter two visits of 700 s within the same 100 s: one of them fits, and being
    # late for 600 s costs more than a missed one.
    pairs = range(40)
    places = [10 * (1 + i) for i in pairs] * 2
    windows = [(800 * i + 500, 800 * i + 600) for i in pairs] * 2
    problem = street(places, [600] * 40 + [900] * 40, windows, 700)
    search = search_from(problem, pairs, 5)
    assert search.best_cost == 2 * 400 + 40 * 600


def test_all_that_pays_is_on_the_tour_after_few_iterations() -> None:
    # Each lies on the way to the last one: it costs nothing once that is served.
    draw = random.Random(1)  # noqa: S311 - made-up problems
    places = sorted(draw.randrange(1, 9000) for _ in range(300))
    problem = street(places, [50] * 299 + [100_000], [(0, DAY_S)] * 300, 0)
    search = search_from(problem, [299], 40)
    assert search.best_cost == 2 * places[-1]
