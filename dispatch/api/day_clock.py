"""The clock of the days: the wall's, or that of a simulated day which may stand or run faster.

Keys, sessions, leases and audits always go by the wall (`Service.now`); what happens on a day goes
by this clock (`Service.day_now`).
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Protocol

CLOCK_PATH = "/clock"
"""Where the rate of a clock that is not the wall's is set."""


class DayClock(Protocol):
    """A clock that is not the wall's; safe between threads."""

    @property
    def rate(self) -> float:
        """Seconds of the day per second; 0 = it stands."""

    @property
    def rates(self) -> tuple[float, ...]:
        """Rates a dispatcher may choose."""

    def now(self) -> datetime:
        """Return the moment of the day, UTC; it never goes back."""


def clock_line(moment: datetime, clock: DayClock | None) -> str:
    """Return what streams say about the clock: moment, rate, rates to choose from and where.

    Parameters
    ----------
    moment
        Now, by the clock.
    clock
        None = the wall's.
    """
    told: dict[str, object] = {"now": moment.isoformat(), "rate": 1.0}
    if clock is not None:
        told |= {"rate": clock.rate, "rates": clock.rates, "set": CLOCK_PATH}
    return f"event: clock\ndata: {json.dumps(told)}\n\n"
