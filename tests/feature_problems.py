"""Random routing problems with traffic, parts, links, limits, shares and other rules of time.

Small ones for trying everything, larger ones for rules that must never be broken.
"""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from solver.routing.features import (
    UNLIMITED,
    FairShares,
    Parts,
    RouteLimits,
    RushHours,
    ScheduleRules,
)
from solver.routing.problem import FORBIDDEN, UNREACHABLE, RoutingProblem
from tests.feature_builders import (
    add,
    i32,
    make_agreed,
    make_limits,
    make_links,
    make_parts,
    make_shares,
    make_times,
)
from tests.problems import K, P, V, make_problem

FEATURES = ("rush", "parts", "links", "limits", "shares", "times", "rules", "agreed")
"""Names of what a random problem may have."""

FAR_S = 10**6
"""Longer than any way."""

DAY_S = 18_000
"""Five hours; vehicles are out for most of it."""


@dataclass(frozen=True)
class Size:
    """How large a problem is, and how tight."""

    visits: int
    vehicles: int
    town_m: int = 2400
    service: tuple[int, int] = (60, 1500)


def small(seed: int) -> Size:
    """Return 3 to 5 visits and 1 or 2 vehicles, or 2 to 4 visits and 3 vehicles."""
    draw = random.Random(seed + 77)  # noqa: S311 - a repeatable sample, no secret
    vehicles = draw.choice((1, 2, 2, 2, 3))
    return Size(draw.randrange(2, 5) if vehicles == 3 else draw.randrange(3, 6), vehicles)


def large(seed: int) -> Size:
    """Return 30 to 60 visits and 6 to 10 vehicles."""
    draw = random.Random(seed + 78)  # noqa: S311 - a repeatable sample, no secret
    return Size(draw.randrange(30, 61), draw.randrange(6, 11), 1500, (60, 1200))


def random_feature_problem(  # noqa: C901 - one branch per feature
    seed: int, size: Size | None = None, features: Collection[str] | None = None
) -> RoutingProblem:
    """Draw a problem; without ``features`` each of them is in about half of all problems.

    Two things are never drawn: a rule that leaves for the end of the route together with links;
    and a limit of driving time together with links and traffic, where waiting for a linked visit
    could make a route legal that is not so alone.
    """
    draw = random.Random(seed)  # noqa: S311 - a repeatable sample, no secret
    size = size or small(seed)
    if features is None:
        features = _draw_features(draw, seed)
    base = _random_base(draw, size, crew="links" in features)
    problem = base
    if "rush" in features:
        problem = add(problem, rush_hours=_random_rush(draw, problem))
    persons = [draw.randrange(max(1, size.vehicles - 1)) for _ in range(size.vehicles)]
    persons = sorted(persons) if draw.random() < 0.4 else list(range(size.vehicles))
    if "parts" in features:
        problem = add(problem, parts=_random_parts(draw, problem, persons))
    if "links" in features:
        links = make_links(_random_links(draw, size), persons)
        prices = problem.pool_cost.copy()
        prices[[*links.first.tolist(), *links.second.tolist()]] = FORBIDDEN
        problem = add(problem, links=links, pool_cost=prices)
    if "limits" in features:
        limits = _random_limits(draw, size)
        if {"rush", "links"} <= set(features):  # see the docstring
            limits = replace(limits, driving_s=i32([UNLIMITED] * size.vehicles))
        problem = add(problem, limits=limits)
    if "shares" in features:
        problem = add(problem, fair_shares=_random_shares(draw, persons))
    if "times" in features:
        groups = [draw.randrange(2) for _ in range(size.vehicles)]
        rows = [[int(s), int(s) * draw.randrange(60, 160) // 100] for s in base.visit_service_s]
        problem = add(problem, service_times=make_times(groups, rows))
    if "rules" in features:
        rules = ScheduleRules(
            leaves_for_end="links" not in features and draw.random() < 0.6,
            late_at_start=draw.random() < 0.6,
            worst_late_rate=draw.choice((0, 2, 9)),
        )
        problem = add(problem, rules=rules)
    if "agreed" in features:
        problem = _random_agreed(random.Random(seed + 79), problem)  # noqa: S311 - as above
    return problem


def _draw_features(draw: random.Random, seed: int) -> list[str]:
    features = [name for name in FEATURES[:-1] if draw.random() < 0.42]
    return [*features, "agreed"] if seed % 5 < 2 else features


def _random_base(draw: random.Random, size: Size, *, crew: bool) -> RoutingProblem:
    travel = [_random_travel(draw, size) for _ in range(draw.choice((1, 1, 2)))]
    visits = [_random_visit(draw, size, 2 + i) for i in range(size.visits)]
    vehicles = [_random_vehicle(draw, len(travel)) for _ in range(size.vehicles)]
    assignment = {
        (v, k): FORBIDDEN if draw.random() < 0.06 else draw.choice((0, 0, draw.randrange(2000)))
        for v in range(size.visits)
        for k in range(size.vehicles)
    }
    if crew:  # visits 0 and 1 are one door with one promise, so that a crew may stand there
        visits[1] = V(**{**vars(visits[0]), "penalty": visits[1].penalty})
    pools = []
    if draw.random() < 0.3:
        served = [v for v in range(size.visits) if draw.random() < 0.42]
        pools.append(P(draw.randrange(1, 3), {v: draw.randrange(500, 9000) for v in served}))
    return make_problem(visits, vehicles, travel, assignment=assignment, pools=pools)


def _random_travel(draw: random.Random, size: Size) -> tuple[np.ndarray, np.ndarray]:
    """Draw shortest ways, not the same in both directions; some places cannot be reached."""
    count = size.visits + 2
    points = np.array([(draw.randrange(size.town_m), draw.randrange(size.town_m))
                       for _ in range(count)])  # fmt: skip
    ways = np.abs(points[:, None] - points[None, :]).sum(axis=2) + 60
    ways = shorten(ways + _draw_table(draw, count, 0, 200))
    far = np.array([n > 1 and draw.random() < 0.04 for n in range(count)])
    blocked = (far[:, None] | far[None, :]) & ~np.eye(count, dtype=bool)
    durations = np.where(blocked, UNREACHABLE, ways).astype(np.int32)
    meters = np.where(blocked, UNREACHABLE, ways * draw.randrange(1, 4)).astype(np.int32)
    return durations, meters


def _draw_table(draw: random.Random, count: int, low: int, high: int) -> np.ndarray:
    return np.array([[draw.randrange(low, high) for _ in range(count)] for _ in range(count)])


def shorten(ways: np.ndarray) -> np.ndarray:
    """Return the shortest ways (Floyd 1962): no detour by another place is shorter."""
    ways = ways.copy()
    np.fill_diagonal(ways, 0)
    for k in range(len(ways)):
        ways = np.minimum(ways, ways[:, k, None] + ways[None, k])
    return ways


def _random_visit(draw: random.Random, size: Size, location: int) -> V:
    windows = []
    for _ in range(draw.choice((1, 1, 1, 2))):
        earliest = draw.choice((0, draw.randrange(0, DAY_S * 2 // 3)))
        latest = earliest + draw.randrange(600, 7200)
        windows.append((earliest, latest, latest + draw.choice((0, 900, 9000))))
    return V(
        at=location if draw.random() < 0.85 else 0,
        windows=windows,
        service=draw.randrange(*size.service),
        access=draw.choice((0, 0, 120)),
        penalty=draw.choice((draw.randrange(0, 6000), 20_000, 20_000, 50_000, 1_000_000)),
        demand=(draw.randrange(0, 3),),
        late=(draw.choice((0, 300, 1800)), draw.randrange(1, 8), 8 + draw.randrange(0, 20)),
    )


def _random_vehicle(draw: random.Random, profiles: int) -> K:
    earliest = draw.randrange(0, 3000)
    breaks: list[tuple[int, int, int]] = []
    moment = earliest - 600
    for _ in range(draw.choice((0, 0, 1, 1, 2))):
        moment += draw.randrange(0, 6000)
        until = moment + draw.randrange(0, 3600)
        breaks.append((moment, until, draw.choice((600, 1800))))
        moment = until
    return K(
        end=draw.choice((0, 1)),
        shift=(earliest, earliest + draw.randrange(12_000, DAY_S)),
        overtime=draw.choice((0, 1800)),
        fixed=draw.choice((0, draw.randrange(2000))),
        per_second=draw.choice((0, 1, 2)),
        per_overtime_second=draw.randrange(0, 5),
        per_meter=draw.choice((0, 1)),
        profile=draw.randrange(profiles),
        capacity=(draw.choice((6, 1000, 1000)),),
        breaks=[b for b in breaks if b[1] >= earliest],
    )


def _random_rush(draw: random.Random, problem: RoutingProblem) -> RushHours:
    regimes = draw.randrange(2, 4)
    starts = sorted(draw.sample(range(1, DAY_S), draw.randrange(2, 4)))
    size = problem.n_locations
    matrices: list[tuple[np.ndarray, ...]] = []
    for durations in problem.durations_s:
        if len(problem.durations_s) > 1 and draw.random() < 0.3:
            matrices.append(())  # a profile that traffic does not concern
            continue
        rows = []
        for regime in range(regimes):
            low, high = (90, 120) if regime == 0 else (120, 280)
            factor = _draw_table(draw, size, low, high)
            ways = np.where(durations == UNREACHABLE, FAR_S, durations * factor // 100)
            ways = shorten(ways).astype(np.int32)
            rows.append(np.where(durations == UNREACHABLE, durations, ways))
        matrices.append(tuple(rows))
    return RushHours(
        bucket_start=i32([0, *starts]),
        bucket_regime=i32([draw.randrange(regimes) for _ in range(len(starts) + 1)]),
        durations_s=tuple(matrices),
    )


def _random_parts(draw: random.Random, problem: RoutingProblem, persons: list[int]) -> Parts:
    needs: list[dict[int, int]] = []
    for _ in range(problem.n_visits):
        chosen = [part for part in (0, 1) if draw.random() < 0.35]
        needs.append({part: draw.randrange(1, 3) for part in chosen})
    vans = max(persons) + 1
    points = []
    for stock in range(2):
        opens = draw.randrange(0, 4000)
        closes = opens + draw.randrange(2000, 12_000)
        at = draw.choice((0, 1, draw.randrange(problem.n_locations)))
        points.append((at, opens, closes, draw.choice((0, 120, 300)), stock))
    few = max(2, problem.n_visits // 3)
    return make_parts(
        needs,
        used_up=[1, draw.randrange(2)],
        vans=[[draw.choice((0, 0, 1, 3)) for _ in range(2)] for _ in range(vans)],
        vehicle_van=persons,
        points=points,
        stock=[[draw.choice((0, few, few, UNLIMITED)) for _ in range(2)] for _ in range(2)],
        pools=[[draw.choice((1, UNLIMITED)), UNLIMITED] for _ in range(problem.n_pools)],
    )


def _random_links(draw: random.Random, size: Size) -> list[dict[str, int]]:
    """Draw a crew of visits 0 and 1, or links between any visits, or both."""
    links: list[dict[str, int]] = []
    if size.vehicles > 1 and draw.random() < 0.6:
        tolerance = draw.choice((0, 300, 900))
        links.append({"first": 0, "second": 1, "most": tolerance, "person": 2, "demands": 2})
    for _ in range(max(1, size.visits // 10) - len(links) + draw.randrange(2)):
        first, second = draw.sample(range(size.visits), 2)
        if any({first, second} == {link["first"], link["second"]} for link in links):
            continue  # two links of one pair would mostly contradict each other
        least = draw.choice((0, 0, draw.randrange(1800)))
        links.append(
            {
                "first": first,
                "second": second,
                "least": least,
                "most": draw.choice((UNLIMITED, least + draw.randrange(3600))),
                "from_end": draw.randrange(2),
                "person": draw.choice((0, 0, 1, 2)),
                "demands": draw.choice((0, 1, 1, 2)),
            }
        )
    return links


def _random_agreed(draw: random.Random, problem: RoutingProblem) -> RoutingProblem:
    """Add what was told; vehicles that are out start somewhere, some of them too late."""
    n, k = problem.n_visits, problem.n_vehicles
    persons = [draw.randrange(max(1, k - 1)) for _ in range(k)]
    told = [
        {
            "latest": draw.choice((UNLIMITED, draw.randrange(0, DAY_S), draw.randrange(0, 6000))),
            "rate": draw.choice((0, 1, 7)),
            "person": draw.choice((UNLIMITED, *persons)),
            "order": draw.randrange(n),
            "cost": draw.choice((0, 700, 4000)),
        }
        for _ in range(n)
    ]
    start, earliest = problem.vehicle_start.copy(), problem.vehicle_earliest.copy()
    out = [int(draw.random() < 0.6) for _ in range(k)]
    for vehicle in range(k):
        if not out[vehicle]:
            continue
        durations = problem.durations_s[int(problem.vehicle_profile[vehicle])]
        home = int(problem.vehicle_end[vehicle])
        start[vehicle] = draw.choice(np.flatnonzero(durations[:, home] >= 0).tolist())
        latest = int(problem.vehicle_latest[vehicle])
        earliest[vehicle] += draw.choice((0, 0, draw.randrange(3000), latest - 200))
    agreed = make_agreed(told, persons, out)
    return replace(problem, vehicle_start=start, vehicle_earliest=earliest, agreed=agreed)


def _random_limits(draw: random.Random, size: Size) -> RouteLimits:
    share = max(1, size.visits // size.vehicles)

    def some(low: int, high: int) -> list[int]:
        return [draw.choice((UNLIMITED, draw.randrange(low, high))) for _ in range(size.vehicles)]

    return make_limits(
        size.vehicles,
        visits=some(share, 2 * share + 2),
        distance_m=some(8000, 30_000),
        driving_s=some(3000, 12_000),
        duration_s=some(6000, 16_000),
    )


def _random_shares(draw: random.Random, persons: list[int]) -> FairShares:
    count = max(persons) + 1
    return make_shares(
        persons,
        [draw.randrange(-1000, 9000) for _ in range(count)],
        [draw.randrange(-1000, 15_000) for _ in range(count)],
        per_second=draw.randrange(1, 4),
        per_meter=draw.randrange(0, 2),
    )
