"""Walking along a route: forward as early as possible, backward to the latest departure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from solver.errors import InvalidParameter
from solver.routing.solution import BlockCode, Step, StepKind, Stop
from solver.routing.timetable_data import Infeasible, PartsData, Shift, TimetableData

HERE: Final = 0
"""Choice of a break taken where the vehicle stands."""

THERE: Final = 1
"""Choice of a break taken after traveling to the place of the next visit, or at the end."""


class DoesNotFitError(Exception):
    """Leaves a schedule at the first moment that is too late; caught by ``schedule``."""

    def __init__(self, code: BlockCode, step: Step, excess_s: int) -> None:
        self.why = Infeasible(code, step, excess_s)
        super().__init__(str(self.why))


def get_parts(data: TimetableData) -> PartsData:
    """Return the numbers of parts.

    Raises
    ------
    InvalidParameter
        If the problem has no parts, so that there is nothing to pick up.
    """
    if data.parts is None:
        raise InvalidParameter("The problem has no parts; expected no pick-up on a route.")
    return data.parts


def place_of(data: TimetableData, step: Step) -> int:
    """Return the location of a visit or pick-up."""
    if step.kind is StepKind.PICKUP:
        return get_parts(data).point_location[step.index]
    return data.location[step.index]


def places_along(data: TimetableData, shift: Shift, steps: Sequence[Step]) -> list[int]:
    """Return where the vehicle stands at each step; the last one is no break after traveling."""
    places: list[int] = []
    here = shift.start
    for position, step in enumerate(steps):
        if step.kind is not StepKind.BREAK:
            here = place_of(data, step)
        elif step.choice == THERE:
            here = place_of(data, _next_stop(steps, position))
        places.append(here)
    return places


def _next_stop(steps: Sequence[Step], position: int) -> Step:
    """Return the first visit or pick-up at or after ``position``."""
    while steps[position].kind is StepKind.BREAK:
        position += 1
    return steps[position]


def rest(data: TimetableData, breaks: Sequence[Step], ready: int) -> list[Stop]:
    """Take ``breaks`` one after another where the vehicle stands.

    Raises
    ------
    DoesNotFitError
        If one begins too late.
    """
    stops: list[Stop] = []
    for step in breaks:
        stop = _take_break(data, step, ready, (0, 0))
        stops.append(stop)
        ready = stop.end
    return stops


def walk(
    data: TimetableData,
    shift: Shift,
    steps: Sequence[Step],
    departure: int,
    not_before: Mapping[int, int],
) -> list[Stop]:
    """Walk from the start place, as early as possible; every leg on the way exists.

    Raises
    ------
    DoesNotFitError
        At the first visit, break or pick-up that would come too late.
    """
    stops: list[Stop] = []
    moment, here = departure, shift.start
    for step, there in zip(steps, places_along(data, shift, steps), strict=True):
        leg = (0, 0) if there == here else data.drive(shift.profile, here, there, moment)
        here = there
        if step.kind is StepKind.VISIT:
            stop = _arrive(data, shift, step, moment, leg, not_before=not_before)
        elif step.kind is StepKind.PICKUP:
            stop = _pick_up(data, step, moment, leg)
        else:
            stop = _take_break(data, step, moment + leg[0], leg)
        stops.append(stop)
        moment = stop.end
    return stops


def _take_break(data: TimetableData, step: Step, ready: int, leg: tuple[int, int]) -> Stop:
    begin = max(ready, data.break_earliest[step.index])
    excess = begin - data.break_latest[step.index]
    if excess > 0:
        raise DoesNotFitError(BlockCode.BREAK, step, excess)
    end = begin + data.break_duration[step.index]
    return Stop(step, leg[0], leg[1], ready, begin, begin, end, 0)


def _pick_up(data: TimetableData, step: Step, moment: int, leg: tuple[int, int]) -> Stop:
    parts = get_parts(data)
    reached = moment + leg[0]
    begin = max(reached, parts.point_earliest[step.index])
    excess = begin - parts.point_latest[step.index]
    if excess > 0:
        raise DoesNotFitError(BlockCode.PART, step, excess)
    end = begin + parts.point_service[step.index]
    return Stop(step, leg[0], leg[1], reached, begin, begin, end, 0)


def _arrive(
    data: TimetableData,
    shift: Shift,
    step: Step,
    moment: int,
    leg: tuple[int, int],
    *,
    not_before: Mapping[int, int],
) -> Stop:
    _, visit, window = step
    reached = moment + leg[0] + data.access[visit]
    arrival = max(reached, data.window_earliest[window])
    start = max(arrival, not_before.get(visit, arrival)) if not_before else arrival
    judged = start if data.problem.rules.late_at_start else arrival
    excess = judged - data.window_limit[window]
    if excess > 0:
        raise DoesNotFitError(BlockCode.WINDOW, step, excess)
    lateness = max(0, judged - data.window_latest[window])
    end = start + data.service(visit, shift)
    return Stop(step, leg[0], leg[1], reached, arrival, start, end, lateness)


def find_latest_departure(
    data: TimetableData,
    shift: Shift,
    steps: Sequence[Step],
    earliest: Sequence[Stop],
    *,
    ready: int,
    done: int,
    bounds: Mapping[int, int],
) -> int:
    """Go back along ``steps`` from a deadline, moving everything as late as it may.

    Parameters
    ----------
    data, shift
        As for ``schedule``.
    steps
        Steps on the way, from the first one after the departure.
    earliest
        Their stops when leaving at ``ready``, one for each step: a walk that keeps all bounds.
    ready
        The earliest departure.
    done
        Moment by which the last of ``steps`` has ended, not before it does in ``earliest``.
    bounds
        Latest arrival of each visit among them.

    Returns
    -------
    int
        The latest departure that keeps the deadline, the bounds, and the windows of breaks and
        pick-up points.
    """
    places = [shift.start, *places_along(data, shift, steps)]
    moment = done
    for i in reversed(range(len(steps))):
        stop = earliest[i]
        begin = min(moment - (stop.end - stop.start), _begin_by(data, stop.step, bounds))
        if stop.step.kind is StepKind.VISIT:
            begin -= data.access[stop.step.index]
        left = earliest[i - 1].end if i else ready
        here, there = places[i], places[i + 1]
        same = here == there
        moment = begin if same else data.leave(shift.profile, here, there, begin, left)
    return moment


def _begin_by(data: TimetableData, step: Step, bounds: Mapping[int, int]) -> int:
    if step.kind is StepKind.VISIT:
        return bounds[step.index]
    if step.kind is StepKind.PICKUP:
        return get_parts(data).point_latest[step.index]
    return data.break_latest[step.index]
