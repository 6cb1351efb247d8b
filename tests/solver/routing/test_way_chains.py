"""Ways over a third vehicle and beyond: by hand, and against every plan there is."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations, permutations, product

import pytest

from solver.routing.problem import FORBIDDEN, RoutingProblem
from solver.routing.referee import referee
from solver.routing.solution import RoutingSolution, Step, StepKind
from solver.routing.timetable import Infeasible, TimetableData, timetable
from solver.routing.ways import Rung, WayFinder
from tests.feature_problems import large, random_feature_problem
from tests.line_plans import TRAVEL, hard, only, plan, step
from tests.problems import K, V, line, make_problem
from tests.ways import carry_out, moved_between, plan_without, price_of, row_of

pytestmark = pytest.mark.core


def three_in_a_row() -> RoutingProblem:
    """Everybody has to be at work at 100 s, and only one vehicle takes visit 2, the new one.

    Visit 0 may leave vehicle 0 for vehicle 1 alone, visit 1 vehicle 1 for vehicle 2 alone.
    """
    visits = [hard(1, 100, 100), hard(1, 100, 100), hard(1, 100, 100)]
    who = only({0: (0, 1), 1: (1, 2), 2: (0,)}, 3)
    return make_problem(visits, [K(0, 0)] * 3, TRAVEL, assignment=who)


def test_who_makes_room_takes_the_place_of_another_who_goes_on() -> None:
    problem = three_in_a_row()
    finder = WayFinder(problem, plan(problem, (0,), (1,), ()))
    assert finder.find_ways(2) == ()
    (way,) = finder.find_ways(2, chain=True)
    # Vehicle 2 goes out instead of staying: 100 s there, 600 s of work, 100 s back.
    assert (way.rung, way.vehicle, way.cost, way.arrival_s) == (Rung.EJECT, 0, 800, 100)
    assert way.changed == ((0, (step(2),)), (1, (step(0),)), (2, (step(1),)))
    assert way.displaced == (0, 1)


def test_two_who_make_room_part() -> None:
    visits = [hard(1, 100, 100), hard(2, 800, 800), hard(1, 100, 100, service=1300)]
    who = only({0: (0, 1), 1: (0, 2), 2: (0,)}, 3)
    problem = make_problem(visits, [K(0, 0)] * 3, TRAVEL, assignment=who)
    finder = WayFinder(problem, plan(problem, (0, 1), (), ()))
    assert finder.find_ways(2) == ()
    (way,) = finder.find_ways(2, chain=True)
    # Vehicle 0: 100 + 1300 + 100, before: 100 + 600 + 100 + 600 + 200, so 100 less. Vehicle 1:
    # 100 + 600 + 100; vehicle 2: 200 + 600 + 200.
    assert (way.rung, way.cost) == (Rung.EJECT, -100 + 800 + 1000)
    assert way.changed == ((0, (step(2),)), (1, (step(0),)), (2, (step(1),)))


def test_two_vehicles_change_visits() -> None:
    # All work at the same moment; vehicle 0 alone takes visit 2, and visit 1 in the afternoon.
    visits = [hard(1, 100, 100), hard(1, 100, 2000), hard(1, 100, 100)]
    short = K(0, 0, shift=(0, 800))
    problem = make_problem(visits, [K(0, 0), short], TRAVEL, assignment=only({2: (0,)}, 2))
    finder = WayFinder(problem, plan(problem, (0,), (1,)))
    (way, *_) = finder.find_ways(2, chain=True)
    # Vehicle 0: 100 + 600 + 600 + 100 instead of 800; vehicle 1 is as busy as before.
    assert (way.rung, way.cost, way.displaced) == (Rung.EJECT, 1400 - 800, (0, 1))
    assert way.changed == ((0, (step(2), step(1))), (1, (step(0),)))
    assert finder.find_ways(2) == ()


def test_a_visit_is_reached_by_the_moment_asked_for() -> None:
    visits = [hard(3, 0, 300), V(at=4)]
    problem = make_problem(visits, [K(0, 0, per_second=1), K(0, 0, fixed=5000)], TRAVEL)
    finder = WayFinder(problem, plan(problem, (0,), ()))
    cheap, *_ = finder.find_ways(1)
    # Behind visit 0: ready at 300 + 600, 700 s on the way.
    assert (cheap.vehicle, cheap.arrival_s) == (0, 1600)
    soon = finder.find_ways(1, by=1000)
    # Vehicle 1 goes there, or takes visit 0, so that vehicle 0 can.
    assert [(way.vehicle, way.rung, way.arrival_s) for way in soon] == [
        (1, Rung.INSERTION, 1000),
        (0, Rung.SWAP, 1000),
    ]
    assert finder.find_ways(1, by=999) == ()
    assert finder.find_ways(1)[0] == cheap  # the moment was for one question
    row = row_of(problem, 1)
    assert [way.arrival_s for way in finder.find_ways_for(row, by=1000)] == [1000, 1000]
    assert finder.find_ways_for(row)[0].arrival_s == 1600


SAMPLE, FULL = range(24), range(24, 500)
VISITS, VEHICLES = 5, 3


def crowded_problem(seed: int) -> RoutingProblem:
    """Draw a short day full of hard promises, in which few may take the last visit."""
    draw = random.Random(seed)  # noqa: S311 - a repeatable sample, no secret
    visits = []
    for _ in range(VISITS):
        opens = draw.randrange(0, 4000, 100)
        visits.append(
            V(
                at=draw.randrange(1, 6),
                windows=((opens, opens + draw.choice((300, 900, 2400)), 6000),),
                service=draw.choice((300, 600, 900)),
                penalty=10**7,
            )
        )
    visits = [replace(v, windows=((v.windows[0][0], v.windows[0][1], v.windows[0][1]),))
              for v in visits]  # fmt: skip
    who = {
        (visit, k): FORBIDDEN if draw.random() < 0.25 else draw.randrange(50)
        for visit in range(VISITS)
        for k in range(VEHICLES)
    }
    places = [line([0, *(draw.randrange(-300, 300) for _ in range(5))])]
    lunch = ((1500, 2500, 300),) if seed % 2 else ()
    vehicles = [K(0, 0, shift=(0, 5000), per_second=k + 1, breaks=lunch) for k in range(VEHICLES)]
    return make_problem(visits, vehicles, places, assignment=who)


class EveryPlan:
    """All plans with a visit more in which few are on another vehicle, and what they cost."""

    def __init__(self, problem: RoutingProblem, before: RoutingSolution) -> None:
        self.problem, self.before = problem, before
        self.data = TimetableData(problem)
        self.known: dict[tuple[int, frozenset[int]], int | None] = {}

    def cheapest(self, visit: int, displaced: int) -> int | None:
        """Return the least cost of the routes; None if there is no such plan."""
        costs = [cost for cost in self._costs(visit, displaced) if cost is not None]
        return min(costs, default=None)

    def _costs(self, visit: int, displaced: int) -> Iterator[int | None]:
        home = {v: route.vehicle for route in self.before.routes for v in route.visits}
        for count in range(displaced + 1):
            for gone in combinations(home, count):
                for there in product(range(VEHICLES), repeat=count + 1):
                    now = home | dict(zip((visit, *gone), there, strict=True))
                    if all(now[v] != home[v] for v in gone):
                        yield self._cost(now)

    def _cost(self, vehicle_of: Mapping[int, int]) -> int | None:
        costs = [
            self._route(k, frozenset(v for v, own in vehicle_of.items() if own == k))
            for k in range(VEHICLES)
        ]
        return None if None in costs else sum(cost for cost in costs if cost is not None)

    def _route(self, vehicle: int, visits: frozenset[int]) -> int | None:
        key = vehicle, visits
        if key not in self.known:
            orders = permutations(sorted(visits)) if visits else ()
            costs = [cost for order in orders for cost in self._priced(vehicle, order)]
            self.known[key] = min(costs, default=None if visits else 0)
        return self.known[key]

    def _priced(self, vehicle: int, order: tuple[int, ...]) -> Iterator[int]:
        """Yield the cost for every place of the break, if there is one."""
        if any(self.problem.assignment_cost[v, vehicle] == FORBIDDEN for v in order):
            return
        stops = [step(v) for v in order]
        breaks = list(self.problem.breaks_of(vehicle))
        for place in range(len(stops) + 1) if breaks else (0,):
            for choice in (0, 1) if breaks else (0,):
                pause = [Step(StepKind.BREAK, b, choice) for b in breaks]
                steps = (*stops[:place], *pause, *stops[place:])
                route = timetable(self.problem, vehicle, steps, data=self.data)
                if not isinstance(route, Infeasible):
                    yield route.cost.total


def check_crowded(seed: int) -> tuple[bool, bool]:
    """Compare the ways of a problem with all its plans: (there is a way, it was found)."""
    problem = crowded_problem(seed)
    new = VISITS - 1
    before = plan_without(problem, new, 300)
    if len(before.unassigned) > 1:
        return False, False
    found_ways = WayFinder(problem, before).find_ways(new, chain=True)
    ways = [way for way in found_ways if not way.dropped]
    for way in ways:
        after = carry_out(problem, before, new, way)
        assert referee(problem, after) == ()
        assert price_of(problem, before, after) == way.cost
        moved = moved_between(before, after)
        assert moved == set(way.displaced)
        assert len(moved) <= 2
    best = EveryPlan(problem, before).cheapest(new, displaced=2)
    if ways:
        assert best is not None
        assert ways[0].cost >= best - sum(route.cost.total for route in before.routes)
    return best is not None, bool(ways)


def test_chains_find_what_every_plan_with_two_displaced_offers() -> None:
    check_many(SAMPLE)


@pytest.mark.soak
def test_chains_find_what_every_plan_offers_on_many_days() -> None:
    check_many(FULL)


def check_many(seeds: range) -> None:
    """Nearly everywhere where there is a way one is found; orders of more than one route are not
    changed at a time."""
    results = [check_crowded(seed) for seed in seeds]
    there = sum(one for one, _ in results)
    assert there > len(seeds) / 3
    assert sum(found for _, found in results) >= 0.9 * there


def test_chains_into_plans_with_all_features_cost_what_they_say() -> None:
    over_three = 0
    for seed in range(40):
        problem = random_feature_problem(seed, large(seed))
        if (problem.window_latest < problem.window_earliest).any():
            continue  # pinned to a moment that has passed: it cannot be a rule
        problem = replace(problem, window_limit=problem.window_latest.copy())
        visit = seed % problem.n_visits
        before = plan_without(problem, visit, 120)
        for eject in (0, 2):
            finder = WayFinder(problem, before)
            for way in finder.find_ways(visit, eject=eject, chain=True):
                after = carry_out(problem, before, visit, way)
                assert referee(problem, after) == ()
                assert price_of(problem, before, after) == way.cost
                over_three += len(way.changed) > 2
    assert over_three
