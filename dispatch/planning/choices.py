"""Why this technician: the visit's share of the price, and who came second."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dispatch.domain import Choice
from dispatch.planning.objective import COST_SCALE
from dispatch.planning.translate import Translation
from solver.routing.insertion import InsertionOption, InsertionRanker
from solver.routing.solution import Route, RoutingSolution, StepKind
from solver.routing.timetable import Infeasible, TimetableData, place_breaks, timetable

MAX_CHOICE_PAIRS = 100_000
"""Visits times shifts for which choices are computed (some seconds); the rest is left out.

A bound on work, not on time, so that the same plan is always explained in the same way.
"""


@dataclass(frozen=True, slots=True)
class Choices:
    """Choices of a plan, and how many assigned visits were left out."""

    choices: tuple[Choice, ...]
    left_out: int


def explain_choices(
    t: Translation, solution: RoutingSolution, ranker: InsertionRanker, data: TimetableData
) -> Choices:
    """Return a choice for every visit a technician serves, by visit id.

    On days with more than ``MAX_CHOICE_PAIRS`` pairs only the first visits by id are explained.
    """
    served = sorted(_served(solution), key=lambda item: item[0])
    allowed = max(1, MAX_CHOICE_PAIRS // max(1, len(t.lines)))
    choices = [
        _choice(t, route, index, ranker.rank(index), data) for index, route in served[:allowed]
    ]
    return Choices(tuple(choices), max(0, len(served) - allowed))


def _served(solution: RoutingSolution) -> Iterator[tuple[int, Route]]:
    for route in solution.routes:
        for index in route.visits:
            yield index, route


def _choice(
    t: Translation,
    route: Route,
    index: int,
    options: Sequence[InsertionOption],
    data: TimetableData,
) -> Choice:
    mine = t.lines[route.vehicle].number
    share = route.cost.total - _without(t, route, index, data)
    others = [
        (option.cost, t.lines[option.vehicle].technician.id)
        for option in options
        if option.cost is not None and t.lines[option.vehicle].number != mine
    ]
    cost, runner_up = min(others, default=(None, None))
    return Choice(
        visit=t.visits[index].id,
        technician=t.lines[route.vehicle].technician.id,
        cost_share=_fen(share),
        runner_up=runner_up,
        difference=None if cost is None else _fen(cost - share),
    )


def _without(t: Translation, route: Route, index: int, data: TimetableData) -> int:
    """Return the cost of a route without one visit, its breaks placed anew."""
    rest = [
        (stop.step.index, stop.step.choice)
        for stop in route.stops
        if stop.step.kind is StepKind.VISIT and stop.step.index != index
    ]
    if not rest:
        return 0
    steps = place_breaks(t.problem, route.vehicle, rest, data=data)
    shorter = (
        steps
        if isinstance(steps, Infeasible)
        else timetable(t.problem, route.vehicle, steps, data=data)
    )
    if isinstance(shorter, Infeasible):
        # Legs that break the triangle inequality can make the shorter route impossible: then
        # nothing is saved by leaving the visit out alone.
        return route.cost.total
    return shorter.cost.total


def _fen(units: int) -> int:
    """Return whole fen, half a fen rounded up; a saving may be negative."""
    return (2 * units + COST_SCALE) // (2 * COST_SCALE)
