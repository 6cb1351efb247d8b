"""Which way to serve a visit is offered first (docs/desk.md).

By price, with which the whole house decides. Only promises weigh more than their price: a way that
breaks one is not offered before a way that breaks fewer and is there as soon, to the minute.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from dispatch.domain import Priority, Visit
from dispatch.service.options import Option

O_ = TypeVar("O_", bound=Option)
_MINUTE_S = 60


def broken_by(option: Option, about: str) -> tuple[str, ...]:
    """Return the visits whose promise is kept as things stand and not with an option.

    Parameters
    ----------
    about
        The visit the option is about; it is not one of them.
    """
    late = (
        eta.visit
        for eta in option.etas
        if eta.visit != about and eta.lateness_s > 0 and eta.lateness_before_s == 0
    )
    return tuple(dict.fromkeys((*late, *option.dropped)))


def breaks(option: Option, visit: Visit) -> int:
    """Return how many promises an option breaks; that of the visit too, if no emergency."""
    own = visit.priority is not Priority.EMERGENCY and option.lateness_s > 0
    return len(broken_by(option, visit.id)) + own


def reached_by(option: Option, visit: Visit) -> datetime | None:
    """Return until when an emergency is reached as soon as by an option: in time, or as late.

    None = whenever: the visit is no emergency, or nobody knows when the option has somebody there.
    """
    own = next((eta for eta in option.etas if eta.visit == visit.id), None)
    if own is None or visit.priority is not Priority.EMERGENCY:
        return None
    if own.latest is None:
        return own.arrival
    return own.latest + timedelta(minutes=_late_min(option, visit))


def ranked(options: Iterable[O_], visit: Visit) -> list[O_]:
    """Return options best first.

    The least price first, but none that breaks a promise before one that breaks fewer and reaches
    an emergency in time, or in the same minute or sooner.
    """
    left = sorted(options, key=lambda one: one.price.total)
    found: list[O_] = []
    while left:
        best = left[0]
        late, broken = _late_min(best, visit), breaks(best, visit)
        calmer = [o for o in left if breaks(o, visit) < broken and _late_min(o, visit) <= late]
        if calmer:
            best = min(calmer, key=lambda one: (breaks(one, visit), one.price.total))
        left.remove(best)
        found.append(best)
    return found


def _late_min(option: Option, visit: Visit) -> float:
    """Return minutes an emergency is reached late; nobody knows it of a contracted outlet."""
    if visit.priority is not Priority.EMERGENCY:
        return 0
    if option.technician is None:
        return math.inf
    return -(-option.lateness_s // _MINUTE_S)
