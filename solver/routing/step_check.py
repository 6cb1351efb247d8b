"""Whether steps are a sequence of their vehicle at all, before any clock is looked at."""

from __future__ import annotations

from collections.abc import Sequence

from solver.errors import InvalidParameter
from solver.routing.solution import Step, StepKind
from solver.routing.timetable_data import TimetableData
from solver.routing.walk import HERE, THERE, get_parts


def check_stops(data: TimetableData, steps: Sequence[Step]) -> None:
    """Check the visits and pick-ups among ``steps``.

    Raises
    ------
    InvalidParameter
        If there is no visit, one stands twice or keeps a window of another, or there is no such
        visit or pick-up point.
    """
    seen: set[int] = set()
    for kind, visit, window in steps:
        if kind is StepKind.BREAK:
            continue
        if kind is StepKind.PICKUP:
            _check_pickup(data, visit, window)
            continue
        if not 0 <= visit < len(data.location):
            raise InvalidParameter(f"There is no visit {visit}.")
        if visit in seen:
            raise InvalidParameter(f"Visit {visit} stands twice on the route.")
        seen.add(visit)
        first, end = data.window_offset[visit], data.window_offset[visit + 1]
        if not first <= window < end:
            raise InvalidParameter(
                f"Window {window} is not one of visit {visit}; expected {first} to {end - 1}."
            )
    if not seen:
        raise InvalidParameter("A route needs at least one visit.")


def _check_pickup(data: TimetableData, point: int, choice: int) -> None:
    size = len(get_parts(data).point_location)
    if not 0 <= point < size:
        raise InvalidParameter(f"There is no pick-up point {point}; expected 0 to {size - 1}.")
    if choice != 0:
        raise InvalidParameter(f"Choice of the pick-up at point {point} is {choice}; 0.")


def check_steps(data: TimetableData, vehicle: int, steps: Sequence[Step]) -> None:
    """Check all steps of a route.

    Raises
    ------
    InvalidParameter
        As ``check_stops``, and if a break is missing, of another vehicle, out of order, or taken
        before a travel although the one before it is taken after that travel.
    """
    check_stops(data, steps)
    breaks = [step.index for step in steps if step.kind is StepKind.BREAK]
    expected = list(data.breaks_of(vehicle))
    if breaks != expected:
        raise InvalidParameter(f"Breaks on the route are {breaks}; expected {expected}.")
    traveled = False
    for step in steps:
        if step.kind is not StepKind.BREAK:
            traveled = False
        elif step.choice not in {HERE, THERE}:
            raise InvalidParameter(f"Choice of break {step.index} is {step.choice}; 0 or 1.")
        elif step.choice == HERE and traveled:
            raise InvalidParameter(f"Break {step.index} before traveling follows one after it.")
        else:
            traveled = step.choice == THERE
