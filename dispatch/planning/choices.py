"""Why this technician: the visit's share of the price, and who came second."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dispatch.domain import Choice
from dispatch.planning.objective import COST_SCALE
from dispatch.planning.translate import Translation
from solver.routing.idle import idle_route
from solver.routing.insertion import InsertionOption, InsertionRanker
from solver.routing.solution import Route, RoutingSolution, Step, StepKind
from solver.routing.timetable import Infeasible, TimetableData, place_breaks, timetable
from solver.routing.usage import Usage, use_parts

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
    vans = vans_at_start(t, solution)
    allowed = max(1, MAX_CHOICE_PAIRS // max(1, len(t.lines)))
    choices = [
        _choice(
            t,
            route,
            index,
            ranker.rank(index),
            _without(t, route, index, data, van=vans.get(route.vehicle)),
        )
        for index, route in served[:allowed]
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
    without: int,
) -> Choice:
    """Return the choice; ``without`` is what the route costs without the visit."""
    mine = t.lines[route.vehicle].number
    share = route.cost.total - without
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


def vans_at_start(t: Translation, solution: RoutingSolution) -> dict[int, tuple[int, ...]]:
    """Return the units on the van when each used vehicle sets out; empty without parts."""
    if t.parts is None:
        return {}
    left = {number: row.tolist() for number, row in enumerate(t.parts.arrays.van_stock)}
    found: dict[int, tuple[int, ...]] = {}
    for route in solution.routes:
        van = left[t.lines[route.vehicle].number]
        found[route.vehicle] = tuple(van)
        for index in t.once(route.visits):
            for need in t.visits[index].parts:
                van[t.parts.ids.index(need.part)] -= need.quantity
        for stop in route.stops:
            for part, units in stop.taken:
                van[part] += units
    return found


def _without(
    t: Translation, route: Route, index: int, data: TimetableData, *, van: Sequence[int] | None
) -> int:
    """Return the cost of a route without one visit: breaks placed anew, idle pick-ups left out."""
    rest = [
        stop.step
        for stop in route.stops
        if stop.step.kind is not StepKind.BREAK
        and not (stop.step.kind is StepKind.VISIT and stop.step.index == index)
    ]
    if all(step.kind is not StepKind.VISIT for step in rest):
        shift = data.get_shift(route.vehicle)
        return idle_route(data, shift).cost.total if shift.is_out else 0
    rest = _needed(rest, use_parts(data, route.vehicle, rest, van))
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


def _needed(steps: list[Step], usage: Usage | Infeasible) -> list[Step]:
    """Return the steps without pick-ups at which nothing is taken."""
    if isinstance(usage, Infeasible):
        return steps
    taken = iter(usage.taken)
    return [step for step in steps if step.kind is not StepKind.PICKUP or next(taken)]


def _fen(units: int) -> int:
    """Return whole fen, half a fen rounded up; a saving may be negative."""
    return (2 * units + COST_SCALE) // (2 * COST_SCALE)
