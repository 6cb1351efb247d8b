"""Does the log verify? Every fault at once, each with the row it is in.

The log is read from its first event; versions, pointers and documents have to be what it says.
"""

from __future__ import annotations

from dispatch.domain.event import Event, EventKinds, Revision, Undone
from dispatch.errors import Fault, StoreError
from dispatch.live.store.chain import GENESIS, hash_of
from dispatch.live.store.codes import StoreCode, fault
from dispatch.live.store.documents import find_damage
from dispatch.live.store.reader import read_event
from dispatch.live.store.rows import EventRow, Head, Rows, VersionRow

HINT = "The row was changed outside the program, or the disk is damaged; compare with a backup."


def check_rows(rows: Rows, kinds: EventKinds) -> tuple[Fault, ...]:
    """Check everything a store keeps.

    Parameters
    ----------
    rows
        Rows of an open transaction.
    kinds
        Facts the program knows.
    """
    check = LogCheck(kinds)
    for row in rows.events():
        check.add(row)
    check.end(rows.head())
    return (*check.faults, *_check_versions(rows, check), *_check_documents(rows, check))


class LogCheck:
    """Follows a log from event to event.

    Parameters
    ----------
    kinds
        Facts the program knows.
    """

    def __init__(self, kinds: EventKinds) -> None:
        self.faults: list[Fault] = []
        self.versions: dict[tuple[str, int], VersionRow] = {}
        self.current: dict[str, VersionRow] = {}
        self.digests: dict[str, str] = {}
        self._kinds = kinds
        self._head = Head(0, GENESIS)
        self._day_of: dict[int, str] = {}
        self._undone: dict[int, int] = {}
        self._parts: dict[str, int] = {}

    def add(self, row: EventRow) -> None:
        """Check the next event."""
        where = name_event(row)
        self._check_chain(row, where)
        self._check_request(row, where)
        self._day_of[row.sequence] = row.day
        try:
            event = read_event(row, self._kinds)
        except StoreError as error:
            self.faults += error.faults
            return
        undoes = event.what.undoes if isinstance(event.what, Undone) else None
        if undoes != row.undoes:
            self._add(StoreCode.UNDO, where, f"column undoes {row.undoes}", f"{undoes}", HINT)
        if undoes is not None:
            self._check_undo(row, undoes, where)
        revision = getattr(event.what, "revision", None)
        if isinstance(revision, Revision):
            self._check_revision(event, row, revision, where)

    def end(self, head: Head) -> None:
        """Check that the log ends where the store says it ends."""
        if head != self._head:
            found = f"event {self._head.sequence} with hash {self._head.hash} as the last"
            expected = f"event {head.sequence} with hash {head.hash}"
            self._add(StoreCode.HEAD, "end of the log", found, expected, HINT)

    def _check_chain(self, row: EventRow, where: str) -> None:
        due = self._head.sequence + 1
        if row.sequence != due:
            found = f"events {due} to {row.sequence - 1} missing"
            self._add(StoreCode.SEQUENCE, where, found, f"event {due}", HINT)
        elif row.previous_hash != self._head.hash:
            found = f"previous hash {row.previous_hash}"
            self._add(StoreCode.CHAIN, where, found, f"{self._head.hash} of event {due - 1}", HINT)
        made = hash_of(row)
        if made != row.hash:
            self._add(StoreCode.HASH, where, f"hash {row.hash}", f"{made}, from its columns", HINT)
        self._head = Head(row.sequence, row.hash)

    def _check_request(self, row: EventRow, where: str) -> None:
        due = self._parts.get(row.request_id, 0)
        if row.part != due:
            found = f"part {row.part} of request {row.request_id}"
            self._add(StoreCode.SEQUENCE, where, found, f"part {due}", HINT)
        self._parts[row.request_id] = row.part + 1

    def _check_undo(self, row: EventRow, undoes: int, where: str) -> None:
        day = self._day_of.get(undoes)
        if day != row.day or undoes >= row.sequence:
            found = f"undoes event {undoes} of day {day}"
            self._add(StoreCode.UNDO, where, found, f"an earlier event of day {row.day}", HINT)
        if undoes in self._undone:
            found = f"undoes event {undoes}, as event {self._undone[undoes]} does"
            self._add(StoreCode.UNDO, where, found, "an event undone once", HINT)
        self._undone[undoes] = row.sequence

    def _check_revision(self, event: Event, row: EventRow, revision: Revision, where: str) -> None:
        before = self.current.get(row.day)
        parent = before.revision.version if before else None
        if (revision.version, revision.parent) != ((parent or 0) + 1, parent):
            found = f"version {revision.version} with parent {revision.parent}"
            expected = f"version {(parent or 0) + 1} with parent {parent}"
            self._add(StoreCode.REVISION, where, found, expected, HINT)
        reason = getattr(event.what, "reason", "")
        version = VersionRow(row.day, revision, row.sequence, row.at, row.by, reason)
        self.current[row.day] = self.versions[row.day, revision.version] = version
        for digest in (revision.document, revision.plan):
            if digest is not None:
                self.digests.setdefault(digest, where)

    def _add(self, code: StoreCode, where: str, found: str, expected: str, hint: str) -> None:
        self.faults.append(fault(code, where, found, expected, hint))


def name_event(row: EventRow) -> str:
    """Name an event for people."""
    return f"event {row.sequence} ({row.kind} of day {row.day})"


def _check_versions(rows: Rows, check: LogCheck) -> list[Fault]:
    """Compare kept versions and pointers with what the log says."""
    faults = []
    kept = {(row.day, row.revision.version): row for row in rows.versions()}
    for key in sorted({*kept, *check.versions}):
        found, expected = kept.get(key), check.versions.get(key)
        if found != expected:
            where = f"day {key[0]} version {key[1]}"
            texts = (_told(found), f"{_told(expected)}, as the log says")
            faults.append(fault(StoreCode.REVISION, where, *texts, HINT))
    pointers = {day.id: (day.version, day.zone) for day in rows.days()}
    for name in sorted({*pointers, *check.current}):
        current = check.current.get(name)
        version, _ = pointers.get(name, (None, ""))
        due = current.revision.version if current else None
        if version != due:
            texts = (f"version {version} in force", f"version {due}, as the log says")
            faults.append(fault(StoreCode.POINTER, f"day {name}", *texts, HINT))
    return faults


def _told(row: VersionRow | None) -> str:
    if row is None:
        return "no such version"
    content = row.revision.model_dump_json()
    return f"{content} of event {row.sequence} by {row.author} at {row.at} ({row.reason})"


def _check_documents(rows: Rows, check: LogCheck) -> list[Fault]:
    """Unpack every document; find those that are damaged or missing."""
    faults = []
    missing = dict(check.digests)
    for row in rows.documents():
        where = missing.pop(row.digest, "no event")
        damage = find_damage(row)
        if damage is not None:
            place = f"document {row.digest} of {where}"
            texts = (damage, f"{row.size:,} bytes with this digest")
            faults.append(fault(StoreCode.DOCUMENT, place, *texts, HINT))
    for digest, where in sorted(missing.items()):
        place = f"document {digest} of {where}"
        faults.append(fault(StoreCode.DOCUMENT, place, "no document", "a document", HINT))
    return faults
