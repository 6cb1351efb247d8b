"""The rows of a store in a database: one statement each, values always bound, never pasted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from dispatch.adapters.store import tables as t
from dispatch.domain.event import Revision
from dispatch.live.store.rows import DayRow, DocumentRow, EventRow, Head, VersionRow

PAGE = 1000
"""Rows fetched at once when a table is walked."""


class SqlRows:
    """See `dispatch.live.store.rows.Rows`.

    Parameters
    ----------
    connection
        With an open transaction.
    writing
        Whether it will write: the head is then locked until the end.
    """

    def __init__(self, connection: Connection, *, writing: bool) -> None:
        self._connection = connection
        self._writing = writing
        self._head: Head | None = None

    def head(self) -> Head:
        """Return the end of the log: of the moment one reads, or locked where one writes."""
        if self._head is not None:
            return self._head
        query = select(t.head.c.sequence, t.head.c.hash).where(t.head.c.id == 1)
        # SQLite has locked the whole file by then (BEGIN IMMEDIATE) and knows no FOR UPDATE.
        row = self._connection.execute(query.with_for_update() if self._writing else query).one()
        self._head = Head(row.sequence, row.hash)
        return self._head

    def append(self, row: EventRow) -> None:
        """Add an event and move the head to it."""
        columns = {name: getattr(row, name) for name in EventRow.__slots__}
        self._connection.execute(insert(t.event), columns)
        moved = update(t.head).where(t.head.c.id == 1)
        self._connection.execute(moved.values(sequence=row.sequence, hash=row.hash))
        self._head = Head(row.sequence, row.hash)

    def find_event(self, sequence: int) -> EventRow | None:
        """Find an event."""
        query = select(t.event).where(t.event.c.sequence == sequence)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _event(row)

    def events(
        self, day: str | None = None, after: int = 0, limit: int | None = None
    ) -> Iterator[EventRow]:
        """Give events behind ``after`` in order, of one day or of all."""
        query = select(t.event)
        if day is not None:
            query = query.where(t.event.c.day == day)
        return islice(map(_event, self._walk(query, t.event.c.sequence, after)), limit)

    def request(self, request_id: str) -> tuple[EventRow, ...]:
        """Return the events of a request in order."""
        query = select(t.event).where(t.event.c.request_id == request_id).order_by(t.event.c.part)
        return tuple(_event(row) for row in self._connection.execute(query))

    def find_undoing(self, sequence: int) -> int | None:
        """Find the event that undoes this one."""
        query = select(t.event.c.sequence).where(t.event.c.undoes == sequence)
        return self._connection.execute(query).scalar_one_or_none()

    def insert_document(self, row: DocumentRow) -> None:
        """Keep a document, unless it is there."""
        make = sqlite.insert if self._connection.dialect.name == "sqlite" else postgresql.insert
        columns = {"digest": row.digest, "size": row.size, "body": row.body}
        self._connection.execute(make(t.document).values(columns).on_conflict_do_nothing())

    def find_document(self, digest: str) -> DocumentRow | None:
        """Find a document."""
        query = select(t.document).where(t.document.c.digest == digest)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else DocumentRow(row.digest, row.size, bytes(row.body))

    def documents(self) -> Iterator[DocumentRow]:
        """Give every document, by digest; one at a time, because they may be large."""
        query = select(t.document.c.digest).order_by(t.document.c.digest)
        for digest in self._connection.execute(query).scalars().all():
            row = self.find_document(digest)
            if row is not None:
                yield row

    def insert_day(self, row: DayRow) -> None:
        """Add a day."""
        columns = {"id": row.id, "zone": row.zone, "version": row.version}
        self._connection.execute(insert(t.day), columns)

    def find_day(self, day: str) -> DayRow | None:
        """Find a day."""
        row = self._connection.execute(select(t.day).where(t.day.c.id == day)).one_or_none()
        return None if row is None else DayRow(row.id, row.zone, row.version)

    def days(self) -> tuple[DayRow, ...]:
        """Return all days by id."""
        found = self._connection.execute(select(t.day))
        # Sorted here: databases order text by rules of their own.
        rows = (DayRow(row.id, row.zone, row.version) for row in found)
        return tuple(sorted(rows, key=lambda row: row.id))

    def insert_version(self, row: VersionRow) -> None:
        """Add a version and put it in force."""
        columns = {
            **row.revision.model_dump(),
            "day": row.day,
            "sequence": row.sequence,
            "at": row.at,
            "author": row.author,
            "reason": row.reason,
        }
        self._connection.execute(insert(t.version), columns)
        pointer = update(t.day).where(t.day.c.id == row.day)
        self._connection.execute(pointer.values(version=row.revision.version))

    def find_version(self, day: str, version: int) -> VersionRow | None:
        """Find a version."""
        here = t.version.c.day == day, t.version.c.version == version
        row = self._connection.execute(select(t.version).where(*here)).one_or_none()
        return None if row is None else _version(row)

    def find_version_of(self, sequence: int) -> VersionRow | None:
        """Find the version an event made."""
        query = select(t.version).where(t.version.c.sequence == sequence)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _version(row)

    def versions(self, day: str | None = None) -> Iterator[VersionRow]:
        """Give versions in the order they were made, of one day or of all."""
        query = select(t.version)
        if day is not None:
            query = query.where(t.version.c.day == day)
        return map(_version, self._walk(query, t.version.c.sequence, 0))

    def _walk(
        self, query: Select[Any], sequence: ColumnElement[int], after: int
    ) -> Iterator[Row[Any]]:
        """Give the rows behind ``after`` page by page: no cursor stays open between them."""
        while True:
            next_page = query.where(sequence > after).order_by(sequence).limit(PAGE)
            page: Sequence[Row[Any]] = self._connection.execute(next_page).all()
            yield from page
            if len(page) < PAGE:
                return
            after = page[-1].sequence


def _event(row: Row[Any]) -> EventRow:
    return EventRow(*(getattr(row, name) for name in EventRow.__slots__))


def _version(row: Row[Any]) -> VersionRow:
    # Not validated: a damaged row has to reach the check that names it.
    revision = Revision.model_construct(
        version=row.version,
        parent=row.parent,
        origin=row.origin,
        document=row.document,
        plan=row.plan,
        travel=row.travel,
    )
    return VersionRow(row.day, revision, row.sequence, row.at, row.author, row.reason)
