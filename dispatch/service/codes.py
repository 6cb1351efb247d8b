"""Stable codes of what the desk refuses (docs/live-events.md)."""

from __future__ import annotations

from enum import StrEnum

from dispatch.errors import Conflict, Fault, InvalidRequest


class DeskCode(StrEnum):
    """Code of a fault; a code is never given a second meaning."""

    NOTHING_TO_UNDO = "D9501"
    NO_SUCH_OPTION = "D9502"
    TAKEN = "D9503"
    NOT_AHEAD = "D9504"
    BROKEN_RULE = "D9506"
    HOLD_UNKNOWN = "D9507"
    HOLD_EXPIRED = "D9508"
    ORDER_UNKNOWN = "D9509"
    NO_REMEDY = "D9510"
    NOT_A_MOMENT = "D9512"


def refuse(code: DeskCode, where: str, found: str, expected: str, hint: str = "") -> InvalidRequest:
    """Return the error of one fault."""
    return InvalidRequest([Fault(code.value, where, found, expected, hint)])


def conflict(code: DeskCode, where: str, found: str, expected: str, hint: str = "") -> Conflict:
    """Return the error of one fault that somebody else was faster to cause."""
    return Conflict([Fault(code.value, where, found, expected, hint)])
