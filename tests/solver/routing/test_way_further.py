"""Ways over pools and chains of any length: by hand, and against every plan there is."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import permutations, product

import numpy as np
import pytest

from solver.errors import InvalidParameter
from solver.routing.problem import FORBIDDEN, RoutingProblem
from solver.routing.referee import referee
from solver.routing.solution import RoutingSolution
from solver.routing.timetable import Infeasible, TimetableData, timetable
from solver.routing.ways import Rung, Way, WayFinder
from tests.line_plans import TRAVEL, hard, only, plan, step
from tests.problems import K, P, V, line, make_problem
from tests.ways import carry_out, moved_between, plan_of, plan_without, price_of

pytestmark = pytest.mark.core


def test_who_makes_room_goes_to_a_pool_where_no_vehicle_takes_it() -> None:
    # Both at 100 s, and one vehicle.
    visits = [hard(1, 100, 100), hard(1, 100, 100)]
    problem = make_problem(visits, [K(0, 0)], TRAVEL, pools=[P(1, {0: 9000})])
    before = plan(problem, (0,))
    finder = WayFinder(problem, before)
    assert all(way.dropped for way in finder.find_ways(1))
    way, *_ = finder.find_ways(1, chain=True)
    # The route is as long as before, and the pool is paid.
    assert (way.rung, way.cost, way.displaced, way.pooled) == (Rung.SWAP, 9000, (0,), ((0, 0),))
    assert way.changed == ((0, (step(1),)),)
    after = carry_out(problem, before, 1, way)
    assert referee(problem, after) == ()
    assert price_of(problem, before, after) == 9000


def test_a_full_pool_takes_nobody() -> None:
    visits = [hard(1, 100, 100), hard(1, 100, 100), hard(1, 100, 100)]
    problem = make_problem(visits, [K(0, 0)], TRAVEL, pools=[P(1, {0: 9000, 2: 9000})])
    before = plan_of(problem, {0: [step(0)]}, [[2]])
    assert all(way.dropped for way in WayFinder(problem, before).find_ways(1, chain=True))


def test_a_vehicle_passes_a_visit_on_to_a_pool_for_another_one() -> None:
    # Visit 0 makes room for 2 and takes the place of 1, which alone the pool serves.
    visits = [hard(1, 100, 100), hard(1, 100, 100), hard(1, 100, 100)]
    who = only({0: (0, 1), 1: (1,), 2: (0,)}, 2)
    problem = make_problem(visits, [K(0, 0)] * 2, TRAVEL, assignment=who, pools=[P(1, {1: 50})])
    (way, *_) = WayFinder(problem, plan(problem, (0,), (1,))).find_ways(2, chain=True)
    assert way.changed == ((0, (step(2),)), (1, (step(0),)))
    assert (way.cost, way.displaced, way.pooled) == (50, (0, 1), ((1, 0),))


def test_a_chain_is_as_long_as_it_has_to_be() -> None:
    # All work at 100 s; visit v may leave vehicle v for v + 1 alone, and the last one is free.
    visits = [hard(1, 100, 100) for _ in range(6)]
    who = only({**{v: (v, v + 1) for v in range(5)}, 5: (0,)}, 6)
    problem = make_problem(visits, [K(0, 0)] * 6, TRAVEL, assignment=who)
    before = plan(problem, (0,), (1,), (2,), (3,), (4,), ())
    (way,) = WayFinder(problem, before).find_ways(5, chain=True)
    # One more goes out instead of staying: 100 s there, 600 s of work, 100 s back.
    assert (way.rung, way.cost, way.displaced) == (Rung.EJECT, 800, (0, 1, 2, 3, 4))
    after = carry_out(problem, before, 5, way)
    assert referee(problem, after) == ()


def test_of_two_who_leave_one_goes_back_at_another_turn() -> None:
    # Vehicle 1 has 1 at 100 s and 2 at any time, first at 701 s; visit 0 needs until 1600 s there.
    visits = [
        hard(1, 100, 100, service=1500),
        hard(1, 100, 100),
        hard(1, 100, 4000),
        hard(1, 100, 100),
    ]
    who = only({0: (0, 1), 1: (1, 2), 2: (1,), 3: (0,)}, 3)
    vehicles = [K(0, 0, shift=(0, 3000))] * 3
    problem = make_problem(visits, vehicles, TRAVEL, assignment=who)
    before = plan(problem, (0,), (1, 2), ())
    (way,) = WayFinder(problem, before).find_ways(3, chain=True)
    assert way.changed == ((0, (step(3),)), (1, (step(0), step(2))), (2, (step(1),)))
    assert referee(problem, carry_out(problem, before, 3, way)) == ()


def test_who_leaves_with_another_goes_back_only_where_the_load_fits() -> None:
    # As above; visits 0 and 2 fill vehicle 1 each, and nobody else takes 2.
    visits = [
        hard(1, 100, 100, service=1500, demand=(1,)),
        hard(1, 100, 100),
        hard(1, 100, 4000, demand=(1,)),
        hard(1, 100, 100),
    ]
    who = only({0: (0, 1), 1: (1, 2), 2: (1,), 3: (0,)}, 3)
    vehicles = [K(0, 0, shift=(0, 3000), capacity=(1,))] * 3
    problem = make_problem(visits, vehicles, TRAVEL, assignment=who)
    before = plan(problem, (0,), (1, 2), ())
    ways = WayFinder(problem, before).find_ways(3, chain=True)
    assert all(way.dropped for way in ways)


def with_promises(soft: RoutingProblem, visits: range) -> RoutingProblem:
    """Return the problem in which these visits must not be late."""
    limit, own = soft.window_limit.copy(), list(visits)
    limit[own] = soft.window_latest[own]
    return replace(soft, window_limit=limit)


def test_where_none_keeps_all_promises_one_is_given_up() -> None:
    # Both at 100 s at the same place, late at 2 a second; the one who is there works for 600 s.
    windows = ((100, 100, 5000),)
    visits = [
        V(at=1, windows=windows, late=(1800, 2, 2)),
        V(at=1, windows=windows, late=(1800, 2, 2)),
    ]
    soft = make_problem(visits, [K(0, 0)], TRAVEL)
    strict, before = with_promises(soft, range(1)), plan(soft, (0,))
    ways = WayFinder(strict, before).find_ways(1, chain=True, by=100)
    assert all(way.dropped for way in ways)
    finder = WayFinder(strict, before, lenient=soft.window_limit)
    (way,) = finder.find_ways(1, chain=True, by=100)
    # 600 s longer, and visit 0 at 700 s is 600 s late.
    assert (way.late, way.arrival_s, way.cost) == (0, 100, 600 + 1200)
    assert way.changed == ((0, (step(1), step(0))),)
    assert price_of(soft, before, carry_out(soft, before, 1, way)) == way.cost
    assert finder.find_ways(1, chain=True, by=100) == (way,)  # the rule holds again


def test_limits_are_one_for_each_window() -> None:
    problem = make_problem([hard(1, 100, 100)], [K(0, 0)], TRAVEL)
    with pytest.raises(InvalidParameter, match="lenient"):
        WayFinder(problem, plan(problem), lenient=problem.window_limit[:0])


def test_who_gives_up_a_promise_is_the_only_one_who_is_late() -> None:
    given_up = 0
    for seed in range(60):
        hard_days = crowded_problem(seed)
        new = VISITS - 1
        soft = replace(
            hard_days,
            window_limit=hard_days.window_limit + np.int32(1500),
            late_rate=np.full(VISITS, 3, dtype=np.int64),
        )
        before = plan_without(hard_days, new, 300)
        if len(before.unassigned) > 1:
            continue
        finder = WayFinder(with_promises(soft, range(new)), before, lenient=soft.window_limit)
        for way in finder.find_ways(new, chain=True, by=int(soft.window_latest[new])):
            if way.dropped:
                continue
            after = carry_out(soft, before, new, way)
            assert referee(soft, after) == ()
            assert price_of(soft, before, after) == way.cost
            late = [s.step.index for r in after.routes for s in r.stops if s.lateness_s > 0]
            assert late == ([] if way.late is None else [way.late])
            given_up += way.late is not None
    assert given_up


SAMPLE, FULL = range(30), range(30, 600)
VISITS, VEHICLES = 6, 3


def crowded_problem(seed: int) -> RoutingProblem:
    """Draw a short day full of hard promises and a pool that serves some of the visits."""
    draw = random.Random(seed)  # noqa: S311 - a repeatable sample, no secret
    visits = []
    for _ in range(VISITS):
        opens = draw.randrange(0, 2400, 100)
        closes = opens + draw.choice((200, 600, 1500))
        service = draw.choice((300, 600, 900))
        visits.append(hard(draw.randrange(1, 6), opens, closes, service=service, penalty=10**7))
    who = {
        (visit, k): FORBIDDEN if draw.random() < 0.45 else draw.randrange(50)
        for visit in range(VISITS)
        for k in range(VEHICLES)
    }
    places = [line([0, *(draw.randrange(-300, 300) for _ in range(5))])]
    vehicles = [K(0, 0, shift=(0, 4500), per_second=k + 1) for k in range(VEHICLES)]
    served = {v: draw.randrange(500, 4000) for v in range(VISITS - 1) if draw.random() < 0.25}
    return make_problem(visits, vehicles, places, assignment=who, pools=[P(1, served)])


class EveryPlan:
    """All plans of a small problem, and how many routes each changes."""

    def __init__(self, problem: RoutingProblem, before: RoutingSolution) -> None:
        self.problem, self.before = problem, before
        self.data = TimetableData(problem)
        self.routes = {route.vehicle: route.visits for route in before.routes}
        self.known: dict[tuple[int, frozenset[int]], bool] = {}

    def fewest(self) -> int | None:
        """Return how many routes change at least if all are served; None if that cannot be."""
        return min(self._changes(), default=None)

    def _changes(self) -> Iterator[int]:
        pool = VEHICLES
        waiting = set(self.before.pools[0])
        for there in product(range(VEHICLES + 1), repeat=VISITS):
            members = {v for v in range(VISITS) if there[v] == pool}
            if not waiting <= members or len(members) > self.problem.pool_capacity[0]:
                continue
            if any(self.problem.pool_cost[v, 0] == FORBIDDEN for v in members):
                continue
            own = [frozenset(v for v in range(VISITS) if there[v] == k) for k in range(VEHICLES)]
            if all(self._fits(k, visits) for k, visits in enumerate(own)):
                yield sum(own[k] != set(self.routes.get(k, ())) for k in range(VEHICLES))

    def _fits(self, vehicle: int, visits: frozenset[int]) -> bool:
        key = vehicle, visits
        if key not in self.known:
            self.known[key] = not visits or any(
                self._is_feasible(vehicle, order) for order in permutations(sorted(visits))
            )
        return self.known[key]

    def _is_feasible(self, vehicle: int, order: tuple[int, ...]) -> bool:
        if any(self.problem.assignment_cost[v, vehicle] == FORBIDDEN for v in order):
            return False
        steps = tuple(map(step, order))
        route = timetable(self.problem, vehicle, steps, data=self.data)
        return not isinstance(route, Infeasible)


@dataclass(frozen=True)
class Outcome:
    """Routes the best plan changes at least, and those of the first way; None = there is none."""

    least: int | None
    found: int | None


def check_crowded(seed: int) -> Outcome:
    """Compare the ways of a problem with all its plans."""
    problem = crowded_problem(seed)
    new = VISITS - 1
    before = plan_without(problem, new, 300)
    if len(before.unassigned) > 1:
        return Outcome(None, None)
    ways = [w for w in _ways(problem, before, new) if not w.dropped]
    for way in ways:
        after = carry_out(problem, before, new, way)
        assert referee(problem, after) == ()
        assert price_of(problem, before, after) == way.cost
        assert set(way.displaced) == moved_between(before, after)
    least = EveryPlan(problem, before).fewest()
    assert least is not None or not ways
    return Outcome(least, len(ways[0].changed) if ways else None)


def _ways(problem: RoutingProblem, before: RoutingSolution, visit: int) -> tuple[Way, ...]:
    return WayFinder(problem, before).find_ways(visit, chain=True)


def test_where_any_plan_keeps_all_promises_so_does_a_way() -> None:
    check_many(SAMPLE)


@pytest.mark.soak
def test_where_any_plan_keeps_all_promises_so_does_a_way_on_many_days() -> None:
    check_many(FULL)


def check_many(seeds: range) -> None:
    """A way is found nearly wherever there is one, of two routes where two are enough."""
    outcomes = [check_crowded(seed) for seed in seeds]
    there = [one for one in outcomes if one.least is not None]
    assert len(there) > len(seeds) / 4
    assert sum(one.found is not None for one in there) >= 0.95 * len(there)
    two = [one for one in there if one.least is not None and one.least <= 2]
    assert sum(one.found is not None and one.found <= 2 for one in two) >= 0.95 * len(two)
