"""The hash chain: every event carries the hash of the one before it.

The hash is SHA-256 over a JSON list of all columns of the row, the hash before it among them, so a
row changed, removed, added or moved is found by whoever has the last hash. It proves nothing
against somebody who may rewrite the whole log; for that, keep the last hash somewhere else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace

from dispatch.live.store.rows import EventRow

GENESIS = "0" * 64
"""Hash before the first event."""


def sha256(data: bytes) -> str:
    """Return the SHA-256 of ``data``, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def canonical(payload: Mapping[str, object]) -> str:
    """Return JSON text that depends on the values alone: sorted keys, no blanks."""
    return json.dumps(
        payload, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )


def hash_of(row: EventRow) -> str:
    """Return the hash a row should have."""
    columns = [
        row.sequence,
        row.at.isoformat(timespec="microseconds"),
        row.by,
        row.day,
        row.zone,
        row.kind,
        row.payload,
        row.request_id,
        row.part,
        row.request_digest,
        row.undoes,
        row.previous_hash,
    ]
    # ASCII only, and any value has a text: what a damaged row holds can be hashed, and so be named.
    text = json.dumps(columns, ensure_ascii=True, separators=(",", ":"), default=repr)
    return sha256(text.encode("ascii"))


def sealed(row: EventRow) -> EventRow:
    """Return the row with its hash."""
    return replace(row, hash=hash_of(row))
