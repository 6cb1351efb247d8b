"""The referee drives a route: from its steps to the moments of every stop.

Written from ``docs/semantics.md`` alone. Where a schedule could be computed backward, the referee
drives forward again and again and searches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from solver.errors import InvalidParameter
from solver.routing.features import UNLIMITED, Parts
from solver.routing.problem import RoutingProblem
from solver.routing.referee_clock import find_leg, get_arrival, get_service_s
from solver.routing.solution import Step, StepKind


@dataclass(slots=True)
class Leg:
    """To the next visit or pick-up point (None = the end place), and the breaks around it."""

    here: int
    target: Step | None = None
    there: int = -1
    meters: int = 0
    before: list[Step] = field(default_factory=list)
    after: list[Step] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Moment:
    """Expected figures of one stop; ``overrun_s`` is how far it breaks its hard limit."""

    step: Step
    leg_s: int
    leg_m: int
    reached: int
    arrival: int
    start: int
    end: int
    lateness_s: int
    overrun_s: int


@dataclass(frozen=True, slots=True)
class Course:
    """A driven route: one moment per stop, in order.

    ``end`` is the moment at the end place, ``rested_s`` the breaks between departure and end.
    """

    departure: int
    moments: tuple[Moment, ...]
    end: int
    last_leg_s: int
    last_leg_m: int
    meters: int
    driving_s: int
    rested_s: int

    @property
    def work_s(self) -> int:
        """Paid seconds."""
        return self.end - self.departure - self.rested_s


class RouteDrive:
    """Drives the steps of one known vehicle.

    Parameters
    ----------
    problem
        The problem.
    vehicle
        Index of the vehicle.
    steps
        Sound steps with at least one visit, or of a vehicle that is out already.

    Raises
    ------
    InvalidParameter
        If there is a pick-up in a problem without parts.
    """

    def __init__(self, problem: RoutingProblem, vehicle: int, steps: Sequence[Step]) -> None:
        self._problem = problem
        self.vehicle = vehicle
        self.legs = _cut_legs(problem, vehicle, steps)
        agreed = problem.agreed
        self._is_out = agreed is not None and int(agreed.vehicle_out[vehicle]) == 1
        self.visits = tuple(step.index for step in steps if step.kind is StepKind.VISIT)
        self.gap: tuple[int, int] | None = None
        for leg in self.legs:
            meters = find_leg(problem, vehicle, leg.here, leg.there)
            if meters is None:
                self.gap = (leg.here, leg.there)
                break
            leg.meters = meters

    def drive_early(self, waits: Mapping[int, int]) -> Course:
        """Drive from the earliest departure; ``waits`` is the least start of linked visits."""
        return self.drive_from(self._find_earliest(), waits)

    def drive(self, waits: Mapping[int, int]) -> Course:
        """Drive from the departure that the rules ask for."""
        return self.drive_from(self.find_departure(waits), waits)

    def drive_from(self, departure: int, waits: Mapping[int, int]) -> Course:
        """Drive from ``departure``; breaks before it at the start place are over by then."""
        return self._drive(departure, waits, self.legs)

    def find_departure(self, waits: Mapping[int, int]) -> int:
        """Search the latest departure that keeps what has to be kept.

        Every figure that is kept never falls when the departure moves on (nobody overtakes), so
        bisection finds the last moment at which all are what they are at the earliest departure.
        Who is out leaves at once.
        """
        if self._is_out:
            return self._find_earliest()
        for_end = self._problem.rules.leaves_for_end
        first_visit = next(
            number
            for number, leg in enumerate(self.legs, 1)
            if leg.target is not None and leg.target.kind is StepKind.VISIT
        )
        legs = self.legs if for_end else self.legs[:first_visit]

        def outcome(departure: int) -> tuple[int, ...]:
            course = self._drive(departure, waits, legs)
            if not for_end:
                *leading, visit = course.moments
                return visit.arrival, sum(m.overrun_s for m in leading)
            linked = [
                m.start
                for m in course.moments
                if m.step.kind is StepKind.VISIT and m.step.index in waits
            ]
            return (
                course.end,
                sum(m.overrun_s for m in course.moments),
                sum(m.lateness_s for m in course.moments),
                sum(self._sum_delays(course)),
                sum(linked),
            )

        low = self._find_earliest()
        kept = outcome(low)
        high = max(low, kept[0])
        while low < high:
            middle = (low + high + 1) // 2
            if outcome(middle) == kept:
                low = middle
            else:
                high = middle - 1
        return low

    def _sum_delays(self, course: Course) -> Iterator[int]:
        """Yield by how much each visit is reached later than its customer was told."""
        agreed = self._problem.agreed
        for moment in () if agreed is None else course.moments:
            told = UNLIMITED
            if agreed is not None and moment.step.kind is StepKind.VISIT:
                told = int(agreed.told_latest[moment.step.index])
            if told != UNLIMITED:
                yield max(0, moment.arrival - told)

    def _find_earliest(self) -> int:
        clock = int(self._problem.vehicle_earliest[self.vehicle])
        return clock if self._is_out else self._pause(self.legs[0].before, clock, [])

    def _drive(self, departure: int, waits: Mapping[int, int], legs: Sequence[Leg]) -> Course:
        moments: list[Moment] = []
        clock = departure if self._is_out else int(self._problem.vehicle_earliest[self.vehicle])
        driving_s = rested_s = end = seconds = 0
        for number, leg in enumerate(legs):
            clock = self._pause(leg.before, clock, moments)
            if number == 0 and not self._is_out:
                clock = departure
            else:
                rested_s += self._sum_breaks(leg.before)
            at = get_arrival(self._problem, self.vehicle, leg.here, leg.there, clock)
            seconds, clock = at - clock, at
            driving_s += seconds
            travel = (seconds, leg.meters)
            if leg.target is None:
                end = clock
                self._pause(leg.after, clock, moments)
                break
            if leg.after:
                clock = self._pause(leg.after, clock, moments, travel)
                rested_s += self._sum_breaks(leg.after)
                travel = (0, 0)
            moments.append(self._stop(leg.target, clock, travel, waits))
            clock = moments[-1].end
        meters = sum(leg.meters for leg in legs)
        return Course(
            departure,
            tuple(moments),
            end,
            seconds,
            legs[-1].meters,
            meters,
            driving_s,
            rested_s,
        )

    def _sum_breaks(self, breaks: Sequence[Step]) -> int:
        return sum(int(self._problem.break_duration_s[step.index]) for step in breaks)

    def _pause(
        self,
        breaks: Sequence[Step],
        clock: int,
        moments: list[Moment],
        travel: tuple[int, int] = (0, 0),
    ) -> int:
        """Take ``breaks`` in a row at one place; the first one states the travel to it."""
        for step in breaks:
            begin = max(clock, int(self._problem.break_earliest[step.index]))
            done = begin + int(self._problem.break_duration_s[step.index])
            over = max(0, begin - int(self._problem.break_latest[step.index]))
            moments.append(Moment(step, *travel, clock, begin, begin, done, 0, over))
            clock, travel = done, (0, 0)
        return clock

    def _stop(
        self, step: Step, clock: int, travel: tuple[int, int], waits: Mapping[int, int]
    ) -> Moment:
        problem = self._problem
        if step.kind is StepKind.PICKUP:
            parts = _get_parts(problem)
            begin = max(clock, int(parts.point_earliest[step.index]))
            over = max(0, begin - int(parts.point_latest[step.index]))
            done = begin + int(parts.point_service_s[step.index])
            return Moment(step, *travel, clock, begin, begin, done, 0, over)
        _, visit, window = step
        reached = clock + int(problem.visit_access_s[visit])
        arrival = max(reached, int(problem.window_earliest[window]))
        start = max(arrival, waits.get(visit, arrival))
        judged = start if problem.rules.late_at_start else arrival
        late = max(0, judged - int(problem.window_latest[window]))
        over = max(0, judged - int(problem.window_limit[window]))
        done = start + get_service_s(problem, self.vehicle, visit)
        return Moment(step, *travel, reached, arrival, start, done, late, over)


def _get_parts(problem: RoutingProblem) -> Parts:
    if problem.parts is None:
        raise InvalidParameter("The steps have a pick-up; the problem has no pick-up points.")
    return problem.parts


def _cut_legs(problem: RoutingProblem, vehicle: int, steps: Sequence[Step]) -> list[Leg]:
    legs = [Leg(int(problem.vehicle_start[vehicle]))]
    for step in steps:
        if step.kind is StepKind.BREAK:
            (legs[-1].after if step.choice else legs[-1].before).append(step)
            continue
        if step.kind is StepKind.VISIT:
            there = int(problem.visit_location[step.index])
        else:
            there = int(_get_parts(problem).point_location[step.index])
        legs[-1].target, legs[-1].there = step, there
        legs.append(Leg(there))
    legs[-1].there = int(problem.vehicle_end[vehicle])
    return legs
