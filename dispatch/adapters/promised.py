"""The window behind the name of a promise in a plan."""

from __future__ import annotations

from datetime import datetime, timedelta

from dispatch.domain import Visit
from dispatch.standards import Profile

Window = tuple[datetime, datetime]


def named_windows(visit: Visit, profile: Profile) -> dict[str, Window]:
    """Return every promise of a visit by the name a plan uses for it (docs/semantics.md).

    The name is the promise's id, else its position counted from 1 after sorting by earliest and
    latest; ``"arrival"`` for an emergency without promises.

    Parameters
    ----------
    visit
        The visit.
    profile
        The day's standards: tolerance of an appointment that states none, and how soon an
        emergency without promises is owed an arrival.
    """
    if not visit.promises:
        if visit.priority.value == "emergency" and visit.received_at is not None:
            owed = timedelta(seconds=profile.emergency_arrival_s)
            return {"arrival": (visit.received_at, visit.received_at + owed)}
        return {}
    tolerance = profile.tolerance_min
    ordered = sorted(visit.promises, key=lambda p: (p.window(tolerance), p.id or ""))
    return {promise.id or str(i): promise.window(tolerance) for i, promise in enumerate(ordered, 1)}


def find_window(visit: Visit, name: str | None, profile: Profile) -> Window | None:
    """Return earliest and latest arrival of the promise called ``name``; None without one."""
    return named_windows(visit, profile).get(name) if name is not None else None
