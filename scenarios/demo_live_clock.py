"""The clock of a simulated day: it stands, runs as the wall does, or many times faster."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta
from typing import Final

from scenarios.errors import UnknownInstance

RATES: Final = (0.0, 1.0, 10.0, 60.0, 300.0)
"""Seconds of the day per second of the wall; 0 = it stands."""


class SimulatedClock:
    """A clock at a moment of a simulated day; safe between threads, never goes back.

    Parameters
    ----------
    start, end
        First moment; where it stops for good.
    rate
        How fast it runs; it may stand.

    Raises
    ------
    UnknownInstance
        If the rate is none of `RATES`.
    """

    def __init__(self, start: datetime, end: datetime, rate: float = 0.0) -> None:
        self._lock = threading.Lock()
        self._base, self._end = start, end
        self._since = time.monotonic()
        self._rate = _checked(rate)

    @property
    def rate(self) -> float:
        """Seconds of the day per second."""
        return self._rate

    @property
    def rates(self) -> tuple[float, ...]:
        """What `set_rate` takes."""
        return RATES

    @property
    def is_over(self) -> bool:
        """Whether the day is over."""
        return self.now() >= self._end

    def now(self) -> datetime:
        """Return the moment."""
        with self._lock:
            return self._now()

    def _now(self) -> datetime:
        passed = self._rate * (time.monotonic() - self._since)
        return min(self._end, self._base + timedelta(seconds=passed))

    def set_rate(self, rate: float) -> None:
        """Let it run faster or slower from now on.

        Raises
        ------
        UnknownInstance
            If the rate is none of `RATES`.
        """
        wanted = _checked(rate)
        with self._lock:
            self._base, self._since = self._now(), time.monotonic()
            self._rate = wanted

    def jump(self, moment: datetime) -> None:
        """Go on to a later moment; an earlier one changes nothing."""
        with self._lock:
            self._base = min(self._end, max(self._now(), moment))
            self._since = time.monotonic()


def _checked(rate: float) -> float:
    if rate not in RATES:
        raise UnknownInstance(
            f"rate {rate:g}; expected one of {', '.join(map('{:g}'.format, RATES))}."
        )
    return rate
