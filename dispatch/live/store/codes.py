"""Codes of everything that can be wrong with a store; ``docs/store.md`` explains each.

S1xxx the database, S2xxx commands, S3xxx the log. A code is never given a second meaning.
"""

from __future__ import annotations

from enum import StrEnum

from dispatch.errors import Fault


class StoreCode(StrEnum):
    """Stable code of a fault of the store."""

    EXTRA_MISSING = "S1001"
    URL_FORM = "S1002"
    UNREACHABLE = "S1003"
    FOREIGN = "S1004"
    SCHEMA_NEWER = "S1005"
    SCHEMA_OLDER = "S1006"
    SCHEMA_NONE = "S1007"
    NOT_DURABLE = "S1008"
    NOT_EMPTY = "S1009"

    DAY_UNKNOWN = "S2001"
    DAY_EXISTS = "S2002"
    CONFLICT = "S2003"
    VERSION_UNKNOWN = "S2004"
    NO_PLAN = "S2005"
    TOO_LARGE = "S2006"
    REQUEST_REUSED = "S2007"
    BUSY = "S2008"
    EVENT_UNKNOWN = "S2009"
    UNDONE_ALREADY = "S2010"
    BUILT_UPON = "S2011"
    NOT_UNDOABLE = "S2012"
    KIND_UNKNOWN = "S2013"
    OTHER_DAY = "S2014"
    DAY_ID_FORM = "S2015"
    DOCUMENT_FORM = "S2016"
    OVER = "S2017"

    SEQUENCE = "S3001"
    HASH = "S3002"
    CHAIN = "S3003"
    HEAD = "S3004"
    PAYLOAD = "S3005"
    DOCUMENT = "S3006"
    REVISION = "S3007"
    POINTER = "S3008"
    UNDO = "S3009"
    EXPORT = "S3010"


def fault(code: StoreCode, where: str, found: str, expected: str, hint: str = "") -> Fault:
    """Make a fault of the store."""
    return Fault(code.value, where, found, expected, hint)
