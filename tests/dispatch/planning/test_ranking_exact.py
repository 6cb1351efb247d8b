"""What a visit would cost elsewhere is the least over every place, window and pick-up, to the unit.

On days without crews, links and fair shares, for which insertions are ranked exactly.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from dispatch.planning.explain import unranked_features
from dispatch.planning.translate import Translation, translate
from solver.routing.insertion import InsertionRanker
from solver.routing.solution import RoutingSolution, Step, StepKind
from tests.greedy import Greedy
from tests.random_whole_days import whole_small_day

pytestmark = pytest.mark.core


def rankable_day(seed: int):
    """Return a random whole day without what keeps insertions from being ranked."""
    day, table = whole_small_day(seed)
    visits = [v.model_copy(update={"links": (), "crew_size": 1}) for v in day.visits]
    none = {"fair_work_s": None, "fair_distance_m": None}
    settings = day.settings.model_copy(update=none)
    return day.model_copy(update={"visits": tuple(visits), "settings": settings}), table


def ways(t: Translation, steps: list[Step], visit: int) -> Iterator[list[Step]]:
    """Yield every order with the visit in it and up to two more pick-ups before it."""
    points = range(0 if t.parts is None else len(t.parts.points))
    extra: list[tuple[int, ...]] = [()]
    if t.visits[visit].parts:
        extra += [*((p,) for p in points), *itertools.permutations(points, 2)]
    for window, place in itertools.product(t.problem.windows_of(visit), range(len(steps) + 1)):
        lead, rest = steps[:place], steps[place:]
        for chosen in extra:
            for gaps in itertools.combinations_with_replacement(range(place + 1), len(chosen)):
                order = list(lead)
                for gap, point in sorted(zip(gaps, chosen, strict=True), reverse=True):
                    order.insert(gap, Step(StepKind.PICKUP, point, 0))
                yield [*order, Step(StepKind.VISIT, visit, window), *rest]


def least(planner: Greedy, solution: RoutingSolution, visit: int, vehicle: int) -> int | None:
    """Return the least a plan with the visit costs more, its penalty aside."""
    costs = []
    for steps in ways(planner.t, planner.bare.get(vehicle, []), visit):
        made = planner.build({**planner.bare, vehicle: steps}, planner.pools)
        if made is not None:
            costs.append(made.cost)
    penalty = int(planner.t.problem.visit_penalty[visit])
    return min(costs) - solution.cost + penalty if costs else None


def compare(seed: int) -> tuple[int, int]:
    day, table = rankable_day(seed)
    t = translate(day, table)
    assert unranked_features(t.problem) == ()
    planner = Greedy(t, seed)
    solution = planner.run(share=0.5)
    ranker = InsertionRanker(t.problem, solution)
    possible = impossible = 0
    for visit in solution.unassigned:
        for option in ranker.rank(visit):
            expected = least(planner, solution, visit, option.vehicle)
            assert option.cost == expected, (seed, visit, option)
            possible += expected is not None
            impossible += expected is None
    return possible, impossible


def test_insertions_are_ranked_as_if_every_way_had_been_tried():
    found = [compare(seed) for seed in range(60)]
    assert sum(possible for possible, _ in found) > 10
    assert sum(impossible for _, impossible in found) > 100
