"""A store as JSON lines, ``servicenet-log/1``: for backups, audits, and moving to another place.

Lines are ASCII, so that no reader finds an end of line inside one. The first is the header. Then
come events in order, each as one object with all its columns, and before the first event that
needs it, each document with its text. Days, versions and pointers are not written: the log says
them. The hash of the header is that of the last event, so whoever keeps it somewhere else can tell
whether a file was changed.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Literal, TextIO, TypeVar

from pydantic import Field, ValidationError

from dispatch.domain.base import Model
from dispatch.domain.event import Digest, EventKinds, Revision, UtcMoment
from dispatch.errors import StoreError
from dispatch.live.store.chain import GENESIS, sha256
from dispatch.live.store.check import check_rows
from dispatch.live.store.codes import StoreCode, fault
from dispatch.live.store.documents import COMPRESSION, MAX_DOCUMENT_BYTES, MAX_PAYLOAD_BYTES, unpack
from dispatch.live.store.reader import read_event
from dispatch.live.store.rows import DayRow, DocumentRow, EventRow, Head, Rows, VersionRow

M = TypeVar("M", bound=Model)
MAX_LINE = 2 * MAX_DOCUMENT_BYTES
"""Longest line that is read, in characters."""


class Header(Model):
    """First line: the end of the log that follows."""

    format: Literal["servicenet-log/1"] = "servicenet-log/1"
    events: int = Field(ge=0)
    hash: Digest


class EventLine(Model):
    """An event with the columns of `EventRow`."""

    line: Literal["event"] = "event"
    sequence: int
    at: UtcMoment
    by: str
    day: str
    zone: str
    kind: str
    payload: str = Field(max_length=MAX_PAYLOAD_BYTES)
    request_id: str
    part: int
    request_digest: str
    undoes: int | None
    previous_hash: str
    hash: str


class DocumentLine(Model):
    """A document: its JSON as text, because its digest is that of the text."""

    line: Literal["document"] = "document"
    digest: Digest
    text: str = Field(max_length=MAX_DOCUMENT_BYTES)


class _Line(Model):
    what: Annotated[EventLine | DocumentLine, Field(discriminator="line")]


def write_rows(rows: Rows, kinds: EventKinds, out: TextIO) -> Head:
    """Write everything a store keeps.

    Parameters
    ----------
    rows
        Rows of an open transaction.
    kinds
        Facts the program knows.
    out
        Takes the lines.

    Returns
    -------
    Head
        End of the log that was written.

    Raises
    ------
    StoreError
        S2013 or S3005: an event cannot be read; S3006: a document is missing or damaged.
    """
    head = rows.head()
    out.write(Header(events=head.sequence, hash=head.hash).model_dump_json() + "\n")
    written: set[str] = set()
    for row in rows.events():
        revision = _revision(row, kinds)
        digests = (revision.document, revision.plan) if revision else ()
        for digest in digests:
            if digest is not None and digest not in written:
                written.add(digest)
                line = {"line": "document", "digest": digest, "text": _text(rows, digest, row)}
                out.write(json.dumps(line) + "\n")
        columns = {"line": "event", **asdict(row), "at": row.at.isoformat(timespec="microseconds")}
        out.write(json.dumps(columns) + "\n")
    return head


def read_rows(rows: Rows, kinds: EventKinds, lines: Iterable[str]) -> Head:
    """Fill an empty store from JSON lines, in the open transaction.

    Parameters
    ----------
    rows
        Rows of an open writing transaction.
    kinds
        Facts the program knows.
    lines
        What `write_rows` wrote.

    Returns
    -------
    Head
        End of the log that was read.

    Raises
    ------
    StoreError
        S1009: the store is not empty; S3010: a line that is none of ours, or a log that does not
        end as its header says; or every fault the check of the log finds.
    """
    if rows.head() != Head(0, GENESIS):
        found = f"a store with {rows.head().sequence} events"
        raise StoreError([fault(StoreCode.NOT_EMPTY, "store", found, "an empty store")])
    header: Header | None = None
    for number, text in enumerate(lines, start=1):
        if header is None:
            header = _parse(Header, text, number)
        else:
            _add(rows, kinds, _parse_line(text, number), number)
    head = rows.head()
    due = Head(header.events, header.hash) if header else None
    if head != due:
        found = f"{head.sequence} events, the last with hash {head.hash}"
        expected = f"{due.sequence} events, the last with hash {due.hash}" if due else "a header"
        hint = "The file is cut off or was changed; take another backup."
        raise StoreError([fault(StoreCode.EXPORT, "end of the file", found, expected, hint)])
    faults = check_rows(rows, kinds)
    if faults:
        raise StoreError(faults)
    return head


def _add(rows: Rows, kinds: EventKinds, line: EventLine | DocumentLine, number: int) -> None:
    if isinstance(line, DocumentLine):
        text = line.text.encode("utf-8")
        if sha256(text) != line.digest:
            raise _refused(number, f"a text whose digest is {sha256(text)}", line.digest)
        body = zlib.compress(text, COMPRESSION)
        rows.insert_document(DocumentRow(line.digest, len(text), body))
        return
    row = EventRow(**line.model_dump(exclude={"line"}))
    if row.sequence != rows.head().sequence + 1:
        raise _refused(number, f"event {row.sequence}", f"event {rows.head().sequence + 1}")
    revision = _revision(row, kinds)
    if rows.find_day(row.day) is None:
        if revision is None:
            raise _refused(number, f"an event of day {row.day!r}", "the opening of that day before")
        rows.insert_day(DayRow(row.day, row.zone, 0))
    for digest in (revision.document, revision.plan) if revision else ():
        if digest is not None and rows.find_document(digest) is None:
            raise _refused(number, f"no document {digest} before", "every document before its use")
    rows.append(row)
    if revision is not None:
        reason = getattr(read_event(row, kinds).what, "reason", "")
        rows.insert_version(VersionRow(row.day, revision, row.sequence, row.at, row.by, reason))


def _revision(row: EventRow, kinds: EventKinds) -> Revision | None:
    revision = getattr(read_event(row, kinds).what, "revision", None)
    return revision if isinstance(revision, Revision) else None


def _text(rows: Rows, digest: str, row: EventRow) -> str:
    document = rows.find_document(digest)
    where = f"document {digest} of event {row.sequence}"
    return unpack(document, digest, where).decode("utf-8")


def _parse_line(text: str, number: int) -> EventLine | DocumentLine:
    return _parse(_Line, f'{{"what":{text}}}', number).what


def _parse(model: type[M], text: str, number: int) -> M:
    if len(text) > MAX_LINE:
        raise _refused(number, f"{len(text):,} characters", f"at most {MAX_LINE:,}")
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise _refused(
            number, f"{place or 'text'}: {first['msg']}", "a line of this format"
        ) from None


def _refused(number: int, found: str, expected: str) -> StoreError:
    return StoreError([fault(StoreCode.EXPORT, f"line {number}", found, expected)])
