"""From legal steps to moments and costs: the arithmetic behind ``solver.routing.timetable``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from solver.routing.problem import FORBIDDEN
from solver.routing.solution import BlockCode, Route, RouteCost, Step, StepKind, Stop
from solver.routing.timetable_data import Infeasible, Shift, TimetableData

HERE: Final = 0
"""Choice of a break taken where the vehicle stands."""

THERE: Final = 1
"""Choice of a break taken after traveling to the place of the next visit, or at the end."""


def schedule(data: TimetableData, shift: Shift, steps: Sequence[Step]) -> Route | Infeasible:
    """Schedule steps that are known to be legal.

    Parameters
    ----------
    data, shift
        Plain numbers of the problem and of the vehicle.
    steps
        At least one visit; breaks in order, in a gap those of choice 0 first. Whether all breaks
        are there is not asked.

    Returns
    -------
    Route or Infeasible
        The route, or the first rule it breaks.
    """
    blocked = _find_block(data, shift, steps)
    if blocked is not None:
        return blocked
    try:
        trip = _make_trip(data, shift, steps)
    except _DoesNotFitError as stuck:
        return stuck.why
    excess = trip.end - shift.latest - shift.overtime
    if excess > 0:
        return Infeasible(BlockCode.SHIFT, None, excess)
    return _price(data, shift, trip)


class _DoesNotFitError(Exception):
    """Leaves a schedule at the first moment that is too late; never leaves this module."""

    def __init__(self, code: BlockCode, step: Step, excess_s: int) -> None:
        self.why = Infeasible(code, step, excess_s)
        super().__init__(str(self.why))


def _make_trip(data: TimetableData, shift: Shift, steps: Sequence[Step]) -> _Trip:
    """Schedule the breaks at the start place, the way, and the breaks at the end place."""
    first, body, tail = _split(steps)
    lead = _rest(data, steps[:first], shift.earliest)
    ready = lead[-1].end if lead else shift.earliest
    visits = [i for i, step in enumerate(body) if step.kind is StepKind.VISIT]
    earliest = _walk(data, shift, body[: visits[0] + 1], ready)
    departure = _latest_departure(data, body[: visits[0]], earliest)
    stops = _walk(data, shift, body, departure)
    here = data.location[body[visits[-1]].index]
    last_leg = data.get_leg(shift.profile, here, shift.end)
    end = stops[-1].end + last_leg[0]
    return _Trip(lead, stops, _rest(data, tail, end), departure, end, last_leg)


def _find_block(data: TimetableData, shift: Shift, steps: Sequence[Step]) -> Infeasible | None:
    """Return the first rule broken that has nothing to do with time."""
    visits = [step for step in steps if step.kind is StepKind.VISIT]
    for step in visits:
        if data.assignment_cost(step.index, shift.vehicle) == FORBIDDEN:
            return Infeasible(BlockCode.FORBIDDEN, step, 0)
    here = shift.start
    for step in visits:
        there = data.location[step.index]
        if data.find_leg(shift.profile, here, there) is None:
            return Infeasible(BlockCode.UNREACHABLE, step, 0)
        here = there
    if data.find_leg(shift.profile, here, shift.end) is None:
        return Infeasible(BlockCode.UNREACHABLE, None, 0)
    capacity = data.capacity[shift.vehicle]
    for dimension, limit in enumerate(capacity):
        if sum(data.demand[step.index][dimension] for step in visits) > limit:
            return Infeasible(BlockCode.CAPACITY, None, 0)
    return None


def _split(steps: Sequence[Step]) -> tuple[int, Sequence[Step], Sequence[Step]]:
    """Return (number of breaks before departure, steps on the way, breaks after the end)."""
    first = 0
    while steps[first].kind is StepKind.BREAK and steps[first].choice == HERE:
        first += 1
    last = len(steps)
    while steps[last - 1].kind is StepKind.BREAK and steps[last - 1].choice == THERE:
        last -= 1
    return first, steps[first:last], steps[last:]


def _rest(data: TimetableData, breaks: Sequence[Step], ready: int) -> list[Stop]:
    """Take ``breaks`` one after another where the vehicle stands."""
    stops: list[Stop] = []
    for step in breaks:
        stop = _take_break(data, step, ready, (0, 0))
        stops.append(stop)
        ready = stop.end
    return stops


def _take_break(data: TimetableData, step: Step, ready: int, leg: tuple[int, int]) -> Stop:
    begin = max(ready, data.break_earliest[step.index])
    excess = begin - data.break_latest[step.index]
    if excess > 0:
        raise _DoesNotFitError(BlockCode.BREAK, step, excess)
    end = begin + data.break_duration[step.index]
    return Stop(step, leg[0], leg[1], ready, begin, begin, end, 0)


def _walk(data: TimetableData, shift: Shift, steps: Sequence[Step], departure: int) -> list[Stop]:
    """Walk from the start place, as early as possible; every leg on the way exists."""
    stops: list[Stop] = []
    moment, here = departure, shift.start
    for position, step in enumerate(steps):
        leg = (0, 0)
        if step.kind is StepKind.VISIT or step.choice == THERE:
            there = _next_place(data, steps, position)
            leg = data.get_leg(shift.profile, here, there)
            here = there
        if step.kind is StepKind.VISIT:
            stop = _arrive(data, step, moment, leg)
        else:
            stop = _take_break(data, step, moment + leg[0], leg)
        stops.append(stop)
        moment = stop.end
    return stops


def _next_place(data: TimetableData, steps: Sequence[Step], position: int) -> int:
    """Return the location of the first visit at or after ``position``."""
    while steps[position].kind is StepKind.BREAK:
        position += 1
    return data.location[steps[position].index]


def _arrive(data: TimetableData, step: Step, moment: int, leg: tuple[int, int]) -> Stop:
    _, visit, window = step
    reached = moment + leg[0] + data.access[visit]
    arrival = max(reached, data.window_earliest[window])
    excess = arrival - data.window_limit[window]
    if excess > 0:
        raise _DoesNotFitError(BlockCode.WINDOW, step, excess)
    lateness = max(0, arrival - data.window_latest[window])
    end = arrival + data.service[visit]
    return Stop(step, leg[0], leg[1], reached, arrival, arrival, end, lateness)


def _latest_departure(data: TimetableData, breaks: Sequence[Step], earliest: list[Stop]) -> int:
    """Go back from the first arrival, moving the breaks before it as late as they may.

    ``earliest`` is the walk up to the first visit that leaves as early as possible; ``breaks``
    are those taken at the first visit's place.
    """
    first = earliest[-1]
    moment = first.arrival - data.access[first.step.index]
    for step in reversed(breaks):
        moment = min(moment - data.break_duration[step.index], data.break_latest[step.index])
    return moment - earliest[0].leg_s


@dataclass(frozen=True, slots=True)
class _Trip:
    """The parts of a scheduled route: lead at the start place, the way, rest at the end."""

    lead: list[Stop]
    stops: list[Stop]
    after: list[Stop]
    departure: int
    end: int
    last_leg: tuple[int, int]


def _price(data: TimetableData, shift: Shift, trip: _Trip) -> Route:
    rests = sum(s.end - s.start for s in trip.stops if s.step.kind is StepKind.BREAK)
    visits = [stop for stop in trip.stops if stop.step.kind is StepKind.VISIT]
    work = trip.end - trip.departure - rests
    overtime = max(0, trip.end - shift.latest)
    distance = sum(stop.leg_m for stop in trip.stops) + trip.last_leg[1]
    cost = RouteCost(
        fixed=shift.fixed_cost,
        work=work * shift.per_second,
        overtime=overtime * shift.per_overtime_second,
        travel=distance * shift.per_meter,
        lateness=sum(data.lateness_cost(s.step.index, s.lateness_s) for s in visits),
        assignment=sum(data.assignment_cost(s.step.index, shift.vehicle) for s in visits),
    )
    return Route(
        vehicle=shift.vehicle,
        stops=(*trip.lead, *trip.stops, *trip.after),
        departure=trip.departure,
        end=trip.end,
        last_leg_s=trip.last_leg[0],
        last_leg_m=trip.last_leg[1],
        distance_m=distance,
        work_s=work,
        overtime_s=overtime,
        cost=cost,
    )
