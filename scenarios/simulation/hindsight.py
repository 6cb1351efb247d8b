"""Hindsight: one plan by somebody who knew every request and every duration in advance."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from dispatch.domain import Day, DayPlan
from dispatch.domain.travel_table import NO_WAY, TravelTable
from dispatch.planning.daily import plan_day
from scenarios.simulation.desk import NOTHING, Choice
from scenarios.simulation.policy import View
from scenarios.simulation.seen import promises_first
from scenarios.simulation.world import World
from solver.stop import MaxIterations


@dataclass(frozen=True, slots=True)
class Hindsight:
    """A measure of what the day could have been; nobody can follow it.

    Requests, cancellations, sickness, durations of work and of ways (traffic shocks apart) are
    known when the day is planned.
    """

    iterations: int = 3000
    seed: int = 1
    name: str = "hindsight"
    plans_morning: bool = True

    def delay(self, news: str) -> int | None:  # noqa: ARG002 - nothing is news
        """Nothing is left to decide."""
        return None

    def decide(self, view: View) -> Choice:  # noqa: ARG002 - as above
        """Decide nothing."""
        return NOTHING

    def foresee(self, world: World) -> tuple[World, DayPlan]:
        """Return the day with everything in it from the beginning, and its plan."""
        visits = tuple(v for v in world.every_visit if v.id not in world.cancels)
        known = world.day.model_copy(update={"visits": visits})
        whole = replace(world, day=known, requests=(), cancels={})
        plan = plan_day(
            _true_day(whole), _true_table(whole), stop=MaxIterations(self.iterations),
            seed=self.seed, explain=False,
        )  # fmt: skip
        return whole, plan


def _true_day(world: World) -> Day:
    """Return the day with true durations of work, for who can still work then."""
    visits = tuple(
        v.model_copy(update={"service_s": world.work(v, v.service_s)}) for v in world.day.visits
    )
    update = {"visits": visits, **promises_first(world.day)}
    outlets = tuple(o.model_copy(update={"capacity": None}) for o in world.day.outlets)
    people = tuple(p for p in world.day.technicians if p.id not in world.sick)
    return world.day.model_copy(update={**update, "outlets": outlets, "technicians": people})


def _true_table(world: World) -> TravelTable:
    """Return the table with the luck of the way to each visit; of several at a place the worst."""
    factors = np.ones(len(world.table.lonlat))
    for visit in world.day.visits:
        place = world.table.index(visit.place)
        factors[place] = max(factors[place], world.luck(visit.id))
    durations = {
        profile: np.where(table == NO_WAY, NO_WAY, np.ceil(table * factors)).astype(np.int32)
        for profile, table in world.table.durations_s.items()
    }
    return replace(world.table, durations_s=durations, regimes=None)
