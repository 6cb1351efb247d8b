"""The schedule of a route, from its steps, in plain Python (``docs/semantics.md``).

Steps are the decision; everything else follows: arrivals are as early as possible, the departure
is the latest that keeps every arrival. The engine decides in its own code; its plans get their
published times here, as do hand-made ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from solver.routing.break_places import BreakPlaces
from solver.routing.plan_build import build_solution
from solver.routing.problem import RoutingProblem
from solver.routing.schedule import NO_BOUNDS, schedule
from solver.routing.solution import BlockCode, Route, Step, StepKind
from solver.routing.step_check import check_steps, check_stops
from solver.routing.timetable_data import Infeasible, TimetableData

__all__ = ["Infeasible", "TimetableData", "build_solution", "place_breaks", "timetable"]


def timetable(
    problem: RoutingProblem,
    vehicle: int,
    steps: Sequence[Step],
    *,
    data: TimetableData | None = None,
    not_before: Mapping[int, int] = NO_BOUNDS,
) -> Route | Infeasible:
    """Schedule ``steps`` on ``vehicle``, as if it were the only one.

    What only a whole plan tells is left out: links bind by ``not_before`` alone, a van is as full
    as at first, and nobody else draws on the stocks (``build_solution`` counts them).

    Parameters
    ----------
    problem
        The problem.
    vehicle
        Index of the vehicle.
    steps
        At least one visit, every break of the vehicle once, in order, and pick-ups.
    data
        The problem's plain numbers, to convert them only once for many routes.
    not_before
        Moments before which linked visits may not start, by visit, seconds.

    Returns
    -------
    Route or Infeasible
        The route with all times and costs, or the first rule it breaks.

    Raises
    ------
    InvalidParameter
        If the steps are no sequence of this vehicle at all: a visit twice, a window of another
        visit, a break missing or out of order, no such pick-up point.
    """
    data = data or TimetableData(problem)
    shift = data.get_shift(vehicle)
    check_steps(data, vehicle, steps)
    return schedule(data, shift, steps, not_before=not_before)


def place_breaks(
    problem: RoutingProblem,
    vehicle: int,
    visits: Sequence[tuple[int, int] | Step],
    *,
    data: TimetableData | None = None,
    not_before: Mapping[int, int] = NO_BOUNDS,
) -> tuple[Step, ...] | Infeasible:
    """Find the cheapest places for the breaks of ``vehicle`` on a given order of visits.

    Every placement that can be cheapest is tried. Left out are only those that take a break
    before its window opens although the vehicle reaches its next place before that too: taking
    it there instead makes no arrival later and no work longer. (Before the first visit this does
    not hold, as breaks at the start place are unpaid; nor does it where the departure follows the
    end or driving is limited. Those are all tried.)

    Parameters
    ----------
    problem, vehicle, data, not_before
        As for ``timetable``.
    visits
        (visit, chosen window) or steps without breaks, which may be pick-ups, in order; at least
        one visit.

    Returns
    -------
    tuple or Infeasible
        The steps with all breaks; of equally cheap ones the earliest placement. Else why the
        visits do not fit without breaks, or ``BlockCode.BREAK`` if only the breaks do not.
    """
    data = data or TimetableData(problem)
    shift = data.get_shift(vehicle)
    bare = [v if isinstance(v, Step) else Step(StepKind.VISIT, *v) for v in visits]
    check_stops(data, bare)
    alone = schedule(data, shift, bare, not_before=not_before)
    # A break may bring a route within its limits: it leaves later, or drives after the rush.
    if isinstance(alone, Infeasible) and alone.code is not BlockCode.LIMIT:
        return alone
    best: tuple[int, tuple[Step, ...]] | None = None
    for steps in BreakPlaces(data, shift, bare, not_before).find():
        route = schedule(data, shift, steps, not_before=not_before)
        if isinstance(route, Route) and (best is None or route.cost.total < best[0]):
            best = route.cost.total, steps
    if best is not None:
        return best[1]
    return alone if isinstance(alone, Infeasible) else Infeasible(BlockCode.BREAK, None, 0)
