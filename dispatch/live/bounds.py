"""What a re-plan must keep beyond the rules of a day, on the rest day's routing problem."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

import numpy as np

from dispatch.domain.travel_table import TravelTable
from dispatch.live.current import Current
from dispatch.live.projection import Projection
from dispatch.live.rest import RestDay
from dispatch.planning.contracted import Pool, emergency_lateness_s
from dispatch.planning.objective import owes_arrival
from dispatch.planning.translate import Translation
from solver.routing.cost_bound import MAX_TOTAL_COST, bound_total_cost
from solver.routing.features import UNLIMITED, Links
from solver.routing.problem import FORBIDDEN, RoutingProblem
from solver.routing.solution import RoutingSolution

_Row = tuple[int, int, int, int, int, int, int]
SAME, FROM_END, NO_DEMAND = 1, 1, 0


def kept_promises(rest: RestDay, projection: Projection) -> frozenset[str]:
    """Return the visits to decide whose promise is kept as things stand, by everybody at them."""
    ahead = {stop.visit for route in rest.routes for stop in route.rest}
    etas = [eta for eta in projection.etas if eta.visit in ahead and eta.latest is not None]
    late = {eta.visit for eta in etas if eta.lateness_s > 0}
    return frozenset(eta.visit for eta in etas if eta.visit is not None) - late


def with_latest(t: Translation, rest: RestDay, promised: Collection[str]) -> RoutingProblem:
    """Return the problem in which some promises must be kept, and gaps to what is fixed.

    Parameters
    ----------
    promised
        Visits that must not be late.
    """
    problem = t.problem
    limit = problem.window_limit.copy()
    for i, visit in enumerate(t.visits):
        for w in problem.windows_of(i):
            last = int(limit[w])
            if visit.id in promised:
                last = min(last, int(problem.window_latest[w]))
            last = min(last, rest.latest.get(visit.id, last))
            limit[w] = max(last, int(problem.window_earliest[w]))
    if (limit == problem.window_limit).all():
        return problem
    return replace(
        problem, window_limit=limit, window_latest=np.minimum(problem.window_latest, limit)
    )


def with_promises(
    t: Translation, rest: RestDay, promised: Collection[str], table: TravelTable
) -> RoutingProblem:
    """Return the problem of `with_latest` in which no outlet breaks a promise either.

    A contracted outlet keeps its appointments itself; an emergency that is owed an arrival is not
    given to one that is there too late.

    Parameters
    ----------
    promised
        Visits that must not be late.
    table
        Travel of the rest of the day.
    """
    problem = with_latest(t, rest, promised)
    cost = problem.pool_cost.copy()
    for i, visit in enumerate(t.visits):
        if visit.id not in promised or not owes_arrival(visit):
            continue
        for q, pool in enumerate(zip(t.contracted, t.pool_days, strict=True)):
            if emergency_lateness_s(visit, Pool(*pool), t.clock, rest.day, table):
                cost[i, q] = FORBIDDEN
    return replace(problem, pool_cost=cost)


def left_alone(
    t: Translation,
    problem: RoutingProblem,
    solution: RoutingSolution,
    outlets: Collection[str],
    visits: Collection[str],
) -> RoutingProblem:
    """Return the problem in which some outlets get nothing new and visits stay with who has them.

    Parameters
    ----------
    solution
        Who has them.
    outlets
        Contracted outlets.
    visits
        Those nobody has are as free as before.
    """
    if not outlets and not visits:
        return problem
    assignment, pool_cost = problem.assignment_cost.copy(), problem.pool_cost.copy()
    vehicles, pools = np.arange(problem.n_vehicles), np.arange(problem.n_pools)
    named = {i for i, visit in enumerate(t.visits) if visit.id in visits}
    for route in solution.routes:
        for i in named.intersection(route.visits):
            assignment[i, vehicles != route.vehicle] = FORBIDDEN
            pool_cost[i] = FORBIDDEN
    for q, members in enumerate(solution.pools):
        for i in named.intersection(members):
            assignment[i] = FORBIDDEN
            pool_cost[i, pools != q] = FORBIDDEN
        if t.contracted[q].id in outlets:
            others = np.setdiff1d(np.arange(problem.n_visits), members)
            pool_cost[others, q] = FORBIDDEN
    return replace(problem, assignment_cost=assignment, pool_cost=pool_cost)


def held(problem: RoutingProblem, current: Current) -> RoutingProblem:
    """Return the problem in which nobody gives up a visit, however late it is.

    Leaving out what is on a route as it stands costs more than all that may be gained by it, or as
    much as 64 bits allow.
    """
    own = _held(current.solution)
    if not own:
        return problem
    most = bound_total_cost(problem)
    dear = min(most + 1, (MAX_TOTAL_COST - 1 - most) // len(own))
    penalty = problem.visit_penalty.copy()
    penalty[own] = np.maximum(penalty[own], dear)
    return replace(problem, visit_penalty=penalty)


def _held(solution: RoutingSolution) -> list[int]:
    return [index for route in solution.routes for index in route.visits]


def in_order(t: Translation, problem: RoutingProblem, current: Current) -> RoutingProblem:
    """Return the problem in which every route keeps its visits in their order.

    Each visit is linked to the next one of its route: after it, by the same person, who is the only
    one allowed there.
    """
    solution = current.solution
    pairs = [
        (before, after)
        for route in solution.routes
        for before, after in zip(route.visits, route.visits[1:], strict=False)
    ]
    new = _free(problem, _held(solution))
    assignment = problem.assignment_cost.copy()
    others = np.ones(assignment.shape, dtype=bool)
    for route in solution.routes:
        others[list(route.visits), route.vehicle] = False
    others[new] = False
    assignment[others] = FORBIDDEN
    pool_cost = problem.pool_cost.copy()
    pooled = {index for members in solution.pools for index in members}
    linked = [index for pair in pairs for index in pair if index not in pooled]
    pool_cost[linked] = FORBIDDEN
    return replace(
        problem,
        assignment_cost=assignment,
        pool_cost=pool_cost,
        links=_linked(problem, t, pairs),
    )


def _free(problem: RoutingProblem, held: Iterable[int]) -> list[int]:
    known = set(held)
    return [index for index in range(problem.n_visits) if index not in known]


def _linked(
    problem: RoutingProblem, t: Translation, pairs: Iterable[tuple[int, int]]
) -> Links | None:
    rows: list[_Row] = [
        (before, after, 0, UNLIMITED, FROM_END, SAME, NO_DEMAND) for before, after in pairs
    ]
    old = problem.links
    if not rows:
        return old
    columns = [np.array(column, dtype=np.int32) for column in zip(*rows, strict=True)]
    if old is not None:
        own = (
            old.first, old.second, old.least_s, old.most_s, old.from_end, old.person, old.demands,
        )  # fmt: skip
        columns = [
            np.concatenate([one, other]).astype(np.int32)
            for one, other in zip(own, columns, strict=True)
        ]
    persons = np.array([line.number for line in t.lines], dtype=np.int32)
    first, second, least, most, from_end, person, demands = columns
    return Links(first, second, least, most, from_end, person, demands, persons)
