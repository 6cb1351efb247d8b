"""The schedule of a route, from its steps, in plain Python (``docs/semantics.md``).

Steps are the decision; everything else follows: arrivals are as early as possible, the departure
is the latest that keeps every arrival. The engine decides in its own code; its plans get their
published times here, as do hand-made ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from solver.errors import InvalidParameter
from solver.routing.problem import FORBIDDEN, RoutingProblem
from solver.routing.schedule import HERE, THERE, schedule
from solver.routing.solution import BlockCode, Route, RoutingSolution, Step, StepKind
from solver.routing.timetable_data import Infeasible, Shift, TimetableData
from solver.status import SolveStatus, StoppedBy

__all__ = ["Infeasible", "TimetableData", "build_solution", "place_breaks", "timetable"]


def timetable(
    problem: RoutingProblem,
    vehicle: int,
    steps: Sequence[Step],
    *,
    data: TimetableData | None = None,
) -> Route | Infeasible:
    """Schedule ``steps`` on ``vehicle``.

    Parameters
    ----------
    problem
        The problem.
    vehicle
        Index of the vehicle.
    steps
        At least one visit, and every break of the vehicle once, in order.
    data
        The problem's plain numbers, to convert them only once for many routes.

    Returns
    -------
    Route or Infeasible
        The route with all times and costs, or the first rule it breaks.

    Raises
    ------
    InvalidParameter
        If the steps are no sequence of this vehicle at all: a visit twice, a window of another
        visit, a break missing or out of order.
    """
    data = data or TimetableData(problem)
    shift = data.get_shift(vehicle)
    _check_steps(data, vehicle, steps)
    return schedule(data, shift, steps)


def place_breaks(
    problem: RoutingProblem,
    vehicle: int,
    visits: Sequence[tuple[int, int]],
    *,
    data: TimetableData | None = None,
) -> tuple[Step, ...] | Infeasible:
    """Find the cheapest places for the breaks of ``vehicle`` on a given order of visits.

    Every placement that can be cheapest is tried. Left out are only those that take a break
    before its window opens although the vehicle reaches its next place before that too: taking
    it there instead makes no arrival later and no work longer. (Before the first visit this does
    not hold, as breaks at the start place are unpaid; those are all tried.)

    Parameters
    ----------
    problem, vehicle, data
        As for ``timetable``.
    visits
        (visit, chosen window) in order; at least one.

    Returns
    -------
    tuple or Infeasible
        The steps with all breaks; of equally cheap ones the earliest placement. Else why the
        visits do not fit without breaks, or ``BlockCode.BREAK`` if only the breaks do not.
    """
    data = data or TimetableData(problem)
    shift = data.get_shift(vehicle)
    bare = [Step(StepKind.VISIT, visit, window) for visit, window in visits]
    _check_visits(data, bare)
    alone = schedule(data, shift, bare)
    if isinstance(alone, Infeasible):
        return alone
    best: tuple[int, tuple[Step, ...]] | None = None
    for steps in _Placements(data, shift, bare).find():
        route = schedule(data, shift, steps)
        if isinstance(route, Route) and (best is None or route.cost.total < best[0]):
            best = route.cost.total, steps
    return Infeasible(BlockCode.BREAK, None, 0) if best is None else best[1]


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
        Steps by vehicle; a vehicle without visits is unused and gets no route.
    pools
        Visits given to each pool, shape (q,); empty for a problem without pools.
    engine, seed, iterations, runtime_s, stopped_by, trace
        Copied into the answer.

    Returns
    -------
    RoutingSolution
        ``FEASIBLE``, or ``HAS_UNASSIGNED`` if some visit is served by nobody.

    Raises
    ------
    InvalidParameter
        If a route does not fit, a visit is served twice, or a pool takes what it must not.
    """
    data = data or TimetableData(problem)
    timed: list[Route] = []
    for vehicle in sorted(routes):
        steps = routes[vehicle]
        if not any(step.kind is StepKind.VISIT for step in steps):
            continue
        route = timetable(problem, vehicle, steps, data=data)
        if isinstance(route, Infeasible):
            raise InvalidParameter(f"The route of vehicle {vehicle} does not fit: {route}.")
        timed.append(route)
    given = tuple(tuple(sorted(members)) for members in pools)
    pool_cost = _price_pools(problem, given)
    served = [v for route in timed for v in route.visits] + [v for m in given for v in m]
    if len(set(served)) < len(served):
        twice = sorted({v for v in served if served.count(v) > 1})
        raise InvalidParameter(f"Visits {twice} are served twice; expected once.")
    unassigned = tuple(sorted(set(range(problem.n_visits)) - set(served)))
    penalty = sum(data.penalty[v] for v in unassigned)
    return RoutingSolution(
        routes=tuple(timed),
        pools=given,
        unassigned=unassigned,
        cost=sum(route.cost.total for route in timed) + pool_cost + penalty,
        status=SolveStatus.HAS_UNASSIGNED if unassigned else SolveStatus.FEASIBLE,
        engine=engine,
        seed=seed,
        iterations=iterations,
        runtime_s=runtime_s,
        stopped_by=stopped_by,
        trace=tuple(trace),
    )


def _price_pools(problem: RoutingProblem, pools: tuple[tuple[int, ...], ...]) -> int:
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
    return total


def _check_visits(data: TimetableData, steps: Sequence[Step]) -> None:
    seen: set[int] = set()
    for _, visit, window in steps:
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


def _check_steps(data: TimetableData, vehicle: int, steps: Sequence[Step]) -> None:
    _check_visits(data, [step for step in steps if step.kind is StepKind.VISIT])
    breaks = [step.index for step in steps if step.kind is StepKind.BREAK]
    expected = list(data.breaks_of(vehicle))
    if breaks != expected:
        raise InvalidParameter(f"Breaks on the route are {breaks}; expected {expected}.")
    traveled = False
    for step in steps:
        if step.kind is StepKind.VISIT:
            traveled = False
        elif step.choice not in {HERE, THERE}:
            raise InvalidParameter(f"Choice of break {step.index} is {step.choice}; 0 or 1.")
        elif step.choice == HERE and traveled:
            raise InvalidParameter(f"Break {step.index} before traveling follows one after it.")
        else:
            traveled = step.choice == THERE


class _Placements:
    """Enumerates where the breaks of a vehicle may stand between given visits.

    A slot is (gap, choice): gap g lies before visit g, gap n after the last one. Slots are
    passed in order, so the moment at which the vehicle passes them never goes back.
    """

    def __init__(self, data: TimetableData, shift: Shift, visits: list[Step]) -> None:
        self._data = data
        self._shift = shift
        self._visits = visits
        self._breaks = list(data.breaks_of(shift.vehicle))
        places = [shift.start, *(data.location[s.index] for s in visits), shift.end]
        legs = [data.find_leg(shift.profile, a, b) for a, b in pairwise(places)]
        self._legs = [0 if leg is None else leg[0] for leg in legs]

    def find(self) -> Iterator[tuple[Step, ...]]:
        """Yield the steps of each placement in which all breaks begin in their windows."""
        for slots in self._extend((), (0, HERE), self._shift.earliest):
            steps: list[Step] = []
            for gap in range(len(self._visits) + 1):
                for index, slot in zip(self._breaks, slots, strict=True):
                    if slot[0] == gap:
                        steps.append(Step(StepKind.BREAK, index, slot[1]))
                steps.extend(self._visits[gap : gap + 1])
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
            waits_on = slot[0] > 0 and following is not None and later <= opens
            if not waits_on:
                end = max(moment, opens) + self._data.break_duration[index]
                yield from self._extend((*slots, slot), slot, end)
            slot, moment = following, later

    def _pass(self, slot: tuple[int, int], moment: int) -> tuple[tuple[int, int] | None, int]:
        """Return the slot after ``slot`` and when it is reached; None if there is none."""
        gap, choice = slot
        if choice == HERE:
            return (gap, THERE), moment + self._legs[gap]
        if gap == len(self._visits):
            return None, moment
        _, visit, window = self._visits[gap]
        reached = moment + self._data.access[visit]
        arrival = max(reached, self._data.window_earliest[window])
        if arrival > self._data.window_limit[window]:
            return None, moment
        return (gap + 1, HERE), arrival + self._data.service[visit]
