"""Places of breaks with all features: as cheap as the best of all places."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement, product

import pytest

from solver.routing.problem import RoutingProblem
from solver.routing.solution import BlockCode, Route, Step, StepKind
from solver.routing.timetable import Infeasible, TimetableData, place_breaks, timetable
from tests.feature_problems import FEATURES, Size, random_feature_problem
from tests.timetables import pickup, visit


def all_placements(problem: RoutingProblem, stops: Sequence[Step]) -> Iterator[tuple[Step, ...]]:
    """Every legal place of every break of vehicle 0 between ``stops``."""
    slots = list(product(range(len(stops) + 1), (0, 1)))
    breaks = problem.breaks_of(0)
    for chosen in combinations_with_replacement(slots, len(breaks)):
        steps: list[Step] = []
        for gap in range(len(stops) + 1):
            steps += [
                Step(StepKind.BREAK, b, choice)
                for b, (at, choice) in zip(breaks, chosen, strict=True)
                if at == gap
            ]
            steps += stops[gap : gap + 1]
        yield tuple(steps)


def draw_stops(draw: random.Random, problem: RoutingProblem) -> list[Step]:
    stops = [visit(v, draw.choice(problem.windows_of(v))) for v in range(problem.n_visits)]
    draw.shuffle(stops)
    stops = stops[: draw.randrange(1, len(stops) + 1)]
    points = 0 if problem.parts is None else len(problem.parts.point_location)
    for _ in range(draw.randrange(3) if points else 0):
        stops.insert(draw.randrange(len(stops)), pickup(draw.randrange(points)))
    return stops


def draw_bounds(draw: random.Random, problem: RoutingProblem) -> dict[int, int]:
    """Draw moments before which some linked visits may not start."""
    linked = [] if problem.links is None else problem.links.first.tolist()
    return {v: draw.randrange(2000, 14_000) for v in linked if draw.random() < 0.5}


def check(seed: int) -> bool:
    """Compare one problem; say whether the breaks could be placed at all."""
    draw = random.Random(seed)  # noqa: S311 - a repeatable sample, no secret
    problem = random_feature_problem(seed, Size(3, 1), [f for f in FEATURES if draw.random() < 0.6])
    data = TimetableData(problem)
    stops, bounds = draw_stops(draw, problem), draw_bounds(draw, problem)
    routes = [
        timetable(problem, 0, steps, data=data, not_before=bounds)
        for steps in all_placements(problem, stops)
    ]
    costs = [route.cost.total for route in routes if isinstance(route, Route)]
    placed = place_breaks(problem, 0, stops, data=data, not_before=bounds)
    if isinstance(placed, Infeasible):
        assert costs == [], seed
        assert placed.code is not BlockCode.NONE
        return False
    route = timetable(problem, 0, placed, data=data, not_before=bounds)
    assert isinstance(route, Route)
    assert [s for s in placed if s.kind is not StepKind.BREAK] == stops
    assert route.cost.total == min(costs), seed
    return len(costs) > 1


def test_break_places_are_as_cheap_as_the_best_of_all() -> None:
    # At least one in twenty has several places to choose from, so that the check says something.
    assert sum(check(seed) for seed in range(400)) > 20


@pytest.mark.soak
def test_break_places_are_as_cheap_as_the_best_of_all_in_many_problems() -> None:
    assert sum(check(seed) for seed in range(400, 6000)) > 280
