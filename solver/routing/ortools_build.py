"""A routing problem as an OR-Tools routing model.

Nodes are the windows of all visits (those of one visit form one disjunction) and the places
where vehicles start and end; vehicles are those of the problem and one for each pool.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from ortools.constraint_solver import pywrapcp

from solver.routing.cost_bound import bound_total_cost
from solver.routing.features import UNLIMITED
from solver.routing.problem import FORBIDDEN, RoutingProblem

MAX_MODEL_COST: Final = 2**55
"""Largest total cost handed to OR-Tools, which adds and multiplies within int64."""

MAX_LIMIT: Final = 2**50
"""Stands for no limit on meters and seconds; sums of legs stay below it."""

_YES: Final = True
_NO: Final = False
"""OR-Tools takes flags by position only."""

Matrix = NDArray[np.int64]


class OrtoolsModel:
    """The model, and how to read it back.

    Parameters
    ----------
    problem
        The problem, with at least one visit and one vehicle or pool.
    seed
        Seed of the solver's own random numbers.

    Attributes
    ----------
    routing, manager
        OR-Tools' model and its node numbering.
    nodes
        (visit, window) of each visit node.
    scale
        Cost units of the problem in one unit of the model.
    """

    def __init__(self, problem: RoutingProblem, seed: int) -> None:
        self.problem = problem
        self.nodes = [(v, w) for v in range(problem.n_visits) for w in problem.windows_of(v)]
        self._visit = np.array([v for v, _ in self.nodes], dtype=np.int64)
        self._window = np.array([w for _, w in self.nodes], dtype=np.int64)
        self.scale = max(1, -(-bound_total_cost(problem) // MAX_MODEL_COST))
        self._group: list[int] = (
            [0] * problem.n_vehicles
            if problem.service_times is None
            else problem.service_times.vehicle_group.tolist()
        )
        self._number_nodes()
        self.routing: Any = pywrapcp.RoutingModel(self.manager)
        self.routing.solver().ReSeed(seed)
        self._set_clock()
        self._add_prices()
        self._add_time()
        self._add_lateness()
        self._add_breaks()
        self._add_loads()
        self._add_limits()
        self._add_choices()

    def _number_nodes(self) -> None:
        """Give places the numbers after the visits; pools start and end at one of their own."""
        problem, first = self.problem, len(self.nodes)
        depots = sorted({*problem.vehicle_start.tolist(), *problem.vehicle_end.tolist()})
        node_of = {place: first + i for i, place in enumerate(depots)}
        if problem.n_pools:
            depots.append(0)
        self.size = first + len(depots)
        nowhere = [self.size - 1] * problem.n_pools
        starts = [node_of[place] for place in problem.vehicle_start.tolist()] + nowhere
        ends = [node_of[place] for place in problem.vehicle_end.tolist()] + nowhere
        self.manager: Any = pywrapcp.RoutingIndexManager(
            self.size, problem.n_vehicles + problem.n_pools, starts, ends
        )
        self._place = np.concatenate((problem.visit_location[self._visit], depots)).astype(int)
        self._is_visit = np.arange(self.size) < first

    def index_of(self, node: int) -> int:
        """Return OR-Tools' index of a visit node."""
        index: int = self.manager.NodeToIndex(node)
        return index

    def _spread(self, values: NDArray[Any]) -> Matrix:
        """Return per-visit ``values`` by node, 0 at places."""
        out = np.zeros(self.size, dtype=np.int64)
        out[self._is_visit] = values[self._visit]
        return out

    def _service(self, group: int) -> Matrix:
        """Return the seconds of work at each node when a vehicle of that group comes."""
        times = self.problem.service_times
        return self._spread(
            self.problem.visit_service_s if times is None else times.service_s[:, group]
        )

    def _register(self, matrix: Matrix) -> int:
        number: int = self.routing.RegisterTransitMatrix(matrix.tolist())
        return number

    def _set_clock(self) -> None:
        """Let the model's clock begin with the first shift, as it knows no negative moments."""
        problem = self.problem
        back = problem.vehicle_latest.astype(np.int64) + problem.vehicle_overtime_s
        self.zero = int(min([0, *problem.vehicle_earliest.tolist()]))
        self.horizon = max(int(problem.window_limit.max()), *back.tolist(), 0) - self.zero

    def _travel(self, profile: int) -> tuple[Matrix, Matrix]:
        """Return seconds and meters between nodes; beyond the horizon without a way."""
        at = np.ix_(self._place, self._place)
        seconds = self.problem.durations_s[profile][at].astype(np.int64)
        meters = self.problem.distances_m[profile][at].astype(np.int64)
        seconds[seconds < 0] = self.horizon + 1
        return seconds, np.maximum(meters, 0)

    def _add_prices(self) -> None:
        """Price arcs: travel, the work of travel, access and service, and assignment.

        Waiting is priced as slack in ``_add_time``. Breaks on the way are slack too but unpaid;
        the first leg gives their price back, as far as it goes.
        """
        problem = self.problem
        access = self._spread(problem.visit_access_s)
        known: dict[Any, int] = {}
        for k in range(problem.n_vehicles):
            profile, rate = int(problem.vehicle_profile[k]), int(problem.cost_per_second[k])
            rest = sum(int(problem.break_duration_s[b]) for b in problem.breaks_of(k))
            extra = self._spread(np.maximum(problem.assignment_cost[:, k], 0))
            start = self.manager.IndexToNode(self.routing.Start(k))
            leave = int(problem.vehicle_fixed_cost[k]) - rate * rest
            per_meter = int(problem.cost_per_meter[k])
            group = self._group[k]
            key = (profile, group, rate, start, leave, per_meter, extra.tobytes())
            if key not in known:
                seconds, meters = self._travel(profile)
                at_node = self._service(group) + access
                cost = rate * (np.minimum(seconds, self.horizon) + at_node) + per_meter * meters
                cost += extra
                cost[start] = np.maximum(cost[start] + leave, 0)
                known[key] = self._register(cost // self.scale)
            self.routing.SetArcCostEvaluatorOfVehicle(known[key], k)
        for q in range(problem.n_pools):
            price = self._spread(np.maximum(problem.pool_cost[:, q], 0)) // self.scale
            cost = np.broadcast_to(price, (self.size, self.size))
            self.routing.SetArcCostEvaluatorOfVehicle(self._register(cost), problem.n_vehicles + q)

    def _rate(self, rate: int) -> int:
        """Scale a price per second; what costs something keeps costing something."""
        return max(1, round(rate / self.scale)) if rate > 0 else 0

    def _add_time(self) -> None:
        problem = self.problem
        access = self._spread(problem.visit_access_s)
        clocks: dict[tuple[int, int], int] = {}
        of_vehicle = []
        for profile, group in zip(problem.vehicle_profile.tolist(), self._group, strict=True):
            if (profile, group) not in clocks:
                seconds, _ = self._travel(profile)
                clock = seconds + self._service(group)[:, None] + access[None, :]
                # From place to place only an unused vehicle goes, and it stays where it is: the
                # model would otherwise have no plan at all where a shift is shorter than that way.
                clock[np.ix_(~self._is_visit, ~self._is_visit)] = 0
                clocks[profile, group] = self._register(clock)
            of_vehicle.append(clocks[profile, group])
        still = self._register(np.zeros((self.size, self.size), dtype=np.int64))
        self.routing.AddDimensionWithVehicleTransits(
            of_vehicle + [still] * problem.n_pools, self.horizon, self.horizon, _NO, "time"
        )
        self.time: Any = self.routing.GetDimensionOrDie("time")
        self.usable = [self._set_shift(k) for k in range(problem.n_vehicles)]

    def _set_shift(self, k: int) -> bool:
        """Bound the shift of a vehicle; False if it can never be used."""
        problem, routing = self.problem, self.routing
        opens = int(problem.vehicle_earliest[k]) - self.zero
        closes = int(problem.vehicle_latest[k]) - self.zero
        breaks = problem.breaks_of(k)
        if closes + int(problem.vehicle_overtime_s[k]) < opens or any(
            int(problem.break_latest[b]) - self.zero < opens for b in breaks
        ):
            return False
        start, end = routing.Start(k), routing.End(k)
        self.time.CumulVar(start).SetMin(opens)
        self.time.CumulVar(end).SetMax(closes + int(problem.vehicle_overtime_s[k]))
        overtime = int(problem.cost_per_overtime_second[k])
        if overtime:
            self.time.SetCumulVarSoftUpperBound(end, max(closes, 0), self._rate(overtime))
        self.time.SetSlackCostCoefficientForVehicle(self._rate(int(problem.cost_per_second[k])), k)
        if not breaks and not problem.rules.leaves_for_end:
            self._tie_departure(k, opens)
        return True

    def _tie_departure(self, k: int, opens: int) -> None:
        """Let the departure follow from the first visit: arrivals are as early as possible."""
        seconds, _ = self._travel(int(self.problem.vehicle_profile[k]))
        start = self.routing.Start(k)
        leg = seconds[self.manager.IndexToNode(start)] + self._spread(self.problem.visit_access_s)
        departures = [opens] * (self.routing.Size() + self.routing.vehicles())
        for node, (_, window) in enumerate(self.nodes):
            earliest = int(self.problem.window_earliest[window]) - self.zero
            departures[self.index_of(node)] = max(opens, earliest - int(leg[node]))
        solver = self.routing.solver()
        leaves = solver.Element(departures, self.routing.NextVar(start))
        solver.Add(self.time.CumulVar(start) == leaves)

    def _add_lateness(self) -> None:
        """Bound arrivals and price lateness by one slope, the mean up to twice the knee.

        A second clock would make both slopes exact, but OR-Tools then rejects most of what its
        filters let pass, and far better plans are found with one.
        """
        problem, routing = self.problem, self.routing
        for node, (visit, window) in enumerate(self.nodes):
            index = self.index_of(node)
            earliest = max(0, int(problem.window_earliest[window]) - self.zero)
            limit = int(problem.window_limit[window]) - self.zero
            if limit < earliest:
                routing.VehicleVar(index).SetValues([-1])
                continue
            self.time.CumulVar(index).SetRange(earliest, limit)
            # Who is late even when first at the door pays that part in any case.
            due = max(earliest, int(problem.window_latest[window]) - self.zero)
            rate, after = int(problem.late_rate[visit]), int(problem.late_rate_after[visit])
            slope = (rate + after) // 2 if int(problem.late_knee_s[visit]) else after
            if slope and due < limit:
                self.time.SetCumulVarSoftUpperBound(index, due, self._rate(slope))

    def _add_breaks(self) -> None:
        """Let breaks fall anywhere outside of service, also into travel, as OR-Tools has it.

        ``place_breaks`` moves them before or after the travel in the end.
        """
        problem = self.problem
        for k in range(problem.n_vehicles):
            breaks = [b for b in problem.breaks_of(k) if int(problem.break_duration_s[b]) > 0]
            if not breaks or not self.usable[k]:
                continue
            opens = int(problem.vehicle_earliest[k])
            intervals = [
                self.routing.solver().FixedDurationIntervalVar(
                    max(int(problem.break_earliest[b]), opens) - self.zero,
                    int(problem.break_latest[b]) - self.zero,
                    int(problem.break_duration_s[b]),
                    _NO,
                    f"break {b}",
                )
                for b in breaks
            ]
            lasting = self._service(self._group[k])
            service = [0] * self.routing.Size()
            for node in range(len(self.nodes)):
                service[self.index_of(node)] = int(lasting[node])
            self.time.SetBreakIntervalsOfVehicle(intervals, k, service)

    def _add_loads(self) -> None:
        problem, routing = self.problem, self.routing
        for d in range(problem.visit_demand.shape[1]):
            demand = self._spread(problem.visit_demand[:, d])
            everything = int(problem.visit_demand[:, d].astype(np.int64).sum())
            limits = problem.vehicle_capacity[:, d].tolist() + [everything] * problem.n_pools
            if everything > min(limits):
                number = routing.RegisterUnaryTransitVector(demand.tolist())
                routing.AddDimensionWithVehicleCapacity(number, 0, limits, _YES, f"load {d}")
        if problem.n_pools or problem.limits is not None:
            ones = routing.RegisterUnaryTransitVector(self._is_visit.astype(int).tolist())
            limits = self._limits("visits", len(self.nodes)) + problem.pool_capacity.tolist()
            routing.AddDimensionWithVehicleCapacity(ones, 0, limits, _YES, "places")

    def _limits(self, name: str, most: int) -> list[int]:
        """Return a limit of every vehicle, ``most`` where there is none."""
        problem = self.problem
        if problem.limits is None:
            return [most] * problem.n_vehicles
        return [most if x == UNLIMITED else x for x in getattr(problem.limits, name).tolist()]

    def _add_limits(self) -> None:
        """Bound meters, driving and duration; unused vehicles do not drive home."""
        problem = self.problem
        if problem.limits is None:
            return
        still = self._register(np.zeros((self.size, self.size), dtype=np.int64))
        for name, which in (("distance_m", 1), ("driving_s", 0)):
            limits = self._limits(name, MAX_LIMIT)
            if min(limits, default=MAX_LIMIT) == MAX_LIMIT:
                continue
            matrices = []
            for profile in range(len(problem.durations_s)):
                matrix = self._travel(profile)[which]
                matrix[np.ix_(~self._is_visit, ~self._is_visit)] = 0
                matrices.append(self._register(matrix))
            of_vehicle = [matrices[p] for p in problem.vehicle_profile.tolist()]
            self.routing.AddDimensionWithVehicleTransitAndCapacity(
                of_vehicle + [still] * problem.n_pools,
                0,
                limits + [MAX_LIMIT] * problem.n_pools,
                _YES,
                name,
            )
        for k, most in enumerate(self._limits("duration_s", self.horizon)):
            self.time.SetSpanUpperBoundForVehicle(min(most, self.horizon), k)

    def _add_choices(self) -> None:
        """State who may serve each window, and what leaving a visit costs."""
        problem, routing = self.problem, self.routing
        for visit in range(problem.n_visits):
            vehicles = [
                k
                for k in range(problem.n_vehicles)
                if self.usable[k] and int(problem.assignment_cost[visit, k]) != FORBIDDEN
            ]
            pools = [
                problem.n_vehicles + q
                for q in range(problem.n_pools)
                if int(problem.pool_cost[visit, q]) != FORBIDDEN
            ]
            indices = [self.index_of(n) for n, (v, _) in enumerate(self.nodes) if v == visit]
            for index in indices:
                closed = routing.VehicleVar(index).Max() < 0
                routing.VehicleVar(index).SetValues([-1] if closed else [-1, *vehicles, *pools])
            penalty = -(-int(problem.visit_penalty[visit]) // self.scale)
            routing.AddDisjunction(indices, penalty, 1)
