"""Plain numbers of a routing problem for pure-Python schedules, converted once."""

from __future__ import annotations

from dataclasses import dataclass

from solver.errors import InvalidParameter
from solver.routing.problem import UNREACHABLE, RoutingProblem
from solver.routing.solution import BlockCode, Step


@dataclass(frozen=True, slots=True)
class Infeasible:
    """Why steps do not form a route.

    Parameters
    ----------
    code
        The first rule that fails, in the order of ``BlockCode``; of windows and breaks the first
        one on the way.
    step
        The step at which it fails; None for the way to the end place, the load and the shift.
    excess_s
        Seconds beyond the last possible moment; 0 where the rule is not about time.
    """

    code: BlockCode
    step: Step | None
    excess_s: int


class TimetableData:
    """The arrays of a problem as Python integers.

    Indexing a numpy array costs more than the arithmetic of a schedule, so vectors become lists
    here. Matrices stay arrays (read with ``item``): a large one would not fit twice.

    Parameters
    ----------
    problem
        The problem; kept as ``problem``.
    """

    def __init__(self, problem: RoutingProblem) -> None:
        self.problem = problem
        self.location: list[int] = problem.visit_location.tolist()
        self.service: list[int] = problem.visit_service_s.tolist()
        self.access: list[int] = problem.visit_access_s.tolist()
        self.penalty: list[int] = problem.visit_penalty.tolist()
        self.demand: list[list[int]] = problem.visit_demand.tolist()
        self.knee: list[int] = problem.late_knee_s.tolist()
        self.rate: list[int] = problem.late_rate.tolist()
        self.rate_after: list[int] = problem.late_rate_after.tolist()
        self.window_offset: list[int] = problem.window_offset.tolist()
        self.window_earliest: list[int] = problem.window_earliest.tolist()
        self.window_latest: list[int] = problem.window_latest.tolist()
        self.window_limit: list[int] = problem.window_limit.tolist()
        self.break_offset: list[int] = problem.break_offset.tolist()
        self.break_earliest: list[int] = problem.break_earliest.tolist()
        self.break_latest: list[int] = problem.break_latest.tolist()
        self.break_duration: list[int] = problem.break_duration_s.tolist()
        self.capacity: list[list[int]] = problem.vehicle_capacity.tolist()
        self._vehicles: dict[int, Shift] = {}

    def get_shift(self, vehicle: int) -> Shift:
        """Return the numbers of one vehicle.

        Raises
        ------
        InvalidParameter
            If there is no such vehicle.
        """
        shift = self._vehicles.get(vehicle)
        if shift is None:
            if not 0 <= vehicle < self.problem.n_vehicles:
                last = self.problem.n_vehicles - 1
                raise InvalidParameter(f"vehicle is {vehicle}; expected 0 to {last}.")
            shift = self._vehicles[vehicle] = Shift.of(self.problem, vehicle)
        return shift

    def breaks_of(self, vehicle: int) -> range:
        """Return the break indices of ``vehicle``, in order of time."""
        return range(self.break_offset[vehicle], self.break_offset[vehicle + 1])

    def find_leg(self, profile: int, origin: int, target: int) -> tuple[int, int] | None:
        """Return (seconds, meters) from ``origin`` to ``target``, or None without a way."""
        seconds: int = self.problem.durations_s[profile].item(origin, target)
        if seconds == UNREACHABLE:
            return None
        return seconds, self.problem.distances_m[profile].item(origin, target)

    def get_leg(self, profile: int, origin: int, target: int) -> tuple[int, int]:
        """Return (seconds, meters) from ``origin`` to ``target``.

        Raises
        ------
        InvalidParameter
            If there is no way.
        """
        leg = self.find_leg(profile, origin, target)
        if leg is None:
            raise InvalidParameter(f"There is no way from location {origin} to {target}.")
        return leg

    def assignment_cost(self, visit: int, vehicle: int) -> int:
        """Return the extra cost of the pair, or ``FORBIDDEN``."""
        cost: int = self.problem.assignment_cost.item(visit, vehicle)
        return cost

    def lateness_cost(self, visit: int, lateness_s: int) -> int:
        """Return the price of arriving ``lateness_s`` seconds late: two slopes with a knee."""
        knee = self.knee[visit]
        before, after = min(lateness_s, knee), max(0, lateness_s - knee)
        return self.rate[visit] * before + self.rate_after[visit] * after


@dataclass(frozen=True, slots=True)
class Shift:
    """One vehicle as plain numbers, named as in the problem."""

    vehicle: int
    start: int
    end: int
    profile: int
    earliest: int
    latest: int
    overtime: int
    fixed_cost: int
    per_second: int
    per_overtime_second: int
    per_meter: int

    @classmethod
    def of(cls, problem: RoutingProblem, vehicle: int) -> Shift:
        """Read the numbers of ``vehicle``."""
        return cls(
            vehicle=vehicle,
            start=problem.vehicle_start.item(vehicle),
            end=problem.vehicle_end.item(vehicle),
            profile=problem.vehicle_profile.item(vehicle),
            earliest=problem.vehicle_earliest.item(vehicle),
            latest=problem.vehicle_latest.item(vehicle),
            overtime=problem.vehicle_overtime_s.item(vehicle),
            fixed_cost=problem.vehicle_fixed_cost.item(vehicle),
            per_second=problem.cost_per_second.item(vehicle),
            per_overtime_second=problem.cost_per_overtime_second.item(vehicle),
            per_meter=problem.cost_per_meter.item(vehicle),
        )
