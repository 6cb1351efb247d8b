"""Short searches beside the requests: one thread, in order."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

_LOG = logging.getLogger("servicenet.replan")


class Searches:
    """Runs what it is given, one after the other."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, "servicenet-replan")
        self._lock = threading.Lock()
        self.running = 0

    def begin(self, work: Callable[[], None]) -> None:
        """Run ``work`` when it is its turn."""
        with self._lock:
            self.running += 1
        self._pool.submit(work).add_done_callback(self._over)

    def _over(self, done: Future[None]) -> None:
        with self._lock:
            self.running -= 1
        error = done.exception()
        if error is not None:
            _LOG.error("re-plan", exc_info=error)

    def close(self) -> None:
        """Wait for what runs; what waits is forgotten."""
        self._pool.shutdown(wait=True, cancel_futures=True)
