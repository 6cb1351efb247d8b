"""From legal steps to a priced route: the arithmetic behind ``solver.routing.timetable``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from solver.routing.problem import FORBIDDEN
from solver.routing.solution import BlockCode, Route, RouteCost, Step, StepKind, Stop
from solver.routing.timetable_data import Infeasible, Shift, TimetableData
from solver.routing.usage import NOTHING, Usage, find_shortage, use_parts
from solver.routing.walk import (
    HERE,
    THERE,
    DoesNotFitError,
    find_latest_departure,
    place_of,
    rest,
    walk,
)

NO_BOUNDS: Mapping[int, int] = {}
"""Starts of linked visits not before: none."""


def schedule(
    data: TimetableData,
    shift: Shift,
    steps: Sequence[Step],
    *,
    not_before: Mapping[int, int] = NO_BOUNDS,
    van: Sequence[int] | None = None,
    limited: bool = True,
) -> Route | Infeasible:
    """Schedule steps that are known to be legal.

    Parameters
    ----------
    data, shift
        Plain numbers of the problem and of the vehicle.
    steps
        At least one visit; breaks in order, in a gap those of choice 0 first. Whether all breaks
        are there is not asked.
    not_before
        Moments before which linked visits may not start, by visit.
    van
        Units on the van, by kind of part; None = as if no other vehicle had used any.
    limited
        Whether the limits of the vehicle hold. Later starts break what else a route breaks all the
        more, but may bring it within its limit of driving when the rush is over.

    Returns
    -------
    Route or Infeasible
        The route, or the first rule it breaks.
    """
    blocked = _find_block(data, shift, steps)
    if blocked is not None:
        return blocked
    try:
        trip = _make_trip(data, shift, steps, not_before)
    except DoesNotFitError as stuck:
        return stuck.why
    excess = trip.end - shift.latest - shift.overtime
    if excess > 0:
        return Infeasible(BlockCode.SHIFT, None, excess)
    usage = use_parts(data, shift.vehicle, steps, van)
    if isinstance(usage, Infeasible):
        return usage
    short = find_shortage(data, [usage])
    if short is not None:
        return Infeasible(BlockCode.PART, None, 0)
    route = price_trip(data, shift, trip, usage)
    return (find_limit(shift, route) if limited else None) or route


def _make_trip(
    data: TimetableData, shift: Shift, steps: Sequence[Step], not_before: Mapping[int, int]
) -> Trip:
    """Schedule the breaks at the start place, the way, and the breaks at the end place."""
    first, body, tail = _split(steps, leads=not shift.is_out)
    lead = rest(data, steps[:first], shift.earliest)
    ready = lead[-1].end if lead else shift.earliest
    if shift.is_out:
        departure = shift.earliest
    elif data.problem.rules.leaves_for_end:
        departure = _depart_for_end(data, shift, body, ready, not_before)
    else:
        departure = _depart_for_arrivals(data, shift, body, ready, not_before)
    stops = walk(data, shift, body, departure, not_before)
    last_leg = _drive_home(data, shift, body, stops)
    end = stops[-1].end + last_leg[0]
    return Trip(lead, stops, rest(data, tail, end), departure, end, last_leg)


def _depart_for_arrivals(
    data: TimetableData,
    shift: Shift,
    body: Sequence[Step],
    ready: int,
    not_before: Mapping[int, int],
) -> int:
    """Return the latest departure that keeps the first arrival, and with it all others."""
    first = next(i for i, step in enumerate(body) if step.kind is StepKind.VISIT)
    prefix = body[: first + 1]
    earliest = walk(data, shift, prefix, ready, not_before)
    stop = earliest[-1]
    kept = {stop.step.index: stop.arrival}
    return find_latest_departure(
        data, shift, prefix, earliest, ready=ready, done=stop.end, bounds=kept
    )


def _depart_for_end(
    data: TimetableData,
    shift: Shift,
    body: Sequence[Step],
    ready: int,
    not_before: Mapping[int, int],
) -> int:
    """Return the latest departure that keeps the end of the route and adds no lateness."""
    earliest = walk(data, shift, body, ready, not_before)
    bounds = {
        stop.step.index: _may_arrive_by(data, stop)
        for stop in earliest
        if stop.step.kind is StepKind.VISIT
    }
    last = earliest[-1].end
    end = last + _drive_home(data, shift, body, earliest)[0]
    done = data.leave(shift.profile, _last_place(data, shift, body), shift.end, end, last)
    return find_latest_departure(data, shift, body, earliest, ready=ready, done=done, bounds=bounds)


def _may_arrive_by(data: TimetableData, stop: Stop) -> int:
    """Return the latest arrival that adds no lateness; of a linked visit it keeps the start."""
    _, visit, window = stop.step
    due = data.window_latest[window]
    if data.agreed is not None:
        due = min(due, data.agreed.arrival_by(visit))
    due = min(max(due, stop.arrival), data.window_limit[window])
    return min(due, stop.start) if visit in data.linked else due


def _last_place(data: TimetableData, shift: Shift, body: Sequence[Step]) -> int:
    for step in reversed(body):
        if step.kind is not StepKind.BREAK:
            return place_of(data, step)
    return shift.start


def _drive_home(
    data: TimetableData, shift: Shift, body: Sequence[Step], stops: list[Stop]
) -> tuple[int, int]:
    here = _last_place(data, shift, body)
    return data.drive(shift.profile, here, shift.end, stops[-1].end)


def _find_block(data: TimetableData, shift: Shift, steps: Sequence[Step]) -> Infeasible | None:
    """Return the first rule broken that has nothing to do with time."""
    visits = [step for step in steps if step.kind is StepKind.VISIT]
    for step in visits:
        if data.assignment_cost(step.index, shift.vehicle) == FORBIDDEN:
            return Infeasible(BlockCode.FORBIDDEN, step, 0)
    here = shift.start
    for step in steps:
        if step.kind is StepKind.BREAK:
            continue
        there = place_of(data, step)
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


def _split(steps: Sequence[Step], *, leads: bool) -> tuple[int, Sequence[Step], Sequence[Step]]:
    """Return (number of breaks before departure, steps on the way, breaks after the end).

    Without ``leads`` no break is taken before the departure.
    """
    first = 0
    while leads and steps[first].kind is StepKind.BREAK and steps[first].choice == HERE:
        first += 1
    last = len(steps)
    while steps[last - 1].kind is StepKind.BREAK and steps[last - 1].choice == THERE:
        last -= 1
    return first, steps[first:last], steps[last:]


@dataclass(frozen=True, slots=True)
class Trip:
    """The parts of a scheduled route: lead at the start place, the way, rest at the end."""

    lead: list[Stop]
    stops: list[Stop]
    after: list[Stop]
    departure: int
    end: int
    last_leg: tuple[int, int]


def price_trip(data: TimetableData, shift: Shift, trip: Trip, usage: Usage = NOTHING) -> Route:
    """Return the route of which the times are known."""
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
        disturbed=0 if data.agreed is None else data.agreed.price(shift.vehicle, visits),
    )
    return Route(
        vehicle=shift.vehicle,
        stops=(*trip.lead, *_state_taken(trip.stops, usage), *trip.after),
        departure=trip.departure,
        end=trip.end,
        last_leg_s=trip.last_leg[0],
        last_leg_m=trip.last_leg[1],
        distance_m=distance,
        work_s=work,
        overtime_s=overtime,
        cost=cost,
    )


def _state_taken(stops: list[Stop], usage: Usage) -> list[Stop]:
    """Write on each pick-up what is taken there."""
    if not usage.taken:
        return stops
    taken = iter(usage.taken)
    return [
        replace(stop, taken=next(taken)) if stop.step.kind is StepKind.PICKUP else stop
        for stop in stops
    ]


def find_limit(shift: Shift, route: Route) -> Infeasible | None:
    """Return the first limit of the vehicle that the route goes beyond, or None."""
    driving = sum(stop.leg_s for stop in route.stops) + route.last_leg_s
    for found, most in (
        (len(route.visits), shift.max_visits),
        (route.distance_m, shift.max_distance_m),
        (driving, shift.max_driving_s),
        (route.end - route.departure, shift.max_duration_s),
    ):
        if most is not None and found > most:
            return Infeasible(BlockCode.LIMIT, None, found - most)
    return None
