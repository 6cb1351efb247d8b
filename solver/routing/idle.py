"""The route without visits of a vehicle that is out already (``features.Agreed``)."""

from __future__ import annotations

from solver.routing.schedule import Trip, find_limit, price_trip
from solver.routing.solution import Route, Step, StepKind, Stop
from solver.routing.timetable_data import Shift, TimetableData
from solver.routing.walk import HERE, THERE


def idle_route(data: TimetableData, shift: Shift) -> Route:
    """Return how a vehicle that is out goes to its end place.

    Parameters
    ----------
    data
        The problem's plain numbers.
    shift
        A vehicle that is out.

    Returns
    -------
    Route
        With the fewest breaks before the way that keep every rule, else with none.
    """
    breaks = data.breaks_of(shift.vehicle)
    for first in range(len(breaks) + 1):
        route = _go_home(data, shift, first)
        if _keeps_rules(data, shift, route):
            return route
    return _go_home(data, shift, 0)


def _go_home(data: TimetableData, shift: Shift, first: int) -> Route:
    """Take the ``first`` breaks, whenever they can begin, drive, and take the others."""
    breaks = data.breaks_of(shift.vehicle)
    before = _rest(data, breaks[:first], shift.earliest, HERE)
    ready = before[-1].end if before else shift.earliest
    leg = data.drive(shift.profile, shift.start, shift.end, ready)
    end = ready + leg[0]
    after = _rest(data, breaks[first:], end, THERE)
    return price_trip(data, shift, Trip([], before, after, shift.earliest, end, leg))


def _rest(data: TimetableData, breaks: range, ready: int, choice: int) -> list[Stop]:
    stops: list[Stop] = []
    for number in breaks:
        begin = max(ready, data.break_earliest[number])
        end = begin + data.break_duration[number]
        step = Step(StepKind.BREAK, number, choice)
        stops.append(Stop(step, 0, 0, ready, begin, begin, end, 0))
        ready = end
    return stops


def _keeps_rules(data: TimetableData, shift: Shift, route: Route) -> bool:
    punctual = all(stop.start <= data.break_latest[stop.step.index] for stop in route.stops)
    in_time = route.end <= shift.latest + shift.overtime
    return punctual and in_time and find_limit(shift, route) is None
