"""Ways into a plan for one visit, whatever it is linked to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from solver.routing.insertion import InsertionOption, InsertionRanker
from solver.routing.problem import RoutingProblem
from solver.routing.solution import RoutingSolution, Step, StepKind
from solver.routing.timetable import Infeasible, place_breaks
from solver.routing.ways import Rung, Way, WayFinder


def ways_into(
    problem: RoutingProblem, solution: RoutingSolution, index: int, *, top: int, eject: int = 0
) -> list[Way]:
    """Return ways that leave nobody out, cheapest first; worth the visit's price or not.

    Parameters
    ----------
    index
        A visit that is not in the plan.
    top, eject
        As for :class:`solver.routing.ways.WayFinder`.
    """
    dear = replace(problem, visit_penalty=_dear(problem, index))
    found = WayFinder(dear, solution).find_ways(index, top=top, eject=eject)
    ways = [way for way in found if not way.dropped]
    if ways or problem.links is None:
        return ways
    # Of linked visits the finder looks for ways to serve them together; here one is enough.
    options = [o for o in InsertionRanker(problem, solution).rank(index) if o.cost is not None]
    placed = (_placed(problem, solution, index, option) for option in options)
    return sorted((way for way in placed if way is not None), key=lambda way: way.cost)[:top]


def _dear(problem: RoutingProblem, index: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the penalties with one as high as any: no way is too dear then."""
    penalties = problem.visit_penalty.copy()
    penalties[index] = max(1, int(penalties.max()))
    return penalties


def _placed(
    problem: RoutingProblem, solution: RoutingSolution, index: int, option: InsertionOption
) -> Way | None:
    """Return an insertion with its breaks; without new pick-ups."""
    steps: list[Step] = []
    for route in solution.routes:
        if route.vehicle == option.vehicle:
            steps = [s.step for s in route.stops if s.step.kind is not StepKind.BREAK]
    at = [n for n, step in enumerate(steps) if step.kind is StepKind.VISIT]
    place = at[option.position] if option.position < len(at) else len(steps)
    steps.insert(place, Step(StepKind.VISIT, index, option.window))
    made = place_breaks(problem, option.vehicle, steps)
    if isinstance(made, Infeasible) or option.cost is None:
        return None
    changed = ((option.vehicle, made),)
    return Way(option.vehicle, None, Rung.INSERTION, option.cost, None, changed, (), ())
