"""Reading a store: days, plans by version, events; one consistent moment for all of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from dispatch.domain.day import Day
from dispatch.domain.event import Event, EventKinds, UnknownKind
from dispatch.domain.plan import DayPlan
from dispatch.errors import StoreError
from dispatch.live.store.codes import StoreCode, fault
from dispatch.live.store.documents import Shelf
from dispatch.live.store.rows import DayRow, EventRow, Head, Rows, VersionRow


@dataclass(frozen=True, slots=True)
class Fittings:
    """What a store shares between its transactions.

    Parameters
    ----------
    kinds
        Facts it reads and writes.
    shelf
        Documents read last.
    """

    kinds: EventKinds
    shelf: Shelf


class Reader:
    """A store as it was at one moment.

    Parameters
    ----------
    rows
        Rows of an open transaction.
    fittings
        What the store shares between transactions.
    """

    def __init__(self, rows: Rows, fittings: Fittings) -> None:
        self._rows = rows
        self._fittings = fittings

    def head(self) -> Head:
        """Return the end of the log: its last sequence and hash."""
        return self._rows.head()

    def days(self) -> tuple[DayRow, ...]:
        """Return every day with its version in force, by id."""
        return self._rows.days()

    def find_day(self, day: str) -> DayRow | None:
        """Find a day and its version in force."""
        return self._rows.find_day(day)

    def get_day(self, day: str) -> DayRow:
        """Return a day and its version in force.

        Raises
        ------
        StoreError
            S2001: no such day.
        """
        found = self._rows.find_day(day)
        if found is None:
            raise StoreError(
                [fault(StoreCode.DAY_UNKNOWN, "day", repr(day), "a day of this store")]
            )
        return found

    def get_version(self, day: str, version: int | None = None) -> VersionRow:
        """Return a version of a day; by default the one in force.

        Raises
        ------
        StoreError
            S2001, or S2004: no such version.
        """
        current = self.get_day(day).version
        found = self._rows.find_version(day, current if version is None else version)
        if found is None:
            raise StoreError(
                [
                    fault(
                        StoreCode.VERSION_UNKNOWN,
                        f"day {day}",
                        f"version {version}",
                        f"a version from 1 to {current}",
                    )
                ]
            )
        return found

    def versions(self, day: str) -> tuple[VersionRow, ...]:
        """Return all versions of a day in order.

        Raises
        ------
        StoreError
            S2001: no such day.
        """
        self.get_day(day)
        return tuple(self._rows.versions(day))

    def get_document(self, day: str, version: int | None = None) -> Day:
        """Return the day document of a version; by default of the one in force.

        Raises
        ------
        StoreError
            S2001, S2004, or S3006: the document is missing or damaged.
        """
        revision = self.get_version(day, version).revision
        where = f"day {day} version {revision.version}"
        return self._fittings.shelf.get(self._rows, revision.document, Day, where)

    def find_plan(self, day: str, version: int | None = None) -> DayPlan | None:
        """Find the plan of a version, by default of the one in force; None before the first plan.

        Raises
        ------
        StoreError
            S2001, S2004, or S3006: the document is missing or damaged.
        """
        revision = self.get_version(day, version).revision
        if revision.plan is None:
            return None
        where = f"plan of day {day} version {revision.version}"
        return self._fittings.shelf.get(self._rows, revision.plan, DayPlan, where)

    def get_plan(self, day: str, version: int | None = None) -> DayPlan:
        """Return the plan of a version; by default of the one in force.

        Raises
        ------
        StoreError
            As `find_plan`, or S2005: the version has no plan yet.
        """
        found = self.find_plan(day, version)
        if found is None:
            where = f"day {day}"
            raise StoreError([fault(StoreCode.NO_PLAN, where, "no plan yet", "a version with one")])
        return found

    def events(
        self, day: str | None = None, after: int = 0, limit: int | None = None
    ) -> Iterator[Event]:
        """Give events in order.

        Parameters
        ----------
        day
            Only those of one day.
        after
            Only those with a greater sequence.
        limit
            At most that many.

        Raises
        ------
        StoreError
            S2013: an event of a kind this program does not know; S3005: a damaged one.
        """
        return (self._event(row) for row in self._rows.events(day, after, limit))

    def get_event(self, sequence: int) -> Event:
        """Return an event.

        Raises
        ------
        StoreError
            S2009: no such event; S2013 and S3005 as for `events`.
        """
        return self._event(self._get_row(sequence))

    def find_request(self, request_id: str) -> tuple[Event, ...]:
        """Find the events of a request; empty if it was never committed."""
        return tuple(self._event(row) for row in self._rows.request(request_id))

    def holds(self, sequence: int) -> bool:
        """Return whether an event counts: nothing that counts undoes it.

        Raises
        ------
        StoreError
            S2009: no such event.
        """
        self._get_row(sequence)
        # An undo always has a later sequence, so the walk ends.
        counts, undoing = True, self._rows.find_undoing(sequence)
        while undoing is not None:
            counts, undoing = not counts, self._rows.find_undoing(undoing)
        return counts

    def _get_row(self, sequence: int) -> EventRow:
        row = self._rows.find_event(sequence)
        if row is None:
            where = f"event {sequence}"
            found = "no such event"
            raise StoreError([fault(StoreCode.EVENT_UNKNOWN, where, found, "an event of the log")])
        return row

    def _event(self, row: EventRow) -> Event:
        return read_event(row, self._fittings.kinds)


def read_event(row: EventRow, kinds: EventKinds) -> Event:
    """Make the event of a row.

    Raises
    ------
    StoreError
        S2013: its kind is unknown here; S3005: it does not fit its kind.
    """
    where = f"event {row.sequence} of day {row.day}"
    try:
        what = kinds.read(row.kind, row.payload)
        return Event(
            sequence=row.sequence,
            at=row.at,
            by=row.by,
            day=row.day,
            request_id=row.request_id,
            what=what,
        )
    except UnknownKind:
        hint = "A newer program, or one with more kinds, wrote it; read the store with that one."
        raise StoreError(
            [fault(StoreCode.KIND_UNKNOWN, where, repr(row.kind), "a known kind", hint)]
        ) from None
    except ValidationError as error:
        first = error.errors()[0]
        found = f"{row.kind}: {'.'.join(map(str, first['loc'])) or 'payload'}: {first['msg']}"
        expected = "the fields of its kind"
        raise StoreError([fault(StoreCode.PAYLOAD, where, found, expected)]) from None
