"""Solutions made by hand: steps of a translated day in short words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dispatch.planning.translate import Translation
from solver.routing.solution import RoutingSolution, Step, StepKind
from solver.routing.timetable import build_solution
from solver.status import StoppedBy


def solution_of(
    t: Translation,
    routes: Mapping[str, Sequence[str]],
    pools: Sequence[Sequence[int]] | None = None,
) -> RoutingSolution:
    """Return the solution in which technicians make the stops named, each in its first window.

    Parameters
    ----------
    routes
        By technician, or technician and shift as ``T1/1``: ids of visits, ``V1.2`` the second
        seat of a crew, ``@O1`` the first pick-up point of an outlet, ``@O1.2`` the second.
    pools
        Indices of visits by pool; nobody without.
    """
    vehicles = {f"{line.technician.id}/{line.shift}": j for j, line in enumerate(t.lines)}
    return build_solution(
        t.problem,
        {
            vehicles[name if "/" in name else f"{name}/0"]: [_step(t, word) for word in words]
            for name, words in routes.items()
        },
        pools or [() for _ in t.contracted],
        engine="by hand",
        seed=0,
        iterations=0,
        runtime_s=0.0,
        stopped_by=StoppedBy.ITERATIONS,
    )


def _step(t: Translation, word: str) -> Step:
    name, _, count = word.partition(".")
    which = int(count or 1)
    if name.startswith("@") and t.parts is not None:
        points = [i for i, point in enumerate(t.parts.points) if point.outlet.id == name[1:]]
        return Step(StepKind.PICKUP, points[which - 1], 0)
    seats = [i for i, seat in enumerate(t.seats) if seat.visit.id == name]
    index = seats[which - 1]
    return Step(StepKind.VISIT, index, int(t.problem.window_offset[index]))
