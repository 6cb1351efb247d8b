"""The referee on links, shares, service times, lateness: plans by hand, then one rule broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from solver.routing.features import ScheduleRules
from solver.routing.problem import RoutingProblem
from solver.routing.referee import ViolationCode, referee
from tests.feature_builders import add, make_links, make_shares, make_times
from tests.hand_plans import Case, change, codes, on_stop, plan, route, stop, visit
from tests.problems import K, P, V, line, make_problem

CREW = {"first": 0, "second": 1, "most": 300, "person": 2, "demands": 2}


def crew_day(**link: int) -> Case:
    """A crew of visits 0 and 1 at one door; vehicle 1 comes from visit 2 much later."""
    problem = make_problem([V(1), V(1), V(2)], [K(), K()], [line([0, 1000, 3000])])
    problem = add(
        problem,
        links=make_links([{**CREW, **link}], [0, 1]),
        fair_shares=make_shares([0, 1], [7000, 7000], [3000, 5500], per_second=3, per_meter=2),
        service_times=make_times([0, 1], [[600, 600], [900, 600], [900, 600]]),
    )
    # Vehicle 1: 3000-3600 at visit 2, 5600-6200 at visit 1, home at 7200, 6000 m. Vehicle 0 is
    # there at 1000, waits until 5300 (300 s before 5600), done 5900, home at 6900, 2000 m.
    # Person 1 works 200 s (3 each) and drives 500 m (2 each) too much: 1600.
    stops = [
        [stop(visit(0), 1000, 1000, 1000, 5300, 5900)],
        [
            stop(visit(2), 3000, 3000, 3000, 3000, 3600),
            stop(visit(1), 2000, 5600, 5600, 5600, 6200),
        ],
    ]
    routes = [
        route(0, stops[0], 0, 6900, 1000, 2000),
        route(1, stops[1], 0, 7200, 1000, 6000),
    ]
    return problem, plan(*routes, shared=1600)


def test_crew_waits_at_the_door() -> None:
    assert referee(*crew_day()) == ()


@pytest.mark.parametrize("start", [5299, 5301])
def test_start_that_is_not_the_least_is_named(start: int) -> None:
    assert codes(on_stop(crew_day(), 0, start=start)) == {ViolationCode.TIMES}


def test_other_gap_moves_the_start() -> None:
    found = referee(*crew_day(most=400))
    assert "times vehicle 0 stop 0 start: found 5300; expected 5200" in [str(v) for v in found]


def test_gap_counts_from_the_end_where_it_says_so() -> None:
    # Visit 0 ends at 5900 if it starts at 5300: 300 s before visit 1 starts is no earlier
    # than 5600 - 300 - 600 = 4700 for its start.
    found = [str(v) for v in referee(*crew_day(from_end=1))]
    assert "times vehicle 0 stop 0 start: found 5300; expected 4700" in found
    # At least 100 s after the end: visit 1 starts at 5600 anyway, 1000 + 600 + 100 is before it.
    found = [str(v) for v in referee(*crew_day(from_end=1, least=100))]
    assert "times vehicle 0 stop 0 start: found 5300; expected 4700" in found


@pytest.mark.parametrize(
    ("persons", "person", "expected"),
    [
        ([0, 1], 0, set()),
        ([0, 1], 2, set()),
        ([0, 0], 1, set()),
        ([0, 1], 1, {ViolationCode.LINK}),
        ([0, 0], 2, {ViolationCode.LINK}),
    ],
)
def test_rule_of_persons_is_enforced(
    persons: list[int], person: int, expected: set[ViolationCode]
) -> None:
    problem, solution = crew_day()
    links = make_links([{**CREW, "person": person}], persons)
    assert codes((add(problem, links=links), solution)) == expected


@pytest.mark.parametrize(
    ("served", "demands", "expected"),
    [
        (0, 0, set()),
        (1, 0, set()),
        (0, 1, set()),
        (1, 1, {ViolationCode.LINK}),
        (0, 2, {ViolationCode.LINK}),
        (1, 2, {ViolationCode.LINK}),
    ],
)
def test_one_without_the_other_is_named(
    served: int, demands: int, expected: set[ViolationCode]
) -> None:
    problem = make_problem([V(0, penalty=0), V(0, penalty=0)], [K()], [line([0])])
    links = make_links([{"first": 0, "second": 1, "demands": demands}], [0])
    alone = route(0, [stop(visit(served), 0, 0, 0, 0, 600)], 0, 600, 0, 0)
    solution = plan(alone, unassigned=(1 - served,))
    assert codes((add(problem, links=links), solution)) == expected


def test_linked_visit_in_a_pool_is_named() -> None:
    problem = make_problem([V(0, penalty=0), V(0)], [K()], [line([0])], pools=[P(1)])
    solution = plan(pools=((1,),), unassigned=(0,))
    assert ViolationCode.LINK not in codes((problem, solution))
    links = make_links([{"first": 0, "second": 1}], [0])
    assert ViolationCode.LINK in codes((add(problem, links=links), solution))


def test_links_that_push_each_other_forever_are_named() -> None:
    problem = make_problem([V(0), V(0)], [K()], [line([0])])
    # Visit 1 is done first, yet has to start after visit 0.
    links = make_links([{"first": 0, "second": 1}], [0])
    stops = [stop(visit(1), 0, 0, 0, 0, 600), stop(visit(0), 0, 600, 600, 600, 1200)]
    solution = plan(route(0, stops, 0, 1200, 0, 0))
    assert codes((problem, solution)) == set()
    assert codes((add(problem, links=links), solution)) == {ViolationCode.LINK}


def test_shared_cost_is_recomputed() -> None:
    problem, solution = crew_day()
    cheaper = replace(solution, shared_cost=1599, cost=solution.cost - 1)
    assert codes((problem, cheaper)) == {ViolationCode.COST}
    # Persons who do nothing pay for earlier days: 10 s and 10 m beyond a share of -10 each.
    idle = make_problem([V(0, penalty=0)], [K()], [line([0])])
    idle = add(idle, fair_shares=make_shares([0], [-10], [-10], per_second=3, per_meter=2))
    assert referee(idle, plan(unassigned=(0,), shared=50)) == ()


def test_service_time_of_another_group_is_named() -> None:
    case = change(crew_day(), "service_times", "vehicle_group", 0, 1)
    assert codes(change(case, "service_times", "service_s", (0, 1), 601)) >= {ViolationCode.TIMES}


def late_day(*, at_start: bool) -> Case:
    """The crew's visit 0 may be started until 5000; waiting until 5300 makes it late."""
    windows = [(0, 5000, 5400)]
    problem = make_problem([V(1, windows=windows), V(1), V(2)], [K(), K()], [line([0, 1000, 3000])])
    rules = ScheduleRules(late_at_start=at_start, worst_late_rate=7)
    problem = add(problem, links=make_links([CREW], [0, 1]), rules=rules)
    _, solution = crew_day()
    first, second = solution.routes
    late = 300 if at_start else 0
    stops = (replace(first.stops[0], lateness_s=late),)
    # 10 per second of lateness, and 7 for the worst one of the plan.
    cost = replace(first.cost, lateness=10 * late)
    return problem, plan(replace(first, stops=stops, cost=cost), second, shared=7 * late)


@pytest.mark.parametrize("at_start", [False, True])
def test_lateness_is_that_of_the_arrival_or_of_the_start(at_start: bool) -> None:
    assert referee(*late_day(at_start=at_start)) == ()


def test_limit_of_the_window_binds_the_start_under_the_rule() -> None:
    problem, solution = late_day(at_start=True)
    limit = problem.window_limit.copy()
    limit[0] = 5299
    assert codes((replace(problem, window_limit=limit), solution)) == {ViolationCode.WINDOW}
    problem, solution = late_day(at_start=False)
    assert codes((replace(problem, window_limit=limit), solution)) == set()


LEAN: dict[str, Callable[[RoutingProblem], RoutingProblem]] = {
    "latest": lambda p: p,
    "limit": lambda p: replace(p, window_limit=p.window_latest),
}


@pytest.mark.parametrize("name", LEAN)
def test_route_may_leave_for_its_end(name: str) -> None:
    problem = make_problem(
        [V(1, windows=[(0, 5000, 8000)]), V(2, windows=[(9000, 9000, 9000)])],
        [K()],
        [line([0, 1000, 3000])],
    )
    problem = LEAN[name](add(problem, rules=ScheduleRules(leaves_for_end=True)))
    # 9000 at visit 1 would allow 6400 at visit 0, but it is late after 5000: leaves at 4000.
    # 5000-5600, on at 7600, waits for 9000-9600, home at 12 600.
    stops = [
        stop(visit(0), 1000, 5000, 5000, 5000, 5600),
        stop(visit(1), 2000, 7600, 9000, 9000, 9600),
    ]
    solution = plan(route(0, stops, 4000, 12_600, 3000, 6000))
    assert referee(problem, solution) == ()
    assert ViolationCode.DEPARTURE in codes((replace(problem, rules=ScheduleRules()), solution))
