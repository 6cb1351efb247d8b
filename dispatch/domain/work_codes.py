"""Stable codes of what can be wrong with a step of a work order (docs/work-orders.md)."""

from __future__ import annotations

from enum import StrEnum


class WorkCode(StrEnum):
    """Code of a fault; a code is never given a second meaning."""

    ILLEGAL_STEP = "D9001"
    CONDITION = "D9002"
    DETAIL_MISSING = "D9003"
    DETAIL_UNUSED = "D9004"
    BEFORE_REQUEST = "D9005"
    AFTER_RECORDING = "D9006"
    REQUEST_ID_REUSED = "D9007"
    CONTRADICTS_LATER = "D9008"
    NOT_A_PHONE_STEP = "D9009"
    REF_UNKNOWN = "D9010"
    REF_TWICE = "D9011"
    PART_STATE = "D9012"
    COMPLAINT_STATE = "D9013"
    REPEAT_OF_UNFINISHED = "D9014"
    REPEAT_OF_ITSELF = "D9015"
    ORDER_EXISTS = "D9016"
    ORDER_UNKNOWN = "D9017"
