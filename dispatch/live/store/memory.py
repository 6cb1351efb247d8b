"""A store in memory: for simulated days and tests.

Events, versions and documents are only ever added. So a moment of the store is the tables and the
length of the log then, readers need no lock, and a command is added whole or not at all.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import TextIO

from dispatch.domain.event import STORE_KINDS, EventKinds
from dispatch.errors import Fault, StoreBusy
from dispatch.live.store.chain import GENESIS
from dispatch.live.store.check import check_rows
from dispatch.live.store.codes import StoreCode, fault
from dispatch.live.store.documents import Shelf
from dispatch.live.store.export import read_rows, write_rows
from dispatch.live.store.reader import Fittings, Reader
from dispatch.live.store.request import Receipt, Request
from dispatch.live.store.rows import DayRow, DocumentRow, EventRow, Head, VersionRow
from dispatch.live.store.writer import Writer, run_command

BUSY_TIMEOUT_S = 5.0


@dataclass(slots=True)
class _Tables:
    """All rows, with the ways to find them; only a commit adds."""

    events: list[EventRow] = field(default_factory=list)
    of_day: dict[str, list[EventRow]] = field(default_factory=lambda: defaultdict(list))
    of_request: dict[str, tuple[EventRow, ...]] = field(default_factory=dict)
    undoing: dict[int, int] = field(default_factory=dict)
    documents: dict[str, DocumentRow] = field(default_factory=dict)
    versions: dict[str, list[VersionRow]] = field(default_factory=lambda: defaultdict(list))
    version_of: dict[int, VersionRow] = field(default_factory=dict)

    def add(self, rows: MemoryRows) -> None:
        """Add what a command wrote."""
        for event in rows.new_events:
            self.events.append(event)
            self.of_day[event.day].append(event)
            before = self.of_request.get(event.request_id, ())
            self.of_request[event.request_id] = (*before, event)
            if event.undoes is not None:
                self.undoing[event.undoes] = event.sequence
        self.documents.update(rows.new_documents)
        for version in rows.new_versions:
            self.versions[version.day].append(version)
            self.version_of[version.sequence] = version


class MemoryRows:
    """The rows up to one moment, and those of the running command.

    Parameters
    ----------
    tables
        Shared rows; those behind ``head`` are left alone.
    head
        The moment.
    days
        Days then; replaced, never changed.
    """

    def __init__(self, tables: _Tables, head: Head, days: dict[str, DayRow]) -> None:
        self._tables = tables
        self._start = head.sequence
        self._head = head
        self.new_days = days
        self.new_events: list[EventRow] = []
        self.new_documents: dict[str, DocumentRow] = {}
        self.new_versions: list[VersionRow] = []

    def head(self) -> Head:
        """Return the end of the log."""
        return self._head

    def append(self, row: EventRow) -> None:
        """Add an event and move the head to it."""
        self.new_events.append(row)
        self._head = Head(row.sequence, row.hash)

    def find_event(self, sequence: int) -> EventRow | None:
        """Find an event."""
        if 0 < sequence <= self._start:
            return self._tables.events[sequence - 1]
        return next((row for row in self.new_events if row.sequence == sequence), None)

    def events(
        self, day: str | None = None, after: int = 0, limit: int | None = None
    ) -> Iterator[EventRow]:
        """Give events behind ``after`` in order, of one day or of all."""
        kept: Iterator[EventRow]
        if day is None:
            kept = islice(self._tables.events, min(after, self._start), self._start)
        else:
            kept = iter(self._tables.of_day.get(day, ()))
        rows = (row for row in kept if after < row.sequence <= self._start)
        new = (row for row in self.new_events if row.sequence > after and day in {None, row.day})
        return islice(chain(rows, new), limit)

    def request(self, request_id: str) -> tuple[EventRow, ...]:
        """Return the events of a request in order."""
        kept = self._tables.of_request.get(request_id, ())
        return tuple(row for row in kept if row.sequence <= self._start)

    def find_undoing(self, sequence: int) -> int | None:
        """Find the event that undoes this one."""
        kept = self._tables.undoing.get(sequence)
        if kept is not None and kept <= self._start:
            return kept
        return next((row.sequence for row in self.new_events if row.undoes == sequence), None)

    def insert_document(self, row: DocumentRow) -> None:
        """Keep a document, unless it is there."""
        self.new_documents[row.digest] = row

    def find_document(self, digest: str) -> DocumentRow | None:
        """Find a document."""
        return self.new_documents.get(digest) or self._tables.documents.get(digest)

    def documents(self) -> Iterator[DocumentRow]:
        """Give every document, by digest."""
        every = {**self._tables.documents, **self.new_documents}
        return (every[digest] for digest in sorted(every))

    def insert_day(self, row: DayRow) -> None:
        """Add a day."""
        self.new_days = {**self.new_days, row.id: row}

    def find_day(self, day: str) -> DayRow | None:
        """Find a day."""
        return self.new_days.get(day)

    def days(self) -> tuple[DayRow, ...]:
        """Return all days by id."""
        return tuple(self.new_days[day] for day in sorted(self.new_days))

    def insert_version(self, row: VersionRow) -> None:
        """Add a version and put it in force."""
        self.new_versions.append(row)
        day = replace(self.new_days[row.day], version=row.revision.version)
        self.new_days = {**self.new_days, row.day: day}

    def find_version(self, day: str, version: int) -> VersionRow | None:
        """Find a version."""
        kept = self._tables.versions.get(day, ())
        if 0 < version <= len(kept) and kept[version - 1].sequence <= self._start:
            return kept[version - 1]
        same = (row for row in self.new_versions if row.day == day)
        return next((row for row in same if row.revision.version == version), None)

    def find_version_of(self, sequence: int) -> VersionRow | None:
        """Find the version an event made."""
        kept = self._tables.version_of.get(sequence)
        if kept is not None and sequence <= self._start:
            return kept
        return next((row for row in self.new_versions if row.sequence == sequence), None)

    def versions(self, day: str | None = None) -> Iterator[VersionRow]:
        """Give versions, those of a day in order; of one day or of all."""
        for name in sorted(self.new_days) if day is None else [day]:
            kept = self._tables.versions.get(name, ())
            yield from (row for row in kept if row.sequence <= self._start)
            yield from (row for row in self.new_versions if row.day == name)


class MemoryStore:
    """A store that ends with the process; see `dispatch.live.store.Store`.

    Parameters
    ----------
    kinds
        Facts beside the store's own.
    busy_timeout_s
        How long a command waits for another.
    """

    def __init__(
        self, kinds: EventKinds | None = None, *, busy_timeout_s: float = BUSY_TIMEOUT_S
    ) -> None:
        self._fittings = Fittings(STORE_KINDS | kinds if kinds else STORE_KINDS, Shelf())
        self._timeout_s = busy_timeout_s
        self._lock = threading.Lock()
        self._tables = _Tables()
        self._moment: tuple[Head, dict[str, DayRow]] = (Head(0, GENESIS), {})

    def execute(self, request: Request, work: Callable[[Writer], None]) -> Receipt:
        """Run a command; see `dispatch.live.store.Store.execute`."""
        with self._write() as rows:
            return run_command(rows, self._fittings, request, work)

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """Open the store as it is at this moment."""
        yield Reader(MemoryRows(self._tables, *self._moment), self._fittings)

    def check_log(self) -> tuple[Fault, ...]:
        """Verify log, versions and documents against each other; return every fault."""
        return check_rows(MemoryRows(self._tables, *self._moment), self._fittings.kinds)

    def export_log(self, out: TextIO) -> Head:
        """Write everything as JSON lines; see `dispatch.live.store.export`."""
        return write_rows(MemoryRows(self._tables, *self._moment), self._fittings.kinds, out)

    def restore_log(self, lines: Iterable[str]) -> Head:
        """Fill this empty store from JSON lines; see `dispatch.live.store.export`."""
        with self._write() as rows:
            return read_rows(rows, self._fittings.kinds, lines)

    @contextmanager
    def _write(self) -> Iterator[MemoryRows]:
        if not self._lock.acquire(timeout=self._timeout_s):
            found = f"another command for {self._timeout_s:g} s"
            expected = "the store to become free"
            hint = "Repeat the same request."
            raise StoreBusy([fault(StoreCode.BUSY, "store", found, expected, hint)])
        try:
            rows = MemoryRows(self._tables, *self._moment)
            yield rows
            self._tables.add(rows)
            self._moment = (rows.head(), rows.new_days)
        finally:
            self._lock.release()

    def close(self) -> None:
        """Do nothing: memory goes with its owner."""
