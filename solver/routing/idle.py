"""The route without visits of a vehicle that is out already (``features.Agreed``)."""

from __future__ import annotations

from solver.routing.schedule import Trip, price_trip
from solver.routing.solution import Route, Step, StepKind, Stop
from solver.routing.timetable_data import Shift, TimetableData
from solver.routing.walk import THERE


def idle_route(data: TimetableData, shift: Shift) -> Route:
    """Return how a vehicle that is out goes to its end place: at once, breaks after the way.

    Parameters
    ----------
    data
        The problem's plain numbers.
    shift
        A vehicle that is out.
    """
    leg = data.drive(shift.profile, shift.start, shift.end, shift.earliest)
    end = shift.earliest + leg[0]
    after = _rest(data, data.breaks_of(shift.vehicle), end)
    return price_trip(data, shift, Trip([], [], after, shift.earliest, end, leg))


def _rest(data: TimetableData, breaks: range, ready: int) -> list[Stop]:
    stops: list[Stop] = []
    for number in breaks:
        begin = max(ready, data.break_earliest[number])
        end = begin + data.break_duration[number]
        step = Step(StepKind.BREAK, number, THERE)
        stops.append(Stop(step, 0, 0, ready, begin, begin, end, 0))
        ready = end
    return stops
