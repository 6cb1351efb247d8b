"""What reaching everybody would cost, and whom no outlet can reach."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geo.demand import Demand
from geo.siting import get_running_total
from geo.siting_plan import SitingPlan
from geo.straight import find_nearest_straight
from solver.location.answer import LocationAnswer, UnmetKind
from solver.location.problem import CoverProblem
from solver.location.served import solve_capacitated_lscp
from solver.location.served_problem import ServedProblem
from solver.location.setcover import solve_lscp
from solver.stop import Stop

Int64 = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class CompleteCover:
    """The cheapest network found that reaches all demand that can be reached.

    Parameters
    ----------
    answer
        Sites, money, proven bound and status; ``INFEASIBLE`` if some demand is out of reach.
    extra_cost, extra_bound
        Money over the period beyond leaving everything as it is, and the least it can be.
    rows
        Shape (k,): demand points that stay without (all their) service, heaviest first.
    left
        Shape (k,): their demand that stays without.
    nearest, distance_m
        Shape (k,): the nearest site of all, candidates included, and the straight line to it.
    """

    answer: LocationAnswer
    extra_cost: int
    extra_bound: int
    rows: Int64
    left: Int64
    nearest: Int64
    distance_m: Int64


def plan_complete(plan: SitingPlan, demand: Demand, *, stop: Stop, seed: int = 0) -> CompleteCover:
    """Return what it takes to cover all demand, or to serve it where capacities count.

    Parameters
    ----------
    plan
        A proposal: its sites and candidates, money, rules about distance and fixed outlets.
    demand
        The demand it was made for.
    stop
        Limit of the search.
    seed
        Of the search.
    """
    problem = _strip(plan.problem)
    answer: LocationAnswer
    if plan.capacity is None:
        need = (problem.weight > 0).astype(np.int64)
        answer = solve_lscp(problem, need=need, stop=stop, seed=seed)
    else:
        answer = solve_capacitated_lscp(ServedProblem(problem, plan.capacity), stop=stop, seed=seed)
    base = get_running_total(problem)
    member = np.arange(len(demand)) if plan.member is None else plan.member
    rows, left = _list_left(answer, member, demand.weight, is_split=plan.capacity is not None)
    near = find_nearest_straight(demand.lonlat[rows], plan.sites.lonlat)
    return CompleteCover(
        answer=answer,
        extra_cost=answer.objective - base,
        extra_bound=int(answer.bound) - base,
        rows=rows,
        left=left,
        nearest=near.site[:, 0].astype(np.int64),
        distance_m=near.distance_m[:, 0].astype(np.int64),
    )


def _list_left(
    answer: LocationAnswer, member: Int64, weight: Int64, *, is_split: bool
) -> tuple[Int64, Int64]:
    """Return points without service and what is left of them, heaviest first.

    What is left of a merged row lies at its last points.
    """
    short = {u.where: u.wanted - u.found for u in answer.unmet if u.kind is UnmetKind.ROW}
    rows, left = [], []
    for row in np.flatnonzero(np.isin(member, list(short)) & (weight > 0))[::-1].tolist():
        units = int(weight[row])
        if is_split:
            units = min(units, short[int(member[row])])
            short[int(member[row])] -= units
        if units:
            rows.append(row)
            left.append(units)
    order = np.argsort(-np.array(left, dtype=np.int64), kind="stable")
    return np.array(rows, dtype=np.int64)[order], np.array(left, dtype=np.int64)[order]


def _strip(problem: CoverProblem) -> CoverProblem:
    """Return the problem without groups: everybody counts."""
    return replace(
        problem,
        group=np.full(problem.rows, -1, dtype=np.int32),
        group_target=np.zeros(0, dtype=np.int64),
    )
