"""How the referee of arrays judges one route."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from solver.routing.features import UNLIMITED
from solver.routing.problem import FORBIDDEN, RoutingProblem
from solver.routing.referee_agreed import find_way_home, is_out, price_disturbed
from solver.routing.referee_drive import Course, RouteDrive
from solver.routing.solution import Route, Step, StepKind
from solver.routing.violation import Violation, ViolationCode

_HARD: Final = {
    StepKind.VISIT: (ViolationCode.WINDOW, "visit"),
    StepKind.BREAK: (ViolationCode.BREAK, "break"),
    StepKind.PICKUP: (ViolationCode.PICKUP, "pick-up point"),
}


class RouteJudge:
    """Judges one route of a known vehicle: first its steps, then its times and costs.

    Parameters
    ----------
    problem
        The problem.
    route
        The route as stated.
    """

    def __init__(self, problem: RoutingProblem, route: Route) -> None:
        self._problem = problem
        self._route = route
        self._vehicle = route.vehicle
        self._steps = [stop.step for stop in route.stops]
        self.found: list[Violation] = []

    def judge_steps(self) -> bool:
        """Judge the order of steps; False if the route makes no sense at all."""
        problem = self._problem
        visits = [step for step in self._steps if step.kind is StepKind.VISIT]
        for step in visits:
            if not 0 <= step.index < problem.n_visits:
                self._report(ViolationCode.VISIT, "visit", step.index, "a visit of the problem")
            elif step.choice not in problem.windows_of(step.index):
                allowed = problem.windows_of(step.index)
                what = f"visit {step.index} window"
                self._report(ViolationCode.STEPS, what, step.choice, allowed)
        self._judge_breaks()
        points = 0 if problem.parts is None else int(problem.parts.point_location.shape[0])
        for step in self._steps:
            known = 0 <= step.index < points and step.choice == 0
            if step.kind is StepKind.PICKUP and not known:
                expected = f"point 0 to {points - 1}, choice 0"
                self._report(ViolationCode.STEPS, "pick-up", tuple(step[1:]), expected)
        if not visits and is_out(problem, self._vehicle) and not self.found:
            self._judge_way_home()
        return (bool(visits) or is_out(problem, self._vehicle)) and not self.found

    def _judge_way_home(self) -> None:
        """Judge where a vehicle that is out and has no visits takes its breaks: no decision."""
        expected = find_way_home(self._problem, self._vehicle)
        if self._steps != expected:
            choices = [step.choice for step in expected]
            found = [step.choice for step in self._steps]
            self._report(ViolationCode.STEPS, "way home", found, choices)

    def judge_admission(self) -> None:
        """Judge who may go and what fits into the vehicle."""
        visits = self._route.visits
        for visit in visits:
            if int(self._problem.assignment_cost[visit, self._vehicle]) == FORBIDDEN:
                self._report(ViolationCode.FORBIDDEN, f"visit {visit}", "served", "not by it")
        load = self._problem.visit_demand[list(visits)].astype(object).sum(axis=0)
        for dimension, limit in enumerate(self._problem.vehicle_capacity[self._vehicle].tolist()):
            if int(load[dimension]) > limit:
                what = f"load {dimension}"
                self._report(ViolationCode.CAPACITY, what, load[dimension], f"at most {limit}")

    def find_drive(self) -> RouteDrive | None:
        """Return the route ready to drive; None where a leg has no way, which is reported."""
        drive = RouteDrive(self._problem, self._vehicle, self._steps)
        if drive.gap is not None:
            what = f"leg from {drive.gap[0]} to {drive.gap[1]}"
            self._report(ViolationCode.UNREACHABLE, what, "taken", "a way")
            return None
        return drive

    def judge_times(self, drive: RouteDrive, waits: Mapping[int, int]) -> tuple[Course, int]:
        """Judge times, limits and costs; return the course and its cost by the referee's sums."""
        course = drive.drive(waits)
        self._expect(ViolationCode.DEPARTURE, "departure", self._route.departure, course.departure)
        self._judge_moments(course)
        if self._route.visits:  # somebody who is out has to come home, whatever that breaks
            self._judge_windows(course)
            self._judge_limits(course)
        self._judge_sums(course)
        return course, self._judge_cost(course)

    def _report(self, code: ViolationCode, what: str, found: object, expected: object) -> None:
        where = f"vehicle {self._vehicle} {what}"
        self.found.append(Violation(code, where, str(found), str(expected)))

    def _expect(self, code: ViolationCode, what: str, found: int, expected: int) -> None:
        if found != expected:
            self._report(code, what, found, expected)

    def _judge_breaks(self) -> None:
        code = ViolationCode.STEPS
        breaks = [step.index for step in self._steps if step.kind is StepKind.BREAK]
        expected = list(self._problem.breaks_of(self._vehicle))
        if breaks != expected:
            self._report(code, "breaks", breaks, expected)
        previous: Step | None = None
        for position, step in enumerate(self._steps):
            if step.kind is StepKind.BREAK:
                follows_break = previous is not None and previous.kind is StepKind.BREAK
                lowest = previous.choice if previous is not None and follows_break else 0
                if not max(0, lowest) <= step.choice <= 1:
                    self._report(code, f"stop {position} choice", step.choice, f"{lowest} to 1")
            previous = step

    def _judge_moments(self, course: Course) -> None:
        for position, (stop, due) in enumerate(zip(self._route.stops, course.moments, strict=True)):
            for what, stated, computed in (
                ("leg_s", stop.leg_s, due.leg_s),
                ("leg_m", stop.leg_m, due.leg_m),
                ("reached", stop.reached, due.reached),
                ("arrival", stop.arrival, due.arrival),
                ("start", stop.start, due.start),
                ("end", stop.end, due.end),
                ("lateness_s", stop.lateness_s, due.lateness_s),
            ):
                self._expect(ViolationCode.TIMES, f"stop {position} {what}", stated, computed)

    def _judge_windows(self, course: Course) -> None:
        """Judge windows, breaks, pick-ups and the shift by the referee's own times."""
        late_at_start = self._problem.rules.late_at_start
        for moment in course.moments:
            if moment.overrun_s:
                code, name = _HARD[moment.step.kind]
                judged = moment.start if late_at_start else moment.arrival
                allowed = f"at most {judged - moment.overrun_s}"
                self._report(code, f"{name} {moment.step.index}", judged, allowed)
        latest = int(self._problem.vehicle_latest[self._vehicle])
        limit = latest + int(self._problem.vehicle_overtime_s[self._vehicle])
        if course.end > limit:
            self._report(ViolationCode.SHIFT, "end", course.end, f"at most {limit}")

    def _judge_limits(self, course: Course) -> None:
        limits = self._problem.limits
        if limits is None:
            return
        for what, found, limit in (
            ("visits", len(self._route.visits), limits.visits),
            ("distance_m", course.meters, limits.distance_m),
            ("driving_s", course.driving_s, limits.driving_s),
            ("duration_s", course.end - course.departure, limits.duration_s),
        ):
            most = int(limit[self._vehicle])
            if most != UNLIMITED and found > most:
                self._report(ViolationCode.LIMIT, what, found, f"at most {most}")

    def _judge_sums(self, course: Course) -> None:
        route = self._route
        overtime = max(0, course.end - int(self._problem.vehicle_latest[self._vehicle]))
        for what, stated, computed in (
            ("end", route.end, course.end),
            ("last_leg_s", route.last_leg_s, course.last_leg_s),
            ("last_leg_m", route.last_leg_m, course.last_leg_m),
            ("distance_m", route.distance_m, course.meters),
            ("work_s", route.work_s, course.work_s),
            ("overtime_s", route.overtime_s, overtime),
        ):
            self._expect(ViolationCode.TIMES, what, stated, computed)

    def _judge_cost(self, course: Course) -> int:
        components = price_course(self._problem, self._vehicle, course)
        for name, computed in components.items():
            self._expect(ViolationCode.COST, name, getattr(self._route.cost, name), computed)
        return sum(components.values())


def price_course(problem: RoutingProblem, vehicle: int, course: Course) -> dict[str, int]:
    """Return the components of a route's cost, named as in ``RouteCost``, in cost units."""
    overtime = max(0, course.end - int(problem.vehicle_latest[vehicle]))
    visits = [m.step.index for m in course.moments if m.step.kind is StepKind.VISIT]
    return {
        "fixed": int(problem.vehicle_fixed_cost[vehicle]),
        "work": course.work_s * int(problem.cost_per_second[vehicle]),
        "overtime": overtime * int(problem.cost_per_overtime_second[vehicle]),
        "travel": course.meters * int(problem.cost_per_meter[vehicle]),
        "lateness": _price_lateness(problem, course),
        "disturbed": price_disturbed(problem, vehicle, course),
        "assignment": sum(int(problem.assignment_cost[visit, vehicle]) for visit in visits),
    }


def _price_lateness(problem: RoutingProblem, course: Course) -> int:
    total = 0
    for moment in course.moments:
        if moment.step.kind is not StepKind.VISIT or moment.lateness_s == 0:
            continue
        late, visit = moment.lateness_s, moment.step.index
        beyond = max(0, late - int(problem.late_knee_s[visit]))
        total += (late - beyond) * int(problem.late_rate[visit])
        total += beyond * int(problem.late_rate_after[visit])
    return total
