"""How a proposal fares if demand grows otherwise than thought: scenarios, regret, robust choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from solver.location.answer import LocationAnswer
from solver.location.cover import solve_mclp
from solver.location.problem import CoverProblem
from solver.stop import Stop

Int64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PlanOutcome:
    """One plan in one scenario.

    Parameters
    ----------
    plan, scenario
        Names.
    covered, total
        Demand covered, and all demand, of the scenario.
    regret
        Demand the plan covers less than any plan of this budget could at most: the proven bound of
        the scenario minus ``covered``; never understated.
    missed
        Demand it covers less than the best plan that was found for the scenario.
    """

    plan: str
    scenario: str
    covered: int
    total: int
    regret: int
    missed: int


@dataclass(frozen=True, slots=True)
class Robustness:
    """All plans in all scenarios.

    Parameters
    ----------
    outcomes
        Plan by plan, in each scenario.
    plans
        Sites of each plan by name: the proposal, and the best one found for each scenario.
    choice
        Plan with the smallest largest share of demand regretted (minimax regret, Savage 1951).
    """

    outcomes: tuple[PlanOutcome, ...]
    plans: Mapping[str, tuple[int, ...]]
    choice: str


def compute_regret(
    problem: CoverProblem,
    scenarios: Mapping[str, Int64],
    proposal: LocationAnswer,
    *,
    limit: int,
    max_changes: int | None = None,
    stop: Stop,
    seed: int = 0,
    name: str = "proposal",
) -> Robustness:
    """Return the regret of a proposal, and of the plans made for each scenario alone.

    Parameters
    ----------
    problem
        Demand rows of today, cover sets and money; demand targets are left out.
    scenarios
        Weight of each row, shape (n,), by name of the scenario.
    proposal
        The proposal; its bound holds where a scenario is the demand of today.
    limit
        Limit on all money, see ``geo.siting.to_limits``.
    max_changes
        Most sites opened and closed; None = any number.
    stop
        Limit of each scenario's search.
    seed
        Seed of each search.
    name
        Name of the proposal among the plans.
    """
    plans: dict[str, tuple[int, ...]] = {name: proposal.sites}
    best: dict[str, int] = {}
    worlds = {word: _in_scenario(problem, weight) for word, weight in scenarios.items()}
    for word, world in worlds.items():
        answer = proposal
        if not np.array_equal(world.weight, problem.weight):
            answer = solve_mclp(
                world,
                budget=limit,
                max_changes=max_changes,
                stop=stop,
                seed=seed,
                start=proposal.sites,
            )
        if answer.sites not in plans.values():
            plans[word] = answer.sites
        coverable = int(world.weight[np.diff(world.site_offset) > 0].sum())
        best[word] = min(max(int(answer.bound), answer.objective), coverable)
    found = {word: max(world.get_covered_weight(s) for s in plans.values())
             for word, world in worlds.items()}  # fmt: skip
    outcomes = tuple(
        _judge((plan, word), worlds[word], sites, best[word], found[word])
        for plan, sites in plans.items()
        for word in worlds
    )
    worst = {plan: _worst_share(plan, outcomes) for plan in plans}
    return Robustness(outcomes, plans, min(plans, key=lambda plan: worst[plan]))


def _judge(
    names: tuple[str, str], world: CoverProblem, sites: tuple[int, ...], best: int, found: int
) -> PlanOutcome:
    covered = world.get_covered_weight(sites)
    regret = max(best - covered, 0)
    return PlanOutcome(*names, covered, world.total_weight, regret, found - covered)


def _worst_share(plan: str, outcomes: tuple[PlanOutcome, ...]) -> float:
    return max((o.regret / max(o.total, 1) for o in outcomes if o.plan == plan), default=0.0)


def _in_scenario(problem: CoverProblem, weight: Int64) -> CoverProblem:
    return replace(
        problem,
        weight=weight,
        backup_weight=np.zeros_like(weight),
        group=np.full(problem.rows, -1, dtype=np.int32),
        group_target=np.zeros(0, dtype=np.int64),
    )
