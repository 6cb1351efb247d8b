"""Clocks of many work orders by clause: how many were met, which were not."""

from __future__ import annotations

from collections.abc import Iterable

from dispatch.domain.base import Id, Model
from dispatch.standards.clause import Clause
from dispatch.standards.clocks import Clock, ClockStatus
from dispatch.standards.profile import Profile

_RESPONSE = frozenset({"arranged", "answered"})


class ClockShare(Model):
    """What the clocks of one clause show.

    Attributes
    ----------
    name, clause
        Which clocks.
    running, met, missed, withdrawn
        How many; clocks that are not for a request, or not started, are not counted.
    share
        Met, percent of met and missed; None while none has ended.
    missing
        Ids of the work orders that missed one, sorted.
    excused
        How many of those missed the network's own calendar would not count.
    """

    name: str
    clause: Clause
    running: int = 0
    met: int = 0
    missed: int = 0
    withdrawn: int = 0
    share: float | None = None
    missing: tuple[Id, ...] = ()
    excused: int = 0


def summarize_clocks(clocks: Iterable[Clock], profile: Profile) -> tuple[ClockShare, ...]:
    """Return the clocks of a day by clause, in the order they first appear.

    Parameters
    ----------
    clocks
        Of all work orders of the day, at one moment.
    profile
        The one they were made with.
    """
    groups: dict[tuple[str, str], list[Clock]] = {}
    for clock in clocks:
        groups.setdefault((clock.name, clock.key), []).append(clock)
    return tuple(_share(name, profile.clause(key), of) for (name, key), of in groups.items())


def responses_in_time(clocks: Iterable[Clock], profile: Profile) -> ClockShare:
    """Return the response-in-time rate (T259-9-a): answers and arrangements, not arrivals."""
    answers = [clock for clock in clocks if clock.name in _RESPONSE]
    return _share("response_rate", profile.clause("response_rate"), answers)


def _share(name: str, clause: Clause, clocks: list[Clock]) -> ClockShare:
    by = {status: [c for c in clocks if c.status is status] for status in ClockStatus}
    met, missed = by[ClockStatus.MET], by[ClockStatus.MISSED]
    ended = len(met) + len(missed)
    return ClockShare(
        name=name,
        clause=clause,
        running=len(by[ClockStatus.RUNNING]),
        met=len(met),
        missed=len(missed),
        withdrawn=sum(c.why == "withdrawn" for c in by[ClockStatus.NOT_APPLICABLE]),
        share=100 * len(met) / ended if ended else None,
        missing=tuple(sorted({c.order for c in missed})),
        excused=sum(c.excused for c in missed),
    )
