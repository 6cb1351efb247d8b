"""Plain numbers of a routing problem for pure-Python schedules, converted once."""

from __future__ import annotations

from dataclasses import dataclass

from solver.errors import InvalidParameter
from solver.routing.agreed import AgreedData
from solver.routing.features import UNLIMITED
from solver.routing.problem import UNREACHABLE, RoutingProblem
from solver.routing.solution import BlockCode, Step
from solver.routing.travel_clock import arrive, leave


@dataclass(frozen=True, slots=True)
class Infeasible:
    """Why steps do not form a route.

    Parameters
    ----------
    code
        The first rule that fails, in the order of ``BlockCode``; of windows, breaks and the hours
        of pick-up points (``PART``) the first one on the way.
    step
        The step at which it fails; None for the way to the end place, the load, the shift and
        the limits.
    excess_s
        Seconds beyond the last possible moment, or beyond a limit in its own unit; 0 where the
        rule is about neither.
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
        self.parts = None if problem.parts is None else PartsData(problem)
        self.agreed = None if problem.agreed is None else AgreedData(problem.agreed)
        self.links = () if problem.links is None else tuple(_read_links(problem))
        self.linked = frozenset(v for link in self.links for v in (link.first, link.second))
        self._service: list[list[int]] = (
            [[seconds] for seconds in problem.visit_service_s.tolist()]
            if problem.service_times is None
            else problem.service_times.service_s.tolist()
        )
        self._traffic = None if problem.rush_hours is None else _Traffic(problem)
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

    def service(self, visit: int, shift: Shift) -> int:
        """Return the seconds of work at ``visit`` when that vehicle comes."""
        return self._service[visit][shift.group]

    def find_leg(self, profile: int, origin: int, target: int) -> tuple[int, int] | None:
        """Return (seconds at free flow, meters) of a leg, or None without a way."""
        seconds: int = self.problem.durations_s[profile].item(origin, target)
        if seconds == UNREACHABLE:
            return None
        return seconds, self.problem.distances_m[profile].item(origin, target)

    def drive(self, profile: int, origin: int, target: int, departure: int) -> tuple[int, int]:
        """Return (seconds, meters) of a leg that begins at ``departure``.

        Raises
        ------
        InvalidParameter
            If there is no way.
        """
        leg = self.find_leg(profile, origin, target)
        if leg is None:
            raise InvalidParameter(f"There is no way from location {origin} to {target}.")
        if self._traffic is None or not self._traffic.concerns(profile):
            return leg
        return self._traffic.arrive(profile, origin, target, departure) - departure, leg[1]

    def leave(self, profile: int, origin: int, target: int, arrival: int, earliest: int) -> int:
        """Return the latest departure that arrives by ``arrival``; ``earliest`` is one that does.

        Raises
        ------
        InvalidParameter
            If there is no way.
        """
        if self._traffic is None or not self._traffic.concerns(profile):
            return arrival - self.drive(profile, origin, target, earliest)[0]
        clock = self._traffic
        return leave(arrival, earliest, lambda t: clock.arrive(profile, origin, target, t))

    def assignment_cost(self, visit: int, vehicle: int) -> int:
        """Return the extra cost of the pair, or ``FORBIDDEN``."""
        cost: int = self.problem.assignment_cost.item(visit, vehicle)
        return cost

    def lateness_cost(self, visit: int, lateness_s: int) -> int:
        """Return the price of arriving ``lateness_s`` seconds late: two slopes with a knee."""
        knee = self.knee[visit]
        before, after = min(lateness_s, knee), max(0, lateness_s - knee)
        return self.rate[visit] * before + self.rate_after[visit] * after


class _Traffic:
    """Travel by hour: the matrices of each regime and the clock that strings them together."""

    def __init__(self, problem: RoutingProblem) -> None:
        rush = problem.rush_hours
        if rush is None:
            raise TypeError("A problem without travel by hour has no traffic.")
        self._starts: list[int] = rush.bucket_start.tolist()
        self._matrices = [
            [regimes[r] for r in rush.bucket_regime.tolist()] if regimes else []
            for regimes in rush.durations_s
        ]

    def concerns(self, profile: int) -> bool:
        """Say whether traffic slows this profile down."""
        return bool(self._matrices[profile])

    def arrive(self, profile: int, origin: int, target: int, departure: int) -> int:
        """Return the moment a leg ends."""
        matrices = self._matrices[profile]
        return arrive(
            departure, self._starts, lambda bucket: int(matrices[bucket].item(origin, target))
        )


class PartsData:
    """The arrays of ``Parts`` as Python integers, under the same names."""

    def __init__(self, problem: RoutingProblem) -> None:
        parts = problem.parts
        if parts is None:
            raise TypeError("A problem without parts has no numbers of them.")
        offset = parts.need_offset.tolist()
        needs = list(zip(parts.need_part.tolist(), parts.need_quantity.tolist(), strict=True))
        self.needs: list[list[tuple[int, int]]] = [
            needs[offset[v] : offset[v + 1]] for v in range(problem.n_visits)
        ]
        self.is_used_up: list[int] = parts.is_used_up.tolist()
        self.vehicle_van: list[int] = parts.vehicle_van.tolist()
        self.van_stock: list[list[int]] = parts.van_stock.tolist()
        self.point_location: list[int] = parts.point_location.tolist()
        self.point_earliest: list[int] = parts.point_earliest.tolist()
        self.point_latest: list[int] = parts.point_latest.tolist()
        self.point_service: list[int] = parts.point_service_s.tolist()
        self.point_stock: list[int] = parts.point_stock.tolist()
        self.stock: list[list[int]] = parts.stock.tolist()
        self.pool_stock: list[list[int]] = parts.pool_stock.tolist()

    def van_of(self, vehicle: int) -> list[int]:
        """Return what is on the van of ``vehicle`` at first, by kind; a copy."""
        return list(self.van_stock[self.vehicle_van[vehicle]])


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of ``Links``, named as there; ``most_s`` is None where nothing binds."""

    first: int
    second: int
    least_s: int
    most_s: int | None
    from_end: bool
    person: int
    demands: int

    def __str__(self) -> str:
        most = "any" if self.most_s is None else f"{self.most_s} s"
        since = "end" if self.from_end else "start"
        return f"visit {self.second} {self.least_s} s to {most} after the {since} of {self.first}"


def _read_links(problem: RoutingProblem) -> list[Link]:
    links = problem.links
    if links is None:
        return []
    columns = (links.first, links.second, links.least_s, links.most_s, links.from_end)
    rows = zip(*(c.tolist() for c in (*columns, links.person, links.demands)), strict=True)
    return [
        Link(first, second, least, None if most == UNLIMITED else most, bool(end), person, demand)
        for first, second, least, most, end, person, demand in rows
    ]


@dataclass(frozen=True, slots=True)
class Shift:
    """One vehicle as plain numbers, named as in the problem; limits are None if unlimited."""

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
    group: int
    max_visits: int | None
    max_distance_m: int | None
    max_driving_s: int | None
    max_duration_s: int | None
    is_out: bool

    @classmethod
    def of(cls, problem: RoutingProblem, vehicle: int) -> Shift:
        """Read the numbers of ``vehicle``."""
        times, limits, agreed = problem.service_times, problem.limits, problem.agreed
        visits, meters, driving, duration = (
            (None, None, None, None)
            if limits is None
            else (
                _or_none(column.item(vehicle))
                for column in (
                    limits.visits, limits.distance_m, limits.driving_s, limits.duration_s,
                )
            )
        )  # fmt: skip
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
            group=0 if times is None else times.vehicle_group.item(vehicle),
            max_visits=visits,
            max_distance_m=meters,
            max_driving_s=driving,
            max_duration_s=duration,
            is_out=agreed is not None and bool(agreed.vehicle_out.item(vehicle)),
        )


def _or_none(limit: int) -> int | None:
    return None if limit == UNLIMITED else limit
