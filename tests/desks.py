"""Desks for tests: the live day of `tests.live_days` in a store, with a clock that is set."""

from __future__ import annotations

import itertools
from datetime import datetime

import pytest

from dispatch.domain import Day, DayPlan, Stock
from dispatch.live.kinds import KINDS
from dispatch.live.roads import LiveRoads
from dispatch.live.store import MemoryStore, Request, Store
from dispatch.service.desk import Desk
from geo.travel_matrix import TravelProvider
from tests.days import GridTown
from tests.days import at as clock_of
from tests.live_days import live_day, live_plan
from tests.stores import POSTGRES, SQLITE

EVERYWHERE = pytest.mark.parametrize("kept_in", ["memory", SQLITE, POSTGRES], indirect=True)
"""For tests of desks that run in every kind of store."""


def stocked_day() -> Day:
    """The live day with the pump that V2 needs on the van of T1."""
    day = live_day()
    first, *others = day.technicians
    first = first.model_copy(update={"van_stock": (Stock(part="pump", quantity=1),)})
    return day.model_copy(update={"technicians": (first, *others)})


def make_store() -> Store:
    """Return an empty store for a desk; the tests of desks put databases in its place."""
    return MemoryStore(KINDS)


class Watch:
    """A clock somebody sets."""

    def __init__(self, clock: str = "07:00") -> None:
        self.now = clock_of(clock)

    def __call__(self) -> datetime:
        return self.now

    def set(self, clock: str) -> datetime:
        self.now = clock_of(clock)
        return self.now


class DeskKit:
    """A desk with the live day open, its clock, and requests with ids of their own."""

    def __init__(
        self,
        store: Store | None = None,
        *,
        day: Day | None = None,
        plan: DayPlan | None = None,
        travel: TravelProvider | None = None,
        by: str = "dispatcher:li",
    ) -> None:
        self.watch = Watch()
        self.store = make_store() if store is None else store
        self.roads = LiveRoads(travel or GridTown())
        self.desk = Desk(self.store, self.roads, now=self.watch)
        self._ids = itertools.count(1)
        self.by = by
        day, plan = day or stocked_day(), plan or live_plan()
        self.day = day.id
        self.desk.open_day(day, plan, self.request())

    def request(self, clock: str | None = None, by: str | None = None) -> Request:
        if clock is not None:
            self.watch.set(clock)
        by = by or self.by
        name = f"{by}-{next(self._ids)}"
        return Request(id=name, by=by, at=self.watch.now, content=name)
