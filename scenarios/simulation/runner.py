"""Replications of a day under several policies, all in the same worlds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from time import process_time

from dispatch.domain import Day, DayPlan, PlanStatus
from dispatch.domain.plan import CostBreakdown
from dispatch.domain.travel_table import TravelTable
from dispatch.planning.daily import plan_day
from scenarios.simulation.chances import Chances
from scenarios.simulation.day import OpenDesk, live_through
from scenarios.simulation.hindsight import Hindsight
from scenarios.simulation.policy import Policy
from scenarios.simulation.records import Judge, Row, day_row
from scenarios.simulation.service_desk import open_service_desk
from scenarios.simulation.world import World, build_world
from solver.stop import MaxIterations

MORNING_ITERATIONS = 2000
"""Of the search for the morning plan."""


@dataclass(frozen=True)
class Simulation:
    """What a run of replications gives.

    Attributes
    ----------
    visits
        One flat row per replication, policy and visit.
    days
        One row per replication and policy.
    """

    visits: tuple[Row, ...]
    days: tuple[Row, ...]


@dataclass(frozen=True, eq=False)
class Simulator:
    """Runs replications of one day.

    Parameters
    ----------
    day
        The day; its visits say when they are asked for (`scenarios.simulation.world.build_world`).
    table
        Travel between its places.
    chances
        What may happen.
    seed
        Of all chance.
    open_desk
        Which desk; the house's, with its store in memory, unless another is wanted.
    """

    day: Day
    table: TravelTable
    chances: Chances
    seed: int = 1
    open_desk: OpenDesk = open_service_desk
    _mornings: dict[tuple[str, ...], DayPlan] = field(default_factory=dict)

    def run(
        self,
        policies: Sequence[Policy],
        replications: int,
        tell: Callable[[Row], None] | None = None,
        skip: Collection[tuple[int, str]] = (),
    ) -> Simulation:
        """Let every policy live through every replication.

        Parameters
        ----------
        tell
            Called with each day's row.
        skip
            Replications and policies that are not wanted: known from an earlier run, say.
        """
        visits, days = list[Row](), list[Row]()
        for replication in range(1, replications + 1):
            world = build_world(
                self.day, self.table, self.chances, seed=self.seed, replication=replication
            )
            for policy in policies:
                if (replication, policy.name) in skip:
                    continue
                rows, row = self._live(world, policy, replication)
                visits += rows
                days.append(row)
                if tell is not None:
                    tell(row)
        return Simulation(tuple(visits), tuple(days))

    def _live(self, world: World, policy: Policy, replication: int) -> tuple[list[Row], Row]:
        began = process_time()
        if isinstance(policy, Hindsight):
            lived = live_through(*policy.foresee(world), policy, self.open_desk)
        else:
            plan = self._morning(world) if policy.plans_morning else no_plan(world.day)
            lived = live_through(world, plan, policy, self.open_desk)
        rows = Judge(lived, replication).rows()
        row = day_row(lived, rows, replication)
        return rows, {**row, "cpu_s": round(process_time() - began, 3)}

    def _morning(self, world: World) -> DayPlan:
        """Return the morning plan, made once for the same visits."""
        known = tuple(visit.id for visit in world.day.visits)
        if known not in self._mornings:
            self._mornings[known] = plan_day(
                world.day, self.table, stop=MaxIterations(MORNING_ITERATIONS), seed=self.seed,
                explain=False,
            )  # fmt: skip
        return self._mornings[known]


def no_plan(day: Day) -> DayPlan:
    """Return a plan in which nobody has anything."""
    return DayPlan(
        status=PlanStatus.HAS_UNASSIGNED if day.visits else PlanStatus.FEASIBLE,
        day=day.id, seed=0, iterations=0, runtime_s=0.0, engine="none", stopped_by="exhausted",
        estimated_travel=False, cost=CostBreakdown(),
    )  # fmt: skip
