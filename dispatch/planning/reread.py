"""A published plan as a solution of its routing problem: the way back from publishing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dispatch.domain import DayPlan, PlanRoute, PlanStop
from dispatch.errors import Fault, InvalidRequest
from dispatch.planning.codes import PlanningFault
from dispatch.planning.translate import Translation
from solver.errors import InvalidParameter
from solver.routing.solution import RoutingSolution, Step, StepKind
from solver.routing.timetable import TimetableData, build_solution
from solver.status import StoppedBy

HERE, THERE = 0, 1
Steps = Mapping[int, Sequence[Step]]


@dataclass(frozen=True)
class Decision:
    """What a plan decides, times aside: steps by vehicle, visits by pool."""

    routes: Steps
    pools: Sequence[Sequence[int]]


def reread(t: Translation, plan: DayPlan) -> RoutingSolution:
    """Return a plan as a solution of ``t.problem``.

    Raises
    ------
    InvalidRequest
        D7301 if the plan is not of this day, or keeps its rules only by waivers.
    """
    try:
        return solve_again(t, decision_of(t, plan))
    except (InvalidParameter, KeyError, ValueError, IndexError) as error:
        fault = Fault(
            PlanningFault.PLAN_NOT_LEGAL,
            "plan",
            str(error),
            "a plan of this day that keeps every rule",
            "Plan the day again, or repair what `servicenet check` reports.",
        )
        raise InvalidRequest([fault]) from error


def solve_again(
    t: Translation, decision: Decision, data: TimetableData | None = None
) -> RoutingSolution:
    """Return the solution of a decision.

    Raises
    ------
    InvalidParameter
        If it breaks a rule.
    """
    return build_solution(
        t.problem,
        decision.routes,
        decision.pools,
        engine="none",
        seed=0,
        iterations=0,
        runtime_s=0.0,
        stopped_by=StoppedBy.EXHAUSTED,
        data=data,
    )


def decision_of(t: Translation, plan: DayPlan) -> Decision:
    """Return what a plan decides, in the indices of a translated day.

    Raises
    ------
    KeyError, ValueError, IndexError
        If the plan names what the day does not have.
    """
    reader = _Reader(t)
    routes = {reader.vehicle(route): tuple(reader.steps(route)) for route in plan.routes}
    pools: list[list[int]] = [[] for _ in t.contracted]
    for service in plan.contracted:
        day = service.day or t.clock.dates[0]
        names = [outlet.id for outlet in t.contracted]
        q = next(
            i for i, name in enumerate(names) if (name, t.pool_days[i]) == (service.outlet, day)
        )
        pools[q] = [reader.seats[visit, 0] for visit in service.visits]
    return Decision(routes, pools)


class _Reader:
    def __init__(self, t: Translation) -> None:
        self._t = t
        self.seats = {(seat.visit.id, seat.member): i for i, seat in enumerate(t.seats)}
        self._vehicles = {(x.technician.id, x.shift): j for j, x in enumerate(t.lines)}

    def vehicle(self, route: PlanRoute) -> int:
        return self._vehicles[route.technician, route.shift]

    def steps(self, route: PlanRoute) -> Iterator[Step]:
        vehicle = self.vehicle(route)
        numbers = iter(self._t.problem.breaks_of(vehicle))
        aside = len(self._t.lines[vehicle].rests)
        kinds = [stop.kind for stop in route.stops]
        end = kinds.index("end")
        there = False
        for position, stop in enumerate(route.stops):
            if stop.kind == "break":
                if aside:
                    aside -= 1
                    continue
                there = there or stop.leg_s > 0 or stop.leg_m > 0 or position > end
                yield Step(StepKind.BREAK, next(numbers), THERE if there else HERE)
                continue
            there = False
            if stop.kind == "visit":
                yield self._visit(stop)
            elif stop.kind == "pickup":
                yield Step(StepKind.PICKUP, self._point(stop), 0)

    def _visit(self, stop: PlanStop) -> Step:
        t, index = self._t, self.seats[stop.visit or "", max(0, stop.crew - 1)]
        arrival = t.clock.ceil(stop.arrival)
        named = [w for w in t.problem.windows_of(index) if t.windows[w].name == stop.promise]
        fits = [w for w in named if t.windows[w].earliest <= arrival <= t.windows[w].limit]
        late = {w: max(0, arrival - t.windows[w].latest) for w in fits or named}
        return Step(StepKind.VISIT, index, min(late, key=lambda w: (late[w], w)))

    def _point(self, stop: PlanStop) -> int:
        parts, start = self._t.parts, self._t.clock.ceil(stop.start)
        points = [] if parts is None else list(enumerate(parts.points))
        wanted = {need.part for need in stop.parts}
        for number, point in points:
            stock = (
                {parts.ids[i] for i, n in enumerate(parts.arrays.stock[point.stock]) if n}
                if parts
                else set()
            )
            if (
                point.outlet.id == stop.outlet
                and point.earliest <= start <= point.latest
                and wanted <= stock
            ):
                return number
        raise ValueError(f"nobody picks up {sorted(wanted)} at {stop.outlet} then")
