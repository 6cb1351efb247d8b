"""The window behind the name of a promise in a plan."""

from __future__ import annotations

from datetime import datetime, timedelta

from dispatch.domain import Visit

EMERGENCY_ARRIVAL = timedelta(minutes=15)
"""CARD-E15: owed to an emergency without an appointment."""

Window = tuple[datetime, datetime]


def named_windows(visit: Visit, tolerance_min: int) -> dict[str, Window]:
    """Return every promise of a visit by the name a plan uses for it (docs/semantics.md).

    The name is the promise's id, else its position counted from 1 after sorting by earliest and
    latest; ``"arrival"`` for an emergency without promises.

    Parameters
    ----------
    visit
        The visit.
    tolerance_min
        Tolerance of an appointment that states none, minutes (the standards profile's).
    """
    if not visit.promises:
        if visit.priority.value == "emergency" and visit.received_at is not None:
            return {"arrival": (visit.received_at, visit.received_at + EMERGENCY_ARRIVAL)}
        return {}
    ordered = sorted(visit.promises, key=lambda promise: promise.window(tolerance_min))
    return {
        promise.id or str(i): promise.window(tolerance_min) for i, promise in enumerate(ordered, 1)
    }


def find_window(visit: Visit, name: str | None, tolerance_min: int) -> Window | None:
    """Return earliest and latest arrival of the promise called ``name``; None without one."""
    return named_windows(visit, tolerance_min).get(name) if name is not None else None
