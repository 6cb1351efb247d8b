"""A whole plan from its steps: what routes share is settled here (vans, stocks, links, shares)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from solver.errors import InvalidParameter
from solver.routing.idle import idle_route
from solver.routing.links import check_links, settle_links
from solver.routing.problem import FORBIDDEN, RoutingProblem
from solver.routing.schedule import NO_BOUNDS, find_limit, schedule
from solver.routing.shared_cost import price_shared
from solver.routing.solution import Route, RoutingSolution, Step, StepKind
from solver.routing.step_check import check_steps
from solver.routing.timetable_data import Infeasible, TimetableData
from solver.routing.usage import find_pool_shortage, find_shortage, use_parts
from solver.status import SolveStatus, StoppedBy


def build_empty(
    problem: RoutingProblem, *, engine: str, seed: int, stopped_by: StoppedBy
) -> RoutingSolution:
    """Return the plan in which nobody is served; parameters as for ``build_solution``."""
    return build_solution(
        problem,
        {},
        [() for _ in range(problem.n_pools)],
        engine=engine,
        seed=seed,
        iterations=0,
        runtime_s=0.0,
        stopped_by=stopped_by,
    )


def build_solution(
    problem: RoutingProblem,
    routes: Mapping[int, Sequence[Step]],
    pools: Sequence[Sequence[int]],
    *,
    engine: str,
    seed: int,
    iterations: int,
    runtime_s: float,
    stopped_by: StoppedBy,
    trace: Sequence[tuple[float, int, int]] = (),
    data: TimetableData | None = None,
) -> RoutingSolution:
    """Time all routes and price the whole.

    Parameters
    ----------
    problem, data
        As for ``timetable``.
    routes
        Steps by vehicle; a vehicle without visits is unused and gets no route, unless it is out
        already (``idle_route``).
    pools
        Visits given to each pool, shape (q,); empty for a problem without pools.
    engine, seed, iterations, runtime_s, stopped_by, trace
        Copied into the answer.

    Returns
    -------
    RoutingSolution
        ``HAS_UNASSIGNED`` if some visit is neither routed nor given to a pool, else ``FEASIBLE``.

    Raises
    ------
    InvalidParameter
        If a route does not fit, a visit is served twice, a pool takes what it must not, a stock
        gives out more than it has, or a link is broken.
    """
    data = data or TimetableData(problem)
    used = {
        vehicle: routes[vehicle]
        for vehicle in sorted(routes)
        if any(step.kind is StepKind.VISIT for step in routes[vehicle])
    }
    given = tuple(tuple(sorted(members)) for members in pools)
    unassigned = _find_unassigned(problem, used, given)
    timed = (*_time_routes(data, used), *_find_idle(data, used))
    timed = tuple(sorted(timed, key=lambda route: route.vehicle))
    pool_cost = _price_pools(data, given)
    shared = price_shared(data, timed)
    penalty = sum(data.penalty[v] for v in unassigned)
    return RoutingSolution(
        routes=timed,
        pools=given,
        unassigned=unassigned,
        cost=sum(route.cost.total for route in timed) + pool_cost + penalty + shared,
        status=SolveStatus.HAS_UNASSIGNED if unassigned else SolveStatus.FEASIBLE,
        engine=engine,
        seed=seed,
        iterations=iterations,
        runtime_s=runtime_s,
        stopped_by=stopped_by,
        trace=tuple(trace),
        shared_cost=shared,
    )


def _time_routes(data: TimetableData, plan: Mapping[int, Sequence[Step]]) -> tuple[Route, ...]:
    """Time every route alone, then all of them with the links between them."""
    for vehicle, steps in plan.items():
        data.get_shift(vehicle)
        check_steps(data, vehicle, steps)
    vans = _share_vans(data, plan)

    def time_route(vehicle: int, not_before: Mapping[int, int]) -> Route | Infeasible:
        shift = data.get_shift(vehicle)
        steps = plan[vehicle]
        van = vans.get(vehicle)
        return schedule(data, shift, steps, not_before=not_before, van=van, limited=False)

    timed: dict[int, Route] = {}
    for vehicle in plan:
        route = time_route(vehicle, NO_BOUNDS)
        if isinstance(route, Infeasible):
            raise InvalidParameter(f"The route of vehicle {vehicle} does not fit: {route}.")
        timed[vehicle] = route
    if data.links:
        check_links(data, timed)
        settled = settle_links(data, timed, time_route)
        if isinstance(settled, Infeasible):
            raise InvalidParameter(f"The links between the routes cannot be kept: {settled}.")
        timed = settled
    for vehicle, route in timed.items():
        beyond = find_limit(data.get_shift(vehicle), route)
        if beyond is not None:
            raise InvalidParameter(f"The route of vehicle {vehicle} does not fit: {beyond}.")
    return tuple(timed.values())


def _find_idle(data: TimetableData, used: Collection[int]) -> Iterator[Route]:
    """Yield the routes of vehicles that are out and have no visits."""
    for vehicle in range(data.problem.n_vehicles):
        shift = data.get_shift(vehicle)
        if shift.is_out and vehicle not in used:
            yield idle_route(data, shift)


def _share_vans(
    data: TimetableData, plan: Mapping[int, Sequence[Step]]
) -> dict[int, tuple[int, ...]]:
    """Return what is on the van of each vehicle when its route begins.

    Raises
    ------
    InvalidParameter
        If parts are missing, or stocks give out too much.
    """
    if data.parts is None:
        return {}
    on_van = {number: tuple(units) for number, units in enumerate(data.parts.van_stock)}
    vans: dict[int, tuple[int, ...]] = {}
    usages = []
    for vehicle, steps in plan.items():
        number = data.parts.vehicle_van[vehicle]
        vans[vehicle] = on_van[number]
        usage = use_parts(data, vehicle, steps, on_van[number])
        if isinstance(usage, Infeasible):
            raise InvalidParameter(f"The route of vehicle {vehicle} does not fit: {usage}.")
        on_van[number] = usage.left
        usages.append(usage)
    short = find_shortage(data, usages)
    if short is not None:
        stock, part, units = short
        raise InvalidParameter(f"Stock {stock} gives out {units} more of part {part} than it has.")
    return vans


def _find_unassigned(
    problem: RoutingProblem, plan: Mapping[int, Sequence[Step]], pools: Sequence[Sequence[int]]
) -> tuple[int, ...]:
    served = Counter(
        step.index for steps in plan.values() for step in steps if step.kind is StepKind.VISIT
    )
    served.update(v for members in pools for v in members)
    twice = sorted(v for v, times in served.items() if times > 1)
    if twice:
        raise InvalidParameter(f"Visits {twice} are served twice; expected once.")
    return tuple(v for v in range(problem.n_visits) if v not in served)


def _price_pools(data: TimetableData, pools: tuple[tuple[int, ...], ...]) -> int:
    problem = data.problem
    if len(pools) != problem.n_pools:
        raise InvalidParameter(f"{len(pools)} pools are given; expected {problem.n_pools}.")
    total = 0
    for q, members in enumerate(pools):
        limit = problem.pool_capacity.item(q)
        if len(members) > limit:
            raise InvalidParameter(f"Pool {q} gets {len(members)} visits; it can take {limit}.")
        for visit in members:
            price: int = problem.pool_cost.item(visit, q)
            if price == FORBIDDEN:
                raise InvalidParameter(f"Pool {q} must not take visit {visit}.")
            total += price
        short = find_pool_shortage(data, q, members)
        if short is not None:
            part, units = short
            raise InvalidParameter(f"Pool {q} lacks {units} units of part {part}.")
    return total
