"""Documents (days and plans) under the digest of their text.

A digest names one content for ever, so reading one twice may give the same frozen object, and a
version that repeats an earlier content costs a row and no document.
"""

from __future__ import annotations

import threading
import zlib
from collections import OrderedDict
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from dispatch.domain.base import Model
from dispatch.errors import StoreError
from dispatch.live.store.chain import sha256
from dispatch.live.store.codes import StoreCode, fault
from dispatch.live.store.rows import DocumentRow, Rows

M = TypeVar("M", bound=Model)

MAX_DOCUMENT_BYTES = 200_000_000
"""Largest day or plan as JSON text; that of an input file."""
MAX_PAYLOAD_BYTES = 1_000_000
"""Largest payload of one event as JSON text."""
COMPRESSION = 1
"""zlib level: a command waits for it, and level 6 saves a fifth of the bytes in thrice the time."""


def pack(model: Model, where: str) -> DocumentRow:
    """Make the row of a day or plan.

    Raises
    ------
    StoreError
        S2006: it is larger than `MAX_DOCUMENT_BYTES`; S2016: a field is of a type it cannot be.
    """
    try:
        text = model.model_dump_json(warnings="error").encode("utf-8")
    except PydanticSerializationError as error:
        # A model changed past its checks (``model_copy``, ``model_construct``) may hold anything.
        expected = f"a {type(model).__name__} with the types of its fields"
        found = str(error).replace("\n", " ")
        raise StoreError([fault(StoreCode.DOCUMENT_FORM, where, found, expected)]) from None
    check_size(len(text), MAX_DOCUMENT_BYTES, where)
    return DocumentRow(sha256(text), len(text), zlib.compress(text, COMPRESSION))


def check_size(size: int, limit: int, where: str) -> None:
    """Refuse what is larger than its limit.

    Raises
    ------
    StoreError
        ``size`` is above ``limit``.
    """
    if size > limit:
        expected = f"at most {limit:,} bytes"
        raise StoreError([fault(StoreCode.TOO_LARGE, where, f"{size:,} bytes", expected)])


def find_damage(row: DocumentRow) -> str | None:
    """Say what is wrong with a kept document; None if it is what its digest says."""
    try:
        text = _unpack(row)
    except zlib.error as error:
        return f"a body that cannot be unpacked ({error})"
    if len(text) != row.size:
        return f"{len(text):,} bytes or more"
    found = sha256(text)
    return None if found == row.digest else f"a text whose digest is {found}"


def _unpack(row: DocumentRow) -> bytes:
    """Unpack at most one byte more than the size on record: a bomb stays small."""
    if not 0 <= row.size <= MAX_DOCUMENT_BYTES:
        raise zlib.error(f"a size of {row.size} bytes is on record")
    return zlib.decompressobj().decompress(row.body, row.size + 1)


class Shelf:
    """The documents read or written last, by digest; safe between threads.

    Parameters
    ----------
    places
        How many are kept.
    """

    def __init__(self, places: int = 16) -> None:
        self._places = places
        self._kept: OrderedDict[str, Model] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, digest: str, model: Model) -> None:
        """Keep a document; the one not asked for longest makes room."""
        with self._lock:
            self._kept[digest] = model
            self._kept.move_to_end(digest)
            while len(self._kept) > self._places:
                self._kept.popitem(last=False)

    def get(self, rows: Rows, digest: str, model: type[M], where: str) -> M:
        """Return the document of a digest.

        Raises
        ------
        StoreError
            It is missing or damaged.
        """
        with self._lock:
            found = self._kept.get(digest)
        if not isinstance(found, model):
            found = _read(rows, digest, model, where)
            self.keep(digest, found)
        return found


def _read(rows: Rows, digest: str, model: type[M], where: str) -> M:
    text = unpack(rows.find_document(digest), digest, where)
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        found = f"a document of another form ({error.error_count()} faults)"
        raise _damaged(where, found, digest) from None


def unpack(row: DocumentRow | None, digest: str, where: str) -> bytes:
    """Return the text of a document.

    Raises
    ------
    StoreError
        S3006: it is missing or damaged.
    """
    damage = "no document" if row is None else find_damage(row)
    if row is None or damage is not None:
        raise _damaged(where, str(damage), digest)
    return _unpack(row)


def _damaged(where: str, found: str, digest: str) -> StoreError:
    hint = "Restore the store from a backup; `servicenet store check` names every damage."
    return StoreError([fault(StoreCode.DOCUMENT, where, found, f"the document {digest}", hint)])
