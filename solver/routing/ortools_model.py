"""The same problem for OR-Tools routing: second opinion, test oracle, and fallback."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from solver.routing.ortools_build import OrtoolsModel
from solver.routing.ortools_support import check_supported
from solver.routing.problem import RoutingProblem
from solver.routing.progress import OnProgress, Progress
from solver.routing.solution import RoutingSolution, Step, StepKind
from solver.routing.start import Start, find_legal, read_start
from solver.routing.timetable import (
    Infeasible,
    TimetableData,
    build_solution,
    place_breaks,
    timetable,
)
from solver.status import StoppedBy
from solver.stop import Stop

FOREVER_S: Final = 7 * 86_400.0
"""What a search without a time limit gets, since OR-Tools warns about none: a week."""

REJECTIONS_PER_ITERATION: Final = 1000
"""Plans rejected in a row that count as one iteration.

Guided local search never ends by itself and may reject forever on a tiny problem, so a limit on
accepted plans alone would not end every search.
"""

Order = tuple[tuple[int, int], ...]
"""(visit, window) in the order of a route."""


def solve_with_ortools(
    problem: RoutingProblem,
    *,
    stop: Stop,
    seed: int,
    start: RoutingSolution | None = None,
    on_progress: OnProgress | None = None,
) -> RoutingSolution:
    """Solve ``problem`` with OR-Tools routing: cheapest insertion, then guided local search.

    The model differs from the problem in five small ways, all of them repaired afterwards: costs
    are divided by a common integer so that sums fit into int64; lateness has one slope; a break
    may interrupt travel; a vehicle with breaks may leave later than the latest departure; and its
    breaks are given back only as far as the price of its first leg goes. Therefore each plan
    OR-Tools accepts is timed and priced exactly here, with breaks where they are cheapest, and
    the cheapest plan by that price is the answer. A route that does not fit exactly loses the
    visit whose loss costs least, until it fits.

    Parameters
    ----------
    problem
        The problem.
    stop
        Iterations are plans accepted by the local search, and every 1000 rejected in a row.
        Under an iteration limit alone the same call gives the same plan.
    seed
        Seed of the solver's random numbers.
    start
        A plan to start from; the answer is never dearer.
    on_progress
        Called at each plan accepted; returning False ends the search.

    Returns
    -------
    RoutingSolution
        With ``engine = "ortools"``.

    Raises
    ------
    UnsupportedFeature
        If the problem has features the model does not know (``solver.routing.ortools_support``).
    """
    check_supported(problem)
    began = time.perf_counter()
    recorder = _Recorder(problem, stop, on_progress, began)
    recorder.offer({}, [()] * problem.n_pools)
    begin = None if start is None else read_start(problem, start)
    start = None if begin is None else find_legal(problem, begin)
    if start is not None:
        recorder.offer_solution(start)
    elif begin is not None:
        recorder.offer(*_orders_of(begin))
    stopped_by = StoppedBy.EXHAUSTED
    if stop.max_iterations == 0:
        stopped_by = StoppedBy.ITERATIONS
    elif problem.n_visits and problem.n_vehicles + problem.n_pools:
        stopped_by = _search(OrtoolsModel(problem, seed), recorder, start)
    return build_solution(
        problem,
        recorder.best_routes,
        recorder.best_pools,
        engine="ortools",
        seed=seed,
        iterations=recorder.iterations,
        runtime_s=time.perf_counter() - began,
        stopped_by=stopped_by,
        trace=recorder.trace,
        data=recorder.data,
    )


def _orders_of(start: Start) -> tuple[dict[int, Order], list[tuple[int, ...]]]:
    """Return (visit, window) by vehicle and the pools; what does not fit, the recorder drops."""
    orders = {
        vehicle: tuple((s.index, s.choice) for s in steps if s.kind is StepKind.VISIT)
        for vehicle, steps in start.routes.items()
    }
    return orders, list(start.pools)


def _search(model: OrtoolsModel, recorder: _Recorder, start: RoutingSolution | None) -> StoppedBy:
    routing = model.routing
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    # Insertion by full cost sees lateness; by arc cost the first plan was fifty times dearer.
    parameters.first_solution_strategy = (
        routing_enums_pb2.FirstSolutionStrategy.LOCAL_CHEAPEST_COST_INSERTION
    )
    parameters.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    stop = recorder.stop
    left = min(stop.max_runtime_s, FOREVER_S) - (time.perf_counter() - recorder.began)
    parameters.time_limit.FromMilliseconds(max(1, round(1000 * left)))
    monitor = _Monitor(model, recorder)
    routing.AddSearchMonitor(monitor)
    routing.CloseModelWithParameters(parameters)
    first = None if start is None else _read_start(model, start)
    if first is None:
        found = routing.SolveWithParameters(parameters)
    else:
        found = routing.SolveFromAssignmentWithParameters(first, parameters)
    if recorder.failure is not None:
        raise recorder.failure
    if found is not None:
        # A plan found without search, as for a single vehicle, is not announced.
        recorder.offer(*_read_plan(model, found.Value))
    return recorder.stopped_by()


def _read_start(model: OrtoolsModel, start: RoutingSolution) -> Any:  # noqa: ANN401 - OR-Tools' assignment
    """Return ``start`` for the model; None where the model does not admit it."""
    node_of = {choice: node for node, choice in enumerate(model.nodes)}
    problem = model.problem
    routes: list[list[int]] = [[] for _ in range(problem.n_vehicles + problem.n_pools)]
    for route in start.routes:
        routes[route.vehicle] = [
            model.index_of(node_of[step.index, step.choice])
            for step in (s.step for s in route.stops)
            if step.kind is StepKind.VISIT
        ]
    for q, members in enumerate(start.pools):
        # Sorted by opening: the pool's vehicle meets the windows in the order of time.
        first_windows = [
            (int(problem.window_earliest[problem.windows_of(v)[0]]), v) for v in members
        ]
        routes[problem.n_vehicles + q] = [
            model.index_of(node_of[v, problem.windows_of(v)[0]]) for _, v in sorted(first_windows)
        ]
    return model.routing.ReadAssignmentFromRoutes(routes, True)  # noqa: FBT003 - positional only


class _Monitor(pywrapcp.SearchMonitor):  # type: ignore[misc]  # OR-Tools is untyped
    """Hears from OR-Tools and hands on to the recorder.

    OR-Tools calls from C++, where an exception of ours must not pass; it is raised by
    ``_search`` afterwards.
    """

    def __init__(self, model: OrtoolsModel, recorder: _Recorder) -> None:
        super().__init__(model.routing.solver())
        self._model = model
        self._recorder = recorder
        self._rejected = 0

    def AtSolution(self) -> bool:  # noqa: N802 - OR-Tools' name
        """Take a plan; never asks to go on by itself."""
        self._rejected = 0
        self._count(accepted=True)
        return False

    def BeginFail(self) -> None:  # noqa: N802 - OR-Tools' name
        """Count a plan that was rejected."""
        self._rejected += 1
        if self._rejected % REJECTIONS_PER_ITERATION == 0:
            self._count(accepted=False)

    def _count(self, *, accepted: bool) -> None:
        recorder = self._recorder
        if recorder.has_ended():
            return
        try:
            recorder.iterations += 1
            if accepted:
                recorder.offer(*_read_plan(self._model, lambda variable: variable.Value()))
            recorder.decide_to_go_on()
        except BaseException as exc:  # noqa: BLE001 - raised again by _search, outside of C++
            recorder.failure = exc
        if recorder.has_ended():
            self._model.routing.CancelSearch()


class _Recorder:
    """Times every plan OR-Tools accepts and keeps the cheapest."""

    def __init__(
        self, problem: RoutingProblem, stop: Stop, on_progress: OnProgress | None, began: float
    ) -> None:
        self.stop = stop
        self.began = began
        self.data = TimetableData(problem)
        self.iterations = 0
        self.trace: list[tuple[float, int, int]] = []
        self.best_routes: dict[int, tuple[Step, ...]] = {}
        self.best_pools: list[tuple[int, ...]] = []
        self.failure: BaseException | None = None
        self._problem = problem
        self._on_progress = on_progress
        self._known: dict[tuple[int, Order], tuple[int, tuple[Step, ...]]] = {}
        self._best_cost: int | None = None
        self._best_at = 0
        self._best_unassigned = 0
        self._canceled_by: StoppedBy | None = None

    def stopped_by(self) -> StoppedBy:
        """Return which limit was reached first."""
        if self._canceled_by is not None:
            return self._canceled_by
        if time.perf_counter() - self.began >= self.stop.max_runtime_s:
            return StoppedBy.RUNTIME
        return StoppedBy.EXHAUSTED

    def has_ended(self) -> bool:
        """Say whether the search should be over."""
        return self.failure is not None or self._canceled_by is not None

    def decide_to_go_on(self) -> None:
        """End the search where a limit is reached or the caller says so."""
        most = self.stop.max_iterations
        if most is not None and self.iterations >= most:
            self._canceled_by = StoppedBy.ITERATIONS
        idle = self.stop.max_idle_iterations
        if idle is not None and self.iterations - self._best_at >= idle:
            self._canceled_by = StoppedBy.NO_IMPROVEMENT
        if self._on_progress is None or self._best_cost is None:
            return
        seconds = time.perf_counter() - self.began
        state = Progress(self.iterations, seconds, self._best_cost, self._best_unassigned)
        if self._on_progress(state) is False:
            self._canceled_by = StoppedBy.CALLER

    def offer(self, orders: Mapping[int, Order], pools: Sequence[tuple[int, ...]]) -> None:
        """Time a plan and keep it if it is the cheapest so far."""
        routes: dict[int, tuple[Step, ...]] = {}
        cost = 0
        for vehicle, order in orders.items():
            price, steps = self._fit(vehicle, order)
            cost += price
            if steps:
                routes[vehicle] = steps
        self._keep(routes, pools, cost)

    def offer_solution(self, start: RoutingSolution) -> None:
        """Keep ``start`` as it is if it is cheaper."""
        routes = {route.vehicle: tuple(s.step for s in route.stops) for route in start.routes}
        cost = sum(self._price(vehicle, steps) for vehicle, steps in routes.items())
        self._keep(routes, start.pools, cost)

    def _price(self, vehicle: int, steps: tuple[Step, ...]) -> int:
        """Return the cost of a route that is known to fit."""
        route = timetable(self._problem, vehicle, steps, data=self.data)
        if isinstance(route, Infeasible):
            raise TypeError(f"The route of vehicle {vehicle} does not fit: {route}.")
        return route.cost.total

    def _keep(
        self,
        routes: dict[int, tuple[Step, ...]],
        pools: Sequence[tuple[int, ...]],
        cost: int,
    ) -> None:
        """Add pools and penalties to the cost of the routes; keep the plan if it is cheapest."""
        served = {s.index for steps in routes.values() for s in steps if s.kind is StepKind.VISIT}
        for q, members in enumerate(pools):
            cost += sum(int(self._problem.pool_cost[v, q]) for v in members)
            served.update(members)
        cost += sum(p for v, p in enumerate(self.data.penalty) if v not in served)
        if self._best_cost is not None and cost >= self._best_cost:
            return
        self._best_cost, self._best_at = cost, self.iterations
        self._best_unassigned = self._problem.n_visits - len(served)
        self.best_routes, self.best_pools = routes, list(pools)
        self.trace.append((time.perf_counter() - self.began, self.iterations, cost))

    def _fit(self, vehicle: int, order: Order) -> tuple[int, tuple[Step, ...]]:
        """Return cost and steps of a route, dropping visits until it fits; remembered."""
        if not order:
            return 0, ()
        key = (vehicle, order)
        if key not in self._known:
            self._known[key] = self._fit_anew(vehicle, order)
        return self._known[key]

    def _fit_anew(self, vehicle: int, order: Order) -> tuple[int, tuple[Step, ...]]:
        steps = place_breaks(self._problem, vehicle, order, data=self.data)
        if not isinstance(steps, Infeasible):
            return self._price(vehicle, steps), steps
        shorter = [order[:i] + order[i + 1 :] for i in range(len(order))]
        fitting = [
            (lost, rest)
            for lost, rest in zip(order, shorter, strict=True)
            if not rest or not isinstance(self._try(vehicle, rest), Infeasible)
        ]
        candidates = fitting or list(zip(order, shorter, strict=True))
        _, rest = min(candidates, key=lambda c: (self.data.penalty[c[0][0]], c[0]))
        return self._fit(vehicle, rest)

    def _try(self, vehicle: int, order: Order) -> tuple[Step, ...] | Infeasible:
        return place_breaks(self._problem, vehicle, order, data=self.data)


def _read_plan(
    model: OrtoolsModel, value_of: Callable[[Any], int]
) -> tuple[dict[int, Order], list[tuple[int, ...]]]:
    """Return the orders of all vehicles and the visits of all pools."""
    routing, problem = model.routing, model.problem
    orders: dict[int, Order] = {}
    pools: list[tuple[int, ...]] = []
    for number in range(problem.n_vehicles + problem.n_pools):
        order: list[tuple[int, int]] = []
        index = value_of(routing.NextVar(routing.Start(number)))
        while not routing.IsEnd(index):
            order.append(model.nodes[model.manager.IndexToNode(index)])
            index = value_of(routing.NextVar(index))
        if number < problem.n_vehicles:
            orders[number] = tuple(order)
        else:
            pools.append(tuple(sorted(visit for visit, _ in order)))
    return orders, pools
