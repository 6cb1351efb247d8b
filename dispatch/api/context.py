"""What a running service has at hand: store, queue, keys, roads, clock; one per process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Literal

from dispatch.adapters.queue import JobQueue
from dispatch.adapters.secrets import Sealer, open_key
from dispatch.adapters.secrets_access import Access
from dispatch.adapters.secrets_vault import Vault
from dispatch.adapters.store import SqlStore, migrate_store, open_store
from dispatch.adapters.store.connect import find_file, read_url
from dispatch.adapters.webhooks import WebhookBook
from dispatch.api.base_map import BaseMap
from dispatch.api.boards import Boards
from dispatch.api.day_clock import DayClock
from dispatch.api.hub import EventHub
from dispatch.api.metrics import Metrics
from dispatch.api.oidc import OidcDoor
from dispatch.api.options import Options
from dispatch.api.readiness import Readiness
from dispatch.api.regions import RegionBook
from dispatch.api.roads import make_travel
from dispatch.api.searcher import Searcher
from dispatch.api.searches import Searches
from dispatch.api.shelf import Shelf
from dispatch.api.street_ways import StreetWays
from dispatch.errors import Fault
from dispatch.live.kinds import KINDS
from dispatch.live.roads import LiveRoads
from dispatch.service.desk import Desk
from dispatch.service.emergency import EmergencyOptions
from dispatch.service.remedying import OpenVisit
from dispatch.service.replans import Replanned
from geo.travel_matrix import TravelProvider


def utc_now() -> datetime:
    """Return the moment, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Replanning:
    """A re-plan that runs, is done, or failed with faults."""

    status: Literal["running", "done", "failed"] = "running"
    found: Replanned | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Improving:
    """A search for better ways to serve a visit; ``better``: the id of the offer it led to."""

    status: Literal["running", "done", "failed"] = "running"
    better: str | None = None
    faults: tuple[Fault, ...] = ()


@dataclass
class Service:
    """Everything the routes work with.

    Attributes
    ----------
    now
        The wall's clock: keys, sessions, leases, audits.
    clock
        Of the days, where it is not the wall's.
    """

    store: SqlStore
    sealer: Sealer
    options: Options
    now: Callable[[], datetime] = utc_now
    oidc: OidcDoor | None = None
    clock: DayClock | None = None
    metrics: Metrics = field(default_factory=Metrics)
    _travel: TravelProvider | None = None
    _desk: Desk | None = None
    _base_map: BaseMap | None = None
    _street_ways: StreetWays | None = None
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        engine = self.store.engine
        limits = self.options.limits
        self.queue = JobQueue(engine, limits.jobs, timedelta(seconds=limits.lease_s))
        self.vault = Vault(engine, self.sealer)
        self.access = Access(engine)
        self.regions = RegionBook(self.store, self.access, lambda: self.desk)
        self.hooks = WebhookBook(engine, self.sealer)
        self.offers: Shelf[EmergencyOptions] = Shelf()
        self.replans: Shelf[Replanning] = Shelf()
        self.remedies: Shelf[OpenVisit] = Shelf()
        self.boards = Boards()
        self.searches = Searches("replan")
        self.improving = Searches("improve")
        self.searcher = Searcher()
        self.better: Shelf[Improving] = Shelf()
        self.readiness = Readiness(self._prepare, self.day_now, self.metrics)
        self.hub = EventHub(self.store, self.metrics, self.readiness.touch)

    def day_now(self) -> datetime:
        """Return the moment by the clock of the days."""
        return self.now() if self.clock is None else self.clock.now()

    @property
    def travel(self) -> TravelProvider:
        """Return the roads; read when they are first needed."""
        with self._lock:
            if self._travel is None:
                self._travel = make_travel(self.options.roads)
            return self._travel

    @property
    def desk(self) -> Desk:
        """Return the use cases of live days."""
        travel = self.travel
        with self._lock:
            if self._desk is None:
                self._desk = Desk(self.store, LiveRoads(travel), now=self.day_now)
            return self._desk

    @property
    def base_map(self) -> BaseMap:
        """Return the tiles of the roads."""
        travel = self.travel
        with self._lock:
            if self._base_map is None:
                self._base_map = BaseMap(travel)
            return self._base_map

    def _prepare(self, day: str) -> None:
        self.desk.prepare(day)

    @property
    def street_ways(self) -> StreetWays:
        """Return the ways along the streets."""
        travel = self.travel
        with self._lock:
            if self._street_ways is None:
                self._street_ways = StreetWays(travel)
            return self._street_ways

    @property
    def is_ready(self) -> bool:
        """Say whether the first request will not have to wait for roads."""
        return self._desk is not None

    def warm(self) -> None:
        """Read the roads.

        Raises
        ------
        GeoError
            If they cannot be read.
        """
        _ = self.desk

    def close(self) -> None:
        """Let go of the store, after the searches beside it."""
        self.searcher.close()
        self.searches.close()
        self.improving.close()
        self.store.close()


def key_file_of(url: str) -> Path:
    """Return where the key of a store is kept if nobody says: beside it, else in the folder."""
    file = find_file(read_url(url))
    return Path("servicenet.key") if file is None else file.with_name(f"{file.name}.key")


def open_service(
    url: str,
    options: Options | None = None,
    *,
    key_file: Path | None = None,
    now: Callable[[], datetime] = utc_now,
    clock: DayClock | None = None,
    travel: TravelProvider | None = None,
) -> Service:
    """Open the store, made or brought to the newest form where needed, and everything around it.

    Parameters
    ----------
    url
        SQLite file or PostgreSQL URL.
    now, clock
        The wall's clock; that of the days, where it is another.
    travel
        Roads that are read already; None reads those of the options.

    Raises
    ------
    StoreError
        S1001 to S1006, A2001, A2005.
    """
    chosen = options or Options()
    oidc = OidcDoor(chosen.oidc) if chosen.oidc else None
    migrate_store(url)
    sealer = open_key(key_file or key_file_of(url))
    return Service(open_store(url, KINDS), sealer, chosen, now, oidc, clock=clock, _travel=travel)
