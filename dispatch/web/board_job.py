"""A visit as the board shows it: what it needs and what was promised, never who the customer is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from dispatch.adapters.promised import named_windows
from dispatch.domain import Visit
from dispatch.standards import Profile
from dispatch.web.board_model import BoardJob, Hold, Span

Second = Callable[[datetime], int]


def board_job(
    visit: Visit, profile: Profile, second: Second, *, promise: str | None = None
) -> BoardJob:
    """Return a visit as the board shows it.

    Parameters
    ----------
    profile
        The day's standards: tolerance of appointments, what an emergency is owed.
    second
        Turns moments into the board's seconds.
    promise
        Name of the one the plan keeps; None or an unknown one takes the first.
    """
    windows = _windows(visit, profile, second)
    received = visit.received_at if visit.priority.value == "emergency" else None
    return BoardJob(
        visit=visit.id,
        at=(round(visit.place.lon, 5), round(visit.place.lat, 5)),
        window=chosen_window(visit, profile, second, promise),
        windows=tuple(windows.values()) if len(windows) > 1 else (),
        priority=visit.priority.value,
        vip=visit.customer_class == "vip",
        optional=not visit.mandatory,
        skills=tuple((need.skill, need.level) for need in visit.skills),
        lasts_s=visit.service_s,
        crew=visit.crew_size,
        hold=hold_of(visit),
        district=visit.district or "",
        zone=visit.zone or "",
        parts=tuple((need.part, need.quantity) for need in visit.parts),
        only=visit.required,
        never=visit.excluded,
        received=None if received is None else second(received),
    )


def hold_of(visit: Visit) -> Hold:
    """Return what of a visit is locked."""
    if visit.pin is None:
        return ""
    if visit.pin.technician is not None:
        return "technician" if visit.pin.arrival is None else "both"
    return "" if visit.pin.arrival is None else "time"


def chosen_window(
    visit: Visit, profile: Profile, second: Second, promise: str | None
) -> Span | None:
    """Return the window a visit is held against: of the named promise, else the first one."""
    windows = _windows(visit, profile, second)
    if promise in windows:
        return windows[promise]
    return next(iter(windows.values()), None)


def _windows(visit: Visit, profile: Profile, second: Second) -> dict[str, Span]:
    named = named_windows(visit, profile)
    return {name: (second(opens), second(closes)) for name, (opens, closes) in named.items()}
