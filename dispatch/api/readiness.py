"""Days somebody looks at, made ready for emergencies beside the requests.

The first question after an event would otherwise wait until the day is a routing problem again.
Nothing here is asked for answers: a question finds the day ready, or makes it ready itself, from
the same view of the same event; so a day that is behind costs time, never truth.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from dispatch.api.metrics import Metrics
from dispatch.errors import StoreError

QUIET_S = 0.1
"""Events that come together are waited for so long,"""
LONGEST_S = 2.0
"""but no longer than this after the first of them."""
WATCHED_S = 900.0
"""How long after the last look a day is kept ready."""
TICK_S = 1.0
_LOG = logging.getLogger("servicenet.readiness")


@dataclass(slots=True)
class _Watched:
    """A day somebody looked at; moments of the monotonic clock."""

    looked: float
    minute: datetime | None = None
    first: float | None = None
    last: float = 0.0


class Readiness(threading.Thread):
    """One thread that keeps days ready.

    Parameters
    ----------
    prepare
        Makes a day ready (`dispatch.service.desk.Desk.prepare`).
    now
        The clock of the days: a view is of a whole minute.
    metrics
        Counts outcomes and seconds.
    """

    def __init__(
        self, prepare: Callable[[str], None], now: Callable[[], datetime], metrics: Metrics
    ) -> None:
        super().__init__(name="servicenet-readiness", daemon=True)
        self._prepare, self._now, self._metrics = prepare, now, metrics
        self._days: dict[str, _Watched] = {}
        self._changed = threading.Condition()
        self._ended = False

    def look(self, day: str) -> None:
        """Note that somebody looks at a day: it is kept ready for a while."""
        moment = time.monotonic()
        with self._changed:
            known = self._days.get(day)
            if known is None:
                self._days[day] = _Watched(moment, first=moment, last=moment)
                self._changed.notify()
            else:
                known.looked = moment

    def touch(self, days: Iterable[str]) -> None:
        """Note that something happened on days; those nobody looks at stay as they are."""
        moment = time.monotonic()
        with self._changed:
            for day in days:
                known = self._days.get(day)
                if known is not None:
                    known.first = moment if known.first is None else known.first
                    known.last = moment
            self._changed.notify()

    def stop(self) -> None:
        """End after the day at hand."""
        with self._changed:
            self._ended = True
            self._changed.notify()

    def run(self) -> None:
        """Make days ready until stopped."""
        while True:
            with self._changed:
                if self._ended:
                    return
                day = self.next_due(time.monotonic())
                if day is None:
                    self._changed.wait(self._pause(time.monotonic()))
                    continue
            self.make_ready(day)

    def next_due(self, moment: float) -> str | None:
        """Return a day that is to be made ready now, and take it off the list; None = none."""
        minute = self._now().replace(second=0, microsecond=0)
        for day, known in list(self._days.items()):
            if moment - known.looked > WATCHED_S:
                del self._days[day]
                continue
            waits = known.first is not None and not self._is_over(known, moment)
            if waits or (known.first is None and known.minute == minute):
                continue
            known.first, known.minute = None, minute
            return day
        return None

    def make_ready(self, day: str) -> None:
        """Make a day ready; one that cannot be is left alone until somebody looks again."""
        begin = time.perf_counter()
        try:
            self._prepare(day)
        except StoreError as error:
            # A day without a plan: whoever asks is told the same.
            codes = [fault.code for fault in error.faults]
            _LOG.warning("not ready", extra={"fields": {"codes": codes}})
            self._failed(day)
        except Exception:  # noqa: BLE001 - one day must not end the others; logged and counted
            _LOG.exception("not ready")
            self._failed(day)
        else:
            self._metrics.ready.labels("done").inc()
            self._metrics.ready_seconds.observe(time.perf_counter() - begin)

    def _failed(self, day: str) -> None:
        self._metrics.ready.labels("failed").inc()
        with self._changed:
            self._days.pop(day, None)

    @staticmethod
    def _is_over(known: _Watched, moment: float) -> bool:
        begun = moment if known.first is None else known.first
        return moment - known.last >= QUIET_S or moment - begun >= LONGEST_S

    def _pause(self, moment: float) -> float:
        waiting = [one for one in self._days.values() if one.first is not None]
        return min((one.last + QUIET_S - moment for one in waiting), default=TICK_S)
