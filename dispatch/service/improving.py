"""A search of a few seconds from the best option: what the rungs cannot find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import numpy as np

from dispatch.live.bounds import kept_promises, with_promises
from dispatch.planning.translate import Translation
from dispatch.service.options import Candidate, Option, OptionMaker
from dispatch.service.prepared import Prepared
from solver.routing.problem import FORBIDDEN, RoutingProblem
from solver.routing.solution import Step, StepKind
from solver.routing.solve import solve
from solver.stop import Stop as Limit


def search_option(
    prepared: Prepared, visit: str, stop: Limit, seed: int, *, by: datetime | None = None
) -> Option | None:
    """Return what a search from the plan as it stands finds; None if it leaves the visit out.

    Promises that are kept without it stay kept. Disturbance has its price, so little moves.

    Parameters
    ----------
    stop, seed
        Of the search.
    by
        The last moment to reach the visit; None = any that the rules allow.
    """
    t = prepared.t
    problem = promised_problem(prepared, visit, by)
    steps = {
        route.vehicle: tuple(s.step for s in route.stops) for route in prepared.solution.routes
    }
    maker = OptionMaker(prepared)
    found = solve(problem, stop=stop, seed=seed, start=prepared.solution)
    if any(t.seats[i].visit.id == visit for i in found.unassigned):
        return None
    new = {route.vehicle: tuple(s.step for s in route.stops) for route in found.routes}
    changed: dict[int, tuple[Step, ...]] = {
        vehicle: new.get(vehicle, ())
        for vehicle in steps.keys() | new.keys()
        if _bare(new.get(vehicle, ())) != _bare(steps.get(vehicle, ()))
    }
    if any(prepared.key_of(vehicle) in prepared.illegal for vehicle in changed):
        return None
    left = _on_routes(steps) - _on_routes(new) - {i for pool in found.pools for i in pool}
    pools = tuple(tuple(sorted(members)) for members in found.pools)
    candidate = Candidate("resolve", dict(sorted(changed.items())), pools, tuple(sorted(left)))
    return maker.make(0, candidate, visit)


def promised_problem(prepared: Prepared, visit: str, by: datetime | None) -> RoutingProblem:
    """Return the problem in which kept promises stay kept.

    Parameters
    ----------
    by
        The last moment to reach the visit; None = any that the rules allow.
    """
    t = prepared.t
    kept = kept_promises(prepared.rest, prepared.projection)
    problem = with_promises(t, prepared.rest, kept, prepared.table)
    return problem if by is None else _reached_by(t, problem, visit, t.clock.floor(by))


def _on_routes(steps: Mapping[int, tuple[Step, ...]]) -> set[int]:
    """Return the visits somebody has."""
    return {s.index for own in steps.values() for s in own if s.kind is StepKind.VISIT}


def _reached_by(t: Translation, problem: RoutingProblem, visit: str, last: int) -> RoutingProblem:
    """Return the problem in which a visit is reached by a second, or left out.

    Nobody knows when an outlet is there, so none takes it.
    """
    limit, pool_cost = problem.window_limit.copy(), problem.pool_cost.copy()
    for index, seat in enumerate(t.seats):
        if seat.visit.id == visit:
            mine = list(problem.windows_of(index))
            least = np.maximum(problem.window_earliest[mine], last)
            limit[mine] = np.minimum(limit[mine], least)
            pool_cost[index] = FORBIDDEN
    latest = np.minimum(problem.window_latest, limit)
    return replace(problem, window_limit=limit, window_latest=latest, pool_cost=pool_cost)


def _bare(steps: tuple[Step, ...]) -> list[Step]:
    return [step for step in steps if step.kind is not StepKind.BREAK]
