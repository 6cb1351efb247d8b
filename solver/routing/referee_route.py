"""How the referee of arrays judges one route."""

from __future__ import annotations

from dataclasses import dataclass, field

from solver.routing.problem import FORBIDDEN, UNREACHABLE, RoutingProblem
from solver.routing.solution import Route, Step, StepKind
from solver.routing.violation import Violation, ViolationCode


@dataclass(slots=True)
class _Leg:
    """From one place to the next visit (or the end place), with the breaks around the travel."""

    visit: Step | None = None
    before: list[Step] = field(default_factory=list)
    after: list[Step] = field(default_factory=list)
    seconds: int = 0
    meters: int = 0


@dataclass(frozen=True, slots=True)
class _Moment:
    """Expected figures of one stop."""

    leg_s: int
    leg_m: int
    reached: int
    arrival: int
    end: int
    lateness_s: int


class RouteJudge:
    """Judges one route of a known vehicle.

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
        self._found: list[Violation] = []

    def judge(self) -> tuple[list[Violation], int | None]:
        """Return the violations, and the cost by the referee's own sums (None if unknowable)."""
        if not self._judge_steps():
            return self._found, None
        self._judge_admission()
        legs = self._make_legs()
        if legs is None:
            return self._found, None
        departure = self._find_departure(legs)
        self._expect(ViolationCode.DEPARTURE, "departure", self._route.departure, departure)
        moments, end = self._drive(legs, departure)
        self._judge_moments(moments)
        self._judge_windows(moments, end)
        return self._found, self._judge_sums(legs, moments, departure, end)

    def _report(self, code: ViolationCode, what: str, found: object, expected: object) -> None:
        where = f"vehicle {self._vehicle} {what}"
        self._found.append(Violation(code, where, str(found), str(expected)))

    def _expect(self, code: ViolationCode, what: str, found: int, expected: int) -> None:
        if found != expected:
            self._report(code, what, found, expected)

    def _judge_steps(self) -> bool:
        """Judge the order of steps; False if the route cannot be timed at all."""
        before = len(self._found)
        problem, code = self._problem, ViolationCode.STEPS
        visits = [step for step in self._steps if step.kind is StepKind.VISIT]
        for step in visits:
            if not 0 <= step.index < problem.n_visits:
                self._report(ViolationCode.VISIT, "visit", step.index, "a visit of the problem")
            elif step.choice not in problem.windows_of(step.index):
                allowed = problem.windows_of(step.index)
                self._report(code, f"visit {step.index} window", step.choice, allowed)
        breaks = [step.index for step in self._steps if step.kind is StepKind.BREAK]
        expected = list(problem.breaks_of(self._vehicle))
        if breaks != expected:
            self._report(code, "breaks", breaks, expected)
        previous = None
        for position, step in enumerate(self._steps):
            if step.kind is StepKind.BREAK:
                follows_break = previous is not None and previous.kind is StepKind.BREAK
                lowest = previous.choice if previous is not None and follows_break else 0
                if not max(0, lowest) <= step.choice <= 1:
                    self._report(code, f"stop {position} choice", step.choice, f"{lowest} to 1")
            previous = step
        return bool(visits) and len(self._found) == before

    def _judge_admission(self) -> None:
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

    def _make_legs(self) -> list[_Leg] | None:
        legs = [_Leg()]
        for step in self._steps:
            if step.kind is StepKind.VISIT:
                legs[-1].visit = step
                legs.append(_Leg())
            elif step.choice == 0:
                legs[-1].before.append(step)
            else:
                legs[-1].after.append(step)
        profile = int(self._problem.vehicle_profile[self._vehicle])
        durations = self._problem.durations_s[profile]
        distances = self._problem.distances_m[profile]
        here = int(self._problem.vehicle_start[self._vehicle])
        for leg in legs:
            if leg.visit is None:
                there = int(self._problem.vehicle_end[self._vehicle])
            else:
                there = int(self._problem.visit_location[leg.visit.index])
            leg.seconds, leg.meters = int(durations[here, there]), int(distances[here, there])
            if leg.seconds == UNREACHABLE:
                what = f"leg from {here} to {there}"
                self._report(ViolationCode.UNREACHABLE, what, "taken", "a way")
                return None
            here = there
        return legs

    def _drive(self, legs: list[_Leg], departure: int) -> tuple[list[_Moment], int]:
        """Return what every stop should state, and when the end place is reached."""
        problem = self._problem
        clock = int(problem.vehicle_earliest[self._vehicle])
        moments: list[_Moment] = []
        route_end = 0
        for number, leg in enumerate(legs):
            clock = self._pause(leg.before, clock, moments)
            if number == 0:
                clock = departure
            travel = (leg.seconds, leg.meters)
            clock += leg.seconds
            if leg.visit is None:
                route_end = clock
                self._pause(leg.after, clock, moments)
                break
            if leg.after:
                clock = self._pause(leg.after, clock, moments, travel)
                travel = (0, 0)
            _, visit, window = leg.visit
            reached = clock + int(problem.visit_access_s[visit])
            arrival = max(reached, int(problem.window_earliest[window]))
            late = max(0, arrival - int(problem.window_latest[window]))
            clock = arrival + int(problem.visit_service_s[visit])
            moments.append(_Moment(*travel, reached, arrival, clock, late))
        return moments, route_end

    def _pause(
        self,
        breaks: list[Step],
        clock: int,
        moments: list[_Moment],
        travel: tuple[int, int] = (0, 0),
    ) -> int:
        """Take ``breaks`` in a row at one place; the first one states the travel to it."""
        for step in breaks:
            begin = max(clock, int(self._problem.break_earliest[step.index]))
            done = begin + int(self._problem.break_duration_s[step.index])
            moments.append(_Moment(*travel, clock, begin, done, 0))
            clock, travel = done, (0, 0)
        return clock

    def _find_departure(self, legs: list[_Leg]) -> int:
        """Search the latest departure that keeps the first arrival, hence every arrival.

        Arrival and lateness of breaks never fall when the departure moves on, so bisection
        finds the last moment at which both are what they are at the earliest departure.
        """
        first = legs[0]
        clock = int(self._problem.vehicle_earliest[self._vehicle])
        earliest = self._pause(first.before, clock, [])

        def outcome(departure: int) -> tuple[int, int]:
            moments, _ = self._drive(legs[:1], departure)
            visit = len(first.before) + len(first.after)
            pauses = zip(first.after, moments[len(first.before) : visit], strict=True)
            late = sum(
                max(0, moment.arrival - int(self._problem.break_latest[step.index]))
                for step, moment in pauses
            )
            return moments[visit].arrival, late

        kept = outcome(earliest)
        low, high = earliest, kept[0]
        while low < high:
            middle = (low + high + 1) // 2
            if outcome(middle) == kept:
                low = middle
            else:
                high = middle - 1
        return low

    def _judge_moments(self, moments: list[_Moment]) -> None:
        code = ViolationCode.TIMES
        for position, (stop, due) in enumerate(zip(self._route.stops, moments, strict=True)):
            for what, stated, computed in (
                ("leg_s", stop.leg_s, due.leg_s),
                ("leg_m", stop.leg_m, due.leg_m),
                ("reached", stop.reached, due.reached),
                ("arrival", stop.arrival, due.arrival),
                ("start", stop.start, due.arrival),
                ("end", stop.end, due.end),
                ("lateness_s", stop.lateness_s, due.lateness_s),
            ):
                self._expect(code, f"stop {position} {what}", stated, computed)

    def _judge_windows(self, moments: list[_Moment], end: int) -> None:
        """Judge windows, breaks and the shift by the referee's own times."""
        for step, moment in zip(self._steps, moments, strict=True):
            if step.kind is StepKind.VISIT:
                limit = int(self._problem.window_limit[step.choice])
                code, what = ViolationCode.WINDOW, f"visit {step.index} arrival"
            else:
                limit = int(self._problem.break_latest[step.index])
                code, what = ViolationCode.BREAK, f"break {step.index} start"
            if moment.arrival > limit:
                self._report(code, what, moment.arrival, f"at most {limit}")
        latest = int(self._problem.vehicle_latest[self._vehicle])
        limit = latest + int(self._problem.vehicle_overtime_s[self._vehicle])
        if end > limit:
            self._report(ViolationCode.SHIFT, "end", end, f"at most {limit}")

    def _judge_sums(
        self, legs: list[_Leg], moments: list[_Moment], departure: int, end: int
    ) -> int:
        problem, vehicle, route = self._problem, self._vehicle, self._route
        # Breaks before the departure and after the end are unpaid anyway: not part of the span.
        on_the_way = [*legs[0].after, *(b for leg in legs[1:-1] for b in leg.before + leg.after)]
        on_the_way += legs[-1].before
        rested = sum(int(problem.break_duration_s[step.index]) for step in on_the_way)
        work = end - departure - rested
        overtime = max(0, end - int(problem.vehicle_latest[vehicle]))
        meters = sum(leg.meters for leg in legs)
        for what, stated, computed in (
            ("end", route.end, end),
            ("last_leg_s", route.last_leg_s, legs[-1].seconds),
            ("last_leg_m", route.last_leg_m, legs[-1].meters),
            ("distance_m", route.distance_m, meters),
            ("work_s", route.work_s, work),
            ("overtime_s", route.overtime_s, overtime),
        ):
            self._expect(ViolationCode.TIMES, what, stated, computed)
        return self._judge_cost(moments, work, overtime, meters)

    def _judge_cost(self, moments: list[_Moment], work: int, overtime: int, meters: int) -> int:
        problem, vehicle, route = self._problem, self._vehicle, self._route
        components = {
            "fixed": int(problem.vehicle_fixed_cost[vehicle]),
            "work": work * int(problem.cost_per_second[vehicle]),
            "overtime": overtime * int(problem.cost_per_overtime_second[vehicle]),
            "travel": meters * int(problem.cost_per_meter[vehicle]),
            "lateness": self._price_lateness(moments),
            "assignment": sum(int(problem.assignment_cost[v, vehicle]) for v in route.visits),
        }
        for name, computed in components.items():
            self._expect(ViolationCode.COST, name, getattr(route.cost, name), computed)
        return sum(components.values())

    def _price_lateness(self, moments: list[_Moment]) -> int:
        total = 0
        for step, moment in zip(self._steps, moments, strict=True):
            if step.kind is StepKind.BREAK or moment.lateness_s == 0:
                continue
            late, visit = moment.lateness_s, step.index
            beyond = max(0, late - int(self._problem.late_knee_s[visit]))
            total += (late - beyond) * int(self._problem.late_rate[visit])
            total += beyond * int(self._problem.late_rate_after[visit])
        return total
