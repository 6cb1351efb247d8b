"""What a store keeps, as plain rows, and the few things any place that keeps them has to do.

The rules (idempotency, optimistic locking, undo, the chain) are written once above this port, in
`reader`, `writer` and `check`; memory and databases only keep rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dispatch.domain.event import Revision


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the log.

    Parameters
    ----------
    sequence
        Of the last event; 0 for an empty log.
    hash
        Of the last event; `chain.GENESIS` for an empty log.
    """

    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event as it is kept.

    Parameters
    ----------
    sequence, at, by, day, kind, request_id
        As in `dispatch.domain.event.Event`; ``at`` in UTC.
    zone
        IANA zone in which people of the day read ``at``.
    payload
        JSON text of the fact without its kind; kept to the letter, because it is hashed.
    part
        Place among the events of its request, from 0.
    request_digest
        SHA-256 of what was asked for.
    undoes
        Sequence of the event this one undoes.
    previous_hash, hash
        Of the event before and of this one.
    """

    sequence: int
    at: datetime
    by: str
    day: str
    zone: str
    kind: str
    payload: str
    request_id: str
    part: int
    request_digest: str
    undoes: int | None
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day and the version in force."""

    id: str
    zone: str
    version: int


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of a day and the event that made it (``sequence``).

    ``author``, ``at`` and ``reason`` repeat the event's, so that a list of versions is one query.
    """

    day: str
    revision: Revision
    sequence: int
    at: datetime
    author: str
    reason: str


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document under its digest.

    Parameters
    ----------
    digest
        SHA-256 of the JSON text.
    size
        Bytes of the text.
    body
        The text in UTF-8, compressed (zlib).
    """

    digest: str
    size: int
    body: bytes


class Rows(Protocol):
    """The rows of a store inside one transaction."""

    def head(self) -> Head:
        """Return the end of the log; in a writing transaction nobody else can move it."""

    def append(self, row: EventRow) -> None:
        """Add an event and move the head to it."""

    def find_event(self, sequence: int) -> EventRow | None:
        """Find an event."""

    def events(
        self, day: str | None = None, after: int = 0, limit: int | None = None
    ) -> Iterator[EventRow]:
        """Give events behind ``after`` in order, of one day or of all."""

    def request(self, request_id: str) -> tuple[EventRow, ...]:
        """Return the events of a request in order."""

    def find_undoing(self, sequence: int) -> int | None:
        """Find the event that undoes this one."""

    def insert_document(self, row: DocumentRow) -> None:
        """Keep a document, unless it is there."""

    def find_document(self, digest: str) -> DocumentRow | None:
        """Find a document."""

    def documents(self) -> Iterator[DocumentRow]:
        """Give every document, by digest."""

    def insert_day(self, row: DayRow) -> None:
        """Add a day."""

    def find_day(self, day: str) -> DayRow | None:
        """Find a day."""

    def days(self) -> tuple[DayRow, ...]:
        """Return all days by id."""

    def insert_version(self, row: VersionRow) -> None:
        """Add a version and put it in force."""

    def find_version(self, day: str, version: int) -> VersionRow | None:
        """Find a version."""

    def find_version_of(self, sequence: int) -> VersionRow | None:
        """Find the version an event made."""

    def versions(self, day: str | None = None) -> Iterator[VersionRow]:
        """Give versions, those of a day in order; of one day or of all."""
