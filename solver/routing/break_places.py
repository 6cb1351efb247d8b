"""Where the breaks of a vehicle may stand between given visits and pick-ups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from solver.routing.solution import Step, StepKind
from solver.routing.timetable_data import Shift, TimetableData
from solver.routing.walk import HERE, THERE, get_parts, place_of


class BreakPlaces:
    """Enumerates the placements of breaks.

    A slot is (gap, choice): gap g lies before stop g (a visit or pick-up), gap n after the last
    one. Slots are passed in order, so the moment at which the vehicle passes them never goes
    back.

    Parameters
    ----------
    data, shift
        Plain numbers of the problem and of the vehicle.
    stops
        Visits and pick-ups in order, at least one visit; without breaks they fit, but for limits.
    not_before
        Moments before which linked visits may not start, by visit.
    """

    def __init__(
        self,
        data: TimetableData,
        shift: Shift,
        stops: Sequence[Step],
        not_before: Mapping[int, int],
    ) -> None:
        self._data = data
        self._shift = shift
        self._stops = stops
        self._not_before = not_before
        self._breaks = list(data.breaks_of(shift.vehicle))
        self._places = [shift.start, *(place_of(data, step) for step in stops), shift.end]
        self._first_visit = next(i for i, s in enumerate(stops) if s.kind is StepKind.VISIT)
        # Waiting on may then not be the better choice: see ``solver.routing.timetable``.
        self._tries_all = data.problem.rules.leaves_for_end or data.problem.limits is not None

    def find(self) -> Iterator[tuple[Step, ...]]:
        """Yield the steps of each placement in which all breaks begin in their windows."""
        for slots in self._extend((), (0, HERE), self._shift.earliest):
            steps: list[Step] = []
            for gap in range(len(self._stops) + 1):
                for index, slot in zip(self._breaks, slots, strict=True):
                    if slot[0] == gap:
                        steps.append(Step(StepKind.BREAK, index, slot[1]))
                steps.extend(self._stops[gap : gap + 1])
            yield tuple(steps)

    def _extend(
        self, slots: tuple[tuple[int, int], ...], slot: tuple[int, int] | None, moment: int
    ) -> Iterator[tuple[tuple[int, int], ...]]:
        """Place the next break at ``slot`` (free at ``moment``) or at any slot after it."""
        if len(slots) == len(self._breaks):
            yield slots
            return
        index = self._breaks[len(slots)]
        opens, closes = self._data.break_earliest[index], self._data.break_latest[index]
        while slot is not None and moment <= closes:
            following, later = self._pass(slot, moment)
            waits_on = following is not None and later <= opens
            if self._tries_all or slot[0] <= self._first_visit or not waits_on:
                end = max(moment, opens) + self._data.break_duration[index]
                yield from self._extend((*slots, slot), slot, end)
            slot, moment = following, later

    def _pass(self, slot: tuple[int, int], moment: int) -> tuple[tuple[int, int] | None, int]:
        """Return the slot after ``slot`` and when it is reached; None if there is none."""
        gap, choice = slot
        if choice == HERE:
            here, there = self._places[gap], self._places[gap + 1]
            leg_s, _ = self._data.drive(self._shift.profile, here, there, moment)
            return (gap, THERE), moment + leg_s
        if gap == len(self._stops):
            return None, moment
        done = self._serve(self._stops[gap], moment)
        return (None, moment) if done is None else ((gap + 1, HERE), done)

    def _serve(self, step: Step, moment: int) -> int | None:
        """Return when a visit or pick-up is done, None if it would come too late."""
        data = self._data
        if step.kind is StepKind.PICKUP:
            parts = get_parts(data)
            begin = max(moment, parts.point_earliest[step.index])
            late = begin > parts.point_latest[step.index]
            return None if late else begin + parts.point_service[step.index]
        _, visit, window = step
        arrival = max(moment + data.access[visit], data.window_earliest[window])
        start = max(arrival, self._not_before.get(visit, arrival))
        judged = start if data.problem.rules.late_at_start else arrival
        if judged > data.window_limit[window]:
            return None
        return start + data.service(visit, self._shift)
