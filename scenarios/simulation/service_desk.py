"""The desk of the house, with its store in memory, as the desk of a simulated day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import count

from dispatch.domain import Day, DayPlan, Place
from dispatch.domain.disruption import Happening
from dispatch.domain.travel_table import TravelTable
from dispatch.live.decision import decision_of
from dispatch.live.kinds import KINDS
from dispatch.live.state import LiveState
from dispatch.live.store import MemoryStore, Request
from dispatch.planning.clock import Clock
from dispatch.service.desk import Desk as HouseDesk
from scenarios.simulation.desk import SIMULATOR, Choice
from scenarios.simulation.world import World


class OneTable:
    """Roads of which one table is known: that of the morning, whatever the traffic.

    Parameters
    ----------
    table
        Travel between all places of the day and of what is still to come.
    """

    def __init__(self, table: TravelTable) -> None:
        self._table = table

    def table(self, day: Day, places: Sequence[Place]) -> TravelTable:  # noqa: ARG002 - protocol
        """Return the table."""
        return self._table


class ServiceDesk:
    """Every fact and every decision is a command of the house's desk, kept in its log.

    Parameters
    ----------
    day, plan
        The day as it begins and its morning plan.
    table
        Travel figures.
    """

    def __init__(self, day: Day, plan: DayPlan, table: TravelTable) -> None:
        self._clock, self._numbers, self._day = Clock(day), count(1), day.id
        self._now = day.horizon_start
        self.desk = HouseDesk(MemoryStore(KINDS), OneTable(table), now=self._clock_time)
        self._state = self.desk.open_day(day, plan, self._request("open")).state

    def _clock_time(self) -> datetime:
        return self._now

    def _request(self, what: str) -> Request:
        number = f"simulated-{next(self._numbers)}"
        return Request(id=number, by=SIMULATOR, at=self._now, content=f"{number} {what}")

    @property
    def state(self) -> LiveState:
        """The day as it stands."""
        return self._state

    def record(self, second: int, fact: Happening) -> None:
        """Record a fact; errors are those of `dispatch.service.desk.Desk.record`."""
        self._now = self._clock.moment(second)
        done = self.desk.record(self._day, fact, self._request(fact.model_dump_json()))
        self._state = done.after.standing.state

    def decide(self, second: int, choice: Choice) -> None:
        """Decide; errors are those of `dispatch.live.decide.assign`."""
        moment, before = self._clock.moment(second), self._state
        routes = tuple(
            route.model_copy(update={"ahead": tuple(choice.ahead[route.technician, route.shift])})
            if (route.technician, route.shift) in choice.ahead
            else route
            for route in before.routes
        )
        given = before.contracted if choice.contracted is None else choice.contracted
        after = before.model_copy(update={"routes": routes, "contracted": given})
        self.record(second, decision_of(before, after, moment, "replan"))


def open_service_desk(world: World, plan: DayPlan) -> ServiceDesk:
    """Open the desk of the house for a simulated day."""
    return ServiceDesk(world.day, plan, world.table)
