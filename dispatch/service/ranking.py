"""Which way to serve a visit is offered first (docs/desk.md).

The clock of an emergency comes first, then promises that are kept as things stand, then the price:
no way is offered before one that is there in the same minute and breaks fewer promises.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from dispatch.domain import Priority, Visit
from dispatch.service.options import Option

Any_ = TypeVar("Any_", bound=Option)
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


def ranked(options: Iterable[Any_], visit: Visit) -> list[Any_]:
    """Return options best first.

    In this order count: minutes an emergency is reached late, promises that are broken (that of a
    visit that is no emergency too), the price. Nobody knows when a contracted outlet will be
    there: it comes last, but first where it is cheaper than all technicians.
    """
    every = sorted(options, key=lambda one: one.price.total)
    cheapest = next((one for one in every if one.technician is not None), None)

    def key(one: Option) -> tuple[int, int, int, int]:
        if one.technician is None:
            first = cheapest is None or one.price.total < cheapest.price.total
            return (-1 if first else 1), 0, 0, one.price.total
        late, broken = -(-one.lateness_s // _MINUTE_S), len(broken_by(one, visit.id))
        if visit.priority is not Priority.EMERGENCY:
            late, broken = 0, broken + (late > 0)
        return 0, late, broken, one.price.total

    return sorted(every, key=key)
