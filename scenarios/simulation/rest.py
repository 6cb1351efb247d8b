"""What is still to be decided, as an ordinary routing problem, and its answer as stops ahead."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dispatch.domain import Break, Place, Shift, Technician
from dispatch.domain.travel_table import TravelTable
from dispatch.live.course import Course, Facts
from dispatch.live.state import LiveRoute, LiveState, Stop
from dispatch.planning.translate import Translation, translate
from scenarios.simulation.desk import RouteKey
from solver.routing.solution import Route, RouteCost, RoutingSolution, Step, StepKind
from solver.routing.solution import Stop as RouteStop
from solver.routing.timetable import Infeasible, TimetableData, place_breaks
from solver.status import SolveStatus, StoppedBy

LARGE_TOLERANCE_MIN = 120
"""More than any profile allows an appointment."""


@dataclass(frozen=True, eq=False)
class Tail:
    """The rest of one route.

    Attributes
    ----------
    fixed
        Stops ahead that are not decided any more.
    breaks
        Breaks still to be taken, by time.
    visits
        Visits ahead that may be decided anew, in order.
    out
        Whether the technician has left the start place.
    """

    key: RouteKey
    fixed: tuple[Stop, ...]
    breaks: tuple[Stop, ...]
    visits: tuple[Stop, ...]
    out: bool
    technician: Technician


@dataclass(frozen=True, eq=False)
class Rest:
    """The rest of a day.

    Attributes
    ----------
    tails
        By vehicle of the problem.
    seats
        Visit of the problem by visit id.
    data
        Its plain numbers.
    """

    state: LiveState
    translation: Translation
    tails: tuple[Tail, ...]
    seats: Mapping[str, int]
    data: TimetableData

    def standing(self) -> dict[int, tuple[Step, ...]]:
        """Return the steps of every route as it stands.

        Where breaks are left they are placed anew; what does not fit with them is left out.
        """
        found = {}
        for vehicle, tail in enumerate(self.tails):
            order = [self._choice(stop) for stop in tail.visits if stop.visit in self.seats]
            while order:
                steps = self.steps(vehicle, order)
                if steps is not None:
                    found[vehicle] = steps
                    break
                order.pop()
        return found

    def steps(self, vehicle: int, order: Sequence[tuple[int, int]]) -> tuple[Step, ...] | None:
        """Return visits in order with the vehicle's breaks placed, None if those do not fit."""
        if not self.tails[vehicle].breaks:
            return tuple(Step(StepKind.VISIT, *one) for one in order)
        steps = place_breaks(self.translation.problem, vehicle, order, data=self.data)
        return None if isinstance(steps, Infeasible) else steps

    def _choice(self, stop: Stop) -> tuple[int, int]:
        seat, t = self.seats[stop.visit or ""], self.translation
        windows = t.problem.windows_of(seat)
        return seat, next((w for w in windows if t.windows[w].name == stop.promise), windows[0])

    def solution(self, routes: Mapping[int, Sequence[Step]]) -> RoutingSolution:
        """Return steps as a plan to start from; it has no times, which nobody asks it for."""
        return RoutingSolution(
            routes=tuple(_untimed(vehicle, steps) for vehicle, steps in sorted(routes.items())),
            pools=tuple(() for _ in range(self.translation.problem.n_pools)), unassigned=(),
            cost=0, status=SolveStatus.FEASIBLE, engine="as it stands", seed=0, iterations=0,
            runtime_s=0.0, stopped_by=StoppedBy.EXHAUSTED,
        )  # fmt: skip

    def ahead(
        self, routes: Mapping[int, Sequence[Step]], only: Collection[int] | None = None
    ) -> dict[RouteKey, tuple[Stop, ...]]:
        """Return stops ahead by route, of those routes that change.

        Parameters
        ----------
        only
            Vehicles that may change; None = all.
        """
        now = {(r.technician, r.shift): r.ahead for r in self.state.routes}
        found = {}
        for vehicle, tail in enumerate(self.tails):
            if only is not None and vehicle not in only:
                continue
            stops = self._stops(tail, vehicle, routes.get(vehicle, ()))
            if _words(stops) != _words(now[tail.key]):
                found[tail.key] = stops
        return found

    def _stops(self, tail: Tail, vehicle: int, steps: Sequence[Step]) -> tuple[Stop, ...]:
        if not steps and not tail.out:
            return ()
        t, stops = self.translation, list(tail.fixed)
        first = t.problem.breaks_of(vehicle).start
        for step in steps:
            if step.kind is StepKind.BREAK:
                pause = tail.breaks[step.index - first]
                stops.append(pause.model_copy(update={"at_next": step.choice == 1}))
            else:
                name = t.windows[step.choice].name
                stops.append(Stop(kind="visit", visit=t.visits[step.index].id, promise=name))
        if not steps:
            stops += [pause.model_copy(update={"at_next": False}) for pause in tail.breaks]
        if all(stop.kind != "end" for stop in tail.fixed):
            stops.append(Stop(kind="end"))
        return tuple(stops)


def _untimed(vehicle: int, steps: Sequence[Step]) -> Route:
    stops = tuple(RouteStop(step, 0, 0, 0, 0, 0, 0, 0) for step in steps)
    return Route(vehicle, stops, 0, 0, 0, 0, 0, 0, 0, RouteCost())


def _words(stops: Sequence[Stop]) -> list[tuple[object, ...]]:
    return [(s.kind, s.visit, s.at_next, s.opens) for s in stops]


def build_rest(
    state: LiveState,
    table: TravelTable,
    *,
    seen: Mapping[str, Any] | None = None,
    only: Collection[RouteKey] | None = None,
    until: int | None = None,
) -> Rest | None:
    """Make the problem of what is still to be decided; None if nobody or nothing is left.

    Contracted outlets take nothing new here.

    Parameters
    ----------
    seen
        Fields of the day as the planner should see them, prices say.
    only
        Routes to plan; None = all.
    until
        Open visits whose promise opens after this second are left for later; None = none is.
    """
    facts = Facts(state, table)
    keys = {(r.technician, r.shift) for r in state.routes} if only is None else set(only)
    found = (_tail(facts, r) for r in state.routes if (r.technician, r.shift) in keys)
    by_name: dict[str, Tail] = {}
    for tail in found:
        # Of a technician's shifts the first that is not over is planned.
        if tail is not None:
            by_name.setdefault(tail.key[0], tail)
    wanted = [s.visit for tail in by_name.values() for s in tail.visits if s.visit is not None]
    wanted += [name for name in state.open if until is None or _may_open(facts, name, until)]
    visits = tuple(facts.visits[name] for name in wanted)
    if not by_name or not visits:
        return None
    day = state.day.model_copy(
        update={
            **(seen or {}),
            "visits": visits,
            "technicians": tuple(tail.technician for tail in by_name.values()),
            "outlets": tuple(o.model_copy(update={"capacity": None}) for o in state.day.outlets),
        }
    )
    t = translate(day, table)
    return Rest(
        state=state,
        translation=t,
        tails=tuple(by_name[line.technician.id] for line in t.lines),
        seats={visit.id: seat for seat, visit in enumerate(t.visits)},
        data=TimetableData(t.problem),
    )


def _may_open(facts: Facts, name: str, until: int) -> bool:
    visit = facts.visits[name]
    # Exact windows cost more than to see that every promise is for much later.
    soon = facts.clock.moment(until)
    opens = [promise.window(LARGE_TOLERANCE_MIN)[0] for promise in visit.promises]
    if opens and min(opens) > soon:
        return False
    return min((line.earliest for line in facts.windows(visit)), default=0) <= until


def _tail(facts: Facts, route: LiveRoute) -> Tail | None:
    """Return the rest of a route; None if its technician takes nothing more."""
    line = facts.lines[route.technician, route.shift]
    latest = line.latest + line.overtime_s
    going_home = any(stop.kind == "end" and stop.is_under_way for stop in route.ahead)
    if route.away or route.is_over or going_home or not line.works or facts.now >= latest:
        return None
    begun = [number for number, stop in enumerate(route.ahead) if stop.is_under_way]
    count = begun[-1] + 1 if begun else 0
    out = bool(begun) or any(past.stop.kind != "break" for past in route.past)
    place, free = line.start, max(line.earliest, facts.now)
    if out:
        place, free = _where(facts, route, count)
    pauses = _pauses(facts, route, count)
    fixed = [*route.ahead[:count]]
    for pause in [p for p in pauses if out and _closes(facts, p) < free]:
        fixed.append(pause.model_copy(update={"at_next": False}))
        free += pause.duration_s
    if free >= latest:
        return None
    pauses = [pause for pause in pauses if _closes(facts, pause) >= free]
    clock = facts.clock
    shift = Shift(
        start=clock.moment(free),
        end=clock.moment(max(line.latest, free + 1)),
        breaks=tuple(
            Break(earliest=p.opens, latest=p.closes, duration_s=p.duration_s)
            for p in pauses
            if p.opens is not None and p.closes is not None
        ),
        max_overtime_s=max(0, latest - max(line.latest, free + 1)),
    )
    update = {"shifts": (shift,), "start": place, "end": line.end}
    return Tail(
        key=(route.technician, route.shift),
        fixed=tuple(fixed),
        breaks=tuple(pauses),
        visits=tuple(s for s in route.ahead[count:] if s.kind == "visit"),
        out=out,
        technician=line.technician.model_copy(update=update),
    )


def _where(facts: Facts, route: LiveRoute, count: int) -> tuple[Place, int]:
    """Return where and when a technician who is out will be free of what is fixed."""
    line = facts.lines[route.technician, route.shift]
    place = route.past[-1].place if route.past else line.start
    if route.here is not None:
        place = route.here
    free = facts.now
    if count:
        last = next((s for s in reversed(route.ahead[:count]) if s.kind == "visit"), None)
        if last is not None:
            place = facts.visits[last.visit or ""].place
        begun = route.model_copy(update={"ahead": route.ahead[:count]})
        free = max(free, Course(facts, begun, {}).timed()[-1].end)
    if route.not_before is not None:
        free = max(free, facts.second(route.not_before))
    return place, free


def _pauses(facts: Facts, route: LiveRoute, count: int) -> list[Stop]:
    """Return the breaks still to be taken; all of the shift for one nobody planned yet."""
    if route.ahead or route.past:
        return [stop for stop in route.ahead[count:] if stop.kind == "break"]
    line = facts.lines[route.technician, route.shift]
    moment = facts.clock.moment
    return [
        Stop(kind="break", opens=moment(opens), closes=moment(closes), duration_s=lasts)
        for opens, closes, lasts in line.breaks
    ]


def _closes(facts: Facts, pause: Stop) -> int:
    return facts.clock.horizon_end if pause.closes is None else facts.second(pause.closes)
