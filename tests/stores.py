"""Stores for tests: the three places they are kept in, small commands, plans that differ."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Protocol

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.schema import CreateSchema

from dispatch.adapters.store import migrate_store, open_store
from dispatch.domain import CostBreakdown, DayPlan, PlanStatus
from dispatch.domain.event import Event, EventKinds, Fact
from dispatch.live.store import MemoryStore, Receipt, Request, Store, Writer
from tests.postgres import Cluster

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SQLITE, POSTGRES = "sqlite", "postgresql"


class Noted(Fact):
    """A fact of the tests."""

    kind: Literal["noted"] = "noted"
    text: str = ""
    number: float = 0.0


class Moved(Fact):
    """A fact of the tests with a moment."""

    kind: Literal["moved"] = "moved"
    to: datetime


KINDS = EventKinds.of(Noted, Moved)


class Place(Protocol):
    """Somewhere stores can be kept; databases can be opened again."""

    name: str

    def new(self) -> str:
        """Make an empty database; return its URL."""

    def new_store(self) -> str:
        """Make an empty store; return its URL."""


class SqlitePlace:
    name = SQLITE

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()
        self._template = folder / "template.db"
        migrate_store(str(self._template))

    def new(self) -> str:
        return f"sqlite:///{self._folder / f'{next(self._numbers)}.db'}"

    def new_store(self) -> str:
        url = self.new()
        shutil.copyfile(self._template, url.removeprefix("sqlite:///"))
        return url


class PostgresPlace:
    """One database; every store has a schema of its own, which costs a tenth of a database."""

    name = POSTGRES

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._numbers = itertools.count()

    def new(self) -> str:
        name = f"s{next(self._numbers)}"
        url = make_url(self.cluster.url("postgres")).set(drivername="postgresql+psycopg")
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(CreateSchema(name))
        engine.dispose()
        return f"{self.cluster.url('postgres')}&options=-csearch_path%3D{name}"

    def new_store(self) -> str:
        url = self.new()
        migrate_store(url)
        return url


class Opener:
    """Opens stores and closes them all at the end.

    Parameters
    ----------
    place
        None: in memory.
    """

    def __init__(self, place: Place | None) -> None:
        self.place = place
        self._open: list[Store] = []

    def __call__(self, kinds: EventKinds = KINDS, busy_timeout_s: float = 5.0) -> Store:
        if self.place is None:
            return MemoryStore(kinds, busy_timeout_s=busy_timeout_s)
        return self.at(self.place.new_store(), kinds, busy_timeout_s)

    def at(self, url: str, kinds: EventKinds = KINDS, busy_timeout_s: float = 5.0) -> Store:
        store = open_store(url, kinds, busy_timeout_s=busy_timeout_s)
        self._open.append(store)
        return store

    def close(self) -> None:
        for store in self._open:
            store.close()


class Caller:
    """Sends commands with request ids of its own."""

    def __init__(self, store: Store, by: str = "dispatcher:li") -> None:
        self.store = store
        self._by = by
        self._ids: Iterator[int] = itertools.count(1)

    def request(self, content: str = "") -> Request:
        name = f"{self._by}-{next(self._ids)}"
        return Request(id=name, by=self._by, at=NOW, content=content)

    def __call__(self, work: Callable[[Writer], object]) -> Receipt:
        return send(self.store, self.request(), work)

    def one(self, work: Callable[[Writer], object]) -> Event:
        """Send a command that leaves one event, and return it."""
        (event,) = self(work).events
        return event


def send(store: Store, request: Request, work: Callable[[Writer], object]) -> Receipt:
    def run(writer: Writer) -> None:
        work(writer)

    return store.execute(request, run)


def plan(number: int, day: str = "tiny") -> DayPlan:
    """Return an empty plan that its seed tells from others."""
    return DayPlan(
        status=PlanStatus.FEASIBLE, day=day, seed=number, iterations=0, runtime_s=0.5,
        engine="core", stopped_by="iterations", estimated_travel=True, cost=CostBreakdown(),
        travel_hash=f"t{number}",
    )  # fmt: skip
