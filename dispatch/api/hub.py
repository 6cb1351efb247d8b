"""The event log as a stream: one reader for all listeners, and nothing lost.

The store is asked a few times a second for what is new, once for all. Listeners hold a cursor each;
one that is further behind than what is kept in memory reads the store itself. So a reconnect with
``Last-Event-ID`` gives every event exactly once.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection

from dispatch.adapters.store import SqlStore
from dispatch.api.metrics import Metrics
from dispatch.domain.event import Event
from dispatch.errors import StoreError

KEPT = 2000
"""Events in memory."""
PAGE = 500
PERIOD_S = 0.2
_LOG = logging.getLogger("servicenet.stream")


class EventHub:
    """Events for listeners of one process.

    Parameters
    ----------
    store
        Whose log.
    metrics
        Counts listeners.
    changed
        Is told the days on which something happened, on the event loop: it must not wait.

    Attributes
    ----------
    begun
        Set once `run` knows where the log ends.
    head
        Sequence of the last event known.
    """

    def __init__(
        self,
        store: SqlStore,
        metrics: Metrics,
        changed: Callable[[Collection[str]], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._changed = changed
        self._metrics = metrics
        self._kept: deque[Event] = deque(maxlen=KEPT)
        self._bells: dict[str | None, asyncio.Event] = {}
        self._lines: dict[int, bytes] = {}
        self._stopped = False
        self.begun = asyncio.Event()
        self.head = 0
        self.reads = 0
        self.listeners = 0

    async def run(self) -> None:
        """Follow the log until `stop`; a store that cannot be read is asked again."""
        while not self._stopped:
            try:
                if not self.begun.is_set():
                    self.head = await asyncio.to_thread(self._read_head)
                    self.begun.set()
                    # Who came before that waits for events the log may have already.
                    self._ring(*self._bells)
                fresh = await asyncio.to_thread(self.read, self.head, PAGE)
            except StoreError as error:
                codes = [fault.code for fault in error.faults]
                _LOG.warning("log not read", extra={"fields": {"codes": codes}})
                fresh = ()
            if fresh:
                self._publish(fresh)
            if len(fresh) < PAGE:
                await asyncio.sleep(PERIOD_S)

    async def stop(self) -> None:
        """End `run` and every stream."""
        self._stopped = True
        self.begun.set()
        self._ring(*self._bells)

    def read(self, after: int, limit: int) -> tuple[Event, ...]:
        """Read events behind a sequence from the store."""
        self.reads += 1
        with self._store.read() as reader:
            return tuple(reader.events(after=after, limit=limit))

    def _read_head(self) -> int:
        with self._store.read() as reader:
            return reader.head().sequence

    def _publish(self, fresh: tuple[Event, ...]) -> None:
        self._kept.extend(fresh)
        self.head = fresh[-1].sequence
        self._metrics.sequence.set(self.head)
        days = {event.day for event in fresh}
        self._changed(days)
        self._ring(None, *days)

    def _ring(self, *days: str | None) -> None:
        """Wake who listens to these days; None = to all of them."""
        for day in days:
            bell = self._bells.pop(day, None)
            if bell is not None:
                bell.set()

    def line(self, sequence: int, make: Callable[[], bytes]) -> bytes:
        """Return what an event is told as, made once for all who are told the same."""
        found = self._lines.get(sequence)
        if found is None:
            found = self._lines[sequence] = make()
            while len(self._lines) > KEPT:
                del self._lines[next(iter(self._lines))]
        return found

    async def follow(
        self, after: int | None, idle_s: float, day: str | None = None
    ) -> AsyncIterator[Event | None]:
        """Give every event behind ``after`` in order; None where nothing came for a while.

        Parameters
        ----------
        after
            Sequence of the last event the listener knows; None = only what is new.
        idle_s
            After how many seconds of silence None is given, so that dead connections are found.
        day
            Only events of this day; what happens elsewhere does not even wake the listener.
        """
        if after is None:
            # Where the log ends is not known before the first look at it.
            await self.begun.wait()
        cursor = self.head if after is None else after
        self.listeners += 1
        self._metrics.listeners.set(self.listeners)
        try:
            while not self._stopped:
                head, batch = self.head, await self._next(cursor)
                for event in batch:
                    if day is None or event.day == day:
                        yield event
                    cursor = event.sequence
                if batch:
                    continue
                # Up to there the log has nothing more, so there is nothing to ask for again.
                cursor = max(cursor, head)
                if not await self._wait(cursor, idle_s, day):
                    yield None
        finally:
            self.listeners -= 1
            self._metrics.listeners.set(self.listeners)

    async def _next(self, cursor: int) -> tuple[Event, ...]:
        if cursor >= self.head:
            return ()
        kept = tuple(self._kept)
        if kept and kept[0].sequence <= cursor + 1 and kept[-1].sequence > cursor:
            return tuple(event for event in kept if event.sequence > cursor)
        return await asyncio.to_thread(self.read, cursor, PAGE)

    async def _wait(self, cursor: int, idle_s: float, day: str | None) -> bool:
        if self.head > cursor or self._stopped:
            return True
        bell = self._bells.setdefault(day, asyncio.Event())
        try:
            async with asyncio.timeout(idle_s):
                await bell.wait()
        except TimeoutError:
            return False
        return True
