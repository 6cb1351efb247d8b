"""Commands on a store: what may be written, and what it leaves in the log.

Every rule is here, above the port `rows`, so memory and databases cannot differ in one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from dispatch.domain.day import Day
from dispatch.domain.event import (
    MAX_REASON,
    DayOpened,
    DayRevised,
    Event,
    Fact,
    Revision,
    Undone,
)
from dispatch.domain.plan import DayPlan
from dispatch.errors import Conflict, StoreError
from dispatch.live.store.chain import canonical, sealed
from dispatch.live.store.codes import StoreCode, fault
from dispatch.live.store.documents import MAX_PAYLOAD_BYTES, check_size, pack
from dispatch.live.store.reader import Fittings, Reader, read_event
from dispatch.live.store.request import Receipt, Request
from dispatch.live.store.rows import DayRow, EventRow, Rows, VersionRow


class Writer(Reader):
    """A store inside a command. Everything is kept, or nothing.

    Parameters
    ----------
    rows
        Rows of an open writing transaction.
    fittings
        What the store shares between transactions.
    request
        Whose command it is.
    """

    def __init__(self, rows: Rows, fittings: Fittings, request: Request) -> None:
        super().__init__(rows, fittings)
        self._request = request
        self._written: list[EventRow] = []
        self._over = False

    def open_day(self, document: Day, faults: str = "") -> Event:
        """Bring a day to the store; its version 1 has no plan.

        Parameters
        ----------
        faults
            Where the faults of its file are kept.

        Raises
        ------
        StoreError
            S2002: the store has this day; S2006: it is too large; S2015: its id or zone holds
            control characters.
        """
        check_name(document.id, "id of the day")
        if self.find_day(document.id) is not None:
            found = f"day {document.id} again"
            raise StoreError(
                [fault(StoreCode.DAY_EXISTS, "day", found, "a day that is not in the store")]
            )
        revision = Revision(version=1, origin=1, document=self._keep(document, "day document"))
        self._rows.insert_day(DayRow(document.id, document.zone, 0))
        fact = DayOpened(zone=document.zone, revision=revision, faults=faults)
        return self._write(document.id, fact, revision)

    def record(self, day: str, fact: Fact) -> Event:
        """Record a fact that makes no version.

        Raises
        ------
        StoreError
            S2001: no such day; S2006: the payload is too large; S2012: a kind the store writes
            itself; S2013: a kind it does not know.
        """
        self.get_day(day)
        where = f"event of day {day}"
        if isinstance(fact, DayOpened | DayRevised | Undone):
            expected = "a fact; open_day, revise and undo write this kind"
            raise StoreError([fault(StoreCode.NOT_UNDOABLE, where, fact.kind, expected)])
        return self._write(day, fact)

    def revise(
        self,
        day: str,
        *,
        expected: int,
        reason: str,
        plan: DayPlan | None = None,
        document: Day | None = None,
    ) -> Event:
        """Put another plan, another day document, or both, in force.

        Parameters
        ----------
        day
            Which day.
        expected
            Version the change was made for.
        reason
            Why, for people.
        plan, document
            What is new; the other is carried over.

        Raises
        ------
        Conflict
            S2003: another version is in force by now.
        StoreError
            S2001, S2006, or S2014: plan or document belong to another day or zone.
        """
        check_reason(reason)
        current = self._expect(day, expected)
        self._check_belongs(day, plan, document)
        version = current.version + 1
        revision = current.model_copy(
            update={"version": version, "parent": current.version, "origin": version}
        )
        if plan is not None:
            digest = self._keep(plan, f"plan of day {day}")
            revision = revision.model_copy(update={"plan": digest, "travel": plan.travel_hash})
        if document is not None:
            digest = self._keep(document, f"document of day {day}")
            revision = revision.model_copy(update={"document": digest})
        return self._write(day, DayRevised(revision=revision, reason=reason), revision)

    def undo(self, sequence: int, *, expected: int, reason: str = "") -> Event:
        """Undo an event by a compensating one; undoing that one redoes the first.

        An event that made a version can be undone while its content is in force; its day then gets
        a version with the content before it. Others only stop to hold (`Reader.holds`).

        Parameters
        ----------
        sequence
            Which event.
        expected
            Version of its day the decision was made for.
        reason
            Why, for people.

        Raises
        ------
        Conflict
            S2003: another version is in force by now; S2010: undone already; S2011: later
            versions are built upon it.
        StoreError
            S2009: no such event; S2012: a day cannot be un-opened.
        """
        check_reason(reason)
        row = self._get_row(sequence)
        where = f"event {sequence} of day {row.day}"
        current = self._expect(row.day, expected)
        undoing = self._find_last_undoing(sequence)
        if undoing is not None:
            found = f"undone by event {self._rows.find_undoing(sequence)}"
            hint = f"Undo event {undoing} instead."
            raise Conflict(
                [fault(StoreCode.UNDONE_ALREADY, where, found, "an event never undone", hint)]
            )
        revision = self._content_before(sequence, where, current)
        return self._write(
            row.day, Undone(undoes=sequence, revision=revision, reason=reason), revision
        )

    def close(self) -> None:
        """End the command: what is written from now on would be in no transaction."""
        self._over = True

    def written(self) -> tuple[Event, ...]:
        """Return the events of this command so far."""
        return tuple(read_event(row, self._fittings.kinds) for row in self._written)

    def _expect(self, day: str, expected: int) -> Revision:
        current = self.get_version(day)
        if current.revision.version != expected:
            raise Conflict(
                [
                    fault(
                        StoreCode.CONFLICT,
                        f"day {day}",
                        f"version {current.revision.version} in force, by {current.author}",
                        f"version {expected}, which the change was made for",
                        "Read the version in force and decide again.",
                    )
                ]
            )
        return current.revision

    def _find_last_undoing(self, sequence: int) -> int | None:
        """Find the end of the chain of undos that began with ``sequence``."""
        last, undoing = None, self._rows.find_undoing(sequence)
        while undoing is not None:
            last, undoing = undoing, self._rows.find_undoing(undoing)
        return last

    def _content_before(self, sequence: int, where: str, current: Revision) -> Revision | None:
        """Return the version that takes back what event ``sequence`` put in force."""
        made = self._rows.find_version_of(sequence)
        if made is None:
            return None
        if made.revision.parent is None:
            found = "the event that opened the day"
            raise StoreError([fault(StoreCode.NOT_UNDOABLE, where, found, "a later event")])
        if made.revision.origin != current.origin:
            found = f"version {current.version}, built upon it"
            expected = f"the content of version {made.revision.origin} in force"
            hint = "Undo the later versions first, or make a new plan."
            raise Conflict([fault(StoreCode.BUILT_UPON, where, found, expected, hint)])
        before = self.get_version(made.day, made.revision.parent).revision
        return before.model_copy(update={"version": current.version + 1, "parent": current.version})

    def _check_belongs(self, day: str, plan: DayPlan | None, document: Day | None) -> None:
        wrong = []
        if plan is None and document is None:
            wrong.append(("neither plan nor document", "one of the two"))
        if plan is not None and plan.day != day:
            wrong.append((f"a plan of day {plan.day}", f"a plan of day {day}"))
        if document is not None and document.id != day:
            wrong.append((f"the document of day {document.id}", f"that of day {day}"))
        zone = self.get_day(day).zone
        if document is not None and document.zone != zone:
            wrong.append((f"a document in the zone {document.zone}", f"the zone {zone}"))
        if wrong:
            raise StoreError(
                [fault(StoreCode.OTHER_DAY, f"day {day}", found, want) for found, want in wrong]
            )

    def _keep(self, model: Day | DayPlan, where: str) -> str:
        self._refuse_if_over(where)
        row = pack(model, where)
        self._rows.insert_document(row)
        self._fittings.shelf.keep(row.digest, model)
        return row.digest

    def _refuse_if_over(self, where: str) -> None:
        if self._over:
            found, expected = "a command that is over", "a writer inside its command"
            raise StoreError([fault(StoreCode.OVER, where, found, expected)])

    def _write(self, day: str, fact: Fact, revision: Revision | None = None) -> Event:
        where = f"event of day {day}"
        self._refuse_if_over(where)
        if self._fittings.kinds.by_name.get(fact.kind) is not type(fact):
            expected = "a kind the store was opened with"
            raise StoreError([fault(StoreCode.KIND_UNKNOWN, where, repr(fact.kind), expected)])
        payload = canonical(fact.payload())
        check_size(len(payload.encode("utf-8")), MAX_PAYLOAD_BYTES, where)
        row = self._row(day, fact, payload)
        event = read_event(row, self._fittings.kinds)
        self._rows.append(row)
        if revision is not None:
            reason = getattr(fact, "reason", "")
            self._rows.insert_version(
                VersionRow(day, revision, row.sequence, row.at, row.by, reason)
            )
        self._written.append(row)
        return event

    def _row(self, day: str, fact: Fact, payload: str) -> EventRow:
        head = self._rows.head()
        return sealed(
            EventRow(
                sequence=head.sequence + 1,
                at=self._request.at,
                by=self._request.by,
                day=day,
                zone=self.get_day(day).zone,
                kind=fact.kind,
                payload=payload,
                request_id=self._request.id,
                part=len(self._written),
                request_digest=self._request.digest,
                undoes=fact.undoes if isinstance(fact, Undone) else None,
                previous_hash=head.hash,
                hash="",
            )
        )


def check_name(name: str, where: str) -> None:
    """Refuse control characters, which not every database can keep.

    Raises
    ------
    StoreError
        S2015.
    """
    if any(unicodedata.category(letter)[0] == "C" for letter in name):
        expected = "text without control characters"
        raise StoreError([fault(StoreCode.DAY_ID_FORM, where, repr(name), expected)])


def check_reason(reason: str) -> None:
    """Refuse a reason longer than `MAX_REASON` characters.

    Raises
    ------
    StoreError
        S2006.
    """
    if len(reason) > MAX_REASON:
        found, expected = f"{len(reason):,} characters", f"at most {MAX_REASON:,} characters"
        raise StoreError([fault(StoreCode.TOO_LARGE, "reason", found, expected)])


def run_command(
    rows: Rows, fittings: Fittings, request: Request, work: Callable[[Writer], None]
) -> Receipt:
    """Run ``work`` in an open writing transaction, unless its request was committed before.

    Raises
    ------
    StoreError
        S2007: the request id was used for something else, or by somebody else; what ``work``
        raises.
    """
    rows.head()  # from here on nobody else writes, so what is read now stays true
    done = rows.request(request.id)
    if done:
        _check_same(done[0], request)
        return Receipt(tuple(read_event(row, fittings.kinds) for row in done), repeated=True)
    writer = Writer(rows, fittings, request)
    try:
        work(writer)
    finally:
        writer.close()
    return Receipt(writer.written())


def _check_same(row: EventRow, request: Request) -> None:
    if (row.request_digest, row.by) != (request.digest, request.by):
        found = f"an id of event {row.sequence}, asked by {row.by}"
        hint = "Give every command an id of its own; repeat one only word for word."
        where = f"request {request.id}"
        raise StoreError(
            [fault(StoreCode.REQUEST_REUSED, where, found, "a new id, or the same command", hint)]
        )
