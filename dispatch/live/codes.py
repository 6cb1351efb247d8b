"""Stable codes of what can be wrong with an event of a live day (docs/live-events.md)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from dispatch.domain.checks.report import show
from dispatch.errors import Fault


class LiveCode(StrEnum):
    """Code of a fault; a code is never given a second meaning."""

    OTHER_DAY = "D9101"
    UNKNOWN_VISIT = "D9102"
    UNKNOWN_TECHNICIAN = "D9103"
    UNKNOWN_OUTLET = "D9104"
    VISIT_EXISTS = "D9105"
    VISIT_BEGUN = "D9106"
    VISIT_OVER = "D9107"
    NOT_ON_ROUTE = "D9108"
    NOT_UNDER_WAY = "D9109"
    OUT_OF_ORDER = "D9110"
    AHEAD_OF_CLOCK = "D9111"
    AWAY = "D9112"
    NOT_AWAY = "D9113"
    NOT_CONTRACTED = "D9114"
    PLACE_UNKNOWN = "D9115"
    PLAN_OF_OTHER_DAY = "D9116"
    PART_NOT_NEEDED = "D9117"
    BUSY = "D9118"
    UNDER_WAY_MOVED = "D9119"
    DOUBLE_BOOKED = "D9120"
    CHANGE_UNKNOWN = "D9121"
    NOT_ACCEPTABLE = "D9122"


def live_fault(code: LiveCode, where: str, found: str, expected: str, hint: str = "") -> Fault:
    """Return a fault of the live day."""
    return Fault(code.value, where, found, expected, hint)


def unknown(code: LiveCode, where: str, name: str, known: Iterable[str]) -> Fault:
    """Return the fault of an id nobody knows."""
    ids = sorted(known)
    some = ", ".join(ids[:10]) + (f" and {len(ids) - 10} more" if len(ids) > 10 else "")
    return live_fault(code, where, show(name), f"one of {some}" if ids else "none: there are none")
